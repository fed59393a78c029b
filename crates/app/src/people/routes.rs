//! `GetResolutionRoutes`.

use potok_domain::directory::ResolutionRoute;
use potok_types::BoxId;

use super::{People, PeopleError};

impl People {
    /// The routes of approval of the organization of `box_id`, by name.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn resolution_routes(&self, box_id: BoxId) -> Result<Vec<ResolutionRoute>, PeopleError> {
        Ok(self.core.store.resolution_routes(box_id).await?)
    }
}
