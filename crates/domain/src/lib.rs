//! The pure core: what can happen to a message, what follows from it, and who may see it.
//!
//! State is a fold over events ([`MessageState`]); a decision says which event follows from a command and reads or
//! writes nothing. There is no runtime, SQL, HTTP or protobuf here, no clock and no randomness: they are parameters.

pub mod access;
pub mod approval;
mod attachment_type;
pub mod command;
pub mod decide;
pub mod directory;
pub mod docflow;
mod entity;
pub mod erasure;
mod event;
pub mod feed;
pub mod fixation;
pub mod forwarding;
mod intermediary;
mod labels;
pub mod operator;
pub mod paper;
pub mod powers;
pub mod query;
pub mod receive;
pub mod registry;
pub mod relation;
mod revocation;
pub mod roaming;
pub mod rows;
mod service;
pub mod signing;
mod state;
pub mod strengthen;
mod tag;
pub mod templates;
mod values;
mod verification;
pub mod webhook;
pub mod workflow;

pub use attachment_type::AttachmentType;
pub use entity::{Body, Document, DocumentKind, DocumentRef, Entity, Metadata, Signature, WorkflowId};
pub use event::{
    Change, DeliveryReport, DocumentChange, DocumentPatch, Event, Inviting, LockMode, MadeFrom, MessageType,
    Origin, Party, Patched, Posted, Recycled, Rewritten, SignatureChecked, Template,
};
pub use service::{
    AddresseeId, CodeGroup, Decision, OnRoute, RefusalKind, RequestKind, RequestTarget, Resolution,
    ResolutionRequest, RouteStage, Service, TemplateRefusal, TemplateTransformation, Title,
    TransformationChange, UniversalEvent, UniversalMessage,
};
pub use state::{
    Direction, DocumentState, EntityState, EventMark, Forward, MessageState, Revision, Side, carriage,
};
pub use tag::{Tag, TagChange};
pub use verification::{
    CertificateChecked, Check, PowerOfAttorney, SignatureDescription, SubjectKind, Verdict, Verification,
};
