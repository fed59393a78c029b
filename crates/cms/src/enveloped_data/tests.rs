use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::digest::DigestAlgorithm;
use crate::key::KeyKind;
use crate::pki::Identity;
use crate::test_data::{KINDS, Pki, random};

/// One recipient of each kind of key; RSA takes long to make.
static RECIPIENTS: LazyLock<[Identity; 5]> = LazyLock::new(|| {
    let [gost_256, gost_512, ..] = KINDS;
    [KeyKind::Rsa2048, KeyKind::P256, KeyKind::P384, gost_256, gost_512].map(|kind| Pki::new(kind).signer)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_encrypted_is_opened(content in proptest::collection::vec(any::<u8>(), 0..300), which in 0..5usize) {
        let Identity { certificate, key } = &RECIPIENTS[which];
        let mut random = random();
        let sealed = encrypt(&content, certificate, &mut random).unwrap();
        prop_assert_eq!(&*decrypt(&sealed, certificate, key).unwrap(), &content);
        // The same content looks different each time.
        prop_assert_ne!(encrypt(&content, certificate, &mut random).unwrap(), sealed);
    }

    #[test]
    fn a_changed_byte_never_gives_the_content(at in any::<prop::sample::Index>(), bit in 0..8u8, which in 0..5usize) {
        let Identity { certificate, key } = &RECIPIENTS[which];
        // No two blocks alike, so that every changed byte of the content shows.
        let content: Vec<u8> = (0..80).collect();
        let mut sealed = encrypt(&content, certificate, &mut random()).unwrap();
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        if let Ok(opened) = decrypt(&sealed, certificate, key) {
            // Versions and the name of the type inside decide nothing.
            let harmless = opened.as_slice() == content.as_slice();
            prop_assert!(!harmless || at < sealed.len() - 100, "byte {at}");
        }
    }
}

#[test]
fn nothing_is_encrypted_to_keys_that_cannot_open_it() {
    let weak = DigestAlgorithm::Streebog256;
    let oaep = RsaPadding::Oaep(OaepDigests::both(weak));
    let error = encrypt_with(b"x", &RECIPIENTS[0].certificate, oaep, &mut random()).unwrap_err();
    assert!(matches!(error, EncryptError::Key(ref key) if key.contains("Streebog")), "{error}");
}

#[test]
fn others_open_nothing() {
    let [rsa, p256, p384, ..] = &*RECIPIENTS;
    let sealed = encrypt(b"for one", &rsa.certificate, &mut random()).unwrap();
    let error = decrypt(&sealed, &p256.certificate, &p256.key).unwrap_err();
    assert_eq!(error, DecryptError::NotARecipient(p256.certificate.thumbprint().to_string()));
    let error = decrypt(&sealed, &rsa.certificate, &p384.key).unwrap_err();
    assert_eq!(error, DecryptError::NotTheKeyOfTheCertificate(rsa.certificate.thumbprint().to_string()));
}

/// A padding that is wrong is told in the same words as a content that is.
#[test]
fn a_broken_key_transport_says_no_more_than_a_broken_content() {
    let Identity { certificate, key } = &RECIPIENTS[0];
    let (PublicKey::Rsa(public), PrivateKey::Rsa(private)) = (certificate.key(), key) else { panic!() };
    let sealed = encrypt(&[1; 64], certificate, &mut random()).unwrap();
    let EnvelopedData { recipients, .. } = EnvelopedData::parse(&sealed).unwrap();
    let [Recipient::Transport(transport)] = recipients.as_slice() else { panic!() };
    assert_eq!(transport.open_rsa(RsaPadding::Pkcs1, private, 32).unwrap().len(), 32);

    // A key of another length, then one without any padding: both open to 32 bytes that are of no use.
    let mut random = random();
    let short = transport::seal(&[5; 16], certificate, public, RsaPadding::Pkcs1, &mut random).unwrap();
    let short = Transport::parse(Item::parse(&short).unwrap()).unwrap();
    let opened = short.open_rsa(RsaPadding::Pkcs1, private, 32).unwrap();
    assert_eq!(
        (opened.len(), *opened == *short.open_rsa(RsaPadding::Pkcs1, private, 32).unwrap()),
        (32, true)
    );
    let mut bare = sealed.clone();
    let at = bare.windows(8).position(|window| window == &[1u8; 8][..]);
    assert_eq!(at, None, "the content does not shine through");
    let at = sealed.len() - 200;
    bare[at] ^= 1;
    assert_eq!(decrypt(&bare, certificate, key).unwrap_err(), DecryptError::NotOpened);
}

#[test]
fn what_is_not_enveloped_data_is_named() {
    let Identity { certificate, key } = &RECIPIENTS[1];
    for (bytes, expected) in [
        (&b""[..], DecryptError::Encoding(EncodingError::Empty)),
        (b"?", DecryptError::Encoding(EncodingError::NotDer)),
        (certificate.as_der(), DecryptError::NotEnvelopedData),
    ] {
        assert_eq!(decrypt(bytes, certificate, key).unwrap_err(), expected);
    }
    let huge = vec![0x30; Limits::default().max_bytes + 1];
    assert!(matches!(
        EnvelopedData::parse(&huge).unwrap_err(),
        DecryptError::Encoding(EncodingError::TooLarge { .. })
    ));

    // Another cipher of the content: the identifier of AES-256-CBC with its last arc changed.
    let mut sealed = encrypt(b"x", certificate, &mut random()).unwrap();
    let cipher = oid::AES256_CBC.as_bytes();
    let at = sealed.windows(cipher.len()).position(|window| window == cipher).unwrap();
    sealed[at + cipher.len() - 1] += 1;
    let error = decrypt(&sealed, certificate, key).unwrap_err();
    assert_eq!(error, DecryptError::Unsupported("2.16.840.1.101.3.4.1.43".parse().unwrap()));
}

#[test]
fn recipients_are_counted() {
    let Identity { certificate, key } = &RECIPIENTS[1];
    let info = agreement::seal(&[0; 32], certificate, &mut random()).unwrap();
    let message = |count| {
        let infos: Vec<&[u8]> = vec![&info; count];
        let cipher = Cipher::aes256(&mut random());
        let content = asn1::sequence(&[
            &asn1::oid(oid::DATA),
            &cipher.to_der(),
            &asn1::tlv(asn1::context_primitive(0), &[&cipher.encrypt(&[0; 32], b"x")]),
        ]);
        let body = asn1::sequence(&[&asn1::unsigned(&[2]), &asn1::tlv(asn1::SET, &infos), &content]);
        asn1::sequence(&[&asn1::oid(oid::ENVELOPED_DATA), &asn1::tlv(asn1::context(0), &[&body])])
    };
    assert_eq!(*decrypt(&message(MAX_RECIPIENTS), certificate, key).unwrap(), b"x");
    assert_eq!(
        decrypt(&message(MAX_RECIPIENTS + 1), certificate, key).unwrap_err(),
        DecryptError::NotEnvelopedData
    );
}

/// Programs compare the parameters of the message with those of the certificate, which may name a digest or leave it out.
#[test]
fn parameters_of_gost_keys_are_repeated_as_the_certificate_has_them() {
    for certificate in [
        include_bytes!("../../testdata/tools/gost512.crt").as_slice(),
        include_bytes!("../../testdata/tools/gost256.crt"),
    ] {
        let certificate = Certificate::parse(certificate).unwrap();
        let algorithm = certificate.key_algorithm();
        let sealed = encrypt(b"secret", &certificate, &mut random()).unwrap();
        let repeated = sealed.windows(algorithm.len()).filter(|window| *window == algorithm).count();
        assert_eq!(repeated, 2, "for the key of the message and for that of the sender");
    }
}
