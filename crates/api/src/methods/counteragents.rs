//! Partners and their groups.

use potok_types::access::{Administers, BoxEmployee, EncryptsDocuments, ManagesCounteragents, TaskOwner};
use potok_types::{BoxId, DepartmentId, OrgId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery, MY_BOX, MY_ORG, PageQuery, TaskQuery};
use crate::params::queries;
use crate::spec::dates::{R1, R1_ASSUMED};
use crate::{Deprecation, Empty, Example, Maybe, Opaque};

queries! {
    /// The query of `AcquireCounteragent`.
    AcquireCounteragentQuery {
        /// The caller's box.
        my_box_id: BoxId = "myBoxId";
        /// The caller's department on whose behalf the call is made.
        my_department_id: Option<DepartmentId> = "myDepartmentId",
    }

    /// The query of `AcquireCounteragent`.
    AcquireCounteragentByOrganizationQuery {
        /// The caller's organization.
        my_org_id: OrgId = "myOrgId";
        /// The caller's department on whose behalf the call is made.
        my_department_id: Option<DepartmentId> = "myDepartmentId",
    }

    /// The query of `AcquireCounteragent`.
    AcquireCounteragentV1Query {
        /// The caller's organization.
        my_org_id: OrgId = "myOrgId",
        /// The organization of the other side.
        counteragent_org_id: OrgId = "counteragentOrgId";
        /// A comment for the other side.
        comment: Option<String> = "comment",
        /// The caller's department on whose behalf the call is made.
        my_department_id: Option<DepartmentId> = "myDepartmentId",
    }

    /// The query of `BreakWithCounteragent`.
    BreakWithCounteragentQuery {
        /// The caller's box.
        my_box_id: BoxId = "myBoxId",
        /// The box of the other side.
        counteragent_box_id: BoxId = "counteragentBoxId";
        /// A comment for the other side.
        comment: Option<String> = "comment",
    }

    /// The query of `BreakWithCounteragent`.
    BreakWithCounteragentByOrganizationQuery {
        /// The caller's organization.
        my_org_id: OrgId = "myOrgId",
        /// The organization of the other side.
        counteragent_org_id: OrgId = "counteragentOrgId";
        /// A comment for the other side.
        comment: Option<String> = "comment",
    }

    /// A call about one partner.
    CounteragentQuery {
        /// The caller's box.
        my_box_id: BoxId = "myBoxId",
        /// The box of the other side.
        counteragent_box_id: BoxId = "counteragentBoxId";
    }

    /// A call about one partner, by organizations.
    CounteragentByOrganizationQuery {
        /// The caller's organization.
        my_org_id: OrgId = "myOrgId",
        /// The organization of the other side.
        counteragent_org_id: OrgId = "counteragentOrgId";
    }

    /// The query of `GetCounteragents`.
    CounteragentsQuery {
        /// The caller's box.
        my_box_id: BoxId = "myBoxId";
        /// Only this status: `IsMyCounteragent`, `InvitesMe`, `IsInvitedByMe`, `Rejected`.
        counteragent_status: Option<String> = "counteragentStatus",
        /// Read on after this position, as the last answer gave it.
        after_index_key: Option<Opaque> = "afterIndexKey",
        /// Part of a name or a taxpayer number.
        query: Option<String> = "query",
        /// How many items to return at most.
        page_size: Option<i64> = "pageSize",
    }

    /// The query of `GetCounteragents`.
    CounteragentsByOrganizationQuery {
        /// The caller's organization.
        my_org_id: OrgId = "myOrgId";
        /// Only this status: `IsMyCounteragent`, `InvitesMe`, `IsInvitedByMe`, `Rejected`.
        counteragent_status: Option<String> = "counteragentStatus",
        /// Read on after this position, as the last answer gave it.
        after_index_key: Option<Opaque> = "afterIndexKey",
        /// Part of a name or a taxpayer number.
        query: Option<String> = "query",
        /// How many items to return at most.
        page_size: Option<i64> = "pageSize",
    }

    /// The query of `GetCounteragents`.
    CounteragentsV1Query {
        /// The caller's organization.
        my_org_id: OrgId = "myOrgId";
        /// Only this status: `IsMyCounteragent`, `InvitesMe`, `IsInvitedByMe`, `Rejected`.
        counteragent_status: Option<String> = "counteragentStatus",
        /// Read on after this position, as the last answer gave it.
        after_index_key: Option<Opaque> = "afterIndexKey",
    }

    /// The query of `GetCounteragentEvents`.
    GetCounteragentEventsQuery {
        /// The box.
        box_id: BoxId = "boxId";
        /// Read on after this position, as the last answer gave it.
        after_index_key: Option<Opaque> = "afterIndexKey",
        /// Not earlier than this, in ticks.
        timestamp_from_ticks: Option<i64> = "timestampFromTicks",
        /// Not later than this, in ticks.
        timestamp_to_ticks: Option<i64> = "timestampToTicks",
        /// How many items to return at most.
        limit: Option<i64> = "limit",
    }

    /// A call about one group of partners.
    CounteragentGroupQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The group; the all-zero GUID is the default group.
        counteragent_group_id: String = "counteragentGroupId";
    }

    /// The query of `AddCounteragentToGroup`.
    AddCounteragentToGroupQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The group; the all-zero GUID is the default group.
        counteragent_group_id: String = "counteragentGroupId",
        /// The box of the other side.
        counteragent_box_id: BoxId = "counteragentBoxId";
    }

    /// The query of `GetCounteragentsFromGroup`.
    GetCounteragentsFromGroupQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The group; the all-zero GUID is the default group.
        counteragent_group_id: String = "counteragentGroupId";
        /// Read on after this position, as the last answer gave it.
        after_index_key: Option<Opaque> = "afterIndexKey",
        /// How many items to return at most.
        count: Option<i64> = "count",
    }
}

endpoints! {
    $ Counteragents for_each_counteragents_endpoint;

    /// Invites a partner or accepts an invitation.
    AcquireCounteragentV3 acquire_counteragent_v3 = "AcquireCounteragent" 3, Post "/V3/AcquireCounteragent",
    AcquireCounteragentQuery, proto::AcquireCounteragentRequest => proto::AsyncMethodResult {
        access: ManagesCounteragents<BoxEmployee>,
        box_in: MY_BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new("myBoxId={box}", r#"{"BoxId":"{partner}","MessageToCounteragent":"Здравствуйте"}"#)),
    }

    /// What became of an invitation; 204 while it is not settled.
    AcquireCounteragentResultV2 acquire_counteragent_result_v2 =
        "AcquireCounteragentResult" 2, Get "/V2/AcquireCounteragentResult",
    TaskQuery, Empty => Maybe<proto::AcquireCounteragentResultV2> {
        access: TaskOwner,
        status_codes: &[200, 204, 400, 401, 403, 404, 405, 409, 429, 500],
        deprecation: Deprecation::Announced,
        example: Some(Example::query("taskId={task}")),
    }

    /// Invites a partner or accepts an invitation.
    AcquireCounteragentV2 acquire_counteragent_v2 = "AcquireCounteragent" 2, Post "/V2/AcquireCounteragent",
    AcquireCounteragentByOrganizationQuery, proto::AcquireCounteragentRequest => proto::AsyncMethodResult {
        access: ManagesCounteragents<BoxEmployee>,
        box_in: MY_ORG,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        deprecation: R1,
        example: Some(Example::new("myOrgId={org}", r#"{"OrgId":"{partner_org}"}"#)),
    }

    /// Invites a partner or accepts an invitation.
    AcquireCounteragent acquire_counteragent = "AcquireCounteragent" 1, Post "/AcquireCounteragent",
    AcquireCounteragentV1Query, Empty => Empty {
        access: ManagesCounteragents<BoxEmployee>,
        box_in: MY_ORG,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        deprecation: R1,
        example: Some(Example::query("myOrgId={org}&counteragentOrgId={partner_org}")),
    }

    /// What became of an invitation; 204 while it is not settled.
    AcquireCounteragentResult acquire_counteragent_result =
        "AcquireCounteragentResult" 1, Get "/AcquireCounteragentResult",
    TaskQuery, Empty => Maybe<proto::AcquireCounteragentResult> {
        access: TaskOwner,
        status_codes: &[200, 204, 400, 401, 403, 404, 405, 409, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("taskId={task}")),
    }

    /// Ends a partnership or declines an invitation.
    BreakWithCounteragentV2 break_with_counteragent_v2 =
        "BreakWithCounteragent" 2, Post "/V2/BreakWithCounteragent",
    BreakWithCounteragentQuery, Empty => Empty {
        access: ManagesCounteragents<BoxEmployee>,
        box_in: MY_BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 409, 429, 500],
        example: Some(Example::query("myBoxId={box}&counteragentBoxId={partner}")),
    }

    /// Ends a partnership or declines an invitation.
    BreakWithCounteragent break_with_counteragent = "BreakWithCounteragent" 1, Post "/BreakWithCounteragent",
    BreakWithCounteragentByOrganizationQuery, Empty => Empty {
        access: ManagesCounteragents<BoxEmployee>,
        box_in: MY_ORG,
        status_codes: &[200, 400, 401, 402, 403, 405, 409, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("myOrgId={org}&counteragentOrgId={partner_org}")),
    }

    /// One partner.
    GetCounteragentV3 get_counteragent_v3 = "GetCounteragent" 3, Get "/V3/GetCounteragent",
    CounteragentQuery, Empty => proto::Counteragent {
        access: BoxEmployee,
        box_in: MY_BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("myBoxId={box}&counteragentBoxId={partner}")),
    }

    /// One partner.
    GetCounteragentV2 get_counteragent_v2 = "GetCounteragent" 2, Get "/V2/GetCounteragent",
    CounteragentByOrganizationQuery, Empty => proto::Counteragent {
        access: BoxEmployee,
        box_in: MY_ORG,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("myOrgId={org}&counteragentOrgId={partner_org}")),
    }

    /// One partner.
    GetCounteragent get_counteragent = "GetCounteragent" 1, Get "/GetCounteragent",
    CounteragentByOrganizationQuery, Empty => proto::Counteragent {
        access: BoxEmployee,
        box_in: MY_ORG,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        deprecation: R1,
        example: Some(Example::query("myOrgId={org}&counteragentOrgId={partner_org}")),
    }

    /// A page of the partners.
    GetCounteragentsV3 get_counteragents_v3 = "GetCounteragents" 3, Get "/V3/GetCounteragents",
    CounteragentsQuery, Empty => proto::CounteragentList {
        access: BoxEmployee,
        box_in: MY_BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("myBoxId={box}")),
    }

    /// A page of the partners.
    GetCounteragentsV2 get_counteragents_v2 = "GetCounteragents" 2, Get "/V2/GetCounteragents",
    CounteragentsByOrganizationQuery, Empty => proto::CounteragentList {
        access: BoxEmployee,
        box_in: MY_ORG,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("myOrgId={org}")),
    }

    /// A page of the partners.
    GetCounteragents get_counteragents = "GetCounteragents" 1, Get "/GetCounteragents",
    CounteragentsV1Query, Empty => proto::CounteragentList {
        access: BoxEmployee,
        box_in: MY_ORG,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("myOrgId={org}")),
    }

    /// Certificates of a partner, to encrypt for.
    GetCounteragentCertificatesV2 get_counteragent_certificates_v2 =
        "GetCounteragentCertificates" 2, Get "/V2/GetCounteragentCertificates",
    CounteragentQuery, Empty => proto::CounteragentCertificateList {
        access: EncryptsDocuments<BoxEmployee>,
        box_in: MY_BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("myBoxId={box}&counteragentBoxId={customer}")),
    }

    /// Certificates of a partner, to encrypt for.
    GetCounteragentCertificates get_counteragent_certificates =
        "GetCounteragentCertificates" 1, Get "/GetCounteragentCertificates",
    CounteragentByOrganizationQuery, Empty => proto::CounteragentCertificateList {
        access: EncryptsDocuments<BoxEmployee>,
        box_in: MY_ORG,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("myOrgId={org}&counteragentOrgId={customer_org}")),
    }

    /// A page of what happened to partnerships.
    GetCounteragentEvents get_counteragent_events =
        "GetCounteragentEvents" 1, Get "/V1/GetCounteragentEvents",
    GetCounteragentEventsQuery, Empty => proto::events::BoxCounteragentEventList {
        access: ManagesCounteragents<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Adds a group of partners.
    CreateCounteragentGroup create_counteragent_group =
        "CreateCounteragentGroup" 1, Post "/CreateCounteragentGroup",
    BoxQuery, proto::counteragent_groups::CounteragentGroupToCreate
    => proto::counteragent_groups::CounteragentGroup {
        access: ManagesCounteragents<Administers<BoxEmployee>>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new("boxId={box}", r#"{"Name":"Север"}"#)),
    }

    /// Changes a group of partners.
    UpdateCounteragentGroup update_counteragent_group =
        "UpdateCounteragentGroup" 1, Post "/UpdateCounteragentGroup",
    CounteragentGroupQuery, proto::counteragent_groups::CounteragentGroupToUpdate
    => proto::counteragent_groups::CounteragentGroup {
        access: ManagesCounteragents<Administers<BoxEmployee>>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new("boxId={box}&counteragentGroupId={group}", r#"{"Name":"Юг"}"#)),
    }

    /// Removes a group of partners.
    DeleteCounteragentGroup delete_counteragent_group =
        "DeleteCounteragentGroup" 1, Post "/DeleteCounteragentGroup",
    CounteragentGroupQuery, Empty => Empty {
        access: ManagesCounteragents<Administers<BoxEmployee>>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&counteragentGroupId={spare_group}")),
    }

    /// One group of partners.
    GetCounteragentGroup get_counteragent_group = "GetCounteragentGroup" 1, Get "/GetCounteragentGroup",
    CounteragentGroupQuery, Empty => proto::counteragent_groups::CounteragentGroup {
        access: ManagesCounteragents<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&counteragentGroupId={group}")),
    }

    /// A page of the groups of partners.
    GetCounteragentGroups get_counteragent_groups = "GetCounteragentGroups" 1, Get "/GetCounteragentGroups",
    PageQuery, Empty => proto::counteragent_groups::CounteragentGroupsList {
        access: ManagesCounteragents<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Moves a partner to a group.
    AddCounteragentToGroup add_counteragent_to_group =
        "AddCounteragentToGroup" 1, Post "/AddCounteragentToGroup",
    AddCounteragentToGroupQuery, Empty => Empty {
        access: ManagesCounteragents<Administers<BoxEmployee>>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&counteragentGroupId={group}&counteragentBoxId={partner}")),
    }

    /// A page of the partners of a group.
    GetCounteragentsFromGroup get_counteragents_from_group =
        "GetCounteragentsFromGroup" 1, Get "/GetCounteragentsFromGroup",
    GetCounteragentsFromGroupQuery, Empty => proto::counteragent_groups::CounteragentFromGroupResponse {
        access: ManagesCounteragents<Administers<BoxEmployee>>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&counteragentGroupId={group}")),
    }
}
