//! What shows the exchange: events, messages, documents, docflows, contents.

mod contents;
mod docflow_events;
mod docflows_by_packet;
mod error;
mod found;
mod get_docflows;
mod get_documents;
mod get_entity_content;
mod get_event;
mod get_message;
mod get_new_events;
mod get_signature_info;
mod referrers;
mod search_docflows;

use std::sync::Arc;

use potok_seams::SignatureVerifier;

pub use docflow_events::{DocflowEvent, DocflowEventsAnswer};
pub use docflows_by_packet::PacketAnswer;
pub use error::ReadingError;
pub use found::FoundDocument;
pub use get_docflows::DocflowAnswer;
pub use get_documents::DocumentsAnswer;
pub use get_event::EventAnswer;
pub use get_new_events::EventsAnswer;
pub use get_signature_info::SignatureAnswer;
pub use search_docflows::SearchAnswer;

use crate::core::Core;

/// What shows the exchange.
pub struct Reading {
    pub(crate) core: Arc<Core>,
    /// Tells what signatures say about themselves.
    pub(crate) verifier: Arc<dyn SignatureVerifier>,
}
