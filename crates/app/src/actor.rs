//! Who calls, and as whom.

use std::sync::Arc;

use potok_domain::access::{self, Scope};
use potok_domain::directory::{Employee, Organization, User};
use potok_store::{ApiClient, Token, TokenHash, TokenKind};
use potok_types::{BoxId, DepartmentId};
use sha2::{Digest as _, Sha256};

use crate::{App, AppError, AuthError};

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
    token_was_sent: bool,
}

/// A user in a box.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person or robot.
    pub user: Arc<User>,
    /// The organization of the box.
    pub organization: Arc<Organization>,
    /// The user there.
    pub employee: Arc<Employee>,
    /// The documents that the user may see.
    pub scope: Scope,
}

impl Actor {
    /// The box.
    pub fn box_id(&self) -> BoxId {
        self.organization.box_id
    }

    /// The departments whose documents the user may see; `None` when all.
    pub fn departments(&self) -> Option<Vec<DepartmentId>> {
        match &self.scope {
            Scope::All => None,
            Scope::Departments(departments) => Some(departments.iter().copied().collect()),
        }
    }

    /// # Errors
    /// [`AppError::Denied`] when some documents of the organization are hidden from the user.
    pub fn must_see_all(&self) -> Result<(), AppError> {
        Ok(self.scope.require_all(self.organization.org_id)?)
    }
}

impl Caller {
    /// The user.
    ///
    /// # Errors
    /// [`AuthError`] when no token was sent, or it is not good.
    pub fn user(&self) -> Result<&Arc<User>, AppError> {
        self.user.as_ref().ok_or_else(|| {
            AppError::Auth(if self.token_was_sent { AuthError::BadToken } else { AuthError::NoToken })
        })
    }

    /// A token was sent and is not good. Methods for any known client ignore that; it is worth a warning in the log.
    pub fn has_bad_token(&self) -> bool {
        self.token_was_sent && self.user.is_none()
    }
}

/// What is kept of a secret.
pub(crate) fn hash_of(secret: &str) -> TokenHash {
    TokenHash(Sha256::digest(secret.as_bytes()).into())
}

impl App {
    /// Says who calls.
    ///
    /// # Errors
    /// [`AuthError::UnknownClient`]; [`AuthError::BadToken`] for a bad `Bearer` token; [`AppError::ClientBlocked`]. A
    /// bad `DiadocAuth` token is no error here: the caller is then known as a client only.
    pub async fn identify(&self, presented: &Presented) -> Result<Caller, AppError> {
        let (client_id, token) = match presented {
            Presented::DiadocAuth { client_id, token: None } => (client_id.clone(), None),
            Presented::DiadocAuth { client_id, token: Some(text) } => {
                let token = self.good_token(text, TokenKind::Access).await?;
                (client_id.clone(), token.filter(|token| token.client_id == *client_id))
            }
            Presented::Bearer { token: text } => {
                let token = self.good_token(text, TokenKind::Access).await?.ok_or(AuthError::BadToken)?;
                (token.client_id.clone(), Some(token))
            }
        };
        let client = self.known_client(&client_id).await?;
        let user = match &token {
            Some(token) => self.store.user(token.user).await?.map(Arc::new),
            None => None,
        };
        Ok(Caller {
            client: Arc::new(client),
            user,
            scope: token.map(|token| token.scope).unwrap_or_default(),
            token_was_sent: !matches!(presented, Presented::DiadocAuth { token: None, .. }),
        })
    }

    /// The client, unless it is switched off.
    pub(crate) async fn known_client(&self, id: &str) -> Result<ApiClient, AppError> {
        let client = self.store.api_client(id).await?.ok_or(AuthError::UnknownClient)?;
        if client.is_blocked {
            return Err(AppError::ClientBlocked(client.id));
        }
        Ok(client)
    }

    /// The token with this text, if it is of the wanted kind and not expired.
    pub(crate) async fn good_token(&self, text: &str, kind: TokenKind) -> Result<Option<Token>, AppError> {
        let now = self.clock.now();
        let token = self.store.token(hash_of(text)).await?;
        Ok(token.filter(|token| token.kind == kind && token.expires_at > now))
    }

    /// The caller in `box_id`.
    ///
    /// # Errors
    /// [`AppError::BoxDenied`] when the user is no employee there, also when there is no such box;
    /// [`AppError::EmployeeBlocked`]; [`AppError::BoxSuspended`].
    pub async fn actor(&self, caller: &Caller, box_id: BoxId) -> Result<Actor, AppError> {
        let user = caller.user()?;
        let member = self.store.member(box_id, user.id).await?.ok_or(AppError::BoxDenied(box_id))?;
        if member.employee.permissions.is_blocked {
            return Err(AppError::EmployeeBlocked(box_id));
        }
        if member.organization.is_suspended {
            return Err(AppError::BoxSuspended(box_id));
        }
        Ok(Actor {
            user: Arc::clone(user),
            scope: access::scope(&member.employee.permissions, &member.organization),
            organization: Arc::new(member.organization),
            employee: Arc::new(member.employee),
        })
    }
}
