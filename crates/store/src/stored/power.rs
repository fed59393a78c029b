//! The stored form of events of the register of powers of attorney. What is said in [`super`] of versions holds here too.

use minicbor::{Decode, Encode};
use potok_domain::powers as domain;
use potok_types::Ticks;

use super::v1::{Content, Id};
use super::{Nothing, Stored, StoredFormError, encode, read};

#[derive(Encode, Decode)]
struct StoredRegister {
    #[n(0)]
    id: Id,
    #[n(1)]
    at: i64,
    #[n(2)]
    by: Option<Id>,
    #[n(3)]
    change: Change,
}

#[derive(Encode, Decode)]
enum Change {
    #[n(0)]
    Registered(#[n(0)] Content, #[n(1)] Content),
    #[n(1)]
    Revoked(#[n(0)] String),
}

first_versions!(StoredRegister);

/// The bytes under which an event of the register is kept.
pub fn encode_register_event(event: &domain::RegisterEvent) -> Vec<u8> {
    let domain::RegisterEvent { id, at, by, change } = event.clone();
    encode(&StoredRegister {
        id: id.into(),
        at: at.get(),
        by: by.map(Into::into),
        change: match change {
            domain::RegisterChange::Registered(domain::SignedFile { file, signature }) => {
                Change::Registered(file.into(), signature.into())
            }
            domain::RegisterChange::Revoked { reason } => Change::Revoked(reason),
        },
    })
}

/// The event of the register that was kept as `bytes`.
///
/// # Errors
/// [`StoredFormError`]: the bytes are damaged, or a newer server wrote them.
pub fn decode_register_event(bytes: &[u8]) -> Result<domain::RegisterEvent, StoredFormError> {
    let StoredRegister { id, at, by, change } = read(bytes)?;
    Ok(domain::RegisterEvent {
        id: id.into(),
        at: Ticks::new(at),
        by: by.map(Into::into),
        change: match change {
            Change::Registered(file, signature) => domain::RegisterChange::Registered(domain::SignedFile {
                file: file.into(),
                signature: signature.into(),
            }),
            Change::Revoked(reason) => domain::RegisterChange::Revoked { reason },
        },
    })
}

#[cfg(test)]
mod tests {
    use potok_types::{EventId, UserId};
    use uuid::Uuid;

    use super::*;

    fn events() -> [domain::RegisterEvent; 2] {
        let file = potok_types::ContentRef::of(b"file");
        let signature = potok_types::ContentRef::of(b"signature");
        let event = |number, by: Option<u128>, change| domain::RegisterEvent {
            id: EventId::from_uuid(Uuid::from_u128(number)),
            at: Ticks::new(638_899_802_371_782_567),
            by: by.map(|by| UserId::from_uuid(Uuid::from_u128(by))),
            change,
        };
        [
            event(1, Some(7), domain::RegisterChange::Registered(domain::SignedFile { file, signature })),
            event(2, None, domain::RegisterChange::Revoked { reason: "уволен".to_owned() }),
        ]
    }

    /// As the first release wrote them, one in each line: a journal is read for ever. `POTOK_WRITE_SAMPLES=1` writes the file if
    /// it is missing.
    #[test]
    fn what_is_kept_is_read_as_it_was_and_so_is_what_the_first_version_wrote() {
        let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/powers/v1.txt");
        let lines = events().map(|event| hex(encode_register_event(&event)) + "\n").concat();
        if std::env::var_os("POTOK_WRITE_SAMPLES").is_some() && !path.exists() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            std::fs::write(&path, &lines).expect("writable");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("the samples are there"), lines);
        for event in events() {
            let bytes = encode_register_event(&event);
            assert_eq!(decode_register_event(&bytes).expect("just written"), event);
            for length in 0..bytes.len() {
                decode_register_event(&bytes[..length]).expect_err("it was cut off");
            }
        }
    }
}
