//! What is counted of requests: how many, how they were answered and how long it took, by method.
//!
//! Each answer costs one look into a table that never changes and three additions: no lock, and nothing is allocated.

use std::collections::HashMap;
use std::time::Duration;

use potok_metrics::{ANSWERS, Counter, Exposition, Histogram, Kind};

use crate::Edge;

/// Statuses that have a counter of their own; whatever else there may be has the last one.
const STATUSES: [u16; 17] =
    [200, 204, 206, 302, 400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 416, 429, 500];
const MORE_STATUSES: [u16; 2] = [501, 503];
/// What is answered beside the contract, as the notes of a request name it; the last one is for what has no name.
const BESIDE: [&str; 8] =
    ["console", "events", "evidence", "validate", "webhooks", "page", "description", "none"];

/// The answers of one method.
struct Row {
    label: &'static str,
    statuses: [Counter; STATUSES.len() + MORE_STATUSES.len() + 1],
    times: Histogram,
}

impl Row {
    fn new(label: &'static str) -> Self {
        Self { label, statuses: std::array::from_fn(|_| Counter::new()), times: Histogram::new(ANSWERS) }
    }
}

fn known() -> impl Iterator<Item = u16> {
    STATUSES.into_iter().chain(MORE_STATUSES)
}

/// All answers since the start.
pub(crate) struct Counted {
    rows: Vec<Row>,
    places: HashMap<&'static str, usize>,
    /// Answers that were ready.
    pub(crate) ready: Counter,
}

impl Counted {
    pub(crate) fn new() -> Self {
        let labels = potok_api::methods::all().iter().map(|spec| spec.label).chain(BESIDE);
        let rows: Vec<Row> = labels.map(Row::new).collect();
        let places = rows.iter().enumerate().map(|(place, row)| (row.label, place)).collect();
        Self { rows, places, ready: Counter::new() }
    }

    /// One more answer.
    pub(crate) fn note(&self, label: Option<&str>, status: u16, time: Duration) {
        let place = label.and_then(|label| self.places.get(label)).copied().unwrap_or(self.rows.len() - 1);
        let row = &self.rows[place];
        let status = known().position(|known| known == status).unwrap_or(row.statuses.len() - 1);
        row.statuses[status].count();
        row.times.observe(time);
    }

    /// Writes what was counted: of methods that were never called, nothing.
    fn write(&self, out: &mut Exposition) {
        const REQUESTS: &str = "potok_http_requests_total";
        out.family(REQUESTS, Kind::Counter, "Answered requests, by method and status.");
        for row in &self.rows {
            let names = known().map(|status| status.to_string()).chain(["other".to_owned()]);
            for (counter, status) in row.statuses.iter().zip(names).filter(|(counter, _)| counter.get() > 0) {
                out.value(REQUESTS, &[("method", row.label), ("status", &status)], counter.get());
            }
        }
        const TIMES: &str = "potok_http_request_duration_seconds";
        out.times(TIMES, "Time from the head of a request to its answer, by method.");
        for row in self.rows.iter().filter(|row| row.times.count() > 0) {
            out.histogram(TIMES, &[("method", row.label)], &row.times);
        }
        let ready = self.ready.get();
        out.one(
            "potok_http_ready_answers_total",
            Kind::Counter,
            "Requests answered by bytes kept ready.",
            ready,
        );
    }
}

impl Edge {
    /// Writes what the edge counts.
    pub fn write_metrics(&self, out: &mut Exposition) {
        self.counted.write(out);
        let open = self.connections().count();
        out.one("potok_http_connections", Kind::Gauge, "Open connections.", open);
        let most = self.connections().most();
        out.one("potok_http_connections_limit", Kind::Gauge, "Connections that there may be at once.", most);
        let waiting = self.places.count();
        out.one("potok_http_waiting", Kind::Gauge, "Pages and streams that wait for events.", waiting);
        let bytes = self.ready.weight();
        out.one("potok_http_ready_bytes", Kind::Gauge, "Memory of the answers that are kept ready.", bytes);
        let (small, large) = self.app.room().memory.left_bytes();
        const LEFT: &str = "potok_memory_left_bytes";
        out.family(LEFT, Kind::Gauge, "What is left of the memory for bodies, contents and answers.");
        out.value(LEFT, &[("pool", "small")], small);
        out.value(LEFT, &[("pool", "large")], large);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_beside_the_contract_has_a_row() {
        let sources = [
            include_str!("console/mod.rs"),
            include_str!("described.rs"),
            include_str!("live/events.rs"),
            include_str!("own/mod.rs"),
            include_str!("signin/mod.rs"),
        ];
        let given = sources.iter().flat_map(|source| source.split("label.set(\"").skip(1));
        let names: Vec<&str> = given.filter_map(|rest| rest.split('"').next()).collect();
        assert!(names.len() >= 7, "{names:?}");
        assert!(
            names.iter().all(|name| BESIDE.contains(name)),
            "{names:?}: what has no row counts as `none`"
        );
    }

    #[test]
    fn answers_are_counted_by_method_and_status() {
        let counted = Counted::new();
        let time = Duration::from_micros(300);
        counted.note(Some("GetMessage V5"), 200, time);
        counted.note(Some("GetMessage V5"), 200, time);
        counted.note(Some("GetMessage V5"), 404, time);
        counted.note(Some("GetMessage V5"), 418, time);
        counted.note(None, 404, time);
        counted.note(Some("of another program"), 200, time);
        let mut out = Exposition::default();
        counted.write(&mut out);
        let text = out.finish();
        for line in [
            r#"potok_http_requests_total{method="GetMessage V5",status="200"} 2"#,
            r#"potok_http_requests_total{method="GetMessage V5",status="404"} 1"#,
            r#"potok_http_requests_total{method="GetMessage V5",status="other"} 1"#,
            r#"potok_http_requests_total{method="none",status="404"} 1"#,
            r#"potok_http_requests_total{method="none",status="200"} 1"#,
            r#"potok_http_request_duration_seconds_bucket{method="GetMessage V5",le="0.00025"} 0"#,
            r#"potok_http_request_duration_seconds_bucket{method="GetMessage V5",le="0.0005"} 4"#,
        ] {
            assert!(text.lines().any(|it| it == line), "{line} is not in {text}");
        }
        assert!(!text.contains("GetMessage V6"), "nobody called it");
    }

    #[test]
    fn every_status_of_the_contract_has_a_counter() {
        for spec in potok_api::methods::all() {
            let unknown = spec.status_codes.iter().find(|status| known().all(|known| known != **status));
            assert_eq!(unknown, None, "{spec}");
        }
    }
}
