//! `GET /V4/GetNewEvents` to `GET /V8/GetNewEvents`.

use potok_api::methods::{GetNewEventsQuery, GetNewEventsV4Query, GetNewEventsV6Query};
use potok_domain::MessageType;
use potok_domain::access::Scope;
use potok_domain::query::{Bookmark, DepartmentRule, EventsRequest, FeedFilter, FeedOrder};
use potok_types::{EventId, Ticks, limits};

use super::words::{DIRECTIONS, MESSAGE_TYPES, ORDERS, all_named, named};
use crate::BadRequest;

/// The whole feed, as far as the caller sees it; the fourth version and the fifth.
pub fn v4(query: &GetNewEventsV4Query) -> EventsRequest {
    without_templates(query.after_event_id)
}

/// The feed with filters. Nobody had to name a department yet, but who does gets the feed of that one.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn v6(query: GetNewEventsV6Query) -> Result<EventsRequest, BadRequest> {
    let department = query.department_id;
    let rule = department.map_or(DepartmentRule::Union, |department| DepartmentRule::Named(Some(department)));
    request(query.into(), rule)
}

/// The feed with filters, also by position; the seventh version and later ones.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn v7(query: GetNewEventsQuery) -> Result<EventsRequest, BadRequest> {
    let rule = DepartmentRule::Named(query.department_id);
    request(query, rule)
}

/// What the versions without parameters ask for: they came before templates.
fn without_templates(after: Option<EventId>) -> EventsRequest {
    EventsRequest {
        after: after.map(Bookmark::Event),
        order: FeedOrder::Ascending,
        limit: limits::PAGE,
        filter: FeedFilter {
            message_types: vec![MessageType::Letter, MessageType::Draft],
            ..FeedFilter::default()
        },
        rule: DepartmentRule::Union,
    }
}

fn request(query: GetNewEventsQuery, rule: DepartmentRule) -> Result<EventsRequest, BadRequest> {
    let after = match (query.after_event_id, query.after_index_key) {
        (Some(_), Some(_)) => {
            return Err(BadRequest::worded(
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
        return Err(BadRequest::worded(format!(
            "query parameter timestampFromTicks {from} is later than timestampToTicks {to}: exchange them"
        )));
    }
    let limit = query.limit.unwrap_or(limits::PAGE as i64);
    let limit =
        usize::try_from(limit).ok().filter(|limit| (1..=limits::PAGE).contains(limit)).ok_or_else(|| {
            BadRequest::worded(format!(
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
            within: Scope::All,
            from: from.map(Ticks::new),
            to: to.map(Ticks::new),
        },
        rule,
    })
}

#[cfg(test)]
mod tests {
    use potok_api::QueryParams as _;
    use potok_domain::Direction;

    use super::*;

    const BOX: &str = "boxId=1f208d032a604f6491b1b7aad54cfaf3";

    fn read(rest: &str) -> Result<EventsRequest, BadRequest> {
        let query = GetNewEventsQuery::parse(&format!("{BOX}&{rest}")).unwrap();
        v7(query)
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
            assert!(refused.to_string().contains(words), "{query}: {refused}");
        }
    }
}
