//! Counteragents: invitations and their answers, the list and what happened to it, groups.

use std::sync::Arc;

use potok_store::{Logins, Registers, Tasks};

use crate::core::Core;
use crate::exchange::Exchange;

potok_modules::modules! { "src/partners" => published }

/// What organizations are to each other.
pub struct Partners {
    pub(crate) core: Arc<Core>,
    /// Posts the documents of invitations.
    pub(crate) exchange: Exchange,
    /// By which certificates people read what is encrypted.
    pub(crate) logins: Arc<dyn Logins>,
    /// Other operators, of which some take invitations.
    pub(crate) registers: Arc<dyn Registers>,
    /// Invitations that calls have begun.
    pub(crate) tasks: Arc<dyn Tasks>,
}
