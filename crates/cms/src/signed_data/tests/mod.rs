mod algorithms;

use super::*;
use crate::chain::{StatusFlags, Trust};
use crate::digest::{Content, ContentHasher, DigestAlgorithm};
use crate::key::{KeyKind, SigningKey};
use crate::pki::{Role, Validity};
use crate::sign::{SignError, attribute, sign, signed_data, signing_certificate};
use crate::test_data::{DAY, KINDS, NOW, Pki, edit_signed_data, edit_signer};
use crate::time::UnixTime;

const DOCUMENT: &[u8] = "<Файл>документ</Файл>".as_bytes();

fn signed(pki: &Pki) -> Vec<u8> {
    sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &pki.signer.key, NOW).unwrap()
}

fn check(signature: &[u8], trust: &Trust) -> Verification {
    verify(signature, Content::Bytes(DOCUMENT), NOW, trust).unwrap()
}

#[test]
fn signatures_of_every_kind_verify() {
    for kind in KINDS {
        let pki = Pki::new(kind);
        let mut keys = vec![pki.signer.key.clone()];
        keys.extend((kind == KeyKind::Rsa2048).then(|| pki.signer.key.clone().with_pss()));
        for key in keys {
            let chain = [pki.authority.certificate().clone()];
            let signature =
                sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &chain, &key, NOW).unwrap();
            // The authority between came along: only the root has to be known.
            let trust = Trust { intermediates: Vec::new(), ..pki.trust() };
            let verification = check(&signature, &trust);
            let signer = verification.first();
            assert_eq!(signer.problems, [], "{kind:?}");
            assert!(verification.is_valid(), "{kind:?}");
            assert_eq!(signer.algorithm, Some(key.algorithm()), "{kind:?}");
            assert_eq!(signer.signing_time, Some(NOW));
            assert_eq!(signer.certificate.as_ref(), Some(&pki.signer.certificate));
            assert_eq!(signer.chain.as_ref().unwrap().elements.len(), 3);
            assert!(signer.is_cades);
        }
    }
}

#[test]
fn contents_hashed_while_they_come_in_verify_too() {
    let pki = Pki::p256();
    let signature = signed(&pki);
    let digests = |algorithms: &[DigestAlgorithm]| {
        let mut hasher = ContentHasher::new(algorithms.iter().copied());
        DOCUMENT.chunks(7).for_each(|chunk| hasher.update(chunk));
        hasher.finish()
    };
    let signed = SignedData::parse(&signature).unwrap();
    let right = digests(&[DigestAlgorithm::Sha256, DigestAlgorithm::Streebog256]);
    assert!(signed.verify(Content::Digests(&right), NOW, &pki.trust()).is_valid());

    let missing = digests(&[DigestAlgorithm::Streebog256]);
    let verification = signed.verify(Content::Digests(&missing), NOW, &pki.trust());
    assert_eq!(verification.first().problems, [Problem::DigestNotComputed(DigestAlgorithm::Sha256)]);
    assert!(!verification.is_valid() && verification.first().signature_valid);
    let error = sign(Content::Digests(&missing), &pki.signer.certificate, &[], &pki.signer.key, NOW);
    assert!(matches!(error, Err(SignError::DigestNotComputed(DigestAlgorithm::Sha256))));
}

#[test]
fn another_document_is_told_from_a_damaged_signature() {
    for kind in KINDS {
        let pki = Pki::new(kind);
        let signature = signed(&pki);
        let verification = verify(&signature, Content::Bytes(b"another"), NOW, &pki.trust()).unwrap();
        let signer = verification.first();
        assert!(!signer.digest_matches && signer.signature_valid, "{kind:?}");
        assert_eq!(signer.problems, [Problem::DigestMismatch], "{kind:?}");
        assert!(!verification.is_valid() && !verification.is_signature_of_content());

        let value = SignedData::parse(&signature).unwrap().signers()[0].signature().to_vec();
        let at = signature.windows(value.len()).position(|window| window == value).unwrap();
        let mut damaged = signature.clone();
        damaged[at + value.len() / 2] ^= 1;
        let verification = check(&damaged, &pki.trust());
        let signer = verification.first();
        assert!(signer.digest_matches && !signer.signature_valid, "{kind:?}");
        assert_eq!(signer.problems, [Problem::SignatureInvalid], "{kind:?}");
    }
}

/// No bit of a signature can be changed so that it stays valid and says something else.
#[test]
fn no_changed_bit_passes_unnoticed() {
    let pki = Pki::p256();
    let signature = signed(&pki);
    let trust = pki.trust();
    let mut harmless = 0;
    for at in 0..signature.len() {
        let mut changed = signature.clone();
        let bit = at % 8;
        changed[at] ^= 1 << bit;
        let Ok(read) = SignedData::parse(&changed) else { continue };
        let verification = read.verify(Content::Bytes(DOCUMENT), NOW, &trust);
        if verification.is_valid() {
            harmless += 1;
            let signer = verification.first();
            assert_eq!(signer.certificate.as_ref(), Some(&pki.signer.certificate), "bit {bit} of byte {at}");
            assert_eq!(signer.signing_time, Some(NOW), "bit {bit} of byte {at}");
        }
    }
    // Versions, the digest named in advance, upper and lower case in the signer's issuer: these are not signed.
    assert!(harmless < 60, "{harmless} bits are not covered");
}

#[test]
fn certificates_that_are_not_good_make_a_signature_invalid_each_in_its_way() {
    let pki = Pki::p256();
    let day =
        |from: i64, to: i64| Validity { from: UnixTime(NOW.0 + from * DAY), to: UnixTime(NOW.0 + to * DAY) };
    let signature_by = |identity: &crate::pki::Identity| {
        sign(Content::Bytes(DOCUMENT), &identity.certificate, &[], &identity.key, NOW).unwrap()
    };
    let expired = signature_by(&pki.issue(Role::Signer, day(-10, -1)));
    let not_yet = signature_by(&pki.issue(Role::Signer, day(1, 10)));
    let wrong_use = signature_by(&pki.issue(Role::Authority { below: None }, day(-1, 1)));
    let good = signed(&pki);
    let foreign =
        Trust { anchors: vec![Pki::new(KeyKind::P384).root.certificate().clone()], ..Trust::default() };
    let untrusted = Trust {
        intermediates: vec![pki.authority.certificate().clone(), pki.root.certificate().clone()],
        ..foreign.clone()
    };
    for (name, signature, trust, expected) in [
        ("good", &good, pki.trust(), StatusFlags::NO_ERROR),
        ("expired", &expired, pki.trust(), StatusFlags::NOT_TIME_VALID),
        ("not valid yet", &not_yet, pki.trust(), StatusFlags::NOT_TIME_VALID),
        ("not for signing", &wrong_use, pki.trust(), StatusFlags::NOT_VALID_FOR_USAGE),
        ("issuer unknown", &good, foreign, StatusFlags::PARTIAL_CHAIN),
        ("root not trusted", &good, untrusted, StatusFlags::UNTRUSTED_ROOT),
    ] {
        let verification = check(signature, &trust);
        let signer = verification.first();
        assert_eq!(signer.chain.as_ref().unwrap().status(), expected, "{name}");
        assert_eq!(verification.is_valid(), expected.is_empty(), "{name}");
        assert!(verification.is_signature_of_content(), "{name}");
    }
}

/// Who has an old key can claim any time.
#[test]
fn the_claimed_time_counts_for_nothing() {
    let pki = Pki::p256();
    let sign_at = |time| {
        let signature =
            sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &pki.signer.key, time).unwrap();
        move |trust: &Trust, at| verify(&signature, Content::Bytes(DOCUMENT), at, trust).unwrap()
    };
    let later = |days: i64| UnixTime(NOW.0 + days * DAY);
    let end = pki.signer.certificate.not_after();
    for claimed in [NOW, later(-99), later(300), end] {
        for (at, expected) in [(NOW, true), (end, true), (UnixTime(end.0 + 1), false), (later(400), false)] {
            let verification = sign_at(claimed)(&pki.trust(), at);
            assert_eq!(verification.is_valid(), expected, "claimed {claimed}, came in {at}");
            assert_eq!(verification.first().checked_at, at);
            let status = verification.first().chain.as_ref().unwrap().elements[0].status;
            assert_eq!(status.contains(StatusFlags::NOT_TIME_VALID), !expected);
        }
    }
    // A claimed time before the certificate, and one in the future, are not believed, and do no harm.
    assert!(sign_at(later(-900))(&pki.trust(), NOW).is_valid());
    let verification = sign_at(later(300))(&pki.trust(), NOW);
    assert_eq!(verification.first().problems, [Problem::SigningTimeInFuture]);
    assert!(verification.is_valid());
}

#[test]
fn revocation_counts_from_its_date_whatever_time_is_claimed() {
    let pki = Pki::p256();
    let signature = signed(&pki);
    let revoked_at = UnixTime(NOW.0 + 10 * DAY);
    let revoked =
        [(pki.signer.certificate.clone(), crate::revocation::Revocation { time: revoked_at, reason: 1 })];
    let list = pki.authority.parsed_revocation_list(&revoked, 1, Validity::days(revoked_at, 7)).unwrap();
    let trust = Trust { revocation_lists: vec![list], ..pki.trust() };
    for (days, expected) in [(0, true), (9, true), (10, false), (11, false), (100, false)] {
        let at = UnixTime(NOW.0 + days * DAY);
        let verification = verify(&signature, Content::Bytes(DOCUMENT), at, &trust).unwrap();
        assert_eq!(verification.is_valid(), expected, "after {days} days");
        let status = verification.first().chain.as_ref().unwrap().elements[0].status;
        assert_eq!(status.contains(StatusFlags::REVOKED), !expected, "after {days} days");
    }
}

#[test]
fn attached_signatures_are_refused_and_told_why() {
    let pki = Pki::p256();
    let content = asn1::tlv(asn1::context(0), &[&asn1::tlv(asn1::OCTET_STRING, &[DOCUMENT])]);
    let info = asn1::sequence(&[&asn1::oid(oid::DATA), &content]);
    let digest = asn1::tlv(asn1::OCTET_STRING, &[&DigestAlgorithm::Sha256.digest(DOCUMENT)]);
    let attributes =
        vec![attribute(oid::CONTENT_TYPE, &asn1::oid(oid::DATA)), attribute(oid::MESSAGE_DIGEST, &digest)];
    let Pki { signer, .. } = &pki;
    let attached = signed_data(1, &info, attributes, &signer.certificate, &[], &signer.key).unwrap();
    let error = SignedData::parse(&attached).unwrap_err();
    assert_eq!(error, SignedDataError::Attached);
    assert!(error.text_ru().contains("присоединённая"));
    let (_, content) = SignedData::parse_with_content(&attached, &Limits::default()).unwrap();
    assert_eq!(content.as_deref(), Some(DOCUMENT));
}

/// Signs attributes as given, so that each of them can be wrong.
fn with_attributes(pki: &Pki, attributes: Vec<Vec<u8>>) -> Vec<u8> {
    let info = asn1::sequence(&[&asn1::oid(oid::DATA)]);
    signed_data(1, &info, attributes, &pki.signer.certificate, &[], &pki.signer.key).unwrap()
}

#[test]
fn wrong_attributes_are_named() {
    let pki = Pki::p256();
    let other = Pki::new(KeyKind::P384);
    let kind = attribute(oid::CONTENT_TYPE, &asn1::oid(oid::DATA));
    let other_kind = attribute(oid::CONTENT_TYPE, &asn1::oid(oid::TST_INFO));
    let hash = asn1::tlv(asn1::OCTET_STRING, &[&DigestAlgorithm::Sha256.digest(DOCUMENT)]);
    let digest = attribute(oid::MESSAGE_DIGEST, &hash);
    let two_digests =
        asn1::sequence(&[&asn1::oid(oid::MESSAGE_DIGEST), &asn1::tlv(asn1::SET, &[&hash, &hash])]);
    let time = attribute(oid::SIGNING_TIME, &NOW.to_der());
    let certificate = |of: &Pki| {
        let value = signing_certificate(&of.signer.certificate, DigestAlgorithm::Sha256);
        attribute(oid::SIGNING_CERTIFICATE_V2, &value)
    };
    let (right, wrong) = (certificate(&pki), certificate(&other));
    let by = |kind: ObjectIdentifier, algorithm: &[u8], digest: &[u8]| {
        let hash = asn1::tlv(asn1::OCTET_STRING, &[digest]);
        attribute(kind, &asn1::sequence(&[&asn1::sequence(&[&asn1::sequence(&[algorithm, &hash])])]))
    };
    let by_sha1 = |of: &Pki| {
        by(oid::SIGNING_CERTIFICATE, &[], &DigestAlgorithm::Sha1.digest(of.signer.certificate.as_der()))
    };
    let (old, old_wrong) = (by_sha1(&pki), by_sha1(&other));
    let sha3 = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.8");
    let unknown = by(oid::SIGNING_CERTIFICATE_V2, &asn1::algorithm(sha3, &[]), &[7; 32]);
    for (attributes, expected, valid) in [
        (vec![&kind, &digest, &time, &right], vec![], true),
        (vec![&kind, &digest, &right], vec![Problem::NoSigningTime], true),
        (vec![&kind, &digest, &time], vec![Problem::NoSigningCertificate], true),
        (vec![&kind, &digest, &time, &wrong], vec![Problem::SigningCertificateMismatch], false),
        (vec![&kind, &digest, &time, &right, &wrong], vec![Problem::SigningCertificateMismatch], false),
        // Both attributes, in either order: both count.
        (vec![&kind, &digest, &time, &old, &right], vec![], true),
        (vec![&kind, &digest, &time, &right, &old], vec![], true),
        (vec![&kind, &digest, &time, &old], vec![], true),
        (vec![&kind, &digest, &time, &old, &wrong], vec![Problem::SigningCertificateMismatch], false),
        (vec![&kind, &digest, &time, &old_wrong, &right], vec![Problem::SigningCertificateMismatch], false),
        (vec![&kind, &digest, &time, &old, &old], vec![Problem::SigningCertificateMismatch], false),
        (vec![&kind, &digest, &time, &old, &unknown], vec![], true),
        (vec![&kind, &digest, &time, &unknown], vec![Problem::SigningCertificateUnchecked], true),
        (vec![&kind, &time, &right], vec![Problem::NoMessageDigest], false),
        (vec![&kind, &digest, &digest, &time, &right], vec![Problem::NoMessageDigest], false),
        (vec![&kind, &two_digests, &time, &right], vec![Problem::NoMessageDigest], false),
        (vec![&digest, &time, &right], vec![Problem::ContentTypeMismatch], false),
        (vec![&other_kind, &digest, &time, &right], vec![Problem::ContentTypeMismatch], false),
    ] {
        let attributes = attributes.into_iter().cloned().collect();
        let verification = check(&with_attributes(&pki, attributes), &pki.trust());
        assert_eq!(verification.first().problems, expected);
        assert_eq!(verification.is_valid(), valid, "{expected:?}");
    }
}

#[test]
fn a_key_that_is_not_the_certificates_signs_nothing() {
    let pki = Pki::p256();
    let other = Pki::new(KeyKind::P384);
    let made = sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &other.signer.key, NOW);
    assert!(matches!(made, Err(SignError::NotTheKeyOfTheCertificate(_))));
}

#[test]
fn bytes_that_are_no_signature_are_told_apart() {
    let pki = Pki::p256();
    let certificate = pki.signer.certificate.as_der();
    let enveloped = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");
    let other =
        asn1::sequence(&[&asn1::oid(enveloped), &asn1::tlv(asn1::context(0), &[&asn1::sequence(&[])])]);
    for (name, input, expected) in [
        ("nothing", &b""[..], SignedDataError::Encoding(EncodingError::Empty)),
        ("text", &b"no signature"[..], SignedDataError::Encoding(EncodingError::NotDer)),
        ("a certificate", certificate, SignedDataError::NotCms),
        ("encrypted data", &other, SignedDataError::OtherContentType(enveloped)),
    ] {
        assert_eq!(SignedData::parse(input).unwrap_err(), expected, "{name}");
        assert!(!expected.text_ru().is_empty());
    }
}

#[test]
fn what_was_sent_is_kept_byte_for_byte() {
    let pki = Pki::p256();
    let der = signed(&pki);
    let length = der.len() - 4;
    assert_eq!(der[1], 0x82, "the outer length has two octets");
    let ber = [&[0x30, 0x80][..], &der[4..], &[0, 0]].concat();
    let long = [&[0x30, 0x83, 0][..], &u16::try_from(length).unwrap().to_be_bytes(), &der[4..]].concat();
    for sent in [&der, &ber, &long] {
        let text = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, sent);
        let pem = format!("-----BEGIN CMS-----\n{text}\n-----END CMS-----\n");
        for given in [sent.clone(), text.into_bytes(), pem.into_bytes()] {
            let read = SignedData::parse(&given).unwrap();
            assert_eq!((read.as_sent(), read.as_der()), (&sent[..], &der[..]));
        }
        assert!(check(sent, &pki.trust()).is_valid());
    }
}

/// Lists that came along are of no use and no hindrance, however long: they are inside of signatures for archives.
#[test]
fn long_revocation_lists_inside_do_no_harm() {
    let pki = Pki::p256();
    let revocation = crate::revocation::Revocation { time: NOW, reason: 1 };
    let revoked: Vec<_> = std::iter::repeat_n((pki.root.certificate().clone(), revocation), 12_000).collect();
    let list = pki.authority.revocation_list(&revoked, 1, Validity::days(NOW, 7)).unwrap();
    let signature = edit_signed_data(&signed(&pki), |fields| {
        fields.insert(4, asn1::tlv(asn1::context(1), &[&list]));
    });
    assert!(signature.len() > 500_000, "{}", signature.len());
    assert!(check(&signature, &pki.trust()).is_valid());
    let ber = [&[0x30, 0x80][..], &signature[5..], &[0, 0]].concat();
    assert!(check(&ber, &pki.trust()).is_valid());

    let limits = Limits { max_elements: 20_000, ..Limits::default() };
    let error = SignedData::parse_within(&signature, &limits).unwrap_err();
    assert_eq!(error.to_string(), "the signature cannot be read: the structure has more than 20000 elements");
    assert_eq!(error.text_ru(), "Подпись не читается: в структуре больше 20000 элементов");
}

#[test]
fn a_certificate_that_cannot_be_read_is_told_as_such() {
    let pki = Pki::p256();
    let broken = edit_signed_data(&signed(&pki), |fields| {
        fields[3] = asn1::tlv(asn1::context(0), &[&asn1::sequence(&[&asn1::sequence(&[])])]);
    });
    let none = edit_signed_data(&signed(&pki), |fields| fields[3] = asn1::tlv(asn1::context(0), &[]));
    for (signature, expected) in [(broken, Problem::UnreadableCertificate), (none, Problem::NoCertificate)] {
        assert_eq!(check(&signature, &pki.trust()).first().problems[0], expected);
    }
}
