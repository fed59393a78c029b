//! The real binary.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;
use tempfile::TempDir;

use crate::installation::http;

pub(crate) fn potok(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_potok"));
    for variable in potok::settings::VARIABLES {
        command.env_remove(variable);
    }
    command.env("POTOK_DATA", data);
    command
}

/// The words of a server on a free port.
pub(crate) const SERVE: [&str; 5] = ["serve", "--listen", "127.0.0.1:0", "--log-format", "json"];

/// Runs a command to its end; its standard output as JSON.
pub(crate) fn admin(data: &Path, words: &[&str]) -> Result<Value, String> {
    let output = potok(data).args(["admin", "--json"]).args(words).output().unwrap();
    match output.status.success() {
        true => Ok(serde_json::from_slice(&output.stdout).unwrap()),
        false => Err(String::from_utf8(output.stderr).unwrap()),
    }
}

/// Kills a command when it has said so many lines with `word` in them. Whether it ended by itself before, and well.
pub(crate) fn killed_after(command: &mut Command, word: &str, lines: usize) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let told = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let seen = told.filter(|line| line.contains(word)).take(lines).count();
    if seen < lines {
        assert!(child.wait().unwrap().success());
        return true;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    false
}

/// A server process with its address and the thread that collects its log; killed when the test fails.
pub(crate) struct Served(Child, String, Option<JoinHandle<Vec<Value>>>);

impl Served {
    pub(crate) fn start(data: &Path, rest: &[&str]) -> Self {
        Self::run(potok(data).args(SERVE).args(rest))
    }

    /// Runs `command`, which becomes a server.
    pub(crate) fn run(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok)
            // A server that is killed may leave half a line.
            .map_while(|line| serde_json::from_str::<Value>(&line).ok());
        let mut lines: Vec<Value> = Vec::new();
        let mut seen = log.by_ref().inspect(|line| lines.push(line.clone()));
        let address = seen.find_map(|line| line["address"].as_str().map(str::to_owned));
        let address = format!("http://{}", address.expect("the server says where it listens"));
        let rest = std::thread::spawn(move || {
            lines.extend(log);
            lines
        });
        Self(child, address, Some(rest))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        self.1.clone()
    }

    /// Of its process.
    pub(crate) fn id(&self) -> String {
        self.0.id().to_string()
    }

    /// Sends it the signal to stop.
    pub(crate) fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.id()]).status().unwrap().success());
    }

    /// Asks it to stop; how it ended, and its log.
    pub(crate) fn end(self) -> (ExitStatus, Vec<Value>) {
        self.terminate();
        self.ended()
    }

    /// Waits until it has ended by what it was told before; how, and its log.
    pub(crate) fn ended(mut self) -> (ExitStatus, Vec<Value>) {
        let status = self.0.wait().unwrap();
        (status, self.2.take().unwrap().join().unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn an_administrator_works_while_the_server_runs() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let organization =
        admin(data, &["organization", "create", "--name", "АО «Лютик»", "--inn", "7802000020"]).unwrap();
    let box_id = organization["box_id"].as_str().unwrap();

    let served = Served::start(data, &[]);
    let department = admin(data, &["department", "create", "--box", box_id, "--name", "Склад"]).unwrap();
    let words = ["user", "create", "--login", "a@b.example", "--last-name", "А", "--first-name", "Б"];
    admin(data, &words).unwrap();
    let department = department["department_id"].as_str().unwrap();
    let words = ["employee", "add", "--box", box_id, "--user", "a@b.example", "--access", "selected"];
    let employee =
        admin(data, &[&words[..], &["--selected", department, "--may", "create,sign"]].concat()).unwrap();
    assert_eq!(employee["access"], "SelectedDepartments");
    let client = admin(data, &["client", "create", "--name", "Tests"]).unwrap();
    let client = client["client_id"].as_str().unwrap();
    let token = admin(data, &["token", "issue", "--user", "a@b.example", "--client", client]).unwrap();
    let token = token["access_token"].as_str().unwrap();

    let call = async || {
        let url = format!("{}/GetLastEvent?boxId={box_id}", served.1);
        http().get(url).bearer_auth(token).send().await.unwrap().status().as_u16()
    };
    assert_eq!(call().await, 204);
    let stages = format!("a@b.example,{department}");
    let words = ["route", "create", "--box", box_id, "--name", "Акты", "--stages", &stages];
    let route = admin(data, &words).unwrap();
    assert_eq!(route["stages"][1]["name"], "Склад");
    let listed = admin(data, &["route", "list", "--box", box_id]).unwrap();
    assert_eq!(listed[0], route);
    admin(data, &["route", "delete", "--box", box_id, route["route_id"].as_str().unwrap()]).unwrap();
    assert_eq!(admin(data, &["route", "list", "--box", box_id]).unwrap(), Value::Array(Vec::new()));
    admin(data, &["box", "suspend", box_id]).unwrap();
    assert_eq!(call().await, 402);
    admin(data, &["box", "resume", box_id]).unwrap();
    assert_eq!(call().await, 204);
    for words in [
        &["box", "block", box_id][..],
        &["box", "block", box_id, "--now"],
        &["box", "liquidate", box_id, "--on", "2026-01-31"],
        &["box", "unblock", box_id],
    ] {
        assert_eq!(admin(data, words).unwrap()["is_restricted"], words[1] != "unblock");
    }
    assert_eq!(admin(data, &["organization", "list"]).unwrap()[0]["departments"][0]["name"], "Склад");
    assert_eq!(admin(data, &["user", "list"]).unwrap()[0]["login"], "a@b.example");

    let (status, log) = served.end();
    assert!(status.success(), "SIGTERM is a graceful end");
    let calls: Vec<&Value> = log.iter().filter(|line| line["message"] == "answered").collect();
    let statuses: Vec<u64> = calls.iter().map(|call| call["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [204, 402, 204]);
    for call in calls {
        assert_eq!((&call["method"], &call["client_id"]), (&"GetLastEvent".into(), &client.into()));
        assert_eq!(call["box_id"], box_id);
        assert!(call["duration_us"].is_u64() && call["trace_id"].as_str().is_some_and(|id| id.len() == 32));
    }
    assert!(log.iter().all(|line| !line.to_string().contains(token)), "tokens do not belong into logs");
    assert_eq!(log.last().unwrap()["message"], "stopped");
}

#[test]
fn mistakes_are_told_in_words() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    admin(data, &["organization", "create", "--name", "АО «Лютик»", "--inn", "7802000020"]).unwrap();
    for (words, text) in [
        (&["organization", "create", "--name", "А", "--inn", "77"][..], "inn"),
        (&["organization", "create", "--name", "Б", "--inn", "7802000020"], "2BM-7802000020"),
        (&["box", "suspend", "4c422f4e-7ecd-492d-a652-3aa45007da1b"], "there is no box"),
        (&["token", "issue", "--user", "nobody", "--client", "x"], "nobody"),
        (&["box", "suspend", "nonsense"], "nonsense"),
        (&["box", "liquidate", "4c422f4e-7ecd-492d-a652-3aa45007da1b", "--on", "2026-02-30"], "2026-02-30"),
        (&["box", "block", "4c422f4e-7ecd-492d-a652-3aa45007da1b"], "there is no box"),
    ] {
        let error = admin(data, words).unwrap_err();
        assert!(error.contains(text), "{error}");
    }
    let output = potok(data).args(["serve", "--listen", "nonsense"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("--listen"));
    let output = potok(data)
        .args(["serve", "--listen", "127.0.0.1:0", "--retire", "GetEvent V9=2026-01-01"])
        .output()
        .unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("GetEvent V9"));
}

#[test]
fn one_server_per_folder() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path(), &[]);
    let second = potok(folder.path()).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8(second.stderr).unwrap().contains("another server"));
    assert!(served.end().0.success());
}

#[tokio::test]
async fn settings_come_from_flag_environment_and_file_in_that_order() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("potok.toml");
    std::fs::write(&file, "[retire]\n\"GetMessage V5\" = \"2020-01-01\"\n").unwrap();
    let status = async |served: &Served, path: &str| {
        http().get(format!("{}{path}", served.1)).send().await.unwrap().status().as_u16()
    };
    let config = file.to_str().unwrap();
    let served = Served::start(&folder.path().join("a"), &["--config", config]);
    assert_eq!(status(&served, "/V5/GetMessage").await, 410);
    assert_eq!(status(&served, "/V2/GetEvent").await, 401);
    drop(served);
    let served =
        Served::start(&folder.path().join("b"), &["--config", config, "--retire", "GetEvent V2=2020-01-01"]);
    assert_eq!(status(&served, "/V5/GetMessage").await, 401);
    assert_eq!(status(&served, "/V2/GetEvent").await, 410);
}

#[test]
fn every_signature_of_the_demonstration_is_good() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    // What another run left, readable by everybody.
    std::fs::write(data.join("demo.json.new"), "{}").unwrap();
    let output = potok(data).args(["demo", "--listen", "127.0.0.1:0", "--once"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    crate::private::check(data);
    let text = String::from_utf8(output.stdout).unwrap();
    for words in [
        "signed by Ромашкина Анна, ООО «Ромашка»",
        "signed by Лютиков Борис, АО «Лютик»",
        "signed by Тестовый оператор без юридической силы",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let notes: Value = serde_json::from_slice(&std::fs::read(data.join("demo.json")).unwrap()).unwrap();
    let files = data.join("demo-files").join(notes["exchange"]["message_id"].as_str().unwrap());
    // Each side: document, receipt, title; the confirmations of what it posted, and those of what it got.
    for (side, families) in [
        (
            "seller",
            [
                ("ON_NSCHFDOPPR", 1),
                ("ON_NSCHFDOPPOK", 1),
                ("DP_IZVPOL", 1),
                ("DP_PDPOL", 1),
                ("DP_PDOTPR", 2),
            ],
        ),
        (
            "buyer",
            [
                ("ON_NSCHFDOPPR", 1),
                ("ON_NSCHFDOPPOK", 1),
                ("DP_IZVPOL", 1),
                ("DP_PDPOL", 2),
                ("DP_PDOTPR", 1),
            ],
        ),
    ] {
        let folder = files.join(side);
        for form in ["print-form.pdf", "protocol.pdf"] {
            assert!(std::fs::read(folder.join(form)).unwrap().starts_with(b"%PDF-"), "{side} {form}");
        }
        let output = potok(data)
            .args(["verify", "protocol.pdf", "--trust"])
            .arg(data.join("test-pki").join("trust"))
            .current_dir(&folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let names: Vec<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".xml"))
            .collect();
        for (family, count) in families {
            let of_family = names.iter().filter(|name| name.starts_with(&format!("{family}_"))).count();
            assert_eq!(of_family, count, "{side} {family}: {text}");
        }
        for name in names {
            let output = potok(data)
                .args(["verify", &name, "--trust"])
                .arg(data.join("test-pki").join("trust"))
                .current_dir(&folder)
                .output()
                .unwrap();
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

#[test]
fn the_demonstration_can_be_repeated_on_the_same_folder() {
    let folder = TempDir::new().unwrap();
    let run = || {
        let output =
            potok(folder.path()).args(["demo", "--listen", "127.0.0.1:0", "--once"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        for word in
            ["ООО «Ромашка»", "АО «Лютик»", "finished", "/V2/GetDocflows?boxId=", "/V2/GetEvent?boxId="]
        {
            assert!(text.contains(word), "{word}: {text}");
        }
        let notes = std::fs::read(folder.path().join("demo.json")).unwrap();
        serde_json::from_slice::<Value>(&notes).unwrap()
    };
    let (first, second) = (run(), run());
    for user in first["users"].as_array().unwrap() {
        for field in ["login", "password", "box_id", "organization", "refresh_token"] {
            assert!(user[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
        }
    }
    assert_eq!(first["users"], second["users"]);
    assert_eq!(first["client_secret"], second["client_secret"]);
    assert_ne!(first["exchange"], second["exchange"], "each run sends a message of its own");
    // Somebody threw the notes away.
    std::fs::remove_file(folder.path().join("demo.json")).unwrap();
    assert_ne!(run()["users"][0]["login"], first["users"][0]["login"]);
}

#[test]
fn a_database_is_brought_up_to_date_only_when_no_server_runs_on_it() {
    let folder = TempDir::new().unwrap();
    // What a server of an older program holds, before the database is as this one wants it.
    let lock = std::fs::File::create(folder.path().join("serve.lock")).unwrap();
    lock.try_lock().unwrap();
    let error = admin(folder.path(), &["organization", "list"]).unwrap_err();
    assert!(error.contains("server of an older one") && error.contains("stop that server first"), "{error}");
    assert!(!folder.path().join("potok.db").exists(), "nothing was done");
    drop(lock);
    admin(folder.path(), &["organization", "list"]).unwrap();
    // Where there is nothing to bring up to date, a server may run.
    let served = Served::start(folder.path(), &[]);
    admin(folder.path(), &["organization", "list"]).unwrap();
    assert!(served.end().0.success());
}
