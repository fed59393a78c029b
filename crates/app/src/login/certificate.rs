//! Logging in by certificate: a secret goes out encrypted to the certificate, and whoever sends it back holds the key.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use potok_cms::enveloped_data;
use potok_cms::{Certificate, Thumbprint, UnixTime};
use potok_store::{ApiClient, CertificateThumbprint, LoginChallenge, Proof, TokenHash, UserCertificate};
use potok_types::access::KnownClient;
use potok_types::{Entropy, Invalid, Ticks, UserId};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::{Login, LoginError, ServiceUser};
use crate::Permit;

/// Bytes of the secret.
const CHALLENGE_BYTES: usize = 32;
/// How long it may be answered.
const CHALLENGE_SECONDS: i64 = 5 * 60;
/// Challenges that wait for an answer, for each known certificate and, together, for all unknown ones of an API client.
/// Certificates are public: who floods one shuts out nobody else, and fills no disk.
const MAX_CHALLENGES: u32 = 256;

/// Challenges are given out in steps of this time after they were asked for: what is read and written for a certificate that
/// somebody has takes some microseconds longer than for one that nobody has, and would tell it.
const STEP: Duration = Duration::from_millis(10);

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

/// A source for the encryption, seeded by ours.
pub(crate) fn random(entropy: &dyn Entropy) -> StdRng {
    let mut seed = [0; 32];
    entropy.fill(&mut seed);
    StdRng::from_seed(seed)
}

pub(crate) fn stored(thumbprint: Thumbprint) -> CertificateThumbprint {
    CertificateThumbprint(*thumbprint.as_bytes())
}

fn read(certificate: &[u8]) -> Result<Certificate, LoginError> {
    Certificate::parse(certificate).map_err(|error| LoginError::BadCertificate(error.to_string()))
}

/// Why a certificate is of no use at `at` whoever issued it.
pub(crate) fn out_of_date(certificate: &Certificate, at: Ticks) -> Option<String> {
    let at = UnixTime(at.unix_seconds());
    let (from, to) = (certificate.not_before(), certificate.not_after());
    match certificate.is_valid_at(at) {
        true => None,
        false if at < from => Some(format!("it is valid from {from} only")),
        false => Some(format!("it was valid until {to}")),
    }
}

/// Waits for the end of the [`STEP`] that runs.
async fn next_step(asked: Instant) {
    let steps = asked.elapsed().as_nanos() / STEP.as_nanos() + 1;
    tokio::time::sleep_until(asked + STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))).await;
}

impl Login {
    /// `Authenticate` by certificate: a secret, encrypted to the certificate.
    ///
    /// The same happens for certificates that nobody has: who does not hold the key learns nothing about accounts.
    ///
    /// # Errors
    /// [`LoginError::BadCertificate`] when the bytes are no certificate, when it is out of date, and when nothing can be
    /// encrypted to its key.
    pub async fn challenge(
        &self,
        client: &Permit<KnownClient>,
        certificate: Bytes,
    ) -> Result<Vec<u8>, LoginError> {
        self.challenge_for(client, certificate).await
    }

    pub(super) async fn challenge_for(
        &self,
        client: &ApiClient,
        certificate: Bytes,
    ) -> Result<Vec<u8>, LoginError> {
        let asked = Instant::now();
        let now = self.core.clock.now();
        let mut secret = [0; CHALLENGE_BYTES];
        self.core.entropy.fill(&mut secret);
        let mut random = random(&*self.core.entropy);
        let sealed = self.core.room.work.serve(move || {
            let certificate = read(&certificate)?;
            if let Some(reason) = out_of_date(&certificate, now) {
                return Err(LoginError::BadCertificate(reason));
            }
            let sealed = enveloped_data::encrypt(&secret, &certificate, &mut random);
            let sealed = sealed.map_err(|error| LoginError::BadCertificate(error.to_string()))?;
            Ok((certificate, sealed))
        });
        let (certificate, sealed) = sealed.await??;
        let thumbprint = stored(certificate.thumbprint());
        let known = self.logins.user_certificate(thumbprint).await?;
        let known = known.filter(|known| known.der == certificate.as_der());
        let client_id = client.id.clone();
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
        self.logins.put_challenge(&challenge, MAX_CHALLENGES).await?;
        next_step(asked).await;
        Ok(sealed)
    }

    /// `AuthenticateConfirm`: a token for the user of the certificate. `answer` is the decrypted secret in base64.
    ///
    /// The secret is found by its SHA-256, so the time of the search tells nothing about it, and is taken out at once:
    /// whatever is wrong beside it, a right answer is the last one to its challenge.
    ///
    /// # Errors
    /// [`LoginError::BadChallenge`]; [`LoginError::UnknownCertificate`]; [`LoginError::CertificateRefused`];
    /// [`LoginError::BadCertificate`] when the certificate itself is sent and is none; [`LoginError::NotBound`] for a service that
    /// is not trusted. The user of `service` is this user from then on.
    pub async fn by_certificate(
        &self,
        client: &Permit<KnownClient>,
        answer: &str,
        named: NamedCertificate,
        service: Option<&ServiceUser>,
    ) -> Result<String, LoginError> {
        if let Some(service) = service {
            self.must_be_service(client, service).await?;
        }
        let (user, thumbprint) = self.holder_of_certificate(client, answer, named).await?;
        self.let_in(user).await?;
        let proof = Proof::Certificate(stored(thumbprint));
        let token = self.tokens.issue_for(&proof, &client.id, user, "").await?;
        // It was taken from the user while it was looked at.
        let token = token.ok_or_else(|| LoginError::UnknownCertificate(thumbprint.to_string()))?;
        if let Some(service) = service {
            self.bind(service, user, &token).await?;
        }
        Ok(token)
    }

    pub(super) async fn holder_of_certificate(
        &self,
        client: &ApiClient,
        answer: &str,
        named: NamedCertificate,
    ) -> Result<(UserId, Thumbprint), LoginError> {
        let secret = LENIENT.decode(answer.trim()).map_err(|_| LoginError::BadChallenge)?;
        let given = match named {
            NamedCertificate::Thumbprint(text) => Thumbprint::parse(&text).ok_or_else(|| {
                Invalid::new(
                    "thumbprint",
                    format!("{text:?} must be the SHA-1 of the certificate, 40 hexadecimal digits"),
                )
            })?,
            NamedCertificate::Whole(bytes) => read(&bytes)?.thumbprint(),
        };
        let now = self.core.clock.now();
        let hash = TokenHash(Sha256::digest(&secret).into());
        let challenge = self
            .logins
            .take_challenge(hash)
            .await?
            .filter(|challenge| challenge.expires_at > now && challenge.client_id == client.id)
            .ok_or(LoginError::BadChallenge)?;
        let known = self.logins.user_certificate(stored(given)).await?;
        let UserCertificate { der, user, .. } =
            known.ok_or_else(|| LoginError::UnknownCertificate(given.to_string()))?;
        // Thumbprints can be forged: the secret has to have gone to this very certificate. Who answers for another one hears the
        // same as if nobody had this one.
        if Sha256::digest(&der)[..] != challenge.certificate {
            return Err(LoginError::UnknownCertificate(given.to_string()));
        }
        let judge = Arc::clone(&self.judge);
        let judged = self.core.room.work.serve(move || {
            let certificate = Certificate::from_der(&der).map_err(|error| error.to_string())?;
            out_of_date(&certificate, now).map_or(Ok(()), Err)?;
            judge.judge(&certificate, now)
        });
        judged
            .await?
            .map_err(|reason| LoginError::CertificateRefused { thumbprint: given.to_string(), reason })?;
        Ok((user, given))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_challenge_takes_whole_steps() {
        for (worked, taken) in [(0, 10), (3, 10), (9, 10), (10, 20), (25, 30)] {
            let asked = Instant::now();
            tokio::time::advance(Duration::from_millis(worked)).await;
            next_step(asked).await;
            assert_eq!(asked.elapsed(), Duration::from_millis(taken));
        }
    }
}
