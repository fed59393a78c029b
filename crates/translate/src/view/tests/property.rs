//! Whatever happened to a message, its events can be encoded and read back.

use potok_domain::{
    Body, DeliveryReport, Entity, Event, MessageState, Origin, Patched, PowerOfAttorney, Service,
};
use potok_wire::proto::events::{BoxEvent, EntityType};
use potok_wire::{decode_json, decode_protobuf, encode_protobuf, to_json};
use proptest::prelude::*;

use super::world::{box_id, document, event_id, message_id, own, patched, posted, service, signature};
use crate::ContentPlan;
use crate::view::{MessageVersion, MessageView, box_event, message};

/// Where an entity hangs is chosen among those before it, so parents stand before children.
#[derive(Clone, Debug)]
struct Seedling {
    kind: u8,
    parent: prop::sample::Index,
    labels: Vec<String>,
    has_content: bool,
    status: u8,
}

fn seedling() -> impl Strategy<Value = Seedling> {
    (
        0..12_u8,
        any::<prop::sample::Index>(),
        prop::collection::vec("[a-z]{1,5}", 0..3),
        any::<bool>(),
        0..4_u8,
    )
        .prop_map(|(kind, parent, labels, has_content, status)| Seedling {
            kind,
            parent,
            labels,
            has_content,
            status,
        })
}

fn grow(seedling: &Seedling, number: u64, step: i64) -> Entity {
    // Entity 1 is always a document.
    let parent = 1 + seedling.parent.index(number as usize - 1) as u64;
    let under = |kind| service(number, Some(parent), step, kind);
    let mut entity = match seedling.kind {
        0 => document(number, step),
        1 => signature(number, parent, step, 1),
        2 => signature(number, parent, step, 0),
        3 => under(Service::Comment),
        4 => under(Service::StructuredData),
        5 => under(Service::Receipt),
        6 => under(Service::InvoiceReceipt),
        7 => under(Service::SignatureRequestRejection),
        8 => under(Service::XmlSignatureRejection),
        9 => under(Service::Confirmation),
        10 => under(Service::SignatureVerificationReport),
        _ => service(number, None, step, Service::DeliveryFailureNotification { event: event_id(0) }),
    };
    entity.labels.clone_from(&seedling.labels);
    if !seedling.has_content {
        entity.content = None;
    }
    if let Body::Signature(signature) = &mut entity.body {
        signature.power_of_attorney = match seedling.status {
            0 => None,
            1 => Some(PowerOfAttorney::Attached),
            2 => Some(PowerOfAttorney::NotRequired),
            _ => Some(PowerOfAttorney::Required),
        };
    }
    entity
}

/// The first event, and up to four patches with reports on events before them.
fn history() -> impl Strategy<Value = Vec<Event>> {
    let patch =
        (prop::collection::vec(seedling(), 0..5), 0..3_u8, any::<prop::sample::Index>(), any::<bool>());
    (prop::collection::vec(seedling(), 0..6), prop::collection::vec(patch, 0..4)).prop_map(
        |(first, patches)| {
            let mut number = 1;
            let mut next = |seedling: &Seedling, step| {
                number += 1;
                grow(seedling, number, step)
            };
            let mut entities = vec![document(1, 0)];
            entities.extend(first.iter().map(|seedling| next(seedling, 0)));
            let mut events = vec![posted(0, entities)];
            for (step, (seedlings, report, about, whole_message)) in (1..).zip(patches) {
                let event = events[about.index(events.len())].id;
                let at = super::world::at(step);
                let entities = seedlings.iter().map(|seedling| next(seedling, step)).collect();
                let report = match report {
                    0 => None,
                    1 => Some(DeliveryReport::Delivered { event, whole_message, at }),
                    _ => Some(DeliveryReport::NotDelivered { event }),
                };
                let origin = if report.is_some() { Origin::Operator } else { own().origin };
                events.push(patched(step as u64, step, Patched { origin, entities, report, ..own() }));
            }
            events
        },
    )
}

fn check_event(shown: &BoxEvent, event: &Event) -> Result<(), TestCaseError> {
    prop_assert!(shown.message.is_some() != shown.patch.is_some(), "exactly one of them");
    prop_assert_eq!(&shown.index_key, &None);
    let of_message = shown.message.iter().flat_map(|message| &message.entities);
    let of_patch = shown.patch.iter().flat_map(|patch| &patch.entities);
    let entities: Vec<_> = of_message.chain(of_patch).collect();
    prop_assert_eq!(entities.len(), event.entities().len());
    for (shown, entity) in entities.into_iter().zip(event.entities()) {
        let is_signature = entity.signature().is_some();
        let kind = if is_signature { EntityType::Signature } else { EntityType::Attachment };
        prop_assert_eq!(shown.entity_type, Some(kind as i32));
        prop_assert!(shown.attachment_type.is_some() && shown.content_type_id.is_some());
        prop_assert!(shown.author_user_id.is_some() && shown.raw_creation_date.is_some());
        prop_assert_eq!(shown.document_info.is_some(), entity.document().is_some());
        prop_assert_eq!(shown.signer_box_id.is_some(), is_signature);
        prop_assert_eq!(shown.file_name.is_some(), !is_signature);
        prop_assert_eq!(shown.content.is_some(), entity.content.is_some());
        prop_assert!(shown.content.as_ref().is_none_or(|content| content.data.is_none()));
    }
    // The decoders refuse a missing required field at any depth.
    let bytes = encode_protobuf(shown);
    prop_assert_eq!(&decode_protobuf::<BoxEvent>(bytes.into())?, shown);
    let again = decode_json::<BoxEvent>(&to_json(shown))?;
    prop_assert_eq!(to_json(&again), to_json(shown));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_event_is_encoded_with_all_it_needs(events in history(), viewer in 1..3_u64) {
        for count in 1..=events.len() {
            let state = MessageState::replay(box_id(viewer), &events[..count]).expect("it opens the message");
            check_event(&box_event(&state, &events[count - 1]), &events[count - 1])?;
        }
    }

    #[test]
    fn a_message_shows_parents_before_children(events in history(), original_signature: bool) {
        let state = MessageState::replay(box_id(1), &events).expect("it opens the message");
        let view = MessageView { original_signature, ..MessageView::whole(MessageVersion::V6) };
        let shown = message(&state, &view, &mut ContentPlan::nothing());
        let mut seen: Vec<&str> = Vec::new();
        for entity in &shown.entities {
            prop_assert!(!seen.contains(&entity.entity_id.as_str()), "shown twice");
            if let Some(parent) = &entity.parent_entity_id {
                prop_assert!(seen.contains(&parent.as_str()), "{} hangs in the air", entity.entity_id);
            }
            seen.push(&entity.entity_id);
        }
        prop_assert_eq!(&shown.message_id, &message_id().to_string());
    }
}
