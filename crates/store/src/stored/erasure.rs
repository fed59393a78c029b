//! The stored form of acts of erasing. What is said in [`super`] of versions holds here too.

use minicbor::{Decode, Encode};
use potok_domain::erasure as domain;
use potok_types::{ContentHash, IndexKey, Ticks};

use super::v1::{Digest, Id};
use super::{Nothing, Stored, StoredFormError, encode, read};

#[derive(Encode, Decode)]
struct StoredErasureEvent {
    #[n(0)]
    id: Id,
    #[n(1)]
    at: i64,
    #[n(2)]
    change: Change,
}

first_versions!(StoredErasureEvent);

#[derive(Encode, Decode)]
enum Change {
    #[n(0)]
    Begun {
        #[n(0)]
        before: i64,
        #[n(1)]
        with_unfinished: bool,
        #[n(2)]
        by: String,
        #[n(3)]
        reason: String,
    },
    #[n(1)]
    Erased(#[n(0)] Vec<Message>),
    #[n(2)]
    Ended {
        #[n(0)]
        contents: u64,
    },
}

#[derive(Encode, Decode)]
struct Message {
    #[n(0)]
    message_id: Id,
    #[n(1)]
    events: u32,
    #[n(2)]
    last: i64,
    #[n(3)]
    digest: Digest,
}

impl From<&domain::ErasedMessage> for Message {
    fn from(it: &domain::ErasedMessage) -> Self {
        let digest = Digest::from(it.digest);
        Self { message_id: it.message_id.into(), events: it.events, last: it.last.get(), digest }
    }
}

impl From<Message> for domain::ErasedMessage {
    fn from(it: Message) -> Self {
        let last = IndexKey::new(it.last);
        Self {
            message_id: it.message_id.into(),
            events: it.events,
            last,
            digest: ContentHash::from(it.digest),
        }
    }
}

/// The bytes under which an event of an act is kept.
pub fn encode_erasure_event(event: &domain::ErasureEvent) -> Vec<u8> {
    let change = match &event.change {
        domain::ErasureChange::Begun(order) => Change::Begun {
            before: order.before.get(),
            with_unfinished: order.with_unfinished,
            by: order.by.clone(),
            reason: order.reason.clone(),
        },
        domain::ErasureChange::Erased(messages) => {
            Change::Erased(messages.iter().map(Message::from).collect())
        }
        domain::ErasureChange::Ended { contents } => Change::Ended { contents: *contents },
    };
    encode(&StoredErasureEvent { id: event.id.into(), at: event.at.get(), change })
}

/// The event of an act that was kept as `bytes`.
///
/// # Errors
/// [`StoredFormError`]: the bytes are damaged, or a newer server wrote them.
pub fn decode_erasure_event(bytes: &[u8]) -> Result<domain::ErasureEvent, StoredFormError> {
    let StoredErasureEvent { id, at, change } = read(bytes)?;
    let change = match change {
        Change::Begun { before, with_unfinished, by, reason } => {
            let before = Ticks::new(before);
            domain::ErasureChange::Begun(domain::ErasureOrder { before, with_unfinished, by, reason })
        }
        Change::Erased(messages) => {
            domain::ErasureChange::Erased(messages.into_iter().map(domain::ErasedMessage::from).collect())
        }
        Change::Ended { contents } => domain::ErasureChange::Ended { contents },
    };
    Ok(domain::ErasureEvent { id: id.into(), at: Ticks::new(at), change })
}

#[cfg(test)]
mod tests {
    use potok_types::{EventId, MessageId};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// One of each kind.
    fn events(n: u128, at: i64, count: u32, text: &str) -> [domain::ErasureEvent; 3] {
        let order = domain::ErasureOrder {
            before: Ticks::new(at),
            with_unfinished: count % 2 == 1,
            by: text.to_owned(),
            reason: format!("{text}, {text}"),
        };
        let message = |n: u128| domain::ErasedMessage {
            message_id: MessageId::from_uuid(Uuid::from_u128(n)),
            events: count,
            last: IndexKey::new(at),
            digest: ContentHash::of(&n.to_be_bytes()),
        };
        let changes = [
            domain::ErasureChange::Begun(order),
            domain::ErasureChange::Erased(vec![message(n), message(n / 2)]),
            domain::ErasureChange::Ended { contents: count.into() },
        ];
        let id = EventId::from_uuid(Uuid::from_u128(n));
        changes.map(|change| domain::ErasureEvent { id, at: Ticks::new(at), change })
    }

    proptest! {
        #[test]
        fn an_act_is_read_as_it_was_written(n in any::<u128>(), at in any::<i64>(), count in any::<u32>(), text in ".{0,9}") {
            for event in events(n, at, count, &text) {
                prop_assert_eq!(decode_erasure_event(&encode_erasure_event(&event)).expect("just written"), event);
            }
        }

        #[test]
        fn bytes_that_are_no_act_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..99)) {
            let mut with_version = vec![0, 1];
            with_version.extend_from_slice(&bytes);
            let _ = (decode_erasure_event(&bytes), decode_erasure_event(&with_version));
        }
    }

    /// As the first release wrote it: a journal is read for years.
    #[test]
    fn what_the_first_version_wrote_is_read() {
        for (nth, expected) in events(1, 638_899_802_371_782_567, 7, "Архив").into_iter().enumerate() {
            let name = format!("testdata/erasures/v1-{nth}.bin");
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
            if std::env::var_os("POTOK_WRITE_SAMPLES").is_some() && !path.exists() {
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
                std::fs::write(&path, encode_erasure_event(&expected)).expect("writable");
            }
            let kept = std::fs::read(path).expect("the sample is there");
            assert_eq!(decode_erasure_event(&kept).expect("readable"), expected);
        }
    }
}
