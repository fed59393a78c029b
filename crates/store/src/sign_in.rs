//! How people sign in to programs in a browser: what programs are registered with, and what waits between two steps of a sign-in.

use async_trait::async_trait;
use potok_types::{Ticks, UserId};

use crate::{StoreError, Token, TokenHash};

/// What a program is registered with besides its id and secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The API client.
    pub client_id: String,
    /// It keeps no secret, because it runs where everybody can read it: on a desktop, on a phone, in a page.
    pub is_public: bool,
    /// Where browsers may be sent with a code.
    pub redirect_uris: Vec<String>,
    /// Where browsers may be sent after the end of a session.
    pub post_logout_redirect_uris: Vec<String>,
}

/// A code by which a program gets tokens, once, after its user signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// Instead of the code. What the code buys has it as `family`.
    pub hash: TokenHash,
    /// The only client that may use it.
    pub client_id: String,
    /// Who signed in.
    pub user: UserId,
    /// Where the code was sent: the client has to say it again.
    pub redirect_uri: String,
    /// Scopes, blank-separated.
    pub scope: String,
    /// Put into the id token.
    pub nonce: Option<String>,
    /// PKCE: SHA-256 of the verifier, in base64url.
    pub challenge: Option<String>,
    /// When the user had signed in.
    pub signed_in_at: Ticks,
    /// Good before this moment.
    pub expires_at: Ticks,
    /// Since when it is used. It is known until its end, so that a second use is noticed.
    pub used_at: Option<Ticks>,
}

/// What came of the use of an [`AuthorizationCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The tokens are kept, and the code is used.
    Done,
    /// There is no such code; nothing was written.
    Unknown,
    /// It was used before, so two have it: what it bought is revoked.
    UsedBefore,
}

/// What a person said about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// Nothing yet.
    Waits,
    /// No.
    Denied,
    /// Yes.
    Allowed {
        /// Who said it.
        user: UserId,
        /// When that user had signed in.
        signed_in_at: Ticks,
    },
}

/// A device that waits until somebody signs in for it elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCode {
    /// SHA-256 of the code that the device has.
    pub hash: TokenHash,
    /// The code that people type: unique among those that are kept.
    pub user_code: String,
    /// The client that runs on the device.
    pub client_id: String,
    /// Scopes, blank-separated.
    pub scope: String,
    /// Good before this moment.
    pub expires_at: Ticks,
    /// Seconds that the device has to leave between two questions.
    pub interval_seconds: u32,
    /// When it asked last.
    pub asked_at: Option<Ticks>,
    /// What was said.
    pub answer: DeviceAnswer,
}

/// A key by which the server signs id tokens. The one secret that is kept as it is: no hash can sign.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// `kid`.
    pub id: String,
    /// PKCS#8.
    pub pkcs8: Vec<u8>,
    /// Signs from this moment on, until a later key does; it is published as soon as it is kept.
    pub signs_from: Ticks,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, signs_from, .. } = self;
        f.debug_struct("SigningKey").field("id", id).field("signs_from", signs_from).finish_non_exhaustive()
    }
}

/// Programs that people sign in to.
#[async_trait]
pub trait Registrations: Send + Sync {
    /// What the client is registered with.
    async fn registration(&self, client_id: &str) -> Result<Option<Registration>, StoreError>;
    /// Adds a registration, or replaces the one of its client.
    async fn put_registration(&self, registration: &Registration) -> Result<(), StoreError>;
}

/// Codes on their way from the browser to the program.
#[async_trait]
pub trait AuthorizationCodes: Send + Sync {
    /// Keeps a code.
    async fn put_code(&self, code: &AuthorizationCode) -> Result<(), StoreError>;
    /// The code, expired and used or not.
    async fn code(&self, hash: TokenHash) -> Result<Option<AuthorizationCode>, StoreError>;
    /// Uses a code that was not used and keeps what it buys; of any number of callers at once one gets it, and when there is
    /// a second one, none keeps it.
    async fn redeem_code(
        &self,
        hash: TokenHash,
        now: Ticks,
        tokens: &[Token],
    ) -> Result<Redeemed, StoreError>;
}

/// Devices that wait.
#[async_trait]
pub trait DeviceCodes: Send + Sync {
    /// Keeps a device code; `false` when the user code is taken.
    async fn put_device_code(&self, code: &DeviceCode) -> Result<bool, StoreError>;
    /// The device code, expired or not.
    async fn device_code(&self, hash: TokenHash) -> Result<Option<DeviceCode>, StoreError>;
    /// The same by the code that people type.
    async fn device_by_user_code(&self, user_code: &str) -> Result<Option<DeviceCode>, StoreError>;
    /// Notes that the device asked, and how long it has to wait from now on.
    async fn note_device_asked(
        &self,
        hash: TokenHash,
        now: Ticks,
        interval_seconds: u32,
    ) -> Result<(), StoreError>;
    /// Notes what was said about a device for which nothing was said yet; whether it was.
    async fn answer_device(&self, user_code: &str, answer: DeviceAnswer) -> Result<bool, StoreError>;
    /// Takes out a device code that was allowed and keeps what it buys; whether it was there.
    async fn redeem_device(&self, hash: TokenHash, tokens: &[Token]) -> Result<bool, StoreError>;
    /// Forgets codes and device codes that expired before `now`; how many.
    async fn forget_expired_codes(&self, now: Ticks) -> Result<u64, StoreError>;
}

/// What people allowed to programs.
#[async_trait]
pub trait Consents: Send + Sync {
    /// The scopes that `user` allowed to the client, blank-separated.
    async fn consent(&self, user: UserId, client_id: &str) -> Result<Option<String>, StoreError>;
    /// Notes the scopes, in the place of those from before.
    async fn put_consent(
        &self,
        user: UserId,
        client_id: &str,
        scope: &str,
        now: Ticks,
    ) -> Result<(), StoreError>;
}

/// Keys of the server.
#[async_trait]
pub trait SigningKeys: Send + Sync {
    /// All of them, in the order in which they begin to sign.
    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError>;
    /// Keeps a key.
    async fn put_signing_key(&self, key: &SigningKey) -> Result<(), StoreError>;
    /// Deletes a key; whether it was there.
    async fn delete_signing_key(&self, id: &str) -> Result<bool, StoreError>;
}
