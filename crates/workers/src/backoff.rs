//! Pauses after failures.

use std::time::Duration;

/// Pauses after failures: the first one after the first failure, and the last one again and again.
#[derive(Clone, Copy, Debug)]
pub struct Backoff(&'static [Duration]);

impl Backoff {
    /// These pauses. Without any there is no pause.
    pub const fn new(pauses: &'static [Duration]) -> Self {
        Self(pauses)
    }

    /// The pause after so many failures in a row.
    pub fn after(self, failures: u32) -> Duration {
        let nth = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
        self.0.get(nth).or(self.0.last()).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_get_longer_and_the_last_one_stays() {
        const PAUSES: Backoff = Backoff::new(&[Duration::from_secs(1), Duration::from_secs(5)]);
        let seconds = [0, 1, 2, 3, u32::MAX].map(|failures| PAUSES.after(failures).as_secs());
        assert_eq!(seconds, [1, 1, 5, 5, 5]);
        assert_eq!(Backoff::new(&[]).after(3), Duration::ZERO);
    }
}
