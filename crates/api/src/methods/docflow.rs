//! Documents with the state of their exchange.

use potok_types::access::{AllDocuments, FilteredDocuments, OneDepartment};
use potok_wire::proto;

use crate::Example;
use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery};
use crate::spec::dates::{R1_ASSUMED, R2_ASSUMED};

/// What is asked of one document.
const BATCH: Option<Example> = Some(Example::new(
    "boxId={box}",
    r#"{"Requests":[{"DocumentId":{"MessageId":"{message}","EntityId":"{document}"}}]}"#,
));
/// What happened in one department.
const EVENTS: Option<Example> =
    Some(Example::new("boxId={box}", r#"{"DepartmentId":"{department}","Filter":{}}"#));
/// What lies together.
const PACKET: Option<Example> = Some(Example::new("boxId={box}", r#"{"PacketId":"{packet}"}"#));
/// What is found by a number.
const SEARCH: Option<Example> = Some(Example::new("boxId={box}", r#"{"QueryString":"{number}"}"#));

endpoints! {
    $ Docflow for_each_docflow_endpoint;

    /// Documents by their ids, each with the state of its exchange.
    GetDocflowsV5 get_docflows_v5 = "GetDocflows" 5, Post "/V5/GetDocflows",
    BoxQuery, proto::docflow::GetDocflowBatchRequest => proto::docflow::GetDocflowBatchResponseV5 {
        access: AllDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: BATCH,
        documented: false,
    }

    /// A page of events with the state of the exchange before and after.
    GetDocflowEventsV5 get_docflow_events_v5 = "GetDocflowEvents" 5, Post "/V5/GetDocflowEvents",
    BoxQuery, proto::docflow::GetDocflowEventsRequest => proto::docflow::GetDocflowEventsResponseV5 {
        access: OneDepartment,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: EVENTS,
        documented: false,
    }

    /// Documents found by words, each with the state of its exchange.
    SearchDocflowsV5 search_docflows_v5 = "SearchDocflows" 5, Post "/V5/SearchDocflows",
    BoxQuery, proto::docflow::SearchDocflowsRequest => proto::docflow::SearchDocflowsResponseV5 {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: SEARCH,
        documented: false,
    }

    /// Documents of one packet, each with the state of its exchange.
    GetDocflowsByPacketIdV5 get_docflows_by_packet_id_v5 =
        "GetDocflowsByPacketId" 5, Post "/V5/GetDocflowsByPacketId",
    BoxQuery, proto::docflow::GetDocflowsByPacketIdRequest
    => proto::docflow::GetDocflowsByPacketIdResponseV5 {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: PACKET,
        documented: false,
    }

    /// Documents by their ids, each with the state of its exchange.
    GetDocflowsV4 get_docflows_v4 = "GetDocflows" 4, Post "/V4/GetDocflows",
    BoxQuery, proto::docflow::GetDocflowBatchRequest => proto::docflow::GetDocflowBatchResponseV4 {
        access: AllDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: BATCH,
    }

    /// A page of events with the state of the exchange before and after.
    GetDocflowEventsV4 get_docflow_events_v4 = "GetDocflowEvents" 4, Post "/V4/GetDocflowEvents",
    BoxQuery, proto::docflow::GetDocflowEventsRequest => proto::docflow::GetDocflowEventsResponseV4 {
        access: OneDepartment,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: EVENTS,
    }

    /// Documents found by words, each with the state of its exchange.
    SearchDocflowsV4 search_docflows_v4 = "SearchDocflows" 4, Post "/V4/SearchDocflows",
    BoxQuery, proto::docflow::SearchDocflowsRequest => proto::docflow::SearchDocflowsResponseV4 {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: SEARCH,
    }

    /// Documents of one packet, each with the state of its exchange.
    GetDocflowsByPacketIdV4 get_docflows_by_packet_id_v4 =
        "GetDocflowsByPacketId" 4, Post "/V4/GetDocflowsByPacketId",
    BoxQuery, proto::docflow::GetDocflowsByPacketIdRequest
    => proto::docflow::GetDocflowsByPacketIdResponseV4 {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: PACKET,
    }

    /// Documents by their ids, each with the state of its exchange.
    GetDocflowsV3 get_docflows_v3 = "GetDocflows" 3, Post "/V3/GetDocflows",
    BoxQuery, proto::docflow::GetDocflowBatchRequest => proto::docflow::GetDocflowBatchResponseV3 {
        access: AllDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: BATCH,
        deprecation: R2_ASSUMED,
    }

    /// A page of events with the state of the exchange before and after.
    GetDocflowEventsV3 get_docflow_events_v3 = "GetDocflowEvents" 3, Post "/V3/GetDocflowEvents",
    BoxQuery, proto::docflow::GetDocflowEventsRequest => proto::docflow::GetDocflowEventsResponseV3 {
        access: OneDepartment,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: EVENTS,
        deprecation: R2_ASSUMED,
    }

    /// Documents found by words, each with the state of its exchange.
    SearchDocflowsV3 search_docflows_v3 = "SearchDocflows" 3, Post "/V3/SearchDocflows",
    BoxQuery, proto::docflow::SearchDocflowsRequest => proto::docflow::SearchDocflowsResponseV3 {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: SEARCH,
        deprecation: R2_ASSUMED,
    }

    /// Documents of one packet, each with the state of its exchange.
    GetDocflowsByPacketIdV3 get_docflows_by_packet_id_v3 =
        "GetDocflowsByPacketId" 3, Post "/V3/GetDocflowsByPacketId",
    BoxQuery, proto::docflow::GetDocflowsByPacketIdRequest
    => proto::docflow::GetDocflowsByPacketIdResponseV3 {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: PACKET,
        deprecation: R2_ASSUMED,
    }

    /// Documents by their ids, each with the state of its exchange.
    GetDocflowsV2 get_docflows_v2 = "GetDocflows" 2, Post "/V2/GetDocflows",
    BoxQuery, proto::docflow::GetDocflowBatchRequest => proto::docflow::GetDocflowBatchResponse {
        access: AllDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: BATCH,
        deprecation: R1_ASSUMED,
    }

    /// A page of events with the state of the exchange before and after.
    GetDocflowEventsV2 get_docflow_events_v2 = "GetDocflowEvents" 2, Post "/V2/GetDocflowEvents",
    BoxQuery, proto::docflow::GetDocflowEventsRequest => proto::docflow::GetDocflowEventsResponse {
        access: OneDepartment,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: EVENTS,
        deprecation: R1_ASSUMED,
    }

    /// Documents found by words, each with the state of its exchange.
    SearchDocflowsV2 search_docflows_v2 = "SearchDocflows" 2, Post "/V2/SearchDocflows",
    BoxQuery, proto::docflow::SearchDocflowsRequest => proto::docflow::SearchDocflowsResponse {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: SEARCH,
        deprecation: R1_ASSUMED,
    }

    /// Documents of one packet, each with the state of its exchange.
    GetDocflowsByPacketIdV2 get_docflows_by_packet_id_v2 =
        "GetDocflowsByPacketId" 2, Post "/V2/GetDocflowsByPacketId",
    BoxQuery, proto::docflow::GetDocflowsByPacketIdRequest => proto::docflow::GetDocflowsByPacketIdResponse {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: PACKET,
        deprecation: R1_ASSUMED,
    }

    /// Documents found by words, each with the state of its exchange.
    SearchDocflows search_docflows = "SearchDocflows" 1, Post "/SearchDocflows",
    BoxQuery, proto::docflow::SearchDocflowsRequest => proto::docflow::SearchDocflowsResponse {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: SEARCH,
        deprecation: R1_ASSUMED,
    }
}
