//! How many may wait at once. Whoever waits holds a connection, and those who only ask need some too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use potok_types::UserId;

use crate::{ApiError, ErrorCode};

/// Seconds after which it is worth trying again: a page waits for less than a minute.
const TRY_AGAIN_SECONDS: u32 = 30;

/// The places of all who wait.
pub(crate) struct Places {
    /// For all.
    most: usize,
    /// For one user.
    most_of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    of_users: HashMap<Option<UserId>, usize>,
}

/// One of them, given back when it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    user: Option<UserId>,
}

impl Places {
    /// Half of the connections for all who wait, and half of that for one user.
    pub(crate) fn of(connections: usize) -> Arc<Self> {
        let most = (connections / 2).max(1);
        Arc::new(Self { most, most_of_one: (most / 2).max(1), taken: Mutex::default() })
    }

    /// How many are taken.
    pub(crate) fn count(&self) -> usize {
        self.taken().all
    }

    /// One more place.
    ///
    /// # Errors
    /// 429, which says whose places are taken.
    pub(super) fn take(self: &Arc<Self>, user: Option<UserId>) -> Result<Place, ApiError> {
        let mut taken = self.taken();
        let Taken { all, of_users } = &mut *taken;
        let own = of_users.entry(user).or_default();
        let (whose, most) = match (*own, *all) {
            (own, _) if own >= self.most_of_one => ("of this user", self.most_of_one),
            (_, all) if all >= self.most => ("of all users", self.most),
            _ => {
                *own += 1;
                *all += 1;
                return Ok(Place { places: Arc::clone(self), user });
            }
        };
        if *own == 0 {
            of_users.remove(&user);
        }
        let text = format!(
            "{most} pages and streams {whose} wait for events already, and no more may: end some of them, or ask without waiting"
        );
        let refused = ApiError::new(ErrorCode::TooManyRequests, text);
        Err(ApiError { retry_after_seconds: Some(TRY_AGAIN_SECONDS), ..refused })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        if let Some(own) = taken.of_users.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                taken.of_users.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_user_leaves_places_to_others_and_all_leave_connections() {
        let [anna, boris, clara] = [1, 2, 3].map(|number| Some(UserId::from_uuid(Uuid::from_u128(number))));
        let places = Places::of(8);
        let of_anna = [places.take(anna).unwrap(), places.take(anna).unwrap()];
        let refused = places.take(anna).err().unwrap();
        assert_eq!((refused.code, refused.retry_after_seconds), (ErrorCode::TooManyRequests, Some(30)));
        assert!(refused.text.starts_with("2 pages and streams of this user"), "{}", refused.text);
        let _of_boris = [places.take(boris).unwrap(), places.take(boris).unwrap()];
        let refused = places.take(clara).err().unwrap();
        assert!(refused.text.starts_with("4 pages and streams of all users"), "{}", refused.text);
        drop(of_anna);
        assert!(places.take(clara).is_ok());
        assert_eq!(places.taken().of_users.len(), 1, "whoever waits no more leaves nothing behind");
    }
}
