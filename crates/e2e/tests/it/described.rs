//! The description of the API: others read it, and the server is as it says. `make tools` puts the validator and the tester under
//! `target/clients`, in the versions and with the digests of `crates/e2e/clients/openapi.txt`.

use std::path::{Path, PathBuf};
use std::process::Output;

use potok_testkit::{RawAnswer, RawRequest, World};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::walk::Who;
use crate::walk::place::Place;

/// Cases that are tried are chosen by it, the same in each run.
const SEED: &str = "14";

fn python() -> Command {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clients/openapi");
    assert!(path.exists(), "{} is missing: `make tools` puts it there", path.display());
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", path).env("PYTHONDONTWRITEBYTECODE", "1").kill_on_drop(true);
    python
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn get(world: &World, path: &str) -> RawAnswer {
    world.raw(RawRequest::get(path)).await
}

#[tokio::test]
async fn a_validator_of_others_finds_the_description_good() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    let answer = get(&world, "/openapi.json").await;
    assert_eq!(answer.status, 200);
    std::fs::write(&file, &answer.body).unwrap();
    let output =
        python().args(["-m", "openapi_spec_validator", "--schema", "3.1"]).arg(&file).output().await.unwrap();
    assert!(output.status.success(), "{}", told(&output));
    // It looks at the whole of it: an operation that is there twice is found.
    let text = answer.text().replace("\"operationId\":\"GetMessageV5\"", "\"operationId\":\"GetMessageV6\"");
    std::fs::write(&file, text).unwrap();
    let output =
        python().args(["-m", "openapi_spec_validator", "--schema", "3.1"]).arg(&file).output().await.unwrap();
    assert!(!output.status.success(), "{}", told(&output));
    world.end().await;
}

/// The description with values in the place of the names in its examples.
fn filled(document: &str, place: &Place) -> String {
    let program = place.world().program();
    let own = [("box", place.value("box")), ("client", &program.id), ("secret", &program.secret)];
    let others = place.values().filter(|(name, _)| !name.starts_with("other_")).map(|(name, value)| {
        // What is deleted once cannot be deleted again: these are the administrator's.
        let is_once = matches!(name, "spare" | "spare_document" | "spare_draft");
        (name, if is_once { place.value(&format!("other_{name}")) } else { value })
    });
    own.into_iter().chain(others).fold(document.to_owned(), |text, (name, value)| {
        let value = json!(value).to_string();
        text.replace(&format!("{{{name}}}"), value.trim_matches('"'))
    })
}

/// Settings of the tester: values that mean something, so that calls go farther than the check of their parameters.
fn settings(place: &Place, folder: &Path) -> PathBuf {
    let list = |names: &[&str]| names.iter().map(|name| place.value(name)).collect::<Vec<_>>();
    let dictionaries = [
        ("boxes", vec!["boxId", "myBoxId"], list(&["box"])),
        ("organizations", vec!["orgId", "myOrgId"], list(&["org"])),
        ("others", vec!["counteragentBoxId"], list(&["partner", "customer"])),
        ("other_organizations", vec!["counteragentOrgId"], list(&["partner_org", "customer_org"])),
        (
            "messages",
            vec!["messageId", "letterId"],
            list(&["message", "letter", "finished", "template", "draft"]),
        ),
        (
            "documents",
            vec!["documentId", "entityId", "attachmentId"],
            list(&["document", "letter_document", "finished_document", "template_document", "signature"]),
        ),
        ("departments", vec!["departmentId"], list(&["department", "spare_department"])),
        ("users", vec!["userId"], list(&["user"])),
        ("groups", vec!["counteragentGroupId"], list(&["group"])),
        ("events", vec!["eventId", "afterEventId"], list(&["event"])),
    ];
    let token = place.token(Who::Administrator);
    let mut text = format!("[headers]\nAuthorization = \"Bearer {token}\"\n");
    // What may be wrong with a call is tried at random, what may be right in all combinations.
    text.push_str("[phases.coverage.generation]\nmode = \"positive\"\n");
    for (name, _, values) in &dictionaries {
        text.push_str(&format!("[dictionaries.{name}]\nvalues = {}\n", json!(values)));
    }
    text.push_str("[parameters]\n");
    for (name, parameters, _) in &dictionaries {
        for parameter in parameters {
            text.push_str(&format!(
                "\"query.{parameter}\" = {{ dictionary = \"{name}\", probability = 0.8 }}\n"
            ));
        }
    }
    let file = folder.join("schemathesis.toml");
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_answers_as_it_is_described() {
    let place = Place::new().await;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let base = place.world().base_url();
    let document = folder.path().join("openapi.json");
    let described = get(place.world(), "/openapi.json").await.text();
    std::fs::write(&document, filled(&described, &place)).unwrap();
    let output = python()
        .current_dir(folder.path())
        .args(["-m", "schemathesis.cli", "--config-file"])
        .arg(settings(&place, folder.path()))
        .arg("run")
        .arg(&document)
        .args(["--url", &base, "--seed", SEED])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"])
        .args(["--checks", "response_schema_conformance,response_headers_conformance"])
        // One at a time: with two, Python 3.11 now and then loses count of its own recursion while it reads a lambda, and says so.
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "4", "--no-shrink"])
        .args(["--workers", "1"])
        .args(["--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"])
        // A stream does not end by itself.
        .args(["--exclude-operation-id", "BoxEvents"])
        .args(["--report", "json", "--report-json-path"])
        .arg(&report)
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    // Most calls are not only understood, but answered.
    let rates = report["valid_rates"].as_object().unwrap();
    let accepted = |phases: &Value| phases.as_object().unwrap().values().any(|phase| phase["accepted"] != 0);
    let answered = rates.values().filter(|phases| accepted(phases)).count();
    assert!(answered >= 170, "{answered} of {} operations gave an answer", rates.len());
    place.world().drain().await;
}

#[tokio::test]
async fn pages_and_files_are_there_for_everybody() {
    let world = World::start().await;
    for (path, content_type) in [
        ("/openapi", "text/html; charset=utf-8"),
        ("/openapi/PostMessageV3", "text/html; charset=utf-8"),
        ("/openapi/pages.css", "text/css; charset=utf-8"),
        ("/protos", "text/html; charset=utf-8"),
        ("/protos/Events/DiadocMessage-PostApi.proto", "text/plain; charset=utf-8"),
        ("/protos/all.tar", "application/x-tar"),
    ] {
        let answer = get(&world, path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
    }
    for path in ["/openapi/Nothing", "/protos/../Cargo.toml", "/protos/Nothing.proto"] {
        assert_eq!(get(&world, path).await.status, 404, "{path}");
    }
    let page = get(&world, "/openapi").await.text();
    let document: Value = serde_json::from_slice(&get(&world, "/openapi.json").await.body).unwrap();
    for path in document["paths"].as_object().unwrap().values() {
        for operation in path.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            // What stands beside the contract is told of in docs/push.md.
            let is_beside = id == "BoxEvents" || id.starts_with("Webhook");
            assert!(is_beside || page.contains(&format!("/openapi/{id}\"")), "{id}");
        }
    }
    world.end().await;
}
