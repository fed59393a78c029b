//! The table, for people and for programs.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::files::Speed;

/// What one row cost.
#[derive(Clone, Debug)]
pub(crate) struct Cost {
    pub(crate) name: String,
    pub(crate) callers: usize,
    /// Of an answer's body, on average.
    pub(crate) bytes: usize,
    /// Processor time of the server for each answer.
    pub(crate) cpu_us: f64,
    pub(crate) per_second: f64,
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
}

/// Everything that was measured, rows in one order.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The server as it comes.
    pub(crate) hot: Vec<Cost>,
    /// The same with nothing kept ready.
    pub(crate) made: Vec<Cost>,
    pub(crate) nginx: Vec<Cost>,
    /// Files up and down, beside `cp` and nginx.
    pub(crate) files: Vec<Speed>,
}

impl Outcome {
    fn of<'c>(costs: &'c [Cost], hot: &Cost) -> Option<&'c Cost> {
        costs.iter().find(|cost| cost.name == hot.name && cost.callers == hot.callers)
    }

    /// One object for each row, and for each way of files.
    pub(crate) fn json(&self) -> String {
        let numbers = |cost: &Cost| {
            json!({
                "cpu_us": cost.cpu_us, "per_second": cost.per_second,
                "median_us": cost.median.as_micros() as u64, "p99_us": cost.p99.as_micros() as u64,
            })
        };
        let rows = self.hot.iter().map(|hot| {
            json!({
                "row": hot.name, "callers": hot.callers, "bytes": hot.bytes, "ready": numbers(hot),
                "made": Self::of(&self.made, hot).map(numbers),
                "nginx": Self::of(&self.nginx, hot).map(numbers),
            })
        });
        let files = self.files.iter().map(|file| {
            json!({
                "row": file.name, "mib_per_second": file.ours, "beside": file.theirs, "ratio": file.ratio(),
            })
        });
        Value::Array(rows.chain(files).collect()).to_string()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<34} {:>7} {:>8} {:>9} {:>9} {:>8} {:>8} {:>9} {:>9} {:>7}",
            "row",
            "callers",
            "bytes",
            "ready µs",
            "made µs",
            "p50 µs",
            "p99 µs",
            "per sec.",
            "nginx µs",
            "ratio"
        )?;
        for hot in &self.hot {
            let made =
                Self::of(&self.made, hot).map_or("–".to_owned(), |made| format!("{:.1}", made.cpu_us));
            write!(
                f,
                "{:<34} {:>7} {:>8} {:>9.1} {made:>9} {:>8} {:>8} {:>9.0}",
                hot.name,
                hot.callers,
                hot.bytes,
                hot.cpu_us,
                hot.median.as_micros(),
                hot.p99.as_micros(),
                hot.per_second,
            )?;
            match Self::of(&self.nginx, hot) {
                Some(nginx) => writeln!(f, " {:>9.1} {:>7.2}", nginx.cpu_us, nginx.cpu_us / hot.cpu_us)?,
                None => writeln!(f)?,
            }
        }
        writeln!(f, "\n{:<34} {:>9} {:>9} {:>7}", "files of the shelf", "MiB/s", "beside", "ratio")?;
        for file in &self.files {
            let Speed { name, ours, theirs } = file;
            writeln!(f, "{name:<34} {ours:>9.0} {theirs:>9.0} {:>7.2}", file.ratio())?;
        }
        Ok(())
    }
}
