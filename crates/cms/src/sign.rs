//! Making detached signatures.

use der::asn1::ObjectIdentifier;

use crate::asn1;
use crate::certificate::Certificate;
use crate::digest::{Content, DigestAlgorithm};
use crate::key::{SignatureAlgorithm, SigningError, SigningKey};
use crate::oid;
use crate::time::UnixTime;

/// Why a signature was not made.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key did not sign.
    #[error("the content was not signed")]
    Key(#[from] SigningError),
    /// The content was hashed while it came in, but not with the digest of the key.
    #[error("the {} digest of the content was not computed", .0.name())]
    DigestNotComputed(DigestAlgorithm),
    /// What the key signed does not verify with the certificate.
    #[error("the key does not belong to the certificate {}", .0.thumbprint())]
    NotTheKeyOfTheCertificate(Certificate),
}

/// Makes a detached signature of a content: CAdES-BES in DER, with the certificate and its `chain` inside.
///
/// The signature is checked with the certificate before it is given out: a wrong key, a token that answers with
/// something else, and a fault of the machine end here.
///
/// # Errors
/// [`SignError`].
pub fn sign(
    content: Content<'_>,
    certificate: &Certificate,
    chain: &[Certificate],
    key: &dyn SigningKey,
    at: UnixTime,
) -> Result<Vec<u8>, SignError> {
    let digest = key.algorithm().digest();
    let content_digest = content.digest(digest).ok_or(SignError::DigestNotComputed(digest))?;
    let attributes = vec![
        attribute(oid::CONTENT_TYPE, &asn1::oid(oid::DATA)),
        attribute(oid::MESSAGE_DIGEST, &asn1::tlv(asn1::OCTET_STRING, &[&content_digest])),
        attribute(oid::SIGNING_TIME, &at.to_der()),
        attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate(certificate, digest)),
    ];
    let content_info = asn1::sequence(&[&asn1::oid(oid::DATA)]);
    signed_data(1, &content_info, attributes, certificate, chain, key)
}

/// A SignedData with one signer. `version` of the outer structure is 1 for documents and 3 for other contents.
pub(crate) fn signed_data(
    version: u8,
    content_info: &[u8],
    attributes: Vec<Vec<u8>>,
    certificate: &Certificate,
    chain: &[Certificate],
    key: &dyn SigningKey,
) -> Result<Vec<u8>, SignError> {
    let algorithm = key.algorithm();
    let signed = asn1::set_of(asn1::SET, attributes.clone());
    let digest = algorithm.digest().digest(&signed);
    let signature = key.sign_digest(&digest)?;
    if !certificate.key().verify(algorithm, &digest, &signature) {
        return Err(SignError::NotTheKeyOfTheCertificate(certificate.clone()));
    }

    let digest_algorithm = asn1::algorithm(algorithm.digest().oid(), &[]);
    let signer_id = asn1::sequence(&[certificate.issuer().as_der(), &serial(certificate)]);
    let signer = asn1::sequence(&[
        &asn1::unsigned(&[1]),
        &signer_id,
        &digest_algorithm,
        &asn1::set_of(asn1::context(0), attributes),
        &signature_algorithm(algorithm),
        &asn1::tlv(asn1::OCTET_STRING, &[&signature]),
    ]);
    let mut certificates = vec![certificate.as_der().to_vec()];
    for other in chain.iter().filter(|other| *other != certificate) {
        certificates.push(other.as_der().to_vec());
    }
    let body = asn1::sequence(&[
        &asn1::unsigned(&[version]),
        &asn1::tlv(asn1::SET, &[&digest_algorithm]),
        content_info,
        &asn1::set_of(asn1::context(0), certificates),
        &asn1::tlv(asn1::SET, &[&signer]),
    ]);
    Ok(asn1::sequence(&[&asn1::oid(oid::SIGNED_DATA), &asn1::tlv(asn1::context(0), &[&body])]))
}

/// GOST signers name the key here, as the certified programs do.
fn signature_algorithm(algorithm: SignatureAlgorithm) -> Vec<u8> {
    match algorithm {
        SignatureAlgorithm::Gost(DigestAlgorithm::Streebog512) => asn1::algorithm(oid::GOST_KEY_512, &[]),
        SignatureAlgorithm::Gost(_) => asn1::algorithm(oid::GOST_KEY_256, &[]),
        other => other.to_der(),
    }
}

pub(crate) fn serial(certificate: &Certificate) -> Vec<u8> {
    asn1::tlv(asn1::INTEGER, &[certificate.serial()])
}

/// One attribute with one value.
pub(crate) fn attribute(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    asn1::sequence(&[&asn1::oid(kind), &asn1::tlv(asn1::SET, &[value])])
}

/// SigningCertificateV2 of RFC 5035: digest, issuer and serial number of the signer's certificate.
pub(crate) fn signing_certificate(certificate: &Certificate, digest: DigestAlgorithm) -> Vec<u8> {
    // SHA-256 is the default, and DER leaves defaults out.
    let algorithm = match digest {
        DigestAlgorithm::Sha256 => Vec::new(),
        other => asn1::algorithm(other.oid(), &[]),
    };
    let hash = asn1::tlv(asn1::OCTET_STRING, &[&digest.digest(certificate.as_der())]);
    let directory_name = asn1::tlv(asn1::context(4), &[certificate.issuer().as_der()]);
    let issuer_serial = asn1::sequence(&[&asn1::sequence(&[&directory_name]), &serial(certificate)]);
    let id = asn1::sequence(&[&algorithm, &hash, &issuer_serial]);
    asn1::sequence(&[&asn1::sequence(&[&id])])
}
