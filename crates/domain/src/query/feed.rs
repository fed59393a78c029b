//! Events of a box.

use potok_types::{BoxId, DepartmentId, EventId, IndexKey, Ticks};

use crate::access::Scope;
use crate::feed::ConcernedDocument;
use crate::{Direction, MessageType};

/// Which way to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FeedOrder {
    /// Oldest first; a bookmark is followed by larger keys.
    #[default]
    Ascending,
    /// Newest first; a bookmark is followed by smaller keys.
    Descending,
}

/// Which events to return. An event matches the document filters if one of its concerned documents satisfies all of
/// them together; an empty list is no filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedFilter {
    /// Kinds of messages.
    pub message_types: Vec<MessageType>,
    /// `TypeNamedId`s.
    pub types: Vec<String>,
    /// Directions.
    pub directions: Vec<Direction>,
    /// The other box.
    pub counteragent: Option<BoxId>,
    /// Where the document lay at that time, or who was asked about it by then.
    pub within: Scope,
    /// Event time, inclusive.
    pub from: Option<Ticks>,
    /// Event time, inclusive.
    pub to: Option<Ticks>,
}

impl FeedFilter {
    /// Leaves out the kinds of messages of which somebody with `scope` sees no document. Nothing matches when those were all
    /// that was asked for.
    pub fn narrow_to(&mut self, scope: &Scope) {
        if scope.sees_all() {
            return;
        }
        let asked_for_some = !self.message_types.is_empty();
        self.message_types.retain(|kind| kind.lies_in_departments());
        if self.message_types.is_empty() {
            if asked_for_some {
                self.within = Scope::of_departments([]);
            }
            self.message_types =
                MessageType::ALL.into_iter().filter(|kind| kind.lies_in_departments()).collect();
        }
    }

    /// Whether `document` satisfies the document filters.
    pub fn accepts_document(&self, document: &ConcernedDocument) -> bool {
        (self.types.is_empty() || self.types.contains(&document.type_named_id))
            && (self.directions.is_empty() || self.directions.contains(&document.direction))
            && self.counteragent.is_none_or(|wanted| wanted == document.counteragent)
            && (self.within.sees_department(document.department) || self.within.is_among(&document.asked))
    }
}

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
    /// They get all departments that they see (V5, V6); V4 is for those who see all.
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
    /// Filters; `within` is set here by `rule`.
    pub filter: FeedFilter,
    /// What the version demands.
    pub rule: DepartmentRule,
}
