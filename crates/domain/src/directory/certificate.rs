//! Certificates of people, as they are shown.

use potok_types::Ticks;

use crate::SubjectKind;

/// A certificate of a person: by which it logs in, or of a key that the server holds for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCertificate {
    /// SHA-1, 40 hexadecimal digits.
    pub thumbprint: String,
    /// Its first moment.
    pub valid_from: Ticks,
    /// Its last second.
    pub valid_to: Ticks,
    /// The organization that it names.
    pub organization: Option<String>,
    /// The INN that it names.
    pub inn: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Patronymic.
    pub middle_name: Option<String>,
    /// Common name.
    pub short_name: Option<String>,
    /// Whose it is.
    pub kind: SubjectKind,
    /// The server holds the key; else its holder does.
    pub is_held_here: bool,
}
