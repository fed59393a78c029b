//! The last requests, for whoever looks for what a program does wrong: what was asked, what was answered, and why it was refused.
//!
//! Nothing is kept unless it is switched on, and never more than a fixed room: the oldest give way. Secrets are masked before
//! anything is kept, and bodies of those who log in are not kept at all.

mod looked;
mod masked;
mod shown;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::HeaderMap;
use potok_api::MethodSpec;
use potok_types::{BoxId, Ticks};

use crate::format::Formats;
use crate::trace::TraceId;

pub(crate) use looked::{LookedAt, Sized, Told};
pub(crate) use masked::{headers, holds_secrets, target};
pub(crate) use shown::{Wanted, one};

/// Of a body no more is kept; the rest is only counted.
const BODY_BYTES: usize = 64 * 1024;
/// Of all requests together.
const ROOM_BYTES: usize = 16 << 20;
/// About what one takes without its bodies.
const ENTRY_BYTES: usize = 1024;

/// A body, as much of it as is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    kept: Bytes,
    /// All of it.
    length: u64,
}

impl Body {
    pub(crate) fn of(bytes: &Bytes, length: u64) -> Self {
        // A copy has no more memory than its bytes; what came is a part of something larger.
        Self { kept: Bytes::copy_from_slice(&bytes[..bytes.len().min(BODY_BYTES)]), length }
    }

    /// Only that it was there.
    pub(crate) fn secret(length: u64) -> Self {
        Self { kept: Bytes::new(), length }
    }

    fn is_whole(&self) -> bool {
        self.kept.len() as u64 == self.length
    }
}

/// One request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) at: Ticks,
    pub(crate) trace_id: TraceId,
    /// The method, if the path is one.
    pub(crate) spec: Option<&'static MethodSpec>,
    pub(crate) verb: String,
    /// Path and query, with secrets masked.
    pub(crate) target: String,
    /// Names and values, with secrets masked.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) formats: Formats,
    pub(crate) client_id: Option<String>,
    pub(crate) box_id: Option<BoxId>,
    pub(crate) body: Body,
    pub(crate) status: u16,
    pub(crate) duration_us: u64,
    /// `X-Diadoc-ErrorCode`.
    pub(crate) code: Option<String>,
    pub(crate) answer: Body,
}

impl Entry {
    /// Why it was refused, if it was.
    pub(crate) fn refusal(&self) -> Option<Cow<'_, str>> {
        (self.status >= 400).then(|| String::from_utf8_lossy(&self.answer.kept))
    }

    fn weight(&self) -> usize {
        ENTRY_BYTES + self.target.len() + self.body.kept.len() + self.answer.kept.len()
    }
}

/// The requests that are kept.
pub(crate) struct Requests {
    /// How many at most; 0 keeps none.
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Entry>,
    bytes: usize,
}

impl Requests {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::default() }
    }

    /// Whether any are kept.
    pub(crate) const fn is_on(&self) -> bool {
        self.most > 0
    }

    /// Nothing can panic while the lock is held, so its content is whole.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one more; the oldest give way.
    pub(crate) fn keep(&self, entry: Entry) {
        let mut kept = self.kept();
        kept.bytes += entry.weight();
        kept.entries.push_back(entry);
        while kept.entries.len() > self.most || kept.bytes > ROOM_BYTES {
            let Some(oldest) = kept.entries.pop_front() else { break };
            kept.bytes -= oldest.weight();
        }
    }

    /// Those that are wanted, the newest first.
    pub(crate) fn found(&self, wanted: &Wanted) -> Vec<Entry> {
        let kept = self.kept();
        kept.entries.iter().rev().filter(|entry| wanted.fits(entry)).take(wanted.limit).cloned().collect()
    }

    /// The same as JSON.
    pub(crate) fn shown(&self, wanted: &Wanted) -> String {
        shown::list(&self.found(wanted))
    }
}

/// A header as text.
pub(crate) fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests;
