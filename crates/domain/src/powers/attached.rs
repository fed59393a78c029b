//! A power of attorney as it hangs under a signature.

use potok_types::ContentRef;

use super::{PowerName, SignedFile};

/// How a power came with a signature; numbers of the API (`PowerOfAttorneySendingType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Sending {
    /// By its name: whoever reads it looks it up in the register.
    Metadata = 1,
    /// As a file.
    File = 2,
    /// By its number, which the signed file names.
    DocumentContent = 3,
}

/// A power of attorney under a signature. The file is the content of its entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedPower {
    /// How it is named.
    pub name: PowerName,
    /// How it came.
    pub sending: Sending,
    /// The signature over the file of one that came as a file.
    pub signature: Option<ContentRef>,
    /// Files of those from which it was handed on, the nearest first, as far as they came along.
    pub ancestors: Vec<SignedFile>,
}

impl AttachedPower {
    /// The bytes that it names.
    pub fn contents(&self) -> impl Iterator<Item = ContentRef> + '_ {
        let ancestors = self.ancestors.iter().flat_map(|it| [it.file, it.signature]);
        self.signature.into_iter().chain(ancestors)
    }
}
