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

#[test]
fn a_complete_infrastructure_works_together() {
    use crate::chain::RevocationPolicy;
    use crate::digest::{Content, DigestAlgorithm};
    use crate::{sign, tsa};
    let members =
        Members { organization: organization(), people: vec![(person(), "Директор".to_owned())] };
    let kind = KeyKind::Gost(crate::gost::ParameterSet::Tc26A256);
    let validity = Validity::days(NOW, 365);
    let pki =
        TestPki::new(kind, &members, &[members.clone(), members.clone()], validity, &mut random()).unwrap();
    assert_eq!(pki.people.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
    let mut trust = pki.trust();
    trust.revocation = RevocationPolicy::Required;
    for Identity { certificate, key } in pki.people.iter().flatten().chain([&pki.operator]) {
        let signature = sign(Content::Bytes(b"document"), certificate, &pki.chain(), key, NOW).unwrap();
        let value = crate::SignedData::parse(&signature).unwrap().signers()[0].signature().to_vec();
        let request = tsa::request(&value, DigestAlgorithm::Streebog256, [1; 8]);
        let response = tsa::respond(&request, &pki.time_stamping, NOW, 1).unwrap();
        let signature = tsa::strengthen(&signature, &tsa::token(&response).unwrap()).unwrap();
        let verification = crate::verify(&signature, Content::Bytes(b"document"), NOW, &trust).unwrap();
        assert_eq!(verification.first().problems, []);
        assert_eq!(verification.first().proven_time(), Some(NOW));
    }
}
