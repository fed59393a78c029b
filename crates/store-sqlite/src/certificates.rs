//! Certificates by which people log in, and their challenges.

use async_trait::async_trait;
use potok_store::{
    CertificateLogins, CertificateThumbprint, LoginChallenge, StoreError, TokenHash, UserCertificate,
};
use potok_types::{Ticks, UserId};
use rusqlite::{Connection, OptionalExtension as _, ToSql, params};

use crate::SqliteStore;
use crate::failure::Failure;
use crate::sql::guid;

fn certificates(
    conn: &Connection,
    rest: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<UserCertificate>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT thumbprint, der, user_id, added_at FROM user_certificates {rest}"
    ))?;
    let rows = statement.query_map(values, |row| {
        Ok(UserCertificate {
            thumbprint: CertificateThumbprint(row.get(0)?),
            der: row.get(1)?,
            user: guid(row, 2)?,
            added_at: Ticks::new(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

#[async_trait]
impl CertificateLogins for SqliteStore {
    async fn user_certificate(
        &self,
        thumbprint: CertificateThumbprint,
    ) -> Result<Option<UserCertificate>, StoreError> {
        self.read("find a certificate", move |conn| {
            Ok(certificates(conn, "WHERE thumbprint = ?1", &[&thumbprint.0])?.pop())
        })
        .await
    }

    async fn user_certificates(&self, user: UserId) -> Result<Vec<UserCertificate>, StoreError> {
        self.read("list the certificates of a user", move |conn| {
            certificates(conn, "WHERE user_id = ?1 ORDER BY added_at, thumbprint", &[user.as_bytes()])
        })
        .await
    }

    async fn add_user_certificate(&self, certificate: &UserCertificate) -> Result<bool, StoreError> {
        let certificate = certificate.clone();
        self.write("add a certificate", move |session| {
            let mut statement = session.conn.prepare_cached(
                "INSERT OR IGNORE INTO user_certificates (thumbprint, der, user_id, added_at)
                 VALUES (?1, ?2, ?3, ?4)",
            )?;
            let added = statement.execute(params![
                certificate.thumbprint.0,
                certificate.der,
                certificate.user.as_bytes(),
                certificate.added_at.get(),
            ])?;
            Ok(added == 1)
        })
        .await
    }

    async fn remove_user_certificate(
        &self,
        user: UserId,
        thumbprint: CertificateThumbprint,
    ) -> Result<bool, StoreError> {
        self.write("remove a certificate", move |session| {
            let mut statement = session
                .conn
                .prepare_cached("DELETE FROM user_certificates WHERE thumbprint = ?1 AND user_id = ?2")?;
            let removed = statement.execute(params![thumbprint.0, user.as_bytes()])? == 1;
            if removed {
                let mut statement =
                    session.conn.prepare_cached("DELETE FROM tokens WHERE certificate = ?1")?;
                statement.execute([thumbprint.0])?;
            }
            Ok(removed)
        })
        .await
    }

    async fn put_challenge(&self, challenge: &LoginChallenge, limit: u32) -> Result<(), StoreError> {
        let challenge = challenge.clone();
        self.write("keep a login challenge", move |session| {
            let mut statement = session.conn.prepare_cached(
                "INSERT OR REPLACE INTO login_challenges (hash, client_id, certificate, bucket, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            statement.execute(params![
                challenge.hash.0,
                challenge.client_id,
                challenge.certificate,
                challenge.bucket,
                challenge.expires_at.get(),
            ])?;
            let mut statement = session.conn.prepare_cached(
                "DELETE FROM login_challenges WHERE id IN (
                     SELECT id FROM login_challenges WHERE bucket = ?1 ORDER BY id DESC LIMIT -1 OFFSET ?2)",
            )?;
            statement.execute(params![challenge.bucket, limit])?;
            Ok(())
        })
        .await
    }

    async fn take_challenge(&self, hash: TokenHash) -> Result<Option<LoginChallenge>, StoreError> {
        self.write("take a login challenge", move |session| {
            let mut statement = session.conn.prepare_cached(
                "DELETE FROM login_challenges WHERE hash = ?1
                 RETURNING hash, client_id, certificate, bucket, expires_at",
            )?;
            let taken = statement.query_row([hash.0], |row| {
                Ok(LoginChallenge {
                    hash: TokenHash(row.get(0)?),
                    client_id: row.get(1)?,
                    certificate: row.get(2)?,
                    bucket: row.get(3)?,
                    expires_at: Ticks::new(row.get(4)?),
                })
            });
            Ok(taken.optional()?)
        })
        .await
    }

    async fn forget_expired_challenges(&self, now: Ticks) -> Result<u64, StoreError> {
        self.write("forget expired login challenges", move |session| {
            let mut statement =
                session.conn.prepare_cached("DELETE FROM login_challenges WHERE expires_at < ?1")?;
            Ok(statement.execute([now.get()])? as u64)
        })
        .await
    }
}
