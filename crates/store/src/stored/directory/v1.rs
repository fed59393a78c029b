//! The first version. Only additions with new numbers are allowed here.

use minicbor::{Decode, Encode};

use crate::stored::v1::{Id, RequestTarget};
use crate::stored::{Nothing, Stored};

first_versions!(StoredDirectoryEvent, Address);

/// Structs of which each field has a number.
macro_rules! numbered {
    ($($name:ident { $($number:literal $field:ident: $kind:ty,)* })*) => {$(
        #[derive(Encode, Decode)]
        pub(super) struct $name {
            $(#[n($number)] pub(super) $field: $kind,)*
        }
    )*};
}

numbered! {
    StoredDirectoryEvent {
        0 id: Id,
        1 at: i64,
        2 author: Option<Id>,
        3 kind: u8,
        4 change: Change,
    }

    Organization {
        0 org_id: Id,
        1 box_id: Id,
        2 inn: String,
        3 kpp: Option<String>,
        4 full_name: String,
        5 short_name: String,
        6 ogrn: Option<String>,
        7 fns_participant_id: String,
        8 counteragents_only: bool,
        9 is_test: bool,
        10 is_suspended: bool,
        11 ifns_code: Option<String>,
        12 address: Option<Address>,
        13 foreign_code: Option<String>,
        // Younger than the others: what is older has none.
        14 is_roaming: Option<bool>,
        15 encrypts: Option<bool>,
        16 liquidated_on: Option<String>,
        17 block_requested_at: Option<i64>,
        18 is_blocked: Option<bool>,
    }

    Department {
        0 id: Id,
        1 parent: Id,
        2 name: String,
        3 abbreviation: String,
        4 kpp: Option<String>,
        5 address: Option<Address>,
        6 routed_by_kpp: bool,
        7 routed_by_address: bool,
        8 created_at: i64,
    }

    User {
        0 id: Id,
        1 login: String,
        2 last_name: String,
        3 first_name: String,
        4 middle_name: Option<String>,
        5 is_service: bool,
        6 is_blocked: bool,
        7 is_registered: bool,
    }

    Employee {
        0 user_id: Id,
        1 box_id: Id,
        2 position: String,
        3 permissions: Permissions,
        4 can_be_invited_for_chat: bool,
        5 unsubscribed: u32,
        6 created_at: i64,
    }

    Permissions {
        0 department: Id,
        1 is_administrator: bool,
        2 access: i32,
        3 selected_departments: Vec<Id>,
        4 can_create_documents: bool,
        5 can_sign_documents: bool,
        6 can_delete_restore_documents: bool,
        7 can_add_resolutions: bool,
        8 can_request_resolutions: bool,
        9 can_manage_counteragents: bool,
        10 can_attach_universal_messages: bool,
        11 can_use_goskey: bool,
        12 can_create_payment_orders: bool,
        13 is_blocked: bool,
        14 block_comment: Option<String>,
    }

    Route {
        0 id: Id,
        1 name: String,
        2 stages: Vec<RequestTarget>,
    }

    AccessRequest {
        0 user: Id,
        1 request: u8,
    }

    Power {
        0 user: Id,
        1 number: Id,
        2 issuer_inn: String,
        3 representative_inn: Option<String>,
        4 is_default: bool,
        5 attached_at: i64,
    }

    Address {
        0 place: Option<AddressPlace>,
        1 code: Option<String>,
    }

    RussianAddress {
        0 zip_code: Option<String>,
        1 region: String,
        2 territory: Option<String>,
        3 city: Option<String>,
        4 locality: Option<String>,
        5 street: Option<String>,
        6 building: Option<String>,
        7 block: Option<String>,
        8 apartment: Option<String>,
        9 other_information: Option<String>,
    }

    ForeignAddress {
        0 country: String,
        1 address: String,
    }

    GarAddress {
        0 fias_id: String,
        1 zip_code: Option<String>,
        2 region_code: String,
        3 municipal_district: Option<GarElement>,
        4 urban_settlement: Option<GarElement>,
        5 city: Option<GarElement>,
        6 planning_structure: Option<GarElement>,
        7 street: Option<GarElement>,
        8 stead: Option<String>,
        9 house: Option<GarHouse>,
        10 room_within_building: Option<GarElement>,
        11 room_within_apartment: Option<GarElement>,
        12 division: i32,
        13 district: Option<GarElement>,
        14 settlement: Option<GarElement>,
    }

    GarElement {
        0 abbreviation: String,
        1 name: String,
    }

    GarHouse {
        0 house: GarElement,
        1 number_1: Option<String>,
        2 abbreviation_1: Option<String>,
        3 number_2: Option<String>,
        4 abbreviation_2: Option<String>,
    }
}

#[derive(Encode, Decode)]
pub(super) enum Change {
    #[n(0)]
    Organization(#[n(0)] Box<Organization>),
    #[n(1)]
    Department(#[n(0)] Box<Department>),
    #[n(2)]
    NoDepartment(#[n(0)] Id),
    #[n(3)]
    Employee(#[n(0)] Box<Employee>),
    #[n(4)]
    NoEmployee(#[n(0)] Id),
    #[n(5)]
    Route(#[n(0)] Route),
    #[n(6)]
    NoRoute(#[n(0)] Id),
    #[n(7)]
    User(#[n(0)] User),
    #[n(8)]
    AccessRequest(#[n(0)] AccessRequest),
    #[n(9)]
    Power(#[n(0)] Box<Power>),
    #[n(10)]
    NoPower(#[n(0)] Id, #[n(1)] Id),
}

#[derive(Encode, Decode)]
pub(super) enum AddressPlace {
    #[n(0)]
    Russian(#[n(0)] RussianAddress),
    #[n(1)]
    Foreign(#[n(0)] ForeignAddress),
    #[n(2)]
    Gar(#[n(0)] Box<GarAddress>),
}
