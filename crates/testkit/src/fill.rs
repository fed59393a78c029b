//! Boxes with a long past, made faster than by posting.

use bytes::Bytes;
use potok_domain::feed::concerned_documents;
use potok_domain::{
    AttachmentType, Body, Change, Document, DocumentKind, Entity, Event, LockMode, MessageState, MessageType,
    Origin, Party, Patched, Posted, Revision, WorkflowId,
};
use potok_sdk::Format;
use potok_sdk::api::Payload as _;
use potok_sdk::proto::events::{BoxEvent, MessagePatch};
use potok_store::{Append, Journal as _, NewEvent, StreamAppend};
use potok_types::{
    BoxId, Clock as _, DepartmentId, EntityId, Entropy as _, EventId, MessageId, PacketId, SeededEntropy,
    Ticks,
};

use crate::World;

/// Events of one append; more would only make the transaction longer.
const CHUNK: u32 = 1000;

impl World {
    /// Writes `count` events of one message into the feed of `box_id`: its opening and empty patches, as deliveries
    /// leave them. They go straight to the store, so this is about reading them.
    pub async fn fill_feed(&self, box_id: BoxId, count: u32) {
        let entropy = SeededEntropy::new(u64::from(count));
        let message_id = MessageId::from_uuid(entropy.uuid());
        let store = self.store();
        let mut written = 0;
        while written < count {
            let until = count.min(written + CHUNK);
            let events = (written..until).map(|n| self.filler(box_id, message_id, n, &entropy)).collect();
            let of_message = StreamAppend::new(message_id, Revision(written), events);
            let append = Append::new(box_id, vec![of_message]);
            store.append(append).await.expect("the store takes events");
            written = until;
        }
        store.close().await;
    }

    /// Writes an unsent draft into the feed of `box_id`, whose document was made in `department`. No method of the API
    /// that is served makes one.
    pub async fn put_draft(&self, box_id: BoxId, department: DepartmentId) -> EventId {
        let entropy = SeededEntropy::new(1);
        let message_id = MessageId::from_uuid(entropy.uuid());
        let posted = Posted {
            message_type: MessageType::Draft,
            entities: vec![draft_document(self.clock().now(), department, &entropy)],
            ..opening(box_id)
        };
        let (id, at) = (message_id.first_event(), self.clock().now());
        let event = Event { id, message_id, at, change: Change::Posted(Box::new(posted)) };
        let state = MessageState::open(box_id, &event).expect("it opens a message");
        let ready = ready_event(id, message_id, at, MessageType::Draft);
        let event =
            NewEvent::of_message(&event, ready, MessageType::Draft, concerned_documents(&state, &event));
        let append = Append::new(box_id, vec![StreamAppend::new(message_id, Revision(0), vec![event])]);
        let store = self.store();
        store.append(append).await.expect("the store takes events");
        store.close().await;
        id
    }

    fn filler(&self, box_id: BoxId, message_id: MessageId, n: u32, entropy: &SeededEntropy) -> NewEvent {
        let at = self.clock().now();
        let (id, change) = if n == 0 {
            (message_id.first_event(), Change::Posted(Box::new(opening(box_id))))
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
        let event = Event { id, message_id, at, change };
        let ready = ready_event(id, message_id, at, MessageType::Letter);
        NewEvent::of_message(&event, ready, MessageType::Letter, Vec::new())
    }
}

/// A letter inside the organization, without documents.
fn opening(box_id: BoxId) -> Posted {
    let party = Party { box_id, title: "Box".to_owned(), department: None };
    Posted {
        message_type: MessageType::Letter,
        from: party.clone(),
        to: party,
        proxy: None,
        lock_mode: LockMode::None,
        is_internal: true,
        is_test: true,
        author: None,
        entities: Vec::new(),
        invitation: None,
    }
}

fn draft_document(at: Ticks, department: DepartmentId, entropy: &SeededEntropy) -> Entity {
    let kind = ["Nonformalized", "default", "v1"].map(str::to_owned);
    let [type_named_id, function, version] = kind;
    let document = Document {
        attachment_type: AttachmentType::Nonformalized,
        kind: DocumentKind { type_named_id, function, version },
        workflow: WorkflowId(2),
        need_recipient_signature: false,
        department,
        packet: PacketId::from_uuid(entropy.uuid()),
        custom_document_id: None,
        metadata: Vec::new(),
        tags: Vec::new(),
        initial_documents: Vec::new(),
        subordinate_documents: Vec::new(),
        editing_setting: None,
    };
    Entity {
        id: EntityId::from_uuid(entropy.uuid()),
        parent: None,
        author: None,
        created_at: at,
        content: None,
        file_name: Some("draft.txt".to_owned()),
        content_type_id: "nonformalized".to_owned(),
        version: None,
        need_receipt: false,
        is_encrypted: false,
        labels: Vec::new(),
        text: None,
        body: Body::Document(Box::new(document)),
    }
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
