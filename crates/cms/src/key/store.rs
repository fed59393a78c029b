//! Files with a private key and its certificates: PEM bundles and PKCS#12.

use zeroize::Zeroizing;

use super::pbes2;
use super::private::{PrivateKey, PrivateKeyError};
use crate::asn1::{self, AlgorithmIdentifier, Fields, Item};
use crate::certificate::{Certificate, CertificateError};
use crate::encoding::{self, EncodingError, Limits};
use crate::oid;
use crate::pki::Identity;
use crate::time::UnixTime;

/// Bags and certificates in one file.
const MAX_BAGS: usize = 256;
/// Bags inside of bags.
const MAX_BAG_DEPTH: usize = 4;
/// Bytes of one file.
const MAX_BYTES: usize = 16 << 20;

/// What a key file contains.
#[derive(Clone, Debug)]
pub struct KeyStore {
    /// The private keys.
    pub keys: Vec<PrivateKey>,
    /// The certificates, in the order of the file.
    pub certificates: Vec<Certificate>,
    /// Why the first certificate that cannot be read cannot; such certificates are left out.
    pub left_out: Option<CertificateError>,
}

impl KeyStore {
    /// Reads PKCS#12, or PEM with keys and certificates in any order. Keys may be behind a password by PKCS#5 version 2 with
    /// AES, which is what OpenSSL 3 writes, or with GOST 28147-89 and Streebog (RFC 9337).
    ///
    /// The check sum of PKCS#12 is not computed: whether the password was right shows when the key opens, and whether the
    /// key is right shows when it fits its certificate.
    ///
    /// # Errors
    /// [`PrivateKeyError`].
    pub fn parse(bytes: &[u8], password: Option<&str>) -> Result<Self, PrivateKeyError> {
        let mut store = Self { keys: Vec::new(), certificates: Vec::new(), left_out: None };
        if bytes.first() == Some(&asn1::SEQUENCE) {
            store.read_der(bytes, password)?;
            return Ok(store);
        }
        for block in encoding::pem_blocks(bytes).ok_or(PrivateKeyError::Malformed)? {
            let bytes = Zeroizing::new(block.bytes);
            if block.is_encrypted {
                return Err(PrivateKeyError::OldPem);
            }
            if block.label.ends_with("PRIVATE KEY") {
                store.read_key(&bytes, password)?;
            } else if block.label.ends_with("CERTIFICATE") {
                store.read_certificate(&bytes);
            }
        }
        Ok(store)
    }

    /// A key with its certificate, and the other certificates. Of several certificates of a key it is the one that is valid at
    /// `at`, of several such the newest.
    ///
    /// # Errors
    /// [`PrivateKeyError::NoIdentity`] when no key fits a certificate, [`PrivateKeyError::Certificate`] when the right one may
    /// be among those that cannot be read.
    pub fn into_identity(self, at: UnixTime) -> Result<(Identity, Vec<Certificate>), PrivateKeyError> {
        self.into_identity_of(Vec::new(), at)
    }

    /// The same with certificates that were named beside the file: these come first.
    ///
    /// # Errors
    /// Those of [`KeyStore::into_identity`].
    pub fn into_identity_of(
        self,
        named: Vec<Certificate>,
        at: UnixTime,
    ) -> Result<(Identity, Vec<Certificate>), PrivateKeyError> {
        let named_count = named.len();
        let mut certificates = named;
        certificates.extend(self.certificates);
        let pairs = self.keys.into_iter().flat_map(|key| {
            let fitting =
                certificates.iter().enumerate().filter(|(_, certificate)| key.is_key_of(certificate));
            let found: Vec<usize> = fitting.map(|(index, _)| index).collect();
            found.into_iter().map(move |index| (index, key.clone()))
        });
        // The first of equals is the last in reverse order.
        let pairs: Vec<(usize, PrivateKey)> = pairs.collect();
        let best = pairs.into_iter().rev().max_by_key(|(index, _)| {
            let certificate = &certificates[*index];
            (*index < named_count, certificate.is_valid_at(at), certificate.not_before())
        });
        match (best, self.left_out) {
            (Some((index, key)), _) => {
                let certificate = certificates.remove(index);
                certificates.retain(|other| *other != certificate);
                Ok((Identity { key: key.for_certificate(&certificate), certificate }, certificates))
            }
            (None, Some(error)) => Err(PrivateKeyError::Certificate(error)),
            (None, None) => Err(PrivateKeyError::NoIdentity),
        }
    }

    /// PKCS#12, or a bare key.
    fn read_der(&mut self, bytes: &[u8], password: Option<&str>) -> Result<(), PrivateKeyError> {
        let der = to_der(bytes)?;
        match read_pfx(&der) {
            Some(contents) => self.read_contents(&contents, password),
            None => self.read_key(&der, password),
        }
    }

    fn read_certificate(&mut self, bytes: &[u8]) {
        match Certificate::parse(bytes) {
            Ok(certificate) => self.certificates.push(certificate),
            Err(error) => self.left_out = self.left_out.or(Some(error)),
        }
    }

    /// A key, plain or encrypted.
    fn read_key(&mut self, bytes: &[u8], password: Option<&str>) -> Result<(), PrivateKeyError> {
        let der = to_der(bytes).unwrap_or_else(|_| Zeroizing::new(bytes.to_vec()));
        let key = match PrivateKey::parse_der(&der) {
            Err(PrivateKeyError::Encrypted) => {
                let plain = Item::parse(&der)
                    .and_then(|item| item.sequence())
                    .and_then(|mut fields| Ok((fields.next()?, fields.next()?.octets()?)));
                let (algorithm, encrypted) = plain.map_err(malformed)?;
                PrivateKey::parse_der(&decrypt(algorithm, encrypted, password)?)
            }
            other => other,
        };
        self.keys.push(key?);
        Ok(())
    }

    /// AuthenticatedSafe: contents that are plain or encrypted, each with bags.
    fn read_contents(&mut self, safe: &[u8], password: Option<&str>) -> Result<(), PrivateKeyError> {
        // What stands in strings is a file of its own, and the first pass does not look into it.
        let safe = to_der(safe)?;
        let contents =
            Item::parse(&safe).and_then(|item| item.sequence()?.collect(MAX_BAGS)).map_err(malformed)?;
        for content in contents {
            let mut fields = content.sequence().map_err(malformed)?;
            let kind = fields.next().and_then(|item| item.oid()).map_err(malformed)?;
            let value = fields.next().and_then(|item| item.explicit(0)).map_err(malformed)?;
            let bags = match kind {
                oid::DATA => to_der(value.octets().map_err(malformed)?)?,
                oid::ENCRYPTED_DATA => {
                    let (algorithm, encrypted) = encrypted_content(value).map_err(malformed)?;
                    decrypt(algorithm, &encrypted, password)?
                }
                other => return Err(PrivateKeyError::Unsupported(other)),
            };
            let bags = Item::parse(&bags).and_then(|item| item.sequence()?.collect(MAX_BAGS));
            for bag in bags.map_err(malformed)? {
                self.read_bag(bag, password, 0)?;
            }
        }
        Ok(())
    }

    fn read_bag(
        &mut self,
        bag: Item<'_>,
        password: Option<&str>,
        depth: usize,
    ) -> Result<(), PrivateKeyError> {
        let mut fields = bag.sequence().map_err(malformed)?;
        let kind = fields.next().and_then(|item| item.oid()).map_err(malformed)?;
        let value = fields.next().and_then(|item| item.explicit(0)).map_err(malformed)?;
        match kind {
            oid::KEY_BAG | oid::SHROUDED_KEY_BAG => self.read_key(value.raw(), password),
            oid::CERTIFICATE_BAG => {
                let mut fields: Fields<'_> = value.sequence().map_err(malformed)?;
                let kind = fields.next().and_then(|item| item.oid()).map_err(malformed)?;
                let certificate =
                    fields.next().and_then(|item| item.explicit(0)?.octets()).map_err(malformed)?;
                if kind == oid::X509_CERTIFICATE {
                    self.read_certificate(certificate);
                }
                Ok(())
            }
            oid::SAFE_CONTENTS_BAG if depth < MAX_BAG_DEPTH => {
                let bags = value.sequence().and_then(|fields| fields.collect(MAX_BAGS)).map_err(malformed)?;
                bags.into_iter().try_for_each(|bag| self.read_bag(bag, password, depth + 1))
            }
            // Revocation lists and other secrets are not asked for.
            _ => Ok(()),
        }
    }
}

fn malformed(_: der::Error) -> PrivateKeyError {
    PrivateKeyError::Malformed
}

/// The AuthenticatedSafe of PKCS#12 version 3; `None` for anything else.
fn read_pfx(der: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut fields = Item::parse(der).ok()?.sequence().ok()?;
    let version = fields.next().ok()?;
    let mut content = fields.next().ok()?.sequence().ok()?;
    let kind = content.next().ok()?.oid().ok()?;
    let is_pfx = version.small_integer().is_ok_and(|version| version == 3) && kind == oid::DATA;
    let value = content.next().ok()?.explicit(0).ok()?.octets().ok()?;
    is_pfx.then(|| Zeroizing::new(value.to_vec()))
}

/// EncryptedData: algorithm and bytes.
fn encrypted_content(value: Item<'_>) -> asn1::Result<(Item<'_>, Vec<u8>)> {
    let mut fields = value.sequence()?;
    fields.required(asn1::INTEGER)?;
    let mut content = fields.next()?.sequence()?;
    content.next()?.oid()?;
    let algorithm = content.next()?;
    Ok((algorithm, content.next()?.implicit_octets(0)?))
}

fn decrypt(
    algorithm: Item<'_>,
    encrypted: &[u8],
    password: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
    let identifier = AlgorithmIdentifier::parse(algorithm).map_err(malformed)?;
    let plain = match (identifier.oid, identifier.parameters) {
        (oid::PBES2, Some(parameters)) => pbes2::decrypt(algorithm, parameters, encrypted, password)?,
        (oid::PBES2, None) => return Err(PrivateKeyError::Malformed),
        (other, _) => return Err(PrivateKeyError::OldEncryption(other)),
    };
    // A wrong password passes the padding once in 256 times, and then gives no structure.
    to_der(&plain).map_err(|_| PrivateKeyError::WrongPassword)
}

/// Some programs write indefinite lengths, also inside of strings.
fn to_der(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, EncodingError> {
    let limits = Limits { max_bytes: MAX_BYTES, ..Limits::default() };
    if bytes.first() != Some(&asn1::SEQUENCE) {
        return Err(EncodingError::NotDer);
    }
    encoding::to_der(bytes, &limits).map(Zeroizing::new)
}
