//! `potok admin client …`.

use std::error::Error;

use clap::Subcommand;
use potok_app::Admin;
use potok_app::admin::{ApiClient, CreatedClient, NewRegistration, Registration};
use serde_json::{Value, json};

use super::{Said, list};

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
    /// Registers where people who sign in to the program are sent back to, in the place of what was registered
    Register {
        /// The client id; a public one is made when there is none
        #[arg(value_name = "CLIENT")]
        id: String,
        /// What it is, for people; the id when absent, and used only for a public one that is new
        #[arg(long)]
        name: Option<String>,
        /// It keeps no secret, because it runs on desktops or phones, or in pages
        #[arg(long)]
        public: bool,
        /// Where browsers are sent with a code; as often as needed
        #[arg(long = "redirect-uri", value_name = "URL")]
        redirect_uris: Vec<String>,
        /// Where browsers are sent after the end of a session; as often as needed
        #[arg(long = "post-logout-redirect-uri", value_name = "URL")]
        post_logout_redirect_uris: Vec<String>,
    },
    /// Shows what a program is registered with
    Show {
        /// The client id
        #[arg(value_name = "CLIENT")]
        id: String,
    },
    /// Lists all API clients
    List,
    /// Shuts an API client out: 403 for every call, whoever the user is
    Block {
        /// The client id
        #[arg(value_name = "CLIENT")]
        id: String,
    },
    /// Lets an API client in again, with its tokens
    Unblock {
        /// The client id
        #[arg(value_name = "CLIENT")]
        id: String,
    },
    /// Marks an API client as a technology partner: GetPartnerEvents tells it of all boxes of its users
    Partner {
        /// The client id
        #[arg(value_name = "CLIENT")]
        id: String,
        /// Take the mark away
        #[arg(long)]
        no_longer: bool,
    },
    /// Makes another secret, shows it, this once, and revokes all tokens that were issued to the client
    RenewSecret {
        /// The client id
        #[arg(value_name = "CLIENT")]
        id: String,
    },
}

pub(super) async fn execute(admin: &Admin, command: ClientCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        ClientCommand::Create { name, id, service_user } => {
            let service_user = match service_user {
                Some(login) => Some(admin.user(&login).await?.id),
                None => None,
            };
            let created = admin.create_client(id, &name, service_user).await?;
            let said = Said::new(secret_lines(&created), secret(&created));
            Ok(said.changed("client.create", &created.id))
        }
        ClientCommand::Register { id, name, public, redirect_uris, post_logout_redirect_uris } => {
            let registered = admin
                .register_client(NewRegistration {
                    name: name.unwrap_or_else(|| id.clone()),
                    client_id: id.clone(),
                    is_public: public,
                    redirect_uris,
                    post_logout_redirect_uris,
                })
                .await?;
            let said = Said::new(registration_lines(&registered), registration(&registered));
            Ok(said.changed("client.register", &id))
        }
        ClientCommand::Show { id } => match admin.registration(&id).await? {
            Some(found) => Ok(Said::new(registration_lines(&found), registration(&found))),
            None => {
                Err(format!("{id} is not registered for sign-ins: `potok admin client register` does that")
                    .into())
            }
        },
        ClientCommand::List => Ok(list(&admin.clients().await?, line, client)),
        ClientCommand::Block { id } => {
            admin.set_client_blocked(&id, true).await?;
            let json = json!({"client_id": id, "is_blocked": true});
            Ok(Said::new(format!("{id} is blocked"), json).changed("client.block", &id))
        }
        ClientCommand::Unblock { id } => {
            admin.set_client_blocked(&id, false).await?;
            let json = json!({"client_id": id, "is_blocked": false});
            Ok(Said::new(format!("{id} may call"), json).changed("client.unblock", &id))
        }
        ClientCommand::Partner { id, no_longer } => {
            admin.set_client_partner(&id, !no_longer).await?;
            let is = if no_longer { "is no technology partner" } else { "is a technology partner" };
            let json = json!({"client_id": id, "is_partner": !no_longer});
            Ok(Said::new(format!("{id} {is}"), json).changed("client.partner", &id))
        }
        ClientCommand::RenewSecret { id } => {
            let (renewed, revoked) = admin.renew_secret(&id).await?;
            let mut json = secret(&renewed);
            json["revoked"] = json!(revoked);
            let text = format!("{}\n{revoked} tokens revoked", secret_lines(&renewed));
            Ok(Said::new(text, json).changed("client.renew-secret", &id))
        }
    }
}

fn registration_lines(it: &Registration) -> String {
    let mut lines =
        vec![format!("{} ({})", it.client_id, if it.is_public { "public" } else { "with a secret" })];
    lines.extend(it.redirect_uris.iter().map(|uri| format!("redirect              {uri}")));
    lines.extend(it.post_logout_redirect_uris.iter().map(|uri| format!("post logout redirect  {uri}")));
    lines.join("\n")
}

fn registration(it: &Registration) -> Value {
    json!({
        "client_id": it.client_id,
        "is_public": it.is_public,
        "redirect_uris": it.redirect_uris,
        "post_logout_redirect_uris": it.post_logout_redirect_uris,
    })
}

fn secret_lines(client: &CreatedClient) -> String {
    format!("client id      {}\nclient secret  {}", client.id, client.secret)
}

fn secret(client: &CreatedClient) -> Value {
    json!({"client_id": client.id, "client_secret": client.secret})
}

fn line(client: &ApiClient) -> String {
    let mark = if client.is_blocked { "  (blocked)" } else { "" };
    let partner = if client.is_partner { "  (technology partner)" } else { "" };
    format!("{}  {}{partner}{mark}", client.id, client.name)
}

fn client(client: &ApiClient) -> Value {
    json!({
        "client_id": client.id,
        "name": client.name,
        "has_secret": client.secret_hash.is_some(),
        "service_user_id": client.service_user.map(|user| user.to_string()),
        "is_partner": client.is_partner,
        "is_blocked": client.is_blocked,
    })
}
