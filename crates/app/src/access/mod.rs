//! Who calls, and as whom.

mod actor;
mod caller;
mod context;
mod error;
mod permit;
mod sessions;

use std::sync::Arc;

use potok_domain::directory::{Employee, Organization};
use potok_store::{ApiClient, Logins, Moment, Registers, TokenHash, TokenKind};
use potok_types::{BoxId, Ticks, UserId};
use sha2::{Digest as _, Sha256};

pub use actor::{Actor, OperatorActor, PartnerUser};
pub use caller::{Caller, Presented};
pub use error::AccessError;
pub use permit::{Held, Permit, Place, Somebody, Subject};
pub use sessions::Rights;
pub(crate) use sessions::Sessions;

use crate::core::{Core, CoreError};
use sessions::{Known, Seat};

/// Knows callers by what they present, and as whom they act in a box.
pub struct Callers {
    pub(crate) core: Arc<Core>,
    pub(crate) logins: Arc<dyn Logins>,
    pub(crate) sessions: Sessions,
    /// Which boxes are those of other operators.
    pub(crate) registers: Arc<dyn Registers>,
}

fn not_blocked(client: &ApiClient) -> Result<(), AccessError> {
    if client.is_blocked { Err(AccessError::ClientBlocked(client.id.clone())) } else { Ok(()) }
}

/// The client, unless it is switched off.
pub(crate) async fn known_client(logins: &dyn Logins, id: &str) -> Result<ApiClient, AccessError> {
    let client = logins.api_client(id).await?.ok_or(AccessError::UnknownClient)?;
    not_blocked(&client)?;
    Ok(client)
}

/// Whether the user is shut out, whatever it presents.
pub(crate) async fn is_blocked(core: &Core, user: UserId) -> Result<bool, CoreError> {
    Ok(core.directory.user(user).await?.is_some_and(|user| user.is_blocked))
}

/// Whether the employee is let into the box of the organization.
///
/// # Errors
/// [`AccessError::EmployeeBlocked`]; [`AccessError::BoxSuspended`].
pub(crate) fn let_in(organization: &Organization, employee: &Employee) -> Result<(), AccessError> {
    if employee.permissions.is_blocked {
        return Err(AccessError::EmployeeBlocked(organization.box_id));
    }
    if organization.is_suspended {
        return Err(AccessError::BoxSuspended(organization.box_id));
    }
    Ok(())
}

/// What is kept of a secret.
pub(crate) fn hash_of(secret: &str) -> TokenHash {
    TokenHash(Sha256::digest(secret.as_bytes()).into())
}

/// Whether the token of the session opens anything at `now`.
fn is_good(session: &Known, now: Ticks) -> bool {
    let is_blocked = session.user.as_ref().is_some_and(|user| user.is_blocked);
    session.token.kind == TokenKind::Access && session.token.expires_at > now && !is_blocked
}

fn caller_of(session: Arc<Known>, moment: Option<Moment>) -> Result<Caller, AccessError> {
    let client = session.client.clone().ok_or(AccessError::UnknownClient)?;
    not_blocked(&client)?;
    Ok(Caller { client, user: session.user.clone(), session: Some(session), moment, token_was_sent: true })
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
        // Before anything is read.
        let moment = self.logins.moment();
        let session = match token {
            Some(text) => self.good_session(text, box_id, moment).await?,
            None => None,
        };
        let session = session.filter(|session| client_id.is_none_or(|id| session.token.client_id == *id));
        if let Some(session) = session {
            return caller_of(session, moment);
        }
        let client_id = client_id.ok_or(AccessError::BadToken)?;
        let client = Arc::new(known_client(&*self.logins, client_id).await?);
        let token_was_sent = token.is_some();
        Ok(Caller { client, user: None, session: None, moment, token_was_sent })
    }

    /// The same of a caller who is remembered with a good token; whoever is not has to be asked about by [`Self::identify`].
    pub fn remembered(&self, presented: &Presented, box_id: BoxId) -> Option<Caller> {
        let (client_id, token) = match presented {
            Presented::DiadocAuth { client_id, token } => (Some(client_id), token.as_ref()?),
            Presented::Bearer { token } => (None, token),
        };
        let moment = self.logins.moment()?;
        let session = self.sessions.remembered(hash_of(token), Some(box_id), moment)?;
        let is_of_client = client_id.is_none_or(|id| session.token.client_id == *id);
        (is_of_client && is_good(&session, self.core.clock.now())).then_some(())?;
        caller_of(session, Some(moment)).ok()
    }

    async fn good_session(
        &self,
        text: &str,
        box_id: Option<BoxId>,
        moment: Option<Moment>,
    ) -> Result<Option<Arc<Known>>, AccessError> {
        let now = self.core.clock.now();
        let session = self.sessions.find(hash_of(text), box_id, moment).await?;
        Ok(session.filter(|session| is_good(session, now)))
    }

    /// The caller in `box_id`.
    ///
    /// # Errors
    /// [`AccessError::BoxDenied`] when the user is no employee there, also when there is no such box;
    /// [`AccessError::EmployeeBlocked`]; [`AccessError::BoxSuspended`].
    async fn actor(&self, caller: &Caller, box_id: BoxId) -> Result<Actor, AccessError> {
        let user = caller.user()?;
        let seat = self.seat(caller, box_id).await?.ok_or(AccessError::BoxDenied(box_id))?;
        let_in(&seat.organization, &seat.employee)?;
        Ok(Actor {
            user: Arc::clone(user),
            scope: seat.scope.clone(),
            organization: Arc::clone(&seat.organization),
            employee: Arc::clone(&seat.employee),
        })
    }

    /// The user of a technology partner, in all boxes that let it in.
    ///
    /// # Errors
    /// [`AccessError::NoPartner`]; [`AccessError::NoToken`], [`AccessError::BadToken`].
    async fn partner(&self, caller: &Caller) -> Result<PartnerUser, AccessError> {
        let user = caller.user()?;
        if !caller.client.is_partner {
            return Err(AccessError::NoPartner(caller.client.id.clone()));
        }
        let members = self.core.directory.memberships(user.id).await?;
        let members = members.into_iter();
        let members = members.filter(|member| let_in(&member.organization, &member.employee).is_ok());
        Ok(PartnerUser { actors: members.map(|member| Actor::of(user, member)).collect() })
    }

    /// The caller's seat in `box_id`, whether the call named the box where it could be seen at once or elsewhere.
    async fn seat(&self, caller: &Caller, box_id: BoxId) -> Result<Option<Arc<Seat>>, AccessError> {
        let Some(session) = &caller.session else { return Ok(None) };
        match &session.seat {
            Some(seat) if seat.employee.box_id == box_id => Ok(Some(Arc::clone(seat))),
            _ => {
                let again = self.sessions.find(session.token.hash, Some(box_id), caller.moment).await?;
                Ok(again.and_then(|session| session.seat.clone()))
            }
        }
    }
}
