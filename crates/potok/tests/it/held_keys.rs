//! Keys that the server holds for people where it cannot read them: behind a program, and on a token.

use std::ffi::OsStr;
use std::path::Path;

use potok_sdk::Client;
use potok_sdk::api::methods::{BoxTaskQuery, DssSignV1Query};
use potok_sdk::proto::ContentV3;
use potok_sdk::proto::dss::{DssOperationStatus, DssSignFile, DssSignRequest, DssSignResult};
use serde_json::Value;
use tempfile::TempDir;

use crate::demo::{Demo, organizations};
use crate::process::{SERVE, Served, potok};
use crate::soft_token::{PIN, SoftToken};

const CONTRACT: &str = "Договор поставки\n";

/// Organizations, and the key of a person with its certificate.
struct Desk {
    folder: TempDir,
    demo: Demo,
    pki: Value,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let demo = organizations(folder.path());
        let pki = folder.path().join("people");
        let words = ["admin", "--json", "pki", "new", pki.to_str().unwrap(), "--algorithms", "rsa"];
        let output = potok(folder.path()).args(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let made: Value = serde_json::from_slice(&output.stdout).unwrap();
        std::fs::write(folder.path().join("contract.txt"), CONTRACT).unwrap();
        Self { demo, pki: made[0].clone(), folder }
    }

    fn key(&self) -> String {
        self.pki["people"][0].as_str().unwrap().to_owned()
    }

    fn certificate(&self) -> String {
        self.key().replace(".pem", ".crt")
    }

    /// Lets the server hold `key` for a user of the demonstration; what the administrator is told when it does not.
    fn hold(&self, key: &str, env: Option<(&str, &Path)>) -> Result<Value, String> {
        let certificate = self.certificate();
        let login = &self.demo.sides[0].login;
        let words = ["admin", "--json", "key", "add", "--user", login, "--key", key, "--unattended"];
        let mut command = potok(self.folder.path());
        let output = command.args(words).args(["--certificate", &certificate]).envs(env).output().unwrap();
        match output.status.success() {
            true => Ok(serde_json::from_slice(&output.stdout).unwrap()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }

    fn serve(&self, env: Option<(&str, &Path)>) -> Served {
        let env = env.map(|(name, value)| (OsStr::new(name), value.as_os_str()));
        Served::run(potok(self.folder.path()).args(SERVE).args(["--requests-per-second", "0"]).envs(env))
    }

    /// Signs the contract by the key that the server holds.
    async fn sign(&self, client: &Client) -> DssSignResult {
        let box_id = self.demo.sides[0].box_id;
        let content = ContentV3 { content: Some(CONTRACT.into()), ..ContentV3::default() };
        let files = vec![DssSignFile { content, file_name: Some("contract.txt".to_owned()) }];
        let begun = client.dss_sign(&DssSignV1Query::new(box_id), DssSignRequest { files }).await.unwrap();
        let query = BoxTaskQuery::new(box_id, begun.task_id.as_deref().unwrap());
        loop {
            let told = client.dss_sign_result(&query).await.unwrap();
            if told.operation_status() != DssOperationStatus::InProgress {
                return told;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Whether the signature is good, as the command line judges it.
    fn is_good(&self, signature: &[u8]) -> bool {
        std::fs::write(self.folder.path().join("contract.txt.p7s"), signature).unwrap();
        let text = |name: &str| self.pki[name].as_str().unwrap().to_owned();
        let (trust, revocation) = (text("trust"), text("revocation"));
        let authority = format!("{trust}/authority.pem");
        let words = ["verify", "contract.txt", "--trust", &trust, "--trust", &authority];
        let output = potok(self.folder.path())
            .args(words)
            .args(["--revocation", &revocation])
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.success(), said.contains("The signature is good"), "{said}");
        output.status.success()
    }

    /// Signs, and the signature is good.
    async fn check_signs(&self, client: &Client) {
        let told = self.sign(client).await;
        assert_eq!(told.operation_status(), DssOperationStatus::Completed);
        assert!(self.is_good(told.file_signing_results[0].signature.as_ref().unwrap()));
    }
}

#[tokio::test]
async fn a_program_may_hold_the_key_of_a_person() {
    let desk = Desk::new();
    // The program reads the key from a place of its own, so that it can lose it.
    let hidden = desk.folder.path().join("hidden.pem");
    std::fs::rename(desk.key(), &hidden).unwrap();
    let line = |path: &Path| {
        format!("command:openssl pkeyutl -sign -inkey {} -pkeyopt digest:sha256", path.display())
    };
    let refused = desk.hold("command:false", None).unwrap_err();
    assert!(refused.contains("false"), "{refused}");
    let other = line(Path::new(desk.pki["operator"].as_str().unwrap()));
    let refused = desk.hold(&other, None).unwrap_err();
    assert!(refused.contains("does not belong"), "{refused}");

    let held = desk.hold(&line(&hidden), None).unwrap();
    assert_eq!((&held["key"], &held["is_unattended"]), (&Value::from(line(&hidden)), &true.into()));
    let server = desk.serve(None);
    let client = desk.demo.client(&server, 0);
    desk.check_signs(&client).await;

    // What the program cannot do is no signature, and comes again when it can.
    std::fs::rename(&hidden, desk.key()).unwrap();
    let told = desk.sign(&client).await;
    assert_eq!(told.operation_status(), DssOperationStatus::Crashed);
    assert!(told.file_signing_results.is_empty());
    std::fs::rename(desk.key(), &hidden).unwrap();
    desk.check_signs(&client).await;
    let (status, log) = server.end();
    assert!(status.success());
    let why = log.iter().any(|line| line.to_string().contains("a key of a user cannot be used"));
    assert!(why, "the administrator is told: {log:?}");
}

#[tokio::test]
async fn a_token_may_hold_the_key_of_a_person() {
    let desk = Desk::new();
    let Some(token) = SoftToken::new(desk.folder.path()) else { return };
    token.import(&desk.key(), "person", "01");
    std::fs::remove_file(desk.key()).unwrap();
    let (rest, env) = (token.query(), Some(token.env()));
    let refused = desk.hold(&format!("pkcs11:token=My%20token;object=other{rest}"), env).unwrap_err();
    assert!(refused.contains("0 such private keys"), "{refused}");

    let key = format!("pkcs11:token=My%20token;object=person{rest}");
    let held = desk.hold(&key, env).unwrap();
    assert_eq!(held["key"], key.as_str());
    assert!(!held.to_string().contains(PIN), "the PIN is in nobody's answer: {held}");
    let server = desk.serve(env);
    let client = desk.demo.client(&server, 0);
    desk.check_signs(&client).await;
    desk.check_signs(&client).await;
    let (status, log) = server.end();
    assert!(status.success());
    assert!(!format!("{log:?}").contains(PIN), "nor in the log");
}
