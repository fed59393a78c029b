//! `/potok/v1/boxes/{boxId}/webhooks…`: where the events of a box are sent, see `docs/push.md`.

mod refusals;
mod shown;

use std::sync::Arc;

use http::Method;
use http::request::Parts;
use potok_api::methods::AdminGetDepartments;
use potok_app::{BoxAdministrator, WebhookChange, WebhookWish, Webhooks};
use potok_domain::webhook::WebhookId;
use potok_room::Holder;
use potok_types::{BoxId, DepartmentId, IndexKey, Invalid, box_at, id_at};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{json, permit};
use crate::answer::Answer;
use crate::body::{self, Announced};
use crate::came::Came;
use crate::trace::Notes;
use crate::{ApiError, Edge, ErrorCode};
use shown::{Attempts, Made, Pinged, Shown, list};

const BEFORE: &str = "/potok/v1/boxes/";
const NAME: &str = "webhooks";
/// The longest body.
const BODY_BYTES: u64 = 16 * 1024;
/// For how long a replaced secret signs when nothing else is said: a day.
const KEEP_SECONDS: u32 = 24 * 3600;
/// And at most: thirty of them.
const MOST_KEEP_SECONDS: u32 = 30 * KEEP_SECONDS;

/// What a path names: the box, the webhook, and what is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Named<'a> {
    box_id: &'a str,
    id: Option<&'a str>,
    action: Option<&'a str>,
}

fn named(path: &str) -> Option<Named<'_>> {
    let mut parts = path.strip_prefix(BEFORE)?.split('/');
    let box_id = parts.next().filter(|part| !part.is_empty())?;
    let is_ours = parts.next()? == NAME;
    let (id, action, more) = (parts.next(), parts.next(), parts.next());
    let is_whole = id != Some("") && more.is_none();
    let is_known = action.is_none_or(|action| ["rotate", "replay", "ping", "deliveries"].contains(&action));
    (is_ours && is_whole && is_known).then_some(Named { box_id, id, action })
}

/// Whether a path is one of these.
pub(super) fn is_named(path: &str) -> bool {
    named(path).is_some()
}

/// A new webhook.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ToMake {
    url: String,
    department_id: Option<String>,
    after_index_key: Option<String>,
}

/// What is to be different. An empty department is none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ToChange {
    url: Option<String>,
    department_id: Option<String>,
    is_active: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ToRotate {
    keep_seconds: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ToReplay {
    after_index_key: String,
}

/// What is asked of the webhooks of a box.
struct Asked<'a> {
    box_id: BoxId,
    id: Option<WebhookId>,
    action: Option<&'a str>,
    verb: &'a Method,
}

fn asked(parts: &Parts) -> Result<Asked<'_>, ApiError> {
    let named =
        named(parts.uri.path()).ok_or_else(|| ApiError::new(ErrorCode::UnknownMethod, "Unknown method"))?;
    let verbs: &[Method] = match (named.id, named.action) {
        (None, _) => &[Method::GET, Method::POST],
        (Some(_), None) => &[Method::GET, Method::POST, Method::DELETE],
        (Some(_), Some("deliveries")) => &[Method::GET],
        (Some(_), Some(_)) => &[Method::POST],
    };
    super::only(parts, verbs)?;
    let box_id = box_at("boxId", named.box_id)?;
    let id = named.id.map(|id| id_at("webhookId", id)).transpose()?;
    Ok(Asked { box_id, id, action: named.action, verb: &parts.method })
}

/// Who administers the box: whoever may be shown its departments to change them.
async fn administrator(
    edge: &Edge,
    parts: &Parts,
    box_id: BoxId,
    notes: &Notes,
) -> Result<BoxAdministrator, ApiError> {
    permit::<AdminGetDepartments>(edge, parts, box_id, notes).await
}

/// Answers a request.
pub(super) async fn answer(
    edge: &Arc<Edge>,
    parts: &Parts,
    body: &mut Came,
    announced: &Announced,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    let asked = asked(parts)?;
    let actor = administrator(edge, parts, asked.box_id, notes).await?;
    let _set_once = notes.body_limit_bytes.set(BODY_BYTES);
    let body = body::read(announced, body, BODY_BYTES, edge.app.room(), Holder::new(actor.user.id)).await?;
    done(edge.app.webhooks(), &actor, &asked, &body).await
}

/// Answers a request of which the body is here: one that the server makes itself.
pub(crate) async fn call(edge: &Edge, parts: &Parts, body: &[u8], notes: &Notes) -> Result<Answer, ApiError> {
    let asked = asked(parts)?;
    let actor = administrator(edge, parts, asked.box_id, notes).await?;
    done(edge.app.webhooks(), &actor, &asked, body).await
}

async fn done(
    webhooks: &Webhooks,
    actor: &BoxAdministrator,
    asked: &Asked<'_>,
    body: &[u8],
) -> Result<Answer, ApiError> {
    let Some(id) = asked.id else {
        return match *asked.verb {
            Method::POST => make(webhooks, actor, read(body)?).await,
            _ => json(&list(&webhooks.list(actor).await?)),
        };
    };
    match (asked.action, asked.verb) {
        (None, &Method::GET) => json(&Shown::of(&webhooks.get(actor, id).await?)),
        (None, &Method::DELETE) => {
            webhooks.delete(actor, id).await?;
            Ok(Answer::no_content())
        }
        (None, _) => change(webhooks, actor, id, read(body)?).await,
        (Some("rotate"), _) => rotate(webhooks, actor, id, body).await,
        (Some("replay"), _) => {
            let ToReplay { after_index_key } = read(body)?;
            let position = key_at("afterIndexKey", &after_index_key)?;
            json(&Shown::of(&webhooks.replay(actor, id, position).await?))
        }
        (Some("ping"), _) => json(&Pinged::of(&webhooks.ping(actor, id).await?)),
        (Some(_), _) => json(&Attempts::of(&webhooks.attempts(actor, id).await?)),
    }
}

async fn make(webhooks: &Webhooks, actor: &BoxAdministrator, asked: ToMake) -> Result<Answer, ApiError> {
    let department =
        asked.department_id.map(|text| id_at::<DepartmentId>("departmentId", &text)).transpose()?;
    let after = asked.after_index_key.map(|text| key_at("afterIndexKey", &text)).transpose()?;
    json(&Made::of(&webhooks.create(actor, WebhookWish { url: asked.url, department, after }).await?))
}

async fn change(
    webhooks: &Webhooks,
    actor: &BoxAdministrator,
    id: WebhookId,
    asked: ToChange,
) -> Result<Answer, ApiError> {
    let department = match asked.department_id.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(text) => Some(Some(id_at::<DepartmentId>("departmentId", text)?)),
    };
    let change = WebhookChange { url: asked.url, department, is_active: asked.is_active };
    json(&Shown::of(&webhooks.change(actor, id, &change).await?))
}

async fn rotate(
    webhooks: &Webhooks,
    actor: &BoxAdministrator,
    id: WebhookId,
    body: &[u8],
) -> Result<Answer, ApiError> {
    let asked = if body.is_empty() { ToRotate { keep_seconds: None } } else { read(body)? };
    let keep_seconds = asked.keep_seconds.unwrap_or(KEEP_SECONDS);
    if keep_seconds > MOST_KEEP_SECONDS {
        let reason = format!(
            "{keep_seconds} is too long: the old secret signs for at most {MOST_KEEP_SECONDS} seconds"
        );
        return Err(Invalid::new("keepSeconds", reason).into());
    }
    json(&Made::of(&webhooks.rotate(actor, id, keep_seconds).await?))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let not_read =
        |error| ApiError::bad_request(format!("the body cannot be read as JSON of this call: {error}"));
    serde_json::from_slice(body).map_err(not_read)
}

fn key_at(path: &str, text: &str) -> Result<IndexKey, Invalid> {
    text.parse().map_err(|error: potok_types::InvalidIndexKey| Invalid::new(path, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_a_box_a_webhook_and_what_is_done() {
        let found = |path: &str| {
            named(path)
                .map(|it| (it.box_id.to_owned(), it.id.map(str::to_owned), it.action.map(str::to_owned)))
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(found("/potok/v1/boxes/b/webhooks"), Some(("b".to_owned(), None, None)));
        assert_eq!(found("/potok/v1/boxes/b/webhooks/w"), Some(("b".to_owned(), text("w"), None)));
        assert_eq!(
            found("/potok/v1/boxes/b/webhooks/w/ping"),
            Some(("b".to_owned(), text("w"), text("ping")))
        );
        for other in [
            "/potok/v1/boxes/b/webhooks/",
            "/potok/v1/boxes//webhooks",
            "/potok/v1/boxes/b/events",
            "/potok/v1/boxes/b",
            "/potok/v1/boxes/b/webhooks/w/pong",
            "/potok/v1/boxes/b/webhooks/w/ping/1",
            "/webhooks",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
