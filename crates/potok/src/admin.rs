//! `potok admin …`: organizations, people and programs. Works on the data folder directly, so that there is no door in
//! the server for it, and a running server sees the changes at its next reading.

mod address;
mod certificate;
mod client;
mod employee;
pub(crate) mod erasure;
mod explain;
mod import;
mod key;
mod pki;
mod poa;
mod rebuild;
mod roaming;
mod route;
mod service_key;
mod signing_key;
mod token;
mod user;
mod webhook;

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use potok_api::Date;
use potok_app::admin::{NewOrganization, Restriction};
use potok_app::{Admin, App};
use potok_domain::directory::{Department, Organization};
use potok_operator::OperatorServices;
use potok_types::{BoxId, Clock, DepartmentId};
use serde_json::{Value, json};

use crate::cli::Environment;
use crate::{Opened, Settings, Verifiers, print};

use address::AddressCommand;
use client::ClientCommand;
use employee::{EmployeeAdd, EmployeeNamed};
use erasure::Erase;
use explain::ExplainAccess;
use import::Import;
use key::KeyCommand;
use pki::PkiCommand;
use poa::PoaCommand;
use rebuild::Rebuild;
use roaming::RoamingCommand;
use route::RouteCommand;
use service_key::ServiceKeyCommand;
use signing_key::SigningKeyCommand;
use token::TokenCommand;
use user::UserCommand;
use webhook::WebhookCommand;

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
    /// Keys of services that vouch for their own users
    #[command(subcommand)]
    ServiceKey(ServiceKeyCommand),
    /// Keys that sign id tokens
    #[command(subcommand)]
    SigningKey(SigningKeyCommand),
    /// Keys that the server holds for people, and the word of their holders
    #[command(subcommand)]
    Key(KeyCommand),
    /// Routes of approval of an organization
    #[command(subcommand)]
    Route(RouteCommand),
    /// Powers of attorney: the register that stands for the state's
    #[command(subcommand)]
    Poa(PoaCommand),
    /// Addresses of the state register
    #[command(subcommand)]
    Address(AddressCommand),
    /// Other operators, and who takes part in the exchange with them
    #[command(subcommand)]
    Roaming(RoamingCommand),
    /// Where the events of boxes are sent
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Boxes
    #[command(subcommand)]
    Box(BoxCommand),
    /// Keys and certificates for tests
    #[command(subcommand)]
    Pki(PkiCommand),
    /// Makes again from the journal what is kept ready for readers; works also while a server runs
    Rebuild(Rebuild),
    /// Says whether a user may do something, and why, step by step
    ExplainAccess(ExplainAccess),
    /// Takes organizations, departments, people and rights from a file (JSON or CSV); what is there already is changed
    Import(Import),
}

impl AdminCommand {
    /// Does a command that needs no data folder; any other is given back.
    pub(crate) fn run_without_data(
        self,
        as_json: bool,
        environment: &Environment,
    ) -> Result<Option<Self>, Box<dyn Error>> {
        match self {
            Self::Pki(command) => {
                pki::run(command, environment)?.print(as_json);
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
    /// Taxpayer code of its own country, for a foreign organization
    #[arg(long, value_name = "CODE")]
    foreign_code: Option<String>,
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
pub(crate) enum EmployeeCommand {
    /// Makes a user an employee, or changes what the employee may do
    Add(EmployeeAdd),
    /// Shuts an employee out of the organization; the rights stay noted
    Block(EmployeeNamed),
    /// Lets an employee in again, with the rights from before
    Unblock(EmployeeNamed),
    /// Declines somebody who asked to be let in by certificate (Register)
    Decline(EmployeeNamed),
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
    /// Keeps the organization from sending, three days from now on; it goes on to read
    Block {
        /// The box
        #[arg(value_name = "BOX")]
        box_id: BoxId,
        /// At once
        #[arg(long)]
        now: bool,
    },
    /// Notes that the organization is no more: it sends nothing, and becomes nobody's partner
    Liquidate {
        /// The box
        #[arg(value_name = "BOX")]
        box_id: BoxId,
        /// The day that the state's register has, as 2026-01-31
        #[arg(long)]
        on: Date,
    },
    /// Lets the organization send again, whatever kept it from that
    Unblock {
        /// The box
        #[arg(value_name = "BOX")]
        box_id: BoxId,
    },
    /// Lets the organization exchange encrypted documents: it is told by which certificates its counteragents read them
    AllowEncryption {
        /// The box
        #[arg(value_name = "BOX")]
        box_id: BoxId,
    },
    /// Takes that back
    ForbidEncryption {
        /// The box
        #[arg(value_name = "BOX")]
        box_id: BoxId,
    },
    /// Erases messages that the box has kept for as long as it has to; only counts them without --yes
    Erase(Erase),
    /// Lists by which acts messages of the box were erased: who, when, why, how many
    Erasures {
        /// The box
        #[arg(value_name = "BOX")]
        box_id: BoxId,
    },
}

/// What a command says: to people, and to programs; and what it changed, for the log.
struct Said {
    text: String,
    json: Value,
    change: Option<Change>,
}

/// A change: what was done, and to whom or what.
struct Change {
    what: &'static str,
    subject: String,
}

impl Said {
    fn new(text: impl Into<String>, json: Value) -> Self {
        Self { text: text.into(), json, change: None }
    }

    /// The same about a change. No secret may stand in `subject`.
    fn changed(self, what: &'static str, subject: &str) -> Self {
        Self { change: Some(Change { what, subject: subject.to_owned() }), ..self }
    }

    /// Whoever asks later who changed what finds it in the log.
    fn log(&self) {
        if let Some(Change { what, subject }) = &self.change {
            tracing::info!(change = what, subject, "an administrator changed the data");
        }
    }

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
    environment: Environment,
) -> Result<ExitCode, Box<dyn Error>> {
    let services = OperatorServices::closed();
    let verifiers = Verifiers::of_contents(services.offload.clone(), None);
    let opened =
        Opened::open_beside_a_server(settings, services, verifiers, &environment.clock, &environment.entropy)
            .await?;
    let done = match command {
        AdminCommand::Rebuild(given) => rebuild::run(opened.app.admin(), &given, as_json).await,
        command => execute(&opened.app, &*environment.clock, command).await.map(|said| {
            said.log();
            said.print(as_json);
            ExitCode::SUCCESS
        }),
    };
    opened.close().await;
    done
}

async fn execute(app: &App, clock: &dyn Clock, command: AdminCommand) -> Result<Said, Box<dyn Error>> {
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
                    foreign_code: given.foreign_code,
                    counteragents_only: given.counteragents_only,
                    is_test: given.test,
                })
                .await?;
            let said = Said::new(organization_line(&created), organization(&created));
            Ok(said.changed("organization.create", &created.box_id.to_string()))
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
            let subject = format!("{} of box {box_id}", created.id);
            Ok(Said::new(text, department(&created)).changed("department.create", &subject))
        }
        AdminCommand::User(command) => user::execute(admin, command).await,
        AdminCommand::Employee(EmployeeCommand::Add(given)) => employee::add(admin, given).await,
        AdminCommand::Employee(EmployeeCommand::Block(given)) => employee::block(admin, given, true).await,
        AdminCommand::Employee(EmployeeCommand::Unblock(given)) => employee::block(admin, given, false).await,
        AdminCommand::Employee(EmployeeCommand::Decline(given)) => employee::decline(admin, given).await,
        AdminCommand::Client(command) => client::execute(admin, command).await,
        AdminCommand::Token(command) => token::execute(admin, command).await,
        AdminCommand::ServiceKey(command) => service_key::execute(admin, command).await,
        AdminCommand::SigningKey(command) => signing_key::execute(admin, command).await,
        AdminCommand::Key(command) => key::execute(admin, command).await,
        AdminCommand::Address(command) => address::execute(admin, command).await,
        AdminCommand::Roaming(command) => roaming::execute(admin, command).await,
        AdminCommand::Route(command) => route::run(app, command).await,
        AdminCommand::Webhook(command) => webhook::execute(app, command).await,
        AdminCommand::Poa(command) => poa::execute(admin, clock, command).await,
        AdminCommand::ExplainAccess(given) => explain::run(admin, given).await,
        AdminCommand::Import(given) => import::run(admin, given).await,
        AdminCommand::Box(BoxCommand::Suspend { box_id }) => suspend(admin, box_id, true).await,
        AdminCommand::Box(BoxCommand::Resume { box_id }) => suspend(admin, box_id, false).await,
        AdminCommand::Box(BoxCommand::Block { box_id, now }) => {
            let restriction = if now { Restriction::Blocked } else { Restriction::BlockAsked };
            restrict(admin, box_id, restriction, "box.block").await
        }
        AdminCommand::Box(BoxCommand::Liquidate { box_id, on }) => {
            let restriction = Restriction::Liquidated { on: on.to_string() };
            restrict(admin, box_id, restriction, "box.liquidate").await
        }
        AdminCommand::Box(BoxCommand::Unblock { box_id }) => {
            restrict(admin, box_id, Restriction::Lifted, "box.unblock").await
        }
        AdminCommand::Box(BoxCommand::AllowEncryption { box_id }) => encrypt(admin, box_id, true).await,
        AdminCommand::Box(BoxCommand::ForbidEncryption { box_id }) => encrypt(admin, box_id, false).await,
        AdminCommand::Box(BoxCommand::Erase(given)) => erasure::erase(admin, given).await,
        AdminCommand::Box(BoxCommand::Erasures { box_id }) => erasure::erasures(admin, box_id).await,
    }
}

async fn suspend(admin: &Admin, box_id: BoxId, is_suspended: bool) -> Result<Said, Box<dyn Error>> {
    admin.set_suspended(box_id, is_suspended).await?;
    let text = format!("box {box_id} {}", if is_suspended { "is suspended" } else { "works" });
    let json = json!({"box_id": box_id.to_string(), "is_suspended": is_suspended});
    let change = if is_suspended { "box.suspend" } else { "box.resume" };
    Ok(Said::new(text, json).changed(change, &box_id.to_string()))
}

async fn restrict(
    admin: &Admin,
    box_id: BoxId,
    restriction: Restriction,
    change: &'static str,
) -> Result<Said, Box<dyn Error>> {
    let does = match &restriction {
        Restriction::Liquidated { on } => format!("sends nothing any more: liquidated on {on}"),
        Restriction::BlockAsked => "sends nothing from three days from now on".to_owned(),
        Restriction::Blocked => "sends nothing from now on".to_owned(),
        Restriction::Lifted => "sends again".to_owned(),
    };
    admin.restrict(box_id, restriction).await?;
    let json = json!({"box_id": box_id.to_string(), "is_restricted": change != "box.unblock"});
    Ok(Said::new(format!("box {box_id} {does}"), json).changed(change, &box_id.to_string()))
}

async fn encrypt(admin: &Admin, box_id: BoxId, encrypts: bool) -> Result<Said, Box<dyn Error>> {
    admin.set_encryption(box_id, encrypts).await?;
    let does = if encrypts { "exchanges" } else { "does not exchange" };
    let json = json!({"box_id": box_id.to_string(), "encrypts": encrypts});
    let change = if encrypts { "box.allow-encryption" } else { "box.forbid-encryption" };
    Ok(Said::new(format!("box {box_id} {does} encrypted documents"), json)
        .changed(change, &box_id.to_string()))
}

fn list<T>(all: &[T], line: fn(&T) -> String, json: fn(&T) -> Value) -> Said {
    let text = all.iter().map(line).collect::<Vec<_>>().join("\n");
    Said::new(text, Value::Array(all.iter().map(json).collect()))
}

fn organization_line(organization: &Organization) -> String {
    let Organization { box_id, inn, short_name, is_suspended, .. } = organization;
    let kpp = organization.kpp.as_deref().unwrap_or("-");
    let mark = match (is_suspended, organization.is_roaming) {
        (true, _) => "  (suspended)",
        (false, true) => "  (with another operator)",
        (false, false) => "",
    };
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
        "foreign_code": organization.foreign_code,
        "counteragents_only": organization.counteragents_only,
        "is_test": organization.is_test,
        "encrypts": organization.encrypts,
        "is_suspended": organization.is_suspended,
        "is_roaming": organization.is_roaming,
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
