//! `GetDocflows`, `GetDocflowEvents`, `GetDocflowsByPacketId`, `SearchDocflows`, in all versions.

use std::str::FromStr;

use potok_domain::access::Scope;
use potok_domain::query::{
    DocflowEventPlace, DocflowEventsRequest, DocflowRequest, FeedFilter, PacketPlace, SearchRequest,
    SearchScope,
};
use potok_types::{Invalid, InvalidId, PacketId, id_at, limits};
use potok_wire::proto::docflow as wire;
use potok_wire::proto::docflow::{
    GetDocflowBatchRequest, GetDocflowEventsRequest, GetDocflowRequest, GetDocflowsByPacketIdRequest,
    SearchDocflowsRequest,
};

use super::time_filter::TimeFilter;
use super::words::{DIRECTIONS, MESSAGE_TYPES, all_named};
use crate::BadRequest;
use crate::post::document_at;

/// The documents asked for.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn batch(batch: &GetDocflowBatchRequest) -> Result<Vec<DocflowRequest>, Invalid> {
    batch.requests.iter().enumerate().map(|(index, one)| one_of_batch(index, one)).collect()
}

fn one_of_batch(index: usize, given: &GetDocflowRequest) -> Result<DocflowRequest, Invalid> {
    let path = format!("GetDocflowBatchRequest.Requests[{index}]");
    let last_event = given.last_event_id.as_deref().filter(|id| !id.is_empty());
    Ok(DocflowRequest {
        document: document_at(&format!("{path}.DocumentId"), &given.document_id)?,
        last_event: last_event.map(|text| id_at(format!("{path}.LastEventId"), text)).transpose()?,
        inject_content: given.inject_entity_content(),
    })
}

/// The page of events asked for.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn events(body: GetDocflowEventsRequest) -> Result<DocflowEventsRequest, BadRequest> {
    let TimeFilter { from, to, order } = TimeFilter::read("GetDocflowEventsRequest.Filter", &body.filter)?;
    let after = body.after_index_key.as_deref().filter(|key| !key.is_empty()).map(|key| {
        DocflowEventPlace::from_bytes(key).ok_or_else(|| {
            BadRequest::worded(
                "GetDocflowEventsRequest.AfterIndexKey is not a key of an event: give the IndexKey of an event of \
                 this method",
            )
        })
    });
    Ok(DocflowEventsRequest {
        after: after.transpose()?,
        order,
        limit: body.limit.unwrap_or(limits::PAGE as i32),
        department: id("DepartmentId", body.department_id.as_deref())?,
        with_documents: body.populate_documents(),
        with_previous: body.populate_previous_document_states(),
        filter: FeedFilter {
            message_types: all_named(
                "GetDocflowEventsRequest.MessageTypes",
                &body.message_types,
                &MESSAGE_TYPES,
            )?,
            directions: all_named(
                "GetDocflowEventsRequest.DocumentDirections",
                &body.document_directions,
                &DIRECTIONS,
            )?,
            counteragent: id("CounteragentBoxId", body.counteragent_box_id.as_deref())?,
            types: body.type_named_ids,
            within: Scope::All,
            from,
            to,
        },
    })
}

/// An id that may be left out, or be empty.
fn id<T: FromStr<Err = InvalidId>>(field: &str, text: Option<&str>) -> Result<Option<T>, Invalid> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| id_at(format!("GetDocflowEventsRequest.{field}"), text)).transpose()
}

/// Which packet, and from where on.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn packet(body: &GetDocflowsByPacketIdRequest) -> Result<(PacketId, Option<PacketPlace>), BadRequest> {
    let packet = id_at("GetDocflowsByPacketIdRequest.PacketId", &body.packet_id)?;
    let after = body.after_index_key.as_deref().filter(|key| !key.is_empty()).map(|key| {
        PacketPlace::from_bytes(key).ok_or_else(|| {
            BadRequest::worded(
                "GetDocflowsByPacketIdRequest.AfterIndexKey is not a key of a packet: give the IndexKey of a document \
                 or the NextPageIndexKey of the page before",
            )
        })
    });
    Ok((packet, after.transpose()?))
}

/// What is searched for.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn search(body: &SearchDocflowsRequest) -> Result<SearchRequest, BadRequest> {
    let number = body.scope.unwrap_or(0);
    let scope = match wire::SearchScope::try_from(number) {
        Ok(wire::SearchScope::SearchScopeAny) => SearchScope::Any,
        Ok(wire::SearchScope::SearchScopeIncoming) => SearchScope::Incoming,
        Ok(wire::SearchScope::SearchScopeOutgoing) => SearchScope::Outgoing,
        Ok(wire::SearchScope::SearchScopeDeleted) => SearchScope::Deleted,
        Ok(wire::SearchScope::SearchScopeInternal) => SearchScope::Internal,
        Err(_) => {
            return Err(BadRequest::worded(format!(
                "SearchDocflowsRequest.Scope {number} is unknown: a number from 0 to 4 is expected"
            )));
        }
    };
    Ok(SearchRequest {
        text: body.query_string.clone(),
        scope,
        first_index: body.first_index.unwrap_or(0),
        count: body.count.unwrap_or(limits::PAGE as i32),
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use potok_domain::query::FeedOrder;
    use potok_domain::{Direction, MessageType};
    use potok_wire::proto::{SortDirection, TimeBasedFilter, Timestamp};

    use super::*;

    #[test]
    fn an_empty_filter_asks_for_everything() {
        let request = events(GetDocflowEventsRequest::default()).unwrap();
        assert_eq!(request.filter, FeedFilter::default());
        assert_eq!((request.order, request.limit, request.after), (FeedOrder::Ascending, 100, None));
        assert!(!request.with_documents && !request.with_previous && request.department.is_none());
    }

    #[test]
    fn everything_can_be_narrowed() {
        let at = |ticks| Some(Timestamp { ticks });
        let request = events(GetDocflowEventsRequest {
            filter: TimeBasedFilter {
                from_timestamp: at(1),
                to_timestamp: at(1),
                sort_direction: Some(SortDirection::Descending as i32),
            },
            message_types: vec!["Letter".to_owned()],
            document_directions: vec!["Inbound".to_owned(), "Internal".to_owned()],
            type_named_ids: vec!["Invoice".to_owned()],
            department_id: Some("00000000-0000-0000-0000-000000000000".to_owned()),
            counteragent_box_id: Some("1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru".to_owned()),
            after_index_key: Some(Bytes::from_static(&[0; 12])),
            ..GetDocflowEventsRequest::default()
        })
        .unwrap();
        assert_eq!(request.order, FeedOrder::Descending);
        assert_eq!(request.filter.message_types, [MessageType::Letter]);
        assert_eq!(request.filter.directions, [Direction::Inbound, Direction::Internal]);
        assert!(request.after.is_some() && request.department.is_some());
        assert!(request.filter.counteragent.is_some());
    }

    #[test]
    fn mistakes_in_a_question_for_events_are_named() {
        let refuse = |body: GetDocflowEventsRequest, words: &str| {
            let refused = events(body).unwrap_err();
            assert!(refused.to_string().contains(words), "{refused}");
        };
        let text = |text: &str| Some(text.to_owned());
        let base = GetDocflowEventsRequest::default;
        refuse(GetDocflowEventsRequest { department_id: text("x"), ..base() }, "DepartmentId");
        refuse(GetDocflowEventsRequest { counteragent_box_id: text("x"), ..base() }, "CounteragentBoxId");
        refuse(
            GetDocflowEventsRequest { message_types: vec!["Parcel".to_owned()], ..base() },
            "MessageTypes",
        );
        refuse(
            GetDocflowEventsRequest { document_directions: vec!["Up".to_owned()], ..base() },
            "DocumentDirections",
        );
        refuse(
            GetDocflowEventsRequest { after_index_key: Some(Bytes::from_static(b"x")), ..base() },
            "AfterIndexKey",
        );
        let filter = TimeBasedFilter {
            from_timestamp: Some(Timestamp { ticks: 2 }),
            to_timestamp: Some(Timestamp { ticks: 1 }),
            sort_direction: None,
        };
        refuse(GetDocflowEventsRequest { filter, ..base() }, "FromTimestamp 2");
    }

    #[test]
    fn mistakes_in_a_question_for_a_packet_are_named() {
        let body = |packet: &str, key: &'static [u8]| GetDocflowsByPacketIdRequest {
            packet_id: packet.to_owned(),
            after_index_key: Some(Bytes::from_static(key)),
            ..GetDocflowsByPacketIdRequest::default()
        };
        let id = "9a000000-0000-4000-8000-000000000001";
        assert_eq!(packet(&body(id, b"")).unwrap().1, None);
        assert!(packet(&body(id, &[0; 40])).unwrap().1.is_some());
        for (body, words) in [(body("x", b""), "PacketId"), (body(id, b"x"), "AfterIndexKey")] {
            let refused = packet(&body).unwrap_err();
            assert!(refused.to_string().contains(words), "{refused}");
        }
    }

    #[test]
    fn what_is_not_said_has_its_default() {
        let body = SearchDocflowsRequest { query_string: "7".to_owned(), ..SearchDocflowsRequest::default() };
        let request = search(&body).unwrap();
        assert_eq!((request.scope, request.first_index, request.count), (SearchScope::Any, 0, 100));
        assert_eq!(request.text, "7");
    }

    #[test]
    fn an_unknown_scope_is_named() {
        let body = SearchDocflowsRequest { scope: Some(5), ..SearchDocflowsRequest::default() };
        assert!(search(&body).unwrap_err().to_string().contains("Scope 5"));
        let body = SearchDocflowsRequest { scope: Some(3), ..SearchDocflowsRequest::default() };
        assert_eq!(search(&body).unwrap().scope, SearchScope::Deleted);
    }
}
