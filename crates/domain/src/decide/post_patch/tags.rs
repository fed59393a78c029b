//! Changes of tags.

use std::collections::{HashMap, HashSet};

use potok_types::{ContentRef, EntityId, EventId, limits};

use super::super::Rejection;
use super::Patch;
use crate::command::NewTagChange;
use crate::{MessageState, Service};

impl Patch<'_> {
    /// All changes of the patch. They say nothing about the exchange, so they are taken in every state of it.
    pub(super) fn change_tags(&mut self, items: &[NewTagChange<ContentRef>]) -> Result<(), Rejection> {
        let allowed = limits::TAG_CHANGES_PER_PATCH;
        if let Some(item) = items.get(allowed) {
            let reason =
                format!("{} changes are more than the allowed {allowed}; use several patches", items.len());
            return Err(Rejection::invalid(&item.path, reason));
        }
        let mut changes: HashMap<EntityId, usize> = HashMap::new();
        for item in items {
            let count = changes.entry(item.document).or_default();
            *count += 1;
            if *count > limits::TAG_EDITS_PER_DOCUMENT {
                let allowed = limits::TAG_EDITS_PER_DOCUMENT;
                let reason = format!("more than {allowed} changes of one document; use several patches");
                return Err(Rejection::invalid(&item.path, reason));
            }
            self.change_tag(item)?;
        }
        let full = items.iter().find(|item| {
            let document = self.now.document_state(item.document);
            document.is_some_and(|document| document.tags.len() > limits::TAGS_PER_DOCUMENT)
        });
        full.map_or(Ok(()), |item| {
            let reason = format!(
                "document {} would have more than {} tags; remove some",
                item.document,
                limits::TAGS_PER_DOCUMENT
            );
            Err(Rejection::invalid(&item.path, reason))
        })
    }

    fn change_tag(&mut self, item: &NewTagChange<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        self.document(path, item.document)?;
        if edits(self.state, item.document) >= limits::TAG_EDITS_PER_DOCUMENT {
            return Err(Rejection::TooManyTagEdits {
                path: path.to_owned(),
                document: item.document,
                allowed: limits::TAG_EDITS_PER_DOCUMENT,
            });
        }
        self.add_note(item.document, item.content, Service::TagChange(item.change.clone()), &[]);
        Ok(())
    }
}

/// How many patches of this box changed tags of the document.
fn edits(state: &MessageState, document: EntityId) -> usize {
    let changes = state.children(document).filter(|child| {
        // What came from the other side is on its account.
        child.is_own && matches!(child.entity.service(), Some(Service::TagChange(_)))
    });
    changes.map(|child| child.event).collect::<HashSet<EventId>>().len()
}
