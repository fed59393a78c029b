//! OpenSSL signs, we verify.

use potok_cms::{
    Certificate, Content, KeyKind, KeyStore, PrivateKey, PrivateKeyError, Problem, PublicKey, RevocationList,
    SignedData, SignedDataError, SigningKey, StatusFlags, SubjectKind, Trust, UnixTime, sign, verify,
};

use crate::openssl::{Kind, OpenSsl, kinds};

const DOCUMENT: &[u8] = "<Файл>счёт</Файл>\r\nвторая строка\n".as_bytes();

/// Each way to write a signature, as options of `cms -sign`.
const FORMS: [(&str, &str); 4] = [
    ("CAdES-BES", "-cades"),
    ("with attributes only", ""),
    ("without attributes", "-noattr"),
    ("named by key", "-cades -keyid"),
];

fn trust(openssl: &OpenSsl) -> Trust {
    Trust { anchors: vec![Certificate::parse(&openssl.read("root.pem")).unwrap()], ..Trust::default() }
}

/// Signs with OpenSSL; gives DER.
fn sign_with(openssl: &OpenSsl, kind: &Kind, form: &str) -> Vec<u8> {
    openssl.write("document", DOCUMENT);
    let usual = "cms -sign -binary -in document -signer signer.pem -inkey signer.key";
    openssl.run(&format!("{usual} {} {form} -outform DER -out signature.der", kind.sign));
    openssl.read("signature.der")
}

/// The last signature in four wrappings.
fn wrappings(openssl: &OpenSsl) -> [Vec<u8>; 4] {
    openssl.run("cms -cmsout -inform DER -in signature.der -outform PEM -out signature.pem");
    openssl.run("base64 -in signature.der -out signature.txt");
    let [der, pem, text] = ["signature.der", "signature.pem", "signature.txt"].map(|name| openssl.read(name));
    // OpenSSL writes indefinite lengths only around an attached document; other programs also without one.
    let indefinite = indefinite(&mut &der[..]);
    [der, pem, text, indefinite]
}

/// Takes one element off the input and writes it with indefinite lengths at every level.
fn indefinite(input: &mut &[u8]) -> Vec<u8> {
    let bytes = *input;
    let (length, head) = match bytes[1] {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let octets = usize::from(long & 0x7f);
            (
                bytes[2..2 + octets].iter().fold(0, |length, octet| length << 8 | usize::from(*octet)),
                2 + octets,
            )
        }
    };
    let (element, rest) = bytes.split_at(head + length);
    *input = rest;
    if element[0] & 0x20 == 0 {
        return element.to_vec();
    }
    let mut out = vec![element[0], 0x80];
    let mut inside = &element[head..];
    while !inside.is_empty() {
        out.extend(indefinite(&mut inside));
    }
    out.extend([0, 0]);
    out
}

#[test]
fn signatures_of_openssl_verify_in_every_form() {
    let Some(openssl) = OpenSsl::find() else { return };
    let at = openssl.later();
    for kind in kinds() {
        openssl.make_pki(&kind);
        let trust = trust(&openssl);
        for (form, options) in FORMS {
            let what = format!("{}, {form}", kind.name);
            let signature = sign_with(&openssl, &kind, options);
            // The wrappings differ by form, not by algorithm.
            let signatures = if kind.name == "RSA" { wrappings(&openssl).to_vec() } else { vec![signature] };
            for signature in signatures {
                let verification = verify(&signature, Content::Bytes(DOCUMENT), at, &trust).unwrap();
                assert!(verification.is_valid(), "{what}: {:?}", verification.first().problems);
                let signer = verification.first();
                assert_eq!(signer.is_cades, options.contains("-cades"), "{what}");
                assert_eq!(signer.signing_time.is_some(), options != "-noattr", "{what}");
                assert_eq!(signer.chain.as_ref().unwrap().elements.len(), 2, "{what}");
            }
        }
    }
}

#[test]
fn broken_signatures_of_openssl_fail_in_each_place() {
    let Some(openssl) = OpenSsl::find() else { return };
    let at = openssl.later();
    for kind in kinds() {
        openssl.make_pki(&kind);
        let trust = trust(&openssl);
        let signature = sign_with(&openssl, &kind, "-cades");
        let check = |bytes: &[u8], content: &[u8]| {
            verify(bytes, Content::Bytes(content), at, &trust).unwrap().first().problems.clone()
        };
        assert_eq!(check(&signature, DOCUMENT), [], "{}", kind.name);
        assert_eq!(check(&signature, b"another"), [Problem::DigestMismatch], "{}", kind.name);

        let read = SignedData::parse(&signature).unwrap();
        let signer = &read.signers()[0];
        let certificate = read.signer_certificate().unwrap();
        let flip = |part: &[u8], at: usize| {
            let start = signature.windows(part.len()).rposition(|window| window == part).unwrap();
            let mut changed = signature.clone();
            changed[start + at] ^= 4;
            changed
        };
        let value = signer.signature();
        // In the middle, where no structure of ECDSA stands, and at the end.
        for at in [value.len() / 2 - 8, value.len() - 1] {
            assert_eq!(
                check(&flip(value, at), DOCUMENT),
                [Problem::SignatureInvalid],
                "{}: value",
                kind.name
            );
        }
        let digest = signer.message_digest().unwrap();
        let expected = [Problem::DigestMismatch, Problem::SignatureInvalid];
        assert_eq!(check(&flip(digest, 0), DOCUMENT), expected, "{}: digest", kind.name);
        let der = certificate.as_der();
        let broken = check(&flip(der, der.len() - 1), DOCUMENT);
        let expected =
            [Problem::SigningCertificateMismatch, Problem::Chain(StatusFlags::NOT_SIGNATURE_VALID)];
        assert_eq!(broken, expected, "{}: certificate", kind.name);
    }
}

#[test]
fn attached_signatures_of_openssl_are_refused() {
    let Some(openssl) = OpenSsl::find() else { return };
    let kind = &kinds()[4];
    openssl.make_pki(kind);
    for form in ["-nodetach", "-nodetach -stream"] {
        let signature = sign_with(&openssl, kind, form);
        assert_eq!(SignedData::parse(&signature).unwrap_err(), SignedDataError::Attached, "{form}");
        let (_, content) = SignedData::parse_with_content(&signature, &potok_cms::Limits::default()).unwrap();
        assert_eq!(content.as_deref(), Some(DOCUMENT), "{form}");
    }
}

#[test]
fn two_signers_have_to_verify_both() {
    let Some(openssl) = OpenSsl::find() else { return };
    // OpenSSL adds a signer only with the digest of the first.
    let kinds = kinds();
    openssl.make_pki(&kinds[0]);
    let first = sign_with(&openssl, &kinds[0], "-cades");
    let anchor = Certificate::parse(&openssl.read("root.pem")).unwrap();
    openssl.make_pki(&kinds[4]);
    openssl.run(
        "cms -resign -binary -cades -inform DER -in signature.der -content document -signer signer.pem \
         -inkey signer.key -outform DER -out both.der",
    );
    let both = openssl.read("both.der");
    let at = openssl.now();
    let mut trust = Trust { anchors: vec![anchor], ..Trust::default() };
    assert!(verify(&first, Content::Bytes(DOCUMENT), at, &trust).unwrap().is_valid());
    let verification = verify(&both, Content::Bytes(DOCUMENT), at, &trust).unwrap();
    let valid: Vec<bool> = verification.signers.iter().map(potok_cms::SignerVerification::is_valid).collect();
    assert_eq!(valid.iter().filter(|valid| **valid).count(), 1, "one root is known");
    assert!(!verification.is_valid());
    trust.anchors.push(Certificate::parse(&openssl.read("root.pem")).unwrap());
    assert!(verify(&both, Content::Bytes(DOCUMENT), at, &trust).unwrap().is_valid());
}

#[test]
fn certificates_and_private_keys_of_openssl_are_read() {
    let Some(openssl) = OpenSsl::find() else { return };
    let at = openssl.later();
    for kind in kinds() {
        openssl.make_pki(&kind);
        let certificate = Certificate::parse(&openssl.read("signer.pem")).unwrap();
        let subject = certificate.subject();
        assert_eq!(subject.kind(), SubjectKind::LegalEntity, "{}", kind.name);
        assert_eq!(subject.inn(), Some("9616279520"), "{}", kind.name);
        assert_eq!(subject.person_inn(), Some("500100732259"));
        assert_eq!(subject.ogrn(), Some("1126605009600"));
        assert_eq!(subject.snils(), Some("11223344595"));
        assert_eq!((subject.surname(), subject.given_name()), (Some("Морозов"), Some("Пётр Андреевич")));
        assert_eq!((subject.organization(), subject.title()), (Some("ООО «Лютик»"), Some("Директор")));
        if let KeyKind::Gost(set) = kind.ours {
            let PublicKey::Gost(key) = certificate.key() else { panic!("{}", kind.name) };
            assert_eq!(key.set(), set);
        }

        let print = openssl.run("x509 -in signer.pem -noout -fingerprint -sha1 -serial");
        let plain = print.replace(':', "");
        assert!(plain.contains(&certificate.thumbprint().to_string()), "{print}");
        assert!(plain.contains(&format!("serial={}", certificate.serial_hex())), "{print}");

        // The key signs for this certificate, from PEM and from DER.
        openssl.run("pkey -in signer.key -outform DER -out signer.key.der");
        for name in ["signer.key", "signer.key.der"] {
            let key = PrivateKey::parse(&openssl.read(name)).unwrap();
            assert!(key.is_key_of(&certificate), "{}, {name}", kind.name);
            let signature = sign(Content::Bytes(DOCUMENT), &certificate, &[], &key, at).unwrap();
            assert!(
                verify(&signature, Content::Bytes(DOCUMENT), at, &trust(&openssl)).unwrap().is_valid(),
                "{} by {:?}",
                kind.name,
                key.algorithm()
            );
        }
    }
}

#[test]
fn bags_of_certificates_are_read() {
    let Some(openssl) = OpenSsl::find() else { return };
    openssl.make_pki(&kinds()[4]);
    openssl.run("crl2pkcs7 -nocrl -certfile root.pem -certfile signer.pem -out bag.pem");
    openssl.run("crl2pkcs7 -nocrl -certfile root.pem -certfile signer.pem -outform DER -out bag.p7b");
    let expected = ["root.pem", "signer.pem"].map(|name| Certificate::parse(&openssl.read(name)).unwrap());
    for name in ["bag.pem", "bag.p7b"] {
        assert_eq!(Certificate::parse_bundle(&openssl.read(name)).unwrap(), expected, "{name}");
        let is_root: Vec<bool> = expected.iter().map(Certificate::is_root).collect();
        assert_eq!(is_root, [true, false]);
    }
    assert!(Certificate::parse_bundle(b"\x30\x00").is_err());
}

#[test]
fn old_forms_of_private_keys_are_read() {
    let Some(openssl) = OpenSsl::find() else { return };
    openssl.run("genrsa -traditional -out rsa.pem 2048");
    openssl.run("ecparam -name prime256v1 -genkey -noout -out p256.pem");
    openssl.run("ecparam -name secp384r1 -genkey -out p384.pem");
    for name in ["rsa.pem", "p256.pem", "p384.pem"] {
        let text = String::from_utf8(openssl.read(name)).unwrap();
        assert!(!text.contains("BEGIN PRIVATE"), "{name} is of the old form");
        let key = PrivateKey::parse(text.as_bytes()).unwrap();
        openssl.run(&format!("pkey -in {name} -out new.pem"));
        let new = PrivateKey::parse(&openssl.read("new.pem")).unwrap();
        assert_eq!(key.public_key(), new.public_key(), "{name}");
    }
    openssl.run("pkey -in p256.pem -aes256 -passout pass:secret -out encrypted.pem");
    let error = PrivateKey::parse(&openssl.read("encrypted.pem")).unwrap_err();
    assert_eq!(error, PrivateKeyError::Encrypted);
    openssl.run("ec -in p256.pem -aes256 -passout pass:secret -out old.pem");
    let old = openssl.read("old.pem");
    assert_eq!(PrivateKey::parse(&old).unwrap_err(), PrivateKeyError::OldPem);
    assert_eq!(KeyStore::parse(&old, Some("secret")).unwrap_err(), PrivateKeyError::OldPem);
}

/// PKCS#5 version 2 has many ciphers and many ways to stretch a password: each is read, or named.
#[test]
fn key_files_behind_every_cipher_are_read_or_say_by_what_they_are_encrypted() {
    let Some(openssl) = OpenSsl::find() else { return };
    let kinds = kinds();
    let gost = kinds.iter().find(|kind| kind.name.contains("Tc26A512")).unwrap();
    openssl.make_pki(gost);
    let certificate = Certificate::parse(&openssl.read("signer.pem")).unwrap();
    for (options, unsupported) in [
        ("-v2 gost89", None),
        ("-v2 gost89 -v2prf id-tc26-hmac-gost-3411-2012-256", None),
        ("-v2 gost89 -v2prf hmacWithSHA256", None),
        ("-v2 aes-256-cbc -v2prf id-tc26-hmac-gost-3411-2012-512", None),
        ("-v2 aes-128-cbc -v2prf hmacWithSHA224", None),
        ("-v2 aes-192-cbc -v2prf hmacWithSHA1", None),
        ("-v2 aes-256-cbc -v2prf hmacWithSHA384 -iter 1", None),
        ("-scrypt", None),
        ("-v2 des3", Some("1.2.840.113549.3.7")),
        ("-v2 camellia-256-cbc", Some("1.2.392.200011.61.1.1.1.4")),
        ("-v2 magma-ctr-acpkm", Some("1.2.643.7.1.1.5.1.1")),
        ("-v2 kuznyechik-ctr-acpkm", Some("1.2.643.7.1.1.5.2.1")),
        ("-v2 aes-256-cbc -v2prf id-HMACGostR3411-94", Some("1.2.643.2.2.10")),
    ] {
        openssl.run(&format!("pkcs8 -topk8 -in signer.key {options} -passout pass:секрет -out k.pem"));
        let file = openssl.read("k.pem");
        match (KeyStore::parse(&file, Some("секрет")), unsupported) {
            (Ok(store), None) => {
                assert!(store.keys[0].is_key_of(&certificate), "{options}");
                let error = KeyStore::parse(&file, Some("x")).unwrap_err();
                assert_eq!(error, PrivateKeyError::WrongPassword, "{options}");
            }
            (Err(error @ PrivateKeyError::UnsupportedEncryption(_)), Some(identifier)) => {
                assert!(error.to_string().contains(identifier), "{options}: {error}");
                assert!(!error.to_string().contains("1.5.13"), "{options}: {error}");
            }
            (read, _) => panic!("{options}: {read:?}"),
        }
    }
    // Longer than the kilobyte after which the key of GOST 28147-89 is renewed.
    openssl.run(
        "pkcs12 -export -inkey signer.key -in signer.pem -certfile root.pem -keypbe gost89 -certpbe gost89 \
         -macalg md_gost12_512 -passout pass:x -out k.p12",
    );
    let store = KeyStore::parse(&openssl.read("k.p12"), Some("x")).unwrap();
    let (identity, others) = store.into_identity(UnixTime(0)).unwrap();
    assert_eq!((identity.certificate, others.len()), (certificate, 1));
}

#[test]
fn key_files_of_openssl_are_opened_by_their_password() {
    let Some(openssl) = OpenSsl::find() else { return };
    for kind in kinds() {
        openssl.make_pki(&kind);
        let certificate = Certificate::parse(&openssl.read("signer.pem")).unwrap();
        openssl.run("pkcs12 -export -inkey signer.key -in signer.pem -certfile root.pem -passout pass:секрет -out k.p12");
        openssl.run("pkcs12 -in k.p12 -passin pass:секрет -passout pass:секрет -out k.pem");
        openssl.run("pkcs12 -in k.p12 -passin pass:секрет -noenc -out plain.pem");
        for name in ["k.p12", "k.pem"] {
            let file = openssl.read(name);
            let (identity, others) =
                KeyStore::parse(&file, Some("секрет")).unwrap().into_identity(UnixTime(0)).unwrap();
            assert_eq!(identity.certificate, certificate, "{}, {name}", kind.name);
            assert_eq!(&identity.key.public_key(), certificate.key());
            assert_eq!(others.len(), 1);
            assert_eq!(KeyStore::parse(&file, None).unwrap_err(), PrivateKeyError::Encrypted, "{name}");
            assert_eq!(
                KeyStore::parse(&file, Some("wrong")).unwrap_err(),
                PrivateKeyError::WrongPassword,
                "{name}"
            );
        }
        let (identity, _) =
            KeyStore::parse(&openssl.read("plain.pem"), None).unwrap().into_identity(UnixTime(0)).unwrap();
        assert_eq!(identity.certificate, certificate);
    }
    let kind = &kinds()[4];
    openssl.make_pki(kind);
    openssl.run(
        "pkcs12 -export -inkey signer.key -in signer.pem -passout pass:x -keypbe PBE-SHA1-3DES -out old.p12",
    );
    let error = KeyStore::parse(&openssl.read("old.p12"), Some("x")).unwrap_err();
    assert!(matches!(error, PrivateKeyError::OldEncryption(_)), "{error}");
    let nothing =
        KeyStore::parse(&openssl.read("signer.pem"), None).unwrap().into_identity(UnixTime(0)).unwrap_err();
    assert_eq!(nothing, PrivateKeyError::NoIdentity);
}

#[test]
fn revocation_lists_of_openssl_revoke() {
    let Some(openssl) = OpenSsl::find() else { return };
    let at = openssl.later();
    for kind in kinds() {
        openssl.make_pki(&kind);
        let signature = sign_with(&openssl, &kind, "-cades");
        let config = "[ca]\ndefault_ca=ca_default\n[ca_default]\ndatabase=./index\ncrlnumber=./crlnumber\n\
                      default_md=default\n";
        let config = [String::from_utf8(openssl.read("config")).unwrap(), config.to_owned()].concat();
        openssl.write("ca.config", config);
        openssl.write("index", "");
        openssl.write("crlnumber", "01\n");
        let digest = kind.sign.split_whitespace().nth(1).unwrap();
        let ca = format!("ca -config ca.config -keyfile root.key -cert root.pem -md {digest}");
        openssl.run(&format!("{ca} -gencrl -crldays 7 -out empty.crl"));
        openssl.run(&format!("{ca} -revoke signer.pem -crl_reason keyCompromise"));
        openssl.run(&format!("{ca} -gencrl -crldays 7 -out full.crl"));
        for (name, expected) in [("empty.crl", StatusFlags::NO_ERROR), ("full.crl", StatusFlags::REVOKED)] {
            let list = RevocationList::parse(&openssl.read(name)).unwrap();
            let trust = Trust { revocation_lists: vec![list], ..trust(&openssl) };
            let verification = verify(&signature, Content::Bytes(DOCUMENT), at, &trust).unwrap();
            assert_eq!(
                verification.first().chain.as_ref().unwrap().status(),
                expected,
                "{}, {name}",
                kind.name
            );
        }
    }
}
