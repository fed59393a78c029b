//! Who the client speaks as, and the tokens that prove it.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use potok_api::methods::{
    AuthenticateConfirmQuery, AuthenticateConfirmV3, AuthenticateQuery, AuthenticateV3, ConnectToken,
};
use potok_api::{Caller, Endpoint, Form, Format, MethodSpec, Payload, QueryParams, QueryWriter};
use potok_cms::PrivateKeyError;
use potok_types::Ticks;
use potok_wire::proto::LoginPassword;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::certificate::CertificateLogin;
use crate::error::Error;
use crate::transport::{Request, Transport};

/// The scope of the API at the identity provider.
const SCOPE: &str = "Diadoc.PublicAPI";
/// A token is renewed this long before it runs out, so that no call sets off with one that dies on the way.
const MARGIN_SECONDS: i64 = 60;
/// How long a token lives when the identity provider does not say.
const DEFAULT_LIFETIME_SECONDS: i64 = 3600;

/// Keeps the newest refresh token where the program finds it after a restart. It is called before the token is used.
#[derive(Clone)]
pub struct TokenKeeper(Arc<dyn Fn(&str) + Send + Sync>);

/// How the client proves who it is.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Auth {
    /// By the API client id alone: only for methods that need no user.
    #[default]
    ApiClient,
    /// `DiadocAuth` with a token that was got elsewhere.
    Token(String),
    /// `DiadocAuth` with a token got by logging in; got again when the server no longer takes it.
    Password {
        /// The login.
        login: String,
        /// The password.
        password: String,
    },
    /// `DiadocAuth` with a token got by the key of a certificate; got again when the server no longer takes it.
    Certificate(CertificateLogin),
    /// `Bearer` with an access token that was got elsewhere.
    AccessToken(String),
    /// `Bearer` with access tokens got for a refresh token.
    RefreshToken {
        /// The secret of the API client.
        client_secret: String,
        /// The refresh token.
        refresh_token: String,
        /// Keeps the next one, which the identity provider hands out with each use. Without a keeper the first one is sent
        /// for ever, so that the program finds it good after a restart, too: a provider ends it when the next one is used.
        keeper: Option<TokenKeeper>,
    },
    /// `Bearer` with access tokens got for the client's own secret: it acts as the service account bound to it.
    ClientCredentials {
        /// The secret of the API client.
        client_secret: String,
    },
}

impl Auth {
    /// Logging in with a password.
    pub fn password(login: impl Into<String>, password: impl Into<String>) -> Self {
        Self::Password { login: login.into(), password: password.into() }
    }

    /// Logging in with the certificate and key of a file: PKCS#12, or PEM with both.
    ///
    /// # Errors
    /// [`PrivateKeyError`].
    pub fn certificate_file(bytes: &[u8], password: Option<&str>) -> Result<Self, PrivateKeyError> {
        CertificateLogin::from_file(bytes, password).map(Self::Certificate)
    }

    /// A refresh token of an API client.
    pub fn refresh_token(client_secret: impl Into<String>, refresh_token: impl Into<String>) -> Self {
        Self::RefreshToken {
            client_secret: client_secret.into(),
            refresh_token: refresh_token.into(),
            keeper: None,
        }
    }

    /// A refresh token of an API client, and what keeps the next one each time that one is handed out: a program that starts
    /// again has to start with the newest.
    pub fn rotated_refresh_token(
        client_secret: impl Into<String>,
        refresh_token: impl Into<String>,
        keep: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        Self::RefreshToken {
            client_secret: client_secret.into(),
            refresh_token: refresh_token.into(),
            keeper: Some(TokenKeeper(Arc::new(keep))),
        }
    }

    /// The service account of an API client.
    pub fn client_credentials(client_secret: impl Into<String>) -> Self {
        Self::ClientCredentials { client_secret: client_secret.into() }
    }
}

/// Only the kind: secrets do not belong into logs.
impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiClient => "ApiClient",
            Self::Token(_) => "Token(…)",
            Self::Password { .. } => "Password(…)",
            Self::Certificate(_) => "Certificate(…)",
            Self::AccessToken(_) => "AccessToken(…)",
            Self::RefreshToken { .. } => "RefreshToken(…)",
            Self::ClientCredentials { .. } => "ClientCredentials(…)",
        })
    }
}

/// A token in use.
#[derive(Clone)]
struct Token {
    text: String,
    /// `None`: nobody knows, so it is used until it is refused.
    renew_at: Option<Ticks>,
}

impl Token {
    /// The answer of a login. Nobody says how long it lives.
    fn of(answer: &[u8]) -> Self {
        Self { text: String::from_utf8_lossy(answer).trim().to_owned(), renew_at: None }
    }
}

/// What proves the identity of a client, with the token at hand.
pub(crate) struct Identity {
    client_id: String,
    auth: Auth,
    /// Held while a token is got, so that many calls at once log in once.
    token: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    token: Option<Token>,
    /// The newest refresh token, once the provider has replaced the first.
    refresh_token: Option<String>,
}

/// The authorization of one call.
pub(crate) struct Proof {
    pub(crate) header: Option<HeaderValue>,
    /// The renewable token inside, so that exactly this one is dropped when the server refuses it.
    token: Option<String>,
}

impl Proof {
    /// Whether getting another token may help.
    pub(crate) fn is_renewable(&self) -> bool {
        self.token.is_some()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("client_id", &self.client_id).field("auth", &self.auth).finish()
    }
}

impl Identity {
    pub(crate) fn new(client_id: String, auth: Auth) -> Self {
        Self { client_id, auth, token: Mutex::default() }
    }

    /// The authorization for a call of `spec`; gets a token first if there is none.
    pub(crate) async fn prove(
        &self,
        transport: &Transport,
        spec: &'static MethodSpec,
        now: Ticks,
    ) -> Result<Proof, Error> {
        let without_token = match spec.access.caller {
            // Such calls carry their own credentials, or none.
            Caller::Anyone | Caller::OAuthClient => return Ok(Proof { header: None, token: None }),
            Caller::KnownClient => true,
            _ => false,
        };
        let client_only = || Proof { header: Some(self.diadoc_auth(None)), token: None };
        match &self.auth {
            Auth::ApiClient if spec.access.needs_user() => Err(Error::NoUser { method: spec.label }),
            Auth::ApiClient => Ok(client_only()),
            Auth::Token(_) | Auth::Password { .. } | Auth::Certificate(_) if without_token => {
                Ok(client_only())
            }
            Auth::Token(token) => Ok(Proof { header: Some(self.diadoc_auth(Some(token))), token: None }),
            Auth::AccessToken(token) => Ok(Proof { header: Some(bearer(token)), token: None }),
            Auth::Password { .. } | Auth::Certificate(_) => {
                let token = self.token(transport, now).await?;
                Ok(Proof { header: Some(self.diadoc_auth(Some(&token))), token: Some(token) })
            }
            Auth::RefreshToken { .. } | Auth::ClientCredentials { .. } => {
                let token = self.token(transport, now).await?;
                Ok(Proof { header: Some(bearer(&token)), token: Some(token) })
            }
        }
    }

    /// Drops the token of `proof`, unless another call already replaced it.
    pub(crate) async fn refused(&self, proof: &Proof) {
        let mut held = self.token.lock().await;
        if held.token.as_ref().map(|token| &token.text) == proof.token.as_ref() {
            held.token = None;
        }
    }

    async fn token(&self, transport: &Transport, now: Ticks) -> Result<String, Error> {
        let mut held = self.token.lock().await;
        if let Some(token) = held.token.as_ref().filter(|token| token.renew_at.is_none_or(|at| now < at)) {
            return Ok(token.text.clone());
        }
        let token = match &self.auth {
            Auth::Password { login, password } => self.log_in(transport, login, password).await?,
            Auth::Certificate(login) => self.log_in_by_certificate(transport, login).await?,
            Auth::RefreshToken { client_secret, refresh_token, keeper } => {
                let refresh_token = held.refresh_token.as_ref().unwrap_or(refresh_token);
                let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
                let granted = self.grant(transport, client_secret, &form).await?;
                if let (Some(TokenKeeper(keep)), Some(next)) = (keeper, &granted.refresh_token) {
                    keep(next);
                    held.refresh_token = Some(next.clone());
                }
                granted.token(now)
            }
            Auth::ClientCredentials { client_secret } => {
                let form = [("grant_type", "client_credentials"), ("scope", SCOPE)];
                self.grant(transport, client_secret, &form).await?.token(now)
            }
            Auth::ApiClient | Auth::Token(_) | Auth::AccessToken(_) => {
                unreachable!("`prove` asks for a token only where one can be got")
            }
        };
        held.token = Some(token.clone());
        Ok(token.text)
    }

    async fn log_in(&self, transport: &Transport, login: &str, password: &str) -> Result<Token, Error> {
        let credentials = LoginPassword { login: login.to_owned(), password: password.to_owned() };
        let query = AuthenticateQuery::new("password");
        let body = credentials.to_body(Format::Protobuf);
        Ok(Token::of(&self.authenticate::<AuthenticateV3>(transport, &query, body).await?))
    }

    /// Shows the certificate, opens what comes back with its key, and shows that.
    async fn log_in_by_certificate(
        &self,
        transport: &Transport,
        login: &CertificateLogin,
    ) -> Result<Token, Error> {
        let CertificateLogin(key) = login;
        let query = AuthenticateQuery::new("certificate");
        let certificate = Bytes::copy_from_slice(key.certificate());
        let sealed = self.authenticate::<AuthenticateV3>(transport, &query, certificate).await?;
        let opening = Arc::clone(key);
        let opened = tokio::task::spawn_blocking(move || opening.open(&sealed)).await;
        let secret = opened
            .unwrap_or_else(|error| Err(error.to_string()))
            .map_err(|reason| Error::Certificate { thumbprint: key.thumbprint(), reason })?;
        let query = AuthenticateConfirmQuery {
            thumbprint: Some(key.thumbprint()),
            ..AuthenticateConfirmQuery::new(BASE64_STANDARD.encode(secret))
        };
        Ok(Token::of(&self.authenticate::<AuthenticateConfirmV3>(transport, &query, Bytes::new()).await?))
    }

    /// One call on the way to a token: by the client alone, and 200 or a refusal.
    async fn authenticate<E: Endpoint>(
        &self,
        transport: &Transport,
        query: &E::Query,
        body: Bytes,
    ) -> Result<Bytes, Error> {
        let request = Request { spec: E::SPEC, query: query.to_query_string(), body };
        let answer = transport.send(&request, Some(self.diadoc_auth(None))).await?;
        if answer.status == 200 { Ok(answer.body) } else { Err(answer.refusal(E::SPEC.label)) }
    }

    async fn grant(
        &self,
        transport: &Transport,
        client_secret: &str,
        form: &[(&str, &str)],
    ) -> Result<Granted, Error> {
        let mut body = QueryWriter::default();
        let client = [("client_id", self.client_id.as_str()), ("client_secret", client_secret)];
        for (name, value) in client.iter().chain(form) {
            body.push(name, value);
        }
        let spec = ConnectToken::SPEC;
        let request =
            Request { spec, query: String::new(), body: Form(body.finish()).to_body(Format::Protobuf) };
        let answer = transport.send(&request, None).await?;
        match (answer.status, serde_json::from_slice::<GrantAnswer>(&answer.body)) {
            (200, Ok(GrantAnswer::Granted(granted))) => Ok(granted),
            (_, Ok(GrantAnswer::Refused { error, error_description })) => {
                Err(Error::Grant { error, description: error_description })
            }
            (200, Err(_)) => {
                Err(Error::Grant { error: "the answer holds no access_token".to_owned(), description: None })
            }
            _ => Err(answer.refusal(spec.label)),
        }
    }

    fn diadoc_auth(&self, token: Option<&str>) -> HeaderValue {
        let token = token.map(|token| format!(",ddauth_token={token}")).unwrap_or_default();
        header(format!("DiadocAuth ddauth_api_client_id={}{token}", self.client_id))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum GrantAnswer {
    Granted(Granted),
    Refused { error: String, error_description: Option<String> },
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    // One published sample has the short name.
    #[serde(alias = "expires")]
    expires_in: Option<i64>,
    refresh_token: Option<String>,
}

impl Granted {
    fn token(self, now: Ticks) -> Token {
        let seconds = self.expires_in.unwrap_or(DEFAULT_LIFETIME_SECONDS) - MARGIN_SECONDS;
        Token { text: self.access_token, renew_at: Some(now.plus_seconds(seconds.max(0))) }
    }
}

fn bearer(token: &str) -> HeaderValue {
    header(format!("Bearer {token}"))
}

/// Bytes that cannot stand in a header cannot be right either; the server will refuse what is left of them.
fn header(text: String) -> HeaderValue {
    let bytes: Vec<u8> = text.into_bytes().into_iter().filter(|byte| (b' '..=b'~').contains(byte)).collect();
    HeaderValue::from_maybe_shared(Bytes::from(bytes)).expect("visible ASCII may stand in a header")
}
