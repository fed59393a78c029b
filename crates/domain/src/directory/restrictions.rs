//! What keeps an organization from sending.

use potok_types::Ticks;

/// What the operator or the organization itself said that keeps it from sending. Nothing keeps it from reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restrictions {
    /// The day on which it ceased to be, as the state's register has it (`YYYY-MM-DD`): an organization that has one is no more.
    pub liquidated_on: Option<String>,
    /// When it was asked to block the organization, which holds from three days later on.
    pub block_requested_at: Option<Ticks>,
    /// The operator blocked it, from that moment on.
    pub is_blocked: bool,
}

/// Why an organization sends nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaySendNothing {
    /// It is no more.
    Liquidated,
    /// It is blocked.
    Blocked,
}

/// Between the wish to block an organization and the block.
const SECONDS_TO_BLOCK: i64 = 3 * 24 * 3600;

impl Restrictions {
    /// A block that was asked for holds by now.
    pub fn is_block_due(&self, now: Ticks) -> bool {
        self.block_requested_at.is_some_and(|at| at.plus_seconds(SECONDS_TO_BLOCK) <= now)
    }

    /// Whether the organization may send anything now.
    ///
    /// # Errors
    /// [`MaySendNothing`].
    pub fn may_send(&self, now: Ticks) -> Result<(), MaySendNothing> {
        if self.liquidated_on.is_some() {
            return Err(MaySendNothing::Liquidated);
        }
        if self.is_blocked || self.is_block_due(now) {
            return Err(MaySendNothing::Blocked);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ticks = Ticks::new(639_000_000_000_000_000);

    #[test]
    fn a_block_that_is_asked_for_holds_three_days_later() {
        let asked = Restrictions { block_requested_at: Some(NOW), ..Restrictions::default() };
        let later = |seconds| asked.may_send(NOW.plus_seconds(seconds));
        assert_eq!((later(0), later(SECONDS_TO_BLOCK - 1)), (Ok(()), Ok(())));
        assert_eq!(later(SECONDS_TO_BLOCK), Err(MaySendNothing::Blocked));
    }

    #[test]
    fn who_is_no_more_is_told_that_first() {
        let blocked = Restrictions { is_blocked: true, ..Restrictions::default() };
        assert_eq!(blocked.may_send(NOW), Err(MaySendNothing::Blocked));
        let gone = Restrictions { liquidated_on: Some("2026-01-31".to_owned()), ..blocked };
        assert_eq!(gone.may_send(NOW), Err(MaySendNothing::Liquidated));
        assert_eq!(Restrictions::default().may_send(NOW), Ok(()));
    }
}
