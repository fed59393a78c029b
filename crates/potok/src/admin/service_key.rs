//! `potok admin service-key …`.

use std::error::Error;

use clap::Subcommand;
use potok_app::Admin;
use potok_app::admin::ServiceKey;
use potok_cms::UnixTime;
use serde_json::{Value, json};

use super::{Said, list};

#[derive(Subcommand)]
pub(crate) enum ServiceKeyCommand {
    /// Makes a key for a service that calls by an API client and shows it, this once
    Create {
        /// API client id
        #[arg(long)]
        client: String,
        /// What it is, for people
        #[arg(long)]
        name: String,
    },
    /// Lists the keys: by id, never the keys themselves
    List,
    /// Deletes a key, and with it which users its users are
    Delete {
        /// Id from the list
        #[arg(value_name = "ID")]
        id: String,
    },
}

pub(super) async fn execute(admin: &Admin, command: ServiceKeyCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        ServiceKeyCommand::Create { client, name } => {
            let key = admin.create_service_key(&client, &name).await?;
            let said =
                Said::new(format!("service key  {key}"), json!({"client_id": client, "service_key": key}));
            Ok(said.changed("service-key.create", &format!("{name} with {client}")))
        }
        ServiceKeyCommand::List => Ok(list(&admin.service_keys().await?, line, key)),
        ServiceKeyCommand::Delete { id } => {
            admin.delete_service_key(&id).await?;
            let said = Said::new(format!("{id} is deleted"), json!({"id": id}));
            Ok(said.changed("service-key.delete", &id))
        }
    }
}

/// Digits by which a key is shown.
const SHOWN: usize = 16;

fn line((id, key): &(String, ServiceKey)) -> String {
    let at = UnixTime(key.added_at.unix_seconds());
    format!("{}  {}  {}  {at}", &id[..SHOWN], key.client_id, key.name)
}

fn key((id, key): &(String, ServiceKey)) -> Value {
    json!({
        "id": &id[..SHOWN],
        "client_id": key.client_id,
        "name": key.name,
        "added_at": UnixTime(key.added_at.unix_seconds()).to_string(),
    })
}
