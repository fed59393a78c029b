//! Rights that are taken back beside a running server, by the real binary.

use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::installation::http;
use crate::process::{Served, admin, potok};

const LOGIN: &str = "a@b.example";

/// A server with a user and a program, and both of their secrets.
struct Desk {
    folder: TempDir,
    served: Served,
    client: String,
    secret: String,
}

/// Runs a command that reads `input`.
fn admin_reading(data: &Path, words: &[&str], input: &str) -> Output {
    let mut child = potok(data)
        .args(["admin", "--json", "--log-format", "json"])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path();
        let words = ["user", "create", "--login", LOGIN, "--last-name", "А", "--first-name", "Б"];
        let made = admin_reading(data, &[&words[..], &["--password-file", "-"]].concat(), "first\nrest");
        assert!(made.status.success(), "{made:?}");
        let client = admin(data, &["client", "create", "--name", "Tests"]).unwrap();
        let text = |name: &str| client[name].as_str().unwrap().to_owned();
        let served = Served::start(data, &[]);
        Self { client: text("client_id"), secret: text("client_secret"), served, folder }
    }

    fn admin(&self, words: &[&str]) -> Value {
        admin(self.folder.path(), words).unwrap()
    }

    fn issue(&self) -> String {
        let token = self.admin(&["token", "issue", "--user", LOGIN, "--client", &self.client]);
        token["access_token"].as_str().unwrap().to_owned()
    }

    /// What a call with this token is answered.
    async fn call(&self, token: &str) -> (u16, String) {
        let url = format!("{}/V2/GetMyUser", self.served.address());
        let answer = http().get(url).bearer_auth(token).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// What a login by this password is answered: the token, or why there is none.
    async fn login(&self, password: &str) -> (u16, String) {
        let answer = http()
            .post(format!("{}/V3/Authenticate?type=password", self.served.address()))
            .header("Authorization", format!("DiadocAuth ddauth_api_client_id={}", self.client))
            .header("Content-Type", "application/json")
            .body(json!({"login": LOGIN, "password": password}).to_string())
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// What `/connect/token` answers to a refresh token.
    async fn refresh(&self, token: &str, secret: &str) -> (u16, Value) {
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={secret}&refresh_token={token}",
            self.client
        );
        let answer = http()
            .post(format!("{}/connect/token", self.served.address()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }
}

#[tokio::test]
async fn a_blocked_user_is_out_at_once() {
    let desk = Desk::new();
    let token = desk.issue();
    let (status, bought) = desk.login("first").await;
    assert_eq!((status, desk.call(&bought).await.0, desk.call(&token).await.0), (200, 200, 200));

    assert_eq!(desk.admin(&["user", "block", LOGIN])["revoked"], 2);
    let (status, text) = desk.call(&token).await;
    assert!(status == 401 && text.starts_with("Invalid auth token"), "{status} {text}");
    let (status, text) = desk.login("first").await;
    assert!(status == 401 && text.contains("blocked by the administrator"), "{status} {text}");
    assert_eq!(desk.admin(&["user", "list"])[0]["is_blocked"], true);
    let refused = admin(desk.folder.path(), &["token", "issue", "--user", LOGIN, "--client", &desk.client]);
    assert!(refused.unwrap_err().contains("user unblock"));

    desk.admin(&["user", "unblock", LOGIN]);
    let (status, again) = desk.login("first").await;
    assert_eq!((status, desk.call(&again).await.0, desk.call(&token).await.0), (200, 200, 401));
}

#[tokio::test]
async fn a_blocked_program_is_out_at_once() {
    let desk = Desk::new();
    let token = desk.issue();
    desk.admin(&["client", "block", &desk.client]);
    let (status, text) = desk.call(&token).await;
    assert!(status == 403 && text.contains(&desk.client) && text.contains("blocked"), "{status} {text}");
    assert_eq!(desk.login("first").await.0, 403);
    assert_eq!(desk.admin(&["client", "list"])[0]["is_blocked"], true);
    desk.admin(&["client", "unblock", &desk.client]);
    assert_eq!((desk.call(&token).await.0, desk.login("first").await.0), (200, 200));

    let words = ["token", "issue", "--user", LOGIN, "--client", &desk.client, "--refresh"];
    let refresh = desk.admin(&words)["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(desk.refresh(&refresh, &desk.secret).await.0, 200);
    let renewed = desk.admin(&["client", "renew-secret", &desk.client]);
    let secret = renewed["client_secret"].as_str().unwrap();
    assert_eq!(desk.call(&token).await.0, 401);
    assert_eq!(desk.refresh(&refresh, &desk.secret).await.1["error"], "invalid_client");
    assert_eq!(desk.refresh(&refresh, secret).await.1["error"], "invalid_grant");
    for words in [["client", "block", "nobody"], ["client", "renew-secret", "nobody"]] {
        assert!(admin(desk.folder.path(), &words).unwrap_err().contains("client list"));
    }
}

#[tokio::test]
async fn another_password_ends_what_the_old_one_bought() {
    let desk = Desk::new();
    let token = desk.issue();
    let words = ["user", "password", LOGIN, "--password-file", "-"];
    let changed = admin_reading(desk.folder.path(), &words, "second\r\n");
    assert!(changed.status.success(), "{changed:?}");
    assert_eq!(desk.call(&token).await.0, 401);
    assert_eq!(desk.login("first").await, (401, "Wrong password provided for login".to_owned()));
    assert_eq!(desk.login("second").await.0, 200);
    desk.admin(&["user", "password", LOGIN, "--none"]);
    assert_eq!(desk.login("second").await.0, 401);
    let file = desk.folder.path().join("password");
    std::fs::write(&file, "third").unwrap();
    desk.admin(&["user", "password", LOGIN, "--password-file", file.to_str().unwrap()]);
    assert_eq!(desk.login("third").await.0, 200);

    // The change is a line of the log, and the password stands nowhere.
    let log = String::from_utf8(changed.stderr).unwrap();
    let line: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(line["message"], "an administrator changed the data");
    assert_eq!((&line["change"], &line["subject"]), (&json!("user.password"), &json!(LOGIN)));
    assert!(!log.contains("second"));
}

#[test]
fn a_password_among_the_words_of_a_command_is_refused() {
    let folder = TempDir::new().unwrap();
    let words = ["user", "create", "--login", LOGIN, "--last-name", "А", "--first-name", "Б"];
    let error = admin(folder.path(), &[&words[..], &["--password", "x"]].concat()).unwrap_err();
    assert!(error.contains("--password-file FILE") && error.contains("POTOK_NEW_PASSWORD"), "{error}");
    assert_eq!(admin(folder.path(), &["user", "list"]).unwrap(), json!([]), "nothing was done");
    let empty = admin_reading(folder.path(), &[&words[..], &["--password-file", "-"]].concat(), "\n");
    assert!(String::from_utf8(empty.stderr).unwrap().contains("first line"));
    admin(folder.path(), &words).unwrap();
    assert!(admin(folder.path(), &["user", "password", LOGIN]).unwrap_err().contains("--password-file"));
}

#[tokio::test]
async fn tokens_are_listed_and_revoked() {
    let desk = Desk::new();
    let (first, second) = (desk.issue(), desk.issue());
    let words = ["token", "issue", "--user", LOGIN, "--client", &desk.client, "--refresh"];
    let refresh = desk.admin(&words)["refresh_token"].as_str().unwrap().to_owned();
    let (_, bought) = desk.refresh(&refresh, &desk.secret).await;
    let bought = bought["access_token"].as_str().unwrap();
    assert_eq!(desk.call(bought).await.0, 200);

    let listed = desk.admin(&["token", "list", "--user", LOGIN, "--client", &desk.client]);
    let listed = listed.as_array().unwrap();
    let kinds: Vec<&Value> = listed.iter().map(|token| &token["kind"]).collect();
    assert_eq!(kinds.iter().filter(|kind| ***kind == "access").count(), 3, "{listed:?}");
    assert_eq!(kinds.iter().filter(|kind| ***kind == "refresh").count(), 2, "{listed:?}");
    for text in [&*first, &second, &refresh, bought] {
        assert!(!json!(listed).to_string().contains(text));
    }
    assert_eq!(desk.admin(&["token", "list", "--client", "nobody"]), json!([]));

    let id = listed.iter().find(|token| token["kind"] == "refresh").unwrap()["id"].as_str().unwrap();
    assert_eq!(desk.admin(&["token", "revoke", id])["revoked"], 3, "the chain, and what it bought");
    assert_eq!((desk.call(bought).await.0, desk.call(&first).await.0), (401, 200));
    assert_eq!(desk.refresh(&refresh, &desk.secret).await.1["error"], "invalid_grant");
    for words in [&["token", "revoke", id][..], &["token", "revoke", "12"], &["token", "revoke"]] {
        assert!(admin(desk.folder.path(), words).is_err(), "{words:?}");
    }
    assert_eq!(desk.admin(&["token", "revoke", "--user", LOGIN, "--client", "nobody"])["revoked"], 0);
    assert_eq!(desk.admin(&["token", "revoke", "--user", LOGIN])["revoked"], 2);
    assert_eq!((desk.call(&first).await.0, desk.call(&second).await.0), (401, 401));
    let last = desk.issue();
    assert_eq!(desk.admin(&["token", "revoke", "--all"])["revoked"], 1);
    assert_eq!(desk.call(&last).await.0, 401);
}

#[tokio::test]
async fn a_blocked_employee_is_out_of_one_box_and_keeps_the_rights() {
    let desk = Desk::new();
    let mut boxes = Vec::new();
    for (name, inn) in [("АО «Лютик»", "7802000020"), ("ООО «Ромашка»", "7701000010")] {
        let made = desk.admin(&["organization", "create", "--name", name, "--inn", inn]);
        let id = made["box_id"].as_str().unwrap().to_owned();
        desk.admin(&["employee", "add", "--box", &id, "--user", LOGIN, "--access", "all", "--may", "all"]);
        boxes.push(id);
    }
    let token = desk.issue();
    let call = async |box_id: &str| {
        let url = format!("{}/GetLastEvent?boxId={box_id}", desk.served.address());
        http().get(url).bearer_auth(&token).send().await.unwrap().status().as_u16()
    };
    desk.admin(&["employee", "block", "--box", &boxes[0], "--user", LOGIN]);
    assert_eq!((call(&boxes[0]).await, call(&boxes[1]).await), (403, 204));
    desk.admin(&["employee", "unblock", "--box", &boxes[0], "--user", LOGIN]);
    assert_eq!(call(&boxes[0]).await, 204, "all documents are seen again");
}
