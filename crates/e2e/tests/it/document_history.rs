//! The history of a document, as each side is told it.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{DeleteQuery, GetDocumentHistoryQuery};
use potok_testkit::sdk::proto::documents::DocumentsMoveOperation;
use potok_testkit::sdk::proto::documents::document_history::HistoryTemplateRefusalType;
use potok_testkit::sdk::proto::documents::document_history::document_history_item::EventType;
use potok_testkit::sdk::proto::documents::document_history::{
    DocumentHistory, DocumentHistoryItem, DocumentHistoryItemCategory,
};
use potok_testkit::sdk::proto::events::{
    CustomDataPatch, CustomDataPatchOperation, Message, MessagePatchToPostV2, ResolutionAttachment,
    ResolutionRequestAttachment,
};
use potok_testkit::sdk::proto::{DocumentId, ResolutionRequestType};
use potok_testkit::{Letter, Person, RawRequest, World};
use potok_types::{DepartmentId, EntityId, MessageId};

use crate::actions::{Patch, resolution, signature};
use crate::docflows::{ids, text};
use crate::templates::{documents, keep, of, refuse, template, transform};

/// A document, by the ids of its message and itself.
struct Document(MessageId, EntityId);

impl Document {
    fn query(&self, who: &Person) -> GetDocumentHistoryQuery {
        GetDocumentHistoryQuery::new(who.box_id, self.0, self.1)
    }

    async fn history(&self, who: &Person) -> DocumentHistory {
        let told = who.client.get_document_history(&self.query(who)).await.unwrap();
        let json = who.json.get_document_history(&self.query(who)).await.unwrap();
        assert_eq!(json.items, told.items, "both formats");
        told
    }

    /// The first document of the message.
    fn first(posted: &Message) -> Self {
        let id = ids(posted).remove(0);
        Self(text(&id["MessageId"]).parse().unwrap(), text(&id["EntityId"]).parse().unwrap())
    }

    fn patch(&self) -> MessagePatchToPostV2 {
        MessagePatchToPostV2 { message_id: self.0.to_string(), ..MessagePatchToPostV2::default() }
    }
}

/// `Outgoing Sent`.
fn kinds(history: &DocumentHistory) -> Vec<String> {
    let kind = |item: &DocumentHistoryItem| format!("{:?} {:?}", item.category(), item.r#type());
    history.items.iter().map(kind).collect()
}

fn of_kind(history: &DocumentHistory, kind: EventType) -> &DocumentHistoryItem {
    history.items.iter().find(|item| item.r#type() == kind).unwrap()
}

#[tokio::test]
async fn each_side_is_told_what_happened_on_its_side() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await;
    let clerk = world.person(b.box_id(), "clerk@b", Permissions::full()).await;
    let posted =
        a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature().comment("срочно")).await.unwrap();
    world.drain().await;
    let document = Document::first(&posted);
    let entity = document.1.to_string();

    let request = ResolutionRequestAttachment {
        initial_document_id: entity.clone(),
        r#type: ResolutionRequestType::ApprovementRequest as i32,
        target_user_id: Some(clerk.user_id.to_string()),
        comment: Some("посмотрите".to_owned()),
        ..ResolutionRequestAttachment::default()
    };
    let asked = b
        .boss
        .patch(MessagePatchToPostV2 { resolution_requests: vec![request], ..document.patch() })
        .await
        .unwrap();
    let resolution = ResolutionAttachment {
        initial_document_id: entity.clone(),
        resolution_type: 1,
        comment: Some("согласен".to_owned()),
        ..ResolutionAttachment::default()
    };
    clerk.patch(MessagePatchToPostV2 { resolutions: vec![resolution], ..document.patch() }).await.unwrap();
    let tag = |value: &str| CustomDataPatch {
        parent_entity_id: entity.clone(),
        operation: CustomDataPatchOperation::Set as i32,
        key: "erp".to_owned(),
        value: Some(value.to_owned()),
    };
    for value in ["1", "2"] {
        let patch = MessagePatchToPostV2 { custom_data_patches: vec![tag(value)], ..document.patch() };
        b.boss.patch(patch).await.unwrap();
    }
    let moved = DocumentsMoveOperation {
        box_id: b.box_id().to_string(),
        document_ids: vec![DocumentId { message_id: document.0.to_string(), entity_id: entity.clone() }],
        to_department_id: Some(sales.id.to_string()),
    };
    b.boss.client.move_documents(moved).await.unwrap();
    let signed = b.boss.sign(&document.0.to_string(), &entity).await.unwrap();
    world.drain().await;

    let theirs = document.history(&a.boss).await;
    assert_eq!(
        kinds(&theirs),
        [
            "Outgoing Sent",
            "Outgoing Received",
            "Incoming TagsChanged",
            "Incoming TagsChanged",
            "Incoming Signed"
        ],
        "nothing of what is decided inside the other organization"
    );
    let ours = document.history(&b.boss).await;
    assert_eq!(
        kinds(&ours),
        [
            "Incoming Received",
            "Internal ResolutionRequested",
            "Internal Resolved",
            "Outgoing TagsChanged",
            "Outgoing TagsChanged",
            "Internal Moved",
            "Outgoing Signed",
        ]
    );
    let sent = of_kind(&theirs, EventType::Sent);
    let author = sent.author.as_ref().unwrap();
    assert_eq!((author.user_id(), author.display_name()), (&*a.boss.user_id.to_string(), "Иванов Иван"));
    assert_eq!((author.position(), &sent.box_id), ("Сотрудник", &a.box_id().to_string()));
    let answered = of_kind(&theirs, EventType::Signed);
    assert_eq!(
        (&answered.author, &answered.department_id),
        (&None, &None),
        "people of others are nobody's business"
    );
    let signature = answered.payload.as_ref().unwrap().signed.as_ref().unwrap();
    assert_eq!(signature.title_entity_id(), entity);
    assert_eq!(signature.signed_by.as_ref().unwrap().box_id, b.box_id().to_string());
    let cms = signature.signature.as_ref().unwrap().cms.entity_id.clone();
    assert_eq!(cms.as_deref(), Some(&*signed.entities[0].entity_id));

    let request = of_kind(&ours, EventType::ResolutionRequested).payload.as_ref().unwrap();
    let request = request.resolution_requested.as_ref().unwrap();
    assert_eq!(
        request.request.as_ref().unwrap().entity.entity_id.as_deref(),
        Some(&*asked.entities[0].entity_id)
    );
    assert!(!request.is_cancellable(), "it is answered");
    let moved = of_kind(&ours, EventType::Moved);
    assert_eq!(
        moved.payload.as_ref().unwrap().moved.as_ref().unwrap().target_department_id(),
        sales.id.to_string()
    );
    assert_eq!(moved.department_id(), DepartmentId::ZERO.to_string(), "it lay in the head until then");
    assert_eq!(of_kind(&ours, EventType::Received).department_id(), DepartmentId::ZERO.to_string());
    assert_eq!(of_kind(&ours, EventType::Signed).department_id(), sales.id.to_string());
    let changes: Vec<_> =
        ours.items.iter().filter_map(|item| item.payload.as_ref()?.tags_changed.clone()).collect();
    assert_eq!((changes[0].added[0].new_value(), changes[1].edited[0].old_value()), ("1", "1"));
    assert_eq!(changes[1].edited[0].new_value(), "2");
    let reference = ours.reference_data.as_ref().unwrap();
    assert_eq!(reference.boxes.len(), 2);
    assert_eq!(reference.departments.len(), 1);
    assert_eq!(reference.departments[0].department.name, "Продажи");

    // Bytes only where they are asked for.
    let comment = |history: &DocumentHistory| {
        let sent = of_kind(history, EventType::Sent).payload.clone().unwrap().sent.unwrap();
        sent.comment_entity.unwrap().content.unwrap().data
    };
    assert_eq!(comment(&theirs), None);
    let mut with = document.query(&a.boss);
    with.embed = vec!["comments".to_owned()];
    let told = a.boss.client.get_document_history(&with).await.unwrap();
    assert_eq!(comment(&told).as_deref(), Some("срочно".as_bytes()));
    let resolution = |history: &DocumentHistory| {
        let resolved = of_kind(history, EventType::Resolved).payload.clone().unwrap().resolved.unwrap();
        resolved.resolution.unwrap().entity.content.unwrap().data
    };
    assert_eq!(resolution(&ours), None);
    let mut with = document.query(&b.boss);
    with.embed = vec!["Comments".to_owned(), "ResolutionEntities".to_owned()];
    let told = b.boss.client.get_document_history(&with).await.unwrap();
    assert_eq!(resolution(&told).as_deref(), Some("согласен".as_bytes()));
    with.embed = vec!["Everything".to_owned()];
    assert_eq!(b.boss.client.get_document_history(&with).await.unwrap_err().status(), Some(400));
    world.end().await;
}

#[tokio::test]
async fn a_history_is_shown_to_those_who_see_the_document() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await;
    let narrow = Permissions {
        department: sales.id,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    let clerk = world.person(b.box_id(), "clerk@b", narrow).await;
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let document = Document::first(&posted);
    let denied = clerk.client.get_document_history(&document.query(&clerk)).await.unwrap_err();
    assert_eq!(denied.status(), Some(403));
    let nothing = Document(document.0, EntityId::ZERO);
    let missing = b.boss.client.get_document_history(&nothing.query(&b.boss)).await.unwrap_err();
    assert_eq!(missing.status(), Some(404));

    let query = DeleteQuery::new(b.box_id(), document.0);
    b.boss.client.delete(&query).await.unwrap();
    let path =
        format!("/GetDocumentHistory?boxId={}&messageId={}&entityId={}", b.box_id(), document.0, document.1);
    let deleted = world.raw(RawRequest::get(path).bearer(&b.boss.access_token)).await;
    assert_eq!(deleted.status, 404, "{}", deleted.text());
    b.boss.client.restore(&query).await.unwrap();
    let told = document.history(&b.boss).await;
    assert_eq!(kinds(&told), ["Incoming Received", "Internal Deleted", "Internal Restored"]);
    let deletion = &told.items[1];
    assert_eq!((&deletion.payload, deletion.category()), (&None, DocumentHistoryItemCategory::Internal));
    assert_eq!(deletion.author.as_ref().unwrap().user_id(), b.boss.user_id.to_string());
    world.end().await;
}

#[tokio::test]
async fn a_template_and_its_letter_tell_of_each_other() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut posted = template(a.box_id(), b.box_id(), &["договор"]);
    posted.is_reusable = Some(true);
    let kept = keep(&a.boss.client, &posted).await.unwrap();
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    let of_template = Document(t.parse().unwrap(), all[0].parse().unwrap());
    world.drain().await;
    let made = transform(&b.boss.client, of(&b.boss, t, &all)).await.unwrap();
    let of_letter = Document::first(&made);
    refuse(&a.boss, &a.boss.client, t, &all, "передумали").await.unwrap();
    world.drain().await;

    let here = of_template.history(&a.boss).await;
    assert_eq!(kinds(&here), ["Outgoing Received", "Outgoing TemplateRefused"]);
    let there = of_template.history(&b.boss).await;
    assert_eq!(kinds(&there), ["Incoming Received", "Internal TransformedTo", "Incoming TemplateRefused"]);
    let target = of_kind(&there, EventType::TransformedTo).payload.clone().unwrap().transformed_to.unwrap();
    let target = target.target_document_id.unwrap();
    assert_eq!((target.message_id, target.entity_id), (of_letter.0.to_string(), of_letter.1.to_string()));
    let withdrawn = of_kind(&there, EventType::TemplateRefused);
    assert_eq!((&withdrawn.author, &withdrawn.box_id), (&None, &a.box_id().to_string()));
    let withdrawn = withdrawn.payload.clone().unwrap().template_refused.unwrap();
    assert_eq!(withdrawn.refusal_type(), HistoryTemplateRefusalType::Withdrawal);
    assert_eq!(
        withdrawn.comment_entity.unwrap().content.unwrap().data,
        None,
        "bytes where they are asked for"
    );

    let letter = of_letter.history(&b.boss).await;
    assert_eq!(
        kinds(&letter),
        ["Internal CreatedFromTemplate", "Outgoing WillBeSentTo", "Incoming DocumentTemplateRefused"]
    );
    let created = of_kind(&letter, EventType::CreatedFromTemplate);
    assert_eq!(created.author.as_ref().unwrap().display_name(), "Иванов Иван");
    let origin =
        created.payload.clone().unwrap().created_from_template.unwrap().template_document_id.unwrap();
    assert_eq!((&origin.message_id, &origin.entity_id), (t, &all[0]));
    let mut with = of_letter.query(&b.boss);
    with.embed = vec!["Comments".to_owned()];
    let told = b.boss.json.get_document_history(&with).await.unwrap();
    let refused = of_kind(&told, EventType::DocumentTemplateRefused).payload.clone().unwrap();
    let comment = refused.document_template_refused.unwrap().comment_entity.unwrap().content.unwrap();
    assert_eq!(comment.data.as_deref(), Some("передумали".as_bytes()));

    // Who does not see the template is told nothing of it.
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let narrow = Permissions {
        department: sales,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    let clerk = world.person(b.box_id(), "clerk@b", narrow).await;
    let moved = DocumentsMoveOperation {
        box_id: b.box_id().to_string(),
        document_ids: vec![DocumentId {
            message_id: of_letter.0.to_string(),
            entity_id: of_letter.1.to_string(),
        }],
        to_department_id: Some(sales.to_string()),
    };
    b.boss.client.move_documents(moved).await.unwrap();
    let told = of_letter.history(&clerk).await;
    assert_eq!(kinds(&told), ["Outgoing WillBeSentTo", "Internal Moved"]);
    world.end().await;
}

#[tokio::test]
async fn approvals_are_told_where_they_were_given() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let document = Document::first(&posted);
    let entity = document.1.to_string();
    let mut approval = signature(&entity);
    approval[0].is_approvement_signature = Some(true);
    a.boss.patch(Patch { signatures: approval, ..document.patch() }).await.unwrap();
    for decision in [1, 2] {
        b.boss.patch(Patch { resolutions: resolution(&entity, decision), ..document.patch() }).await.unwrap();
    }
    world.drain().await;
    assert_eq!(
        kinds(&document.history(&a.boss).await),
        ["Outgoing Sent", "Outgoing Received", "Internal ApprovedWithSignature"]
    );
    let clerk = world.person(b.box_id(), "clerk@b", Permissions::full()).await;
    let cancellable = async |who: &Person| {
        let told = document.history(who).await;
        assert_eq!(kinds(&told), ["Incoming Received", "Internal Resolved", "Internal Resolved"]);
        let resolved = told.items.iter().filter_map(|item| item.payload.as_ref()?.resolved.clone());
        resolved.map(|resolved| resolved.is_cancellable()).collect::<Vec<_>>()
    };
    assert_eq!(cancellable(&b.boss).await, [false, true], "the newest one is taken back");
    assert_eq!(cancellable(&clerk).await, [false, false], "by its author");
    // The same body twice would be one call.
    let withdraw = |nth: usize| {
        let mut resolutions = resolution(&entity, 0);
        resolutions[0].comment = Some(format!("{nth}"));
        b.boss.patch(Patch { resolutions, ..document.patch() })
    };
    for (nth, expected) in [[true, false], [false, false]].into_iter().enumerate() {
        withdraw(nth).await.unwrap();
        assert_eq!(cancellable(&b.boss).await, expected);
    }
    let nothing = withdraw(2).await;
    assert_eq!(nothing.unwrap_err().status(), Some(409), "nothing is left to be taken back");
    world.end().await;
}
