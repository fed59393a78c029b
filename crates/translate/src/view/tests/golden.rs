//! Whole exchanges against files. `POTOK_BLESS=1 cargo test -p potok-translate` writes them anew: look at the diff.

use std::fs;
use std::path::Path;

use potok_domain::{Body, Change, Entity};
use potok_domain::{
    Check, DeliveryReport, Event, LockMode, MessageType, Origin, Patched, Posted, PowerOfAttorney, Service,
    Signature, SignatureChecked,
};
use potok_types::{BoxId, ContentHash, ContentRef, DepartmentId, Ticks};
use potok_wire::to_json;
use serde_json::Value;

use super::world::{
    START, after, box_id, document, event_id, message_id, own, party, patched, posted, service, signature,
};
use crate::view::box_event;

/// The events of a box, each as it is rendered right after it happened.
fn feed(number: u64, events: &[Event]) -> Value {
    let shown = (1..=events.len()).map(|count| {
        let state = after(number, &events[..count]);
        let json = to_json(&box_event(&state, &events[count - 1]));
        let mut event: Value = serde_json::from_slice(&json).expect("the codec writes JSON");
        abridge(&mut event);
        event
    });
    Value::Array(shown.collect())
}

/// What a document shows has tests of its own; here it matters where documents are shown, and as whose.
fn abridge(event: &mut Value) {
    const KEPT: &[&str] =
        &["MessageId", "EntityId", "CounteragentBoxId", "DocumentDirection", "SenderSignatureStatus"];
    for part in ["Message", "Patch"] {
        let entities = event.pointer_mut(&format!("/{part}/Entities")).and_then(Value::as_array_mut);
        for entity in entities.into_iter().flatten() {
            if let Some(info) = entity.get_mut("DocumentInfo").and_then(Value::as_object_mut) {
                info.retain(|key, _| KEPT.contains(&key.as_str()));
            }
        }
    }
}

fn compare(name: &str, actual: &Value) {
    let text = serde_json::to_string_pretty(actual).expect("a value is JSON") + "\n";
    potok_golden::check(&potok_golden::path!("testdata").join(name), text);
}

/// A nonformalized document with a comment; the recipient signs.
#[test]
fn a_document_is_sent_delivered_and_signed() {
    let sent = vec![document(1, 0), service(2, Some(1), 0, Service::Comment), signature(3, 1, 0, 1)];
    let received = sent
        .iter()
        .cloned()
        .map(|mut entity| {
            if let Body::Signature(signature) = &mut entity.body {
                signature.check = Check::Valid;
                signature.power_of_attorney = Some(PowerOfAttorney::NotRequired);
            }
            entity
        })
        .collect();
    let answer = signature(4, 1, 2, 2);
    let checked = |number| SignatureChecked {
        signature: super::world::entity_id(number),
        check: Check::Valid,
        power_of_attorney: Some(PowerOfAttorney::NotRequired),
        verification: None,
    };
    let delivered = |event, whole_message, step| {
        Some(DeliveryReport::Delivered { event, whole_message, at: super::world::at(step) })
    };

    let sender = [
        posted(0, sent),
        patched(
            2,
            1,
            Patched {
                origin: Origin::Operator,
                checks: vec![checked(3)],
                report: delivered(message_id().first_event(), true, 1),
                ..own()
            },
        ),
        patched(
            1,
            3,
            Patched {
                origin: Origin::Received { from: box_id(2) },
                entities: vec![Entity {
                    body: Body::Signature(Signature {
                        check: Check::Valid,
                        power_of_attorney: Some(PowerOfAttorney::Required),
                        verification: None,
                        ..answer.signature().expect("it is one").clone()
                    }),
                    ..answer.clone()
                }],
                ..own()
            },
        ),
    ];
    let recipient = [
        posted(1, received),
        patched(1, 2, Patched { entities: vec![answer], ..own() }),
        patched(
            3,
            3,
            Patched {
                origin: Origin::Operator,
                checks: vec![checked(4)],
                report: delivered(event_id(1), false, 3),
                ..own()
            },
        ),
    ];
    compare("signed_on_request_sender.json", &feed(1, &sender));
    compare("signed_on_request_recipient.json", &feed(2, &recipient));
}

/// The sender's signature turns out bad.
#[test]
fn a_failure_is_reported_to_the_sender() {
    let sent = vec![document(1, 0), signature(3, 1, 0, 1)];
    let first = message_id().first_event();
    let failed = Patched {
        entities: vec![
            service(4, Some(3), 1, Service::SignatureVerificationReport),
            service(5, None, 1, Service::DeliveryFailureNotification { event: first }),
        ],
        checks: Vec::new(),
        report: Some(DeliveryReport::NotDelivered { event: first }),
        ..Patched::by(Origin::Operator)
    };
    compare("not_delivered_sender.json", &feed(1, &[posted(0, sent), patched(2, 1, failed)]));
}

/// The patch of a real answer: a strengthened signature, and the operator's confirmation with its signature. The file
/// is that answer without the bytes of the contents, which were left out there too.
#[test]
fn a_delivery_patch_has_the_shape_of_a_real_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/captured_delivery_patch.json");
    let expected: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();

    let (event, mut state) = captured();
    state.apply(&event);
    let mut shown = box_event(&state, &event);
    assert_eq!(shown.index_key, None, "the key is given by the store");
    shown.index_key = Some("CN3T_DeCTa4".to_owned());
    let actual: Value = serde_json::from_slice(&to_json(&shown)).unwrap();
    assert_eq!(actual, expected);
}

fn captured() -> (Event, potok_domain::MessageState) {
    fn id<T: std::str::FromStr>(text: &str) -> T {
        text.parse().unwrap_or_else(|_| unreachable!("{text} is a guid"))
    }
    let box_id: BoxId = id("1f208d032a604f6491b1b7aad54cfaf3");
    let message_id = id("bcd62464-5b5d-44ff-93b0-ec6981b7cefe");
    let at = Ticks::new(START);
    let signed_by = |signer_box, status| {
        Body::Signature(Signature {
            signer_box,
            signer_department: DepartmentId::ZERO,
            is_approval: false,
            check: Check::Valid,
            power_of_attorney: Some(status),
            verification: None,
        })
    };
    let opening = Event {
        id: id("bcd62464-5b5d-44ff-93b0-ec6981b7cefe"),
        message_id,
        at: Ticks::new(START - 1),
        change: Change::Posted(Box::new(Posted {
            message_type: MessageType::Letter,
            from: party(7, "Продавец"),
            to: potok_domain::Party { box_id, title: "Покупатель".to_owned(), department: None },
            proxy: None,
            lock_mode: LockMode::None,
            is_internal: false,
            is_test: false,
            author: None,
            entities: vec![document(1, 0)],
        })),
    };
    let answer = Entity {
        id: id("752861b6-2b81-4fe1-a73b-1a8b96df5c90"),
        ..service(2, Some(1), 0, Service::InvoiceReceipt)
    };
    let given = Entity {
        id: id("ffbc3764-42de-45de-b5e8-d8648461012f"),
        parent: Some(answer.id),
        ..signature(3, 2, 0, 2)
    };
    let posted = Event {
        id: id("1489068b-56ce-4bc9-bf8b-62b47f450f3b"),
        message_id,
        at: Ticks::new(START - 1),
        change: Change::Patched(Box::new(Patched { entities: vec![answer.clone(), given.clone()], ..own() })),
    };
    let strengthened = Entity {
        id: id("08e7adf5-5e81-4529-be13-e01547efab10"),
        parent: Some(given.id),
        author: Some(id("b11d99c1-0674-4c32-ab2f-f6cc13d7c2a3")),
        created_at: at,
        body: signed_by(box_id, PowerOfAttorney::Required),
        ..signature(4, 3, 0, 2)
    };
    let confirmation = Entity {
        id: id("4748dd78-2dd1-414d-a60e-be7e8656a768"),
        parent: Some(answer.id),
        author: None,
        created_at: at,
        content: Some(ContentRef { hash: ContentHash::of(b"confirmation"), size_bytes: 5618 }),
        file_name: Some(
            "DP_PDPOL_2BM-9147414342-757645784-202407101104400484330_2BM_20250805_\
             4748dd78-2dd1-414d-a60e-be7e8656a768.xml"
                .to_owned(),
        ),
        content_type_id: "send_confirmation_133_01_03".to_owned(),
        ..service(5, None, 0, Service::Confirmation)
    };
    let of_operator = Entity {
        id: id("3a73970f-ce25-42f0-a0c3-10774e307320"),
        parent: Some(confirmation.id),
        created_at: at,
        body: signed_by(BoxId::ZERO, PowerOfAttorney::NotRequired),
        ..signature(6, 5, 0, 0)
    };
    let delivered = Event {
        id: id("4c422f4e-7ecd-492d-a652-3aa45007da1b"),
        message_id,
        at,
        change: Change::Patched(Box::new(Patched {
            entities: vec![strengthened, confirmation, of_operator],
            report: Some(DeliveryReport::Delivered { event: posted.id, whole_message: false, at }),
            ..Patched::by(Origin::Operator)
        })),
    };
    let state = potok_domain::MessageState::replay(box_id, [&opening, &posted])
        .expect("the first event opens the message");
    (delivered, state)
}
