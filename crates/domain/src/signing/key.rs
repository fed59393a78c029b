//! Keys that the server holds for people.

use potok_types::{Ticks, UserId};

/// SHA-1 of the certificate of a key: the name of both in the API, not a proof of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(pub [u8; 20]);

/// Where a key is: the server keeps this, and never the key or its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlace {
    /// A file, `command:…` or `pkcs11:…`.
    pub source: String,
    /// The file of its certificate and those above it, when they are not beside it.
    pub certificate: Option<String>,
    /// The file whose first line is the password.
    pub password: Option<String>,
}

/// A key that the server holds for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// The user.
    pub user: UserId,
    /// Its name.
    pub name: KeyName,
    /// The certificate in DER, as it was when the key was added.
    pub certificate: Vec<u8>,
    /// The digest that it signs, by its name: `Streebog-256`.
    pub digest: String,
    /// Where it is.
    pub place: KeyPlace,
    /// Nobody watches it: it signs what its user asks for at once.
    pub is_unattended: bool,
    /// When it was added.
    pub added_at: Ticks,
}
