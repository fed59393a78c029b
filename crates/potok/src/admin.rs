//! `potok admin …`: organizations, people and programs. Works on the data folder directly, so that there is no door in
//! the server for it, and a running server sees the changes at its next reading.

mod certificate;
mod employee;
mod pki;
mod rebuild;
mod route;

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use potok_app::admin::{NewOrganization, NewUser};
use potok_app::{Admin, App};
use potok_domain::directory::{Department, Organization, User};
use potok_operator::Office;
use potok_types::{BoxId, DepartmentId};
use serde_json::{Value, json};

use crate::cli::World;
use crate::{Judges, Opened, Settings, print};

use certificate::CertificateCommand;
use employee::EmployeeAdd;
use pki::PkiCommand;
use rebuild::Rebuild;
use route::RouteCommand;

/// What an administrator can do.
#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    /// Organizations and their boxes
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Departments of an organization
    #[command(subcommand)]
    Department(DepartmentCommand),
    /// People and robots
    #[command(subcommand)]
    User(UserCommand),
    /// Users in organizations
    #[command(subcommand)]
    Employee(EmployeeCommand),
    /// Programs that may call the API
    #[command(subcommand)]
    Client(ClientCommand),
    /// Tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Routes of approval of an organization
    #[command(subcommand)]
    Route(RouteCommand),
    /// Boxes
    #[command(subcommand)]
    Box(BoxCommand),
    /// Keys and certificates for tests
    #[command(subcommand)]
    Pki(PkiCommand),
    /// Makes again from the journal what is kept ready for readers; works also while a server runs
    Rebuild(Rebuild),
}

impl AdminCommand {
    /// Does a command that needs no data folder; any other is given back.
    pub(crate) fn run_without_data(
        self,
        as_json: bool,
        world: &World,
    ) -> Result<Option<Self>, Box<dyn Error>> {
        match self {
            Self::Pki(command) => {
                pki::run(command, world)?.print(as_json);
                Ok(None)
            }
            other => Ok(Some(other)),
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Creates an organization with its box
    Create(OrganizationCreate),
    /// Lists all organizations
    List,
}

#[derive(Args)]
pub(crate) struct OrganizationCreate {
    /// Name, full and short
    #[arg(long)]
    name: String,
    /// Taxpayer number, 10 or 12 digits
    #[arg(long)]
    inn: String,
    /// Tax registration reason code, 9 digits
    #[arg(long)]
    kpp: Option<String>,
    /// State registration number, 13 or 15 digits
    #[arg(long)]
    ogrn: Option<String>,
    /// Participant id of the exchange; made of INN and KPP when absent
    #[arg(long)]
    fns_participant_id: Option<String>,
    /// Receive from counteragents only
    #[arg(long)]
    counteragents_only: bool,
    /// Without legal force
    #[arg(long)]
    test: bool,
}

#[derive(Subcommand)]
pub(crate) enum DepartmentCommand {
    /// Creates a department
    Create {
        /// Box of the organization
        #[arg(long = "box", value_name = "BOX")]
        box_id: BoxId,
        /// Name
        #[arg(long)]
        name: String,
        /// Parent department; the head when absent
        #[arg(long, value_name = "DEPARTMENT")]
        parent: Option<DepartmentId>,
    },
}

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Creates a user
    Create {
        /// E-mail or another unique name
        #[arg(long)]
        login: String,
        /// Password; without one there is no login by password
        #[arg(long, env = "POTOK_NEW_PASSWORD", hide_env_values = true)]
        password: Option<String>,
        /// Family name
        #[arg(long)]
        last_name: String,
        /// Given name
        #[arg(long)]
        first_name: String,
        /// Patronymic
        #[arg(long)]
        middle_name: Option<String>,
        /// A robot's account
        #[arg(long)]
        service: bool,
    },
    /// Lists all users
    List,
    /// Certificates by which a user logs in
    #[command(subcommand)]
    Certificate(CertificateCommand),
}

#[derive(Subcommand)]
pub(crate) enum EmployeeCommand {
    /// Makes a user an employee, or changes what the employee may do
    Add(EmployeeAdd),
}

#[derive(Subcommand)]
pub(crate) enum ClientCommand {
    /// Creates an API client and shows its secret, this once
    Create {
        /// What it is, for people
        #[arg(long)]
        name: String,
        /// Client id; made up when absent
        #[arg(long)]
        id: Option<String>,
        /// Login of the robot as which client_credentials act
        #[arg(long, value_name = "LOGIN")]
        service_user: Option<String>,
    },
}

#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// Issues a token without a login
    Issue {
        /// Login of the user
        #[arg(long, value_name = "LOGIN")]
        user: String,
        /// API client id
        #[arg(long)]
        client: String,
        /// A refresh token instead of an access token
        #[arg(long)]
        refresh: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum BoxCommand {
    /// Answers every call with this box by 402
    Suspend {
        /// The box
        #[arg(value_name = "BOX")]
        box_id: BoxId,
    },
    /// Lets the box work again
    Resume {
        /// The box
        #[arg(value_name = "BOX")]
        box_id: BoxId,
    },
}

/// What a command says: to people, and to programs.
struct Said {
    text: String,
    json: Value,
}

impl Said {
    fn print(&self, as_json: bool) {
        match as_json {
            true => print::line(&self.json),
            false => print::line(&self.text),
        }
    }
}

/// Does `command` and prints what came of it.
pub(crate) async fn run(
    command: AdminCommand,
    as_json: bool,
    settings: Settings,
    world: World,
) -> Result<ExitCode, Box<dyn Error>> {
    let Settings { data, store, app, .. } = settings;
    let office = Office::closed();
    let judges = Judges::of_contents(office.offload.clone(), None);
    let opened = Opened::open(&data, store, app, office, judges, &world.clock, &world.entropy)?;
    let done = match command {
        AdminCommand::Rebuild(given) => rebuild::run(opened.app.admin(), &given, as_json).await,
        command => execute(&opened.app, command).await.map(|said| {
            said.print(as_json);
            ExitCode::SUCCESS
        }),
    };
    opened.close().await;
    done
}

async fn execute(app: &App, command: AdminCommand) -> Result<Said, Box<dyn Error>> {
    let admin = app.admin();
    match command {
        AdminCommand::Organization(OrganizationCommand::Create(given)) => {
            let created = admin
                .create_organization(NewOrganization {
                    name: given.name,
                    inn: given.inn,
                    kpp: given.kpp,
                    ogrn: given.ogrn,
                    fns_participant_id: given.fns_participant_id,
                    counteragents_only: given.counteragents_only,
                    is_test: given.test,
                })
                .await?;
            Ok(Said { text: organization_line(&created), json: organization(&created) })
        }
        // It is done before a data folder is opened.
        AdminCommand::Pki(_) => Err("test keys need no data folder".into()),
        // It prints for itself while it goes on.
        AdminCommand::Rebuild(_) => Err("a rebuild has an answer of its own".into()),
        AdminCommand::Organization(OrganizationCommand::List) => {
            let all = admin.organizations().await?;
            Ok(list(&all, organization_line, organization))
        }
        AdminCommand::Department(DepartmentCommand::Create { box_id, name, parent }) => {
            let created =
                admin.create_department(box_id, &name, parent.unwrap_or(DepartmentId::ZERO)).await?;
            let text = format!("{}  {}", created.id, created.name);
            Ok(Said { text, json: department(&created) })
        }
        AdminCommand::User(UserCommand::Create {
            login,
            password,
            last_name,
            first_name,
            middle_name,
            service,
        }) => {
            let new = NewUser { login, password, last_name, first_name, middle_name, is_service: service };
            let created = admin.create_user(new).await?;
            Ok(Said { text: user_line(&created), json: user(&created) })
        }
        AdminCommand::User(UserCommand::List) => Ok(list(&admin.users().await?, user_line, user)),
        AdminCommand::User(UserCommand::Certificate(command)) => certificate::execute(admin, command).await,
        AdminCommand::Employee(EmployeeCommand::Add(given)) => employee::add(admin, given).await,
        AdminCommand::Client(ClientCommand::Create { name, id, service_user }) => {
            let service_user = match service_user {
                Some(login) => Some(admin.user(&login).await?.id),
                None => None,
            };
            let created = admin.create_client(id, &name, service_user).await?;
            Ok(Said {
                text: format!("client id      {}\nclient secret  {}", created.id, created.secret),
                json: json!({"client_id": created.id, "client_secret": created.secret}),
            })
        }
        AdminCommand::Token(TokenCommand::Issue { user, client, refresh }) => {
            let user = admin.user(&user).await?.id;
            let (name, token) = match refresh {
                true => ("refresh_token", admin.issue_refresh_token(&client, user).await?),
                false => ("access_token", admin.issue_access_token(&client, user).await?),
            };
            Ok(Said { json: json!({name: &token}), text: token })
        }
        AdminCommand::Route(command) => route::run(app, command).await,
        AdminCommand::Box(BoxCommand::Suspend { box_id }) => suspend(admin, box_id, true).await,
        AdminCommand::Box(BoxCommand::Resume { box_id }) => suspend(admin, box_id, false).await,
    }
}

async fn suspend(admin: &Admin, box_id: BoxId, is_suspended: bool) -> Result<Said, Box<dyn Error>> {
    admin.set_suspended(box_id, is_suspended).await?;
    let text = format!("box {box_id} {}", if is_suspended { "is suspended" } else { "works" });
    Ok(Said { text, json: json!({"box_id": box_id.to_string(), "is_suspended": is_suspended}) })
}

fn list<T>(all: &[T], line: fn(&T) -> String, json: fn(&T) -> Value) -> Said {
    Said {
        text: all.iter().map(line).collect::<Vec<_>>().join("\n"),
        json: Value::Array(all.iter().map(json).collect()),
    }
}

fn organization_line(organization: &Organization) -> String {
    let Organization { box_id, inn, short_name, is_suspended, .. } = organization;
    let kpp = organization.kpp.as_deref().unwrap_or("-");
    let mark = if *is_suspended { "  (suspended)" } else { "" };
    format!("{box_id}  {inn}  {kpp}  {short_name}{mark}")
}

fn organization(organization: &Organization) -> Value {
    json!({
        "org_id": organization.org_id.to_string(),
        "box_id": organization.box_id.to_string(),
        "box_id_guid": organization.box_id.guid(),
        "name": organization.short_name,
        "inn": organization.inn,
        "kpp": organization.kpp,
        "ogrn": organization.ogrn,
        "fns_participant_id": organization.fns_participant_id,
        "counteragents_only": organization.counteragents_only,
        "is_test": organization.is_test,
        "is_suspended": organization.is_suspended,
        "departments": organization.departments.iter().map(department).collect::<Vec<_>>(),
    })
}

fn department(department: &Department) -> Value {
    json!({
        "department_id": department.id.to_string(),
        "parent": department.parent.to_string(),
        "name": department.name,
    })
}

fn user_line(user: &User) -> String {
    let mark = if user.is_service { "  (robot)" } else { "" };
    format!("{}  {}  {} {}{mark}", user.id, user.login, user.last_name, user.first_name)
}

fn user(user: &User) -> Value {
    json!({
        "user_id": user.id.to_string(),
        "login": user.login,
        "last_name": user.last_name,
        "first_name": user.first_name,
        "middle_name": user.middle_name,
        "is_service": user.is_service,
    })
}
