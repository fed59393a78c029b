//! The table, and what stands in it.

use std::path::Path;
use std::time::Duration;

use potok_store_postgres::cluster::Cluster;

/// What some calls came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Calls a second.
    pub(crate) rate: f64,
    /// Milliseconds that half of them, 99 of 100, and all of them took at most.
    pub(crate) times: [f64; 3],
    /// Microseconds of processor for each: of this program, and of the server.
    pub(crate) processor: [f64; 2],
}

pub(crate) fn head() {
    println!(
        "{:<52} {:>10} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "", "per second", "p50 ms", "p99 ms", "max ms", "µs here", "µs server"
    );
}

pub(crate) fn rate(name: &str, rate: f64) {
    println!("{name:<52} {rate:>10.0}");
}

pub(crate) fn ratio(name: &str, ratio: f64) {
    println!("{name:<52} {ratio:>10.2}");
}

impl Figures {
    pub(crate) fn print(&self, name: &str) {
        let Self { rate, times: [half, most, all], processor: [here, there] } = self;
        println!("{name:<52} {rate:>10.0} {half:>9.3} {most:>9.3} {all:>9.3} {here:>9.0} {there:>9.0}");
    }
}

/// The middle one.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// Column by column the middle of several rounds.
pub(crate) fn of_rounds(rounds: Vec<Figures>) -> Figures {
    let of = |number: &dyn Fn(&Figures) -> f64| median(rounds.iter().map(number).collect());
    Figures {
        rate: of(&|it| it.rate),
        times: [0, 1, 2].map(|column| of(&|it| it.times[column])),
        processor: [0, 1].map(|column| of(&|it| it.processor[column])),
    }
}

/// Counts processor time from its start on.
pub(crate) struct Meter {
    server: u32,
    before: [f64; 2],
}

impl Meter {
    pub(crate) fn start(cluster: &Cluster) -> Self {
        let server = cluster.process();
        Self { server, before: processor(server) }
    }

    /// Of calls that took these times, in all this time.
    pub(crate) fn figures(self, mut times: Vec<Duration>, total: Duration) -> Figures {
        let after = processor(self.server);
        times.sort_unstable();
        let at = |part: f64| {
            let index = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
            times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        let each = |which: usize| (after[which] - self.before[which]) * 1e6 / times.len().max(1) as f64;
        Figures {
            rate: times.len() as f64 / total.as_secs_f64(),
            times: [at(0.5), at(0.99), at(1.0)],
            processor: [each(0), each(1)],
        }
    }
}

/// Seconds of processor so far: of this process, and of the server with its children. Zero where the system does not tell so.
fn processor(server: u32) -> [f64; 2] {
    /// Of the system's counter a second, on every machine of today.
    const TICKS: f64 = 100.0;
    // Behind the name: parent; own time, and that of children that have ended.
    let times = |stat: &Path| -> Option<(u32, [u64; 4])> {
        let text = std::fs::read_to_string(stat).ok()?;
        let (_, rest) = text.rsplit_once(')')?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        let number = |nth: usize| words.get(nth)?.parse().ok();
        let parent = words.get(1)?.parse().ok()?;
        Some((parent, [number(11)?, number(12)?, number(13)?, number(14)?]))
    };
    let own = times(Path::new("/proc/self/stat")).map_or(0, |(_, [user, system, ..])| user + system);
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let of_server = all.filter_map(|entry| {
        let process: u32 = entry.file_name().to_str()?.parse().ok()?;
        let (parent, [user, system, user_of_ended, system_of_ended]) = times(&entry.path().join("stat"))?;
        match (process == server, parent == server) {
            (true, _) => Some(user + system + user_of_ended + system_of_ended),
            (false, true) => Some(user + system),
            (false, false) => None,
        }
    });
    [own, of_server.sum()].map(|ticks| ticks as f64 / TICKS)
}
