//! Certificates by which people log in, and the challenges that they answer with their keys.

use async_trait::async_trait;
use potok_types::{BoxId, Ticks, UserId};

use crate::{StoreError, TokenHash};

/// SHA-1 of a certificate: its name in the API, not a proof of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CertificateThumbprint(pub [u8; 20]);

/// A certificate that opens a user's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCertificate {
    /// By which it is found.
    pub thumbprint: CertificateThumbprint,
    /// The certificate: two of them may have one thumbprint, so the bytes decide.
    pub der: Vec<u8>,
    /// The user who logs in by it.
    pub user: UserId,
    /// When it was added.
    pub added_at: Ticks,
}

/// A question that only the holder of a certificate's key can answer, until it is answered or its time is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginChallenge {
    /// SHA-256 of the answer, which is long and random.
    pub hash: TokenHash,
    /// The only client that may answer.
    pub client_id: String,
    /// SHA-256 of the only certificate by which it may be answered.
    pub certificate: [u8; 32],
    /// Challenges with the same word here share a bound.
    pub bucket: String,
    /// Good before this moment.
    pub expires_at: Ticks,
}

/// Certificates by which people log in.
#[async_trait]
pub trait UserCertificates: Send + Sync {
    /// The certificate with this thumbprint.
    async fn user_certificate(
        &self,
        thumbprint: CertificateThumbprint,
    ) -> Result<Option<UserCertificate>, StoreError>;
    /// The certificates of a user, in the order in which they were added.
    async fn user_certificates(&self, user: UserId) -> Result<Vec<UserCertificate>, StoreError>;
    /// The certificates of those who work in the box and are not blocked, there or at all, in the order in which they were
    /// added, at most `limit`.
    async fn certificates_of_employees(
        &self,
        box_id: BoxId,
        limit: usize,
    ) -> Result<Vec<UserCertificate>, StoreError>;
    /// Adds a certificate, unless its thumbprint is taken; whether it was added.
    async fn add_user_certificate(&self, certificate: &UserCertificate) -> Result<bool, StoreError>;
    /// Removes a user's certificate and every token that it bought; whether it was there.
    async fn remove_user_certificate(
        &self,
        user: UserId,
        thumbprint: CertificateThumbprint,
    ) -> Result<bool, StoreError>;
}

/// Questions that were asked of people who log in by certificate.
#[async_trait]
pub trait LoginChallenges: Send + Sync {
    /// Keeps a challenge. Of its bucket only the newest `limit` stay.
    async fn put_challenge(&self, challenge: &LoginChallenge, limit: u32) -> Result<(), StoreError>;
    /// Takes the challenge out, expired or not: of any number of callers at once, on any number of nodes, one gets it.
    async fn take_challenge(&self, hash: TokenHash) -> Result<Option<LoginChallenge>, StoreError>;
    /// Forgets challenges that expired before `now`; how many.
    async fn forget_expired_challenges(&self, now: Ticks) -> Result<u64, StoreError>;
}
