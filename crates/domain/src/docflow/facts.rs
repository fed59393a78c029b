//! What has happened to a document, read from the message in one box.
//!
//! Nothing is judged here: which of several candidates counts is all that is decided.

use potok_types::{BoxId, Ticks};

use crate::roaming::Said;
use crate::workflow::WorkflowSettings;
use crate::{Check, Document, DocumentState, EntityState, MessageType, Service, Side, UniversalMessage};

use super::approvals::Approvals;

/// A file with the signature of its author. The signature of a bare signature is the signature itself; universal
/// messages have none and are good as they are.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The file.
    pub file: &'a EntityState,
    /// The signature; `None` while the file is not sent.
    pub signature: Option<&'a EntityState>,
    /// The newest time-stamped copy of the signature; a copy hangs under what it copies.
    pub time_stamped: Option<&'a EntityState>,
    /// A comment to the file.
    pub comment: Option<&'a EntityState>,
    /// When it appeared in the other box; inside one organization, when its signature was found good.
    pub delivered_at: Option<Ticks>,
}

/// What a participant answered.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// In which way.
    pub kind: ResponseKind,
    /// With which file.
    pub signed: Signed<'a>,
    /// The operator's confirmation for this box.
    pub confirmation: Option<Confirmation<'a>>,
}

/// The ways to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseKind {
    /// A signature under the document.
    Signature,
    /// A title.
    Title {
        /// Its content says that not everything was accepted.
        with_disagreements: bool,
    },
    /// A refusal.
    Refusal {
        /// As XML; else plain text.
        is_formal: bool,
    },
}

/// A receipt.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The file.
    pub signed: Signed<'a>,
    /// The operator's confirmation for this box.
    pub confirmation: Option<Confirmation<'a>>,
}

/// An operator's confirmation addressed to this box.
#[derive(Clone, Copy, Debug)]
pub struct Confirmation<'a> {
    /// The file.
    pub signed: Signed<'a>,
    /// This box's receipt on it.
    pub receipt: Option<Signed<'a>>,
}

/// An amendment request.
#[derive(Clone, Copy, Debug)]
pub struct Amendment<'a> {
    /// The file.
    pub signed: Signed<'a>,
    /// The operator's confirmation for this box.
    pub confirmation: Option<Confirmation<'a>>,
    /// The sender's receipt.
    pub receipt: Option<Signed<'a>>,
}

/// A request to revoke the document.
#[derive(Clone, Copy, Debug)]
pub struct Revocation<'a> {
    /// The file.
    pub request: Signed<'a>,
    /// Who asks.
    pub initiator: BoxId,
    /// What another operator said last of its delivery of the file.
    pub roaming: Option<Said<'a>>,
    /// Nobody has to agree.
    pub is_unilateral: bool,
    /// A signature under the request or a refusal.
    pub answer: Option<Response<'a>>,
}

/// The intermediate addressee.
#[derive(Clone, Copy, Debug)]
pub struct Proxy<'a> {
    /// Its box.
    pub box_id: BoxId,
    /// This is the box that looks.
    pub is_viewer: bool,
    /// What it answered.
    pub response: Option<Response<'a>>,
}

/// How a document of a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateStanding {
    /// The other side is to make a document of it.
    Awaited,
    /// This side is.
    Owed,
    /// One was made, or never will be.
    Settled,
}

/// All that is known about a document in one box.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The document as an entity, with its attributes below.
    pub entity: &'a EntityState,
    /// Its attributes as it was posted.
    pub document: &'a Document,
    /// What became of it in this box: packet, tags, department.
    pub state: &'a DocumentState,
    /// The rules of its exchange.
    pub workflow: &'static WorkflowSettings,
    /// The part of the box that looks.
    pub side: Side,
    /// The box that looks.
    pub viewer: BoxId,
    /// Letter, draft or template.
    pub message_type: MessageType,
    /// Title 0 with the sender's signature.
    pub title: Signed<'a>,
    /// When the sender signed; `None` before.
    pub sent_at: Option<Ticks>,
    /// When the document appeared in the recipient's box; inside one organization the time of sending. An intermediate
    /// addressee is told when it appeared in its own.
    pub delivered_at: Option<Ticks>,
    /// What another operator said last of its delivery of the document.
    pub roaming: Option<Said<'a>>,
    /// The sender's request to cancel what the state was told of its goods.
    pub fixation_cancellation: Option<Signed<'a>>,
    /// The operator's confirmation about title 0.
    pub confirmation: Option<Confirmation<'a>>,
    /// The intermediate addressee, if there is one.
    pub proxy: Option<Proxy<'a>>,
    /// The recipient's answer.
    pub response: Option<Response<'a>>,
    /// The recipient's receipt on title 0, unless its signature is bad.
    pub receipt: Option<Receipt<'a>>,
    /// The sender's receipt on the recipient's title, unless its signature is bad.
    pub sender_receipt: Option<Receipt<'a>>,
    /// All amendment requests, oldest first.
    pub amendments: Vec<Amendment<'a>>,
    /// The amendment request that counts: the newest good one.
    pub amendment: Option<Amendment<'a>>,
    /// The newest request to revoke the document, unless its signature is bad. One that is not sent does not count.
    pub revocation: Option<Revocation<'a>>,
    /// What the organization thinks of the document.
    pub approvals: Approvals<'a>,
    /// What it thinks of the newest request to revoke the document, sent or not.
    pub revocation_approvals: Option<Approvals<'a>>,
    /// Universal messages about title 0 that mean nothing to the flow, oldest first.
    pub out_of_workflow: Vec<&'a EntityState>,
    /// The same about the recipient's title.
    pub response_out_of_workflow: Vec<&'a EntityState>,
    /// A delivered document revises this one.
    pub is_revised: bool,
    /// A delivered document corrects this one.
    pub is_corrected: bool,
    /// It was deleted in this box.
    pub is_deleted: bool,
    /// It lies in a draft that was sent as a letter or thrown away.
    pub is_recycled: bool,
    /// How the template stands in which it lies.
    pub template: Option<TemplateStanding>,
}

impl<'a> Signed<'a> {
    /// How far the check of the signature got; `None` without a signature where there has to be one.
    pub fn check(&self) -> Option<Check> {
        match self.signature {
            Some(signature) => Some(signature.check),
            None => self.universal_message().map(|_| self.file.check),
        }
    }

    /// The universal message, if the file is one.
    pub fn universal_message(&self) -> Option<&'a UniversalMessage> {
        match self.file.entity.service() {
            Some(Service::UniversalMessage(message)) => Some(message),
            _ => None,
        }
    }

    /// Whose it is; `None` as long as nobody signed it.
    pub fn author(&self) -> Option<BoxId> {
        match self.signature.and_then(|signature| signature.entity.signature()) {
            Some(signature) => Some(signature.signer_box),
            None => self.universal_message().map(|message| message.creator_box),
        }
    }

    /// The signature is good.
    pub fn is_valid(&self) -> bool {
        self.check() == Some(Check::Valid)
    }

    /// The signature is bad.
    pub fn is_invalid(&self) -> bool {
        self.check() == Some(Check::Invalid)
    }

    /// The signature is good and the file arrived.
    pub fn is_settled(&self) -> bool {
        self.is_valid() && self.delivered_at.is_some()
    }

    /// When it was signed, the same in every box.
    pub fn sent_at(&self) -> Option<Ticks> {
        let carrier = self.signature.or_else(|| self.universal_message().map(|_| self.file));
        carrier.map(|carrier| carrier.entity.created_at)
    }
}

impl Revocation<'_> {
    /// The document is revoked by it.
    pub fn is_granted(&self) -> bool {
        let is_agreed = self.answer.is_some_and(|answer| !answer.is_refusal() && answer.signed.is_settled());
        is_agreed || self.is_unilateral && self.request.is_valid()
    }
}

impl Response<'_> {
    /// It is a refusal.
    pub const fn is_refusal(&self) -> bool {
        matches!(self.kind, ResponseKind::Refusal { .. })
    }
}

impl<'a> Facts<'a> {
    /// What the organization is deciding now: about a request to revoke the document as long as nobody has answered it,
    /// else about the document.
    pub fn current_approvals(&self) -> &Approvals<'a> {
        let is_answered = self.revocation.is_some_and(|revocation| {
            revocation.is_unilateral || revocation.answer.is_some_and(|answer| answer.signed.is_settled())
        });
        match &self.revocation_approvals {
            Some(approvals) if approvals.exists && !is_answered => approvals,
            _ => &self.approvals,
        }
    }
}
