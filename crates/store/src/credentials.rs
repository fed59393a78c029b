//! Who calls: API clients, passwords, tokens. Secrets are kept as hashes only.

use async_trait::async_trait;
use potok_domain::directory::User;
use potok_types::{BoxId, Ticks, UserId};

use crate::{CertificateThumbprint, Member, StoreError};

/// SHA-256 of a token: what is kept instead of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// A program that may call the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiClient {
    /// `ddauth_api_client_id`, also `client_id`.
    pub id: String,
    /// What it is, for people.
    pub name: String,
    /// SHA-256 of `client_secret`, which is random and long, so no slow hash is needed; `None`: it has none.
    pub secret_hash: Option<TokenHash>,
    /// Switched off by the operator: 403.
    pub is_blocked: bool,
    /// The account as which `client_credentials` act.
    pub service_user: Option<UserId>,
    /// A technology partner: it may read the events of all boxes of its users at once.
    pub is_partner: bool,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Calls methods.
    Access,
    /// Makes access tokens.
    Refresh,
    /// Shows the pages of the server that somebody has signed in: a browser has it. Issued to no client.
    Session,
}

/// A token's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Instead of the token.
    pub hash: TokenHash,
    /// What it is for.
    pub kind: TokenKind,
    /// The only client that may use it; empty for a session.
    pub client_id: String,
    /// As whom.
    pub user: UserId,
    /// Scopes, blank-separated; empty for tokens of `Authenticate`.
    pub scope: String,
    /// The certificate that bought it; with the certificate it goes.
    pub certificate: Option<CertificateThumbprint>,
    /// When it was made; zero for those of programs that did not note it.
    pub issued_at: Ticks,
    /// Good before this moment.
    pub expires_at: Ticks,
    /// What the chain that it belongs to began with: its first refresh token, or the code that bought the first tokens;
    /// `None` for tokens of a login.
    pub family: Option<TokenHash>,
    /// The refresh token in whose place this one came.
    pub parent: Option<TokenHash>,
    /// Since when a refresh token is no good any more, because another one of its chain took its place.
    pub spent_at: Option<Ticks>,
}

/// Some tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokensOf {
    /// All of them, with all codes.
    All,
    /// Of this user; with them goes whatever else would open the account without another login: codes, devices that were
    /// allowed, users of trusted services.
    User(UserId),
    /// Issued to this API client, with codes on their way to it.
    Client(String),
    /// A chain of refresh tokens, and the access tokens that they bought.
    Family(TokenHash),
    /// This one.
    One(TokenHash),
}

/// A refresh token that buys an access token, and is followed by another refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The refresh token that is used.
    pub used: TokenHash,
    /// Good before this moment, as long as none of its successors was used.
    pub used_expires_at: Ticks,
    /// The refresh token that may take its place; its `parent` is the used one. `None`: the used one stays the only one.
    pub next: Option<Token>,
    /// What was bought.
    pub access: Token,
    /// The time.
    pub now: Ticks,
    /// So many successors that nobody has used are kept, the newest; at least 1.
    pub successors: u32,
}

/// What came of a [`Rotation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// Both tokens are kept. What else was good of the chain is spent: the used one's parent and siblings.
    Done,
    /// There is no such refresh token; nothing was written.
    Unknown,
    /// Another one of its chain took its place, at this time; nothing was written.
    Spent(Ticks),
}

/// A user's password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordLogin {
    /// The user whose password it is.
    pub user: UserId,
    /// Argon2id in PHC form; `None`: no login by password.
    pub password_hash: Option<String>,
}

/// By what somebody proved to be the user to whom a token is given. It may be taken back while the proof is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The password with this hash, Argon2id in PHC form.
    Password(String),
    /// The certificate, to which the token belongs.
    Certificate(CertificateThumbprint),
    /// The secret of the API client.
    Secret(TokenHash),
}

/// Everything that a call with a token asks about its caller, in one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The token, expired or not.
    pub token: Token,
    /// The client that it was issued to.
    pub client: Option<ApiClient>,
    /// The user as whom it acts.
    pub user: Option<User>,
    /// The user in the box that the call names.
    pub member: Option<Member>,
}

/// Programs that may call the API.
#[async_trait]
pub trait ApiClients: Send + Sync {
    /// The client `id`.
    async fn api_client(&self, id: &str) -> Result<Option<ApiClient>, StoreError>;
    /// All clients, by id.
    async fn api_clients(&self) -> Result<Vec<ApiClient>, StoreError>;
    /// Adds a client, or replaces the one with its id.
    async fn put_api_client(&self, client: &ApiClient) -> Result<(), StoreError>;
    /// Blocks a client, or lets it in again. `false` when there is no such client.
    async fn set_client_blocked(&self, id: &str, is_blocked: bool) -> Result<bool, StoreError>;
    /// Marks a client as a technology partner, or takes the mark away. `false` when there is no such client.
    async fn set_client_partner(&self, id: &str, is_partner: bool) -> Result<bool, StoreError>;
    /// Gives a client another secret, and revokes every token that was issued to it: how many; `None` when there is no
    /// such client.
    async fn set_client_secret(&self, id: &str, hash: TokenHash) -> Result<Option<u64>, StoreError>;
}

/// Passwords, which are written with their users.
#[async_trait]
pub trait Passwords: Send + Sync {
    /// The password of the user with this login, in any case.
    async fn password(&self, login: &str) -> Result<Option<PasswordLogin>, StoreError>;
    /// Gives `user` another password, or none, and revokes every token of the user: how many; `None` when there is no such
    /// user.
    async fn set_password(&self, user: UserId, hash: Option<&str>) -> Result<Option<u64>, StoreError>;
}

/// Tokens that calls are made with.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Keeps a token.
    async fn put_token(&self, token: &Token) -> Result<(), StoreError>;
    /// Keeps a token if `proof` still holds for its user or client (a session has none), and neither is blocked; whether it does. What takes rights back
    /// revokes the tokens that are there, so none may be written behind it.
    async fn put_proved_token(&self, token: &Token, proof: &Proof) -> Result<bool, StoreError>;
    /// The token, expired or not.
    async fn token(&self, hash: TokenHash) -> Result<Option<Token>, StoreError>;
    /// The token with its client and user, and the user in `box_id` if one is given.
    async fn session(&self, hash: TokenHash, box_id: Option<BoxId>) -> Result<Option<Session>, StoreError>;
    /// Tokens, expired or not, by user, client and time of issue.
    async fn tokens(&self, whose: &TokensOf) -> Result<Vec<Token>, StoreError>;
    /// Uses a refresh token.
    async fn rotate_token(&self, rotation: &Rotation) -> Result<Rotated, StoreError>;
    /// Ends tokens at once; how many.
    async fn revoke_tokens(&self, whose: &TokensOf) -> Result<u64, StoreError>;
    /// Forgets tokens that expired before `now`; how many.
    async fn forget_expired_tokens(&self, now: Ticks) -> Result<u64, StoreError>;
}
