//! Lists and searches of documents in a small box and in a large one, side by side.
//!
//! `cargo bench -p potok-store-sqlite --bench documents`; `POTOK_BENCH_DOCUMENTS` is the size of the large box (1 000 000;
//! the small one has 10 000), and `POTOK_BENCH_CALLS` how often each question is asked (200). Without `--bench`, as under
//! `cargo test`, everything is tiny: then it only shows that the bench still works.

#![expect(clippy::print_stdout, reason = "the table is the product of this program")]

mod questions;
mod shelf;

use std::sync::Arc;
use std::time::{Duration, Instant};

use potok_store::{DocumentQuery, Documents as _, Search as _};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::{BoxId, SystemClock};
use uuid::Uuid;

use questions::Question;
use shelf::Shelf;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Result<()> {
    let is_real = std::env::args().any(|arg| arg == "--bench");
    let number = |name: &str, real: usize, tiny: usize| {
        let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
        if is_real { set.unwrap_or(real) } else { tiny }
    };
    let sizes = [number("POTOK_BENCH_SMALL", 10_000, 200), number("POTOK_BENCH_DOCUMENTS", 1_000_000, 400)];
    let calls = number("POTOK_BENCH_CALLS", 200, 1);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.db");
    let store = potok_store_sqlite::open(&path, Arc::new(SystemClock), SqliteOptions::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut boxes = Vec::new();
        for (number, size) in (1..).zip(sizes) {
            let one = Shelf { id: BoxId::from_uuid(Uuid::from_u128(number)), size };
            let start = Instant::now();
            one.fill(&store).await?;
            let rate = size as f64 / start.elapsed().as_secs_f64();
            println!("{size} documents written, {rate:.0} per second");
            boxes.push(one);
        }
        let [small, large] = &boxes[..] else { return Ok(()) };
        println!(
            "\n{:<52} {:>9} {:>9} {:>9} {:>9} {:>6}",
            "milliseconds",
            format!("{} p50", small.size),
            "p99",
            format!("{} p50", large.size),
            "p99",
            "found"
        );
        let mut grown = Vec::new();
        for ((name, small), (_, large)) in small.questions().into_iter().zip(large.questions()) {
            let (before, _) = ask(&store, &small, calls).await?;
            let (after, found) = ask(&store, &large, calls).await?;
            println!(
                "{name:<52} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {found:>6}",
                before.0, before.1, after.0, after.1
            );
            if after.0 > 2.0 * before.0 + 1.0 {
                grown.push(format!("{name}: {:.2} to {:.2}", before.0, after.0));
            }
        }
        println!(
            "\n{} questions take more than twice as long and a millisecond in the large box",
            grown.len()
        );
        grown.iter().for_each(|line| println!("    {line}"));
        store.close().await;
        Ok(())
    })
}

/// p50 and p99 in milliseconds, and how many documents were found.
async fn ask(store: &SqliteStore, question: &Question, calls: usize) -> Result<((f64, f64), u64)> {
    let mut times: Vec<Duration> = Vec::with_capacity(calls);
    let mut found = 0;
    for _ in 0..calls {
        let start = Instant::now();
        found = match question {
            Question::List(query) => store.documents(DocumentQuery::clone(query)).await?.total,
            Question::Search(query) => store.search(query.clone()).await?.len() as u64,
        };
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |part: f64| {
        let index = ((times.len() as f64 * part) as usize).min(times.len() - 1);
        times[index].as_secs_f64() * 1000.0
    };
    Ok(((at(0.5), at(0.99)), found))
}
