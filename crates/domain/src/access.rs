//! Who may see and do what inside an organization.
//!
//! Access to a document is decided by the department where it lies now, and by who was asked about it. An administrator's flag
//! widens nothing.

use potok_types::access::{Access, Administrator, Documents, Right};
use potok_types::{Attested, DepartmentId, EntityId, OrgId, UserId};

use crate::MessageState;
use crate::directory::{Organization, Permissions};

mod parts;
mod scope;

pub use parts::{actions_of_patch, actions_of_post};
pub use scope::{Addressee, Reach, Scope, scope, scope_of};

/// What a person may be allowed to do, one for each permission flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Create and edit documents, drafts and templates.
    CreateDocuments,
    /// Sign, and refuse to sign.
    SignDocuments,
    /// Delete and restore.
    DeleteRestoreDocuments,
    /// Approve.
    AddResolutions,
    /// Pass on for approval or signing.
    RequestResolutions,
    /// See and manage the list of counteragents.
    ManageCounteragents,
    /// Attach universal messages.
    AttachUniversalMessages,
    /// Sign with the Goskey of a natural person.
    UseGoskey,
    /// Change the organization itself.
    Administrate,
}

/// Why something is not allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The call needs all documents of the organization.
    #[error(
        "{}: ask its administrator for the document access level AllDocuments",
        Attested::NotAllDepartments.words(&[.organization])
    )]
    AllDepartments {
        /// Which organization.
        organization: OrgId,
    },
    /// The document lies where the person does not see it.
    #[error("{} {document}: он лежит в недоступном вам подразделении", Attested::DocumentDenied.words(&[]))]
    Document {
        /// Which document.
        document: EntityId,
    },
    /// The department is not one that the person sees.
    #[error("{path}: access to department {department} is denied; name a department whose documents you see")]
    Department {
        /// Where it stands in the request.
        path: String,
        /// Which department.
        department: DepartmentId,
    },
    /// A permission is missing.
    #[error("permission {} is needed: ask the administrator of the organization for it", .action.name())]
    Permission {
        /// To do what.
        action: Action,
    },
    /// Only whom the request names may refuse it.
    #[error("the resolution request {request} is addressed to {target}, and only the addressee may deny it")]
    NotAddressee {
        /// Which request.
        request: EntityId,
        /// Who was asked, by name.
        target: String,
    },
    /// Only who made it, or an administrator, may take it back.
    #[error("{entity} was made by another employee; only its author or an administrator may cancel it")]
    NotAuthor {
        /// What should be taken back.
        entity: EntityId,
    },
    /// The organization exchanges no encrypted documents.
    #[error(
        "the organization {organization} exchanges no encrypted documents: the operator of the server allows it by `potok \
         admin box allow-encryption`"
    )]
    Encryption {
        /// Which organization.
        organization: OrgId,
    },
    /// The person is shut out of the organization.
    #[error("the employee is blocked in this organization: ask its administrator")]
    Blocked,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::CreateDocuments,
        Self::SignDocuments,
        Self::DeleteRestoreDocuments,
        Self::AddResolutions,
        Self::RequestResolutions,
        Self::ManageCounteragents,
        Self::AttachUniversalMessages,
        Self::UseGoskey,
        Self::Administrate,
    ];

    /// Its name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateDocuments => "CreateDocuments",
            Self::SignDocuments => "SignDocuments",
            Self::DeleteRestoreDocuments => "DeleteRestoreDocuments",
            Self::AddResolutions => "AddResolutions",
            Self::RequestResolutions => "RequestResolutions",
            Self::ManageCounteragents => "ManageCounteragents",
            Self::AttachUniversalMessages => "AttachUniversalMessages",
            Self::UseGoskey => "UseGoskey",
            Self::Administrate => "IsAdministrator",
        }
    }
}

/// Insists on the permission to do `action`.
///
/// # Errors
/// [`Denied::Blocked`] or [`Denied::Permission`].
pub fn may(permissions: &Permissions, action: Action) -> Result<(), Denied> {
    if permissions.is_blocked {
        return Err(Denied::Blocked);
    }
    let is_allowed = match action {
        Action::CreateDocuments => permissions.can_create_documents,
        Action::SignDocuments => permissions.can_sign_documents,
        Action::DeleteRestoreDocuments => permissions.can_delete_restore_documents,
        Action::AddResolutions => permissions.can_add_resolutions,
        Action::RequestResolutions => permissions.can_request_resolutions,
        Action::ManageCounteragents => permissions.can_manage_counteragents,
        Action::AttachUniversalMessages => permissions.can_attach_universal_messages,
        Action::UseGoskey => permissions.can_use_goskey,
        Action::Administrate => permissions.is_administrator,
    };
    if is_allowed { Ok(()) } else { Err(Denied::Permission { action }) }
}

/// What a call says of itself, as far as the policy has to know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// It is about nobody but the caller.
    pub is_about_self: bool,
    /// What its parts need besides what its class says, see [`actions_of_post`] and [`actions_of_patch`]; empty as long
    /// as only the class is known.
    pub parts: &'a [Action],
}

/// The permissions that a call of class `class` needs, one after the other.
fn needed<'a>(class: &Access, asked: &Asked<'a>) -> impl Iterator<Item = Action> + 'a {
    let needs_administrator = match class.administrator {
        Administrator::NotNeeded => false,
        Administrator::Needed => true,
        Administrator::NeededForOthers => !asked.is_about_self,
    };
    let by_right = match class.right {
        Some(Right::Create) => Some(Action::CreateDocuments),
        Some(Right::Sign) => Some(Action::SignDocuments),
        Some(Right::DeleteRestore) => Some(Action::DeleteRestoreDocuments),
        Some(Right::UniversalMessage) => Some(Action::AttachUniversalMessages),
        // Its parts say which.
        Some(Right::ByPatch) | None => None,
    };
    let actions = [
        needs_administrator.then_some(Action::Administrate),
        class.counteragents.then_some(Action::ManageCounteragents),
        by_right,
    ];
    actions.into_iter().flatten().chain(asked.parts.iter().copied())
}

/// The names of the permissions that [`check`] insists on for calls about others.
pub fn names_of_needed(class: &Access, parts: &[Action]) -> Vec<&'static str> {
    needed(class, &Asked { parts, ..Asked::default() }).map(Action::name).collect()
}

/// The policy: insists on what a method of class `class` asks of every employee who calls it, and on what the parts of the
/// call need. It is asked by permits, and nobody else looks at permissions.
///
/// Which documents a call reaches ([`Documents::Named`], [`Documents::Department`]) is seen where they are found, see
/// [`check_documents`].
///
/// # Errors
/// [`Denied::Blocked`], [`Denied::Permission`], [`Denied::Encryption`], [`Denied::AllDepartments`].
pub fn check(
    class: &Access,
    permissions: &Permissions,
    organization: &Organization,
    asked: &Asked<'_>,
) -> Result<(), Denied> {
    for action in needed(class, asked) {
        may(permissions, action)?;
    }
    if class.encrypted && !organization.encrypts {
        return Err(Denied::Encryption { organization: organization.org_id });
    }
    match class.documents {
        Documents::All if scope::sees_all(permissions) => Ok(()),
        Documents::All => Err(Denied::AllDepartments { organization: organization.org_id }),
        Documents::Untouched | Documents::Department | Documents::Named | Documents::Filtered => Ok(()),
    }
}

/// Insists on whoever made `entity`, or an administrator: who else did something may not take it back.
///
/// # Errors
/// [`Denied::NotAuthor`].
pub fn check_author(
    entity: EntityId,
    author: Option<UserId>,
    person: UserId,
    permissions: &Permissions,
) -> Result<(), Denied> {
    let may = author == Some(person) || permissions.is_administrator;
    if may { Ok(()) } else { Err(Denied::NotAuthor { entity }) }
}

/// Insists on access to each of `documents`, as it lies in this box at `state`. Ids that are no documents of the message give
/// nothing to see and are passed over.
///
/// # Errors
/// [`Denied::Document`] naming the first document out of reach.
pub fn check_documents(
    scope: &Scope,
    state: &MessageState,
    documents: impl IntoIterator<Item = EntityId>,
) -> Result<(), Denied> {
    if scope.sees_all() {
        return Ok(());
    }
    documents
        .into_iter()
        .filter_map(|id| state.document(id))
        .find(|(found, _)| !scope.sees_document(state, found.entity.id))
        .map_or(Ok(()), |(found, _)| Err(Denied::Document { document: found.entity.id }))
}
