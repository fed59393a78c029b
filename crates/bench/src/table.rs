//! One table for people.

use crate::load::Measured;

/// Measured rows, each beside its bare twin.
#[derive(Debug, Default)]
pub struct Table(Vec<(Measured, Option<Measured>)>);

impl Table {
    /// Adds a row.
    pub fn add(&mut self, measured: Measured, bare: Option<Measured>) {
        self.0.push((measured, bare));
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{:<46} {:>7} {:>10} {:>10} {:>10} {:>9} {:>11} {:>7}",
            "call", "callers", "per second", "median µs", "p99 µs", "bytes", "bare/second", "share"
        )?;
        for (row, bare) in &self.0 {
            write!(
                f,
                "{:<46} {:>7} {:>10.0} {:>10} {:>10} {:>9}",
                row.name,
                row.callers,
                row.per_second,
                row.median.as_micros(),
                row.p99.as_micros(),
                row.body_bytes
            )?;
            match bare {
                Some(bare) => {
                    let share = 100.0 * row.per_second / bare.per_second;
                    writeln!(f, " {:>11.0} {share:>6.0}%", bare.per_second)?;
                }
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}
