//! Public keys and the check of a signature value.

use der::asn1::ObjectIdentifier;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::algorithm::SignatureAlgorithm;
use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::digest::DigestAlgorithm;
use crate::{gost, oid};

/// The public key of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// GOST R 34.10-2012.
    Gost(gost::PublicKey),
    /// RSA.
    Rsa(Box<RsaPublicKey>),
    /// ECDSA on P-256.
    P256(Box<p256::ecdsa::VerifyingKey>),
    /// ECDSA on P-384.
    P384(Box<p384::ecdsa::VerifyingKey>),
    /// A key that cannot be used here: of another kind, with an unknown parameter set, or not a valid key of its kind.
    Unusable {
        /// Identifier of the algorithm.
        algorithm: ObjectIdentifier,
        /// Identifier of the parameter set or curve, if there is one.
        parameters: Option<ObjectIdentifier>,
    },
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo. A key of no use is still a key: only broken structure is an error.
    pub(crate) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let mut fields = item.sequence()?;
        let algorithm = AlgorithmIdentifier::parse(fields.next()?)?;
        let bits = fields.next()?.bits()?;
        fields.finish()?;

        let usable = match algorithm.oid {
            oid::GOST_KEY_256 | oid::GOST_KEY_512 => Self::parse_gost(&algorithm, bits).map(Self::Gost),
            oid::RSA | oid::RSA_PSS => {
                // A key restricted to PSS carries its own identifier, and is an RSA key all the same.
                let plain = asn1::algorithm(oid::RSA, &asn1::tlv(asn1::NULL, &[]));
                let info = asn1::sequence(&[&plain, &asn1::bit_string(bits)]);
                RsaPublicKey::from_public_key_der(&info).ok().map(|key| Self::Rsa(Box::new(key)))
            }
            oid::EC_KEY => match algorithm.parameters.and_then(|item| item.oid().ok()) {
                Some(oid::P256) => {
                    p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok().map(|key| Self::P256(Box::new(key)))
                }
                Some(oid::P384) => {
                    p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok().map(|key| Self::P384(Box::new(key)))
                }
                _ => None,
            },
            _ => None,
        };
        Ok(usable.unwrap_or_else(|| Self::Unusable {
            algorithm: algorithm.oid,
            parameters: algorithm.parameters.and_then(|item| match item.tag() {
                asn1::SEQUENCE => item.sequence().ok()?.next().ok()?.oid().ok(),
                _ => item.oid().ok(),
            }),
        }))
    }

    /// A key of GOST R 34.10-2012 of the length that its identifier says.
    pub(crate) fn parse_gost(algorithm: &AlgorithmIdentifier<'_>, bits: &[u8]) -> Option<gost::PublicKey> {
        let key_len = match algorithm.oid {
            oid::GOST_KEY_256 => 32,
            oid::GOST_KEY_512 => 64,
            _ => return None,
        };
        let mut parameters = algorithm.parameters?.sequence().ok()?;
        let set = gost::ParameterSet::from_oid(&parameters.next().ok()?.oid().ok()?)?;
        let point = Item::parse(bits).ok()?.octets().ok()?;
        let key = gost::PublicKey::from_bytes(set, point).ok()?;
        (set.key_len() == key_len).then_some(key)
    }

    /// Writes a SubjectPublicKeyInfo. `None` for a key of no use.
    pub(crate) fn to_der(&self) -> Option<Vec<u8>> {
        let (algorithm, bits) = match self {
            Self::Gost(key) => {
                let (kind, digest) = match key.set().key_len() {
                    32 => (oid::GOST_KEY_256, DigestAlgorithm::Streebog256),
                    _ => (oid::GOST_KEY_512, DigestAlgorithm::Streebog512),
                };
                let set = asn1::oid(key.set().oid());
                // RFC 9215 §4.2: the digest is named beside the old sets, and left out beside those of TC26.
                let old_set = key.set().oid().as_bytes().starts_with(oid::CRYPTO_PRO.as_bytes());
                let digest = if old_set { asn1::oid(digest.oid()) } else { Vec::new() };
                let parameters = asn1::sequence(&[&set, &digest]);
                (asn1::algorithm(kind, &parameters), asn1::tlv(asn1::OCTET_STRING, &[key.as_bytes()]))
            }
            Self::Rsa(key) => {
                let null = asn1::tlv(asn1::NULL, &[]);
                let numbers =
                    asn1::sequence(&[&asn1::unsigned(&key.n_bytes()), &asn1::unsigned(&key.e_bytes())]);
                (asn1::algorithm(oid::RSA, &null), numbers)
            }
            Self::P256(key) => {
                (asn1::algorithm(oid::EC_KEY, &asn1::oid(oid::P256)), key.to_sec1_bytes().to_vec())
            }
            Self::P384(key) => (
                asn1::algorithm(oid::EC_KEY, &asn1::oid(oid::P384)),
                key.to_sec1_point(false).as_bytes().to_vec(),
            ),
            Self::Unusable { .. } => return None,
        };
        Some(asn1::sequence(&[&algorithm, &asn1::bit_string(&bits)]))
    }

    /// Whether `signature` is this key's over `digest`. A digest or a signature that does not fit key and algorithm is
    /// no signature.
    pub fn verify(&self, algorithm: SignatureAlgorithm, digest: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm) {
            (Self::Gost(key), SignatureAlgorithm::Gost(_)) => key.verify(digest, signature),
            (Self::Rsa(key), SignatureAlgorithm::RsaPkcs1(hash)) => {
                let padding = match hash {
                    DigestAlgorithm::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
                    DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                    DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                    DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                    DigestAlgorithm::Streebog256 | DigestAlgorithm::Streebog512 => return false,
                };
                key.verify(padding, digest, signature).is_ok()
            }
            (Self::Rsa(key), SignatureAlgorithm::RsaPss { digest: hash, salt_len }) => match hash {
                DigestAlgorithm::Sha1 => {
                    key.verify(Pss::<Sha1>::new_with_salt(salt_len), digest, signature).is_ok()
                }
                DigestAlgorithm::Sha256 => {
                    key.verify(Pss::<Sha256>::new_with_salt(salt_len), digest, signature).is_ok()
                }
                DigestAlgorithm::Sha384 => {
                    key.verify(Pss::<Sha384>::new_with_salt(salt_len), digest, signature).is_ok()
                }
                DigestAlgorithm::Sha512 => {
                    key.verify(Pss::<Sha512>::new_with_salt(salt_len), digest, signature).is_ok()
                }
                DigestAlgorithm::Streebog256 | DigestAlgorithm::Streebog512 => false,
            },
            (Self::P256(key), SignatureAlgorithm::Ecdsa(_)) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            (Self::P384(key), SignatureAlgorithm::Ecdsa(_)) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            _ => false,
        }
    }

    /// Kind and size for people: `GOST R 34.10-2012 256 (CryptoProA)`, `RSA 2048`.
    pub fn name(&self) -> String {
        match self {
            Self::Gost(key) => format!("GOST R 34.10-2012 {} ({:?})", key.set().key_len() * 8, key.set()),
            Self::Rsa(key) => format!("RSA {}", key.size() * 8),
            Self::P256(_) => "ECDSA P-256".to_owned(),
            Self::P384(_) => "ECDSA P-384".to_owned(),
            Self::Unusable { algorithm, .. } => algorithm.to_string(),
        }
    }
}
