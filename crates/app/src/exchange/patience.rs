//! How long a call waits for the work on its signatures: each of them has its turn, and there may be hundreds.

use std::time::Duration;

use potok_room::NoRoom;
use tokio::time::{Instant, timeout_at};

use crate::ExchangeError;

/// From the first signature of a call to the last one. Beyond it the caller is told to come again.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The time until which a call waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience(Instant);

impl Patience {
    /// It begins now.
    pub(super) fn begin() -> Self {
        Self(Instant::now() + PATIENCE)
    }

    /// What came of `work`, if it is done in time.
    ///
    /// # Errors
    /// `CoreError::NoRoom` when it is not, or those of `work`.
    pub(super) async fn wait<T, E: Into<ExchangeError>>(
        self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, ExchangeError> {
        timeout_at(self.0, work).await.map_err(|_| NoRoom)?.map_err(Into::into)
    }
}
