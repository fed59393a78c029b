//! Calls of `/potok/v1/boxes/{boxId}/webhooks…`: what they are told, and what they tell.

use bytes::Bytes;
use potok_types::BoxId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Fields;
use crate::server::{Refused, Server, Webhooks};

/// A webhook. Times are of RFC 3339.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Webhook {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) department_id: Option<String>,
    /// Whose events it shows.
    pub(super) user_id: String,
    pub(super) created_at: String,
    /// `Active`, `Paused` or `Broken`.
    pub(super) state: String,
    pub(super) reason: Option<String>,
    /// Everything up to here is done.
    pub(super) index_key: String,
    /// In a row.
    pub(super) failures: u32,
    pub(super) failing_since: Option<String>,
    pub(super) next_attempt_at: Option<String>,
    pub(super) old_secrets_until: Vec<String>,
}

/// An attempt to send an event.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attempt {
    pub(super) event_id: String,
    pub(super) at: String,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

/// What a receiver answered, and after how long.
#[derive(Deserialize)]
pub(super) struct Outcome {
    pub(super) milliseconds: u32,
    pub(super) status: Option<u16>,
    /// `None` when the message was taken.
    pub(super) error: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToMake<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    department_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_index_key: Option<&'a str>,
}

impl<'a> ToMake<'a> {
    pub(super) fn of(fields: &'a Fields) -> Self {
        let (department_id, after_index_key) = (fields.get("department"), fields.get("after"));
        Self { url: fields.text("url"), department_id, after_index_key }
    }
}

/// What is to be different; an empty department stands for all.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToChange<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) department_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_active: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToRotate {
    pub(super) keep_seconds: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToReplay<'a> {
    pub(super) after_index_key: &'a str,
}

#[derive(Deserialize)]
struct Listed {
    webhooks: Vec<Webhook>,
}

#[derive(Deserialize)]
struct Tried {
    deliveries: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Secret {
    secret: String,
}

fn read<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Refused> {
    serde_json::from_slice(bytes).map_err(|error| Refused { status: 500, text: error.to_string() })
}

fn written(body: &impl Serialize) -> Result<Bytes, Refused> {
    let bytes = serde_json::to_vec(body).map_err(|error| Refused { status: 500, text: error.to_string() })?;
    Ok(bytes.into())
}

/// Those of the box.
pub(super) async fn list(server: &dyn Server, box_id: BoxId) -> Result<Vec<Webhook>, Refused> {
    let listed: Listed = read(&server.webhooks(Webhooks::Show, box_id, "", Bytes::new()).await?)?;
    Ok(listed.webhooks)
}

/// Makes one: its secret.
pub(super) async fn make(server: &dyn Server, box_id: BoxId, it: &ToMake<'_>) -> Result<String, Refused> {
    let made: Secret = read(&server.webhooks(Webhooks::Change, box_id, "", written(it)?).await?)?;
    Ok(made.secret)
}

/// One webhook of a box.
pub(super) struct One<'a> {
    pub(super) server: &'a dyn Server,
    pub(super) box_id: BoxId,
    pub(super) id: &'a str,
}

impl One<'_> {
    async fn call(&self, wanted: Webhooks, rest: &str, body: Bytes) -> Result<Bytes, Refused> {
        self.server.webhooks(wanted, self.box_id, &format!("/{}{rest}", self.id), body).await
    }

    pub(super) async fn get(&self) -> Result<Webhook, Refused> {
        read(&self.call(Webhooks::Show, "", Bytes::new()).await?)
    }

    /// The last attempts, newest first.
    pub(super) async fn attempts(&self) -> Result<Vec<Attempt>, Refused> {
        let tried: Tried = read(&self.call(Webhooks::Show, "/deliveries", Bytes::new()).await?)?;
        Ok(tried.deliveries)
    }

    pub(super) async fn change(&self, to: &ToChange<'_>) -> Result<(), Refused> {
        self.call(Webhooks::Change, "", written(to)?).await.map(drop)
    }

    pub(super) async fn replay(&self, to: &ToReplay<'_>) -> Result<(), Refused> {
        self.call(Webhooks::Change, "/replay", written(to)?).await.map(drop)
    }

    /// The new secret.
    pub(super) async fn rotate(&self, to: &ToRotate) -> Result<String, Refused> {
        let made: Secret = read(&self.call(Webhooks::Change, "/rotate", written(to)?).await?)?;
        Ok(made.secret)
    }

    pub(super) async fn ping(&self) -> Result<Outcome, Refused> {
        read(&self.call(Webhooks::Change, "/ping", Bytes::new()).await?)
    }

    pub(super) async fn delete(&self) -> Result<(), Refused> {
        self.call(Webhooks::Delete, "", Bytes::new()).await.map(drop)
    }
}
