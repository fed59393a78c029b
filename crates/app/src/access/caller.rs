//! A program that calls, and the user for whom it does.

use std::sync::Arc;

use potok_domain::directory::User;
use potok_oidc::Scope;
use potok_store::{ApiClient, Member};

use super::AccessError;

/// What an `Authorization` header presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// `DiadocAuth ddauth_api_client_id=…,ddauth_token=…`.
    DiadocAuth {
        /// The client.
        client_id: String,
        /// The token; not needed by methods for any known client.
        token: Option<String>,
    },
    /// `Bearer …`: the client follows from the token.
    Bearer {
        /// The access token.
        token: String,
    },
}

/// Who calls: a known API client, and the user if a good token was sent.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The program.
    pub client: Arc<ApiClient>,
    /// The person or robot.
    pub user: Option<Arc<User>>,
    /// Scopes of the token, blank-separated; empty for tokens of `Authenticate`.
    pub scope: String,
    /// The user in the box that the call's query names.
    pub(super) member: Option<Box<Member>>,
    pub(super) token_was_sent: bool,
}

impl Caller {
    /// The user.
    ///
    /// # Errors
    /// [`AccessError::NoToken`] when no token was sent, [`AccessError::BadToken`] when it is not good.
    pub fn user(&self) -> Result<&Arc<User>, AccessError> {
        let missing = if self.token_was_sent { AccessError::BadToken } else { AccessError::NoToken };
        self.user.as_ref().ok_or(missing)
    }

    /// Insists on a token for the API: one that only tells who somebody is opens nothing.
    ///
    /// # Errors
    /// [`AccessError::InsufficientScope`].
    pub fn must_open_api(&self) -> Result<(), AccessError> {
        let is_api = |scope: &str| scope == Scope::API || scope == Scope::API_STAGING;
        match self.scope.is_empty() || self.scope.split_ascii_whitespace().any(is_api) {
            true => Ok(()),
            false => Err(AccessError::InsufficientScope),
        }
    }

    /// A token was sent and is not good. Methods for any known client ignore that; it is worth a warning in the log.
    pub fn has_bad_token(&self) -> bool {
        self.token_was_sent && self.user.is_none()
    }
}
