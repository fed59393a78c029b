//! `GetDocumentActions`, `CanPostMessage`, `GetMessage` V4: what may be done, before it is tried.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{EntityQuery, GetMessageQuery};
use potok_testkit::sdk::proto::documents::{DocumentAction, DocumentActionType as Kind};
use potok_testkit::sdk::proto::events::Message;
use potok_testkit::{Letter, Person, World};
use potok_types::{DepartmentId, EntityId, MessageId};

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
