//! Tags (`CustomData`) of documents.

/// One tag (`CustomData`) of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// At most 60 letters, digits, `-` and `_`; case does not matter.
    pub key: String,
    /// At most 200 characters.
    pub value: String,
}

/// A change of one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagChange {
    /// It has this value from now on.
    Set(Tag),
    /// It is gone.
    Remove {
        /// Its key; case does not matter.
        key: String,
    },
}

impl TagChange {
    /// Which tag.
    pub fn key(&self) -> &str {
        match self {
            Self::Set(tag) => &tag.key,
            Self::Remove { key } => key,
        }
    }
}
