//! Signatures on their way: what is checked, what is delivered, and what the sender is told.

use std::path::Path;

use potok_cms::pki::{Authority, Identity, Members, Organization, Person, Role, Subject, TestPki, Validity};
use potok_cms::revocation::Revocation;
use potok_cms::{Content, DigestAlgorithm, KeyKind, UnixTime, gost, sign, tsa};
use potok_testkit::sdk::api::methods::{BoxQuery, EntityQuery};
use potok_testkit::sdk::proto::docflow::{
    GetDocflowBatchRequest, GetDocflowRequest, PowerOfAttorneyAttachmentStatus, StatusName,
};
use potok_testkit::sdk::proto::events::{Entity, Message, SignedContent};
use potok_testkit::sdk::proto::{DocumentId, SignatureVerificationResult};
use potok_testkit::{Letter, Org, Signatures, World, WorldOptions};
use potok_types::{EntityId, MessageId};
use prost::Message as _;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::support::{Names, feed};

/// 2026-02-01T09:00:00Z, when every world begins.
pub(crate) const AT: UnixTime = UnixTime(1_769_936_400);
pub(crate) const INN: &str = "9612345678";
pub(crate) const DOCUMENT: &[u8] = b"the text of a contract";

fn organization(inn: &str) -> Organization {
    Organization {
        name: "ООО «Ромашка»".to_owned(),
        inn: inn.to_owned(),
        ogrn: "1126605009600".to_owned(),
        city: "Екатеринбург".to_owned(),
    }
}

fn person() -> Person {
    Person {
        surname: "Иванов".to_owned(),
        given_name: "Иван Иванович".to_owned(),
        inn: "961234567890".to_owned(),
        snils: "12345678901".to_owned(),
        email: None,
    }
}

fn year() -> Validity {
    Validity::days(UnixTime(AT.0 - 86_400), 365)
}

pub(crate) fn subject(inn: &str) -> Subject {
    Subject::employee(&organization(inn), &person(), "Директор")
}

/// An authority of the world, with its certificates and lists in `folder`.
pub(crate) fn pki(folder: &Path) -> TestPki {
    let members =
        Members { organization: organization(INN), people: vec![(person(), "Директор".to_owned())] };
    let mut random = StdRng::seed_from_u64(1);
    let pki =
        TestPki::new(KeyKind::P256, &members, std::slice::from_ref(&members), year(), &mut random).unwrap();
    for part in ["trust", "lists"] {
        std::fs::create_dir(folder.join(part)).unwrap();
    }
    let authority = pki.authority.certificate();
    std::fs::write(folder.join("trust/root.pem"), pki.root.certificate().to_pem()).unwrap();
    std::fs::write(folder.join("trust/authority.cer"), authority.as_der()).unwrap();
    pki
}

pub(crate) async fn world(folder: &Path) -> World {
    let (trust, lists) = (folder.join("trust"), folder.join("lists"));
    World::start_with(WorldOptions {
        settings: Box::new(move |settings| {
            settings.signatures = Signatures::Checked;
            settings.trust.certificates = Some(trust.clone());
            settings.trust.revocation_lists = Some(lists.clone());
        }),
        seed: 1,
        ..WorldOptions::default()
    })
    .await
}

fn issued(authority: &Authority, kind: KeyKind, subject: &Subject, validity: Validity) -> Identity {
    let mut random = StdRng::seed_from_u64(2);
    authority.issue_identity(subject, kind, Role::Signer, validity, &mut random).unwrap()
}

pub(crate) fn signature(identity: &Identity, content: &[u8]) -> Vec<u8> {
    sign(Content::Bytes(content), &identity.certificate, &[], &identity.key, AT).unwrap()
}

pub(crate) async fn post(from: &Org, to: &Org, signature: Vec<u8>) -> Result<Message, (u16, String)> {
    post_as(from, Letter::new(from.box_id(), to.box_id()).wants_signature(), signature).await
}

async fn post_as(from: &Org, mut letter: Letter, signature: Vec<u8>) -> Result<Message, (u16, String)> {
    letter.0.document_attachments[0].signed_content = SignedContent {
        content: Some(DOCUMENT.into()),
        signature: Some(signature.into()),
        ..SignedContent::default()
    };
    let posted = from.boss.post(&letter).await;
    posted.map_err(|error| (error.status().unwrap_or_default(), error.to_string()))
}

pub(crate) async fn content(org: &Org, message: &str, entity: &Entity) -> Vec<u8> {
    let query = EntityQuery::new(
        org.box_id(),
        message.parse::<MessageId>().unwrap(),
        entity.entity_id.parse::<EntityId>().unwrap(),
    );
    org.boss.client.get_entity_content_v4(&query).await.unwrap().0.to_vec()
}

/// What every version of the docflow says of the sender's signature: is it good, and what its check found.
async fn shown(
    org: &Org,
    message: &Message,
) -> Vec<(bool, SignatureVerificationResult, Option<PowerOfAttorneyAttachmentStatus>)> {
    let request = GetDocflowRequest {
        document_id: DocumentId {
            message_id: message.message_id.clone(),
            entity_id: message.entities[0].entity_id.clone(),
        },
        inject_entity_content: Some(true),
        ..GetDocflowRequest::default()
    };
    let query = BoxQuery::new(org.box_id());
    let batch = || GetDocflowBatchRequest { requests: vec![request.clone()] };
    let v2 = org.boss.client.get_docflows_v2(&query, batch()).await.unwrap();
    let in_json = org.boss.json.get_docflows_v2(&query, batch()).await.unwrap();
    assert_eq!(v2, in_json, "both formats say the same");
    let v2 = v2.documents[0].docflow.clone().unwrap().document_attachment.unwrap().signature.unwrap();
    let v3 = org.boss.client.get_docflows_v3(&query, batch()).await.unwrap();
    let v3 = v3.documents[0].docflow.sender_title.attachment.signature.clone().unwrap();
    let v4 = org.boss.client.get_docflows_v4(&query, batch()).await.unwrap();
    let v4 = v4.documents[0].docflow.sender_title.attachment.signature.clone().unwrap();
    let v5 = org.boss.client.get_docflows_v5(&query, batch()).await.unwrap();
    let v5 = v5.documents[0].docflow.titles[0].author_signing.title.clone().unwrap().signature.unwrap();
    vec![
        (v2.is_valid.unwrap_or_default(), v2.verification_result.unwrap(), None),
        (v3.is_valid, v3.verification_result.unwrap(), v3.power_of_attorney_attachment_status),
        (v4.is_valid, v4.verification_result.unwrap(), v4.power_of_attorney_attachment_status),
        (v5.is_valid, v5.verification_result.unwrap(), v5.power_of_attorney_attachment_status),
    ]
}

#[tokio::test]
async fn good_signatures_of_every_kind_arrive_and_tell_who_signed() {
    let folder = tempfile::tempdir().unwrap();
    let pki = pki(folder.path());
    let world = world(folder.path()).await;
    let (a, b) = world.two_sides().await;
    for kind in [KeyKind::Gost(gost::ParameterSet::Tc26A256), KeyKind::Rsa2048, KeyKind::P256] {
        let signer = issued(&pki.authority, kind, &subject(INN), year());
        let message = post(&a, &b, signature(&signer, DOCUMENT)).await.unwrap();
        world.drain().await;
        for org in [&a, &b] {
            for (is_valid, found, power) in shown(org, &message).await {
                assert!(is_valid && found.is_valid);
                let status = found.certificate_status.unwrap();
                let chain = &status.certificate_chain;
                assert!(status.is_valid && chain.len() == 3);
                assert_eq!(chain[0].der_certificate, signer.certificate.as_der());
                assert!(chain.iter().all(|link| link.certificate_chain_status_flags == 0));
                assert!(
                    power.is_none_or(|power| power.status_name() == StatusName::PowerOfAttorneyNotRequired)
                );
            }
        }
        let query = EntityQuery::new(
            b.box_id(),
            message.message_id.parse::<MessageId>().unwrap(),
            message.entities[1].entity_id.parse::<EntityId>().unwrap(),
        );
        let info = b.boss.client.get_signature_info(&query).await.unwrap();
        assert_eq!(info, b.boss.json.get_signature_info(&query).await.unwrap());
        assert_eq!(info.thumbprint, signer.certificate.thumbprint().to_string());
        assert_eq!(info.serial_number, signer.certificate.serial_hex());
        assert_eq!((info.org_inn.as_deref(), info.surname.as_deref()), (Some(INN), Some("Иванов")));
        assert_eq!(info.start_date.as_deref(), Some("31.01.2026 09:00:00"));
        assert!(info.signature_verification_result.unwrap().certificate_status.unwrap().is_valid);
        let document = EntityQuery::new(
            b.box_id(),
            message.message_id.parse::<MessageId>().unwrap(),
            message.entities[0].entity_id.parse::<EntityId>().unwrap(),
        );
        let error = b.boss.client.get_signature_info(&document).await.unwrap_err();
        assert_eq!(error.status(), Some(404), "a document is no signature");
    }
    world.end().await;
}

#[tokio::test]
async fn nothing_with_a_bad_signature_arrives_and_the_sender_reads_why() {
    let folder = tempfile::tempdir().unwrap();
    let pki = pki(folder.path());
    let world = world(folder.path()).await;
    let (a, b) = world.two_sides().await;
    let mut random = StdRng::seed_from_u64(4);
    let stranger = Authority::root(&Subject::common_name("Чужой центр"), KeyKind::P256, year(), &mut random);
    let stranger = issued(&stranger.unwrap(), KeyKind::P256, &subject(INN), year());
    let past = Validity::days(UnixTime(AT.0 - 20 * 86_400), 10);
    let expired = issued(&pki.authority, KeyKind::P256, &subject(INN), past);
    let future = Validity::days(UnixTime(AT.0 + 86_400), 10);
    let not_yet = issued(&pki.authority, KeyKind::P256, &subject(INN), future);
    let good = &pki.people[0][0];
    let revoked = issued(&pki.authority, KeyKind::Rsa2048, &subject(INN), year());
    let entry = (revoked.certificate.clone(), Revocation { time: UnixTime(AT.0 - 60), reason: 1 });
    let list = pki.authority.revocation_list(&[entry], 2, year()).unwrap();
    // The server sees the new list without a restart.
    std::fs::write(folder.path().join("lists/authority.crl"), list).unwrap();
    world.clock().advance_seconds(2);
    let mut corrupted = signature(good, DOCUMENT);
    *corrupted.last_mut().unwrap() ^= 1;
    for (signature, is_of_content, flags, words) in [
        (corrupted, false, 0, "Значение подписи неверно"),
        (signature(good, b"another"), false, 0, "подписано другое содержимое"),
        (signature(&expired, DOCUMENT), true, 1, "срок действия сертификата истёк"),
        (signature(&not_yet, DOCUMENT), true, 1, "ещё не начался"),
        (signature(&stranger, DOCUMENT), true, 65_536, "издатель сертификата неизвестен"),
        (signature(&revoked, DOCUMENT), true, 4, "сертификат отозван"),
    ] {
        let before = feed(&a.boss).await.len();
        let message = post(&a, &b, signature).await.unwrap();
        world.drain().await;
        assert!(feed(&b.boss).await.is_empty(), "{words}: nothing is delivered");
        let told = feed(&a.boss).await.split_off(before + 1);
        let ids =
            [message.message_id.as_str(), &message.entities[0].entity_id, &message.entities[1].entity_id];
        let mut names = Names::with(&[(ids[0], "M"), (ids[1], "d"), (ids[2], "s")]);
        assert_eq!(
            names.lines(&told),
            ["Patch P1: [e1 SignatureVerificationReport(s), e2 DeliveryFailureNotification] not-delivered=M"]
        );
        let entities = &told[0].patch.as_ref().unwrap().entities;
        let report = content(&a, &message.message_id, &entities[0]).await;
        let report = SignatureVerificationResult::decode(report.as_slice()).unwrap();
        assert_eq!(report.is_valid, is_of_content, "{words}");
        let status = report.certificate_status.clone().unwrap();
        assert_eq!(status.is_valid, flags == 0, "{words}");
        assert_eq!(status.certificate_chain[0].certificate_chain_status_flags, flags, "{words}");
        let notice = String::from_utf8(content(&a, &message.message_id, &entities[1]).await).unwrap();
        let beginning = format!(
            "Ваше сообщение (id = {}) или его часть не была доставлена, поскольку некоторые подписи в ней были признаны \
             недействительными.",
            ids[0]
        );
        assert!(notice.starts_with(&beginning), "{notice}");
        for expected in ["«contract.pdf»", ids[2], "Иванов", words] {
            assert!(notice.contains(expected), "{expected:?} is not in {notice}");
        }
        for (is_valid, found, _) in shown(&a, &message).await {
            assert_eq!((is_valid, found), (false, report.clone()), "{words}: the docflow says it too");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn who_signs_for_others_is_delivered_with_a_remark() {
    let folder = tempfile::tempdir().unwrap();
    let pki = pki(folder.path());
    let world = world(folder.path()).await;
    let (a, b) = world.two_sides().await;
    for (subject, comment) in [
        (subject("7707083893"), "Документ подписан сертификатом другого ЮЛ/ИП, возможно, требуется МЧД"),
        (Subject::person(&person()), "Документ подписан сертификатом физического лица, требуется МЧД"),
        // A certificate that names nobody is not the organization's.
        (
            Subject::common_name("Робот"),
            "Документ подписан сертификатом другого ЮЛ/ИП, возможно, требуется МЧД",
        ),
    ] {
        let signer = issued(&pki.authority, KeyKind::P256, &subject, year());
        let message = post(&a, &b, signature(&signer, DOCUMENT)).await.unwrap();
        world.drain().await;
        for org in [&a, &b] {
            let (is_valid, _, power) = shown(org, &message).await.pop().unwrap();
            let power = power.unwrap();
            assert!(is_valid, "it is not refused");
            assert_eq!(power.status_name(), StatusName::PowerOfAttorneyRequired);
            assert_eq!(power.comment.as_deref(), Some(comment));
        }
    }
    world.end().await;
}

#[tokio::test]
async fn what_is_no_signature_is_refused_at_once_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let pki = pki(folder.path());
    let world = world(folder.path()).await;
    let (a, b) = world.two_sides().await;
    // A time stamp token is a signature with its content inside.
    let request = tsa::request(DOCUMENT, DigestAlgorithm::Sha256, [1; 8]);
    let name = Subject::common_name("Служба штампов времени");
    let mut random = StdRng::seed_from_u64(3);
    let stamping =
        pki.authority.issue_identity(&name, KeyKind::P256, Role::TimeStamping, year(), &mut random).unwrap();
    let stamp = tsa::respond(&request, &stamping, AT, 1).unwrap();
    for (given, words) in [
        (b"scribble".to_vec(), "neither DER, nor PEM, nor base64"),
        (pki.root.certificate().as_der().to_vec(), "not an electronic signature"),
        (tsa::token(&stamp).unwrap(), "attached"),
    ] {
        let (status, text) = post(&a, &b, given).await.unwrap_err();
        assert_eq!(status, 400);
        let place = "DocumentAttachments[0].SignedContent.Signature: ";
        assert!(text.contains(place) && text.contains(words), "{text}");
    }
    assert!(feed(&a.boss).await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn internal_documents_are_checked_too() {
    let folder = tempfile::tempdir().unwrap();
    let pki = pki(folder.path());
    let world = world(folder.path()).await;
    let a = world.organization("ООО «Ромашка»", INN).await;
    let good = &pki.people[0][0];
    let internal = || {
        let mut letter = Letter::new(a.box_id(), a.box_id());
        letter.0.to_box_id = None;
        letter.0.is_internal = Some(true);
        letter
    };
    // Nobody waits for a delivery, so the sender is told at once.
    let (status, text) = post_as(&a, internal(), signature(good, b"another")).await.unwrap_err();
    assert_eq!(status, 400);
    let place = "DocumentAttachments[0].SignedContent.Signature: ";
    assert!(text.contains(place) && text.contains("подписано другое содержимое"), "{text}");
    assert!(feed(&a.boss).await.is_empty());

    let message = post_as(&a, internal(), signature(good, DOCUMENT)).await.unwrap();
    world.drain().await;
    assert_eq!(feed(&a.boss).await.len(), 1);
    for (is_valid, found, _) in shown(&a, &message).await {
        assert!(is_valid && found.is_valid && found.certificate_status.unwrap().is_valid);
    }
    world.end().await;
}
