//! How approval of a document stands in its own box: `Document.ResolutionStatus`.

use potok_domain::docflow::{ApprovalStatus, Approvals};
use potok_domain::{EntityState, MessageState, RequestTarget, Service};
use potok_types::UserId;
use potok_wire::proto::documents::{ResolutionStatus, ResolutionStatusType};

use crate::view::target;

/// `None` when nothing was asked or said, or all of it was taken back. What one side signed or refused is no resolution: it closes them.
pub(super) fn status(state: &MessageState, approvals: &Approvals<'_>) -> Option<ResolutionStatus> {
    let newest = approvals.newest.filter(|_| approvals.exists)?;
    let kind = match approvals.status {
        ApprovalStatus::None
        | ApprovalStatus::SignedWithPrimarySignature
        | ApprovalStatus::PrimarySignatureRejected => ResolutionStatusType::None,
        ApprovalStatus::Approved | ApprovalStatus::SignedWithApprovingSignature => {
            ResolutionStatusType::Approved
        }
        ApprovalStatus::Disapproved => ResolutionStatusType::Disapproved,
        ApprovalStatus::ApprovementRequested | ApprovalStatus::ApprovementSignatureRequested => {
            ResolutionStatusType::ApprovementRequested
        }
        ApprovalStatus::PrimarySignatureRequested => ResolutionStatusType::SignatureRequested,
        ApprovalStatus::SignatureRequestRejected => ResolutionStatusType::SignatureDenied,
        ApprovalStatus::ActionsRequested => ResolutionStatusType::ActionsRequested,
    };
    let request = newest.resolution_request();
    let author = newest.entity.author;
    Some(ResolutionStatus {
        r#type: Some(kind as i32),
        target: request.map(|request| target(&request.target)),
        author_user_id: author.map(|author| author.to_string()).unwrap_or_default(),
        author_fio: said_name(newest)
            .or_else(|| author.and_then(|author| known_name(state, author)))
            .unwrap_or_default()
            .to_owned(),
    })
}

/// The name that an entity carries of whoever made it.
fn said_name(found: &EntityState) -> Option<&str> {
    match found.entity.service()? {
        Service::Resolution(resolution) => Some(&resolution.author_name),
        Service::ResolutionRequest(request) => Some(&request.author_name),
        Service::ResolutionRequestDenial { author_name } | Service::Cancellation { author_name } => {
            Some(author_name)
        }
        Service::ResolutionRouteAssignment(on) | Service::ResolutionRouteRemoval(on) => Some(&on.author_name),
        Service::TemplateTransformation(made) => Some(&made.author_name),
        Service::TemplateRefusal(refusal) => Some(&refusal.author_name),
        _ => None,
    }
}

/// Signatures carry no name of their author; somebody who was asked, or who said something else here, is known by it.
fn known_name(state: &MessageState, user: UserId) -> Option<&str> {
    state.entities().iter().rev().find_map(|found| {
        let asked = found.resolution_request().and_then(|request| match &request.target {
            RequestTarget::User { id, name } if *id == user => Some(name.as_str()),
            _ => None,
        });
        asked.or_else(|| said_name(found).filter(|_| found.entity.author == Some(user)))
    })
}
