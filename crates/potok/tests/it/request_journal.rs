//! The last requests of a server, shown by `potok journal`.

use std::process::Output;
use std::sync::Arc;

use potok::{Server, Settings};
use potok_types::{SystemClock, SystemEntropy};
use serde_json::Value;
use tempfile::TempDir;

use crate::installation::http;
use crate::process::potok;

async fn journal(folder: &TempDir, at: &str, words: &[&str]) -> Output {
    let mut command = tokio::process::Command::from(potok(folder.path()));
    command.args(["journal", "--at", at]).args(words).output().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_are_found_and_explained_and_secrets_are_not_kept() {
    let folder = TempDir::new().unwrap();
    let mut settings =
        Settings { metrics_listen: Some("127.0.0.1:0".to_owned()), ..Settings::new(folder.path()) };
    settings.http.request_journal = 100;
    let running = Server::start(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.unwrap();
    let at = running.metrics_address().unwrap().to_string();
    let base = running.base_url();
    let json = "application/json; charset=utf-8";
    let post = |path: &str, body: &'static str| {
        http().post(format!("{base}{path}")).bearer_auth("hunter2").header("Content-Type", json).body(body)
    };
    assert_eq!(post("/V3/PostMessage", r#"{"FromBoxId":"b"}"#).send().await.unwrap().status(), 401);
    let login = r#"{"login":"a","password":"hunter2"}"#;
    assert!(post("/V3/Authenticate?type=password", login).send().await.unwrap().status().is_client_error());
    assert_eq!(http().get(format!("{base}/nothing?token=hunter2")).send().await.unwrap().status(), 404);

    let told = journal(&folder, &at, &["--json"]).await;
    let all: Vec<Value> = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(all.len(), 3, "{all:#?}");
    assert_eq!((&all[2]["method"], &all[2]["status"]), (&"PostMessage V3".into(), &401.into()));
    assert!(all[2]["refusal"]["text"].as_str().is_some_and(|text| !text.is_empty()));
    assert_eq!(all[0]["target"], "/nothing?token=***");
    assert!(!String::from_utf8_lossy(&told.stdout).contains("hunter2"), "{all:#?}");
    let lines = journal(&folder, &at, &["--status", "4xx", "--method", "postmessage"]).await;
    let lines = String::from_utf8_lossy(&lines.stdout).into_owned();
    assert!(lines.lines().count() >= 2 && lines.contains("PostMessage V3"), "{lines}");
    let curl = journal(&folder, &at, &["--curl", "--method", "PostMessage"]).await;
    assert!(String::from_utf8_lossy(&curl.stdout).starts_with("curl -X POST \"$BASE\"'/V3/PostMessage'"));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_kept_unless_it_is_switched_on() {
    let folder = TempDir::new().unwrap();
    let settings =
        Settings { metrics_listen: Some("127.0.0.1:0".to_owned()), ..Settings::new(folder.path()) };
    let running = Server::start(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.unwrap();
    let at = running.metrics_address().unwrap().to_string();
    let told = journal(&folder, &at, &[]).await;
    assert!(!told.status.success());
    assert!(String::from_utf8_lossy(&told.stderr).contains("--request-journal"));
    running.stop().await;
}
