//! `potok admin token …`.

use std::error::Error;

use clap::{Args, Subcommand};
use potok_app::Admin;
use potok_app::admin::{KnownToken, TokenKind};
use potok_cms::UnixTime;
use potok_types::{Ticks, UserId};
use serde_json::{Value, json};

use super::{Said, list};

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
    /// Lists the tokens that have not expired: by id, never the tokens themselves
    List {
        /// Those of this user only, by login
        #[arg(long, value_name = "LOGIN")]
        user: Option<String>,
        /// Those issued to this API client only
        #[arg(long)]
        client: Option<String>,
    },
    /// Ends tokens at once
    Revoke(Revoke),
}

/// Which tokens to end.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Revoke {
    /// Ids from the list; with a refresh token go those that came before and after it, and what they bought
    #[arg(value_name = "ID", conflicts_with_all = ["user", "client", "all"])]
    ids: Vec<String>,
    /// All of this user, by login; with --client only those of both
    #[arg(long, value_name = "LOGIN")]
    user: Option<String>,
    /// All that were issued to this API client
    #[arg(long)]
    client: Option<String>,
    /// All that there are: everybody has to log in again
    #[arg(long, conflicts_with_all = ["user", "client"])]
    all: bool,
}

pub(super) async fn execute(admin: &Admin, command: TokenCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        TokenCommand::Issue { user, client, refresh } => {
            let id = admin.user(&user).await?.id;
            let (name, token) = match refresh {
                true => ("refresh_token", admin.issue_refresh_token(&client, id).await?),
                false => ("access_token", admin.issue_access_token(&client, id).await?),
            };
            let said = Said::new(token.clone(), json!({name: token}));
            Ok(said.changed("token.issue", &format!("{name} of {user} with {client}")))
        }
        TokenCommand::List { user, client } => {
            let user = named(admin, user.as_deref()).await?;
            Ok(list(&admin.tokens(user, client.as_deref()).await?, line, token))
        }
        TokenCommand::Revoke(given) => revoke(admin, given).await,
    }
}

async fn named(admin: &Admin, login: Option<&str>) -> Result<Option<UserId>, Box<dyn Error>> {
    match login {
        Some(login) => Ok(Some(admin.user(login).await?.id)),
        None => Ok(None),
    }
}

async fn revoke(admin: &Admin, given: Revoke) -> Result<Said, Box<dyn Error>> {
    let Revoke { ids, user, client, all: _ } = given;
    let mut revoked = 0;
    if ids.is_empty() {
        let user = named(admin, user.as_deref()).await?;
        revoked = admin.revoke_tokens(user, client.as_deref()).await?;
    }
    for id in &ids {
        revoked += admin.revoke_token(id).await?;
    }
    let whose = match (user, client) {
        (Some(user), Some(client)) => format!("{user} with {client}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) if ids.is_empty() => "all".to_owned(),
        (None, None) => ids.join(" "),
    };
    let said = Said::new(format!("{revoked} tokens revoked"), json!({"revoked": revoked}));
    Ok(said.changed("token.revoke", &whose))
}

/// A time for people and programs, in UTC; `None` when nobody noted it.
fn time(ticks: Ticks) -> Option<String> {
    (ticks > Ticks::new(0)).then(|| UnixTime(ticks.unix_seconds()).to_string())
}

const fn kind(token: &KnownToken) -> &'static str {
    match token.kind {
        TokenKind::Access => "access",
        TokenKind::Refresh => "refresh",
        TokenKind::Session => "session",
    }
}

fn line(token: &KnownToken) -> String {
    let from = time(token.issued_at).unwrap_or_else(|| "-".to_owned());
    let until = time(token.expires_at).unwrap_or_default();
    let mark = if token.is_spent { "  (spent)" } else { "" };
    format!(
        "{}  {}  {}  {}  {from}  until {until}{mark}",
        token.id,
        kind(token),
        token.login,
        token.client_id
    )
}

fn token(token: &KnownToken) -> Value {
    json!({
        "id": token.id,
        "kind": kind(token),
        "user_id": token.user.to_string(),
        "login": token.login,
        "client_id": token.client_id,
        "issued_at": time(token.issued_at),
        "expires_at": time(token.expires_at),
        "is_spent": token.is_spent,
    })
}
