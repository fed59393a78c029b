//! Certificates by which users log in.

use potok_cms::{Certificate, Thumbprint, enveloped_data};
use potok_store::UserCertificate;
use potok_types::{Invalid, UserId};

use super::{Admin, AdminError};
use crate::login::{out_of_date, random, stored};

/// A certificate that opens a user's account, as people look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginCertificate {
    /// SHA-1, 40 hexadecimal digits in upper case.
    pub thumbprint: String,
    /// Whose it is, by its own words.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Kind and size of its key.
    pub key: String,
    /// Its last second, as text in UTC.
    pub not_after: String,
}

impl LoginCertificate {
    fn of(certificate: &Certificate) -> Self {
        Self {
            thumbprint: certificate.thumbprint().to_string(),
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            key: certificate.key().name(),
            not_after: certificate.not_after().to_string(),
        }
    }
}

impl Admin {
    /// Lets `user` log in by a certificate, given as DER, PEM or base64.
    ///
    /// # Errors
    /// `CoreError::Invalid` when it is no certificate, is out of date or has a key of no use, or is somebody's already.
    pub async fn add_certificate(
        &self,
        user: UserId,
        certificate: &[u8],
    ) -> Result<LoginCertificate, AdminError> {
        let invalid = |reason: String| Invalid::new("certificate", reason);
        let now = self.core.clock.now();
        let certificate = Certificate::parse(certificate).map_err(|error| invalid(error.to_string()))?;
        if let Some(reason) = out_of_date(&certificate, now) {
            return Err(invalid(reason).into());
        }
        // Tried out, so that the first login is not the place to learn of it.
        enveloped_data::encrypt(&[], &certificate, &mut random(&*self.core.entropy))
            .map_err(|error| invalid(error.to_string()))?;
        let new = UserCertificate {
            thumbprint: stored(certificate.thumbprint()),
            der: certificate.as_der().to_vec(),
            user,
            added_at: now,
        };
        if !self.logins.add_user_certificate(&new).await? {
            let owner = self.logins.user_certificate(new.thumbprint).await?;
            // Adding it to its owner again changes nothing.
            if owner.is_none_or(|owner| owner.user != user || owner.der != new.der) {
                let reason =
                    format!("{} opens another account; remove it there first", certificate.thumbprint());
                return Err(invalid(reason).into());
            }
        }
        self.register(user).await?;
        Ok(LoginCertificate::of(&certificate))
    }

    /// Whoever can log in has an account of the own.
    async fn register(&self, user: UserId) -> Result<(), AdminError> {
        let known = self.core.directory.user(user).await?;
        if let Some(known) = known.filter(|known| !known.is_registered) {
            self.change_user(&known.login, |user| user.is_registered = true).await?;
        }
        Ok(())
    }

    /// The certificates by which `user` may log in.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn certificates_of(&self, user: UserId) -> Result<Vec<LoginCertificate>, AdminError> {
        let kept = self.logins.user_certificates(user).await?;
        let read = kept.iter().filter_map(|one| Certificate::from_der(&one.der).ok());
        Ok(read.map(|certificate| LoginCertificate::of(&certificate)).collect())
    }

    /// Takes a certificate from `user`, and with it every token that it bought.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the thumbprint is none, or the user has no such certificate.
    pub async fn remove_certificate(&self, user: UserId, thumbprint: &str) -> Result<(), AdminError> {
        let invalid = |reason: &str| Invalid::new("thumbprint", format!("{thumbprint:?} {reason}"));
        let parsed = Thumbprint::parse(thumbprint)
            .ok_or_else(|| invalid("must be the SHA-1 of a certificate, 40 hexadecimal digits"))?;
        match self.logins.remove_user_certificate(user, stored(parsed)).await? {
            true => Ok(()),
            false => Err(invalid("is no certificate of this user").into()),
        }
    }
}
