//! A program sends a browser, and gets a code back when somebody has signed in and allowed it.

use potok_oidc::{Challenge, RedirectUri, Scope, half_hash};
use potok_store::{ApiClient, AuthorizationCode};
use potok_types::Ticks;

use super::id_tokens::IdTokenOf;
use super::tokens::random_text;
use super::{Login, SignedIn};
use crate::access::{self, AccessError, hash_of};
use crate::core::{CoreError, lift_core_errors};

/// How long a code is good.
const CODE_SECONDS: i64 = 60;

/// The request as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// `client_id`.
    pub client_id: Option<String>,
    /// `redirect_uri`.
    pub redirect_uri: Option<String>,
    /// `response_type`.
    pub response_type: Option<String>,
    /// `response_mode`.
    pub response_mode: Option<String>,
    /// `scope`.
    pub scope: Option<String>,
    /// `state`.
    pub state: Option<String>,
    /// `nonce`.
    pub nonce: Option<String>,
    /// `code_challenge`.
    pub code_challenge: Option<String>,
    /// `code_challenge_method`.
    pub code_challenge_method: Option<String>,
    /// `prompt`.
    pub prompt: Option<String>,
    /// `max_age`.
    pub max_age: Option<String>,
    /// `request` or `request_uri` is there.
    pub is_packed: bool,
}

/// How an answer travels to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// Behind the question mark.
    Query,
    /// Behind the number sign: servers do not see it.
    Fragment,
    /// In a form.
    FormPost,
}

/// An answer on its way to the program through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Where to.
    pub redirect_uri: String,
    /// How it travels.
    pub mode: ResponseMode,
    /// Names and values.
    pub parameters: Vec<(&'static str, String)>,
}

/// Why a request is not answered by a code.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// It is not known whom to answer: the person is told.
    #[error("{0}")]
    Unanswerable(String),
    /// The program is told.
    #[error("the program is told: {0:?}")]
    Refused(Reply),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(AuthorizeError);

/// A request that can be answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The program.
    pub client: ApiClient,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// What it wants.
    pub scope: Scope,
    is_public: bool,
    mode: ResponseMode,
    state: Option<String>,
    nonce: Option<String>,
    challenge: Option<Challenge>,
    with_id_token: bool,
    prompt: Prompt,
    max_age: Option<i64>,
}

/// Whether people are asked.
#[derive(Clone, Copy, Debug, Default)]
struct Prompt {
    none: bool,
    login: bool,
    consent: bool,
}

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// Somebody has to sign in.
    SignIn,
    /// Whoever is signed in has to allow it.
    Ask,
    /// The answer.
    Answer(Reply),
}

impl Asked {
    /// An answer. Each says who gives it (RFC 9207).
    fn reply(&self, issuer: &str, mut parameters: Vec<(&'static str, String)>) -> Reply {
        parameters.extend(self.state.clone().map(|state| ("state", state)));
        parameters.push(("iss", issuer.to_owned()));
        Reply { redirect_uri: self.redirect_uri.clone(), mode: self.mode, parameters }
    }

    fn refusal(&self, issuer: &str, error: &str, description: &str) -> AuthorizeError {
        let told = vec![("error", error.to_owned()), ("error_description", description.to_owned())];
        AuthorizeError::Refused(self.reply(issuer, told))
    }
}

fn unanswerable(text: impl Into<String>) -> AuthorizeError {
    AuthorizeError::Unanswerable(text.into())
}

impl Prompt {
    fn read(words: &str) -> Result<Self, &'static str> {
        let mut prompt = Self::default();
        let mut count = 0;
        for word in words.split_ascii_whitespace() {
            count += 1;
            match word {
                "none" => prompt.none = true,
                "login" | "select_account" => prompt.login = true,
                "consent" => prompt.consent = true,
                _ => return Err("prompt must be none, login, consent or select_account"),
            }
        }
        if prompt.none && count > 1 { Err("prompt=none stands alone") } else { Ok(prompt) }
    }
}

impl Login {
    /// Reads a request.
    ///
    /// # Errors
    /// [`AuthorizeError::Unanswerable`] when client or `redirect_uri` is not known: nothing is sent there.
    /// [`AuthorizeError::Refused`] when anything else is wrong.
    pub async fn asked(&self, request: &AuthorizationRequest) -> Result<Asked, AuthorizeError> {
        let mut asked = self.answerable(request).await?;
        let refused = |asked: &Asked, error, text: &str| Err(asked.refusal(&self.issuer, error, text));
        // The mode first: it says how everything else is answered.
        let with_id_token = match request.response_type.as_deref() {
            Some("code") => false,
            Some("code id_token" | "id_token code") => true,
            Some(_) => {
                return refused(
                    &asked,
                    "unsupported_response_type",
                    "response_type must be code or code id_token",
                );
            }
            None => return refused(&asked, "invalid_request", "response_type is missing"),
        };
        asked.mode = match request.response_mode.as_deref() {
            None if with_id_token => ResponseMode::Fragment,
            None => ResponseMode::Query,
            Some("query") if !with_id_token => ResponseMode::Query,
            Some("fragment") => ResponseMode::Fragment,
            Some("form_post") => ResponseMode::FormPost,
            Some(_) => {
                return refused(
                    &asked,
                    "invalid_request",
                    "response_mode must be query, fragment or form_post; with an id_token not query",
                );
            }
        };
        asked.with_id_token = with_id_token;
        if request.is_packed {
            return refused(
                &asked,
                "request_not_supported",
                "request and request_uri are not served: send parameters",
            );
        }
        match Scope::parse(request.scope.as_deref().unwrap_or_default()) {
            Ok(scope) if scope.is_empty() => return refused(&asked, "invalid_scope", "scope is missing"),
            Ok(scope) => asked.scope = scope,
            Err(error) => return refused(&asked, "invalid_scope", &error.to_string()),
        }
        let method = request.code_challenge_method.as_deref();
        match Challenge::read(request.code_challenge.as_deref(), method) {
            Ok(None) if asked.is_public => {
                let text = "code_challenge is missing: a program without a secret needs PKCE (S256)";
                return refused(&asked, "invalid_request", text);
            }
            Ok(challenge) => asked.challenge = challenge,
            Err(error) => return refused(&asked, "invalid_request", &error.to_string()),
        }
        match Prompt::read(request.prompt.as_deref().unwrap_or_default()) {
            Ok(prompt) => asked.prompt = prompt,
            Err(text) => return refused(&asked, "invalid_request", text),
        }
        match request.max_age.as_deref().map(str::parse::<i64>) {
            None => {}
            Some(Ok(seconds)) if seconds >= 0 => asked.max_age = Some(seconds),
            Some(_) => return refused(&asked, "invalid_request", "max_age must be a number of seconds"),
        }
        if with_id_token && (request.nonce.is_none() || !asked.scope.has(Scope::OPENID)) {
            let text = "an id_token in the answer needs the scope openid and a nonce";
            return refused(&asked, "invalid_request", text);
        }
        Ok(asked)
    }

    /// Who asks, and where an answer may go.
    async fn answerable(&self, request: &AuthorizationRequest) -> Result<Asked, AuthorizeError> {
        let id = request.client_id.as_deref().ok_or_else(|| unanswerable("client_id is missing"))?;
        let client = match access::known_client(&*self.logins, id).await {
            Ok(client) => client,
            Err(AccessError::Core(error)) => return Err(error.into()),
            Err(_) => {
                return Err(unanswerable(format!("client_id {id:?} is unknown, or the client is blocked")));
            }
        };
        let registration = self.logins.registration(id).await?;
        let uri = request.redirect_uri.as_deref().ok_or_else(|| unanswerable("redirect_uri is missing"))?;
        let registration = registration
            .filter(|it| it.redirect_uris.iter().any(|registered| RedirectUri::allows(registered, uri)))
            .ok_or_else(|| {
                unanswerable(format!(
                    "redirect_uri {uri:?} is not registered for the client {id:?}: `potok admin client register` does that"
                ))
            })?;
        Ok(Asked {
            client,
            redirect_uri: uri.to_owned(),
            scope: Scope::default(),
            is_public: registration.is_public,
            mode: ResponseMode::Query,
            state: request.state.clone(),
            nonce: request.nonce.clone(),
            challenge: None,
            with_id_token: false,
            prompt: Prompt::default(),
            max_age: None,
        })
    }

    /// What comes next, when `who` is signed in.
    ///
    /// # Errors
    /// [`AuthorizeError::Refused`] when somebody would have to be asked, and the program does not want that.
    pub async fn next_step(&self, asked: &Asked, who: Option<&SignedIn>) -> Result<Step, AuthorizeError> {
        let now = self.core.clock.now();
        let is_fresh = |since: Ticks| asked.max_age.is_none_or(|age| since.plus_seconds(age) >= now);
        let Some(who) = who.filter(|who| !asked.prompt.login && is_fresh(who.since)) else {
            return match asked.prompt.none {
                true => Err(asked.refusal(&self.issuer, "login_required", "nobody is signed in")),
                false => Ok(Step::SignIn),
            };
        };
        // Of a program without a secret nobody knows whether it is the one that was allowed.
        let allowed = match asked.is_public || asked.prompt.consent {
            true => None,
            false => self.logins.consent(who.user.id, &asked.client.id).await?,
        };
        let allowed = Scope::parse(&allowed.unwrap_or_default()).unwrap_or_default();
        let is_console = asked.is_public && self.is_console(&asked.client.id, &asked.redirect_uri);
        if allowed.covers(&asked.scope) || is_console && !asked.prompt.consent {
            return Ok(Step::Answer(self.code(asked, who).await?));
        }
        match asked.prompt.none {
            true => Err(asked.refusal(&self.issuer, "consent_required", "the user has not allowed it yet")),
            false => Ok(Step::Ask),
        }
    }

    /// The user allows it.
    ///
    /// # Errors
    /// [`AuthorizeError::Core`].
    pub async fn allow(&self, asked: &Asked, who: &SignedIn) -> Result<Reply, AuthorizeError> {
        let before = self.logins.consent(who.user.id, &asked.client.id).await?.unwrap_or_default();
        let all = Scope::parse(&format!("{before} {}", asked.scope)).unwrap_or_else(|_| asked.scope.clone());
        let now = self.core.clock.now();
        self.logins.put_consent(who.user.id, &asked.client.id, &all.to_string(), now).await?;
        self.code(asked, who).await
    }

    /// The user does not allow it.
    pub fn deny(&self, asked: &Asked) -> AuthorizeError {
        asked.refusal(&self.issuer, "access_denied", "the user does not allow it")
    }

    async fn code(&self, asked: &Asked, who: &SignedIn) -> Result<Reply, AuthorizeError> {
        let text = random_text(&*self.core.entropy);
        let code = AuthorizationCode {
            hash: hash_of(&text),
            client_id: asked.client.id.clone(),
            user: who.user.id,
            redirect_uri: asked.redirect_uri.clone(),
            scope: asked.scope.to_string(),
            nonce: asked.nonce.clone(),
            challenge: asked.challenge.as_ref().map(|challenge| challenge.as_str().to_owned()),
            signed_in_at: who.since,
            expires_at: self.core.clock.now().plus_seconds(CODE_SECONDS),
            used_at: None,
        };
        self.logins.put_code(&code).await?;
        if self.is_over(who).await? {
            return Err(asked.refusal(
                &self.issuer,
                "access_denied",
                "the session ended meanwhile: sign in again",
            ));
        }
        let mut parameters = vec![("code", text.clone())];
        if asked.with_id_token {
            let about = IdTokenOf {
                client_id: &asked.client.id,
                user: who.user.id,
                signed_in_at: Some(who.since),
                nonce: asked.nonce.clone(),
            };
            parameters.push((
                "id_token",
                self.id_token(about, |token| token.c_hash = Some(half_hash(&text))).await?,
            ));
        }
        parameters.push(("scope", asked.scope.to_string()));
        Ok(asked.reply(&self.issuer, parameters))
    }
}
