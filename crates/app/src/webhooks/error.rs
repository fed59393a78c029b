//! What is refused of webhooks.

use potok_domain::webhook::WebhookId;
use potok_types::{BoxId, EventId};

use super::MOST_WEBHOOKS;
use crate::access::AccessError;
use crate::core::{CoreError, lift_core_errors};

/// Why a webhook is not made, changed or told of. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The box has no such webhook.
    #[error("box {box_id} has no webhook {id}: list those that it has")]
    NoWebhook {
        /// The box.
        box_id: BoxId,
        /// The webhook.
        id: WebhookId,
    },
    /// The box has as many as it may.
    #[error("box {0} has {MOST_WEBHOOKS} webhooks, and no more are allowed: delete one")]
    TooMany(BoxId),
    /// Events may not be sent there.
    #[error("url: events cannot be sent there, {reason}")]
    Url {
        /// Why not, and the cure.
        reason: String,
    },
    /// Too many secrets would sign at once.
    #[error(
        "webhook {id} of box {box_id} has three old secrets that still sign: wait until the time of one is over, or keep none by keepSeconds 0"
    )]
    TooManySecrets {
        /// The box.
        box_id: BoxId,
        /// The webhook.
        id: WebhookId,
    },
    /// Others changed it again and again while this call tried to.
    #[error("webhook {id} of box {box_id} is being changed by others: repeat the call")]
    Busy {
        /// The box.
        box_id: BoxId,
        /// The webhook.
        id: WebhookId,
    },
    /// The stored form of an event is damaged.
    #[error("event {event} cannot be read: {reason}")]
    Unreadable {
        /// The event.
        event: EventId,
        /// Why.
        reason: String,
    },
    /// Who acts may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(WebhookError);
