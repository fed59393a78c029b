//! CMS SignedData: the electronic signature as a file.

mod problem;
mod signer;
#[cfg(test)]
mod tests;
mod timestamp;
mod verify;

pub use problem::{Language, Problem};
pub use signer::{Signer, SignerId};
pub use timestamp::{Timestamp, TimestampError};
pub use verify::{SignerVerification, TimestampVerification, Verification, verify};

use der::asn1::ObjectIdentifier;

use crate::asn1::{self, Item};
use crate::certificate::Certificate;
use crate::encoding::{self, EncodingError, Limits};
use crate::oid;

/// Digest algorithms that a signature names in advance.
const MAX_DIGEST_ALGORITHMS: usize = 16;
/// Certificates in a bag of them.
const MAX_BAG_CERTIFICATES: usize = 1024;

/// Why bytes are not a signature that could be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedDataError {
    /// Not DER in any wrapping.
    #[error("the signature cannot be read: {0}")]
    Encoding(#[from] EncodingError),
    /// DER of something else; CMS would name its content type.
    #[error("this is not an electronic signature (CMS SignedData)")]
    NotCms,
    /// CMS with another content, such as encrypted data.
    #[error("this is CMS of the type {0}, a signature (SignedData) is needed")]
    OtherContentType(ObjectIdentifier),
    /// The signed document stands inside the signature.
    #[error("the signature is attached: it contains the signed document; a detached signature is needed")]
    Attached,
    /// Nobody signed: a bag of certificates.
    #[error("the signature has no signer")]
    NoSigner,
    /// More signers or certificates than are read.
    #[error("the signature has too many {0}")]
    TooMany(&'static str),
    /// A part that cannot be read.
    #[error("the signature is broken: {0} cannot be read")]
    Broken(&'static str),
}

impl SignedDataError {
    /// The same in Russian.
    pub fn text_ru(&self) -> String {
        match self {
            Self::Encoding(EncodingError::Empty) => "Подпись пустая".to_owned(),
            Self::Encoding(EncodingError::TooLarge { actual, limit }) => {
                format!("Подпись слишком велика: {actual} байт, допускается не более {limit}")
            }
            Self::Encoding(error) => format!("Подпись не читается: {}", error.text_ru()),
            Self::NotCms => "Это не электронная подпись (CMS SignedData)".to_owned(),
            Self::OtherContentType(kind) => {
                format!("Это CMS с содержимым типа {kind}, а нужна подпись (SignedData)")
            }
            Self::Attached => {
                "Подпись присоединённая: документ находится внутри неё; нужна отсоединённая подпись"
                    .to_owned()
            }
            Self::NoSigner => "В подписи нет ни одного подписанта".to_owned(),
            Self::TooMany(_) => "В подписи слишком много подписантов или сертификатов".to_owned(),
            Self::Broken(_) => "Структура подписи повреждена".to_owned(),
        }
    }
}

/// A detached signature: what was signed stands elsewhere.
#[derive(Clone, Debug)]
pub struct SignedData {
    der: Vec<u8>,
    /// What came, out of its PEM or base64; `None` when that is the DER.
    sent: Option<Vec<u8>>,
    content_type: ObjectIdentifier,
    certificates: Vec<Certificate>,
    /// Certificates that came along and cannot be read.
    unreadable_certificates: usize,
    /// What stands among the certificates and is none of X.509.
    other_certificates: usize,
    signers: Vec<Signer>,
}

impl SignedData {
    /// Reads DER, BER, PEM or base64 within the usual limits.
    ///
    /// # Errors
    /// [`SignedDataError`]; an attached signature is one.
    pub fn parse(input: &[u8]) -> Result<Self, SignedDataError> {
        Self::parse_within(input, &Limits::default())
    }

    /// Reads DER, BER, PEM or base64 within limits.
    ///
    /// # Errors
    /// [`SignedDataError`]; an attached signature is one.
    pub fn parse_within(input: &[u8], limits: &Limits) -> Result<Self, SignedDataError> {
        match Self::parse_with_content(input, limits)? {
            (signed, None) => Ok(signed),
            (_, Some(_)) => Err(SignedDataError::Attached),
        }
    }

    /// Reads attached signatures too, and gives what stands inside.
    ///
    /// # Errors
    /// [`SignedDataError`].
    pub fn parse_with_content(
        input: &[u8],
        limits: &Limits,
    ) -> Result<(Self, Option<Vec<u8>>), SignedDataError> {
        let (signed, content) = Self::parse_any(input, limits)?;
        if signed.signers.is_empty() {
            return Err(SignedDataError::NoSigner);
        }
        Ok((signed, content))
    }

    /// A bag of certificates: a SignedData that nobody has to have signed. `None` when this is none.
    pub(crate) fn parse_bag(input: &[u8]) -> Option<Self> {
        let limits = Limits { max_certificates: MAX_BAG_CERTIFICATES, ..Limits::default() };
        Some(Self::parse_any(input, &limits).ok()?.0)
    }

    fn parse_any(input: &[u8], limits: &Limits) -> Result<(Self, Option<Vec<u8>>), SignedDataError> {
        let sent = encoding::unwrap(input, limits)?;
        let der = encoding::definite(&sent, limits)?;
        let sent = (der != sent).then(|| sent.to_vec());
        let der = der.into_owned();
        let not_cms = |_| SignedDataError::NotCms;
        let mut outer = Item::parse(&der).and_then(|item| item.sequence()).map_err(not_cms)?;
        let kind = outer.next().and_then(|item| item.oid()).map_err(not_cms)?;
        if kind != oid::SIGNED_DATA {
            return Err(SignedDataError::OtherContentType(kind));
        }
        let signed = outer.next().and_then(|item| item.explicit(0)).map_err(not_cms)?;
        outer.finish().map_err(not_cms)?;

        let broken = |part| move |_| SignedDataError::Broken(part);
        let mut fields = signed.sequence().map_err(broken("SignedData"))?;
        fields.required(asn1::INTEGER).map_err(broken("version"))?;
        let algorithms = fields.required(asn1::SET).map_err(broken("digestAlgorithms"))?;
        let algorithms =
            algorithms.fields(asn1::SET).and_then(|fields| fields.collect(MAX_DIGEST_ALGORITHMS));
        algorithms.map_err(broken("digestAlgorithms"))?;
        let (content_type, content) =
            fields.next().and_then(parse_content).map_err(broken("encapContentInfo"))?;
        let certificates = fields.optional(asn1::context(0)).map_err(broken("certificates"))?;
        let (certificates, unreadable_certificates, other_certificates) = match certificates {
            Some(item) => parse_certificates(item, limits)?,
            None => (Vec::new(), 0, 0),
        };
        // Revocation lists that came along are made by nobody we know the age of: those of the trust store count.
        fields.optional(asn1::context(1)).map_err(broken("crls"))?;
        let signers = fields.required(asn1::SET).map_err(broken("signerInfos"))?;
        let signers = signers.fields(asn1::SET).map_err(broken("signerInfos"))?;
        let signers = signers.collect(limits.max_signers).map_err(|_| SignedDataError::TooMany("signers"))?;
        let signers = signers.into_iter().map(Signer::parse).collect::<asn1::Result<Vec<_>>>();
        let signers = signers.map_err(broken("signerInfo"))?;
        fields.finish().map_err(broken("SignedData"))?;
        let read = Self {
            der,
            sent,
            content_type,
            certificates,
            unreadable_certificates,
            other_certificates,
            signers,
        };
        Ok((read, content))
    }

    /// The signature as it was sent, out of its PEM or base64: DER, or BER as programs write it that do not know the length in
    /// advance. These are the bytes to keep: others hold what they got against them.
    pub fn as_sent(&self) -> &[u8] {
        self.sent.as_deref().unwrap_or(&self.der)
    }

    /// The signature as DER: what came, with definite lengths.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The same as text between `BEGIN CMS` and `END CMS`.
    pub fn to_pem(&self) -> String {
        encoding::to_pem("CMS", self.as_der())
    }

    /// Certificates that came along, in their order.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Everybody who signed; never empty.
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// The certificate of the first signer, if it came along.
    pub fn signer_certificate(&self) -> Option<&Certificate> {
        self.certificate_of(self.signers.first()?)
    }

    /// The certificate that a signer names, if it came along.
    pub fn certificate_of(&self, signer: &Signer) -> Option<&Certificate> {
        self.certificates.iter().find(|certificate| signer.id().names(certificate))
    }

    /// Whether a certificate came along that cannot be read.
    pub fn has_unreadable_certificate(&self) -> bool {
        self.unreadable_certificates > 0
    }

    /// Whether something stands among the certificates that is none of X.509. It is left out, and nobody signed that it is there.
    pub fn has_other_certificate(&self) -> bool {
        self.other_certificates > 0
    }

    /// The type of what was signed; `data` for documents.
    pub fn content_type(&self) -> ObjectIdentifier {
        self.content_type
    }
}

/// The type of the content, and the content when it stands inside.
fn parse_content(item: Item<'_>) -> asn1::Result<(ObjectIdentifier, Option<Vec<u8>>)> {
    let mut fields = item.sequence()?;
    let kind = fields.next()?.oid()?;
    let content = match fields.optional(asn1::context(0))? {
        // PKCS#7 had other types than strings here.
        Some(item) => Some(match item.explicit(0)? {
            content if content.tag() == asn1::OCTET_STRING => content.value().to_vec(),
            content => content.raw().to_vec(),
        }),
        None => None,
    };
    fields.finish()?;
    Ok((kind, content))
}

/// Certificates, how many more cannot be read, and how many are of other kinds than X.509. Those are left out: who needs one of
/// them has no certificate then.
fn parse_certificates(
    item: Item<'_>,
    limits: &Limits,
) -> Result<(Vec<Certificate>, usize, usize), SignedDataError> {
    let fields = item.fields(asn1::context(0)).map_err(|_| SignedDataError::Broken("certificates"))?;
    let items =
        fields.collect(limits.max_certificates).map_err(|_| SignedDataError::TooMany("certificates"))?;
    let known = items.iter().filter(|item| item.tag() == asn1::SEQUENCE);
    let read: Vec<_> = known.map(|item| Certificate::from_der(item.raw()).ok()).collect();
    let others = items.len() - read.len();
    let unreadable = read.iter().filter(|certificate| certificate.is_none()).count();
    Ok((read.into_iter().flatten().collect(), unreadable, others))
}
