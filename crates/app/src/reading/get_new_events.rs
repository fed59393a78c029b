//! `GetNewEvents`: the feed of a box.

use std::collections::HashMap;
use std::sync::Arc;

use potok_domain::MessageState;
use potok_domain::access::Scope;
use potok_domain::directory::AccessLevel;
use potok_domain::docflow::HiddenLinks;
use potok_domain::query::{Bookmark, DepartmentRule, EventsRequest};
use potok_store::{FeedEvent, FeedPage, FeedQuery};
use potok_types::access::Narrowed;
use potok_types::{DepartmentId, Invalid, MessageId, limits};

use crate::{Actor, Held, Missing, Permit, Reading, ReadingError};

/// A page of the feed.
#[derive(Debug)]
pub struct EventsAnswer {
    /// The events.
    pub page: FeedPage,
    /// `None`: the actor sees events whole.
    pub cut: Option<Cut>,
}

/// What of the events of a page the actor may see.
#[derive(Debug)]
pub struct Cut {
    /// Which documents.
    pub scope: Scope,
    /// The messages of the page, as they are now.
    pub states: HashMap<MessageId, Arc<MessageState>>,
    /// Documents to which those of the page are linked and of which the actor must not be told.
    pub hidden: HiddenLinks,
}

impl Cut {
    /// The message of `event`.
    pub fn state_of(&self, event: &FeedEvent) -> Option<&MessageState> {
        self.states.get(&event.message_id).map(Arc::as_ref)
    }
}

impl Reading {
    /// A page of the actor's feed. Its cost does not depend on how far into the feed it lies.
    ///
    /// # Errors
    /// `CoreError::Denied`, [`ReadingError::DepartmentDenied`], `Missing::Department`; `CoreError::Invalid` for an
    /// unknown event as a bookmark, or a department that must be named and is not.
    pub async fn get_new_events<C: Narrowed + Held<Holder = Actor>>(
        &self,
        actor: &Permit<C>,
        request: EventsRequest,
    ) -> Result<EventsAnswer, ReadingError> {
        let EventsRequest { after, order, limit, mut filter, rule } = request;
        let departments = self.feed_departments(actor, rule)?;
        filter.departments = departments.clone();
        filter.narrow_to(&actor.scope);
        let box_id = actor.box_id();
        let after = match after {
            None => None,
            Some(Bookmark::Key(key)) => Some(key),
            Some(Bookmark::Event(event)) => {
                let found = self.core.readings.event(box_id, event).await?.ok_or_else(|| {
                    Invalid::new(
                        "afterEventId",
                        format!("there is no event {event} in box {box_id}; give an event of this box"),
                    )
                })?;
                Some(found.key)
            }
        };
        let query = FeedQuery { box_id, after, order, limit, filter, count_up_to: limits::TOTAL_COUNT };
        let page = self.core.readings.page(query).await?;
        // A caller who sees everything gets matching events whole, also when a department is named.
        let cut = if actor.scope.sees_all() {
            None
        } else {
            let messages: Vec<MessageId> = page.events.iter().map(|event| event.message_id).collect();
            let scope = Scope::of_departments(departments.into_iter().flatten());
            let states = self.core.states(box_id, &messages).await?;
            let linking: Vec<Arc<MessageState>> = states.values().cloned().collect();
            let hidden = self.core.hidden_links(box_id, &linking, [], &actor.scope).await?;
            Some(Cut { scope, states, hidden })
        };
        Ok(EventsAnswer { page, cut })
    }

    fn feed_departments(
        &self,
        actor: &Actor,
        rule: DepartmentRule,
    ) -> Result<Option<Vec<DepartmentId>>, ReadingError> {
        match (rule, &actor.scope) {
            (DepartmentRule::Named(None), Scope::All) => Ok(None),
            (DepartmentRule::Union, _) => Ok(actor.departments()),
            (DepartmentRule::Named(None), Scope::Departments { .. }) => {
                let permissions = &actor.employee.permissions;
                if permissions.access == AccessLevel::DepartmentOnly {
                    return Ok(Some(vec![permissions.department]));
                }
                Err(Invalid::new(
                    "departmentId",
                    "DepartmentId must be specified: name one of the departments that you have access to",
                )
                .into())
            }
            (DepartmentRule::Named(Some(department)), scope) => {
                let is_known = department == DepartmentId::ZERO
                    || actor.organization.departments.iter().any(|known| known.id == department);
                if !is_known {
                    return Err(Missing::Department(department).into());
                }
                if !scope.sees_department(department) {
                    return Err(ReadingError::DepartmentDenied(department));
                }
                Ok(Some(vec![department]))
            }
        }
    }
}
