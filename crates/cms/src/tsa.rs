//! Time stamps (RFC 3161): asking for one, making one, and putting it into a signature (CAdES-T).

use der::asn1::ObjectIdentifier;

use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::digest::DigestAlgorithm;
use crate::encoding::{self, EncodingError, Limits};
use crate::oid;
use crate::pki::Identity;
use crate::sign::{SignError, attribute, signed_data, signing_certificate};
use crate::time::UnixTime;

/// The policy of time stamps made here: the placeholder of OpenSSL's own examples.
const TEST_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.4.1");

/// Why a time stamp could not be had.
#[derive(Debug, thiserror::Error)]
pub enum TsaError {
    /// Not DER, or not of the right structure.
    #[error("the {0} cannot be read")]
    Broken(&'static str),
    /// The authority refused.
    #[error("the time stamp authority refused with status {status}: {text}")]
    Refused {
        /// Status of RFC 3161 §2.4.2, 2 and above.
        status: u32,
        /// What the authority says, maybe empty.
        text: String,
    },
    /// Not DER in any wrapping.
    #[error("the signature cannot be read")]
    Encoding(#[from] EncodingError),
    /// The token was not signed.
    #[error("the time stamp was not made")]
    Sign(#[from] SignError),
}

/// A request for a time stamp over some bytes: over the signature value, to strengthen a signature. The nonce keeps
/// old answers out; it has to come from a source of randomness.
pub fn request(bytes: &[u8], digest: DigestAlgorithm, nonce: [u8; 8]) -> Vec<u8> {
    let hash = asn1::tlv(asn1::OCTET_STRING, &[&digest.digest(bytes)]);
    let imprint = asn1::sequence(&[&asn1::algorithm(digest.oid(), &asn1::tlv(asn1::NULL, &[])), &hash]);
    let with_certificate = asn1::tlv(asn1::BOOLEAN, &[&[0xff]]);
    asn1::sequence(&[&asn1::unsigned(&[1]), &imprint, &asn1::unsigned(&nonce), &with_certificate])
}

/// The token of an answer. What the token states is checked with the signature that it strengthens.
///
/// # Errors
/// [`TsaError::Broken`] and [`TsaError::Refused`].
pub fn token(response: &[u8]) -> Result<Vec<u8>, TsaError> {
    let broken = |_| TsaError::Broken("answer of the time stamp authority");
    let der = encoding::to_der(response, &Limits::default())?;
    let mut fields = Item::parse(&der).and_then(|item| item.sequence()).map_err(broken)?;
    let mut status = fields.next().and_then(|item| item.sequence()).map_err(broken)?;
    let code = status.next().and_then(|item| item.small_integer()).map_err(broken)?;
    if code > 1 {
        let texts = status.optional(asn1::SEQUENCE).map_err(broken)?;
        let texts = texts.map(|item| item.sequence()?.collect(16)).transpose().map_err(broken)?;
        let texts = texts.unwrap_or_default();
        let texts: Vec<_> = texts.iter().map(|text| String::from_utf8_lossy(text.value())).collect();
        return Err(TsaError::Refused { status: code, text: texts.join("; ") });
    }
    Ok(fields.next().map_err(broken)?.raw().to_vec())
}

/// Puts a token into a signature as an unsigned attribute of its first signer. Nothing that is signed changes.
///
/// # Errors
/// [`TsaError::Broken`] when the bytes are no signature.
pub fn strengthen(signature: &[u8], token: &[u8]) -> Result<Vec<u8>, TsaError> {
    let der = encoding::to_der(signature, &Limits::default())?;
    strengthen_der(&der, token).map_err(|_| TsaError::Broken("signature"))
}

fn strengthen_der(der: &[u8], token: &[u8]) -> asn1::Result<Vec<u8>> {
    let mut outer = Item::parse(der)?.sequence()?;
    let kind = outer.next()?;
    let mut body = outer.next()?.explicit(0)?.sequence()?.collect(8)?;
    let signers = body.pop().ok_or_else(asn1::wrong_value)?;
    let mut signers = signers.fields(asn1::SET)?.collect(Limits::default().max_signers)?.into_iter();
    let first = signers.next().ok_or_else(asn1::wrong_value)?;

    let mut fields = first.sequence()?.collect(8)?;
    let mut attributes = Vec::new();
    if let Some(last) = fields.pop_if(|last| last.tag() == asn1::context(1)) {
        let known = last.fields(asn1::context(1))?.collect(64)?;
        attributes.extend(known.iter().map(|item| item.raw().to_vec()));
    }
    attributes.push(attribute(oid::SIGNATURE_TIME_STAMP, token));
    let attributes = asn1::set_of(asn1::context(1), attributes);
    let mut parts: Vec<&[u8]> = fields.iter().map(Item::raw).collect();
    parts.push(&attributes);
    let first = asn1::sequence(&parts);

    // The order of signers stays: the first one names the signature.
    let rest: Vec<&[u8]> = std::iter::once(&first[..]).chain(signers.map(|signer| signer.raw())).collect();
    let signers = asn1::tlv(asn1::SET, &rest);
    let mut parts: Vec<&[u8]> = body.iter().map(Item::raw).collect();
    parts.push(&signers);
    let body = asn1::sequence(&parts);
    Ok(asn1::sequence(&[kind.raw(), &asn1::tlv(asn1::context(0), &[&body])]))
}

/// Answers a request as a time stamp authority of one's own, for tests and demonstrations.
///
/// `serial` has to be another one for each token.
///
/// # Errors
/// [`TsaError::Broken`] for what is no request, [`TsaError::Sign`] when the key does not sign.
pub fn respond(request: &[u8], authority: &Identity, at: UnixTime, serial: u64) -> Result<Vec<u8>, TsaError> {
    let broken = |_| TsaError::Broken("request for a time stamp");
    let (imprint, nonce) = parse_request(request).map_err(broken)?;
    let info = asn1::sequence(&[
        &asn1::unsigned(&[1]),
        &asn1::oid(TEST_POLICY),
        &imprint,
        &asn1::unsigned(&serial.to_be_bytes()),
        &at.to_generalized(),
        &nonce,
    ]);
    let Identity { certificate, key } = authority;
    let digest = crate::key::SigningKey::algorithm(key).digest();
    let attributes = vec![
        attribute(oid::CONTENT_TYPE, &asn1::oid(oid::TST_INFO)),
        attribute(oid::MESSAGE_DIGEST, &asn1::tlv(asn1::OCTET_STRING, &[&digest.digest(&info)])),
        attribute(oid::SIGNING_TIME, &at.to_der()),
        attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate(certificate, digest)),
    ];
    let content = asn1::tlv(asn1::context(0), &[&asn1::tlv(asn1::OCTET_STRING, &[&info])]);
    let content = asn1::sequence(&[&asn1::oid(oid::TST_INFO), &content]);
    let token = signed_data(3, &content, attributes, certificate, &[], key)?;
    let granted = asn1::sequence(&[&asn1::unsigned(&[0])]);
    Ok(asn1::sequence(&[&granted, &token]))
}

/// The imprint, and the nonce as an element or nothing.
fn parse_request(request: &[u8]) -> asn1::Result<(Vec<u8>, Vec<u8>)> {
    let mut fields = Item::parse(request)?.sequence()?;
    fields.required(asn1::INTEGER)?;
    let imprint = fields.next()?;
    let mut parts = imprint.sequence()?;
    AlgorithmIdentifier::parse(parts.next()?)?;
    parts.next()?.octets()?;
    parts.finish()?;
    // A wish for a policy: there is only one.
    if fields.clone().next().is_ok_and(|item| item.decode::<ObjectIdentifier>().is_ok()) {
        fields.next()?;
    }
    let nonce = fields.optional(asn1::INTEGER)?;
    Ok((imprint.raw().to_vec(), nonce.map(|item| item.raw().to_vec()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::{StatusFlags, Trust};
    use crate::digest::Content;
    use crate::key::KeyKind;
    use crate::pki::{Role, Subject, Validity};
    use crate::sign::sign;
    use crate::signed_data::{Problem, SignedData, SignerVerification, verify};
    use crate::test_data::{DAY, KINDS, NOW, Pki, hex, random};

    const DOCUMENT: &[u8] = b"document";
    const NONCE: [u8; 8] = [0x80, 1, 2, 3, 4, 5, 6, 7];

    /// The authority of a public key infrastructure that makes time stamps.
    fn authority(pki: &Pki, kind: KeyKind, role: Role) -> Identity {
        let validity = Validity { from: UnixTime(NOW.0 - DAY), to: UnixTime(NOW.0 + 1_000 * DAY) };
        let subject = Subject::common_name("Служба штампов времени");
        pki.authority.issue_identity(&subject, kind, role, validity, &mut random()).unwrap()
    }

    fn strengthened(pki: &Pki, authority: &Identity, at: UnixTime, over: Option<&[u8]>) -> Vec<u8> {
        let Pki { signer, .. } = pki;
        let signature = sign(Content::Bytes(DOCUMENT), &signer.certificate, &[], &signer.key, NOW).unwrap();
        let read = SignedData::parse(&signature).unwrap();
        let value = over.unwrap_or(read.signers()[0].signature());
        let request = request(value, DigestAlgorithm::Sha256, NONCE);
        let response = respond(&request, authority, at, 1).unwrap();
        strengthen(&signature, &token(&response).unwrap()).unwrap()
    }

    fn check(signature: &[u8], at: UnixTime, trust: &Trust) -> SignerVerification {
        verify(signature, Content::Bytes(DOCUMENT), at, trust).unwrap().first().clone()
    }

    #[test]
    fn a_time_stamp_of_every_kind_proves_its_time() {
        for kind in KINDS {
            let pki = Pki::new(kind);
            let at = UnixTime(NOW.0 + 5);
            let signature = strengthened(&pki, &authority(&pki, kind, Role::TimeStamping), at, None);
            let signer = check(&signature, UnixTime(NOW.0 + 10), &pki.trust());
            assert_eq!(signer.problems, [], "{kind:?}");
            assert_eq!(signer.proven_time(), Some(at), "{kind:?}");
            assert!(signer.is_valid(), "{kind:?}");
        }
    }

    #[test]
    fn a_proven_time_counts_against_a_later_revocation() {
        let pki = Pki::p256();
        let at = UnixTime(NOW.0 + 5);
        let signature = strengthened(&pki, &authority(&pki, KeyKind::P256, Role::TimeStamping), at, None);
        let revocation = crate::revocation::Revocation { time: UnixTime(NOW.0 + DAY), reason: 1 };
        let revoked = [(pki.signer.certificate.clone(), revocation)];
        let list = pki.authority.parsed_revocation_list(&revoked, 1, Validity::days(NOW, 7)).unwrap();
        let trust = Trust { revocation_lists: vec![list], ..pki.trust() };
        let later = UnixTime(NOW.0 + 2 * DAY);
        assert!(check(&signature, later, &trust).is_valid());
        let plain =
            sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &pki.signer.key, NOW).unwrap();
        assert!(check(&plain, later, &trust).chain.unwrap().status().contains(StatusFlags::REVOKED));
    }

    #[test]
    fn time_stamps_that_prove_nothing_are_left_out() {
        let pki = Pki::p256();
        let good = authority(&pki, KeyKind::P256, Role::TimeStamping);
        let no_authority = authority(&pki, KeyKind::P256, Role::Signer);
        let foreign = Pki::new(KeyKind::P384);
        let foreign = authority(&foreign, KeyKind::P384, Role::TimeStamping);
        let at = UnixTime(NOW.0 + 5);
        for (name, signature) in [
            ("over something else", strengthened(&pki, &good, at, Some(b"other"))),
            ("by somebody who may not", strengthened(&pki, &no_authority, at, None)),
            ("by somebody unknown", strengthened(&pki, &foreign, at, None)),
            ("of a time without certificate", strengthened(&pki, &good, UnixTime(NOW.0 - 9 * DAY), None)),
        ] {
            let signer = check(&signature, UnixTime(NOW.0 + 10), &pki.trust());
            assert_eq!(signer.problems, [Problem::TimestampInvalid], "{name}");
            assert_eq!(signer.proven_time(), None, "{name}");
            assert!(signer.is_valid(), "{name}: the signature itself is good");
        }
        let garbage = strengthen(
            &sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &pki.signer.key, NOW).unwrap(),
            &hex("0500"),
        );
        let signer = check(&garbage.unwrap(), NOW, &pki.trust());
        assert_eq!(signer.problems, [Problem::TimestampInvalid]);
        assert!(signer.timestamps.is_empty());
    }

    /// Authorities name their certificate by SHA-1, by another digest, or by both (RFC 5816).
    #[test]
    fn a_token_may_name_its_certificate_twice_and_leave_it_out() {
        use crate::test_data::edit_signed_data;
        let pki = Pki::p256();
        let stamper = authority(&pki, KeyKind::P256, Role::TimeStamping);
        let signature =
            sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &pki.signer.key, NOW).unwrap();
        let value = SignedData::parse(&signature).unwrap().signers()[0].signature().to_vec();
        let info = asn1::sequence(&[
            &asn1::unsigned(&[1]),
            &asn1::oid(TEST_POLICY),
            &asn1::sequence(&[
                &asn1::algorithm(DigestAlgorithm::Sha256.oid(), &[]),
                &asn1::tlv(asn1::OCTET_STRING, &[&DigestAlgorithm::Sha256.digest(&value)]),
            ]),
            &asn1::unsigned(&[1]),
            &NOW.to_generalized(),
        ]);
        let sha1 =
            asn1::tlv(asn1::OCTET_STRING, &[&DigestAlgorithm::Sha1.digest(stamper.certificate.as_der())]);
        let old = asn1::sequence(&[&asn1::sequence(&[&asn1::sequence(&[&sha1])])]);
        let new = signing_certificate(&stamper.certificate, DigestAlgorithm::Sha256);
        let digest = asn1::tlv(asn1::OCTET_STRING, &[&DigestAlgorithm::Sha256.digest(&info)]);
        let attributes = vec![
            attribute(oid::CONTENT_TYPE, &asn1::oid(oid::TST_INFO)),
            attribute(oid::MESSAGE_DIGEST, &digest),
            attribute(oid::SIGNING_CERTIFICATE, &old),
            attribute(oid::SIGNING_CERTIFICATE_V2, &new),
        ];
        let content = asn1::tlv(asn1::context(0), &[&asn1::tlv(asn1::OCTET_STRING, &[&info])]);
        let content = asn1::sequence(&[&asn1::oid(oid::TST_INFO), &content]);
        let token = signed_data(3, &content, attributes, &stamper.certificate, &[], &stamper.key).unwrap();
        let bare = edit_signed_data(&token, |fields| drop(fields.remove(3)));
        assert!(bare.len() < token.len() - 200);
        let beside = edit_signed_data(&signature, |fields| {
            let known = Item::parse(&fields[3]).unwrap().value().to_vec();
            fields[3] = asn1::tlv(asn1::context(0), &[&known, stamper.certificate.as_der()]);
        });
        let mut trusting = pki.trust();
        trusting.intermediates.push(stamper.certificate.clone());
        let missing = vec![Problem::TimestampWithoutCertificate];
        for (name, signature, token, trust, expected) in [
            ("inside", &signature, &token, pki.trust(), vec![]),
            ("in the signature", &beside, &bare, pki.trust(), vec![]),
            ("trusted", &signature, &bare, trusting, vec![]),
            ("nowhere", &signature, &bare, pki.trust(), missing),
        ] {
            let signer = check(&strengthen(signature, token).unwrap(), UnixTime(NOW.0 + 10), &trust);
            assert_eq!(signer.problems, expected, "{name}");
            assert_eq!(signer.proven_time().is_some(), expected.is_empty(), "{name}");
        }
    }

    #[test]
    fn refusals_are_told_in_the_words_of_the_authority() {
        let text = asn1::tlv(asn1::UTF8_STRING, &[b"no time"]);
        let status = asn1::sequence(&[&asn1::unsigned(&[2]), &asn1::sequence(&[&text])]);
        let error = token(&asn1::sequence(&[&status])).unwrap_err();
        assert_eq!(error.to_string(), "the time stamp authority refused with status 2: no time");
        assert!(matches!(token(&hex("3000")), Err(TsaError::Broken(_))));
        assert!(matches!(respond(&hex("3000"), &Pki::p256().signer, NOW, 1), Err(TsaError::Broken(_))));
        assert!(matches!(strengthen(&hex("3000"), &[]), Err(TsaError::Broken(_))));
    }
}
