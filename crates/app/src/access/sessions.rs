//! What is known of callers, remembered between their calls for as long as nobody changes any of it.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use potok_domain::access::{self, Scope};
use potok_domain::directory::{Department, Employee, Organization, User};
use potok_store::{ApiClient, Logins, Member, Moment, Session, StoreError, Token, TokenHash, TokenKind};
use potok_types::BoxId;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};

/// Memory of the remembered ones.
const BYTES: u64 = 8 << 20;
/// About what one takes, without the departments of its organization.
const ORDINARY_BYTES: u64 = 2 * 1024;

/// Sessions by token, and by the box that was asked for with it.
pub(crate) struct Sessions {
    logins: Arc<dyn Logins>,
    remembered: Cache<(TokenHash, Option<BoxId>), Arc<Remembered>, Weight>,
}

/// A token with everything that is known of whoever sends it. Whether it is good is judged at each use.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) token: Token,
    pub(super) client: Option<Arc<ApiClient>>,
    pub(super) user: Option<Arc<User>>,
    pub(super) seat: Option<Arc<Seat>>,
}

/// A user in a box.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) organization: Arc<Organization>,
    pub(super) employee: Arc<Employee>,
    pub(super) scope: Scope,
    pub(super) rights: Rights,
}

/// A digest of everything that the policy asks about an employee: who has the same may do and see the same in the box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights([u8; 32]);

impl Rights {
    /// Of the names and values of all fields: a new one makes another digest without being named here. The scope of who does
    /// not see everything names the person, who may have been asked about documents of others.
    fn of(organization: &Organization, employee: &Employee, scope: &Scope) -> Self {
        let mut digest = Sha256::new();
        // Writing to a digest cannot fail.
        let _written = write!(Text(&mut digest), "{organization:?} {:?} {scope:?}", employee.permissions);
        Self(digest.finalize().into())
    }
}

struct Text<'d>(&'d mut Sha256);

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

struct Remembered {
    /// [`Moment::sessions`] of the store, before it was asked.
    version: i64,
    known: Arc<Known>,
}

#[derive(Clone, Copy, Debug)]
struct Weight;

impl Weighter<(TokenHash, Option<BoxId>), Arc<Remembered>> for Weight {
    fn weight(&self, _: &(TokenHash, Option<BoxId>), remembered: &Arc<Remembered>) -> u64 {
        let departments = remembered.known.seat.as_ref().map_or(0, |seat| {
            seat.organization.departments.len() + seat.employee.permissions.selected_departments.len()
        });
        ORDINARY_BYTES + departments as u64 * Department::WEIGHT_BYTES
    }
}

impl From<Member> for Seat {
    fn from(member: Member) -> Self {
        let Member { organization, employee } = member;
        let scope = access::scope_of(&employee, &organization);
        let rights = Rights::of(&organization, &employee, &scope);
        Self { organization: Arc::new(organization), employee: Arc::new(employee), scope, rights }
    }
}

impl From<Session> for Known {
    fn from(session: Session) -> Self {
        Self {
            token: session.token,
            client: session.client.map(Arc::new),
            user: session.user.map(Arc::new),
            seat: session.member.map(|member| Arc::new(member.into())),
        }
    }
}

impl Sessions {
    pub(crate) fn new(logins: Arc<dyn Logins>) -> Self {
        let most = usize::try_from(BYTES / ORDINARY_BYTES).unwrap_or(usize::MAX);
        Self { logins, remembered: Cache::with_weighter(most, BYTES, Weight) }
    }

    /// The session of a token as it is remembered, if it may be believed `now`.
    pub(super) fn remembered(
        &self,
        hash: TokenHash,
        box_id: Option<BoxId>,
        now: Moment,
    ) -> Option<Arc<Known>> {
        let remembered = self.remembered.get(&(hash, box_id))?;
        (remembered.version == now.sessions).then(|| Arc::clone(&remembered.known))
    }

    /// The session of a token, with the user's seat in `box_id`; `None` when nobody knows the token. `now` was taken before:
    /// what changes while the store is read leaves a number that is none of later.
    pub(super) async fn find(
        &self,
        hash: TokenHash,
        box_id: Option<BoxId>,
        now: Option<Moment>,
    ) -> Result<Option<Arc<Known>>, StoreError> {
        if let Some(known) = now.and_then(|now| self.remembered(hash, box_id, now)) {
            return Ok(Some(known));
        }
        let key = (hash, box_id);
        let version = now.map(|now| now.sessions);
        let Some(session) = self.logins.session(hash, box_id).await? else { return Ok(None) };
        let known = Arc::new(Known::from(session));
        // Others open nothing, and no number tells of their changes.
        if let Some(version) = version.filter(|_| known.token.kind == TokenKind::Access) {
            self.remembered.insert(key, Arc::new(Remembered { version, known: Arc::clone(&known) }));
        }
        Ok(Some(known))
    }
}

#[cfg(test)]
mod tests;
