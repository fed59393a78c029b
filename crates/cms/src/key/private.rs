//! Private keys in memory, and the seam for keys that live elsewhere.

use p256::ecdsa::signature::hazmat::{PrehashSigner, RandomizedPrehashSigner};
use p256::elliptic_curve::Generate;
use rand::rngs::StdRng;
use rand::{CryptoRng, SeedableRng};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::algorithm::SignatureAlgorithm;
use super::public::{MIN_RSA_BITS, PublicKey, bit_len};
use crate::asn1::{self, AlgorithmIdentifier, Fields, Item};
use crate::certificate::{Certificate, CertificateError};
use crate::digest::DigestAlgorithm;
use crate::{encoding, gost, oid};

/// Rounds of PBKDF2: half a second of a guesser's processor for each password tried.
const KEY_ROUNDS: u32 = 600_000;

/// A key that signs digests: in memory, on a token, behind a command.
pub trait SigningKey: Send + Sync {
    /// The algorithm of its signatures, and with it the digest to give it.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// Signs a digest by [`SigningKey::algorithm`]. GOST gives s then r, ECDSA the DER structure, RSA the number.
    ///
    /// # Errors
    /// [`SigningError`] when the digest has a wrong length or the key cannot be reached.
    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SigningError>;

    /// Signs so that the same digest gets another signature with other `fresh` data, where the algorithm has a nonce or a salt:
    /// GOST, ECDSA, RSA by PSS. PKCS#1 v1.5 has none. Keys that live elsewhere choose their own, and take no data.
    ///
    /// # Errors
    /// As [`SigningKey::sign_digest`].
    fn sign_digest_with(&self, digest: &[u8], fresh: &Fresh) -> Result<Vec<u8>, SigningError> {
        let Fresh(_) = fresh;
        self.sign_digest(digest)
    }
}

/// Data that make a signature unlike the others over the same digest. They need not be secret: the nonce follows from the key too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh(pub [u8; 32]);

/// A key that signs with given data.
pub struct Freshly<'a> {
    /// What signs.
    pub key: &'a dyn SigningKey,
    /// The data.
    pub fresh: Fresh,
}

impl SigningKey for Freshly<'_> {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.key.sign_digest_with(digest, &self.fresh)
    }
}

/// Why a key did not sign.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The digest does not fit the key.
    #[error("the digest is {actual} bytes long, the key signs {expected}")]
    Digest {
        /// Bytes the key signs.
        expected: usize,
        /// Bytes given.
        actual: usize,
    },
    /// The key refused or could not be reached; the text says more.
    #[error("the key did not sign: {0}")]
    Key(String),
}

/// Why bytes are not a private key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    /// Neither DER nor PEM, or broken inside.
    #[error("the private key cannot be read")]
    Malformed,
    /// Not DER in any wrapping.
    #[error("the key file cannot be read: {0}")]
    Encoding(#[from] encoding::EncodingError),
    /// The form of OpenSSH.
    #[error("the private key is in the form of OpenSSH: write it again by `ssh-keygen -p -m PKCS8`")]
    OpenSsh,
    /// Encrypted as PEM was before PKCS#8: by a digest of the password.
    #[error(
        "the private key is encrypted in the old form of PEM, which is not read: write it again by `openssl pkcs8 -topk8`"
    )]
    OldPem,
    /// A certificate in the file cannot be read, and none of the others fits a key.
    #[error("a certificate in the file cannot be read: {0}")]
    Certificate(CertificateError),
    /// The key is encrypted with a password, and none was given.
    #[error("the private key is protected by a password")]
    Encrypted,
    /// The password does not open the key.
    #[error("the password of the private key is wrong")]
    WrongPassword,
    /// The key is encrypted by an algorithm from before PKCS#5 version 2.
    #[error(
        "the private key is encrypted by an old algorithm ({0}): write it again with OpenSSL 3, or without a password"
    )]
    OldEncryption(der::asn1::ObjectIdentifier),
    /// The key is encrypted by PKCS#5 version 2 with a cipher, or with a derivation of its key, that is not read.
    #[error(
        "the private key is encrypted by the algorithm {0}, which is not supported: write it again with AES, or without a password"
    )]
    UnsupportedEncryption(der::asn1::ObjectIdentifier),
    /// There is no private key in the file, or none that fits its certificate.
    #[error("the file has no private key that fits a certificate in it")]
    NoIdentity,
    /// A kind of key that does not sign here.
    #[error("private keys of the algorithm {0} are not supported")]
    Unsupported(der::asn1::ObjectIdentifier),
    /// A key on a curve that is not supported.
    #[error("private keys on the curve {0} are not supported")]
    UnsupportedCurve(der::asn1::ObjectIdentifier),
    /// An RSA key that nobody should rely on.
    #[error("the private RSA key of {0} bits is too short, {MIN_RSA_BITS} are needed")]
    ShortRsa(usize),
    /// A parameter set or a number of a GOST key is wrong.
    #[error("the private key of GOST R 34.10-2012 is wrong: {0}")]
    Gost(#[from] gost::KeyError),
}

/// What kind of key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// GOST R 34.10-2012 with a parameter set.
    Gost(gost::ParameterSet),
    /// RSA with 2048 bits.
    Rsa2048,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
}

/// A private key in memory.
#[derive(Clone)]
pub enum PrivateKey {
    /// GOST R 34.10-2012.
    Gost(gost::PrivateKey),
    /// RSA that signs by PKCS#1 v1.5 with SHA-256.
    Rsa(Box<RsaPrivateKey>),
    /// RSA that signs by PSS with SHA-256.
    RsaPss(Box<RsaPrivateKey>),
    /// ECDSA on P-256 with SHA-256.
    P256(Box<p256::ecdsa::SigningKey>),
    /// ECDSA on P-384 with SHA-384.
    P384(Box<p384::ecdsa::SigningKey>),
}

impl std::fmt::Debug for PrivateKey {
    /// Shows the public half only.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("PrivateKey").field(&self.public_key().name()).finish()
    }
}

impl PrivateKey {
    /// A new key. RSA takes a good part of a second.
    ///
    /// # Errors
    /// [`SigningError::Key`] when RSA finds no primes, which no working source of randomness leads to.
    pub fn generate(kind: KeyKind, random: &mut impl CryptoRng) -> Result<Self, SigningError> {
        Ok(match kind {
            KeyKind::Gost(set) => Self::Gost(gost::PrivateKey::generate(set, random)),
            KeyKind::Rsa2048 => Self::Rsa(Box::new(
                RsaPrivateKey::new(random, 2048).map_err(|error| SigningError::Key(error.to_string()))?,
            )),
            KeyKind::P256 => Self::P256(Box::new(p256::ecdsa::SigningKey::generate_from_rng(random))),
            KeyKind::P384 => Self::P384(Box::new(p384::ecdsa::SigningKey::generate_from_rng(random))),
        })
    }

    /// Reads PKCS#8, PKCS#1 or SEC 1, in PEM or DER. Of a PEM file the first private key is taken.
    ///
    /// # Errors
    /// [`PrivateKeyError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, PrivateKeyError> {
        if bytes.first() == Some(&asn1::SEQUENCE) {
            return Self::parse_der(bytes);
        }
        let blocks = encoding::pem_blocks(bytes).ok_or(PrivateKeyError::Malformed)?;
        let block = blocks.into_iter().find(|block| block.label.ends_with("PRIVATE KEY"));
        let block = block.ok_or(PrivateKeyError::Malformed)?;
        if block.is_encrypted {
            return Err(PrivateKeyError::OldPem);
        }
        Self::parse_der(&Zeroizing::new(block.bytes))
    }

    pub(super) fn parse_der(bytes: &[u8]) -> Result<Self, PrivateKeyError> {
        let malformed = |_| PrivateKeyError::Malformed;
        if bytes.starts_with(OPENSSH) {
            return Err(PrivateKeyError::OpenSsh);
        }
        let mut fields = Item::parse(bytes).and_then(|item| item.sequence()).map_err(malformed)?;
        let first = fields.next().map_err(malformed)?;
        if first.tag() == asn1::SEQUENCE {
            return Err(PrivateKeyError::Encrypted);
        }
        let second = fields.next().map_err(malformed)?;
        match second.tag() {
            asn1::SEQUENCE => Self::parse_pkcs8(bytes, second, fields),
            asn1::OCTET_STRING => Self::parse_sec1(bytes),
            _ => Ok(Self::Rsa(rsa_key(RsaPrivateKey::from_pkcs1_der(bytes), second)?)),
        }
    }

    fn parse_pkcs8(whole: &[u8], algorithm: Item<'_>, mut rest: Fields<'_>) -> Result<Self, PrivateKeyError> {
        let malformed = |_| PrivateKeyError::Malformed;
        let algorithm = AlgorithmIdentifier::parse(algorithm).map_err(malformed)?;
        let value = rest.next().and_then(|item| item.octets()).map_err(malformed)?;
        match algorithm.oid {
            oid::GOST_KEY_256 | oid::GOST_KEY_512 => {
                let set = algorithm
                    .parameters
                    .and_then(|item| item.sequence().ok()?.next().ok()?.oid().ok())
                    .ok_or(PrivateKeyError::Malformed)?;
                let set = gost::ParameterSet::from_oid(&set).ok_or(PrivateKeyError::Unsupported(set))?;
                Ok(Self::Gost(parse_gost(set, value)?))
            }
            oid::RSA | oid::RSA_PSS => {
                let numbers = Item::parse(value).and_then(|item| item.sequence());
                let modulus = numbers.and_then(|mut fields| {
                    fields.next()?;
                    fields.next()
                });
                let key = rsa_key(RsaPrivateKey::from_pkcs1_der(value), modulus.map_err(malformed)?)?;
                Ok(if algorithm.oid == oid::RSA { Self::Rsa(key) } else { Self::RsaPss(key) })
            }
            oid::EC_KEY => match algorithm.parameters.and_then(|item| item.oid().ok()) {
                Some(oid::P256) => p256::ecdsa::SigningKey::from_pkcs8_der(whole)
                    .map(|key| Self::P256(Box::new(key)))
                    .map_err(|_| PrivateKeyError::Malformed),
                Some(oid::P384) => p384::ecdsa::SigningKey::from_pkcs8_der(whole)
                    .map(|key| Self::P384(Box::new(key)))
                    .map_err(|_| PrivateKeyError::Malformed),
                Some(curve) => Err(PrivateKeyError::UnsupportedCurve(curve)),
                None => Err(PrivateKeyError::Malformed),
            },
            other => Err(PrivateKeyError::Unsupported(other)),
        }
    }

    /// The form of `openssl ecparam -genkey`.
    fn parse_sec1(bytes: &[u8]) -> Result<Self, PrivateKeyError> {
        if let Ok(key) = p256::SecretKey::from_sec1_der(bytes) {
            return Ok(Self::P256(Box::new(key.into())));
        }
        match p384::SecretKey::from_sec1_der(bytes) {
            Ok(key) => Ok(Self::P384(Box::new(key.into()))),
            Err(_) => Err(PrivateKeyError::Malformed),
        }
    }

    /// Writes PKCS#8, to be kept as a secret.
    pub fn to_pkcs8_der(&self) -> Zeroizing<Vec<u8>> {
        let written = "a key that was read or made can be written";
        match self {
            Self::Gost(key) => {
                let info = self.public_key().to_der().expect(written);
                let mut fields = Item::parse(&info).and_then(|item| item.sequence()).expect(written);
                let algorithm = fields.next().expect(written);
                let value = Zeroizing::new(asn1::tlv(asn1::OCTET_STRING, &[key.as_le_bytes()]));
                let value = Zeroizing::new(asn1::tlv(asn1::OCTET_STRING, &[&value]));
                Zeroizing::new(asn1::sequence(&[&asn1::unsigned(&[0]), algorithm.raw(), &value]))
            }
            Self::Rsa(key) | Self::RsaPss(key) => key.to_pkcs8_der().expect(written).to_bytes(),
            Self::P256(key) => key.to_pkcs8_der().expect(written).to_bytes(),
            Self::P384(key) => key.to_pkcs8_der().expect(written).to_bytes(),
        }
    }

    /// Writes PKCS#8 as PEM, to be kept as a secret.
    pub fn to_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(encoding::to_pem("PRIVATE KEY", &self.to_pkcs8_der()))
    }

    /// Writes PKCS#8 behind a password as PEM, encrypted as OpenSSL 3 does it: PBKDF2 and AES-256.
    pub fn to_encrypted_pem(&self, password: &str, random: &mut impl CryptoRng) -> Zeroizing<String> {
        let (mut salt, mut vector) = ([0; 16], [0; 16]);
        random.fill_bytes(&mut salt);
        random.fill_bytes(&mut vector);
        let scheme = pkcs5::pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(KEY_ROUNDS, &salt, vector)
            .expect("the salt is long enough");
        let encrypted =
            scheme.encrypt(password, &self.to_pkcs8_der()).expect("AES takes any number of bytes");
        let scheme = pkcs5::EncryptionScheme::from(scheme);
        let algorithm = der::Encode::to_der(&scheme).expect("parameters can be written");
        let info = asn1::sequence(&[&algorithm, &asn1::tlv(asn1::OCTET_STRING, &[&encrypted])]);
        Zeroizing::new(encoding::to_pem("ENCRYPTED PRIVATE KEY", &info))
    }

    /// Makes an RSA key sign by PSS; other keys stay as they are.
    pub fn with_pss(self) -> Self {
        match self {
            Self::Rsa(key) => Self::RsaPss(key),
            other => other,
        }
    }

    /// Whether this is the key of a certificate.
    pub fn is_key_of(&self, certificate: &Certificate) -> bool {
        self.public_key().is_same_key(certificate.key())
    }

    /// The same key, signing as a certificate asks: one that is for PSS only makes an RSA key sign by PSS.
    pub fn for_certificate(self, certificate: &Certificate) -> Self {
        match certificate.key() {
            PublicKey::RsaPss(_) => self.with_pss(),
            _ => self,
        }
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        match self {
            Self::Gost(key) => PublicKey::Gost(key.public_key()),
            Self::Rsa(key) | Self::RsaPss(key) => PublicKey::Rsa(Box::new(key.to_public_key())),
            Self::P256(key) => PublicKey::P256(Box::new(*key.verifying_key())),
            Self::P384(key) => PublicKey::P384(Box::new(*key.verifying_key())),
        }
    }
}

/// What a file of OpenSSH begins with, out of its PEM.
const OPENSSH: &[u8] = b"openssh-key-v1\0";

/// An RSA key that was read, if it is long enough; `modulus` is its first number.
fn rsa_key<E>(
    key: Result<RsaPrivateKey, E>,
    modulus: Item<'_>,
) -> Result<Box<RsaPrivateKey>, PrivateKeyError> {
    let bits = modulus.integer().map(bit_len).map_err(|_| PrivateKeyError::Malformed)?;
    if bits < MIN_RSA_BITS {
        return Err(PrivateKeyError::ShortRsa(bits));
    }
    key.map(Box::new).map_err(|_| PrivateKeyError::Malformed)
}

/// The number of a GOST key (RFC 9548 §5.2): bare, in an OCTET STRING, or, big-endian, in an INTEGER. Where it stands in
/// octets, masks may follow it; in a structure the public key stands beside these.
fn parse_gost(set: gost::ParameterSet, value: &[u8]) -> Result<gost::PrivateKey, PrivateKeyError> {
    let malformed = |_| PrivateKeyError::Malformed;
    let key_len = set.key_len();
    let bare = value.len().is_multiple_of(key_len).then_some(value);
    let octets = match Item::parse(value) {
        _ if bare.is_some() => value,
        Ok(item) if item.tag() == asn1::INTEGER => {
            let magnitude = item.value();
            let start = magnitude.iter().position(|byte| *byte != 0).unwrap_or(magnitude.len());
            let mut key: Zeroizing<Vec<u8>> =
                Zeroizing::new(magnitude[start..].iter().rev().copied().collect());
            let len = key.len().max(key_len);
            key.resize(len, 0);
            return Ok(gost::PrivateKey::from_le_bytes(set, &key)?);
        }
        Ok(item) if item.tag() == asn1::SEQUENCE => {
            item.sequence().and_then(|mut fields| fields.next()?.octets()).map_err(malformed)?
        }
        Ok(item) => item.octets().map_err(malformed)?,
        Err(_) => return Err(PrivateKeyError::Malformed),
    };
    Ok(gost::PrivateKey::from_masked(set, octets)?)
}

/// Randomness for the blinding and the salt of RSA that follows from the key, the digest and fresh data: as hard to guess as
/// the key, and no source of randomness has to be at hand.
fn rsa_random(key: &RsaPrivateKey, digest: &[u8], fresh: &[u8]) -> Result<StdRng, SigningError> {
    let secret = key.to_pkcs8_der().map_err(|error| SigningError::Key(error.to_string()))?;
    let mut hasher = Sha256::new();
    hasher.update(b"blinding");
    hasher.update(secret.as_bytes());
    hasher.update(digest);
    hasher.update(fresh);
    Ok(StdRng::from_seed(hasher.finalize().into()))
}

impl SigningKey for PrivateKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::Gost(key) => SignatureAlgorithm::Gost(key.set().digest()),
            Self::Rsa(_) => SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
            Self::RsaPss(_) => SignatureAlgorithm::RsaPss { digest: DigestAlgorithm::Sha256, salt_len: 32 },
            Self::P256(_) => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
            Self::P384(_) => SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384),
        }
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.signed(digest, None)
    }

    fn sign_digest_with(&self, digest: &[u8], fresh: &Fresh) -> Result<Vec<u8>, SigningError> {
        self.signed(digest, Some(fresh))
    }
}

impl PrivateKey {
    fn signed(&self, digest: &[u8], fresh: Option<&Fresh>) -> Result<Vec<u8>, SigningError> {
        let expected = self.algorithm().digest().len();
        let wrong_digest = SigningError::Digest { expected, actual: digest.len() };
        if digest.len() != expected {
            return Err(wrong_digest);
        }
        let data = fresh.map_or(&[][..], |fresh| &fresh.0);
        match self {
            Self::Gost(key) => key.sign_with(digest, data).ok_or(wrong_digest),
            Self::Rsa(key) => key
                .sign_with_rng(&mut rsa_random(key, digest, &[])?, Pkcs1v15Sign::new::<Sha256>(), digest)
                .map_err(|error| SigningError::Key(error.to_string())),
            Self::RsaPss(key) => key
                .sign_with_rng(&mut rsa_random(key, digest, data)?, Pss::<Sha256>::new(), digest)
                .map_err(|error| SigningError::Key(error.to_string())),
            Self::P256(key) => {
                let signature: p256::ecdsa::DerSignature = ecdsa(&**key, digest, fresh)?;
                Ok(signature.as_bytes().to_vec())
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::DerSignature = ecdsa(&**key, digest, fresh)?;
                Ok(signature.as_bytes().to_vec())
            }
        }
    }
}

/// The generator only brings the fresh data in: the nonce follows from them, the key and the digest (RFC 6979 §3.6).
fn ecdsa<S, K>(key: &K, digest: &[u8], fresh: Option<&Fresh>) -> Result<S, SigningError>
where
    K: PrehashSigner<S> + RandomizedPrehashSigner<S>,
{
    match fresh {
        Some(Fresh(seed)) => key.sign_prehash_with_rng(&mut StdRng::from_seed(*seed), digest),
        None => key.sign_prehash(digest),
    }
    .map_err(|error| SigningError::Key(error.to_string()))
}
