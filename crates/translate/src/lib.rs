//! Between the wire and the domain: posts to commands, questions to queries; messages, events, documents and docflows to
//! the wire.

pub mod address;
pub mod answers;
mod bad_request;
mod content_plan;
pub mod directory;
pub mod docflow;
pub mod docflow_v2;
pub mod docflow_v3;
pub mod docflow_v4;
pub mod docflow_v5;
pub mod document;
pub mod document_types;
mod missing;
pub mod post;
pub mod read;
pub mod signature_info;
mod signer;
pub mod verification;
pub mod view;
pub mod workflows;

pub use bad_request::BadRequest;
pub use content_plan::{ContentBudget, ContentKind, ContentPlan};
pub use missing::missing;
pub use signer::signer;
