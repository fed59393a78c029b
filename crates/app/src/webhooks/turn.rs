//! One turn of a webhook: a page of its events, one after the other.

use std::sync::atomic::Ordering;

use potok_domain::query::{Bookmark, DepartmentRule, EventsRequest, FeedFilter, FeedOrder};
use potok_domain::webhook::{Attempt, NotTaken, Progress, Webhook, WebhookState};
use potok_seams::Sight;
use potok_store::FeedEvent;
use potok_types::access::OneDepartment;
use potok_types::{IndexKey, Ticks};
use tokio::time::Instant;

use super::message::{event_body, milliseconds};
use super::work::{Sending, lease_of};
use super::{BoxAdministrator, KEPT_ATTEMPTS, WebhookError};
use crate::Permit;
use crate::access::AccessError;
use crate::core::CoreError;
use crate::reading::{EventsAnswer, ReadingError};

/// Events of one turn; then it is the turn of others.
const EVENTS: usize = 20;

/// What a webhook shows next.
struct Next {
    answer: EventsAnswer,
    /// Up to here there is nothing else for it, if that is known to lie behind the last of the events.
    end: Option<IndexKey>,
}

impl Sending {
    /// Sends the next events of a webhook until one is not taken, or it is the turn of others.
    pub(super) async fn turn(&self, webhook: &Webhook) -> Result<(), WebhookError> {
        let next = match self.next(webhook).await? {
            Ok(next) => next,
            Err(reason) => return self.give_up(webhook, reason).await,
        };
        let events = &next.answer.page.events;
        let bytes: usize = events.iter().map(|event| event.box_event.len()).sum();
        let _room = self.webhooks.core.room.memory.take(bytes as u64)?;
        let mut progress = webhook.progress.clone();
        for (nth, event) in events.iter().enumerate() {
            if self.is_stopping.load(Ordering::Relaxed) {
                return self.give_back(webhook, progress.position).await;
            }
            if let Some(body) = self.body(webhook, &next.answer, event)? {
                let sent = self.sent(webhook, event, body).await;
                let core = &self.webhooks.core;
                let (now, is_taken) = (core.clock.now(), sent.error.is_none());
                core.figures.sent(is_taken, Ticks::new(event.key.get()), now);
                progress = match &sent.error {
                    None => {
                        let is_last = nth + 1 == events.len() && next.end.is_none();
                        let due_at = if is_last { now } else { self.webhooks.until(now) };
                        Progress::from(event.key, due_at)
                    }
                    Some(failure) => self.failed(webhook, &progress, failure, now),
                };
                let is_held = self.note(webhook, &progress, Some(&sent.attempt(event, now))).await?;
                if !is_held
                    || !is_taken
                    || matches!(progress.state, WebhookState::Active { due_at } if due_at == now)
                {
                    return Ok(());
                }
            } else {
                progress.position = event.key;
            }
        }
        let end = next.end.map_or(progress.position, |end| end.max(progress.position));
        self.give_back(webhook, end).await
    }

    /// The next events; inside, why there are none any more.
    async fn next(&self, webhook: &Webhook) -> Result<Result<Next, String>, WebhookError> {
        let (core, terms) = (&self.webhooks.core, &webhook.terms);
        let denied = |error: AccessError| match error {
            AccessError::Core(error) if !matches!(error, CoreError::Denied(_)) => {
                Err(WebhookError::Core(error))
            }
            error => Ok(Err(format!(
                "who asked for it may not any more ({error}): another administrator has to change it"
            ))),
        };
        if let Err(error) = BoxAdministrator::again(core, terms.user, webhook.box_id).await {
            return denied(error);
        }
        let reader = match Permit::<OneDepartment>::again(core, terms.user, webhook.box_id).await {
            Ok(reader) => reader,
            Err(error) => return denied(error),
        };
        // Before the events are read: what comes later lies behind it.
        let is_narrow = terms.department.is_some() || !reader.scope.sees_all();
        let end = if is_narrow { Some(self.webhooks.end(webhook.box_id).await?) } else { None };
        let request = EventsRequest {
            after: Some(Bookmark::Key(webhook.progress.position)),
            order: FeedOrder::Ascending,
            limit: EVENTS,
            filter: FeedFilter::default(),
            rule: terms.department.map_or(DepartmentRule::Union, |it| DepartmentRule::Named(Some(it))),
        };
        match self.webhooks.reading.get_new_events(&reader, request).await {
            Ok(answer) => {
                let end = end.filter(|_| answer.page.events.len() < EVENTS);
                Ok(Ok(Next { answer, end }))
            }
            Err(ReadingError::Core(
                error @ (CoreError::Store(_) | CoreError::CutOff | CoreError::NoRoom(_)),
            )) => Err(error.into()),
            Err(error) => Ok(Err(format!("its events cannot be read ({error}): change its department"))),
        }
    }

    /// What is sent of an event; `None` when who asked for the webhook sees nothing of it.
    fn body(
        &self,
        webhook: &Webhook,
        answer: &EventsAnswer,
        event: &FeedEvent,
    ) -> Result<Option<bytes::Bytes>, WebhookError> {
        let sight = match &answer.cut {
            None => None,
            Some(cut) => match cut.state_of(event) {
                Some(state) => Some(Sight { scope: &cut.scope, state, hidden: &cut.hidden }),
                None => return Ok(None),
            },
        };
        let shown = self.webhooks.core.rendering.event_json(&event.box_event, event.key, sight);
        let shown = shown.map_err(|reason| WebhookError::Unreadable { event: event.event_id, reason })?;
        let at = Ticks::new(event.key.get());
        Ok(shown.map(|shown| event_body(webhook.box_id, at, &shown)))
    }

    async fn sent(&self, webhook: &Webhook, event: &FeedEvent, body: bytes::Bytes) -> Sent {
        let begun = Instant::now();
        let answer = self.webhooks.send(webhook, &event.event_id.to_string(), body).await;
        let milliseconds = milliseconds(begun);
        match answer {
            Ok(status) => Sent { milliseconds, status: Some(status), error: None },
            Err(failure) => Sent { milliseconds, status: failure.status, error: Some(failure) },
        }
    }

    fn failed(&self, webhook: &Webhook, progress: &Progress, failure: &NotTaken, now: Ticks) -> Progress {
        let mut chance = [0; 2];
        self.webhooks.core.entropy.fill(&mut chance);
        let next = progress.failed(failure, now, u16::from_le_bytes(chance));
        let (box_id, id, failures, error) = (webhook.box_id, webhook.id, next.failures, &failure.reason);
        match &next.state {
            WebhookState::Broken(reason) => tell_given_up(webhook, reason),
            _ => {
                tracing::warn!(%box_id, webhook = %id, failures, error, "an event was not taken by a webhook and will be sent again");
            }
        }
        next
    }

    async fn give_up(&self, webhook: &Webhook, reason: String) -> Result<(), WebhookError> {
        tell_given_up(webhook, &reason);
        self.note(webhook, &webhook.progress.broken(reason), None).await.map(drop)
    }

    /// Leaves it to whoever is next, behind `position`.
    async fn give_back(&self, webhook: &Webhook, position: IndexKey) -> Result<(), WebhookError> {
        let done = Progress::from(position, self.webhooks.core.clock.now());
        self.note(webhook, &done, None).await.map(drop)
    }

    /// Whether the lease was still held.
    async fn note(
        &self,
        webhook: &Webhook,
        progress: &Progress,
        attempt: Option<&Attempt>,
    ) -> Result<bool, WebhookError> {
        Ok(self.webhooks.kept.note_webhook(lease_of(webhook), progress, attempt, KEPT_ATTEMPTS).await?)
    }
}

/// What came of sending an event.
struct Sent {
    milliseconds: u32,
    status: Option<u16>,
    error: Option<NotTaken>,
}

impl Sent {
    fn attempt(&self, event: &FeedEvent, at: Ticks) -> Attempt {
        let error = self.error.as_ref().map(|failure| failure.reason.clone());
        Attempt { event: event.event_id, at, milliseconds: self.milliseconds, status: self.status, error }
    }
}

fn tell_given_up(webhook: &Webhook, reason: &str) {
    let (box_id, id) = (webhook.box_id, webhook.id);
    tracing::error!(%box_id, webhook = %id, reason, "a webhook was given up: nothing is sent until somebody resumes it");
}
