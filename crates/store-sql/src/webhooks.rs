//! Webhooks.

use async_trait::async_trait;
use potok_domain::webhook::{
    Attempt, OldSecret, Progress, SECRET_BYTES, Webhook, WebhookId, WebhookSecret, WebhookState, WebhookTerms,
};
use potok_store::{StoreError, WebhookCounts, WebhookLease, Webhooks};
use potok_types::{BoxId, Ticks};

use crate::{Backend, Failure, Row, Sql, SqlStore, SqlWrite, WebhookStmt, args};

/// How states are written.
const ACTIVE: u8 = 1;
const PAUSED: u8 = 2;
const BROKEN: u8 = 3;

/// A replaced secret and the end of its time, as they stand one behind the other.
const OLD_SECRET_BYTES: usize = SECRET_BYTES + 8;

fn old_secrets(terms: &WebhookTerms) -> Vec<u8> {
    let written =
        terms.old_secrets.iter().map(|old| [&old.secret.0[..], &old.until.get().to_be_bytes()].concat());
    written.flatten().collect()
}

fn read_old_secret(bytes: &[u8]) -> Option<OldSecret> {
    let (secret, until) = bytes.split_first_chunk::<SECRET_BYTES>()?;
    let until = i64::from_be_bytes(until.try_into().ok()?);
    Some(OldSecret { secret: WebhookSecret(*secret), until: Ticks::new(until) })
}

/// State, when it is due, and why it was given up.
fn written(state: &WebhookState) -> (u8, Option<Ticks>, Option<&str>) {
    match state {
        WebhookState::Active { due_at } => (ACTIVE, Some(*due_at), None),
        WebhookState::Paused => (PAUSED, None, None),
        WebhookState::Broken(reason) => (BROKEN, None, Some(reason)),
    }
}

fn state(
    id: WebhookId,
    number: u8,
    due_at: Option<Ticks>,
    reason: Option<String>,
) -> Result<WebhookState, Failure> {
    match (number, due_at) {
        (ACTIVE, Some(due_at)) => Ok(WebhookState::Active { due_at }),
        (PAUSED, _) => Ok(WebhookState::Paused),
        (BROKEN, _) => Ok(WebhookState::Broken(reason.unwrap_or_default())),
        _ => Err(Failure::Invalid(format!(
            "webhook {id} has state {number}, which this program does not know"
        ))),
    }
}

fn webhook(row: &dyn Row) -> Result<Webhook, Failure> {
    let id: WebhookId = row.get(1)?;
    let old: Vec<u8> = row.get(5)?;
    let old_secrets: Option<Vec<OldSecret>> = old.chunks(OLD_SECRET_BYTES).map(read_old_secret).collect();
    Ok(Webhook {
        box_id: row.get(0)?,
        id,
        made_at: row.get(2)?,
        terms: WebhookTerms {
            url: row.get(3)?,
            secret: WebhookSecret(row.get(4)?),
            old_secrets: old_secrets
                .ok_or_else(|| Failure::Invalid(format!("the old secrets of webhook {id} are damaged")))?,
            user: row.get(6)?,
            department: row.get(7)?,
        },
        progress: Progress {
            state: state(id, row.get(8)?, row.get(9)?, row.get(10)?)?,
            position: row.get(11)?,
            failures: row.get(12)?,
            failing_since: row.get(13)?,
        },
        turn: row.get(14)?,
    })
}

fn attempt(row: &dyn Row) -> Result<Attempt, Failure> {
    Ok(Attempt {
        event: row.get(0)?,
        at: row.get(1)?,
        milliseconds: row.get(2)?,
        status: row.get(3)?,
        error: row.get(4)?,
    })
}

async fn add(sql: &mut impl SqlWrite, it: &Webhook, most: usize) -> Result<bool, Failure> {
    sql.enter(it.box_id).await?;
    let Webhook { terms, progress, .. } = it;
    let (old_secrets, (state, due_at, reason)) = (old_secrets(terms), written(&progress.state));
    let args = args![
        it.box_id,
        it.id,
        it.made_at,
        &terms.url,
        &terms.secret.0,
        &old_secrets,
        terms.user,
        terms.department,
        state,
        due_at,
        reason,
        progress.position,
        progress.failures,
        progress.failing_since,
        it.turn,
        most,
    ];
    Ok(sql.execute(WebhookStmt::Add, &args).await? == 1)
}

async fn change(sql: &mut impl SqlWrite, it: &Webhook) -> Result<bool, Failure> {
    sql.enter(it.box_id).await?;
    let Webhook { terms, progress, .. } = it;
    let (old_secrets, (state, due_at, reason)) = (old_secrets(terms), written(&progress.state));
    let args = args![
        it.box_id,
        it.id,
        it.turn.saturating_sub(1),
        it.turn,
        &terms.url,
        &terms.secret.0,
        &old_secrets,
        terms.user,
        terms.department,
        state,
        due_at,
        reason,
        progress.position,
        progress.failures,
        progress.failing_since,
    ];
    Ok(sql.execute(WebhookStmt::Change, &args).await? == 1)
}

async fn remove(sql: &mut impl SqlWrite, box_id: BoxId, id: WebhookId) -> Result<bool, Failure> {
    sql.enter(box_id).await?;
    sql.execute(WebhookStmt::RemoveAttempts, &args![box_id, id]).await?;
    Ok(sql.execute(WebhookStmt::Remove, &args![box_id, id]).await? == 1)
}

async fn lease(
    sql: &mut impl SqlWrite,
    (box_id, id, now, until): (BoxId, WebhookId, Ticks, Ticks),
) -> Result<Option<Webhook>, Failure> {
    sql.enter(box_id).await?;
    if sql.execute(WebhookStmt::Lease, &args![box_id, id, now, until]).await? == 0 {
        return Ok(None);
    }
    sql.row(WebhookStmt::One, &args![box_id, id], webhook).await
}

async fn note(
    sql: &mut impl SqlWrite,
    lease: WebhookLease,
    progress: &Progress,
    attempt: Option<&Attempt>,
    keep: u32,
) -> Result<bool, Failure> {
    sql.enter(lease.box_id).await?;
    let (state, due_at, reason) = written(&progress.state);
    let args = args![
        lease.box_id,
        lease.id,
        lease.turn,
        state,
        due_at,
        reason,
        progress.position,
        progress.failures,
        progress.failing_since,
        u32::from(attempt.is_some()),
    ];
    if sql.execute(WebhookStmt::Note, &args).await? == 0 {
        return Ok(false);
    }
    if let Some(it) = attempt {
        let args = args![
            lease.box_id,
            lease.id,
            keep.max(1),
            it.event,
            it.at,
            it.milliseconds,
            it.status,
            it.error.as_ref(),
        ];
        sql.execute(WebhookStmt::PutAttempt, &args).await?;
    }
    Ok(true)
}

fn named(row: &dyn Row) -> Result<(BoxId, WebhookId), Failure> {
    Ok((row.get(0)?, row.get(1)?))
}

#[async_trait]
impl<B: Backend> Webhooks for SqlStore<B> {
    async fn add_webhook(&self, webhook: &Webhook, most: usize) -> Result<bool, StoreError> {
        self.write("add a webhook", (webhook.clone(), most), |session, (it, most)| {
            session.touches_nothing();
            Box::pin(add(&mut session.sql, it, *most))
        })
        .await
    }

    async fn webhooks(&self, box_id: BoxId) -> Result<Vec<Webhook>, StoreError> {
        self.ask("list webhooks", box_id, |sql, box_id| {
            Box::pin(async move { sql.rows(WebhookStmt::OfBox, &args![*box_id], webhook).await })
        })
        .await
    }

    async fn webhook(&self, box_id: BoxId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.ask("find a webhook", (box_id, id), |sql, (box_id, id)| {
            Box::pin(async move { sql.row(WebhookStmt::One, &args![*box_id, *id], webhook).await })
        })
        .await
    }

    async fn change_webhook(&self, webhook: &Webhook) -> Result<bool, StoreError> {
        self.write("change a webhook", webhook.clone(), |session, it| {
            session.touches_nothing();
            Box::pin(change(&mut session.sql, it))
        })
        .await
    }

    async fn remove_webhook(&self, box_id: BoxId, id: WebhookId) -> Result<bool, StoreError> {
        self.write("remove a webhook", (box_id, id), |session, (box_id, id)| {
            session.touches_nothing();
            Box::pin(remove(&mut session.sql, *box_id, *id))
        })
        .await
    }

    async fn webhook_attempts(
        &self,
        box_id: BoxId,
        id: WebhookId,
        limit: usize,
    ) -> Result<Vec<Attempt>, StoreError> {
        self.ask("list the attempts of a webhook", (box_id, id, limit), |sql, (box_id, id, limit)| {
            Box::pin(
                async move { sql.rows(WebhookStmt::Attempts, &args![*box_id, *id, *limit], attempt).await },
            )
        })
        .await
    }

    async fn boxes_with_webhooks(&self) -> Result<Vec<BoxId>, StoreError> {
        self.ask("list boxes with webhooks", (), |sql, ()| {
            Box::pin(sql.rows(WebhookStmt::Boxes, &[], |row| row.get(0)))
        })
        .await
    }

    async fn waiting_webhooks(
        &self,
        box_id: Option<BoxId>,
        now: Ticks,
        limit: usize,
    ) -> Result<Vec<(BoxId, WebhookId)>, StoreError> {
        self.ask("look for events of webhooks", (box_id, now, limit), |sql, (box_id, now, limit)| {
            Box::pin(async move {
                match box_id {
                    Some(box_id) => {
                        sql.rows(WebhookStmt::WaitingOfBox, &args![*box_id, *now, *limit], named).await
                    }
                    None => sql.rows(WebhookStmt::Waiting, &args![*now, *limit], named).await,
                }
            })
        })
        .await
    }

    async fn lease_webhook(
        &self,
        box_id: BoxId,
        id: WebhookId,
        now: Ticks,
        until: Ticks,
    ) -> Result<Option<Webhook>, StoreError> {
        self.write("lease a webhook", (box_id, id, now, until), |session, given| {
            session.touches_nothing();
            Box::pin(lease(&mut session.sql, *given))
        })
        .await
    }

    async fn renew_webhook(&self, lease: WebhookLease, until: Ticks) -> Result<bool, StoreError> {
        self.rewrite("renew the lease of a webhook", (lease, until), |session, (lease, until)| {
            session.touches_nothing();
            Box::pin(async move {
                session.sql.enter(lease.box_id).await?;
                let args = args![lease.box_id, lease.id, lease.turn, *until];
                Ok(session.sql.execute(WebhookStmt::Renew, &args).await? == 1)
            })
        })
        .await
    }

    async fn note_webhook(
        &self,
        lease: WebhookLease,
        progress: &Progress,
        attempt: Option<&Attempt>,
        keep: u32,
    ) -> Result<bool, StoreError> {
        let given = (lease, progress.clone(), attempt.cloned(), keep);
        self.write("note how far a webhook has come", given, |session, (lease, progress, attempt, keep)| {
            session.touches_nothing();
            Box::pin(note(&mut session.sql, *lease, progress, attempt.as_ref(), *keep))
        })
        .await
    }

    async fn free_webhooks(&self, now: Ticks) -> Result<u64, StoreError> {
        self.rewrite("free webhooks", now, |session, now| {
            session.touches_nothing();
            Box::pin(async move { session.sql.execute(WebhookStmt::FreeAll, &args![*now]).await })
        })
        .await
    }

    async fn count_webhooks(&self) -> Result<WebhookCounts, StoreError> {
        self.ask("count webhooks", (), |sql, ()| {
            Box::pin(async move {
                let mut counts = WebhookCounts::default();
                let read = |row: &dyn Row| Ok((row.get::<u8>(0)?, row.get::<i64>(1)?.unsigned_abs()));
                for (state, count) in sql.rows(WebhookStmt::Count, &[], read).await? {
                    match state {
                        ACTIVE => counts.active = count,
                        PAUSED => counts.paused = count,
                        _ => counts.broken = count,
                    }
                }
                Ok(counts)
            })
        })
        .await
    }
}
