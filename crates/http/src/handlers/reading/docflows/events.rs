//! `POST /V{2–5}/GetDocflowEvents`: what happened to the documents of a box, with their states before and after.

use std::str::FromStr;

use bytes::Bytes;
use potok_api::Endpoint;
use potok_api::methods::BoxQuery;
use potok_app::DocflowEventsAnswer;
use potok_domain::query::{DocflowEventPlace, DocflowEventsRequest, FeedFilter, FeedOrder};
use potok_translate::ContentPlan;
use potok_translate::docflow::{DocflowEvent, DocflowVersion, Previous};
use potok_types::access::OneDepartment;
use potok_types::{InvalidId, Ticks, limits};
use potok_wire::proto::SortDirection;
use potok_wire::proto::docflow::GetDocflowEventsRequest;

use super::super::get_new_events::{DIRECTIONS, MESSAGE_TYPES, all_named};
use super::super::with_contents;
use super::{budget, shown};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;

/// Any version of it.
pub(super) async fn answer<E, V>(mut call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Query = BoxQuery,
            Request = GetDocflowEventsRequest,
            Access = OneDepartment,
            Response = V::Events,
        >,
    V: DocflowVersion,
{
    let body = std::mem::take(&mut call.body);
    let inject_content = body.inject_entity_content();
    let found = call.app().docflow_events(&call.permit, request(body)?).await?;
    let events = with_contents(call.app(), &call.permit, budget(inject_content), |contents| {
        events::<V>(&found, inject_content, contents)
    });
    let total = i32::try_from(found.total).unwrap_or(i32::MAX);
    Ok(call.answer(&V::events(events.await?, total, found.is_exact)))
}

/// Contents go to the document first and to its earlier state then, event by event.
fn events<V: DocflowVersion>(
    found: &DocflowEventsAnswer,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> Vec<DocflowEvent<V::Document>> {
    let event = |event: &potok_app::DocflowEvent| DocflowEvent {
        id: event.event,
        at: event.at,
        document_id: event.document,
        index_key: Bytes::copy_from_slice(&event.place.to_bytes()),
        document: event.found.as_ref().and_then(|found| shown::<V>(found, inject_content, contents)),
        previous: event.previous.as_ref().map(|(previous, found)| Previous {
            event: *previous,
            document: shown::<V>(found, inject_content, contents),
        }),
    };
    found.events.iter().map(event).collect()
}

fn request(body: GetDocflowEventsRequest) -> Result<DocflowEventsRequest, ApiError> {
    let is_descending = body.filter.sort_direction() == SortDirection::Descending;
    let ticks = |at: Option<potok_wire::proto::Timestamp>| at.map(|at| Ticks::new(at.ticks));
    let (from, to) = (ticks(body.filter.from_timestamp), ticks(body.filter.to_timestamp));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(ApiError::bad_request(format!(
            "GetDocflowEventsRequest.Filter.FromTimestamp {} is later than ToTimestamp {}: exchange them",
            from.get(),
            to.get()
        )));
    }
    let after = body.after_index_key.as_deref().filter(|key| !key.is_empty()).map(|key| {
        DocflowEventPlace::from_bytes(key).ok_or_else(|| {
            ApiError::bad_request(
                "GetDocflowEventsRequest.AfterIndexKey is not a key of an event: give the IndexKey of an event of \
                 this method",
            )
        })
    });
    Ok(DocflowEventsRequest {
        after: after.transpose()?,
        order: if is_descending { FeedOrder::Descending } else { FeedOrder::Ascending },
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
            departments: None,
            from,
            to,
        },
    })
}

/// An id that may be left out, or be empty.
fn id<T: FromStr<Err = InvalidId>>(field: &str, text: Option<&str>) -> Result<Option<T>, ApiError> {
    let text = text.filter(|text| !text.is_empty());
    text.map(str::parse)
        .transpose()
        .map_err(|error| ApiError::bad_request(format!("GetDocflowEventsRequest.{field}: {error}")))
}

#[cfg(test)]
mod tests {
    use potok_domain::{Direction, MessageType};
    use potok_wire::proto::{TimeBasedFilter, Timestamp};

    use super::*;

    #[test]
    fn an_empty_filter_asks_for_everything() {
        let request = request(GetDocflowEventsRequest::default()).unwrap();
        assert_eq!(request.filter, FeedFilter::default());
        assert_eq!((request.order, request.limit, request.after), (FeedOrder::Ascending, 100, None));
        assert!(!request.with_documents && !request.with_previous && request.department.is_none());
    }

    #[test]
    fn everything_can_be_narrowed() {
        let at = |ticks| Some(Timestamp { ticks });
        let request = request(GetDocflowEventsRequest {
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
    fn mistakes_are_named() {
        let refuse = |body: GetDocflowEventsRequest, words: &str| {
            let refused = request(body).unwrap_err();
            assert_eq!(refused.code, crate::ErrorCode::BadRequest);
            assert!(refused.text.contains(words), "{}", refused.text);
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
}
