//! `GetDocumentActions`, `CanPostMessage`, `GetMessage` V4: what may be done, before it is tried.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{EntityQuery, GetMessageQuery, OperationQuery};
use potok_testkit::sdk::proto::documents::{DocumentAction, DocumentActionType as Kind};
use potok_testkit::sdk::proto::events::{DocumentAttachment, Message, RecipientTitleAttachment};
use potok_testkit::{Letter, PAPER, Person, World, formal, marked, test_signed};
use potok_types::{DepartmentId, EntityId, MessageId};

use crate::actions::{Patch, request, revocation, signature};
use crate::support::feed;

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
