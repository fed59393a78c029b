//! Contents encrypted by OpenSSL are opened here, and ours there.

use potok_cms::enveloped_data::{DecryptError, OaepDigests, RsaPadding, decrypt, encrypt, encrypt_with};
use potok_cms::{Certificate, DigestAlgorithm, KeyKind, KeyStore, UnixTime};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::openssl::{Kind, OpenSsl, kinds};

fn kind(name: &str) -> Kind {
    kinds().into_iter().find(|kind| kind.name == name).unwrap()
}

/// Lengths around the blocks of the ciphers, and one that OpenSSL writes in pieces.
const LENGTHS: [usize; 6] = [0, 1, 15, 16, 32, 5_000];

fn contents() -> Vec<Vec<u8>> {
    LENGTHS.map(|len| (0..len).map(|at| u8::try_from(at % 251).unwrap()).collect()).to_vec()
}

#[test]
fn what_openssl_encrypted_is_opened() {
    let Some(openssl) = OpenSsl::find() else { return };
    for (name, options) in [
        ("RSA", "-aes256"),
        ("RSA", "-aes128 -keyid"),
        ("RSA", "-aes192 -stream"),
        ("RSA", "-aes256 -keyopt rsa_padding_mode:oaep"),
        ("RSA", "-aes256 -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256"),
        ("RSA", "-aes256 -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha512 -keyopt rsa_mgf1_md:sha1"),
        ("P-256", "-aes256"),
        ("P-256", "-aes128 -keyopt ecdh_kdf_md:sha256 -keyid"),
        ("P-256", "-aes256 -keyopt ecdh_kdf_md:sha512 -keyopt ecdh_cofactor_mode:1"),
        ("P-384", "-aes256 -keyopt ecdh_kdf_md:sha384"),
        ("P-384", "-aes192 -stream"),
    ] {
        openssl.make_pki(&kind(name));
        let store = [openssl.read("signer.key"), openssl.read("signer.pem")].concat();
        let (identity, _) = KeyStore::parse(&store, None).unwrap().into_identity(UnixTime(0)).unwrap();
        for content in contents() {
            openssl.write("content", &content);
            openssl.run(&format!(
                "cms -encrypt -binary -in content -outform DER -out sealed -recip signer.pem {options}"
            ));
            let opened = decrypt(&openssl.read("sealed"), &identity.certificate, &identity.key);
            let opened = opened.unwrap_or_else(|error| panic!("{name} {options}: {error}"));
            assert_eq!(*opened, content, "{name} {options}");
        }
    }
}

#[test]
fn what_is_for_several_is_opened_by_each() {
    let Some(openssl) = OpenSsl::find() else { return };
    let mut identities = Vec::new();
    for name in ["RSA", "P-256"] {
        openssl.make_pki(&kind(name));
        openssl.write(&format!("{name}.pem"), openssl.read("signer.pem"));
        let store = [openssl.read("signer.key"), openssl.read("signer.pem")].concat();
        identities.push(KeyStore::parse(&store, None).unwrap().into_identity(UnixTime(0)).unwrap().0);
    }
    openssl.write("content", "for both");
    openssl.run("cms -encrypt -in content -outform PEM -out sealed -aes256 RSA.pem P-256.pem");
    for identity in &identities {
        let opened = decrypt(&openssl.read("sealed"), &identity.certificate, &identity.key).unwrap();
        assert_eq!(opened.trim_ascii(), b"for both");
    }
    openssl.make_pki(&kind("P-384"));
    let store = [openssl.read("signer.key"), openssl.read("signer.pem")].concat();
    let (other, _) = KeyStore::parse(&store, None).unwrap().into_identity(UnixTime(0)).unwrap();
    let error = decrypt(&openssl.read("sealed"), &other.certificate, &other.key).unwrap_err();
    assert_eq!(error, DecryptError::NotARecipient(other.certificate.thumbprint().to_string()));
    let error = decrypt(&openssl.read("sealed"), &identities[0].certificate, &other.key).unwrap_err();
    assert!(matches!(error, DecryptError::NotTheKeyOfTheCertificate(_)), "{error}");
}

#[test]
fn what_we_encrypted_is_opened_by_openssl_and_by_no_other_key() {
    let Some(openssl) = OpenSsl::find() else { return };
    let mut random = StdRng::seed_from_u64(7);
    let open = "cms -decrypt -binary -inform DER -in sealed -inkey signer.key -recip signer.pem -out opened";
    for name in ["RSA", "P-256", "P-384"] {
        openssl.make_pki(&kind(name));
        let certificate = Certificate::parse(&openssl.read("signer.pem")).unwrap();
        for content in contents() {
            openssl.write("sealed", encrypt(&content, &certificate, &mut random).unwrap());
            openssl.run(open);
            assert_eq!(openssl.read("opened"), content, "{name}");
        }
        let mut broken = encrypt(&[7; 100], &certificate, &mut random).unwrap();
        let last = broken.len() - 1;
        broken[last - 16] ^= 1;
        openssl.write("sealed", &broken);
        let opened = openssl.try_run(open).map(|_| openssl.read("opened"));
        assert_ne!(opened.ok(), Some(vec![7; 100]), "{name}");
    }
    openssl.make_pki(&kind("RSA"));
    let certificate = Certificate::parse(&openssl.read("signer.pem")).unwrap();
    use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
    for (label, mask) in [(Sha1, Sha1), (Sha256, Sha256), (Sha256, Sha1), (Sha384, Sha384), (Sha512, Sha512)]
    {
        let padding = RsaPadding::Oaep(OaepDigests { label, mask });
        openssl.write("sealed", encrypt_with(b"by OAEP", &certificate, padding, &mut random).unwrap());
        openssl.run(open);
        assert_eq!(openssl.read("opened"), b"by OAEP", "{label:?} {mask:?}");
    }
}

#[test]
fn every_kind_of_gost_key_opens_what_either_side_encrypted() {
    let Some(openssl) = OpenSsl::find() else { return };
    let mut random = StdRng::seed_from_u64(8);
    for kind in kinds().into_iter().filter(|kind| matches!(kind.ours, KeyKind::Gost(_))) {
        openssl.make_pki(&kind);
        let store = [openssl.read("signer.key"), openssl.read("signer.pem")].concat();
        let (identity, _) = KeyStore::parse(&store, None).unwrap().into_identity(UnixTime(0)).unwrap();
        for content in contents() {
            openssl.write("content", &content);
            openssl.run("cms -encrypt -binary -in content -outform DER -out sealed -gost89 signer.pem");
            let opened = decrypt(&openssl.read("sealed"), &identity.certificate, &identity.key);
            let opened = opened.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
            assert_eq!(*opened, content, "{}", kind.name);

            openssl.write("sealed", encrypt(&content, &identity.certificate, &mut random).unwrap());
            openssl.run(
                "cms -decrypt -binary -inform DER -in sealed -inkey signer.key -recip signer.pem -out opened",
            );
            assert_eq!(openssl.read("opened"), content, "{}", kind.name);
        }
    }
}
