//! Streams of another kind go through the same outbox and the same worker.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::Revision;
use potok_store::{Append, Leased, NewEvent, Store, StreamAppend, StreamId, StreamKind, Wanted};
use potok_types::{BoxId, EventId};
use uuid::Uuid;

use super::Boxes;
use crate::{Carrier, CoreError, Deliveries, Failed};

/// Invitations: one box asks, the other one gets the question, and the first one is told that it has it.
const INVITATION: StreamKind = StreamKind::new(200);

fn event(stream: StreamId, id: u128, words: &'static str) -> NewEvent {
    NewEvent {
        stream,
        id: EventId::from_uuid(Uuid::from_u128(id)),
        stored: Bytes::from_static(words.as_bytes()),
        ready: Bytes::new(),
        feed: None,
        deliver_to: Vec::new(),
    }
}

struct Invitations {
    store: Arc<dyn Store>,
}

#[async_trait]
impl Carrier for Invitations {
    async fn carry(&self, leased: Leased) -> Result<(), Failed> {
        let delivery = leased.delivery;
        let only = Wanted::only(delivery.stream, delivery.revision);
        let found = self.store.streams(delivery.from, &[only]).await?;
        let stored = found.into_iter().flatten().flatten().next().expect("the event is there");
        let arrived = NewEvent { id: delivery.event, stored, ..event(delivery.stream, 0, "") };
        let arrived = StreamAppend::new(delivery.stream, Revision(delivery.revision.0 - 1), vec![arrived]);
        let appended = self.store.append(Append::new(delivery.to, vec![arrived])).await;
        appended.map_err(|_| CoreError::CutOff)?;
        let told = event(delivery.stream, 1000, "has it");
        let told = StreamAppend::new(delivery.stream, delivery.revision, vec![told]);
        let told = Append { settles: Some(leased.token), ..Append::new(delivery.from, vec![told]) };
        self.store.append(told).await.map_err(|_| CoreError::CutOff)?;
        Ok(())
    }
}

async fn words(boxes: &Boxes, box_id: BoxId, stream: StreamId) -> Vec<Bytes> {
    let found = boxes.store.streams(box_id, &[Wanted::all(stream)]).await.expect("readable");
    found.into_iter().flatten().flatten().collect()
}

#[tokio::test]
async fn each_kind_is_carried_by_its_own_carrier() {
    let boxes = Boxes::new().await;
    let document = boxes.posted("letter").await;
    let stream = StreamId { kind: INVITATION, id: Uuid::from_u128(7) };
    let asks = NewEvent { deliver_to: vec![boxes.b.box_id], ..event(stream, 1, "asks") };
    let asks = StreamAppend::new(stream, Revision(0), vec![asks]);
    boxes.store.append(Append::new(boxes.a.box_id, vec![asks])).await.expect("nothing against it");
    assert_eq!(boxes.pending().await, 2);

    // A program that does not know the kind delivers what it knows, and keeps the rest for one that does.
    let mut today = boxes.app.deliveries().worker();
    assert_eq!(today.turn().await.expect("the outbox is well"), 2);
    assert_eq!(today.turn().await.expect("the outbox is well"), 0);
    assert_eq!(boxes.events(&boxes.b, document.message_id).await.len(), 1);
    assert_eq!(boxes.store.pending().await.expect("readable"), 1);
    assert!(words(&boxes, boxes.b.box_id, stream).await.is_empty());

    boxes.clock.advance_seconds(301);
    let invitations: Arc<dyn Carrier> = Arc::new(Invitations { store: Arc::clone(&boxes.store) });
    let Deliveries { core, outbox, carriers, slots, lease_seconds } = &**boxes.app.deliveries();
    let mut carriers = carriers.clone();
    carriers.insert(INVITATION, invitations);
    let tomorrow = Deliveries {
        core: Arc::clone(core),
        outbox: Arc::clone(outbox),
        carriers,
        slots: *slots,
        lease_seconds: *lease_seconds,
    };
    let mut tomorrow = Arc::new(tomorrow).worker();
    let next = boxes.posted("second letter").await;
    assert_eq!(tomorrow.turn().await.expect("the outbox is well"), 2);
    assert_eq!(words(&boxes, boxes.b.box_id, stream).await, ["asks"]);
    assert_eq!(words(&boxes, boxes.a.box_id, stream).await, ["asks", "has it"]);
    assert_eq!(boxes.events(&boxes.b, next.message_id).await.len(), 1);
    assert_eq!(boxes.pending().await, 0);
}
