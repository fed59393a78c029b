//! What the API tells of a service file beside its bytes.

use potok_domain::approval;
use potok_domain::powers::{AttachedPower, Validation};
use potok_domain::{
    DocumentRef, EntityState, MessageState, RequestKind, RequestTarget, ResolutionRequest, Service,
    TemplateTransformation, UniversalMessage,
};
use potok_wire::proto::events::{
    CancellationInfo, Entity, MoveDocumentInfo, PowerOfAttorneyInfo, ResolutionInfo,
    ResolutionRequestDenialInfo, ResolutionRequestInfo, ResolutionRouteAssignmentInfo,
    ResolutionRouteRemovalInfo, RevocationRequestInfo, TemplateRefusalInfo, TemplateTransformationChangeInfo,
    TemplateTransformationInfo,
};
use potok_wire::proto::{
    ResolutionAction, ResolutionTarget, TemplateTransformationChangeType, UniversalMessageCreator,
    UniversalMessageEvent, UniversalMessageInfo,
};

use super::flag;
use crate::answers::powers_of_attorney;
use crate::document;

/// Fills the field of `shown` that belongs to this kind of file.
pub(super) fn service_info(shown: &mut Entity, state: &MessageState, found: &EntityState, service: &Service) {
    let parent = || found.entity.parent.map(|parent| parent.to_string());
    match service {
        Service::DeliveryFailureNotification { event } => {
            shown.not_delivered_event_id = Some(event.to_string());
        }
        Service::RevocationRequest { initiator } => {
            shown.revocation_request_info =
                Some(RevocationRequestInfo { initiator_box_id: initiator.to_string() });
        }
        Service::Resolution(resolution) => {
            shown.resolution_info = Some(ResolutionInfo {
                resolution_type: Some(resolution.decision as i32),
                author: resolution.author_name.clone(),
                initial_request_id: resolution.request.map(|request| request.to_string()),
            });
        }
        Service::ResolutionRequest(request) => {
            shown.resolution_request_info = Some(request_info(state, found, request));
        }
        Service::ResolutionRequestDenial { author_name } => {
            shown.resolution_request_denial_info = Some(ResolutionRequestDenialInfo {
                author: author_name.clone(),
                initial_request_id: parent(),
            });
        }
        Service::ResolutionRouteAssignment(on) => {
            shown.resolution_route_assignment_info = Some(ResolutionRouteAssignmentInfo {
                route_id: on.route.to_string(),
                author: on.author_name.clone(),
            });
        }
        Service::ResolutionRouteRemoval(on) => {
            shown.resolution_route_removal_info = Some(ResolutionRouteRemovalInfo {
                route_id: on.route.to_string(),
                author: on.author_name.clone(),
            });
        }
        Service::Cancellation { author_name } => {
            shown.cancellation_info = Some(CancellationInfo { author: author_name.clone() });
        }
        Service::MoveDocument { from, to } => {
            shown.move_document_info = Some(MoveDocumentInfo {
                moved_from_department: from.to_string(),
                moved_to_department: to.to_string(),
            });
        }
        Service::UniversalMessage(message) => {
            shown.universal_message_info = Some(universal_message_info(message));
        }
        Service::TemplateTransformation(made) => {
            shown.template_transformation_info = Some(TemplateTransformationInfo {
                transformed_to_document_id: Some(document::id(made_of(made))),
                author: Some(made.author_name.clone()),
            });
        }
        Service::TemplateRefusal(refusal) => {
            shown.template_refusal_info = Some(TemplateRefusalInfo {
                r#type: refusal.kind as i32,
                box_id: refusal.box_id.to_string(),
                author: Some(refusal.author_name.clone()),
                comment: found.entity.text.clone(),
            });
        }
        Service::TransformationChange(change) => {
            shown.template_transformation_change_info = Some(TemplateTransformationChangeInfo {
                change_type: Some(TemplateTransformationChangeType::SignatureRejection as i32),
                change_initiator_box_id: Some(change.initiator.to_string()),
                author: None,
            });
        }
        Service::Comment
        | Service::StructuredData
        | Service::Receipt
        | Service::InvoiceReceipt
        | Service::SignatureRequestRejection
        | Service::XmlSignatureRejection
        | Service::Confirmation
        | Service::SignatureVerificationReport
        | Service::Title(_)
        | Service::AmendmentRequest
        | Service::TagChange(_)
        | Service::DeletionRestoration
        | Service::FixationCancellation
        | Service::Edition
        | Service::RoamingNotification { .. } => {}
        Service::PowerOfAttorney(power) => {
            shown.power_of_attorney_info = Some(Box::new(power_info(power, None)))
        }
        Service::PowerOfAttorneyStatus(validation) => {
            let parent = found.entity.parent.and_then(|parent| state.entity(parent));
            let power = parent.and_then(|parent| parent.entity.power());
            shown.power_of_attorney_info = power.map(|power| Box::new(power_info(power, Some(validation))));
        }
    }
}

fn power_info(power: &AttachedPower, validation: Option<&Validation>) -> PowerOfAttorneyInfo {
    PowerOfAttorneyInfo {
        full_id: powers_of_attorney::full_id(&power.name),
        status: validation.map(powers_of_attorney::validation),
        roaming_sending_status: None,
        sending_type: Some(power.sending as i32),
    }
}

/// The document that was made of one of a template.
pub(crate) fn made_of(made: &TemplateTransformation) -> DocumentRef {
    DocumentRef { message_id: made.letter, entity_id: made.document }
}

/// A request as it stands at `state`: once it is answered or withdrawn, there is nothing left to do.
fn request_info(
    state: &MessageState,
    found: &EntityState,
    request: &ResolutionRequest,
) -> ResolutionRequestInfo {
    let standing = approval::request_standing(state, found.entity.id);
    ResolutionRequestInfo {
        request_type: Some(request.kind as i32),
        author: request.author_name.clone(),
        target: Some(target(&request.target)),
        resolved_with: standing.resolved_with().map(|answer| answer.to_string()),
        actions: if standing.is_open() { actions(request.kind) } else { Vec::new() },
    }
}

/// How the addressee may answer a request.
pub(crate) fn actions(kind: RequestKind) -> Vec<i32> {
    let actions: &[ResolutionAction] = match kind {
        RequestKind::Approvement | RequestKind::Custom => {
            &[ResolutionAction::ApproveAction, ResolutionAction::DisapproveAction]
        }
        RequestKind::Signature => &[
            ResolutionAction::SignWithPrimarySignature,
            ResolutionAction::DenySignatureRequest,
            ResolutionAction::RejectSigning,
        ],
        RequestKind::ApprovementSignature => {
            &[ResolutionAction::SignWithApprovementSignature, ResolutionAction::DenySignatureRequest]
        }
    };
    actions.iter().map(|action| *action as i32).collect()
}

/// Who is asked, by id and by the name of that time.
pub(crate) fn target(target: &RequestTarget) -> ResolutionTarget {
    match target {
        RequestTarget::User { id, name } => ResolutionTarget {
            user: Some(name.clone()),
            user_id: Some(id.to_string()),
            ..ResolutionTarget::default()
        },
        RequestTarget::Department { id, name } => ResolutionTarget {
            department: Some(name.clone()),
            department_id: Some(id.to_string()),
            ..ResolutionTarget::default()
        },
    }
}

/// What a universal message says, and whose it is.
pub(crate) fn universal_message_info(message: &UniversalMessage) -> UniversalMessageInfo {
    let event = |event: &potok_domain::UniversalEvent| UniversalMessageEvent {
        status_code: event.code,
        plain_text: event.text.clone(),
    };
    UniversalMessageInfo {
        code_group: message.code_group.map(|group| group as i32),
        events: message.events.iter().map(event).collect(),
        universal_message_creator: UniversalMessageCreator {
            box_id: message.creator_box.to_string(),
            department_id: message.creator_department.to_string(),
        },
        is_out_of_workflow: flag(message.is_out_of_workflow),
    }
}
