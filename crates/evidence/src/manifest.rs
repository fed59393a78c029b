//! What a package says about itself: `manifest.json`.

use serde::{Deserialize, Serialize};

use crate::MANIFEST_BYTES;

/// The whole manifest. Times are those of RFC 3339 in UTC, ids and names those of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// [`Manifest::FORMAT`].
    pub format: String,
    /// [`Manifest::VERSION`].
    pub version: u32,
    /// When the package was made.
    pub made_at: String,
    /// The program that made it.
    pub program: String,
    /// Whose signature is over this manifest, and over the confirmations.
    pub operator: OperatorNote,
    /// The box out of which the package was made.
    pub box_id: String,
    /// The message.
    pub message_id: String,
    /// Who took part.
    pub parties: Vec<PartyNote>,
    /// The documents, each with what became of it.
    pub documents: Vec<DocumentNote>,
    /// Every file of the archive but the manifest and the signature over it.
    pub files: Vec<FileNote>,
    /// Who signed what and when.
    pub signatures: Vec<SignatureNote>,
    /// Powers of attorney that came with signatures.
    pub powers_of_attorney: Vec<PowerNote>,
}

/// The operator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperatorNote {
    /// Name.
    pub name: String,
    /// INN.
    pub inn: String,
    /// Code of the operator.
    pub code: String,
}

/// Somebody who took part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartyNote {
    /// `Sender`, `Recipient`, `Proxy`, or `Internal` for both at once.
    pub role: String,
    /// Box.
    pub box_id: String,
    /// Name.
    pub name: String,
    /// INN.
    pub inn: String,
    /// KPP; empty for who has none.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub kpp: String,
}

/// A document with what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentNote {
    /// Entity.
    pub id: String,
    /// Type, number and date, for people.
    pub title: String,
    /// `TypeNamedId`.
    pub type_named_id: String,
    /// `Function`.
    pub function: String,
    /// `Version`.
    pub version: String,
    /// When the sender signed it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent_at: Option<String>,
    /// When it reached the recipient.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub delivered_at: Option<String>,
    /// What became of it, for people, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub standings: Vec<String>,
}

/// What a file of the archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// A document as its sender posted it.
    Document,
    /// A title after the first one.
    Title,
    /// A confirmation of the operator.
    Confirmation,
    /// A receipt, a request, a refusal, a revocation, a universal message.
    Service,
    /// A signature over another file.
    Signature,
    /// The protocol of the exchange of a document.
    Protocol,
    /// A certificate of a signer or of an authority above it.
    Certificate,
    /// A revocation list.
    RevocationList,
    /// A power of attorney.
    PowerOfAttorney,
}

/// A file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileNote {
    /// Its name there.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// GOST R 34.11-2012 with 256 bits, hexadecimal.
    pub streebog256: String,
    /// The entity of the message that it is; empty for what is none.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub entity_id: String,
    /// What it is, for people.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub title: String,
    /// When it came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<String>,
}

/// What the operator found about a signature when it passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It was good.
    Valid,
    /// It was not.
    Invalid,
    /// Nobody has looked.
    Unchecked,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignatureNote {
    /// The file of the signature.
    pub file: String,
    /// The file that it signs.
    pub of: String,
    /// The box in whose name it is; empty for the operator's.
    pub box_id: String,
    /// Whose it is, for people.
    pub organization: String,
    /// When it came in: the certificate counts as of then.
    pub at: String,
    /// What the operator found.
    pub verdict: Verdict,
    /// Certificates of its chain, as files of the archive, the signer's first; empty where none is known.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub chain: Vec<String>,
}

/// A power of attorney that came with a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PowerNote {
    /// The signature that it came with, as a file of the archive.
    pub of: String,
    /// Registration number.
    pub number: String,
    /// INN of who gave it.
    pub issuer_inn: String,
    /// The signer has his power by way of this one, which was handed on.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub is_ancestor: bool,
    /// Its file, from the register of the operator where it did not come along; empty for one that nobody has.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub file: String,
    /// The signature over its file.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub signature: String,
    /// What the register of the operator said of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub register: Option<RegisterNote>,
}

/// What a register said of a power of attorney when the package was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterNote {
    /// When it was asked.
    pub asked_at: String,
    /// `created`, `active`, `expired` or `revoked`, as the API calls it; [`RegisterNote::UNKNOWN`] for one that it does not have.
    pub standing: String,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub revoked_at: Option<String>,
    /// Why it was revoked.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub reason: String,
}

impl RegisterNote {
    /// What [`RegisterNote::standing`] says of a power that the register does not have.
    pub const UNKNOWN: &str = "unknown";
}

impl Manifest {
    /// What [`Manifest::format`] says.
    pub const FORMAT: &str = "potok-evidence";
    /// The version that is written and read.
    pub const VERSION: u32 = 1;

    /// The bytes that the operator signs.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Nothing in it can fail to be written: there are no maps, and no numbers but whole ones.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Reads a manifest; `None` for anything else.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MANIFEST_BYTES {
            return None;
        }
        let manifest: Self = serde_json::from_slice(bytes).ok()?;
        (manifest.format == Self::FORMAT && manifest.version == Self::VERSION).then_some(manifest)
    }
}
