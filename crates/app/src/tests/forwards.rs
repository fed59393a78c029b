//! Forwarded documents while the store fails and programs die: the third box gets each of them once, in the order in which they
//! were forwarded, and reads each as it was then, whatever happens to it later.

use std::sync::Arc;

use potok_domain::command::{NewSignature, PostPatch, Source};
use potok_domain::forwarding::{Forwarding, excerpt};
use potok_domain::query::FeedOrder;
use potok_domain::{Change, DocumentChange, DocumentRef, MessageState};
use potok_store::stored::decode_forwarding;
use potok_store::{Fault, StreamId, Wanted};
use potok_types::IndexKey;
use potok_types::access::BoxEmployee;
use proptest::prelude::*;

use super::{Boxes, Side, node, patch, permit, tag, text};
use crate::{ForwardedEventsRequest, ForwardedId, Permit};

#[derive(Clone, Copy, Debug)]
enum Doing {
    /// Forwards one of the documents.
    Forward(bool),
    /// Something becomes of one of them that the organization keeps to itself.
    Tag(bool),
    /// Either side approves one of them with a signature, which the other side gets.
    Approve {
        /// Which document.
        is_second: bool,
        /// The recipient does.
        is_recipient: bool,
    },
    /// One of them is deleted where it is forwarded from, or restored.
    Delete {
        /// Which document.
        is_second: bool,
        /// It is restored.
        is_back: bool,
    },
    /// One turn of the worker that delivers.
    Deliver,
    /// The program dies with all that it remembers, and another one starts.
    Restart,
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        5 => any::<bool>().prop_map(Doing::Forward),
        2 => any::<bool>().prop_map(Doing::Tag),
        3 => any::<(bool, bool)>()
            .prop_map(|(is_second, is_recipient)| Doing::Approve { is_second, is_recipient }),
        1 => any::<(bool, bool)>().prop_map(|(is_second, is_back)| Doing::Delete { is_second, is_back }),
        4 => Just(Doing::Deliver),
        1 => Just(Doing::Restart),
    ]
}

fn mishap() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![3 => Just(None), 1 => (0_u8..3).prop_map(Some)]
}

const fn fault(mishap: u8) -> Fault {
    match mishap {
        0 => Fault::Stale,
        1 => Fault::Refused,
        _ => Fault::AnswerLost,
    }
}

async fn does(boxes: &mut Boxes, documents: [DocumentRef; 2], doing: Doing, nth: usize) {
    let which = |is_second: bool| documents[usize::from(is_second)];
    // What is refused by a store that fails is tried by nobody again.
    match doing {
        Doing::Forward(is_second) => {
            let actor = permit(&boxes.app, &boxes.a).await;
            let forwarded = boxes.app.exchange().forward_document(&actor, which(is_second), boxes.b.box_id);
            let _ = forwarded.await;
        }
        Doing::Tag(is_second) => {
            let key = format!("tag {nth}");
            let _ = patch(&boxes.app, &boxes.a, tag(&boxes.a, which(is_second), &key), &key).await;
        }
        Doing::Approve { is_second, is_recipient } => {
            let side = if is_recipient { &boxes.b } else { &boxes.a };
            let (approval, id) = (approval(side, which(is_second), nth), format!("approval {nth}"));
            let _ = patch(&boxes.app, side, approval, &id).await;
        }
        Doing::Delete { is_second, is_back } => {
            let (actor, exchange) = (permit(&boxes.app, &boxes.a).await, boxes.app.exchange());
            let DocumentRef { message_id, entity_id } = which(is_second);
            let _ = match is_back {
                true => exchange.restore_documents(&actor, message_id, Some(entity_id)).await,
                false => exchange.delete_documents(&actor, message_id, Some(entity_id)).await,
            };
        }
        Doing::Deliver => {
            let _ = boxes.app.deliveries().worker().turn().await;
        }
        Doing::Restart => {
            let journal = Arc::clone(&boxes.journal);
            boxes.app = node(&boxes.store, journal, &boxes.clock, &boxes.folder, 10 + nth as u64);
        }
    }
}

/// An approval signature, each time another one.
fn approval(side: &Side, document: DocumentRef, nth: usize) -> PostPatch<Source> {
    let signature = NewSignature {
        path: "MessagePatchToPost.Signatures[0]".to_owned(),
        parent: document.entity_id,
        signature: text(&format!("approval {nth}")),
        power: None,
        prepared: None,
        is_approval: true,
        labels: Vec::new(),
    };
    PostPatch { signatures: vec![signature], ..PostPatch::empty(side.box_id, document.message_id) }
}

/// What the box forwarded to the other one, as its journal has it.
async fn sent(boxes: &Boxes) -> Vec<Forwarding> {
    let wanted = [Wanted::all(StreamId::forwarding(boxes.b.box_id))];
    let found = boxes.store.streams(boxes.a.box_id, &wanted).await.expect("readable");
    let stored = found.into_iter().flatten().flatten();
    stored.map(|stored| decode_forwarding(&stored).expect("it was written")).collect()
}

/// How often a message tells that its document was forwarded.
async fn told(boxes: &Boxes, of: &Side, document: DocumentRef) -> usize {
    let events = boxes.events(of, document.message_id).await;
    let patches = events.iter().filter_map(|event| match &event.change {
        Change::Patched(patched) => Some(&patched.documents),
        Change::Posted(_) => None,
    });
    patches.flatten().filter(|patch| matches!(patch.change, DocumentChange::Forwarded { .. })).count()
}

async fn check(steps: Vec<(Doing, Option<u8>)>) {
    let mut boxes = Boxes::new().await;
    let documents = [boxes.posted("one").await, boxes.posted("two").await];
    boxes.drain().await;
    for (nth, (doing, mishap)) in steps.into_iter().enumerate() {
        boxes.clock.advance_seconds(1);
        boxes.journal.plan(mishap.map(fault));
        does(&mut boxes, documents, doing, nth).await;
    }
    boxes.journal.plan(None);
    boxes.drain().await;
    let sent = sent(&boxes).await;
    let (one, two) = (told(&boxes, &boxes.a, documents[0]).await, told(&boxes, &boxes.a, documents[1]).await);
    assert_eq!(one + two, sent.len(), "both are written, or neither is");
    assert_eq!(told(&boxes, &boxes.b, documents[0]).await, 0, "the other side of the exchange is not told");
    let actor: Permit<BoxEmployee> = permit(&boxes.app, &boxes.b).await;
    let request = ForwardedEventsRequest {
        after: None,
        between: (IndexKey::new(i64::MIN), IndexKey::new(i64::MAX)),
        order: FeedOrder::Ascending,
        with_documents: true,
    };
    let came = boxes.app.reading().forwarded_events(&actor, request).await.expect("readable");
    let forwardings: Vec<Forwarding> = came.events.iter().map(|event| event.forwarding).collect();
    assert_eq!(forwardings, sent, "once, and in order");
    assert!(came.events.is_sorted_by(|one, next| one.key < next.key));
    for event in came.events {
        let Forwarding { document, as_of, .. } = event.forwarding;
        let events = boxes.events(&boxes.a, document.message_id).await;
        let then = MessageState::replay(boxes.a.box_id, &events[..as_of.0 as usize]).expect("it opens");
        let seen = event.document.expect("it was asked for").seen;
        assert_eq!(Some(&*seen), excerpt(&then, document.entity_id).as_ref());
        let id = ForwardedId { from: boxes.a.box_id, document, event: event.forwarding.id };
        for found in boxes.state(&boxes.a, document.message_id).await.entities() {
            let entity = found.entity.id;
            let is_shown = seen.entity(entity).is_some_and(|found| found.entity.content.is_some());
            let read = boxes.app.reading().forwarded_content(&actor, id, entity).await;
            assert_eq!(read.is_ok(), is_shown, "later bytes, and those of others, are not read");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn each_forwarding_comes_once_and_in_order_whatever_fails_and_dies(
        steps in prop::collection::vec((doing(), mishap()), 1..24),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(check(steps));
    }
}
