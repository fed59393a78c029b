//! Trusted services, other providers, and whose users theirs are.

use async_trait::async_trait;
use potok_store::{OutsideUsers, ServiceKey, StoreError, TokenHash, TrustedServices};
use potok_types::{Ticks, UserId};

use crate::{Backend, Failure, Row, SignInStmt, Sql as _, SqlStore, SqlWrite, args};

fn key(row: &dyn Row) -> Result<ServiceKey, Failure> {
    Ok(ServiceKey {
        hash: TokenHash(row.get(0)?),
        client_id: row.get(1)?,
        name: row.get(2)?,
        added_at: row.get(3)?,
    })
}

async fn delete(sql: &mut impl SqlWrite, hash: &TokenHash) -> Result<bool, Failure> {
    sql.execute(SignInStmt::DeleteBindingsOfKey, &args![&hash.0]).await?;
    Ok(sql.execute(SignInStmt::DeleteServiceKey, &args![&hash.0]).await? == 1)
}

#[async_trait]
impl<B: Backend> TrustedServices for SqlStore<B> {
    async fn service_key(&self, hash: TokenHash) -> Result<Option<ServiceKey>, StoreError> {
        self.ask("find a key of a service", hash, |sql, hash| {
            Box::pin(async move { sql.row(SignInStmt::ServiceKey, &args![&hash.0], key).await })
        })
        .await
    }

    async fn service_keys(&self) -> Result<Vec<ServiceKey>, StoreError> {
        self.ask("list the keys of services", (), |sql, ()| {
            Box::pin(sql.rows(SignInStmt::ServiceKeys, &[], key))
        })
        .await
    }

    async fn put_service_key(&self, key: &ServiceKey) -> Result<(), StoreError> {
        self.rewrite("write a key of a service", key.clone(), |session, it| {
            Box::pin(async move {
                let args = args![&it.hash.0, &it.client_id, &it.name, it.added_at];
                session.sql.execute(SignInStmt::PutServiceKey, &args).await.map(drop)
            })
        })
        .await
    }

    async fn delete_service_key(&self, hash: TokenHash) -> Result<bool, StoreError> {
        self.write("delete a key of a service", hash, |session, hash| {
            Box::pin(delete(&mut session.sql, hash))
        })
        .await
    }

    async fn bind_service_user(
        &self,
        key: TokenHash,
        service_user: &str,
        user: UserId,
        now: Ticks,
    ) -> Result<(), StoreError> {
        let given = (key, service_user.to_owned(), user, now);
        self.rewrite("bind a user of a service", given, |session, (key, service_user, user, now)| {
            Box::pin(async move {
                let args = args![&key.0, service_user, *user, *now];
                session.sql.execute(SignInStmt::Bind, &args).await.map(drop)
            })
        })
        .await
    }

    async fn bound_user(&self, key: TokenHash, service_user: &str) -> Result<Option<UserId>, StoreError> {
        self.ask("find a user of a service", (key, service_user.to_owned()), |sql, (key, service_user)| {
            let read = |row: &dyn Row| row.get(0);
            Box::pin(async move { sql.row(SignInStmt::BoundUser, &args![&key.0, service_user], read).await })
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> OutsideUsers for SqlStore<B> {
    async fn outside_user(&self, issuer: &str, subject: &str) -> Result<Option<UserId>, StoreError> {
        let given = (issuer.to_owned(), subject.to_owned());
        self.ask("find a user of another provider", given, |sql, (issuer, subject)| {
            let read = |row: &dyn Row| row.get(0);
            Box::pin(async move { sql.row(SignInStmt::OutsideUser, &args![issuer, subject], read).await })
        })
        .await
    }

    async fn add_outside_user(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        now: Ticks,
    ) -> Result<bool, StoreError> {
        let given = (issuer.to_owned(), subject.to_owned(), user, now);
        self.write("note a user of another provider", given, |session, (issuer, subject, user, now)| {
            Box::pin(async move {
                let args = args![issuer, subject, *user, *now];
                Ok(session.sql.execute(SignInStmt::InsertOutsideUser, &args).await? == 1)
            })
        })
        .await
    }
}
