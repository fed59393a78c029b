//! Contents encrypted to a certificate: EnvelopedData of CMS (RFC 5652 §6).
//!
//! RSA recipients get the content's key by key transport, recipients on P-256 and P-384 by key agreement (RFC 5753); their
//! contents are under AES in CBC mode, which is what every program that reads CMS knows. Recipients with keys of GOST R
//! 34.10-2012 get key transport and content by GOST 28147-89 (RFC 4490), as certified programs of all ages read it. All of
//! this hides the content and does not prove who wrote it.

mod agreement;
mod gost_transport;
#[cfg(test)]
mod tests;
mod transport;

use der::asn1::ObjectIdentifier;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::asn1::{self, Fields, Item};
use crate::certificate::Certificate;
use crate::cipher::{self, Cipher};
use crate::encoding::{self, EncodingError, Limits};
use crate::key::{PrivateKey, PublicKey};
use crate::oid;
use crate::signed_data::SignerId;
use agreement::Agreement;
use transport::Transport;
pub use transport::{OaepDigests, RsaPadding};

/// Recipients of one content.
const MAX_RECIPIENTS: usize = 16;

/// Why a content was not encrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptError {
    /// Nothing can be encrypted to keys of this kind.
    #[error(
        "nothing can be encrypted to a key of the kind {0}: RSA, P-256, P-384 and GOST R 34.10-2012 are supported"
    )]
    Key(String),
    /// The key is for signatures only, as its certificate says.
    #[error(
        "the key is for RSASSA-PSS signatures only, and nothing can be encrypted to it: take a certificate with a plain RSA key"
    )]
    SignsOnly,
    /// RSA did not take the key of the content: the public key is too short.
    #[error("the RSA key is too short to encrypt to")]
    ShortRsaKey,
}

/// Why a content was not decrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// Not DER in any wrapping.
    #[error("the encrypted message cannot be read: {0}")]
    Encoding(#[from] EncodingError),
    /// DER, but of something else.
    #[error("this is not a CMS message of the type EnvelopedData")]
    NotEnvelopedData,
    /// It is encrypted to others.
    #[error("the message is not encrypted to the certificate {0}")]
    NotARecipient(String),
    /// The private key is of another certificate.
    #[error("the private key does not belong to the certificate {0}")]
    NotTheKeyOfTheCertificate(String),
    /// Encrypted by something that is not read here.
    #[error("the message is encrypted by the algorithm {0}, which is not supported")]
    Unsupported(ObjectIdentifier),
    /// The key does not open it. Why exactly is not told: the answer would help those who try.
    #[error("the private key does not open the message: it is broken, or was encrypted to another key")]
    NotOpened,
}

/// Encrypts a content to the key of a certificate, in DER. RSA keys get it by PKCS#1 v1.5, which all clients read.
///
/// Whether the certificate is valid, and whether its key may be used for this, is for the caller to know.
///
/// # Errors
/// [`EncryptError`] for keys to which nothing can be encrypted.
pub fn encrypt(
    content: &[u8],
    recipient: &Certificate,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, EncryptError> {
    encrypt_with(content, recipient, RsaPadding::Pkcs1, random)
}

/// The same with a choice of the padding for RSA keys; other keys have no choice.
///
/// # Errors
/// [`EncryptError`].
pub fn encrypt_with(
    content: &[u8],
    recipient: &Certificate,
    padding: RsaPadding,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, EncryptError> {
    let cipher = match recipient.key() {
        PublicKey::Gost(_) => Cipher::gost(random),
        _ => Cipher::aes256(random),
    };
    let key = cipher::new_key(random);
    // RFC 5652 §6.1: 0 for plain key transport, 2 when there is anything else.
    let (version, info) = match recipient.key() {
        PublicKey::Rsa(public) => (0, transport::seal(&key[..], recipient, public, padding, random)?),
        PublicKey::Gost(public) => (0, gost_transport::seal(&key, recipient, public, random)),
        PublicKey::P256(_) | PublicKey::P384(_) => (2, agreement::seal(&key[..], recipient, random)?),
        PublicKey::RsaPss(_) => return Err(EncryptError::SignsOnly),
        other @ PublicKey::Unusable(_) => return Err(EncryptError::Key(other.name())),
    };
    let encrypted = cipher.encrypt(&key[..], content);
    let content_info = asn1::sequence(&[
        &asn1::oid(oid::DATA),
        &cipher.to_der(),
        &asn1::tlv(asn1::context_primitive(0), &[&encrypted]),
    ]);
    let body = asn1::sequence(&[&asn1::unsigned(&[version]), &asn1::tlv(asn1::SET, &[&info]), &content_info]);
    Ok(asn1::sequence(&[&asn1::oid(oid::ENVELOPED_DATA), &asn1::tlv(asn1::context(0), &[&body])]))
}

/// Issuer and serial number of a recipient, as every program finds its certificate.
fn recipient_id(certificate: &Certificate) -> Vec<u8> {
    asn1::sequence(&[certificate.issuer().as_der(), &crate::sign::serial(certificate)])
}

/// One recipient.
#[derive(Clone, Debug)]
enum Recipient {
    Transport(Transport),
    Agreement(Agreement),
    /// By a password, by a key that is known already, or in another way that certificates do not know.
    Other,
}

impl Recipient {
    fn parse(item: Item<'_>) -> asn1::Result<Self> {
        Ok(match item.tag() {
            asn1::SEQUENCE => Self::Transport(Transport::parse(item)?),
            tag if tag == asn1::context(1) => Self::Agreement(Agreement::parse(item)?),
            _ => Self::Other,
        })
    }
}

/// An encrypted content that was read and not opened yet.
#[derive(Clone, Debug)]
pub struct EnvelopedData {
    recipients: Vec<Recipient>,
    cipher: Result<Cipher, ObjectIdentifier>,
    encrypted: Vec<u8>,
}

impl EnvelopedData {
    /// Reads DER, BER, PEM or base64 of at most a mebibyte.
    ///
    /// # Errors
    /// [`DecryptError::Encoding`], [`DecryptError::NotEnvelopedData`].
    pub fn parse(input: &[u8]) -> Result<Self, DecryptError> {
        let der = encoding::to_der(input, &Limits::default())?;
        Self::parse_der(&der).map_err(|_| DecryptError::NotEnvelopedData)
    }

    fn parse_der(der: &[u8]) -> asn1::Result<Self> {
        let mut outer = Item::parse(der)?.sequence()?;
        if outer.next()?.oid()? != oid::ENVELOPED_DATA {
            return Err(asn1::wrong_value());
        }
        let mut fields = outer.next()?.explicit(0)?.sequence()?;
        outer.finish()?;
        fields.required(asn1::INTEGER)?;
        // Certificates of the originator say nothing that is asked here.
        fields.optional(asn1::context(0))?;
        let recipients = fields.next()?.fields(asn1::SET)?.collect(MAX_RECIPIENTS)?;
        let recipients = recipients.into_iter().map(Recipient::parse).collect::<asn1::Result<_>>()?;
        let mut content = fields.next()?.sequence()?;
        fields.optional(asn1::context(1))?;
        fields.finish()?;
        content.next()?.oid()?;
        let cipher = Cipher::parse(content.next()?)?;
        let encrypted = if content.is_empty() { Vec::new() } else { content.next()?.implicit_octets(0)? };
        content.finish()?;
        Ok(Self { recipients, cipher, encrypted })
    }

    /// Opens the content as the holder of a certificate.
    ///
    /// # Errors
    /// [`DecryptError`].
    pub fn decrypt(
        &self,
        certificate: &Certificate,
        key: &PrivateKey,
    ) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        if !key.is_key_of(certificate) {
            return Err(DecryptError::NotTheKeyOfTheCertificate(certificate.thumbprint().to_string()));
        }
        let cipher = self.cipher.as_ref().map_err(|algorithm| DecryptError::Unsupported(*algorithm))?;
        for recipient in &self.recipients {
            let opened = match (recipient, key) {
                (Recipient::Transport(sealed), key) if sealed.is_for(certificate) => {
                    sealed.open(key, cipher.key_len())?
                }
                (Recipient::Agreement(sealed), key) => match sealed.key_for(certificate) {
                    Some(encrypted) => sealed.open(encrypted, key)?,
                    None => continue,
                },
                _ => continue,
            };
            return cipher.decrypt(&opened, &self.encrypted).ok_or(DecryptError::NotOpened);
        }
        Err(DecryptError::NotARecipient(certificate.thumbprint().to_string()))
    }
}

/// Reads and opens an encrypted content in one go.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt(
    enveloped: &[u8],
    certificate: &Certificate,
    key: &PrivateKey,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    EnvelopedData::parse(enveloped)?.decrypt(certificate, key)
}

/// Reads who a recipient of key agreement is: by issuer and serial number, or by the key and what may stand beside it.
fn agreement_recipient(item: Item<'_>) -> asn1::Result<SignerId> {
    if item.tag() == asn1::SEQUENCE {
        return SignerId::parse(item);
    }
    let mut fields: Fields<'_> = item.fields(asn1::context(0))?;
    Ok(SignerId::SubjectKeyId(fields.next()?.octets()?.to_vec()))
}
