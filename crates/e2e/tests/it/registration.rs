//! Somebody registers in an organization by the own certificate.

use std::path::Path;

use potok_cms::pki::{Members, Organization, Person as Named, Role, Subject, TestPki, Validity};
use potok_cms::{Content, KeyKind, sign};
use potok_testkit::app::admin::NewOrganization;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::api::methods::{BoxQuery, EmployeeQuery, GetMyOrganizationsQuery};
use potok_testkit::sdk::proto::registration::{
    RegistrationConfirmRequest, RegistrationRequest, RegistrationResponse, RegistrationStatus,
};
use potok_testkit::{Person, World};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::signatures::{AT, INN};
use crate::support::refused;

pub(crate) fn organization(inn: &str) -> Organization {
    Organization {
        name: "ООО «Ромашка»".to_owned(),
        inn: inn.to_owned(),
        ogrn: String::new(),
        city: String::new(),
    }
}

pub(crate) fn person(surname: &str) -> Named {
    Named {
        surname: surname.to_owned(),
        given_name: "Анна Павловна".to_owned(),
        inn: String::new(),
        snils: String::new(),
        email: None,
    }
}

/// Two clerks and a director of the organization, and somebody of an organization that nobody knows.
fn pki() -> TestPki {
    let members = |inn: &str, people: &[(&str, &str)]| Members {
        organization: organization(inn),
        people: people.iter().map(|(name, title)| (person(name), (*title).to_owned())).collect(),
    };
    let operator = Members { organization: organization("7700000016"), people: Vec::new() };
    let own = members(INN, &[("Первова", "кладовщик"), ("Вторая", "кладовщик"), ("Третья", "Директор")]);
    let others = members("7700000017", &[("Чужая", "Директор")]);
    let mut random = StdRng::seed_from_u64(3);
    TestPki::new(KeyKind::P256, &operator, &[own, others], Validity::days(AT, 365), &mut random).unwrap()
}

/// A world that trusts the authorities of `pki`, and knows that they revoked nothing.
pub(crate) async fn trusting(folder: &Path, pki: &TestPki) -> World {
    let file = |part: &str, name: &str, bytes: &[u8]| {
        std::fs::create_dir_all(folder.join(part)).unwrap();
        std::fs::write(folder.join(part).join(name), bytes).unwrap();
    };
    for (name, authority) in [("root.cer", &pki.root), ("authority.cer", &pki.authority)] {
        file("trust", name, authority.certificate().as_der());
    }
    for (name, list) in ["root.crl", "authority.crl"].into_iter().zip(&pki.revocation_lists) {
        file("lists", name, list);
    }
    crate::signatures::world(folder).await
}

async fn asked(person: &Person, content: &[u8]) -> RegistrationResponse {
    let request =
        RegistrationRequest { certificate_content: Some(content.to_vec().into()), thumbprint: None };
    person.client.register(request).await.unwrap()
}

#[tokio::test]
async fn somebody_proves_the_key_and_is_let_in() {
    let (folder, pki) = (tempfile::tempdir().unwrap(), pki());
    let world = trusting(folder.path(), &pki).await;
    // Everybody has an account, in another organization.
    let other = world.organization("ООО «Клевер»", "7802000020").await;
    let account = async |login: &str| world.person(other.box_id(), login, Permissions::none()).await;
    let [first, second, third] = [account("1@x").await, account("2@x").await, account("3@x").await];
    let [clerk, colleague, director] = &pki.people[0][..] else { panic!("three people") };
    let own = world.app().admin().create_organization(NewOrganization {
        name: "ООО «Ромашка»".to_owned(),
        inn: INN.to_owned(),
        ..Default::default()
    });
    let box_id = own.await.unwrap().box_id;

    let told = asked(&first, clerk.certificate.as_der()).await;
    assert_eq!(told.registration_status(), RegistrationStatus::CertificateOwnershipProofIsRequired);
    assert_eq!(told.box_id.as_deref(), Some(&*box_id.to_string()));
    let text = told.data_to_sign.unwrap();
    let signed = |identity: &potok_cms::pki::Identity, text: &[u8]| {
        sign(Content::Bytes(text), &identity.certificate, &[], &identity.key, AT).unwrap()
    };
    let proof = |text: &[u8], signature: Vec<u8>| RegistrationConfirmRequest {
        certificate_content: Some(clerk.certificate.as_der().to_vec().into()),
        thumbprint: None,
        data_to_sign: text.to_vec().into(),
        signature: signature.into(),
    };
    for (who, wrong, words) in [
        (
            &first,
            proof(&text, signed(colleague, &text)),
            "RegistrationConfirmRequest.Signature: it is not by the certificate",
        ),
        (
            &first,
            proof(&text, signed(clerk, b"other")),
            "RegistrationConfirmRequest.Signature: it is not a signature of",
        ),
        (
            &first,
            proof(b"other", signed(clerk, b"other")),
            "RegistrationConfirmRequest.DataToSign: it is not the text",
        ),
        // The text is for whom it was given to.
        (
            &second,
            proof(&text, signed(clerk, &text)),
            "RegistrationConfirmRequest.DataToSign: it is not the text",
        ),
    ] {
        let (status, told) = refused(who.client.register_confirm(wrong).await);
        assert!(status == 400 && told.contains(words), "{told}");
    }
    first.json.register_confirm(proof(&text, signed(clerk, &text))).await.unwrap();
    let (status, told) = refused(first.client.register_confirm(proof(&text, signed(clerk, &text))).await);
    assert!(status == 409 && told.contains("is yours already"), "{told}");

    // Nobody administers the organization, so the first one does.
    let query = BoxQuery::new(box_id);
    assert_eq!(refused(first.client.get_my_employee(&query).await).0, 403);
    let by_thumbprint = RegistrationRequest {
        certificate_content: None,
        thumbprint: Some(clerk.certificate.thumbprint().to_string()),
    };
    let told = first.json.register(by_thumbprint.clone()).await.unwrap();
    assert_eq!(told.registration_status(), RegistrationStatus::RegistrationIsCompleted);
    assert!(first.client.get_my_employee(&query).await.unwrap().permissions.is_administrator);
    let told = second.client.register(by_thumbprint).await.unwrap();
    assert_eq!(told.registration_status(), RegistrationStatus::AccessIsDenied, "it is somebody else's");

    // The next one has to wait, and a director has not.
    let admin = world.app().admin();
    admin.add_certificate(second.user_id, colleague.certificate.as_der()).await.unwrap();
    for _ in 0..2 {
        let told = asked(&second, colleague.certificate.as_der()).await;
        assert_eq!(told.registration_status(), RegistrationStatus::AccessRequestIsPending);
    }
    admin.decline_access(box_id, second.user_id).await.unwrap();
    let told = asked(&second, colleague.certificate.as_der()).await;
    assert_eq!(told.registration_status(), RegistrationStatus::AccessRequestIsRejected);
    admin.add_certificate(third.user_id, director.certificate.as_der()).await.unwrap();
    let told = asked(&third, director.certificate.as_der()).await;
    assert_eq!(told.registration_status(), RegistrationStatus::RegistrationIsCompleted);

    // Who was taken out does not come back like that.
    let query = EmployeeQuery::new(box_id, third.user_id);
    first.client.delete_employee(&query).await.unwrap();
    let told = asked(&third, director.certificate.as_der()).await;
    assert_eq!(told.registration_status(), RegistrationStatus::AccessIsDenied);

    let told = asked(&first, pki.people[1][0].certificate.as_der()).await;
    assert_eq!(told.registration_status(), RegistrationStatus::OrganizationNotFound);
    let nobody = RegistrationRequest { certificate_content: None, thumbprint: Some("0".repeat(40)) };
    let told = first.client.register(nobody).await.unwrap();
    assert_eq!(told.registration_status(), RegistrationStatus::AccessIsDenied);
    for (request, words) in [
        (
            RegistrationRequest::default(),
            "RegistrationRequest: give exactly one of CertificateContent and Thumbprint",
        ),
        (
            RegistrationRequest { certificate_content: None, thumbprint: Some("12".to_owned()) },
            "RegistrationRequest.Thumbprint: \"12\" must be 40 hexadecimal digits",
        ),
        (
            RegistrationRequest { certificate_content: Some("x".into()), thumbprint: None },
            "RegistrationRequest.CertificateContent: ",
        ),
    ] {
        let (status, told) = refused(first.client.register(request).await);
        assert!(status == 400 && told.contains(words), "{told}");
    }
    world.end().await;
}

/// What stands in the way is told by the status, whoever holds the certificate; a proof is good for ten minutes.
#[tokio::test]
async fn what_stands_in_the_way_of_a_registration_is_told() {
    let (folder, pki) = (tempfile::tempdir().unwrap(), pki());
    let world = trusting(folder.path(), &pki).await;
    let other = world.organization("ООО «Клевер»", "7802000020").await;
    let anna = world.person(other.box_id(), "anna@x", Permissions::none()).await;
    let clerk = &pki.people[0][0];
    let mut random = StdRng::seed_from_u64(5);
    let mut issued = |subject: &Subject| {
        let role = Role::Signer;
        let validity = Validity::days(AT, 365);
        pki.authority.issue_identity(subject, KeyKind::P256, role, validity, &mut random).unwrap().certificate
    };
    let natural = issued(&Subject::person(&person("Первова")));
    let foreign = issued(&Subject::employee(&organization("9901000010"), &person("Первова"), "Директор"));
    let admin = world.app().admin();
    for (name, inn, kpp) in [
        ("ООО «Ромашка»", INN, "770101001"),
        ("Филиал ООО «Ромашка»", INN, "780201001"),
        ("Glocke GmbH", "9901000010", "770101002"),
    ] {
        let new = NewOrganization {
            name: name.to_owned(),
            inn: inn.to_owned(),
            kpp: Some(kpp.to_owned()),
            ..NewOrganization::default()
        };
        admin.create_organization(new).await.unwrap();
    }
    for (certificate, status) in [
        (&natural, RegistrationStatus::AccessIsDenied),
        (&foreign, RegistrationStatus::RegistrationInBranchIsForbidden),
        (&clerk.certificate, RegistrationStatus::RegistrationInBranchIsForbidden),
    ] {
        assert_eq!(asked(&anna, certificate.as_der()).await.registration_status(), status);
        admin.add_certificate(anna.user_id, certificate.as_der()).await.unwrap();
    }
    let mine = anna.client.get_my_organizations(&GetMyOrganizationsQuery::new()).await.unwrap();
    assert_eq!(mine.organizations.len(), 1, "nor does any of them come in by asking for the own ones");

    // The text is signed within ten minutes.
    let single = &pki.people[1][0];
    let new =
        NewOrganization {
            name: "АО".to_owned(), inn: "7700000017".to_owned(), ..NewOrganization::default()
        };
    admin.create_organization(new).await.unwrap();
    let text = asked(&anna, single.certificate.as_der()).await.data_to_sign.unwrap();
    let signature = sign(Content::Bytes(&text), &single.certificate, &[], &single.key, AT).unwrap();
    world.clock().advance_seconds(601);
    let late = RegistrationConfirmRequest {
        certificate_content: Some(single.certificate.as_der().to_vec().into()),
        thumbprint: None,
        data_to_sign: text,
        signature: signature.into(),
    };
    let (status, told) = refused(anna.client.register_confirm(late).await);
    assert!(status == 400 && told.contains("may be signed within 10 minutes"), "{told}");
    world.end().await;
}

/// Where no authority is trusted by name, a certificate proves nothing: anybody could have made it.
#[tokio::test]
async fn without_trusted_authorities_nobody_registers() {
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", INN).await;
    let told = asked(&a.boss, pki().people[0][0].certificate.as_der()).await;
    assert_eq!(told.registration_status(), RegistrationStatus::CertificateIsNotQualified);
    assert_eq!((told.box_id, told.data_to_sign), (None, None));
    world.end().await;
}
