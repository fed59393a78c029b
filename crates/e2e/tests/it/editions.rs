//! Documents that are stored before all of them is known (`EditingSettingId`), and get the rest before they are sent.

use bytes::Bytes;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::fns::xml::{Document, Limits};
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{
    EntityQuery, GenerateTitleXmlQuery, GetDocumentHistoryQuery, OperationQuery,
};
use potok_testkit::sdk::proto::documents::DocumentActionType;
use potok_testkit::sdk::proto::events::{
    AttachmentType, DocumentAttachment, EditingPatch, Entity, Message, MessagePatch, MessagePatchToPost,
    MessagePatchToPostV2, SignedContent, TemplateToPost, UnsignedContent,
};
use potok_testkit::sdk::{Client, Error};
use potok_testkit::{Letter, Org, Person, World};
use potok_types::{EntityId, MessageId};

use crate::support::{refused_with, says};
use crate::templates::{documents, keep, of, shown, template, transform};
use crate::titles::contract;

/// Number and date of a transfer document with the function СЧФДОП.
const SETTING: &str = "0f3f6839-6922-4d09-a117-d1d1c42bce88";
const OF_OTHER_FUNCTION: &str = "75238641-F624-46CB-9351-D43197F99A49";
const NUMBER_AND_DATE: &str = r#" DocumentDate="20.11.2026" DocumentNumber="КБ-1042""#;
const EDITION: &str = r#"<UniversalTransferDocument DocumentNumber="ОТ-7" DocumentDate="21.11.2026"/>"#;

/// The title of these data, with something left to be given or not.
async fn generated(client: &Client, a: &Org, data: String, setting: Option<&str>) -> Result<Bytes, Error> {
    let query = GenerateTitleXmlQuery {
        editing_setting_id: setting.map(str::to_owned),
        ..GenerateTitleXmlQuery::new(a.box_id(), "UniversalTransferDocument", "СЧФДОП", "utd970_05_03_01", 0)
    };
    Ok(client.generate_title_xml(&query, Raw(data.into())).await?.0)
}

fn without_number(a: &Org, b: &Org) -> String {
    let data = contract(a, b);
    assert!(data.contains(NUMBER_AND_DATE));
    data.replace(NUMBER_AND_DATE, "")
}

fn letter(a: &Org, b: &Org, content: Bytes) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = DocumentAttachment {
        type_named_id: "UniversalTransferDocument".to_owned(),
        signed_content: SignedContent { content: Some(content), ..SignedContent::default() },
        editing_setting_id: Some(SETTING.to_owned()),
        ..DocumentAttachment::default()
    };
    letter.0.delay_send = Some(true);
    letter
}

fn editions(of: &[&str], document: &str) -> Vec<EditingPatch> {
    let edition = |content: &&str| EditingPatch {
        parent_entity_id: document.to_owned(),
        content: UnsignedContent {
            content: Some(content.as_bytes().to_vec().into()),
            ..UnsignedContent::default()
        },
        ..EditingPatch::default()
    };
    of.iter().map(edition).collect()
}

async fn edit(who: &Person, message: &str, document: &str, of: &[&str]) -> Result<MessagePatch, Error> {
    let patch = MessagePatchToPostV2 {
        box_id: who.box_id.to_string(),
        message_id: message.to_owned(),
        editing_patches: editions(of, document),
        ..MessagePatchToPostV2::default()
    };
    who.client.post_message_patch_v4(&OperationQuery::new(), patch).await
}

async fn edit_v3(who: &Person, message: &str, document: &str) -> Result<MessagePatch, Error> {
    let patch = MessagePatchToPost {
        box_id: who.box_id.to_string(),
        message_id: message.to_owned(),
        editing_patches: editions(&[EDITION], document),
        ..MessagePatchToPost::default()
    };
    who.json.post_message_patch_v3(&OperationQuery::new(), patch).await
}

fn query(who: &Person, message: &str, document: &str) -> EntityQuery {
    EntityQuery::new(who.box_id, message.parse::<MessageId>().unwrap(), document.parse::<EntityId>().unwrap())
}

fn history_of(who: &Person, message: &str, document: &str) -> GetDocumentHistoryQuery {
    let (message, document) = (message.parse::<MessageId>().unwrap(), document.parse::<EntityId>().unwrap());
    GetDocumentHistoryQuery::new(who.box_id, message, document)
}

async fn may_edit(who: &Person, message: &str, document: &str) -> bool {
    let all = who.client.get_document_actions(&query(who, message, document)).await.unwrap();
    all.actions.iter().any(|action| action.r#type == DocumentActionType::Edit as i32)
}

fn number(message: &Message) -> Option<String> {
    let info = message.entities[0].document_info.as_ref().unwrap();
    Some(info.document_number().to_owned()).filter(|number| !number.is_empty())
}

fn edition_of(entities: &[Entity]) -> Option<&Entity> {
    entities.iter().find(|entity| entity.attachment_type() == AttachmentType::Edition)
}

#[tokio::test]
async fn what_was_missing_is_given_before_it_is_sent() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for v4 in [true, false] {
        let client = if v4 { &a.boss.client } else { &a.boss.json };
        let data = without_number(&a, &b);
        refused_with(generated(client, &a, data.clone(), None).await, 400, "DocumentNumber");
        let title = generated(client, &a, data, Some(SETTING)).await.unwrap();
        let posted = client.post_message_v3(&OperationQuery::new(), letter(&a, &b, title).0).await.unwrap();
        let (message, document) = (&posted.message_id, &posted.entities[0].entity_id);
        let info = posted.entities[0].document_info.as_ref().unwrap();
        assert_eq!((info.editing_setting_id(), number(&posted)), (SETTING, None));

        let early = a.boss.sign(message, document).await.unwrap_err();
        says(&early, 400, "НомерДок");
        assert!(may_edit(&a.boss, message, document).await);
        let event = match v4 {
            true => edit(&a.boss, message, document, &[EDITION]).await.unwrap(),
            false => edit_v3(&a.boss, message, document).await.unwrap(),
        };
        let [edition] = &event.entities[..] else { panic!("{:?}", event.entities) };
        assert_eq!(edition.attachment_type(), AttachmentType::Edition);
        assert_eq!(edition.parent_entity_id(), document);
        assert_eq!(edition.author_user_id(), a.boss.user_id.to_string());
        assert_eq!(event.entity_patches[0].content_is_patched, Some(true));

        let now = shown(&a.boss, message).await;
        assert_eq!(number(&now).as_deref(), Some("ОТ-7"));
        assert!(edition_of(&now.entities).is_some());
        a.boss.sign(message, document).await.unwrap();
        world.drain().await;
        let arrived = shown(&b.boss, message).await;
        assert_eq!(number(&arrived).as_deref(), Some("ОТ-7"));
        assert!(edition_of(&arrived.entities).is_none(), "how it came to be is nobody else's business");
        let content = |who: &Person| {
            let (client, query) = (who.client.clone(), query(who, message, document));
            async move { client.get_entity_content_v4(&query).await.unwrap().0 }
        };
        assert_eq!(content(&a.boss).await, content(&b.boss).await);
        let history =
            a.boss.client.get_document_history(&history_of(&a.boss, message, document)).await.unwrap();
        assert!(history.items.iter().any(|item| item.payload.as_ref().is_some_and(|it| it.edited.is_some())));

        assert!(!may_edit(&a.boss, message, document).await);
        let late = edit(&a.boss, message, document, &[&EDITION.replace("ОТ-7", "ОТ-8")]).await.unwrap_err();
        says(&late, 409, "он уже отправлен");
    }
    world.end().await;
}

#[tokio::test]
async fn what_may_not_be_given_is_told_and_changes_nothing() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let title = generated(&a.boss.client, &a, without_number(&a, &b), Some(SETTING)).await.unwrap();
    let post = |change: &dyn Fn(&mut Letter)| {
        let mut letter = letter(&a, &b, title.clone());
        change(&mut letter);
        let client = a.boss.client.clone();
        async move { client.post_message_v3(&OperationQuery::new(), letter.0).await }
    };
    let set = |id: &'static str| {
        move |letter: &mut Letter| letter.0.document_attachments[0].editing_setting_id = Some(id.to_owned())
    };
    let place = "MessageToPost.DocumentAttachments[0].EditingSettingId";
    refused_with(post(&set("1")).await, 400, place);
    refused_with(post(&set(OF_OTHER_FUNCTION)).await, 400, place);
    let sent = |letter: &mut Letter| {
        letter.0.delay_send = None;
        letter.0.document_attachments[0].signed_content.sign_with_test_signature = Some(true);
    };
    refused_with(post(&sent).await, 400, place);
    let is_plain = |letter: &mut Letter| {
        letter.0.document_attachments[0].signed_content.content = Some("no title".into());
    };
    refused_with(post(&is_plain).await, 400, "MessageToPost.DocumentAttachments[0]");
    for wrong in ["1", OF_OTHER_FUNCTION] {
        let made = generated(&a.boss.client, &a, without_number(&a, &b), Some(wrong)).await;
        assert_eq!(made.is_err(), wrong == "1", "the function is that of the data");
    }

    let posted = post(&|_: &mut Letter| {}).await.unwrap();
    let (message, document) = (&posted.message_id, &posted.entities[0].entity_id);
    for (edition, words) in [
        ("<UniversalTransferDocument DocumentDate=\"21.11.2026\"/>", "DocumentNumber is missing"),
        (
            "<UniversalTransferDocument DocumentNumber=\"1\" DocumentDate=\"31.02.2026\"/>",
            "UniversalTransferDocument/@DocumentDate",
        ),
        (
            "<UniversalTransferDocument DocumentNumber=\"1\" DocumentDate=\"21.11.2026\" Currency=\"840\"/>",
            "Currency",
        ),
        (
            "<UniversalTransferDocument DocumentNumber=\"1\" DocumentDate=\"21.11.2026\"><DocumentShipment/></UniversalTransferDocument>",
            "DocumentShipment",
        ),
        ("<EditionViewModel DocumentNumber=\"1\" DocumentDate=\"21.11.2026\"/>", "UniversalTransferDocument"),
        ("no XML", "EditingPatches[0]"),
    ] {
        says(&edit(&a.boss, message, document, &[edition]).await.unwrap_err(), 400, words);
    }
    let twice = edit(&a.boss, message, document, &[EDITION, &EDITION.replace('7', "8")]).await.unwrap_err();
    says(&twice, 400, "MessagePatchToPostV2.EditingPatches[1].ParentEntityId");
    assert_eq!(number(&shown(&a.boss, message).await), None);

    let reader = world.person(a.box_id(), "reader", Permissions::none()).await;
    says(&edit(&reader, message, document, &[EDITION]).await.unwrap_err(), 403, "");
    let other = edit(&b.boss, message, document, &[EDITION]).await.unwrap_err();
    says(&other, 404, "");
    let whole = generated(&a.boss.client, &a, contract(&a, &b), None).await.unwrap();
    let is_whole = |letter: &mut Letter| {
        let document = &mut letter.0.document_attachments[0];
        (document.signed_content.content, document.editing_setting_id) = (Some(whole.clone()), None);
    };
    let plain = post(&is_whole).await.unwrap();
    let refused =
        edit(&a.boss, &plain.message_id, &plain.entities[0].entity_id, &[EDITION]).await.unwrap_err();
    says(&refused, 409, "он сохранен без EditingSettingId");
    world.end().await;
}

#[tokio::test]
async fn whoever_makes_a_letter_of_a_template_gives_what_the_template_lacks() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    // `b` prepares what `a` sends it.
    let title = generated(&a.boss.client, &a, without_number(&a, &b), Some(SETTING)).await.unwrap();
    let mut posted: TemplateToPost = template(b.box_id(), a.box_id(), &["упд"]);
    let prepared = &mut posted.document_attachments[0];
    prepared.type_named_id = "UniversalTransferDocument".to_owned();
    prepared.metadata.clear();
    prepared.unsigned_content.content = Some(title);
    let mut wrong = posted.clone();
    wrong.document_attachments[0].editing_setting_id = Some(OF_OTHER_FUNCTION.to_owned());
    let place = "TemplateToPost.DocumentAttachments[0].EditingSettingId";
    says(&keep(&b.boss.client, &wrong).await.unwrap_err(), 400, place);
    posted.document_attachments[0].editing_setting_id = Some(SETTING.to_owned());
    let kept = keep(&b.boss.client, &posted).await.unwrap();
    world.drain().await;
    let all = documents(&kept.entities);
    let made = transform(&a.boss.client, of(&a.boss, &kept.message_id, &all)).await.unwrap();
    let (letter, document) = (&made.message_id, &made.entities[0].entity_id);
    says(&a.boss.sign(letter, document).await.unwrap_err(), 400, "НомерДок");
    edit(&a.boss, letter, document, &[EDITION]).await.unwrap();
    a.boss.sign(letter, document).await.unwrap();
    world.drain().await;
    assert_eq!(number(&shown(&b.boss, letter).await).as_deref(), Some("ОТ-7"));
    world.end().await;
}

/// What else settings let give: the setting, the edition, and what the title says of it then.
const PARTS: [(&str, &str, &[&str]); 3] = [
    (
        "A95D08A8-DFE2-472D-B5AE-D491807F9D09",
        r#"<EditionViewModel DocumentNumber="ОТ-7"><SellerBankDetails BankAccountNumber="40702810900000001234"
             BankName="АО «Северный банк»" BankId="044525999" CorrespondentAccount="30101810400000000999"/></EditionViewModel>"#,
        &["40702810900000001234", "АО «Северный банк»", "044525999", "30101810400000000999"],
    ),
    (
        "C990CFA4-E977-4FAF-BA2D-AFB64C0DF6E2",
        r#"<EditionViewModel DocumentNumber="ОТ-7" DocumentDate="21.11.2026"><SellerBankDetails BankId="044525999"/>
             <DocumentShipment Name="Накладная" Number="Н-15" Date="19.11.2026"/></EditionViewModel>"#,
        &["044525999", "Накладная", "Н-15", "19.11.2026", "21.11.2026"],
    ),
    (
        "B07FAC37-FF8A-4CFF-B944-1E9D32DBDB10",
        r#"<UniversalTransferDocument DocumentNumber="ОТ-7" DocumentDate="21.11.2026"><PaymentDocuments>
             <Document Number="П-31" Date="18.11.2026" Total="1220.00"/>
             <Document Number="П-32" Date="19.11.2026"/></PaymentDocuments></UniversalTransferDocument>"#,
        &["П-31", "18.11.2026", "1220.00", "П-32", "19.11.2026", "21.11.2026"],
    ),
];

#[tokio::test]
async fn bank_shipment_and_payments_are_given_too() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for (nth, (setting, edition, said)) in PARTS.into_iter().enumerate() {
        let client = if nth % 2 == 0 { &a.boss.client } else { &a.boss.json };
        // The date is always there, and given anew where the setting has it.
        let data = contract(&a, &b).replace(r#" DocumentNumber="КБ-1042""#, "");
        let title = generated(client, &a, data, Some(setting)).await.unwrap();
        let mut posted = letter(&a, &b, title);
        posted.0.document_attachments[0].editing_setting_id = Some(setting.to_owned());
        let posted = client.post_message_v3(&OperationQuery::new(), posted.0).await.unwrap();
        let (message, document) = (&posted.message_id, &posted.entities[0].entity_id);
        // What another setting lets give is not for this one.
        for (other, (_, edition, _)) in PARTS.into_iter().enumerate().filter(|(other, _)| *other != nth) {
            let refused = edit(&a.boss, message, document, &[edition]).await;
            assert_eq!(refused.unwrap_err().status(), Some(400), "{nth} {other}");
        }
        edit(&a.boss, message, document, &[edition]).await.unwrap();
        // Given twice, the later word counts.
        edit(&a.boss, message, document, &[&edition.replace("ОТ-7", "ОТ-8")]).await.unwrap();
        a.boss.sign(message, document).await.unwrap();
        world.drain().await;
        let arrived =
            b.boss.client.get_entity_content_v4(&query(&b.boss, message, document)).await.unwrap().0;
        let arrived = Document::parse(&arrived, &Limits::TITLE).unwrap();
        let text = format!("{arrived:?}");
        for word in said {
            assert!(text.contains(word), "{setting}: {word} is not in {text}");
        }
        assert_eq!(number(&shown(&b.boss, message).await).as_deref(), Some("ОТ-8"));
        assert!(!text.contains("ОТ-7"), "what was given before is gone");
    }
    world.end().await;
}
