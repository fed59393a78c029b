//! `UpdateMyUser`.

use potok_domain::directory::{DirectoryWish, USERS_BOX, User, UserPatch};
use potok_types::access::User as AnyUser;

use super::{People, PeopleError};
use crate::Permit;
use crate::core::DirectoryWishes;

impl People {
    /// Changes the name of the caller. Nothing is written where nothing changes.
    ///
    /// # Errors
    /// `CoreError::Invalid` names the field; [`PeopleError::LoginStays`].
    pub async fn update_my_user(
        &self,
        user: &Permit<AnyUser>,
        patch: UserPatch,
    ) -> Result<User, PeopleError> {
        let id = user.id;
        self.core
            .change_directory(USERS_BOX, Some(id), || async {
                let before = self.core.directory.user(id).await?.unwrap_or_else(|| User::clone(user));
                let after = patch.apply(&before)?;
                if patch.changes_login(&before) {
                    return Err(PeopleError::LoginStays(before.login));
                }
                let wish = (after != before).then(|| DirectoryWish::user(Some(&before), after.clone()));
                Ok((wish.map(DirectoryWishes::from).unwrap_or_default(), after))
            })
            .await
    }
}
