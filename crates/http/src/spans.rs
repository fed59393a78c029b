//! Requests as spans of a trace, for whoever follows a call through several programs (W3C Trace Context).

use std::time::Duration;

use http::request::Parts;
use http::{HeaderMap, Method};
use potok_types::{BoxId, Entropy, Ticks};

use crate::Edge;
use crate::trace::{Notes, TraceId};

const TRACEPARENT: &str = "traceparent";

/// A request that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Of all that belongs together; that of the log and of `X-Kontur-Trace-Id`.
    pub trace_id: [u8; 16],
    /// Of this request.
    pub span_id: [u8; 8],
    /// Of what the caller was doing, when it said so.
    pub parent_id: Option<[u8; 8]>,
    /// The label of the method, or what else was asked for.
    pub name: &'static str,
    /// When it began, in nanoseconds since 1970.
    pub start_ns: u64,
    /// When its answer was ready.
    pub end_ns: u64,
    /// Of the answer.
    pub status: u16,
    /// The verb.
    pub verb: &'static str,
    /// The API client.
    pub client_id: Option<String>,
    /// The box that it was about.
    pub box_id: Option<BoxId>,
}

/// Takes spans to where they are looked at. Nobody waits for it.
pub trait Spans: Send + Sync {
    /// Takes one, or leaves it out when there is no room.
    fn take(&self, span: Span);
}

/// What a caller says of the trace that its request is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    pub(crate) trace_id: [u8; 16],
    pub(crate) parent_id: [u8; 8],
    /// Whether the caller looks at it.
    pub(crate) is_sampled: bool,
}

impl Context {
    /// Reads `traceparent`, of any version whose beginning is as it is today. What is wrong there is as good as absent.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(TRACEPARENT)?.to_str().ok()?.trim();
        let mut parts = text.split('-');
        let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let version: [u8; 1] = bytes(version)?;
        let has_more = parts.next().is_some();
        if version == [0xff] || (version == [0] && has_more) {
            return None;
        }
        let (trace_id, parent_id): ([u8; 16], [u8; 8]) = (bytes(trace)?, bytes(parent)?);
        let flags: [u8; 1] = bytes(flags)?;
        let is_real = trace_id != [0; 16] && parent_id != [0; 8];
        is_real.then_some(Self { trace_id, parent_id, is_sampled: flags[0] & 1 == 1 })
    }
}

/// A name for a span.
pub(crate) fn span_id(entropy: &dyn Entropy) -> [u8; 8] {
    let mut id = [0; 8];
    entropy.fill(&mut id);
    id
}

/// Digits in lower case, as the standard has them.
fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    if digits.len() != 2 * N || !digits.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut out = [0; N];
    for (place, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(out)
}

/// A request that somebody may follow through several programs.
pub(crate) struct Traced {
    pub(crate) context: Option<Context>,
    began: Ticks,
    verb: &'static str,
}

impl Traced {
    pub(crate) fn of(edge: &Edge, parts: &Parts) -> Self {
        let known = [Method::GET, Method::POST, Method::HEAD, Method::OPTIONS];
        let place = known.iter().position(|verb| *verb == parts.method);
        let verb = place.map_or("_OTHER", |place| ["GET", "POST", "HEAD", "OPTIONS"][place]);
        Self { context: Context::of(&parts.headers), began: edge.clock.now(), verb }
    }

    pub(crate) fn end(self, edge: &Edge, notes: &Notes, trace: TraceId, (status, time): (u16, Duration)) {
        let Some(spans) = edge.spans.as_ref().filter(|_| self.context.is_none_or(|it| it.is_sampled)) else {
            return;
        };
        let start_ns = u64::try_from(self.began.unix_nanoseconds()).unwrap_or_default();
        spans.take(Span {
            trace_id: trace.bytes(),
            span_id: span_id(&*edge.entropy),
            parent_id: self.context.map(|context| context.parent_id),
            name: notes.label.get().copied().unwrap_or("none"),
            start_ns,
            end_ns: start_ns.saturating_add(u64::try_from(time.as_nanos()).unwrap_or_default()),
            status,
            verb: self.verb,
            client_id: notes.client_id.get().cloned(),
            box_id: notes.box_id.get().copied(),
        });
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(text: &str) -> Option<Context> {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, HeaderValue::from_str(text).unwrap());
        Context::of(&headers)
    }

    #[test]
    fn contexts_are_read_as_the_standard_has_them() {
        // The example of the standard.
        let context = read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap();
        assert_eq!(context.trace_id[..2], [0x4b, 0xf9]);
        assert_eq!(context.parent_id, [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]);
        assert!(context.is_sampled);
        assert!(!read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").unwrap().is_sampled);
        assert!(read("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more").is_some());
        for wrong in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47-00f067aa0ba902b7-01",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
