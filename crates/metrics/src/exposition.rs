//! The text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write as _};

use crate::Histogram;

/// What a family of values is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows, until the process ends. Its name ends in `_total`.
    Counter,
    /// It is what it is now.
    Gauge,
}

/// The text, while it is written: families one after another, each with its values.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// What names the content of the text.
    pub const CONTENT_TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";

    /// Begins a family. `name` is letters, digits and `_`; `help` is one line.
    pub fn family(&mut self, name: &str, kind: Kind, help: &str) {
        self.head(name, if kind == Kind::Counter { "counter" } else { "gauge" }, help);
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// A value of the family that was begun.
    pub fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels = Labels(labels, None);
        self.line(format_args!("{name}{labels} {value}"));
    }

    /// A family of one value without labels.
    pub fn one(&mut self, name: &str, kind: Kind, help: &str, value: impl Display) {
        self.family(name, kind, help);
        self.value(name, &[], value);
    }

    /// Begins a family of times, in seconds.
    pub fn times(&mut self, name: &str, help: &str) {
        self.head(name, "histogram", help);
    }

    /// The times with these labels.
    pub fn histogram(&mut self, name: &str, labels: &[(&str, &str)], times: &Histogram) {
        let mut count = 0;
        for (bound, below) in times.cumulated() {
            let bound = bound.map_or_else(|| "+Inf".to_owned(), |bound| seconds(bound).to_string());
            let labels = Labels(labels, Some(&bound));
            self.line(format_args!("{name}_bucket{labels} {below}"));
            count = below;
        }
        let sum = seconds(times.microseconds.load(std::sync::atomic::Ordering::Relaxed));
        let labels = Labels(labels, None);
        self.line(format_args!("{name}_sum{labels} {sum}"));
        self.line(format_args!("{name}_count{labels} {count}"));
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        let _infallible = writeln!(self.0, "{text}");
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }
}

fn seconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1e6
}

/// Labels in braces, with the bound of a bucket behind them; nothing when there are none.
struct Labels<'a>(&'a [(&'a str, &'a str)], Option<&'a str>);

impl Display for Labels<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.0.iter().copied().chain(self.1.map(|bound| ("le", bound)));
        let mut is_begin = true;
        for (name, value) in all {
            f.write_str(if is_begin { "{" } else { "," })?;
            is_begin = false;
            write!(f, "{name}=\"")?;
            for c in value.chars() {
                match c {
                    '\\' => f.write_str("\\\\")?,
                    '"' => f.write_str("\\\"")?,
                    '\n' => f.write_str("\\n")?,
                    c => f.write_char(c)?,
                }
            }
            f.write_str("\"")?;
        }
        if is_begin { Ok(()) } else { f.write_str("}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_as_prometheus_reads_it() {
        let mut out = Exposition::default();
        out.one("potok_connections", Kind::Gauge, "Open connections.", 3);
        out.family("potok_requests_total", Kind::Counter, "Answers.");
        out.value("potok_requests_total", &[("method", "a\"b\\c\nd"), ("status", "200")], 7);
        let times = Histogram::new(&[1_000, 2_500_000]);
        times.observe_microseconds(500);
        times.observe_microseconds(3_000_000);
        out.times("potok_wait_seconds", "Waiting.");
        out.histogram("potok_wait_seconds", &[("method", "x")], &times);
        let expected = "\
# HELP potok_connections Open connections.
# TYPE potok_connections gauge
potok_connections 3
# HELP potok_requests_total Answers.
# TYPE potok_requests_total counter
potok_requests_total{method=\"a\\\"b\\\\c\\nd\",status=\"200\"} 7
# HELP potok_wait_seconds Waiting.
# TYPE potok_wait_seconds histogram
potok_wait_seconds_bucket{method=\"x\",le=\"0.001\"} 1
potok_wait_seconds_bucket{method=\"x\",le=\"2.5\"} 1
potok_wait_seconds_bucket{method=\"x\",le=\"+Inf\"} 2
potok_wait_seconds_sum{method=\"x\"} 3.0005
potok_wait_seconds_count{method=\"x\"} 2
";
        assert_eq!(out.finish(), expected);
    }
}
