//! One request on its way into the journal.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use potok_types::Ticks;

use super::{Body, Entry, holds_secrets};
use crate::Edge;
use crate::format::Formats;
use crate::trace::{Notes, TraceId};

/// A request that is kept to be looked at, before it is answered.
pub(crate) struct LookedAt {
    at: Ticks,
    verb: String,
    target: String,
    headers: Vec<(String, String)>,
    formats: Formats,
}

/// Bytes, of which there may be more.
pub(crate) struct Sized<'a>(pub(crate) &'a Bytes, pub(crate) u64);

/// What it was answered.
pub(crate) struct Told<'a> {
    pub(crate) trace: TraceId,
    pub(crate) status: u16,
    pub(crate) time: Duration,
    pub(crate) code: Option<String>,
    pub(crate) body: Sized<'a>,
}

impl LookedAt {
    pub(crate) fn of(edge: &Edge, parts: &Parts) -> Self {
        Self {
            at: edge.clock.now(),
            verb: parts.method.to_string(),
            target: super::target(&parts.uri),
            headers: super::headers(&parts.headers),
            formats: Formats::of(&parts.headers),
        }
    }

    /// Signs of life and pages are not kept: they are no calls.
    pub(crate) fn keep(self, edge: &Edge, notes: &Notes, length: Option<u64>, told: Told<'_>) {
        let label = notes.label.get().copied();
        let spec = label.and_then(potok_api::by_label);
        if spec.is_none() && (label.is_some() || told.status < 400) {
            return;
        }
        let hides = spec.is_some() && holds_secrets(spec);
        let body = |bytes: &Bytes, length: u64| match hides {
            true => Body::secret(length),
            false => Body::of(bytes, length),
        };
        let came = notes.body.get().cloned().unwrap_or_default();
        let came_length = length.unwrap_or(came.len() as u64);
        let Self { at, verb, target, headers, formats } = self;
        edge.requests.keep(Entry {
            at,
            trace_id: told.trace,
            spec,
            verb,
            target,
            headers,
            formats,
            client_id: notes.client_id.get().cloned(),
            box_id: notes.box_id.get().copied(),
            body: body(&came, came_length),
            status: told.status,
            duration_us: u64::try_from(told.time.as_micros()).unwrap_or(u64::MAX),
            code: told.code,
            // A refusal tells no secret, and is what is looked for.
            answer: match told.status >= 400 {
                true => Body::of(told.body.0, told.body.1),
                false => body(told.body.0, told.body.1),
            },
        });
    }
}
