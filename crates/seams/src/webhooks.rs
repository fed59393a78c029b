//! Sending to receivers outside.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::webhook::{NotTaken, WebhookSecret};
use potok_types::Ticks;

use crate::NoKeys;

/// Nothing is sent from where nobody signs.
const NOT_SENT: &str = "nothing is sent from here: only a running server sends";

/// One message to one receiver.
#[derive(Clone, Debug)]
pub struct WebhookMessage<'a> {
    /// Where to.
    pub url: &'a str,
    /// The same for each attempt to send the same, so that the receiver recognizes it.
    pub id: &'a str,
    /// The time of this attempt.
    pub at: Ticks,
    /// What sign it, the newest first.
    pub secrets: &'a [WebhookSecret],
    /// JSON.
    pub body: Bytes,
}

/// Sends to receivers outside, and to none that it must not reach.
#[async_trait]
pub trait WebhookSender: std::fmt::Debug + Send + Sync {
    /// Whether events may be sent to `url`, as far as that is known without sending anything.
    ///
    /// # Errors
    /// Why not, and the cure, for people.
    async fn check(&self, url: &str) -> Result<(), String>;

    /// Sends a message. The status with which the receiver took it, a success.
    ///
    /// # Errors
    /// [`NotTaken`].
    async fn send(&self, message: WebhookMessage<'_>) -> Result<u16, NotTaken>;
}

#[async_trait]
impl WebhookSender for NoKeys {
    async fn check(&self, _url: &str) -> Result<(), String> {
        Err(NOT_SENT.to_owned())
    }

    async fn send(&self, _message: WebhookMessage<'_>) -> Result<u16, NotTaken> {
        Err(NotTaken { status: None, retry_after_seconds: None, reason: NOT_SENT.to_owned() })
    }
}
