//! Certificates by which people log in, and their challenges.

use async_trait::async_trait;
use potok_store::{
    CertificateThumbprint, LoginChallenge, LoginChallenges, StoreError, TokenHash, UserCertificate,
    UserCertificates,
};
use potok_types::{BoxId, Ticks, UserId};

use crate::{Backend, Failure, LoginStmt, Row, Sql, SqlStore, SqlWrite, args};

pub(super) fn certificate(row: &dyn Row) -> Result<UserCertificate, Failure> {
    Ok(UserCertificate {
        thumbprint: CertificateThumbprint(row.get(0)?),
        der: row.get(1)?,
        user: row.get(2)?,
        added_at: row.get(3)?,
    })
}

fn challenge(row: &dyn Row) -> Result<LoginChallenge, Failure> {
    Ok(LoginChallenge {
        hash: TokenHash(row.get(0)?),
        client_id: row.get(1)?,
        certificate: row.get(2)?,
        bucket: row.get(3)?,
        expires_at: row.get(4)?,
    })
}

/// Adds a certificate, unless its thumbprint is taken; whether it did.
pub(crate) async fn add_certificate(sql: &mut impl SqlWrite, it: &UserCertificate) -> Result<bool, Failure> {
    let args = args![&it.thumbprint.0, &it.der, it.user, it.added_at];
    Ok(sql.execute(LoginStmt::InsertCertificate, &args).await? == 1)
}

async fn remove(
    sql: &mut impl SqlWrite,
    user: UserId,
    thumbprint: &CertificateThumbprint,
) -> Result<bool, Failure> {
    let is_removed = sql.execute(LoginStmt::DeleteCertificate, &args![&thumbprint.0, user]).await? == 1;
    if is_removed {
        sql.execute(LoginStmt::DeleteTokensOfCertificate, &args![&thumbprint.0]).await?;
    }
    Ok(is_removed)
}

async fn put_challenge(sql: &mut impl SqlWrite, it: &LoginChallenge, limit: u32) -> Result<(), Failure> {
    let args = args![&it.hash.0, &it.client_id, &it.certificate, &it.bucket, it.expires_at];
    sql.execute(LoginStmt::PutChallenge, &args).await?;
    sql.execute(LoginStmt::DeleteOldChallenges, &args![&it.bucket, limit]).await.map(drop)
}

#[async_trait]
impl<B: Backend> UserCertificates for SqlStore<B> {
    async fn user_certificate(
        &self,
        thumbprint: CertificateThumbprint,
    ) -> Result<Option<UserCertificate>, StoreError> {
        self.ask("find a certificate", thumbprint, |sql, thumbprint| {
            Box::pin(async move { sql.row(LoginStmt::Certificate, &args![&thumbprint.0], certificate).await })
        })
        .await
    }

    async fn user_certificates(&self, user: UserId) -> Result<Vec<UserCertificate>, StoreError> {
        self.ask("list the certificates of a user", user, |sql, user| {
            Box::pin(async move { sql.rows(LoginStmt::CertificatesOfUser, &args![*user], certificate).await })
        })
        .await
    }

    async fn certificates_of_employees(
        &self,
        box_id: BoxId,
        limit: usize,
    ) -> Result<Vec<UserCertificate>, StoreError> {
        self.ask("list the certificates of employees", (box_id, limit), |sql, (box_id, limit)| {
            Box::pin(async move {
                sql.rows(LoginStmt::CertificatesOfBox, &args![*box_id, *limit], certificate).await
            })
        })
        .await
    }

    async fn add_user_certificate(&self, certificate: &UserCertificate) -> Result<bool, StoreError> {
        self.write("add a certificate", certificate.clone(), |session, it| {
            Box::pin(add_certificate(&mut session.sql, it))
        })
        .await
    }

    async fn remove_user_certificate(
        &self,
        user: UserId,
        thumbprint: CertificateThumbprint,
    ) -> Result<bool, StoreError> {
        self.write("remove a certificate", (user, thumbprint), |session, (user, thumbprint)| {
            Box::pin(remove(&mut session.sql, *user, thumbprint))
        })
        .await
    }
}

#[async_trait]
impl<B: Backend> LoginChallenges for SqlStore<B> {
    async fn put_challenge(&self, challenge: &LoginChallenge, limit: u32) -> Result<(), StoreError> {
        self.write("keep a login challenge", (challenge.clone(), limit), |session, (it, limit)| {
            session.touches_nothing();
            Box::pin(put_challenge(&mut session.sql, it, *limit))
        })
        .await
    }

    async fn take_challenge(&self, hash: TokenHash) -> Result<Option<LoginChallenge>, StoreError> {
        self.write("take a login challenge", hash, |session, hash| {
            session.touches_nothing();
            Box::pin(
                async move { session.sql.row(LoginStmt::TakeChallenge, &args![&hash.0], challenge).await },
            )
        })
        .await
    }

    async fn forget_expired_challenges(&self, now: Ticks) -> Result<u64, StoreError> {
        self.rewrite("forget expired login challenges", now, |session, now| {
            session.touches_nothing();
            Box::pin(
                async move { session.sql.execute(LoginStmt::DeleteExpiredChallenges, &args![*now]).await },
            )
        })
        .await
    }
}
