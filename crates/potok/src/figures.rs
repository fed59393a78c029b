//! What the parts of a server tell of themselves, for Prometheus.

use std::pin::Pin;
use std::sync::Arc;

use potok_app::App;
use potok_http::Figures;
use potok_metrics::{Exposition, Kind};
use potok_store::WebhookCounts;
use potok_types::{Clock, Ticks, with_causes};

use crate::stores::OpenStore;

/// The parts that are asked.
pub(crate) struct ServerFigures {
    pub(crate) app: Arc<App>,
    pub(crate) store: OpenStore,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) started: Ticks,
}

impl Figures for ServerFigures {
    fn write<'a>(&'a self, out: &'a mut Exposition) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            self.process(out);
            self.app.figures().write(out);
            match self.app.deliveries().pending().await {
                Ok(pending) => out.one(
                    "potok_outbox_deliveries",
                    Kind::Gauge,
                    "Deliveries to other boxes that are not done yet.",
                    pending,
                ),
                Err(error) => tracing::warn!(error = with_causes(&error), "the outbox could not be counted"),
            }
            match self.app.webhooks().counts().await {
                Ok(counts) => webhooks(out, counts),
                Err(error) => {
                    tracing::warn!(error = with_causes(&error), "the webhooks could not be counted")
                }
            }
            self.store(out);
        })
    }
}

impl ServerFigures {
    fn process(&self, out: &mut Exposition) {
        const BUILD: &str = "potok_build_info";
        out.family(BUILD, Kind::Gauge, "Always 1; the label tells the version.");
        out.value(BUILD, &[("version", env!("CARGO_PKG_VERSION"))], 1);
        out.one(
            "process_start_time_seconds",
            Kind::Gauge,
            "When the server started, in seconds since 1970.",
            self.started.unix_seconds(),
        );
        let up = self.clock.now().unix_seconds().saturating_sub(self.started.unix_seconds());
        out.one("potok_uptime_seconds", Kind::Gauge, "For how long the server runs.", up);
        if let Some(bytes) = resident_bytes() {
            out.one("process_resident_memory_bytes", Kind::Gauge, "Memory of the process.", bytes);
        }
    }

    fn store(&self, out: &mut Exposition) {
        let readings = self.store.readings();
        out.one("potok_store_readings_total", Kind::Counter, "Readings of the store.", readings);
        for (name, kind, help, value) in self.store.figures() {
            out.one(name, kind, help, value);
        }
    }
}

fn webhooks(out: &mut Exposition, counts: WebhookCounts) {
    const WEBHOOKS: &str = "potok_webhooks";
    out.family(
        WEBHOOKS,
        Kind::Gauge,
        "Webhooks of all boxes, by whether they send, were stopped, or were given up.",
    );
    out.value(WEBHOOKS, &[("state", "active")], counts.active);
    out.value(WEBHOOKS, &[("state", "paused")], counts.paused);
    out.value(WEBHOOKS, &[("state", "broken")], counts.broken);
}

/// Memory that the process has in use; `None` where the system does not tell it in this way.
fn resident_bytes() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = told.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}
