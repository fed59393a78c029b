//! What receivers are sent.

use bytes::Bytes;
use potok_cms::UnixTime;
use potok_domain::webhook::{NotTaken, Webhook, WebhookId};
use potok_seams::WebhookMessage;
use potok_types::{BoxId, Ticks};
use tokio::time::Instant;

use super::{BoxAdministrator, WebhookError, Webhooks};

/// What came of sending something to try whether it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinged {
    /// The id of the message.
    pub message_id: String,
    /// How long the receiver took, in milliseconds.
    pub milliseconds: u32,
    /// The status with which it took the message, or why it did not.
    pub answer: Result<u16, NotTaken>,
}

/// The body of an event: its kind, when it came into the feed, the box, and the event as `GetNewEvents` shows it.
pub(super) fn event_body(box_id: BoxId, at: Ticks, event: &[u8]) -> Bytes {
    let mut body = head("box.event", box_id, at);
    body.extend_from_slice(br#","data":"#);
    body.extend_from_slice(event);
    body.push(b'}');
    body.into()
}

fn ping_body(box_id: BoxId, at: Ticks, id: WebhookId) -> Bytes {
    let mut body = head("ping", box_id, at);
    body.extend_from_slice(format!(r#","data":{{"webhookId":"{id}"}}}}"#).as_bytes());
    body.into()
}

fn head(kind: &str, box_id: BoxId, at: Ticks) -> Vec<u8> {
    let at = UnixTime(at.unix_seconds());
    format!(r#"{{"type":"{kind}","timestamp":"{at}","boxId":"{box_id}""#).into_bytes()
}

/// How long ago that was, in milliseconds.
pub(super) fn milliseconds(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}

impl Webhooks {
    /// Sends something that is no event, now, whether the webhook sends events or not.
    ///
    /// # Errors
    /// [`WebhookError::NoWebhook`].
    pub async fn ping(&self, actor: &BoxAdministrator, id: WebhookId) -> Result<Pinged, WebhookError> {
        let webhook = self.get(actor, id).await?;
        let message_id = format!("ping_{}", self.core.entropy.uuid());
        let begun = Instant::now();
        let body = ping_body(webhook.box_id, self.core.clock.now(), id);
        let answer = self.send(&webhook, &message_id, body).await;
        Ok(Pinged { message_id, milliseconds: milliseconds(begun), answer })
    }

    /// Sends one message, signed now.
    pub(super) async fn send(&self, webhook: &Webhook, id: &str, body: Bytes) -> Result<u16, NotTaken> {
        let at = self.core.clock.now();
        let secrets = webhook.terms.signing(at);
        let message = WebhookMessage { url: &webhook.terms.url, id, at, secrets: &secrets, body };
        self.sender.send(message).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_json_that_says_what_they_are() {
        let at = Ticks::from_unix_seconds(1_769_936_400);
        assert_eq!(
            event_body(BoxId::ZERO, at, br#"{"EventId":"1"}"#),
            r#"{"type":"box.event","timestamp":"2026-02-01T09:00:00Z","boxId":"00000000000000000000000000000000@diadoc.ru","data":{"EventId":"1"}}"#
        );
        assert_eq!(
            ping_body(BoxId::ZERO, at, WebhookId(uuid::Uuid::nil())),
            r#"{"type":"ping","timestamp":"2026-02-01T09:00:00Z","boxId":"00000000000000000000000000000000@diadoc.ru","data":{"webhookId":"00000000-0000-0000-0000-000000000000"}}"#
        );
    }
}
