//! The server in the hands of somebody who keeps it: what `potok admin` does, and the last requests.

use std::sync::Arc;

use async_trait::async_trait;
use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, StatusCode};
use potok_app::admin::{ApiClient, NewOrganization, NewRegistration, NewUser};
use potok_app::{Admin, AdminError, CONSOLE_CLIENT, RegisteredPower};
use potok_console::{
    Body, Office, Organization, Power, Program, Refused, Request, RequestInFull, Secret, Standing, User, Wish,
};
use potok_domain::directory::{self, Permissions};
use potok_domain::powers;
use potok_types::powers::Party;
use potok_types::{PowerId, Ticks, UserId};
use serde_json::Value;

use crate::requests::{Entry, Wanted, one};
use crate::{ApiError, Edge, authorization};

/// Requests on a page.
const REQUESTS: usize = 50;

/// Where a keeper sits.
pub(super) struct Desk {
    edge: Arc<Edge>,
    keeper: directory::User,
}

impl Desk {
    /// The desk of whoever a token of the console is for, if that keeps the server. Tokens of other programs open no desk: who
    /// signs in there does not give the server away.
    pub(super) async fn of(edge: &Arc<Edge>, bearer: &HeaderValue) -> Option<Self> {
        if edge.keepers.is_empty() {
            return None;
        }
        let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer.clone())]);
        let presented = authorization::presented(&headers).ok()?;
        let caller = edge.app.callers().identify(&presented, None).await.ok()?;
        let keeper = caller.user.as_deref().filter(|_| caller.client.id == CONSOLE_CLIENT)?;
        let is_keeper = |login: &String| login.to_lowercase() == keeper.login.to_lowercase();
        edge.keepers.iter().any(is_keeper).then(|| Self { edge: Arc::clone(edge), keeper: keeper.clone() })
    }

    fn admin(&self) -> &Admin {
        self.edge.app.admin()
    }

    async fn login(&self, id: UserId) -> Result<String, AdminError> {
        let found = self.admin().users().await?.into_iter().find(|user| user.id == id);
        Ok(found.ok_or_else(|| AdminError::NoUser(id.to_string()))?.login)
    }

    /// Does it: the secret that was made, what was done in the words of `potok admin`, and to what.
    async fn did(&self, wish: Wish) -> Result<(Option<Secret>, &'static str, String), AdminError> {
        let admin = self.admin();
        let secret = |it: potok_app::admin::CreatedClient| Secret { client: it.id, secret: it.secret };
        Ok(match wish {
            Wish::CreateOrganization { name, inn, kpp, is_test } => {
                let new = NewOrganization { name, inn, kpp, is_test, ..NewOrganization::default() };
                let made = admin.create_organization(new).await?;
                (None, "organization.create", made.box_id.to_string())
            }
            Wish::SuspendBox { box_id, is_suspended } => {
                admin.set_suspended(box_id, is_suspended).await?;
                (None, if is_suspended { "box.suspend" } else { "box.resume" }, box_id.to_string())
            }
            Wish::AddAdministrator { box_id, login, position } => {
                let user = admin.user(&login).await?.id;
                admin.put_employee(box_id, user, &position, Permissions::full()).await?;
                (None, "employee.add", format!("{login} of box {box_id}"))
            }
            Wish::CreateUser { login, password, names: (last_name, first_name, middle_name), is_robot } => {
                let new =
                    NewUser { login, password, last_name, first_name, middle_name, is_service: is_robot };
                (None, "user.create", admin.create_user(new).await?.login)
            }
            Wish::SetPassword { user, password } => {
                let login = self.login(user).await?;
                admin.change_password(&login, password.as_deref()).await?;
                (None, "user.password", login)
            }
            Wish::BlockUser { user, is_blocked } => {
                let login = self.login(user).await?;
                admin.set_user_blocked(&login, is_blocked).await?;
                (None, if is_blocked { "user.block" } else { "user.unblock" }, login)
            }
            Wish::CreateProgram { id, name, robot } => {
                let robot = match robot {
                    Some(login) => Some(admin.user(&login).await?.id),
                    None => None,
                };
                let made = admin.create_client(id, &name, robot).await?;
                let id = made.id.clone();
                (Some(secret(made)), "client.create", id)
            }
            Wish::RegisterProgram { id, name, is_public, redirects, after_sign_out } => {
                let new = NewRegistration {
                    name: name.unwrap_or_else(|| id.clone()),
                    client_id: id,
                    is_public,
                    redirect_uris: redirects,
                    post_logout_redirect_uris: after_sign_out,
                };
                (None, "client.register", admin.register_client(new).await?.client_id)
            }
            Wish::BlockProgram { id, is_blocked } => {
                admin.set_client_blocked(&id, is_blocked).await?;
                (None, if is_blocked { "client.block" } else { "client.unblock" }, id)
            }
            Wish::MarkPartner { id, is_partner } => {
                admin.set_client_partner(&id, is_partner).await?;
                (None, "client.partner", id)
            }
            Wish::RenewSecret { id } => {
                let (renewed, _) = admin.renew_secret(&id).await?;
                (Some(secret(renewed)), "client.renew-secret", id)
            }
            Wish::TakePower { file, signature } => {
                let put = admin.put_power(file, signature).await?;
                (None, "poa.upload", put.power.number.to_string())
            }
            Wish::RevokePower { number, reason } => {
                let known: PowerId = number.parse().map_err(|_| {
                    potok_types::Invalid::new(
                        "number",
                        format!("{number:?} is no number of a power of attorney"),
                    )
                })?;
                admin.revoke_power(known, &reason).await?;
                (None, "poa.revoke", number)
            }
        })
    }
}

fn refused(error: AdminError) -> Refused {
    let text = error.to_string();
    let (status, text) = match error {
        AdminError::NoBox(_) | AdminError::NoUser(_) | AdminError::NoClient(_) => {
            (StatusCode::NOT_FOUND, text)
        }
        AdminError::Powers(error) => told(error.into()),
        AdminError::Core(error) => told(error.into()),
        AdminError::Client(_) | AdminError::Key(_) | AdminError::Signing(_) => (StatusCode::CONFLICT, text),
    };
    Refused { status: status.as_u16(), text }
}

fn told(error: ApiError) -> (StatusCode, String) {
    (error.status(), error.text)
}

#[async_trait]
impl Office for Desk {
    async fn organizations(&self) -> Result<Vec<Organization>, Refused> {
        let all = self.admin().organizations().await.map_err(refused)?;
        Ok(all.into_iter().map(organization).collect())
    }

    async fn users(&self) -> Result<Vec<User>, Refused> {
        let all = self.admin().users().await.map_err(refused)?;
        Ok(all.into_iter().map(user).collect())
    }

    async fn programs(&self) -> Result<Vec<Program>, Refused> {
        let admin = self.admin();
        let (all, users) = (admin.clients().await.map_err(refused)?, admin.users().await.map_err(refused)?);
        let mut programs = Vec::with_capacity(all.len());
        for client in all {
            let registration = admin.registration(&client.id).await.map_err(refused)?;
            let robot = users.iter().find(|user| Some(user.id) == client.service_user);
            let program = program(client, robot.map(|user| user.login.clone()).unwrap_or_default());
            programs.push(match registration {
                Some(known) => Program {
                    redirects: known.redirect_uris,
                    after_sign_out: known.post_logout_redirect_uris,
                    ..program
                },
                None => program,
            });
        }
        Ok(programs)
    }

    async fn powers(&self) -> Result<Vec<Power>, Refused> {
        let (all, now) = (self.admin().powers().await.map_err(refused)?, self.edge.clock.now());
        Ok(all.iter().map(|it| power(it, now)).collect())
    }

    fn keeps_requests(&self) -> bool {
        self.edge.requests.is_on()
    }

    fn requests(&self, query: &str) -> Vec<Request> {
        let wanted = Wanted { limit: REQUESTS, ..Wanted::of(query) };
        self.edge.requests.found(&wanted).iter().map(request).collect()
    }

    fn request(&self, trace: &str) -> Option<RequestInFull> {
        let wanted = Wanted { trace_id: Some(trace.to_owned()), limit: 1, ..Wanted::default() };
        self.edge.requests.found(&wanted).first().map(in_full)
    }

    async fn act(&self, wish: Wish) -> Result<Option<Secret>, Refused> {
        let is_own = matches!(wish, Wish::BlockUser { user, is_blocked: true } if user == self.keeper.id);
        if is_own {
            let text = "Whoever is blocked cannot unblock: somebody else has to block you".to_owned();
            return Err(Refused { status: StatusCode::CONFLICT.as_u16(), text });
        }
        let (secret, change, subject) = self.did(wish).await.map_err(refused)?;
        tracing::info!(change, subject, by = self.keeper.login, "an administrator changed the data");
        Ok(secret)
    }
}

fn organization(it: directory::Organization) -> Organization {
    Organization {
        box_id: it.box_id,
        name: it.short_name,
        inn: it.inn,
        kpp: it.kpp.unwrap_or_default(),
        participant_id: it.fns_participant_id,
        is_test: it.is_test,
        is_suspended: it.is_suspended,
        is_roaming: it.is_roaming,
        departments: it.departments.len(),
    }
}

fn user(it: directory::User) -> User {
    User {
        id: it.id,
        name: it.full_name(),
        login: it.login,
        is_robot: it.is_service,
        is_blocked: it.is_blocked,
    }
}

fn program(it: ApiClient, robot: String) -> Program {
    Program {
        id: it.id,
        name: it.name,
        has_secret: it.secret_hash.is_some(),
        robot,
        is_partner: it.is_partner,
        is_blocked: it.is_blocked,
        ..Program::default()
    }
}

fn power(it: &RegisteredPower, now: Ticks) -> Power {
    let (power, revoked) = (&it.power, it.registered.revoked());
    let name = power.name();
    Power {
        number: name.number.to_string(),
        issuer: party(&power.issuers),
        issuer_inn: name.issuer_inn,
        representative: party(&power.representatives),
        representative_inn: name.representative_inn.unwrap_or_default(),
        starts_at: power.starts_at,
        ends_at: power.ends_at(),
        standing: match power.standing(revoked.is_some(), now) {
            powers::Standing::Created => Standing::Created,
            powers::Standing::Active => Standing::Active,
            powers::Standing::Expired => Standing::Expired,
            powers::Standing::Revoked => Standing::Revoked,
        },
        reason: revoked.map(|(_, reason)| reason.clone()).unwrap_or_default(),
    }
}

/// The first that has a name: of an organization, or of a person.
fn party(all: &[Party]) -> String {
    let named = |party: &Party| {
        let person = || party.person.as_ref().map(|it| format!("{} {}", it.last_name, it.first_name));
        party.name.clone().or_else(person)
    };
    all.iter().find_map(named).unwrap_or_default()
}

fn request(entry: &Entry) -> Request {
    let path = || format!("{} {}", entry.verb, entry.target);
    Request {
        at: entry.at,
        trace: entry.trace_id.to_string(),
        what: entry.spec.map_or_else(path, |spec| spec.label.to_owned()),
        status: entry.status,
        micros: entry.duration_us,
        client: entry.client_id.clone().unwrap_or_default(),
        box_id: entry.box_id.map(|id| id.guid()).unwrap_or_default(),
        refusal: entry.refusal().unwrap_or_default().into_owned(),
    }
}

fn in_full(entry: &Entry) -> RequestInFull {
    let all = one(entry);
    RequestInFull {
        request: request(entry),
        target: format!("{} {}", entry.verb, entry.target),
        code: entry.code.clone().unwrap_or_default(),
        headers: entry.headers.clone(),
        asked: body(&all["request"]).unwrap_or_default(),
        answered: body(&all["answer"]),
        curl: all["curl"].as_str().unwrap_or_default().to_owned(),
        all: pretty(&all),
    }
}

fn body(told: &Value) -> Option<Body> {
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    told.is_object().then(|| Body {
        bytes: told["bytes"].as_u64().unwrap_or_default(),
        is_whole: told["is_whole"].as_bool().unwrap_or_default(),
        text: match &told["json"] {
            Value::Null => text("text"),
            json => pretty(json),
        },
        protobuf: text("protobuf"),
    })
}

fn pretty(value: &Value) -> String {
    // Values that were made of texts can be written as texts.
    serde_json::to_string_pretty(value).unwrap_or_default()
}
