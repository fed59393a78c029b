//! `GET /V4/GetNewEvents` to `GET /V8/GetNewEvents`: the feed of a box, page by page.

use std::collections::HashMap;
use std::sync::Arc;

use potok_api::Endpoint;
use potok_api::methods::{
    GetNewEventsQuery, GetNewEventsV4, GetNewEventsV5, GetNewEventsV6, GetNewEventsV7, GetNewEventsV8,
};
use potok_app::{Actor, EventsAnswer, Held};
use potok_domain::query::{Bookmark, DepartmentRule, EventsRequest, FeedFilter, FeedOrder};
use potok_domain::{Direction, MessageState, MessageType};
use potok_translate::view::{self, EventVersion};
use potok_types::access::Narrowed;
use potok_types::{EventId, MessageId, Ticks, limits};
use potok_wire::framing::{self, ReadyEvent};
use potok_wire::proto::TotalCountType;
use potok_wire::proto::events::BoxEventList;
use potok_wire::{DecodeError, encode_protobuf};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;

pub(super) async fn v4(call: Call<GetNewEventsV4>) -> Result<Answer, ApiError> {
    let request = without_templates(call.query.after_event_id, DepartmentRule::Union);
    page(call, request, EventVersion::WithoutUniversalMessages).await
}

pub(super) async fn v5(call: Call<GetNewEventsV5>) -> Result<Answer, ApiError> {
    let request = without_templates(call.query.after_event_id, DepartmentRule::Union);
    page(call, request, EventVersion::WithoutUniversalMessages).await
}

pub(super) async fn v6(mut call: Call<GetNewEventsV6>) -> Result<Answer, ApiError> {
    let query = &mut call.query;
    let (box_id, department) = (query.box_id, query.department_id);
    let query = GetNewEventsQuery {
        box_id,
        after_index_key: None,
        after_event_id: query.after_event_id,
        department_id: department,
        message_type: std::mem::take(&mut query.message_type),
        type_named_id: std::mem::take(&mut query.type_named_id),
        document_direction: std::mem::take(&mut query.document_direction),
        timestamp_from_ticks: query.timestamp_from_ticks,
        timestamp_to_ticks: query.timestamp_to_ticks,
        counteragent_box_id: query.counteragent_box_id,
        order_by: query.order_by.take(),
        limit: query.limit,
    };
    // Nobody had to name a department yet, but who does gets the feed of that one.
    let rule = department.map_or(DepartmentRule::Union, |department| DepartmentRule::Named(Some(department)));
    filtered(call, query, rule, EventVersion::WithoutUniversalMessages).await
}

pub(super) async fn v7(call: Call<GetNewEventsV7>) -> Result<Answer, ApiError> {
    let (query, rule) = (call.query.clone(), DepartmentRule::Named(call.query.department_id));
    filtered(call, query, rule, EventVersion::WithoutUniversalMessages).await
}

pub(super) async fn v8(call: Call<GetNewEventsV8>) -> Result<Answer, ApiError> {
    let (query, rule) = (call.query.clone(), DepartmentRule::Named(call.query.department_id));
    filtered(call, query, rule, EventVersion::Current).await
}

/// What the versions without parameters ask for: they came before templates.
fn without_templates(after: Option<EventId>, rule: DepartmentRule) -> EventsRequest {
    EventsRequest {
        after: after.map(Bookmark::Event),
        order: FeedOrder::Ascending,
        limit: limits::PAGE,
        filter: FeedFilter {
            message_types: vec![MessageType::Letter, MessageType::Draft],
            ..FeedFilter::default()
        },
        rule,
    }
}

async fn filtered<E>(
    call: Call<E>,
    query: GetNewEventsQuery,
    rule: DepartmentRule,
    version: EventVersion,
) -> Result<Answer, ApiError>
where
    E: Endpoint<Response = BoxEventList, Access: Narrowed + Held<Holder = Actor>>,
{
    page(call, request(query, rule)?, version).await
}

fn request(query: GetNewEventsQuery, rule: DepartmentRule) -> Result<EventsRequest, ApiError> {
    let after = match (query.after_event_id, query.after_index_key) {
        (Some(_), Some(_)) => {
            return Err(ApiError::bad_request(
                "query parameters afterEventId and afterIndexKey exclude each other: give one of them",
            ));
        }
        (Some(event), None) => Some(Bookmark::Event(event)),
        (None, Some(key)) => Some(Bookmark::Key(key)),
        (None, None) => None,
    };
    let (from, to) = (query.timestamp_from_ticks, query.timestamp_to_ticks);
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(ApiError::bad_request(format!(
            "query parameter timestampFromTicks {from} is later than timestampToTicks {to}: exchange them"
        )));
    }
    let limit = query.limit.unwrap_or(limits::PAGE as i64);
    let limit =
        usize::try_from(limit).ok().filter(|limit| (1..=limits::PAGE).contains(limit)).ok_or_else(|| {
            ApiError::bad_request(format!(
                "query parameter limit has the wrong value {limit}: a number from 1 to {} is expected",
                limits::PAGE
            ))
        })?;
    Ok(EventsRequest {
        after,
        order: match &query.order_by {
            None => FeedOrder::Ascending,
            Some(word) => named("query parameter orderBy", word, &ORDERS)?,
        },
        limit,
        filter: FeedFilter {
            message_types: all_named("query parameter messageType", &query.message_type, &MESSAGE_TYPES)?,
            types: query.type_named_id,
            directions: all_named(
                "query parameter documentDirection",
                &query.document_direction,
                &DIRECTIONS,
            )?,
            counteragent: query.counteragent_box_id,
            departments: None,
            from: from.map(Ticks::new),
            to: to.map(Ticks::new),
        },
        rule,
    })
}

const ORDERS: [(&str, FeedOrder); 2] =
    [("Ascending", FeedOrder::Ascending), ("Descending", FeedOrder::Descending)];
pub(super) const MESSAGE_TYPES: [(&str, MessageType); 3] =
    [("Letter", MessageType::Letter), ("Draft", MessageType::Draft), ("Template", MessageType::Template)];
pub(super) const DIRECTIONS: [(&str, Direction); 3] =
    [("Inbound", Direction::Inbound), ("Outbound", Direction::Outbound), ("Internal", Direction::Internal)];

/// The value that is called `word`, in any case.
fn named<T: Copy>(place: &str, word: &str, values: &[(&str, T)]) -> Result<T, ApiError> {
    let found = values.iter().find(|(name, _)| name.eq_ignore_ascii_case(word.trim()));
    found.map(|&(_, value)| value).ok_or_else(|| {
        let names: Vec<&str> = values.iter().map(|&(name, _)| name).collect();
        ApiError::bad_request(format!(
            "{place} has the wrong value {word:?}: one of {} is expected",
            names.join(", ")
        ))
    })
}

/// The same for each of `words`, which stand at `place` of the request.
pub(super) fn all_named<T: Copy>(
    place: &str,
    words: &[String],
    values: &[(&str, T)],
) -> Result<Vec<T>, ApiError> {
    words.iter().map(|word| named(place, word, values)).collect()
}

async fn page<E>(call: Call<E>, request: EventsRequest, version: EventVersion) -> Result<Answer, ApiError>
where
    E: Endpoint<Response = BoxEventList, Access: Narrowed + Held<Holder = Actor>>,
{
    let found = call.app().get_new_events(&call.permit, request).await?;
    let total = i32::try_from(found.page.total).unwrap_or(i32::MAX);
    let kind = if found.page.is_exact { TotalCountType::Equal } else { TotalCountType::GreaterThanOrEqual };
    let keys: Vec<String> = found.page.events.iter().map(|event| event.key.to_string()).collect();
    let events: Vec<ReadyEvent<'_>> = found
        .page
        .events
        .iter()
        .zip(&keys)
        .map(|(event, key)| ReadyEvent { body: &event.box_event, index_key: key })
        .collect();
    let written = match &found.cut {
        Some(states) => cut(&found, states, &events, version).map(|events| {
            call.answer(&BoxEventList { events, total_count: Some(total), total_count_type: kind.into() })
        }),
        None => known(&events, version).and_then(|known| {
            let events: Vec<ReadyEvent<'_>> = events.iter().zip(&known).map(ready).collect();
            if call.answers_json() {
                framing::box_event_list_json(&events, Some(total), kind).map(|body| call.ready(body))
            } else {
                Ok(call.ready(framing::box_event_list(&events, Some(total), kind)))
            }
        }),
    };
    written.map_err(|error| {
        tracing::error!(box_id = %call.permit.box_id(), %error, "the stored form of an event cannot be read");
        ApiError::internal()
    })
}

/// For each event that a method of `version` must not show as it stands ready, what it shows instead.
fn known(events: &[ReadyEvent<'_>], version: EventVersion) -> Result<Vec<Option<Vec<u8>>>, DecodeError> {
    let shown = events.iter().map(|event| {
        let needs_cut = view::needs_cut(event, version);
        let cut = || event.decode().map(|event| encode_protobuf(&view::for_version(event, version)));
        needs_cut.then(cut).transpose()
    });
    shown.collect()
}

/// The event as it stands ready, or what is shown instead, which has its key already.
fn ready<'e>((event, instead): (&ReadyEvent<'e>, &'e Option<Vec<u8>>)) -> ReadyEvent<'e> {
    instead.as_ref().map_or(*event, |body| ReadyEvent { body, index_key: "" })
}

/// The events without what lies where the caller may not see it.
fn cut(
    found: &EventsAnswer,
    states: &HashMap<MessageId, Arc<MessageState>>,
    events: &[ReadyEvent<'_>],
    version: EventVersion,
) -> Result<Vec<potok_wire::proto::events::BoxEvent>, DecodeError> {
    let shown = found.page.events.iter().zip(events).filter_map(|(event, ready)| {
        let state = states.get(&event.message_id)?;
        let shown = ready.decode().map(|shown| {
            let sees = |document| found.sees(state, document);
            view::cut_to_departments(view::for_version(shown, version), state, &sees)
        });
        Some(shown)
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use potok_api::QueryParams as _;

    use super::*;

    const BOX: &str = "boxId=1f208d032a604f6491b1b7aad54cfaf3";

    fn read(rest: &str) -> Result<EventsRequest, ApiError> {
        let query = GetNewEventsQuery::parse(&format!("{BOX}&{rest}")).unwrap();
        let rule = DepartmentRule::Named(query.department_id);
        request(query, rule)
    }

    #[test]
    fn without_parameters_everything_is_asked_for() {
        let request = read("").unwrap();
        assert_eq!((request.after, request.limit, request.order), (None, 100, FeedOrder::Ascending));
        assert_eq!(request.filter, FeedFilter::default());
        assert_eq!(request.rule, DepartmentRule::Named(None));
    }

    #[test]
    fn words_are_read_in_any_case() {
        let request = read(
            "messageType=letter,DRAFT&documentDirection=inbound&orderBy=descending&limit=1&typeNamedId=Invoice,Torg2\
             &timestampFromTicks=1&timestampToTicks=1",
        )
        .unwrap();
        assert_eq!(request.filter.message_types, [MessageType::Letter, MessageType::Draft]);
        assert_eq!(request.filter.directions, [Direction::Inbound]);
        assert_eq!(request.filter.types, ["Invoice", "Torg2"]);
        assert_eq!((request.order, request.limit), (FeedOrder::Descending, 1));
        assert_eq!((request.filter.from, request.filter.to), (Some(Ticks::new(1)), Some(Ticks::new(1))));
    }

    #[test]
    fn mistakes_are_named() {
        for (query, words) in [
            ("messageType=Parcel", "messageType"),
            ("documentDirection=Sideways", "documentDirection"),
            ("orderBy=Random", "orderBy"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("timestampFromTicks=2&timestampToTicks=1", "timestampFromTicks"),
            ("afterEventId=4c422f4e-7ecd-492d-a652-3aa45007da1b&afterIndexKey=CN3T_DeCTa4", "afterIndexKey"),
        ] {
            let refused = read(query).unwrap_err();
            assert_eq!(refused.code, crate::ErrorCode::BadRequest, "{query}");
            assert!(refused.text.contains(words), "{query}: {}", refused.text);
        }
    }
}
