//! `GetNewEvents`: the feed of a box.

use std::collections::HashMap;
use std::sync::Arc;

use potok_domain::access::Scope;
use potok_domain::directory::AccessLevel;
use potok_domain::{MessageState, MessageType};
use potok_store::{FeedFilter, FeedOrder, FeedPage, FeedQuery};
use potok_types::{DepartmentId, EventId, IndexKey, MessageId, limits};

use crate::{Actor, App, AppError, Missing};

/// Where to read on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bookmark {
    /// After this event.
    Event(EventId),
    /// After this position.
    Key(IndexKey),
}

/// What a version of the method demands of callers who do not see all documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepartmentRule {
    /// They may not call it (V4).
    AllDocumentsOnly,
    /// They get all departments that they see (V5, V6).
    Union,
    /// They name one department; those who see one department only need not (V7, V8).
    Named(Option<DepartmentId>),
}

/// A page to read.
#[derive(Clone, Debug)]
pub struct EventsRequest {
    /// Exclusive start; `None` is the start of the feed.
    pub after: Option<Bookmark>,
    /// Which way.
    pub order: FeedOrder,
    /// 1…100.
    pub limit: usize,
    /// Filters; `departments` is set here by `rule`.
    pub filter: FeedFilter,
    /// What the version demands.
    pub rule: DepartmentRule,
}

/// A page of the feed.
#[derive(Debug)]
pub struct EventsAnswer {
    /// The events.
    pub page: FeedPage,
    /// `None`: the actor sees events whole. Else the messages of the page, to cut out what the actor may not see of
    /// them, see [`EventsAnswer::sees`].
    pub cut: Option<HashMap<MessageId, Arc<MessageState>>>,
    departments: Vec<DepartmentId>,
}

impl EventsAnswer {
    /// Whether a document of `state` lies where the actor may see it.
    pub fn sees(&self, state: &MessageState, document: potok_types::EntityId) -> bool {
        state.document_state(document).is_some_and(|document| self.departments.contains(&document.department))
    }
}

impl App {
    /// A page of the actor's feed. Its cost does not depend on how far into the feed it lies.
    ///
    /// # Errors
    /// `CoreError::Denied`, [`AppError::DepartmentDenied`], `Missing::Department`; `CoreError::Invalid` for an
    /// unknown event as a bookmark, or a department that must be named and is not.
    pub async fn get_new_events(
        &self,
        actor: &Actor,
        request: EventsRequest,
    ) -> Result<EventsAnswer, AppError> {
        let EventsRequest { after, order, limit, mut filter, rule } = request;
        let departments = self.feed_departments(actor, rule)?;
        filter.departments = departments.clone();
        if !actor.scope.sees_all() {
            // Drafts lie in no department.
            filter.message_types.retain(|kind| *kind != MessageType::Draft);
            if filter.message_types.is_empty() {
                filter.message_types = vec![MessageType::Letter, MessageType::Template];
            }
        }
        let box_id = actor.box_id();
        let after = match after {
            None => None,
            Some(Bookmark::Key(key)) => Some(key),
            Some(Bookmark::Event(event)) => {
                let found = self.store.event(box_id, event).await?.ok_or_else(|| {
                    AppError::invalid(
                        "afterEventId",
                        format!("there is no event {event} in box {box_id}; give an event of this box"),
                    )
                })?;
                Some(found.key)
            }
        };
        let query = FeedQuery { box_id, after, order, limit, filter, count_up_to: limits::TOTAL_COUNT };
        let page = self.store.page(query).await?;
        // A caller who sees everything gets matching events whole, also when a department is named.
        let cut = if actor.scope.sees_all() {
            None
        } else {
            let messages: Vec<MessageId> = page.events.iter().map(|event| event.message_id).collect();
            Some(self.states(box_id, &messages).await?)
        };
        Ok(EventsAnswer { page, cut, departments: departments.unwrap_or_default() })
    }

    fn feed_departments(
        &self,
        actor: &Actor,
        rule: DepartmentRule,
    ) -> Result<Option<Vec<DepartmentId>>, AppError> {
        match (rule, &actor.scope) {
            (DepartmentRule::AllDocumentsOnly, _) => Ok(actor.must_see_all().map(|()| None)?),
            (DepartmentRule::Named(None), Scope::All) => Ok(None),
            (DepartmentRule::Union, _) => Ok(actor.departments()),
            (DepartmentRule::Named(None), Scope::Departments(_)) => {
                let permissions = &actor.employee.permissions;
                if permissions.access == AccessLevel::DepartmentOnly {
                    return Ok(Some(vec![permissions.department]));
                }
                Err(AppError::invalid(
                    "departmentId",
                    "DepartmentId must be specified: name one of the departments that you have access to",
                ))
            }
            (DepartmentRule::Named(Some(department)), scope) => {
                let is_known = department == DepartmentId::ZERO
                    || actor.organization.departments.iter().any(|known| known.id == department);
                if !is_known {
                    return Err(Missing::Department(department).into());
                }
                if !scope.sees(department) {
                    return Err(AppError::DepartmentDenied(department));
                }
                Ok(Some(vec![department]))
            }
        }
    }
}
