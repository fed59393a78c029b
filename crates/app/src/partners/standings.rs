//! What organizations that were found some other way are to somebody.

use potok_domain::directory::Organization;
use potok_types::BoxId;
use potok_types::access::{BoxEmployeeIfNamed, KnownClient};

use super::counteragent::shown;
use super::{Partners, PartnersError, ShownCounteragent};
use crate::Permit;

/// Counting stops here.
const COUNTED: u64 = 10_000;

impl Partners {
    /// For each of the organizations how it stands in the list of the asker's box; `None` for who is not there, and for all when
    /// the asker names no box.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn standings(
        &self,
        asker: &Permit<BoxEmployeeIfNamed>,
        organizations: &[Organization],
    ) -> Result<Vec<Option<ShownCounteragent>>, PartnersError> {
        let Some(actor) = &**asker else { return Ok(vec![None; organizations.len()]) };
        let boxes: Vec<BoxId> = organizations.iter().map(|it| it.box_id).collect();
        let groups = self.core.groups(actor.box_id()).await?;
        let found = self.core.readings.counteragents_of(actor.box_id(), &boxes).await?;
        let mut all = Vec::with_capacity(found.len());
        for (found, organization) in found.iter().zip(organizations) {
            let found = found.as_ref().map(|found| shown(&groups, found, organization.clone()));
            all.push(found.transpose()?);
        }
        Ok(all)
    }

    /// For each of the organizations how many invitations wait for its answer, 10 000 at most.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn waiting_invitations(
        &self,
        _program: &Permit<KnownClient>,
        organizations: &[Organization],
    ) -> Result<Vec<u64>, PartnersError> {
        let mut counts = Vec::with_capacity(organizations.len());
        for organization in organizations {
            counts.push(self.core.readings.count_invitations(organization.box_id, COUNTED).await?);
        }
        Ok(counts)
    }
}
