//! X.509 certificates.

mod extensions;
mod name;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, OnceLock};

pub(crate) use extensions::RawExtension;
pub use extensions::{Extensions, KeyUsage};
pub(crate) use name::write_name;
pub use name::{Name, SubjectKind};

use der::asn1::ObjectIdentifier;

use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::digest::DigestAlgorithm;
use crate::encoding::{self, EncodingError, Limits};
use crate::key::{NamedAlgorithm, PublicKey, SignatureAlgorithm, UnsupportedAlgorithm, UnusableKey};
use crate::signed_data::SignedData;
use crate::time::UnixTime;

/// Why bytes are not a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Not DER in any wrapping.
    #[error("the certificate cannot be read: {0}")]
    Encoding(#[from] EncodingError),
    /// DER, but not of a certificate.
    #[error("this is not an X.509 certificate")]
    NotACertificate,
}

/// Why the signature under a certificate cannot be checked here: neither right nor wrong is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncheckable {
    /// The issuer's key is of no use here.
    Key(UnusableKey),
    /// The algorithm is not supported.
    Algorithm(UnsupportedAlgorithm),
}

impl Uncheckable {
    /// The reason in Russian.
    pub fn text_ru(self) -> String {
        match self {
            Self::Key(key) => {
                format!("подпись издателя под сертификатом нельзя проверить: {}", key.text_ru())
            }
            Self::Algorithm(algorithm) => {
                format!("подпись издателя под сертификатом нельзя проверить: {}", algorithm.text_ru())
            }
        }
    }
}

impl fmt::Display for Uncheckable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the issuer's signature of a certificate cannot be checked: ")?;
        match self {
            Self::Key(key) => key.fmt(formatter),
            Self::Algorithm(algorithm) => algorithm.fmt(formatter),
        }
    }
}

/// SHA-1 of a certificate, by which people and the API name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Thumbprint([u8; 20]);

impl Thumbprint {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Reads 40 hex digits in any case, with spaces or colons between them as certificate viewers show.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .filter(|character| !character.is_whitespace() && *character != ':')
            .map(|character| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.filter(|digits| digits.len() == 40)?;
        let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        Some(Self(bytes.try_into().expect("forty digits are twenty bytes")))
    }
}

impl std::fmt::Display for Thumbprint {
    /// 40 hex digits in upper case.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02X}"))
    }
}

/// An X.509 certificate with the bytes it came as. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    signed: SignedPart,
    thumbprint: Thumbprint,
    /// SHA-256 of the bytes: unlike the thumbprint, nobody can make two certificates with the same.
    fingerprint: Vec<u8>,
    /// The last issuer that was tried, and whether it had signed: authorities are checked again and again.
    checked: OnceLock<(Vec<u8>, bool)>,
    serial: Vec<u8>,
    issuer: Name,
    subject: Name,
    not_before: UnixTime,
    not_after: UnixTime,
    key: PublicKey,
    /// The algorithm of the key with its parameters, as they came.
    key_algorithm: Vec<u8>,
    extensions: Extensions,
}

/// The outer structure that certificates and revocation lists share: what is signed, how, and the signature.
#[derive(Clone, Debug)]
pub(crate) struct SignedPart {
    /// All of it, with the signature.
    der: Vec<u8>,
    /// What is signed.
    inner: std::ops::Range<usize>,
    algorithm: NamedAlgorithm,
    signature: Vec<u8>,
}

impl SignedPart {
    /// Reads the outer sequence; gives the named algorithm and the item inside too.
    pub(crate) fn parse(der: &[u8]) -> asn1::Result<(Self, ObjectIdentifier, Item<'_>)> {
        let mut fields = Item::parse(der)?.sequence()?;
        let inner = fields.next()?;
        let algorithm = AlgorithmIdentifier::parse(fields.next()?)?;
        let signature = fields.next()?.bits()?.to_vec();
        fields.finish()?;
        let outside = algorithm.oid;
        let algorithm = NamedAlgorithm::parse(&algorithm);
        let start = inner.raw().as_ptr().addr() - der.as_ptr().addr();
        let range = start..start + inner.raw().len();
        Ok((Self { der: der.to_vec(), inner: range, algorithm, signature }, outside, inner))
    }

    /// All bytes.
    pub(crate) fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Whether this key made the signature.
    pub(crate) fn is_signed_by(&self, key: &PublicKey) -> bool {
        let algorithms = self.algorithm.for_key(key, None).unwrap_or_default();
        algorithms.into_iter().any(|algorithm| {
            key.verify(algorithm, &algorithm.digest().digest(&self.der[self.inner.clone()]), &self.signature)
        })
    }
}

impl Certificate {
    /// Reads DER, PEM (the first block) or base64.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn parse(input: &[u8]) -> Result<Self, CertificateError> {
        // Most come as plain DER, which has to stay as it is: its SHA-1 is its name.
        if let Ok(certificate) = Self::from_der(input) {
            return Ok(certificate);
        }
        Self::from_der(&encoding::to_der(input, &Limits::default())?)
    }

    /// All certificates of a PEM bundle, of a bag of certificates (PKCS#7, `.p7b`) in DER, PEM or base64, or the one of a DER
    /// file.
    ///
    /// # Errors
    /// [`CertificateError`] when one of them cannot be read.
    pub fn parse_bundle(input: &[u8]) -> Result<Vec<Self>, CertificateError> {
        let Some(blocks) = encoding::pem_blocks(input) else {
            return Self::parse(input)
                .map(|one| vec![one])
                .or_else(|error| Self::parse_bag(input).ok_or(error)?);
        };
        let mut all = Vec::new();
        for block in blocks {
            if block.label.ends_with("CERTIFICATE") {
                all.push(Self::parse(&block.bytes)?);
            } else if matches!(block.label.as_str(), "PKCS7" | "CMS") {
                all.extend(Self::parse_bag(&block.bytes).ok_or(CertificateError::NotACertificate)??);
            }
        }
        Ok(all)
    }

    /// The certificates of a SignedData, which needs no signer; `None` when it is none.
    fn parse_bag(input: &[u8]) -> Option<Result<Vec<Self>, CertificateError>> {
        let bag = SignedData::parse_bag(input)?;
        if bag.has_unreadable_certificate() {
            return Some(Err(CertificateError::NotACertificate));
        }
        Some(Ok(bag.certificates().to_vec()))
    }

    /// Reads plain DER.
    ///
    /// # Errors
    /// [`CertificateError::NotACertificate`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        Self::parse_der(der).map_err(|_| CertificateError::NotACertificate)
    }

    fn parse_der(der: &[u8]) -> asn1::Result<Self> {
        let (signed, outside, inner) = SignedPart::parse(der)?;
        let mut fields = inner.sequence()?;
        let version = match fields.optional(asn1::context(0))? {
            Some(item) => item.explicit(0)?.small_integer()?,
            None => 0,
        };
        let serial = fields.next()?.integer()?.to_vec();
        // The name outside is not signed, this one is: they have to agree.
        if AlgorithmIdentifier::parse(fields.next()?)?.oid != outside {
            return Err(asn1::wrong_value());
        }
        let issuer = Name::parse(fields.next()?)?;
        let mut validity = fields.next()?.sequence()?;
        let not_before = UnixTime::parse(validity.next()?)?;
        let not_after = UnixTime::parse(validity.next()?)?;
        validity.finish()?;
        let subject = Name::parse(fields.next()?)?;
        let info = fields.next()?;
        let key = PublicKey::parse(info)?;
        let key_algorithm = info.sequence()?.next()?.raw().to_vec();
        for unique_id in [1, 2] {
            fields.optional(asn1::context_primitive(unique_id))?;
        }
        let extensions = match fields.optional(asn1::context(3))? {
            Some(item) => Extensions::parse(item.explicit(3)?)?,
            None => Extensions::default(),
        };
        fields.finish()?;
        if version > 2 {
            return Err(asn1::wrong_value());
        }
        let thumbprint = DigestAlgorithm::Sha1.digest(der).try_into().expect("SHA-1 has 20 bytes");
        Ok(Self(Arc::new(Inner {
            signed,
            thumbprint: Thumbprint(thumbprint),
            fingerprint: DigestAlgorithm::Sha256.digest(der),
            checked: OnceLock::new(),
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            key,
            key_algorithm,
            extensions,
        })))
    }

    /// The certificate as it came.
    pub fn as_der(&self) -> &[u8] {
        self.0.signed.as_der()
    }

    /// The certificate as a PEM block.
    pub fn to_pem(&self) -> String {
        encoding::to_pem("CERTIFICATE", self.0.signed.as_der())
    }

    /// SHA-1 of the certificate.
    pub fn thumbprint(&self) -> Thumbprint {
        self.0.thumbprint
    }

    /// The serial number: big-endian two's complement, as it came.
    pub fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// The serial number as people read it: hex in upper case, without the zero that only marks the sign.
    pub fn serial_hex(&self) -> String {
        let digits = match self.0.serial.as_slice() {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        digits.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// Who issued the certificate.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// Whose certificate it is.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// First second of its validity.
    pub fn not_before(&self) -> UnixTime {
        self.0.not_before
    }

    /// Last second of its validity.
    pub fn not_after(&self) -> UnixTime {
        self.0.not_after
    }

    /// Whether it is in its period of validity.
    pub fn is_valid_at(&self, time: UnixTime) -> bool {
        (self.0.not_before..=self.0.not_after).contains(&time)
    }

    /// The public key.
    pub fn key(&self) -> &PublicKey {
        &self.0.key
    }

    /// The algorithm of the public key with its parameters, as they stand in the certificate.
    pub(crate) fn key_algorithm(&self) -> &[u8] {
        &self.0.key_algorithm
    }

    /// The extensions.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// How the issuer signed it, if that is supported.
    ///
    /// # Errors
    /// [`UnsupportedAlgorithm`] names what is not.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
        self.0.signed.algorithm.alone()
    }

    /// Whether the issuer signed it over a digest for which collisions can be made.
    pub(crate) fn has_weak_signature(&self) -> bool {
        self.0.signed.algorithm.is_weak()
    }

    /// Why the signature of this authority under the certificate cannot be checked here; `None` when it can.
    pub(crate) fn uncheckable_by(&self, authority: &Self) -> Option<Uncheckable> {
        match authority.key() {
            PublicKey::Unusable(key) => Some(Uncheckable::Key(*key)),
            key => self.0.signed.algorithm.for_key(key, None).err().map(Uncheckable::Algorithm),
        }
    }

    /// Whether issuer and subject have the same name.
    pub fn is_self_issued(&self) -> bool {
        self.0.issuer.matches(&self.0.subject)
    }

    /// Whether it is at the top: issued and signed by itself. Where its signature cannot be checked its names decide, so that what
    /// is wrong with the certificates below is told, and not that somebody forgot to trust it.
    pub fn is_root(&self) -> bool {
        self.is_self_issued() && (self.is_signed_by_certificate(self) || self.uncheckable_by(self).is_some())
    }

    /// Whether this key signed the certificate.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.0.signed.is_signed_by(key)
    }

    /// Whether this authority signed the certificate. Names and rights are not looked at.
    pub fn is_signed_by_certificate(&self, authority: &Self) -> bool {
        let check = || self.is_signed_by(authority.key());
        let (known, signed) = self.0.checked.get_or_init(|| (authority.0.fingerprint.clone(), check()));
        if *known == authority.0.fingerprint { *signed } else { check() }
    }

    /// E-mail address of the subject: from the name, else from the alternative names.
    pub fn email(&self) -> Option<&str> {
        self.0.subject.email().or(self.0.extensions.email.as_deref())
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.fingerprint == other.0.fingerprint
    }
}

impl Eq for Certificate {}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Certificate({} {})", self.0.thumbprint, self.0.subject)
    }
}
