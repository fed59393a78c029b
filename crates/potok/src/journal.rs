//! `potok journal`: the last requests of a server that keeps them (`--request-journal`).

use std::error::Error;

use clap::Args;
use potok_api::QueryWriter;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::print;

/// Which requests, and how they are shown.
#[derive(Args)]
pub(crate) struct Journal {
    /// Address and port of the server's listener for metrics
    #[arg(long, env = "POTOK_METRICS_LISTEN", default_value = "127.0.0.1:9464", value_name = "ADDR")]
    at: String,
    /// Part of the name of a method
    #[arg(long)]
    method: Option<String>,
    /// A status, or a class of them: 404, 4xx
    #[arg(long)]
    status: Option<String>,
    /// About this box
    #[arg(long = "box", value_name = "ID")]
    box_id: Option<String>,
    /// By this API client
    #[arg(long, value_name = "ID")]
    client: Option<String>,
    /// The one request of this X-Kontur-Trace-Id, with its bodies
    #[arg(long, value_name = "ID")]
    trace: Option<String>,
    /// How many, the newest first
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// As calls of curl
    #[arg(long)]
    curl: bool,
    /// All that is kept of them, in JSON
    #[arg(long, conflicts_with = "curl")]
    json: bool,
}

/// Asks the server and prints what it has.
pub(crate) async fn run(wanted: Journal) -> Result<(), Box<dyn Error>> {
    let mut query = QueryWriter::default();
    for (name, value) in [
        ("method", &wanted.method),
        ("status", &wanted.status),
        ("box", &wanted.box_id),
        ("client", &wanted.client),
        ("trace", &wanted.trace),
    ] {
        if let Some(value) = value {
            query.push(name, value);
        }
    }
    query.push("limit", &wanted.limit.to_string());
    let body = get(&wanted.at, &format!("/requests?{}", query.finish())).await?;
    let all: Vec<Value> = serde_json::from_slice(&body)?;
    if wanted.json {
        print::line(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    for one in &all {
        if wanted.curl {
            print::line(one["curl"].as_str().unwrap_or_default());
        } else if wanted.trace.is_some() {
            print::line(serde_json::to_string_pretty(one)?);
        } else {
            print::line(line(one));
        }
    }
    Ok(())
}

/// One request as a line, and why it was refused as another.
fn line(one: &Value) -> String {
    let text = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
    let milliseconds = one["duration_us"].as_f64().unwrap_or_default() / 1000.0;
    let what =
        one["method"].as_str().map_or_else(|| format!("{} {}", text("verb"), text("target")), str::to_owned);
    let head = format!(
        "{}  {}  {what}  {milliseconds:.1} ms  {}  {}  {}",
        text("at"),
        one["status"],
        text("client_id"),
        text("box_id"),
        text("trace_id")
    );
    match one["refusal"]["text"].as_str() {
        Some(refusal) => format!("{head}\n    {refusal}"),
        None => head,
    }
}

/// The body of an answer 200. What is asked is on this machine, mostly, so the little of HTTP that it takes stands here.
async fn get(at: &str, target: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut stream = TcpStream::connect(at).await.map_err(|error| {
        format!("{at} cannot be reached ({error}): does a server run with --metrics-listen {at}?")
    })?;
    stream.write_all(format!("GET {target} HTTP/1.0\r\nHost: {at}\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or("the answer is no HTTP")?;
    let body = answer.split_off(end + 4);
    let is_good = answer.split(|byte| *byte == b' ').nth(1) == Some(b"200");
    if is_good { Ok(body) } else { Err(String::from_utf8_lossy(&body).into_owned().into()) }
}
