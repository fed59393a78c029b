//! Traces, as a collector reads them that stands on the messages of OpenTelemetry (`opentelemetry-proto` of PyPI, in the version of
//! `crates/e2e/clients/openapi.txt`).

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use potok::{Server, Settings};
use potok_types::{Clock as _, SystemClock, SystemEntropy};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::installation::http;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_spans_of_the_traces_of_their_callers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let libraries = root.join("target/clients/openapi");
    assert!(libraries.exists(), "{} is missing: `make tools` puts it there", libraries.display());
    let mut collector = Command::new("python3")
        .arg(root.join("crates/e2e/clients/otlp.py"))
        .env("PYTHONPATH", libraries)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("python3 runs");
    let mut lines = BufReader::new(collector.stdout.take().unwrap()).lines();
    let mut said = async || -> Value {
        let line = lines.next_line().await.unwrap().expect("the collector goes on");
        serde_json::from_str(&line).unwrap()
    };
    let port = said().await["port"].as_u64().unwrap();

    let folder = TempDir::new().unwrap();
    let url = format!("http://127.0.0.1:{port}/v1/traces");
    let settings = Settings { traces: Some(url.parse().unwrap()), ..Settings::new(folder.path()) };
    let running = Server::start(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.unwrap();
    let before = SystemClock.now().unix_seconds();
    let call = |context: &'static str| {
        let call = http().get(format!("{}/GetMyOrganizations", running.base_url()));
        call.header("traceparent", context).send()
    };
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    // Whoever does not look at a trace is not made to.
    call("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").await.unwrap();
    let answer = call("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").await.unwrap();
    assert_eq!(
        answer.headers()["x-kontur-trace-id"],
        trace,
        "the log and the answer have the same name for it"
    );
    let own = call("nonsense").await.unwrap();
    let own = own.headers()["x-kontur-trace-id"].to_str().unwrap().to_owned();

    let span = said().await;
    assert_eq!((&span["trace"], &span["parent"]), (&trace.into(), &"00f067aa0ba902b7".into()));
    assert_eq!(
        (&span["service"], &span["name"], &span["kind"]),
        (&"potok".into(), &"GetMyOrganizations".into(), &2.into())
    );
    assert_eq!(span["attributes"]["http.response.status_code"], 401);
    assert_eq!(span["attributes"]["http.request.method"], "GET");
    assert_eq!(span["status"], 0, "a refusal is no fault");
    assert!(span["took"].as_i64().unwrap() > 0);
    assert!(span["start"].as_i64().unwrap() / 1_000_000_000 >= before);
    let next = said().await;
    assert_eq!((&next["trace"], &next["parent"]), (&own.into(), &"".into()));
    assert_ne!(next["span"], span["span"]);
    running.stop().await;
}
