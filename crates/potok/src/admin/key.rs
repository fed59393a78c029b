//! `potok admin key …`: keys that the server holds for people, and the word of their holders.

use std::error::Error;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use potok_app::Admin;
use potok_cms::{Certificate, UnixTime};
use potok_domain::directory::User;
use potok_domain::signing::{FileToSign, HeldKey, KeyPlace, Signing, Work};
use potok_types::{TaskId, UserId};
use serde_json::{Value, json};

use super::{Said, list};

#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Holds a key for a user: it is opened and tried, and where it is is kept
    Add(KeyAdd),
    /// Lists the keys: whose they are and where, never the keys themselves
    List {
        /// Only those of this user
        #[arg(long, value_name = "LOGIN")]
        user: Option<String>,
    },
    /// Holds a key no longer
    Remove {
        /// Login of its user
        #[arg(long, value_name = "LOGIN")]
        user: String,
        /// SHA-1 of its certificate
        #[arg(value_name = "THUMBPRINT")]
        thumbprint: String,
    },
    /// Lists what waits for the word of the holder of a key
    Waiting {
        /// Only what waits for this user
        #[arg(long, value_name = "LOGIN")]
        user: Option<String>,
    },
    /// Makes a code for a signing of CloudSign and shows it, this once: for the holder of the key, who gives it to the program
    Code {
        /// Id from the list of what waits
        #[arg(value_name = "ID")]
        id: TaskId,
    },
    /// Says that the holder of the key wants it signed (DssSign, AutoSignReceipts)
    Confirm {
        /// Id from the list of what waits
        #[arg(value_name = "ID")]
        id: TaskId,
    },
    /// Says that the holder of the key does not want it signed
    Refuse {
        /// Id from the list of what waits
        #[arg(value_name = "ID")]
        id: TaskId,
    },
}

#[derive(Args)]
pub(crate) struct KeyAdd {
    /// Login of the user
    #[arg(long, value_name = "LOGIN")]
    user: String,
    /// A PEM or PKCS#12 file, command:PROGRAM ARGUMENT…, or pkcs11:… (RFC 7512)
    #[arg(long, value_name = "KEY")]
    key: String,
    /// PEM file with the certificate of the key and those above it, when they are not beside the key
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// File whose first line is the password or PIN of the key
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Nobody watches it: DssSign and AutoSignReceipts sign at once
    #[arg(long)]
    unattended: bool,
}

pub(super) async fn execute(admin: &Admin, command: KeyCommand) -> Result<Said, Box<dyn Error>> {
    match command {
        KeyCommand::Add(given) => {
            let place = given.place()?;
            let key = admin.add_held_key(&given.user, place, given.unattended).await?;
            let shown = Shown::of(&key, &admin.users().await?);
            Ok(Said::new(shown.line(), shown.json()).changed("key.add", &shown.subject()))
        }
        KeyCommand::List { user } => {
            let (keys, users) = (admin.held_keys(user.as_deref()).await?, admin.users().await?);
            let shown: Vec<Shown<'_>> = keys.iter().map(|key| Shown::of(key, &users)).collect();
            Ok(list(&shown, Shown::line, Shown::json))
        }
        KeyCommand::Remove { user, thumbprint } => {
            admin.remove_held_key(&user, &thumbprint).await?;
            let json = json!({"user": user, "thumbprint": thumbprint});
            let said = Said::new(format!("the key of {user} is not held any more"), json);
            Ok(said.changed("key.remove", &format!("{thumbprint} of {user}")))
        }
        KeyCommand::Waiting { user } => {
            let (all, users) = (admin.waiting_signings(user.as_deref()).await?, admin.users().await?);
            let shown: Vec<(&Signing, String)> =
                all.iter().map(|signing| (signing, login(&users, signing.user))).collect();
            Ok(list(&shown, waiting_line, waiting_json))
        }
        KeyCommand::Code { id } => {
            let code = admin.tell_code(id).await?;
            let said = Said::new(format!("code  {code}"), json!({"id": id.to_string(), "code": code}));
            Ok(said.changed("key.code", &id.to_string()))
        }
        KeyCommand::Confirm { id } => answer(admin, id, true).await,
        KeyCommand::Refuse { id } => answer(admin, id, false).await,
    }
}

async fn answer(admin: &Admin, id: TaskId, is_confirmed: bool) -> Result<Said, Box<dyn Error>> {
    admin.answer_signing(id, is_confirmed).await?;
    let (word, what) = if is_confirmed { ("confirmed", "key.confirm") } else { ("refused", "key.refuse") };
    let json = json!({"id": id.to_string(), "is_confirmed": is_confirmed});
    Ok(Said::new(format!("signing {id} is {word}"), json).changed(what, &id.to_string()))
}

impl KeyAdd {
    /// The server looks for the files later, from wherever it was started.
    fn place(&self) -> Result<KeyPlace, Box<dyn Error>> {
        let whole = |path: &PathBuf| {
            let whole = std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let text = whole.to_str().ok_or_else(|| format!("{} is no text", whole.display()))?;
            Ok::<_, Box<dyn Error>>(text.to_owned())
        };
        let is_file = !self.key.starts_with("command:") && !self.key.starts_with("pkcs11:");
        Ok(KeyPlace {
            source: if is_file { whole(&PathBuf::from(&self.key))? } else { self.key.clone() },
            certificate: self.certificate.as_ref().map(whole).transpose()?,
            password: self.password_file.as_ref().map(whole).transpose()?,
        })
    }
}

fn login(users: &[User], id: UserId) -> String {
    users.iter().find(|user| user.id == id).map_or_else(|| id.to_string(), |user| user.login.clone())
}

/// A key with its user.
struct Shown<'a> {
    key: &'a HeldKey,
    login: String,
    certificate: Option<Certificate>,
}

impl<'a> Shown<'a> {
    fn of(key: &'a HeldKey, users: &[User]) -> Self {
        let certificate = Certificate::from_der(&key.certificate).ok();
        Self { key, login: login(users, key.user), certificate }
    }

    fn thumbprint(&self) -> String {
        self.certificate.as_ref().map(|certificate| certificate.thumbprint().to_string()).unwrap_or_default()
    }

    fn subject(&self) -> String {
        format!("{} of {}", self.thumbprint(), self.login)
    }

    fn line(&self) -> String {
        let unattended = if self.key.is_unattended { "  (unattended)" } else { "" };
        let subject = self.certificate.as_ref().map(|it| it.subject().to_string()).unwrap_or_default();
        let source = &self.key.place.source;
        format!("{}  {}  {source}  {subject}{unattended}", self.thumbprint(), self.login)
    }

    fn json(&self) -> Value {
        let place = &self.key.place;
        json!({
            "thumbprint": self.thumbprint(),
            "user": self.login,
            "subject": self.certificate.as_ref().map(|it| it.subject().to_string()),
            "not_after": self.certificate.as_ref().map(|it| it.not_after().to_string()),
            "key": place.source,
            "certificate": place.certificate,
            "password_file": place.password,
            "is_unattended": self.key.is_unattended,
            "added_at": UnixTime(self.key.added_at.unix_seconds()).to_string(),
        })
    }
}

fn waiting_line((signing, login): &(&Signing, String)) -> String {
    let by = if signing.is_by_code() { "code" } else { "confirm" };
    let at = UnixTime(signing.started_at.unix_seconds());
    format!("{}  {login}  {at}  {by}  {}", signing.id, names(signing).join(", "))
}

fn waiting_json((signing, login): &(&Signing, String)) -> Value {
    json!({
        "id": signing.id.to_string(),
        "user": login,
        "started_at": UnixTime(signing.started_at.unix_seconds()).to_string(),
        "by": if signing.is_by_code() { "code" } else { "confirm" },
        "what": names(signing),
    })
}

/// What is signed, for people.
fn names(signing: &Signing) -> Vec<String> {
    match &signing.work {
        Work::Files { files, .. } => {
            let name = |(nth, file): (usize, &FileToSign)| {
                file.name.clone().unwrap_or_else(|| format!("file {}", nth + 1))
            };
            files.iter().enumerate().map(name).collect()
        }
        Work::Receipts { targets, .. } => vec![format!("{} receipts", targets.len())],
    }
}
