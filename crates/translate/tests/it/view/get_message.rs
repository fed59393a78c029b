//! `GetMessage`: the fold.

use potok_domain::docflow::Docflows;
use potok_domain::{Change, LockMode};
use potok_stories::{Simulation, Story, Who, box_of, document, letter};
use potok_translate::view::{MessageVersion, MessageView, box_event, message};
use potok_translate::{ContentBudget, ContentPlan};
use potok_types::EntityId;
use potok_wire::proto::events::Message;

use super::{loaded, named, state};
use crate::shown::story;

const WHOLE: MessageView = MessageView::whole(MessageVersion::V6);

fn show(story: &Story, who: Who, view: &MessageView) -> Message {
    message(&state(story, who), view, &mut ContentPlan::nothing())
}

fn names(story: &Story, who: Who, view: &MessageView) -> Vec<String> {
    named(story, who, show(story, who, view).entities.iter().map(|entity| &entity.entity_id))
}

#[test]
fn a_message_tells_its_parties_times_and_flags() {
    let story = story("post Nonformalized; deliver");
    let shown = show(&story, Who::A, &WHOLE);
    let events = story.simulation.events(Who::A, story.message());
    assert_eq!(shown.timestamp_ticks, events[0].at.get());
    assert_eq!(shown.last_patch_timestamp_ticks, events[1].at.get());
    assert_eq!(shown.from_box_id, box_of(Who::A).to_string());
    assert_eq!(shown.from_title, story.simulation.organizations[&Who::A].short_name);
    assert_eq!(shown.to_box_id, Some(box_of(Who::B).to_string()));
    assert_eq!(shown.to_title.as_deref(), Some(story.simulation.organizations[&Who::B].short_name.as_str()));
    for empty in [&shown.created_from_draft_id, &shown.proxy_box_id, &shown.proxy_title] {
        assert_eq!(empty.as_deref(), Some(""), "these are printed even when they say nothing");
    }
    assert!(!shown.is_internal() && !shown.is_test() && !shown.packet_is_locked() && !shown.is_draft());
    assert_eq!((shown.lock_mode, shown.message_type), (1, 1));
}

#[test]
fn flags_of_the_message_are_shown() {
    let mut simulation = Simulation::new(7);
    let mut command = letter(vec![document()]);
    (command.is_test, command.is_internal, command.to) = (true, true, None);
    command.lock_mode = LockMode::Full;
    let id = simulation.post(Who::A, &command).unwrap().message_id;
    let shown = message(&simulation.state(Who::A, id).unwrap(), &WHOLE, &mut ContentPlan::nothing());
    assert!(shown.is_internal() && shown.is_test() && shown.packet_is_locked());
    assert_eq!(shown.lock_mode, 3);
    assert_eq!(shown.to_box_id, Some(box_of(Who::A).to_string()), "an internal message goes to its own box");
}

#[test]
fn equal_receipts_collapse_to_the_last_one() {
    let once = "post Invoice comment; deliver; B receipts d1; deliver";
    let twice = "post Invoice comment; deliver; B receipts d1 badly; deliver; B receipts d1; deliver";
    let shown = |steps: &str| {
        let story = story(steps);
        let receipts = names(&story, Who::B, &WHOLE);
        let is_report = |name: &String| !name.starts_with("report") && !name.starts_with("notice");
        receipts.into_iter().filter(is_report).collect::<Vec<_>>()
    };
    let expected = [
        "d1",
        "comment(d1)",
        "sA(d1)",
        "passed-on(d1)",
        "sOp(passed-on(d1))",
        "invoice-receipt(d1)",
        "sB(invoice-receipt(d1))",
        "received(invoice-receipt(d1))",
        "sOp(received(invoice-receipt(d1)))",
    ];
    assert_eq!(shown(once), expected);
    assert_eq!(shown(twice), expected);
}

/// The operator confirms once; a box that was told so twice shows the last time.
#[test]
fn equal_confirmations_collapse_to_the_last_one() {
    let story = story("post Invoice; deliver");
    let mut state = state(&story, Who::A);
    let mut again =
        story.simulation.events(Who::A, story.message()).last().expect("it was delivered").clone();
    let Change::Patched(patched) = &mut again.change else { panic!("it is a report") };
    let [confirmation, signature] = &mut patched.entities[..] else { panic!("a file and its signature") };
    let first = confirmation.id;
    confirmation.id = EntityId::from_uuid(again.id.uuid());
    signature.id = EntityId::from_uuid(state.message_id.uuid());
    signature.parent = Some(confirmation.id);
    let second = [confirmation.id, signature.id].map(|id| id.to_string());
    state.apply(&again);
    let shown = message(&state, &WHOLE, &mut ContentPlan::nothing());
    let ids: Vec<&String> = shown.entities.iter().map(|entity| &entity.entity_id).collect();
    assert_eq!(ids[2..], [&second[0], &second[1]], "document, signature, and the later one");
    assert!(!ids.contains(&&first.to_string()));
}

#[test]
fn a_strengthened_signature_stands_in_place_of_its_original() {
    let story = story("stamps; post Nonformalized Nonformalized; deliver");
    assert_eq!(names(&story, Who::A, &WHOLE), ["d1", "sA(sA(d1))", "d2", "sA(sA(d2))"]);
    let shown = show(&story, Who::A, &WHOLE);
    assert_eq!(shown.entities[1].parent_entity_id.as_ref(), Some(&shown.entities[0].entity_id));
    let originals = MessageView { original_signature: true, ..WHOLE };
    assert_eq!(names(&story, Who::A, &originals), ["d1", "sA(d1)", "d2", "sA(d2)"]);
    assert_eq!(names(&story, Who::B, &WHOLE), ["d1", "sA(d1)", "d2", "sA(d2)"], "it came so");
}

#[test]
fn one_document_is_shown_with_what_hangs_under_it() {
    let story = story("post Invoice Invoice comment; deliver; B receipts d1; deliver");
    for (position, expected) in [
        (0, &["d1", "comment(d1)", "sA(d1)", "received(d1)", "sOp(received(d1))"][..]),
        (1, &["d2", "comment(d2)", "sA(d2)", "received(d2)", "sOp(received(d2))"]),
    ] {
        let view =
            MessageView { entity: Some(story.simulation.document(story.message(), position)), ..WHOLE };
        let shown = names(&story, Who::A, &view);
        let (first, rest) = shown.split_at(expected.len());
        assert_eq!(first, expected);
        assert_eq!(rest.is_empty(), position == 1, "only the first has a receipt: {rest:?}");
    }
}

#[test]
fn only_documents_say_what_they_are() {
    let story = story("post Nonformalized Nonformalized comment; deliver");
    let shown = show(&story, Who::B, &WHOLE);
    let with_info = shown.entities.iter().filter(|entity| entity.document_info.is_some());
    assert_eq!(named(&story, Who::B, with_info.map(|entity| &entity.entity_id)), ["d1", "d2"]);
}

#[test]
fn bytes_are_carried_as_far_as_the_budget_goes() {
    let story = story("post Nonformalized comment");
    let state = state(&story, Who::A);
    let texts = ["document", "comment", "signature 1"];
    // The first two entities use up the budget to the last byte.
    let budget = ContentBudget::Shared((texts[0].len() + texts[1].len()) as u64);
    let mut planning = ContentPlan::planning(budget);
    let planned = message(&state, &WHOLE, &mut planning);
    assert!(planned.entities.iter().all(|entity| entity.content.as_ref().is_some_and(|c| c.data.is_none())));
    assert_eq!(planning.hashes().len(), 2);

    let shown = message(&state, &WHOLE, &mut ContentPlan::filling(budget, loaded(texts)));
    let contents: Vec<_> = shown.entities.iter().map(|entity| entity.content.clone().unwrap()).collect();
    let data: Vec<_> = contents.iter().map(|content| content.data.as_deref()).collect();
    assert_eq!(data, [Some(texts[0].as_bytes()), Some(texts[1].as_bytes()), None]);
    assert_eq!([contents[0].size, contents[1].size, contents[2].size], [8, 7, -1]);
}

#[test]
fn the_answer_to_a_post_is_the_message_without_bytes() {
    let story = story("post Nonformalized comment");
    let event = &story.simulation.events(Who::A, story.message())[0];
    let shown =
        box_event(&Docflows::of(&state(&story, Who::A)), event).message.expect("it opens the message");
    let ids = shown.entities.iter().map(|entity| &entity.entity_id);
    assert_eq!(named(&story, Who::A, ids), ["d1", "comment(d1)", "sA(d1)"]);
    assert_eq!(shown.last_patch_timestamp_ticks, shown.timestamp_ticks);
    assert!(shown.entities.iter().all(|entity| entity.content.as_ref().is_some_and(|c| c.data.is_none())));
}
