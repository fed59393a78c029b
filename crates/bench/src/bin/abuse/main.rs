//! `make abuse`: callers who mean no good, each against a live server, while an honest client reads beside them.
//!
//! Every case gets a server of its own (the binary that `POTOK_BIN` names), so that its memory is the case's. The honest
//! client measures without and with the abuse; broken is the bound of whoever makes it wait more than
//! [`HONEST_TIMES`] times as long (99 of 100 reads), has one of its reads refused, or drives the server over
//! [`MOST_MEMORY_MIB`]. The program ends with 1 when a bound is broken.
//!
//! Those who abuse sit on other machines in truth and here beside the server, on the same processors. What they send is ready
//! before the measuring, and their threads run when neither the server nor the honest client wants the processor: what is
//! measured is what the server does to the honest client, and not what they do.
//!
//! `POTOK_ABUSE_SECONDS` (6) is the length of a case; `POTOK_ABUSE_CASES` names those to play, separated by commas.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod cases;
mod honest;
mod server;
mod stage;
mod wire;

use std::process::ExitCode;
use std::time::Duration;

use crate::cases::CASES;
use crate::honest::Honest;
use crate::server::Server;
use crate::stage::Stage;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// So many times as long as alone may a read of the honest client take.
const HONEST_TIMES: u32 = 5;
/// What five times an idle read may come to at least: below it, a turn of the scheduler decides.
const QUANTUM: Duration = Duration::from_millis(10);
/// Memory of the server, at most.
const MOST_MEMORY_MIB: u64 = 512;

fn main() -> Result<ExitCode, Failed> {
    let seconds: u64 =
        std::env::var("POTOK_ABUSE_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    let wanted = std::env::var("POTOK_ABUSE_CASES").ok();
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|all| all.split(',').any(|one| one == name));
    let abusers = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .on_thread_start(potok_room::yield_to_others)
        .build();
    let runtime = abusers?;
    let stage = Stage::set()?;
    println!("| case | honest p99 alone | meanwhile | refused | memory, MiB | answers to the abuse | |");
    println!("|---|---|---|---|---|---|---|");
    let mut is_broken = false;
    for case in CASES.iter().filter(|case| is_wanted(case.name)) {
        let server = Server::start(&stage)?;
        let scene = runtime.block_on(stage.scene(server.address()))?;
        runtime.block_on((case.prepare)(scene.clone()))?;
        let alone = Honest::read_for(&scene, Duration::from_secs(seconds.div_ceil(2)));
        let honest = Honest::start(&scene);
        let answers = runtime.block_on(cases::play(case, &scene, Duration::from_secs(seconds)));
        let meanwhile = honest.stop();
        let memory = server.memory_mib()?;
        let bound = (alone.p99 * HONEST_TIMES).max(QUANTUM);
        let is_kept = meanwhile.p99 <= bound && meanwhile.refused == 0 && memory <= MOST_MEMORY_MIB;
        is_broken |= !is_kept;
        println!(
            "| {} | {} | {} | {} | {memory} | {answers} | {} |",
            case.what,
            milliseconds(alone.p99),
            milliseconds(meanwhile.p99),
            meanwhile.refused,
            if is_kept { "kept" } else { "**broken**" }
        );
    }
    Ok(if is_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
