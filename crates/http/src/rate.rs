//! How often somebody may call. Whoever shows a good token is counted as the user; everybody else as the API client that they
//! name and the address that they call from, so that nobody who only knows a client's name uses up what its users have.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use potok_types::{Clock, Ticks, UserId};

use crate::{ApiError, ErrorCode, HttpOptions};

const TICKS_PER_SECOND: i64 = 10_000_000;
/// Buckets that are kept; a full one is the same as none.
const MOST_BUCKETS: usize = 100_000;

/// Whose calls are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A user, whatever the program and the place.
    User(UserId),
    /// Whoever names a client without a good token, by the hash of its name.
    Stranger(u64, Network),
    /// Whoever names nobody that is known.
    Address(Network),
    /// Everybody for whom there is no bucket left.
    Others,
}

/// Those who share an address, as far as one subscriber of a provider can change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Network {
    V4([u8; 4]),
    /// A subscriber has the 64 low bits to choose from.
    V6([u8; 8]),
}

impl Network {
    fn of(peer: SocketAddr) -> Self {
        match peer.ip().to_canonical() {
            IpAddr::V4(ip) => Self::V4(ip.octets()),
            IpAddr::V6(ip) => {
                let [a, b, c, d, e, f, g, h, ..] = ip.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

/// A token bucket for each of them.
pub(crate) struct Limits {
    clock: Arc<dyn Clock>,
    users: Rate,
    strangers: Rate,
    names: RandomState,
    buckets: Mutex<Buckets>,
}

/// So many calls in the long run, and so many at once after a pause.
#[derive(Clone, Copy)]
struct Rate {
    per_second: u32,
    /// Time that one call uses up.
    step: i64,
    /// Time that may be used up in advance.
    burst: i64,
}

impl Rate {
    /// Keeps at least one call a second.
    fn new(per_second: u32, burst: u32) -> Self {
        let per_second = per_second.max(1);
        let step = TICKS_PER_SECOND / i64::from(per_second);
        Self { per_second, step, burst: step * i64::from(burst.max(1)) }
    }
}

/// When each bucket will be full again, on a clock that never runs backwards: setting the machine's clock back would otherwise
/// shut everybody out until the old time is reached again.
struct Buckets {
    full_at: HashMap<Key, i64>,
    last: Ticks,
    passed: i64,
}

impl Buckets {
    fn now(&mut self, now: Ticks) -> i64 {
        self.passed = self.passed.saturating_add((now.get() - self.last.get()).max(0));
        self.last = now;
        self.passed
    }

    /// The seconds to wait, if there is no call left.
    fn take(&mut self, key: Key, rate: Rate, now: i64) -> Option<i64> {
        if self.full_at.len() >= MOST_BUCKETS && !self.full_at.contains_key(&key) {
            self.full_at.retain(|_, full_at| *full_at > now);
        }
        let key = if self.full_at.len() >= MOST_BUCKETS && !self.full_at.contains_key(&key) {
            Key::Others
        } else {
            key
        };
        let full_at = self.full_at.entry(key).or_insert(now);
        let after = (*full_at).max(now) + rate.step;
        if after - now > rate.burst {
            return Some((after - now - rate.burst + TICKS_PER_SECOND - 1) / TICKS_PER_SECOND);
        }
        *full_at = after;
        None
    }
}

impl Limits {
    /// `None`: there is no limit.
    pub(crate) fn new(options: &HttpOptions, clock: Arc<dyn Clock>) -> Option<Self> {
        let HttpOptions { requests_per_second, burst, stranger_requests_per_second, .. } = *options;
        if requests_per_second == 0 {
            return None;
        }
        let buckets = Buckets { full_at: HashMap::new(), last: clock.now(), passed: 0 };
        Some(Self {
            clock,
            users: Rate::new(requests_per_second, burst),
            strangers: Rate::new(
                stranger_requests_per_second,
                stranger_requests_per_second.saturating_mul(2),
            ),
            names: RandomState::new(),
            buckets: Mutex::new(buckets),
        })
    }

    /// Counts a call with a good token.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub(crate) fn count_user(&self, user: UserId) -> Result<(), ApiError> {
        self.count(Key::User(user), self.users, || format!("User {user} calls"))
    }

    /// Counts a call without one.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub(crate) fn count_stranger(&self, client_id: &str, peer: SocketAddr) -> Result<(), ApiError> {
        let key = Key::Stranger(self.names.hash_one(client_id), Network::of(peer));
        self.count(key, self.strangers, || {
            format!("API client {client_id} calls without a good token from {}", peer.ip())
        })
    }

    /// Counts a call of nobody that is known.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub(crate) fn count_address(&self, peer: SocketAddr) -> Result<(), ApiError> {
        self.count(Key::Address(Network::of(peer)), self.strangers, || {
            format!("{} calls without a good token", peer.ip())
        })
    }

    fn count(&self, key: Key, rate: Rate, who: impl Fn() -> String) -> Result<(), ApiError> {
        // Nothing can panic while the lock is held, so its content is whole.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let now = buckets.now(self.clock.now());
        let wait = buckets.take(key, rate, now);
        drop(buckets);
        let Some(wait) = wait else { return Ok(()) };
        let text = format!(
            "{} more than {} times per second: repeat the call after the seconds in Retry-After",
            who(),
            rate.per_second
        );
        let refused = ApiError::new(ErrorCode::TooManyRequests, text);
        Err(refused.retry_after(u32::try_from(wait).unwrap_or(u32::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use potok_types::ManualClock;

    use super::*;

    fn limits(requests_per_second: u32, burst: u32) -> (Limits, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(Ticks::UNIX_EPOCH));
        let options = HttpOptions {
            requests_per_second,
            burst,
            stranger_requests_per_second: 1,
            ..HttpOptions::default()
        };
        (Limits::new(&options, Arc::<ManualClock>::clone(&clock)).unwrap(), clock)
    }

    fn peer(ip: &str) -> SocketAddr {
        SocketAddr::new(ip.parse().unwrap(), 1)
    }

    fn user(number: u128) -> UserId {
        format!("{number:032x}").parse().unwrap()
    }

    #[test]
    fn a_burst_is_let_through_and_then_the_rate_counts() {
        let (limits, clock) = limits(2, 3);
        let (a, b) = (user(1), user(2));
        for _ in 0..3 {
            assert_eq!(limits.count_user(a), Ok(()));
        }
        let refused = limits.count_user(a).unwrap_err();
        assert_eq!((refused.code, refused.retry_after_seconds), (ErrorCode::TooManyRequests, Some(1)));
        assert_eq!(limits.count_user(b), Ok(()), "users do not share");
        clock.advance_seconds(1);
        assert_eq!(limits.count_user(a), Ok(()));
        clock.advance_seconds(-3600);
        assert_eq!(limits.count_user(a), Ok(()), "one call of that second is left, whatever the clock says");
        assert!(limits.count_user(a).is_err());
        clock.advance_seconds(1);
        assert_eq!(limits.count_user(a), Ok(()), "an hour that is lived through twice shuts nobody out");
    }

    #[test]
    fn who_knows_only_the_name_of_a_client_shuts_out_nobody_else() {
        let (limits, _clock) = limits(2, 3);
        let (here, there) = (peer("10.0.0.1"), peer("10.0.0.2"));
        while limits.count_stranger("program", here).is_ok() {}
        let refused = limits.count_stranger("program", here).unwrap_err();
        assert!(
            refused.text.starts_with("API client program calls without a good token from 10.0.0.1"),
            "{refused}"
        );
        assert_eq!(limits.count_stranger("program", there), Ok(()), "another address");
        assert_eq!(limits.count_stranger("other", here), Ok(()), "another client");
        assert_eq!(limits.count_user(user(1)), Ok(()), "its users");
        assert_eq!(limits.count_address(here), Ok(()));
    }

    #[test]
    fn an_address_is_what_a_subscriber_cannot_change() {
        let of = |ip| Network::of(peer(ip));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }

    #[test]
    fn the_number_of_buckets_is_bounded_and_the_rest_share_one() {
        let (limits, clock) = limits(1, 1);
        for number in 0..MOST_BUCKETS as u128 {
            limits.count_user(user(number)).unwrap();
        }
        assert_eq!(limits.count_user(user(1 << 100)), Ok(()), "the first of the others");
        assert!(limits.count_user(user(1 << 101)).is_err(), "they share");
        clock.advance_seconds(2);
        assert_eq!(limits.count_user(user(1 << 101)), Ok(()));
        assert_eq!(limits.count_user(user(1 << 102)), Ok(()), "full buckets were forgotten");
    }

    #[test]
    fn zero_is_no_limit() {
        let clock = Arc::new(ManualClock::new(Ticks::UNIX_EPOCH));
        let options = HttpOptions { requests_per_second: 0, ..HttpOptions::default() };
        assert!(Limits::new(&options, clock).is_none());
    }
}
