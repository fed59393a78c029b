//! Answers that are kept as the bytes that went out, for whoever asks the same and may see the same.
//!
//! An answer is found by the rights of the caller and by what was asked, byte for byte, so that what was cut for one reader is
//! never shown to another. It is good as long as nothing changed that it stands on, which is asked at each use: nothing has to
//! be thrown out, and what a commit changed is never shown after it.

use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use bytes::Bytes;
use http::{HeaderValue, Uri};
use potok_api::{BoxIn, MethodSpec};
use potok_app::{App, Caller, Moment, Part, Rights};
use potok_types::{BoxId, MessageId};
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};
use twox_hash::XxHash3_64;

use crate::answer::Answer;
use crate::fitted;
use crate::format::Formats;
use crate::straight::{InKernel, LEAST_STRAIGHT};

/// Longer questions and answers are not kept: few would take the room of many.
pub(crate) const ASKED_BYTES: usize = 32 * 1024;
const ANSWER_BYTES: usize = 1024 * 1024;
/// About what an entry takes besides the bytes of question and answer.
const ENTRY_BYTES: usize = 400;
/// How many times a long answer is asked for again before the kernel gets it, where that costs the disk something.
const OFTEN: u32 = 16;
/// About what an entry of a poll takes: by it is guessed how many there will be.
const ORDINARY_BYTES: u64 = 4 * 1024;

/// What an answer stands on, besides the rights of whoever got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StandsOn {
    /// Anything in the box.
    Box,
    /// These messages, and who refers to their documents.
    Messages(Arc<[MessageId]>),
}

/// One question.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    label: &'static str,
    formats: Formats,
    rights: Rights,
    box_id: BoxId,
    uri: Uri,
    body: Bytes,
    /// Before anything was read for the answer.
    moment: Moment,
}

impl Asked {
    /// The question, if its answer can be kept at all: a caller with a seat in the box that the query names.
    pub(crate) fn of(
        spec: &'static MethodSpec,
        formats: Formats,
        caller: Option<&Caller>,
        box_id: Option<BoxId>,
        uri: &Uri,
        body: &Bytes,
    ) -> Option<Self> {
        let length = uri.query().map_or(0, str::len) + body.len();
        if !matches!(spec.box_in, BoxIn::Query(_)) || length > ASKED_BYTES {
            return None;
        }
        let box_id = box_id?;
        let (rights, moment) = caller?.rights_in(box_id)?;
        let (uri, body) = (uri.clone(), body.clone());
        Some(Self { label: spec.label, formats, rights, box_id, uri, body, moment })
    }

    fn parts(&self) -> (&[u8], &[u8]) {
        (self.uri.query().unwrap_or_default().as_bytes(), &self.body)
    }

    /// The box.
    pub(crate) const fn box_id(&self) -> BoxId {
        self.box_id
    }

    fn key(&self) -> Key {
        let (query, body) = self.parts();
        Key {
            label: self.label,
            formats: self.formats,
            rights: self.rights,
            box_id: self.box_id,
            query_len: query.len(),
            text: [query, body].concat().into(),
        }
    }
}

/// The same, kept.
#[derive(Clone, Debug)]
struct Key {
    label: &'static str,
    formats: Formats,
    rights: Rights,
    box_id: BoxId,
    query_len: usize,
    /// The query and then the body.
    text: Box<[u8]>,
}

impl Key {
    fn parts(&self) -> (&[u8], &[u8]) {
        self.text.split_at(self.query_len)
    }
}

/// What tells questions apart, in one order for both forms.
fn hash(
    state: &mut impl Hasher,
    (label, formats, rights, box_id): (&str, Formats, Rights, BoxId),
    (query, body): (&[u8], &[u8]),
) {
    (label, formats, rights, box_id, query, body).hash(state);
}

impl Hash for Asked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(state, (self.label, self.formats, self.rights, self.box_id), self.parts());
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(state, (self.label, self.formats, self.rights, self.box_id), self.parts());
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        let facts = |key: &Self| (key.label, key.formats, key.rights, key.box_id);
        facts(self) == facts(other) && self.parts() == other.parts()
    }
}

impl Eq for Key {}

impl Equivalent<Key> for Asked {
    fn equivalent(&self, key: &Key) -> bool {
        self.label == key.label
            && self.formats == key.formats
            && self.rights == key.rights
            && self.box_id == key.box_id
            && self.parts() == key.parts()
    }
}

/// A kept answer.
#[derive(Debug)]
pub(crate) struct Kept {
    body: Bytes,
    content_type: Option<&'static str>,
    is_empty_page: bool,
    stands_on: StandsOn,
    since: Moment,
    /// What the same bytes have as well, whichever node made them, and hardly ever others.
    pub(crate) tag: HeaderValue,
    /// The body for who takes it packed, once somebody did; empty where it did not become smaller.
    packed: OnceLock<Bytes>,
    /// How many times it was asked for again.
    found: AtomicU32,
    /// What the kernel has of the body, if it takes it.
    in_kernel: OnceLock<Option<Arc<InKernel>>>,
}

impl Kept {
    /// The packed body, if somebody took it before.
    pub(crate) fn packed(&self) -> Option<&Bytes> {
        self.packed.get()
    }

    /// Packs the body, unless that is done.
    pub(crate) fn pack(&self) -> &Bytes {
        self.packed.get_or_init(|| packed(&self.body))
    }

    /// What the kernel has of `body`, if that is the kept one.
    pub(crate) fn in_kernel(&self, body: &Bytes) -> Option<Arc<InKernel>> {
        let is_kept = body.as_ptr_range() == self.body.as_ptr_range();
        self.in_kernel.get().filter(|_| is_kept).cloned().flatten()
    }

    /// It is asked for again. The kernel gets the body when that is worth it: of a long one, by a file in `folder` if it is asked for often.
    fn is_found(self: &Arc<Self>, folder: Option<&Arc<Path>>) {
        let times = self.found.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if self.body.len() < LEAST_STRAIGHT {
            return;
        }
        match folder {
            None if times == 1 => {
                self.in_kernel.get_or_init(|| InKernel::new(&self.body).map(Arc::new));
            }
            Some(folder) if times == OFTEN => {
                let (kept, folder) = (Arc::clone(self), Arc::clone(folder));
                tokio::task::spawn_blocking(move || {
                    kept.in_kernel.get_or_init(|| InKernel::laid(&folder, &kept.body).map(Arc::new));
                });
            }
            _ => {}
        }
    }
}

/// The body in the format of gzip, or nothing where that is no smaller.
pub(crate) fn packed(body: &[u8]) -> Bytes {
    let packed = potok_zip::gzip(body);
    if packed.len() < body.len() { packed.into() } else { Bytes::new() }
}

/// A weak tag: the same data is the same for whoever asks, packed or not.
fn tag(body: &[u8]) -> HeaderValue {
    let text = format!("W/\"{:016x}\"", XxHash3_64::oneshot(body));
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("W/\"\""))
}

#[derive(Clone, Copy, Debug)]
struct Weight {
    /// Whether answers are packed as well.
    packs: bool,
}

impl Weighter<Key, Arc<Kept>> for Weight {
    fn weight(&self, key: &Key, kept: &Arc<Kept>) -> u64 {
        let messages = match &kept.stands_on {
            StandsOn::Box => 0,
            StandsOn::Messages(messages) => size_of_val(&messages[..]),
        };
        // What is packed later takes no more than the body, and has its place from the beginning where it is longer than a little.
        let packed = if self.packs && kept.body.len() >= fitted::LEAST_PACKED { kept.body.len() } else { 0 };
        let in_kernel = if kept.body.len() >= LEAST_STRAIGHT { kept.body.len() } else { 0 };
        (ENTRY_BYTES + key.text.len() + kept.body.len() + packed + in_kernel + messages) as u64
    }
}

/// The kept answers of the whole process.
pub(crate) struct Ready {
    /// `None`: nothing is kept.
    kept: Option<Cache<Key, Arc<Kept>, Weight>>,
    /// The methods that are asked by a body and had an answer kept.
    by_body: RwLock<Vec<&'static str>>,
    /// Where what is asked for often lies in files.
    folder: Option<Arc<Path>>,
}

impl Ready {
    /// Answers that weigh `bytes` at most, with everything that is kept of them.
    pub(crate) fn new(bytes: u64, packs: bool) -> Self {
        let entries = usize::try_from(bytes / ORDINARY_BYTES).unwrap_or(usize::MAX);
        let kept = (bytes > 0).then(|| Cache::with_weighter(entries.max(1), bytes, Weight { packs }));
        Self { kept, by_body: RwLock::default(), folder: None }
    }

    /// What is asked for often may lie in files without names in `folder`.
    pub(crate) fn lie_in(&mut self, folder: &Path) {
        self.folder = Some(folder.into());
    }

    /// What the kept answers weigh, in bytes.
    pub(crate) fn weight(&self) -> u64 {
        self.kept.as_ref().map_or(0, Cache::weight)
    }

    /// Whether an answer of the method may be kept, though its question is in a body.
    pub(crate) fn answers(&self, spec: &MethodSpec) -> bool {
        self.by_body.read().unwrap_or_else(PoisonError::into_inner).contains(&spec.label)
    }

    /// The answer, if it is kept and still what the store would give.
    pub(crate) fn find(&self, app: &App, asked: &Asked) -> Option<Answer> {
        let kept = self.kept.as_ref()?.get(asked)?;
        let has_changed = |part| app.has_changed(part, kept.since, asked.moment);
        let is_stale = match &kept.stands_on {
            StandsOn::Box => has_changed(Part::Box(asked.box_id)),
            StandsOn::Messages(messages) => {
                messages.iter().any(|message| has_changed(Part::Stream(asked.box_id, (*message).into())))
            }
        };
        if is_stale {
            return None;
        }
        kept.is_found(self.folder.as_ref());
        Some(Answer {
            is_empty_page: kept.is_empty_page,
            kept: Some(Arc::clone(&kept)),
            ..Answer::ok(kept.content_type, Bytes::clone(&kept.body))
        })
    }

    /// Keeps the answer, if it says what it stands on.
    pub(crate) fn keep(&self, asked: &Asked, answer: &mut Answer) {
        let (Some(all), Some(stands_on)) = (&self.kept, &answer.stands_on) else { return };
        if !answer.is_whole() || answer.body.len() > ANSWER_BYTES {
            return;
        }
        let kept = Arc::new(Kept {
            tag: tag(&answer.body),
            packed: OnceLock::new(),
            found: AtomicU32::new(0),
            in_kernel: OnceLock::new(),
            // A copy has no more memory than bytes; what was written has, or is a part of something larger.
            body: Bytes::copy_from_slice(&answer.body),
            content_type: answer.content_type,
            is_empty_page: answer.is_empty_page,
            stands_on: stands_on.clone(),
            since: asked.moment,
        });
        if !asked.body.is_empty()
            && !self.by_body.read().unwrap_or_else(PoisonError::into_inner).contains(&asked.label)
        {
            self.by_body.write().unwrap_or_else(PoisonError::into_inner).push(asked.label);
        }
        answer.kept = Some(Arc::clone(&kept));
        all.insert(asked.key(), kept);
    }
}

#[cfg(test)]
mod tests;
