//! `potok admin webhook …`: where the events of a box are sent, in the name of one of its administrators.

use std::error::Error;

use clap::{Args, Subcommand};
use potok_app::{App, BoxAdministrator, WebhookChange, WebhookWish};
use potok_cms::UnixTime;
use potok_domain::webhook::{Attempt, Webhook, WebhookId, WebhookState};
use potok_types::{BoxId, DepartmentId, IndexKey, Ticks};
use serde_json::{Value, json};

use super::{Said, list};

#[derive(Subcommand)]
pub(crate) enum WebhookCommand {
    /// Sends the events of a box to an address, from now on; shows the secret, this once
    Create {
        #[command(flatten)]
        whose: Whose,
        /// Where to: https://…, or http://… in the ranges of --webhook-ranges
        #[arg(long)]
        url: String,
        /// Only events of this department
        #[arg(long, value_name = "DEPARTMENT")]
        department: Option<DepartmentId>,
        /// Begins behind this IndexKey of the feed; at its end when absent
        #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
        after: Option<IndexKey>,
    },
    /// Lists the webhooks of a box, and how far they have come
    List(Whose),
    /// Sends nothing for now; the position stays
    Pause(Named),
    /// Sends again, also what was given up
    Resume(Named),
    /// Sends to another address from now on
    Move {
        #[command(flatten)]
        named: Named,
        /// Where to
        #[arg(long)]
        url: String,
    },
    /// Makes another secret and shows it, this once
    Rotate {
        #[command(flatten)]
        named: Named,
        /// Seconds for which the old secret signs too
        #[arg(long, default_value_t = 24 * 3600)]
        keep_seconds: u32,
    },
    /// Sends everything behind a place of the feed once more, or passes over what is before it
    Replay {
        #[command(flatten)]
        named: Named,
        /// The IndexKey
        #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
        after: IndexKey,
    },
    /// Lists the last attempts, newest first
    Deliveries(Named),
    /// Sends something that is no event, now, and says what came of it
    Ping(Named),
    /// Forgets a webhook
    Delete(Named),
}

#[derive(Args)]
pub(crate) struct Whose {
    /// The box
    #[arg(long = "box", value_name = "BOX")]
    box_id: BoxId,
    /// Login of an administrator of its organization; events are sent as this user sees them
    #[arg(long, value_name = "LOGIN")]
    user: String,
}

#[derive(Args)]
pub(crate) struct Named {
    #[command(flatten)]
    whose: Whose,
    /// Id from the list
    #[arg(value_name = "ID")]
    id: WebhookId,
}

impl Whose {
    async fn administrator(&self, app: &App) -> Result<BoxAdministrator, Box<dyn Error>> {
        let user = app.admin().user(&self.user).await?;
        Ok(app.webhooks().administrator(user.id, self.box_id).await?)
    }
}

impl Named {
    fn subject(&self) -> String {
        format!("{} of box {}", self.id, self.whose.box_id)
    }

    async fn administrator(&self, app: &App) -> Result<BoxAdministrator, Box<dyn Error>> {
        self.whose.administrator(app).await
    }
}

pub(super) async fn execute(app: &App, command: WebhookCommand) -> Result<Said, Box<dyn Error>> {
    let webhooks = app.webhooks();
    match command {
        WebhookCommand::Create { whose, url, department, after } => {
            let wish = WebhookWish { url, department, after };
            let made = webhooks.create(&whose.administrator(app).await?, wish).await?;
            let subject = format!("{} of box {}", made.id, made.box_id);
            Ok(with_secret(&made).changed("webhook.create", &subject))
        }
        WebhookCommand::List(whose) => {
            Ok(list(&webhooks.list(&whose.administrator(app).await?).await?, line, shown))
        }
        WebhookCommand::Pause(named) => {
            let change = WebhookChange { is_active: Some(false), ..WebhookChange::default() };
            changed(app, &named, &change, "webhook.pause").await
        }
        WebhookCommand::Resume(named) => {
            let change = WebhookChange { is_active: Some(true), ..WebhookChange::default() };
            changed(app, &named, &change, "webhook.resume").await
        }
        WebhookCommand::Move { named, url } => {
            let change = WebhookChange { url: Some(url), ..WebhookChange::default() };
            changed(app, &named, &change, "webhook.move").await
        }
        WebhookCommand::Rotate { named, keep_seconds } => {
            let made = webhooks.rotate(&named.administrator(app).await?, named.id, keep_seconds).await?;
            Ok(with_secret(&made).changed("webhook.rotate", &named.subject()))
        }
        WebhookCommand::Replay { named, after } => {
            let made = webhooks.replay(&named.administrator(app).await?, named.id, after).await?;
            Ok(Said::new(line(&made), shown(&made)).changed("webhook.replay", &named.subject()))
        }
        WebhookCommand::Deliveries(named) => {
            let attempts = webhooks.attempts(&named.administrator(app).await?, named.id).await?;
            Ok(list(&attempts, attempt_line, attempt))
        }
        WebhookCommand::Ping(named) => {
            let pinged = webhooks.ping(&named.administrator(app).await?, named.id).await?;
            let milliseconds = pinged.milliseconds;
            let (text, status, error) = match pinged.answer {
                Ok(status) => (format!("taken with {status} in {milliseconds} ms"), Some(status), None),
                Err(failure) => {
                    (format!("not taken: {}", failure.reason), failure.status, Some(failure.reason))
                }
            };
            let id = pinged.message_id;
            let json =
                json!({"message_id": id, "milliseconds": milliseconds, "status": status, "error": error});
            Ok(Said::new(text, json))
        }
        WebhookCommand::Delete(named) => {
            webhooks.delete(&named.administrator(app).await?, named.id).await?;
            let said =
                Said::new(format!("webhook {} is gone", named.id), json!({"id": named.id.to_string()}));
            Ok(said.changed("webhook.delete", &named.subject()))
        }
    }
}

async fn changed(
    app: &App,
    named: &Named,
    change: &WebhookChange,
    what: &'static str,
) -> Result<Said, Box<dyn Error>> {
    let made = app.webhooks().change(&named.administrator(app).await?, named.id, change).await?;
    Ok(Said::new(line(&made), shown(&made)).changed(what, &named.subject()))
}

fn with_secret(webhook: &Webhook) -> Said {
    let secret = webhook.terms.secret.text();
    let mut json = shown(webhook);
    json["secret"] = secret.as_str().into();
    Said::new(format!("{}\nsecret  {secret}", line(webhook)), json)
}

fn time(at: Ticks) -> String {
    UnixTime(at.unix_seconds()).to_string()
}

const fn state(webhook: &Webhook) -> &'static str {
    match webhook.progress.state {
        WebhookState::Active { .. } => "active",
        WebhookState::Paused => "paused",
        WebhookState::Broken(_) => "broken",
    }
}

const fn reason(webhook: &Webhook) -> Option<&String> {
    match &webhook.progress.state {
        WebhookState::Broken(reason) => Some(reason),
        _ => None,
    }
}

fn line(webhook: &Webhook) -> String {
    let why = reason(webhook).map(|reason| format!("  ({reason})")).unwrap_or_default();
    let failing = match webhook.progress.failing_since {
        Some(since) => format!("  failing since {}", time(since)),
        None => String::new(),
    };
    let position = webhook.progress.position;
    format!("{}  {}  {position}  {}{failing}{why}", webhook.id, state(webhook), webhook.terms.url)
}

fn shown(webhook: &Webhook) -> Value {
    let Webhook { terms, progress, .. } = webhook;
    json!({
        "id": webhook.id.to_string(),
        "box_id": webhook.box_id.to_string(),
        "url": terms.url,
        "department_id": terms.department.map(|department| department.to_string()),
        "user_id": terms.user.to_string(),
        "made_at": time(webhook.made_at),
        "state": state(webhook),
        "reason": reason(webhook),
        "index_key": progress.position.to_string(),
        "failures": progress.failures,
        "failing_since": progress.failing_since.map(time),
        "old_secrets_until": terms.old_secrets.iter().map(|old| time(old.until)).collect::<Vec<_>>(),
    })
}

fn attempt_line(attempt: &Attempt) -> String {
    let status = attempt.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let error = attempt.error.as_deref().unwrap_or("taken");
    format!("{}  {}  {status}  {} ms  {error}", time(attempt.at), attempt.event, attempt.milliseconds)
}

fn attempt(attempt: &Attempt) -> Value {
    json!({
        "event_id": attempt.event.to_string(),
        "at": time(attempt.at),
        "milliseconds": attempt.milliseconds,
        "status": attempt.status,
        "error": attempt.error,
    })
}
