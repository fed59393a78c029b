//! Where ids and secrets come from.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use uuid::Uuid;

use crate::{Clock as _, SystemClock};

/// The only source of randomness.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`. Secrets are made of this, so the real source must be cryptographically strong.
    fn fill(&self, bytes: &mut [u8]);

    /// A new random (version 4) id.
    fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A new id of something that is added to a box: those of one time lie together (version 7), so that many of them touch few
    /// pages of an index, however large it has become. 74 of its bits are random. A source that knows no time gives random ids.
    fn id(&self) -> Uuid {
        self.uuid()
    }
}

/// The operating system's generator, stretched by a per-thread stream cipher.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }

    fn id(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(unix_millis(), &random).into_uuid()
    }
}

/// What the machine's clock shows.
fn unix_millis() -> u64 {
    u64::try_from(SystemClock.now().unix_nanoseconds() / 1_000_000).unwrap_or_default()
}

/// The same sequence for the same seed: for tests and replays, never for secrets.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<StdRng>);

impl SeededEntropy {
    /// The sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // A panic elsewhere cannot leave the generator half changed, so a poisoned lock is as good as a clean one.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_time_lie_together_and_none_comes_twice() {
        let before = unix_millis();
        let ids: Vec<Uuid> = (0..1000).map(|_| SystemEntropy.id()).collect();
        let after = unix_millis();
        let millis = |id: &Uuid| u64::try_from(id.as_u128() >> 80).unwrap();
        assert!(ids.iter().all(|id| (before..=after).contains(&millis(id)) && id.get_version_num() == 7));
        assert!(ids.is_sorted_by_key(millis));
        assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), ids.len());
    }

    #[test]
    fn a_source_without_a_clock_repeats_its_ids() {
        let ids = |seed| SeededEntropy::new(seed).id();
        assert_eq!(ids(1), ids(1));
        assert_ne!(ids(1), ids(2));
    }
}
