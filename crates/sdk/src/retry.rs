//! When and how often a call is repeated.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// How often a call is made when the server asks to come back later.
///
/// That is so for 429, for 503, for 409 with `Retry-After` (the first call with the same operation id still runs), and
/// for a success with `Retry-After` where the answer is still being prepared. Nothing else is repeated: a connection
/// that broke does not tell whether the server has done what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a call is made in all, at least once.
    pub attempts: u32,
    /// The longest pause: when the server asks for more, the call fails at once.
    pub longest_pause: Duration,
    /// The pause when a 429 or 503 comes without `Retry-After`.
    pub default_pause: Duration,
}

impl RetryPolicy {
    /// Every call is made once.
    pub const NEVER: Self =
        Self { attempts: 1, longest_pause: Duration::ZERO, default_pause: Duration::ZERO };
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 4, longest_pause: Duration::from_secs(30), default_pause: Duration::from_secs(1) }
    }
}

/// The only way in which the client lets time pass; tests put their own here.
pub trait Pause: Send + Sync {
    /// Returns after `duration`.
    fn pause(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Waits on the clock of the runtime.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioPause;

impl Pause for TokioPause {
    fn pause(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the server named the time to wait; nothing announces its end"
        )]
        Box::pin(tokio::time::sleep(duration))
    }
}
