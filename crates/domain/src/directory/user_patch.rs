//! What a user changes of the own account.

use potok_types::Invalid;

use super::User;

/// Family name, given name, patronymic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName {
    /// Family name.
    pub last: String,
    /// Given name.
    pub first: String,
    /// Patronymic.
    pub middle: Option<String>,
}

/// A change; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// The login that it should have.
    pub login: Option<String>,
    /// The name that it should have.
    pub name: Option<PersonName>,
}

impl UserPatch {
    /// Whether it wants another login than `user` has; logins are the same in any case.
    pub fn changes_login(&self, user: &User) -> bool {
        self.login.as_ref().is_some_and(|login| login.trim().to_lowercase() != user.login.to_lowercase())
    }

    /// The user afterwards, whose login stays.
    ///
    /// # Errors
    /// [`Invalid`] names the field.
    pub fn apply(&self, before: &User) -> Result<User, Invalid> {
        if self.login.is_none() && self.name.is_none() {
            return Err(Invalid::new(
                "UserToUpdate",
                "give FullName or Login: nothing else is changed by this method",
            ));
        }
        let Some(name) = &self.name else { return Ok(before.clone()) };
        for (field, value) in [("LastName", &name.last), ("FirstName", &name.first)] {
            if value.trim().is_empty() {
                return Err(Invalid::new(
                    format!("UserToUpdate.FullName.FullName.{field}"),
                    "a person has one",
                ));
            }
        }
        Ok(User {
            last_name: name.last.trim().to_owned(),
            first_name: name.first.trim().to_owned(),
            middle_name: name.middle.as_ref().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()),
            ..before.clone()
        })
    }
}
