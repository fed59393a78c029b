//! `GET /potok/v1/boxes/{boxId}/messages/{messageId}/evidence`: what proves an exchange to people without access to the server.

use potok_cms::{Certificate, Language, Trust, UnixTime};
use potok_evidence::{FileKind, Findings, Manifest, Outcome, Weight, verify};
use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::proto::events::{Message, MessagePatchToPostV2, ReceiptAttachment, SignedContent};
use potok_testkit::{
    Letter, PAPER, Person, RawAnswer, RawRequest, Signatures, World, WorldOptions, test_signed,
};

use crate::power_of_attorney as powers;
use crate::signatures;
use crate::signed_by_power::post_signed;

async fn ask(world: &World, who: &Person, message: &str, query: &str) -> RawAnswer {
    let path = format!("/potok/v1/boxes/{}/messages/{message}/evidence{query}", who.box_id);
    world.raw(RawRequest::get(path).bearer(&who.access_token)).await
}

/// What the package proves to somebody who trusts the root in it.
fn judged(world: &World, package: &RawAnswer) -> (Findings, Manifest) {
    assert_eq!(package.status, 200, "{}", package.text());
    let now = UnixTime(world.clock_seconds() + 86_400);
    let untrusted = verify(&package.body, &Trust::default(), now);
    assert_eq!(untrusted.outcome(), Outcome::NotProven, "nothing is believed because it is there");
    let files = potok_zip::unpack(&package.body, &potok_evidence::LIMITS).unwrap();
    let manifest = untrusted.manifest.unwrap();
    let certificates = manifest.files.iter().filter(|file| file.kind == FileKind::Certificate);
    let certificates = certificates.filter_map(|note| files.iter().find(|file| file.name == note.name));
    let anchors = certificates.filter_map(|file| Certificate::from_der(&file.content).ok());
    let trust = Trust { anchors: anchors.filter(Certificate::is_root).collect(), ..Trust::default() };
    let findings = verify(&package.body, &trust, now);
    let manifest = findings.manifest.clone().unwrap();
    (findings, manifest)
}

async fn signed_exchange(world: &World, from: &Person, to: &Person) -> Message {
    let mut letter = Letter::new(from.box_id, to.box_id).wants_signature().wants_receipt();
    letter.0.document_attachments.push(Letter::document("второй.txt", "второй"));
    let posted = from.post(&letter).await.unwrap();
    world.drain().await;
    let document = &posted.entities[0].entity_id;
    to.sign(&posted.message_id, document).await.unwrap();
    let receipt = ReceiptAttachment {
        parent_entity_id: document.clone(),
        signed_content: test_signed(PAPER),
        ..ReceiptAttachment::default()
    };
    let patch = MessagePatchToPostV2 {
        message_id: posted.message_id.clone(),
        receipts: vec![receipt],
        ..MessagePatchToPostV2::default()
    };
    to.patch(patch).await.unwrap();
    world.drain().await;
    posted
}

#[tokio::test]
async fn an_exchange_is_proven_to_whoever_trusts_the_authority() {
    for signatures in [Signatures::Checked, Signatures::AsGiven] {
        let settings = move |settings: &mut potok_testkit::Settings| settings.signatures = signatures;
        let options = WorldOptions { settings: Box::new(settings), ..WorldOptions::default() };
        let world = World::start_with(options).await;
        let (a, b) = world.two_sides().await;
        let posted = signed_exchange(&world, &a.boss, &b.boss).await;
        for who in [&a.boss, &b.boss] {
            let package = ask(&world, who, &posted.message_id, "").await;
            assert_eq!(package.header("content-type"), Some("application/zip"));
            assert!(package.header("content-disposition").unwrap().contains("evidence-"));
            let (findings, manifest) = judged(&world, &package);
            let told: Vec<&str> = findings.list.iter().map(|found| found.text(Language::English)).collect();
            assert_eq!(findings.outcome(), Outcome::Proven, "{told:#?}");
            assert_eq!((manifest.documents.len(), manifest.parties.len()), (2, 2));
            assert_eq!(manifest.box_id, who.box_id.to_string());
            let count = |kind| manifest.files.iter().filter(|file| file.kind == kind).count();
            assert_eq!((count(FileKind::Document), count(FileKind::Protocol)), (2, 2));
            assert_eq!(count(FileKind::Service), 1, "{manifest:#?}");
            assert!(count(FileKind::Certificate) >= 3, "{manifest:#?}");
            assert!(manifest.signatures.iter().all(|note| note.chain.len() >= 2), "{manifest:#?}");
            let first = &manifest.documents[0];
            assert!(first.sent_at.is_some() && first.delivered_at.is_some(), "{first:?}");
            let signed = told.iter().filter(|text| text.contains("\"contract.pdf\" was signed by")).count();
            assert_eq!(signed, 2, "both sides: {told:#?}");
            // Anything else than these bytes is not.
            let mut changed = package.body.to_vec();
            let middle = changed.len() / 2;
            changed[middle] ^= 1;
            let findings = verify(&changed, &Trust::default(), UnixTime(world.clock_seconds()));
            assert!(findings.list.iter().any(|found| found.weight == Weight::Broken));
        }
        let document = &posted.entities[2].entity_id;
        let one = ask(&world, &a.boss, &posted.message_id, &format!("?documentId={document}")).await;
        let (findings, manifest) = judged(&world, &one);
        assert_eq!(findings.outcome(), Outcome::Proven);
        let ids: Vec<&str> = manifest.documents.iter().map(|document| document.id.as_str()).collect();
        assert_eq!(ids, [document]);
        world.end().await;
    }
}

#[tokio::test]
async fn a_power_that_was_only_named_comes_out_of_the_register_and_is_proven() {
    let folder = tempfile::tempdir().unwrap();
    let pki = signatures::pki(folder.path());
    let world = signatures::world(folder.path()).await;
    let a = world.real_organization("ООО «Ромашка»", signatures::INN).await;
    let b = world.real_organization("АО «Лютик»", "9687654321").await;
    let file = powers::given();
    let signature = signatures::signature(&pki.people[0][0], file.as_bytes());
    powers::register_signed(&a.boss, powers::signed(file.clone(), signature)).await;
    let signer = powers::issued(&pki.authority, "961234567890", "12345678901");
    let signed = SignedContent {
        content: Some(signatures::DOCUMENT.into()),
        signature: Some(signatures::signature(&signer, signatures::DOCUMENT).into()),
        ..SignedContent::default()
    };
    let message = post_signed(&a, &b, signed, powers::by_name(powers::NUMBER)).await.unwrap();
    world.drain().await;
    let package = ask(&world, &b.boss, &message.message_id, "").await;
    let (findings, manifest) = judged(&world, &package);
    let [power] = &manifest.powers_of_attorney[..] else { panic!("{manifest:#?}") };
    assert_eq!((power.number.as_str(), power.is_ancestor), (powers::NUMBER, false));
    assert_eq!(power.register.as_ref().unwrap().standing, "active");
    let files = potok_zip::unpack(&package.body, &potok_evidence::LIMITS).unwrap();
    assert!(files.iter().any(|found| found.name == power.file && found.content == file.as_bytes()));
    let told = |found: &potok_evidence::Finding| found.text(Language::English).to_owned();
    let of_power: Vec<(Weight, String)> = findings
        .list
        .iter()
        .map(|found| (found.weight, told(found)))
        .filter(|(_, text)| text.contains(powers::NUMBER))
        .collect();
    let [(Weight::Proven, given), (Weight::Remark, register)] = &of_power[..] else {
        panic!("{:#?}", findings.list)
    };
    assert!(given.contains("was given by") && register.contains("in force"), "{of_power:#?}");
    world.end().await;
}

#[tokio::test]
async fn whoever_may_not_see_all_of_it_gets_nothing() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let (message, document) = (&posted.message_id, &posted.entities[0].entity_id);
    let nobody = "00000000-0000-0000-0000-000000000001";
    let missing = ask(&world, &a.boss, nobody, "").await;
    assert_eq!(missing.status, 404);
    let foreign = ask(&world, &c.boss, message, "").await;
    assert_eq!(foreign.status, 404);
    assert_eq!(
        foreign.text().replace(&c.box_id().to_string(), "B").replace(message.as_str(), "M"),
        missing.text().replace(&a.box_id().to_string(), "B").replace(nobody, "M")
    );
    let path = format!("/potok/v1/boxes/{}/messages/{message}/evidence", b.box_id());
    let denied = world.raw(RawRequest::get(path.as_str()).bearer(&a.boss.access_token)).await;
    assert_eq!(denied.status, 403, "{}", denied.text());
    assert_eq!(world.raw(RawRequest::get(path.as_str())).await.status, 401);
    let posted_to = world.raw(RawRequest::post(path.as_str(), "").bearer(&a.boss.access_token)).await;
    assert_eq!((posted_to.status, posted_to.header("allow")), (405, Some("GET")));
    for (query, status) in [
        (format!("?documentId={nobody}"), 404),
        ("?documentId=first".to_owned(), 400),
        (format!("?documentId={}", posted.entities[1].entity_id), 409),
        (format!("?documentId={document}"), 200),
    ] {
        let answer = ask(&world, &a.boss, message, &query).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
    }
    let elsewhere = world.department(&a, "Склад", potok_types::DepartmentId::ZERO).await;
    let permissions =
        Permissions { access: AccessLevel::DepartmentOnly, department: elsewhere.id, ..Permissions::full() };
    let clerk = world.person(a.box_id(), "clerk@a", permissions).await;
    let refused = ask(&world, &clerk, message, "").await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    world.end().await;
}
