//! Official files: made, recognized, read, held to their schemas.

use std::sync::Arc;

pub(crate) use detect::{file_name, known_kinds, metadata};
pub(crate) use fixation::FixationCancellation;
pub(crate) use generate::in_both_languages;

use potok_seams::OperatorDocuments;
use potok_store::{Registers, UserCertificates};

use crate::core::Core;
use crate::shelf::Shelf;

potok_modules::modules! { "src/paper" => published }

/// Official files: made and read.
#[derive(Clone)]
pub struct Paper {
    pub(crate) core: Arc<Core>,
    pub(crate) operator: Arc<dyn OperatorDocuments>,
    /// Whose certificates are whose.
    pub(crate) certificates: Arc<dyn UserCertificates>,
    /// In what capacity people sign.
    pub(crate) registers: Arc<dyn Registers>,
    /// What whoever runs the server has given it.
    pub(crate) schemas: Schemas,
    /// What comes for titles, and what is made for their signers.
    pub(crate) shelf: Shelf,
}
