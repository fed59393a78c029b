//! `potok admin signing-key …`.

use std::error::Error;

use clap::Subcommand;
use potok_app::Admin;
use potok_app::admin::SigningKey;
use potok_cms::UnixTime;
use serde_json::{Value, json};

use super::{Said, list};

#[derive(Subcommand)]
pub(crate) enum SigningKeyCommand {
    /// Lists the keys by which id tokens are signed, in the order in which they begin
    List,
    /// Makes the next key, which signs in a day, when programs have read it; the server does it by itself every 90 days
    Rotate {
        /// It signs at once and alone, and what the others signed is not believed any more: when a key got about
        #[arg(long)]
        now: bool,
    },
}

pub(super) async fn execute(admin: &Admin, command: SigningKeyCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        SigningKeyCommand::List => Ok(list(&admin.signing_keys().await?, line, key)),
        SigningKeyCommand::Rotate { now } => {
            let made = admin.rotate_signing_key(now).await?;
            let what = if now { "signing-key.rotate-now" } else { "signing-key.rotate" };
            Ok(Said::new(line(&made), key(&made)).changed(what, &made.id))
        }
    }
}

fn from(key: &SigningKey) -> String {
    UnixTime(key.signs_from.unix_seconds()).to_string()
}

fn line(key: &SigningKey) -> String {
    format!("{}  signs from {}", key.id, from(key))
}

fn key(key: &SigningKey) -> Value {
    json!({"kid": key.id, "signs_from": from(key)})
}
