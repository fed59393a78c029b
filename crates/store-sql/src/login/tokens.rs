//! Tokens.

use async_trait::async_trait;
use potok_store::{
    CertificateThumbprint, Proof, Rotated, Rotation, Session, StoreError, Token, TokenHash, TokenKind,
    Tokens, TokensOf,
};
use potok_types::{BoxId, Ticks};

use super::certificates::certificate;
use super::clients::{CLIENT_COLUMNS, client};
use super::rotation::rotate;
use crate::directory::{member, user};
use crate::{Backend, Failure, LoginStmt, Row, SignInStmt, Sql, SqlStore, SqlWrite, Value, args, strange};

const ACCESS: i64 = 1;
const REFRESH: i64 = 2;
const SESSION: i64 = 3;
/// How many columns of a row a token takes.
const TOKEN_COLUMNS: usize = 11;

pub(super) fn token(row: &dyn Row) -> Result<Token, Failure> {
    Ok(Token {
        hash: TokenHash(row.get(0)?),
        kind: match row.get(1)? {
            ACCESS => TokenKind::Access,
            REFRESH => TokenKind::Refresh,
            SESSION => TokenKind::Session,
            other => return Err(strange(1, Value::Int(other), "a kind of token")),
        },
        client_id: row.get(2)?,
        user: row.get(3)?,
        scope: row.get(4)?,
        certificate: row.get::<Option<[u8; 20]>>(5)?.map(CertificateThumbprint),
        issued_at: row.get(6)?,
        expires_at: row.get(7)?,
        family: row.get::<Option<[u8; 32]>>(8)?.map(TokenHash),
        parent: row.get::<Option<[u8; 32]>>(9)?.map(TokenHash),
        spent_at: row.get(10)?,
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

pub(super) async fn put_token(sql: &mut impl SqlWrite, it: &Token) -> Result<(), Failure> {
    let kind = match it.kind {
        TokenKind::Access => ACCESS,
        TokenKind::Refresh => REFRESH,
        TokenKind::Session => SESSION,
    };
    let args = args![
        &it.hash.0,
        kind,
        &it.client_id,
        it.user,
        &it.scope,
        it.certificate.as_ref().map(|thumbprint| &thumbprint.0),
        it.issued_at,
        it.expires_at,
        it.family.as_ref().map(|hash| &hash.0),
        it.parent.as_ref().map(|hash| &hash.0),
        it.spent_at,
    ];
    sql.execute(LoginStmt::PutToken, &args).await.map(drop)
}

/// Within the transaction that writes the token: what was looked at before it may be taken back by now.
async fn put_proved(sql: &mut impl SqlWrite, it: &Token, proof: &Proof) -> Result<bool, Failure> {
    let read = |row: &dyn Row| Ok((row.get::<Option<String>>(0)?, row.get::<Option<[u8; 32]>>(1)?));
    let proofs = sql.row(LoginStmt::Proofs, &args![it.user, &it.client_id], read).await?;
    let Some((password, secret)) = proofs else { return Ok(false) };
    let stands = match proof {
        Proof::Password(hash) => password.as_ref() == Some(hash),
        Proof::Secret(hash) => secret == Some(hash.0),
        Proof::Certificate(thumbprint) => {
            let found = sql.row(LoginStmt::Certificate, &args![&thumbprint.0], certificate).await?;
            found.is_some_and(|found| found.user == it.user)
        }
    };
    if stands {
        put_token(sql, it).await?;
    }
    Ok(stands)
}

async fn tokens(sql: &mut impl Sql, whose: &TokensOf) -> Result<Vec<Token>, Failure> {
    match whose {
        TokensOf::All => sql.rows(LoginStmt::Tokens, &[], token).await,
        TokensOf::User(user) => sql.rows(LoginStmt::TokensOfUser, &args![*user], token).await,
        TokensOf::Client(id) => sql.rows(LoginStmt::TokensOfClient, &args![id], token).await,
        TokensOf::Family(first) => sql.rows(LoginStmt::TokensOfFamily, &args![&first.0], token).await,
        TokensOf::One(hash) => sql.rows(LoginStmt::Token, &args![&hash.0], token).await,
    }
}

/// Deletes tokens, and what would become tokens; how many tokens.
pub(crate) async fn revoke(sql: &mut impl SqlWrite, whose: &TokensOf) -> Result<u64, Failure> {
    forget_codes(sql, whose).await?;
    match whose {
        TokensOf::All => sql.execute(LoginStmt::DeleteTokens, &[]).await,
        TokensOf::User(user) => sql.execute(LoginStmt::DeleteTokensOfUser, &args![*user]).await,
        TokensOf::Client(id) => sql.execute(LoginStmt::DeleteTokensOfClient, &args![id]).await,
        TokensOf::Family(first) => sql.execute(LoginStmt::DeleteTokensOfFamily, &args![&first.0]).await,
        TokensOf::One(hash) => sql.execute(LoginStmt::DeleteToken, &args![&hash.0]).await,
    }
}

/// What opens an account without another login.
async fn forget_codes(sql: &mut impl SqlWrite, whose: &TokensOf) -> Result<(), Failure> {
    match whose {
        TokensOf::All => {
            sql.execute(SignInStmt::DeleteCodes, &[]).await?;
            sql.execute(SignInStmt::DeleteDevices, &[]).await?;
        }
        TokensOf::User(user) => {
            sql.execute(SignInStmt::DeleteCodesOfUser, &args![*user]).await?;
            sql.execute(SignInStmt::DeleteDevicesOfUser, &args![*user]).await?;
            sql.execute(SignInStmt::DeleteBindingsOfUser, &args![*user]).await?;
        }
        TokensOf::Client(id) => {
            sql.execute(SignInStmt::DeleteCodesOfClient, &args![id]).await?;
            sql.execute(SignInStmt::DeleteDevicesOfClient, &args![id]).await?;
        }
        TokensOf::Family(_) | TokensOf::One(_) => {}
    }
    Ok(())
}

#[async_trait]
impl<B: Backend> Tokens for SqlStore<B> {
    async fn put_token(&self, token: &Token) -> Result<(), StoreError> {
        self.rewrite("write a token", token.clone(), |session, it| {
            session.touches_nothing();
            Box::pin(put_token(&mut session.sql, it))
        })
        .await
    }

    async fn put_proved_token(&self, token: &Token, proof: &Proof) -> Result<bool, StoreError> {
        self.write("write a token", (token.clone(), proof.clone()), |session, (it, proof)| {
            session.touches_nothing();
            Box::pin(put_proved(&mut session.sql, it, proof))
        })
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

    async fn tokens(&self, whose: &TokensOf) -> Result<Vec<Token>, StoreError> {
        self.ask("list tokens", whose.clone(), |sql, whose| Box::pin(tokens(sql, whose))).await
    }

    async fn rotate_token(&self, rotation: &Rotation) -> Result<Rotated, StoreError> {
        self.write("use a refresh token", rotation.clone(), |session, it| {
            session.touches_nothing();
            Box::pin(rotate(&mut session.sql, it))
        })
        .await
    }

    async fn revoke_tokens(&self, whose: &TokensOf) -> Result<u64, StoreError> {
        self.rewrite("revoke tokens", whose.clone(), |session, whose| {
            session.touches_nothing();
            Box::pin(revoke(&mut session.sql, whose))
        })
        .await
    }

    async fn forget_expired_tokens(&self, now: Ticks) -> Result<u64, StoreError> {
        self.rewrite("forget expired tokens", now, |session, now| {
            session.touches_nothing();
            Box::pin(async move { session.sql.execute(LoginStmt::DeleteExpiredTokens, &args![*now]).await })
        })
        .await
    }
}
