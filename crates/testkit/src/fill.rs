//! Boxes with a long past, made faster than by posting.

use bytes::Bytes;
use potok_domain::{Change, Event, LockMode, MessageType, Origin, Party, Patched, Posted, Revision};
use potok_sdk::Format;
use potok_sdk::api::Payload as _;
use potok_sdk::proto::events::{BoxEvent, MessagePatch};
use potok_store::{Append, NewEvent, StreamAppend};
use potok_types::{BoxId, Clock as _, Entropy as _, EventId, MessageId, SeededEntropy};

use crate::World;

/// Events of one append; more would only make the transaction longer.
const CHUNK: u32 = 1000;

impl World {
    /// Writes `count` events of one message into the feed of `box_id`: its opening and empty patches, as deliveries
    /// leave them. They go straight to the store, so this is about reading them.
    pub async fn fill_feed(&self, box_id: BoxId, count: u32) {
        let entropy = SeededEntropy::new(u64::from(count));
        let message_id = MessageId::from_uuid(entropy.uuid());
        let mut written = 0;
        while written < count {
            let until = count.min(written + CHUNK);
            let events = (written..until).map(|n| self.filler(box_id, message_id, n, &entropy)).collect();
            let of_message = StreamAppend::new(message_id, Revision(written), events);
            let append = Append::new(box_id, vec![of_message]);
            self.app().store().append(append).await.expect("the store takes events");
            written = until;
        }
    }

    fn filler(&self, box_id: BoxId, message_id: MessageId, n: u32, entropy: &SeededEntropy) -> NewEvent {
        let at = self.clock().now();
        let (id, change) = if n == 0 {
            let party = Party { box_id, title: "Box".to_owned(), department: None };
            let posted = Posted {
                message_type: MessageType::Letter,
                from: party.clone(),
                to: party,
                proxy: None,
                lock_mode: LockMode::None,
                is_internal: true,
                is_test: true,
                author: None,
                entities: Vec::new(),
            };
            (message_id.first_event(), Change::Posted(Box::new(posted)))
        } else {
            let patched = Patched {
                origin: Origin::Operator,
                entities: Vec::new(),
                checks: Vec::new(),
                report: None,
                documents: Vec::new(),
            };
            (EventId::from_uuid(entropy.uuid()), Change::Patched(Box::new(patched)))
        };
        let ready = BoxEvent {
            event_id: id.to_string(),
            patch: Some(MessagePatch {
                message_id: message_id.to_string(),
                timestamp_ticks: at.get(),
                patch_id: id.to_string(),
                message_type: MessageType::Letter as i32,
                ..MessagePatch::default()
            }),
            ..BoxEvent::default()
        };
        let event = Event { id, message_id, at, change };
        let ready = Bytes::from(ready.to_body(Format::Protobuf).to_vec());
        NewEvent::of_message(&event, ready, MessageType::Letter, Vec::new())
    }
}
