//! Titles that whoever posts a template writes for the recipient, who signs them.

use potok_testkit::sdk::proto::events::{
    AttachmentType, DocumentAttachment, Entity, EntityType, PredefinedRecipientTitle, TemplateToPost,
    UnsignedContent,
};
use potok_testkit::{Org, World, answering_title, formal};

use crate::support::{is_finished, says};
use crate::templates::{documents, keep, of, shown, template, transform};

fn unsigned(content: impl Into<bytes::Bytes>) -> UnsignedContent {
    UnsignedContent { content: Some(content.into()), ..UnsignedContent::default() }
}

/// A preview of a transfer document with the title of `b` to it; `a` sends what is made of it.
fn preview(a: &Org, b: &Org, workflow: i32) -> TemplateToPost {
    let mut posted = template(a.box_id(), b.box_id(), &["упд"]);
    (posted.message_from_box_id, posted.message_to_box_id) = (a.box_id().to_string(), b.box_id().to_string());
    let document = DocumentAttachment {
        type_named_id: "UniversalTransferDocument".to_owned(),
        function: Some("ДОП".to_owned()),
        ..DocumentAttachment::default()
    };
    let title = formal(document).signed_content.content.unwrap();
    let answer = answering_title(&title).unwrap();
    let prepared = &mut posted.document_attachments[0];
    prepared.type_named_id = "UniversalTransferDocument".to_owned();
    prepared.function = Some("ДОП".to_owned());
    prepared.workflow_id = Some(workflow);
    prepared.metadata.clear();
    prepared.unsigned_content = unsigned(title);
    prepared.predefined_recipient_title =
        Some(PredefinedRecipientTitle { unsigned_content: unsigned(answer) });
    posted
}

/// The title of the recipient, and what hangs under it.
fn title(entities: &[Entity]) -> (&Entity, Vec<&Entity>) {
    let answers = AttachmentType::UniversalTransferDocumentBuyerTitle;
    let mut found = entities.iter().filter(|entity| entity.attachment_type() == answers);
    let title = found.next().expect("there is a title for the recipient");
    assert!(found.next().is_none(), "there is one");
    let under = entities.iter().filter(|entity| entity.parent_entity_id() == title.entity_id);
    (title, under.collect())
}

fn is_signature(entity: &&&Entity) -> bool {
    entity.entity_type() == EntityType::Signature
}

#[tokio::test]
async fn the_recipient_signs_the_title_that_the_sender_wrote() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for (workflow, by_document) in [(3, true), (19, false)] {
        let posted = preview(&a, &b, workflow);
        let kept = keep(&a.boss.client, &posted).await.unwrap();
        world.drain().await;
        let all = documents(&kept.entities);
        title(&shown(&b.boss, &kept.message_id).await.entities);
        let made = transform(&a.boss.client, of(&a.boss, &kept.message_id, &all)).await.unwrap();
        let (letter, document) = (&made.message_id, &made.entities[0].entity_id);
        a.boss.sign(letter, document).await.unwrap();
        world.drain().await;

        let arrived = shown(&b.boss, letter).await;
        let (prepared, under) = title(&arrived.entities);
        assert_eq!(prepared.parent_entity_id(), document);
        assert!(under.is_empty(), "nobody has signed it, and nothing is confirmed: {under:?}");
        let (_, under) = title(&made.entities);
        assert!(under.is_empty());
        assert!(!is_finished(&b.boss, letter, document).await);
        let own = a.boss.sign(letter, &prepared.entity_id).await.unwrap_err();
        assert_eq!(own.status(), Some(409), "the sender does not sign it: {own}");

        let signed = if by_document { document } else { &prepared.entity_id };
        let patch = b.boss.sign(letter, signed).await.unwrap();
        assert_eq!(patch.entities[0].parent_entity_id(), prepared.entity_id);
        let again = b.boss.sign(letter, &prepared.entity_id).await;
        assert!(by_document == again.is_err(), "the same call again is the same; another one comes late");
        world.drain().await;
        for side in [&a, &b] {
            let now = shown(&side.boss, letter).await;
            let (_, under) = title(&now.entities);
            assert_eq!(under.iter().filter(is_signature).count(), 1);
            let confirmation = AttachmentType::InvoiceConfirmation;
            let confirmed = under.iter().filter(|entity| entity.attachment_type() == confirmation).count();
            assert_eq!(confirmed, usize::from(workflow == 19), "workflow {workflow}");
        }
        if workflow == 3 {
            assert!(is_finished(&a.boss, letter, document).await);
            assert!(is_finished(&b.boss, letter, document).await);
        }
    }
    world.end().await;
}

#[tokio::test]
async fn what_nobody_answers_with_has_no_prepared_title() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let place = "TemplateToPost.DocumentAttachments[0].PredefinedRecipientTitle";
    let good = preview(&a, &b, 3);
    let mut plain = template(a.box_id(), b.box_id(), &["договор"]);
    let prepared = good.document_attachments[0].predefined_recipient_title.clone();
    plain.document_attachments[0].predefined_recipient_title = prepared;
    says(&keep(&a.boss.client, &plain).await.unwrap_err(), 400, place);
    let mut first = good.clone();
    let title = first.document_attachments[0].unsigned_content.clone();
    first.document_attachments[0].predefined_recipient_title =
        Some(PredefinedRecipientTitle { unsigned_content: title });
    says(&keep(&a.boss.client, &first).await.unwrap_err(), 409, place);
    let mut nothing = good.clone();
    nothing.document_attachments[0].predefined_recipient_title =
        Some(PredefinedRecipientTitle { unsigned_content: unsigned("<a/>") });
    says(&keep(&a.boss.json, &nothing).await.unwrap_err(), 400, place);
    world.end().await;
}
