//! Real client libraries complete every flow against the product. `make tools` puts them under `target/clients`, in the versions
//! and with the digests of the lock files in `crates/e2e/clients`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use potok_cms::enveloped_data;
use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::{KeyKind, UnixTime};
use potok_testkit::WorldOptions;
use potok_types::{Clock as _, SystemClock};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use crate::browser::Browser;
use crate::openid_place::{LOGGED_OUT, LOGIN, OpenidPlace, PASSWORD, PUBLIC, REDIRECT};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn tool(path: &str) -> PathBuf {
    let path = root().join("target/clients").join(path);
    assert!(path.exists(), "{} is missing: `make tools` puts it there", path.display());
    path
}

/// Somebody's certificate, which opens the account of the place.
async fn certificate(place: &OpenidPlace) -> Identity {
    let mut random = StdRng::seed_from_u64(5);
    let now = SystemClock.now().unix_seconds();
    let validity = Validity { from: UnixTime(now - 3600), to: UnixTime(now + 36_000) };
    let authority =
        Authority::root(&Subject::common_name("УЦ"), KeyKind::P256, validity, &mut random).unwrap();
    let subject = Subject::common_name("Орлова Анна");
    let identity =
        authority.issue_identity(&subject, KeyKind::Rsa2048, Role::Signer, validity, &mut random).unwrap();
    let pem = identity.certificate.to_pem();
    place.world.app().admin().add_certificate(place.user.id, pem.as_bytes()).await.unwrap();
    identity
}

/// Does what the script asks, as a browser and as whoever sits before it.
async fn answered(place: &OpenidPlace, browser: &Browser<'_>, identity: &Identity, asked: &Value) -> Value {
    if let Some(url) = asked["browse"].as_str() {
        return json!({"ended": browser.through(url, LOGIN, PASSWORD).await.url});
    }
    if let Some(sealed) = asked["open"].as_str() {
        let sealed = BASE64_STANDARD.decode(sealed).unwrap();
        let secret = enveloped_data::decrypt(&sealed, &identity.certificate, &identity.key).unwrap();
        return json!({"opened": BASE64_STANDARD.encode(secret)});
    }
    for (decision, code) in [("allow", &asked["allow"]), ("deny", &asked["deny"])] {
        if let Some(code) = code.as_str() {
            let seen = browser.answer_device(code, decision, LOGIN, PASSWORD).await;
            assert_eq!(seen.status(), 200, "{}", seen.text());
            if asked["wait"] == true {
                place.world.clock().advance_seconds(9);
            }
            return json!({});
        }
    }
    panic!("the script asks for {asked}")
}

/// Runs a script to its end; the flows that it passed.
async fn passed(mut command: Command) -> Vec<String> {
    // Programs hold tokens to the time of their machine.
    let options = WorldOptions { beginning: SystemClock.now(), ..WorldOptions::default() };
    let place = OpenidPlace::start_with(options).await;
    let identity = certificate(&place).await;
    let browser = Browser::new(&place.world);
    let given = json!({
        "issuer": place.world.base_url(),
        "client": {"client_id": place.program.id, "client_secret": place.program.secret},
        "public": PUBLIC,
        "redirect": REDIRECT,
        "loggedOut": LOGGED_OUT,
        "user": place.user.id.to_string(),
        "name": "Орлова Анна",
        "email": LOGIN,
        "certificate": {
            "pem": identity.certificate.to_pem(),
            "thumbprint": identity.certificate.thumbprint().to_string(),
        },
    });
    command.arg(given.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut script = command.kill_on_drop(true).spawn().expect("the script runs");
    let (mut to, from) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
    let mut lines = BufReader::new(from).lines();
    let (mut flows, mut is_done) = (Vec::new(), false);
    while let Some(line) = lines.next_line().await.unwrap() {
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the script says {line}"));
        if let Some(flow) = said["passed"].as_str() {
            flows.push(flow.to_owned());
        } else if said["done"] == true {
            is_done = true;
        } else {
            let answer = answered(&place, &browser, &identity, &said).await;
            to.write_all(format!("{answer}\n").as_bytes()).await.unwrap();
        }
    }
    let ended = script.wait_with_output().await.unwrap();
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert!(is_done && ended.status.success(), "passed {flows:?}, then: {errors}");
    place.world.end().await;
    flows
}

#[tokio::test]
async fn openid_client_completes_every_flow() {
    // A module finds its libraries in the folders above it.
    let script = tool("node").join("flows.mjs");
    std::fs::copy(root().join("crates/e2e/clients/flows.mjs"), &script).unwrap();
    let mut node = Command::new("node");
    node.arg(script);
    let flows = passed(node).await;
    assert_eq!(flows.len(), 31, "{flows:#?}");
}

#[tokio::test]
async fn authlib_completes_every_flow() {
    let mut python = Command::new("python3");
    python
        .arg(root().join("crates/e2e/clients/flows.py"))
        .env("PYTHONPATH", tool("python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // What is spoken on this machine needs no TLS.
        .env("AUTHLIB_INSECURE_TRANSPORT", "1");
    let flows = passed(python).await;
    assert_eq!(flows.len(), 14, "{flows:#?}");
}
