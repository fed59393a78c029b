//! Why nobody is logged in.

use potok_oidc::ScopeError;
use potok_types::Attested;

use crate::core::{CoreError, lift_core_errors};

/// Wrong passwords came for a login, and the next attempt has to wait. This one was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many wrong passwords were sent for this login: try again in {seconds} seconds")]
pub struct TooManyAttempts {
    /// The seconds to wait.
    pub seconds: u32,
}

/// Why nobody is logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// There is no such login, or the password is another one; which of the two is not told.
    #[error("{}", Attested::WrongPassword.words(&[]))]
    WrongPassword,
    /// Wrong passwords came for the login, and the next attempt has to wait.
    #[error(transparent)]
    TooManyAttempts(#[from] TooManyAttempts),
    /// The session id is none, or its time is over.
    #[error("the session id is unknown or has expired: sign in at /signin again")]
    BadSession,
    /// The other provider does not sign in anybody who is known; why, stands in the log.
    #[error("the other provider vouches for nobody whom this server knows")]
    Provider,
    /// No user is bound, or the service is not trusted; which of the two is not told.
    #[error(
        "the service key is unknown, is for another API client, or no user is bound to this user of the service: log in by \
         password with the headers X-Diadoc-ServiceKey and X-Diadoc-ServiceUserId first"
    )]
    NotBound,
    /// The user is shut out by the operator. Told only to whoever has proved to be the user.
    #[error("the user is blocked by the administrator of the server")]
    UserBlocked,
    /// What was sent as a certificate is none, is out of date, or has a key of no use; the text says which.
    #[error("the certificate cannot be used to log in: {0}")]
    BadCertificate(String),
    /// There is no such challenge any more, or it is not for this client and certificate; which, is not told.
    #[error(
        "the token is not the answer to a waiting challenge: it is wrong, older than 5 minutes, used already, or of \
         another API client or certificate; start again with Authenticate?type=certificate"
    )]
    BadChallenge,
    /// The key is there, and the certificate opens no account.
    #[error(
        "the certificate {0} does not belong to any user: an administrator adds it by `potok admin user certificate add`"
    )]
    UnknownCertificate(String),
    /// The certificate belongs to a user and is not to be believed.
    #[error("the certificate {thumbprint} is not accepted: {reason}")]
    CertificateRefused {
        /// Which one.
        thumbprint: String,
        /// Why.
        reason: String,
    },
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(LoginError);

/// Why `/connect/token` gives nothing; the names are those of RFC 6749.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The client or its secret is wrong.
    #[error("the client is unknown, or its secret is wrong")]
    InvalidClient,
    /// The refresh token is wrong.
    #[error("the refresh token is unknown, expired or issued to another client")]
    InvalidGrant,
    /// The client's service account is shut out by the operator.
    #[error("the service account of the client is blocked by the administrator of the server")]
    UserBlocked,
    /// The client may not use this grant.
    #[error("the client is not bound to a service account, which client_credentials needs")]
    UnauthorizedClient,
    /// A robot asks for scopes of people.
    #[error("the scope must name Diadoc.PublicAPI or Diadoc.PublicAPI.Staging, and nothing of people")]
    InvalidScope,
    /// A scope is unknown, or was not given.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// The code is wrong; in which way is not told.
    #[error(
        "the code is unknown, expired, used already, or of another client, redirect_uri or code_verifier: sign in again"
    )]
    BadCode,
    /// The certificate opens nothing; the text says why.
    #[error("{0}")]
    BadCertificate(String),
    /// Nobody has said yet whether the device may go on.
    #[error("nobody has signed in for the device yet: ask again after the interval")]
    Pending,
    /// The device asks too often.
    #[error("the device asks too often: wait 5 seconds longer from now on")]
    SlowDown,
    /// The device code is too old, or none.
    #[error("the device code is unknown, used, or older than 300 seconds: start again")]
    Expired,
    /// The device may not.
    #[error("the user does not allow it")]
    Denied,
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(GrantError);
