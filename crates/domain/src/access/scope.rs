//! Which documents somebody sees: those of departments, and those about which somebody was asked.

use std::collections::BTreeSet;

use potok_types::{DepartmentId, EntityId, OrgId, UserId};

use super::Denied;
use crate::directory::{AccessLevel, Employee, Organization, Permissions};
use crate::{AddresseeId, MessageState, MessageType};

/// Which documents of an organization a person sees, or which are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    #[default]
    All,
    /// Some of them.
    Departments {
        /// Those that lie in one of these departments; none when there are none.
        departments: BTreeSet<DepartmentId>,
        /// And those about which this one was asked, wherever they lie.
        addressee: Option<Addressee>,
    },
}

/// What is seen of documents that have in common where they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// None of them.
    Nothing,
    /// Those about which the addressee of the scope was asked.
    Asked,
    /// All of them.
    All,
}

/// To whom requests for approval or a signature may be addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The person.
    pub person: UserId,
    /// The person's own department: anybody there may answer what is asked of it.
    pub department: DepartmentId,
}

/// Which documents of `organization` the person with `permissions` sees. A blocked employee sees none.
pub fn scope(person: UserId, permissions: &Permissions, organization: &Organization) -> Scope {
    if permissions.is_blocked {
        return Scope::of_departments([]);
    }
    let departments = match permissions.access {
        AccessLevel::AllDocuments => return Scope::All,
        AccessLevel::DepartmentOnly => BTreeSet::from([permissions.department]),
        AccessLevel::DepartmentAndSubdepartments => organization.subtree(permissions.department),
        AccessLevel::SelectedDepartments => permissions.selected_departments.iter().copied().collect(),
    };
    let addressee = Some(Addressee { person, department: permissions.department });
    Scope::Departments { departments, addressee }
}

/// Whether [`scope`] is [`Scope::All`].
pub(super) fn sees_all(permissions: &Permissions) -> bool {
    !permissions.is_blocked && permissions.access == AccessLevel::AllDocuments
}

/// Which documents of `organization` its `employee` sees.
pub fn scope_of(employee: &Employee, organization: &Organization) -> Scope {
    scope(employee.user_id, &employee.permissions, organization)
}

impl Scope {
    /// What lies in these departments, whoever was asked about what.
    pub fn of_departments(departments: impl IntoIterator<Item = DepartmentId>) -> Self {
        Self::Departments { departments: departments.into_iter().collect(), addressee: None }
    }

    /// What lies in these departments, which are seen; and what is seen because of being asked, where one of them is the
    /// addressee's own.
    #[must_use]
    pub fn narrowed_to(&self, departments: impl IntoIterator<Item = DepartmentId>) -> Self {
        let departments: BTreeSet<DepartmentId> = departments.into_iter().collect();
        let addressee = self.addressee().filter(|addressee| departments.contains(&addressee.department));
        Self::Departments { departments, addressee }
    }

    /// Every document, also those without a department.
    pub const fn sees_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// What lies in `department`.
    pub fn sees_department(&self, department: DepartmentId) -> bool {
        match self {
            Self::All => true,
            Self::Departments { departments, .. } => departments.contains(&department),
        }
    }

    /// Documents of messages of this kind that lie in `department`.
    pub fn sees(&self, message_type: MessageType, department: DepartmentId) -> bool {
        self.sees_all() || message_type.lies_in_departments() && self.sees_department(department)
    }

    /// What is seen of the documents of messages of this kind that lie in `department`.
    pub fn reach(&self, message_type: MessageType, department: DepartmentId) -> Reach {
        match self {
            _ if self.sees(message_type, department) => Reach::All,
            Self::All | Self::Departments { addressee: None, .. } => Reach::Nothing,
            Self::Departments { addressee: Some(_), .. } => Reach::Asked,
        }
    }

    /// Who may have been asked, for it to be seen wherever it lies.
    pub const fn addressee(&self) -> Option<Addressee> {
        match self {
            Self::All => None,
            Self::Departments { addressee, .. } => *addressee,
        }
    }

    /// One of `asked` is whose scope this is.
    pub fn is_among<'a>(&self, asked: impl IntoIterator<Item = &'a AddresseeId>) -> bool {
        self.addressee().is_some_and(|addressee| asked.into_iter().any(|id| addressee.ids().contains(id)))
    }

    /// The document `document` of `state`, where it lies now or because somebody asked about it.
    pub fn sees_document(&self, state: &MessageState, document: EntityId) -> bool {
        let Some(lies) = state.document_state(document) else { return self.sees_all() };
        self.sees(state.message_type, lies.department) || self.was_asked(state, document)
    }

    /// A request about `document`, or about something under it, is addressed to whose scope this is, and was not taken back.
    /// One that has its answer counts: who approved sees what.
    pub fn was_asked(&self, state: &MessageState, document: EntityId) -> bool {
        self.addressee().is_some() && state.asked().get(&document).is_some_and(|asked| self.is_among(asked))
    }

    /// Insists on every document of `organization`.
    ///
    /// # Errors
    /// [`Denied::AllDepartments`] when only some are seen.
    pub fn require_all(&self, organization: OrgId) -> Result<(), Denied> {
        if self.sees_all() { Ok(()) } else { Err(Denied::AllDepartments { organization }) }
    }
}

impl Addressee {
    /// As requests name whom they ask: the person, and the department in which it works.
    pub const fn ids(self) -> [AddresseeId; 2] {
        [AddresseeId::User(self.person), AddresseeId::Department(self.department)]
    }
}
