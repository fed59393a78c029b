//! `AcquireCounteragent` and `AcquireCounteragentResult`.

use http::HeaderValue;
use http::header::RETRY_AFTER;
use potok_api::methods::{
    AcquireCounteragent, AcquireCounteragentResult, AcquireCounteragentResultV2, AcquireCounteragentV2,
    AcquireCounteragentV3, TaskQuery,
};
use potok_api::{Empty, Endpoint, Maybe};
use potok_app::{AcquireRequest, Acquired, CounteragentName};
use potok_translate::answers::counteragents::document_id;
use potok_translate::post::invitation_document;
use potok_translate::read::counteragents::{self as read, Invited};
use potok_types::DepartmentId;
use potok_types::access::{BoxEmployee, ManagesCounteragents, TaskOwner};
use potok_wire::proto;
use potok_wire::proto::AcquireCounteragentRequest;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::handlers::exchange::operation;
use crate::registry::Registry;

/// When to ask again.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("1");

pub(super) fn register(all: &mut Registry) {
    all.on::<AcquireCounteragent, _>(v1);
    all.on::<AcquireCounteragentV2, _>(v2);
    all.on::<AcquireCounteragentV3, _>(v3);
    all.on::<AcquireCounteragentResult, _>(result_v1);
    all.on::<AcquireCounteragentResultV2, _>(result_v2);
}

async fn v1(mut call: Call<AcquireCounteragent>) -> Result<Answer, ApiError> {
    let request = AcquireRequest {
        target: CounteragentName::Organization("counteragentOrgId", call.query.counteragent_org_id),
        message: read::bounded("comment", call.query.comment.take(), read::MESSAGE_CHARS)?,
        document: None,
        department: call.query.my_department_id,
        call: None,
    };
    call.partners().acquire(&call.permit, request).await?;
    Ok(call.answer(&Empty))
}

async fn v2(call: Call<AcquireCounteragentV2>) -> Result<Answer, ApiError> {
    let department = call.query.my_department_id;
    acquire(call, department).await
}

async fn v3(call: Call<AcquireCounteragentV3>) -> Result<Answer, ApiError> {
    let department = call.query.my_department_id;
    acquire(call, department).await
}

async fn acquire<E>(mut call: Call<E>, department: Option<DepartmentId>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Request = AcquireCounteragentRequest,
            Access = ManagesCounteragents<BoxEmployee>,
            Response = proto::AsyncMethodResult,
        >,
{
    let posted = std::mem::take(&mut call.body);
    let target = match read::invited(&posted)? {
        Invited::Box(id) => CounteragentName::Box("AcquireCounteragentRequest.BoxId", id),
        Invited::Organization(id) => CounteragentName::Organization("AcquireCounteragentRequest.OrgId", id),
        Invited::Inn(inn) => CounteragentName::Inn(inn),
    };
    let message = posted.message_to_counteragent.filter(|text| !text.is_empty());
    let document = posted.invitation_document.map(invitation_document).transpose()?;
    let user = Some(call.permit.user.id);
    let repeat = operation("AcquireCounteragent", None, user, call.room(), &call.incoming.body).await?;
    let request = AcquireRequest { target, message, document, department, call: Some(repeat) };
    let task = call.partners().acquire(&call.permit, request).await?;
    Ok(call.answer(&proto::AsyncMethodResult { task_id: Some(task.to_string()) }))
}

async fn result_v1(call: Call<AcquireCounteragentResult>) -> Result<Answer, ApiError> {
    result(call, |found| proto::AcquireCounteragentResult {
        org_id: found.organization.org_id.to_string(),
        invitation_document_id: found.document.map(document_id),
    })
    .await
}

async fn result_v2(call: Call<AcquireCounteragentResultV2>) -> Result<Answer, ApiError> {
    result(call, |found| proto::AcquireCounteragentResultV2 {
        box_id: found.organization.box_id.guid(),
        invitation_document_id: found.document.map(document_id),
    })
    .await
}

async fn result<E, R>(call: Call<E>, show: impl FnOnce(Acquired) -> R) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = TaskQuery, Access = TaskOwner, Response = Maybe<R>>,
{
    let task = read::task_id(&call.query.task_id)?;
    match call.partners().acquired(&call.permit, task).await? {
        Some(found) => Ok(call.answer(&Maybe(Some(show(found))))),
        None => Ok(Answer::no_content().with(RETRY_AFTER, RETRY_SECONDS)),
    }
}
