//! Webhooks: the events of a box on their way to receivers outside.
//!
//! Each webhook is sent for by one worker of all nodes at a time, one event after the other, and its position moves when the
//! receiver has taken one. So nothing is lost and nothing changes places; what was taken while its worker died is sent again
//! under the same id.

use std::sync::Arc;

use potok_seams::WebhookSender;

use crate::core::Core;
use crate::reading::Reading;

potok_modules::modules! { "src/webhooks" => published }

/// Webhooks of one box.
pub const MOST_WEBHOOKS: usize = 10;
/// Attempts of each that are told of.
pub const KEPT_ATTEMPTS: u32 = 100;

/// Webhooks.
pub struct Webhooks {
    pub(crate) core: Arc<Core>,
    /// What is known of them.
    pub(crate) kept: Arc<dyn potok_store::Webhooks>,
    /// What they show of the feed.
    pub(crate) reading: Reading,
    /// How messages get there.
    pub(crate) sender: Arc<dyn WebhookSender>,
    /// How long a worker may hold a webhook without renewing its lease.
    pub(crate) lease_seconds: i64,
}
