//! The signals that stop a server, heard on a thread of their own: whatever keeps the others busy, a stop begins when it is
//! asked for, and ends in time.

use std::io;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::telemetry;

/// After the requests were cut off: for the running step of each worker, and for closing the store.
const REST: Duration = Duration::from_secs(1);

/// Hears the signals of this process.
pub(crate) struct Control {
    first: CancellationToken,
}

impl Control {
    /// From here on the first signal asks for a stop. The process ends at the second one, and in any case a second after the
    /// time that running requests are given. What was acknowledged is kept either way.
    pub(crate) fn start(stop_seconds: u64) -> io::Result<Self> {
        let limit = Duration::from_secs(stop_seconds).saturating_add(REST);
        let first = CancellationToken::new();
        let asked = first.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut signals = {
            let _context = runtime.enter();
            Signals::listen()?
        };
        std::thread::Builder::new().name("potok-signals".to_owned()).spawn(move || {
            runtime.block_on(async {
                signals.wait().await;
                tracing::info!("stopping");
                asked.cancel();
                match timeout(limit, signals.wait()).await {
                    Ok(()) => {
                        tracing::warn!(
                            "stopped before everything that ran was finished: a second signal came"
                        );
                    }
                    Err(_) => {
                        tracing::warn!("stopped before everything that ran was finished: the time is over");
                    }
                }
                telemetry::flush();
                std::process::exit(1);
            });
        })?;
        Ok(Self { first })
    }

    /// Waits until a stop is asked for.
    pub(crate) async fn stopped(&self) {
        self.first.cancelled().await;
    }
}

/// The signals themselves.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// From here on the signals do not kill the process.
    fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    async fn wait(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    }
}
