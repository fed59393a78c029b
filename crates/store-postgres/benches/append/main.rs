//! How fast the store over PostgreSQL writes and reads, beside what the same server does when it is asked for nothing else:
//! a bare batcher that writes the same rows by one statement for all who wait, `pgbench` with the same rows, and the disk's own
//! flushes. Everything runs on one private server that keeps what it acknowledges.
//!
//! `cargo bench -p potok-store-postgres`; `POTOK_BENCH_SECONDS` is the time of each measurement (2), `POTOK_BENCH_ROUNDS` how often each is
//! made, ours and theirs in turn (3), and `POTOK_BENCH_FEED` the length of the feed that is read to its end (20 000; a million is
//! the long mode). Without `--bench`, as under `cargo test`, everything is tiny: then it only shows that the bench still works.

#![expect(clippy::print_stdout, reason = "the table is the product of this program")]

mod bare;
mod disk;
mod events;
mod pages;
mod pgbench;
mod table;

use std::sync::Arc;
use std::time::{Duration, Instant};

use potok_store::Journal as _;
use potok_store_postgres::cluster::{Cluster, Database};
use potok_store_postgres::{Appends, PostgresOptions, PostgresStore, open};
use potok_types::{BoxId, SystemClock};

use crate::bare::Batcher;
use crate::events::Maker;
use crate::table::{Figures, Meter, median};

/// What goes wrong ends the program.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Connections that the batcher is tried with; the best of them counts.
const LANES: [usize; 3] = [1, 2, 4];

/// How much is measured.
struct Sizes {
    per_line: Duration,
    rounds: usize,
    feed: usize,
}

fn main() -> Result<()> {
    let is_real = std::env::args().any(|arg| arg == "--bench");
    let number = |name: &str, real: u64, tiny: u64| {
        let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
        if is_real { set.unwrap_or(real) } else { tiny }
    };
    let sizes = Sizes {
        per_line: Duration::from_millis(number("POTOK_BENCH_SECONDS", 2, 0) * 1000 + 50),
        rounds: number("POTOK_BENCH_ROUNDS", 3, 1) as usize,
        feed: number("POTOK_BENCH_FEED", 20_000, 300) as usize,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let cluster = Cluster::durable();
        table::head();
        let all: &[usize] = if is_real { &[1, 16, 64] } else { &[16] };
        let [ours, theirs, script] = [(); 3].map(|()| cluster.database());
        let beside = Beside { cluster, ours, theirs, script, maker: Arc::new(Maker::new()) };
        for (how, appends) in [("apart", Appends::Apart), ("together", Appends::Together)] {
            let store = beside.store(appends).await?;
            for one_box in [false, true] {
                for callers in all {
                    beside.appends(&store, how, *callers, one_box, &sizes).await?;
                }
            }
            store.close().await;
        }
        let store = beside.store(Appends::Apart).await?;
        pages::read(&store, &beside.ours, &beside.maker, cluster, &sizes).await?;
        store.close().await;
        Ok(())
    })
}

/// Three databases of one server: that of the store, that of the batcher, and that of the script.
struct Beside {
    cluster: &'static Cluster,
    ours: Database,
    theirs: Database,
    script: Database,
    maker: Arc<Maker>,
}

impl Beside {
    async fn store(&self, appends: Appends) -> Result<Arc<PostgresStore>> {
        let options = PostgresOptions { appends, ..self.ours.options() };
        Ok(Arc::new(open(&options, Arc::new(SystemClock)).await?))
    }

    /// So many callers, each of whom waits for its answer before it comes again; each with a box of its own, or all with one.
    async fn appends(
        &self,
        store: &Arc<PostgresStore>,
        how: &str,
        callers: usize,
        one_box: bool,
        sizes: &Sizes,
    ) -> Result<()> {
        let boxes: Vec<BoxId> = self.maker.boxes(if one_box { 1 } else { callers });
        // Heads and profiles of boxes that are new are no matter of measuring.
        for box_id in &boxes {
            store.append(self.maker.append(*box_id)).await?;
        }
        let (mut ours, mut theirs, mut script, mut flushes) = (vec![], vec![], vec![], vec![]);
        let mut lanes = if sizes.rounds > 1 { LANES.to_vec() } else { vec![1] };
        for _ in 0..sizes.rounds {
            flushes.push(disk::flushes(sizes.per_line / 4)?);
            ours.push(self.ours(store, &boxes, callers, sizes).await?);
            let mut of_lanes = Vec::new();
            for connections in &lanes {
                of_lanes.push((*connections, self.theirs(*connections, &boxes, callers, sizes).await?));
            }
            // The best of the first round goes on.
            of_lanes.sort_by(|(_, one), (_, other)| other.rate.total_cmp(&one.rate));
            if let Some((connections, best)) = of_lanes.into_iter().next() {
                lanes = vec![connections];
                theirs.push(best);
            }
            script.push(pgbench::run(self.cluster, &self.script, callers, one_box, sizes.per_line)?);
        }
        let place = if one_box { "one box" } else { "boxes of their own" };
        let [ours, theirs] = [ours, theirs].map(table::of_rounds);
        println!("{callers} callers, {place}, {how}:");
        ours.print("    append, 2 KiB, one delivery, one operation");
        let connections = lanes.first().copied().unwrap_or_default();
        theirs.print(&format!("    the batcher, connections: {connections}"));
        table::rate("    pgbench, a transaction each", median(script));
        table::rate("    flushes of the disk", median(flushes));
        table::ratio("    of the batcher", ours.rate / theirs.rate);
        Ok(())
    }

    async fn ours(
        &self,
        store: &Arc<PostgresStore>,
        boxes: &[BoxId],
        callers: usize,
        sizes: &Sizes,
    ) -> Result<Figures> {
        let (store, maker) = (Arc::clone(store), Arc::clone(&self.maker));
        measured(self.cluster, callers, boxes, sizes.per_line, move |box_id| {
            let (store, append) = (Arc::clone(&store), maker.append(box_id));
            async move { Ok(store.append(append).await.map(drop)?) }
        })
        .await
    }

    async fn theirs(
        &self,
        connections: usize,
        boxes: &[BoxId],
        callers: usize,
        sizes: &Sizes,
    ) -> Result<Figures> {
        let batcher = Arc::new(Batcher::start(&self.theirs, connections).await?);
        let maker = Arc::clone(&self.maker);
        measured(self.cluster, callers, boxes, sizes.per_line, move |box_id| {
            let (batcher, append) = (Arc::clone(&batcher), maker.append(box_id));
            async move { batcher.append(append).await }
        })
        .await
    }
}

/// Callers who do this again and again.
async fn measured<F>(
    cluster: &Cluster,
    callers: usize,
    boxes: &[BoxId],
    per_line: Duration,
    call: impl Fn(BoxId) -> F + Clone + Send + 'static,
) -> Result<Figures>
where
    F: Future<Output = Result<()>> + Send,
{
    let meter = Meter::start(cluster);
    let start = Instant::now();
    let calling: Vec<_> = (0..callers)
        .zip(boxes.iter().cycle().copied())
        .map(|(_, box_id)| {
            let call = call.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                while start.elapsed() < per_line {
                    let one = Instant::now();
                    call(box_id).await?;
                    times.push(one.elapsed());
                }
                Result::Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for caller in calling {
        times.extend(caller.await??);
    }
    Ok(meter.figures(times, start.elapsed()))
}
