//! We sign, OpenSSL verifies.

use potok_cms::pki::{Authority, Identity, Organization, Person, Role, Subject, Validity};
use potok_cms::revocation::Revocation;
use potok_cms::{Certificate, Content, KeyKind, PrivateKey, SignedData, UnixTime, sign};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::openssl::{OpenSsl, kinds};

const DOCUMENT: &[u8] = "<Файл>счёт</Файл>\r\nвторая строка\n".as_bytes();

/// Our own authorities and a signer, around the time of the machine.
pub(crate) struct Pki {
    pub(crate) root: Authority,
    pub(crate) authority: Authority,
    pub(crate) signer: Identity,
    pub(crate) stamper: Identity,
}

impl Pki {
    pub(crate) fn new(kind: KeyKind, now: UnixTime) -> Self {
        let mut random = StdRng::seed_from_u64(u64::try_from(now.0).unwrap());
        let validity = Validity { from: UnixTime(now.0 - 86_400), to: UnixTime(now.0 + 30 * 86_400) };
        let root = Authority::root(&Subject::common_name("Корень"), kind, validity, &mut random).unwrap();
        let below = Role::Authority { below: Some(0) };
        let name = Subject::common_name("Удостоверяющий центр");
        let authority =
            Authority::new(root.issue_identity(&name, kind, below, validity, &mut random).unwrap());
        let organization = Organization {
            name: "ООО «Ромашка»".to_owned(),
            inn: "9616279520".to_owned(),
            ogrn: "1126605009600".to_owned(),
            city: "Екатеринбург".to_owned(),
        };
        let person = Person {
            surname: "Лебедева".to_owned(),
            given_name: "Анна Павловна".to_owned(),
            inn: "500100732259".to_owned(),
            snils: "11223344595".to_owned(),
            email: Some("lebedeva@example.com".to_owned()),
        };
        let subject = Subject::employee(&organization, &person, "Генеральный директор");
        let signer = authority.issue_identity(&subject, kind, Role::Signer, validity, &mut random).unwrap();
        let subject = Subject::common_name("Служба штампов времени");
        let stamper =
            authority.issue_identity(&subject, kind, Role::TimeStamping, validity, &mut random).unwrap();
        Self { root, authority, signer, stamper }
    }
}

const VERIFY: &str = "cms -verify -binary -inform DER -in signature.der -content document -CAfile root.pem \
                      -purpose any -out verified";

#[test]
fn our_signatures_verify_with_openssl_and_broken_ones_do_not() {
    let Some(openssl) = OpenSsl::find() else { return };
    let now = openssl.now();
    for kind in kinds() {
        let pki = Pki::new(kind.ours, now);
        openssl.write("root.pem", pki.root.certificate().to_pem());
        openssl.write("document", DOCUMENT);
        let key = match kind.name.as_str() {
            name if name.starts_with("PSS") => pki.signer.key.clone().with_pss(),
            _ => pki.signer.key.clone(),
        };
        let chain = [pki.authority.certificate().clone()];
        let signature = sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &chain, &key, now).unwrap();
        openssl.write("signature.der", &signature);
        openssl.run(VERIFY);
        openssl.run(&format!("{VERIFY} -cades"));
        assert_eq!(openssl.read("verified"), DOCUMENT, "{}", kind.name);

        openssl.write("document", b"another");
        openssl.try_run(VERIFY).expect_err("another document");
        openssl.write("document", DOCUMENT);

        let value = SignedData::parse(&signature).unwrap().signers()[0].signature().to_vec();
        let at = signature.windows(value.len()).position(|window| window == value).unwrap();
        let mut broken = signature.clone();
        broken[at + value.len() - 1] ^= 1;
        openssl.write("signature.der", &broken);
        openssl.try_run(VERIFY).expect_err("a broken value");

        openssl.write("signature.der", &signature);
        let other = Pki::new(KeyKind::P256, UnixTime(now.0 - 1));
        openssl.write("root.pem", other.root.certificate().to_pem());
        openssl.try_run(VERIFY).expect_err("another root");
    }
}

#[test]
fn our_certificates_and_revocation_lists_hold_with_openssl() {
    let Some(openssl) = OpenSsl::find() else { return };
    let now = openssl.now();
    for kind in kinds() {
        let pki = Pki::new(kind.ours, now);
        let period = Validity::days(UnixTime(now.0 - 60), 7);
        let list = |authority: &Authority, revoked: &[(Certificate, Revocation)]| {
            authority.revocation_list(revoked, 1, period).unwrap()
        };
        openssl.write("root.pem", pki.root.certificate().to_pem());
        openssl.write("authority.pem", pki.authority.certificate().to_pem());
        openssl.write("signer.pem", pki.signer.certificate.to_pem());
        let make_lists = |revoked: &[(Certificate, Revocation)]| {
            openssl.write("a.crl", list(&pki.root, &[]));
            openssl.write("b.crl", list(&pki.authority, revoked));
            let pem = ["a.crl", "b.crl"].map(|name| openssl.run(&format!("crl -inform DER -in {name}")));
            openssl.write("lists.pem", pem.concat());
        };
        let verify = "verify -x509_strict -CAfile root.pem -untrusted authority.pem -crl_check_all -CRLfile lists.pem \
                      signer.pem";
        make_lists(&[]);
        openssl.run(verify);
        make_lists(&[(pki.signer.certificate.clone(), Revocation { time: UnixTime(now.0 - 60), reason: 1 })]);
        let complaint = openssl.try_run(verify).expect_err("revoked");
        assert!(complaint.contains("revoked"), "{}: {complaint}", kind.name);

        let text = openssl.run("x509 -in signer.pem -noout -subject -nameopt utf8,sep_comma_plus_space");
        assert!(text.contains("ООО «Ромашка»") && text.contains("Генеральный директор"), "{text}");
    }
}

#[test]
fn our_private_keys_are_read_by_openssl() {
    let Some(openssl) = OpenSsl::find() else { return };
    let now = openssl.now();
    for kind in kinds() {
        let pki = Pki::new(kind.ours, now);
        openssl.write(
            "root.pem",
            [pki.root.certificate().to_pem(), pki.authority.certificate().to_pem()].concat(),
        );
        openssl.write("signer.pem", pki.signer.certificate.to_pem());
        openssl.write("signer.key", pki.signer.key.to_pem().as_bytes());
        openssl.write("document", DOCUMENT);
        openssl.run(&format!(
            "cms -sign -binary -in document -signer signer.pem -inkey signer.key {} -outform DER -out signature.der",
            kind.sign
        ));
        openssl.run(VERIFY);
        // And back, as OpenSSL writes it.
        openssl.run("pkey -in signer.key -out back.key");
        let back = PrivateKey::parse(&openssl.read("back.key")).unwrap();
        assert_eq!(back.public_key(), pki.signer.key.public_key(), "{}", kind.name);
    }
}
