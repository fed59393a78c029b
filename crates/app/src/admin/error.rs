//! Why an administrator's wish was not done.

use potok_seams::UnusableUserKey;
use potok_types::BoxId;

use crate::access::AccessError;
use crate::core::{CoreError, lift_core_errors};
use crate::powers::PowersError;
use crate::signing::SigningError;

/// Why an administrator's wish was not done. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// There is no such box.
    #[error("there is no box {0}: see `potok admin organization list`")]
    NoBox(BoxId),
    /// Nobody has this login.
    #[error("there is no user with login {0:?}: see `potok admin user list`")]
    NoUser(String),
    /// There is no such API client.
    #[error("there is no API client {0:?}: see `potok admin client list`")]
    NoClient(String),
    /// The API client of a token is unknown or blocked.
    #[error(transparent)]
    Client(AccessError),
    /// A key of a user cannot be used.
    #[error(transparent)]
    Key(#[from] UnusableUserKey),
    /// The word of the holder of a key changes nothing.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The register of powers of attorney stays as it is.
    #[error(transparent)]
    Powers(#[from] PowersError),
    /// What can go wrong anywhere.
    #[error(transparent)]
    Core(#[from] CoreError),
}

lift_core_errors!(AdminError);
