//! Official documents that a person asks the server to write: receipts, refusals, requests to amend and to revoke.

use std::fmt;

use bytes::Bytes;
use potok_types::{BoxId, EntityId, MessageId, TaskId};

use crate::command::Source;

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

/// The name of bytes that were made of a document for its signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreparedId {
    /// The box.
    pub box_id: BoxId,
    /// The message; zero for bytes that no message has yet.
    pub message: MessageId,
    /// The document; zero as the message is.
    pub document: EntityId,
    /// Which of those of the document.
    pub number: TaskId,
}

impl PreparedId {
    const START: &str = "patched-content";

    /// The name as it was given; `None` for what is none.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let [start, box_id, message, document, number] = parts[..] else { return None };
        (start == Self::START).then_some(())?;
        Some(Self {
            box_id: box_id.parse().ok()?,
            message: message.parse().ok()?,
            document: document.parse().ok()?,
            number: number.parse().ok()?,
        })
    }

    /// It is of this document.
    pub fn is_of(&self, box_id: BoxId, message: MessageId, document: EntityId) -> bool {
        (self.box_id, self.message, self.document) == (box_id, message, document)
    }
}

impl fmt::Display for PreparedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { box_id, message, document, number } = self;
        write!(f, "{}/{}/{message}/{document}/{number}", Self::START, box_id.guid())
    }
}

/// `PrepareDocumentsToSign`: titles that are to be made anew for whoever is going to sign them.
#[derive(Clone, Debug)]
pub struct PrepareToSign {
    /// Documents of the box, in the order of the request: those of drafts, then those of letters that were not sent.
    pub documents: Vec<DocumentToPrepare>,
    /// Titles that no message has yet.
    pub contents: Vec<ContentToPrepare>,
}

/// A document of the box.
#[derive(Clone, Debug)]
pub struct DocumentToPrepare {
    /// Where it stands in the request.
    pub path: String,
    /// It lies in a draft; else in a letter.
    pub is_of_draft: bool,
    /// The message.
    pub message: MessageId,
    /// The document.
    pub document: EntityId,
    /// To whom it will go, if the draft does not say or says something else.
    pub to: Option<BoxId>,
    /// Who signs.
    pub signer: SignerToPut,
}

/// A title that no message has yet.
#[derive(Clone, Debug)]
pub struct ContentToPrepare {
    /// Where it stands in the request.
    pub path: String,
    /// The type.
    pub type_named_id: String,
    /// The function.
    pub function: String,
    /// The version.
    pub version: String,
    /// Its bytes.
    pub content: Source,
    /// To whom it will go, if that is known.
    pub to: Option<BoxId>,
    /// Who signs.
    pub signer: SignerToPut,
}

/// Who signs, in every way in which the request says it: which of them counts depends on the format.
#[derive(Clone, Debug, Default)]
pub struct SignerToPut {
    /// By the structure `ExtendedSigner`.
    pub extended: Vec<ExtendedSignerToPut>,
    /// By an XML with the root `Signers`, or `Signer`.
    pub content: Option<Bytes>,
}

/// The structure `ExtendedSigner` of the API.
#[derive(Clone, Debug, Default)]
pub struct ExtendedSignerToPut {
    /// The box whose employee it is, as written.
    pub box_id: Option<String>,
    /// The certificate.
    pub certificate: Option<Bytes>,
    /// SHA-1 of the certificate.
    pub thumbprint: Option<String>,
    /// The person, as attributes of `SignerDetails` in contracts; wins over the certificate.
    pub details: Option<Vec<(&'static str, String)>>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_name_says_of_what_it_is() {
        let (box_id, message) =
            (BoxId::from_uuid(Uuid::from_u128(1)), MessageId::from_uuid(Uuid::from_u128(2)));
        let document = EntityId::from_uuid(Uuid::from_u128(3));
        let id = PreparedId { box_id, message, document, number: TaskId::from_uuid(Uuid::from_u128(4)) };
        let text = id.to_string();
        assert!(text.starts_with("patched-content/00000000-0000-0000-0000-000000000001/"), "{text}");
        assert_eq!(PreparedId::parse(&text), Some(id));
        assert!(id.is_of(box_id, message, document) && !id.is_of(box_id, message, EntityId::ZERO));
        for other in
            ["", "patched-content", "p", &text.replace("patched", "other"), &format!("{text}/1"), &text[..70]]
        {
            assert_eq!(PreparedId::parse(other), None, "{other}");
        }
    }
}
