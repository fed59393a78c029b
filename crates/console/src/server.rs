//! The server as the console sees it: the methods of the API, and for whoever keeps it what it keeps.

use async_trait::async_trait;
use bytes::Bytes;
use potok_api::{Endpoint, Format, MethodSpec, Payload as _, QueryParams as _};
use potok_types::BoxId;

use crate::office::Office;

/// Calls methods of the API in the name of who is signed in.
#[async_trait]
pub trait Server: Send + Sync {
    /// Calls a method. Structures travel as protobuf, both ways.
    ///
    /// # Errors
    /// What the method refuses, as any other caller would be told.
    async fn call(&self, spec: &'static MethodSpec, query: String, body: Bytes) -> Result<Given, Refused>;

    /// Calls `/potok/v1/boxes/{boxId}/webhooks` and what stands behind it (`rest`), which speak JSON.
    ///
    /// # Errors
    /// What is refused, as any other caller would be told.
    async fn webhooks(
        &self,
        wanted: Webhooks,
        box_id: BoxId,
        rest: &str,
        body: Bytes,
    ) -> Result<Bytes, Refused>;

    /// The server itself, for whoever keeps it; nothing for everybody else.
    async fn office(&self) -> Option<Box<dyn Office>>;
}

/// What is wanted of webhooks: the verb of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Webhooks {
    /// `GET`.
    Show,
    /// `POST`.
    Change,
    /// `DELETE`.
    Delete,
}

/// What a method answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// 204, or 200.
    pub status: u16,
    /// The structure, or the file.
    pub body: Bytes,
}

/// What a method refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The status.
    pub status: u16,
    /// What the API tells, in English.
    pub text: String,
}

impl Refused {
    /// There is no such place, or it is nobody's business that there is.
    pub(crate) fn not_found() -> Self {
        Self { status: 404, text: String::new() }
    }

    /// A form was filled in in a way that no page allows.
    pub(crate) fn bad_form(text: impl Into<String>) -> Self {
        Self { status: 400, text: text.into() }
    }
}

/// Calls `E`.
pub(crate) async fn ask<E: Endpoint>(
    server: &dyn Server,
    query: &E::Query,
    body: &E::Request,
) -> Result<E::Response, Refused> {
    let given = server.call(E::SPEC, query.to_query_string(), body.to_body(Format::Protobuf)).await?;
    if given.status == 204
        && let Some(nothing) = E::Response::no_content()
    {
        return Ok(nothing);
    }
    E::Response::from_body(Format::Protobuf, given.body)
        .map_err(|error| Refused { status: 500, text: error.to_string() })
}

/// Calls `E`, of which nothing is wanted but that it is done.
pub(crate) async fn tell<E: Endpoint>(
    server: &dyn Server,
    query: &E::Query,
    body: &E::Request,
) -> Result<(), Refused> {
    server.call(E::SPEC, query.to_query_string(), body.to_body(Format::Protobuf)).await.map(drop)
}
