//! Answers about documents that are forwarded.

use bytes::Bytes;
use potok_domain::MessageState;
use potok_domain::forwarding::Forwarding;
use potok_types::{IndexKey, Ticks};
use potok_wire::proto::TotalCountType;
use potok_wire::proto::forwarding::{
    ForwardDocumentResponse, ForwardedDocument, ForwardedDocumentEvent, ForwardedDocumentId,
    GetForwardedDocumentEventsResponse,
};

use crate::docflow::{Relations, timestamp};
use crate::docflow_v2::document_with_docflow;
use crate::{ContentPlan, document};

/// One event of the list.
#[derive(Debug)]
pub struct ShownForwarding {
    /// Where it stands, and when it came.
    pub key: IndexKey,
    /// What came.
    pub forwarding: Forwarding,
    /// The document, if it was asked for.
    pub document: Option<ForwardedDocument>,
}

fn id(forwarding: &Forwarding) -> ForwardedDocumentId {
    ForwardedDocumentId {
        from_box_id: Some(forwarding.from.to_string()),
        document_id: Some(document::id(forwarding.document)),
        forward_event_id: Some(forwarding.id.to_string()),
    }
}

/// `ForwardDocumentResponse`.
pub fn forwarded(forwarding: &Forwarding) -> ForwardDocumentResponse {
    ForwardDocumentResponse {
        forward_timestamp: Some(timestamp(forwarding.at)),
        forwarded_document_id: Some(id(forwarding)),
    }
}

/// `ForwardedDocument`: `seen` is what the box sees of its message.
pub fn document(
    forwarding: &Forwarding,
    seen: &MessageState,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> ForwardedDocument {
    let relations = Relations::default();
    let shown =
        document_with_docflow(seen, forwarding.document.entity_id, &relations, inject_content, contents);
    ForwardedDocument {
        forward_timestamp: Some(timestamp(forwarding.at)),
        forwarded_document_id: Some(id(forwarding)),
        document_with_docflow: shown,
    }
}

/// `GetForwardedDocumentEventsResponse`.
pub fn events(
    events: Vec<ShownForwarding>,
    total: u64,
    is_exact: bool,
) -> GetForwardedDocumentEventsResponse {
    let count = if is_exact { TotalCountType::Equal } else { TotalCountType::GreaterThanOrEqual };
    let events =
        events.into_iter().map(|ShownForwarding { key, forwarding, document }| ForwardedDocumentEvent {
            timestamp: Some(timestamp(Ticks::new(key.get()))),
            forwarded_document_id: Some(id(&forwarding)),
            index_key: Some(Bytes::copy_from_slice(&key.get().to_be_bytes())),
            forwarded_document: document.map(Box::new),
        });
    GetForwardedDocumentEventsResponse {
        total_count: Some(i32::try_from(total).unwrap_or(i32::MAX)),
        events: events.collect(),
        total_count_type: count as i32,
    }
}
