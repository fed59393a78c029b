//! Files that signature tools of the field made: OpenSSL with the GOST engine, NSS, GnuTLS, programs over other libraries. All
//! of them say that these are good; the keys are throw-away.

use potok_cms::{
    Certificate, Content, KeyStore, ListState, Name, PrivateKeyError, Problem, PublicKey, RevocationList,
    SignedData, SignerVerification, SigningKey, StatusFlags, Trust, Uncheckable, UnixTime, UnusableKey, sign,
    verify,
};

/// 2026-12-01.
const AT: UnixTime = UnixTime(1_796_083_200);

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../testdata/tools/", $name)).as_slice()
    };
}

const DOCUMENT: &[u8] = file!("document");

fn certificate(bytes: &[u8]) -> Certificate {
    Certificate::parse(bytes).unwrap()
}

fn trust(certificates: &[&[u8]]) -> Trust {
    Trust { anchors: certificates.iter().map(|bytes| certificate(bytes)).collect(), ..Trust::default() }
}

fn p256_root() -> Trust {
    trust(&[file!("p256.root.crt")])
}

fn check(signature: &[u8], document: &[u8], trust: &Trust) -> SignerVerification {
    let verification = verify(signature, Content::Bytes(document), AT, trust).unwrap();
    verification.first().clone()
}

#[test]
fn both_signing_certificate_attributes_are_good() {
    let signer = check(file!("both-certificate-attributes.p7s"), DOCUMENT, &p256_root());
    assert_eq!(signer.problems, []);
    assert!(signer.is_valid() && signer.is_cades);
}

/// A library of a well-known token writes the key of 2001 over a signature of 2012.
#[test]
fn an_identifier_of_2001_over_a_key_of_2012_is_good() {
    let trust = trust(&[file!("named-2001.root.crt")]);
    let trust = Trust { intermediates: vec![certificate(file!("named-2001.authority.crt"))], ..trust };
    let document = file!("named-2001.document");
    for signature in [file!("named-2001.p7s"), file!("named-2001-ber.p7s"), file!("ber.p7s")] {
        let signer = check(signature, document, &trust);
        assert!(signer.is_valid(), "{:?}", signer.problems);
        assert_eq!(SignedData::parse(signature).unwrap().as_sent(), signature);
        assert!(!check(signature, DOCUMENT, &trust).is_valid());
    }
}

fn opens(file: &[u8], certificate_beside: &[u8]) {
    let store = KeyStore::parse(file, Some("x")).unwrap();
    let beside =
        if certificate_beside.is_empty() { Vec::new() } else { vec![certificate(certificate_beside)] };
    let (identity, _) = store.into_identity_of(beside, AT).unwrap();
    sign(Content::Bytes(DOCUMENT), &identity.certificate, &[], &identity.key, AT).unwrap();
}

#[test]
fn key_files_of_other_tools_are_read() {
    opens(file!("nss.p12"), &[]);
    opens(file!("gost89.p12"), &[]);
    opens(file!("masked.key"), file!("gost256.crt"));
    opens(file!("universal.pem"), &[]);
}

#[test]
fn key_files_that_are_not_read_say_why() {
    for (file, expected) in [
        (
            file!("des3.pem"),
            "the private key is encrypted by the algorithm 1.2.840.113549.3.7, which is not supported: write it again with \
             AES, or without a password",
        ),
        (
            file!("old-pem.key"),
            "the private key is encrypted in the old form of PEM, which is not read: write it again by `openssl pkcs8 -topk8`",
        ),
    ] {
        assert_eq!(KeyStore::parse(file, Some("x")).unwrap_err().to_string(), expected);
    }
    assert_eq!(KeyStore::parse(file!("gost89.p12"), Some("y")).unwrap_err(), PrivateKeyError::WrongPassword);
    assert_eq!(KeyStore::parse(file!("gost89.p12"), None).unwrap_err(), PrivateKeyError::Encrypted);
    assert_eq!(KeyStore::parse(file!("nss.p12"), Some("y")).unwrap_err(), PrivateKeyError::WrongPassword);
}

#[test]
fn of_several_certificates_the_named_one_wins_then_the_valid_one_then_the_newest() {
    let renewed = certificate(file!("p256.crt"));
    let store = || KeyStore::parse(file!("key-with-outdated.pem"), None).unwrap();
    let outdated = store().certificates[0].clone();
    let when_valid = UnixTime(outdated.not_after().0 - 1);
    let chosen = |store: KeyStore, named: &[&Certificate], at| {
        let named = named.iter().map(|named| (*named).clone()).collect();
        store.into_identity_of(named, at).unwrap().0.certificate
    };
    assert_eq!(chosen(store(), &[], AT), outdated, "the only one");
    assert_eq!(chosen(store(), &[&renewed], AT), renewed);
    assert_eq!(chosen(store(), &[&outdated], AT), outdated);
    assert_eq!(chosen(store(), &[&outdated, &renewed], AT), renewed);
    let in_one_file = || {
        let mut store = store();
        store.certificates.push(renewed.clone());
        store
    };
    assert_eq!(chosen(in_one_file(), &[], AT), renewed);
    assert_eq!(chosen(in_one_file(), &[], when_valid), outdated);
    let ever = UnixTime(i64::MAX);
    assert_eq!(chosen(in_one_file(), &[], ever), renewed, "neither is valid: the newest");
    // Someone else's certificate beside the key is no reason not to sign.
    assert_eq!(chosen(store(), &[&certificate(file!("gost256.crt"))], AT), outdated);
}

#[test]
fn keys_and_curves_that_are_not_supported_are_named() {
    let curve = potok_cms::ObjectIdentifier::new_unwrap("1.3.132.0.35");
    let signer = check(file!("p521.p7s"), DOCUMENT, &trust(&[file!("p521.root.crt")]));
    let key = UnusableKey::Curve(curve);
    let expected = [Problem::UnusableKey(key), Problem::Uncheckable(Uncheckable::Key(key))];
    assert_eq!(
        signer.problems.iter().filter(|problem| problem.is_error()).collect::<Vec<_>>(),
        expected.each_ref()
    );
    for language in [potok_cms::Language::English, potok_cms::Language::Russian] {
        for problem in expected {
            assert!(problem.text(language).contains("1.3.132.0.35"), "{}", problem.text(language));
        }
        let chain = signer.chain.as_ref().unwrap();
        assert!(chain.elements[0].text(language).contains("1.3.132.0.35"));
    }
    // On the wire there is no other flag for it.
    assert_eq!(signer.chain.unwrap().status(), StatusFlags::NOT_SIGNATURE_VALID);
}

#[test]
fn names_in_strings_of_32_bits_are_read() {
    let signer = check(file!("universal.p7s"), DOCUMENT, &p256_root());
    assert!(signer.is_valid(), "{:?}", signer.problems);
    let certificate = signer.certificate.unwrap();
    assert_eq!(certificate.subject().common_name(), Some("ООО «Лютик»"));
    let _: &Name = certificate.subject();
}

#[test]
fn lists_of_users_only_count_for_users_only() {
    let list = RevocationList::parse(file!("users-only.crl")).unwrap();
    let root = certificate(file!("p256.root.crt"));
    let user = certificate(file!("p256.crt"));
    assert!(list.is_issued_by(&root) && list.covers(&user) && !list.covers(&root));
    let trust = Trust { revocation_lists: vec![list], ..p256_root() };
    let signer = check(file!("both-certificate-attributes.p7s"), DOCUMENT, &trust);
    assert_eq!(signer.problems, []);
    assert_eq!(signer.chain.unwrap().elements[0].list, ListState::Current);
}

#[test]
fn a_time_stamp_without_its_certificate_is_good_when_that_is_at_hand() {
    let signature = file!("stamp-without-certificate.p7s");
    let stamper = certificate(file!("gost256.tsa.crt"));
    let unknown = check(signature, DOCUMENT, &trust(&[file!("gost256.root.crt")]));
    assert_eq!(unknown.problems, [Problem::TimestampWithoutCertificate]);
    assert_eq!(unknown.proven_time(), None);
    let mut known = trust(&[file!("gost256.root.crt")]);
    known.intermediates.push(stamper);
    let known = check(signature, DOCUMENT, &known);
    assert_eq!(known.problems, []);
    assert_eq!(known.proven_time(), Some(known.timestamps[0].time));
}

#[test]
fn keys_that_only_sign_are_told_apart() {
    let only_signs = certificate(file!("pss.crt"));
    assert!(matches!(only_signs.key(), PublicKey::RsaPss(_)));
    assert_eq!(only_signs.key().name(), "RSA 2048 for RSASSA-PSS only");
    let mut random = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(1);
    let error = potok_cms::enveloped_data::encrypt(b"secret", &only_signs, &mut random).unwrap_err();
    assert!(error.to_string().contains("RSASSA-PSS signatures only"), "{error}");
    // Its key signs as the certificate asks, in whatever form it is kept.
    let key = potok_cms::PrivateKey::parse(file!("pss.key")).unwrap();
    let kept_plain = potok_cms::PrivateKey::parse(&key.to_pkcs8_der()).unwrap();
    for key in [key, kept_plain] {
        assert!(key.is_key_of(&only_signs));
        let store = KeyStore { keys: vec![key], certificates: vec![only_signs.clone()], left_out: None };
        let (identity, _) = store.into_identity(AT).unwrap();
        assert!(matches!(identity.key.algorithm(), potok_cms::SignatureAlgorithm::RsaPss { .. }));
        let signature = sign(Content::Bytes(DOCUMENT), &only_signs, &[], &identity.key, AT).unwrap();
        assert!(check(&signature, DOCUMENT, &trust(&[file!("pss.crt")])).signature_valid);
    }
}
