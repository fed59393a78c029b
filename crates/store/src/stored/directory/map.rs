//! The domain's directory and its stored form, both ways. Structs are taken apart field by field, so that a new one of the
//! domain does not compile before it has its place here.

use potok_domain::directory as domain;
use potok_domain::powers::PowerName;
use potok_types::{BoxId, DepartmentId, OrgId, PowerId, RouteId, Ticks, UserId};

use super::v1;
use crate::stored::StoredFormError;
use crate::stored::v1::{Id, RequestTarget};

/// The same in the other form.
pub(super) trait Mirror<T> {
    fn mirror(self) -> T;
}

impl<A: Mirror<B>, B> Mirror<Option<B>> for Option<A> {
    fn mirror(self) -> Option<B> {
        self.map(A::mirror)
    }
}

impl<A: Mirror<B>, B> Mirror<Vec<B>> for Vec<A> {
    fn mirror(self) -> Vec<B> {
        self.into_iter().map(A::mirror).collect()
    }
}

macro_rules! as_it_is {
    ($($kind:ty),*) => {$(
        impl Mirror<$kind> for $kind {
            fn mirror(self) -> $kind {
                self
            }
        }
    )*};
}

as_it_is!(String, bool);

macro_rules! converted {
    ($($a:ty, $b:ty;)*) => {$(
        impl Mirror<$b> for $a {
            fn mirror(self) -> $b {
                self.into()
            }
        }

        impl Mirror<$a> for $b {
            fn mirror(self) -> $a {
                self.into()
            }
        }
    )*};
}

converted! {
    BoxId, Id;
    OrgId, Id;
    DepartmentId, Id;
    RouteId, Id;
    UserId, Id;
    PowerId, Id;
    potok_domain::RequestTarget, RequestTarget;
}

impl Mirror<i64> for Ticks {
    fn mirror(self) -> i64 {
        self.get()
    }
}

impl Mirror<Ticks> for i64 {
    fn mirror(self) -> Ticks {
        Ticks::new(self)
    }
}

/// Structs that have the same fields on both sides.
macro_rules! same_fields {
    ($($domain:ident, $stored:ident { $($field:ident),* })*) => {$(
        impl Mirror<v1::$stored> for domain::$domain {
            fn mirror(self) -> v1::$stored {
                let Self { $($field),* } = self;
                v1::$stored { $($field: $field.mirror()),* }
            }
        }

        impl Mirror<domain::$domain> for v1::$stored {
            fn mirror(self) -> domain::$domain {
                let Self { $($field),* } = self;
                domain::$domain { $($field: $field.mirror()),* }
            }
        }
    )*};
}

same_fields! {
    User, User { id, login, last_name, first_name, middle_name, is_service, is_blocked, is_registered }
    ResolutionRoute, Route { id, name, stages }
    Address, Address { place, code }
    RussianAddress, RussianAddress {
        zip_code, region, territory, city, locality, street, building, block, apartment, other_information
    }
    ForeignAddress, ForeignAddress { country, address }
    GarElement, GarElement { abbreviation, name }
    GarAddress, GarAddress {
        fias_id, zip_code, region_code, municipal_district, urban_settlement, city, planning_structure, street, stead,
        house, room_within_building, room_within_apartment, division, district, settlement
    }
}

impl Mirror<i32> for domain::GarDivision {
    fn mirror(self) -> i32 {
        self as i32
    }
}

impl Mirror<domain::GarDivision> for i32 {
    fn mirror(self) -> domain::GarDivision {
        domain::GarDivision::from_number(self)
    }
}

impl Mirror<v1::GarHouse> for domain::GarHouse {
    fn mirror(self) -> v1::GarHouse {
        let [(number_1, abbreviation_1), (number_2, abbreviation_2)] = self.further;
        v1::GarHouse { house: self.house.mirror(), number_1, abbreviation_1, number_2, abbreviation_2 }
    }
}

impl Mirror<domain::GarHouse> for v1::GarHouse {
    fn mirror(self) -> domain::GarHouse {
        let Self { house, number_1, abbreviation_1, number_2, abbreviation_2 } = self;
        let further = [(number_1, abbreviation_1), (number_2, abbreviation_2)];
        domain::GarHouse { house: house.mirror(), further }
    }
}

impl Mirror<v1::AddressPlace> for domain::AddressPlace {
    fn mirror(self) -> v1::AddressPlace {
        match self {
            Self::Russian(it) => v1::AddressPlace::Russian((*it).mirror()),
            Self::Foreign(it) => v1::AddressPlace::Foreign(it.mirror()),
            Self::Gar(it) => v1::AddressPlace::Gar(Box::new((*it).mirror())),
        }
    }
}

impl Mirror<domain::AddressPlace> for v1::AddressPlace {
    fn mirror(self) -> domain::AddressPlace {
        match self {
            Self::Russian(it) => domain::AddressPlace::Russian(Box::new(it.mirror())),
            Self::Foreign(it) => domain::AddressPlace::Foreign(it.mirror()),
            Self::Gar(it) => domain::AddressPlace::Gar(Box::new((*it).mirror())),
        }
    }
}

impl Mirror<v1::Organization> for domain::Organization {
    fn mirror(self) -> v1::Organization {
        let Self {
            org_id,
            box_id,
            inn,
            kpp,
            full_name,
            short_name,
            ogrn,
            ifns_code,
            address,
            foreign_code,
            fns_participant_id,
            counteragents_only,
            encrypts,
            is_test,
            is_suspended,
            is_roaming,
            restrictions: domain::Restrictions { liquidated_on, block_requested_at, is_blocked },
            // Each has events of its own.
            departments: _,
        } = self;
        v1::Organization {
            org_id: org_id.mirror(),
            box_id: box_id.mirror(),
            inn,
            kpp,
            full_name,
            short_name,
            ogrn,
            ifns_code,
            address: address.mirror(),
            foreign_code,
            fns_participant_id,
            counteragents_only,
            encrypts: encrypts.then_some(true),
            is_test,
            is_suspended,
            is_roaming: is_roaming.then_some(true),
            liquidated_on,
            block_requested_at: block_requested_at.map(Ticks::get),
            is_blocked: is_blocked.then_some(true),
        }
    }
}

impl Mirror<domain::Organization> for v1::Organization {
    fn mirror(self) -> domain::Organization {
        domain::Organization {
            org_id: self.org_id.mirror(),
            box_id: self.box_id.mirror(),
            inn: self.inn,
            kpp: self.kpp,
            full_name: self.full_name,
            short_name: self.short_name,
            ogrn: self.ogrn,
            ifns_code: self.ifns_code,
            address: self.address.mirror(),
            foreign_code: self.foreign_code,
            fns_participant_id: self.fns_participant_id,
            counteragents_only: self.counteragents_only,
            encrypts: self.encrypts.unwrap_or(false),
            is_test: self.is_test,
            is_suspended: self.is_suspended,
            is_roaming: self.is_roaming.unwrap_or_default(),
            restrictions: domain::Restrictions {
                liquidated_on: self.liquidated_on,
                block_requested_at: self.block_requested_at.map(Ticks::new),
                is_blocked: self.is_blocked.unwrap_or_default(),
            },
            departments: Vec::new(),
        }
    }
}

impl Mirror<v1::Department> for domain::Department {
    fn mirror(self) -> v1::Department {
        let Self { id, parent, name, abbreviation, kpp, address, routing, created_at } = self;
        let domain::Routing { by_kpp, by_address } = routing;
        v1::Department {
            id: id.mirror(),
            parent: parent.mirror(),
            name,
            abbreviation,
            kpp,
            address: address.mirror(),
            routed_by_kpp: by_kpp,
            routed_by_address: by_address,
            created_at: created_at.mirror(),
        }
    }
}

impl Mirror<domain::Department> for v1::Department {
    fn mirror(self) -> domain::Department {
        domain::Department {
            id: self.id.mirror(),
            parent: self.parent.mirror(),
            name: self.name,
            abbreviation: self.abbreviation,
            kpp: self.kpp,
            address: self.address.mirror(),
            routing: domain::Routing { by_kpp: self.routed_by_kpp, by_address: self.routed_by_address },
            created_at: self.created_at.mirror(),
        }
    }
}

impl Mirror<v1::Employee> for domain::Employee {
    fn mirror(self) -> v1::Employee {
        let Self {
            user_id,
            box_id,
            position,
            permissions,
            can_be_invited_for_chat,
            unsubscribed,
            created_at,
        } = self;
        v1::Employee {
            user_id: user_id.mirror(),
            box_id: box_id.mirror(),
            position,
            permissions: permissions.mirror(),
            can_be_invited_for_chat,
            unsubscribed: unsubscribed.bits(),
            created_at: created_at.mirror(),
        }
    }
}

fn employee(it: v1::Employee) -> Result<domain::Employee, StoredFormError> {
    Ok(domain::Employee {
        user_id: it.user_id.mirror(),
        box_id: it.box_id.mirror(),
        position: it.position,
        permissions: permissions(it.permissions)?,
        can_be_invited_for_chat: it.can_be_invited_for_chat,
        unsubscribed: domain::Unsubscribed::from_bits(it.unsubscribed),
        created_at: it.created_at.mirror(),
    })
}

impl Mirror<v1::Permissions> for domain::Permissions {
    fn mirror(self) -> v1::Permissions {
        let Self {
            department,
            is_administrator,
            access,
            selected_departments,
            can_create_documents,
            can_sign_documents,
            can_delete_restore_documents,
            can_add_resolutions,
            can_request_resolutions,
            can_manage_counteragents,
            can_attach_universal_messages,
            can_use_goskey,
            can_create_payment_orders,
            is_blocked,
            block_comment,
        } = self;
        v1::Permissions {
            department: department.mirror(),
            is_administrator,
            access: access as i32,
            selected_departments: selected_departments.mirror(),
            can_create_documents,
            can_sign_documents,
            can_delete_restore_documents,
            can_add_resolutions,
            can_request_resolutions,
            can_manage_counteragents,
            can_attach_universal_messages,
            can_use_goskey,
            can_create_payment_orders,
            is_blocked,
            block_comment,
        }
    }
}

fn permissions(it: v1::Permissions) -> Result<domain::Permissions, StoredFormError> {
    let access = domain::AccessLevel::from_number(it.access);
    Ok(domain::Permissions {
        department: it.department.mirror(),
        is_administrator: it.is_administrator,
        access: access
            .ok_or_else(|| StoredFormError::UnknownKind { what: format!("level {}", it.access) })?,
        selected_departments: it.selected_departments.mirror(),
        can_create_documents: it.can_create_documents,
        can_sign_documents: it.can_sign_documents,
        can_delete_restore_documents: it.can_delete_restore_documents,
        can_add_resolutions: it.can_add_resolutions,
        can_request_resolutions: it.can_request_resolutions,
        can_manage_counteragents: it.can_manage_counteragents,
        can_attach_universal_messages: it.can_attach_universal_messages,
        can_use_goskey: it.can_use_goskey,
        can_create_payment_orders: it.can_create_payment_orders,
        is_blocked: it.is_blocked,
        block_comment: it.block_comment,
    })
}

impl Mirror<v1::Power> for domain::EmployeePower {
    fn mirror(self) -> v1::Power {
        let Self { user, name, is_default, attached_at } = self;
        let PowerName { number, issuer_inn, representative_inn } = name;
        v1::Power {
            user: user.mirror(),
            number: number.mirror(),
            issuer_inn,
            representative_inn,
            is_default,
            attached_at: attached_at.mirror(),
        }
    }
}

impl Mirror<domain::EmployeePower> for v1::Power {
    fn mirror(self) -> domain::EmployeePower {
        let Self { user, number, issuer_inn, representative_inn, is_default, attached_at } = self;
        let name = PowerName { number: number.mirror(), issuer_inn, representative_inn };
        domain::EmployeePower { user: user.mirror(), name, is_default, attached_at: attached_at.mirror() }
    }
}

impl Mirror<v1::StoredDirectoryEvent> for domain::DirectoryEvent {
    fn mirror(self) -> v1::StoredDirectoryEvent {
        let Self { id, at, author, kind, change } = self;
        let change = match change {
            domain::DirectoryChange::Organization(it) => v1::Change::Organization(Box::new((*it).mirror())),
            domain::DirectoryChange::Department(it) => v1::Change::Department(Box::new((*it).mirror())),
            domain::DirectoryChange::NoDepartment(id) => v1::Change::NoDepartment(id.mirror()),
            domain::DirectoryChange::Employee(it) => v1::Change::Employee(Box::new((*it).mirror())),
            domain::DirectoryChange::NoEmployee(id) => v1::Change::NoEmployee(id.mirror()),
            domain::DirectoryChange::Route(it) => v1::Change::Route(it.mirror()),
            domain::DirectoryChange::NoRoute(id) => v1::Change::NoRoute(id.mirror()),
            domain::DirectoryChange::User(it) => v1::Change::User(it.mirror()),
            domain::DirectoryChange::AccessRequest { user, request } => {
                v1::Change::AccessRequest(v1::AccessRequest { user: user.mirror(), request: request as u8 })
            }
            domain::DirectoryChange::Power(it) => v1::Change::Power(Box::new((*it).mirror())),
            domain::DirectoryChange::NoPower(user, number) => {
                v1::Change::NoPower(user.mirror(), number.mirror())
            }
        };
        v1::StoredDirectoryEvent {
            id: id.into(),
            at: at.mirror(),
            author: author.mirror(),
            kind: kind as u8,
            change,
        }
    }
}

/// The event that was stored.
pub(super) fn event(it: v1::StoredDirectoryEvent) -> Result<domain::DirectoryEvent, StoredFormError> {
    let v1::StoredDirectoryEvent { id, at, author, kind, change } = it;
    let kind = domain::DirectoryEventKind::from_number(kind)
        .ok_or_else(|| StoredFormError::UnknownKind { what: format!("directory event {kind}") })?;
    let change = match change {
        v1::Change::Organization(it) => domain::DirectoryChange::Organization(Box::new((*it).mirror())),
        v1::Change::Department(it) => domain::DirectoryChange::Department(Box::new((*it).mirror())),
        v1::Change::NoDepartment(id) => domain::DirectoryChange::NoDepartment(id.mirror()),
        v1::Change::Employee(it) => domain::DirectoryChange::Employee(Box::new(employee(*it)?)),
        v1::Change::NoEmployee(id) => domain::DirectoryChange::NoEmployee(id.mirror()),
        v1::Change::Route(it) => domain::DirectoryChange::Route(it.mirror()),
        v1::Change::NoRoute(id) => domain::DirectoryChange::NoRoute(id.mirror()),
        v1::Change::User(it) => domain::DirectoryChange::User(it.mirror()),
        v1::Change::AccessRequest(it) => domain::DirectoryChange::AccessRequest {
            user: it.user.mirror(),
            request: match it.request {
                1 => domain::AccessRequest::Pending,
                2 => domain::AccessRequest::Declined,
                other => {
                    return Err(StoredFormError::UnknownKind { what: format!("access request {other}") });
                }
            },
        },
        v1::Change::Power(it) => domain::DirectoryChange::Power(Box::new((*it).mirror())),
        v1::Change::NoPower(user, number) => domain::DirectoryChange::NoPower(user.mirror(), number.mirror()),
    };
    Ok(domain::DirectoryEvent { id: id.into(), at: at.mirror(), author: author.mirror(), kind, change })
}
