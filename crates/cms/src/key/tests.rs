use super::*;
use crate::asn1;
use crate::gost::ParameterSet;
use crate::oid;
use crate::test_data::random;

/// The forms in which programs write the number of a GOST key, with and without masks.
#[test]
fn gost_keys_are_read_in_every_form() {
    for set in [ParameterSet::CryptoProA, ParameterSet::Tc26A512] {
        let PrivateKey::Gost(key) = PrivateKey::generate(KeyKind::Gost(set), &mut random()).unwrap() else {
            panic!("a key of GOST")
        };
        let number = key.as_le_bytes();
        let mut one = vec![0; number.len()];
        one[0] = 1;
        let masked = [number, &one].concat();
        let reversed: Vec<u8> = number.iter().rev().copied().collect();
        let octets = |bytes: &[u8]| asn1::tlv(asn1::OCTET_STRING, &[bytes]);
        let kind = if set.key_len() == 32 { oid::GOST_KEY_256 } else { oid::GOST_KEY_512 };
        let parameters = asn1::sequence(&[&asn1::oid(set.oid())]);
        for (form, value) in [
            ("bare", number.to_vec()),
            ("octets", octets(number)),
            ("integer", asn1::unsigned(&reversed)),
            ("masked", masked.clone()),
            ("masked twice", [&masked[..], &one].concat()),
            ("masked octets", octets(&masked)),
            (
                "masked, with the public key",
                asn1::sequence(&[&octets(&masked), &octets(key.public_key().as_bytes())]),
            ),
        ] {
            let info = asn1::sequence(&[
                &asn1::unsigned(&[0]),
                &asn1::algorithm(kind, &parameters),
                &octets(&value),
            ]);
            let read = PrivateKey::parse(&info).unwrap_or_else(|error| panic!("{set:?}, {form}: {error}"));
            assert_eq!(read.public_key(), PublicKey::Gost(key.public_key()), "{set:?}, {form}");
        }
    }
}

#[test]
fn keys_that_are_not_read_are_named() {
    let pem = |label: &str, bytes: &[u8]| crate::encoding::to_pem(label, bytes).into_bytes();
    let p521 = crate::test_data::hex("2b81040023");
    let curve = asn1::tlv(6, &[&p521]);
    let algorithm = asn1::algorithm(oid::EC_KEY, &curve);
    let ec = asn1::sequence(&[&asn1::unsigned(&[0]), &algorithm, &asn1::tlv(asn1::OCTET_STRING, &[&[0]])]);
    for (file, expected) in [
        (pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0rest"), "in the form of OpenSSH"),
        (pem("PRIVATE KEY", &ec), "on the curve 1.3.132.0.35"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----".to_vec(), "old form of PEM"),
    ] {
        let by_key = PrivateKey::parse(&file).unwrap_err();
        let by_store = KeyStore::parse(&file, Some("x")).unwrap_err();
        assert!(by_key.to_string().contains(expected) && by_store == by_key, "{by_key}, {by_store}");
    }
    // A certificate that cannot be read is told of when it may be the one that is missing.
    let key = PrivateKey::generate(KeyKind::P256, &mut random()).unwrap();
    let file = [key.to_pem().as_bytes(), &pem("CERTIFICATE", &asn1::sequence(&[]))].concat();
    let error = KeyStore::parse(&file, None).unwrap().into_identity(crate::UnixTime(0)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a certificate in the file cannot be read: this is not an X.509 certificate"
    );
}

#[test]
fn fresh_data_make_another_signature_of_every_algorithm_that_has_a_nonce() {
    let sets = [ParameterSet::CryptoProA, ParameterSet::Tc26A512].map(KeyKind::Gost);
    let [a, b] = [[1; 32], [2; 32]].map(Fresh);
    for kind in [sets[0], sets[1], KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let key = PrivateKey::generate(kind, &mut random()).unwrap();
        for (key, is_fresh) in [(key.clone(), kind != KeyKind::Rsa2048), (key.with_pss(), true)] {
            let algorithm = key.algorithm();
            let digest = algorithm.digest().digest(b"document");
            let fresh = |data| key.sign_digest_with(&digest, data).unwrap();
            let signatures = [key.sign_digest(&digest).unwrap(), fresh(&a), fresh(&b)];
            for signature in &signatures {
                assert!(key.public_key().verify(algorithm, &digest, signature), "{kind:?}");
            }
            assert_eq!(fresh(&a), signatures[1], "{kind:?}: it follows from the data");
            let [bare, first, second] = &signatures;
            assert_eq!(bare != first && first != second, is_fresh, "{kind:?}");
        }
    }
}
