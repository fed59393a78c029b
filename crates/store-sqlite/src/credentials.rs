//! The key ring.

use async_trait::async_trait;
use potok_store::{
    ApiClient, CertificateThumbprint, Credentials, PasswordLogin, Session, StoreError, Token, TokenHash,
    TokenKind,
};
use potok_types::{BoxId, Ticks};
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};

use crate::SqliteStore;
use crate::directory::{fold_login, member, users};
use crate::failure::Failure;
use crate::readers::snapshot;
use crate::sql::{guid, optional_guid, out_of_range};

const CLIENT: &str = "SELECT id, name, secret_hash, is_blocked, service_user FROM api_clients";

fn clients(conn: &Connection, rest: &str, values: &[&dyn ToSql]) -> Result<Vec<ApiClient>, Failure> {
    let mut statement = conn.prepare_cached(&format!("{CLIENT} {rest}"))?;
    let rows = statement.query_map(values, |row| {
        Ok(ApiClient {
            id: row.get(0)?,
            name: row.get(1)?,
            secret_hash: row.get::<_, Option<[u8; 32]>>(2)?.map(TokenHash),
            is_blocked: row.get(3)?,
            service_user: optional_guid(row, 4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const ACCESS: i64 = 1;
const REFRESH: i64 = 2;

fn token_row(row: &Row<'_>) -> rusqlite::Result<Token> {
    Ok(Token {
        hash: TokenHash(row.get(0)?),
        kind: match row.get(1)? {
            ACCESS => TokenKind::Access,
            REFRESH => TokenKind::Refresh,
            other => return Err(out_of_range(1, other)),
        },
        client_id: row.get(2)?,
        user: guid(row, 3)?,
        scope: row.get(4)?,
        certificate: row.get::<_, Option<[u8; 20]>>(5)?.map(CertificateThumbprint),
        expires_at: Ticks::new(row.get(6)?),
    })
}

fn find_token(conn: &Connection, hash: TokenHash) -> Result<Option<Token>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT hash, kind, client_id, user_id, scope, certificate, expires_at FROM tokens WHERE hash = ?1",
    )?;
    Ok(statement.query_row([hash.0], token_row).optional()?)
}

#[async_trait]
impl Credentials for SqliteStore {
    async fn api_client(&self, id: &str) -> Result<Option<ApiClient>, StoreError> {
        let id = id.to_owned();
        self.read("find an API client", move |conn| Ok(clients(conn, "WHERE id = ?1", &[&id])?.pop())).await
    }

    async fn api_clients(&self) -> Result<Vec<ApiClient>, StoreError> {
        self.read("list API clients", |conn| clients(conn, "ORDER BY id", &[])).await
    }

    async fn put_api_client(&self, client: &ApiClient) -> Result<(), StoreError> {
        let client = client.clone();
        self.write("write an API client", move |session| {
            let mut statement = session.conn.prepare_cached(
                "INSERT OR REPLACE INTO api_clients (id, name, secret_hash, is_blocked, service_user)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            statement.execute(params![
                client.id,
                client.name,
                client.secret_hash.map(|hash| hash.0),
                client.is_blocked,
                client.service_user.map(|user| *user.as_bytes()),
            ])?;
            Ok(())
        })
        .await
    }

    async fn password(&self, login: &str) -> Result<Option<PasswordLogin>, StoreError> {
        let folded = fold_login(login);
        self.read("read a password", move |conn| {
            let mut statement =
                conn.prepare_cached("SELECT id, password_hash FROM users WHERE login_folded = ?1")?;
            let found = statement.query_row([folded], |row| {
                Ok(PasswordLogin { user: guid(row, 0)?, password_hash: row.get(1)? })
            });
            Ok(found.optional()?)
        })
        .await
    }

    async fn put_token(&self, token: &Token) -> Result<(), StoreError> {
        let token = token.clone();
        self.write("write a token", move |session| {
            let mut statement = session.conn.prepare_cached(
                "INSERT OR REPLACE INTO tokens (hash, kind, client_id, user_id, scope, certificate, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            let kind = match token.kind {
                TokenKind::Access => ACCESS,
                TokenKind::Refresh => REFRESH,
            };
            statement.execute(params![
                token.hash.0,
                kind,
                token.client_id,
                token.user.as_bytes(),
                token.scope,
                token.certificate.map(|thumbprint| thumbprint.0),
                token.expires_at.get(),
            ])?;
            Ok(())
        })
        .await
    }

    async fn token(&self, hash: TokenHash) -> Result<Option<Token>, StoreError> {
        self.read("find a token", move |conn| find_token(conn, hash)).await
    }

    async fn session(&self, hash: TokenHash, box_id: Option<BoxId>) -> Result<Option<Session>, StoreError> {
        self.read("find a session", move |conn| {
            snapshot(conn, |conn| {
                let Some(token) = find_token(conn, hash)? else { return Ok(None) };
                Ok(Some(Session {
                    client: clients(conn, "WHERE id = ?1", &[&token.client_id])?.pop(),
                    user: users(conn, "WHERE id = ?1", &[token.user.as_bytes()])?.pop(),
                    member: match box_id {
                        Some(box_id) => member(conn, box_id, token.user)?,
                        None => None,
                    },
                    token,
                }))
            })
        })
        .await
    }

    async fn extend_token(&self, hash: TokenHash, expires_at: Ticks) -> Result<(), StoreError> {
        self.write("extend a token", move |session| {
            let mut statement =
                session.conn.prepare_cached("UPDATE tokens SET expires_at = ?2 WHERE hash = ?1")?;
            statement.execute(params![hash.0, expires_at.get()])?;
            Ok(())
        })
        .await
    }

    async fn forget_expired_tokens(&self, now: Ticks) -> Result<u64, StoreError> {
        self.write("forget expired tokens", move |session| {
            let mut statement = session.conn.prepare_cached("DELETE FROM tokens WHERE expires_at < ?1")?;
            Ok(statement.execute([now.get()])? as u64)
        })
        .await
    }
}
