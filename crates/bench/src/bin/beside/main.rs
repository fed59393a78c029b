//! `make beside`: what an answer costs the server beside what the same bytes cost nginx, in the same minutes on the same
//! core.
//!
//! The server (`POTOK_BIN`) and nginx (`NGINX`, Debian's package) run on core 0, the client on core 1. Each row is measured in
//! `POTOK_BENCH_ROUNDS` (3) alternating rounds of `POTOK_BENCH_SECONDS` (2), and the medians are shown. What counts is the
//! processor time of the server for each answer: how many answers there are in a second the client decides as well. «made» is
//! the same server with nothing kept ready. The client never sleeps: to wake one costs the server several µs an answer, more so the
//! longer the client has to wait, so that the slower of two servers would be charged for the machine. Files of the shelf are measured by
//! the clock: up beside `cp`, down beside nginx, everybody on all cores, or as above with `POTOK_BENCH_CORES=own`. `POTOK_BENCH_ROWS`
//! takes only rows whose names hold it, and `files` those of files; `POTOK_BENCH_SENDFILE=off` has nginx copy what it sends.
//! Nobody spreads what goes out over time, whatever the system does by itself: the server does not on its own machine. The table also goes, as JSON, to `POTOK_BENCH_RESULT` (`target/bench.json`).

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod files;
mod nginx;
mod result;
mod rows;

use std::path::PathBuf;
use std::time::Duration;

use potok_bench::load::{self, Load, Measured};
use potok_bench::process;

use nginx::Nginx;
use process::{Cores, Process, pin_client};
use result::{Cost, Outcome};
use rows::{Row, Stage};

type Failed = Box<dyn std::error::Error>;

/// Connections of a row; what one caller waits for is measured with one.
const CALLERS: [usize; 2] = [16, 1];

fn main() -> Result<(), Failed> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

/// Sockets are looked at again and again, without waiting for any.
async fn stay_awake() {
    loop {
        tokio::task::yield_now().await;
    }
}

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

async fn run() -> Result<(), Failed> {
    let stage = Stage::set().await?;
    pin_client(Cores::Own)?;
    let awake = tokio::spawn(stay_awake());
    let hot = Process::serve(&stage.data, Cores::Own, &[])?;
    let mut rows = stage.rows(hot.address).await?;
    let wanted = std::env::var("POTOK_BENCH_ROWS").unwrap_or_default();
    rows.retain(|row| row.name.contains(&wanted));
    let nginx = Nginx::start(&mut rows)?;
    if nginx.is_none() {
        println!("there is no nginx here: install it, or name it by NGINX\n");
    }
    let mut outcome = Outcome::default();
    for row in &rows {
        for callers in CALLERS {
            let beside = nginx.as_ref().map(|nginx| (&nginx.process, &row.same_of_nginx[..]));
            let sides = [Some((&hot, &row.request[..])), beside];
            let [ours, theirs] = alternating(row, callers, sides).await?;
            outcome.hot.extend(ours);
            outcome.nginx.extend(theirs);
        }
    }
    drop(hot);
    let cold = Process::serve(&stage.data, Cores::Own, &["--ready-mib", "0"])?;
    for row in &rows {
        let [made, _] = alternating(row, CALLERS[0], [Some((&cold, &row.request[..])), None]).await?;
        outcome.made.extend(made);
    }
    drop(cold);
    awake.abort();
    outcome.files = files::speeds(&stage, number("POTOK_BENCH_ROUNDS", 3).max(1)).await?;
    println!("{outcome}");
    let file = std::env::var_os("POTOK_BENCH_RESULT").map_or("target/bench.json".into(), PathBuf::from);
    std::fs::write(&file, outcome.json())?;
    println!("{}", file.display());
    Ok(())
}

/// One side of a row: who is asked, and how.
type Side<'a> = Option<(&'a Process, &'a [Vec<u8>])>;

/// Rounds of both sides in turn; of each the one with the middle processor time.
async fn alternating(row: &Row, callers: usize, sides: [Side<'_>; 2]) -> Result<[Option<Cost>; 2], Failed> {
    let time = Duration::from_secs(number("POTOK_BENCH_SECONDS", 2).into());
    let mut rounds = [Vec::new(), Vec::new()];
    for _ in 0..number("POTOK_BENCH_ROUNDS", 3).max(1) {
        for (side, rounds) in sides.iter().zip(&mut rounds) {
            if let Some((process, requests)) = side {
                rounds.push(round(process, row, callers, requests, time).await?);
            }
        }
    }
    Ok(rounds.map(|mut rounds| {
        rounds.sort_by(|a, b| a.cpu_us.total_cmp(&b.cpu_us));
        let middle = rounds.len() / 2;
        (!rounds.is_empty()).then(|| rounds.swap_remove(middle))
    }))
}

async fn round(
    process: &Process,
    row: &Row,
    callers: usize,
    requests: &[Vec<u8>],
    time: Duration,
) -> Result<Cost, Failed> {
    let requests = requests.to_vec();
    let request = move |caller: usize, n: usize| requests[caller.wrapping_add(n) % requests.len()].clone();
    let load = Load { name: row.name.clone(), callers, time, request: Box::new(request) };
    let before = process.cpu()?;
    let Measured { per_second, median, p99, body_bytes, calls, .. } =
        load::run(process.address, load).await?;
    let cpu_us = (process.cpu()? - before).as_secs_f64() * 1e6 / calls.max(1) as f64;
    Ok(Cost { name: row.name.clone(), callers, bytes: body_bytes, cpu_us, per_second, median, p99 })
}
