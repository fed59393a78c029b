//! People in an organization: who comes, what changes, who goes.

use potok_types::{DepartmentId, Invalid};

use super::{AccessLevel, DirectoryConflict, Employee, Organization, Permissions};

/// What a permission flag allows, by its name in lists of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub enum EmployeeAction {
    CreateDocuments,
    DeleteRestoreDocuments,
    SignDocuments,
    AddResolutions,
    RequestResolutions,
    ManageCounteragents,
    AttachUniversalMessages,
    UseGoskey,
    CreatePaymentOrders,
}

impl EmployeeAction {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::CreateDocuments,
        Self::DeleteRestoreDocuments,
        Self::SignDocuments,
        Self::AddResolutions,
        Self::RequestResolutions,
        Self::ManageCounteragents,
        Self::AttachUniversalMessages,
        Self::UseGoskey,
        Self::CreatePaymentOrders,
    ];

    /// Its name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateDocuments => "CreateDocuments",
            Self::DeleteRestoreDocuments => "DeleteRestoreDocuments",
            Self::SignDocuments => "SignDocuments",
            Self::AddResolutions => "AddResolutions",
            Self::RequestResolutions => "RequestResolutions",
            Self::ManageCounteragents => "ManageCounteragents",
            Self::AttachUniversalMessages => "AttachUniversalMessages",
            Self::UseGoskey => "UseGoskey",
            Self::CreatePaymentOrders => "CreatePaymentOrders",
        }
    }

    /// The action with this name, in any case.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// The flag that allows it.
    pub const fn flag(self, permissions: &mut Permissions) -> &mut bool {
        match self {
            Self::CreateDocuments => &mut permissions.can_create_documents,
            Self::DeleteRestoreDocuments => &mut permissions.can_delete_restore_documents,
            Self::SignDocuments => &mut permissions.can_sign_documents,
            Self::AddResolutions => &mut permissions.can_add_resolutions,
            Self::RequestResolutions => &mut permissions.can_request_resolutions,
            Self::ManageCounteragents => &mut permissions.can_manage_counteragents,
            Self::AttachUniversalMessages => &mut permissions.can_attach_universal_messages,
            Self::UseGoskey => &mut permissions.can_use_goskey,
            Self::CreatePaymentOrders => &mut permissions.can_create_payment_orders,
        }
    }

    /// Whether `permissions` allow it.
    pub fn is_allowed(self, permissions: &Permissions) -> bool {
        *self.flag(&mut permissions.clone())
    }
}

/// Somebody to employ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEmployee {
    /// By what the person is known.
    pub credentials: NewCredentials,
    /// Position.
    pub position: String,
    /// What the person may do.
    pub permissions: Permissions,
    /// Others may invite the person to a chat.
    pub can_be_invited_for_chat: bool,
}

/// By what somebody is known who is to be employed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewCredentials {
    /// By login; with the name, family name first, of whom nobody knows yet.
    Login {
        /// The login.
        login: String,
        /// Family name, given name, patronymic.
        name: Option<(String, String, Option<String>)>,
    },
    /// By a certificate.
    Certificate {
        /// The certificate as DER.
        content: Vec<u8>,
        /// Why somebody of another organization is employed.
        access_basis: Option<String>,
        /// Where to write to.
        email: Option<String>,
    },
}

/// Changes of an employee; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmployeePatch {
    /// The own department.
    pub department: Option<DepartmentId>,
    /// May change the organization.
    pub is_administrator: Option<bool>,
    /// Which documents are seen.
    pub access: Option<AccessLevel>,
    /// For [`AccessLevel::SelectedDepartments`].
    pub selected_departments: Option<Vec<DepartmentId>>,
    /// What becomes allowed or forbidden, in this order.
    pub actions: Vec<(EmployeeAction, bool)>,
    /// Shut out or let in again, and why.
    pub block: Option<(bool, Option<String>)>,
    /// Position.
    pub position: Option<String>,
    /// Others may invite the person to a chat.
    pub can_be_invited_for_chat: Option<bool>,
}

impl EmployeePatch {
    /// The employee afterwards.
    pub fn apply(&self, before: &Employee) -> Employee {
        let mut after = before.clone();
        let may = &mut after.permissions;
        may.department = self.department.unwrap_or(may.department);
        may.is_administrator = self.is_administrator.unwrap_or(may.is_administrator);
        may.access = self.access.unwrap_or(may.access);
        if let Some(selected) = &self.selected_departments {
            may.selected_departments.clone_from(selected);
        }
        for (action, is_allowed) in &self.actions {
            *action.flag(may) = *is_allowed;
        }
        if let Some((is_blocked, comment)) = &self.block {
            may.is_blocked = *is_blocked;
            may.block_comment.clone_from(comment);
        }
        if let Some(position) = &self.position {
            after.position.clone_from(position);
        }
        after.can_be_invited_for_chat = self.can_be_invited_for_chat.unwrap_or(after.can_be_invited_for_chat);
        after
    }
}

impl Employee {
    /// Really administers: not shut out.
    pub const fn administers(&self) -> bool {
        self.permissions.is_administrator && !self.permissions.is_blocked
    }
}

/// Insists on departments that `organization` has. `paths` tell where the own one and the selected ones stand in the request.
///
/// # Errors
/// [`Invalid`] names the field and the department.
pub fn check_departments(
    permissions: &Permissions,
    organization: &Organization,
    paths: (&str, &str),
) -> Result<(), Invalid> {
    let unknown = |path: String, id: DepartmentId| {
        let reason =
            format!("the organization has no department {id}: take the id from admin/GetDepartments");
        Err(Invalid::new(path, reason))
    };
    let (own, selected) = paths;
    if !organization.has_department(permissions.department) {
        return unknown(own.to_owned(), permissions.department);
    }
    let mut ids = permissions.selected_departments.iter().enumerate();
    match ids.find(|(_, id)| !organization.has_department(**id)) {
        Some((index, id)) => unknown(format!("{selected}[{index}]"), *id),
        None => Ok(()),
    }
}

/// Insists on an administrator who is left when `before` becomes `after` (`None`: is no employee any more).
///
/// # Errors
/// [`DirectoryConflict::LastAdministrator`].
pub fn check_administrators(
    before: &Employee,
    after: Option<&Employee>,
    has_others: bool,
) -> Result<(), DirectoryConflict> {
    let stays = after.is_some_and(Employee::administers);
    match before.administers() && !stays && !has_others {
        true => Err(DirectoryConflict::LastAdministrator { user: before.user_id }),
        false => Ok(()),
    }
}
