//! Powers of attorney: how they come into the register, what is told of them, and whether they would do for a signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use potok_cms::KeyKind;
use potok_cms::pki::{Authority, Identity, Organization, Person as Named, Role, Subject, Validity};
use potok_testkit::sdk::api::methods::{
    BoxQuery, BoxTaskQuery, EmployeePowerOfAttorneyQuery, PrevalidatePowerOfAttorneyV1Query,
};
use potok_testkit::sdk::proto::ContentV3;
use potok_testkit::sdk::proto::events::PowerOfAttorneyToPost;
use potok_testkit::sdk::proto::powers_of_attorney::{
    ConfidantCertificateToPrevalidate, PowerOfAttorney, PowerOfAttorneyFullId, PowerOfAttorneyIssuerType,
    PowerOfAttorneyPrevalidateRequest, PowerOfAttorneyPrevalidateRequestV2, PowerOfAttorneyRegisterResult,
    PowerOfAttorneyRepresentativeType, PowerOfAttorneySignedContent, PowerOfAttorneyToRegister,
    PowerOfAttorneyValidationStatus, PowerOfAttorneyValidationStatusNamedId as Status,
};
use potok_testkit::{Person, World};
use potok_types::{Ticks, UserId};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::signatures::{self, AT, INN};

/// The number of [`given`].
pub(crate) const NUMBER: &str = "0a2b4c6d-1111-4222-8333-444455556666";
/// The number of [`handed_on`].
pub(crate) const HANDED_ON: &str = "7f000000-1111-4222-8333-444455556666";

/// A power of the organization with [`INN`] for 2026, which may be handed on.
pub(crate) fn given() -> String {
    include_str!("../../../fns/testdata/power/given.xml").to_owned()
}

/// What its representative made of it for somebody else.
pub(crate) fn handed_on() -> String {
    include_str!("../../../fns/testdata/power/handed_on.xml").to_owned()
}

fn authority() -> Authority {
    let mut random = StdRng::seed_from_u64(5);
    Authority::root(&Subject::common_name("УЦ"), KeyKind::P256, year(), &mut random).unwrap()
}

fn year() -> Validity {
    Validity::days(potok_cms::UnixTime(AT.0 - 86_400), 365)
}

/// A certificate of a person with this SNILS, and INN.
pub(crate) fn issued(authority: &Authority, inn: &str, snils: &str) -> Identity {
    let person = Named {
        surname: "Иванов".to_owned(),
        given_name: "Иван Иванович".to_owned(),
        inn: inn.to_owned(),
        snils: snils.to_owned(),
        email: None,
    };
    let mut random = StdRng::seed_from_u64(6);
    authority
        .issue_identity(&Subject::person(&person), KeyKind::P256, Role::Signer, year(), &mut random)
        .unwrap()
}

pub(crate) fn person(inn: &str, snils: &str) -> Identity {
    issued(&authority(), inn, snils)
}

/// That of the representative of [`given`], in base64.
pub(crate) fn certificate() -> String {
    STANDARD.encode(person("961234567890", "12345678901").certificate.as_der())
}

fn content(bytes: impl Into<Bytes>) -> ContentV3 {
    ContentV3 { content: Some(bytes.into()), ..ContentV3::default() }
}

pub(crate) fn signed(file: impl Into<Bytes>, signature: impl Into<Bytes>) -> PowerOfAttorneySignedContent {
    PowerOfAttorneySignedContent { content: content(file), signature: content(signature) }
}

pub(crate) fn full_id(number: &str) -> PowerOfAttorneyFullId {
    PowerOfAttorneyFullId {
        registration_number: number.to_owned(),
        issuer_inn: INN.to_owned(),
        representative_inn: None,
    }
}

fn by_file(file: String) -> PowerOfAttorneyToRegister {
    PowerOfAttorneyToRegister { content: Some(signed(file, "any bytes")), full_id: None }
}

fn named(id: PowerOfAttorneyFullId) -> PowerOfAttorneyToRegister {
    PowerOfAttorneyToRegister { content: None, full_id: Some(id) }
}

async fn begin(person: &Person, given: PowerOfAttorneyToRegister) -> Result<String, (u16, String)> {
    let begun = person.client.register_power_of_attorney(&BoxQuery::new(person.box_id), given).await;
    let begun = begun.map_err(|error| (error.status().unwrap_or_default(), error.to_string()))?;
    Ok(begun.task_id.unwrap())
}

async fn result(person: &Person, task: &str) -> PowerOfAttorneyRegisterResult {
    let query = BoxTaskQuery::new(person.box_id, task.to_owned());
    let found = person.client.register_power_of_attorney_result(&query).await.unwrap();
    assert_eq!(
        person.json.register_power_of_attorney_result(&query).await.unwrap().power_of_attorney,
        found.power_of_attorney
    );
    found
}

/// Registers a power: the task.
pub(crate) async fn register(person: &Person, file: String) -> String {
    let task = begin(person, by_file(file)).await.unwrap();
    assert_eq!(result(person, &task).await.operation_status, "Done");
    task
}

/// The power with this number of the register, to come with a signature.
pub(crate) fn by_name(number: &str) -> PowerOfAttorneyToPost {
    PowerOfAttorneyToPost { full_id: Some(full_id(number)), ..PowerOfAttorneyToPost::default() }
}

/// Gives `user` the power that was handed on: its number.
pub(crate) async fn attach(boss: &Person, user: UserId) -> String {
    register(boss, handed_on()).await;
    let id = PowerOfAttorneyFullId { issuer_inn: "961234567890".to_owned(), ..full_id(HANDED_ON) };
    let query = EmployeePowerOfAttorneyQuery {
        user_id: Some(user),
        ..EmployeePowerOfAttorneyQuery::new(boss.box_id)
    };
    boss.client.add_employee_power_of_attorney_v2(&query, id).await.unwrap();
    HANDED_ON.to_owned()
}

/// Registers a power with a signature of its own.
pub(crate) async fn register_signed(boss: &Person, content: PowerOfAttorneySignedContent) {
    let task =
        begin(boss, PowerOfAttorneyToRegister { content: Some(content), full_id: None }).await.unwrap();
    assert_eq!(result(boss, &task).await.operation_status, "Done");
}

fn ticks(text: &str) -> i64 {
    let seconds: i64 = text.parse().unwrap();
    Ticks::from_unix_seconds(seconds).get()
}

#[tokio::test]
async fn a_power_is_registered_by_its_file_and_found_by_its_name() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let task = register(&a.boss, given()).await;
    let done = result(&a.boss, &task).await;
    let status = done.status.unwrap();
    assert_eq!((status.status.as_str(), done.errors), ("active", vec![]));
    let power = *done.power_of_attorney.unwrap();
    let id = PowerOfAttorneyFullId { representative_inn: Some("961234567890".to_owned()), ..full_id(NUMBER) };
    assert_eq!(power.full_id, id);
    let issuer = &power.issuer;
    assert_eq!(issuer.r#type(), PowerOfAttorneyIssuerType::LegalEntity);
    let legal = issuer.legal_entity.as_ref().unwrap();
    assert_eq!((legal.inn.as_str(), legal.kpp.as_str()), (INN, "961201001"));
    assert_eq!(power.confidant.person_name.last_name, "Иванов");
    assert_eq!(
        power.representatives[0].r#type(),
        PowerOfAttorneyRepresentativeType::RepresentativePhysicalEntity
    );
    // 2026-01-15 and 2026-12-31 in Moscow.
    assert_eq!(power.start_at.ticks, ticks("1768424400"));
    assert_eq!(power.expire_at.ticks, ticks("1798750799"));
    assert_eq!(power.expire_at_by_moscow.utc_ticks, power.expire_at.ticks);
    assert_eq!(power.start_at_by_moscow.offset_ticks, 3 * 3600 * Ticks::PER_SECOND);
    let permissions = &power.permissions_info.permissions[0].machine_readable_permission[0];
    assert_eq!(
        (permissions.code.as_str(), permissions.restrictions[0].value_text.as_deref()),
        ("BBDOCS_1", Some("100000"))
    );
    assert!(power.delegation_info.is_none() && power.delegation_chain.is_empty());

    // By its name, by anybody who knows it; again, nothing new.
    for id in [full_id(NUMBER), power.full_id.clone()] {
        let task = begin(&b.boss, named(id)).await.unwrap();
        assert_eq!(result(&b.boss, &task).await.power_of_attorney.map(|it| *it), Some(power.clone()));
    }
    register(&b.boss, given()).await;

    // Handed on: the register tells of what.
    let task = register(&a.boss, handed_on()).await;
    let later: PowerOfAttorney = *result(&a.boss, &task).await.power_of_attorney.unwrap();
    let info = later.delegation_info.unwrap();
    assert_eq!(info.root_registration_number, NUMBER);
    assert_eq!(info.root_issuers[0].legal_entity.as_ref().unwrap().inn, INN);
    assert_eq!(later.delegation_chain, [power]);
    assert_eq!(later.issuer.physical_entity.unwrap().inn, "961234567890");

    // Time and the administrator end it.
    world.app().admin().revoke_power(HANDED_ON.parse().unwrap(), "уволен").await.unwrap();
    assert_eq!(result(&a.boss, &task).await.status.unwrap().status, "revoked");
    world.end().await;
}

#[tokio::test]
async fn what_is_no_power_is_told_by_the_result_and_what_is_no_request_at_once() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let boss = &a.boss;
    for (given, code, words) in [
        (named(full_id(HANDED_ON)), "PowerOfAttorney.NotFound", HANDED_ON),
        (by_file("<a/>".to_owned()), "PowerOfAttorney.Unreadable", "the root element is a"),
        (by_file(given().replace("2026-12-31", "x")), "PowerOfAttorney.Unreadable", "СрокДейст"),
    ] {
        let task = begin(boss, given).await.unwrap();
        let told = result(boss, &task).await;
        assert_eq!((told.operation_status.as_str(), told.power_of_attorney), ("Error", None));
        assert_eq!(told.errors[0].code, code);
        assert!(told.errors[0].text.contains(words), "{}", told.errors[0].text);
    }
    let task = register(boss, given()).await;
    let both = PowerOfAttorneyToRegister { full_id: Some(full_id(NUMBER)), ..by_file(given()) };
    let neither = PowerOfAttorneyToRegister::default();
    let short = PowerOfAttorneyFullId { issuer_inn: "77".to_owned(), ..full_id(NUMBER) };
    let nowhere = ContentV3 { name_on_shelf: Some("no.xml".to_owned()), ..ContentV3::default() };
    let on_shelf = PowerOfAttorneySignedContent { content: nowhere, signature: content("s") };
    let on_shelf = PowerOfAttorneyToRegister { content: Some(on_shelf), full_id: None };
    for (given, status, words) in [
        (both, 400, "PowerOfAttorneyToRegister: FullId and Content are both given"),
        (neither, 400, "neither FullId nor Content"),
        (named(short), 400, "PowerOfAttorneyToRegister.FullId.IssuerInn: 10 or 12 digits"),
        (named(full_id("x")), 400, "PowerOfAttorneyToRegister.FullId.RegistrationNumber"),
        (on_shelf, 400, "PowerOfAttorneyToRegister.Content.Content.NameOnShelf"),
        (by_file("x".repeat(1 << 21)), 400, "bytes are more than it may have"),
        (by_file(given_again()), 409, "another power of attorney is registered under"),
    ] {
        let (found, text) = begin(boss, given).await.unwrap_err();
        assert!((found, text.contains(words)) == (status, true), "{words}: {found} {text}");
    }
    // Results are of a box, and of a day.
    let asked = async |person: &Person, task: &str| {
        let query = BoxTaskQuery::new(person.box_id, task.to_owned());
        person.json.register_power_of_attorney_result(&query).await.unwrap_err().status()
    };
    assert_eq!(asked(&b.boss, &task).await, Some(404));
    assert_eq!(asked(boss, "x").await, Some(400));
    world.clock().advance_seconds(25 * 3600);
    let boss = &world.known_person(boss.box_id, boss.user_id, &boss.login).await;
    assert_eq!(asked(boss, &task).await, Some(404));
    world.end().await;
}

/// Another file with the same number.
fn given_again() -> String {
    given().replace("Кладовщик", "Сторож")
}

#[tokio::test]
async fn only_who_gives_a_power_can_sign_it() {
    let folder = tempfile::tempdir().unwrap();
    let pki = signatures::pki(folder.path());
    let world = signatures::world(folder.path()).await;
    let org = world.real_organization("ООО «Ромашка»", INN).await;
    let boss = &org.boss;
    let file = given();
    let own = &pki.people[0][0];
    let mut random = StdRng::seed_from_u64(7);
    let other = Organization {
        name: "АО «Лютик»".to_owned(),
        inn: "9687654321".to_owned(),
        ogrn: "1126605009601".to_owned(),
        city: "Пермь".to_owned(),
    };
    let subject = Subject::organization(&other);
    let other =
        pki.authority.issue_identity(&subject, KeyKind::P256, Role::Signer, year(), &mut random).unwrap();
    for (signer, over, code) in [
        (own, "other bytes", Some("PowerOfAttorney.BadSignature")),
        (&other, file.as_str(), Some("PowerOfAttorney.SignatureOfAnother")),
        (own, file.as_str(), None),
    ] {
        let signature = signatures::signature(signer, over.as_bytes());
        let content = Some(signed(file.clone(), signature));
        let task = begin(boss, PowerOfAttorneyToRegister { content, full_id: None }).await.unwrap();
        let told = result(boss, &task).await;
        assert_eq!(told.errors.first().map(|error| error.code.as_str()), code);
        assert_eq!(told.power_of_attorney.is_some(), code.is_none());
    }
    let (status, text) = begin(boss, by_file(file)).await.unwrap_err();
    assert!(status == 400 && text.contains("PowerOfAttorneyToRegister.Content.Signature"), "{text}");
    world.end().await;
}

/// By both methods, in both formats.
async fn prevalidated(
    person: &Person,
    (number, issuer): (&str, &str),
    signer: &Identity,
) -> PowerOfAttorneyValidationStatus {
    let id = PowerOfAttorneyFullId { issuer_inn: issuer.to_owned(), ..full_id(number) };
    let certificate = || ConfidantCertificateToPrevalidate {
        content: Some(content(signer.certificate.as_der().to_vec())),
        thumbprint: None,
    };
    let v2 = PowerOfAttorneyPrevalidateRequestV2 { full_id: id, confidant_certificate: certificate() };
    let query = BoxQuery::new(person.box_id);
    let told = person.client.prevalidate_power_of_attorney_v2(&query, v2.clone()).await.unwrap();
    assert_eq!(person.json.prevalidate_power_of_attorney_v2(&query, v2).await.unwrap(), told);
    // Programs that set every field send empty ones where they mean none.
    let mut v1 = PowerOfAttorneyPrevalidateRequest { confidant_certificate: certificate() };
    let given = v1.confidant_certificate.content.as_mut().unwrap();
    (given.patched_content_id, given.name_on_shelf) = (Some(String::new()), Some(String::new()));
    let query = PrevalidatePowerOfAttorneyV1Query::new(person.box_id, number.to_owned(), issuer.to_owned());
    for client in [&person.client, &person.json] {
        assert_eq!(client.prevalidate_power_of_attorney(&query, v1.clone()).await.unwrap(), told);
    }
    told.prevalidate_status
}

/// The checks that are not fine, by name and code.
fn problems(status: &PowerOfAttorneyValidationStatus) -> Vec<(&str, &str)> {
    let protocol = status.validation_protocol.as_ref().unwrap();
    let bad = protocol.check_results.iter().filter_map(|check| Some((check, check.error.as_ref()?)));
    bad.map(|(check, error)| (check.name.as_str(), error.code.trim_start_matches("PowerOfAttorney.")))
        .collect()
}

#[tokio::test]
async fn a_power_is_checked_before_it_is_used() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    register(&a.boss, given()).await;
    register(&a.boss, handed_on()).await;
    let (ivanov, petrova) = (person("961234567890", "12345678901"), person("961200000022", "22222222222"));
    let (own, later) = ((NUMBER, INN), (HANDED_ON, "961234567890"));
    let good = prevalidated(&a.boss, own, &ivanov).await;
    assert_eq!((good.status_named_id(), problems(&good)), (Status::IsValid, vec![]));
    let names: Vec<_> =
        good.validation_protocol.unwrap().check_results.into_iter().map(|check| check.name).collect();
    assert_eq!(names, ["Format", "Signature", "Issuer", "Period", "Confidant", "Revocation"]);
    let handed_on = prevalidated(&a.boss, later, &petrova).await;
    assert_eq!((handed_on.status_named_id(), problems(&handed_on)), (Status::IsValid, vec![]));

    let other = prevalidated(&a.boss, own, &petrova).await;
    assert_eq!(
        (other.status_named_id(), problems(&other)),
        (Status::IsNotValid, vec![("Confidant", "OtherRepresentative")])
    );
    let for_other = prevalidated(&b.boss, own, &ivanov).await;
    assert_eq!(problems(&for_other), [("Issuer", "OtherPrincipal")]);
    world.app().admin().revoke_power(NUMBER.parse().unwrap(), "").await.unwrap();
    assert_eq!(problems(&prevalidated(&a.boss, own, &ivanov).await), [("Revocation", "Revoked")]);
    // What was handed on goes with what it came from.
    assert_eq!(problems(&prevalidated(&a.boss, later, &petrova).await), [("Delegation", "Revoked")]);
    world.clock().advance_seconds(200 * 86_400);
    let boss = world.known_person(a.boss.box_id, a.boss.user_id, &a.boss.login).await;
    let late = prevalidated(&boss, later, &petrova).await;
    assert_eq!(problems(&late), [("Delegation", "Revoked"), ("Period", "Expired")]);
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_checked_is_refused() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    register(&a.boss, given()).await;
    let der = || content(person("961234567890", "12345678901").certificate.as_der().to_vec());
    let asked = |id: PowerOfAttorneyFullId, thumbprint: Option<&str>, content: Option<ContentV3>| {
        let thumbprint = thumbprint.map(str::to_owned);
        let confidant_certificate = ConfidantCertificateToPrevalidate { thumbprint, content };
        PowerOfAttorneyPrevalidateRequestV2 { full_id: id, confidant_certificate }
    };
    let stranger = PowerOfAttorneyFullId { issuer_inn: "9687654321".to_owned(), ..full_id(NUMBER) };
    let nobody =
        PowerOfAttorneyFullId { representative_inn: Some("770000000000".to_owned()), ..full_id(NUMBER) };
    let digits = "00112233445566778899aabbccddeeff00112233";
    for (request, status, words) in [
        (asked(full_id(HANDED_ON), None, Some(der())), 404, "the register has no power of attorney"),
        // Who knows the number alone learns nothing.
        (asked(stranger, None, Some(der())), 404, "the register has no power of attorney"),
        (asked(nobody, None, Some(der())), 404, "the register has no power of attorney"),
        (asked(full_id(NUMBER), Some(digits), Some(der())), 400, "exactly one of Thumbprint and Content"),
        (asked(full_id(NUMBER), None, None), 400, "exactly one of Thumbprint and Content"),
        (asked(full_id(NUMBER), Some(digits), None), 400, "you have no such certificate"),
        (asked(full_id(NUMBER), Some("xx"), None), 400, "40 hexadecimal digits"),
        (
            asked(
                full_id(NUMBER),
                None,
                Some(ContentV3 { patched_content_id: Some("p".to_owned()), ..ContentV3::default() }),
            ),
            400,
            "ConfidantCertificate.Content: EntityId and PatchedContentId name no bytes here",
        ),
        (asked(full_id(NUMBER), None, Some(content("no certificate"))), 400, "give X.509 in DER"),
        (asked(full_id("x"), None, Some(der())), 400, "FullId.RegistrationNumber"),
    ] {
        let refused = a
            .boss
            .json
            .prevalidate_power_of_attorney_v2(&BoxQuery::new(a.box_id()), request)
            .await
            .unwrap_err();
        assert_eq!(refused.status(), Some(status), "{refused}");
        assert!(refused.to_string().contains(words), "{refused}");
    }
    for (number, inn, status) in [("x", INN, 400), (NUMBER, "1", 400), (HANDED_ON, INN, 404)] {
        let query = PrevalidatePowerOfAttorneyV1Query::new(a.box_id(), number.to_owned(), inn.to_owned());
        let content = Some(der());
        let confidant_certificate = ConfidantCertificateToPrevalidate { thumbprint: None, content };
        let request = PowerOfAttorneyPrevalidateRequest { confidant_certificate };
        let refused = a.boss.client.prevalidate_power_of_attorney(&query, request).await.unwrap_err();
        assert_eq!(refused.status(), Some(status), "{refused}");
    }
    world.end().await;
}
