//! In what capacity people sign, and which certificates sign invoices.

use bytes::Bytes;
use potok_cms::KeyKind;
use potok_cms::pki::{Members, Organization, Person as Named, TestPki, Validity};
use potok_testkit::World;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{
    BoxQuery, ExtendedSignerDetailsQuery, ExtendedSignerDetailsV1Query, GenerateTitleXmlQuery,
};
use potok_testkit::sdk::proto::invoicing::FnsRegistrationMessageInfo;
use potok_testkit::sdk::proto::invoicing::signers::{
    ExtendedSignerDetailsToPost, SignerPowers, SignerStatus, SignerType,
};
use potok_testkit::sdk::proto::{Address, OrganizationPropertiesToUpdate, RussianAddress, StringValue};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::signatures::AT;
use crate::support::refused;

pub(crate) fn pki(inn: &str) -> TestPki {
    let organization = |inn: &str| Organization {
        name: "ООО «Ромашка»".to_owned(),
        inn: inn.to_owned(),
        ogrn: String::new(),
        city: String::new(),
    };
    let person = Named {
        surname: "Орлова".to_owned(),
        given_name: "Мария Павловна".to_owned(),
        inn: "500100732259".to_owned(),
        snils: String::new(),
        email: None,
    };
    let members = |inn: &str| Members {
        organization: organization(inn),
        people: vec![(person.clone(), "Директор".to_owned()), (person.clone(), "Кладовщик".to_owned())],
    };
    let mut random = StdRng::seed_from_u64(4);
    let all = [members(inn), members("7700000017")];
    TestPki::new(KeyKind::P256, &members(inn), &all, Validity::days(AT, 30), &mut random).unwrap()
}

const NO_ORG_BASE: &str =
    "ExtendedSignerDetailsToPost.SignerOrgPowersBase: it is required beside SignerStatus 3";

/// What is said of somebody whom a seller employs.
pub(crate) fn employee_of_a_seller() -> ExtendedSignerDetailsToPost {
    ExtendedSignerDetailsToPost {
        signer_powers: Some(SignerPowers::MadeAndSignOperation as i32),
        signer_status: Some(SignerStatus::SellerEmployee as i32),
        signer_type: Some(SignerType::LegalEntity as i32),
        signer_powers_base: Some("Устав".to_owned()),
        ..ExtendedSignerDetailsToPost::default()
    }
}

#[tokio::test]
async fn an_organization_says_in_what_capacity_people_sign() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let pki = pki(&a.organization.inn);
    let clerk = world.person(a.box_id(), "clerk@a", Permissions::none()).await;
    let [boss_s, clerk_s] = &pki.people[0][..] else { panic!("two people") };
    let admin = world.app().admin();
    for (user, identity) in
        [(a.boss.user_id, boss_s), (clerk.user_id, clerk_s), (b.boss.user_id, &pki.people[1][0])]
    {
        admin.add_certificate(user, identity.certificate.as_der()).await.unwrap();
    }
    let named = |identity: &potok_cms::pki::Identity, title: &str| {
        ExtendedSignerDetailsQuery::new(a.box_id(), identity.certificate.thumbprint().to_string(), title)
    };
    let details = employee_of_a_seller();
    let query = named(clerk_s, "UtdSeller");
    let (status, told) = refused(clerk.client.get_extended_signer_details_v2(&query).await);
    assert!(status == 404 && told.contains("nothing is said"), "{told}");
    let said = clerk.client.post_extended_signer_details_v2(&query, details.clone()).await.unwrap();
    assert_eq!((said.surname.as_str(), said.first_name.as_str()), ("Орлова", "Мария"));
    let inn = a.organization.inn.as_str();
    assert_eq!((said.patronymic(), said.job_title(), said.inn()), ("Павловна", "Кладовщик", inn));
    assert_eq!(said.signer_powers(), SignerPowers::MadeAndSignOperation);
    // An administrator sees it too, by number and by the first version.
    assert_eq!(a.boss.json.get_extended_signer_details_v2(&named(clerk_s, "0")).await.unwrap(), said);
    let thumbprint = clerk_s.certificate.thumbprint().to_string();
    let mut v1 = ExtendedSignerDetailsV1Query::new(a.box_id(), thumbprint);
    assert_eq!(a.boss.client.get_extended_signer_details(&v1).await.unwrap(), said);
    v1.buyer = Some(true);
    assert_eq!(refused(a.boss.json.get_extended_signer_details(&v1).await).0, 404, "another title");
    let other = ExtendedSignerDetailsToPost {
        job_title: Some("Завскладом".to_owned()),
        ..Default::default()
    };
    let said = a.boss.client.post_extended_signer_details(&v1, other).await.unwrap();
    assert_eq!(
        (said.job_title(), said.signer_powers(), said.signer_type()),
        ("Завскладом", SignerPowers::SignerPowersUnspecified, SignerType::SignerTypeUnspecified)
    );

    // Nobody hears whether a certificate is there that is no business of the own organization.
    let unknown = ExtendedSignerDetailsQuery::new(a.box_id(), "0".repeat(40), "0");
    let strangers = named(&pki.people[1][0], "0");
    let words = |(status, told): (u16, String), query: &ExtendedSignerDetailsQuery| {
        // The trace is another one each time.
        let (told, _) = told.rsplit_once(" (trace ").unwrap();
        (status, told.replace(&query.thumbprint, "…"))
    };
    for person in [&clerk, &a.boss] {
        let told = words(refused(person.client.get_extended_signer_details_v2(&unknown).await), &unknown);
        let of_stranger = person.client.get_extended_signer_details_v2(&strangers).await;
        assert_eq!(words(refused(of_stranger), &strangers), told);
        let posted = person.client.post_extended_signer_details_v2(&unknown, details.clone()).await;
        let told = words(refused(posted), &unknown);
        let of_stranger = person.client.post_extended_signer_details_v2(&strangers, details.clone()).await;
        assert_eq!(words(refused(of_stranger), &strangers), told);
    }
    let (status, told) = refused(clerk.client.get_extended_signer_details_v2(&named(boss_s, "0")).await);
    assert!(status == 403 && told.contains("is none of yours"), "{told}");
    let of_other_organization = ExtendedSignerDetailsToPost {
        signer_status: Some(SignerStatus::OtherOrganizationEmployee as i32),
        ..details.clone()
    };
    let refused_v1 = a.boss.json.post_extended_signer_details(&v1, of_other_organization.clone()).await;
    let (status, told) = refused(refused_v1);
    assert!(status == 400 && told.contains(NO_ORG_BASE), "{told}");
    let kept = a.boss.json.get_extended_signer_details(&v1).await.unwrap();
    assert_eq!(kept.job_title(), "Завскладом", "nothing is written of what is refused");
    for (query, body, words) in [
        (named(boss_s, "27"), details.clone(), "documentTitleType: \"27\" is no kind of title"),
        (
            ExtendedSignerDetailsQuery::new(a.box_id(), "12", "0"),
            details.clone(),
            "thumbprint: \"12\" must be 40",
        ),
        (
            named(boss_s, "0"),
            ExtendedSignerDetailsToPost { signer_status: Some(77), ..details.clone() },
            "ExtendedSignerDetailsToPost.SignerStatus: 77 means nothing here",
        ),
        (
            named(boss_s, "Utd970Buyer"),
            ExtendedSignerDetailsToPost {
                signer_status: Some(SignerStatus::AuthorizedPerson as i32),
                signer_powers_base: Some(" ".to_owned()),
                ..details.clone()
            },
            "ExtendedSignerDetailsToPost.SignerPowersBase: it is required beside SignerStatus 4",
        ),
        (named(boss_s, "Torg2Buyer"), of_other_organization.clone(), NO_ORG_BASE),
    ] {
        let (status, told) = refused(a.boss.client.post_extended_signer_details_v2(&query, body).await);
        assert!(status == 400 && told.contains(words), "{told}");
    }
    world.end().await;
}

#[tokio::test]
async fn certificates_for_invoices_are_registered() {
    let world = World::start().await;
    let a = world.real_organization("ООО «Ромашка»", crate::signatures::INN).await;
    let test = world.organization("ООО «Проба»", "7800000020").await;
    let pki = pki(crate::signatures::INN);
    let [first, second] = &pki.people[0][..] else { panic!("two people") };
    let bytes = |identity: &potok_cms::pki::Identity| identity.certificate.as_der().to_vec();
    let query = BoxQuery::new(a.box_id());
    let may =
        async |certificate: Vec<u8>| a.boss.client.can_send_invoice(&query, Raw(certificate.into())).await;
    let message = |all: &[Vec<u8>]| FnsRegistrationMessageInfo {
        certificates: all.iter().map(|one| one.clone().into()).collect(),
    };
    let (status, told) = refused(may(bytes(first)).await);
    assert!(status == 403 && told.contains("is not registered for signing invoices"), "{told}");
    let (status, told) =
        refused(a.boss.client.send_fns_registration_message(&query, message(&[bytes(first)])).await);
    assert!(status == 409 && told.contains("has no Ogrn, IfnsCode, Address (its region)"), "{told}");
    let value = |text: &str| Some(StringValue { value: Some(text.to_owned()) });
    let russian = RussianAddress { region: "66".to_owned(), ..RussianAddress::default() };
    let requisites = OrganizationPropertiesToUpdate {
        org_id: a.organization.org_id.to_string(),
        ogrn: value("1027700000000"),
        ifns_code: value("6601"),
        address: Some(Box::new(Address { russian_address: Some(russian), ..Address::default() })),
        ..OrganizationPropertiesToUpdate::default()
    };
    a.boss.client.update_organization_properties(requisites).await.unwrap();
    a.boss.client.send_fns_registration_message(&query, message(&[bytes(first)])).await.unwrap();
    may(bytes(first)).await.unwrap();
    a.boss.json.can_send_invoice(&query, Raw(bytes(first).into())).await.unwrap();
    assert_eq!(refused(may(bytes(second)).await).0, 403);
    a.boss.json.send_fns_registration_message(&query, message(&[bytes(second)])).await.unwrap();
    may(bytes(second)).await.unwrap();
    may(bytes(first)).await.unwrap();

    for (all, words) in [
        (vec![], "FnsRegistrationMessageInfo.Certificates: name at least one"),
        (vec![bytes(first), b"x".to_vec()], "FnsRegistrationMessageInfo.Certificates[1]: "),
        (vec![bytes(&pki.people[1][0])], "Certificates[0]: it names the INN \"7700000017\""),
    ] {
        let (status, told) =
            refused(a.boss.client.send_fns_registration_message(&query, message(&all)).await);
        assert!(status == 400 && told.contains(words), "{told}");
    }
    assert_eq!(refused(may(b"x".to_vec()).await).0, 400);
    let own = pki_of(&test.organization.inn);
    let of_test = BoxQuery::new(test.box_id());
    let tested = test.boss.client.send_fns_registration_message(&of_test, message(&[own])).await;
    let (status, told) = refused(tested);
    assert!(status == 409 && told.contains("test organization"), "{told}");
    let clerk = world.person(a.box_id(), "clerk@a", Permissions::none()).await;
    assert_eq!(refused(clerk.client.send_fns_registration_message(&query, message(&[])).await).0, 403);
    assert_eq!(refused(test.boss.client.can_send_invoice(&query, Raw(bytes(first).into())).await).0, 403);

    world.clock().advance_seconds(31 * 24 * 3600);
    let later = world.known_person(a.box_id(), a.boss.user_id, "boss").await;
    let (status, told) = refused(later.client.can_send_invoice(&query, Raw(bytes(first).into())).await);
    assert!(status == 403 && told.contains("or is out of date"), "{told}");
    world.end().await;
}

fn pki_of(inn: &str) -> Vec<u8> {
    pki(inn).people[0][0].certificate.as_der().to_vec()
}

/// Titles are written in the alphabet of their format.
pub(crate) fn windows_1251(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match letter {
            'А'..='я' => (letter as u32 - 'А' as u32 + 0xC0) as u8,
            _ => letter as u8,
        })
        .collect()
}

/// Two titles of formats whose signers are described in different ways, made of what is kept of a certificate.
#[tokio::test]
async fn titles_take_what_is_kept_of_their_signer() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let pki = pki(&a.organization.inn);
    let clerk = world.person(a.box_id(), "clerk@a", Permissions::none()).await;
    let [_, clerk_s] = &pki.people[0][..] else { panic!("two people") };
    world.app().admin().add_certificate(clerk.user_id, clerk_s.certificate.as_der()).await.unwrap();
    let thumbprint = clerk_s.certificate.thumbprint().to_string();
    let keep = async |title: &str, details: ExtendedSignerDetailsToPost| {
        let query = ExtendedSignerDetailsQuery::new(a.box_id(), thumbprint.clone(), title);
        a.boss.client.post_extended_signer_details_v2(&query, details).await.unwrap();
    };
    let made = async |version: &str, data: String| {
        let query = GenerateTitleXmlQuery::new(a.box_id(), "UniversalTransferDocument", "СЧФДОП", version, 0);
        // What is about the signer is all that counts here.
        let query = GenerateTitleXmlQuery { disable_validation: true, ..query };
        a.boss.client.generate_title_xml(&query, Raw(Bytes::from(data))).await.unwrap().0
    };
    let has = |title: &Bytes, words: &str| {
        let words = windows_1251(words);
        title.windows(words.len()).any(|window| window == words)
    };

    let signer = format!(
        r#"<Signer><Certificate CertificateThumbprint="{thumbprint}"/>
           <Position PositionSource="StorageByTitleTypeId"/>
           <SignerAdditionalInfo SignerAdditionalInfoSource="StorageByTitleTypeId"/></Signer>"#
    );
    let manual = r#"<Signer><Position PositionSource="Manual">Директор</Position></Signer>"#;
    let data = crate::titles::contract(&a, &b).replace(manual, &signer);
    keep(
        "12",
        ExtendedSignerDetailsToPost {
            job_title: Some("Завскладом".to_owned()),
            signer_info: Some("по пятницам".to_owned()),
            ..ExtendedSignerDetailsToPost::default()
        },
    )
    .await;
    let title = made("utd970_05_03_01", data.clone()).await;
    for words in ["Должн=\"Завскладом\"", "ДопСведПодп=\"по пятницам\"", "Фамилия=\"Орлова\""]
    {
        assert!(has(&title, words), "{words}");
    }
    // Of the certificate of a stranger nobody hears anything: the caller is named.
    let strange = pki.people[1][0].certificate.thumbprint().to_string();
    world.app().admin().add_certificate(b.boss.user_id, pki.people[1][0].certificate.as_der()).await.unwrap();
    let title = made("utd970_05_03_01", data.replace(&thumbprint, &strange)).await;
    assert!(!has(&title, "Орлова") && !has(&title, "Завскладом"));

    let reference =
        format!(r#"<SignerReference BoxId="{}" CertificateThumbprint="{thumbprint}"/>"#, a.box_id());
    let data = format!(
        r#"<UniversalTransferDocumentWithHyphens Function="СЧФДОП" DocumentNumber="1" DocumentDate="20.11.2026" Currency="643"
             DocumentCreator="Бухгалтерия"><Signers>{reference}</Signers></UniversalTransferDocumentWithHyphens>"#
    );
    let title = made("utd820_05_01_02_hyphen", data.clone()).await;
    assert!(!has(&title, "Орлова"), "nothing is kept for such titles yet");
    keep(
        "0",
        ExtendedSignerDetailsToPost {
            signer_powers: Some(SignerPowers::MadeAndSignOperation as i32),
            signer_status: Some(SignerStatus::SellerEmployee as i32),
            signer_type: Some(SignerType::LegalEntity as i32),
            signer_powers_base: Some("Устав".to_owned()),
            ..ExtendedSignerDetailsToPost::default()
        },
    )
    .await;
    let title = made("utd820_05_01_02_hyphen", data).await;
    let inn = format!("ИННЮЛ=\"{}\"", a.organization.inn);
    for words in
        ["ОснПолн=\"Устав\"", "ОблПолн=\"2\"", "Статус=\"1\"", "Должн=\"Кладовщик\"", "Имя=\"Мария\"", &inn]
    {
        assert!(has(&title, words), "{words}");
    }
    world.end().await;
}
