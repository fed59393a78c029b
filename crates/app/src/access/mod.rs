//! Who calls, and as whom.

mod actor;
mod caller;
mod context;
mod error;
mod permit;

use std::sync::Arc;

use potok_domain::access;
use potok_store::{ApiClient, Logins, Member, Session, TokenHash, TokenKind};
use potok_types::{BoxId, UserId};
use sha2::{Digest as _, Sha256};

pub use actor::Actor;
pub use caller::{Caller, Presented};
pub use error::AccessError;
pub use permit::{Held, Permit, Place, Somebody, Subject};

use crate::core::{Core, CoreError};

/// Knows callers by what they present, and as whom they act in a box.
pub struct Callers {
    pub(crate) core: Arc<Core>,
    pub(crate) logins: Arc<dyn Logins>,
}

fn not_blocked(client: ApiClient) -> Result<ApiClient, AccessError> {
    if client.is_blocked { Err(AccessError::ClientBlocked(client.id)) } else { Ok(client) }
}

/// The client, unless it is switched off.
pub(crate) async fn known_client(logins: &dyn Logins, id: &str) -> Result<ApiClient, AccessError> {
    not_blocked(logins.api_client(id).await?.ok_or(AccessError::UnknownClient)?)
}

/// Whether the user is shut out, whatever it presents.
pub(crate) async fn is_blocked(core: &Core, user: UserId) -> Result<bool, CoreError> {
    Ok(core.directory.user(user).await?.is_some_and(|user| user.is_blocked))
}

/// The member who is let into `box_id`.
///
/// # Errors
/// [`AccessError::BoxDenied`] when there is none; [`AccessError::EmployeeBlocked`]; [`AccessError::BoxSuspended`].
pub(crate) fn let_in(member: Option<Member>, box_id: BoxId) -> Result<Member, AccessError> {
    let member = member.ok_or(AccessError::BoxDenied(box_id))?;
    if member.employee.permissions.is_blocked {
        return Err(AccessError::EmployeeBlocked(box_id));
    }
    if member.organization.is_suspended {
        return Err(AccessError::BoxSuspended(box_id));
    }
    Ok(member)
}

/// What is kept of a secret.
pub(crate) fn hash_of(secret: &str) -> TokenHash {
    TokenHash(Sha256::digest(secret.as_bytes()).into())
}

impl Callers {
    /// Says who calls. With `box_id`, the box that the call names if it names one in its query, the caller's place in it
    /// is read along.
    ///
    /// # Errors
    /// [`AccessError::UnknownClient`]; [`AccessError::BadToken`] for a bad `Bearer` token; [`AccessError::ClientBlocked`]. A
    /// bad `DiadocAuth` token is no error here: the caller is then known as a client only.
    pub async fn identify(
        &self,
        presented: &Presented,
        box_id: Option<BoxId>,
    ) -> Result<Caller, AccessError> {
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
            let client_id = client_id.ok_or(AccessError::BadToken)?;
            let client = Arc::new(known_client(&*self.logins, client_id).await?);
            let token_was_sent = token.is_some();
            return Ok(Caller { client, user: None, scope: String::new(), member: None, token_was_sent });
        };
        Ok(Caller {
            client: Arc::new(not_blocked(session.client.ok_or(AccessError::UnknownClient)?)?),
            user: session.user.map(Arc::new),
            scope: session.token.scope,
            member: session.member.map(Box::new),
            token_was_sent: true,
        })
    }

    async fn good_session(&self, text: &str, box_id: Option<BoxId>) -> Result<Option<Session>, AccessError> {
        let now = self.core.clock.now();
        let session = self.logins.session(hash_of(text), box_id).await?;
        let is_good = |session: &Session| {
            let is_blocked = session.user.as_ref().is_some_and(|user| user.is_blocked);
            session.token.kind == TokenKind::Access && session.token.expires_at > now && !is_blocked
        };
        Ok(session.filter(is_good))
    }

    /// The caller in `box_id`.
    ///
    /// # Errors
    /// [`AccessError::BoxDenied`] when the user is no employee there, also when there is no such box;
    /// [`AccessError::EmployeeBlocked`]; [`AccessError::BoxSuspended`].
    async fn actor(&self, caller: &Caller, box_id: BoxId) -> Result<Actor, AccessError> {
        let user = caller.user()?;
        let member = match &caller.member {
            Some(member) if member.employee.box_id == box_id => Some(Member::clone(member)),
            _ => self.core.directory.member(box_id, user.id).await?,
        };
        let member = let_in(member, box_id)?;
        Ok(Actor {
            user: Arc::clone(user),
            scope: access::scope(&member.employee.permissions, &member.organization),
            organization: Arc::new(member.organization),
            employee: Arc::new(member.employee),
        })
    }
}
