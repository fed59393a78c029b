//! The feeds.

use potok_types::access::{AllDocuments, BoxEmployee, FilteredDocuments, OneDepartment, Partner};
use potok_types::{BoxId, DepartmentId, EventId, IndexKey};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery};
use crate::params::queries;
use crate::spec::dates::{R2, R2_ASSUMED};
use crate::{Empty, Example, Maybe, NoQuery, Opaque};

queries! {
    /// The query of `GetSecurityEvents`.
    GetSecurityEventsQuery {
        /// The box.
        box_id: BoxId = "boxId";
        /// Read on after this position, as the last answer gave it.
        after_index_key: Option<Opaque> = "afterIndexKey",
        /// How many items to return at most.
        count: Option<i64> = "count",
    }

    /// Where to read on in the feed, and what to leave out. `afterEventId` and `afterIndexKey` exclude each other.
    GetNewEventsQuery {
        /// The box.
        box_id: BoxId = "boxId";
        /// Read on after this event; from the oldest one when absent.
        after_event_id: Option<EventId> = "afterEventId",
        /// Read on after this position; from the oldest event when absent.
        after_index_key: Option<IndexKey> = "afterIndexKey",
        /// Only the feed of this department.
        department_id: Option<DepartmentId> = "departmentId",
        /// Only these kinds of messages: `Letter`, `Draft`, `Template`.
        message_type: Vec<String> = "messageType",
        /// Only these document types.
        type_named_id: Vec<String> = "typeNamedId",
        /// Only these directions: `Inbound`, `Outbound`, `Internal`.
        document_direction: Vec<String> = "documentDirection",
        /// Not earlier than this, in ticks.
        timestamp_from_ticks: Option<i64> = "timestampFromTicks",
        /// Not later than this, in ticks.
        timestamp_to_ticks: Option<i64> = "timestampToTicks",
        /// Only documents exchanged with this box.
        counteragent_box_id: Option<BoxId> = "counteragentBoxId",
        /// `Ascending` (default) or `Descending`.
        order_by: Option<String> = "orderBy",
        /// How many items to return at most.
        limit: Option<i64> = "limit",
    }

    /// As [`GetNewEventsQuery`], before positions had keys.
    GetNewEventsV6Query {
        /// The box.
        box_id: BoxId = "boxId";
        /// Read on after this event; from the oldest one when absent.
        after_event_id: Option<EventId> = "afterEventId",
        /// Only the feed of this department.
        department_id: Option<DepartmentId> = "departmentId",
        /// Only these kinds of messages: `Letter`, `Draft`, `Template`.
        message_type: Vec<String> = "messageType",
        /// Only these document types.
        type_named_id: Vec<String> = "typeNamedId",
        /// Only these directions: `Inbound`, `Outbound`, `Internal`.
        document_direction: Vec<String> = "documentDirection",
        /// Not earlier than this, in ticks.
        timestamp_from_ticks: Option<i64> = "timestampFromTicks",
        /// Not later than this, in ticks.
        timestamp_to_ticks: Option<i64> = "timestampToTicks",
        /// Only documents exchanged with this box.
        counteragent_box_id: Option<BoxId> = "counteragentBoxId",
        /// `Ascending` (default) or `Descending`.
        order_by: Option<String> = "orderBy",
        /// How many items to return at most.
        limit: Option<i64> = "limit",
    }

    /// Where to read on in the feed.
    GetNewEventsV4Query {
        /// The box.
        box_id: BoxId = "boxId";
        /// Read on after this event; from the oldest one when absent.
        after_event_id: Option<EventId> = "afterEventId",
    }

    /// The query of `GetEvent`.
    GetEventQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The event.
        event_id: EventId = "eventId";
    }
}

impl From<GetNewEventsV6Query> for GetNewEventsQuery {
    fn from(old: GetNewEventsV6Query) -> Self {
        Self {
            box_id: old.box_id,
            after_event_id: old.after_event_id,
            after_index_key: None,
            department_id: old.department_id,
            message_type: old.message_type,
            type_named_id: old.type_named_id,
            document_direction: old.document_direction,
            timestamp_from_ticks: old.timestamp_from_ticks,
            timestamp_to_ticks: old.timestamp_to_ticks,
            counteragent_box_id: old.counteragent_box_id,
            order_by: old.order_by,
            limit: old.limit,
        }
    }
}

impl From<GetNewEventsV4Query> for GetNewEventsQuery {
    fn from(old: GetNewEventsV4Query) -> Self {
        Self { after_event_id: old.after_event_id, ..Self::new(old.box_id) }
    }
}

endpoints! {
    $ Events for_each_events_endpoint;

    /// A page of document events over all boxes of a technology partner.
    GetPartnerEvents get_partner_events = "GetPartnerEvents" 1, Post "/GetPartnerEvents",
    NoQuery, proto::partner_events::GetPartnerEventsRequest
    => proto::partner_events::GetPartnerEventsResponse {
        access: Partner,
        status_codes: &[200, 400, 401, 403, 405, 415, 429, 500],
        example: Some(Example::new("", r#"{"DocumentDirections":["Inbound"],"Limit":10}"#)),
    }

    /// A page of security events.
    GetSecurityEvents get_security_events = "GetSecurityEvents" 1, Get "/V1/GetSecurityEvents",
    GetSecurityEventsQuery, Empty => proto::SecurityEventList {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// A page of the feed.
    GetNewEventsV8 get_new_events_v8 = "GetNewEvents" 8, Get "/V8/GetNewEvents",
    GetNewEventsQuery, Empty => proto::events::BoxEventList {
        access: OneDepartment,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&departmentId={department}")),
    }

    /// A page of the feed.
    GetNewEventsV7 get_new_events_v7 = "GetNewEvents" 7, Get "/V7/GetNewEvents",
    GetNewEventsQuery, Empty => proto::events::BoxEventList {
        access: OneDepartment,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&departmentId={department}")),
        deprecation: R2_ASSUMED,
    }

    /// A page of the feed.
    GetNewEventsV6 get_new_events_v6 = "GetNewEvents" 6, Get "/V6/GetNewEvents",
    GetNewEventsV6Query, Empty => proto::events::BoxEventList {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
        deprecation: R2_ASSUMED,
    }

    /// A page of the feed.
    GetNewEventsV5 get_new_events_v5 = "GetNewEvents" 5, Get "/V5/GetNewEvents",
    GetNewEventsV4Query, Empty => proto::events::BoxEventList {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
        deprecation: R2_ASSUMED,
    }

    /// A page of the feed.
    GetNewEventsV4 get_new_events_v4 = "GetNewEvents" 4, Get "/V4/GetNewEvents",
    GetNewEventsV4Query, Empty => proto::events::BoxEventList {
        access: AllDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
        deprecation: R2,
    }

    /// One event, with contents as far as they fit.
    GetEventV3 get_event_v3 = "GetEvent" 3, Get "/V3/GetEvent",
    GetEventQuery, Empty => proto::events::BoxEvent {
        access: AllDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&eventId={event}")),
    }

    /// One event, with contents as far as they fit.
    GetEventV2 get_event_v2 = "GetEvent" 2, Get "/V2/GetEvent",
    GetEventQuery, Empty => proto::events::BoxEvent {
        access: AllDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&eventId={event}")),
        deprecation: R2_ASSUMED,
    }

    /// The newest event of the feed; 204 when there is none.
    GetLastEventV2 get_last_event_v2 = "GetLastEvent" 2, Get "/V2/GetLastEvent",
    BoxQuery, Empty => Maybe<proto::events::BoxEvent> {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 204, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// The newest event of the feed; 204 when there is none.
    GetLastEvent get_last_event = "GetLastEvent" 1, Get "/GetLastEvent",
    BoxQuery, Empty => Maybe<proto::events::BoxEvent> {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 204, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
        deprecation: R2_ASSUMED,
    }
}
