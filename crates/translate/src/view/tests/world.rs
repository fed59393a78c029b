//! Messages to look at, put together by hand, so that these tests do not depend on how they come about.

use std::collections::HashMap;

use potok_domain::{
    AttachmentType, Body, Change, Check, Document, DocumentKind, Entity, Event, LockMode, MessageState,
    MessageType, Metadata, Origin, Party, Patched, Posted, PowerOfAttorney, Service, Signature, WorkflowId,
};
use potok_types::{BoxId, ContentRef, DepartmentId, EntityId, EventId, MessageId, PacketId, Ticks, UserId};

pub(super) const START: i64 = 638_899_802_371_782_567;

/// A guid that shows its number: `00000000-0000-4000-8000-000000000007`.
fn guid<T: std::str::FromStr>(kind: u16, number: u64) -> T {
    let text = format!("00000000-{kind:04x}-4000-8000-{number:012x}");
    text.parse().unwrap_or_else(|_| unreachable!("{text} is a guid"))
}

pub(super) fn box_id(number: u64) -> BoxId {
    guid(0xb0, number)
}

pub(super) fn entity_id(number: u64) -> EntityId {
    guid(0xe0, number)
}

pub(super) fn event_id(number: u64) -> EventId {
    guid(0xee, number)
}

pub(super) fn message_id() -> MessageId {
    guid(0x30, 1)
}

pub(super) fn user(number: u64) -> UserId {
    guid(0x50, number)
}

pub(super) fn at(step: i64) -> Ticks {
    Ticks::new(START + step * Ticks::PER_SECOND)
}

/// Bytes that name their entity and are `padding` bytes longer than that.
pub(super) fn bytes_of(number: u64, padding: usize) -> Vec<u8> {
    let mut bytes = format!("bytes of {number}").into_bytes();
    bytes.resize(bytes.len() + padding, b'.');
    bytes
}

fn bare(number: u64, parent: Option<u64>, step: i64, body: Body) -> Entity {
    Entity {
        id: entity_id(number),
        parent: parent.map(entity_id),
        author: Some(user(1)),
        created_at: at(step),
        content: Some(ContentRef::of(&bytes_of(number, 0))),
        file_name: None,
        content_type_id: String::new(),
        version: None,
        need_receipt: false,
        is_encrypted: false,
        labels: Vec::new(),
        text: None,
        body,
    }
}

/// A document without a format that asks for a signature.
pub(super) fn document(number: u64, step: i64) -> Entity {
    let document = Document {
        attachment_type: AttachmentType::Nonformalized,
        kind: DocumentKind {
            type_named_id: "Nonformalized".to_owned(),
            function: "default".to_owned(),
            version: "v1".to_owned(),
        },
        workflow: WorkflowId(1),
        need_recipient_signature: true,
        department: DepartmentId::ZERO,
        packet: PacketId::from_uuid(message_id().uuid()),
        custom_document_id: None,
        metadata: vec![Metadata { key: "FileName".to_owned(), value: "договор.txt".to_owned() }],
        tags: Vec::new(),
        initial_documents: Vec::new(),
        subordinate_documents: Vec::new(),
        editing_setting: None,
    };
    Entity {
        file_name: Some("договор.txt".to_owned()),
        content_type_id: "nonformalized".to_owned(),
        ..bare(number, None, step, Body::Document(Box::new(document)))
    }
}

pub(super) fn service(number: u64, parent: Option<u64>, step: i64, service: Service) -> Entity {
    let file_name = match service {
        Service::Comment => "Comment.txt",
        Service::DeliveryFailureNotification { .. } => "Notification.txt",
        _ => "file.xml",
    };
    Entity {
        file_name: Some(file_name.to_owned()),
        content_type_id: "service".to_owned(),
        ..bare(number, parent, step, Body::Service(service))
    }
}

/// A signature of `signer`; box 0 is the operator's.
pub(super) fn signature(number: u64, parent: u64, step: i64, signer: u64) -> Entity {
    let is_operator = signer == 0;
    let signature = Signature {
        signer_box: if is_operator { BoxId::ZERO } else { box_id(signer) },
        signer_department: DepartmentId::ZERO,
        is_approval: false,
        check: if is_operator { Check::Valid } else { Check::Unchecked },
        power_of_attorney: is_operator.then_some(PowerOfAttorney::NotRequired),
        verification: None,
    };
    let author = (!is_operator).then(|| user(signer));
    Entity { author, ..bare(number, Some(parent), step, Body::Signature(signature)) }
}

pub(super) fn party(number: u64, title: &str) -> Party {
    Party { box_id: box_id(number), title: title.to_owned(), department: None }
}

/// The first event of a letter from box 1 to box 2.
pub(super) fn posted(step: i64, entities: Vec<Entity>) -> Event {
    Event {
        id: message_id().first_event(),
        message_id: message_id(),
        at: at(step),
        change: Change::Posted(Box::new(Posted {
            message_type: MessageType::Letter,
            from: party(1, "ООО «Ромашка»"),
            to: party(2, "АО «Лютик»"),
            proxy: None,
            lock_mode: LockMode::None,
            is_internal: false,
            is_test: false,
            author: Some(user(1)),
            entities,
        })),
    }
}

pub(super) fn own() -> Patched {
    Patched::by(Origin::Own { user: Some(user(1)) })
}

pub(super) fn patched(number: u64, step: i64, patched: Patched) -> Event {
    Event {
        id: event_id(number),
        message_id: message_id(),
        at: at(step),
        change: Change::Patched(Box::new(patched)),
    }
}

/// The state of a box after `events`.
pub(super) fn after(number: u64, events: &[Event]) -> MessageState {
    MessageState::replay(box_id(number), events).expect("the first event opens the message")
}

/// The contents of all entities, as they would be loaded.
pub(super) fn loaded(
    numbers: impl IntoIterator<Item = u64>,
) -> HashMap<potok_types::ContentHash, bytes::Bytes> {
    numbers
        .into_iter()
        .map(|number| {
            let bytes = bytes_of(number, 0);
            (potok_types::ContentHash::of(&bytes), bytes.into())
        })
        .collect()
}
