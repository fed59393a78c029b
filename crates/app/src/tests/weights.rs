//! What the states of messages weigh, and that a memo of so many bytes holds no more.

use std::sync::Arc;

use potok_domain::command::NewDocument;
use potok_domain::{MessageState, Metadata};
use potok_types::MessageId;

use super::{Boxes, event_id, letter};
use crate::core::states::StateCache;

/// A letter of `documents`, each with a number of `length` bytes, as the journal has it.
async fn state_of(boxes: &Boxes, documents: usize, length: usize) -> MessageState {
    let name = format!("{documents} {length}");
    let mut new = letter(&boxes.a, &boxes.b, &name);
    let mut first = new.documents.remove(0);
    first.metadata.push(Metadata { key: "DocumentNumber".to_owned(), value: "x".repeat(length) });
    for nth in 0..documents {
        let path = format!("MessageToPost.DocumentAttachments[{nth}]");
        new.documents.push(NewDocument { path, ..first.clone() });
    }
    let posted = boxes.post(new, &name).await.expect("nothing speaks against it");
    boxes.state(&boxes.a, MessageId::from_uuid(event_id(&posted).uuid())).await
}

#[tokio::test]
async fn a_state_weighs_at_least_its_texts_and_an_ordinary_one_not_much_more_than_is_planned_for_it() {
    let boxes = Boxes::new().await;
    let ordinary = state_of(&boxes, 1, 20).await.weight_bytes();
    assert!((500..6 * 1024).contains(&ordinary), "{ordinary}");
    for (documents, length) in [(1, 1000), (40, 20), (40, 1000)] {
        let weight = state_of(&boxes, documents, length).await.weight_bytes();
        let (least, most) = (documents * length, documents * (length + 6 * 1024));
        assert!((least..most).contains(&weight), "{weight} between {least} and {most}");
    }
}

#[tokio::test]
async fn a_memo_of_so_many_states_holds_as_many_ordinary_ones_and_fewer_large_ones() {
    const STATES: usize = 100;
    let boxes = Boxes::new().await;
    let (ordinary, large) = (state_of(&boxes, 1, 20).await, state_of(&boxes, 40, 1000).await);
    let most = (STATES * 6 * 1024) as u64;
    let fitting = usize::try_from(most).unwrap() / large.weight_bytes();
    for (state, expected) in [(ordinary, STATES / 2..=usize::MAX), (large, 1..=fitting)] {
        let memo = StateCache::new(STATES);
        for nth in 0..2 * STATES {
            let mut another = state.clone();
            another.message_id = MessageId::from_uuid(uuid::Uuid::from_u128(nth as u128));
            memo.put(&Arc::new(another));
            assert!(memo.weight() <= most, "{} of {most}", memo.weight());
        }
        assert!(expected.contains(&memo.len()), "{} states, {expected:?}", memo.len());
    }
    assert!(fitting < STATES / 4, "{fitting} large ones");
}
