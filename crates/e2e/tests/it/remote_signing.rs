//! Signing with keys that the server holds: by DSS, in the cloud, and the confirmation of the holder.

use std::path::Path;

use bytes::Bytes;
use potok_cms::pki::TestPki;
use potok_cms::{SignedData, UnixTime};
use potok_testkit::domain::directory::Permissions;
use potok_testkit::domain::signing::KeyPlace;
use potok_testkit::sdk::Client;
use potok_testkit::sdk::api::methods::{
    BoxQuery, BoxTaskQuery, CloudSignConfirmQuery, CloudSignQuery, DssSignV1Query, EntityQuery,
    GetMyCertificatesQuery, TaskQuery,
};
use potok_testkit::sdk::proto::certificates::{CertificateType, CertificateUsage};
use potok_testkit::sdk::proto::dss::{
    DssCertificateData, DssConfirmType, DssFileSigningStatus, DssGosKeyData, DssOperationStatus as Status,
    DssSignDataSource, DssSignFile, DssSignRequest, DssSignRequestV2, DssSignResult,
};
use potok_testkit::sdk::proto::events::{ContentToPatch, PrepareDocumentsToSignRequest, UnsignedContent};
use potok_testkit::sdk::proto::{
    CloudSignFile, CloudSignRequest, ContentV2, ContentV3, DocumentId, DocumentIdEx,
};
use potok_testkit::{Letter, Org, Person, RawRequest, World};
use potok_types::TaskId;

use crate::prepare_to_sign::{SIGNERS, prepare, title};
use crate::signatures::{self, DOCUMENT, INN};
use crate::support::refused;

/// Writes the key of a person with its certificates.
pub(crate) fn key_file(pki: &TestPki, folder: &Path) -> KeyPlace {
    let (identity, path) = (&pki.people[0][0], folder.join("person.pem"));
    let above = pki.authority.certificate().to_pem();
    let text = format!("{}{}{above}", *identity.key.to_pem(), identity.certificate.to_pem());
    std::fs::write(&path, text).unwrap();
    KeyPlace { source: path.display().to_string(), certificate: None, password: None }
}

/// A world in which the boss of an organization has a key on the server.
async fn world(folder: &Path, is_unattended: bool) -> (World, Org, TestPki) {
    let pki = signatures::pki(folder);
    let world = signatures::world(folder).await;
    let a = world.real_organization("ООО «Ромашка»", INN).await;
    let admin = world.app().admin();
    admin.add_held_key(&a.boss.login, key_file(&pki, folder), is_unattended).await.unwrap();
    (world, a, pki)
}

fn dss_file(content: ContentV3) -> DssSignFile {
    DssSignFile { content, file_name: Some("a.xml".to_owned()) }
}

fn inline(bytes: &'static [u8]) -> ContentV3 {
    ContentV3 { content: Some(Bytes::from_static(bytes)), ..ContentV3::default() }
}

fn cloud_file(bytes: &'static [u8]) -> CloudSignFile {
    let content = ContentV2 { content: Some(Bytes::from_static(bytes)), ..ContentV2::default() };
    CloudSignFile { content: Some(content), file_name: None }
}

async fn begin(client: &Client, person: &Person, files: Vec<DssSignFile>) -> String {
    let started = client.dss_sign(&DssSignV1Query::new(person.box_id), DssSignRequest { files }).await;
    started.unwrap().task_id.unwrap()
}

/// The same in both formats.
async fn dss(person: &Person, task: &str) -> DssSignResult {
    let query = BoxTaskQuery::new(person.box_id, task);
    let told = person.client.dss_sign_result(&query).await.unwrap();
    assert_eq!(person.json.dss_sign_result(&query).await.unwrap(), told);
    told
}

fn id(task: &str) -> TaskId {
    task.parse().unwrap()
}

/// The signature is over `content`, by the certificate of the person.
fn assert_signs(signature: &[u8], content: &[u8], pki: &TestPki, at: i64) {
    let trust = potok_cms::Trust {
        anchors: vec![pki.root.certificate().clone()],
        intermediates: vec![pki.authority.certificate().clone()],
        ..potok_cms::Trust::default()
    };
    let found = SignedData::parse(signature).unwrap();
    let found = found.verify(potok_cms::Content::Bytes(content), UnixTime(at), &trust);
    assert!(found.is_valid(), "{found:?}");
    assert_eq!(found.first().certificate.as_ref(), Some(&pki.people[0][0].certificate));
}

#[tokio::test]
async fn what_the_holder_confirms_is_signed_and_nothing_before() {
    let folder = tempfile::tempdir().unwrap();
    let (world, a, pki) = world(folder.path(), false).await;
    let (boss, admin) = (&a.boss, world.app().admin());
    let upload = RawRequest::post("/ShelfUpload?nameOnShelf=__userId__/b.bin&isLastPart=1", "on the shelf");
    assert_eq!(world.raw(upload.bearer(&boss.access_token)).await.status, 200);
    let b = world.real_organization("АО «Лютик»", "9687654321").await;
    let letter = boss.post(&Letter::new(a.box_id(), b.box_id()).draft()).await.unwrap();
    let document =
        DocumentId { message_id: letter.message_id.clone(), entity_id: letter.entities[0].entity_id.clone() };
    let on_shelf = ContentV3 { name_on_shelf: Some("__userId__/b.bin".to_owned()), ..ContentV3::default() };
    let entity = ContentV3 { entity_id: Some(document), ..ContentV3::default() };
    let files = vec![dss_file(inline(DOCUMENT)), dss_file(on_shelf), dss_file(entity)];
    let task = begin(&boss.client, boss, files).await;
    world.sign().await;
    let told = dss(boss, &task).await;
    assert_eq!((told.operation_status(), told.confirm_type()), (Status::InProgress, DssConfirmType::MyDss));
    assert!(told.file_signing_results.is_empty(), "nothing is signed yet");

    // Another one of the same person has to wait, and is told so.
    let second = begin(&boss.json, boss, vec![dss_file(inline(b"second"))]).await;
    assert_eq!(dss(boss, &second).await.operation_status(), Status::UserHasUnconfirmedOperation);

    let waiting = admin.waiting_signings(Some(&boss.login)).await.unwrap();
    assert_eq!(waiting.iter().map(|it| it.id).collect::<Vec<_>>(), [id(&task)]);
    admin.answer_signing(id(&task), true).await.unwrap();
    assert_eq!(dss(boss, &task).await.operation_status(), Status::InProgress);
    world.sign().await;
    let told = dss(boss, &task).await;
    assert_eq!(told.operation_status(), Status::Completed);
    let content = boss_content(boss, &letter.message_id, &letter.entities[0].entity_id).await;
    let contents: [&[u8]; 3] = [DOCUMENT, b"on the shelf", &content];
    assert_eq!(told.file_signing_results.len(), contents.len());
    for (made, content) in told.file_signing_results.iter().zip(contents) {
        assert_eq!(made.file_signing_status(), DssFileSigningStatus::SigningCompleted);
        assert_signs(made.signature.as_ref().unwrap(), content, &pki, world.clock_seconds());
    }
    let late = admin.answer_signing(id(&task), false).await.unwrap_err().to_string();
    assert!(late.contains("waits for nobody"), "{late}");

    // Refused, and forgotten by the holder.
    let task = begin(&boss.client, boss, vec![dss_file(inline(DOCUMENT))]).await;
    admin.answer_signing(id(&task), false).await.unwrap();
    world.sign().await;
    assert_eq!(dss(boss, &task).await.operation_status(), Status::CanceledByUser);
    let task = begin(&boss.client, boss, vec![dss_file(inline(DOCUMENT))]).await;
    world.clock().advance_seconds(600);
    assert_eq!(dss(boss, &task).await.operation_status(), Status::Timeout);
    // The key is taken away between the word and the work.
    let task = begin(&boss.client, boss, vec![dss_file(inline(DOCUMENT))]).await;
    admin.answer_signing(id(&task), true).await.unwrap();
    let thumbprint = pki.people[0][0].certificate.thumbprint().to_string();
    admin.remove_held_key(&boss.login, &thumbprint).await.unwrap();
    world.sign().await;
    assert_eq!(dss(boss, &task).await.operation_status(), Status::Crashed);
    world.end().await;
}

async fn boss_content(boss: &Person, message: &str, entity: &str) -> Bytes {
    let query = EntityQuery::new(
        boss.box_id,
        message.parse::<potok_types::MessageId>().unwrap(),
        entity.parse::<potok_types::EntityId>().unwrap(),
    );
    boss.client.get_entity_content_v4(&query).await.unwrap().0
}

#[tokio::test]
async fn a_key_that_nobody_watches_signs_at_once_and_is_named_in_several_ways() {
    let folder = tempfile::tempdir().unwrap();
    let (mut world, a, pki) = world(folder.path(), true).await;
    let boss = a.boss.clone();
    let thumbprint = pki.people[0][0].certificate.thumbprint().to_string();
    let shown = boss.client.get_my_certificates(&GetMyCertificatesQuery::new(a.box_id())).await.unwrap();
    assert_eq!(shown.certificates.len(), 1);
    assert_eq!(
        (&shown.certificates[0].thumbprint, shown.certificates[0].r#type()),
        (&thumbprint, CertificateType::Dss)
    );
    assert_eq!(shown.certificates[0].usages, [CertificateUsage::DssUsage as i32]);

    let files = || vec![dss_file(inline(DOCUMENT))];
    let v2 = |source: DssSignDataSource, thumbprint: Option<&str>, snils: Option<&str>| DssSignRequestV2 {
        files: files(),
        sign_data_source: source as i32,
        certificate_data: thumbprint.map(|it| DssCertificateData { thumbprint: it.to_owned() }),
        gos_key_data: snils.map(|it| DssGosKeyData { snils: Some(it.to_owned()), oid: None }),
    };
    let mut tasks = Vec::new();
    for request in [
        v2(DssSignDataSource::CertificateSign, Some(&thumbprint.to_lowercase()), None),
        v2(DssSignDataSource::CertificateSign, None, None),
        v2(DssSignDataSource::GosKeySign, None, Some("123-456-789 01")),
    ] {
        let started = boss.json.dss_sign_v2(&BoxQuery::new(a.box_id()), request).await.unwrap();
        tasks.push(started.task_id.unwrap());
    }
    // It is done by whoever runs then.
    world.restart().await;
    let boss = world.known_person(boss.box_id, boss.user_id, &boss.login).await;
    world.sign().await;
    for task in &tasks {
        let told = dss(&boss, task).await;
        assert_eq!((told.operation_status(), told.confirm_type()), (Status::Completed, DssConfirmType::None));
        let signature = told.file_signing_results[0].signature.as_ref().unwrap();
        assert_signs(signature, DOCUMENT, &pki, world.clock_seconds());
    }
    // A day later nobody is told.
    world.clock().advance_seconds(24 * 3600 + 1);
    let boss = world.known_person(boss.box_id, boss.user_id, &boss.login).await;
    let gone = boss.client.dss_sign_result(&BoxTaskQuery::new(boss.box_id, tasks[0].as_str())).await;
    assert_eq!(refused(gone).0, 404);
    world.end().await;
}

#[tokio::test]
async fn what_was_prepared_is_signed_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let (world, a, pki) = world(folder.path(), true).await;
    let b = world.real_organization("АО «Лютик»", "9687654321").await;
    world.app().admin().add_held_key(&b.boss.login, key_file(&pki, folder.path()), true).await.unwrap();
    let content = ContentToPatch {
        type_named_id: "UniversalTransferDocument".to_owned(),
        function: "СЧФДОП".to_owned(),
        version: "utd970_05_03_01".to_owned(),
        content: UnsignedContent { content: Some(title(&a, &b).await), ..UnsignedContent::default() },
        signer_content: Some(SIGNERS.into()),
        ..ContentToPatch::default()
    };
    let request = PrepareDocumentsToSignRequest {
        box_id: a.box_id().to_string(),
        contents: vec![content],
        ..PrepareDocumentsToSignRequest::default()
    };
    for client in [&a.boss.client, &a.boss.json] {
        let made = prepare(client, request.clone()).await.unwrap().remove(0);
        let named = ContentV3 { patched_content_id: Some(made.patched_content_id), ..ContentV3::default() };
        let task = begin(client, &a.boss, vec![dss_file(named.clone())]).await;
        world.sign().await;
        let told = dss(&a.boss, &task).await;
        let signature = told.file_signing_results[0].signature.clone().unwrap();
        assert_signs(&signature, &made.content.unwrap(), &pki, world.clock_seconds());
        // It is of the box.
        let files = vec![dss_file(named)];
        let theirs = b.boss.client.dss_sign(&DssSignV1Query::new(b.box_id()), DssSignRequest { files }).await;
        let (status, text) = refused(theirs);
        assert!(status == 403 && text.contains("is not open to you"), "{text}");
    }
    world.end().await;
}

#[tokio::test]
async fn the_cloud_signs_what_comes_with_the_code_of_the_holder() {
    let folder = tempfile::tempdir().unwrap();
    let (world, a, pki) = world(folder.path(), true).await;
    let (boss, admin) = (&a.boss, world.app().admin());
    let files = || CloudSignRequest { files: vec![cloud_file(DOCUMENT), cloud_file(b"other")] };
    for (client, on_shelf) in [(&boss.client, false), (&boss.json, true)] {
        let task = client.cloud_sign(&CloudSignQuery::new(), files()).await.unwrap().task_id.unwrap();
        let query = TaskQuery::new(task.as_str());
        assert_eq!(client.cloud_sign_result(&query).await.unwrap().0, None, "no code was told");
        let early = client.cloud_sign_confirm_result(&query).await;
        assert_eq!(refused(early).0, 404, "nothing was confirmed");
        let old = admin.tell_code(id(&task)).await.unwrap();
        let code = admin.tell_code(id(&task)).await.unwrap();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        let told = client.cloud_sign_result(&query).await.unwrap().0.unwrap();
        let token = told.token.unwrap();
        let mut confirm = CloudSignConfirmQuery::new(token.as_str(), old.as_str());
        if old != code {
            let (status, text) = refused(client.cloud_sign_confirm(&confirm).await);
            assert!(status == 409 && text.contains("not the code"), "{status} {text}");
        }
        confirm.confirmation_code = code.clone();
        if on_shelf {
            confirm.returned = Some("Reference".to_owned());
        }
        let confirmed = client.cloud_sign_confirm(&confirm).await.unwrap().task_id.unwrap();
        let query = TaskQuery::new(confirmed.as_str());
        assert_eq!(client.cloud_sign_confirm_result(&query).await.unwrap().0, None, "nobody signed yet");
        world.sign().await;
        let made = client.cloud_sign_confirm_result(&query).await.unwrap().0.unwrap().signatures;
        assert_eq!(made.len(), 2);
        for (made, content) in made.into_iter().zip([DOCUMENT, b"other"]) {
            let signature = match (made.content, made.name_on_shelf) {
                (Some(bytes), None) if !on_shelf => bytes,
                (None, Some(name)) if on_shelf => {
                    let path = format!("/ShelfDownload?nameOnShelf={name}");
                    world.raw(RawRequest::get(path).bearer(&boss.access_token)).await.body
                }
                other => panic!("one of the two: {other:?}"),
            };
            assert_signs(&signature, content, &pki, world.clock_seconds());
        }
        let again = refused(client.cloud_sign_confirm(&confirm).await);
        assert_eq!(again.0, 409, "a code is good once");
    }

    // Refused by the holder; and too many wrong codes.
    let started = boss.client.cloud_sign(&CloudSignQuery::new(), files()).await.unwrap();
    let task = started.task_id.unwrap();
    admin.answer_signing(id(&task), false).await.unwrap();
    for answer in [
        refused(boss.client.cloud_sign_result(&TaskQuery::new(task.as_str())).await.map(|told| told.0)),
        refused(
            boss.client.cloud_sign_confirm_result(&TaskQuery::new(task.as_str())).await.map(|told| told.0),
        ),
    ] {
        assert!(answer.0 == 409 && answer.1.contains("refused to sign"), "{answer:?}");
    }
    let started = boss.client.cloud_sign(&CloudSignQuery::new(), files()).await.unwrap();
    let task = started.task_id.unwrap();
    let code = admin.tell_code(id(&task)).await.unwrap();
    let wrong = CloudSignConfirmQuery::new(task.as_str(), "x");
    for expected in
        [["CloudCrypt.BadConfirmationCode"; 5].as_slice(), &["CloudCrypt.ExpiredRequest"]].concat()
    {
        let query = format!("/CloudSignConfirm?token={task}&confirmationCode=x");
        let answer = world.raw(RawRequest::post(query, "").bearer(&boss.access_token)).await;
        assert_eq!((answer.status, answer.header("x-diadoc-errorcode")), (409, Some(expected)));
    }
    let late = CloudSignConfirmQuery { confirmation_code: code, ..wrong };
    assert_eq!(refused(boss.client.cloud_sign_confirm(&late).await).0, 409, "also the right one");
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_signed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (world, a, pki) = world(folder.path(), false).await;
    let (boss, admin) = (&a.boss, world.app().admin());
    let b = world.real_organization("АО «Лютик»", "9687654321").await;
    let query = |thumbprint: Option<&str>| {
        let mut query = DssSignV1Query::new(a.box_id());
        query.certificate_thumbprint = thumbprint.map(str::to_owned);
        query
    };
    let one = |content: ContentV3| DssSignRequest { files: vec![dss_file(content)] };
    let both = ContentV3 { name_on_shelf: Some("a".to_owned()), ..inline(DOCUMENT) };
    let nowhere = ContentV3 { name_on_shelf: Some("a".to_owned()), ..ContentV3::default() };
    let patched = ContentV3 { patched_content_id: Some("a".to_owned()), ..ContentV3::default() };
    let none = DocumentId { message_id: TaskId::ZERO.to_string(), entity_id: TaskId::ZERO.to_string() };
    let nothing = ContentV3 { entity_id: Some(none), ..ContentV3::default() };
    for (thumbprint, request, status, words) in [
        (None, DssSignRequest::default(), 400, "DssSignRequest.Files: nothing is to be signed"),
        (None, one(both), 400, "DssSignRequest.Files[0].Content: exactly one of"),
        (None, one(ContentV3::default()), 400, "exactly one of"),
        (None, one(nowhere), 400, "there is no file \"a\" on your shelf"),
        (None, one(patched), 400, "Content.PatchedContentId: there is no content"),
        (None, one(nothing), 404, "is not in box"),
        (Some("x"), one(inline(DOCUMENT)), 400, "certificateThumbprint: 40 hexadecimal digits"),
        (Some("00".repeat(20).as_str()), one(inline(DOCUMENT)), 404, "the server holds no key for you"),
    ] {
        let (found, text) = refused(boss.client.dss_sign(&query(thumbprint), request).await);
        assert!((found, text.contains(words)) == (status, true), "{words}: {found} {text}");
    }
    // A key by its holder.
    let by_holder = |snils: Option<&str>, oid: Option<&str>| DssSignRequestV2 {
        files: vec![dss_file(inline(DOCUMENT))],
        sign_data_source: DssSignDataSource::GosKeySign as i32,
        certificate_data: None,
        gos_key_data: Some(DssGosKeyData { snils: snils.map(str::to_owned), oid: oid.map(str::to_owned) }),
    };
    let known = Some("12345678901");
    let of_a = BoxQuery::new(a.box_id());
    for (snils, oid, status, words) in [
        (known, Some("1000000001"), 400, "DssSignRequestV2.GosKeyData.Oid: certificates name no Oid"),
        (None, Some("1000000001"), 400, "DssSignRequestV2.GosKeyData.Oid"),
        (None, Some(""), 400, "DssSignRequestV2.GosKeyData.Snils"),
        (
            Some("00000000000"),
            None,
            404,
            "DssSignRequestV2.GosKeyData.Snils: the server holds no key for you",
        ),
    ] {
        for client in [&boss.client, &boss.json] {
            let (found, text) = refused(client.dss_sign_v2(&of_a, by_holder(snils, oid)).await);
            assert!((found, text.contains(words)) == (status, true), "{words}: {found} {text}");
        }
    }
    let clerk = Permissions { can_use_goskey: false, ..Permissions::full() };
    let clerk = world.person(a.box_id(), "clerk", clerk).await;
    admin.add_held_key("clerk", key_file(&pki, folder.path()), true).await.unwrap();
    let (status, text) = refused(clerk.client.dss_sign_v2(&of_a, by_holder(known, None)).await);
    assert!(status == 403 && text.contains("permission UseGoskey is needed"), "{status} {text}");
    begin(&clerk.client, &clerk, vec![dss_file(inline(DOCUMENT))]).await;

    // Who has no key, and whose task it is not, learn nothing of others.
    let task = begin(&boss.client, boss, vec![dss_file(inline(DOCUMENT))]).await;
    let theirs = b.boss.client.dss_sign(&DssSignV1Query::new(b.box_id()), one(inline(DOCUMENT))).await;
    let by_certificate = DssSignRequestV2 {
        files: vec![dss_file(inline(DOCUMENT))],
        sign_data_source: DssSignDataSource::CertificateSign as i32,
        ..DssSignRequestV2::default()
    };
    let (status, text) = refused(theirs);
    assert!(
        status == 404 && text.contains("certificateThumbprint: the server holds no key"),
        "{status} {text}"
    );
    let theirs = b.boss.client.dss_sign_v2(&BoxQuery::new(b.box_id()), by_certificate).await;
    let (status, text) = refused(theirs);
    assert!(
        status == 404 && text.contains("DssSignRequestV2.CertificateData.Thumbprint: the server"),
        "{text}"
    );
    let theirs = b.boss.client.dss_sign_result(&BoxTaskQuery::new(b.box_id(), task.as_str())).await;
    assert_eq!(refused(theirs).0, 404);
    let cloud = b.boss.client.cloud_sign_result(&TaskQuery::new(task.as_str())).await;
    assert_eq!(refused(cloud.map(|told| told.0)).0, 404);
    // An entity of a box that is not open to the caller looks like one of a box that does not exist.
    for box_id in [b.box_id().guid(), TaskId::ZERO.to_string()] {
        let entity = DocumentIdEx {
            message_id: TaskId::ZERO.to_string(),
            entity_id: TaskId::ZERO.to_string(),
            box_id: box_id.clone(),
        };
        let content = ContentV2 { document_id: Some(entity), ..ContentV2::default() };
        let files = vec![CloudSignFile { content: Some(content), file_name: None }];
        let answer = boss.client.cloud_sign(&CloudSignQuery::new(), CloudSignRequest { files }).await;
        let (status, text) = refused(answer);
        assert!(status == 403 && text.contains(&format!("box {box_id} is not open to you")), "{text}");
    }
    let wrong =
        CloudSignConfirmQuery { returned: Some("x".to_owned()), ..CloudSignConfirmQuery::new("a", "b") };
    assert_eq!(refused(boss.client.cloud_sign_confirm(&wrong).await).0, 400);

    // What an administrator may not do.
    let place = key_file(&pki, folder.path());
    for (words, said) in [
        ("has it already", admin.add_held_key(&boss.login, place.clone(), true).await.map(drop)),
        ("no user", admin.add_held_key("nobody", place.clone(), true).await.map(drop)),
        ("cannot be used", {
            let nowhere = KeyPlace { source: "/nowhere.pem".to_owned(), ..place };
            admin.add_held_key(&b.boss.login, nowhere, true).await.map(drop)
        }),
        ("no such key", admin.remove_held_key(&boss.login, "00").await),
        ("needs no code", admin.tell_code(id(&task)).await.map(drop)),
        ("there is no task", admin.tell_code(TaskId::ZERO).await.map(drop)),
    ] {
        let text = said.unwrap_err().to_string();
        assert!(text.contains(words), "{words}: {text}");
    }
    world.end().await;
}
