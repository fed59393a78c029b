//! Who takes part: organizations, people, and what each may do.

use std::collections::BTreeSet;

use potok_types::{BoxId, DepartmentId, OrgId, RouteId, Ticks, UserId};

use crate::RequestTarget;

mod address;
mod address_text;
mod attach;
mod certificate;
mod conflict;
mod employee_power;
mod event;
mod outside;
mod registration;
mod requisites;
mod restrictions;
mod signer;
mod staff;
mod subscription;
mod tree;
mod user_patch;

pub use address::{
    Address, AddressPlace, ForeignAddress, GarAddress, GarDivision, GarElement, GarHouse, RussianAddress,
};
pub use address_text::{AddressLevel, AddressPart, AddressText};
pub use attach::{attach, make_default};
pub use certificate::HeldCertificate;
pub use conflict::{DepartmentInUse, DirectoryConflict};
pub use employee_power::{AttachRefusal, EmployeePower};
pub use event::{DirectoryChange, DirectoryEvent, DirectoryEventKind, DirectoryWish, USERS_BOX};
pub use outside::{
    OPERATOR_CHARS, OWN_OPERATOR, OperatorFeature, Participant, ParticipantQuery, ParticipantsFound,
    RoamingOperator, check_outside_id, operator_of,
};
pub use registration::{AccessRequest, Registration, RegistrationStatus};
pub use requisites::OrganizationPatch;
pub use restrictions::{MaySendNothing, Restrictions};
pub use signer::{ExtendedSigner, SignerDetails};
pub use staff::{
    EmployeeAction, EmployeePatch, NewCredentials, NewEmployee, check_administrators, check_departments,
};
pub use subscription::{Subscription, Unsubscribed};
pub use tree::{DepartmentPatch, DepartmentRefusal, NewDepartment, is_kpp};
pub use user_patch::{PersonName, UserPatch};

/// An organization and its only box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub org_id: OrgId,
    /// Its box.
    pub box_id: BoxId,
    /// 10 digits, or 12 for an individual.
    pub inn: String,
    /// 9 digits; `None` for individuals.
    pub kpp: Option<String>,
    /// Full name.
    pub full_name: String,
    /// Short name; also the title of the box.
    pub short_name: String,
    /// State registration number.
    pub ogrn: Option<String>,
    /// Code of the tax office where it is registered, 4 digits.
    pub ifns_code: Option<String>,
    /// Where it is.
    pub address: Option<Address>,
    /// Its taxpayer code in its own country; only foreign organizations have one.
    pub foreign_code: Option<String>,
    /// Participant id of the electronic exchange.
    pub fns_participant_id: String,
    /// Receives from its counteragents only.
    pub counteragents_only: bool,
    /// Exchanges encrypted documents, so it is told by which certificates its counteragents can read them.
    pub encrypts: bool,
    /// Without legal force.
    pub is_test: bool,
    /// An administrator suspended the box: 402.
    pub is_suspended: bool,
    /// It is with another operator: nobody works in its box here, and nothing can be delivered there.
    pub is_roaming: bool,
    /// What keeps it from sending.
    pub restrictions: Restrictions,
    /// Departments besides the head, in the order in which they were made.
    pub departments: Vec<Department>,
}

impl Organization {
    /// About how many bytes of memory an ordinary one takes, without its departments.
    pub const ORDINARY_BYTES: u64 = 1024;

    /// About how many bytes of memory it takes.
    pub fn weight_bytes(&self) -> u64 {
        Self::ORDINARY_BYTES + self.departments.len() as u64 * Department::WEIGHT_BYTES
    }
}

/// A folder of an organization's tree. The head (zero id) is implied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: DepartmentId,
    /// Its parent; zero under the head.
    pub parent: DepartmentId,
    /// Its name.
    pub name: String,
    /// Short name.
    pub abbreviation: String,
    /// Its own tax registration code.
    pub kpp: Option<String>,
    /// Where it is.
    pub address: Option<Address>,
    /// Which incoming documents come to lie in it by themselves.
    pub routing: Routing,
    /// Since when.
    pub created_at: Ticks,
}

impl Department {
    /// About how many bytes of memory one takes with its texts.
    pub const WEIGHT_BYTES: u64 = size_of::<Self>() as u64 + 200;
}

/// Which incoming documents come to lie in a department when nobody says where to: those that name its code or its address
/// as the recipient's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Routing {
    /// Those with its tax registration code.
    pub by_kpp: bool,
    /// Those with its address. Kept and shown; what documents say of themselves has no address by which to find it.
    pub by_address: bool,
}

/// An ordered list of people and departments that a document passes for approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolutionRoute {
    /// Its id.
    pub id: RouteId,
    /// Its name.
    pub name: String,
    /// Who is asked, one after the other; at least one.
    pub stages: Vec<RequestTarget>,
}

/// A person or a service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// E-mail or another unique name.
    pub login: String,
    /// Family name.
    pub last_name: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic.
    pub middle_name: Option<String>,
    /// A robot, bound to an API client.
    pub is_service: bool,
    /// Shut out by the operator: no login and no token opens anything, in any organization.
    pub is_blocked: bool,
    /// The account is the person's by now: who was only invited by login has none yet.
    pub is_registered: bool,
}

/// A person in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The user.
    pub user_id: UserId,
    /// The box of the organization that employs the user.
    pub box_id: BoxId,
    /// Position.
    pub position: String,
    /// What this person may do there.
    pub permissions: Permissions,
    /// Others may invite the person to a chat.
    pub can_be_invited_for_chat: bool,
    /// Notifications that the person does not want.
    pub unsubscribed: Unsubscribed,
    /// Since when.
    pub created_at: Ticks,
}

/// What a person may do in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// The person's own department.
    pub department: DepartmentId,
    /// May change the organization.
    pub is_administrator: bool,
    /// Which documents the person sees.
    pub access: AccessLevel,
    /// For [`AccessLevel::SelectedDepartments`].
    pub selected_departments: Vec<DepartmentId>,
    /// May create and edit documents.
    pub can_create_documents: bool,
    /// May sign and refuse to sign.
    pub can_sign_documents: bool,
    /// May delete and restore.
    pub can_delete_restore_documents: bool,
    /// May approve.
    pub can_add_resolutions: bool,
    /// May pass on for approval.
    pub can_request_resolutions: bool,
    /// May manage counteragents.
    pub can_manage_counteragents: bool,
    /// May attach universal messages.
    pub can_attach_universal_messages: bool,
    /// May sign with a natural person's Goskey.
    pub can_use_goskey: bool,
    /// May make payment orders; kept for programs, nothing here asks for it.
    pub can_create_payment_orders: bool,
    /// Shut out of the organization.
    pub is_blocked: bool,
    /// Why, in the words of who did it.
    pub block_comment: Option<String>,
}

/// Which documents a person sees; numbers of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum AccessLevel {
    /// Those in the own department.
    DepartmentOnly = 0,
    /// Those, and those in all departments below.
    DepartmentAndSubdepartments = 1,
    /// Every document of the box.
    AllDocuments = 2,
    /// Those in the listed departments.
    SelectedDepartments = 3,
}

impl AccessLevel {
    /// The level of `number`; `None` is no access.
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            0 => Some(Self::DepartmentOnly),
            1 => Some(Self::DepartmentAndSubdepartments),
            2 => Some(Self::AllDocuments),
            3 => Some(Self::SelectedDepartments),
            _ => None,
        }
    }
}

impl User {
    /// Somebody of whom nothing is known but the login, with an account of the own.
    pub fn new(id: UserId, login: impl Into<String>) -> Self {
        Self {
            id,
            login: login.into(),
            last_name: String::new(),
            first_name: String::new(),
            middle_name: None,
            is_service: false,
            is_blocked: false,
            is_registered: true,
        }
    }

    /// Family name, given name and patronymic, as far as they are known; else the login.
    pub fn full_name(&self) -> String {
        let parts = [Some(&self.last_name), Some(&self.first_name), self.middle_name.as_ref()];
        let name: Vec<&str> =
            parts.into_iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        if name.is_empty() { self.login.clone() } else { name.join(" ") }
    }
}

impl Employee {
    /// An employee since `created_at`, who wants every notification.
    pub fn new(user_id: UserId, box_id: BoxId, permissions: Permissions, created_at: Ticks) -> Self {
        Self {
            user_id,
            box_id,
            position: String::new(),
            permissions,
            can_be_invited_for_chat: false,
            unsubscribed: Unsubscribed::default(),
            created_at,
        }
    }
}

impl Department {
    /// A department since `created_at`, to which nothing comes by itself.
    pub fn new(id: DepartmentId, parent: DepartmentId, name: impl Into<String>, created_at: Ticks) -> Self {
        let name = name.into();
        Self {
            id,
            parent,
            abbreviation: name.clone(),
            name,
            kpp: None,
            address: None,
            routing: Routing::default(),
            created_at,
        }
    }
}

impl Organization {
    /// The head, or one of its departments.
    pub fn has_department(&self, id: DepartmentId) -> bool {
        id == DepartmentId::ZERO || self.departments.iter().any(|department| department.id == id)
    }

    /// One of its departments; the head is none of them.
    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.iter().find(|department| department.id == id)
    }

    /// The name of a department; the head has that of the organization.
    pub fn department_name(&self, id: DepartmentId) -> Option<&str> {
        if id == DepartmentId::ZERO {
            return Some(&self.short_name);
        }
        self.departments.iter().find(|department| department.id == id).map(|found| found.name.as_str())
    }

    /// `root` and all departments below it.
    pub fn subtree(&self, root: DepartmentId) -> BTreeSet<DepartmentId> {
        let mut found = BTreeSet::from([root]);
        // Each round goes one level down; the tree may be listed in any order.
        loop {
            let before = found.len();
            for department in &self.departments {
                if found.contains(&department.parent) {
                    found.insert(department.id);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }
}

impl Permissions {
    /// Nothing, in the head department.
    pub const fn none() -> Self {
        Self {
            department: DepartmentId::ZERO,
            is_administrator: false,
            access: AccessLevel::DepartmentOnly,
            selected_departments: Vec::new(),
            can_create_documents: false,
            can_sign_documents: false,
            can_delete_restore_documents: false,
            can_add_resolutions: false,
            can_request_resolutions: false,
            can_manage_counteragents: false,
            can_attach_universal_messages: false,
            can_use_goskey: false,
            can_create_payment_orders: false,
            is_blocked: false,
            block_comment: None,
        }
    }

    /// Everything, in the head department.
    pub const fn full() -> Self {
        Self {
            department: DepartmentId::ZERO,
            is_administrator: true,
            access: AccessLevel::AllDocuments,
            selected_departments: Vec::new(),
            can_create_documents: true,
            can_sign_documents: true,
            can_delete_restore_documents: true,
            can_add_resolutions: true,
            can_request_resolutions: true,
            can_manage_counteragents: true,
            can_attach_universal_messages: true,
            can_use_goskey: true,
            can_create_payment_orders: true,
            is_blocked: false,
            block_comment: None,
        }
    }
}
