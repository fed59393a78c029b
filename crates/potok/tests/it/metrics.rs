//! What Prometheus reads. `make tools` installs `promtool`, of Debian's package `prometheus`.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use potok::{Server, Settings};
use potok_types::{SystemClock, SystemEntropy};
use tempfile::TempDir;

use crate::installation::http;

/// What the tool complains of.
fn complaints(text: &str) -> Result<(), String> {
    let mut tool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is there: `make tools` installs it");
    tool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = tool.wait_with_output().unwrap();
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match output.status.success() && told.trim().is_empty() {
        true => Ok(()),
        false => Err(told),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_read_on_a_door_of_their_own() {
    let folder = TempDir::new().unwrap();
    let settings =
        Settings { metrics_listen: Some("127.0.0.1:0".to_owned()), ..Settings::new(folder.path()) };
    let running = Server::start(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.unwrap();
    let at = format!("http://{}", running.metrics_address().unwrap());
    let get = async |url: String| {
        let answer = http().get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for _ in 0..3 {
        assert_eq!(get(format!("{}/GetMyOrganizations", running.base_url())).await.0, 401);
    }
    assert_eq!(get(format!("{}/metrics", running.base_url())).await.0, 404, "not by the door of the API");
    let (status, text) = get(format!("{at}/metrics")).await;
    assert_eq!(status, 200);
    for line in [
        "potok_http_requests_total{method=\"GetMyOrganizations\",status=\"401\"} 3",
        "potok_http_request_duration_seconds_count{method=\"GetMyOrganizations\"} 3",
        "potok_outbox_deliveries 0",
        "potok_append_duration_seconds_count 0",
        "potok_delivery_attempts_total{result=\"failed\"} 0",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} is not in {text}");
    }
    for name in ["potok_store_commits_total", "potok_store_waiting", "process_resident_memory_bytes"] {
        assert!(text.lines().any(|line| line.starts_with(&format!("{name} "))), "{name} is not in {text}");
    }
    complaints(&text).unwrap();
    assert!(
        complaints(&text.replace("# HELP potok_outbox_deliveries", "# nothing")).is_err(),
        "it looks at all"
    );
    assert_eq!(get(format!("{at}/livez")).await, (200, "alive".to_owned()));
    assert_eq!(get(format!("{at}/readyz")).await, (200, "ready".to_owned()));
    assert_eq!(get(format!("{at}/GetMyOrganizations")).await.0, 404);
    running.stop().await;
}
