//! What has happened to a document, read from the message in one box.
//!
//! Nothing is judged here. A kind of entity that does not exist yet is an `Option` that is always `None`; everything
//! computed from facts already reckons with it.

use potok_types::{BoxId, EntityId, Ticks};

use crate::workflow::{self, WorkflowSettings};
use crate::{
    AttachmentType, Check, Document, DocumentRef, EntityState, MessageState, MessageType, Service, Side,
    WorkflowId,
};

/// A file with the signature of its author. The signature of a bare signature is the signature itself.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The file.
    pub file: &'a EntityState,
    /// The signature; `None` while the file is not sent.
    pub signature: Option<&'a EntityState>,
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

/// All that is known about a document in one box.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The document as an entity, with its attributes below.
    pub entity: &'a EntityState,
    /// Its attributes.
    pub document: &'a Document,
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
    /// When the document appeared in the recipient's box; inside one organization the time of sending.
    pub delivered_at: Option<Ticks>,
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
    /// The newest amendment request.
    pub amendment: Option<Amendment<'a>>,
    /// The newest request to revoke the document.
    pub revocation: Option<Revocation<'a>>,
    /// A delivered document revises this one.
    pub is_revised: bool,
    /// A delivered document corrects this one.
    pub is_corrected: bool,
    /// It was deleted in this box.
    pub is_deleted: bool,
}

impl Signed<'_> {
    /// How far the check of the signature got; `None` without a signature.
    pub fn check(&self) -> Option<Check> {
        self.signature.map(|signature| signature.check)
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
        self.signature.map(|signature| signature.entity.created_at)
    }
}

impl Response<'_> {
    /// It is a refusal.
    pub const fn is_refusal(&self) -> bool {
        matches!(self.kind, ResponseKind::Refusal { .. })
    }
}

/// The rules of workflow `id`. A number that is not known yet is treated as the plainest exchange, so that a document
/// posted by a newer server can still be shown.
fn rules(id: WorkflowId) -> &'static WorkflowSettings {
    workflow::settings(id).unwrap_or(&workflow::WORKFLOWS[0])
}

impl<'a> Facts<'a> {
    /// The facts of the root document `id`; `None` when `state` has no such document.
    pub fn read(state: &'a MessageState, id: EntityId) -> Option<Self> {
        let (entity, document) = state.document(id)?;
        let reader = Reader { state };
        let title = reader.title(entity);
        let sent_at = title.sent_at();
        let (is_revised, is_corrected) = reader.successors(id, document);
        Some(Self {
            entity,
            document,
            workflow: rules(document.workflow),
            side: state.side(),
            viewer: state.box_id,
            message_type: state.message_type,
            sent_at,
            delivered_at: match state.side() {
                Side::Sender => title.delivered_at,
                Side::Recipient => Some(entity.appeared_at),
                Side::Internal => sent_at.filter(|_| title.is_valid()),
            },
            confirmation: reader.confirmation(id),
            proxy: None,
            response: reader.response(&title),
            receipt: reader.receipt(id),
            sender_receipt: None,
            amendment: None,
            revocation: None,
            is_revised,
            is_corrected,
            is_deleted: false,
            title,
        })
    }
}

/// Of several candidates the newest good one counts, else the newest unchecked one, else the newest bad one.
const fn rank(check: Check) -> u8 {
    match check {
        Check::Valid => 2,
        Check::Unchecked => 1,
        Check::Invalid => 0,
    }
}

struct Reader<'a> {
    state: &'a MessageState,
}

impl<'a> Reader<'a> {
    /// Signatures under `parent` that mean something to the flow, oldest first.
    fn signatures(&self, parent: EntityId) -> impl Iterator<Item = &'a EntityState> + Clone {
        self.state
            .children(parent)
            .filter(|child| child.entity.signature().is_some_and(|signature| !signature.is_approval))
    }

    fn services(&self, parent: EntityId, is: fn(&Service) -> bool) -> impl Iterator<Item = &'a EntityState> {
        self.state.children(parent).filter(move |child| child.entity.service().is_some_and(is))
    }

    fn with_signature(&self, file: &'a EntityState, signature: Option<&'a EntityState>) -> Signed<'a> {
        let carrier = signature.unwrap_or(file);
        Signed {
            file,
            signature,
            comment: self.services(file.entity.id, |service| matches!(service, Service::Comment)).next(),
            delivered_at: if self.state.is_internal {
                (carrier.check == Check::Valid).then_some(carrier.appeared_at)
            } else {
                carrier.delivered_at
            },
        }
    }

    /// A service file with the best signature under it.
    fn signed(&self, file: &'a EntityState) -> Signed<'a> {
        let signature = self.signatures(file.entity.id).max_by_key(|signature| rank(signature.check));
        self.with_signature(file, signature)
    }

    /// The document with the sender's signature. Inside one organization both sides sign as the same box: the sender's
    /// is the first that is not bad, and what follows it is the answer.
    fn title(&self, document: &'a EntityState) -> Signed<'a> {
        let id = document.entity.id;
        let signature = if self.state.is_internal {
            let mut signatures = self.signatures(id);
            let newest = signatures.clone().last();
            signatures.find(|signature| signature.check != Check::Invalid).or(newest)
        } else {
            self.state.signature_of(id, self.state.from.box_id).map(|(signature, _)| signature)
        };
        self.with_signature(document, signature)
    }

    fn response(&self, title: &Signed<'a>) -> Option<Response<'a>> {
        let document = title.file.entity.id;
        let sender_signature = title.signature?.entity.id;
        let after_sender = self
            .state
            .children(document)
            .skip_while(move |child| child.entity.id != sender_signature)
            .skip(1);
        let candidates =
            self.state.children(document).filter_map(|child| self.response_by_recipient(child)).filter(
                |response| {
                    let id = response.signed.file.entity.id;
                    !self.state.is_internal || after_sender.clone().any(|child| child.entity.id == id)
                },
            );
        candidates.max_by_key(|response| response.signed.check().map_or(0, rank))
    }

    /// `child` of a document as an answer to it, if it is one.
    fn response_by_recipient(&self, child: &'a EntityState) -> Option<Response<'a>> {
        let confirmation = self.confirmation(child.entity.id);
        if let Some(signature) = child.entity.signature() {
            let is_answer = !signature.is_approval && signature.signer_box == self.state.to.box_id;
            return is_answer.then(|| Response {
                kind: ResponseKind::Signature,
                signed: self.with_signature(child, Some(child)),
                confirmation,
            });
        }
        let is_formal = match child.entity.service()? {
            Service::XmlSignatureRejection => true,
            Service::SignatureRequestRejection => false,
            _ => return None,
        };
        Some(Response { kind: ResponseKind::Refusal { is_formal }, signed: self.signed(child), confirmation })
    }

    /// The newest receipt on `parent` whose signature is not bad.
    fn signed_receipt(&self, parent: EntityId) -> Option<Signed<'a>> {
        self.services(parent, |service| matches!(service, Service::Receipt | Service::InvoiceReceipt))
            .map(|receipt| self.signed(receipt))
            .filter(|receipt| !receipt.is_invalid())
            .max_by_key(|receipt| receipt.check().map_or(0, rank))
    }

    fn receipt(&self, parent: EntityId) -> Option<Receipt<'a>> {
        let signed = self.signed_receipt(parent)?;
        Some(Receipt { signed, confirmation: self.confirmation(signed.file.entity.id) })
    }

    fn confirmation(&self, parent: EntityId) -> Option<Confirmation<'a>> {
        let file = self.services(parent, |service| matches!(service, Service::Confirmation)).last()?;
        Some(Confirmation { signed: self.signed(file), receipt: self.signed_receipt(file.entity.id) })
    }

    /// Is the document revised, is it corrected by another delivered document of the same message?
    fn successors(&self, id: EntityId, document: &Document) -> (bool, bool) {
        let this = DocumentRef { message_id: self.state.message_id, entity_id: id };
        let successors = self
            .state
            .documents()
            .filter(|(entity, other)| {
                other.initial_documents.contains(&this) && self.title(entity).is_settled()
            })
            .map(|(_, other)| succession(document.attachment_type, other.attachment_type));
        successors.fold((false, false), |(revised, corrected), succession| {
            (
                revised || succession == Some(Succession::Revises),
                corrected || succession == Some(Succession::Corrects),
            )
        })
    }
}

/// What a later document means to the one it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Succession {
    /// It stands in its place.
    Revises,
    /// It changes its sums.
    Corrects,
}

const fn succession(document: AttachmentType, later: AttachmentType) -> Option<Succession> {
    use AttachmentType as Type;
    match (document, later) {
        (Type::Invoice | Type::InvoiceRevision, Type::InvoiceRevision)
        | (Type::InvoiceCorrection | Type::InvoiceCorrectionRevision, Type::InvoiceCorrectionRevision)
        | (
            Type::UniversalTransferDocument | Type::UniversalTransferDocumentRevision,
            Type::UniversalTransferDocumentRevision,
        )
        | (
            Type::UniversalCorrectionDocument | Type::UniversalCorrectionDocumentRevision,
            Type::UniversalCorrectionDocumentRevision,
        ) => Some(Succession::Revises),
        (
            Type::Invoice | Type::InvoiceRevision,
            Type::InvoiceCorrection | Type::UniversalCorrectionDocument,
        )
        | (
            Type::UniversalTransferDocument | Type::UniversalTransferDocumentRevision,
            Type::UniversalCorrectionDocument,
        ) => Some(Succession::Corrects),
        _ => None,
    }
}
