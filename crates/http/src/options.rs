//! Settings of the edge.

use std::collections::BTreeMap;
use std::net::IpAddr;

use potok_api::{Date, MethodSpec};
use potok_types::Ticks;

use crate::ConnectionLimits;

/// Settings of the HTTP edge. The binary reads files and fills them in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// Calls per second that one user may make in the long run; 0 lets everybody through.
    pub requests_per_second: u32,
    /// Calls that a user may make at once after a pause; at least 1.
    pub burst: u32,
    /// Calls per second without a good token that come from one address for one API client; at least 1.
    pub stranger_requests_per_second: u32,
    /// Proxies before the server: what they say in `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Logins of those who keep the server, with pages about all of it in the console, in any case.
    pub keepers: Vec<String>,
    /// Methods to switch off, by label (`GetEvent V2`), and the last day on which each is answered, UTC.
    pub retire: BTreeMap<String, Date>,
    /// How long a stop waits for running requests, in seconds, before it cuts them off.
    pub stop_seconds: u64,
    /// Bounds of connections.
    pub connections: ConnectionLimits,
    /// Of good answers, each so-manieth has a line in the log; at least 1. Others always have one.
    pub log_every: u32,
    /// How many of the last requests are kept to be looked at; 0 keeps none.
    pub request_journal: usize,
    /// Memory for answers that are kept ready, in bytes, all of them together; with 0 none is.
    pub ready_bytes: u64,
    /// Whether answers of 1 KiB or more are sent packed, in chunks, to clients that ask for gzip.
    pub compress: bool,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            requests_per_second: 200,
            burst: 400,
            stranger_requests_per_second: 50,
            trusted_proxies: Vec::new(),
            keepers: Vec::new(),
            retire: BTreeMap::new(),
            stop_seconds: 30,
            connections: ConnectionLimits::default(),
            log_every: 1,
            request_journal: 0,
            ready_bytes: 64 << 20,
            compress: false,
        }
    }
}

impl HttpOptions {
    /// Whether an edge could be made with these.
    ///
    /// # Errors
    /// [`OptionsError`] names the setting that cannot be used.
    pub fn check(&self) -> Result<(), OptionsError> {
        Retirement::new(&self.retire).map(drop)
    }
}

/// Settings that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// There is no such method.
    #[error("retire: the API has no method {label:?}; labels look like \"GetEvent V2\", see docs/parity.md")]
    UnknownMethod {
        /// What was given.
        label: String,
    },
}

/// When methods go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Retirement(BTreeMap<&'static str, Date>);

impl Retirement {
    pub(crate) fn new(retire: &BTreeMap<String, Date>) -> Result<Self, OptionsError> {
        let mut dates = BTreeMap::new();
        for (label, &date) in retire {
            let spec = potok_api::by_label(label)
                .ok_or_else(|| OptionsError::UnknownMethod { label: label.clone() })?;
            dates.insert(spec.label, date);
        }
        Ok(Self(dates))
    }

    /// The last day of `spec`, if the administrator has set one.
    pub(crate) fn last_day(&self, spec: &MethodSpec) -> Option<Date> {
        self.0.get(spec.label).copied()
    }

    /// The day after which `spec` is gone, if that day is over.
    pub(crate) fn gone_since(&self, spec: &MethodSpec, now: Ticks) -> Option<Date> {
        self.last_day(spec).filter(|day| now >= day.ends_at())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST_DAY: Date = Date { year: 2026, month: 11, day: 10 };

    #[test]
    fn a_method_lives_until_the_end_of_its_last_day() {
        let retire = BTreeMap::from([("GetEvent V2".to_owned(), LAST_DAY)]);
        let retirement = Retirement::new(&retire).unwrap();
        let [v2, v3] = ["GetEvent V2", "GetEvent V3"].map(|label| potok_api::by_label(label).unwrap());
        // 2026-11-11T00:00:00Z
        let end = Ticks::from_unix_nanoseconds(1_794_355_200_000_000_000);
        assert_eq!(retirement.gone_since(v2, Ticks::new(end.get() - 1)), None);
        assert_eq!(retirement.gone_since(v2, end), Some(LAST_DAY));
        assert_eq!(retirement.gone_since(v3, end), None);
        assert_eq!(retirement.last_day(v2), Some(LAST_DAY));
    }

    #[test]
    fn mistakes_are_named() {
        let unknown = Retirement::new(&BTreeMap::from([("GetEvent V9".to_owned(), LAST_DAY)])).unwrap_err();
        assert!(unknown.to_string().contains("GetEvent V9"), "{unknown}");
    }
}
