//! What a person may ask for.
//!
//! `S` is how bytes are named: [`Source`] as the request gives them, [`potok_types::ContentRef`] once they are kept.
//! `path` is the place in the request, for error texts: `MessageToPost.DocumentAttachments[0]`.

use bytes::Bytes;
use potok_types::{BoxId, ContentRef, DepartmentId, EntityId};

use crate::{DocumentKind, Inviting, LockMode, MadeFrom, Metadata, Tag, Template};

mod draft;
mod patch;
mod power;
mod renamed;
mod shelf;
mod signing;
mod sources;
mod template;

pub use draft::{DraftSignature, SendDraft};
pub use patch::{
    NewCancellation, NewDenial, NewEdition, NewPacket, NewRejection, NewResolution, NewResolutionRequest,
    NewRouteStep, NewService, NewSignature, NewTagChange, NewTitle, NewUniversalMessage, NewVerification,
    PostPatch, Prepared,
};
pub use power::{CertificateNamed, FoundPower, PowerToAttach, PowerToRegister, SignedPower};
pub use signing::{KeyChoice, NewFileToSign, ToSign};
pub use sources::{Keep, KeepMessage, KeepPatch, ServiceList};
pub use template::{NewRefusal, PatchTemplate, TransformTemplate, Transformation};

/// Where the bytes of a request come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// They stand in the request.
    Inline(Bytes),
    /// They were put on the caller's shelf under this name.
    OnShelf(String),
    /// The server makes a marked test signature over the parent's bytes.
    TestSignature,
    /// The box has them already: they lie in a draft or a template.
    Kept(ContentRef),
    /// They were made for whoever signs them, and are kept for a day under this name.
    Prepared(String),
}

/// `PostMessage`: a new message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostMessage<S> {
    /// The structure of the request: `MessageToPost`.
    pub structure: &'static str,
    /// The sender.
    pub from: BoxId,
    /// The recipient; `None` for an internal message, and for a draft that names none yet.
    pub to: Option<BoxId>,
    /// The intermediate addressee, which has to answer before the recipient gets the letter.
    pub proxy: Option<BoxId>,
    /// The sender's department; `None` lets the server choose.
    pub from_department: Option<DepartmentId>,
    /// The recipient's department; `None` is the head.
    pub to_department: Option<DepartmentId>,
    /// The intermediate addressee's department; `None` is the head.
    pub proxy_department: Option<DepartmentId>,
    /// Inside one organization.
    pub is_internal: bool,
    /// Store unsent.
    pub delay_send: bool,
    /// Keep as a draft, of which a letter is made later.
    pub draft: Option<NewDraft>,
    /// What the letter is made of.
    pub made_from: Option<MadeFrom>,
    /// What must be done to all documents at once.
    pub lock_mode: LockMode,
    /// At least one signature is a test signature.
    pub is_test: bool,
    /// 1…40 documents.
    pub documents: Vec<NewDocument<S>>,
    /// Data attached to the documents.
    pub structured_data: Vec<NewStructuredData<S>>,
    /// It invites to a partnership, by its first document.
    pub invitation: Option<Inviting>,
    /// It is a template, and this is to be made of it.
    pub template: Option<Template>,
}

impl<S> PostMessage<S> {
    /// It is a letter, and not something of which one is made later.
    pub const fn is_letter(&self) -> bool {
        self.draft.is_none() && self.template.is_none()
    }

    /// It begins an exchange at once: a letter that somebody signed.
    pub const fn is_signed(&self) -> bool {
        self.is_letter() && !self.delay_send
    }
}

/// How a draft is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDraft {
    /// Neither its addressees nor its documents are replaced when it is sent.
    pub is_locked: bool,
    /// Its documents are held to everything that a letter is held to. Else schemas and attributes that are required are
    /// looked at when it is sent.
    pub is_strict: bool,
}

/// One document of a new message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Its id in the draft that it comes from; a document that is new gets its own.
    pub id: Option<EntityId>,
    /// Its bytes.
    pub content: S,
    /// The sender's signature; `None` when the message is not sent yet.
    pub signature: Option<S>,
    /// The power of attorney that comes with the signature.
    pub power: Option<PowerToAttach<S>>,
    /// UTF-8 text.
    pub comment: Option<S>,
    /// The title that the recipient is to sign in return.
    pub prepared_title: Option<PreparedTitle<S>>,
    /// A signature in return is asked for.
    pub need_recipient_signature: bool,
    /// A receipt is asked for.
    pub need_receipt: bool,
    /// The poster's id, unique in the request.
    pub custom_document_id: Option<String>,
    /// `TypeNamedId`.
    pub type_named_id: String,
    /// `None`: the type's default.
    pub function: Option<String>,
    /// `None`: the function's default.
    pub version: Option<String>,
    /// `None`: the version's default.
    pub workflow: Option<i32>,
    /// The bytes are opaque.
    pub is_encrypted: bool,
    /// Attributes.
    pub metadata: Vec<Metadata>,
    /// What its bytes say they are; `None` when they say nothing that is known.
    pub recognized: Option<Recognized>,
    /// It stands in a list of the request that is older than `DocumentAttachments`, has no room for function and
    /// version, and holds several types: the bytes tell which.
    pub is_of_obsolete_list: bool,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Documents it refers to.
    pub initial_documents: Vec<Link>,
    /// Documents that refer to it.
    pub subordinate_documents: Vec<Link>,
    /// How it may be edited while unsent.
    pub editing_setting: Option<String>,
    /// The other side of a template cannot refuse it.
    pub refusal_disabled: bool,
    /// The field with its bytes; empty where the request has none.
    pub bytes_in: &'static str,
}

impl<S> NewDocument<S> {
    /// A document of which the request says nothing else: unsigned, and nothing is asked for.
    pub fn new(path: impl Into<String>, type_named_id: impl Into<String>, content: S) -> Self {
        Self {
            path: path.into(),
            id: None,
            content,
            signature: None,
            power: None,
            comment: None,
            prepared_title: None,
            need_recipient_signature: false,
            need_receipt: false,
            custom_document_id: None,
            type_named_id: type_named_id.into(),
            function: None,
            version: None,
            workflow: None,
            is_encrypted: false,
            metadata: Vec::new(),
            recognized: None,
            is_of_obsolete_list: false,
            tags: Vec::new(),
            initial_documents: Vec::new(),
            subordinate_documents: Vec::new(),
            editing_setting: None,
            refusal_disabled: false,
            bytes_in: "SignedContent",
        }
    }

    /// Where its content and its signature stand in the request.
    pub fn signed_path(&self) -> String {
        if self.bytes_in.is_empty() { self.path.clone() } else { format!("{}.{}", self.path, self.bytes_in) }
    }
}

/// A title that whoever sends a document writes for its recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedTitle<S> {
    /// Its bytes.
    pub content: S,
    /// What they say they are; `None` before they are read.
    pub recognized: Option<Recognized>,
    /// It says that not everything was accepted.
    pub with_disagreements: bool,
}

/// What bytes say they are: a title of a formalized document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognized {
    /// Its number; 0 begins an exchange.
    pub index: i32,
    /// Types, functions and versions as which it can be sent, the most usual first.
    pub kinds: Vec<DocumentKind>,
    /// The function that the file names; `None` for formats without functions.
    pub function: Option<String>,
    /// What it says about its document, in the words of the API.
    pub metadata: Vec<Metadata>,
}

/// Names a document in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// A document of the same request, by its `CustomDocumentId`.
    SameRequest(String),
    /// A document that the box already has.
    Existing(crate::DocumentRef),
}

/// Data attached to a document of the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStructuredData<S> {
    /// Where it stands in the request.
    pub path: String,
    /// `CustomDocumentId` of the document.
    pub document: String,
    /// Its bytes.
    pub content: S,
    /// Name of the file.
    pub file_name: String,
}
