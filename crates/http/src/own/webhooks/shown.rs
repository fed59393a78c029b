//! Webhooks as programs are shown them.

use potok_app::Pinged as Answered;
use potok_domain::webhook::{Attempt, Webhook, WebhookState};
use potok_types::Ticks;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A webhook, without its secrets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown<'a> {
    id: String,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    department_id: Option<String>,
    /// Who changed it last.
    user_id: String,
    created_at: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Everything up to here is done.
    index_key: String,
    failures: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<String>,
    /// When replaced secrets sign no more.
    old_secrets_until: Vec<String>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(webhook: &'a Webhook) -> Self {
        let Webhook { terms, progress, .. } = webhook;
        let (state, reason, due_at) = match &progress.state {
            WebhookState::Active { due_at } => ("Active", None, Some(*due_at)),
            WebhookState::Paused => ("Paused", None, None),
            WebhookState::Broken(reason) => ("Broken", Some(reason.as_str()), None),
        };
        Self {
            id: webhook.id.to_string(),
            url: &terms.url,
            department_id: terms.department.map(|department| department.to_string()),
            user_id: terms.user.to_string(),
            created_at: time(webhook.made_at),
            state,
            reason,
            index_key: progress.position.to_string(),
            failures: progress.failures,
            failing_since: progress.failing_since.map(time),
            next_attempt_at: due_at.filter(|_| progress.failures > 0).map(time),
            old_secrets_until: terms.old_secrets.iter().map(|old| time(old.until)).collect(),
        }
    }
}

/// The same with the secret, which is shown when it is new and never again.
#[derive(Serialize)]
pub(super) struct Made<'a> {
    #[serde(flatten)]
    webhook: Shown<'a>,
    secret: String,
}

impl<'a> Made<'a> {
    pub(super) fn of(webhook: &'a Webhook) -> Self {
        Self { secret: webhook.terms.secret.text(), webhook: Shown::of(webhook) }
    }
}

#[derive(Serialize)]
pub(super) struct List<'a> {
    webhooks: Vec<Shown<'a>>,
}

pub(super) fn list(webhooks: &[Webhook]) -> List<'_> {
    List { webhooks: webhooks.iter().map(Shown::of).collect() }
}

/// Attempts, newest first.
#[derive(Serialize)]
pub(super) struct Attempts<'a> {
    deliveries: Vec<Tried<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tried<'a> {
    event_id: String,
    at: String,
    milliseconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl<'a> Attempts<'a> {
    pub(super) fn of(attempts: &'a [Attempt]) -> Self {
        let tried = |it: &'a Attempt| Tried {
            event_id: it.event.to_string(),
            at: time(it.at),
            milliseconds: it.milliseconds,
            status: it.status,
            error: it.error.as_deref(),
        };
        Self { deliveries: attempts.iter().map(tried).collect() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pinged<'a> {
    message_id: &'a str,
    milliseconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl<'a> Pinged<'a> {
    pub(super) fn of(pinged: &'a Answered) -> Self {
        let (status, error) = match &pinged.answer {
            Ok(status) => (Some(*status), None),
            Err(failure) => (failure.status, Some(failure.reason.as_str())),
        };
        Self { message_id: &pinged.message_id, milliseconds: pinged.milliseconds, status, error }
    }
}

/// In UTC; empty for what no calendar has.
fn time(at: Ticks) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at.unix_seconds());
    at.ok().and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}
