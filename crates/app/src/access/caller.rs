//! A program that calls, and the user for whom it does.

use std::sync::Arc;

use potok_domain::directory::User;
use potok_oidc::Scope;
use potok_store::{ApiClient, Moment};
use potok_types::BoxId;

use super::sessions::{Known, Rights};
use super::{AccessError, let_in};

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
    /// What is known by the token, with the user's seat in the box that the call's query names.
    pub(super) session: Option<Arc<Known>>,
    /// How far the store had come before anything was asked about the caller.
    pub(super) moment: Option<Moment>,
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

    /// Scopes of the token, blank-separated; empty for tokens of `Authenticate`.
    pub fn scope(&self) -> &str {
        self.session.as_ref().map(|session| session.token.scope.as_str()).unwrap_or_default()
    }

    /// What the user may do in the box that the call's query names, and since when that is known to be so; `None` when the user
    /// is not let in there, or nothing that is remembered may be believed now.
    pub fn rights_in(&self, box_id: BoxId) -> Option<(Rights, Moment)> {
        self.user.as_ref()?;
        let seat = self.session.as_ref()?.seat.as_ref().filter(|seat| seat.employee.box_id == box_id)?;
        let_in(&seat.organization, &seat.employee).ok()?;
        Some((seat.rights, self.moment?))
    }

    /// Insists on a token for the API: one that only tells who somebody is opens nothing.
    ///
    /// # Errors
    /// [`AccessError::InsufficientScope`].
    pub fn must_open_api(&self) -> Result<(), AccessError> {
        let is_api = |scope: &str| scope == Scope::API || scope == Scope::API_STAGING;
        match self.scope().is_empty() || self.scope().split_ascii_whitespace().any(is_api) {
            true => Ok(()),
            false => Err(AccessError::InsufficientScope),
        }
    }

    /// A token was sent and is not good. Methods for any known client ignore that; it is worth a warning in the log.
    pub fn has_bad_token(&self) -> bool {
        self.token_was_sent && self.user.is_none()
    }
}
