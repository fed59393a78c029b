//! Programs that end the session of a browser.

use potok_oidc::{IdToken, with_parameters};

use super::{Login, SignedIn};
use crate::core::CoreError;

/// A request to end a session, as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndRequest {
    /// `id_token_hint`.
    pub id_token_hint: Option<String>,
    /// `client_id`.
    pub client_id: Option<String>,
    /// `post_logout_redirect_uri`.
    pub post_logout_redirect_uri: Option<String>,
    /// `state`.
    pub state: Option<String>,
}

/// What a request to end a session leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndOfSession {
    /// The program has shown that it knows who is signed in, so nobody is asked.
    pub is_known: bool,
    /// Where the browser goes then; `None`: it is told that the session is over.
    pub goes_to: Option<String>,
}

/// Why a session cannot be ended so.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// The request cannot be used.
    #[error("{0}")]
    BadRequest(&'static str),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

impl Login {
    /// Reads a request to end the session of a browser in which `who` is signed in.
    ///
    /// # Errors
    /// [`EndError::BadRequest`] when the hint is none of ours, names another program, or the address is not registered.
    pub async fn end_of_session(
        &self,
        request: &EndRequest,
        who: Option<&SignedIn>,
    ) -> Result<EndOfSession, EndError> {
        let hint = match &request.id_token_hint {
            Some(text) => {
                let keys = self.keys.published().await?;
                let read = IdToken::read_own(text, &self.issuer, &keys);
                Some(read.map_err(|_| EndError::BadRequest("id_token_hint is no id token of this server"))?)
            }
            None => None,
        };
        let named = hint.as_ref().map(|hint| hint.aud.as_str());
        let client_id = match (request.client_id.as_deref(), named) {
            (Some(id), Some(aud)) if id != aud => {
                return Err(EndError::BadRequest("client_id is not the program of id_token_hint"));
            }
            (id, aud) => id.or(aud),
        };
        let goes_to = match (&request.post_logout_redirect_uri, client_id) {
            (None, _) => None,
            (Some(_), None) => {
                return Err(EndError::BadRequest(
                    "post_logout_redirect_uri needs id_token_hint or client_id: it is registered for a program",
                ));
            }
            (Some(uri), Some(id)) => {
                let registration = self.logins.registration(id).await.map_err(CoreError::from)?;
                if !registration.is_some_and(|it| it.post_logout_redirect_uris.contains(uri)) {
                    return Err(EndError::BadRequest(
                        "post_logout_redirect_uri is not registered for the program",
                    ));
                }
                let state = request.state.as_deref();
                Some(
                    state.map_or_else(
                        || uri.clone(),
                        |state| with_parameters(uri, &[("state", state)], false),
                    ),
                )
            }
        };
        let subject = who.map(|who| who.user.id.to_string());
        let is_known = hint.is_some_and(|hint| Some(hint.sub) == subject);
        Ok(EndOfSession { is_known, goes_to })
    }
}
