//! Signs people in at another OpenID provider, a company's own: what `potok-seams` calls [`OutsideProvider`], over HTTP.
//!
//! The provider's document and keys are read when they are needed, and kept until they do not fit any more. It is asked by the
//! authorization code flow with PKCE, and what it says is believed only when its id token holds.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use potok_oidc::{Subject, with_parameters};
use potok_seams::{OutsideProvider, OutsideUser, ProviderError, ProviderRequest};
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use tokio::sync::RwLock;

/// How long the provider may take for an answer: somebody sits before the page.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes of the longest answer that is read.
const MOST_BYTES: usize = 1 << 20;
const SCOPE: &str = "openid email profile";

/// How the server is known to the provider.
#[derive(Clone)]
pub struct ProviderOptions {
    /// The provider, letter for letter as it calls itself.
    pub issuer: String,
    /// What people know it by.
    pub name: String,
    /// The server as a client of it.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

impl std::fmt::Debug for ProviderOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { issuer, name, client_id, client_secret: _ } = self;
        let mut shown = f.debug_struct("ProviderOptions");
        shown
            .field("issuer", issuer)
            .field("name", name)
            .field("client_id", client_id)
            .finish_non_exhaustive()
    }
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The issuer is no address.
    #[error("the provider {0:?} is no address: https://… is expected, http://… on loopback only")]
    Issuer(String),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// Where the endpoints of the provider are.
#[derive(Clone, Debug, Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
}

/// What it answers for a code.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

/// What it says about a user beside the id token.
#[derive(Deserialize)]
struct About {
    sub: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: serde_json::Value,
}

/// Another provider.
#[derive(Debug)]
pub struct HttpProvider {
    options: ProviderOptions,
    http: Client,
    document: RwLock<Option<Arc<Document>>>,
    keys: RwLock<Option<Arc<String>>>,
}

fn failed(what: &str, error: impl std::fmt::Display) -> ProviderError {
    ProviderError::Unreachable(format!("{what}: {error}"))
}

impl HttpProvider {
    /// The provider of `options`; nobody is asked anything yet.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn new(options: ProviderOptions) -> Result<Self, SetupError> {
        let wrong = || SetupError::Issuer(options.issuer.clone());
        let url = url::Url::parse(&options.issuer).map_err(|_| wrong())?;
        let is_local = match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            _ => false,
        };
        if url.scheme() != "https" && !(url.scheme() == "http" && is_local) {
            return Err(wrong());
        }
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Somebody else may be faster, and then theirs is used: either is fine.
            let _other_was_first = rustls::crypto::ring::default_provider().install_default();
        }
        let mut builder = Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        if is_local {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(SetupError::Client)?;
        Ok(Self { options, http, document: RwLock::default(), keys: RwLock::default() })
    }

    async fn text(&self, what: &str, request: RequestBuilder) -> Result<String, ProviderError> {
        let mut answer = request.send().await.map_err(|error| failed(what, error))?;
        let status = answer.status();
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| failed(what, error))? {
            body.extend_from_slice(&piece);
            if body.len() > MOST_BYTES {
                return Err(failed(what, "the answer is larger than 1 MiB"));
            }
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        match status.is_success() {
            true => Ok(text),
            false => Err(failed(what, format!("{status} {}", text.chars().take(200).collect::<String>()))),
        }
    }

    async fn document(&self) -> Result<Arc<Document>, ProviderError> {
        if let Some(document) = &*self.document.read().await {
            return Ok(Arc::clone(document));
        }
        let url = format!("{}/.well-known/openid-configuration", self.options.issuer.trim_end_matches('/'));
        let text = self.text(&url, self.http.get(&url)).await?;
        let read: Document = serde_json::from_str(&text).map_err(|error| failed(&url, error))?;
        if read.issuer != self.options.issuer {
            return Err(failed(&url, format!("it calls itself {:?}", read.issuer)));
        }
        let read = Arc::new(read);
        *self.document.write().await = Some(Arc::clone(&read));
        Ok(read)
    }

    /// Its keys: those that are kept, or, with `anew`, those of now.
    async fn keys(&self, document: &Document, anew: bool) -> Result<Arc<String>, ProviderError> {
        if !anew && let Some(keys) = &*self.keys.read().await {
            return Ok(Arc::clone(keys));
        }
        let keys = self.text(&document.jwks_uri, self.http.get(&document.jwks_uri)).await?;
        let keys = Arc::new(keys);
        *self.keys.write().await = Some(Arc::clone(&keys));
        Ok(keys)
    }

    fn form(&self, request: &ProviderRequest, code: &str, verifier: &str) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &request.redirect_uri)
            .append_pair("code_verifier", verifier)
            .append_pair("client_id", &self.options.client_id)
            .append_pair("client_secret", &self.options.client_secret);
        form.finish()
    }

    async fn subject(
        &self,
        document: &Document,
        id_token: &str,
        nonce: &str,
        now_seconds: i64,
    ) -> Result<Subject, ProviderError> {
        let ProviderOptions { issuer, client_id, .. } = &self.options;
        let mut refused = None;
        // A key that is not among those that are kept may be new.
        for anew in [false, true] {
            let keys = self.keys(document, anew).await?;
            match Subject::read(id_token, &keys, issuer, client_id, nonce, now_seconds) {
                Ok(subject) => return Ok(subject),
                Err(error) => refused = Some(error),
            }
        }
        Err(ProviderError::NotBelieved(refused.map(|error| error.to_string()).unwrap_or_default()))
    }

    /// The e-mail that the provider tells elsewhere, when it is about the same user.
    async fn email(&self, document: &Document, tokens: &Tokens, subject: &str) -> Option<String> {
        let (url, token) = (document.userinfo_endpoint.as_ref()?, tokens.access_token.as_ref()?);
        let text = self.text(url, self.http.get(url).bearer_auth(token)).await.ok()?;
        let about: About = serde_json::from_str(&text).ok()?;
        let is_verified = about.email_verified == true || about.email_verified == "true";
        about.email.filter(|_| is_verified && about.sub == subject)
    }
}

#[async_trait]
impl OutsideProvider for HttpProvider {
    fn name(&self) -> &str {
        &self.options.name
    }

    fn issuer(&self) -> &str {
        &self.options.issuer
    }

    async fn address(&self, request: &ProviderRequest) -> Result<String, ProviderError> {
        let document = self.document().await?;
        let parameters = [
            ("response_type", "code"),
            ("client_id", self.options.client_id.as_str()),
            ("redirect_uri", request.redirect_uri.as_str()),
            ("scope", SCOPE),
            ("state", request.state.as_str()),
            ("nonce", request.nonce.as_str()),
            ("code_challenge", request.challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        Ok(with_parameters(&document.authorization_endpoint, &parameters, false))
    }

    async fn user(
        &self,
        request: &ProviderRequest,
        code: &str,
        verifier: &str,
        now_seconds: i64,
    ) -> Result<OutsideUser, ProviderError> {
        let document = self.document().await?;
        let form = self.form(request, code, verifier);
        let asked = self
            .http
            .post(&document.token_endpoint)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .body(form);
        let text = self.text(&document.token_endpoint, asked).await?;
        let tokens: Tokens =
            serde_json::from_str(&text).map_err(|error| failed(&document.token_endpoint, error))?;
        let subject = self.subject(&document, &tokens.id_token, &request.nonce, now_seconds).await?;
        let email = match subject.verified_email {
            Some(email) => Some(email),
            None => self.email(&document, &tokens, &subject.subject).await,
        };
        Ok(OutsideUser { subject: subject.subject, verified_email: email })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_spoken_to_by_https() {
        let with = |issuer: &str| {
            HttpProvider::new(ProviderOptions {
                issuer: issuer.to_owned(),
                name: "Company".to_owned(),
                client_id: "potok".to_owned(),
                client_secret: "secret".to_owned(),
            })
        };
        for good in ["https://id.example", "https://id.example/realms/one", "http://127.0.0.1:8080"] {
            assert!(with(good).is_ok(), "{good}");
        }
        for wrong in ["http://id.example", "id.example", "ftp://id.example", ""] {
            assert!(matches!(with(wrong), Err(SetupError::Issuer(_))), "{wrong}");
        }
    }
}
