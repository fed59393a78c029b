use super::*;
use crate::certificate::SubjectKind;
use crate::test_data::{KINDS, NOW, Pki, organization, person, random};

#[test]
fn subjects_have_the_attributes_of_the_russian_rules() {
    let pki = Pki::p256();
    let subject = pki.signer.certificate.subject();
    assert_eq!(
        subject.to_string(),
        "CN=ООО «Ромашка», O=ООО «Ромашка», C=RU, L=Екатеринбург, ИНН ЮЛ=9616279520, ОГРН=1126605009600, \
         T=Генеральный директор, SN=Лебедева, G=Анна Павловна, ИНН=500100732259, СНИЛС=11223344595, \
         E=lebedeva@example.com"
    );
    assert_eq!(subject.kind(), SubjectKind::LegalEntity);
    assert_eq!(subject.inn(), Some("9616279520"));
    assert_eq!(subject.person_inn(), Some("500100732259"));
    assert_eq!(subject.title(), Some("Генеральный директор"));

    for (subject, kind) in [
        (Subject::person(&person()), SubjectKind::PhysicalPerson),
        (Subject::proprietor(&person(), "304500116000157"), SubjectKind::IndividualEntity),
        (Subject::organization(&organization()), SubjectKind::LegalEntity),
    ] {
        let key = pki.signer.key.public_key();
        let validity = Validity::days(NOW, 1);
        let certificate = pki.authority.issue(&subject, &key, Role::Signer, validity, &mut random()).unwrap();
        assert_eq!(certificate.subject().kind(), kind, "{}", certificate.subject());
        assert_eq!((certificate.not_before(), certificate.not_after()), (NOW, UnixTime(NOW.0 + 86_400)));
    }
}

#[test]
fn authorities_of_every_kind_issue_what_verifies() {
    for kind in KINDS {
        let pki = Pki::new(kind);
        let root = pki.root.certificate();
        let authority = pki.authority.certificate();
        assert!(root.is_signed_by_certificate(root), "{kind:?}");
        assert!(authority.is_signed_by_certificate(root), "{kind:?}");
        assert!(pki.signer.certificate.is_signed_by_certificate(authority), "{kind:?}");
        assert!(!pki.signer.certificate.is_signed_by_certificate(root), "{kind:?}");
        assert_eq!(authority.extensions().authority, Some((true, Some(0))));
        assert_eq!(pki.signer.certificate.extensions().authority, Some((false, None)));
        assert!(!pki.signer.certificate.extensions().is_broken);
        assert!(pki.signer.certificate.extensions().unknown_critical.is_empty());
    }
}

#[test]
fn revocation_lists_are_read_as_they_were_made() {
    for kind in KINDS {
        let pki = Pki::new(kind);
        let revocation = Revocation { time: NOW, reason: 1 };
        let revoked = [(pki.signer.certificate.clone(), revocation)];
        let list = pki.authority.parsed_revocation_list(&revoked, 7, Validity::days(NOW, 7)).unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(list.find(pki.signer.certificate.serial()), Some(revocation));
        assert_eq!(list.find(pki.root.certificate().serial()), None);
        assert!(list.is_issued_by(pki.authority.certificate()), "{kind:?}");
        assert!(!list.is_issued_by(pki.root.certificate()), "{kind:?}: another authority");
        assert!(!list.is_issued_by(&pki.signer.certificate), "{kind:?}: no authority");
    }
}

#[test]
fn private_keys_are_read_as_they_were_written() {
    for kind in KINDS {
        let key = PrivateKey::generate(kind, &mut random()).unwrap();
        for bytes in [key.to_pkcs8_der().to_vec(), key.to_pem().as_bytes().to_vec()] {
            let read = PrivateKey::parse(&bytes).unwrap();
            assert_eq!(read.public_key(), key.public_key(), "{kind:?}");
            assert_eq!(read.algorithm(), key.algorithm(), "{kind:?}");
        }
        assert!(!format!("{key:?}").contains("scalar"), "{key:?}");
    }
}
