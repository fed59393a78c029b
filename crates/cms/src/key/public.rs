//! Public keys and the check of a signature value.

use std::fmt;

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

/// Bits of the shortest RSA key that is believed.
pub(super) const MIN_RSA_BITS: usize = 2048;

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
    /// RSA that signs by PSS only (RFC 4055): nothing can be encrypted to it.
    RsaPss(Box<RsaPublicKey>),
    /// A key that cannot be used here.
    Unusable(UnusableKey),
}

/// Why a key cannot be used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnusableKey {
    /// An algorithm that is not supported.
    Algorithm(ObjectIdentifier),
    /// A curve that is not supported.
    Curve(ObjectIdentifier),
    /// A curve of numbers instead of a name.
    UnnamedCurve,
    /// A parameter set of GOST R 34.10-2012 that is not supported.
    ParameterSet(ObjectIdentifier),
    /// RSA with so few bits that numbers like it were factored, or soon will be.
    ShortRsa(usize),
    /// RSA with so many bits that a check takes too long.
    LongRsa(usize),
    /// Not a valid key of its algorithm.
    Broken(ObjectIdentifier),
}

impl UnusableKey {
    /// The same in Russian.
    pub fn text_ru(self) -> String {
        match self {
            Self::Algorithm(oid::GOST_2001_KEY) => {
                "ключ отменённого алгоритма ГОСТ Р 34.10-2001 не поддерживается".to_owned()
            }
            Self::Algorithm(kind) => format!("ключ алгоритма {kind} не поддерживается"),
            Self::Curve(curve) => format!("ключ на кривой {curve} не поддерживается"),
            Self::UnnamedCurve => {
                "ключ на кривой, заданной числами, а не названием, не поддерживается".to_owned()
            }
            Self::ParameterSet(set) => format!("ключ с набором параметров {set} не поддерживается"),
            Self::ShortRsa(bits) => {
                format!("ключ RSA из {bits} бит слишком короткий, нужно не менее {MIN_RSA_BITS}")
            }
            Self::LongRsa(bits) => {
                format!(
                    "ключ RSA из {bits} бит слишком длинный, допускается не более {}",
                    RsaPublicKey::MAX_SIZE
                )
            }
            Self::Broken(kind) => format!("ключ алгоритма {kind} повреждён"),
        }
    }

    /// Kind and size for people.
    fn name(self) -> String {
        match self {
            Self::Algorithm(oid::GOST_2001_KEY) => "GOST R 34.10-2001".to_owned(),
            Self::Algorithm(kind) | Self::Broken(kind) => kind.to_string(),
            Self::Curve(curve) => format!("the curve {curve}"),
            Self::UnnamedCurve => "a curve without a name".to_owned(),
            Self::ParameterSet(set) => format!("GOST R 34.10-2012 ({set})"),
            Self::ShortRsa(bits) | Self::LongRsa(bits) => format!("RSA {bits}"),
        }
    }
}

impl fmt::Display for UnusableKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(oid::GOST_2001_KEY) => {
                formatter.write_str("keys of the withdrawn algorithm GOST R 34.10-2001 are not supported")
            }
            Self::Algorithm(kind) => write!(formatter, "keys of the algorithm {kind} are not supported"),
            Self::Curve(curve) => write!(formatter, "the curve {curve} is not supported"),
            Self::UnnamedCurve => {
                formatter.write_str("keys on a curve of numbers instead of a name are not supported")
            }
            Self::ParameterSet(set) => write!(formatter, "the parameter set {set} is not supported"),
            Self::ShortRsa(bits) => {
                write!(formatter, "an RSA key of {bits} bits is too short, {MIN_RSA_BITS} are needed")
            }
            Self::LongRsa(bits) => {
                write!(
                    formatter,
                    "an RSA key of {bits} bits is too long, at most {} are read",
                    RsaPublicKey::MAX_SIZE
                )
            }
            Self::Broken(kind) => write!(formatter, "the key of the algorithm {kind} is broken"),
        }
    }
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo. A key of no use is still a key: only broken structure is an error.
    pub(crate) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let mut fields = item.sequence()?;
        let algorithm = AlgorithmIdentifier::parse(fields.next()?)?;
        let bits = fields.next()?.bits()?;
        fields.finish()?;

        let broken = UnusableKey::Broken(algorithm.oid);
        let read = match algorithm.oid {
            oid::GOST_KEY_256 | oid::GOST_KEY_512 => {
                let known = gost_set(&algorithm).map(|set| gost::ParameterSet::from_oid(&set).ok_or(set));
                match known {
                    Some(Err(set)) => Err(UnusableKey::ParameterSet(set)),
                    _ => Self::parse_gost(&algorithm, bits).map(Self::Gost).ok_or(broken),
                }
            }
            oid::RSA => parse_rsa(bits, broken).map(|key| Self::Rsa(Box::new(key))),
            oid::RSA_PSS => parse_rsa(bits, broken).map(|key| Self::RsaPss(Box::new(key))),
            oid::EC_KEY => match algorithm.parameters.map(|item| item.oid()) {
                Some(Ok(oid::P256)) => p256::ecdsa::VerifyingKey::from_sec1_bytes(bits)
                    .map(|key| Self::P256(Box::new(key)))
                    .map_err(|_| broken),
                Some(Ok(oid::P384)) => p384::ecdsa::VerifyingKey::from_sec1_bytes(bits)
                    .map(|key| Self::P384(Box::new(key)))
                    .map_err(|_| broken),
                Some(Ok(curve)) => Err(UnusableKey::Curve(curve)),
                Some(Err(_)) => Err(UnusableKey::UnnamedCurve),
                None => Err(broken),
            },
            other => Err(UnusableKey::Algorithm(other)),
        };
        Ok(read.unwrap_or_else(Self::Unusable))
    }

    /// A key of GOST R 34.10-2012 of the length that its identifier says.
    pub(crate) fn parse_gost(algorithm: &AlgorithmIdentifier<'_>, bits: &[u8]) -> Option<gost::PublicKey> {
        let key_len = match algorithm.oid {
            oid::GOST_KEY_256 => 32,
            oid::GOST_KEY_512 => 64,
            _ => return None,
        };
        let set = gost::ParameterSet::from_oid(&gost_set(algorithm)?)?;
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
                let digest = if key.set().names_digest() { asn1::oid(digest.oid()) } else { Vec::new() };
                let parameters = asn1::sequence(&[&set, &digest]);
                (asn1::algorithm(kind, &parameters), asn1::tlv(asn1::OCTET_STRING, &[key.as_bytes()]))
            }
            Self::Rsa(key) => (asn1::algorithm(oid::RSA, &asn1::tlv(asn1::NULL, &[])), rsa_numbers(key)),
            // Without parameters the key may be used with any digest.
            Self::RsaPss(key) => (asn1::algorithm(oid::RSA_PSS, &[]), rsa_numbers(key)),
            Self::P256(key) => {
                (asn1::algorithm(oid::EC_KEY, &asn1::oid(oid::P256)), key.to_sec1_bytes().to_vec())
            }
            Self::P384(key) => (
                asn1::algorithm(oid::EC_KEY, &asn1::oid(oid::P384)),
                key.to_sec1_point(false).as_bytes().to_vec(),
            ),
            Self::Unusable(_) => return None,
        };
        Some(asn1::sequence(&[&algorithm, &asn1::bit_string(&bits)]))
    }

    /// Modulus and exponent of an RSA key, big-endian.
    pub fn rsa_numbers(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        match self {
            Self::Rsa(key) | Self::RsaPss(key) => Some((key.n_bytes().to_vec(), key.e_bytes().to_vec())),
            Self::Gost(_) | Self::P256(_) | Self::P384(_) | Self::Unusable(_) => None,
        }
    }

    /// The RSA key of these numbers, big-endian. `None` when they make none that is believed.
    pub fn from_rsa_numbers(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let numbers = asn1::sequence(&[&asn1::unsigned(modulus), &asn1::unsigned(exponent)]);
        let key = parse_rsa(&numbers, UnusableKey::Broken(oid::RSA)).ok()?;
        Some(Self::Rsa(Box::new(key)))
    }

    /// The key on P-256 of this point (SEC 1). `None` when it is not on the curve.
    pub fn from_p256_point(point: &[u8]) -> Option<Self> {
        p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(|key| Self::P256(Box::new(key)))
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
            (Self::Rsa(key) | Self::RsaPss(key), SignatureAlgorithm::RsaPss { digest: hash, salt_len }) => {
                match hash {
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
                }
            }
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
            Self::RsaPss(key) => format!("RSA {} for RSASSA-PSS only", key.size() * 8),
            Self::Unusable(key) => key.name(),
        }
    }

    /// Whether both are one key, also when only one of them is restricted to PSS.
    pub(crate) fn is_same_key(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rsa(one) | Self::RsaPss(one), Self::Rsa(two) | Self::RsaPss(two)) => one == two,
            _ => self == other,
        }
    }
}

/// The parameter set that a key of GOST R 34.10-2012 names.
fn gost_set(algorithm: &AlgorithmIdentifier<'_>) -> Option<ObjectIdentifier> {
    algorithm.parameters?.sequence().ok()?.next().ok()?.oid().ok()
}

fn parse_rsa(bits: &[u8], broken: UnusableKey) -> Result<RsaPublicKey, UnusableKey> {
    let mut numbers = Item::parse(bits).and_then(|item| item.sequence()).map_err(|_| broken)?;
    let modulus = numbers.next().and_then(|item| item.integer()).map_err(|_| broken)?;
    let size = bit_len(modulus);
    if size < MIN_RSA_BITS {
        return Err(UnusableKey::ShortRsa(size));
    }
    if size > RsaPublicKey::MAX_SIZE {
        return Err(UnusableKey::LongRsa(size));
    }
    let plain = asn1::algorithm(oid::RSA, &asn1::tlv(asn1::NULL, &[]));
    let info = asn1::sequence(&[&plain, &asn1::bit_string(bits)]);
    RsaPublicKey::from_public_key_der(&info).map_err(|_| broken)
}

/// Bits of a big-endian number.
pub(super) fn bit_len(number: &[u8]) -> usize {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let zeros = number.get(start).map_or(0, |first| first.leading_zeros());
    (number.len() - start) * 8 - usize::try_from(zeros).expect("at most eight")
}

fn rsa_numbers(key: &RsaPublicKey) -> Vec<u8> {
    asn1::sequence(&[&asn1::unsigned(&key.n_bytes()), &asn1::unsigned(&key.e_bytes())])
}
