//! Users, and what they may do where they are employed.

use potok_domain::directory::{Employee, Permissions, User};
use potok_types::{BoxId, DepartmentId, UserId};

use super::{Admin, AdminError, invalid};
use crate::core::{CoreError, Missing};
use crate::login::hash_password;

/// A user to create.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// E-mail or another unique name.
    pub login: String,
    /// `None`: no login by password.
    pub password: Option<String>,
    /// Family name.
    pub last_name: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic.
    pub middle_name: Option<String>,
    /// A robot.
    pub is_service: bool,
}

impl Admin {
    /// Creates a user.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the login is empty or taken.
    pub async fn create_user(&self, new: NewUser) -> Result<User, AdminError> {
        if new.login.trim().is_empty() {
            return Err(invalid("login", "a user needs a login"));
        }
        let hash = match &new.password {
            Some(password) => Some(hash_password(password, &*self.core.entropy).ok_or(CoreError::CutOff)?),
            None => None,
        };
        let user = User {
            id: UserId::from_uuid(self.core.entropy.uuid()),
            login: new.login,
            last_name: new.last_name,
            first_name: new.first_name,
            middle_name: new.middle_name,
            is_service: new.is_service,
            is_blocked: false,
        };
        if !self.core.directory.put_user(&user, hash.as_deref()).await? {
            return Err(invalid("login", format!("{:?} is taken; choose another one", user.login)));
        }
        Ok(user)
    }

    /// All users, by login.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn users(&self) -> Result<Vec<User>, AdminError> {
        Ok(self.core.directory.users().await?)
    }

    /// The user with this login, in any case; `None` when there is none.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn find_user(&self, login: &str) -> Result<Option<User>, AdminError> {
        Ok(self.core.directory.user_by_login(login).await?)
    }

    /// The user with this login, in any case.
    ///
    /// # Errors
    /// [`AdminError::NoUser`] when there is none.
    pub async fn user(&self, login: &str) -> Result<User, AdminError> {
        self.find_user(login).await?.ok_or_else(|| AdminError::NoUser(login.to_owned()))
    }

    /// Makes `user` an employee of the organization of `box_id`, or changes what it may do there.
    ///
    /// # Errors
    /// [`AdminError::NoBox`], `Missing::Department`, `CoreError::Invalid` for an unknown box, department, user.
    pub async fn put_employee(
        &self,
        box_id: BoxId,
        user_id: UserId,
        position: &str,
        permissions: Permissions,
    ) -> Result<Employee, AdminError> {
        let organization = self.organization(box_id).await?;
        if self.core.directory.user(user_id).await?.is_none() {
            return Err(invalid("user", format!("there is no user {user_id}")));
        }
        for department in permissions.selected_departments.iter().chain([&permissions.department]) {
            let is_known = *department == DepartmentId::ZERO
                || organization.departments.iter().any(|known| known.id == *department);
            if !is_known {
                return Err(Missing::Department(*department).into());
            }
        }
        let employee = Employee {
            user_id,
            box_id,
            position: position.to_owned(),
            permissions,
            created_at: self.core.clock.now(),
        };
        self.core.directory.put_employee(&employee).await?;
        Ok(employee)
    }
}
