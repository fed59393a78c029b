//! Organizations and people, with clients in their hands.

use potok_app::admin::{NewOrganization, NewUser};
use potok_domain::directory::{Department, Organization, Permissions};
use potok_sdk::{Auth, Client, Format, RetryPolicy};
use potok_types::{BoxId, DepartmentId, UserId};

use crate::World;

/// An organization with its first person, who may do everything.
pub struct Org {
    /// The organization.
    pub organization: Organization,
    /// The person with full rights.
    pub boss: Person,
}

impl Org {
    /// Its box.
    pub fn box_id(&self) -> BoxId {
        self.organization.box_id
    }
}

/// A person of an organization.
#[derive(Clone)]
pub struct Person {
    /// Calls in protobuf.
    pub client: Client,
    /// Calls in JSON.
    pub json: Client,
    /// The box.
    pub box_id: BoxId,
    /// The user.
    pub user_id: UserId,
    /// The login; the password is `secret`.
    pub login: String,
    /// Opens the API as `Bearer`.
    pub access_token: String,
}

impl World {
    /// A test organization called `name`, with a boss: the server may sign for it.
    pub async fn organization(&self, name: &str, inn: &str) -> Org {
        self.create(name, inn, true).await
    }

    /// An organization that is no test: its people sign themselves.
    pub async fn real_organization(&self, name: &str, inn: &str) -> Org {
        self.create(name, inn, false).await
    }

    async fn create(&self, name: &str, inn: &str, is_test: bool) -> Org {
        let new = NewOrganization {
            name: name.to_owned(),
            inn: inn.to_owned(),
            is_test,
            ..NewOrganization::default()
        };
        let organization =
            self.app().admin().create_organization(new).await.expect("the organization can be created");
        let login = format!("boss@{inn}");
        let boss = self.person(organization.box_id, &login, Permissions::full()).await;
        Org { organization, boss }
    }

    /// The two sides of most exchanges: `ООО «Ромашка»` and `АО «Лютик»`.
    pub async fn two_sides(&self) -> (Org, Org) {
        let a = self.organization("ООО «Ромашка»", "9612345678").await;
        let b = self.organization("АО «Лютик»", "9687654321").await;
        (a, b)
    }

    /// Somebody between [`Self::two_sides`]: `ЗАО «Клевер»`.
    pub async fn third_side(&self) -> Org {
        self.organization("ЗАО «Клевер»", "7701234567").await
    }

    /// A department of `org`.
    pub async fn department(&self, org: &Org, name: &str, parent: DepartmentId) -> Department {
        self.app()
            .admin()
            .create_department(org.box_id(), name, parent)
            .await
            .expect("the department can be created")
    }

    /// A person in the organization of `box_id`.
    pub async fn person(&self, box_id: BoxId, login: &str, permissions: Permissions) -> Person {
        let user = self
            .app()
            .admin()
            .create_user(NewUser {
                login: login.to_owned(),
                password: None,
                last_name: "Иванов".to_owned(),
                first_name: "Иван".to_owned(),
                ..NewUser::default()
            })
            .await
            .expect("the user can be created");
        self.app()
            .admin()
            .put_employee(box_id, user.id, "Сотрудник", permissions)
            .await
            .expect("the user can be employed");
        self.known_person(box_id, user.id, login).await
    }

    /// A person who is known already, with a new token.
    pub async fn known_person(&self, box_id: BoxId, user_id: UserId, login: &str) -> Person {
        let id = &self.program().id;
        let access_token =
            self.app().admin().issue_access_token(id, user_id).await.expect("a token can be issued");
        let client = |format| {
            Client::builder(self.base_url(), id.clone())
                .auth(Auth::AccessToken(access_token.clone()))
                .format(format)
                .retry(RetryPolicy::NEVER)
                .build()
                .expect("the client can be built")
        };
        Person {
            client: client(Format::Protobuf),
            json: client(Format::Json),
            box_id,
            user_id,
            login: login.to_owned(),
            access_token,
        }
    }
}
