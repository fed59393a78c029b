//! `GetSecurityEvents`: what happened to the organization and its people.

use std::collections::BTreeMap;

use potok_domain::Revision;
use potok_domain::directory::{DirectoryChange, DirectoryEvent};
use potok_types::UserId;
use potok_types::access::BoxEmployee;

use super::{People, PeopleError};
use crate::Permit;

/// Some events of a directory, in order.
#[derive(Clone, Debug)]
pub struct SecurityEvents {
    /// How many events stand before the first of them.
    pub after: u32,
    /// The events.
    pub events: Vec<DirectoryEvent>,
    /// Names of the people in them, as far as they are known.
    pub names: BTreeMap<UserId, String>,
}

impl People {
    /// What happened to the actor's organization behind the first `after` events: `limit` events at most.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn security_events(
        &self,
        actor: &Permit<BoxEmployee>,
        after: u32,
        limit: u32,
    ) -> Result<SecurityEvents, PeopleError> {
        let up_to = Revision(after.saturating_add(limit));
        let found = self.core.journal.directory_events(actor.box_id(), Revision(after), up_to).await?;
        let mut names = BTreeMap::new();
        for id in found.iter().flat_map(people_of) {
            if names.contains_key(&id) {
                continue;
            }
            if let Some(user) = self.core.directory.user(id).await? {
                names.insert(id, user.full_name());
            }
        }
        Ok(SecurityEvents { after, events: found, names })
    }
}

/// Who made it, and whom it is about.
fn people_of(event: &DirectoryEvent) -> impl Iterator<Item = UserId> {
    let subject = match &event.change {
        DirectoryChange::Employee(employee) => Some(employee.user_id),
        DirectoryChange::NoEmployee(user) | DirectoryChange::AccessRequest { user, .. } => Some(*user),
        DirectoryChange::User(user) => Some(user.id),
        DirectoryChange::Power(power) => Some(power.user),
        DirectoryChange::NoPower(user, _) => Some(*user),
        _ => None,
    };
    event.author.into_iter().chain(subject)
}
