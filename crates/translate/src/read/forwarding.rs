//! `ForwardDocument`, and what a box asks about documents that were forwarded to it.

use potok_domain::DocumentRef;
use potok_domain::query::FeedOrder;
use potok_types::{BoxId, EventId, IndexKey, Invalid, Ticks, box_at, id_at};
use potok_wire::proto::forwarding::{
    ForwardDocumentRequest, ForwardedDocumentId, GetForwardedDocumentEventsRequest,
    GetForwardedDocumentsRequest,
};

use super::time_filter::TimeFilter;
use crate::BadRequest;
use crate::post::document_at;

/// How a program names a document that was forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedForwarded {
    /// The box that forwarded it.
    pub from: BoxId,
    /// The document there.
    pub document: DocumentRef,
    /// The event by which it was forwarded.
    pub event: EventId,
}

/// Which page of forwardings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForwardedPage {
    /// Exclusive start.
    pub after: Option<IndexKey>,
    /// The first key and the last one that match.
    pub between: (IndexKey, IndexKey),
    /// From which end.
    pub order: FeedOrder,
}

/// What is forwarded, and to which box.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn forward(body: &ForwardDocumentRequest) -> Result<(DocumentRef, BoxId), Invalid> {
    let document = document_at("ForwardDocumentRequest.DocumentId", &body.document_id)?;
    Ok((document, box_at("ForwardDocumentRequest.ToBoxId", &body.to_box_id)?))
}

/// The documents asked for.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn documents(body: &GetForwardedDocumentsRequest) -> Result<Vec<NamedForwarded>, Invalid> {
    let named = body.forwarded_document_ids.iter().enumerate();
    named
        .map(|(index, id)| one(&format!("GetForwardedDocumentsRequest.ForwardedDocumentIds[{index}]"), id))
        .collect()
}

fn one(path: &str, id: &ForwardedDocumentId) -> Result<NamedForwarded, Invalid> {
    let document = id.document_id.clone().unwrap_or_default();
    Ok(NamedForwarded {
        from: box_at(format!("{path}.FromBoxId"), id.from_box_id())?,
        document: document_at(&format!("{path}.DocumentId"), &document)?,
        event: id_at(format!("{path}.ForwardEventId"), id.forward_event_id())?,
    })
}

/// The page of forwardings asked for.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn events(body: &GetForwardedDocumentEventsRequest) -> Result<ForwardedPage, BadRequest> {
    let filter = TimeFilter::read("GetForwardedDocumentEventsRequest.Filter", &body.filter)?;
    let after = body.after_index_key.as_deref().filter(|key| !key.is_empty()).map(|key| {
        let key = <[u8; 8]>::try_from(key).map_err(|_| {
            BadRequest::worded(
                "GetForwardedDocumentEventsRequest.AfterIndexKey is not a key of an event: give the IndexKey of an event \
                 of this method",
            )
        })?;
        Ok::<_, BadRequest>(IndexKey::new(i64::from_be_bytes(key)))
    });
    let key = |at: Option<Ticks>, open: i64| IndexKey::new(at.map_or(open, Ticks::get));
    Ok(ForwardedPage {
        after: after.transpose()?,
        between: (key(filter.from, i64::MIN), key(filter.to, i64::MAX)),
        order: filter.order,
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use potok_wire::proto::{DocumentId, TimeBasedFilter, Timestamp};

    use super::*;

    const ID: &str = "9a000000-0000-4000-8000-000000000001";
    const BOX: &str = "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru";

    fn document(message: &str, entity: &str) -> DocumentId {
        DocumentId { message_id: message.to_owned(), entity_id: entity.to_owned() }
    }

    #[test]
    fn mistakes_are_named() {
        let text = |text: &str| Some(text.to_owned());
        let named = |from: &str, document: DocumentId, event: &str| ForwardedDocumentId {
            from_box_id: text(from),
            document_id: Some(document),
            forward_event_id: text(event),
        };
        for (id, field) in [
            (ForwardedDocumentId::default(), "BoxId"),
            (named("x", document(ID, ID), ID), "BoxId"),
            (named(BOX, document("x", ID), ID), "DocumentId.MessageId"),
            (named(BOX, document(ID, "x"), ID), "DocumentId.EntityId"),
            (named(BOX, document(ID, ID), "x"), "ForwardEventId"),
        ] {
            let body = GetForwardedDocumentsRequest {
                forwarded_document_ids: vec![named(BOX, document(ID, ID), ID), id],
                inject_entity_content: None,
            };
            let refused = documents(&body).unwrap_err().to_string();
            assert!(refused.contains(field), "{refused}");
        }
        for (to, id, field) in [("x", ID, "BoxId"), (BOX, "x", "DocumentId.EntityId")] {
            let body = ForwardDocumentRequest { to_box_id: to.to_owned(), document_id: document(ID, id) };
            let refused = forward(&body).unwrap_err().to_string();
            assert!(refused.contains(field), "{refused}");
        }
    }

    #[test]
    fn a_page_begins_at_a_key_of_eight_bytes() {
        let ask = |key: &'static [u8], filter| GetForwardedDocumentEventsRequest {
            filter,
            after_index_key: Some(Bytes::from_static(key)),
            ..GetForwardedDocumentEventsRequest::default()
        };
        let all = events(&ask(b"", TimeBasedFilter::default())).unwrap();
        assert_eq!((all.after, all.order), (None, FeedOrder::Ascending));
        let key = events(&ask(&[0, 0, 0, 0, 0, 0, 1, 0], TimeBasedFilter::default())).unwrap();
        assert_eq!(key.after, Some(IndexKey::new(256)));
        let refused = events(&ask(b"123", TimeBasedFilter::default())).unwrap_err();
        assert!(refused.to_string().contains("AfterIndexKey"), "{refused}");
        let at = |ticks| Some(Timestamp { ticks });
        let filter = TimeBasedFilter { from_timestamp: at(2), to_timestamp: at(1), sort_direction: None };
        assert!(events(&ask(b"", filter)).is_err());
    }
}
