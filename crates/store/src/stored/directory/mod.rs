//! The stored forms of the directory: its events, and addresses, which also stand in rows.

mod map;
#[cfg(test)]
mod tests;
mod v1;

use potok_domain::directory::{Address, DirectoryEvent};

use super::{ReadVersion, Stored, StoredFormError};
use map::Mirror as _;

fn encode<S: Stored + minicbor::Encode<()>>(stored: &S) -> Vec<u8> {
    let mut bytes = S::VERSION.to_be_bytes().to_vec();
    minicbor::encode(stored, &mut bytes).expect("writing to a vector cannot fail");
    bytes
}

fn decode<S: Stored>(bytes: &[u8]) -> Result<S, StoredFormError> {
    let (version, body) =
        bytes.split_first_chunk::<2>().ok_or(StoredFormError::NoVersion { len: bytes.len() })?;
    S::read(u16::from_be_bytes(*version), body)
}

/// The bytes under which `event` is kept.
pub fn encode_directory_event(event: &DirectoryEvent) -> Vec<u8> {
    let stored: v1::StoredDirectoryEvent = event.clone().mirror();
    encode(&stored)
}

/// The event that was kept as `bytes`, in whatever version it was written.
///
/// # Errors
/// [`StoredFormError`]: the bytes are damaged, or a newer server wrote them.
pub fn decode_directory_event(bytes: &[u8]) -> Result<DirectoryEvent, StoredFormError> {
    map::event(decode::<v1::StoredDirectoryEvent>(bytes)?)
}

/// The bytes under which `address` is kept in a row.
pub fn encode_address(address: &Address) -> Vec<u8> {
    let stored: v1::Address = address.clone().mirror();
    encode(&stored)
}

/// The address that was kept as `bytes`.
///
/// # Errors
/// [`StoredFormError`].
pub fn decode_address(bytes: &[u8]) -> Result<Address, StoredFormError> {
    Ok(decode::<v1::Address>(bytes)?.mirror())
}
