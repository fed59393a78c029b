//! What those who run a server have at hand besides the server: its settings explained, any call from a terminal, completions and
//! manual pages, the word to the service manager.

use std::os::unix::net::UnixDatagram;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{SERVE, Served, admin, potok};

pub(crate) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn settings_are_shown_with_their_origins_and_without_secrets() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("potok.toml");
    std::fs::write(&file, "burst = 7\nlog_every = 3\nstore = \"postgres://u:hunter2@db/potok\"\n").unwrap();
    let mut command = potok(folder.path());
    command.args(["config", "--stop-seconds", "5", "--config"]).arg(&file).env("POTOK_LOG_EVERY", "9");
    let output = command.args(["dump", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let file_origin = format!("file {}", file.display());
    for (name, value, origin) in [
        ("stop_seconds", "5", "flag --stop-seconds"),
        ("log_every", "9", "environment POTOK_LOG_EVERY"),
        ("burst", "7", &file_origin),
        ("store", "postgres://u:***@db/potok", &file_origin),
        ("listen", "127.0.0.1:8080", "default"),
        ("data", &folder.path().display().to_string(), "environment POTOK_DATA"),
    ] {
        assert_eq!((&told[name]["value"], &told[name]["origin"]), (&value.into(), &origin.into()), "{name}");
    }
    assert_eq!(told.as_object().unwrap().len(), potok::settings::FIELDS.len());
    assert!(!text(&output).contains("hunter2"));
}

#[test]
fn settings_are_checked_without_starting_anything() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let check = |words: &[&str]| potok(&data).arg("config").args(words).arg("check").output().unwrap();
    let good = check(&[]);
    assert!(good.status.success(), "{}", text(&good));
    assert!(!data.exists(), "nothing is made");
    for (words, complaint) in [
        (["--listen", "nowhere"], "listen: \"nowhere\""),
        (["--retire", "GetEvent V99=2026-11-10"], "GetEvent V99"),
        (["--trust", "/no/such/folder"], "trust: the folder /no/such/folder"),
        (["--log", "potok=loud"], "log: "),
    ] {
        let bad = check(&words);
        assert!(!bad.status.success() && text(&bad).contains(complaint), "{words:?}: {}", text(&bad));
    }
}

#[test]
fn any_method_is_called_from_a_terminal() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let organization = ["organization", "create", "--name", "АО «Лютик»", "--inn", "7802000020"];
    let box_id = admin(data, &organization).unwrap()["box_id"].as_str().unwrap().to_owned();
    admin(data, &["user", "create", "--login", "a@b", "--last-name", "А", "--first-name", "Б"]).unwrap();
    admin(data, &["employee", "add", "--box", &box_id, "--user", "a@b", "--access", "all"]).unwrap();
    let client = admin(data, &["client", "create", "--name", "Tests"]).unwrap()["client_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = admin(data, &["token", "issue", "--user", "a@b", "--client", &client]).unwrap();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let served = Served::start(data, &[]);
    let call = |words: &[&str]| {
        let mut command = potok(data);
        command.env("POTOK_URL", served.address()).env("POTOK_TOKEN", &token).arg("call");
        command.args(words).output().unwrap()
    };
    let shown = call(&["getmyorganizations"]);
    assert!(shown.status.success() && text(&shown).contains("АО «Лютик»"), "{}", text(&shown));
    let json = call(&["GetMyOrganizations", "--json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["Organizations"][0]["Inn"], "7802000020");
    let parameter = format!("boxId={box_id}");
    let events = call(&["GetDocflowEvents", &parameter, "--body", r#"{"Filter":{}}"#, "--json"]);
    assert!(events.status.success() && text(&events).contains("TotalCount"), "{}", text(&events));
    let refused = call(&["GetBox", "boxId=00000000-0000-0000-0000-000000000001"]);
    assert!(!refused.status.success() && text(&refused).contains("error: "), "{}", text(&refused));
    assert!(text(&call(&["GetBoxx"])).contains("no method \"GetBoxx\""));
    assert!(served.end().0.success());
}

#[test]
fn the_service_manager_is_told_when_the_server_is_ready_and_when_it_stops() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    let data = folder.path().join("data");
    let served = Served::run(potok(&data).args(SERVE).env("NOTIFY_SOCKET", &path));
    let heard = || {
        let mut bytes = [0; 64];
        let length = manager.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    assert_eq!(heard(), "READY=1");
    served.terminate();
    assert_eq!(heard(), "STOPPING=1");
    // A second signal would end it at once.
    assert!(served.ended().0.success());
}
