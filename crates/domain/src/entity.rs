//! What a message is made of.

use std::sync::Arc;

use potok_types::{BoxId, ContentRef, DepartmentId, EntityId, MessageId, PacketId, Ticks, UserId};

use crate::powers::AttachedPower;
use crate::{AttachmentType, Check, PowerOfAttorney, Service, Tag, Verification};

/// Anything stored in a message. Once recorded it never changes; what happens to it later are events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its id, the same in every box.
    pub id: EntityId,
    /// The entity this one belongs to; `None` for documents and failure notices.
    pub parent: Option<EntityId>,
    /// The person who made it; `None` when the operator did.
    pub author: Option<UserId>,
    /// When it was made, the same in every box.
    pub created_at: Ticks,
    /// Its bytes; `None` when this kind has none.
    pub content: Option<ContentRef>,
    /// Name of the file; `None` on signatures.
    pub file_name: Option<String>,
    /// One id per pair of structure and processing rules; empty on signatures.
    pub content_type_id: String,
    /// Format version of formalized attachments.
    pub version: Option<String>,
    /// The receiver is asked for a receipt.
    pub need_receipt: bool,
    /// The bytes are opaque to the server.
    pub is_encrypted: bool,
    /// At most [`potok_types::limits::LABELS_PER_ENTITY`].
    pub labels: Vec<String>,
    /// What its author says in it to people: why a signature or a revocation is refused, why a document is to be revoked,
    /// what is to be amended. `None` when the bytes say nothing. At most
    /// [`potok_types::limits::AMENDMENT_TEXT_CHARS`] in an amendment request, [`potok_types::limits::REASON_CHARS`] else.
    pub text: Option<String>,
    /// What it is.
    pub body: Body,
}

/// What an entity is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The root of a docflow.
    Document(Box<Document>),
    /// A signature over the bytes of the parent.
    Signature(Signature),
    /// Everything else.
    Service(Service),
}

/// A root document, as it was posted or arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its number among the attachment types.
    pub attachment_type: AttachmentType,
    /// Type, function and version.
    pub kind: DocumentKind,
    /// The rules of its exchange.
    pub workflow: WorkflowId,
    /// The sender asked for a signature in return.
    pub need_recipient_signature: bool,
    /// Where it lies in this box when it appears.
    pub department: DepartmentId,
    /// Its packet when it appears.
    pub packet: PacketId,
    /// The poster's own id; present in the poster's box only.
    pub custom_document_id: Option<String>,
    /// Attributes in the order in which they were given.
    pub metadata: Vec<Metadata>,
    /// Tags at the time of the post.
    pub tags: Vec<Tag>,
    /// Documents of this box that this one refers to.
    pub initial_documents: Vec<DocumentRef>,
    /// Documents that this one was named the base of when it was posted.
    pub subordinate_documents: Vec<DocumentRef>,
    /// How an unsent document may be edited.
    pub editing_setting: Option<String>,
    /// The other side of a template has no choice: it cannot refuse this document.
    pub refusal_disabled: bool,
}

/// Which rules of content and metadata a document follows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentKind {
    /// `TypeNamedId`.
    pub type_named_id: String,
    /// `Function`.
    pub function: String,
    /// `Version`.
    pub version: String,
}

/// The number of a workflow, 1…19 today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkflowId(pub i32);

/// One attribute of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// Points at a document of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentRef {
    /// Its message.
    pub message_id: MessageId,
    /// Itself.
    pub entity_id: EntityId,
}

/// A signature, as it was known when it was written. A later [`crate::SignatureChecked`] says how its check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Whose it is; zero for the operator.
    pub signer_box: BoxId,
    /// The signer's department of the document.
    pub signer_department: DepartmentId,
    /// It approves and changes nothing in the flow.
    pub is_approval: bool,
    /// The check's state at that time.
    pub check: Check,
    /// What the check said about the signer's authority; `None` before it.
    pub power_of_attorney: Option<PowerOfAttorney>,
    /// What the check found out; `None` before it, and when nobody looked into the signature.
    pub verification: Option<Arc<Verification>>,
}

impl Entity {
    /// A record without bytes, text and author, as `service` is called.
    pub fn of_service(id: EntityId, parent: Option<EntityId>, service: Service, at: Ticks) -> Self {
        Self {
            id,
            parent,
            author: None,
            created_at: at,
            content: None,
            file_name: None,
            content_type_id: service.content_type_id().to_owned(),
            version: None,
            need_receipt: false,
            is_encrypted: false,
            labels: Vec::new(),
            text: None,
            body: Body::Service(service),
        }
    }

    /// The number under which the API shows this entity; signatures are shown as `Nonformalized`.
    pub fn attachment_type(&self) -> AttachmentType {
        match &self.body {
            Body::Document(document) => document.attachment_type,
            Body::Signature(_) => AttachmentType::Nonformalized,
            Body::Service(service) => service.attachment_type(),
        }
    }

    /// The document, if this is one.
    pub fn document(&self) -> Option<&Document> {
        match &self.body {
            Body::Document(document) => Some(document),
            _ => None,
        }
    }

    /// The signature, if this is one.
    pub const fn signature(&self) -> Option<&Signature> {
        match &self.body {
            Body::Signature(signature) => Some(signature),
            _ => None,
        }
    }

    /// The service record, if this is one.
    pub const fn service(&self) -> Option<&Service> {
        match &self.body {
            Body::Service(service) => Some(service),
            _ => None,
        }
    }

    /// The power of attorney, if this is one.
    pub fn power(&self) -> Option<&AttachedPower> {
        match &self.body {
            Body::Service(Service::PowerOfAttorney(power)) => Some(power),
            _ => None,
        }
    }

    /// The bytes that it names: its own, the certificates that were found about it, what else belongs to a power of attorney.
    pub fn contents(&self) -> impl Iterator<Item = ContentRef> + '_ {
        let power = self.power().into_iter().flat_map(AttachedPower::contents);
        let verification = self.signature().and_then(|signature| signature.verification.as_deref());
        self.content.into_iter().chain(verification.into_iter().flat_map(Verification::contents)).chain(power)
    }

    /// Stays in the box of whoever made it (or to whom the operator addressed it).
    pub const fn is_private(&self) -> bool {
        match &self.body {
            Body::Document(_) | Body::Signature(_) => false,
            // What the operator found is told to whoever signed; what the recipient found goes to the sender.
            Body::Service(Service::SignatureVerificationReport) => self.author.is_none(),
            Body::Service(service) => service.is_private(),
        }
    }
}

impl Document {
    /// The value of the attribute `key`.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.iter().find(|item| item.key == key).map(|item| item.value.as_str())
    }
}
