//! Official documents that a person asks the server to write: receipts, refusals, requests to amend and to revoke.

use bytes::Bytes;
use potok_types::{EntityId, MessageId};

/// What a document is made for, and where the request says it.
#[derive(Clone, Debug)]
pub struct FileRequest {
    /// The message.
    pub message: MessageId,
    /// What is received, refused or asked about.
    pub attachment: EntityId,
    /// Where the request names it, for error texts.
    pub attachment_path: &'static str,
    /// What the request says in words: what to amend, why it is refused, why to revoke.
    pub text: String,
    /// Where it says it, for error texts.
    pub text_path: &'static str,
    /// In which version of the format.
    pub format: FileFormat,
}

/// Versions of the formats of service documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// `1.01`.
    V1_01,
    /// `1.02`.
    V1_02,
    /// `1.03`.
    V1_03,
}

/// What an offer to revoke a document says.
#[derive(Clone, Debug)]
pub struct RevocationRequest {
    /// Which document, and why.
    pub file: FileRequest,
    /// Who signs; the format can do without.
    pub signer: Option<GivenSigner>,
}

/// How a request says who signs.
#[derive(Clone, Debug)]
pub enum GivenSigner {
    /// By details or by a certificate, as the older generators take it.
    Details(SignerByDetails),
    /// By the contract `Signer`, as the newer ones do.
    Contract {
        /// Where it stands in the request, for error texts.
        path: &'static str,
        /// The XML.
        xml: Bytes,
    },
}

/// The structure `Signer` of the API: at least one of its fields is there.
#[derive(Clone, Debug)]
pub struct SignerByDetails {
    /// Where it stands in the request, for error texts.
    pub path: &'static str,
    /// The certificate.
    pub certificate: Option<Bytes>,
    /// SHA-1 of the certificate.
    pub thumbprint: Option<String>,
    /// The person; wins over the certificate.
    pub details: Option<SignerDetails>,
}

/// A person who signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerDetails {
    /// Family name.
    pub surname: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Position.
    pub job_title: Option<String>,
}

impl GivenSigner {
    /// Where it stands in the request.
    pub const fn path(&self) -> &'static str {
        match self {
            Self::Details(given) => given.path,
            Self::Contract { path, .. } => path,
        }
    }
}
