//! Invitations with documents, and who may send to whom.

use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::methods::{AcquireCounteragentQuery, TaskQuery};
use potok_testkit::sdk::proto::counteragent_groups::{
    CounteragentGroupDepartmentPatch, CounteragentGroupToUpdate, DepartmentsInGroup,
};
use potok_testkit::sdk::proto::events::{
    MessagePatchToPostV2, RevocationRequestAttachment, XmlSignatureRejectionAttachment,
};
use potok_testkit::sdk::proto::{
    AcquireCounteragentRequest, AcquireCounteragentResultV2, CounteragentStatus, InvitationDocument,
};
use potok_testkit::{Letter, PAPER, Person, World, WorldOptions, test_signed};
use potok_types::{BoxId, DepartmentId};
use serde_json::json;

use CounteragentStatus::{InvitesMe, IsInvitedByMe, IsMyCounteragent, IsRejectedByMe, RejectsMe};

use crate::counteragents::{break_up, choosy, invite, pair, seen_by};
use crate::support::refused;

const STRANGERS: &str = "Recipient allows to receive messages only from counteragents";
const BLOCKED: &str = "Recipient forbids to receive messages from blocked senders";

fn document(signature_requested: bool) -> InvitationDocument {
    InvitationDocument {
        signed_content: test_signed("соглашение"),
        file_name: "Соглашение.txt".to_owned(),
        signature_requested: Some(signature_requested),
        r#type: None,
    }
}

async fn invite_by(by: &Person, other: BoxId, document: InvitationDocument) -> Result<String, Error> {
    let request = AcquireCounteragentRequest {
        box_id: Some(other.guid()),
        message_to_counteragent: Some("Подпишите соглашение".to_owned()),
        invitation_document: Some(document),
        ..AcquireCounteragentRequest::default()
    };
    let started =
        by.client.acquire_counteragent_v3(&AcquireCounteragentQuery::new(by.box_id), request).await?;
    Ok(started.task_id.unwrap())
}

/// Refuses to sign.
async fn refuse(by: &Person, message: &str, document: &str) {
    let rejection = XmlSignatureRejectionAttachment {
        parent_entity_id: document.to_owned(),
        signed_content: test_signed(PAPER),
        labels: Vec::new(),
    };
    let patch = MessagePatchToPostV2 {
        message_id: message.to_owned(),
        xml_signature_rejections: vec![rejection],
        ..MessagePatchToPostV2::default()
    };
    by.patch(patch).await.unwrap();
}

async fn result(by: &Person, task: &str) -> Option<AcquireCounteragentResultV2> {
    by.client.acquire_counteragent_result_v2(&TaskQuery::new(task.to_owned())).await.unwrap().0
}

#[tokio::test]
async fn signing_the_document_accepts_the_invitation() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (boss_a, boss_b) = (&a.boss, &b.boss);
    let task = invite_by(boss_a, b.box_id(), document(true)).await.unwrap();
    let path = format!("/V2/AcquireCounteragentResult?taskId={task}");
    let request = potok_testkit::RawRequest::get(path).bearer(&boss_a.access_token);
    let pending = world.raw(request).await;
    assert_eq!((pending.status, pending.header("retry-after")), (204, Some("1")));
    assert_eq!(pair(boss_a, boss_b).await, [None, None], "nobody is invited before the document arrives");
    // Whoever heard nothing of the first call asks again.
    let again = invite_by(boss_a, b.box_id(), document(true)).await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), Some(InvitesMe)]);
    let done = result(boss_a, &task).await.unwrap();
    let named = done.invitation_document_id.unwrap();
    let repeated = result(boss_a, &again).await.unwrap().invitation_document_id;
    assert_eq!(repeated.as_ref(), Some(&named), "one letter brings the invitation");
    let seen = seen_by(boss_b, a.box_id()).await.unwrap();
    assert_eq!(seen.message_from_counteragent(), "Подпишите соглашение");
    assert_eq!(seen.invitation_document_id.as_ref(), Some(&named));
    // It is a document like others, which says that it invites.
    let body =
        json!({"Requests": [{"DocumentId": {"MessageId": named.message_id, "EntityId": named.entity_id}}]});
    let shown = crate::docflows::ok(&world, boss_b, "/V4/GetDocflows", &body).await;
    assert_eq!(shown["Documents"][0]["DocumentInfo"]["IsInvitation"], true);

    // It is answered by its document and not otherwise.
    let (status, text) = refused(invite(boss_b, a.box_id(), "").await);
    assert_eq!(status, 409);
    assert!(text.contains("sign it by PostMessagePatch"), "{text}");
    assert_eq!(refused(break_up(boss_b, a.box_id(), "").await).0, 409);
    let (status, text) = refused(break_up(boss_a, b.box_id(), "").await);
    assert_eq!(status, 409);
    assert!(text.contains("GenerateRevocationRequestXml"), "{text}");
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), Some(InvitesMe)], "nothing was written");
    boss_b.sign(&named.message_id, &named.entity_id).await.unwrap();
    assert_eq!(
        pair(boss_a, boss_b).await[1],
        Some(IsMyCounteragent),
        "with the signature, in one transaction"
    );
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2]);
    // Inviting again with a document posts none.
    let task = invite_by(boss_a, b.box_id(), document(true)).await.unwrap();
    assert_eq!(result(boss_a, &task).await.unwrap().invitation_document_id, None);
    world.end().await;
}

#[tokio::test]
async fn refusing_to_sign_declines_and_an_unsigned_invitation_is_accepted_without() {
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", "9612345678").await;
    let b = choosy(&world, "АО «Лютик»", "9687654321").await;
    let (boss_a, boss_b) = (&a.boss, &b.boss);
    let task = invite_by(boss_a, b.box_id(), document(true)).await.unwrap();
    world.drain().await;
    let named = result(boss_a, &task).await.unwrap().invitation_document_id.unwrap();
    refuse(boss_b, &named.message_id, &named.entity_id).await;
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(RejectsMe), Some(IsRejectedByMe)]);
    assert_eq!(seen_by(boss_a, b.box_id()).await.unwrap().invitation_document_id, None);

    // The other side may be invited back, and its document wants no signature.
    let task = invite_by(boss_b, a.box_id(), document(false)).await.unwrap();
    world.drain().await;
    assert!(result(boss_b, &task).await.unwrap().invitation_document_id.is_some());
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2], "everybody is welcome there");
    break_up(boss_b, a.box_id(), "").await.unwrap();
    world.drain().await;
    invite_by(boss_a, b.box_id(), document(false)).await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), Some(InvitesMe)]);
    let (status, text) = refused(invite_by(boss_b, a.box_id(), document(false)).await);
    assert_eq!(status, 409);
    assert!(text.contains("accept without InvitationDocument"), "{text}");
    invite(boss_b, a.box_id(), "").await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2]);
    world.end().await;
}

#[tokio::test]
async fn a_document_by_the_type_of_invitations_invites() {
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", "9612345678").await;
    let b = choosy(&world, "АО «Лютик»", "9687654321").await;
    let (boss_a, boss_b) = (&a.boss, &b.boss);
    let letter = Letter::new(a.box_id(), b.box_id()).comment("Давайте");
    assert!(refused(boss_a.post(&letter).await).1.contains(STRANGERS));
    let invitation = |change: &dyn Fn(&mut Letter)| {
        let mut letter = Letter::new(a.box_id(), b.box_id()).comment("Давайте");
        letter.0.document_attachments[0].type_named_id = "TrustConnectionRequest".to_owned();
        letter.0.document_attachments[0].metadata.truncate(1);
        change(&mut letter);
        letter
    };
    let two = invitation(&|letter| {
        let document = letter.0.document_attachments[0].clone();
        letter.0.document_attachments.push(document);
    });
    let (status, text) = refused(boss_a.post(&two).await);
    assert_eq!(status, 400);
    assert!(text.contains("send it alone"), "{text}");
    // Who may not manage counteragents invites nobody.
    let without = Permissions { can_manage_counteragents: false, ..Permissions::full() };
    let clerk = world.person(a.box_id(), "clerk@a", without).await;
    let (status, text) = refused(clerk.post(&invitation(&|_| {})).await);
    assert_eq!(status, 403);
    assert!(text.contains("ManageCounteragents"), "{text}");
    assert_eq!(pair(boss_a, boss_b).await, [None, None]);

    let posted = boss_a.post(&invitation(&|_| {})).await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), Some(InvitesMe)]);
    let seen = seen_by(boss_b, a.box_id()).await.unwrap();
    assert_eq!(seen.message_from_counteragent(), "Давайте");
    assert_eq!(seen.invitation_document_id.unwrap().message_id, posted.message_id);
    invite(boss_b, a.box_id(), "").await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2]);
    boss_a.post(&Letter::new(a.box_id(), b.box_id()).comment("Теперь можно")).await.unwrap();
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn documents_make_partners_and_blocked_senders_are_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (boss_a, boss_b) = (&a.boss, &b.boss);
    let letter = |words: &str| Letter::new(a.box_id(), b.box_id()).wants_signature().comment(words);
    let message = boss_a.post(&letter("первое")).await.unwrap();
    assert_eq!(pair(boss_a, boss_b).await, [None, None], "not before it arrives");
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2]);

    break_up(boss_b, a.box_id(), "").await.unwrap();
    // The word of the recipient counts at once, delivered or not.
    let (status, text) = refused(boss_a.post(&letter("второе")).await);
    assert_eq!(status, 409);
    assert!(text.contains(BLOCKED), "{text}");
    world.drain().await;
    let revocation = RevocationRequestAttachment {
        parent_entity_id: message.entities[0].entity_id.clone(),
        signed_content: test_signed(PAPER),
        labels: Vec::new(),
    };
    let patch = MessagePatchToPostV2 {
        message_id: message.message_id.clone(),
        revocation_requests: vec![revocation],
        ..MessagePatchToPostV2::default()
    };
    assert!(refused(boss_a.patch(patch).await).1.contains(BLOCKED));
    // Who broke up may still write: and is written to when they do not mind.
    boss_b.sign(&message.message_id, &message.entities[0].entity_id).await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(RejectsMe), Some(IsRejectedByMe)], "documents mend nothing");
    world.end().await;
}

#[tokio::test]
async fn a_group_leads_its_members_to_its_departments() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let boss_b = world.known_person(b.box_id(), b.boss.user_id, "boss").await;
    invite(&a.boss, b.box_id(), "").await.unwrap();
    world.drain().await;
    let query = potok_testkit::sdk::api::methods::CounteragentGroupQuery::new(
        b.box_id(),
        DepartmentId::ZERO.to_string(),
    );
    let only_sales = CounteragentGroupToUpdate {
        name: None,
        group_departments: Some(CounteragentGroupDepartmentPatch {
            any_department: false,
            departments: Some(DepartmentsInGroup { department_ids: vec![sales.to_string()] }),
        }),
    };
    boss_b.client.update_counteragent_group(&query, only_sales).await.unwrap();
    let seen = seen_by(&a.boss, b.box_id()).await.unwrap();
    assert_eq!(seen.organization.departments.len(), 1);

    let mut letter = Letter::new(a.box_id(), b.box_id()).comment("в правление");
    letter.0.to_department_id = Some(DepartmentId::ZERO.to_string());
    let (status, text) = refused(a.boss.post(&letter).await);
    assert_eq!(status, 409);
    assert!(
        text.contains("MessageToPost.ToDepartmentId") && text.contains(&DepartmentId::ZERO.to_string()),
        "{text}"
    );
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id()).comment("куда-нибудь")).await.unwrap();
    world.drain().await;
    let body = json!({"Requests": [{"DocumentId": {
        "MessageId": message.message_id, "EntityId": message.entities[0].entity_id,
    }}]});
    let shown = crate::docflows::ok(&world, &boss_b, "/V4/GetDocflows", &body).await;
    assert_eq!(shown["Documents"][0]["DocumentInfo"]["DepartmentId"], sales.to_string());
    world.end().await;
}

#[tokio::test]
async fn where_partners_are_required_strangers_are_refused() {
    let world = World::start_with(WorldOptions {
        settings: Box::new(|settings| settings.app.partners_only = true),
        ..WorldOptions::default()
    })
    .await;
    let (a, b) = world.two_sides().await;
    let (boss_a, boss_b) = (&a.boss, &b.boss);
    let letter = Letter::new(a.box_id(), b.box_id());
    let (status, text) = refused(boss_a.post(&letter).await);
    assert_eq!(status, 409);
    assert!(text.contains(STRANGERS), "{text}");
    invite(boss_a, b.box_id(), "").await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), Some(InvitesMe)], "nobody agrees by itself");
    assert!(refused(boss_a.post(&letter).await).1.contains(STRANGERS));
    invite(boss_b, a.box_id(), "").await.unwrap();
    world.drain().await;
    boss_a.post(&letter).await.unwrap();
    world.drain().await;
    world.end().await;
}
