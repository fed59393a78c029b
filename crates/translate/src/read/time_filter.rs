//! `TimeBasedFilter`: a stretch of time, and from which end it is read.

use potok_domain::query::FeedOrder;
use potok_types::Ticks;
use potok_wire::proto::{SortDirection, TimeBasedFilter, Timestamp};

use crate::BadRequest;

/// The filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeFilter {
    /// Not before it.
    pub(super) from: Option<Ticks>,
    /// Not later than it.
    pub(super) to: Option<Ticks>,
    /// From which end.
    pub(super) order: FeedOrder,
}

impl TimeFilter {
    /// The filter at `path`.
    ///
    /// # Errors
    /// [`BadRequest`] when it ends before it begins.
    pub(super) fn read(path: &str, filter: &TimeBasedFilter) -> Result<Self, BadRequest> {
        let ticks = |at: Option<Timestamp>| at.map(|at| Ticks::new(at.ticks));
        let (from, to) = (ticks(filter.from_timestamp), ticks(filter.to_timestamp));
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(BadRequest::worded(format!(
                "{path}.FromTimestamp {} is later than ToTimestamp {}: exchange them",
                from.get(),
                to.get()
            )));
        }
        let is_descending = filter.sort_direction() == SortDirection::Descending;
        let order = if is_descending { FeedOrder::Descending } else { FeedOrder::Ascending };
        Ok(Self { from, to, order })
    }
}
