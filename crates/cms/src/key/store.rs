//! Files with a private key and its certificates: PEM bundles and PKCS#12.

use zeroize::Zeroizing;

use super::private::{PrivateKey, PrivateKeyError};
use crate::asn1::{self, AlgorithmIdentifier, Fields, Item};
use crate::certificate::Certificate;
use crate::encoding::{self, Limits};
use crate::oid;
use crate::pki::Identity;

/// Bags and certificates in one file.
const MAX_BAGS: usize = 256;

/// What a key file contains.
#[derive(Clone, Debug)]
pub struct KeyStore {
    /// The private keys.
    pub keys: Vec<PrivateKey>,
    /// The certificates, in the order of the file.
    pub certificates: Vec<Certificate>,
}

impl KeyStore {
    /// Reads PKCS#12, or PEM with keys and certificates in any order. Keys may be behind a password by PKCS#5 version 2,
    /// which is what OpenSSL 3 writes.
    ///
    /// The check sum of PKCS#12 is not computed: whether the password was right shows when the key opens, and whether the
    /// key is right shows when it fits its certificate.
    ///
    /// # Errors
    /// [`PrivateKeyError`].
    pub fn parse(bytes: &[u8], password: Option<&str>) -> Result<Self, PrivateKeyError> {
        let mut store = Self { keys: Vec::new(), certificates: Vec::new() };
        if bytes.first() == Some(&asn1::SEQUENCE) {
            store.read_der(bytes, password)?;
            return Ok(store);
        }
        for block in encoding::pem_blocks(bytes).ok_or(PrivateKeyError::Malformed)? {
            let bytes = Zeroizing::new(block.bytes);
            if block.has_headers {
                return Err(PrivateKeyError::Encrypted);
            }
            if block.label.ends_with("PRIVATE KEY") {
                store.read_key(&bytes, password)?;
            } else if block.label.ends_with("CERTIFICATE") {
                store.read_certificate(&bytes)?;
            }
        }
        Ok(store)
    }

    /// The first key with its certificate, and the other certificates.
    ///
    /// # Errors
    /// [`PrivateKeyError::NoIdentity`] when no key fits a certificate.
    pub fn into_identity(self) -> Result<(Identity, Vec<Certificate>), PrivateKeyError> {
        for key in self.keys {
            let public = key.public_key();
            if let Some(at) = self.certificates.iter().position(|certificate| *certificate.key() == public) {
                let mut others = self.certificates;
                let certificate = others.remove(at);
                return Ok((Identity { certificate, key }, others));
            }
        }
        Err(PrivateKeyError::NoIdentity)
    }

    /// PKCS#12, or a bare key.
    fn read_der(&mut self, bytes: &[u8], password: Option<&str>) -> Result<(), PrivateKeyError> {
        // Some programs write PKCS#12 with indefinite lengths.
        let limits = Limits { max_bytes: 16 << 20, ..Limits::default() };
        let der = Zeroizing::new(encoding::to_der(bytes, &limits).map_err(|_| PrivateKeyError::Malformed)?);
        match read_pfx(&der) {
            Some(contents) => self.read_contents(&contents, password),
            None => self.read_key(&der, password),
        }
    }

    fn read_certificate(&mut self, der: &[u8]) -> Result<(), PrivateKeyError> {
        let certificate = Certificate::from_der(der).map_err(|_| PrivateKeyError::Malformed)?;
        self.certificates.push(certificate);
        Ok(())
    }

    /// A key, plain or encrypted.
    fn read_key(&mut self, der: &[u8], password: Option<&str>) -> Result<(), PrivateKeyError> {
        let key = match PrivateKey::parse_der(der) {
            Err(PrivateKeyError::Encrypted) => {
                let plain = Item::parse(der)
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
        let contents =
            Item::parse(safe).and_then(|item| item.sequence()?.collect(MAX_BAGS)).map_err(malformed)?;
        for content in contents {
            let mut fields = content.sequence().map_err(malformed)?;
            let kind = fields.next().and_then(|item| item.oid()).map_err(malformed)?;
            let value = fields.next().and_then(|item| item.explicit(0)).map_err(malformed)?;
            let bags = match kind {
                oid::DATA => Zeroizing::new(value.octets().map_err(malformed)?.to_vec()),
                oid::ENCRYPTED_DATA => {
                    let (algorithm, encrypted) = encrypted_content(value).map_err(malformed)?;
                    decrypt(algorithm, &encrypted, password)?
                }
                other => return Err(PrivateKeyError::Unsupported(other)),
            };
            let bags = Item::parse(&bags).and_then(|item| item.sequence()?.collect(MAX_BAGS));
            for bag in bags.map_err(malformed)? {
                self.read_bag(bag, password)?;
            }
        }
        Ok(())
    }

    fn read_bag(&mut self, bag: Item<'_>, password: Option<&str>) -> Result<(), PrivateKeyError> {
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
                if kind == oid::X509_CERTIFICATE { self.read_certificate(certificate) } else { Ok(()) }
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
    let old = PrivateKeyError::OldEncryption(identifier.oid);
    if identifier.oid != oid::PBES2 {
        return Err(old);
    }
    let scheme = pkcs5::EncryptionScheme::try_from(algorithm.raw()).map_err(|_| old)?;
    let password = password.ok_or(PrivateKeyError::Encrypted)?;
    let plain = scheme.decrypt(password, encrypted).map_err(|_| PrivateKeyError::WrongPassword)?;
    let plain = Zeroizing::new(plain);
    // A wrong password passes the padding once in 256 times, and then gives no structure.
    if Item::parse(&plain).is_err() {
        return Err(PrivateKeyError::WrongPassword);
    }
    Ok(plain)
}
