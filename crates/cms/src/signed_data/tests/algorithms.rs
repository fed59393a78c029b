//! Which algorithm made a signature.

use super::*;
use crate::key::{PrivateKey, PrivateKeyError, PublicKey, UnusableKey};
use crate::pki::Subject;
use crate::test_data::random;

/// Widespread libraries write identifiers of other years, of the digest, or of whatever they have.
#[test]
fn the_key_decides_by_which_algorithm_it_signed() {
    let named = |kind: ObjectIdentifier| asn1::algorithm(kind, &[]);
    let unknown = ObjectIdentifier::new_unwrap("1.2.3.4");
    for kind in KINDS {
        let pki = Pki::new(kind);
        let good = signed(&pki);
        let own = SignedData::parse(&good).unwrap().signers()[0].digest_algorithm().unwrap();
        for identifier in [
            oid::GOST_2001_KEY,
            oid::GOST_2001_SIGNATURE,
            oid::GOST_KEY_256,
            oid::GOST_KEY_512,
            oid::GOST_SIGNATURE_256,
            oid::GOST_SIGNATURE_512,
            oid::RSA,
            oid::SHA1_RSA,
            oid::SHA256_RSA,
            oid::SHA384_RSA,
            oid::EC_KEY,
            oid::SHA1_ECDSA,
            oid::SHA256_ECDSA,
            oid::SHA512_ECDSA,
            own.oid(),
            unknown,
        ] {
            let signature = edit_signer(&good, |fields| fields[4] = named(identifier));
            let verification = check(&signature, &pki.trust());
            let signer = verification.first();
            assert!(verification.is_valid(), "{kind:?} named {identifier}: {:?}", signer.problems);
            assert_eq!(signer.algorithm, Some(pki.signer.key.algorithm()), "{kind:?} named {identifier}");
            let misnamed = Problem::AlgorithmMisnamed(identifier);
            assert!(signer.problems.iter().all(|problem| *problem == misnamed), "{:?}", signer.problems);

            let other = verify(&signature, Content::Bytes(b"another"), NOW, &pki.trust()).unwrap();
            assert!(!other.is_valid(), "{kind:?} named {identifier}");
        }
    }
}

#[test]
fn a_value_that_does_not_hold_is_told_with_the_algorithm_when_that_may_be_why() {
    let pki = Pki::p256();
    let unknown = ObjectIdentifier::new_unwrap("1.2.3.4");
    let broken = |identifier: ObjectIdentifier| {
        let signature = edit_signer(&signed(&pki), |fields| {
            fields[4] = asn1::algorithm(identifier, &[]);
            *fields[5].last_mut().unwrap() ^= 1;
        });
        check(&signature, &pki.trust()).first().problems.clone()
    };
    assert_eq!(broken(oid::SHA256_ECDSA), [Problem::SignatureInvalid]);
    let unsupported = crate::key::UnsupportedAlgorithm { oid: unknown, parameters: false };
    assert_eq!(broken(unknown), [Problem::UnsupportedAlgorithm(unsupported)]);
}

/// The digest of a GOST key is that of its length: another one cannot have been meant.
#[test]
fn a_digest_that_the_key_does_not_sign_is_refused() {
    let pki = Pki::new(KINDS[0]);
    let other = edit_signer(&signed(&pki), |fields| {
        fields[2] = asn1::algorithm(DigestAlgorithm::Sha256.oid(), &[]);
    });
    let problems = check(&other, &pki.trust()).first().problems.clone();
    let unsupported = crate::key::UnsupportedAlgorithm { oid: oid::GOST_KEY_256, parameters: true };
    assert_eq!(problems, [Problem::UnsupportedAlgorithm(unsupported), Problem::DigestMismatch]);
}

#[test]
fn a_digest_of_two_names_is_the_one_that_holds() {
    let pki = Pki::new(KeyKind::Rsa2048);
    let PrivateKey::Rsa(key) = &pki.signer.key else { panic!("an RSA key") };
    // The content by SHA-256, the attributes by another digest, which the signature algorithm names.
    for (digest, identifier, expected) in
        [(DigestAlgorithm::Sha512, oid::SHA512_RSA, true), (DigestAlgorithm::Sha1, oid::SHA1_RSA, false)]
    {
        let signature = edit_signer(&signed(&pki), |fields| {
            let attributes = asn1::tlv(asn1::SET, &[Item::parse(&fields[3]).unwrap().value()]);
            let hash = digest.digest(&attributes);
            let value = match digest {
                DigestAlgorithm::Sha512 => key.sign(rsa::Pkcs1v15Sign::new::<sha2::Sha512>(), &hash),
                _ => key.sign(rsa::Pkcs1v15Sign::new::<sha1::Sha1>(), &hash),
            };
            fields[4] = asn1::algorithm(identifier, &[]);
            fields[5] = asn1::tlv(asn1::OCTET_STRING, &[&value.unwrap()]);
        });
        assert_eq!(check(&signature, &pki.trust()).is_valid(), expected, "{}", digest.name());
    }
}

#[test]
fn rsa_keys_that_are_too_short_sign_nothing() {
    use rsa::traits::PublicKeyParts;
    let mut random = random();
    let short = rsa::RsaPrivateKey::new(&mut random, 1024).unwrap();
    let short = PrivateKey::Rsa(Box::new(short));
    assert_eq!(PrivateKey::parse(&short.to_pkcs8_der()).unwrap_err(), PrivateKeyError::ShortRsa(1024));
    // Its certificate is read, and its key is of no use: neither for signatures nor for certificates.
    let pki = Pki::p256();
    let PublicKey::Rsa(public) = short.public_key() else { panic!("an RSA key") };
    assert_eq!(public.size(), 128);
    let subject = Subject::common_name("Короткий ключ");
    let certificate =
        pki.authority.issue(&subject, &short.public_key(), Role::Signer, Validity::days(NOW, 1), &mut random);
    let certificate = certificate.unwrap();
    assert_eq!(certificate.key(), &PublicKey::Unusable(UnusableKey::ShortRsa(1024)));
    assert!(matches!(
        sign(Content::Bytes(DOCUMENT), &certificate, &[], &short, NOW),
        Err(SignError::NotTheKeyOfTheCertificate(_))
    ));
    let claimed = edit_signed_data(&signed(&pki), |fields| {
        fields[3] = asn1::tlv(asn1::context(0), &[certificate.as_der()]);
    });
    let claimed = edit_signer(&claimed, |fields| {
        fields[1] = asn1::tlv(
            asn1::context_primitive(0),
            &[certificate.extensions().subject_key_id.as_ref().unwrap()],
        )
    });
    let problems = check(&claimed, &pki.trust()).first().problems.clone();
    assert!(problems.contains(&Problem::UnusableKey(UnusableKey::ShortRsa(1024))), "{problems:?}");
}
