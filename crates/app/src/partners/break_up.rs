//! `BreakWithCounteragent`: ends a partnership, declines an invitation, or takes the own one back.

use potok_domain::relation::{self, RelationChange};
use potok_types::access::{BoxEmployee, ManagesCounteragents};

use super::{OtherSide, Partners, PartnersError};
use crate::Permit;
use crate::core::Terms;

impl Partners {
    /// Has nothing to do with `other` any more. Who is nothing to the box stays that.
    ///
    /// # Errors
    /// [`PartnersError::Relation`] where the document of an invitation has to be answered or revoked instead.
    pub async fn break_up(
        &self,
        actor: &Permit<ManagesCounteragents<BoxEmployee>>,
        other: OtherSide,
        comment: Option<String>,
    ) -> Result<(), PartnersError> {
        let Some(other) = self.box_of(other).await? else { return Ok(()) };
        let (at, by) = (self.core.clock.now(), Some(actor.user.id));
        self.core
            .change_relation(actor.box_id(), other, Terms::default(), |known, _| {
                let act = relation::break_up(known, comment.clone(), at)?;
                Ok::<_, PartnersError>(act.map(|act| RelationChange::Mine { act, by }))
            })
            .await?;
        Ok(())
    }
}
