//! Signing for people with keys that the server holds: what they ask for, what they say to it, and who does it.

use std::sync::Arc;

use potok_seams::UserKeys;
use potok_workers::Bell;

use crate::core::Core;
use crate::exchange::Exchange;
use crate::paper::Paper;
use crate::shelf::Shelf;

potok_modules::modules! { "src/signing" => published }

/// How long a result is kept.
const LIFE_SECONDS: i64 = 24 * 3600;
/// Others of the same user that are looked at.
const OTHERS: usize = 100;
/// How often a change is tried again when somebody else was faster.
const TRIES: usize = 8;

/// Signing with keys that the server holds.
pub struct RemoteSigning {
    pub(crate) core: Arc<Core>,
    /// Where files come from, and where signatures may go.
    pub(crate) shelf: Shelf,
    /// The keys, and what is to be signed by them.
    pub(crate) kept: Arc<dyn potok_store::RemoteSigning>,
    /// Opens the keys.
    pub(crate) keys: Arc<dyn UserKeys>,
    /// Makes receipts.
    pub(crate) paper: Paper,
    /// Posts receipts.
    pub(crate) exchange: Exchange,
    /// Says that there is something to do.
    pub(crate) ready: Bell,
}
