//! Keys that the server holds, at the real binary: the second factor at the command line.

use std::path::Path;

use potok_sdk::Client;
use potok_sdk::api::methods::{
    BoxTaskQuery, CloudSignConfirmQuery, CloudSignQuery, DssSignV1Query, TaskQuery,
};
use potok_sdk::proto::dss::{DssOperationStatus, DssSignFile, DssSignRequest};
use potok_sdk::proto::{CloudSignFile, CloudSignRequest, ContentV2, ContentV3};
use tempfile::TempDir;

use crate::demo::{Demo, organizations};
use crate::process::{Served, admin};

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
