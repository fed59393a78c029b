//! The stored form of forwardings. What is said in [`super`] of versions holds here too.

use minicbor::{Decode, Encode};
use potok_domain::Revision;
use potok_domain::forwarding as domain;
use potok_types::Ticks;

use super::v1::{DocumentRef, Id};
use super::{Nothing, Stored, StoredFormError, encode, read};

#[derive(Encode, Decode)]
struct StoredForwarding {
    #[n(0)]
    id: Id,
    #[n(1)]
    at: i64,
    #[n(2)]
    from: Id,
    #[n(3)]
    to: Id,
    #[n(4)]
    document: DocumentRef,
    #[n(5)]
    as_of: u32,
}

first_versions!(StoredForwarding);

/// The bytes under which a forwarding is kept.
pub fn encode_forwarding(forwarding: &domain::Forwarding) -> Vec<u8> {
    let domain::Forwarding { id, at, from, to, document, as_of } = *forwarding;
    encode(&StoredForwarding {
        id: id.into(),
        at: at.get(),
        from: from.into(),
        to: to.into(),
        document: document.into(),
        as_of: as_of.0,
    })
}

/// The forwarding that was kept as `bytes`.
///
/// # Errors
/// [`StoredFormError`]: the bytes are damaged, or a newer server wrote them.
pub fn decode_forwarding(bytes: &[u8]) -> Result<domain::Forwarding, StoredFormError> {
    let StoredForwarding { id, at, from, to, document, as_of } = read(bytes)?;
    Ok(domain::Forwarding {
        id: id.into(),
        at: Ticks::new(at),
        from: from.into(),
        to: to.into(),
        document: document.into(),
        as_of: Revision(as_of),
    })
}

#[cfg(test)]
mod tests {
    use potok_types::{BoxId, EntityId, EventId, MessageId};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn forwarding(ids: [u128; 5], at: i64, as_of: u32) -> domain::Forwarding {
        let [id, from, to, message, entity] = ids.map(Uuid::from_u128);
        domain::Forwarding {
            id: EventId::from_uuid(id),
            at: Ticks::new(at),
            from: BoxId::from_uuid(from),
            to: BoxId::from_uuid(to),
            document: potok_domain::DocumentRef {
                message_id: MessageId::from_uuid(message),
                entity_id: EntityId::from_uuid(entity),
            },
            as_of: Revision(as_of),
        }
    }

    proptest! {
        #[test]
        fn a_forwarding_is_read_as_it_was_written(ids in any::<[u128; 5]>(), at in any::<i64>(), as_of in any::<u32>()) {
            let forwarding = forwarding(ids, at, as_of);
            prop_assert_eq!(decode_forwarding(&encode_forwarding(&forwarding)).expect("just written"), forwarding);
        }

        #[test]
        fn bytes_that_are_no_forwarding_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..99)) {
            let mut with_version = vec![0, 1];
            with_version.extend_from_slice(&bytes);
            let _ = (decode_forwarding(&bytes), decode_forwarding(&with_version));
        }
    }

    /// As the first release wrote it: a journal is read for years.
    #[test]
    fn what_the_first_version_wrote_is_read() {
        let expected = forwarding([1, 2, 3, 4, 5], 638_899_802_371_782_567, 7);
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/forwardings/v1.bin");
        if std::env::var_os("POTOK_WRITE_SAMPLES").is_some() && !path.exists() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            std::fs::write(&path, encode_forwarding(&expected)).expect("writable");
        }
        let kept = std::fs::read(path).expect("the sample is there");
        assert_eq!(decode_forwarding(&kept).expect("readable"), expected);
    }
}
