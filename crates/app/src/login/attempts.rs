//! Wrong passwords, counted per login: the more there were, the longer the next attempt has to wait. Kept in memory: a
//! restart forgets them, which gives whoever guesses a handful of attempts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use potok_types::Ticks;
use sha2::{Digest as _, Sha256};

use super::TooManyAttempts;

/// Wrong attempts that cost nothing but themselves: people mistype.
const FREE: u32 = 5;
/// The wait after the first one that does, in seconds; it doubles with each further one.
const FIRST_WAIT: i64 = 1;
/// The longest wait, in seconds: whoever guesses gets some 300 attempts a day, and the owner comes in again in minutes.
const LONGEST_WAIT: i64 = 300;
/// Seconds after which a login without attempts is forgotten.
const MEMORY: i64 = 24 * 3600;
/// Logins that are remembered; beyond them those with the fewest attempts are forgotten.
const MOST_LOGINS: usize = 50_000;

/// What is known of the attempts at one login.
#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    last: Ticks,
    wait_until: Ticks,
}

/// Attempts at all logins.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<[u8; 32], Tries>>);

/// An attempt that is under way. It counts as a wrong one until it turns out to be right, so that many at once gain nothing.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    attempts: &'a Attempts,
    login: [u8; 32],
}

impl Attempts {
    /// Begins an attempt at `login`.
    ///
    /// # Errors
    /// [`TooManyAttempts`]; this one does not count.
    pub(crate) fn begin(&self, login: &str, now: Ticks) -> Result<Attempt<'_>, TooManyAttempts> {
        // Whatever length and case: logins are kept in lower case.
        let login: [u8; 32] = Sha256::digest(login.to_lowercase()).into();
        let mut known = self.known();
        let before = known.get(&login).copied().filter(|tries| now < tries.last.plus_seconds(MEMORY));
        if let Some(tries) = before.filter(|tries| now < tries.wait_until) {
            let left = tries.wait_until.get() - now.get();
            let seconds = left.div_euclid(TICKS_PER_SECOND) + i64::from(left % TICKS_PER_SECOND != 0);
            return Err(TooManyAttempts { seconds: u32::try_from(seconds).unwrap_or(u32::MAX) });
        }
        let count = before.map_or(0, |tries| tries.count).saturating_add(1);
        let wait_until = now.plus_seconds(wait_after(count));
        if known.len() >= MOST_LOGINS && !known.contains_key(&login) {
            forget(&mut known, now);
        }
        known.insert(login, Tries { count, last: now, wait_until });
        Ok(Attempt { attempts: self, login })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const TICKS_PER_SECOND: i64 = 10_000_000;

impl Attempt<'_> {
    /// The password was right.
    pub(crate) fn was_right(self) {
        self.attempts.known().remove(&self.login);
    }

    /// Nobody looked at the password.
    pub(crate) fn was_none(self) {
        if let Some(tries) = self.attempts.known().get_mut(&self.login) {
            tries.count = tries.count.saturating_sub(1);
            tries.wait_until = tries.last;
        }
    }
}

/// Seconds to wait after so many wrong attempts.
fn wait_after(count: u32) -> i64 {
    match count.checked_sub(FREE) {
        None | Some(0) => 0,
        Some(over) => FIRST_WAIT
            .checked_shl(over - 1)
            .filter(|wait| *wait > 0)
            .unwrap_or(LONGEST_WAIT)
            .min(LONGEST_WAIT),
    }
}

/// Makes room: what is old goes, else the half with the fewest attempts.
fn forget(known: &mut HashMap<[u8; 32], Tries>, now: Ticks) {
    known.retain(|_, tries| now < tries.last.plus_seconds(MEMORY));
    if known.len() < MOST_LOGINS {
        return;
    }
    let mut counts: Vec<u32> = known.values().map(|tries| tries.count).collect();
    let (_, median, _) = counts.select_nth_unstable(MOST_LOGINS / 2);
    let median = *median;
    known.retain(|_, tries| tries.count > median);
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ticks = Ticks::new(639_000_000_000_000_000);

    #[test]
    fn the_wait_grows_with_each_wrong_password_and_ends_with_a_right_one() {
        let attempts = Attempts::default();
        for _ in 0..FREE {
            attempts.begin("anna", NOW).unwrap();
        }
        let mut now = NOW;
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            attempts.begin("Anna", now).unwrap();
            assert_eq!(attempts.begin("anna", now).unwrap_err().seconds, seconds);
            let almost = now.plus_seconds(i64::from(seconds) - 1);
            assert_eq!(attempts.begin("anna", almost).unwrap_err().seconds, 1);
            now = now.plus_seconds(i64::from(seconds));
        }
        attempts.begin("boris", now).unwrap();
        attempts.begin("anna", now).unwrap().was_right();
        for _ in 0..FREE {
            attempts.begin("anna", now).unwrap();
        }
    }

    #[test]
    fn attempts_at_once_are_counted_before_any_of_them_is_judged() {
        let attempts = Attempts::default();
        let begun: Vec<_> = (0..100).map(|_| attempts.begin("anna", NOW)).collect();
        assert_eq!(begun.iter().filter(|attempt| attempt.is_ok()).count(), FREE as usize + 1);
    }

    #[test]
    fn what_nobody_looked_at_does_not_count() {
        let attempts = Attempts::default();
        for _ in 0..50 {
            attempts.begin("anna", NOW).unwrap().was_none();
        }
        for _ in 0..FREE {
            attempts.begin("anna", NOW).unwrap();
        }
    }

    #[test]
    fn a_day_later_nothing_is_left() {
        let attempts = Attempts::default();
        for _ in 0..=FREE {
            attempts.begin("anna", NOW).unwrap();
        }
        assert!(attempts.begin("anna", NOW).is_err());
        let later = NOW.plus_seconds(MEMORY);
        for _ in 0..FREE {
            attempts.begin("anna", later).unwrap();
        }
    }

    #[test]
    fn made_up_logins_push_out_those_with_fewer_attempts() {
        let attempts = Attempts::default();
        for _ in 0..=FREE {
            attempts.begin("anna", NOW).unwrap();
        }
        for number in 0..2 * MOST_LOGINS {
            attempts.begin(&number.to_string(), NOW).unwrap();
        }
        assert!(attempts.known().len() <= MOST_LOGINS);
        assert!(attempts.begin("anna", NOW).is_err(), "guessing goes on to cost");
    }
}
