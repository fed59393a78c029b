//! Workflows 8, 14 and 15: no type is posted with them today, and what was posted with them goes on. The words are kept in
//! `testdata/left_behind.txt`; `POTOK_BLESS=1` takes what is now.

use potok_testkit::sdk::api::methods::EntityQuery;
use potok_testkit::sdk::proto::events::{DocumentAttachment, RecipientTitleAttachment};
use potok_testkit::{Letter, Org, PAPER, World, formal, test_signed};
use potok_types::{EntityId, MessageId};

use crate::actions::{Patch, Scene, amendment, receipt, rejection, revocation, signature};

fn titled(a: &Org, b: &Org, type_named_id: &str) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments = vec![formal(DocumentAttachment {
        signed_content: test_signed(PAPER),
        type_named_id: type_named_id.to_owned(),
        ..DocumentAttachment::default()
    })];
    letter
}

fn title(parent: &str) -> Patch {
    let title = RecipientTitleAttachment {
        parent_entity_id: parent.to_owned(),
        signed_content: test_signed(PAPER),
        ..RecipientTitleAttachment::default()
    };
    Patch { recipient_titles: vec![title], ..Patch::default() }
}

fn signs(parent: &str) -> Patch {
    Patch { signatures: signature(parent), ..Patch::default() }
}

fn refuses(parent: &str) -> Patch {
    Patch { xml_signature_rejections: rejection(parent), ..Patch::default() }
}

fn receipts(parent: &str) -> Patch {
    Patch { receipts: receipt(parent), ..Patch::default() }
}

fn amends(parent: &str) -> Patch {
    Patch { correction_requests: amendment(parent), ..Patch::default() }
}

fn revokes(parent: &str) -> Patch {
    Patch { revocation_requests: revocation(parent), ..Patch::default() }
}

/// Everything, in one format.
async fn story(is_json: bool) -> String {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sides = (&a, &b);
    let (sender, recipient) = (&a.boss, &b.boss);
    let mut told = String::new();

    let act = || (titled(&a, &b, "XmlAcceptanceCertificate"), 8);
    let mut scene = Scene::left_behind(&world, sides, is_json, "8: a title and no receipts", act()).await;
    let d = scene.document.clone();
    scene.step(recipient, "signature where a title is awaited", signs(&d)).await;
    scene.step(recipient, "receipt", receipts(&d)).await;
    scene.step(recipient, "title", title(&d)).await;
    let made = scene.made("title");
    scene.step(sender, "receipt for the title", receipts(&made)).await;
    scene.step(recipient, "title again", title(&d)).await;
    scene.step(recipient, "revocation", revokes(&d)).await;
    let made = scene.made("revocation");
    scene.step(sender, "agreement", signs(&made)).await;
    told += &scene.told;

    let mut scene = Scene::left_behind(&world, sides, is_json, "8: refused", act()).await;
    let d = scene.document.clone();
    scene.step(recipient, "amendment", amends(&d)).await;
    let made = scene.made("amendment");
    scene.step(sender, "receipt for the amendment", receipts(&made)).await;
    scene.step(recipient, "refusal", refuses(&d)).await;
    scene.step(recipient, "title after it", title(&d)).await;
    told += &scene.told;

    let plain = || (Letter::new(a.box_id(), b.box_id()).wants_receipt(), 14);
    let mut scene =
        Scene::left_behind(&world, sides, is_json, "14: a receipt and a signature", plain()).await;
    let d = scene.document.clone();
    scene.step(sender, "receipt of the sender", receipts(&d)).await;
    scene.step(recipient, "signature", signs(&d)).await;
    scene.step(recipient, "receipt", receipts(&d)).await;
    scene.step(recipient, "receipt again", receipts(&d)).await;
    told += &scene.told;

    let mut scene = Scene::left_behind(&world, sides, is_json, "14: refused", plain()).await;
    let d = scene.document.clone();
    scene.step(recipient, "refusal", refuses(&d)).await;
    scene.step(recipient, "receipt", receipts(&d)).await;
    told += &scene.told;

    let mut scene =
        Scene::left_behind(&world, sides, is_json, "14: an amendment is answered by a receipt", plain())
            .await;
    let d = scene.document.clone();
    scene.step(recipient, "amendment", amends(&d)).await;
    let made = scene.made("amendment");
    scene.step(recipient, "receipt of who asked", receipts(&made)).await;
    scene.step(sender, "receipt for the amendment", receipts(&made)).await;
    scene.step(sender, "revocation", revokes(&d)).await;
    told += &scene.told;

    let invoice = || (titled(&a, &b, "Invoice"), 15);
    let mut scene = Scene::left_behind(&world, sides, is_json, "15: the operator confirms", invoice()).await;
    let d = scene.document.clone();
    scene.step(recipient, "signature", signs(&d)).await;
    scene.step(recipient, "refusal", refuses(&d)).await;
    scene.step(recipient, "receipt", receipts(&d)).await;
    let made = scene.made("receipt");
    scene.step(sender, "receipt for the receipt", receipts(&made)).await;
    scene.step(recipient, "amendment", amends(&d)).await;
    let made = scene.made("amendment");
    scene.step(sender, "receipt for the amendment", receipts(&made)).await;
    scene.step(sender, "revocation", revokes(&d)).await;
    let made = scene.made("revocation");
    scene.step(recipient, "refusal to revoke", refuses(&made)).await;
    told += &scene.told;

    world.end().await;
    told
}

#[tokio::test]
async fn what_was_posted_with_workflows_of_no_type_goes_on_in_both_formats() {
    let told = story(false).await;
    assert_eq!(told, story(true).await);
    let told: String = told.lines().map(|line| potok_golden::wrapped(line, 0)).collect();
    potok_golden::check(potok_golden::path!("testdata/left_behind.txt"), told);
}

/// No type lets it be posted.
#[tokio::test]
async fn none_of_them_is_posted_today() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for (type_named_id, workflow) in [("XmlAcceptanceCertificate", 8), ("Nonformalized", 14), ("Invoice", 15)]
    {
        let mut letter = match type_named_id {
            "Nonformalized" => Letter::new(a.box_id(), b.box_id()),
            _ => titled(&a, &b, type_named_id),
        };
        letter.0.document_attachments[0].workflow_id = Some(workflow);
        let refused = a.boss.post(&letter).await.unwrap_err();
        crate::support::says(&refused, 400, "does not support workflow");
    }
    // What a program left of them is listed with what may be done.
    let plain = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_receipt()).await.unwrap();
    let posted: MessageId = plain.message_id.parse().unwrap();
    let left = world.left_behind(a.box_id(), posted, 14).await;
    world.drain().await;
    let document: EntityId = plain.entities[0].entity_id.parse().unwrap();
    let query = EntityQuery::new(b.box_id(), left, document);
    let in_protobuf = b.boss.client.get_document_actions(&query).await.unwrap().actions.len();
    let in_json = b.boss.json.get_document_actions(&query).await.unwrap().actions.len();
    assert_eq!((in_protobuf, in_protobuf > 5), (in_json, true));
    world.end().await;
}
