//! Users, and what they may do where they are employed.

use potok_domain::directory::{DirectoryWish, Employee, Permissions, USERS_BOX, User};
use potok_types::{BoxId, UserId};

use super::{Admin, AdminError, invalid};
use crate::core::{CoreError, DirectoryWishes, Missing};
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
            last_name: new.last_name,
            first_name: new.first_name,
            middle_name: new.middle_name,
            is_service: new.is_service,
            ..User::new(UserId::from_uuid(self.core.entropy.uuid()), new.login)
        };
        self.core
            .change_directory(USERS_BOX, None, || async {
                if self.find_user(&user.login).await?.is_some() {
                    return Err(invalid("login", format!("{:?} is taken; choose another one", user.login)));
                }
                let wishes = vec![DirectoryWish::user(None, user.clone())];
                Ok((DirectoryWishes { wishes, password_hash: hash.clone(), certificate: None }, user.clone()))
            })
            .await
    }

    /// Changes a user in the name of whoever administers the server: what it is then. Nothing is written where nothing
    /// changes.
    pub(super) async fn change_user(
        &self,
        login: &str,
        change: impl Fn(&mut User),
    ) -> Result<User, AdminError> {
        self.core
            .change_directory(USERS_BOX, None, || async {
                let before = self.user(login).await?;
                let mut after = before.clone();
                change(&mut after);
                let wish = (before != after).then(|| DirectoryWish::user(Some(&before), after.clone()));
                Ok((wish.map(DirectoryWishes::from).unwrap_or_default(), after))
            })
            .await
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
        self.core
            .change_directory(box_id, None, || async {
                let organization = self.organization(box_id).await?;
                if self.core.directory.user(user_id).await?.is_none() {
                    return Err(invalid("user", format!("there is no user {user_id}")));
                }
                let mut departments =
                    permissions.selected_departments.iter().chain([&permissions.department]);
                if let Some(unknown) = departments.find(|id| !organization.has_department(**id)) {
                    return Err(Missing::Department(*unknown).into());
                }
                let before = self.core.directory.member(box_id, user_id).await?.map(|member| member.employee);
                let fresh = Employee::new(user_id, box_id, Permissions::full(), self.core.clock.now());
                let employee = Employee {
                    position: position.to_owned(),
                    permissions: permissions.clone(),
                    ..before.clone().unwrap_or(fresh)
                };
                Ok((DirectoryWish::employee(before.as_ref(), employee.clone()).into(), employee))
            })
            .await
    }
}
