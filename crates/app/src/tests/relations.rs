//! What two organizations are to each other while acts cross, the store fails and programs die: whatever happens, both sides
//! agree when everything is delivered, and each is told what it comes to.

use potok_domain::relation::{Relation, RelationChange, RelationEvent, Status};
use potok_store::stored::decode_relation_event;
use potok_store::{Among, CounteragentQuery, Fault, StreamId, Wanted};
use potok_types::BoxId;
use proptest::prelude::*;

use super::{Boxes, Side, letter, permit, post};
use crate::{AcquireRequest, CounteragentName, OtherSide};

#[derive(Clone, Copy, Debug)]
enum Doing {
    Acquire,
    BreakUp,
    /// Sends a letter, which makes partners when it arrives.
    Post,
    /// One turn of the worker that delivers.
    Deliver,
    /// The program dies with all that it remembers, and another one starts.
    Restart,
}

/// What becomes of the next write.
#[derive(Clone, Copy, Debug)]
enum Mishap {
    Stale,
    Refused,
    AnswerLost,
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        4 => Just(Doing::Acquire),
        3 => Just(Doing::BreakUp),
        2 => Just(Doing::Post),
        4 => Just(Doing::Deliver),
        1 => Just(Doing::Restart),
    ]
}

fn mishap() -> impl Strategy<Value = Option<Mishap>> {
    prop_oneof![
        4 => Just(None),
        1 => Just(Some(Mishap::Stale)),
        1 => Just(Some(Mishap::Refused)),
        1 => Just(Some(Mishap::AnswerLost)),
    ]
}

/// What the box keeps of the other one.
async fn kept(boxes: &Boxes, of: &Side, other: BoxId) -> Vec<RelationEvent> {
    let wanted = [Wanted::all(StreamId::relation(other))];
    let found = boxes.store.streams(of.box_id, &wanted).await.expect("readable");
    let stored = found.into_iter().flatten().flatten();
    stored.map(|stored| decode_relation_event(&stored).expect("it was written")).collect()
}

/// What the other one is, as the list has it and as the last event tells it; they are the same.
async fn standing(boxes: &Boxes, of: &Side, other: &Side) -> Option<Status> {
    let events = kept(boxes, of, other.box_id).await;
    let status = Relation::replay(of.box_id, other.box_id, &events).status();
    assert_eq!(events.last().and_then(|event| event.told.status), status);
    let query = CounteragentQuery {
        box_id: of.box_id,
        among: Among::Statuses(status.into_iter().collect()),
        after: None,
        limit: 10,
        count_up_to: 10,
    };
    let listed = boxes.store.counteragents(query).await.expect("readable").counteragents;
    assert_eq!(listed.len(), usize::from(status.is_some()));
    assert!(
        boxes.store.counteragent(of.box_id, other.box_id).await.expect("readable").is_some()
            == status.is_some()
    );
    status
}

async fn does(boxes: &mut Boxes, by_first: bool, doing: Doing, nth: usize) {
    let (me, other) = if by_first { (&boxes.a, &boxes.b) } else { (&boxes.b, &boxes.a) };
    let partners = boxes.app.partners();
    // What is refused, also by a store that fails, is tried by nobody again.
    match doing {
        Doing::Acquire => {
            let target = CounteragentName::Box("BoxId", other.box_id);
            let request =
                AcquireRequest { target, message: None, document: None, department: None, call: None };
            let _ = partners.acquire(&permit(&boxes.app, me).await, request).await;
        }
        Doing::BreakUp => {
            let _ =
                partners.break_up(&permit(&boxes.app, me).await, OtherSide::Box(other.box_id), None).await;
        }
        Doing::Post => {
            let words = format!("letter {nth}");
            let _ = post(&boxes.app, me, letter(me, other, &words), &words).await;
        }
        Doing::Deliver => {
            let _ = boxes.app.deliveries().worker().turn().await;
        }
        Doing::Restart => {
            let journal = std::sync::Arc::<potok_store::FaultyJournal>::clone(&boxes.journal);
            boxes.app = super::node(&boxes.store, journal, &boxes.clock, &boxes.folder, 10 + nth as u64);
        }
    }
}

async fn check(steps: Vec<(bool, Doing, Option<Mishap>)>) {
    let mut boxes = Boxes::strangers().await;
    for (nth, (by_first, doing, mishap)) in steps.into_iter().enumerate() {
        boxes.clock.advance_seconds(1);
        boxes.journal.plan(mishap.map(|mishap| match mishap {
            Mishap::Stale => Fault::Stale,
            Mishap::Refused => Fault::Refused,
            Mishap::AnswerLost => Fault::AnswerLost,
        }));
        does(&mut boxes, by_first, doing, nth).await;
    }
    boxes.drain().await;
    let (a, b) = (&boxes.a, &boxes.b);
    let pair = (standing(&boxes, a, b).await, standing(&boxes, b, a).await);
    assert_eq!(pair.0, pair.1.map(Status::mirror), "{pair:?}");
    // Each side was told of every act of the other one, once and in order.
    for (me, other) in [(a, b), (b, a)] {
        let acts = |events: Vec<RelationEvent>, mine: bool| -> Vec<u32> {
            let number = |event: RelationEvent| match event.change {
                RelationChange::Mine { act, .. } if mine => Some(act.number),
                RelationChange::Theirs(act) if !mine => Some(act.number),
                _ => None,
            };
            events.into_iter().filter_map(number).collect()
        };
        let done = acts(kept(&boxes, me, other.box_id).await, true);
        assert_eq!(done, (1..=done.len() as u32).collect::<Vec<_>>());
        assert_eq!(acts(kept(&boxes, other, me.box_id).await, false), done);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn both_sides_agree_whatever_crosses_fails_and_dies(
        steps in prop::collection::vec((any::<bool>(), doing(), mishap()), 1..24),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(check(steps));
    }
}

/// The program dies between the two boxes: one has written its act, the other one does not know of it yet.
#[tokio::test]
async fn a_crash_between_the_boxes_heals() {
    for at in [Mishap::Refused, Mishap::AnswerLost] {
        for (faults_before, what) in [(0, "when it arrives"), (1, "when it is settled")] {
            let mut boxes = Boxes::strangers().await;
            does(&mut boxes, true, Doing::Acquire, 0).await;
            let mut plan: Vec<Fault> = (0..faults_before).map(|_| Fault::None).collect();
            plan.push(match at {
                Mishap::Refused => Fault::Refused,
                _ => Fault::AnswerLost,
            });
            boxes.journal.plan(plan);
            does(&mut boxes, true, Doing::Deliver, 1).await;
            does(&mut boxes, true, Doing::Restart, 2).await;
            boxes.drain().await;
            let pair =
                (standing(&boxes, &boxes.a, &boxes.b).await, standing(&boxes, &boxes.b, &boxes.a).await);
            assert_eq!(
                pair,
                (Some(Status::IsMyCounteragent), Some(Status::IsMyCounteragent)),
                "{at:?} {what}"
            );
            assert_eq!(kept(&boxes, &boxes.b, boxes.a.box_id).await.len(), 1, "{at:?} {what}: once");
        }
    }
}
