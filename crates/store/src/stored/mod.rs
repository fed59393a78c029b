//! The forms in which events are kept, with their versions.
//!
//! A journal is read for years, so what lies in it has structs of its own: never the domain's by derive, never the
//! protobuf of the API. A stored event is two bytes with its version, big-endian, then CBOR with numbered fields.
//!
//! How a form may change:
//! * a new optional field takes the next number and a new choice the next variant: the version stays, old events read
//!   as before. An older server that meets the new choice refuses the event ([`StoredFormError::UnknownKind`])
//!   instead of guessing, because half an event would be served as if it were whole;
//! * anything else makes a new version: a new struct, `type Previous` naming the old one, and `upgrade`.
//!
//! A number is never used twice. `testdata/journal/v*/` keeps samples of every version ever written, and a test reads
//! them all.

/// Forms that have no version before.
macro_rules! first_versions {
    ($($name:ident),*) => {$(
        impl Stored for $name {
            const VERSION: u16 = 1;
            type Previous = Nothing<Self>;

            fn upgrade(old: Self::Previous) -> Self {
                match old.0 {}
            }
        }
    )*};
}

mod directory;
mod erasure;
mod forwarding;
mod map;
mod power;
mod relation;
mod signing;
#[cfg(test)]
mod tests;
mod v1;

use std::convert::Infallible;
use std::marker::PhantomData;

use potok_domain::Event;

pub use directory::{decode_address, decode_directory_event, encode_address, encode_directory_event};
pub use erasure::{decode_erasure_event, encode_erasure_event};
pub use forwarding::{decode_forwarding, encode_forwarding};
pub use power::{decode_register_event, encode_register_event};
pub use relation::{decode_group_event, decode_relation_event, encode_group_event, encode_relation_event};
pub use signing::{decode_signing, encode_signing};

/// The bytes of a stored event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StoredFormError {
    /// There are not even the two bytes of a version.
    #[error("the stored event has no version: it is {len} bytes long")]
    NoVersion {
        /// How long it is.
        len: usize,
    },
    /// A newer server wrote it.
    #[error(
        "the stored event has version {version}, and this program reads versions up to {newest}: update it"
    )]
    UnknownVersion {
        /// Its version.
        version: u16,
        /// The newest that can be read.
        newest: u16,
    },
    /// A newer server wrote something that this one has no notion of.
    #[error("the stored event holds {what}, which this program does not know: update it")]
    UnknownKind {
        /// What it is and its number.
        what: String,
    },
    /// It is damaged.
    #[error("the stored event is damaged")]
    Damaged(#[source] minicbor::decode::Error),
}

/// One version of a stored form, and the way from the version before it.
trait Stored: Sized + for<'b> minicbor::Decode<'b, ()> {
    /// The number in front of the bytes.
    const VERSION: u16;
    /// The version before.
    type Previous: ReadVersion;
    /// Brings what was read in the old version up to this one.
    fn upgrade(old: Self::Previous) -> Self;
}

/// What can be read from a body if the version in front of it is known.
trait ReadVersion: Sized {
    fn read(version: u16, body: &[u8]) -> Result<Self, StoredFormError>;
}

impl<S: Stored> ReadVersion for S {
    fn read(version: u16, body: &[u8]) -> Result<Self, StoredFormError> {
        if version != S::VERSION {
            return S::Previous::read(version, body).map(S::upgrade);
        }
        let mut decoder = minicbor::Decoder::new(body);
        let read = decoder.decode().map_err(|error| {
            if error.is_unknown_variant() {
                StoredFormError::UnknownKind { what: error.to_string() }
            } else {
                StoredFormError::Damaged(error)
            }
        })?;
        if decoder.position() != body.len() {
            return Err(StoredFormError::Damaged(minicbor::decode::Error::message("bytes are left over")));
        }
        Ok(read)
    }
}

/// There is no version before the first one of the form whose newest is `S`.
struct Nothing<S>(Infallible, PhantomData<S>);

impl<S: Stored> ReadVersion for Nothing<S> {
    fn read(version: u16, _: &[u8]) -> Result<Self, StoredFormError> {
        Err(StoredFormError::UnknownVersion { version, newest: S::VERSION })
    }
}

/// The version that is written now.
type Newest = v1::StoredEvent;

/// The bytes under which `event` is kept.
pub fn encode_event(event: &Event) -> Vec<u8> {
    encode(&map::to_stored(event))
}

fn encode<S: Stored + minicbor::Encode<()>>(stored: &S) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    bytes.extend_from_slice(&S::VERSION.to_be_bytes());
    minicbor::encode(stored, &mut bytes).expect("writing to a vector cannot fail");
    bytes
}

/// What was kept as `bytes`.
fn read<S: Stored>(bytes: &[u8]) -> Result<S, StoredFormError> {
    let (version, body) =
        bytes.split_first_chunk::<2>().ok_or(StoredFormError::NoVersion { len: bytes.len() })?;
    S::read(u16::from_be_bytes(*version), body)
}

/// The event that was kept as `bytes`, in whatever version it was written.
///
/// # Errors
/// [`StoredFormError`]: the bytes are damaged, or a newer server wrote them. Nothing is skipped silently.
pub fn decode_event(bytes: &[u8]) -> Result<Event, StoredFormError> {
    let (version, body) =
        bytes.split_first_chunk::<2>().ok_or(StoredFormError::NoVersion { len: bytes.len() })?;
    map::from_stored(Newest::read(u16::from_be_bytes(*version), body)?)
}
