//! `make pages`: what each page of the console costs the server, on the data of the demonstration.
//!
//! The server (`POTOK_BIN`) runs on core 0. Somebody signs in, follows every link of every page, and asks for each page that is found
//! `POTOK_BENCH_ROUNDS` (20) times. Times are the server's own, from its metrics. The program ends with 1 when a page took more
//! than [`MOST`] in the middle of its rounds.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod browser;

use std::collections::{BTreeMap, VecDeque};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use potok_bench::process::{Cores, Process, free_address, pin_client};
use serde_json::Value;

use browser::Browser;

type Failed = Box<dyn std::error::Error>;

/// What a page may cost.
const MOST: Duration = Duration::from_millis(50);

fn main() -> Result<ExitCode, Failed> {
    let rounds: usize =
        std::env::var("POTOK_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20).max(1);
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let binary = std::env::var_os("POTOK_BIN").unwrap_or_else(|| "target/release/potok".into());
    let mut demo = Command::new(binary);
    demo.arg("demo").arg("--data").arg(&data).args(["--once", "--listen", "127.0.0.1:0", "--log", "error"]);
    if !demo.stdout(Stdio::null()).status()?.success() {
        return Err("the demonstration failed".into());
    }
    let known: Value = serde_json::from_slice(&std::fs::read(data.join("demo.json"))?)?;
    let user = &known["users"][0];
    let (login, password) = (text(&user["login"])?, text(&user["password"])?);
    pin_client(Cores::Own)?;
    let metrics = free_address()?;
    let listen = metrics.to_string();
    let more = [
        "--metrics-listen",
        &listen,
        "--console-keepers",
        login,
        "--request-journal",
        "100",
        "--webhook-ranges",
        "127.0.0.0/8",
    ];
    let server = Process::serve(&data, Cores::Own, &more)?;
    let mut browser = Browser::new(server.address);
    browser.sign_in(login, password)?;
    browser.add_webhook(text(&user["box_id"])?)?;
    let pages = found(&mut browser)?;
    let mut metrics = Browser::new(metrics);
    println!("| page | of the server, ms: middle / longest | bytes |");
    println!("|---|---|---|");
    let mut is_slow = false;
    for (name, path) in pages {
        let (mut times, mut bytes) = (Vec::with_capacity(rounds), 0);
        for _ in 0..rounds {
            let before = spent(&mut metrics)?;
            bytes = browser.get(&path)?.body.len();
            times.push(spent(&mut metrics)? - before);
        }
        times.sort_by(f64::total_cmp);
        let middle = times[times.len() / 2];
        is_slow |= middle > MOST.as_secs_f64();
        println!("| {name} | {:.1} / {:.1} | {bytes} |", middle * 1e3, times[times.len() - 1] * 1e3);
    }
    Ok(if is_slow { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn text(value: &Value) -> Result<&str, Failed> {
    value.as_str().ok_or_else(|| "demo.json is not as it was".into())
}

/// One page of each kind to which links lead: what the kind is called, and the path.
fn found(browser: &mut Browser) -> Result<BTreeMap<String, String>, Failed> {
    let mut known = BTreeMap::new();
    let mut ahead = VecDeque::from(["/console?all=1".to_owned()]);
    while let Some(path) = ahead.pop_front() {
        let name = kind(&path);
        // What is kept instead of shown, and the way out, are no pages.
        let is_page = !["/file", "/print", "/protocol", "/language", "/live", "/style", "/script"]
            .iter()
            .any(|other| name.contains(other));
        if !is_page || known.contains_key(&name) {
            continue;
        }
        let answer = browser.get(&path)?;
        if answer.status / 100 == 3 {
            ahead.extend(answer.header("location").map(str::to_owned));
            continue;
        }
        if answer.status != 200 {
            return Err(format!("{path} was answered with {}", answer.status).into());
        }
        let html = String::from_utf8_lossy(&answer.body).into_owned();
        let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        ahead.extend(
            links
                .filter(|link| link.starts_with("/console"))
                .map(|link| link.replace("&#38;", "&").replace("&amp;", "&")),
        );
        known.insert(name, path);
    }
    Ok(known)
}

/// A path without what differs between pages of one kind: ids, and the values of its query.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let is_id =
        |part: &&str| part.len() >= 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let parts: Vec<&str> = path.split('/').map(|part| if is_id(&part) { "…" } else { part }).collect();
    let names: Vec<&str> =
        query.split('&').filter_map(|pair| pair.split('=').next()).filter(|it| !it.is_empty()).collect();
    let query = if names.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
    format!("{}{query}", parts.join("/"))
}

/// Seconds that pages have taken so far.
fn spent(metrics: &mut Browser) -> Result<f64, Failed> {
    let answer = metrics.get("/metrics")?;
    let text = String::from_utf8_lossy(&answer.body);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("potok_http_request_duration_seconds_sum{method=\"console\"} "));
    Ok(line.ok_or("the metrics do not tell of the console")?.parse()?)
}
