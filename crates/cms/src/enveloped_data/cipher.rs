//! The symmetric half: the content under its own key.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};
use der::asn1::ObjectIdentifier;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::oid;

/// A cipher with everything but the key.
#[derive(Clone, Debug)]
pub(super) enum Cipher {
    /// AES in CBC mode.
    Aes { key_len: usize, iv: [u8; 16] },
}

/// A key for one content.
pub(super) fn new_key(cipher: &Cipher, random: &mut impl CryptoRng) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; cipher.key_len()]);
    random.fill_bytes(&mut key);
    key
}

impl Cipher {
    /// AES-256 with a new initialization vector.
    pub(super) fn aes256(random: &mut impl CryptoRng) -> Self {
        let mut iv = [0; 16];
        random.fill_bytes(&mut iv);
        Self::Aes { key_len: 32, iv }
    }

    /// Reads the algorithm of a content; inside, its identifier when it is not known here.
    pub(super) fn parse(item: Item<'_>) -> asn1::Result<Result<Self, ObjectIdentifier>> {
        let algorithm = AlgorithmIdentifier::parse(item)?;
        let key_len = match algorithm.oid {
            oid::AES128_CBC => 16,
            oid::AES192_CBC => 24,
            oid::AES256_CBC => 32,
            other => return Ok(Err(other)),
        };
        let iv = algorithm.parameters.ok_or_else(asn1::wrong_value)?.octets()?;
        Ok(Ok(Self::Aes { key_len, iv: iv.try_into().map_err(|_| asn1::wrong_value())? }))
    }

    /// Writes the algorithm.
    pub(super) fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Aes { key_len, iv } => {
                let identifier = match key_len {
                    16 => oid::AES128_CBC,
                    24 => oid::AES192_CBC,
                    _ => oid::AES256_CBC,
                };
                asn1::algorithm(identifier, &asn1::tlv(asn1::OCTET_STRING, &[iv]))
            }
        }
    }

    /// Bytes of its key.
    pub(super) fn key_len(&self) -> usize {
        match self {
            Self::Aes { key_len, .. } => *key_len,
        }
    }

    /// Encrypts with a key of [`Cipher::key_len`].
    pub(super) fn encrypt(&self, key: &[u8], content: &[u8]) -> Vec<u8> {
        const FITS: &str = "the key was made for this cipher";
        match self {
            Self::Aes { key_len: 16, iv } => cbc::Encryptor::<Aes128>::new_from_slices(key, iv)
                .expect(FITS)
                .encrypt_padded_vec::<Pkcs7>(content),
            Self::Aes { key_len: 24, iv } => cbc::Encryptor::<Aes192>::new_from_slices(key, iv)
                .expect(FITS)
                .encrypt_padded_vec::<Pkcs7>(content),
            Self::Aes { iv, .. } => cbc::Encryptor::<Aes256>::new_from_slices(key, iv)
                .expect(FITS)
                .encrypt_padded_vec::<Pkcs7>(content),
        }
    }

    /// Decrypts; `None` when the key has another length or the padding is wrong.
    pub(super) fn decrypt(&self, key: &[u8], encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let Self::Aes { key_len, iv } = self;
        let plain = match key_len {
            16 => cbc::Decryptor::<Aes128>::new_from_slices(key, iv)
                .ok()?
                .decrypt_padded_vec::<Pkcs7>(encrypted),
            24 => cbc::Decryptor::<Aes192>::new_from_slices(key, iv)
                .ok()?
                .decrypt_padded_vec::<Pkcs7>(encrypted),
            _ => cbc::Decryptor::<Aes256>::new_from_slices(key, iv)
                .ok()?
                .decrypt_padded_vec::<Pkcs7>(encrypted),
        };
        plain.ok().map(Zeroizing::new)
    }
}
