//! Clients, passwords and tokens.

use async_trait::async_trait;
use potok_store::{
    ApiClient, ApiClients, CertificateThumbprint, PasswordLogin, Passwords, Session, StoreError, Token,
    TokenHash, TokenKind, Tokens,
};
use potok_types::{BoxId, Ticks};

use crate::directory::{fold_login, member, user};
use crate::{Backend, Failure, LoginStmt, Row, Sql, SqlStore, SqlWrite, Value, args, strange};

const ACCESS: i64 = 1;
const REFRESH: i64 = 2;
/// How many columns of a row a token takes.
const TOKEN_COLUMNS: usize = 7;
/// How many columns of a row a client takes.
const CLIENT_COLUMNS: usize = 5;

/// The client that a row holds from `first` on.
fn client(row: &dyn Row, first: usize) -> Result<ApiClient, Failure> {
    Ok(ApiClient {
        id: row.get(first)?,
        name: row.get(first + 1)?,
        secret_hash: row.get::<Option<[u8; 32]>>(first + 2)?.map(TokenHash),
        is_blocked: row.get(first + 3)?,
        service_user: row.get(first + 4)?,
    })
}

fn token(row: &dyn Row) -> Result<Token, Failure> {
    Ok(Token {
        hash: TokenHash(row.get(0)?),
        kind: match row.get(1)? {
            ACCESS => TokenKind::Access,
            REFRESH => TokenKind::Refresh,
            other => return Err(strange(1, Value::Int(other), "a kind of token")),
        },
        client_id: row.get(2)?,
        user: row.get(3)?,
        scope: row.get(4)?,
        certificate: row.get::<Option<[u8; 20]>>(5)?.map(CertificateThumbprint),
        expires_at: row.get(6)?,
    })
}

/// What `read` makes of the columns from `first` on, unless the first of them is empty.
fn joined<T>(
    row: &dyn Row,
    first: usize,
    read: impl Fn(&dyn Row, usize) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    if row.value(first)? == Value::Null { Ok(None) } else { read(row, first).map(Some) }
}

async fn session(
    sql: &mut impl Sql,
    hash: TokenHash,
    box_id: Option<BoxId>,
) -> Result<Option<Session>, Failure> {
    let read = |row: &dyn Row| {
        Ok(Session {
            token: token(row)?,
            client: joined(row, TOKEN_COLUMNS, client)?,
            user: joined(row, TOKEN_COLUMNS + CLIENT_COLUMNS, user)?,
            member: None,
        })
    };
    let Some(mut session) = sql.row(LoginStmt::Session, &args![&hash.0], read).await? else {
        return Ok(None);
    };
    if let Some(box_id) = box_id {
        session.member = member(sql, box_id, session.token.user).await?;
    }
    Ok(Some(session))
}

async fn put_token(sql: &mut impl SqlWrite, it: &Token) -> Result<(), Failure> {
    let kind = match it.kind {
        TokenKind::Access => ACCESS,
        TokenKind::Refresh => REFRESH,
    };
    let certificate = it.certificate.as_ref().map(|thumbprint| &thumbprint.0);
    let args = args![&it.hash.0, kind, &it.client_id, it.user, &it.scope, certificate, it.expires_at];
    sql.execute(LoginStmt::PutToken, &args).await.map(drop)
}

async fn put_client(sql: &mut impl SqlWrite, it: &ApiClient) -> Result<(), Failure> {
    let secret_hash = it.secret_hash.as_ref().map(|hash| &hash.0);
    let args = args![&it.id, &it.name, secret_hash, it.is_blocked, it.service_user];
    sql.execute(LoginStmt::PutClient, &args).await.map(drop)
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
        self.write("write an API client", client.clone(), |session, it| {
            Box::pin(put_client(&mut session.sql, it))
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
}

#[async_trait]
impl<B: Backend> Tokens for SqlStore<B> {
    async fn put_token(&self, token: &Token) -> Result<(), StoreError> {
        self.write("write a token", token.clone(), |session, it| Box::pin(put_token(&mut session.sql, it)))
            .await
    }

    async fn token(&self, hash: TokenHash) -> Result<Option<Token>, StoreError> {
        self.ask("find a token", hash, |sql, hash| {
            Box::pin(async move { sql.row(LoginStmt::Token, &args![&hash.0], token).await })
        })
        .await
    }

    async fn session(&self, hash: TokenHash, box_id: Option<BoxId>) -> Result<Option<Session>, StoreError> {
        self.view("find a session", (hash, box_id), |sql, (hash, box_id)| {
            Box::pin(session(sql, *hash, *box_id))
        })
        .await
    }

    async fn extend_token(&self, hash: TokenHash, expires_at: Ticks) -> Result<(), StoreError> {
        self.write("extend a token", (hash, expires_at), |session, (hash, expires_at)| {
            Box::pin(async move {
                session.sql.execute(LoginStmt::ExtendToken, &args![&hash.0, *expires_at]).await.map(drop)
            })
        })
        .await
    }

    async fn forget_expired_tokens(&self, now: Ticks) -> Result<u64, StoreError> {
        self.write("forget expired tokens", now, |session, now| {
            Box::pin(async move { session.sql.execute(LoginStmt::DeleteExpiredTokens, &args![*now]).await })
        })
        .await
    }
}
