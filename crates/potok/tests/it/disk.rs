//! A disk that takes nothing, played by a limit on the size of files: no file of the server may grow.

use std::process::Command;

use rlimit::{INFINITY, Resource};
use serde_json::json;
use tempfile::TempDir;

use crate::installation::http;
use crate::process::{SERVE, Served, admin, potok};

const LOGIN: &str = "a@b.example";

struct Answer {
    status: u16,
    retry_after: Option<String>,
    text: String,
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    Answer { status: answer.status().as_u16(), retry_after, text: answer.text().await.unwrap() }
}

fn limit(served: &Served, bytes: u64) {
    let id = served.id().parse().unwrap();
    rlimit::prlimit(id, Resource::FSIZE, Some((bytes, INFINITY)), None).unwrap();
}

#[tokio::test]
async fn a_full_disk_is_told_and_heals() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let words = ["user", "create", "--login", LOGIN, "--last-name", "А", "--first-name", "Б"];
    let created =
        potok(data).args(["admin"]).args(words).env("POTOK_NEW_PASSWORD", "first").status().unwrap();
    assert!(created.success());
    let client = admin(data, &["client", "create", "--name", "Tests"]).unwrap();
    let client = client["client_id"].as_str().unwrap();
    let token = admin(data, &["token", "issue", "--user", LOGIN, "--client", client]).unwrap();
    let token = token["access_token"].as_str().unwrap();

    // Whoever hits the limit gets a signal, which would end the process if it were not ignored.
    let served = Served::run(
        Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_potok")])
            .args(SERVE)
            .env("POTOK_DATA", data),
    );
    let base = served.address();
    let login = async || {
        let request = http()
            .post(format!("{base}/V3/Authenticate?type=password"))
            .header("Authorization", format!("DiadocAuth ddauth_api_client_id={client}"))
            .header("Content-Type", "application/json")
            .body(json!({"login": LOGIN, "password": "first"}).to_string());
        answer(request).await
    };
    let ready = async || answer(http().get(format!("{base}/readyz"))).await;
    let shelf = async || {
        let url = format!("{base}/ShelfUpload?nameOnShelf=__userId__/a&isLastPart=1");
        answer(http().post(url).bearer_auth(token).body("bytes")).await
    };
    let me = async || answer(http().get(format!("{base}/V2/GetMyUser")).bearer_auth(token)).await;
    assert_eq!((login().await.status, ready().await.status, shelf().await.status), (200, 200, 200));

    limit(&served, 0);
    assert_eq!(ready().await.status, 200, "nobody has met the limit yet");
    for refused in [login().await, shelf().await] {
        assert_eq!((refused.status, refused.retry_after.as_deref()), (503, Some("10")), "{}", refused.text);
        assert!(refused.text.contains("takes no changes now"), "{}", refused.text);
    }
    let unready = ready().await;
    assert!(unready.status == 503 && unready.text.contains("disk is full"), "{}", unready.text);
    assert_eq!(me().await.status, 200, "what is there is read");
    assert_eq!(ready().await.status, 503, "until a change is written");

    limit(&served, INFINITY);
    assert_eq!(ready().await.status, 200, "the question itself has tried");
    assert_eq!((login().await.status, shelf().await.status), (200, 200));
    assert!(served.end().0.success());
}

/// The database is fine, and the folder of large contents is not: its disk is another one, or somebody took it away.
#[tokio::test]
async fn contents_that_cannot_be_kept_are_told_and_heal() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let words = ["user", "create", "--login", LOGIN, "--last-name", "А", "--first-name", "Б"];
    assert!(potok(data).args(["admin"]).args(words).status().unwrap().success());
    let client = admin(data, &["client", "create", "--name", "Tests"]).unwrap();
    let client = client["client_id"].as_str().unwrap();
    let token = admin(data, &["token", "issue", "--user", LOGIN, "--client", client]).unwrap();
    let token = token["access_token"].as_str().unwrap();
    let served = Served::run(Command::new(env!("CARGO_BIN_EXE_potok")).args(SERVE).env("POTOK_DATA", data));
    let base = served.address();
    let ready = async || answer(http().get(format!("{base}/readyz"))).await;
    let shelf = async || {
        let url = format!("{base}/ShelfUpload?nameOnShelf=__userId__/a&isLastPart=1");
        answer(http().post(url).bearer_auth(token).body("bytes")).await
    };
    assert_eq!(ready().await.status, 200);
    let contents = data.join("contents");
    std::fs::remove_dir_all(&contents).unwrap();
    std::fs::write(&contents, b"").unwrap();
    assert_eq!(ready().await.status, 200, "nobody has met the fault yet");
    assert_ne!(shelf().await.status, 200);
    for _ in 0..2 {
        let unready = ready().await;
        assert!(unready.status == 503 && unready.text.contains("folder of contents"), "{}", unready.text);
    }
    std::fs::remove_file(&contents).unwrap();
    assert_eq!(ready().await.status, 200, "the question itself has tried");
    assert_eq!(shelf().await.status, 200);
    assert!(served.end().0.success());
}
