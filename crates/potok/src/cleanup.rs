//! Throws away what has expired, and what nothing names.

use std::sync::Arc;
use std::time::Duration;

use potok_app::admin::{Expired, Swept};
use potok_app::{App, CoreError};
use potok_workers::{Progress, Worker, pause};

/// How often.
const PERIOD: Duration = Duration::from_secs(3600);

/// Steps of the sweep each time: it comes around once a day.
const SWEEPS: usize = 11;

/// Throws expired tokens, codes, shelf files, challenges and tasks away, every hour, for the first time after one, and makes the
/// next signing key when it is time; then contents that nothing names.
pub(crate) struct Cleanup {
    app: Arc<App>,
    is_time: bool,
    sweeps: usize,
}

impl Cleanup {
    pub(crate) const fn new(app: Arc<App>) -> Self {
        Self { app, is_time: false, sweeps: 0 }
    }
}

impl Worker for Cleanup {
    type Error = CoreError;

    fn name(&self) -> &'static str {
        "clean-up"
    }

    async fn step(&mut self) -> Result<Progress, CoreError> {
        if self.is_time {
            let Expired { tokens, files, challenges, codes } = self.app.admin().forget_expired().await?;
            let tasks =
                self.app.partners().forget_old_tasks().await? + self.app.signing().forget_old().await?;
            if tokens + files + challenges + codes + tasks > 0 {
                tracing::info!(tokens, files, challenges, codes, tasks, "threw away what had expired");
            }
            self.app.admin().keep_keys_fresh().await?;
            (self.is_time, self.sweeps) = (false, SWEEPS);
            return Ok(Progress::Worked);
        }
        if self.sweeps == 0 {
            return Ok(Progress::Idle);
        }
        let Swept { contents, drafts } = self.app.admin().sweep().await?;
        if contents + drafts > 0 {
            tracing::info!(contents, drafts, "took contents away that nothing names");
        }
        self.sweeps -= 1;
        Ok(Progress::Worked)
    }

    async fn rest(&mut self) {
        pause(PERIOD).await;
        self.is_time = true;
    }

    fn tell(&self, error: CoreError, pause: Duration) {
        tracing::warn!(%error, ?pause, "what has expired could not be thrown away; tried again after a pause");
    }
}
