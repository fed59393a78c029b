//! `GetEvent`: a stored event with its bytes.

use potok_domain::{Entity, Service};
use potok_types::ContentRef;
use potok_wire::proto::events::BoxEvent;

use super::world::{after, bytes_of, document, loaded, own, patched, posted, service, signature};
use crate::view::{box_event, inject};
use crate::{ContentBudget, ContentPlan};

fn data(event: &BoxEvent) -> Vec<Option<Vec<u8>>> {
    let of_message = event.message.iter().flat_map(|message| &message.entities);
    let of_patch = event.patch.iter().flat_map(|patch| &patch.entities);
    of_message
        .chain(of_patch)
        .map(|entity| entity.content.as_ref()?.data.as_ref().map(|data| data.to_vec()))
        .collect()
}

#[test]
fn a_stored_event_gets_its_bytes_from_any_later_state() {
    let events = [
        posted(0, vec![document(1, 0), signature(2, 1, 0, 1)]),
        patched(1, 1, potok_domain::Patched { entities: vec![signature(3, 1, 1, 1)], ..own() }),
    ];
    let stored = box_event(&after(1, &events[..1]), &events[0]);
    assert_eq!(data(&stored), [None, None], "what is stored carries no bytes");

    let now = after(1, &events);
    let mut planned = stored.clone();
    let mut plan = ContentPlan::planning(ContentBudget::MESSAGE);
    inject(&mut planned, &now, &mut plan);
    assert_eq!(plan.hashes().len(), 2, "only the contents of this event are wanted");
    assert_eq!(planned, stored);

    let mut filled = stored;
    inject(&mut filled, &now, &mut ContentPlan::filling(ContentBudget::MESSAGE, loaded(1..4)));
    assert_eq!(data(&filled), [Some(bytes_of(1, 0)), Some(bytes_of(2, 0))]);
    let message = filled.message.unwrap();
    assert_eq!(
        message.entities[1].content.as_ref().unwrap().size,
        -1,
        "the size of a signature stays unknown"
    );
}

#[test]
fn what_does_not_fit_is_left_out_and_the_next_smaller_one_fits() {
    let large = Entity {
        content: Some(ContentRef::of(&bytes_of(2, 1_048_576))),
        ..service(2, Some(1), 0, Service::Comment)
    };
    let events = [posted(0, vec![document(1, 0), large, signature(3, 1, 0, 1)])];
    let state = after(1, &events);
    let mut event = box_event(&state, &events[0]);
    inject(&mut event, &state, &mut ContentPlan::filling(ContentBudget::MESSAGE, loaded(1..4)));
    assert_eq!(data(&event), [Some(bytes_of(1, 0)), None, Some(bytes_of(3, 0))]);
}
