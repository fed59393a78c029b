//! Who takes part: organizations, their boxes, their people, their routes of approval.

use std::sync::Arc;

use potok_seams::CertificateJudge;
use potok_store::{HeldKeys, Logins, Registers};

use crate::core::Core;

potok_modules::modules! { "src/people" => published }

/// Who takes part.
pub struct People {
    pub(crate) core: Arc<Core>,
    /// Certificates of people.
    pub(crate) logins: Arc<dyn Logins>,
    /// Keys that the server holds for people.
    pub(crate) held_keys: Arc<dyn HeldKeys>,
    /// Knows which certificates may open an account.
    pub(crate) judge: Arc<dyn CertificateJudge>,
    /// Who was registered by a certificate today without asking for it.
    pub(crate) attempted: auto_register::Attempted,
    /// What is told of the world outside, and what organizations keep here.
    pub(crate) registers: Arc<dyn Registers>,
}
