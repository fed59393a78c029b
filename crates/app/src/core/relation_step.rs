//! One event of a relation on its way into the journal.

use potok_domain::relation::{Relation, RelationChange};
use potok_store::{CounteragentRow, NewEvent, StreamAppend, StreamId};
use potok_types::{EventId, Ticks};
use sha2::{Digest as _, Sha256};

/// What a decision about a relation wants.
pub(crate) struct RelationStep {
    /// What happens to it.
    pub(crate) change: RelationChange,
    /// The relation before.
    pub(crate) before: Relation,
}

impl RelationStep {
    /// The event, ready to be appended at `at`. Acts of this side have to reach the other one.
    pub(crate) fn append(self, at: Ticks) -> StreamAppend {
        let Self { change, before } = self;
        let is_mine = matches!(change, RelationChange::Mine { .. });
        let id = relation_event_id(&before);
        let (event, _) = before.next(id, at, change);
        let deliver_to = if is_mine { vec![before.other] } else { Vec::new() };
        let row = CounteragentRow::from(&event.told);
        let events = vec![NewEvent::of_relation(before.other, &event, deliver_to)];
        let stream = StreamId::relation(before.other);
        StreamAppend { counteragent: Some(row), ..StreamAppend::new(stream, before.revision(), events) }
    }
}

/// The id of the next event: what relation it is of and where it stands there say all. So the ids of everything else are the
/// same whether a message makes partners or not.
fn relation_event_id(before: &Relation) -> EventId {
    let mut digest = Sha256::new_with_prefix(b"relation");
    digest.update(before.me.as_bytes());
    digest.update(before.other.as_bytes());
    digest.update(before.revision().0.to_be_bytes());
    let digest: [u8; 32] = digest.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    EventId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
