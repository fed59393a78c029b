//! `GetResolutionRoutes`.

use potok_domain::directory::ResolutionRoute;
use potok_types::access::BoxEmployee;

use super::{People, PeopleError};
use crate::Permit;

impl People {
    /// The routes of approval of the actor's organization, by name.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn resolution_routes(
        &self,
        actor: &Permit<BoxEmployee>,
    ) -> Result<Vec<ResolutionRoute>, PeopleError> {
        Ok(self.core.directory.resolution_routes(actor.box_id()).await?)
    }
}
