//! Events of relations: what one side did is told to the other one. Both boxes have a stream of their own, and neither waits
//! for the other.

use std::sync::Arc;

use async_trait::async_trait;
use potok_domain::relation::{self, RelationChange};
use potok_store::{Leased, Wanted};

use super::carrier::Carrier;
use super::failed::Failed;
use crate::core::{Core, Terms};

/// Carries acts of relations.
pub(crate) struct Relations {
    pub(crate) core: Arc<Core>,
}

#[async_trait]
impl Carrier for Relations {
    async fn carry(&self, leased: Leased) -> Result<(), Failed> {
        let delivery = leased.delivery;
        let wanted = Wanted::only(delivery.stream, delivery.revision);
        let found = self.core.relation_event(delivery.from, wanted).await?;
        let Some(RelationChange::Mine { act, .. }) =
            found.filter(|event| event.id == delivery.event).map(|event| event.change)
        else {
            return Err(Failed::NoSource { stream: delivery.stream, event: delivery.event });
        };
        self.core.organization(delivery.to).await?.ok_or(Failed::NoTarget(delivery.to))?;
        self.core
            .change_relation(delivery.to, delivery.from, Terms::default(), |known, _| {
                Ok::<_, Failed>(relation::heard(known, act.clone()))
            })
            .await?;
        self.core.settle(leased.token, delivery.stream).await?;
        Ok(())
    }
}
