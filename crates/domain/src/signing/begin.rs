//! How a signing begins.

use potok_types::{TaskId, Ticks};

use super::{HeldKey, PATIENCE_SECONDS, Signing, Stage, Work};

impl Signing {
    /// Something to be signed by `key`. `others` are those that its user has already: what is confirmed somewhere else is confirmed
    /// one after the other, or nobody knew what is meant. A code belongs to one signing, so those by code do not stand in the way
    /// of each other; and they need one whatever the key is.
    pub fn begin(id: TaskId, key: &HeldKey, work: Work, others: &[Self], now: Ticks) -> Self {
        let new = Self {
            id,
            user: key.user,
            started_at: now,
            key: key.name,
            work,
            stage: Stage::Occupied,
            revision: 0,
        };
        let is_occupied = || others.iter().any(|other| !other.is_by_code() && other.is_waiting(now));
        let stage = match () {
            () if !new.is_by_code() && key.is_unattended => Stage::Ready { on_shelf: false },
            () if !new.is_by_code() && is_occupied() => Stage::Occupied,
            () => Stage::Waiting { until: now.plus_seconds(PATIENCE_SECONDS), code: None, tries: 0 },
        };
        Self { stage, ..new }
    }
}
