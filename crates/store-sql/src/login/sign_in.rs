//! Signing in to programs: registrations, codes, devices, consents, keys.

use async_trait::async_trait;
use potok_store::{
    AuthorizationCode, AuthorizationCodes, Consents, DeviceAnswer, DeviceCode, DeviceCodes, Redeemed,
    Registration, Registrations, SigningKey, SigningKeys, StoreError, Token, TokenHash, TokensOf,
};
use potok_types::{Ticks, UserId};

use super::revoke;
use super::tokens::put_token;
use crate::{Backend, Failure, Row, SignInStmt, Sql as _, SqlStore, SqlWrite, Value, args, strange};

const WAITS: i64 = 0;
const ALLOWED: i64 = 1;
const DENIED: i64 = 2;

fn lines(row: &dyn Row, column: usize) -> Result<Vec<String>, Failure> {
    Ok(row.get::<String>(column)?.lines().map(str::to_owned).collect())
}

fn registration(row: &dyn Row) -> Result<Registration, Failure> {
    Ok(Registration {
        client_id: row.get(0)?,
        is_public: row.get(1)?,
        redirect_uris: lines(row, 2)?,
        post_logout_redirect_uris: lines(row, 3)?,
    })
}

fn code(row: &dyn Row) -> Result<AuthorizationCode, Failure> {
    Ok(AuthorizationCode {
        hash: TokenHash(row.get(0)?),
        client_id: row.get(1)?,
        user: row.get(2)?,
        redirect_uri: row.get(3)?,
        scope: row.get(4)?,
        nonce: row.get(5)?,
        challenge: row.get(6)?,
        signed_in_at: row.get(7)?,
        expires_at: row.get(8)?,
        used_at: row.get(9)?,
    })
}

fn key(row: &dyn Row) -> Result<SigningKey, Failure> {
    Ok(SigningKey { id: row.get(0)?, pkcs8: row.get(1)?, signs_from: row.get(2)? })
}

fn device(row: &dyn Row) -> Result<DeviceCode, Failure> {
    let answer = match row.get(7)? {
        WAITS => DeviceAnswer::Waits,
        ALLOWED => DeviceAnswer::Allowed { user: row.get(8)?, signed_in_at: row.get(9)? },
        DENIED => DeviceAnswer::Denied,
        other => return Err(strange(7, Value::Int(other), "an answer about a device")),
    };
    Ok(DeviceCode {
        hash: TokenHash(row.get(0)?),
        user_code: row.get(1)?,
        client_id: row.get(2)?,
        scope: row.get(3)?,
        expires_at: row.get(4)?,
        interval_seconds: row.get(5)?,
        asked_at: row.get(6)?,
        answer,
    })
}

/// Its number, and of whoever said yes user and time.
const fn columns(answer: DeviceAnswer) -> (i64, Option<UserId>, Option<Ticks>) {
    match answer {
        DeviceAnswer::Waits => (WAITS, None, None),
        DeviceAnswer::Denied => (DENIED, None, None),
        DeviceAnswer::Allowed { user, signed_in_at } => (ALLOWED, Some(user), Some(signed_in_at)),
    }
}

async fn redeem_code(
    sql: &mut impl SqlWrite,
    hash: TokenHash,
    now: Ticks,
    tokens: &[Token],
) -> Result<Redeemed, Failure> {
    let Some(found) = sql.row(SignInStmt::Code, &args![&hash.0], code).await? else {
        return Ok(Redeemed::Unknown);
    };
    if found.used_at.is_some() {
        revoke(sql, &TokensOf::Family(hash)).await?;
        return Ok(Redeemed::UsedBefore);
    }
    sql.execute(SignInStmt::UseCode, &args![&hash.0, now]).await?;
    for token in tokens {
        put_token(sql, token).await?;
    }
    Ok(Redeemed::Done)
}

async fn redeem_device(sql: &mut impl SqlWrite, hash: TokenHash, tokens: &[Token]) -> Result<bool, Failure> {
    if sql.execute(SignInStmt::DeleteAllowedDevice, &args![&hash.0]).await? == 0 {
        return Ok(false);
    }
    for token in tokens {
        put_token(sql, token).await?;
    }
    Ok(true)
}

async fn forget_expired(sql: &mut impl SqlWrite, now: Ticks) -> Result<u64, Failure> {
    let codes = sql.execute(SignInStmt::DeleteExpiredCodes, &args![now]).await?;
    Ok(codes + sql.execute(SignInStmt::DeleteExpiredDevices, &args![now]).await?)
}

#[async_trait]
impl<B: Backend> Registrations for SqlStore<B> {
    async fn registration(&self, client_id: &str) -> Result<Option<Registration>, StoreError> {
        self.ask("find a registration", client_id.to_owned(), |sql, id| {
            Box::pin(async move { sql.row(SignInStmt::Registration, &args![id], registration).await })
        })
        .await
    }

    async fn put_registration(&self, registration: &Registration) -> Result<(), StoreError> {
        self.rewrite("write a registration", registration.clone(), |session, it| {
            Box::pin(async move {
                let (redirects, after) =
                    (it.redirect_uris.join("\n"), it.post_logout_redirect_uris.join("\n"));
                let args = args![&it.client_id, it.is_public, &redirects, &after];
                session.sql.execute(SignInStmt::PutRegistration, &args).await.map(drop)
            })
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> AuthorizationCodes for SqlStore<B> {
    async fn put_code(&self, code: &AuthorizationCode) -> Result<(), StoreError> {
        self.write("keep an authorization code", code.clone(), |session, it| {
            session.touches_nothing();
            Box::pin(async move {
                let args = args![
                    &it.hash.0,
                    &it.client_id,
                    it.user,
                    &it.redirect_uri,
                    &it.scope,
                    it.nonce.as_ref(),
                    it.challenge.as_ref(),
                    it.signed_in_at,
                    it.expires_at,
                    it.used_at,
                ];
                session.sql.execute(SignInStmt::PutCode, &args).await.map(drop)
            })
        })
        .await
    }

    async fn code(&self, hash: TokenHash) -> Result<Option<AuthorizationCode>, StoreError> {
        self.ask("find an authorization code", hash, |sql, hash| {
            Box::pin(async move { sql.row(SignInStmt::Code, &args![&hash.0], code).await })
        })
        .await
    }

    async fn redeem_code(
        &self,
        hash: TokenHash,
        now: Ticks,
        tokens: &[Token],
    ) -> Result<Redeemed, StoreError> {
        self.write(
            "use an authorization code",
            (hash, now, tokens.to_vec()),
            |session, (hash, now, tokens)| {
                session.touches_nothing();
                Box::pin(redeem_code(&mut session.sql, *hash, *now, tokens))
            },
        )
        .await
    }
}

#[async_trait]
impl<B: Backend> DeviceCodes for SqlStore<B> {
    async fn put_device_code(&self, code: &DeviceCode) -> Result<bool, StoreError> {
        self.write("keep a device code", code.clone(), |session, it| {
            session.touches_nothing();
            Box::pin(async move {
                let (answer, user, signed_in_at) = columns(it.answer);
                let args = args![
                    &it.hash.0,
                    &it.user_code,
                    &it.client_id,
                    &it.scope,
                    it.expires_at,
                    it.interval_seconds,
                    it.asked_at,
                    answer,
                    user,
                    signed_in_at,
                ];
                Ok(session.sql.execute(SignInStmt::InsertDevice, &args).await? == 1)
            })
        })
        .await
    }

    async fn device_code(&self, hash: TokenHash) -> Result<Option<DeviceCode>, StoreError> {
        self.ask("find a device code", hash, |sql, hash| {
            Box::pin(async move { sql.row(SignInStmt::Device, &args![&hash.0], device).await })
        })
        .await
    }

    async fn device_by_user_code(&self, user_code: &str) -> Result<Option<DeviceCode>, StoreError> {
        self.ask("find a device", user_code.to_owned(), |sql, code| {
            Box::pin(async move { sql.row(SignInStmt::DeviceByUserCode, &args![code], device).await })
        })
        .await
    }

    async fn note_device_asked(
        &self,
        hash: TokenHash,
        now: Ticks,
        interval_seconds: u32,
    ) -> Result<(), StoreError> {
        self.rewrite(
            "note that a device asked",
            (hash, now, interval_seconds),
            |session, (hash, now, seconds)| {
                session.touches_nothing();
                Box::pin(async move {
                    let args = args![&hash.0, *now, *seconds];
                    session.sql.execute(SignInStmt::NoteDeviceAsked, &args).await.map(drop)
                })
            },
        )
        .await
    }

    async fn answer_device(&self, user_code: &str, answer: DeviceAnswer) -> Result<bool, StoreError> {
        self.write(
            "note what was said about a device",
            (user_code.to_owned(), answer),
            |session, (code, answer)| {
                session.touches_nothing();
                Box::pin(async move {
                    let (answer, user, signed_in_at) = columns(*answer);
                    let args = args![code, answer, user, signed_in_at];
                    Ok(session.sql.execute(SignInStmt::AnswerDevice, &args).await? == 1)
                })
            },
        )
        .await
    }

    async fn redeem_device(&self, hash: TokenHash, tokens: &[Token]) -> Result<bool, StoreError> {
        self.write("use a device code", (hash, tokens.to_vec()), |session, (hash, tokens)| {
            session.touches_nothing();
            Box::pin(redeem_device(&mut session.sql, *hash, tokens))
        })
        .await
    }

    async fn forget_expired_codes(&self, now: Ticks) -> Result<u64, StoreError> {
        self.rewrite("forget expired codes", now, |session, now| {
            session.touches_nothing();
            Box::pin(forget_expired(&mut session.sql, *now))
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> Consents for SqlStore<B> {
    async fn consent(&self, user: UserId, client_id: &str) -> Result<Option<String>, StoreError> {
        self.ask("find what a user allowed", (user, client_id.to_owned()), |sql, (user, client)| {
            let read = |row: &dyn Row| row.get(0);
            Box::pin(async move { sql.row(SignInStmt::Consent, &args![*user, client], read).await })
        })
        .await
    }

    async fn put_consent(
        &self,
        user: UserId,
        client_id: &str,
        scope: &str,
        now: Ticks,
    ) -> Result<(), StoreError> {
        let given = (user, client_id.to_owned(), scope.to_owned(), now);
        self.rewrite("note what a user allowed", given, |session, (user, client, scope, now)| {
            session.touches_nothing();
            Box::pin(async move {
                let args = args![*user, client, scope, *now];
                session.sql.execute(SignInStmt::PutConsent, &args).await.map(drop)
            })
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> SigningKeys for SqlStore<B> {
    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        self.ask("list the signing keys", (), |sql, ()| Box::pin(sql.rows(SignInStmt::Keys, &[], key))).await
    }

    async fn put_signing_key(&self, key: &SigningKey) -> Result<(), StoreError> {
        self.rewrite("keep a signing key", key.clone(), |session, it| {
            Box::pin(async move {
                let args = args![&it.id, &it.pkcs8, it.signs_from];
                session.sql.execute(SignInStmt::PutKey, &args).await.map(drop)
            })
        })
        .await
    }

    async fn delete_signing_key(&self, id: &str) -> Result<bool, StoreError> {
        self.write("delete a signing key", id.to_owned(), |session, id| {
            Box::pin(async move { Ok(session.sql.execute(SignInStmt::DeleteKey, &args![id]).await? == 1) })
        })
        .await
    }
}
