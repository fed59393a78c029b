//! `CreateEmployee`.

use potok_cms::Certificate;
use potok_domain::directory::{
    DirectoryConflict, DirectoryWish, Employee, NewCredentials, NewEmployee, Organization, User,
    check_departments,
};
use potok_store::{Person, UserCertificate};
use potok_types::access::{Administers, BoxEmployee};
use potok_types::{Invalid, UserId};

use super::{People, PeopleError, given_names};
use crate::core::{CoreError, DirectoryWishes};
use crate::login::{out_of_date, stored};
use crate::{Actor, Permit};

const PATHS: (&str, &str) =
    ("EmployeeToCreate.Permissions.UserDepartmentId", "EmployeeToCreate.Permissions.SelectedDepartmentIds");
const CERTIFICATE: &str = "EmployeeToCreate.Credentials.Certificate";

/// Who is to be employed, as far as that can be told before the directory is looked at.
struct Candidate {
    /// As the person is kept if nobody knows it.
    fresh: User,
    certificate: Option<Certificate>,
}

impl People {
    /// Employs somebody, who becomes a user if nobody knows the login or the certificate yet.
    ///
    /// # Errors
    /// `CoreError::Invalid`: the certificate is none, is out of date or another organization's, a department is not there;
    /// [`DirectoryConflict::AlreadyEmployed`].
    pub async fn create_employee(
        &self,
        administrator: &Permit<Administers<BoxEmployee>>,
        new: NewEmployee,
    ) -> Result<Person, PeopleError> {
        let (box_id, author) = (administrator.box_id(), administrator.user.id);
        let candidate = self.candidate(administrator, &new.credentials)?;
        let created_at = self.core.clock.now();
        self.core
            .change_directory(box_id, Some(author), || async {
                let organization = self.own_organization(administrator).await?;
                check_departments(&new.permissions, &organization, PATHS)?;
                let known = self.known(&candidate).await?;
                let mut wishes = Vec::new();
                if known.is_none() {
                    wishes.push(DirectoryWish::user(None, candidate.fresh.clone()));
                }
                let certificate = candidate.certificate.as_ref().filter(|_| known.is_none());
                let certificate = certificate.map(|certificate| UserCertificate {
                    thumbprint: stored(certificate.thumbprint()),
                    der: certificate.as_der().to_vec(),
                    user: candidate.fresh.id,
                    added_at: created_at,
                });
                let user = known.unwrap_or_else(|| candidate.fresh.clone());
                if self.core.directory.member(box_id, user.id).await?.is_some() {
                    return Err(DirectoryConflict::AlreadyEmployed { user: user.id, box_id }.into());
                }
                let employee = Employee {
                    position: new.position.clone(),
                    can_be_invited_for_chat: new.can_be_invited_for_chat,
                    ..Employee::new(user.id, box_id, new.permissions.clone(), created_at)
                };
                wishes.push(DirectoryWish::employee(None, employee.clone()));
                let wishes = DirectoryWishes { wishes, password_hash: None, certificate };
                Ok::<_, PeopleError>((wishes, Person { user, employee }))
            })
            .await
    }

    /// The organization of the actor as it is now.
    pub(super) async fn own_organization(&self, actor: &Actor) -> Result<Organization, CoreError> {
        let box_id = actor.box_id();
        let found = self.core.directory.organization_by_box(box_id).await?;
        found.ok_or(CoreError::NoOrganization(box_id))
    }

    fn candidate(&self, actor: &Actor, credentials: &NewCredentials) -> Result<Candidate, PeopleError> {
        let id = UserId::from_uuid(self.core.entropy.uuid());
        match credentials {
            NewCredentials::Login { login, name } => {
                let (last_name, first_name, middle_name) = name.clone().unwrap_or_default();
                let fresh =
                    User { last_name, first_name, middle_name, is_registered: false, ..User::new(id, login) };
                Ok(Candidate { fresh, certificate: None })
            }
            NewCredentials::Certificate { content, access_basis, email } => {
                let certificate = self.acceptable(actor, content, access_basis.as_deref())?;
                let login = email.clone().or_else(|| certificate.email().map(str::to_owned));
                let login = login.unwrap_or_else(|| certificate.thumbprint().to_string());
                let subject = certificate.subject();
                let (first_name, middle_name) = given_names(subject.given_name());
                let fresh = User {
                    last_name: subject.surname().unwrap_or_default().to_owned(),
                    first_name: first_name.unwrap_or_default(),
                    middle_name,
                    ..User::new(id, login)
                };
                Ok(Candidate { fresh, certificate: Some(certificate) })
            }
        }
    }

    /// The certificate, if somebody may be employed by it.
    fn acceptable(
        &self,
        actor: &Actor,
        content: &[u8],
        access_basis: Option<&str>,
    ) -> Result<Certificate, Invalid> {
        let path = format!("{CERTIFICATE}.Content");
        let certificate =
            Certificate::parse(content).map_err(|error| Invalid::new(path.clone(), error.to_string()))?;
        if let Some(reason) = out_of_date(&certificate, self.core.clock.now()) {
            return Err(Invalid::new(path, reason));
        }
        let inn = certificate.subject().inn();
        if inn != Some(&*actor.organization.inn) && access_basis.is_none() {
            let reason = format!(
                "the certificate names {}, and the organization has INN {}: say on what basis the person acts for it",
                inn.map_or_else(|| "no INN".to_owned(), |inn| format!("INN {inn}")),
                actor.organization.inn
            );
            return Err(Invalid::new(format!("{CERTIFICATE}.AccessBasis"), reason));
        }
        Ok(certificate)
    }

    /// The user whom the candidate already is.
    async fn known(&self, candidate: &Candidate) -> Result<Option<User>, PeopleError> {
        let by_login = self.core.directory.user_by_login(&candidate.fresh.login).await?;
        let Some(certificate) = &candidate.certificate else { return Ok(by_login) };
        let kept = self.logins.user_certificate(stored(certificate.thumbprint())).await?;
        match kept {
            Some(kept) if kept.der == certificate.as_der() => Ok(self.core.directory.user(kept.user).await?),
            Some(_) => {
                let reason = "another certificate with this thumbprint is known: one of them is made up";
                Err(Invalid::new(format!("{CERTIFICATE}.Content"), reason).into())
            }
            // A certificate must not open the account of somebody else.
            None if by_login.is_some() => {
                let reason = format!(
                    "{:?} is the login of somebody without this certificate: employ the person by login, or give another \
                     address",
                    candidate.fresh.login
                );
                Err(Invalid::new(format!("{CERTIFICATE}.Email"), reason).into())
            }
            None => Ok(None),
        }
    }
}
