//! What some readers must not see, and what others do not know.

use potok_domain::{AttachmentType, Service};
use potok_wire::encode_protobuf;
use potok_wire::framing::ReadyEvent;
use potok_wire::proto::events::{BoxEvent, Entity, EntityPatch, MessagePatch};

use super::world::{after, document, entity_id, message_id, own, patched, posted, service, signature};
use crate::view::{EventVersion, box_event, cut_to_departments, for_version, needs_cut};

fn ids(event: &BoxEvent) -> Vec<String> {
    let of_message = event.message.iter().flat_map(|message| &message.entities);
    let of_patch = event.patch.iter().flat_map(|patch| &patch.entities);
    of_message.chain(of_patch).map(|entity| entity.entity_id.clone()).collect()
}

fn named(numbers: &[u64]) -> Vec<String> {
    numbers.iter().map(|number| entity_id(*number).to_string()).collect()
}

#[test]
fn other_documents_are_cut_out_and_the_message_stays() {
    let events = [
        posted(
            0,
            vec![
                document(1, 0),
                service(2, Some(1), 0, Service::Comment),
                signature(3, 1, 0, 1),
                document(4, 0),
                signature(5, 4, 0, 1),
            ],
        ),
        patched(
            1,
            1,
            potok_domain::Patched {
                entities: vec![
                    signature(6, 4, 1, 1),
                    service(
                        7,
                        None,
                        1,
                        Service::DeliveryFailureNotification { event: message_id().first_event() },
                    ),
                ],
                ..own()
            },
        ),
    ];
    let state = after(1, &events);
    let first = box_event(&after(1, &events[..1]), &events[0]);
    let mut second = box_event(&state, &events[1]);
    for number in [1, 4, 50] {
        let patch = EntityPatch { entity_id: entity_id(number).to_string(), ..EntityPatch::default() };
        second.patch.as_mut().unwrap().entity_patches.push(patch);
    }

    let visible = |document| document == entity_id(4);
    let cut = cut_to_departments(first.clone(), &state, &visible);
    assert_eq!(ids(&cut), named(&[4, 5]));
    let (cut, whole) = (cut.message.unwrap(), first.message.unwrap());
    assert_eq!((cut.from_title, cut.to_title), (whole.from_title, whole.to_title));

    let cut = cut_to_departments(second.clone(), &state, &visible);
    assert_eq!(ids(&cut), named(&[6, 7]));
    // The third one names an entity that nobody knows: it could belong to any document.
    let patches: Vec<_> =
        cut.patch.unwrap().entity_patches.into_iter().map(|patch| patch.entity_id).collect();
    assert_eq!(patches, named(&[4]));

    let cut = cut_to_departments(second, &state, &|_| false);
    assert_eq!(ids(&cut), named(&[7]), "a notice belongs to the message");
}

#[test]
fn older_methods_do_not_see_universal_messages() {
    let entity = |number, parent: Option<u64>, kind: AttachmentType| Entity {
        entity_id: entity_id(number).to_string(),
        parent_entity_id: parent.map(|parent| entity_id(parent).to_string()),
        attachment_type: Some(kind.number()),
        ..Entity::default()
    };
    let entities = vec![
        entity(1, None, AttachmentType::Nonformalized),
        entity(2, Some(1), AttachmentType::UniversalMessage),
        entity(3, Some(2), AttachmentType::AttachmentComment),
        entity(4, Some(1), AttachmentType::AttachmentComment),
    ];
    let event =
        BoxEvent { patch: Some(MessagePatch { entities, ..MessagePatch::default() }), ..BoxEvent::default() };
    let needs = |event: &BoxEvent, version| {
        needs_cut(&ReadyEvent { body: &encode_protobuf(event), index_key: "" }, version)
    };
    assert!(needs(&event, EventVersion::WithoutUniversalMessages));
    assert!(!needs(&event, EventVersion::Current));
    assert_eq!(for_version(event.clone(), EventVersion::Current), event);
    let cut = for_version(event, EventVersion::WithoutUniversalMessages);
    assert_eq!(ids(&cut), named(&[1, 4]));
    assert!(!needs(&cut, EventVersion::WithoutUniversalMessages));
}
