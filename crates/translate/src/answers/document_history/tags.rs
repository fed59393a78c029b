//! Tags of the document, by what they were before.

use potok_domain::{Body, EntityState, Event, Service, TagChange};
use potok_wire::proto::documents::document_history as wire;
use potok_wire::proto::documents::document_history::document_history_item::EventType;

use super::Teller;

impl Teller<'_, '_> {
    pub(super) fn tell_tags(&mut self, event: &Event, changes: &[(&EntityState, &TagChange)]) {
        let Some((first, _)) = changes.first() else { return };
        let mut changed = wire::TagsChangedPayload::default();
        for (_, change) in changes {
            let old_value = self.tag_before(event, change.key());
            let new_value = match change {
                TagChange::Set(tag) => Some(tag.value.clone()),
                TagChange::Remove { .. } => None,
            };
            let list = match (&old_value, &new_value) {
                (_, None) => &mut changed.removed,
                (None, Some(_)) => &mut changed.added,
                (Some(_), Some(_)) => &mut changed.edited,
            };
            list.push(wire::TagChange { key: change.key().to_owned(), old_value, new_value });
        }
        let by = self.author(first, event);
        let category = self.category(by);
        self.add(event.at, category, EventType::TagsChanged, by, payload!(tags_changed: changed));
    }

    /// The value of the tag before `event`.
    fn tag_before(&self, event: &Event, key: &str) -> Option<String> {
        let key = key.to_lowercase();
        let is_it = |other: &str| other.to_lowercase() == key;
        let mut value = None;
        for entity in
            self.history.events.iter().take_while(|one| one.id != event.id).flat_map(Event::entities)
        {
            match &entity.body {
                Body::Document(document) if entity.id == self.history.document => {
                    value = document.tags.iter().find(|tag| is_it(&tag.key)).map(|tag| tag.value.clone());
                }
                Body::Service(Service::TagChange(change))
                    if entity.parent == Some(self.history.document) && is_it(change.key()) =>
                {
                    value = match change {
                        TagChange::Set(tag) => Some(tag.value.clone()),
                        TagChange::Remove { .. } => None,
                    };
                }
                _ => {}
            }
        }
        value
    }
}
