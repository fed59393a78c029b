//! A part of a message, as somebody is told of it who does not see the rest.

use std::collections::{BTreeSet, HashMap};

use potok_types::EventId;

use super::memo::Memo;
use super::{EntityState, MessageState};

impl MessageState {
    /// The same message with the entities that `told` gives, in their order, and nothing else. Of the events those are left
    /// that brought one of them: whoever reads it does not learn that others happened.
    pub(crate) fn excerpt(&self, told: impl Fn(&EntityState) -> Option<EntityState>) -> Self {
        let entities: Vec<EntityState> = self.entities.iter().filter_map(told).collect();
        let mut positions = HashMap::with_capacity(entities.len());
        let mut children: HashMap<_, Vec<usize>> = HashMap::new();
        let mut events: BTreeSet<EventId> = BTreeSet::new();
        for (position, found) in entities.iter().enumerate() {
            positions.insert(found.entity.id, position);
            events.insert(found.event);
            if let Some(parent) = found.entity.parent {
                children.entry(parent).or_default().push(position);
            }
        }
        let events = self.events.iter().filter(|event| events.contains(&event.id)).copied().collect();
        Self { entities, positions, children, events, standings: Memo::default(), ..self.clone() }
    }
}
