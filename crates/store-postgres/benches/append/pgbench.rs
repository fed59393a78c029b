//! PostgreSQL's own load client with the same rows: a transaction for each append, its statements sent together.

use std::io::Write as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use potok_store_postgres::cluster::{Cluster, Database};

use crate::Result;

/// Bytes of the event in its stored form, about as many as those of the letter.
const STORED: usize = 120;
/// Bytes of the event as it is read.
const READY: usize = 2048;

/// Runs of this process: each has keys of its own, because all write to one database.
static RUNS: AtomicU64 = AtomicU64::new(0);

fn script(one_box: bool) -> String {
    let bytes = |len: usize| format!("'\\x{}'::bytea", "5a".repeat(len));
    let (stored, ready) = (bytes(STORED), bytes(READY));
    let box_id = if one_box { "0" } else { ":client_id" };
    let place = format!("decode(lpad(to_hex(CAST({box_id} AS bigint)), 32, '0'), 'hex')");
    let made = "decode(md5(CAST(:key AS text)), 'hex')";
    format!(
        "\\set n :n + 1
\\set key :base + :n * 64 + :client_id
\\startpipeline
BEGIN;
INSERT INTO boxes (box_id, rows) VALUES ({place}, 16) ON CONFLICT (box_id) DO UPDATE SET rows = boxes.rows + 16;
INSERT INTO events (box_id, id, kind, stream_id, revision, event_id, key, stored, ready) VALUES ({place}, :key, 1, {made}, 1, {made}, :key, {stored}, {ready});
INSERT INTO feed (box_id, key, event, at, message_type, profile, seq, letters, drafts, nth, max_lead, max_lag) VALUES ({place}, :key, :key, :key, 1, 1, :key, :key, 0, :key, 0, 0);
INSERT INTO operations (box_id, method, id, kind, stream_id, event_id) VALUES ({place}, 'PostMessage', CAST(:key AS text), 1, {made}, {made});
INSERT INTO outbox (box_id, id, kind, stream_id, event_id, revision, to_box, due_at, attempt) VALUES ({place}, :key, 1, {made}, {made}, 1, {made}, 0, 0);
COMMIT;
\\endpipeline
"
    )
}

/// Transactions a second of so many clients.
pub(crate) fn run(
    cluster: &Cluster,
    database: &Database,
    callers: usize,
    one_box: bool,
    per_line: Duration,
) -> Result<f64> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(script(one_box).as_bytes())?;
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let mut command = cluster.client("pgbench");
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--define=n=0"]);
    command.arg(format!("--define=base={}", (run + 1) * 100_000_000));
    command.arg(format!("--client={callers}"));
    // Less than a second it counts in transactions only.
    command.arg(match per_line.as_secs() {
        0 => "--transactions=2".to_owned(),
        seconds => format!("--time={seconds}"),
    });
    let done = command.arg("--file").arg(file.path()).arg(database.name()).stdout(Stdio::piped()).output()?;
    let said = String::from_utf8_lossy(&done.stdout);
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    let why = || format!("pgbench: {said}{}", String::from_utf8_lossy(&done.stderr));
    Ok(rate.filter(|_| done.status.success()).ok_or_else(why)?)
}
