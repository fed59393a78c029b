//! Templates: one side prepares, the other makes a letter of it, and either may refuse.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{
    GetMessageQuery, GetNewEventsQuery, GetTemplateQuery, OperationQuery, PostTemplatePatchQuery,
};
use potok_testkit::sdk::proto::LockMode;
use potok_testkit::sdk::proto::events::{
    AttachmentType, DocumentTransformation, Entity, Message, MessagePatch, MetadataItem, Template,
    TemplateDocumentAttachment, TemplatePatchToPost, TemplateRefusalAttachment, TemplateRefusalType,
    TemplateToPost, TemplateTransformationToPost, UnsignedContent,
};
use potok_testkit::sdk::{Client, Error};
use potok_testkit::{Letter, Person, World};
use potok_types::{BoxId, DepartmentId, EntityId, MessageId};
use serde_json::json;

use crate::docflows::ok;
use crate::support::{Names, feed, says};

/// A template of `from` of which `to` makes a letter back, with a document of each of these contents.
pub(crate) fn template(from: BoxId, to: BoxId, contents: &[&str]) -> TemplateToPost {
    let documents = contents.iter().map(|content| TemplateDocumentAttachment {
        unsigned_content: UnsignedContent {
            content: Some(content.as_bytes().to_vec().into()),
            ..UnsignedContent::default()
        },
        type_named_id: "Nonformalized".to_owned(),
        metadata: vec![MetadataItem { key: "FileName".to_owned(), value: format!("{content}.txt") }],
        ..TemplateDocumentAttachment::default()
    });
    TemplateToPost {
        from_box_id: from.to_string(),
        to_box_id: to.to_string(),
        message_from_box_id: to.to_string(),
        message_to_box_id: from.to_string(),
        document_attachments: documents.collect(),
        ..TemplateToPost::default()
    }
}

pub(crate) async fn keep(client: &Client, posted: &TemplateToPost) -> Result<Template, Error> {
    client.post_template(&OperationQuery::new(), posted.clone()).await
}

fn id(text: &str) -> MessageId {
    text.parse().unwrap()
}

/// The documents of a template or a letter.
pub(crate) fn documents(entities: &[Entity]) -> Vec<String> {
    let found = entities.iter().filter(|entity| entity.document_info.is_some());
    found.map(|entity| entity.entity_id.clone()).collect()
}

/// What makes a letter of these documents.
pub(crate) fn of(who: &Person, template: &str, documents: &[String]) -> TemplateTransformationToPost {
    let documents = documents.iter();
    TemplateTransformationToPost {
        box_id: who.box_id.to_string(),
        template_id: template.to_owned(),
        document_transformations: documents
            .map(|document| DocumentTransformation {
                document_id: document.clone(),
                ..DocumentTransformation::default()
            })
            .collect(),
    }
}

pub(crate) async fn transform(
    client: &Client,
    given: TemplateTransformationToPost,
) -> Result<Message, Error> {
    client.transform_template_to_message(&OperationQuery::new(), given).await
}

pub(crate) async fn refuse(
    who: &Person,
    client: &Client,
    template: &str,
    documents: &[String],
    comment: &str,
) -> Result<MessagePatch, Error> {
    let query = PostTemplatePatchQuery::new(who.box_id, id(template));
    let refusals = documents.iter().map(|document| TemplateRefusalAttachment {
        document_id: document.clone(),
        comment: Some(comment.to_owned()),
        ..TemplateRefusalAttachment::default()
    });
    client.post_template_patch(&query, TemplatePatchToPost { refusals: refusals.collect() }).await
}

pub(crate) async fn shown(who: &Person, message: &str) -> Message {
    who.json.get_message_v6(&GetMessageQuery::new(who.box_id, id(message))).await.unwrap()
}

fn status(message: &Message) -> String {
    let document = message.entities[0].document_info.as_ref().unwrap();
    document.docflow_status.primary_status.status_text().to_owned()
}

#[tokio::test]
async fn one_side_prepares_and_the_other_sends() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut posted = template(a.box_id(), b.box_id(), &["заявка"]);
    posted.document_attachments[0].comment = Some("заполните".to_owned());
    let kept = keep(&a.boss.json, &posted).await.unwrap();
    let (t, d) = (&kept.message_id, &documents(&kept.entities)[0]);
    assert_eq!(kept.message_from_box_id, b.box_id().to_string());
    let again = keep(&a.boss.json, &posted).await.unwrap();
    assert_eq!(again, kept, "the same call again has the same result");
    world.drain().await;

    let mut names = Names::with(&[(t, "T"), (d, "d1")]);
    let (in_a, in_b) = (names.lines(&feed(&a.boss).await), names.lines(&feed(&b.boss).await));
    assert!(in_a.len() == 2 && in_b.len() == 1, "{in_a:?} {in_b:?}");
    assert!(in_b[0].starts_with("Message T: [d1 Nonformalized"), "{in_b:?}");
    let mut old = GetNewEventsQuery::new(b.box_id());
    old.message_type = vec!["Template".to_owned()];
    let arrived = b.boss.client.get_new_events_v8(&old).await.unwrap().events.pop().unwrap().message.unwrap();
    assert_eq!((arrived.message_type, arrived.is_reusable()), (3, false));
    let letter = arrived.template_to_letter_transformation_info.as_ref().unwrap();
    assert_eq!(letter.letter_to_box_id, a.box_id().to_string());
    let (here, there) = (shown(&a.boss, t).await, shown(&b.boss, t).await);
    assert_eq!(
        (status(&here), status(&there)),
        ("Ожидается создание документа".to_owned(), "Требуется создать документ".to_owned())
    );

    let made = transform(&b.boss.client, of(&b.boss, t, std::slice::from_ref(d))).await.unwrap();
    let again = transform(&b.boss.client, of(&b.boss, t, std::slice::from_ref(d))).await.unwrap();
    assert_eq!(made.message_id, again.message_id, "the same call again has the same result");
    let document = made.entities[0].document_info.as_ref().unwrap();
    assert_eq!(document.docflow_status.primary_status.status_text(), "Требуется подписать и отправить");
    assert_ne!(made.entities[0].entity_id, *d, "a template may be used again");
    assert_eq!(document.origin.as_ref().unwrap().message_id, *t);
    let used = shown_though_deleted(&b.boss, t).await;
    assert!(used.is_deleted(), "one letter is made of it");
    assert_eq!(status(&used), "Обработан");
    let record =
        used.entities.iter().find_map(|entity| entity.template_transformation_info.as_ref()).unwrap();
    let letter_document = record.transformed_to_document_id.as_ref().unwrap();
    assert_eq!(
        (&letter_document.message_id, &letter_document.entity_id),
        (&made.message_id, &made.entities[0].entity_id)
    );
    let asked = json!({"Requests": [{"DocumentId": {"MessageId": t, "EntityId": d}}]});
    let flow = ok(&world, &b.boss, "/V4/GetDocflows", &asked).await;
    let info = &flow["Documents"][0]["DocumentInfo"]["TemplateInfo"];
    assert_eq!(info["TransformedToLetterIds"], json!([made.message_id]));
    assert_eq!(info["LetterParticipants"]["Recipient"]["BoxId"], json!(a.box_id().to_string()));

    b.boss.sign(&made.message_id, &made.entities[0].entity_id).await.unwrap();
    world.drain().await;
    let arrived = shown(&a.boss, &made.message_id).await;
    assert_eq!(arrived.from_box_id, b.box_id().to_string());
    assert!(
        arrived.entities[0].document_info.as_ref().unwrap().origin.is_none(),
        "that is the sender's own business"
    );
    let late = transform(&b.boss.json, of(&b.boss, t, &[d.clone(), d.clone()])).await.unwrap_err();
    says(&late, 400, "DocumentTransformations[1].DocumentId");
    let mut other = of(&b.boss, t, std::slice::from_ref(d));
    other.document_transformations[0].custom_document_id = Some("2".to_owned());
    says(&transform(&b.boss.json, other).await.unwrap_err(), 409, "уже создан документ");
    world.end().await;
}

async fn shown_though_deleted(who: &Person, message: &str) -> Message {
    who.client.get_message_v5(&GetMessageQuery::new(who.box_id, id(message))).await.unwrap()
}

#[tokio::test]
async fn a_reusable_template_for_a_third_box_is_used_again() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let mut posted = template(a.box_id(), b.box_id(), &["счет"]);
    posted.message_to_box_id = c.box_id().to_string();
    posted.is_reusable = Some(true);
    let kept = keep(&a.boss.client, &posted).await.unwrap();
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    assert!(kept.is_reusable());
    world.drain().await;
    let mut letters = Vec::new();
    for custom in ["1", "2"] {
        let mut given = of(&b.boss, t, &all);
        given.document_transformations[0].custom_document_id = Some(custom.to_owned());
        let made = transform(&b.boss.client, given).await.unwrap();
        let document = made.entities[0].document_info.as_ref().unwrap();
        assert_eq!(document.custom_document_id(), custom);
        b.boss.sign(&made.message_id, &made.entities[0].entity_id).await.unwrap();
        letters.push(made.message_id);
    }
    world.drain().await;
    assert_ne!(letters[0], letters[1]);
    let in_c = feed(&c.boss).await;
    assert_eq!(in_c.len(), 2, "who gets the letters never sees the template");
    assert!(
        in_c.iter().all(|event| event.message.as_ref().is_some_and(|it| letters.contains(&it.message_id)))
    );
    let now = shown(&b.boss, t).await;
    assert!(now.is_reusable() && !now.is_deleted());
    let refused_here = transform(&a.boss.client, of(&a.boss, t, &all)).await.unwrap_err();
    says(&refused_here, 403, "makes the letter");
    world.end().await;
}

#[tokio::test]
async fn either_side_refuses_and_nothing_is_made_or_sent_any_more() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let kept = keep(&a.boss.client, &template(a.box_id(), b.box_id(), &["раз", "два"])).await.unwrap();
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    world.drain().await;
    let long = refuse(&b.boss, &b.boss.client, t, &all[..1], &"я".repeat(2001)).await.unwrap_err();
    says(&long, 400, "TemplatePatchToPost.Refusals[0].Comment");
    let patch = refuse(&b.boss, &b.boss.json, t, &all[..1], "не нужна").await.unwrap();
    let told = patch.entities[0].template_refusal_info.as_ref().unwrap();
    assert_eq!((told.r#type(), told.comment()), (TemplateRefusalType::Refusal, "не нужна"));
    assert_eq!(patch.entities[0].attachment_type(), AttachmentType::TemplateRefusal);
    world.drain().await;
    let here = shown(&a.boss, t).await;
    let arrived = here.entities.iter().find_map(|entity| entity.template_refusal_info.as_ref()).unwrap();
    assert_eq!(arrived.box_id, b.box_id().to_string());
    assert_eq!(status(&here), "Обработан");
    let twice = refuse(&a.boss, &a.boss.client, t, &all[..1], "и мне").await.unwrap_err();
    says(&twice, 409, "уже отказались");
    says(&transform(&b.boss.client, of(&b.boss, t, &all)).await.unwrap_err(), 409, "отказались");

    // The letter is made, and then the template is withdrawn: it is not sent any more.
    let made = transform(&b.boss.client, of(&b.boss, t, &all[1..])).await.unwrap();
    let patch = refuse(&a.boss, &a.boss.client, t, &all[1..], "").await.unwrap();
    assert_eq!(
        patch.entities[0].template_refusal_info.as_ref().unwrap().r#type(),
        TemplateRefusalType::Withdrawal
    );
    let twice = refuse(&a.boss, &a.boss.json, t, &all[1..], "").await.unwrap_err();
    says(&twice, 409, "уже отказались");
    world.drain().await;
    let unsent = b.boss.sign(&made.message_id, &made.entities[0].entity_id).await.unwrap_err();
    says(&unsent, 409, "от шаблона");
    world.end().await;
}

#[tokio::test]
async fn a_locked_template_is_used_and_refused_whole_and_some_cannot_be_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut posted = template(a.box_id(), b.box_id(), &["раз", "два"]);
    posted.lock_mode = Some(LockMode::Send as i32);
    posted.document_attachments[0].refusal_disabled = Some(true);
    let kept = keep(&a.boss.client, &posted).await.unwrap();
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    world.drain().await;
    let partly = refuse(&b.boss, &b.boss.client, t, &all[1..], "").await.unwrap_err();
    says(&partly, 400, "TemplatePatchToPost.Refusals");
    says(&refuse(&b.boss, &b.boss.client, t, &all, "").await.unwrap_err(), 409, "запрещен");
    let partly = transform(&b.boss.client, of(&b.boss, t, &all[..1])).await.unwrap_err();
    says(&partly, 409, &all[1]);
    let made = transform(&b.boss.client, of(&b.boss, t, &all)).await.unwrap();
    assert_eq!(documents(&made.entities).len(), 2);
    // Whoever sent the template has the choice.
    refuse(&a.boss, &a.boss.client, t, &all, "передумали").await.unwrap();
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_preview_is_sent_by_who_prepared_it() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut posted = template(a.box_id(), b.box_id(), &["договор"]);
    (posted.message_from_box_id, posted.message_to_box_id) = (a.box_id().to_string(), b.box_id().to_string());
    posted.document_attachments[0].custom_document_id = Some("ERP-7".to_owned());
    posted.document_attachments[0].custom_data = vec![potok_testkit::sdk::proto::CustomDataItem {
        key: "этап".to_owned(),
        value: Some("1".to_owned()),
    }];
    let kept = keep(&a.boss.client, &posted).await.unwrap();
    world.drain().await;
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    assert_eq!(status(&shown(&a.boss, t).await), "Требуется создать документ");
    assert_eq!(status(&shown(&b.boss, t).await), "Ожидается создание документа");
    says(&transform(&b.boss.client, of(&b.boss, t, &all)).await.unwrap_err(), 403, "makes the letter");
    let made = transform(&a.boss.client, of(&a.boss, t, &all)).await.unwrap();
    let document = made.entities[0].document_info.as_ref().unwrap();
    assert_eq!(document.custom_document_id(), "ERP-7");
    assert_eq!(document.custom_data[0].key, "этап", "tags come with it");
    world.drain().await;
    assert_eq!(feed(&b.boss).await.len(), 1, "who is shown a preview hears of the letter when it comes");
    world.end().await;
}

#[tokio::test]
async fn what_a_template_must_say() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let good = template(a.box_id(), b.box_id(), &["заявка"]);
    let with = |change: fn(&mut TemplateToPost, &str, &str)| {
        let mut posted = good.clone();
        change(&mut posted, &a.box_id().to_string(), &c.box_id().to_string());
        posted
    };
    let cases = [
        (with(|it, _, third| it.message_from_box_id = third.to_owned()), "TemplateToPost.MessageFromBoxId"),
        (with(|it, _, _| it.message_to_box_id = it.to_box_id.clone()), "TemplateToPost.MessageToBoxId"),
        (with(|it, _, _| it.message_to_box_id = BoxId::ZERO.to_string()), "TemplateToPost.MessageToBoxId"),
        (
            with(|it, _, _| {
                it.message_to_department_id = Some(MessageId::ZERO.to_string().replace('0', "1"))
            }),
            "TemplateToPost.MessageToDepartmentId",
        ),
        (
            with(|it, _, _| it.message_proxy_department_id = Some(DepartmentId::ZERO.to_string())),
            "MessageProxyDepartmentId",
        ),
        (with(|it, own, _| it.message_proxy_box_id = Some(own.to_owned())), "MessageProxyBoxId"),
        (with(|it, own, _| it.to_box_id = own.to_owned()), "TemplateToPost"),
        (with(|it, _, _| it.document_attachments.clear()), "at least one attachment"),
        (
            with(|it, _, _| it.document_attachments[0].unsigned_content.content = None),
            "DocumentAttachments[0].UnsignedContent.Content",
        ),
        (with(|it, _, _| it.document_attachments[0].metadata.clear()), "FileName"),
        (with(|it, _, _| it.lock_mode = Some(77)), "LockMode"),
    ];
    for (posted, place) in &cases {
        let error = keep(&a.boss.client, posted).await.unwrap_err();
        let (status, text) = (error.status().unwrap(), error.to_string());
        assert!(status == 400 && text.contains(place), "{place}: {status} {text}");
    }
    assert!(feed(&a.boss).await.is_empty(), "nothing is kept of what is refused");
    let stranger = keep(&b.boss.client, &good).await.unwrap_err();
    assert_eq!(stranger.status(), Some(403));
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn what_is_no_template_or_not_to_be_seen_is_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let kept = keep(&a.boss.client, &template(a.box_id(), b.box_id(), &["заявка"])).await.unwrap();
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    let letter = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let get = async |who: &Person, message: &str| {
        let query = GetTemplateQuery::new(who.box_id, id(message));
        let in_protobuf = who.client.get_template(&query).await;
        let in_json = who.json.get_template(&query).await;
        match (&in_protobuf, &in_json) {
            (Ok(one), Ok(other)) => assert_eq!(documents(&one.entities), documents(&other.entities)),
            (one, other) => {
                assert_eq!(one.as_ref().err().map(Error::status), other.as_ref().err().map(Error::status))
            }
        }
        in_protobuf
    };
    let found = get(&b.boss, t).await.unwrap();
    assert_eq!(found.entities[0].content.as_ref().unwrap().data.as_deref(), Some("заявка".as_bytes()));
    assert_eq!(get(&b.boss, &letter.message_id).await.unwrap_err().status(), Some(404));
    assert_eq!(get(&b.boss, &MessageId::ZERO.to_string()).await.unwrap_err().status(), Some(404));
    let v4 = b.boss.client.get_message_v4(&GetMessageQuery::new(b.box_id(), id(t))).await.unwrap_err();
    says(&v4, 409, "is a template");

    let clerk = Permissions { department: sales, access: AccessLevel::DepartmentOnly, ..Permissions::full() };
    let clerk = world.person(b.box_id(), "clerk@b", clerk).await;
    assert_eq!(get(&clerk, t).await.unwrap_err().status(), Some(403));
    assert_eq!(transform(&clerk.client, of(&clerk, t, &all)).await.unwrap_err().status(), Some(403));
    assert_eq!(refuse(&clerk, &clerk.client, t, &all, "").await.unwrap_err().status(), Some(403));

    let unknown = EntityId::ZERO.to_string();
    let nothing = transform(&b.boss.client, of(&b.boss, t, &[])).await.unwrap_err();
    says(&nothing, 400, "DocumentTransformations");
    let strange =
        transform(&b.boss.client, of(&b.boss, t, std::slice::from_ref(&unknown))).await.unwrap_err();
    says(&strange, 400, "DocumentTransformations[0].DocumentId");
    says(
        &refuse(&b.boss, &b.boss.client, t, &[], "").await.unwrap_err(),
        400,
        "TemplatePatchToPost.Refusals",
    );
    for message in [&letter.message_id, &unknown] {
        let status = if *message == unknown { 404 } else { 409 };
        let document = std::slice::from_ref(&letter.entities[0].entity_id);
        let made = transform(&b.boss.client, of(&b.boss, message, document)).await.unwrap_err();
        assert_eq!(made.status(), Some(status), "{made}");
        let taken = refuse(&b.boss, &b.boss.client, message, document, "").await.unwrap_err();
        assert_eq!(taken.status(), Some(status), "{taken}");
    }
    let signed = b.boss.sign(t, &all[0]).await.unwrap_err();
    says(&signed, 409, "is a draft or a template");
    world.end().await;
}
