//! Who brings what to other boxes.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use potok_store::{Leased, StreamKind};

use super::failed::Failed;

/// Brings events of streams of one kind to other boxes.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Brings the event where it has to go, unless it is there already, and settles the lease in the append by which the
    /// sending box is told.
    ///
    /// # Errors
    /// [`Failed`]: it is tried again later.
    async fn carry(&self, leased: Leased) -> Result<(), Failed>;
}

/// Who carries what.
pub(crate) type Carriers = BTreeMap<StreamKind, Arc<dyn Carrier>>;
