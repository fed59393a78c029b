//! How events look to readers.

use bytes::Bytes;
use potok_domain::access::Scope;
use potok_domain::docflow::{Docflows, HiddenLinks};
use potok_domain::{Event, MessageState};
use potok_types::IndexKey;

use crate::Judgement;

/// What somebody sees of an event who does not see it whole.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// Which documents.
    pub scope: &'a Scope,
    /// The message of the event, in any state that has it.
    pub state: &'a MessageState,
    /// Documents of which nothing is told.
    pub hidden: &'a HiddenLinks,
}

/// How events look to readers. The use cases know no protobuf; the edge does.
pub trait Rendering: Send + Sync {
    /// The ready `BoxEvent` of `event`, without contents and without `IndexKey`. `docflows` are those of the state right after
    /// it.
    fn box_event(&self, docflows: &Docflows<'_>, event: &Event) -> Bytes;

    /// A ready `BoxEvent` in JSON with its place in the feed, as the newest `GetNewEvents` shows it. Without `sight` it is shown
    /// whole; `None` when nothing of it is seen.
    ///
    /// # Errors
    /// Why the bytes cannot be read, for the log.
    fn event_json(
        &self,
        ready: &[u8],
        key: IndexKey,
        sight: Option<Sight<'_>>,
    ) -> Result<Option<Bytes>, String>;

    /// The content of a `SignatureVerificationReport`: what the check of a signature found.
    fn verification_report(&self, judgement: &Judgement) -> Bytes;
}
