//! Who plays: two organizations, each with somebody who sees everything and somebody who sees one department.

use std::path::Path;

use potok_app::admin::{NewOrganization, NewUser};
use potok_app::{Admin, AdminError};
use potok_domain::directory::{AccessLevel, Department, Organization, Permissions, User};
use potok_types::{DepartmentId, Entropy};
use serde::{Deserialize, Serialize};

/// Everybody, as `demo.json` keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Cast {
    pub(super) api_client_id: String,
    pub(super) client_secret: String,
    pub(super) users: Vec<Player>,
}

/// One user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Player {
    pub(super) login: String,
    pub(super) password: String,
    pub(super) box_id: String,
    pub(super) box_id_guid: String,
    pub(super) organization: String,
    pub(super) refresh_token: String,
    pub(super) user_id: String,
    /// What the user sees, in words.
    pub(super) access: String,
    /// The department of a user who does not see everything.
    pub(super) department_id: Option<String>,
}

/// An organization before it is created.
struct Part {
    organization: &'static str,
    inn: &'static str,
    kpp: &'static str,
    department: &'static str,
    /// Login of who sees everything, family name, given name.
    director: [&'static str; 3],
    /// The same of who sees the department.
    clerk: [&'static str; 3],
}

const PARTS: [Part; 2] = [
    Part {
        organization: "ООО «Ромашка»",
        inn: "7701000010",
        kpp: "770101001",
        department: "Отдел продаж",
        director: ["director@romashka.example", "Ромашкина", "Анна"],
        clerk: ["sales@romashka.example", "Продажин", "Пётр"],
    },
    Part {
        organization: "АО «Лютик»",
        inn: "7802000020",
        kpp: "780201001",
        department: "Бухгалтерия",
        director: ["director@lutik.example", "Лютиков", "Борис"],
        clerk: ["accounting@lutik.example", "Счётова", "Мария"],
    },
];

impl Cast {
    /// Those that an earlier run left in `notes`, else new ones.
    pub(super) async fn assemble(
        admin: &Admin,
        entropy: &dyn Entropy,
        notes: &Path,
    ) -> Result<Self, AdminError> {
        let known = std::fs::read(notes).ok().and_then(|text| serde_json::from_slice::<Self>(&text).ok());
        if let Some(known) = known
            && known.is_still_here(admin).await?
        {
            return Ok(known);
        }
        Self::create(admin, entropy).await
    }

    /// Who posts.
    pub(super) fn sender(&self) -> &Player {
        &self.users[0]
    }

    /// Who signs.
    pub(super) fn recipient(&self) -> &Player {
        &self.users[2]
    }

    /// The notes may belong to a database that is gone.
    async fn is_still_here(&self, admin: &Admin) -> Result<bool, AdminError> {
        if self.users.len() != 2 * PARTS.len() {
            return Ok(false);
        }
        for user in &self.users {
            let found = admin.find_user(&user.login).await?;
            if found.is_none_or(|found| found.id.to_string() != user.user_id) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn create(admin: &Admin, entropy: &dyn Entropy) -> Result<Self, AdminError> {
        let client = admin.create_client(None, "potok demo", None).await?;
        let mut users = Vec::new();
        for part in PARTS {
            let organization = organization(admin, &part).await?;
            let department = department(admin, &organization, part.department).await?;
            let partial = Permissions {
                department: department.id,
                is_administrator: false,
                access: AccessLevel::DepartmentOnly,
                can_manage_counteragents: false,
                ..Permissions::full()
            };
            for (name, permissions, access, department) in [
                (part.director, Permissions::full(), "all documents".to_owned(), None),
                (part.clerk, partial, format!("documents of «{}»", part.department), Some(department.id)),
            ] {
                let (user, password) = create_user(admin, entropy, name).await?;
                admin.put_employee(organization.box_id, user.id, "", permissions).await?;
                let refresh_token = admin.issue_refresh_token(&client.id, user.id).await?;
                users.push(player(&organization, user, password, refresh_token, access, department));
            }
        }
        Ok(Self { api_client_id: client.id, client_secret: client.secret, users })
    }
}

/// The organization of an earlier run whose notes are lost, else a new one.
async fn organization(admin: &Admin, part: &Part) -> Result<Organization, AdminError> {
    let mut known = admin.organizations().await?.into_iter();
    if let Some(known) = known.find(|known| known.inn == part.inn && known.kpp.as_deref() == Some(part.kpp)) {
        return Ok(known);
    }
    admin
        .create_organization(NewOrganization {
            name: part.organization.to_owned(),
            inn: part.inn.to_owned(),
            kpp: Some(part.kpp.to_owned()),
            is_test: true,
            ..NewOrganization::default()
        })
        .await
}

async fn department(
    admin: &Admin,
    organization: &Organization,
    name: &str,
) -> Result<Department, AdminError> {
    match organization.departments.iter().find(|known| known.name == name) {
        Some(known) => Ok(known.clone()),
        None => admin.create_department(organization.box_id, name, DepartmentId::ZERO).await,
    }
}

/// Creates the user under the first free login, with a password made up for it.
async fn create_user(
    admin: &Admin,
    entropy: &dyn Entropy,
    [login, last_name, first_name]: [&str; 3],
) -> Result<(User, String), AdminError> {
    let mut free = login.to_owned();
    let mut number = 1;
    while admin.find_user(&free).await?.is_some() {
        number += 1;
        free = login.replacen('@', &format!("{number}@"), 1);
    }
    let password = entropy.uuid().as_simple().to_string();
    let new = NewUser {
        login: free,
        password: Some(password.clone()),
        last_name: last_name.to_owned(),
        first_name: first_name.to_owned(),
        ..NewUser::default()
    };
    Ok((admin.create_user(new).await?, password))
}

fn player(
    organization: &Organization,
    user: User,
    password: String,
    refresh_token: String,
    access: String,
    department: Option<DepartmentId>,
) -> Player {
    Player {
        login: user.login,
        password,
        box_id: organization.box_id.to_string(),
        box_id_guid: organization.box_id.guid(),
        organization: organization.short_name.clone(),
        refresh_token,
        user_id: user.id.to_string(),
        access,
        department_id: department.map(|id| id.to_string()),
    }
}
