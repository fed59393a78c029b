//! `potok admin user …`.

use std::error::Error;

use clap::{Args, Subcommand};
use potok_app::Admin;
use potok_app::admin::NewUser;
use potok_domain::directory::User;
use serde_json::{Value, json};

use super::certificate::{self, CertificateCommand};
use super::{Said, list};
use crate::secret::{self, NewPassword};

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Creates a user
    Create(UserCreate),
    /// Lists all users
    List,
    /// Gives a user another password and revokes all tokens of the user
    Password {
        /// Login of the user
        #[arg(value_name = "LOGIN")]
        login: String,
        #[command(flatten)]
        password: NewPassword,
        /// No password any more: no login by password
        #[arg(long, conflicts_with = "password_file")]
        none: bool,
    },
    /// Shuts a user out everywhere and revokes all tokens of the user
    Block {
        /// Login of the user
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    /// Lets a user log in again, with the password, certificates and rights from before
    Unblock {
        /// Login of the user
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    /// Certificates by which a user logs in
    #[command(subcommand)]
    Certificate(CertificateCommand),
}

#[derive(Args)]
pub(crate) struct UserCreate {
    /// E-mail or another unique name
    #[arg(long)]
    login: String,
    #[command(flatten)]
    password: NewPassword,
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
}

pub(super) async fn execute(admin: &Admin, command: UserCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        UserCommand::Create(given) => {
            let created = admin
                .create_user(NewUser {
                    login: given.login,
                    password: given.password.read()?,
                    last_name: given.last_name,
                    first_name: given.first_name,
                    middle_name: given.middle_name,
                    is_service: given.service,
                })
                .await?;
            Ok(Said::new(line(&created), user(&created)).changed("user.create", &created.login))
        }
        UserCommand::List => Ok(list(&admin.users().await?, line, user)),
        UserCommand::Password { login, password, none } => {
            let password = if none { None } else { Some(password.read()?.ok_or_else(nothing_given)?) };
            let revoked = admin.change_password(&login, password.as_deref()).await?;
            let has = if none { "has no password" } else { "has another password" };
            let text = format!("{login} {has}; {revoked} tokens revoked");
            let json = json!({"login": login, "has_password": !none, "revoked": revoked});
            Ok(Said::new(text, json).changed("user.password", &login))
        }
        UserCommand::Block { login } => {
            let revoked = admin.set_user_blocked(&login, true).await?;
            let text = format!("{login} is blocked; {revoked} tokens revoked");
            let json = json!({"login": login, "is_blocked": true, "revoked": revoked});
            Ok(Said::new(text, json).changed("user.block", &login))
        }
        UserCommand::Unblock { login } => {
            admin.set_user_blocked(&login, false).await?;
            let json = json!({"login": login, "is_blocked": false});
            Ok(Said::new(format!("{login} may log in"), json).changed("user.unblock", &login))
        }
        UserCommand::Certificate(command) => certificate::execute(admin, command).await,
    }
}

fn nothing_given() -> String {
    format!(
        "no password is given: give --password-file FILE, write it to standard input and give --password-file -, or set \
         {}; --none takes the old one away",
        secret::VARIABLE
    )
}

fn line(user: &User) -> String {
    let robot = if user.is_service { "  (robot)" } else { "" };
    let blocked = if user.is_blocked { "  (blocked)" } else { "" };
    format!("{}  {}  {} {}{robot}{blocked}", user.id, user.login, user.last_name, user.first_name)
}

fn user(user: &User) -> Value {
    json!({
        "user_id": user.id.to_string(),
        "login": user.login,
        "last_name": user.last_name,
        "first_name": user.first_name,
        "middle_name": user.middle_name,
        "is_service": user.is_service,
        "is_blocked": user.is_blocked,
    })
}
