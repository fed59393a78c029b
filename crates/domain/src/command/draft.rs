//! `SendDraft`: what makes a letter of a draft.

use potok_types::{BoxId, DepartmentId, EntityId, MessageId};

use super::PowerToAttach;

/// `SendDraft`: a letter made of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendDraft<S> {
    /// Which draft.
    pub draft: MessageId,
    /// The recipient; `None` leaves the one that the draft names.
    pub to: Option<BoxId>,
    /// The recipient's department; `None` leaves that of the draft, if the recipient stays too.
    pub to_department: Option<DepartmentId>,
    /// The intermediate addressee; `None` leaves the one that the draft names.
    pub proxy: Option<BoxId>,
    /// Its department; `None` leaves that of the draft, if the intermediate addressee stays too.
    pub proxy_department: Option<DepartmentId>,
    /// At least one signature is a test signature.
    pub is_test: bool,
    /// One for each document.
    pub signatures: Vec<DraftSignature<S>>,
}

/// The sender's signature over a document of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftSignature<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Which document.
    pub document: EntityId,
    /// Its bytes.
    pub signature: S,
    /// The power of attorney that comes with it.
    pub power: Option<PowerToAttach<S>>,
    /// The bytes that it signs, when they were made for it in place of those of the draft.
    pub prepared: Option<S>,
}
