//! Official files: made, recognized, read, held to their schemas.

mod detect;
mod generate;
mod parse_service;
mod participant;
mod schemas;

pub(crate) use detect::known_kinds;
pub use detect::{DetectedTitle, detect_titles};
pub use generate::GeneratedFile;
pub(crate) use generate::in_both_languages;
pub use parse_service::{ServiceText, parse_revocation_request, parse_signature_rejection};
pub use participant::participant;
pub use schemas::Schemas;
