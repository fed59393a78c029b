//! Keys that the server holds, and what is to be signed by them.

use async_trait::async_trait;
use potok_domain::signing::{HeldKey, KeyName, KeyPlace, Signing, Stage};
use potok_store::stored::{decode_signing, encode_signing};
use potok_store::{HeldKeys, Signings, StoreError};
use potok_types::{TaskId, Ticks, UserId};

use crate::outbox::{AT_ONCE, due_at};
use crate::{Backend, Failure, Row, SigningStmt, Sql, SqlStore, SqlWrite, args};

fn key(row: &dyn Row) -> Result<HeldKey, Failure> {
    Ok(HeldKey {
        user: row.get(0)?,
        name: KeyName(row.get(1)?),
        certificate: row.get(2)?,
        digest: row.get(3)?,
        place: KeyPlace { source: row.get(4)?, certificate: row.get(5)?, password: row.get(6)? },
        is_unattended: row.get(7)?,
        added_at: row.get(8)?,
    })
}

fn signing(row: &dyn Row) -> Result<Signing, Failure> {
    let id: TaskId = row.get(0)?;
    let stored: Vec<u8> = row.get(4)?;
    let read = decode_signing(&stored);
    let (key, work, stage) =
        read.map_err(|error| Failure::Invalid(format!("signing {id} cannot be read: {error}")))?;
    Ok(Signing { id, user: row.get(1)?, started_at: row.get(2)?, revision: row.get(3)?, key, work, stage })
}

/// When a worker may do it; `None` when there is nothing to do.
fn due(signing: &Signing) -> Option<i64> {
    matches!(signing.stage, Stage::Ready { .. }).then_some(AT_ONCE)
}

const fn is_waiting(signing: &Signing) -> bool {
    matches!(signing.stage, Stage::Waiting { .. })
}

async fn claim(sql: &mut impl SqlWrite, now: Ticks, until: Ticks) -> Result<Option<Signing>, Failure> {
    let found =
        sql.row(SigningStmt::Due, &args![due_at(now)], |row| Ok((signing(row)?, row.get(5)?))).await?;
    let Some((found, due)): Option<(Signing, i64)> = found else { return Ok(None) };
    let is_held = sql.execute(SigningStmt::Hold, &args![found.id, due, due_at(until)]).await? == 1;
    Ok(is_held.then_some(found))
}

#[async_trait]
impl<B: Backend> HeldKeys for SqlStore<B> {
    async fn add_held_key(&self, key: &HeldKey) -> Result<bool, StoreError> {
        self.write("add a key", key.clone(), |session, it| {
            session.touches_nothing();
            Box::pin(async move {
                let args = args![
                    it.user,
                    &it.name.0,
                    &it.certificate,
                    &it.digest,
                    &it.place.source,
                    it.place.certificate.as_ref(),
                    it.place.password.as_ref(),
                    it.is_unattended,
                    it.added_at,
                ];
                Ok(session.sql.execute(SigningStmt::AddKey, &args).await? == 1)
            })
        })
        .await
    }

    async fn held_keys(&self, user: UserId) -> Result<Vec<HeldKey>, StoreError> {
        self.ask("list the keys of a user", user, |sql, user| {
            Box::pin(async move { sql.rows(SigningStmt::KeysOfUser, &args![*user], key).await })
        })
        .await
    }

    async fn all_held_keys(&self) -> Result<Vec<HeldKey>, StoreError> {
        self.ask("list keys", (), |sql, ()| Box::pin(sql.rows(SigningStmt::Keys, &[], key))).await
    }

    async fn remove_held_key(&self, user: UserId, name: KeyName) -> Result<bool, StoreError> {
        self.write("remove a key", (user, name), |session, (user, name)| {
            session.touches_nothing();
            Box::pin(async move {
                Ok(session.sql.execute(SigningStmt::RemoveKey, &args![*user, &name.0]).await? == 1)
            })
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> Signings for SqlStore<B> {
    async fn put_signing(&self, signing: &Signing) -> Result<(), StoreError> {
        let given = (signing.clone(), encode_signing(signing));
        self.write("keep a signing", given, |session, (it, stored)| {
            session.touches_nothing();
            Box::pin(async move {
                let args =
                    args![it.id, it.user, it.started_at, it.revision, is_waiting(it), due(it), &*stored,];
                session.sql.execute(SigningStmt::Put, &args).await.map(drop)
            })
        })
        .await
    }

    async fn signing(&self, id: TaskId) -> Result<Option<Signing>, StoreError> {
        self.ask("find a signing", id, |sql, id| {
            Box::pin(async move { sql.row(SigningStmt::One, &args![*id], signing).await })
        })
        .await
    }

    async fn waiting_signings(&self, user: UserId, limit: usize) -> Result<Vec<Signing>, StoreError> {
        self.ask("list what waits of a user", (user, limit), |sql, (user, limit)| {
            Box::pin(async move {
                sql.rows(SigningStmt::WaitingOfUser, &args![true, *user, *limit], signing).await
            })
        })
        .await
    }

    async fn all_waiting_signings(&self, limit: usize) -> Result<Vec<Signing>, StoreError> {
        self.ask("list what waits", limit, |sql, limit| {
            Box::pin(async move { sql.rows(SigningStmt::Waiting, &args![true, *limit], signing).await })
        })
        .await
    }

    async fn change_signing(&self, signing: &Signing) -> Result<bool, StoreError> {
        let given = (signing.clone(), encode_signing(signing));
        self.write("change a signing", given, |session, (it, stored)| {
            session.touches_nothing();
            Box::pin(async move {
                let before = it.revision.saturating_sub(1);
                let args = args![it.id, before, it.revision, is_waiting(it), due(it), &*stored];
                Ok(session.sql.execute(SigningStmt::Change, &args).await? == 1)
            })
        })
        .await
    }

    async fn claim_signing(&self, now: Ticks, until: Ticks) -> Result<Option<Signing>, StoreError> {
        // Whoever looks for work all the time writes only when there is some.
        let is_due = self.ask("look for signings", now, |sql, now| {
            Box::pin(async move { sql.exists(SigningStmt::Due, &args![due_at(*now)]).await })
        });
        if !is_due.await? {
            return Ok(None);
        }
        self.write("take a signing", (now, until), |session, (now, until)| {
            session.touches_nothing();
            Box::pin(claim(&mut session.sql, *now, *until))
        })
        .await
    }

    async fn release_signing(&self, id: TaskId, until: Ticks, at: Ticks) -> Result<(), StoreError> {
        self.rewrite("give a signing back", (id, until, at), |session, (id, until, at)| {
            session.touches_nothing();
            Box::pin(async move {
                let args = args![*id, due_at(*until), due_at(*at)];
                session.sql.execute(SigningStmt::Hold, &args).await.map(drop)
            })
        })
        .await
    }

    async fn free_signings(&self) -> Result<u64, StoreError> {
        self.rewrite("free signings", (), |session, ()| {
            session.touches_nothing();
            Box::pin(async move { session.sql.execute(SigningStmt::FreeAll, &args![AT_ONCE]).await })
        })
        .await
    }

    async fn forget_signings(&self, before: Ticks) -> Result<u64, StoreError> {
        self.rewrite("forget signings", before, |session, before| {
            session.touches_nothing();
            Box::pin(async move { session.sql.execute(SigningStmt::Forget, &args![*before]).await })
        })
        .await
    }
}
