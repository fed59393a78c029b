//! Powers of attorney as callers name them or bring them along.

use potok_types::ContentRef;

use crate::powers::{AttachedPower, PowerName, Validation};

/// The file of a power of attorney with the signature of who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPower<S> {
    /// The place in the request.
    pub path: String,
    /// The file.
    pub content: S,
    /// The detached signature over it.
    pub signature: S,
}

/// A power of attorney that is to be in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PowerToRegister<S> {
    /// It is there already, under this name.
    Named(PowerName),
    /// Here it is.
    File(SignedPower<S>),
}

/// The certificate of whoever is going to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateNamed<S> {
    /// One that the caller logs in by, with this SHA-1.
    Thumbprint(String),
    /// This one.
    Content(S),
}

/// A power of attorney that is to come with a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PowerToAttach<S> {
    /// One of the register.
    Named {
        /// The place in the request.
        path: String,
        /// How it is named.
        name: PowerName,
        /// Its file comes along.
        as_file: bool,
    },
    /// The one that whoever posts has at hand for that.
    Default {
        /// The place in the request.
        path: String,
        /// Its file comes along.
        as_file: bool,
    },
    /// The one that the signed file names.
    InDocument {
        /// The place in the request.
        path: String,
    },
    /// These files: the power, and those from which it was handed on.
    Files {
        /// The place in the request.
        path: String,
        /// In any order; at least one.
        files: Vec<SignedPower<S>>,
    },
    /// It was found, and its bytes are kept.
    Found(Box<FoundPower>),
}

/// A power of attorney that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPower {
    /// What hangs under the signature.
    pub attached: AttachedPower,
    /// Its file, if that comes along.
    pub file: Option<ContentRef>,
    /// What its check came to, where nobody checks it later: inside one organization.
    pub validation: Option<Validation>,
}

impl<S> PowerToAttach<S> {
    /// The power, once it was found.
    pub const fn found(&self) -> Option<&FoundPower> {
        match self {
            Self::Found(found) => Some(found),
            Self::Named { .. } | Self::Default { .. } | Self::InDocument { .. } | Self::Files { .. } => None,
        }
    }

    /// The bytes that the request gives for it.
    pub(super) fn sources(&self) -> impl Iterator<Item = &S> {
        let files = match self {
            Self::Files { files, .. } => &files[..],
            Self::Named { .. } | Self::Default { .. } | Self::InDocument { .. } | Self::Found(_) => &[],
        };
        files.iter().flat_map(|file| [&file.content, &file.signature])
    }
}
