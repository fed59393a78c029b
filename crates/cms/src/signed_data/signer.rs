//! One signer of a signature and what it stated.

use der::asn1::ObjectIdentifier;

use crate::asn1::{self, AlgorithmIdentifier, Fields, Item};
use crate::certificate::{Certificate, Name};
use crate::digest::DigestAlgorithm;
use crate::key::NamedAlgorithm;
use crate::oid;
use crate::time::UnixTime;

/// Attributes of one signer, and values of one attribute.
const MAX_ATTRIBUTES: usize = 64;
/// Certificates that one signing-certificate attribute may name.
const MAX_CERTIFICATE_IDS: usize = 32;

/// How a signer names its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerId {
    /// By issuer and serial number.
    IssuerAndSerial {
        /// The issuer.
        issuer: Name,
        /// The serial number as in the certificate.
        serial: Vec<u8>,
    },
    /// By the identifier of the key.
    SubjectKeyId(Vec<u8>),
}

impl SignerId {
    /// Reads both forms; recipients of encrypted contents are named in the same way.
    pub(crate) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        if item.tag() != asn1::SEQUENCE {
            return Ok(Self::SubjectKeyId(item.expect(asn1::context_primitive(0))?.value().to_vec()));
        }
        let mut fields = item.sequence()?;
        let issuer = Name::parse(fields.next()?)?;
        let serial = fields.next()?.integer()?.to_vec();
        fields.finish()?;
        Ok(Self::IssuerAndSerial { issuer, serial })
    }

    /// Whether this certificate is meant.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                certificate.serial() == serial && certificate.issuer().matches(issuer)
            }
            Self::SubjectKeyId(id) => certificate.extensions().subject_key_id.as_ref() == Some(id),
        }
    }
}

/// A digest of the signer's certificate, as a signed attribute fixes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CertificateId {
    algorithm: ObjectIdentifier,
    digest: Vec<u8>,
}

impl CertificateId {
    /// Whether this certificate is meant; `None` when the digest is of an algorithm that is not known here.
    pub(super) fn names(&self, certificate: &Certificate) -> Option<bool> {
        let algorithm = DigestAlgorithm::from_oid(&self.algorithm)?;
        Some(algorithm.digest(certificate.as_der()) == self.digest)
    }
}

/// A signed attribute that has to have one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Single<T> {
    Missing,
    One(T),
    /// More than one value, or one that cannot be read.
    Wrong,
}

impl<T> Single<T> {
    pub(super) fn one(&self) -> Option<&T> {
        match self {
            Self::One(value) => Some(value),
            Self::Missing | Self::Wrong => None,
        }
    }
}

/// What the signer stated and signed.
#[derive(Clone, Debug)]
pub(super) struct SignedAttributes {
    /// The bytes that the signature is over: the attributes as they came, as a SET.
    pub(super) bytes: Vec<u8>,
    /// The same in the order of DER, when they came in another one.
    pub(super) sorted: Option<Vec<u8>>,
    pub(super) content_type: Single<ObjectIdentifier>,
    pub(super) message_digest: Single<Vec<u8>>,
    pub(super) signing_time: Single<UnixTime>,
    /// The signer's certificate by SHA-1 (RFC 2634).
    pub(super) certificate_id: Single<CertificateId>,
    /// The signer's certificate by any digest (RFC 5035). Both may stand there, and both count.
    pub(super) certificate_id_v2: Single<CertificateId>,
}

/// One signer.
#[derive(Clone, Debug)]
pub struct Signer {
    id: SignerId,
    pub(super) digest_oid: ObjectIdentifier,
    pub(super) algorithm: NamedAlgorithm,
    pub(super) attributes: Option<SignedAttributes>,
    pub(super) signature: Vec<u8>,
    pub(super) timestamps: Vec<Vec<u8>>,
}

impl Signer {
    pub(super) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let mut fields = item.sequence()?;
        fields.required(asn1::INTEGER)?;
        let id = SignerId::parse(fields.next()?)?;
        let digest_oid = AlgorithmIdentifier::parse(fields.next()?)?.oid;
        let attributes = fields.optional(asn1::context(0))?.map(SignedAttributes::parse).transpose()?;
        let algorithm = NamedAlgorithm::parse(&AlgorithmIdentifier::parse(fields.next()?)?);
        let signature = fields.next()?.octets()?.to_vec();
        let timestamps = match fields.optional(asn1::context(1))? {
            Some(item) => parse_timestamps(item)?,
            None => Vec::new(),
        };
        fields.finish()?;
        Ok(Self { id, digest_oid, algorithm, attributes, signature, timestamps })
    }

    /// How the signer names its certificate.
    pub fn id(&self) -> &SignerId {
        &self.id
    }

    /// The digest of the content that the signer used, if it is known here.
    pub fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        DigestAlgorithm::from_oid(&self.digest_oid)
    }

    /// The digest of the content that the signer stated. `None` without signed attributes.
    pub fn message_digest(&self) -> Option<&[u8]> {
        self.attributes.as_ref()?.message_digest.one().map(Vec::as_slice)
    }

    /// When the signer claims to have signed.
    pub fn signing_time(&self) -> Option<UnixTime> {
        self.attributes.as_ref()?.signing_time.one().copied()
    }

    /// Whether a signed attribute names this certificate.
    pub(super) fn fixes(&self, certificate: &Certificate) -> bool {
        let attributes = self.attributes.iter();
        let ids = attributes.flat_map(|signed| [&signed.certificate_id_v2, &signed.certificate_id]);
        ids.filter_map(|id| id.one()?.names(certificate)).any(|names| names)
    }

    /// The signature value as it came.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

impl SignedAttributes {
    fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let mut items = item.fields(asn1::context(0))?.collect(MAX_ATTRIBUTES)?;
        let bytes = asn1::tlv(asn1::SET, &[item.value()]);
        let in_order = items.is_sorted_by_key(Item::raw);
        let mut read = Self {
            bytes,
            sorted: None,
            content_type: Single::Missing,
            message_digest: Single::Missing,
            signing_time: Single::Missing,
            certificate_id: Single::Missing,
            certificate_id_v2: Single::Missing,
        };
        for item in &items {
            let (kind, values) = parse_attribute(*item)?;
            match kind {
                oid::CONTENT_TYPE => set(&mut read.content_type, values, |item| item.oid()),
                oid::MESSAGE_DIGEST => {
                    set(&mut read.message_digest, values, |item| Ok(item.octets()?.to_vec()))
                }
                oid::SIGNING_TIME => set(&mut read.signing_time, values, UnixTime::parse),
                oid::SIGNING_CERTIFICATE => set(&mut read.certificate_id, values, |item| {
                    parse_certificate_id(item, DigestAlgorithm::Sha1)
                }),
                oid::SIGNING_CERTIFICATE_V2 => set(&mut read.certificate_id_v2, values, |item| {
                    parse_certificate_id(item, DigestAlgorithm::Sha256)
                }),
                _ => {}
            }
        }
        if !in_order {
            items.sort_by_key(Item::raw);
            let parts: Vec<&[u8]> = items.iter().map(Item::raw).collect();
            read.sorted = Some(asn1::tlv(asn1::SET, &parts));
        }
        Ok(read)
    }
}

/// Takes an attribute's value; a second one, in whatever attribute, makes it wrong.
fn set<'a, T>(field: &mut Single<T>, values: Vec<Item<'a>>, read: impl FnOnce(Item<'a>) -> asn1::Result<T>) {
    *field = match (&*field, values.as_slice()) {
        (Single::Missing, [value]) => read(*value).map_or(Single::Wrong, Single::One),
        _ => Single::Wrong,
    };
}

/// Kind and values of an attribute.
fn parse_attribute(item: Item<'_>) -> asn1::Result<(ObjectIdentifier, Vec<Item<'_>>)> {
    let mut fields = item.sequence()?;
    let kind = fields.next()?.oid()?;
    let values = fields.next()?.fields(asn1::SET)?.collect(MAX_ATTRIBUTES)?;
    fields.finish()?;
    Ok((kind, values))
}

/// The first certificate of SigningCertificate (RFC 2634) or SigningCertificateV2 (RFC 5035): it is the signer's.
fn parse_certificate_id(item: Item<'_>, default: DigestAlgorithm) -> asn1::Result<CertificateId> {
    let ids = item.sequence()?.next()?.sequence()?.collect(MAX_CERTIFICATE_IDS)?;
    let mut fields: Fields<'_> = ids.first().ok_or_else(asn1::wrong_value)?.sequence()?;
    let algorithm = match fields.optional(asn1::SEQUENCE)? {
        Some(item) => AlgorithmIdentifier::parse(item)?.oid,
        None => default.oid(),
    };
    let digest = fields.next()?.octets()?.to_vec();
    Ok(CertificateId { algorithm, digest })
}

/// Time stamps over the signature among the unsigned attributes.
fn parse_timestamps(item: Item<'_>) -> asn1::Result<Vec<Vec<u8>>> {
    let mut timestamps = Vec::new();
    for item in item.fields(asn1::context(1))?.collect(MAX_ATTRIBUTES)? {
        let (kind, values) = parse_attribute(item)?;
        if kind == oid::SIGNATURE_TIME_STAMP {
            timestamps.extend(values.iter().map(|value| value.raw().to_vec()));
        }
    }
    Ok(timestamps)
}
