//! What administrators of a box do with its webhooks.

use potok_domain::query::FeedFilter;
use potok_domain::webhook::{
    Attempt, Progress, SECRET_BYTES, Webhook, WebhookId, WebhookSecret, WebhookState, WebhookTerms,
};
use potok_types::access::{Administers, BoxEmployee};
use potok_types::{BoxId, DepartmentId, IndexKey, UserId};

use super::{KEPT_ATTEMPTS, MOST_WEBHOOKS, WebhookError, Webhooks};
use crate::{AccessError, Actor, Missing, Permit};

/// How often a change is tried again when a worker or somebody else was faster.
const TRIES: usize = 8;

/// An administrator of the box.
pub type BoxAdministrator = Permit<Administers<BoxEmployee>>;

/// What a new webhook is to be.
#[derive(Clone, Debug)]
pub struct WebhookWish {
    /// Where events are sent.
    pub url: String,
    /// Of the events that who asks sees those of this department only.
    pub department: Option<DepartmentId>,
    /// Behind which place of the feed it begins; `None`: behind its end.
    pub after: Option<IndexKey>,
}

/// What is to be different; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct WebhookChange {
    /// Where events are sent.
    pub url: Option<String>,
    /// Of which department, or of all.
    pub department: Option<Option<DepartmentId>>,
    /// Whether events are sent. One that was given up is resumed by `true`.
    pub is_active: Option<bool>,
}

impl Webhooks {
    /// The permit of a user in a box, for commands of the operator of the server.
    ///
    /// # Errors
    /// As [`Callers::permit`](crate::Callers::permit).
    pub async fn administrator(&self, user: UserId, box_id: BoxId) -> Result<BoxAdministrator, AccessError> {
        BoxAdministrator::again(&self.core, user, box_id).await
    }

    /// Makes a webhook. It shows what `actor` sees, and begins to send at once.
    ///
    /// # Errors
    /// [`WebhookError::Url`], [`WebhookError::TooMany`], `Missing::Department`.
    pub async fn create(&self, actor: &BoxAdministrator, wish: WebhookWish) -> Result<Webhook, WebhookError> {
        let WebhookWish { url, department, after } = wish;
        let box_id = actor.box_id();
        self.check(actor, Some(&url), department).await?;
        let now = self.core.clock.now();
        let position = match after {
            Some(after) => after,
            None => self.end(box_id).await?,
        };
        let (user, secret) = (actor.user.id, self.new_secret());
        let webhook = Webhook {
            box_id,
            id: WebhookId(self.core.entropy.id()),
            made_at: now,
            terms: WebhookTerms { url, secret, old_secrets: Vec::new(), user, department },
            progress: Progress::from(position, now),
            turn: 0,
        };
        if !self.kept.add_webhook(&webhook, MOST_WEBHOOKS).await? {
            return Err(WebhookError::TooMany(box_id));
        }
        self.core.rung.know([box_id]);
        Ok(webhook)
    }

    /// Those of the box, oldest first.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn list(&self, actor: &BoxAdministrator) -> Result<Vec<Webhook>, WebhookError> {
        Ok(self.kept.webhooks(actor.box_id()).await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`WebhookError::NoWebhook`].
    pub async fn get(&self, actor: &BoxAdministrator, id: WebhookId) -> Result<Webhook, WebhookError> {
        let box_id = actor.box_id();
        self.kept.webhook(box_id, id).await?.ok_or(WebhookError::NoWebhook { box_id, id })
    }

    /// Changes one. It shows from now on what `actor` sees.
    ///
    /// # Errors
    /// [`WebhookError::NoWebhook`], and as [`Self::create`]; [`WebhookError::Busy`].
    pub async fn change(
        &self,
        actor: &BoxAdministrator,
        id: WebhookId,
        change: &WebhookChange,
    ) -> Result<Webhook, WebhookError> {
        self.check(actor, change.url.as_deref(), change.department.flatten()).await?;
        self.changed(actor, id, |webhook| {
            let mut next = webhook.clone();
            next.terms.user = actor.user.id;
            if let Some(url) = &change.url {
                next.terms.url.clone_from(url);
            }
            if let Some(department) = change.department {
                next.terms.department = department;
            }
            match change.is_active {
                Some(true) => {
                    next.progress = Progress::from(webhook.progress.position, self.core.clock.now())
                }
                Some(false) => next.progress.state = WebhookState::Paused,
                None => {}
            }
            Ok(next)
        })
        .await
    }

    /// Gives it another secret; the one of now signs too for `keep_seconds`.
    ///
    /// # Errors
    /// [`WebhookError::NoWebhook`], [`WebhookError::TooManySecrets`], [`WebhookError::Busy`].
    pub async fn rotate(
        &self,
        actor: &BoxAdministrator,
        id: WebhookId,
        keep_seconds: u32,
    ) -> Result<Webhook, WebhookError> {
        let (secret, now) = (self.new_secret(), self.core.clock.now());
        let until = now.plus_seconds(keep_seconds.into());
        self.changed(actor, id, |webhook| {
            let too_many = |_| WebhookError::TooManySecrets { box_id: webhook.box_id, id };
            let terms = webhook.terms.rotated(secret, until, now).map_err(too_many)?;
            Ok(Webhook { terms, ..webhook.clone() })
        })
        .await
    }

    /// Sends once more everything behind `position`, or passes over what is before it. One that was given up is resumed; one that
    /// somebody stopped stays so.
    ///
    /// # Errors
    /// [`WebhookError::NoWebhook`], [`WebhookError::Busy`].
    pub async fn replay(
        &self,
        actor: &BoxAdministrator,
        id: WebhookId,
        position: IndexKey,
    ) -> Result<Webhook, WebhookError> {
        self.changed(actor, id, |webhook| {
            let mut progress = Progress::from(position, self.core.clock.now());
            if webhook.progress.state == WebhookState::Paused {
                progress.state = WebhookState::Paused;
            }
            Ok(Webhook { progress, ..webhook.clone() })
        })
        .await
    }

    /// Forgets one.
    ///
    /// # Errors
    /// [`WebhookError::NoWebhook`].
    pub async fn delete(&self, actor: &BoxAdministrator, id: WebhookId) -> Result<(), WebhookError> {
        let box_id = actor.box_id();
        let was_there = self.kept.remove_webhook(box_id, id).await?;
        if was_there { Ok(()) } else { Err(WebhookError::NoWebhook { box_id, id }) }
    }

    /// The last attempts, newest first.
    ///
    /// # Errors
    /// [`WebhookError::NoWebhook`].
    pub async fn attempts(
        &self,
        actor: &BoxAdministrator,
        id: WebhookId,
    ) -> Result<Vec<Attempt>, WebhookError> {
        let webhook = self.get(actor, id).await?;
        Ok(self.kept.webhook_attempts(webhook.box_id, id, KEPT_ATTEMPTS as usize).await?)
    }

    /// Writes what `next` makes of a webhook. A worker that is at it notices, and another one goes on: what the first has on its
    /// way may then come twice.
    async fn changed(
        &self,
        actor: &BoxAdministrator,
        id: WebhookId,
        next: impl Fn(&Webhook) -> Result<Webhook, WebhookError> + Send,
    ) -> Result<Webhook, WebhookError> {
        let box_id = actor.box_id();
        for _ in 0..TRIES {
            let webhook = self.get(actor, id).await?;
            let mut next = next(&webhook)?;
            next.turn = webhook.turn + 1;
            if let WebhookState::Active { due_at } = &mut next.progress.state {
                *due_at = self.core.clock.now();
            }
            if self.kept.change_webhook(&next).await? {
                self.core.rung.know([box_id]);
                return Ok(next);
            }
        }
        Err(WebhookError::Busy { box_id, id })
    }

    async fn check(
        &self,
        actor: &Actor,
        url: Option<&str>,
        department: Option<DepartmentId>,
    ) -> Result<(), WebhookError> {
        if let Some(url) = url {
            self.sender.check(url).await.map_err(|reason| WebhookError::Url { reason })?;
        }
        match department {
            Some(department) if !actor.organization.has_department(department) => {
                Err(Missing::Department(department).into())
            }
            _ => Ok(()),
        }
    }

    /// The end of the feed.
    pub(super) async fn end(&self, box_id: BoxId) -> Result<IndexKey, WebhookError> {
        let last = self.core.readings.last(box_id, &FeedFilter::default()).await?;
        Ok(last.map_or(IndexKey::new(0), |event| event.key))
    }

    fn new_secret(&self) -> WebhookSecret {
        let mut bytes = [0; SECRET_BYTES];
        self.core.entropy.fill(&mut bytes);
        WebhookSecret(bytes)
    }
}
