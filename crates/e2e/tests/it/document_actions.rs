//! `GetDocumentActions`, `CanPostMessage`, `GetMessage` V4: what may be done, before it is tried.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{EntityQuery, GetMessageQuery, OperationQuery};
use potok_testkit::sdk::proto::documents::{DocumentAction, DocumentActionType as Kind};
use potok_testkit::sdk::proto::events::{DocumentAttachment, Message, RecipientTitleAttachment};
use potok_testkit::{Letter, PAPER, Person, RawRequest, World, formal, marked, test_signed};
use potok_types::{DepartmentId, EntityId, MessageId};
use serde_json::json;

use crate::actions::{Patch, request, revocation, signature};
use crate::counteragents::break_up;
use crate::support::feed;
use crate::templates::{documents, keep, of, refuse, template, transform};

fn query(who: &Person, message: &Message) -> EntityQuery {
    let (message, entity) = (&message.message_id, &message.entities[0].entity_id);
    EntityQuery::new(who.box_id, message.parse::<MessageId>().unwrap(), entity.parse::<EntityId>().unwrap())
}

/// An action with the defaults of its fields.
fn told(action: &DocumentAction) -> DocumentAction {
    let mut told = *action;
    if let Some(payload) = &mut told.payload {
        if let Some(signing) = &mut payload.sign_participant_title {
            signing.predefined_operation_result = Some(signing.predefined_operation_result() as i32);
        }
        if let Some(attaching) = &mut payload.attach_participant_title {
            attaching.predefined_operation_result = Some(attaching.predefined_operation_result() as i32);
        }
    }
    told
}

async fn actions(who: &Person, message: &Message) -> Vec<DocumentAction> {
    let asked = query(who, message);
    let in_protobuf = who.client.get_document_actions(&asked).await.unwrap().actions;
    let in_json = who.json.get_document_actions(&asked).await.unwrap().actions;
    // JSON says what is the default of a field, protobuf leaves it out.
    assert_eq!(
        in_protobuf.iter().map(told).collect::<Vec<_>>(),
        in_json.iter().map(told).collect::<Vec<_>>()
    );
    in_protobuf
}

fn has(actions: &[DocumentAction], kind: Kind) -> bool {
    actions.iter().any(|action| action.r#type == kind as i32)
}

#[tokio::test]
async fn what_is_listed_changes_with_what_was_done() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let of_a = actions(&a.boss, &message).await;
    let of_b = actions(&b.boss, &message).await;
    assert!(has(&of_a, Kind::RevokeUnilaterally) && !has(&of_a, Kind::SignParticipantTitle), "{of_a:?}");
    assert!(has(&of_b, Kind::SignParticipantTitle) && has(&of_b, Kind::RejectParticipantTitleSigning));
    assert!(has(&of_b, Kind::Delete) && !has(&of_b, Kind::Restore) && !has(&of_b, Kind::Move), "{of_b:?}");
    let signing = of_b.iter().find(|action| action.r#type == Kind::SignParticipantTitle as i32).unwrap();
    let payload = signing.payload.as_ref().unwrap();
    assert_eq!(payload.sign_participant_title.as_ref().unwrap().title_index, 0);
    assert!(payload.reject_participant_title_signing.is_none());
    let before = feed(&b.boss).await.len();
    b.boss.sign(&message.message_id, &message.entities[0].entity_id).await.unwrap();
    assert_eq!(feed(&b.boss).await.len(), before + 1, "asking changes nothing");
    world.drain().await;
    let of_b = actions(&b.boss, &message).await;
    assert!(!has(&of_b, Kind::SignParticipantTitle) && has(&of_b, Kind::RequestRevocation), "{of_b:?}");
    world.end().await;
}

#[tokio::test]
async fn who_may_do_little_is_offered_little() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let reader = Permissions {
        can_sign_documents: false,
        can_create_documents: false,
        can_delete_restore_documents: false,
        ..Permissions::full()
    };
    let reader = world.person(b.box_id(), "reader@b", reader).await;
    let offered = actions(&reader, &message).await;
    for kind in [Kind::SignParticipantTitle, Kind::Delete, Kind::Move, Kind::PatchCustomData] {
        assert!(!has(&offered, kind), "{kind:?}");
    }
    assert!(has(&offered, Kind::ResolveWithApprove), "{offered:?}");
    let clerk = Permissions { department: sales, access: AccessLevel::DepartmentOnly, ..Permissions::full() };
    let clerk = world.person(b.box_id(), "clerk@b", clerk).await;
    let asked = query(&clerk, &message);
    assert_eq!(clerk.client.get_document_actions(&asked).await.unwrap_err().status(), Some(403));
    let mut unknown = query(&b.boss, &message);
    unknown.entity_id = EntityId::ZERO;
    assert_eq!(b.boss.client.get_document_actions(&unknown).await.unwrap_err().status(), Some(404));
    unknown.message_id = MessageId::ZERO;
    assert_eq!(b.boss.client.get_document_actions(&unknown).await.unwrap_err().status(), Some(404));
    world.end().await;
}

#[tokio::test]
async fn what_would_be_refused_is_told_and_nothing_is_kept() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let good = Letter::new(a.box_id(), b.box_id());
    let mut to_nobody = Letter::new(a.box_id(), b.box_id());
    to_nobody.0.to_box_id = None;
    let mut unknown_type = Letter::new(a.box_id(), b.box_id());
    unknown_type.0.document_attachments[0].type_named_id = "Papyrus".to_owned();
    let mut unsigned = Letter::new(a.box_id(), b.box_id());
    unsigned.0.document_attachments[0].signed_content.sign_with_test_signature = None;
    for (letter, is_good) in [(&to_nobody, false), (&unknown_type, false), (&unsigned, false), (&good, true)]
    {
        for client in [&a.boss.client, &a.boss.json] {
            let told = client.can_post_message(letter.0.clone()).await.unwrap();
            assert!(feed(&a.boss).await.is_empty(), "nothing is posted");
            let shown = told.errors.first().map(|error| error.message.clone());
            assert_eq!(shown.is_none(), is_good, "{shown:?}");
            if is_good {
                continue;
            }
            let refused = a.boss.post(letter).await.unwrap_err();
            let refused = refused.refusal().unwrap();
            assert_eq!(shown.as_ref(), Some(&refused.text));
            assert_eq!(told.errors[0].code, refused.code);
        }
    }
    a.boss.post(&good).await.unwrap();
    let clerk = Permissions { can_create_documents: false, ..Permissions::full() };
    let clerk = world.person(a.box_id(), "clerk@a", clerk).await;
    let told = clerk.client.can_post_message(good.0.clone()).await.unwrap();
    assert!(told.errors[0].message.contains("CreateDocuments"), "{told:?}");
    let stranger = b.boss.client.can_post_message(good.0.clone()).await.unwrap_err();
    assert_eq!(stranger.status(), Some(403));
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn version_4_shows_what_version_5_does() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let query = GetMessageQuery::new(a.box_id(), message.message_id.parse::<MessageId>().unwrap());
    let old = a.boss.client.get_message_v4(&query).await.unwrap();
    assert_eq!(old, a.boss.client.get_message_v5(&query).await.unwrap());
    let nowhere = GetMessageQuery::new(a.box_id(), MessageId::ZERO);
    assert_eq!(a.boss.json.get_message_v4(&nowhere).await.unwrap_err().status(), Some(404));
    world.end().await;
}

#[tokio::test]
async fn the_title_that_is_awaited_is_named_by_its_number() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let mut letter = Letter::new(a.box_id(), b.box_id()).through(c.box_id());
    letter.0.document_attachments = vec![formal(DocumentAttachment {
        signed_content: test_signed(PAPER),
        type_named_id: "PerformedWorkAcceptanceCertificate".to_owned(),
        workflow_id: Some(13),
        ..DocumentAttachment::default()
    })];
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    for (who, title) in [(&c.boss, 1), (&b.boss, 2)] {
        let offered = actions(who, &message).await;
        let attach =
            offered.iter().find(|action| action.r#type == Kind::AttachParticipantTitle as i32).unwrap();
        let payload = attach.payload.as_ref().unwrap().attach_participant_title.unwrap();
        assert_eq!(payload.title_index, title);
        let answer = RecipientTitleAttachment {
            parent_entity_id: message.entities[0].entity_id.clone(),
            signed_content: test_signed(PAPER),
            title_index: Some(payload.title_index),
            ..RecipientTitleAttachment::default()
        };
        let message_id = message.message_id.clone();
        who.patch(Patch { message_id, recipient_titles: vec![answer], ..Patch::default() }).await.unwrap();
        world.drain().await;
        assert!(!has(&actions(who, &message).await, Kind::AttachParticipantTitle));
    }
    world.end().await;
}

#[tokio::test]
async fn what_the_state_was_told_of_may_be_cancelled_once() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let document = |number: &str| DocumentAttachment {
        signed_content: test_signed(PAPER),
        type_named_id: "UniversalTransferDocument".to_owned(),
        function: Some("ДОП".to_owned()),
        metadata: vec![potok_testkit::sdk::proto::events::MetadataItem {
            key: "DocumentNumber".to_owned(),
            value: number.to_owned(),
        }],
        ..DocumentAttachment::default()
    };
    for (document, is_marked) in [(marked(document("1")), true), (formal(document("2")), false)] {
        let mut letter = Letter::new(a.box_id(), b.box_id());
        letter.0.document_attachments = vec![document];
        let message = a.boss.post(&letter).await.unwrap();
        world.drain().await;
        let offered =
            async |who: &Person| has(&actions(who, &message).await, Kind::RequestTtGisFixationCancellation);
        assert_eq!((offered(&a.boss).await, offered(&b.boss).await), (is_marked, false));
    }
    world.end().await;
}

#[tokio::test]
async fn a_request_to_revoke_is_approved_by_signature() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let clerk = world.person(b.box_id(), "clerk@b", Permissions::full()).await;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let (m, d) = (&message.message_id, &message.entities[0].entity_id);
    b.boss.sign(m, d).await.unwrap();
    world.drain().await;
    let of = |patch: Patch| Patch { message_id: m.clone(), ..patch };
    let asked =
        a.boss.patch(of(Patch { revocation_requests: revocation(d), ..Patch::default() })).await.unwrap();
    let revocation = &asked.entities[0].entity_id;
    world.drain().await;
    let offered = actions(&b.boss, &message).await;
    assert!(has(&offered, Kind::SignRevocationRequestApprovingly), "{offered:?}");
    let asks = Patch { resolution_requests: request(revocation, 2, &clerk), ..Patch::default() };
    b.boss.patch(of(asks)).await.unwrap();
    for (nth, client) in [&clerk.client, &clerk.json].into_iter().enumerate() {
        let mut signatures = signature(revocation);
        signatures[0].is_approvement_signature = Some(true);
        signatures[0].labels = vec![format!("nth-{nth}")];
        let box_id = b.box_id().to_string();
        let approves = of(Patch { box_id, signatures, ..Patch::default() });
        client.post_message_patch_v4(&OperationQuery::new(), approves).await.unwrap();
    }
    world.drain().await;
    // It agrees to nothing, and who asked for it is answered.
    let offered = actions(&b.boss, &message).await;
    assert!(has(&offered, Kind::SignRevocationRequestByEndParticipant), "{offered:?}");
    assert!(!has(&offered, Kind::CancelRevocationRequestResolutionRequest), "{offered:?}");
    b.boss.sign(m, revocation).await.unwrap();
    world.drain().await;
    for who in [&a.boss, &b.boss] {
        let offered = actions(who, &message).await;
        assert!(!has(&offered, Kind::SignRevocationRequestApprovingly), "{offered:?}");
        assert!(!has(&offered, Kind::RequestRevocation), "{offered:?}");
    }
    world.end().await;
}

/// What a caller is told of a document of a template, and what of it is taken when it is tried; the status where nothing is told.
async fn of_template(
    world: &World,
    who: &Person,
    (template, document): (&str, &str),
    to: DepartmentId,
) -> (Result<Vec<Kind>, u16>, Vec<Kind>) {
    let of_document = format!("boxId={}&messageId={template}&documentId={document}", who.box_id);
    let one = json!([{ "DocumentId": document }]);
    let named = json!([{ "MessageId": template, "EntityId": document }]);
    let box_id = who.box_id.to_string();
    let tries = [
        (Kind::Delete, format!("/Delete?{of_document}"), json!(null)),
        (Kind::Restore, format!("/Restore?{of_document}"), json!(null)),
        (
            Kind::Move,
            "/MoveDocuments".to_owned(),
            json!({ "BoxId": box_id, "DocumentIds": named, "ToDepartmentId": to.to_string() }),
        ),
        (
            Kind::RefuseTemplate,
            format!("/PostTemplatePatch?boxId={}&templateId={template}", who.box_id),
            json!({ "Refusals": one }),
        ),
        (
            Kind::TemplateTransformToDocument,
            "/TransformTemplateToMessage".to_owned(),
            json!({ "BoxId": box_id, "TemplateId": template, "DocumentTransformations": one }),
        ),
    ];
    let mut taken = Vec::new();
    for (kind, path, body) in tries {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = RawRequest::post(path, body).bearer(&who.access_token);
        let request = request.header("Content-Type", "application/json").header("Prefer", "dry-run");
        if world.raw(request).await.status == 200 {
            taken.push(kind);
        }
    }
    let asked = EntityQuery::new(
        who.box_id,
        template.parse::<MessageId>().unwrap(),
        document.parse::<EntityId>().unwrap(),
    );
    let told = match who.client.get_document_actions(&asked).await {
        Ok(list) => Ok(list.actions.iter().map(DocumentAction::r#type).collect()),
        Err(error) => Err(error.status().unwrap()),
    };
    (told, taken)
}

#[tokio::test]
async fn what_is_listed_of_a_template_is_taken_of_each_caller_and_nothing_else_is() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let storage = world.department(&a, "Склад", DepartmentId::ZERO).await.id;
    let without = Permissions { can_create_documents: false, ..Permissions::full() };
    let reader = world.person(b.box_id(), "reader@b", without).await;
    let keeper = Permissions { can_delete_restore_documents: false, ..Permissions::full() };
    let keeper = world.person(b.box_id(), "keeper@b", keeper).await;
    let clerk = Permissions { department: sales, access: AccessLevel::DepartmentOnly, ..Permissions::full() };
    let clerk = world.person(b.box_id(), "clerk@b", clerk).await;
    let kept =
        keep(&a.boss.client, &template(a.box_id(), b.box_id(), &["заявка", "счет", "акт"])).await.unwrap();
    world.drain().await;
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    let callers = [
        ("a", &a.boss),
        ("b", &b.boss),
        ("reader", &reader),
        ("keeper", &keeper),
        ("clerk", &clerk),
        ("c", &c.boss),
    ];
    let told = async |document: &str| {
        let mut told = Vec::new();
        for (name, who) in callers {
            let to = if who.box_id == a.box_id() { storage } else { sales };
            let (listed, taken) = of_template(&world, who, (t, document), to).await;
            assert_eq!(listed.clone().unwrap_or_default(), taken, "{name}");
            told.push((name, listed));
        }
        told
    };
    let (delete, restore, moved) = (Kind::Delete, Kind::Restore, Kind::Move);
    let (refused, made) = (Kind::RefuseTemplate, Kind::TemplateTransformToDocument);
    let nothing_else = [("clerk", Err(403)), ("c", Err(404))];
    let expected = |a: &[Kind], b: &[Kind], reader: &[Kind], keeper: &[Kind]| {
        let own = [("a", a), ("b", b), ("reader", reader), ("keeper", keeper)];
        own.map(|(name, kinds)| (name, Ok(kinds.to_vec())))
            .into_iter()
            .chain(nothing_else.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(&all[0]).await,
        expected(
            &[delete, moved, refused],
            &[delete, moved, refused, made],
            &[delete],
            &[moved, refused, made]
        )
    );
    transform(&b.boss.client, of(&b.boss, t, &all[..1])).await.unwrap();
    world.drain().await;
    assert_eq!(
        told(&all[0]).await,
        expected(&[delete, moved, refused], &[restore, moved], &[restore], &[moved]),
        "its letter is made"
    );
    refuse(&b.boss, &b.boss.client, t, &all[1..2], "нет").await.unwrap();
    world.drain().await;
    assert_eq!(told(&all[1]).await, expected(&[delete, moved], &[delete, moved], &[delete], &[moved]));
    // Whoever would not be let in with the letter is not offered to make it.
    break_up(&a.boss, b.box_id(), "").await.unwrap();
    world.drain().await;
    told(&all[2]).await;
    world.end().await;
}
