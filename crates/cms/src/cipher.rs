//! Symmetric ciphers of encrypted contents and of key files.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};
use der::asn1::ObjectIdentifier;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::gost::Substitution;
use crate::oid;

/// A cipher with everything but the key.
#[derive(Clone, Debug)]
pub(crate) enum Cipher {
    /// AES in CBC mode.
    Aes { key_len: usize, iv: [u8; 16] },
    /// GOST 28147-89 in CFB mode.
    Gost { table: Substitution, iv: [u8; 8] },
}

/// A key for one content: the ciphers that we encrypt by take 32 bytes.
pub(crate) fn new_key(random: &mut impl CryptoRng) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    random.fill_bytes(&mut key[..]);
    key
}

impl Cipher {
    /// AES-256 with a new initialization vector.
    pub(crate) fn aes256(random: &mut impl CryptoRng) -> Self {
        let mut iv = [0; 16];
        random.fill_bytes(&mut iv);
        Self::Aes { key_len: 32, iv }
    }

    /// GOST 28147-89 with the table for keys of GOST R 34.10-2012 and a new initialization vector.
    pub(crate) fn gost(random: &mut impl CryptoRng) -> Self {
        let mut iv = [0; 8];
        random.fill_bytes(&mut iv);
        Self::Gost { table: Substitution::Tc26Z, iv }
    }

    /// Reads the algorithm of a content; inside, its identifier when it is not known here.
    pub(crate) fn parse(item: Item<'_>) -> asn1::Result<Result<Self, ObjectIdentifier>> {
        let algorithm = AlgorithmIdentifier::parse(item)?;
        let key_len = match algorithm.oid {
            oid::AES128_CBC => 16,
            oid::AES192_CBC => 24,
            oid::AES256_CBC => 32,
            oid::GOST_CIPHER => return Self::parse_gost(&algorithm),
            other => return Ok(Err(other)),
        };
        let iv = algorithm.parameters.ok_or_else(asn1::wrong_value)?.octets()?;
        Ok(Ok(Self::Aes { key_len, iv: iv.try_into().map_err(|_| asn1::wrong_value())? }))
    }

    fn parse_gost(algorithm: &AlgorithmIdentifier<'_>) -> asn1::Result<Result<Self, ObjectIdentifier>> {
        let mut fields = algorithm.parameters.ok_or_else(asn1::wrong_value)?.sequence()?;
        let iv = fields.next()?.octets()?;
        let table = fields.next()?.oid()?;
        fields.finish()?;
        let iv = iv.try_into().map_err(|_| asn1::wrong_value())?;
        Ok(Substitution::from_oid(&table).map(|table| Self::Gost { table, iv }).ok_or(table))
    }

    /// Writes the algorithm.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Aes { key_len, iv } => {
                let identifier = match key_len {
                    16 => oid::AES128_CBC,
                    24 => oid::AES192_CBC,
                    _ => oid::AES256_CBC,
                };
                asn1::algorithm(identifier, &asn1::tlv(asn1::OCTET_STRING, &[iv]))
            }
            Self::Gost { table, iv } => {
                let iv = asn1::tlv(asn1::OCTET_STRING, &[iv]);
                asn1::algorithm(oid::GOST_CIPHER, &asn1::sequence(&[&iv, &asn1::oid(table.oid())]))
            }
        }
    }

    /// Bytes of its key.
    pub(crate) fn key_len(&self) -> usize {
        match self {
            Self::Aes { key_len, .. } => *key_len,
            Self::Gost { .. } => 32,
        }
    }

    /// Encrypts with a key of [`Cipher::key_len`].
    pub(crate) fn encrypt(&self, key: &[u8], content: &[u8]) -> Vec<u8> {
        const FITS: &str = "the key was made for this cipher";
        match self {
            Self::Aes { key_len: 16, iv } => cbc::Encryptor::<Aes128>::new_from_slices(key, iv)
                .expect(FITS)
                .encrypt_padded_vec::<Pkcs7>(content),
            Self::Aes { key_len: 24, iv } => cbc::Encryptor::<Aes192>::new_from_slices(key, iv)
                .expect(FITS)
                .encrypt_padded_vec::<Pkcs7>(content),
            Self::Gost { table, iv } => table.encrypt(key.try_into().expect(FITS), *iv, content),
            Self::Aes { iv, .. } => cbc::Encryptor::<Aes256>::new_from_slices(key, iv)
                .expect(FITS)
                .encrypt_padded_vec::<Pkcs7>(content),
        }
    }

    /// Decrypts; `None` when the key has another length or the padding is wrong.
    pub(crate) fn decrypt(&self, key: &[u8], encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (key_len, iv) = match self {
            Self::Aes { key_len, iv } => (key_len, iv),
            Self::Gost { table, iv } => return Some(table.decrypt(key.try_into().ok()?, *iv, encrypted)),
        };
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
