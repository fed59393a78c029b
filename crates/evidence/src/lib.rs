//! Packages of evidence: everything that proves what became of a document, for people who have no access to the server.
//!
//! A package is an archive of the files of an exchange, their signatures, the certificates and revocation lists by which these are
//! judged, and a manifest that names each file by its digests and says who signed what and when. The operator signs the manifest.
//!
//! * [`Draft`]: a package while it is made.
//! * [`Manifest`]: what it says about itself.
//! * [`verify()`]: what it proves, and what it does not, in words.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no randomness.

mod draft;
mod manifest;
mod powers;
mod time;
mod verify;
mod words;

pub use draft::{Draft, Sealing};
pub use manifest::{
    DocumentNote, FileKind, FileNote, Manifest, OperatorNote, PartyNote, PowerNote, RegisterNote,
    SignatureNote, Verdict,
};
pub use potok_zip::{Limits, Time, TooLarge};
pub use time::{parse as parse_rfc3339, rfc3339};
pub use verify::{Findings, Outcome, verify};
pub use words::{Finding, Weight};

/// The name of the manifest in the archive.
pub const MANIFEST: &str = "manifest.json";
/// The name of the operator's signature over it.
pub const MANIFEST_SIGNATURE: &str = "manifest.json.p7s";

/// What a package may be at most: a message of the largest documents with some thousand signatures. Beyond it nothing is read.
pub const LIMITS: Limits = Limits { bytes: 1 << 30, files: 20_000, unpacked: 1 << 30 };
/// Bytes of a manifest that is read.
pub const MANIFEST_BYTES: usize = 32 << 20;
