//! Official files: made, recognized, read, held to their schemas.

mod detect;
mod error;
mod generate;
mod parse_service;
mod participant;
mod schemas;

use std::sync::Arc;

pub(crate) use detect::known_kinds;
pub use detect::{DetectedTitle, detect_titles};
pub use error::PaperError;
pub use generate::GeneratedFile;
pub(crate) use generate::in_both_languages;
pub use parse_service::{ServiceText, parse_revocation_request, parse_signature_rejection};
pub use participant::participant;
pub use schemas::Schemas;

use crate::core::Core;

/// Official files: made and read.
pub struct Paper {
    pub(crate) core: Arc<Core>,
}
