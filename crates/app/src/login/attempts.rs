//! Wrong passwords, counted per login and per address that they come from: the more there were, the longer the next attempt has
//! to wait. Kept in memory: a restart forgets them, which gives whoever guesses a handful of attempts.

use std::collections::HashMap;
use std::net::IpAddr;
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
/// The same for an address: a company may have one for all of its people.
const FREE_OF_ADDRESS: u32 = 50;
const LONGEST_WAIT_OF_ADDRESS: i64 = 60;
/// Seconds after which a login without attempts is forgotten.
const MEMORY: i64 = 24 * 3600;
/// Logins and addresses that are remembered; beyond them those with the fewest attempts are forgotten.
const MOST_LOGINS: usize = 50_000;

/// What is known of the attempts at one login.
#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    last: Ticks,
    wait_until: Ticks,
}

/// Whose attempts are counted together: a digest.
type Key = [u8; 32];

/// Attempts at all logins, from all addresses.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<Key, Tries>>);

/// An attempt that is under way. It counts as a wrong one until it turns out to be right, so that many at once gain nothing.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    attempts: &'a Attempts,
    login: Key,
    address: Option<Key>,
}

/// How many attempts cost nothing, and the longest wait.
type Patience = (u32, i64);
const WITH_LOGIN: Patience = (FREE, LONGEST_WAIT);
const WITH_ADDRESS: Patience = (FREE_OF_ADDRESS, LONGEST_WAIT_OF_ADDRESS);

impl Attempts {
    /// Begins an attempt at `login`, which comes from `address`.
    ///
    /// # Errors
    /// [`TooManyAttempts`]; this one does not count.
    pub(crate) fn begin(
        &self,
        login: &str,
        address: Option<IpAddr>,
        now: Ticks,
    ) -> Result<Attempt<'_>, TooManyAttempts> {
        // Whatever length and case: logins are kept in lower case.
        let login: Key = Sha256::digest(login.to_lowercase()).into();
        let address = address.and_then(key_of_address);
        let mut known = self.known();
        let keys = [Some((login, WITH_LOGIN)), address.map(|address| (address, WITH_ADDRESS))];
        for (key, _) in keys.iter().flatten() {
            must_not_wait(&known, key, now)?;
        }
        for (key, patience) in keys.into_iter().flatten() {
            count(&mut known, key, patience, now);
        }
        Ok(Attempt { attempts: self, login, address })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those who share an address, as far as one subscriber of a provider can change it. Callers on this machine are none: they may
/// be a proxy, behind which everybody is.
fn key_of_address(address: IpAddr) -> Option<Key> {
    let address = address.to_canonical();
    if address.is_loopback() {
        return None;
    }
    let octets = match address {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets()[..8].to_vec(),
    };
    // No login has a blank at its beginning.
    Some(Sha256::digest([b" address ", &octets[..]].concat()).into())
}

fn must_not_wait(known: &HashMap<Key, Tries>, key: &Key, now: Ticks) -> Result<(), TooManyAttempts> {
    let Some(tries) = known.get(key).filter(|tries| now < tries.wait_until && is_remembered(tries, now))
    else {
        return Ok(());
    };
    let left = tries.wait_until.get() - now.get();
    let seconds = left.div_euclid(TICKS_PER_SECOND) + i64::from(left % TICKS_PER_SECOND != 0);
    Err(TooManyAttempts { seconds: u32::try_from(seconds).unwrap_or(u32::MAX) })
}

fn is_remembered(tries: &Tries, now: Ticks) -> bool {
    now < tries.last.plus_seconds(MEMORY)
}

fn count(known: &mut HashMap<Key, Tries>, key: Key, patience: Patience, now: Ticks) {
    let before = known.get(&key).filter(|tries| is_remembered(tries, now));
    let count = before.map_or(0, |tries| tries.count).saturating_add(1);
    let wait_until = now.plus_seconds(wait_after(count, patience));
    if known.len() >= MOST_LOGINS && !known.contains_key(&key) {
        forget(known, now);
    }
    known.insert(key, Tries { count, last: now, wait_until });
}

const TICKS_PER_SECOND: i64 = 10_000_000;

impl Attempt<'_> {
    /// The password was right. What else came from the address still counts: whoever guesses may have an account as well.
    pub(crate) fn was_right(self) {
        let mut known = self.attempts.known();
        known.remove(&self.login);
        take_back(&mut known, self.address);
    }

    /// Nobody looked at the password.
    pub(crate) fn was_none(self) {
        let mut known = self.attempts.known();
        take_back(&mut known, Some(self.login));
        take_back(&mut known, self.address);
    }
}

fn take_back(known: &mut HashMap<Key, Tries>, key: Option<Key>) {
    if let Some(tries) = key.and_then(|key| known.get_mut(&key)) {
        tries.count = tries.count.saturating_sub(1);
        tries.wait_until = tries.last;
    }
}

/// Seconds to wait after so many wrong attempts.
fn wait_after(count: u32, (free, longest): Patience) -> i64 {
    match count.checked_sub(free) {
        None | Some(0) => 0,
        Some(over) => {
            FIRST_WAIT.checked_shl(over - 1).filter(|wait| *wait > 0).unwrap_or(longest).min(longest)
        }
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
            attempts.begin("anna", None, NOW).unwrap();
        }
        let mut now = NOW;
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            attempts.begin("Anna", None, now).unwrap();
            assert_eq!(attempts.begin("anna", None, now).unwrap_err().seconds, seconds);
            let almost = now.plus_seconds(i64::from(seconds) - 1);
            assert_eq!(attempts.begin("anna", None, almost).unwrap_err().seconds, 1);
            now = now.plus_seconds(i64::from(seconds));
        }
        attempts.begin("boris", None, now).unwrap();
        attempts.begin("anna", None, now).unwrap().was_right();
        for _ in 0..FREE {
            attempts.begin("anna", None, now).unwrap();
        }
    }

    #[test]
    fn attempts_at_once_are_counted_before_any_of_them_is_judged() {
        let attempts = Attempts::default();
        let begun: Vec<_> = (0..100).map(|_| attempts.begin("anna", None, NOW)).collect();
        assert_eq!(begun.iter().filter(|attempt| attempt.is_ok()).count(), FREE as usize + 1);
    }

    #[test]
    fn what_nobody_looked_at_does_not_count() {
        let attempts = Attempts::default();
        for _ in 0..50 {
            attempts.begin("anna", None, NOW).unwrap().was_none();
        }
        for _ in 0..FREE {
            attempts.begin("anna", None, NOW).unwrap();
        }
    }

    #[test]
    fn a_day_later_nothing_is_left() {
        let attempts = Attempts::default();
        for _ in 0..=FREE {
            attempts.begin("anna", None, NOW).unwrap();
        }
        assert!(attempts.begin("anna", None, NOW).is_err());
        let later = NOW.plus_seconds(MEMORY);
        for _ in 0..FREE {
            attempts.begin("anna", None, later).unwrap();
        }
    }

    #[test]
    fn made_up_logins_push_out_those_with_fewer_attempts() {
        let attempts = Attempts::default();
        for _ in 0..=FREE {
            attempts.begin("anna", None, NOW).unwrap();
        }
        for number in 0..2 * MOST_LOGINS {
            attempts.begin(&number.to_string(), None, NOW).unwrap();
        }
        assert!(attempts.known().len() <= MOST_LOGINS);
        assert!(attempts.begin("anna", None, NOW).is_err(), "guessing goes on to cost");
    }

    #[test]
    fn an_address_waits_whatever_login_it_tries() {
        let attempts = Attempts::default();
        let from = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        for number in 0..=FREE_OF_ADDRESS {
            attempts.begin(&number.to_string(), from("203.0.113.7"), NOW).unwrap();
        }
        assert_eq!(attempts.begin("anna", from("203.0.113.7"), NOW).unwrap_err().seconds, 1);
        assert_eq!(attempts.begin("anna", from("::ffff:203.0.113.7"), NOW).unwrap_err().seconds, 1);
        attempts.begin("anna", from("203.0.113.8"), NOW).unwrap();
        attempts.begin("anna", from("127.0.0.1"), NOW).unwrap();
        // A right password takes back its own attempt and nothing else.
        let later = NOW.plus_seconds(1);
        attempts.begin("boris", from("203.0.113.7"), later).unwrap().was_right();
        attempts.begin("boris", from("203.0.113.7"), later).unwrap();
        assert_eq!(attempts.begin("boris", from("203.0.113.7"), later).unwrap_err().seconds, 2);
        // Of the new addresses a subscriber has any number.
        for number in 0..=FREE_OF_ADDRESS {
            attempts.begin(&format!("v6 {number}"), from(&format!("2001:db8::{number}")), NOW).unwrap();
        }
        assert!(attempts.begin("vera", from("2001:db8::ffff"), NOW).is_err());
    }
}
