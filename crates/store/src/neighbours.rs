//! Other nodes on the same database.

use std::sync::Arc;

use potok_types::BoxId;

/// Called with a box in which another node wrote, or with `None` when that may have been any. It must not wait.
pub type Hear = Arc<dyn Fn(Option<BoxId>) + Send + Sync>;

/// What other nodes on the same database write.
///
/// It is a hint: it comes soon after the commit, or late, or never. What there is stands in the store, and whoever waits for
/// something looks there now and then without being told.
pub trait Neighbours: Send + Sync {
    /// Tells `hear` from now on, as long as the store is open. What this node writes is not told.
    fn hear(&self, hear: Hear);
}
