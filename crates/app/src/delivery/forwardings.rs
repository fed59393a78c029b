//! Forwarded documents: the box that gets one is told where it stands.

use std::sync::Arc;

use async_trait::async_trait;
use potok_domain::Revision;
use potok_domain::forwarding::Forwarding;
use potok_store::{Append, AppendError, Leased, NewEvent, StreamAppend, StreamId, Wanted};

use super::carrier::Carrier;
use super::failed::Failed;
use crate::core::{CommitError, Core, TRIES};

/// Carries forwardings.
pub(crate) struct Forwardings {
    pub(crate) core: Arc<Core>,
}

#[async_trait]
impl Carrier for Forwardings {
    async fn carry(&self, leased: Leased) -> Result<(), Failed> {
        let delivery = leased.delivery;
        let wanted = Wanted::only(delivery.stream, delivery.revision);
        let found = self.core.journal.streams(delivery.from, &[wanted]).await?;
        let Some(stored) = found.into_iter().flatten().flatten().next() else {
            return Err(Failed::NoSource { stream: delivery.stream, event: delivery.event });
        };
        let forwarding = Core::forwarding_of(&stored)?;
        self.core.organization(delivery.to).await?.ok_or(Failed::NoTarget(delivery.to))?;
        self.hand_over(&forwarding).await?;
        self.core.settle(leased.token, delivery.stream).await?;
        Ok(())
    }
}

impl Forwardings {
    /// Writes the forwarding into the box that gets it, unless it is there: a worker may have died before it said so.
    async fn hand_over(&self, forwarding: &Forwarding) -> Result<(), Failed> {
        let stream = StreamId::forwarded(forwarding.id);
        for _ in 0..TRIES {
            if self.core.journal.revision(forwarding.to, stream).await? > Revision(0) {
                return Ok(());
            }
            let arrival = StreamAppend::new(stream, Revision(0), vec![NewEvent::of_forwarded(forwarding)]);
            match self.core.journal.append(Append::new(forwarding.to, vec![arrival])).await {
                Ok(_) => return Ok(()),
                // Somebody was faster; that it is there now has to be seen.
                Err(AppendError::Stale { .. }) => {}
                Err(error) => return Err(CommitError::of(error, stream).into()),
            }
        }
        Err(Failed::Busy(stream))
    }
}
