//! Registration that nobody asked for by name: whoever asks for the own organizations is let into those of the own certificates.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use potok_cms::Certificate;
use potok_types::access::User as AnyUser;
use potok_types::{BoxId, Ticks, UserId};

use super::{People, PeopleError};
use crate::Permit;

/// Attempts of one user in a day of UTC.
const ATTEMPTS: u32 = 3;
const DAY_SECONDS: i64 = 24 * 3600;

/// What was attempted today, by user. Kept in memory: a restart forgets it, which lets nobody in who would not be let in anyway.
#[derive(Debug, Default)]
pub(crate) struct Attempted(Mutex<(i64, HashMap<UserId, u32>)>);

impl Attempted {
    /// Counts one attempt more, unless there were enough today.
    fn may(&self, user: UserId, now: Ticks) -> bool {
        let mut attempted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (day, counts) = &mut *attempted;
        let today = now.unix_seconds().div_euclid(DAY_SECONDS);
        if *day != today {
            *day = today;
            counts.clear();
        }
        let count = counts.entry(user).or_default();
        *count += 1;
        *count <= ATTEMPTS
    }
}

impl People {
    /// Registers the caller, as [`Self::register`] does, in each organization that a certificate of the caller's account names
    /// and in which nothing was decided about the caller yet: who is employed, was taken out, waits or was declined stays so.
    ///
    /// # Errors
    /// [`PeopleError::TooManyRegistrations`] for the fourth attempt in a day.
    pub async fn register_by_certificates(&self, user: &Permit<AnyUser>) -> Result<(), PeopleError> {
        if !self.judge.knows_issuers() {
            return Ok(());
        }
        for kept in self.logins.user_certificates(user.id).await? {
            let Ok(certificate) = Certificate::from_der(&kept.der) else { continue };
            let Ok(box_id) = self.box_named_by(&certificate).await? else { continue };
            if self.is_decided(user.id, box_id).await? {
                continue;
            }
            if !self.attempted.may(user.id, self.core.clock.now()) {
                return Err(PeopleError::TooManyRegistrations { attempts: ATTEMPTS });
            }
            self.let_in(user.id, box_id, &certificate).await?;
        }
        Ok(())
    }

    async fn is_decided(&self, user: UserId, box_id: BoxId) -> Result<bool, PeopleError> {
        let directory = &self.core.directory;
        Ok(directory.member(box_id, user).await?.is_some()
            || directory.was_employed(box_id, user).await?
            || self.last_request(box_id, user).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_attempts_are_made_in_a_day() {
        let attempted = Attempted::default();
        let (one, other) = (UserId::ZERO, UserId::from_uuid(uuid::Uuid::from_u128(1)));
        let midnight = Ticks::from_unix_seconds(20_000 * DAY_SECONDS);
        let may = |user, seconds| attempted.may(user, midnight.plus_seconds(seconds));
        assert_eq!([0, 1, 2, 3].map(|seconds| may(one, seconds)), [true, true, true, false]);
        assert!(may(other, 4), "each has the own ones");
        assert!(!may(one, DAY_SECONDS - 1));
        assert!(may(one, DAY_SECONDS), "the next day");
    }
}
