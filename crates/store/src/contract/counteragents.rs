//! The list of counteragents, and tasks.

use potok_domain::relation::{Act, Deed, RelationChange, RelationEvent, Status, Told};
use potok_domain::{DocumentRef, Revision};
use potok_types::{
    BoxId, EntityId, Entropy as _, EventId, GroupId, IndexKey, MessageId, PowerId, TaskId, Ticks,
};

use super::fixture::{Open, START, StoreFixture};
use crate::stored::decode_relation_event;
use crate::{
    Among, Append, AppendError, CounteragentPage, CounteragentQuery, CounteragentRow, Difference, NewEvent,
    StreamAppend, StreamId, Task, TaskOutcome,
};

/// An event after which the other box is what `told` says, whatever it was before.
fn event(fixture: &StoreFixture, status: Option<Status>, group: GroupId) -> RelationEvent {
    let act = Act { number: 1, seen: 0, at: fixture.now(), deed: Deed::Accepted, message: None };
    RelationEvent {
        id: EventId::from_uuid(fixture.ids.uuid()),
        at: fixture.now(),
        change: RelationChange::Theirs(act),
        told: Told {
            happenings: Vec::new(),
            status,
            comment: None,
            message_to: None,
            message_from: None,
            invitation: None,
            group,
        },
    }
}

fn relation(other: BoxId, revision: u32, event: &RelationEvent) -> StreamAppend {
    let events = vec![NewEvent::of_relation(other, event, Vec::new())];
    StreamAppend {
        counteragent: Some(CounteragentRow::from(&event.told)),
        ..StreamAppend::new(StreamId::relation(other), Revision(revision), events)
    }
}

async fn put(
    fixture: &StoreFixture,
    box_id: BoxId,
    other: BoxId,
    revision: u32,
    status: Option<Status>,
    group: GroupId,
) -> IndexKey {
    let of_relation = relation(other, revision, &event(fixture, status, group));
    let appended = fixture.must(Append::new(box_id, vec![of_relation])).await;
    appended.keys().next().expect("one event has one key")
}

fn query(box_id: BoxId, among: Among) -> CounteragentQuery {
    CounteragentQuery { box_id, among, after: None, limit: 100, count_up_to: 1000 }
}

async fn page(fixture: &StoreFixture, query: CounteragentQuery) -> CounteragentPage {
    fixture.store.counteragents(query).await.expect("readable")
}

fn boxes(page: &CounteragentPage) -> Vec<BoxId> {
    page.counteragents.iter().map(|it| it.box_id).collect()
}

/// The list goes from the newest event to the oldest; who is nothing any more does not stand in it.
pub async fn counteragents_are_listed_newest_first(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, stranger) = (fixture.box_id(), fixture.box_id());
    let others: Vec<BoxId> = (0..7).map(|_| fixture.box_id()).collect();
    for (nth, other) in others.iter().enumerate() {
        let status = Status::ALL[nth % Status::ALL.len()];
        put(&fixture, box_id, *other, 0, Some(status), GroupId::ZERO).await;
    }
    // Somebody moves to the front, and somebody leaves.
    let key = put(&fixture, box_id, others[2], 1, Some(Status::RejectsMe), GroupId::ZERO).await;
    put(&fixture, box_id, others[4], 1, None, GroupId::ZERO).await;
    let order = [2, 6, 5, 3, 1, 0].map(|nth| others[nth]);
    let all = page(&fixture, query(box_id, Among::All)).await;
    assert_eq!((boxes(&all), all.total, all.is_exact), (order.to_vec(), 6, true));
    let first = &all.counteragents[0];
    assert_eq!(first.key, key);
    let told = decode_relation_event(&first.last_event).expect("it was just written").told;
    assert_eq!(told.status, Some(Status::RejectsMe));

    let rejected = Among::Statuses(vec![Status::RejectsMe, Status::IsRejectedByMe]);
    let rejected = page(&fixture, query(box_id, rejected)).await;
    assert_eq!((boxes(&rejected), rejected.total), (vec![others[2], others[3]], 2));
    assert!(page(&fixture, query(box_id, Among::Statuses(Vec::new()))).await.counteragents.is_empty());
    assert!(page(&fixture, query(stranger, Among::All)).await.counteragents.is_empty());

    let one = fixture.store.counteragent(box_id, others[2]).await.expect("readable");
    assert_eq!(one.as_ref(), Some(first));
    assert_eq!(fixture.store.counteragent(box_id, others[4]).await.expect("readable"), None);
    let some = fixture.store.counteragents_of(box_id, &[others[4], others[2]]).await.expect("readable");
    assert_eq!(some, [None, one]);
    let waiting = fixture.store.count_invitations(box_id, 100).await.expect("readable");
    assert_eq!(waiting, 2);
}

/// Pages of any size make the whole list, and counting stops where it is told to.
pub async fn pages_of_counteragents_make_the_whole_list(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let mut expected = Vec::new();
    for nth in 0..11 {
        let (other, status) = (fixture.box_id(), Status::ALL[nth % 3]);
        put(&fixture, box_id, other, 0, Some(status), GroupId::ZERO).await;
        expected.insert(0, (other, status));
    }
    for statuses in [vec![], vec![Status::ALL[0]], vec![Status::ALL[1], Status::ALL[2]]] {
        let among = if statuses.is_empty() { Among::All } else { Among::Statuses(statuses.clone()) };
        let is_wanted = |(_, status): &&(BoxId, Status)| statuses.is_empty() || statuses.contains(status);
        let wanted: Vec<BoxId> = expected.iter().filter(is_wanted).map(|(other, _)| *other).collect();
        for limit in [1, 2, 5, 100] {
            let mut found = Vec::new();
            let mut after = None;
            loop {
                let query =
                    CounteragentQuery { after, limit, count_up_to: 4, ..query(box_id, among.clone()) };
                let page = page(&fixture, query).await;
                assert_eq!((page.total, page.is_exact), (wanted.len().min(4) as u64, wanted.len() <= 4));
                let Some(last) = page.counteragents.last() else { break };
                after = Some(last.key);
                found.extend(boxes(&page));
            }
            assert_eq!(found, wanted, "{statuses:?} by {limit}");
        }
    }
}

/// Partners are found by the groups into which they were put, of several together.
pub async fn counteragents_are_found_by_groups(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let groups: Vec<GroupId> = (0..3).map(|_| GroupId::from_uuid(fixture.ids.uuid())).collect();
    let mut members = Vec::new();
    for nth in 0..6 {
        let other = fixture.box_id();
        put(&fixture, box_id, other, 0, Some(Status::IsMyCounteragent), groups[nth % 3]).await;
        members.insert(0, (other, groups[nth % 3]));
    }
    // Not a partner, so in no group, whatever stands there.
    put(&fixture, box_id, fixture.box_id(), 0, Some(Status::InvitesMe), groups[0]).await;
    for wanted in [vec![groups[0]], vec![groups[1], groups[2]], vec![GroupId::ZERO]] {
        let expected: Vec<BoxId> =
            members.iter().filter(|(_, group)| wanted.contains(group)).map(|(other, _)| *other).collect();
        let page = page(&fixture, query(box_id, Among::Groups(wanted))).await;
        assert_eq!((boxes(&page), page.total), (expected.clone(), expected.len() as u64));
    }
}

/// A place in the list belongs to an event of a relation.
pub async fn a_place_in_the_list_without_an_event_is_refused(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other) = (fixture.box_id(), fixture.box_id());
    let row = CounteragentRow { status: Some(Status::InvitesMe), group: GroupId::ZERO };
    let stream = StreamAppend {
        counteragent: Some(row),
        ..StreamAppend::new(StreamId::relation(other), Revision(0), Vec::new())
    };
    let message = fixture.message();
    let of_message = StreamAppend {
        counteragent: Some(row),
        ..StreamAppend::new(message, Revision(0), vec![fixture.post(message)])
    };
    for wrong in [stream, of_message] {
        let refused = fixture.store.append(Append::new(box_id, vec![wrong])).await;
        assert!(matches!(refused, Err(AppendError::Store(_))), "{refused:?}");
    }
    assert!(page(&fixture, query(box_id, Among::All)).await.counteragents.is_empty());
}

/// What does not follow from the last event of its relation is told and put right.
pub async fn wrong_places_of_counteragents_are_put_right(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let others: Vec<BoxId> = (0..4).map(|_| fixture.box_id()).collect();
    for other in &others[..3] {
        put(&fixture, box_id, *other, 0, Some(Status::InvitesMe), GroupId::ZERO).await;
    }
    // Rows that say something else than the events beside them.
    for (other, revision, is, row) in [
        (others[0], 1, Some(Status::IsMyCounteragent), None),
        (others[1], 1, None, Some(Status::IsRejectedByMe)),
        (others[3], 0, Some(Status::RejectsMe), Some(Status::IsInvitedByMe)),
    ] {
        let mut wrong = relation(other, revision, &event(&fixture, is, GroupId::ZERO));
        wrong.counteragent = Some(CounteragentRow { status: row, group: GroupId::ZERO });
        fixture.must(Append::new(box_id, vec![wrong])).await;
    }
    let mut expected = [others[0], others[1], others[3]].map(Difference::Counteragent).to_vec();
    expected.sort_unstable();
    for is_put_right in [false, true] {
        let (mut found, next) =
            fixture.store.compare_counteragents(box_id, None, is_put_right).await.expect("readable");
        found.sort_unstable();
        assert_eq!((found, next), (expected.clone(), None));
    }
    let (left, _) = fixture.store.compare_counteragents(box_id, None, true).await.expect("readable");
    assert_eq!(left, []);
    let list = page(&fixture, query(box_id, Among::All)).await;
    assert_eq!(boxes(&list), [others[3], others[0], others[2]]);
}

/// Tasks are kept for who may ask, and forgotten by their age.
pub async fn tasks_are_kept_and_forgotten(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let counteragent = fixture.box_id();
    let document =
        DocumentRef { message_id: MessageId::ZERO, entity_id: EntityId::from_uuid(fixture.ids.uuid()) };
    let mut tasks = Vec::new();
    for (nth, outcome) in [
        TaskOutcome::Done { counteragent },
        TaskOutcome::WithDocument { counteragent, document },
        TaskOutcome::Power { number: PowerId::from_uuid(fixture.ids.uuid()) },
        TaskOutcome::NoPower { code: "X".to_owned(), reason: "не та".to_owned() },
        TaskOutcome::Failed { reason: "нет такой".to_owned() },
    ]
    .into_iter()
    .enumerate()
    {
        let task = Task {
            id: TaskId::from_uuid(fixture.ids.uuid()),
            user: fixture.user(),
            box_id: fixture.box_id(),
            started_at: Ticks::new(START + nth as i64),
            outcome,
        };
        fixture.store.put_task(&task).await.expect("writable");
        tasks.push(task);
    }
    let read = async |task: &Task| fixture.store.task(task.id).await.expect("readable");
    for task in &tasks {
        assert_eq!(read(task).await.as_ref(), Some(task));
    }
    assert_eq!(fixture.store.forget_tasks(Ticks::new(START + 4)).await.expect("writable"), 4);
    for task in &tasks[..4] {
        assert_eq!(read(task).await, None);
    }
    assert_eq!(read(&tasks[4]).await.as_ref(), Some(&tasks[4]));
}
