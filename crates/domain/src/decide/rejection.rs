//! Why a command is refused.

use potok_types::{BoxId, DepartmentId, EntityId};

use crate::access::Denied;

/// What was asked of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// To sign it.
    Sign,
    /// To refuse to sign it.
    Reject,
    /// To approve it with a signature.
    Approve,
    /// To confirm that it came.
    Receipt,
}

/// Why a command is refused. Nothing follows from it then. `path` is the place in the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The person may not do it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The command itself is wrong, whatever the state of the message.
    #[error("{path}: {reason}")]
    Invalid {
        /// Where.
        path: String,
        /// What is wrong and how to cure it.
        reason: String,
    },
    /// The patch adds nothing.
    #[error("MessagePatchToPost should contain at least one entity")]
    EmptyPatch,
    /// The organization has no such department.
    #[error("{path}: Department wasn't found: box {box_id} has no department {department}")]
    DepartmentNotFound {
        /// Where.
        path: String,
        /// Whose department it should be.
        box_id: BoxId,
        /// The unknown department.
        department: DepartmentId,
    },
    /// The parent is not in the message, or is nothing of that kind.
    #[error("{path}: Некорректная ссылка на родительский файл {parent}: {reason}")]
    BadParent {
        /// Where.
        path: String,
        /// The id given.
        parent: EntityId,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The document is not waiting for that.
    #[error(
        "Текущее состояние документа не позволяет {}: {path}, документ {document}: {reason}", .step.in_words()
    )]
    InvalidDocumentState {
        /// Where.
        path: String,
        /// Which document.
        document: EntityId,
        /// What was asked.
        step: Step,
        /// Why not.
        reason: &'static str,
    },
    /// The packet is locked, and some of its documents are left out.
    #[error("Необходимо подписать все документы в пакете: {path} не содержит документов {}", list(.missing))]
    LockedPacket {
        /// The list that misses some.
        path: String,
        /// The documents left out.
        missing: Vec<EntityId>,
    },
    /// No further signature is taken today.
    #[error(
        "Too many failed signatures today. There were {attempts} attempts, but max allowed per day is {allowed} \
         ({path}, entity {entity}; try again tomorrow, UTC)"
    )]
    TooManyFailedSignatures {
        /// Where.
        path: String,
        /// Under which entity.
        entity: EntityId,
        /// How many were invalid.
        attempts: usize,
        /// How many may be.
        allowed: usize,
    },
    /// So many approvals of one document are not taken on one day.
    #[error("{path}: entity {entity} has {allowed} approval signatures of today; try again tomorrow, UTC")]
    TooManyApprovals {
        /// Where.
        path: String,
        /// Which document.
        entity: EntityId,
        /// How many may be.
        allowed: usize,
    },
    /// This box gave a receipt already.
    #[error("{path}: для {parent} уже есть извещение о получении; второе не нужно")]
    AlreadyReceipted {
        /// Where.
        path: String,
        /// For what.
        parent: EntityId,
    },
    /// The workflow has no receipts there.
    #[error("{path}: Команда AddCommonReceipt не поддерживается документом {document}: {reason}")]
    ReceiptNotSupported {
        /// Where.
        path: String,
        /// Which document.
        document: EntityId,
        /// Why not.
        reason: &'static str,
    },
    /// The recipient does not take messages from strangers.
    #[error(
        "Recipient allows to receive messages only from counteragents: box {recipient} has to become one first"
    )]
    CounteragentsOnly {
        /// The recipient.
        recipient: BoxId,
    },
}

impl Rejection {
    pub(super) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid { path: path.into(), reason: reason.into() }
    }
}

impl Step {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Sign => "его подписать",
            Self::Reject => "отказать в его подписи",
            Self::Approve => "его согласовать",
            Self::Receipt => "подписать извещение о его получении",
        }
    }
}

fn list(ids: &[EntityId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
