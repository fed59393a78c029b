//! Long lists of counteragents, made faster than by inviting.

use std::sync::Arc;

use potok_domain::directory::{
    DirectoryChange, DirectoryEvent, DirectoryEventKind, Organization, Restrictions,
};
use potok_domain::relation::{self, Invite, Relation, RelationChange};
use potok_store::{Append, CounteragentRow, NewEvent, Store, StreamAppend, StreamId};
use potok_types::{BoxId, Clock as _, Entropy as _, EventId, OrgId, SeededEntropy, Ticks};
use tokio::task::JoinSet;

use crate::World;

/// Appends that are under way together.
const CHUNK: u32 = 500;

impl World {
    /// Writes `count` organizations, each of which is a partner of `box_id`; what they have of that is not written. They go
    /// straight to the store, so this is about reading the list.
    pub async fn fill_counteragents(&self, box_id: BoxId, count: u32) {
        let entropy = SeededEntropy::new(u64::from(count) + 1);
        let beside = self.beside().await;
        let store = beside.store();
        let at = self.clock().now();
        for from in (0..count).step_by(CHUNK as usize) {
            let until = count.min(from + CHUNK);
            let boxes: Vec<BoxId> = (from..until).map(|_| BoxId::from_uuid(entropy.uuid())).collect();
            let mut written = JoinSet::new();
            for (nth, other) in (from..).zip(&boxes) {
                written.spawn(put(Arc::clone(&store), partner(*other, nth), at));
            }
            written.join_all().await;
            let streams = boxes.into_iter().map(|other| partnership(box_id, other, at)).collect();
            store.append(Append::new(box_id, streams)).await.expect("the store takes events");
        }
        beside.close().await;
    }
}

fn partner(box_id: BoxId, nth: u32) -> Organization {
    Organization {
        org_id: OrgId::from_uuid(box_id.uuid()),
        box_id,
        inn: format!("88{nth:08}"),
        kpp: Some("770101001".to_owned()),
        full_name: format!("Общество с ограниченной ответственностью «Партнёр {nth}»"),
        short_name: format!("ООО «Партнёр {nth}»"),
        ogrn: None,
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: format!("2BM-88{nth:08}-770101001"),
        counteragents_only: false,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_roaming: false,
        is_test: true,
        is_suspended: false,
        departments: Vec::new(),
    }
}

async fn put(store: Arc<dyn Store>, organization: Organization, at: Ticks) {
    let box_id = organization.box_id;
    let event = DirectoryEvent {
        id: EventId::from_uuid(box_id.uuid()),
        at,
        author: None,
        kind: DirectoryEventKind::OrganizationCreated,
        change: DirectoryChange::Organization(Box::new(organization)),
    };
    let stream = StreamAppend::of_directory(box_id, potok_domain::Revision(0), &[event]);
    store.append(Append::new(box_id, vec![stream])).await.expect("the store takes organizations");
}

/// An invitation that was accepted at once.
fn partnership(box_id: BoxId, other: BoxId, at: Ticks) -> StreamAppend {
    let relation = Relation::none(box_id, other);
    let invite =
        Invite {
            message: Some("Давайте обмениваться".to_owned()), attachment: None, is_welcome: true, at
        };
    let act = relation::acquire(&relation, invite).expect("they are strangers").expect("they are strangers");
    let id = EventId::from_uuid(other.uuid());
    let (event, _) = relation.next(id, at, RelationChange::Mine { act, by: None });
    let row = CounteragentRow::from(&event.told);
    let events = vec![NewEvent::of_relation(other, &event, Vec::new())];
    StreamAppend {
        counteragent: Some(row),
        ..StreamAppend::new(StreamId::relation(other), relation.revision(), events)
    }
}
