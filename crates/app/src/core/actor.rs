//! Who calls, and as whom.

use std::sync::Arc;

use potok_domain::access::{self, Scope};
use potok_domain::directory::{Employee, Organization, User};
use potok_store::{ApiClient, Member, Session, Token, TokenHash, TokenKind};
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
    /// The user in the box that the call's query names.
    member: Option<Box<Member>>,
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
    /// [`CoreError::Denied`] when some documents of the organization are hidden from the user.
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

fn not_blocked(client: ApiClient) -> Result<ApiClient, AppError> {
    if client.is_blocked { Err(AppError::ClientBlocked(client.id)) } else { Ok(client) }
}

/// What is kept of a secret.
pub(crate) fn hash_of(secret: &str) -> TokenHash {
    TokenHash(Sha256::digest(secret.as_bytes()).into())
}

impl App {
    /// Says who calls. With `box_id`, the box that the call names if it names one in its query, the caller's place in it
    /// is read along.
    ///
    /// # Errors
    /// [`AuthError::UnknownClient`]; [`AuthError::BadToken`] for a bad `Bearer` token; [`AppError::ClientBlocked`]. A
    /// bad `DiadocAuth` token is no error here: the caller is then known as a client only.
    pub async fn identify(&self, presented: &Presented, box_id: Option<BoxId>) -> Result<Caller, AppError> {
        let (client_id, token) = match presented {
            Presented::DiadocAuth { client_id, token } => (Some(client_id), token.as_ref()),
            Presented::Bearer { token } => (None, Some(token)),
        };
        let session = match token {
            Some(text) => self.good_session(text, box_id).await?,
            None => None,
        };
        let session = session.filter(|session| client_id.is_none_or(|id| session.token.client_id == *id));
        let Some(session) = session else {
            let client_id = client_id.ok_or(AuthError::BadToken)?;
            let client = Arc::new(self.known_client(client_id).await?);
            let token_was_sent = token.is_some();
            return Ok(Caller { client, user: None, scope: String::new(), member: None, token_was_sent });
        };
        Ok(Caller {
            client: Arc::new(not_blocked(session.client.ok_or(AuthError::UnknownClient)?)?),
            user: session.user.map(Arc::new),
            scope: session.token.scope,
            member: session.member.map(Box::new),
            token_was_sent: true,
        })
    }

    async fn good_session(&self, text: &str, box_id: Option<BoxId>) -> Result<Option<Session>, AppError> {
        let now = self.clock.now();
        let session = self.store.session(hash_of(text), box_id).await?;
        Ok(session
            .filter(|session| session.token.kind == TokenKind::Access && session.token.expires_at > now))
    }

    /// The client, unless it is switched off.
    pub(crate) async fn known_client(&self, id: &str) -> Result<ApiClient, AppError> {
        not_blocked(self.store.api_client(id).await?.ok_or(AuthError::UnknownClient)?)
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
        let member = match &caller.member {
            Some(member) if member.employee.box_id == box_id => Some(Member::clone(member)),
            _ => self.store.member(box_id, user.id).await?,
        };
        let member = member.ok_or(AppError::BoxDenied(box_id))?;
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
