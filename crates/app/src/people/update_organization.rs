//! `UpdateOrganizationProperties`.

use potok_domain::directory::{DirectoryWish, OrganizationPatch};
use potok_types::access::{Administers, BoxEmployee};

use super::{People, PeopleError};
use crate::Permit;
use crate::core::DirectoryWishes;

impl People {
    /// Changes requisites of the organization. Nothing is written where nothing changes.
    ///
    /// # Errors
    /// `CoreError::Invalid` names the field.
    pub async fn update_organization(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        patch: OrganizationPatch,
    ) -> Result<(), PeopleError> {
        self.core
            .change_directory(administrator.box_id(), Some(administrator.user.id), || async {
                let before = self.own_organization(administrator).await?;
                let after = patch.apply(&before)?;
                let wish = (after != before).then(|| DirectoryWish::organization(Some(&before), after));
                Ok((wish.map(DirectoryWishes::from).unwrap_or_default(), ()))
            })
            .await
    }
}
