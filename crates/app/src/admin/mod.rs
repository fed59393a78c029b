//! What an administrator does: organizations, people, programs.

mod routes;

use potok_domain::directory::{Department, Employee, Organization, Permissions, User};
use potok_store::ApiClient;
use potok_types::{BoxId, DepartmentId, OrgId, UserId};

use crate::core::hash_of;
use crate::login::hash_password;
use crate::{App, AppError, Missing};

pub use routes::NewStage;

/// An organization to create.
#[derive(Clone, Debug, Default)]
pub struct NewOrganization {
    /// Full and short name.
    pub name: String,
    /// 10 or 12 digits.
    pub inn: String,
    /// 9 digits, for legal entities.
    pub kpp: Option<String>,
    /// State registration number.
    pub ogrn: Option<String>,
    /// `None`: made of the operator's id, INN and KPP.
    pub fns_participant_id: Option<String>,
    /// Receives from its counteragents only.
    pub counteragents_only: bool,
    /// Without legal force.
    pub is_test: bool,
}

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

/// An API client with the secret that is shown once.
#[derive(Clone, Debug)]
pub struct CreatedClient {
    /// `ddauth_api_client_id`, also `client_id`.
    pub id: String,
    /// `client_secret`; only its hash is kept.
    pub secret: String,
}

fn invalid(path: &str, reason: impl Into<String>) -> AppError {
    AppError::invalid(path, reason)
}

fn digits(path: &str, text: &str, lengths: &[usize]) -> Result<(), AppError> {
    if lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
    Err(invalid(path, format!("{text:?} must be {} digits", lengths.join(" or "))))
}

impl App {
    /// Creates an organization with its box.
    ///
    /// # Errors
    /// `CoreError::Invalid` names the field; `CoreError::Store`.
    pub async fn create_organization(&self, new: NewOrganization) -> Result<Organization, AppError> {
        if new.name.trim().is_empty() {
            return Err(invalid("name", "an organization needs a name"));
        }
        digits("inn", &new.inn, &[10, 12])?;
        new.kpp.iter().try_for_each(|kpp| digits("kpp", kpp, &[9]))?;
        new.ogrn.iter().try_for_each(|ogrn| digits("ogrn", ogrn, &[13, 15]))?;
        let fns_participant_id = new.fns_participant_id.unwrap_or_else(|| match &new.kpp {
            Some(kpp) => format!("2BM-{}-{kpp}", new.inn),
            None => format!("2BM-{}", new.inn),
        });
        if let Some(taken) = self.store.organization_by_fns_id(&fns_participant_id).await? {
            let reason =
                format!("{fns_participant_id:?} is taken by {}; choose another one", taken.short_name);
            return Err(invalid("fns_participant_id", reason));
        }
        let organization = Organization {
            org_id: OrgId::from_uuid(self.entropy.uuid()),
            box_id: BoxId::from_uuid(self.entropy.uuid()),
            inn: new.inn,
            kpp: new.kpp,
            full_name: new.name.clone(),
            short_name: new.name,
            ogrn: new.ogrn,
            fns_participant_id,
            counteragents_only: new.counteragents_only,
            is_test: new.is_test,
            is_suspended: false,
            departments: Vec::new(),
        };
        self.store.put_organization(&organization).await?;
        Ok(organization)
    }

    /// Creates a department under `parent` (zero: the head).
    ///
    /// # Errors
    /// [`AppError::BoxDenied`] when there is no such box; `Missing::Department` for an unknown parent.
    pub async fn create_department(
        &self,
        box_id: BoxId,
        name: &str,
        parent: DepartmentId,
    ) -> Result<Department, AppError> {
        let organization =
            self.store.organization_by_box(box_id).await?.ok_or(AppError::BoxDenied(box_id))?;
        if parent != DepartmentId::ZERO && organization.departments.iter().all(|known| known.id != parent) {
            return Err(Missing::Department(parent).into());
        }
        let department = Department {
            id: DepartmentId::from_uuid(self.entropy.uuid()),
            parent,
            name: name.to_owned(),
            abbreviation: name.to_owned(),
            kpp: None,
        };
        self.store.put_department(box_id, &department).await?;
        Ok(department)
    }

    /// Creates a user.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the login is empty or taken.
    pub async fn create_user(&self, new: NewUser) -> Result<User, AppError> {
        if new.login.trim().is_empty() {
            return Err(invalid("login", "a user needs a login"));
        }
        let hash = match &new.password {
            Some(password) => Some(hash_password(password, &*self.entropy).ok_or(AppError::Internal)?),
            None => None,
        };
        let user = User {
            id: UserId::from_uuid(self.entropy.uuid()),
            login: new.login,
            last_name: new.last_name,
            first_name: new.first_name,
            middle_name: new.middle_name,
            is_service: new.is_service,
        };
        if !self.store.put_user(&user, hash.as_deref()).await? {
            return Err(invalid("login", format!("{:?} is taken; choose another one", user.login)));
        }
        Ok(user)
    }

    /// Makes `user` an employee of the organization of `box_id`, or changes what it may do there.
    ///
    /// # Errors
    /// [`AppError::BoxDenied`], `Missing::Department`, `CoreError::Invalid` for an unknown box, department, user.
    pub async fn put_employee(
        &self,
        box_id: BoxId,
        user_id: UserId,
        position: &str,
        permissions: Permissions,
    ) -> Result<Employee, AppError> {
        let organization =
            self.store.organization_by_box(box_id).await?.ok_or(AppError::BoxDenied(box_id))?;
        if self.store.user(user_id).await?.is_none() {
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
            created_at: self.clock.now(),
        };
        self.store.put_employee(&employee).await?;
        Ok(employee)
    }

    /// Creates an API client. `id` may be chosen; `service_user` is the account as which `client_credentials` act.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the id is taken or holds other characters than letters, digits and dashes.
    pub async fn create_client(
        &self,
        id: Option<String>,
        name: &str,
        service_user: Option<UserId>,
    ) -> Result<CreatedClient, AppError> {
        let id = id.unwrap_or_else(|| format!("potok-{}", self.entropy.uuid().as_simple()));
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(invalid("id", format!("{id:?} must be made of Latin letters, digits and dashes")));
        }
        if self.store.api_client(&id).await?.is_some() {
            return Err(invalid("id", format!("{id:?} is taken; choose another one")));
        }
        let secret = format!("{}{}", self.entropy.uuid().as_simple(), self.entropy.uuid().as_simple());
        self.store
            .put_api_client(&ApiClient {
                id: id.clone(),
                name: name.to_owned(),
                secret_hash: Some(hash_of(&secret)),
                is_blocked: false,
                service_user,
            })
            .await?;
        Ok(CreatedClient { id, secret })
    }

    /// Suspends a box, so that every call with it is answered 402, or lets it work again.
    ///
    /// # Errors
    /// [`AppError::BoxDenied`] when there is no such box.
    pub async fn set_suspended(&self, box_id: BoxId, is_suspended: bool) -> Result<(), AppError> {
        if self.store.set_suspended(box_id, is_suspended).await? {
            return Ok(());
        }
        Err(AppError::BoxDenied(box_id))
    }
}
