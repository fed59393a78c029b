//! Keys that the server holds, at the real binary: the second factor at the command line, and work that a death cuts off.

use std::path::Path;
use std::sync::Arc;

use potok_sdk::Client;
use potok_sdk::api::methods::{
    AutoSignReceiptsQuery, BoxTaskQuery, CloudSignConfirmQuery, CloudSignQuery, DssSignV1Query,
    GetDocumentsQuery, OperationQuery, TaskQuery,
};
use potok_sdk::proto::dss::{DssOperationStatus, DssSignFile, DssSignRequest};
use potok_sdk::proto::{CloudSignFile, CloudSignRequest, ContentV2, ContentV3};
use tempfile::TempDir;

use crate::demo::{Demo, feed, organizations};
use crate::process::{Served, admin};

const RECEIPT: i32 = 27;
const LETTERS: usize = 12;
const ROUNDS: usize = 6;
/// A lease that died with its worker would last for a day: a server that starts frees it.
const SERVE: &[&str] = &["--requests-per-second", "0", "--log", "info", "--delivery-lease-seconds", "86400"];

/// Lets the server hold the operator's key of tests for the users of the demonstration.
fn hold(data: &Path, demo: &Demo) {
    let key = data.join("test-pki/operator.pem");
    for side in &demo.sides {
        let added =
            admin(data, &["key", "add", "--user", &side.login, "--key", key.to_str().unwrap()]).unwrap();
        assert_eq!((&added["user"], &added["is_unattended"]), (&side.login.as_str().into(), &false.into()));
    }
}

#[tokio::test]
async fn the_code_is_shown_at_the_command_line_and_nowhere_else() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let demo = organizations(data);
    hold(data, &demo);
    let server = Served::start(data, SERVE);
    let client = demo.client(&server, 0);
    let content = ContentV2 { content: Some("text".into()), ..ContentV2::default() };
    let files = vec![CloudSignFile { content: Some(content), file_name: Some("a.txt".to_owned()) }];
    let begun = client.cloud_sign(&CloudSignQuery::new(), CloudSignRequest { files }).await.unwrap();
    let task = begun.task_id.unwrap();
    let waiting = admin(data, &["key", "waiting", "--user", &demo.sides[0].login]).unwrap();
    assert_eq!((&waiting[0]["id"], &waiting[0]["what"][0]), (&task.as_str().into(), &"a.txt".into()));
    let refused = admin(data, &["key", "confirm", &task]).unwrap_err();
    assert!(refused.contains("by a code"), "{refused}");
    let code = admin(data, &["key", "code", &task]).unwrap()["code"].as_str().unwrap().to_owned();
    let token =
        client.cloud_sign_result(&TaskQuery::new(task.as_str())).await.unwrap().0.unwrap().token.unwrap();
    let confirm = CloudSignConfirmQuery::new(token.as_str(), code.as_str());
    let confirmed = client.cloud_sign_confirm(&confirm).await.unwrap().task_id.unwrap();
    let query = TaskQuery::new(confirmed.as_str());
    let made = loop {
        if let Some(made) = client.cloud_sign_confirm_result(&query).await.unwrap().0 {
            break made;
        }
        tokio::task::yield_now().await;
    };
    assert!(made.signatures[0].content.as_ref().is_some_and(|bytes| !bytes.is_empty()));

    // The other way to say it; and the list of keys shows no secret.
    let task = sign(&client, &demo).await.unwrap();
    admin(data, &["key", "refuse", &task]).unwrap();
    let query = BoxTaskQuery::new(demo.sides[0].box_id, task.as_str());
    let told = client.dss_sign_result(&query).await.unwrap();
    assert_eq!(told.operation_status(), DssOperationStatus::CanceledByUser);
    let listed = admin(data, &["key", "list"]).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains("PRIVATE"), "{listed}");
    let thumbprint = listed[0]["thumbprint"].as_str().unwrap();
    admin(data, &["key", "remove", "--user", listed[0]["user"].as_str().unwrap(), thumbprint]).unwrap();
    assert_eq!(admin(data, &["key", "list"]).unwrap().as_array().unwrap().len(), 1);
    let (status, log) = server.end();
    assert!(status.success());
    let log = format!("{log:?}");
    assert!(!log.contains(&code) && !log.contains("PRIVATE"), "no secret stands in the log");
}

async fn sign(client: &Client, demo: &Demo) -> Option<String> {
    let content = ContentV3 { content: Some("text".into()), ..ContentV3::default() };
    let files = vec![DssSignFile { content, file_name: None }];
    let query = DssSignV1Query::new(demo.sides[0].box_id);
    client.dss_sign(&query, DssSignRequest { files }).await.ok()?.task_id
}

/// Receipts in the box of the second.
async fn receipts(client: &Client, demo: &Demo) -> usize {
    let events = feed(client, demo.sides[1].box_id).await.into_iter();
    let entities = events.filter_map(|event| event.patch).flat_map(|patch| patch.entities);
    entities.filter(|entity| entity.attachment_type() as i32 == RECEIPT).count()
}

/// Documents on which the second owes a receipt.
async fn owed(client: &Client, demo: &Demo) -> usize {
    let mut query = GetDocumentsQuery::new(demo.sides[1].box_id, "Any.InboundHaveToCreateReceipt");
    query.count = Some(100);
    client.get_documents_v3(&query).await.unwrap().documents.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_signed_once_however_often_the_server_dies() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let demo = Arc::new(organizations(data));
    // A person's key, whose certificate the server trusts: receipts name who signs.
    let pki = folder.path().join("people");
    let at = |name: &str| pki.join("p256").join(name).to_str().unwrap().to_owned();
    let words =
        ["pki", "new", pki.to_str().unwrap(), "--organization", "ООО «Ромашка»", "--inn", "7701000010"];
    admin(data, &[&words[..], &["--person", "Ромашкина Анна: Директор", "--algorithms", "p256"]].concat())
        .unwrap();
    for side in &demo.sides {
        let words = ["key", "add", "--user", &side.login, "--key", &at("people/1.pem"), "--unattended"];
        admin(data, &words).unwrap();
    }
    let (trust, lists) = (at("trust"), at("revocation"));
    let words = ["--trust", &trust, "--revocation-lists", &lists, "--test-signatures", "true"];
    let serve = [SERVE, &words[..]].concat();
    let (mut begun, mut receipted) = (Vec::new(), 0);
    for round in 0..ROUNDS {
        let server = Served::start(data, &serve);
        let (sender, receiver) = (demo.client(&server, 0), demo.client(&server, 1));
        let before = receipts(&receiver, &demo).await;
        for n in 0..LETTERS {
            let mut letter = demo.letter(&format!("{round} {n}"));
            letter.document_attachments[0].need_receipt = Some(true);
            sender.post_message_v3(&OperationQuery::new(), letter).await.unwrap();
        }
        // They have arrived when the other side owes their receipts.
        while owed(&receiver, &demo).await < LETTERS {
            tokio::task::yield_now().await;
        }
        let query = AutoSignReceiptsQuery::new(demo.sides[1].box_id);
        let task = receiver.auto_sign_receipts(&query).await.unwrap().task_id.unwrap();
        for _ in 0..=round {
            begun.extend(sign(&sender, &demo).await);
        }
        // Another moment each time: before the first receipt, in the middle, behind the last.
        while receipts(&receiver, &demo).await < before + round * LETTERS / (ROUNDS - 1) {
            tokio::task::yield_now().await;
        }
        drop(server);

        let server = Served::start(data, &serve);
        let receiver = demo.client(&server, 1);
        let query = TaskQuery::new(task.as_str());
        let done = loop {
            if let Some(done) = receiver.auto_sign_receipts_result(&query).await.unwrap().0 {
                break done;
            }
            tokio::task::yield_now().await;
        };
        receipted += usize::try_from(done.signed_receipts_count).unwrap();
        assert_eq!(
            receipts(&receiver, &demo).await,
            receipted,
            "each receipt is there once, and was counted"
        );
        assert!(server.end().0.success());
    }
    assert_eq!(receipted, ROUNDS * LETTERS);
    let server = Served::start(data, &serve);
    let client = demo.client(&server, 0);
    assert!(begun.len() >= ROUNDS);
    for task in &begun {
        let query = BoxTaskQuery::new(demo.sides[0].box_id, task.as_str());
        loop {
            let told = client.dss_sign_result(&query).await.unwrap();
            if told.operation_status() == DssOperationStatus::Completed {
                assert!(told.file_signing_results[0].signature.is_some());
                break;
            }
            assert_eq!(told.operation_status(), DssOperationStatus::InProgress);
            tokio::task::yield_now().await;
        }
    }
    assert!(server.end().0.success());
}
