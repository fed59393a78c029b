//! What a person may add to a message.

use potok_types::{BoxId, DepartmentId, EntityId, MessageId, RouteId, UserId};

use super::{PowerToAttach, Recognized};
use crate::{AttachmentType, CodeGroup, Decision, DocumentRef, RequestKind, TagChange, UniversalEvent};

/// `PostMessagePatch`: additions to a message, all or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostPatch<S> {
    /// The structure of the request: `MessagePatchToPostV2`.
    pub structure: &'static str,
    /// Whose additions.
    pub box_id: BoxId,
    /// To which message.
    pub message_id: MessageId,
    /// At least one signature is a test signature.
    pub is_test: bool,
    /// Signatures under existing entities.
    pub signatures: Vec<NewSignature<S>>,
    /// Receipts.
    pub receipts: Vec<NewService<S>>,
    /// Refusals to sign or to revoke.
    pub rejections: Vec<NewRejection<S>>,
    /// Titles that answer title 0.
    pub titles: Vec<NewTitle<S>>,
    /// Requests to amend documents.
    pub amendment_requests: Vec<NewService<S>>,
    /// Requests to revoke documents.
    pub revocation_requests: Vec<NewService<S>>,
    /// Requests to cancel what the state was told of marked goods.
    pub fixation_cancellations: Vec<NewService<S>>,
    /// Approvals and disapprovals.
    pub resolutions: Vec<NewResolution<S>>,
    /// Requests to approve or sign.
    pub resolution_requests: Vec<NewResolutionRequest<S>>,
    /// Withdrawals of requests, and of denials.
    pub cancellations: Vec<NewCancellation<S>>,
    /// Refusals of requests to sign.
    pub denials: Vec<NewDenial<S>>,
    /// Documents put on routes.
    pub route_assignments: Vec<NewRouteStep<S>>,
    /// Documents taken off routes.
    pub route_removals: Vec<NewRouteStep<S>>,
    /// Changes of tags; at most [`potok_types::limits::TAG_CHANGES_PER_PATCH`].
    pub tag_changes: Vec<NewTagChange<S>>,
    /// Changes of packets.
    pub packets: Vec<NewPacket>,
    /// Universal messages.
    pub universal_messages: Vec<NewUniversalMessage<S>>,
    /// What the recipient of encrypted documents found of their signatures.
    pub verifications: Vec<NewVerification<S>>,
    /// What was missing in documents when they were stored.
    pub editions: Vec<NewEdition<S>>,
}

/// A signature under an existing entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignature<S> {
    /// Where it stands in the request.
    pub path: String,
    /// What it signs.
    pub parent: EntityId,
    /// Its bytes.
    pub signature: S,
    /// The power of attorney that comes with it.
    pub power: Option<PowerToAttach<S>>,
    /// The bytes that it signs, when they were made for it and the document has other ones so far.
    pub prepared: Option<Prepared<S>>,
    /// It approves only.
    pub is_approval: bool,
    /// Labels.
    pub labels: Vec<String>,
}

/// Bytes that were made of a document for whoever signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared<S> {
    /// The bytes.
    pub content: S,
    /// What they say they are; `None` until they are read.
    pub recognized: Option<Recognized>,
}

/// A signed service file under an existing entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewService<S> {
    /// Where it stands in the request.
    pub path: String,
    /// What it belongs to.
    pub parent: EntityId,
    /// Its bytes.
    pub content: S,
    /// The signature over them.
    pub signature: S,
    /// The power of attorney that comes with the signature.
    pub power: Option<PowerToAttach<S>>,
    /// Name of the file, if its bytes say one.
    pub file_name: Option<String>,
    /// What its bytes say to people, see [`crate::Entity::text`].
    pub text: Option<String>,
    /// The id of structure and processing rules that its bytes have; `None` for that of its kind.
    pub content_type_id: Option<&'static str>,
    /// Labels.
    pub labels: Vec<String>,
}

/// A refusal to sign a document, or to agree to its revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRejection<S> {
    /// The file.
    pub service: NewService<S>,
    /// Formal XML; else plain UTF-8 text of the obsolete list.
    pub is_formal: bool,
}

/// A title after the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTitle<S> {
    /// The file; its parent is title 0 or any title before it.
    pub service: NewService<S>,
    /// A receipt is asked for.
    pub need_receipt: bool,
    /// Its number, if it was given.
    pub index: Option<i32>,
    /// What the obsolete list makes; `None` for the list that takes all.
    pub only: Option<&'static [AttachmentType]>,
    /// What its bytes say they are; `None` when they say nothing that is known.
    pub recognized: Option<Recognized>,
    /// Its bytes say that not everything was accepted.
    pub with_disagreements: bool,
}

/// Approval or disapproval of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewResolution<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Of which document, or of which request to revoke one.
    pub parent: EntityId,
    /// `None` withdraws the person's last one.
    pub decision: Option<Decision>,
    /// UTF-8 text, empty when there is none.
    pub comment: S,
    /// Labels.
    pub labels: Vec<String>,
}

/// A request to approve or sign a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewResolutionRequest<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Which document, or which request to revoke one.
    pub parent: EntityId,
    /// What is asked for.
    pub kind: RequestKind,
    /// Who is asked.
    pub user: Option<UserId>,
    /// Where it is asked when nobody is named.
    pub department: Option<DepartmentId>,
    /// UTF-8 text, empty when there is none.
    pub comment: S,
    /// Labels.
    pub labels: Vec<String>,
}

/// A withdrawal of a request, or of a denial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCancellation<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Of what.
    pub target: EntityId,
    /// That is a denial; else a request.
    pub is_of_denial: bool,
    /// UTF-8 text, empty when there is none.
    pub comment: S,
    /// Labels.
    pub labels: Vec<String>,
}

/// A refusal of a request to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDenial<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Of which request.
    pub request: EntityId,
    /// UTF-8 text, empty when there is none.
    pub comment: S,
    /// Labels.
    pub labels: Vec<String>,
}

/// Putting a document on a route, or taking it off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRouteStep<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Which document.
    pub document: EntityId,
    /// Which route.
    pub route: RouteId,
    /// UTF-8 text, empty when there is none.
    pub comment: S,
    /// Labels.
    pub labels: Vec<String>,
}

/// A change of one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTagChange<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Of which document.
    pub document: EntityId,
    /// How.
    pub change: TagChange,
    /// The same for readers of the entity.
    pub content: S,
}

/// A change of the packet of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPacket {
    /// Where it stands in the request.
    pub path: String,
    /// Which document.
    pub document: EntityId,
    /// Whose packets join its own.
    pub add: Vec<DocumentRef>,
    /// What leaves its packet.
    pub remove: Vec<DocumentRef>,
}

/// A universal message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUniversalMessage<S> {
    /// Where it stands in the request.
    pub path: String,
    /// What it belongs to.
    pub parent: EntityId,
    /// What it is about, if that was given.
    pub code_group: Option<CodeGroup>,
    /// It must, or must not, mean something to the flow; `None` leaves that to its codes.
    pub affects_workflow: Option<bool>,
    /// What it says, if its bytes could be read; else its group tells the code.
    pub events: Vec<UniversalEvent>,
    /// Its bytes.
    pub content: S,
    /// Name of the file, if its bytes say one.
    pub file_name: Option<String>,
    /// Labels.
    pub labels: Vec<String>,
}

/// What the recipient of an encrypted document found of the sender's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVerification<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Which document.
    pub document: EntityId,
    /// The signature is good.
    pub is_valid: bool,
    /// What is wrong with it, as a report; used when it is not good.
    pub report: S,
    /// The same in words, if there are any.
    pub comment: Option<S>,
    /// Labels.
    pub labels: Vec<String>,
}

/// What was missing in a document when it was stored, given before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEdition<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Which document.
    pub parent: EntityId,
    /// What is given, as the setting of the document wants it.
    pub content: S,
    /// The document with it; `None` before it is made, and when the document is none that is edited.
    pub title: Option<Prepared<S>>,
    /// Labels.
    pub labels: Vec<String>,
}

impl<S> PostPatch<S> {
    /// Nothing to add to `message_id`.
    pub const fn empty(box_id: BoxId, message_id: MessageId) -> Self {
        Self {
            structure: "MessagePatchToPost",
            box_id,
            message_id,
            is_test: false,
            signatures: Vec::new(),
            receipts: Vec::new(),
            rejections: Vec::new(),
            titles: Vec::new(),
            amendment_requests: Vec::new(),
            revocation_requests: Vec::new(),
            fixation_cancellations: Vec::new(),
            resolutions: Vec::new(),
            resolution_requests: Vec::new(),
            cancellations: Vec::new(),
            denials: Vec::new(),
            route_assignments: Vec::new(),
            route_removals: Vec::new(),
            tag_changes: Vec::new(),
            packets: Vec::new(),
            universal_messages: Vec::new(),
            verifications: Vec::new(),
            editions: Vec::new(),
        }
    }

    /// It asks for nothing.
    pub fn is_empty(&self) -> bool {
        let Self {
            structure: _,
            box_id: _,
            message_id: _,
            is_test: _,
            signatures,
            receipts,
            rejections,
            titles,
            amendment_requests,
            revocation_requests,
            fixation_cancellations,
            resolutions,
            resolution_requests,
            cancellations,
            denials,
            route_assignments,
            route_removals,
            tag_changes,
            packets,
            universal_messages,
            verifications,
            editions,
        } = self;
        signatures.is_empty()
            && receipts.is_empty()
            && rejections.is_empty()
            && titles.is_empty()
            && amendment_requests.is_empty()
            && revocation_requests.is_empty()
            && fixation_cancellations.is_empty()
            && resolutions.is_empty()
            && resolution_requests.is_empty()
            && cancellations.is_empty()
            && denials.is_empty()
            && route_assignments.is_empty()
            && route_removals.is_empty()
            && tag_changes.is_empty()
            && packets.is_empty()
            && universal_messages.is_empty()
            && verifications.is_empty()
            && editions.is_empty()
    }
}
