//! Certificates and revocation lists for tests and demonstrations: a small authority of one's own.
//!
//! What it issues has the attributes and extensions of the Russian rules, so that everything which reads certificates
//! has something real to read. It is no accredited authority, and its certificates prove nothing to others.

mod complete;
mod subject;
#[cfg(test)]
mod tests;

use der::asn1::ObjectIdentifier;
use rand::CryptoRng;

pub use complete::{Members, TestPki};
pub use subject::{Organization, Person, Subject};

use crate::asn1;
use crate::certificate::{Certificate, KeyUsage, write_name};
use crate::digest::DigestAlgorithm;
use crate::key::{KeyKind, PrivateKey, PublicKey, SigningError, SigningKey};
use crate::oid;
use crate::revocation::{Revocation, RevocationList};
use crate::time::UnixTime;

/// A certificate and its private key.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate.
    pub certificate: Certificate,
    /// Its key.
    pub key: PrivateKey,
}

/// First and last second of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First second.
    pub from: UnixTime,
    /// Last second.
    pub to: UnixTime,
}

impl Validity {
    /// So many days from a point in time on.
    pub fn days(from: UnixTime, days: u32) -> Self {
        Self { from, to: UnixTime(from.0.saturating_add(i64::from(days) * 86_400)) }
    }
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Signing documents.
    Signer,
    /// Making time stamps.
    TimeStamping,
    /// Issuing certificates; so many authorities may stand below.
    Authority {
        /// Authorities that may stand between it and a signer; `None` for any number.
        below: Option<u32>,
    },
}

/// A certification authority.
#[derive(Clone, Debug)]
pub struct Authority {
    identity: Identity,
}

impl Authority {
    /// A root: its certificate is signed by itself.
    ///
    /// # Errors
    /// [`SigningError`] when no key could be made.
    pub fn root(
        subject: &Subject,
        kind: KeyKind,
        validity: Validity,
        random: &mut impl CryptoRng,
    ) -> Result<Self, SigningError> {
        let key = PrivateKey::generate(kind, random)?;
        Self::root_with_key(subject, key, validity, random)
    }

    /// A root with a key from elsewhere.
    ///
    /// # Errors
    /// [`SigningError`] when the key does not sign.
    pub fn root_with_key(
        subject: &Subject,
        key: PrivateKey,
        validity: Validity,
        random: &mut impl CryptoRng,
    ) -> Result<Self, SigningError> {
        let name = write_name(subject.attributes());
        let public = key.public_key();
        let issuer = Issuer { name: &name, key: &key, key_id: key_id(&public) };
        let role = Role::Authority { below: None };
        let certificate = issuer.issue(&name, &public, role, validity, random)?;
        Ok(Self { identity: Identity { certificate, key } })
    }

    /// An authority from its certificate and key, to issue more.
    pub fn new(identity: Identity) -> Self {
        Self { identity }
    }

    /// Certificate and key of the authority.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The authority's certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.identity.certificate
    }

    fn issuer(&self) -> Issuer<'_> {
        let Identity { certificate, key } = &self.identity;
        Issuer { name: certificate.subject().as_der(), key, key_id: key_id(certificate.key()) }
    }

    /// Issues a certificate for somebody's key.
    ///
    /// # Errors
    /// [`SigningError`] when the authority's key does not sign, or the public key is of no use.
    pub fn issue(
        &self,
        subject: &Subject,
        key: &PublicKey,
        role: Role,
        validity: Validity,
        random: &mut impl CryptoRng,
    ) -> Result<Certificate, SigningError> {
        self.issuer().issue(&write_name(subject.attributes()), key, role, validity, random)
    }

    /// Makes a key of the authority's kind and issues a certificate for it.
    ///
    /// # Errors
    /// [`SigningError`].
    pub fn issue_identity(
        &self,
        subject: &Subject,
        kind: KeyKind,
        role: Role,
        validity: Validity,
        random: &mut impl CryptoRng,
    ) -> Result<Identity, SigningError> {
        let key = PrivateKey::generate(kind, random)?;
        let certificate = self.issue(subject, &key.public_key(), role, validity, random)?;
        Ok(Identity { certificate, key })
    }

    /// Issues a revocation list of these certificates. `number` grows from list to list.
    ///
    /// # Errors
    /// [`SigningError`] when the authority's key does not sign.
    pub fn revocation_list(
        &self,
        revoked: &[(Certificate, Revocation)],
        number: u32,
        period: Validity,
    ) -> Result<Vec<u8>, SigningError> {
        let entries: Vec<Vec<u8>> = revoked
            .iter()
            .map(|(certificate, revocation)| {
                let serial = asn1::tlv(asn1::INTEGER, &[certificate.serial()]);
                let reason = asn1::tlv(asn1::ENUMERATED, &[&[revocation.reason]]);
                // Reason 0 means that there is none, and is left out.
                let extensions = match revocation.reason {
                    0 => Vec::new(),
                    _ => asn1::sequence(&[&extension(oid::REASON_CODE, false, &reason)]),
                };
                asn1::sequence(&[&serial, &revocation.time.to_der(), &extensions])
            })
            .collect();
        let parts: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let entries = if parts.is_empty() { Vec::new() } else { asn1::sequence(&parts) };
        let issuer = self.issuer();
        let extensions = asn1::sequence(&[
            &extension(oid::AUTHORITY_KEY_ID, false, &authority_key_id(&issuer.key_id)),
            &extension(oid::CRL_NUMBER, false, &asn1::unsigned(&number.to_be_bytes())),
        ]);
        let list = asn1::sequence(&[
            &asn1::unsigned(&[1]),
            &issuer.key.algorithm().to_der(),
            issuer.name,
            &period.from.to_der(),
            &period.to.to_der(),
            &entries,
            &asn1::tlv(asn1::context(0), &[&extensions]),
        ]);
        issuer.sign(&list)
    }

    /// The same, read at once.
    ///
    /// # Errors
    /// [`SigningError`] when the authority's key does not sign.
    pub fn parsed_revocation_list(
        &self,
        revoked: &[(Certificate, Revocation)],
        number: u32,
        period: Validity,
    ) -> Result<RevocationList, SigningError> {
        let list = self.revocation_list(revoked, number, period)?;
        RevocationList::parse(&list).map_err(|error| SigningError::Key(error.to_string()))
    }
}

struct Issuer<'a> {
    name: &'a [u8],
    key: &'a PrivateKey,
    key_id: Vec<u8>,
}

impl Issuer<'_> {
    fn issue(
        &self,
        subject: &[u8],
        key: &PublicKey,
        role: Role,
        validity: Validity,
        random: &mut impl CryptoRng,
    ) -> Result<Certificate, SigningError> {
        let info = key
            .to_der()
            .ok_or_else(|| SigningError::Key(format!("keys of {} are not issued", key.name())))?;
        // Positive, not zero, and never twice.
        let mut serial = [0; 16];
        random.fill_bytes(&mut serial);
        serial[0] = serial[0] & 0x7f | 0x40;
        let mut extensions = role_extensions(role);
        extensions.push(extension(
            oid::SUBJECT_KEY_ID,
            false,
            &asn1::tlv(asn1::OCTET_STRING, &[&key_id(key)]),
        ));
        extensions.push(extension(oid::AUTHORITY_KEY_ID, false, &authority_key_id(&self.key_id)));
        let parts: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
        let body = asn1::sequence(&[
            &asn1::tlv(asn1::context(0), &[&asn1::unsigned(&[2])]),
            &asn1::unsigned(&serial),
            &self.key.algorithm().to_der(),
            self.name,
            &asn1::sequence(&[&validity.from.to_der(), &validity.to.to_der()]),
            subject,
            &info,
            &asn1::tlv(asn1::context(3), &[&asn1::sequence(&parts)]),
        ]);
        let der = self.sign(&body)?;
        Certificate::from_der(&der).map_err(|error| SigningError::Key(error.to_string()))
    }

    fn sign(&self, body: &[u8]) -> Result<Vec<u8>, SigningError> {
        let algorithm = self.key.algorithm();
        let signature = self.key.sign_digest(&algorithm.digest().digest(body))?;
        Ok(asn1::sequence(&[body, &algorithm.to_der(), &asn1::bit_string(&signature)]))
    }
}

/// SHA-1 of the key's bits, as RFC 5280 §4.2.1.2 proposes.
fn key_id(key: &PublicKey) -> Vec<u8> {
    let bits = key.to_der().unwrap_or_default();
    DigestAlgorithm::Sha1.digest(&bits)
}

fn authority_key_id(id: &[u8]) -> Vec<u8> {
    asn1::sequence(&[&asn1::tlv(asn1::context_primitive(0), &[id])])
}

fn extension(kind: ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { asn1::tlv(asn1::BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    asn1::sequence(&[&asn1::oid(kind), &critical, &asn1::tlv(asn1::OCTET_STRING, &[value])])
}

fn role_extensions(role: Role) -> Vec<Vec<u8>> {
    let signs = KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::NON_REPUDIATION);
    let purposes = |purposes: &[ObjectIdentifier]| {
        let oids: Vec<Vec<u8>> = purposes.iter().map(|purpose| asn1::oid(*purpose)).collect();
        let parts: Vec<&[u8]> = oids.iter().map(Vec::as_slice).collect();
        asn1::sequence(&parts)
    };
    match role {
        Role::Signer => vec![
            extension(oid::BASIC_CONSTRAINTS, true, &asn1::sequence(&[])),
            extension(oid::KEY_USAGE, true, &signs.or(KeyUsage::KEY_ENCIPHERMENT).to_der()),
            extension(
                oid::EXTENDED_KEY_USAGE,
                false,
                &purposes(&[oid::CLIENT_AUTHENTICATION, oid::EMAIL_PROTECTION]),
            ),
        ],
        Role::TimeStamping => vec![
            extension(oid::KEY_USAGE, true, &signs.to_der()),
            extension(oid::EXTENDED_KEY_USAGE, true, &purposes(&[oid::TIME_STAMPING])),
        ],
        Role::Authority { below } => {
            let is_authority = asn1::tlv(asn1::BOOLEAN, &[&[0xff]]);
            let below = below.map(|below| asn1::unsigned(&below.to_be_bytes())).unwrap_or_default();
            vec![
                extension(oid::BASIC_CONSTRAINTS, true, &asn1::sequence(&[&is_authority, &below])),
                extension(oid::KEY_USAGE, true, &KeyUsage::KEY_CERT_SIGN.or(KeyUsage::CRL_SIGN).to_der()),
            ]
        }
    }
}
