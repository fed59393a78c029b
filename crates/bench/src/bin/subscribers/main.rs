//! `make subscribers`: how soon those who wait for a feed are told, and what each of them costs in memory.
//!
//! The server (`POTOK_BIN`) runs on core 0, all who wait and whoever posts on core 1, in one program. A thousand wait for one box, then
//! one for each of `POTOK_BENCH_BOXES` (10 000) boxes, by streams and by pages that wait. A letter is posted into a box once all who wait
//! have the one before; how long each of them waited is counted from before the post was sent, so that the append itself is in it.
//! Memory is what the server resides in, with all of them waiting less with nobody, for each; buffers of the system are not in it.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod stage;
mod waiting;

use std::time::{Duration, Instant};

use potok_bench::load::Connection;
use potok_bench::process::{Cores, Process, pin_client};
use tokio::sync::mpsc;

use stage::{Seat, Stage};
use waiting::{How, wait};

type Failed = Box<dyn std::error::Error>;

/// Who waits for one box.
const OF_ONE: usize = 1000;
/// Letters of a row.
const LETTERS: usize = 100;
/// For every subscriber a connection twice over: half of the connections may wait.
const CONNECTIONS: &str = "60000";
/// A letter that is not with everybody by then is lost.
const PATIENCE: Duration = Duration::from_secs(30);
/// After so long without a word everybody has what there was.
const QUIET: Duration = Duration::from_secs(1);

fn main() -> Result<(), Failed> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<(), Failed> {
    let boxes = std::env::var("POTOK_BENCH_BOXES").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let begun = Instant::now();
    let stage = Stage::set(boxes).await?;
    println!("{boxes} boxes made in {:.0} s\n", begun.elapsed().as_secs_f64());
    pin_client(Cores::Own)?;
    println!(
        "| who waits | how | told p50 / p99 / last, ms | post p50, ms | memory, KiB each | then | µs of the server a receipt |"
    );
    println!("|---|---|---|---|---|---|---|");
    for how in [How::Stream, How::Page] {
        let one = vec![stage.seats[0].clone(); OF_ONE];
        row(&stage, &format!("{OF_ONE} for one box"), how, &one).await?;
        row(&stage, &format!("one for each of {boxes} boxes"), how, &stage.seats).await?;
    }
    Ok(())
}

async fn row(stage: &Stage, name: &str, how: How, seats: &[Seat]) -> Result<(), Failed> {
    let server = Process::serve(&stage.data, Cores::Own, &["--connections", CONNECTIONS, "--log", "error"])?;
    let mut poster = Connection::open(server.address).await?;
    // What is made once by whoever comes first is no memory of those who wait.
    poster.call(&stage.letter(&seats[0])).await?;
    let before = server.resident_kib()?;
    let (tell, mut told) = mpsc::unbounded_channel();
    for seat in seats {
        wait(server.address, how, seat, tell.clone()).await?;
    }
    quiet(&mut told).await;
    let each = |kib: u64| kib.saturating_sub(before) as f64 / seats.len() as f64;
    let waiting = each(server.resident_kib()?);
    // All of them hear of a letter into the one box, one of them of a letter into its own.
    let hearers = if seats[0].box_id == seats[1].box_id { seats.len() } else { 1 };
    let (mut times, mut posts) = (Vec::new(), Vec::new());
    let cpu = server.cpu()?;
    for number in 0..LETTERS {
        let letter = stage.letter(&seats[number * seats.len() / LETTERS]);
        let sent = Instant::now();
        poster.call(&letter).await?;
        posts.push(sent.elapsed());
        for _ in 0..hearers {
            let next = tokio::time::timeout(PATIENCE, told.recv()).await;
            let at = next.map_err(|_| "a letter is not with everybody")?.ok_or("nobody waits any more")?;
            times.push(at.saturating_duration_since(sent));
        }
    }
    let cpu = (server.cpu()? - cpu).as_secs_f64() * 1e6 / times.len() as f64;
    times.sort_unstable();
    posts.sort_unstable();
    let at = |times: &[Duration], share: f64| {
        times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3
    };
    println!(
        "| {name} | {how} | {:.2} / {:.2} / {:.2} | {:.2} | {waiting:.1} | {:.1} | {cpu:.0} |",
        at(&times, 0.5),
        at(&times, 0.99),
        at(&times, 1.0),
        at(&posts, 0.5),
        each(server.resident_kib()?),
    );
    Ok(())
}

/// Takes what is told until nothing is any more.
async fn quiet(told: &mut mpsc::UnboundedReceiver<Instant>) {
    while let Ok(Some(_)) = tokio::time::timeout(QUIET, told.recv()).await {}
}
