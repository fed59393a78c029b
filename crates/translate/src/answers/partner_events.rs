//! `GetPartnerEvents`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use potok_domain::DocumentRef;
use potok_domain::query::PartnerPlaces;
use potok_types::{EventId, Ticks};
use potok_wire::proto::docflow::DocumentWithDocflowV4;
use potok_wire::proto::partner_events::{GetPartnerEventsResponse, PartnerEvent};

use crate::docflow::timestamp;
use crate::document;

/// An event of one document.
#[derive(Clone, Debug)]
pub struct ShownPartnerEvent {
    /// The event of the box.
    pub id: EventId,
    /// When it happened.
    pub at: Ticks,
    /// The document that it changed.
    pub document_id: DocumentRef,
    /// The document right after it, if the user sees it.
    pub document: Option<DocumentWithDocflowV4>,
    /// What it was before, if that was asked for and there was something.
    pub previous: Option<DocumentWithDocflowV4>,
}

/// `GetPartnerEventsResponse`. `places`: how far the boxes are read.
pub fn answer(events: Vec<ShownPartnerEvent>, places: Option<&PartnerPlaces>) -> GetPartnerEventsResponse {
    let events = events.into_iter().map(|event| PartnerEvent {
        event_id: event.id.to_string(),
        timestamp: timestamp(event.at),
        document_id: document::id(event.document_id),
        document: event.document.map(Box::new),
        previous_document_state: event.previous.map(Box::new),
    });
    GetPartnerEventsResponse {
        events: events.collect(),
        last_cursor: places.map(|places| URL_SAFE_NO_PAD.encode(places.to_bytes())),
    }
}
