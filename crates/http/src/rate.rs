//! How often one API client may call.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use potok_types::{Clock, Ticks};

use crate::{ApiError, ErrorCode, HttpOptions};

/// A token bucket for each client. Only clients that are known get one, so their number is bounded.
pub(crate) struct Limits {
    limiter: RateLimiter<String, DefaultKeyedStateStore<String>, SteadyClock, NoOpMiddleware<Nanos>>,
    clock: SteadyClock,
    per_second: NonZeroU32,
}

impl Limits {
    /// `None`: there is no limit.
    pub(crate) fn new(options: &HttpOptions, clock: Arc<dyn Clock>) -> Option<Self> {
        let per_second = NonZeroU32::new(options.requests_per_second)?;
        let burst = NonZeroU32::new(options.burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let clock = SteadyClock::new(clock);
        Some(Self { limiter: RateLimiter::new(quota, Default::default(), clock.clone()), clock, per_second })
    }

    /// Counts one call of `client_id`.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub(crate) fn count(&self, client_id: &String) -> Result<(), ApiError> {
        self.limiter.check_key(client_id).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
            let text = format!(
                "API client {client_id} calls more than {} times per second: repeat the call after the seconds in \
                 Retry-After",
                self.per_second
            );
            ApiError::new(ErrorCode::TooManyRequests, text).retry_after(seconds)
        })
    }
}

/// Our clock as the limiter wants it: counted from a start, and never running backwards. Setting the machine's clock back
/// would otherwise shut every client out until the old time is reached again.
#[derive(Clone)]
struct SteadyClock {
    clock: Arc<dyn Clock>,
    reading: Arc<Mutex<Reading>>,
}

struct Reading {
    last: Ticks,
    passed: Nanos,
}

impl SteadyClock {
    fn new(clock: Arc<dyn Clock>) -> Self {
        let reading = Reading { last: clock.now(), passed: Nanos::new(0) };
        Self { clock, reading: Arc::new(Mutex::new(reading)) }
    }
}

impl governor::clock::Clock for SteadyClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let now = self.clock.now();
        // Nothing can panic while the lock is held, so its content is whole.
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let step = u64::try_from((now.get() - reading.last.get()).saturating_mul(100)).unwrap_or(0);
        reading.last = now;
        reading.passed = reading.passed + Nanos::new(step);
        reading.passed
    }
}

#[cfg(test)]
mod tests {
    use potok_types::ManualClock;

    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate_counts() {
        let clock = Arc::new(ManualClock::new(Ticks::UNIX_EPOCH));
        let options = HttpOptions { requests_per_second: 2, burst: 3, ..HttpOptions::default() };
        let limits = Limits::new(&options, Arc::<ManualClock>::clone(&clock)).unwrap();
        let (a, b) = ("a".to_owned(), "b".to_owned());
        for _ in 0..3 {
            assert_eq!(limits.count(&a), Ok(()));
        }
        let refused = limits.count(&a).unwrap_err();
        assert_eq!((refused.code, refused.retry_after_seconds), (ErrorCode::TooManyRequests, Some(1)));
        assert_eq!(limits.count(&b), Ok(()), "clients do not share");
        clock.advance_seconds(1);
        assert_eq!(limits.count(&a), Ok(()));
        clock.advance_seconds(-3600);
        assert_eq!(limits.count(&a), Ok(()), "one call of that second is left, whatever the clock says");
        assert!(limits.count(&a).is_err());
        clock.advance_seconds(1);
        assert_eq!(limits.count(&a), Ok(()), "an hour that is lived through twice shuts nobody out");
    }

    #[test]
    fn slow_rates_name_whole_seconds() {
        let clock = Arc::new(ManualClock::new(Ticks::UNIX_EPOCH));
        let options = HttpOptions { requests_per_second: 1, burst: 0, ..HttpOptions::default() };
        let limits = Limits::new(&options, clock).unwrap();
        assert_eq!(limits.count(&"a".to_owned()), Ok(()));
        assert_eq!(limits.count(&"a".to_owned()).unwrap_err().retry_after_seconds, Some(1));
    }

    #[test]
    fn zero_is_no_limit() {
        let clock = Arc::new(ManualClock::new(Ticks::UNIX_EPOCH));
        let options = HttpOptions { requests_per_second: 0, ..HttpOptions::default() };
        assert!(Limits::new(&options, clock).is_none());
    }
}
