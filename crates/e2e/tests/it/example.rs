//! The sample of the page `GetDocflows` (V2), in Rust, against a live server.

use std::process::Command;

use potok_testkit::app::admin::NewUser;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::{Letter, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_prints_whether_two_documents_are_finished() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut documents = Vec::new();
    for text in ["first", "second"] {
        let letter = Letter::new(a.box_id(), b.box_id()).wants_signature().comment(text);
        let message = a.boss.post(&letter).await.unwrap();
        documents.push((message.message_id.clone(), message.entities[0].entity_id.clone()));
    }
    world.drain().await;
    for (message, document) in &documents {
        b.boss.sign(message, document).await.unwrap();
    }
    world.drain().await;
    let user = NewUser {
        login: "reader".to_owned(),
        password: Some("secret".to_owned()),
        last_name: "Петров".to_owned(),
        first_name: "Пётр".to_owned(),
        ..NewUser::default()
    };
    let user = world.app().admin().create_user(user).await.unwrap();
    world.app().admin().put_employee(a.box_id(), user.id, "", Permissions::full()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("demo.json");
    let notes = json!({
        "base_url": world.base_url(),
        "api_client_id": world.program().id,
        "client_secret": world.program().secret,
        "users": [{ "login": "reader", "password": "secret", "box_id": a.box_id().to_string() }],
    });
    std::fs::write(&file, notes.to_string()).unwrap();

    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let name = |(message, document): &(String, String)| format!("{message}/{document}");
    let output = tokio::task::spawn_blocking(move || {
        Command::new(cargo)
            .args([
                "run",
                "--quiet",
                "--offline",
                "--locked",
                "-p",
                "potok-sdk",
                "--example",
                "get_docflows",
                "--",
            ])
            .arg(&file)
            // The second one as it was when it was sent.
            .args([name(&documents[0]), name(&documents[1]), documents[1].0.clone()])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "true\nfalse\n");
    world.end().await;
}
