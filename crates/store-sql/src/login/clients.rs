//! Clients and passwords.

use async_trait::async_trait;
use potok_store::{ApiClient, ApiClients, PasswordLogin, Passwords, StoreError, TokenHash, TokensOf};
use potok_types::UserId;

use super::revoke;
use crate::directory::fold_login;
use crate::{Backend, Failure, LoginStmt, Row, Sql as _, SqlStore, SqlWrite, args};

/// How many columns of a row a client takes.
pub(super) const CLIENT_COLUMNS: usize = 6;

/// The client that a row holds from `first` on.
pub(super) fn client(row: &dyn Row, first: usize) -> Result<ApiClient, Failure> {
    Ok(ApiClient {
        id: row.get(first)?,
        name: row.get(first + 1)?,
        secret_hash: row.get::<Option<[u8; 32]>>(first + 2)?.map(TokenHash),
        is_blocked: row.get(first + 3)?,
        service_user: row.get(first + 4)?,
        is_partner: row.get(first + 5)?,
    })
}

async fn put_client(sql: &mut impl SqlWrite, it: &ApiClient) -> Result<(), Failure> {
    let secret_hash = it.secret_hash.as_ref().map(|hash| &hash.0);
    let args = args![&it.id, &it.name, secret_hash, it.is_blocked, it.service_user, it.is_partner];
    sql.execute(LoginStmt::PutClient, &args).await.map(drop)
}

/// With another secret, or another password, goes what the old one bought.
async fn set_secret(sql: &mut impl SqlWrite, id: &str, hash: &TokenHash) -> Result<Option<u64>, Failure> {
    match sql.execute(LoginStmt::SetClientSecret, &args![id, &hash.0]).await? {
        0 => Ok(None),
        _ => revoke(sql, &TokensOf::Client(id.to_owned())).await.map(Some),
    }
}

async fn set_password(
    sql: &mut impl SqlWrite,
    user: UserId,
    hash: Option<&String>,
) -> Result<Option<u64>, Failure> {
    match sql.execute(LoginStmt::SetPassword, &args![user, hash]).await? {
        0 => Ok(None),
        _ => revoke(sql, &TokensOf::User(user)).await.map(Some),
    }
}

#[async_trait]
impl<B: Backend> ApiClients for SqlStore<B> {
    async fn api_client(&self, id: &str) -> Result<Option<ApiClient>, StoreError> {
        self.ask("find an API client", id.to_owned(), |sql, id| {
            Box::pin(async move { sql.row(LoginStmt::Client, &args![id], |row| client(row, 0)).await })
        })
        .await
    }

    async fn api_clients(&self) -> Result<Vec<ApiClient>, StoreError> {
        self.ask("list API clients", (), |sql, ()| {
            Box::pin(sql.rows(LoginStmt::Clients, &[], |row| client(row, 0)))
        })
        .await
    }

    async fn put_api_client(&self, client: &ApiClient) -> Result<(), StoreError> {
        self.rewrite("write an API client", client.clone(), |session, it| {
            Box::pin(put_client(&mut session.sql, it))
        })
        .await
    }

    async fn set_client_blocked(&self, id: &str, is_blocked: bool) -> Result<bool, StoreError> {
        self.rewrite("block an API client", (id.to_owned(), is_blocked), |session, (id, is_blocked)| {
            Box::pin(async move {
                let args = args![id, *is_blocked];
                Ok(session.sql.execute(LoginStmt::SetClientBlocked, &args).await? == 1)
            })
        })
        .await
    }

    async fn set_client_partner(&self, id: &str, is_partner: bool) -> Result<bool, StoreError> {
        self.rewrite("mark an API client", (id.to_owned(), is_partner), |session, (id, is_partner)| {
            Box::pin(async move {
                let args = args![id, *is_partner];
                Ok(session.sql.execute(LoginStmt::SetClientPartner, &args).await? == 1)
            })
        })
        .await
    }

    async fn set_client_secret(&self, id: &str, hash: TokenHash) -> Result<Option<u64>, StoreError> {
        self.rewrite("change the secret of an API client", (id.to_owned(), hash), |session, (id, hash)| {
            Box::pin(set_secret(&mut session.sql, id, hash))
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> Passwords for SqlStore<B> {
    async fn password(&self, login: &str) -> Result<Option<PasswordLogin>, StoreError> {
        self.ask("read a password", fold_login(login), |sql, folded| {
            let read = |row: &dyn Row| Ok(PasswordLogin { user: row.get(0)?, password_hash: row.get(1)? });
            Box::pin(async move { sql.row(LoginStmt::Password, &args![folded], read).await })
        })
        .await
    }

    async fn set_password(&self, user: UserId, hash: Option<&str>) -> Result<Option<u64>, StoreError> {
        self.rewrite("change a password", (user, hash.map(str::to_owned)), |session, (user, hash)| {
            Box::pin(set_password(&mut session.sql, *user, hash.as_ref()))
        })
        .await
    }
}
