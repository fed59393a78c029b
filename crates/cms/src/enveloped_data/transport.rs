//! Key transport: the content's key sealed with the recipient's key, here by RSA.

use der::asn1::ObjectIdentifier;
use rand::rngs::StdRng;
use rand::{CryptoRng, SeedableRng};
use rsa::pkcs8::EncodePrivateKey;
use rsa::{Oaep, Pkcs1v15Encrypt, RsaPrivateKey, RsaPublicKey};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::{DecryptError, EncryptError, gost_transport, recipient_id};
use crate::asn1::{self, AlgorithmIdentifier, Fields, Item};
use crate::certificate::Certificate;
use crate::digest::DigestAlgorithm;
use crate::key::PrivateKey;
use crate::oid;
use crate::signed_data::SignerId;

/// How a key is padded before RSA encrypts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaPadding {
    /// PKCS#1 v1.5: the one that all clients read.
    Pkcs1,
    /// OAEP with an empty label.
    Oaep(OaepDigests),
}

/// The digests of OAEP. Programs disagree on whether the mask follows the digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OaepDigests {
    /// Of the label.
    pub label: DigestAlgorithm,
    /// Of the mask.
    pub mask: DigestAlgorithm,
}

impl OaepDigests {
    /// The same digest in both places.
    pub const fn both(digest: DigestAlgorithm) -> Self {
        Self { label: digest, mask: digest }
    }
}

/// Calls `$run` with the padding as a type: `$run!(Sha256, Sha1)`. Streebog never stands in OAEP.
macro_rules! with_oaep {
    ($digests:expr, $unknown:expr, $run:ident) => {
        with_oaep!(@label $digests, $unknown, $run,
            Sha1 Sha1, Sha256 Sha256, Sha384 Sha384, Sha512 Sha512)
    };
    (@label $digests:expr, $unknown:expr, $run:ident, $($name:ident $label:ident),+) => {
        match ($digests.label, $digests.mask) {
            $((DigestAlgorithm::$name, DigestAlgorithm::Sha1) => $run!($label, Sha1),
            (DigestAlgorithm::$name, mask) if mask == DigestAlgorithm::$name => $run!($label, $label),)+
            _ => $unknown,
        }
    };
}

/// Writes the recipient with the content's key.
pub(super) fn seal(
    content_key: &[u8],
    recipient: &Certificate,
    key: &RsaPublicKey,
    padding: RsaPadding,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, EncryptError> {
    let (algorithm, encrypted) = match padding {
        RsaPadding::Pkcs1 => {
            let algorithm = asn1::algorithm(oid::RSA, &asn1::tlv(asn1::NULL, &[]));
            (algorithm, key.encrypt(random, Pkcs1v15Encrypt, content_key))
        }
        RsaPadding::Oaep(digests) => {
            macro_rules! encrypt {
                ($label:ty, $mask:ty) => {
                    key.encrypt(random, Oaep::<$label, $mask>::new_with_mgf_hash(), content_key)
                };
            }
            let unusable = Err(EncryptError::Key(format!(
                "RSA with OAEP over {} and {}",
                digests.label.name(),
                digests.mask.name()
            )));
            (oaep_to_der(digests), with_oaep!(digests, return unusable, encrypt))
        }
    };
    let encrypted = encrypted.map_err(|_| EncryptError::ShortRsaKey)?;
    Ok(asn1::sequence(&[
        &asn1::unsigned(&[0]),
        &recipient_id(recipient),
        &algorithm,
        &asn1::tlv(asn1::OCTET_STRING, &[&encrypted]),
    ]))
}

/// The algorithm with its parameters; the default, SHA-1, is left out.
fn oaep_to_der(digests: OaepDigests) -> Vec<u8> {
    let digest = |digest: DigestAlgorithm| asn1::algorithm(digest.oid(), &asn1::tlv(asn1::NULL, &[]));
    let field = |number, digest, value: Vec<u8>| match digest {
        DigestAlgorithm::Sha1 => Vec::new(),
        _ => asn1::tlv(asn1::context(number), &[&value]),
    };
    let label = field(0, digests.label, digest(digests.label));
    let mask = field(1, digests.mask, asn1::algorithm(oid::MGF1, &digest(digests.mask)));
    asn1::algorithm(oid::RSA_OAEP, &asn1::sequence(&[&label, &mask]))
}

/// How the key of the content was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Rsa(RsaPadding),
    Gost,
}

/// A recipient as it was read.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    id: SignerId,
    scheme: Result<Scheme, ObjectIdentifier>,
    encrypted: Vec<u8>,
}

impl Transport {
    pub(super) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let mut fields = item.sequence()?;
        fields.required(asn1::INTEGER)?;
        let id = SignerId::parse(fields.next()?)?;
        let algorithm = AlgorithmIdentifier::parse(fields.next()?)?;
        let scheme = match algorithm.oid {
            oid::RSA => Ok(Scheme::Rsa(RsaPadding::Pkcs1)),
            oid::RSA_OAEP => {
                parse_oaep(algorithm.parameters)?.map(|digests| Scheme::Rsa(RsaPadding::Oaep(digests)))
            }
            oid::GOST_KEY_256 | oid::GOST_KEY_512 => Ok(Scheme::Gost),
            other => Err(other),
        };
        let encrypted = fields.next()?.octets()?.to_vec();
        fields.finish()?;
        Ok(Self { id, scheme, encrypted })
    }

    pub(super) fn is_for(&self, certificate: &Certificate) -> bool {
        self.id.names(certificate)
    }

    /// The content's key.
    ///
    /// # Errors
    /// [`DecryptError::Unsupported`], and [`DecryptError::NotOpened`] when the key is of another kind or another one.
    pub(super) fn open(&self, key: &PrivateKey, key_len: usize) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        match (self.scheme.map_err(DecryptError::Unsupported)?, key) {
            (Scheme::Rsa(padding), PrivateKey::Rsa(key) | PrivateKey::RsaPss(key)) => {
                self.open_rsa(padding, key, key_len)
            }
            (Scheme::Gost, PrivateKey::Gost(key)) => gost_transport::open(&self.encrypted, key)
                .map(|key| Zeroizing::new(key.to_vec()))
                .ok_or(DecryptError::NotOpened),
            _ => Err(DecryptError::NotOpened),
        }
    }

    /// The content's key under RSA. A padding that is wrong gives a key that opens nothing, not an error of its own: whoever may
    /// ask many times would learn the key from the difference (RFC 3218).
    pub(super) fn open_rsa(
        &self,
        padding: RsaPadding,
        key: &RsaPrivateKey,
        key_len: usize,
    ) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let mut random = blinding(key, &self.encrypted).ok_or(DecryptError::NotOpened)?;
        let mut fallback = Zeroizing::new(vec![0; key_len]);
        rand::Rng::fill_bytes(&mut random, &mut fallback);
        let opened = match padding {
            RsaPadding::Pkcs1 => key.decrypt_blinded(&mut random, Pkcs1v15Encrypt, &self.encrypted),
            RsaPadding::Oaep(digests) => {
                macro_rules! decrypt {
                    ($label:ty, $mask:ty) => {
                        key.decrypt_blinded(
                            &mut random,
                            Oaep::<$label, $mask>::new_with_mgf_hash(),
                            &self.encrypted,
                        )
                    };
                }
                with_oaep!(digests, return Err(DecryptError::Unsupported(oid::RSA_OAEP)), decrypt)
            }
        };
        let opened = opened.ok().map(Zeroizing::new).filter(|opened| opened.len() == key_len);
        Ok(opened.unwrap_or(fallback))
    }
}

/// Randomness that only the holder of the key can know, the same for the same message.
fn blinding(key: &RsaPrivateKey, encrypted: &[u8]) -> Option<StdRng> {
    let secret = key.to_pkcs8_der().ok()?;
    let mut hasher = Sha256::new();
    hasher.update(b"key transport");
    hasher.update(secret.as_bytes());
    hasher.update(encrypted);
    Some(StdRng::from_seed(hasher.finalize().into()))
}

/// The parameters of OAEP (RFC 4055 §4.1); inside, the identifier of what is not known here.
fn parse_oaep(parameters: Option<Item<'_>>) -> asn1::Result<Result<OaepDigests, ObjectIdentifier>> {
    let mut digests = OaepDigests::both(DigestAlgorithm::Sha1);
    let Some(parameters) = parameters else { return Ok(Ok(digests)) };
    let mut fields: Fields<'_> = parameters.sequence()?;
    if let Some(item) = fields.optional(asn1::context(0))? {
        let algorithm = AlgorithmIdentifier::parse(item.explicit(0)?)?.oid;
        let Some(digest) = DigestAlgorithm::from_oid(&algorithm) else { return Ok(Err(algorithm)) };
        digests.label = digest;
    }
    if let Some(item) = fields.optional(asn1::context(1))? {
        let mask = AlgorithmIdentifier::parse(item.explicit(1)?)?;
        let inner = AlgorithmIdentifier::parse(mask.parameters.ok_or_else(asn1::wrong_value)?)?.oid;
        let digest = DigestAlgorithm::from_oid(&inner).filter(|_| mask.oid == oid::MGF1);
        let Some(digest) = digest else { return Ok(Err(mask.oid)) };
        digests.mask = digest;
    }
    if let Some(item) = fields.optional(asn1::context(2))? {
        let source = AlgorithmIdentifier::parse(item.explicit(2)?)?;
        let label = source.parameters.ok_or_else(asn1::wrong_value)?.octets()?;
        // A label nobody told us of cannot be checked.
        if source.oid != oid::OAEP_LABEL || !label.is_empty() {
            return Ok(Err(source.oid));
        }
    }
    fields.finish()?;
    Ok(Ok(digests))
}
