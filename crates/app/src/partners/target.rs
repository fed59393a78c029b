//! Which organization a call is about.

use potok_domain::directory::Organization;
use potok_types::{BoxId, OrgId};

use super::{OtherSide, Partners, PartnersError};

/// How another organization is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CounteragentName {
    /// By its box, which stands at this place of the request.
    Box(&'static str, BoxId),
    /// By its id, which stands at this place of the request.
    Organization(&'static str, OrgId),
    /// By its INN: of several organizations the one that was made last.
    Inn(String),
}

impl Partners {
    /// The organization; `None` when nobody has the INN.
    ///
    /// # Errors
    /// [`PartnersError::NoBox`], [`PartnersError::NoOrganization`].
    pub(super) async fn named(&self, name: &CounteragentName) -> Result<Option<Organization>, PartnersError> {
        let directory = &self.core.directory;
        match name {
            CounteragentName::Box(path, box_id) => {
                let found = directory.organization_by_box(*box_id).await?;
                found.map(Some).ok_or(PartnersError::NoBox { path, box_id: *box_id })
            }
            CounteragentName::Organization(path, org_id) => {
                let found = directory.organization(*org_id).await?;
                found.map(Some).ok_or(PartnersError::NoOrganization { path, org_id: *org_id })
            }
            CounteragentName::Inn(inn) => Ok(directory.newest_organization_by_inn(inn).await?),
        }
    }

    /// The box of somebody who may not be there; `None` for an organization that is not.
    pub(super) async fn box_of(&self, other: OtherSide) -> Result<Option<BoxId>, PartnersError> {
        match other {
            OtherSide::Box(box_id) => Ok(Some(box_id)),
            OtherSide::Organization(org_id) => {
                Ok(self.core.directory.organization(org_id).await?.map(|found| found.box_id))
            }
        }
    }
}
