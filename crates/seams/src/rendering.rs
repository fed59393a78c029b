//! How events look to readers.

use bytes::Bytes;
use potok_domain::Event;
use potok_domain::docflow::Docflows;

use crate::Judgement;

/// How events look to readers. The use cases know no protobuf; the edge does.
pub trait Rendering: Send + Sync {
    /// The ready `BoxEvent` of `event`, without contents and without `IndexKey`. `docflows` are those of the state right after
    /// it.
    fn box_event(&self, docflows: &Docflows<'_>, event: &Event) -> Bytes;

    /// The content of a `SignatureVerificationReport`: what the check of a signature found.
    fn verification_report(&self, judgement: &Judgement) -> Bytes;
}
