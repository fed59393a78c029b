//! Rights taken back and given again: of users, programs and employees. A running server obeys at its next reading.

use potok_domain::directory::{AccessRequest, DirectoryWish, Employee};
use potok_store::TokensOf;
use potok_types::{BoxId, UserId};

use super::{Admin, AdminError, CreatedClient, invalid};
use crate::access::hash_of;
use crate::core::CoreError;
use crate::login::{hash_password, random_secret};

impl Admin {
    /// Gives a user another password, or with `None` no login by password, and revokes every token of the user: how many.
    ///
    /// # Errors
    /// [`AdminError::NoUser`]; `CoreError::Invalid` for an empty password.
    pub async fn change_password(&self, login: &str, password: Option<&str>) -> Result<u64, AdminError> {
        let user = self.user(login).await?.id;
        let hash = match password {
            Some("") => return Err(invalid("password", "an empty password is none; choose another one")),
            Some(password) => Some(hash_password(password, &*self.core.entropy).ok_or(CoreError::CutOff)?),
            None => None,
        };
        let revoked = self.logins.set_password(user, hash.as_deref()).await?;
        if hash.is_some() {
            // Whoever has a password has an account.
            self.change_user(login, |user| user.is_registered = true).await?;
        }
        revoked.ok_or_else(|| AdminError::NoUser(login.to_owned()))
    }

    /// Shuts a user out of every organization and revokes all of its tokens, or lets it log in again: how many were revoked.
    /// The password, the certificates and the rights stay as they are.
    ///
    /// # Errors
    /// [`AdminError::NoUser`].
    pub async fn set_user_blocked(&self, login: &str, is_blocked: bool) -> Result<u64, AdminError> {
        let user = self.user(login).await?.id;
        let revoked = if is_blocked { self.logins.tokens(&TokensOf::User(user)).await?.len() } else { 0 };
        self.change_user(login, |user| user.is_blocked = is_blocked).await?;
        Ok(revoked as u64)
    }

    /// Shuts a program out, or lets it in again: its tokens are good again then.
    ///
    /// # Errors
    /// [`AdminError::NoClient`].
    pub async fn set_client_blocked(&self, id: &str, is_blocked: bool) -> Result<(), AdminError> {
        match self.logins.set_client_blocked(id, is_blocked).await? {
            true => Ok(()),
            false => Err(AdminError::NoClient(id.to_owned())),
        }
    }

    /// Marks a program as a technology partner, or takes the mark away.
    ///
    /// # Errors
    /// [`AdminError::NoClient`].
    pub async fn set_client_partner(&self, id: &str, is_partner: bool) -> Result<(), AdminError> {
        match self.logins.set_client_partner(id, is_partner).await? {
            true => Ok(()),
            false => Err(AdminError::NoClient(id.to_owned())),
        }
    }

    /// Gives a program another secret, shown this once, and revokes every token that was issued to it: how many.
    ///
    /// # Errors
    /// [`AdminError::NoClient`].
    pub async fn renew_secret(&self, id: &str) -> Result<(CreatedClient, u64), AdminError> {
        let secret = random_secret(&*self.core.entropy);
        let revoked = self.logins.set_client_secret(id, hash_of(&secret)).await?;
        let revoked = revoked.ok_or_else(|| AdminError::NoClient(id.to_owned()))?;
        Ok((CreatedClient { id: id.to_owned(), secret }, revoked))
    }

    /// Declines what somebody asked for by `Register`: the organization lets the user in by no certificate any more.
    ///
    /// # Errors
    /// [`AdminError::NoBox`].
    pub async fn decline_access(&self, box_id: BoxId, user: UserId) -> Result<(), AdminError> {
        self.core
            .change_directory(box_id, None, || async {
                self.organization(box_id).await?;
                Ok((DirectoryWish::access_request(user, AccessRequest::Declined).into(), ()))
            })
            .await
    }

    /// Shuts a user out of one organization, or lets it in again, with the rights that it had there.
    ///
    /// # Errors
    /// [`AdminError::NoBox`]; `CoreError::Invalid` when the user is no employee there.
    pub async fn set_employee_blocked(
        &self,
        box_id: BoxId,
        user: UserId,
        is_blocked: bool,
    ) -> Result<Employee, AdminError> {
        self.core
            .change_directory(box_id, None, || async {
                self.organization(box_id).await?;
                let member = self.core.directory.member(box_id, user).await?;
                let before = member
                    .ok_or_else(|| invalid("user", format!("{user} is no employee of box {box_id}")))?
                    .employee;
                let mut after = before.clone();
                after.permissions.is_blocked = is_blocked;
                Ok((DirectoryWish::employee(Some(&before), after.clone()).into(), after))
            })
            .await
    }
}
