//! `GetMessage`: the fold.

use potok_domain::{Change, Origin};
use potok_domain::{Event, LockMode, Patched, Service};
use potok_wire::proto::events::{Entity, Message};

use super::world::{
    after, at, box_id, document, entity_id, loaded, own, patched, posted, service, signature,
};
use crate::view::{MessageVersion, MessageView, message, posted_message};
use crate::{ContentBudget, ContentPlan};

const WHOLE: MessageView = MessageView::whole(MessageVersion::V6);

fn numbers(shown: &Message) -> Vec<u64> {
    let number = |entity: &Entity| {
        (1..100).find(|number| entity_id(*number).to_string() == entity.entity_id).expect("made here")
    };
    shown.entities.iter().map(number).collect()
}

fn show(events: &[Event], view: &MessageView) -> Message {
    message(&after(1, events), view, &mut ContentPlan::nothing())
}

/// Two documents; the first one with two receipts, two confirmations, and a signature that was strengthened later.
fn history() -> Vec<Event> {
    let from_other = |entities| Patched { origin: Origin::Received { from: box_id(2) }, entities, ..own() };
    vec![
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
            Patched {
                entities: vec![
                    signature(6, 3, 1, 1),
                    service(7, Some(1), 1, Service::Confirmation),
                    signature(8, 7, 1, 0),
                ],
                ..own()
            },
        ),
        patched(
            2,
            2,
            from_other(vec![service(9, Some(1), 2, Service::InvoiceReceipt), signature(10, 9, 2, 2)]),
        ),
        patched(
            3,
            3,
            from_other(vec![service(11, Some(1), 3, Service::InvoiceReceipt), signature(12, 11, 3, 2)]),
        ),
        patched(
            4,
            4,
            Patched {
                entities: vec![service(13, Some(1), 4, Service::Confirmation), signature(14, 13, 4, 0)],
                ..own()
            },
        ),
    ]
}

#[test]
fn a_message_tells_its_parties_times_and_flags() {
    let shown = show(&history(), &WHOLE);
    assert_eq!(shown.timestamp_ticks, at(0).get());
    assert_eq!(shown.last_patch_timestamp_ticks, at(4).get());
    assert_eq!(shown.from_box_id, box_id(1).to_string());
    assert_eq!(shown.from_title, "ООО «Ромашка»");
    assert_eq!(shown.to_box_id, Some(box_id(2).to_string()));
    assert_eq!(shown.to_title.as_deref(), Some("АО «Лютик»"));
    for empty in [&shown.created_from_draft_id, &shown.proxy_box_id, &shown.proxy_title] {
        assert_eq!(empty.as_deref(), Some(""), "these are printed even when they say nothing");
    }
    assert!(!shown.is_internal() && !shown.is_test() && !shown.packet_is_locked() && !shown.is_draft());
    assert_eq!((shown.lock_mode, shown.message_type), (1, 1));
}

#[test]
fn flags_of_the_message_are_shown() {
    let mut first = posted(0, vec![document(1, 0)]);
    if let Change::Posted(posted) = &mut first.change {
        posted.is_test = true;
        posted.is_internal = true;
        posted.lock_mode = LockMode::Full;
        posted.to = posted.from.clone();
    }
    let shown = show(&[first], &WHOLE);
    assert!(shown.is_internal() && shown.is_test() && shown.packet_is_locked());
    assert_eq!(shown.lock_mode, 3);
    assert_eq!(shown.to_box_id, Some(box_id(1).to_string()), "an internal message goes to its own box");
}

#[test]
fn equal_receipts_and_confirmations_collapse_to_the_last_one() {
    // 7 and 9 gave way to 13 and 11, with the signatures under them; the strengthened 6 stands where 3 stood.
    assert_eq!(numbers(&show(&history(), &WHOLE)), [1, 2, 6, 4, 5, 11, 12, 13, 14]);
}

#[test]
fn a_strengthened_signature_stands_in_place_of_its_original() {
    let shown = show(&history(), &WHOLE);
    let copy = shown.entities.iter().find(|entity| entity.entity_id == entity_id(6).to_string());
    let parent = copy.and_then(|copy| copy.parent_entity_id.clone());
    assert_eq!(parent, Some(entity_id(1).to_string()), "the original is not there to be a parent");

    let originals = MessageView { original_signature: true, ..WHOLE };
    assert_eq!(numbers(&show(&history(), &originals)), [1, 2, 3, 4, 5, 11, 12, 13, 14]);
}

#[test]
fn one_document_is_shown_with_what_hangs_under_it() {
    for (document, expected) in [(1, vec![1, 2, 6, 11, 12, 13, 14]), (4, vec![4, 5])] {
        let view = MessageView { entity: Some(entity_id(document)), ..WHOLE };
        assert_eq!(numbers(&show(&history(), &view)), expected);
    }
}

#[test]
fn only_documents_say_what_they_are() {
    let shown = show(&history(), &WHOLE);
    let with_info = shown.entities.iter().filter(|entity| entity.document_info.is_some());
    assert_eq!(
        with_info.map(|entity| entity.entity_id.clone()).collect::<Vec<_>>(),
        [entity_id(1).to_string(), entity_id(4).to_string()]
    );
}

#[test]
fn bytes_are_carried_as_far_as_the_budget_goes() {
    let events = [posted(0, vec![document(1, 0), signature(2, 1, 0, 1), document(3, 0)])];
    let state = after(1, &events);
    let size = u64::try_from("bytes of 1".len()).unwrap();
    // The first two entities use up the budget to the last byte.
    let budget = ContentBudget::Shared(2 * size);
    let mut planning = ContentPlan::planning(budget);
    let planned = message(&state, &WHOLE, &mut planning);
    assert!(planned.entities.iter().all(|entity| entity.content.as_ref().is_some_and(|c| c.data.is_none())));
    assert_eq!(planning.hashes().len(), 2);

    let shown = message(&state, &WHOLE, &mut ContentPlan::filling(budget, loaded(1..4)));
    let data: Vec<_> = shown.entities.iter().map(|entity| entity.content.clone().unwrap()).collect();
    assert_eq!(data[0].data.as_deref(), Some(b"bytes of 1".as_slice()));
    assert_eq!(data[1].data.as_deref(), Some(b"bytes of 2".as_slice()));
    assert_eq!(data[2].data, None);
    assert_eq!([data[0].size, data[1].size, data[2].size], [10, -1, 10]);
}

#[test]
fn the_answer_to_a_post_is_the_message_without_bytes() {
    let events =
        [posted(0, vec![document(1, 0), service(2, Some(1), 0, Service::Comment), signature(3, 1, 0, 1)])];
    let shown = posted_message(&after(1, &events));
    assert_eq!(numbers(&shown), [1, 2, 3]);
    assert_eq!(shown.last_patch_timestamp_ticks, shown.timestamp_ticks);
    assert!(shown.entities.iter().all(|entity| entity.content.as_ref().is_some_and(|c| c.data.is_none())));
}
