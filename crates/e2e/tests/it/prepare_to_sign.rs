//! `PrepareDocumentsToSign`: titles are made anew for whoever is going to sign them, and signed in place of what was there.

use bytes::Bytes;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{
    BoxQuery, EntityQuery, GenerateTitleXmlQuery, OperationQuery, ParseTitleXmlQuery,
    PrepareDocumentsToSignQuery,
};
use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::events::{
    ContentToPatch, DocumentAttachment, DocumentPatchedContent, DocumentSignature, DocumentToPatch,
    DraftDocumentToPatch, Entity, Message, MessagePatch, MessagePatchToPostV2, PrepareDocumentsToSignRequest,
    SignedContent, UnsignedContent,
};
use potok_testkit::sdk::proto::invoicing::signers::{ExtendedSigner, ExtendedSignerDetails};
use potok_testkit::sdk::{Client, Error};
use potok_testkit::{Letter, Org, Person, World};
use potok_types::{EntityId, MessageId};

use crate::drafts::{send, sending};
use crate::support::{refused_with, says};
use crate::titles::contract;

const UTD: (&str, &str, &str) = ("UniversalTransferDocument", "СЧФДОП", "utd970_05_03_01");
pub(crate) const SIGNERS: &str = r#"<Signers><Signer SignatureType="1"><Fio LastName="Орлова" FirstName="Мария"/>
  <Position PositionSource="Manual">Главный бухгалтер</Position></Signer></Signers>"#;
const DAY_SECONDS: i64 = 24 * 3600;

/// An unsigned transfer document of which the director is the signer.
pub(crate) async fn title(a: &Org, b: &Org) -> Bytes {
    let (kind, function, version) = UTD;
    let query = GenerateTitleXmlQuery::new(a.box_id(), kind, function, version, 0);
    a.boss.client.generate_title_xml(&query, Raw(Bytes::from(contract(a, b)))).await.unwrap().0
}

fn unsigned(a: &Org, b: &Org, content: Bytes) -> Letter {
    let (kind, function, version) = UTD;
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = DocumentAttachment {
        type_named_id: kind.to_owned(),
        function: Some(function.to_owned()),
        version: Some(version.to_owned()),
        signed_content: SignedContent { content: Some(content), ..SignedContent::default() },
        ..DocumentAttachment::default()
    };
    letter
}

fn document_id(message: &Message) -> DocumentId {
    DocumentId { message_id: message.message_id.clone(), entity_id: message.entities[0].entity_id.clone() }
}

fn of_documents(who: &Person, ids: &[&DocumentId]) -> PrepareDocumentsToSignRequest {
    let document = |id: &&DocumentId| DocumentToPatch {
        document_id: (*id).clone(),
        signer_content: Some(SIGNERS.into()),
        ..DocumentToPatch::default()
    };
    PrepareDocumentsToSignRequest {
        box_id: who.box_id.to_string(),
        documents: ids.iter().map(document).collect(),
        ..PrepareDocumentsToSignRequest::default()
    }
}

pub(crate) async fn prepare(
    client: &Client,
    request: PrepareDocumentsToSignRequest,
) -> Result<Vec<DocumentPatchedContent>, Error> {
    let made = client.prepare_documents_to_sign(&PrepareDocumentsToSignQuery::new(), request).await?;
    Ok(made.document_patched_contents)
}

async fn sign(who: &Person, client: &Client, id: &DocumentId, prepared: &str) -> Result<MessagePatch, Error> {
    let patch = MessagePatchToPostV2 {
        box_id: who.box_id.to_string(),
        message_id: id.message_id.clone(),
        signatures: vec![DocumentSignature {
            parent_entity_id: id.entity_id.clone(),
            sign_with_test_signature: Some(true),
            patched_content_id: Some(prepared.to_owned()),
            ..DocumentSignature::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    client.post_message_patch_v4(&OperationQuery::new(), patch).await
}

async fn content(who: &Person, id: &DocumentId) -> Bytes {
    let query = EntityQuery::new(
        who.box_id,
        id.message_id.parse::<MessageId>().unwrap(),
        id.entity_id.parse::<EntityId>().unwrap(),
    );
    who.client.get_entity_content_v4(&query).await.unwrap().0
}

/// What a title is made of, as text.
async fn data(who: &Person, title: &Bytes) -> String {
    let (kind, function, version) = UTD;
    let query = ParseTitleXmlQuery::new(who.box_id, kind, function, version, 0);
    let parsed = who.client.parse_title_xml(&query, Raw(title.clone())).await.unwrap();
    String::from_utf8(parsed.0.to_vec()).unwrap()
}

#[tokio::test]
async fn what_was_prepared_is_signed_in_place_of_what_was_stored() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for client in [&a.boss.client, &a.boss.json] {
        let stored = title(&a, &b).await;
        let mut letter = unsigned(&a, &b, stored.clone());
        letter.0.delay_send = Some(true);
        let id = document_id(&a.boss.post(&letter).await.unwrap());
        let made = prepare(client, of_documents(&a.boss, &[&id])).await.unwrap().remove(0);
        assert_eq!(made.document_id, id);
        assert!(made.patched_content_id.starts_with("patched-content/"), "{}", made.patched_content_id);
        let bytes = made.content.unwrap();
        let (before, after) = (data(&a.boss, &stored).await, data(&a.boss, &bytes).await);
        assert!(before.contains("Директор") && !before.contains("Орлова"), "{before}");
        assert!(after.contains("Главный бухгалтер") && after.contains("Орлова"), "{after}");
        assert!(!after.contains("Директор") && after.contains("Product=\"Доска\""), "{after}");
        assert_eq!(content(&a.boss, &id).await, stored, "nothing is changed yet");

        let event = sign(&a.boss, client, &id, &made.patched_content_id).await.unwrap();
        assert_eq!(event.entity_patches.len(), 1);
        assert_eq!(event.entity_patches[0].entity_id, id.entity_id);
        assert_eq!(event.entity_patches[0].content_is_patched, Some(true));
        world.drain().await;
        for person in [&a.boss, &b.boss] {
            assert_eq!(content(person, &id).await, bytes);
            let shown = entity(person, &id).await;
            let name = shown.file_name.unwrap();
            let written =
                bytes.windows(name.len() - 4).any(|part| part == &name.as_bytes()[..name.len() - 4]);
            assert!(written && name.ends_with(".xml"), "{name}");
        }
    }
    world.end().await;
}

async fn entity(who: &Person, id: &DocumentId) -> Entity {
    let query = potok_testkit::sdk::api::methods::GetMessageQuery::new(
        who.box_id,
        id.message_id.parse::<MessageId>().unwrap(),
    );
    let message = who.client.get_message_v6(&query).await.unwrap();
    message.entities.into_iter().find(|entity| entity.entity_id == id.entity_id).unwrap()
}

#[tokio::test]
async fn drafts_are_sent_with_what_was_prepared() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for client in [&a.boss.client, &a.boss.json] {
        let mut letter = unsigned(&a, &b, title(&a, &b).await);
        letter.0.is_draft = Some(true);
        let draft = a.boss.post(&letter).await.unwrap();
        let request = PrepareDocumentsToSignRequest {
            box_id: a.box_id().to_string(),
            draft_documents: vec![DraftDocumentToPatch {
                document_id: document_id(&draft),
                to_box_id: Some(b.box_id().to_string()),
                signer_content: Some(SIGNERS.into()),
                ..DraftDocumentToPatch::default()
            }],
            ..PrepareDocumentsToSignRequest::default()
        };
        let made = prepare(client, request.clone()).await.unwrap().remove(0);
        // Another document's is not taken.
        let mut given = sending(&a.boss, &draft);
        let other =
            made.patched_content_id.replace(&draft.message_id, "11111111-2222-4333-8444-555555555555");
        given.document_signatures[0].patched_content_id = Some(other);
        refused_with(
            send(client, given.clone()).await,
            409,
            "DraftToSend.DocumentSignatures[0].PatchedContentId",
        );
        given.document_signatures[0].patched_content_id = Some(made.patched_content_id);
        let sent = send(client, given).await.unwrap();
        world.drain().await;
        for person in [&a.boss, &b.boss] {
            assert_eq!(content(person, &document_id(&sent)).await, made.content.clone().unwrap());
        }
        refused_with(prepare(client, request).await, 409, "was sent or thrown away");
    }
    world.end().await;
}

#[tokio::test]
async fn contents_of_no_message_are_prepared_too() {
    const OLDER: &[u8] = include_bytes!("../../../titles/testdata/utd820_title0.xml");
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (kind, function, version) = UTD;
    let details = ExtendedSignerDetails {
        surname: "Орлова".to_owned(),
        first_name: "Мария".to_owned(),
        job_title: Some("Главный бухгалтер".to_owned()),
        inn: Some("9612345678".to_owned()),
        signer_type: 1,
        signer_powers: 2,
        signer_status: 1,
        ..ExtendedSignerDetails::default()
    };
    let signer = ExtendedSigner { signer_details: Some(Box::new(details)), ..ExtendedSigner::default() };
    let unsigned = |bytes: Bytes| UnsignedContent { content: Some(bytes), ..UnsignedContent::default() };
    let newer = ContentToPatch {
        type_named_id: kind.to_owned(),
        function: function.to_owned(),
        version: version.to_owned(),
        content: unsigned(title(&a, &b).await),
        to_box_id: Some(b.box_id().to_string()),
        signer_content: Some(SIGNERS.into()),
        ..ContentToPatch::default()
    };
    let older = ContentToPatch {
        version: "utd820_05_01_01".to_owned(),
        content: unsigned(Bytes::from_static(OLDER)),
        extended_signer: vec![signer.clone()],
        to_box_id: None,
        signer_content: None,
        ..newer.clone()
    };
    let plain = ContentToPatch {
        type_named_id: "Nonformalized".to_owned(),
        function: "default".to_owned(),
        version: "v1".to_owned(),
        ..newer.clone()
    };
    let request = |contents: Vec<ContentToPatch>| PrepareDocumentsToSignRequest {
        box_id: a.box_id().to_string(),
        contents,
        ..PrepareDocumentsToSignRequest::default()
    };
    for client in [&a.boss.client, &a.boss.json] {
        let all = request(vec![plain.clone(), older.clone(), newer.clone()]);
        let made = prepare(client, all.clone()).await.unwrap();
        assert_eq!(made.len(), 2, "files without a format are left out");
        for one in &made {
            assert_eq!(one.document_id.message_id, "00000000-0000-0000-0000-000000000000");
            assert_eq!(one.document_id.entity_id, one.document_id.message_id);
        }
        let text = data(&a.boss, made[1].content.as_ref().unwrap()).await;
        assert!(text.contains(&b.organization.fns_participant_id) && text.contains("Орлова"), "{text}");
        let mut bare = PrepareDocumentsToSignQuery::new();
        bare.exclude_content = true;
        let made = client.prepare_documents_to_sign(&bare, all).await.unwrap();
        assert!(made.document_patched_contents.iter().all(|one| one.content.is_none()));

        let two = ContentToPatch { extended_signer: vec![signer.clone(), signer.clone()], ..older.clone() };
        for (wrong, words) in [
            (two, "Contents[0].ExtendedSigner"),
            (
                ContentToPatch { extended_signer: vec![ExtendedSigner::default()], ..older.clone() },
                "nobody is named",
            ),
            (ContentToPatch { signer_content: None, ..newer.clone() }, "Contents[0].SignerContent"),
            (ContentToPatch { signer_content: Some("<a/>".into()), ..newer.clone() }, "Signers"),
            (ContentToPatch { signer_content: Some("<Signers/>".into()), ..newer.clone() }, "Signer"),
            (
                ContentToPatch { content: unsigned(Bytes::from_static(b"<a/>")), ..newer.clone() },
                "Contents[0]",
            ),
            (ContentToPatch { version: "utd_0".to_owned(), ..newer.clone() }, "Contents[0].Version"),
        ] {
            refused_with(prepare(client, request(vec![wrong])).await, 400, words);
        }
    }
    world.end().await;
}

/// What `GetDocumentTypes` says is not patched is left out, whatever it is; all else is taken apart.
#[tokio::test]
async fn types_say_of_what_titles_are_made_anew() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let types = a.boss.client.get_document_types_v3(&BoxQuery::new(a.box_id())).await.unwrap().document_types;
    let (mut left_out, mut taken) = (0, 0);
    for kind in &types {
        for function in &kind.functions {
            for version in &function.versions {
                let content = ContentToPatch {
                    type_named_id: kind.name.clone(),
                    function: function.name.clone(),
                    version: version.version.clone(),
                    content: UnsignedContent {
                        content: Some(Bytes::from_static(b"<a/>")),
                        ..UnsignedContent::default()
                    },
                    signer_content: Some(SIGNERS.into()),
                    ..ContentToPatch::default()
                };
                let request = PrepareDocumentsToSignRequest {
                    box_id: a.box_id().to_string(),
                    contents: vec![content],
                    ..PrepareDocumentsToSignRequest::default()
                };
                match prepare(&a.boss.client, request).await {
                    Ok(made) => {
                        assert!(made.is_empty() && !version.supports_content_patching, "{}", version.version);
                        left_out += 1;
                    }
                    Err(error) => {
                        says(&error, 400, "Contents[0]");
                        assert!(version.supports_content_patching, "{}: {error}", version.version);
                        taken += 1;
                    }
                }
            }
        }
    }
    assert!(left_out > 0 && taken > 0, "{left_out} and {taken}");
    world.end().await;
}

#[tokio::test]
async fn what_is_sent_or_not_there_is_not_prepared_and_what_was_prepared_ends() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let stored = |content: Bytes| {
        let mut letter = unsigned(&a, &b, content);
        letter.0.delay_send = Some(true);
        letter
    };
    let [one, other] = [
        document_id(&a.boss.post(&stored(title(&a, &b).await)).await.unwrap()),
        document_id(&a.boss.post(&stored(title(&a, &b).await)).await.unwrap()),
    ];
    let sent = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    let nobody = "11111111-2222-4333-8444-555555555555".to_owned();
    for client in [&a.boss.client, &a.boss.json] {
        let ask = async |id: &DocumentId| prepare(client, of_documents(&a.boss, &[id])).await;
        let elsewhere = DocumentId { message_id: nobody.clone(), ..one.clone() };
        refused_with(ask(&elsewhere).await, 404, &nobody);
        refused_with(ask(&DocumentId { entity_id: nobody.clone(), ..one.clone() }).await, 404, &nobody);
        refused_with(ask(&document_id(&sent)).await, 409, "который еще не отправлен");
        // A letter is no draft.
        let draft = DraftDocumentToPatch { document_id: one.clone(), ..DraftDocumentToPatch::default() };
        let mut request = of_documents(&a.boss, &[]);
        request.draft_documents = vec![draft];
        refused_with(prepare(client, request).await, 404, &one.message_id);
        let made = ask(&one).await.unwrap().remove(0).patched_content_id;
        for wrong in ["patched-content", made.as_str()] {
            refused_with(sign(&a.boss, client, &other, wrong).await, 409, "Signatures[0].PatchedContentId");
        }
        refused_with(sign(&a.boss, &b.boss.client, &one, &made).await, 403, "Access to Box");
    }
    let made = prepare(&a.boss.client, of_documents(&a.boss, &[&one])).await.unwrap().remove(0);
    world.clock().advance_seconds(DAY_SECONDS + 1);
    let boss = world.known_person(a.boss.box_id, a.boss.user_id, &a.boss.login).await;
    for client in [&boss.client, &boss.json] {
        refused_with(sign(&boss, client, &one, &made.patched_content_id).await, 409, "within the last day");
    }
    // What is sent has its bytes for good.
    let made = prepare(&boss.client, of_documents(&boss, &[&one])).await.unwrap().remove(0);
    boss.sign(&one.message_id, &one.entity_id).await.unwrap();
    world.drain().await;
    refused_with(sign(&boss, &boss.client, &one, &made.patched_content_id).await, 409, "подписать");
    world.end().await;
}
