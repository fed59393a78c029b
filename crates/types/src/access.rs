//! Who may call a method: the classes of the API's access rules.
//!
//! [`Access`] is a class as data, which the policy checks and the parity table prints. Each class is also a type
//! ([`AccessClass`]), so that a method, the check of its callers and the use case that needs the check agree before
//! anything runs.

use std::fmt;

mod class;

pub use class::{
    AccessClass, Administers, AdministersOrSelf, AllDocuments, Anyone, BearerUser, BoxEmployee,
    BoxEmployeeIfNamed, EncryptsDocuments, FilteredDocuments, KnownClient, ManagesCounteragents,
    MayAttachUniversal, MayCreate, MayDeleteRestore, MayPatch, MaySign, NamedDocuments, Narrowed, Needs,
    NoRight, OAuthClient, OneDepartment, Owner, Partner, RoamingOperator, TaskOwner, User,
};

/// What a caller has to be before anything else is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Nobody is asked who they are.
    Anyone,
    /// An OAuth client that proves itself by id and secret, in the form or by HTTP Basic.
    OAuthClient,
    /// A known API client. A token is optional, and a wrong one is ignored.
    KnownClient,
    /// A user with a valid token.
    User,
    /// A user whose token came with the `Bearer` scheme.
    Bearer,
    /// An employee of the box (or of the organization) that the call names.
    Employee,
    /// A known API client; an employee of the box if the call names one.
    EmployeeIfNamed,
    /// The user who stored the thing that the call names.
    Owner,
    /// The user who started the task that the call names.
    TaskOwner,
    /// A user of an API client that is marked as a technology partner, in all boxes that let the user in.
    Partner,
    /// A box marked as a roaming operator.
    Operator,
}

/// How document access narrows a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Documents {
    /// The call shows and changes no documents.
    Untouched,
    /// The caller must have access to all documents of the box, else 403.
    All,
    /// All documents, or a named department that the caller may see, else 403.
    Department,
    /// Access to every document the call names, else 403.
    Named,
    /// What the caller may not see is silently left out.
    Filtered,
}

/// The action permission that a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// `CreateDocuments`.
    Create,
    /// `SignDocuments`.
    Sign,
    /// `DeleteRestoreDocuments`.
    DeleteRestore,
    /// `AttachUniversalMessages`.
    UniversalMessage,
    /// Depends on the parts of the patch: signatures and refusals need `SignDocuments`, resolutions
    /// `AddResolutions`, resolution requests `RequestResolutions`, edits `CreateDocuments`.
    ByPatch,
}

/// Whether the caller must be an administrator of the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Administrator {
    /// No.
    NotNeeded,
    /// Yes.
    Needed,
    /// Yes, unless the call is about the caller.
    NeededForOthers,
}

/// The access class of one method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Access {
    /// What the caller has to be.
    pub caller: Caller,
    /// How document access narrows the call.
    pub documents: Documents,
    /// The action permission, if one is needed.
    pub right: Option<Right>,
    /// Whether an administrator is needed.
    pub administrator: Administrator,
    /// Whether `ManageCounteragents` is needed.
    pub counteragents: bool,
    /// Whether the organization must have `EncryptedDocumentsAllowed`.
    pub encrypted: bool,
}

impl Access {
    /// Access that asks only what the caller is.
    pub const fn of(caller: Caller) -> Self {
        Self {
            caller,
            documents: Documents::Untouched,
            right: None,
            administrator: Administrator::NotNeeded,
            counteragents: false,
            encrypted: false,
        }
    }

    /// The same, narrowed by document access.
    #[must_use]
    pub const fn documents(mut self, documents: Documents) -> Self {
        self.documents = documents;
        self
    }

    /// The same, with `ManageCounteragents`.
    #[must_use]
    pub const fn counteragents(mut self) -> Self {
        self.counteragents = true;
        self
    }

    /// The same, for administrators.
    #[must_use]
    pub const fn administrator(mut self, administrator: Administrator) -> Self {
        self.administrator = administrator;
        self
    }

    /// The same, for organizations that exchange encrypted documents.
    #[must_use]
    pub const fn encrypted(mut self) -> Self {
        self.encrypted = true;
        self
    }

    /// Whether the call needs a user, that is, whether a request without a valid token is answered 401.
    pub const fn needs_user(&self) -> bool {
        !matches!(
            self.caller,
            Caller::Anyone | Caller::OAuthClient | Caller::KnownClient | Caller::EmployeeIfNamed
        )
    }
}

/// The short form of the parity table, for example `B+D+SIGN`.
impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.caller {
            Caller::Anyone => "N",
            Caller::OAuthClient => "CLIENT",
            Caller::KnownClient => "K",
            Caller::User => "U",
            Caller::Bearer => "BEARER",
            Caller::Employee => "B",
            Caller::EmployeeIfNamed => "K/B",
            Caller::Owner => "OWNER",
            Caller::TaskOwner => "TASK",
            Caller::Partner => "PARTNER",
            Caller::Operator => "OPERATOR",
        })?;
        f.write_str(match self.documents {
            Documents::Untouched => "",
            Documents::All => "+ALL",
            Documents::Department => "+DEP",
            Documents::Named => "+D",
            Documents::Filtered => "+F",
        })?;
        f.write_str(match self.right {
            None => "",
            Some(Right::Create) => "+CREATE",
            Some(Right::Sign) => "+SIGN",
            Some(Right::DeleteRestore) => "+DELRES",
            Some(Right::UniversalMessage) => "+UM",
            Some(Right::ByPatch) => "+ACT",
        })?;
        f.write_str(match self.administrator {
            Administrator::NotNeeded => "",
            Administrator::Needed => "+ADM",
            Administrator::NeededForOthers => "+ADM/SELF",
        })?;
        if self.counteragents {
            f.write_str("+CA")?;
        }
        if self.encrypted {
            f.write_str("+ENC")?;
        }
        Ok(())
    }
}
