//! `GetEvent`: a stored event with its bytes.

use potok_domain::Change;
use potok_domain::docflow::Docflows;
use potok_stories::{Who, bytes as content};
use potok_translate::view::{box_event, inject};
use potok_translate::{ContentBudget, ContentPlan};
use potok_wire::proto::events::BoxEvent;

use super::{after, events, loaded, state};
use crate::shown::story;

fn data(event: &BoxEvent) -> Vec<Option<String>> {
    let of_message = event.message.iter().flat_map(|message| &message.entities);
    let of_patch = event.patch.iter().flat_map(|patch| &patch.entities);
    let text = |data: &bytes::Bytes| String::from_utf8(data.to_vec()).expect("it is text");
    of_message.chain(of_patch).map(|entity| entity.content.as_ref()?.data.as_ref().map(text)).collect()
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

#[test]
fn a_stored_event_gets_its_bytes_from_any_later_state() {
    let story = story("post Nonformalized; A approves d1");
    let events = events(&story, Who::A);
    let stored = box_event(&Docflows::of(&after(Who::A, &events[..1])), &events[0]);
    assert_eq!(data(&stored), [None, None], "what is stored carries no bytes");

    let now = state(&story, Who::A);
    let mut planned = stored.clone();
    let mut plan = ContentPlan::planning(ContentBudget::MESSAGE);
    inject(&mut planned, &now, &mut plan);
    assert_eq!(plan.hashes().len(), 2, "only the contents of this event are wanted");
    assert_eq!(planned, stored);

    let mut filled = stored;
    let texts = ["document", "signature 1", "signature 2"];
    inject(&mut filled, &now, &mut ContentPlan::filling(ContentBudget::MESSAGE, loaded(texts)));
    assert_eq!(data(&filled), some(&texts[..2]));
    let message = filled.message.unwrap();
    let size = message.entities[1].content.as_ref().unwrap().size;
    assert_eq!(size, -1, "the size of a signature stays unknown");
}

#[test]
fn what_does_not_fit_is_left_out_and_the_next_smaller_one_fits() {
    let large = "c".repeat(1_048_576);
    let mut events = events(&story("post Nonformalized comment"), Who::A);
    let Change::Posted(posted) = &mut events[0].change else { panic!("it opens the message") };
    // Comments are refused at that size, so this one grows afterwards.
    posted.entities[1].content = Some(content(&large));
    let state = after(Who::A, &events);
    let mut event = box_event(&Docflows::of(&state), &events[0]);
    let contents = loaded(["document", &large, "signature 1"]);
    inject(&mut event, &state, &mut ContentPlan::filling(ContentBudget::MESSAGE, contents));
    assert_eq!(data(&event), [Some("document".to_owned()), None, Some("signature 1".to_owned())]);
}

#[test]
fn an_event_and_its_rows_compute_each_docflow_once() {
    let story = story("post Nonformalized + Nonformalized; A approves d1");
    let opening = events(&story, Who::A);
    let state = after(Who::A, &opening[..1]);
    let docflows = Docflows::of(&state);
    assert_eq!(docflows.computed(), 0, "what nobody asks for is not computed");
    let rows = potok_domain::rows::document_rows(&docflows);
    let kept: Vec<*const _> =
        rows.iter().map(|row| std::ptr::from_ref(docflows.get(row.document.entity_id).unwrap())).collect();
    assert_eq!((rows.len(), docflows.computed()), (2, 2));
    assert_eq!(box_event(&docflows, &opening[0]), box_event(&Docflows::of(&state), &opening[0]));
    let again = rows.iter().map(|row| std::ptr::from_ref(docflows.get(row.document.entity_id).unwrap()));
    assert_eq!(again.collect::<Vec<_>>(), kept);
}
