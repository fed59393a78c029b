//! Reads the certificate of the door again: whoever renews it need not tell the server.

use std::sync::Arc;
use std::time::Duration;

use potok_http::{Tls, TlsError};
use potok_types::with_causes;
use potok_workers::{Progress, Worker, pause};

/// How often.
const PERIOD: Duration = Duration::from_secs(60);

/// Looks at the files every minute, for the first time after one.
pub(crate) struct Certificates {
    tls: Arc<Tls>,
    is_time: bool,
}

impl Certificates {
    pub(crate) const fn new(tls: Arc<Tls>) -> Self {
        Self { tls, is_time: false }
    }
}

/// Reads them now, and says what came of it.
pub(crate) fn refresh(tls: &Tls) {
    match tls.refresh() {
        Ok(true) => tracing::info!("the certificate of the door was read again"),
        Ok(false) => {}
        Err(error) => {
            tracing::error!(error = with_causes(&error), "the new certificate of the door cannot be used");
        }
    }
}

impl Worker for Certificates {
    type Error = TlsError;

    fn name(&self) -> &'static str {
        "certificates"
    }

    async fn step(&mut self) -> Result<Progress, TlsError> {
        if std::mem::take(&mut self.is_time) {
            refresh(&self.tls);
        }
        Ok(Progress::Idle)
    }

    async fn rest(&mut self) {
        pause(PERIOD).await;
        self.is_time = true;
    }

    fn tell(&self, error: TlsError, pause: Duration) {
        tracing::error!(%error, ?pause, "the certificate of the door could not be looked at");
    }
}
