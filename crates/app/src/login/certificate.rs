//! Logging in by certificate: a secret goes out encrypted to the certificate, and whoever sends it back holds the key.

use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use potok_cms::enveloped_data;
use potok_cms::{Certificate, Thumbprint, UnixTime};
use potok_store::{ApiClient, CertificateThumbprint, LoginChallenge, TokenHash, TokenKind, UserCertificate};
use potok_types::{Entropy, Ticks, UserId};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use sha2::{Digest as _, Sha256};

use crate::{App, AppError, AuthError, Caller};

/// Bytes of the secret.
const CHALLENGE_BYTES: usize = 32;
/// How long it may be answered.
const CHALLENGE_SECONDS: i64 = 5 * 60;
/// Challenges that wait for an answer, for each known certificate and, together, for all unknown ones of an API client.
/// Certificates are public: who floods one shuts out nobody else, and fills no disk.
const MAX_CHALLENGES: u32 = 256;

/// As programs write it: padding may be missing.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// By what a caller says which certificate the answer is for.
#[derive(Clone, Debug)]
pub enum NamedCertificate {
    /// Its SHA-1, 40 hexadecimal digits.
    Thumbprint(String),
    /// The certificate itself.
    Whole(Bytes),
}

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

/// A source for the encryption, seeded by ours.
fn random(entropy: &dyn Entropy) -> StdRng {
    let mut seed = [0; 32];
    entropy.fill(&mut seed);
    StdRng::from_seed(seed)
}

fn stored(thumbprint: Thumbprint) -> CertificateThumbprint {
    CertificateThumbprint(*thumbprint.as_bytes())
}

fn unix_time(at: Ticks) -> UnixTime {
    let seconds = at.unix_nanoseconds().div_euclid(1_000_000_000);
    UnixTime(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn read(certificate: &[u8]) -> Result<Certificate, AuthError> {
    Certificate::parse(certificate).map_err(|error| AuthError::BadCertificate(error.to_string()))
}

/// Why a certificate is of no use at `at` whoever issued it.
fn out_of_date(certificate: &Certificate, at: Ticks) -> Option<String> {
    let at = unix_time(at);
    let (from, to) = (certificate.not_before(), certificate.not_after());
    match certificate.is_valid_at(at) {
        true => None,
        false if at < from => Some(format!("it is valid from {from} only")),
        false => Some(format!("it was valid until {to}")),
    }
}

impl App {
    /// `Authenticate` by certificate: a secret, encrypted to the certificate.
    ///
    /// The same happens for certificates that nobody has: who does not hold the key learns nothing about accounts.
    ///
    /// # Errors
    /// [`AuthError::BadCertificate`] when the bytes are no certificate, when it is out of date, and when nothing can be
    /// encrypted to its key.
    pub async fn challenge_by_certificate(
        &self,
        caller: &Caller,
        certificate: Bytes,
    ) -> Result<Vec<u8>, AppError> {
        let now = self.clock.now();
        let mut secret = [0; CHALLENGE_BYTES];
        self.entropy.fill(&mut secret);
        let mut random = random(&*self.entropy);
        let sealed = tokio::task::spawn_blocking(move || {
            let certificate = read(&certificate)?;
            if let Some(reason) = out_of_date(&certificate, now) {
                return Err(AuthError::BadCertificate(reason));
            }
            let sealed = enveloped_data::encrypt(&secret, &certificate, &mut random);
            let sealed = sealed.map_err(|error| AuthError::BadCertificate(error.to_string()))?;
            Ok((certificate, sealed))
        });
        let (certificate, sealed) = sealed.await.map_err(|_| AppError::Internal)??;
        let thumbprint = stored(certificate.thumbprint());
        let known = self.store.user_certificate(thumbprint).await?;
        let known = known.filter(|known| known.der == certificate.as_der());
        let client_id = caller.client.id.clone();
        let challenge = LoginChallenge {
            hash: TokenHash(Sha256::digest(secret).into()),
            bucket: match known {
                Some(_) => format!("{client_id} {}", certificate.thumbprint()),
                None => format!("{client_id} unknown"),
            },
            client_id,
            certificate: Sha256::digest(certificate.as_der()).into(),
            expires_at: now.plus_seconds(CHALLENGE_SECONDS),
        };
        self.store.put_challenge(&challenge, MAX_CHALLENGES).await?;
        Ok(sealed)
    }

    /// `AuthenticateConfirm`: a token for the user of the certificate. `answer` is the decrypted secret in base64.
    ///
    /// The secret is found by its SHA-256, so the time of the search tells nothing about it, and is taken out at once:
    /// whatever is wrong beside it, a right answer is the last one to its challenge.
    ///
    /// # Errors
    /// [`AuthError::BadChallenge`]; [`AuthError::UnknownCertificate`]; [`AuthError::CertificateRefused`];
    /// [`AuthError::BadCertificate`] when the certificate itself is sent and is none.
    pub async fn login_by_certificate(
        &self,
        caller: &Caller,
        answer: &str,
        named: NamedCertificate,
    ) -> Result<String, AppError> {
        let (client, user, thumbprint) = self.holder_of_certificate(caller, answer, named).await?;
        self.issue(TokenKind::Access, &client, user, "", Some(thumbprint)).await
    }

    async fn holder_of_certificate(
        &self,
        caller: &Caller,
        answer: &str,
        named: NamedCertificate,
    ) -> Result<(Arc<ApiClient>, UserId, CertificateThumbprint), AppError> {
        let secret = LENIENT.decode(answer.trim()).map_err(|_| AuthError::BadChallenge)?;
        let given = match named {
            NamedCertificate::Thumbprint(text) => Thumbprint::parse(&text).ok_or_else(|| {
                AppError::invalid(
                    "thumbprint",
                    format!("{text:?} must be the SHA-1 of the certificate, 40 hexadecimal digits"),
                )
            })?,
            NamedCertificate::Whole(bytes) => read(&bytes)?.thumbprint(),
        };
        let now = self.clock.now();
        let hash = TokenHash(Sha256::digest(&secret).into());
        let challenge = self
            .store
            .take_challenge(hash)
            .await?
            .filter(|challenge| challenge.expires_at > now && challenge.client_id == caller.client.id)
            .ok_or(AuthError::BadChallenge)?;
        let known = self.store.user_certificate(stored(given)).await?;
        let UserCertificate { der, user, .. } =
            known.ok_or_else(|| AuthError::UnknownCertificate(given.to_string()))?;
        // Thumbprints can be forged: the secret has to have gone to this very certificate.
        if Sha256::digest(&der)[..] != challenge.certificate {
            return Err(AuthError::BadChallenge.into());
        }
        let judge = Arc::clone(&self.certificate_judge);
        let judged = tokio::task::spawn_blocking(move || {
            let certificate = Certificate::from_der(&der).map_err(|error| error.to_string())?;
            out_of_date(&certificate, now).map_or(Ok(()), Err)?;
            judge.judge(&certificate, now)
        });
        judged
            .await
            .map_err(|_| AppError::Internal)?
            .map_err(|reason| AuthError::CertificateRefused { thumbprint: given.to_string(), reason })?;
        Ok((Arc::clone(&caller.client), user, stored(given)))
    }

    /// Lets `user` log in by a certificate, given as DER, PEM or base64.
    ///
    /// # Errors
    /// `CoreError::Invalid` when it is no certificate, is out of date or has a key of no use, or is somebody's already.
    pub async fn add_certificate(
        &self,
        user: UserId,
        certificate: &[u8],
    ) -> Result<LoginCertificate, AppError> {
        let invalid = |reason: String| AppError::invalid("certificate", reason);
        let now = self.clock.now();
        let certificate = Certificate::parse(certificate).map_err(|error| invalid(error.to_string()))?;
        if let Some(reason) = out_of_date(&certificate, now) {
            return Err(invalid(reason));
        }
        // Tried out, so that the first login is not the place to learn of it.
        enveloped_data::encrypt(&[], &certificate, &mut random(&*self.entropy))
            .map_err(|error| invalid(error.to_string()))?;
        let new = UserCertificate {
            thumbprint: stored(certificate.thumbprint()),
            der: certificate.as_der().to_vec(),
            user,
            added_at: now,
        };
        if !self.store.add_user_certificate(&new).await? {
            let owner = self.store.user_certificate(new.thumbprint).await?;
            // Adding it to its owner again changes nothing.
            if owner.is_none_or(|owner| owner.user != user || owner.der != new.der) {
                let reason =
                    format!("{} opens another account; remove it there first", certificate.thumbprint());
                return Err(invalid(reason));
            }
        }
        Ok(LoginCertificate::of(&certificate))
    }

    /// The certificates by which `user` may log in.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn certificates_of(&self, user: UserId) -> Result<Vec<LoginCertificate>, AppError> {
        let kept = self.store.user_certificates(user).await?;
        let read = kept.iter().filter_map(|one| Certificate::from_der(&one.der).ok());
        Ok(read.map(|certificate| LoginCertificate::of(&certificate)).collect())
    }

    /// Takes a certificate from `user`, and with it every token that it bought.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the thumbprint is none, or the user has no such certificate.
    pub async fn remove_certificate(&self, user: UserId, thumbprint: &str) -> Result<(), AppError> {
        let invalid = |reason: &str| AppError::invalid("thumbprint", format!("{thumbprint:?} {reason}"));
        let parsed = Thumbprint::parse(thumbprint)
            .ok_or_else(|| invalid("must be the SHA-1 of a certificate, 40 hexadecimal digits"))?;
        match self.store.remove_user_certificate(user, stored(parsed)).await? {
            true => Ok(()),
            false => Err(invalid("is no certificate of this user")),
        }
    }
}
