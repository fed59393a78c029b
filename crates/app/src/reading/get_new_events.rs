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
use potok_types::{Invalid, MessageId, limits};

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
        let within = within(actor, rule)?;
        filter.within = within.clone();
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
            let states = self.core.states(box_id, &messages).await?;
            let linking: Vec<Arc<MessageState>> = states.values().cloned().collect();
            let hidden = self.core.hidden_links(box_id, &linking, [], &actor.scope).await?;
            Some(Cut { scope: within, states, hidden })
        };
        Ok(EventsAnswer { page, cut })
    }
}

/// Of which documents the events are told. A department that is named stands for what lies there; what the actor was asked
/// about belongs to the department in which the actor works.
fn within(actor: &Actor, rule: DepartmentRule) -> Result<Scope, ReadingError> {
    let department = match (rule, &actor.scope) {
        (DepartmentRule::Union | DepartmentRule::Named(None), Scope::All) => return Ok(Scope::All),
        (DepartmentRule::Union, some) => return Ok(some.clone()),
        (DepartmentRule::Named(None), some) => {
            let is_one = actor.employee.permissions.access == AccessLevel::DepartmentOnly;
            return if is_one { Ok(some.clone()) } else { Err(must_be_named().into()) };
        }
        (DepartmentRule::Named(Some(department)), _) => department,
    };
    if !actor.organization.has_department(department) {
        return Err(Missing::Department(department).into());
    }
    if !actor.scope.sees_department(department) {
        return Err(ReadingError::DepartmentDenied(department));
    }
    Ok(actor.scope.narrowed_to([department]))
}

fn must_be_named() -> Invalid {
    Invalid::new(
        "departmentId",
        "DepartmentId must be specified: name one of the departments that you have access to",
    )
}
