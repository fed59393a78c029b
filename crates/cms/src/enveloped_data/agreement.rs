//! Key agreement: a new key of ours and the recipient's key on the same curve lead both sides to one secret, under which
//! the content's key is wrapped (RFC 5753 §3, the form with a static key of the recipient and a new one of the sender).

use aes_kw::{KeyInit, KwAes128, KwAes192, KwAes256};
use der::asn1::ObjectIdentifier;
use p256::elliptic_curve::Generate;
use rand::CryptoRng;
use zeroize::Zeroizing;

use super::{DecryptError, EncryptError, agreement_recipient, recipient_id};
use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::certificate::Certificate;
use crate::digest::DigestAlgorithm;
use crate::key::{PrivateKey, PublicKey};
use crate::oid;
use crate::signed_data::SignerId;

/// Recipients that share one key of the sender.
const MAX_KEYS: usize = 16;
/// Bytes that wrapping adds to a key.
const WRAPPING_BYTES: usize = 8;

/// Writes the recipient with the content's key, wrapped by AES-256 under a secret derived with SHA-256 for P-256 and
/// SHA-384 for P-384.
pub(super) fn seal(
    content_key: &[u8],
    recipient: &Certificate,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, EncryptError> {
    let (scheme, digest, point, secret) = match recipient.key() {
        PublicKey::P256(key) => {
            let ours = p256::SecretKey::generate_from_rng(random);
            let secret = ours.diffie_hellman(&p256::PublicKey::from(key.as_ref()));
            let point = ours.public_key().to_sec1_bytes();
            let secret = Zeroizing::new(secret.raw_secret_bytes().to_vec());
            (oid::DH_SHA256, DigestAlgorithm::Sha256, point, secret)
        }
        PublicKey::P384(key) => {
            let ours = p384::SecretKey::generate_from_rng(random);
            let secret = ours.diffie_hellman(&p384::PublicKey::from(key.as_ref()));
            let point = ours.public_key().to_sec1_bytes();
            let secret = Zeroizing::new(secret.raw_secret_bytes().to_vec());
            (oid::DH_SHA384, DigestAlgorithm::Sha384, point, secret)
        }
        other => return Err(EncryptError::Key(other.name())),
    };
    let wrap = asn1::algorithm(oid::AES256_WRAP, &[]);
    let wrapping_key = derive(&secret, digest, &wrap, None, 32);
    let mut encrypted = vec![0; content_key.len() + WRAPPING_BYTES];
    KwAes256::new_from_slice(&wrapping_key)
        .expect("32 bytes are a key of AES-256")
        .wrap_key(content_key, &mut encrypted)
        .expect("keys of AES are whole blocks");

    // RFC 5753 §3.1.1: the curve is that of the recipient and not named again.
    let originator = [asn1::algorithm(oid::EC_KEY, &[]), asn1::bit_string(&point)].concat();
    let key = asn1::sequence(&[&recipient_id(recipient), &asn1::tlv(asn1::OCTET_STRING, &[&encrypted])]);
    Ok(asn1::tlv(
        asn1::context(1),
        &[
            &asn1::unsigned(&[3]),
            &asn1::tlv(asn1::context(0), &[&asn1::tlv(asn1::context(1), &[&originator])]),
            &asn1::algorithm(scheme, &wrap),
            &asn1::sequence(&[&key]),
        ],
    ))
}

/// The key derivation of ANSI X9.63 over ECC-CMS-SharedInfo (RFC 5753 §7.2). `wrap` is the algorithm as it was written.
fn derive(
    secret: &[u8],
    digest: DigestAlgorithm,
    wrap: &[u8],
    user_keying_material: Option<&[u8]>,
    len: usize,
) -> Zeroizing<Vec<u8>> {
    let entity = user_keying_material
        .map(|bytes| asn1::tlv(asn1::context(0), &[&asn1::tlv(asn1::OCTET_STRING, &[bytes])]))
        .unwrap_or_default();
    let bits = u32::try_from(len * 8).expect("a key of some hundred bits").to_be_bytes();
    let supplement = asn1::tlv(asn1::context(2), &[&asn1::tlv(asn1::OCTET_STRING, &[&bits])]);
    let shared_info = asn1::sequence(&[wrap, &entity, &supplement]);
    let mut key = Zeroizing::new(Vec::with_capacity(len + digest.len()));
    for counter in 1u32.. {
        if key.len() >= len {
            break;
        }
        let mut hasher = digest.hasher();
        hasher.update(secret);
        hasher.update(&counter.to_be_bytes());
        hasher.update(&shared_info);
        key.extend_from_slice(&Zeroizing::new(hasher.finish()));
    }
    key.truncate(len);
    key
}

/// A recipient as it was read; may hold the key for several certificates.
#[derive(Clone, Debug)]
pub(super) struct Agreement {
    /// The sender's key; `None` when it is named instead of given.
    point: Option<Vec<u8>>,
    user_keying_material: Option<Vec<u8>>,
    scheme: ObjectIdentifier,
    /// The algorithm of wrapping as it came: the secret is derived over it.
    wrap: Vec<u8>,
    wrap_oid: ObjectIdentifier,
    keys: Vec<(SignerId, Vec<u8>)>,
}

impl Agreement {
    pub(super) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let mut fields = item.fields(asn1::context(1))?;
        fields.required(asn1::INTEGER)?;
        let originator = fields.next()?.explicit(0)?;
        let point = match originator.tag() {
            tag if tag == asn1::context(1) => {
                let mut key = originator.fields(asn1::context(1))?;
                AlgorithmIdentifier::parse(key.next()?)?;
                Some(key.next()?.bits()?.to_vec())
            }
            _ => None,
        };
        let user_keying_material = match fields.optional(asn1::context(1))? {
            Some(item) => Some(item.explicit(1)?.octets()?.to_vec()),
            None => None,
        };
        let algorithm = AlgorithmIdentifier::parse(fields.next()?)?;
        let wrap = algorithm.parameters.ok_or_else(asn1::wrong_value)?;
        let keys = fields.next()?.sequence()?.collect(MAX_KEYS)?;
        fields.finish()?;
        let keys = keys.into_iter().map(|key| {
            let mut fields = key.sequence()?;
            let id = agreement_recipient(fields.next()?)?;
            Ok((id, fields.next()?.octets()?.to_vec()))
        });
        Ok(Self {
            point,
            user_keying_material,
            scheme: algorithm.oid,
            wrap: wrap.raw().to_vec(),
            wrap_oid: AlgorithmIdentifier::parse(wrap)?.oid,
            keys: keys.collect::<asn1::Result<_>>()?,
        })
    }

    /// The wrapped key for a certificate.
    pub(super) fn key_for(&self, certificate: &Certificate) -> Option<&[u8]> {
        self.keys.iter().find(|(id, _)| id.names(certificate)).map(|(_, key)| key.as_slice())
    }

    /// The content's key.
    pub(super) fn open(
        &self,
        encrypted: &[u8],
        key: &PrivateKey,
    ) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        // With cofactor 1, as all curves here have, both families of schemes are the same.
        let digest = match self.scheme {
            oid::DH_SHA1 | oid::COFACTOR_DH_SHA1 => DigestAlgorithm::Sha1,
            oid::DH_SHA256 | oid::COFACTOR_DH_SHA256 => DigestAlgorithm::Sha256,
            oid::DH_SHA384 | oid::COFACTOR_DH_SHA384 => DigestAlgorithm::Sha384,
            oid::DH_SHA512 | oid::COFACTOR_DH_SHA512 => DigestAlgorithm::Sha512,
            other => return Err(DecryptError::Unsupported(other)),
        };
        let len = match self.wrap_oid {
            oid::AES128_WRAP => 16,
            oid::AES192_WRAP => 24,
            oid::AES256_WRAP => 32,
            other => return Err(DecryptError::Unsupported(other)),
        };
        let secret = self.secret(key).ok_or(DecryptError::NotOpened)?;
        let wrapping_key = derive(&secret, digest, &self.wrap, self.user_keying_material.as_deref(), len);
        let opened = encrypted.len().checked_sub(WRAPPING_BYTES).ok_or(DecryptError::NotOpened)?;
        let mut opened = Zeroizing::new(vec![0; opened]);
        let done = match len {
            16 => KwAes128::new_from_slice(&wrapping_key)
                .is_ok_and(|wrap| wrap.unwrap_key(encrypted, &mut opened).is_ok()),
            24 => KwAes192::new_from_slice(&wrapping_key)
                .is_ok_and(|wrap| wrap.unwrap_key(encrypted, &mut opened).is_ok()),
            _ => KwAes256::new_from_slice(&wrapping_key)
                .is_ok_and(|wrap| wrap.unwrap_key(encrypted, &mut opened).is_ok()),
        };
        if done { Ok(opened) } else { Err(DecryptError::NotOpened) }
    }

    /// What both sides know; `None` when the sender's point is missing or not on the curve.
    fn secret(&self, key: &PrivateKey) -> Option<Zeroizing<Vec<u8>>> {
        let point = self.point.as_deref()?;
        match key {
            PrivateKey::P256(key) => {
                let secret = p256::SecretKey::from(key.as_nonzero_scalar())
                    .diffie_hellman(&p256::PublicKey::from_sec1_bytes(point).ok()?);
                Some(Zeroizing::new(secret.raw_secret_bytes().to_vec()))
            }
            PrivateKey::P384(key) => {
                let secret = p384::SecretKey::from(key.as_nonzero_scalar())
                    .diffie_hellman(&p384::PublicKey::from_sec1_bytes(point).ok()?);
                Some(Zeroizing::new(secret.raw_secret_bytes().to_vec()))
            }
            PrivateKey::Gost(_) | PrivateKey::Rsa(_) | PrivateKey::RsaPss(_) => None,
        }
    }
}
