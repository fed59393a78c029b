//! Approval inside the organization.

use potok_domain::command::{
    NewCancellation, NewDenial, NewResolution, NewResolutionRequest, NewRouteStep, Source,
};
use potok_domain::{Decision, RequestKind};
use potok_types::id_at;
use potok_wire::proto::ResolutionType;
use potok_wire::proto::events::{
    ResolutionAttachment, ResolutionRequestAttachment, ResolutionRequestCancellationAttachment,
    ResolutionRequestDenialAttachment, ResolutionRequestDenialCancellationAttachment,
    ResolutionRouteAssignment, ResolutionRouteRemoval,
};

use super::super::fields::optional_id;
use super::comment;
use crate::BadRequest;

pub(super) fn resolution(
    path: String,
    item: ResolutionAttachment,
) -> Result<NewResolution<Source>, BadRequest> {
    const WITHDRAW: i32 = ResolutionType::UndefinedResolutionType as i32;
    let decision = match item.resolution_type {
        WITHDRAW => None,
        number => Some(Decision::from_number(number).ok_or_else(|| {
            let reason = "must be Approve, Disapprove, or UndefinedResolutionType to withdraw the last one";
            BadRequest::invalid(format!("{path}.ResolutionType"), reason)
        })?),
    };
    Ok(NewResolution {
        parent: id_at(format!("{path}.InitialDocumentId"), &item.initial_document_id)?,
        decision,
        comment: comment(item.comment),
        labels: item.labels,
        path,
    })
}

pub(super) fn request(
    path: String,
    item: ResolutionRequestAttachment,
) -> Result<NewResolutionRequest<Source>, BadRequest> {
    let kind = RequestKind::from_number(item.r#type).ok_or_else(|| {
        let reason = "must be ApprovementRequest, SignatureRequest or ApprovementSignatureRequest";
        BadRequest::invalid(format!("{path}.Type"), reason)
    })?;
    Ok(NewResolutionRequest {
        parent: id_at(format!("{path}.InitialDocumentId"), &item.initial_document_id)?,
        kind,
        user: optional_id(format!("{path}.TargetUserId"), item.target_user_id)?,
        department: optional_id(format!("{path}.TargetDepartmentId"), item.target_department_id)?,
        comment: comment(item.comment),
        labels: item.labels,
        path,
    })
}

pub(super) fn cancellation(
    path: String,
    item: ResolutionRequestCancellationAttachment,
) -> Result<NewCancellation<Source>, BadRequest> {
    Ok(NewCancellation {
        target: id_at(format!("{path}.InitialResolutionRequestId"), &item.initial_resolution_request_id)?,
        is_of_denial: false,
        comment: comment(item.comment),
        labels: item.labels,
        path,
    })
}

pub(super) fn denial_cancellation(
    path: String,
    item: ResolutionRequestDenialCancellationAttachment,
) -> Result<NewCancellation<Source>, BadRequest> {
    let target = item.initial_resolution_request_denial_id;
    Ok(NewCancellation {
        target: id_at(format!("{path}.InitialResolutionRequestDenialId"), &target)?,
        is_of_denial: true,
        comment: comment(None),
        labels: Vec::new(),
        path,
    })
}

pub(super) fn denial(
    path: String,
    item: ResolutionRequestDenialAttachment,
) -> Result<NewDenial<Source>, BadRequest> {
    Ok(NewDenial {
        request: id_at(format!("{path}.InitialResolutionRequestId"), &item.initial_resolution_request_id)?,
        comment: comment(item.comment),
        labels: item.labels,
        path,
    })
}

pub(super) fn route_assignment(
    path: String,
    item: ResolutionRouteAssignment,
) -> Result<NewRouteStep<Source>, BadRequest> {
    Ok(NewRouteStep {
        document: id_at(format!("{path}.InitialDocumentId"), &item.initial_document_id)?,
        route: id_at(format!("{path}.RouteId"), &item.route_id)?,
        comment: comment(item.comment),
        labels: item.labels,
        path,
    })
}

pub(super) fn route_removal(
    path: String,
    item: ResolutionRouteRemoval,
) -> Result<NewRouteStep<Source>, BadRequest> {
    Ok(NewRouteStep {
        document: id_at(format!("{path}.ParentEntityId"), &item.parent_entity_id)?,
        route: id_at(format!("{path}.RouteId"), &item.route_id)?,
        comment: comment(item.comment),
        labels: item.labels,
        path,
    })
}
