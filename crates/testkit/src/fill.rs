//! Boxes with a long past, made faster than by posting.

use bytes::Bytes;
use potok_domain::{Change, Event, MessageType, Origin, Party, Patched, Posted, Revision};
use potok_sdk::Format;
use potok_sdk::api::Payload as _;
use potok_sdk::proto::events::{BoxEvent, MessagePatch};
use potok_store::{Append, NewEvent, StreamAppend};
use potok_types::{BoxId, Clock as _, Entropy as _, EventId, MessageId, SeededEntropy, Ticks};

use crate::World;

/// Events of one append; more would only make the transaction longer.
const CHUNK: u32 = 1000;

impl World {
    /// Writes `count` events of one message into the feed of `box_id`: its opening and empty patches, as deliveries
    /// leave them. They go straight to the store, so this is about reading them.
    pub async fn fill_feed(&self, box_id: BoxId, count: u32) {
        let entropy = SeededEntropy::new(u64::from(count));
        let message_id = MessageId::from_uuid(entropy.uuid());
        let beside = self.beside().await;
        let store = beside.store();
        let mut written = 0;
        while written < count {
            let until = count.min(written + CHUNK);
            let events = (written..until).map(|n| self.filler(box_id, message_id, n, &entropy)).collect();
            let of_message = StreamAppend::new(message_id, Revision(written), events);
            let append = Append::new(box_id, vec![of_message]);
            store.append(append).await.expect("the store takes events");
            written = until;
        }
        beside.close().await;
    }

    fn filler(&self, box_id: BoxId, message_id: MessageId, n: u32, entropy: &SeededEntropy) -> NewEvent {
        let at = self.clock().now();
        let (id, change) = if n == 0 {
            (message_id.first_event(), Change::Posted(Box::new(opening(box_id))))
        } else {
            (EventId::from_uuid(entropy.uuid()), Change::Patched(Box::new(Patched::by(Origin::Operator))))
        };
        let event = Event { id, message_id, at, change };
        let ready = ready_event(id, message_id, at, MessageType::Letter);
        NewEvent::of_message(&event, ready, MessageType::Letter, Vec::new())
    }
}

/// A letter inside the organization, without documents.
fn opening(box_id: BoxId) -> Posted {
    let party = Party { box_id, title: "Box".to_owned(), department: None };
    Posted { is_internal: true, is_test: true, ..Posted::letter(party.clone(), party) }
}

fn ready_event(id: EventId, message_id: MessageId, at: Ticks, message_type: MessageType) -> Bytes {
    let ready = BoxEvent {
        event_id: id.to_string(),
        patch: Some(MessagePatch {
            message_id: message_id.to_string(),
            timestamp_ticks: at.get(),
            patch_id: id.to_string(),
            message_type: message_type as i32,
            ..MessagePatch::default()
        }),
        ..BoxEvent::default()
    };
    Bytes::from(ready.to_body(Format::Protobuf).to_vec())
}
