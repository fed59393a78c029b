//! What is attached to documents besides signatures, both ways.

use potok_domain as domain;
use potok_domain::powers::{AttachedPower, PowerName};

use super::{attachment_type, power};
use crate::stored::StoredFormError;
use crate::stored::v1::{OnRoute, RequestTarget, RouteStage, Service, UniversalEvent};

pub(super) fn to_stored(service: &domain::Service) -> Service {
    match service.clone() {
        domain::Service::Comment => Service::Comment,
        domain::Service::StructuredData => Service::StructuredData,
        domain::Service::Receipt => Service::Receipt,
        domain::Service::InvoiceReceipt => Service::InvoiceReceipt,
        domain::Service::SignatureRequestRejection => Service::SignatureRequestRejection,
        domain::Service::XmlSignatureRejection => Service::XmlSignatureRejection,
        domain::Service::Confirmation => Service::Confirmation,
        domain::Service::SignatureVerificationReport => Service::SignatureVerificationReport,
        domain::Service::DeliveryFailureNotification { event } => {
            Service::DeliveryFailureNotification { event: event.into() }
        }
        domain::Service::Title(title) => {
            let domain::Title { index, attachment_type, with_disagreements, is_prepared } = title;
            let attachment_type = attachment_type.number();
            Service::Title { index, attachment_type, with_disagreements, is_prepared }
        }
        domain::Service::AmendmentRequest => Service::AmendmentRequest,
        domain::Service::RevocationRequest { initiator } => {
            Service::RevocationRequest { initiator: initiator.into() }
        }
        domain::Service::Resolution(domain::Resolution { decision, author_name, request }) => {
            Service::Resolution { decision: decision.into(), author_name, request: request.map(Into::into) }
        }
        domain::Service::ResolutionRequest(request) => {
            let domain::ResolutionRequest { kind, author_name, target, stage } = *request;
            Service::ResolutionRequest {
                kind: kind.into(),
                author_name,
                target: target.into(),
                stage: stage.map(Into::into),
            }
        }
        domain::Service::ResolutionRequestDenial { author_name } => {
            Service::ResolutionRequestDenial { author_name }
        }
        domain::Service::ResolutionRouteAssignment(it) => Service::ResolutionRouteAssignment(it.into()),
        domain::Service::ResolutionRouteRemoval(it) => Service::ResolutionRouteRemoval(it.into()),
        domain::Service::Cancellation { author_name } => Service::Cancellation { author_name },
        domain::Service::TagChange(domain::TagChange::Set(tag)) => Service::TagSet(tag.into()),
        domain::Service::TagChange(domain::TagChange::Remove { key }) => Service::TagRemoved { key },
        domain::Service::UniversalMessage(message) => {
            let domain::UniversalMessage {
                code_group,
                events,
                creator_box,
                creator_department,
                is_out_of_workflow,
            } = *message;
            Service::UniversalMessage {
                code_group: code_group.map(Into::into),
                events: events.into_iter().map(Into::into).collect(),
                creator_box: creator_box.into(),
                creator_department: creator_department.into(),
                is_out_of_workflow,
            }
        }
        domain::Service::MoveDocument { from, to } => {
            Service::MoveDocument { from: from.into(), to: to.into() }
        }
        domain::Service::DeletionRestoration => Service::DeletionRestoration,
        domain::Service::PowerOfAttorney(it) => power::attached_to_stored(*it),
        domain::Service::PowerOfAttorneyStatus(it) => {
            Service::PowerOfAttorneyStatus(power::validation_to_stored(*it))
        }
        domain::Service::TemplateTransformation(made) => {
            let domain::TemplateTransformation { letter, document, author_name } = made;
            Service::TemplateTransformation { letter: letter.into(), document: document.into(), author_name }
        }
        domain::Service::TemplateRefusal(domain::TemplateRefusal { kind, box_id, author_name }) => {
            Service::TemplateRefusal { kind: kind.into(), box_id: box_id.into(), author_name }
        }
        domain::Service::TransformationChange(change) => {
            let domain::TransformationChange { transformation, initiator } = change;
            let (transformation, initiator) = (transformation.into(), initiator.into());
            Service::TransformationChange { transformation, initiator }
        }
        domain::Service::FixationCancellation => Service::FixationCancellation,
        domain::Service::Edition => Service::Edition,
        domain::Service::RoamingNotification { is_success } => Service::RoamingNotification { is_success },
    }
}

pub(super) fn from_stored(service: Service) -> Result<domain::Service, StoredFormError> {
    Ok(match service {
        Service::Comment => domain::Service::Comment,
        Service::StructuredData => domain::Service::StructuredData,
        Service::Receipt => domain::Service::Receipt,
        Service::InvoiceReceipt => domain::Service::InvoiceReceipt,
        Service::SignatureRequestRejection => domain::Service::SignatureRequestRejection,
        Service::XmlSignatureRejection => domain::Service::XmlSignatureRejection,
        Service::Confirmation => domain::Service::Confirmation,
        Service::SignatureVerificationReport => domain::Service::SignatureVerificationReport,
        Service::DeliveryFailureNotification { event } => {
            domain::Service::DeliveryFailureNotification { event: event.into() }
        }
        Service::Title { index, attachment_type: number, with_disagreements, is_prepared } => {
            let attachment_type = attachment_type(number)?;
            domain::Service::Title(domain::Title { index, attachment_type, with_disagreements, is_prepared })
        }
        Service::AmendmentRequest => domain::Service::AmendmentRequest,
        Service::RevocationRequest { initiator } => {
            domain::Service::RevocationRequest { initiator: initiator.into() }
        }
        Service::Resolution { decision, author_name, request } => {
            domain::Service::Resolution(domain::Resolution {
                decision: decision.into(),
                author_name,
                request: request.map(Into::into),
            })
        }
        Service::ResolutionRequest { kind, author_name, target, stage } => {
            domain::Service::ResolutionRequest(Box::new(domain::ResolutionRequest {
                kind: kind.into(),
                author_name,
                target: target.into(),
                stage: stage.map(Into::into),
            }))
        }
        Service::ResolutionRequestDenial { author_name } => {
            domain::Service::ResolutionRequestDenial { author_name }
        }
        Service::ResolutionRouteAssignment(it) => domain::Service::ResolutionRouteAssignment(it.into()),
        Service::ResolutionRouteRemoval(it) => domain::Service::ResolutionRouteRemoval(it.into()),
        Service::Cancellation { author_name } => domain::Service::Cancellation { author_name },
        Service::TagSet(tag) => domain::Service::TagChange(domain::TagChange::Set(tag.into())),
        Service::TagRemoved { key } => domain::Service::TagChange(domain::TagChange::Remove { key }),
        Service::UniversalMessage {
            code_group,
            events,
            creator_box,
            creator_department,
            is_out_of_workflow,
        } => domain::Service::UniversalMessage(Box::new(domain::UniversalMessage {
            code_group: code_group.map(Into::into),
            events: events.into_iter().map(Into::into).collect(),
            creator_box: creator_box.into(),
            creator_department: creator_department.into(),
            is_out_of_workflow,
        })),
        Service::MoveDocument { from, to } => {
            domain::Service::MoveDocument { from: from.into(), to: to.into() }
        }
        Service::DeletionRestoration => domain::Service::DeletionRestoration,
        Service::PowerOfAttorney {
            number,
            issuer_inn,
            representative_inn,
            sending,
            signature,
            ancestors,
        } => domain::Service::PowerOfAttorney(Box::new(AttachedPower {
            name: PowerName { number: number.into(), issuer_inn, representative_inn },
            sending: power::sending(sending)?,
            signature: signature.map(Into::into),
            ancestors: ancestors.into_iter().map(Into::into).collect(),
        })),
        Service::PowerOfAttorneyStatus(it) => {
            domain::Service::PowerOfAttorneyStatus(Box::new(power::validation(it)?))
        }
        Service::TemplateTransformation { letter, document, author_name } => {
            let (letter, document) = (letter.into(), document.into());
            domain::Service::TemplateTransformation(domain::TemplateTransformation {
                letter,
                document,
                author_name,
            })
        }
        Service::TemplateRefusal { kind, box_id, author_name } => {
            let (kind, box_id) = (kind.into(), box_id.into());
            domain::Service::TemplateRefusal(domain::TemplateRefusal { kind, box_id, author_name })
        }
        Service::TransformationChange { transformation, initiator } => {
            let (transformation, initiator) = (transformation.into(), initiator.into());
            domain::Service::TransformationChange(domain::TransformationChange { transformation, initiator })
        }
        Service::FixationCancellation => domain::Service::FixationCancellation,
        Service::Edition => domain::Service::Edition,
        Service::RoamingNotification { is_success } => domain::Service::RoamingNotification { is_success },
    })
}

impl From<domain::RequestTarget> for RequestTarget {
    fn from(target: domain::RequestTarget) -> Self {
        match target {
            domain::RequestTarget::User { id, name } => Self::User { id: id.into(), name },
            domain::RequestTarget::Department { id, name } => Self::Department { id: id.into(), name },
        }
    }
}

impl From<RequestTarget> for domain::RequestTarget {
    fn from(target: RequestTarget) -> Self {
        match target {
            RequestTarget::User { id, name } => Self::User { id: id.into(), name },
            RequestTarget::Department { id, name } => Self::Department { id: id.into(), name },
        }
    }
}

impl From<domain::RouteStage> for RouteStage {
    fn from(domain::RouteStage { route, index }: domain::RouteStage) -> Self {
        Self { route: route.into(), index }
    }
}

impl From<RouteStage> for domain::RouteStage {
    fn from(RouteStage { route, index }: RouteStage) -> Self {
        Self { route: route.into(), index }
    }
}

impl From<domain::OnRoute> for OnRoute {
    fn from(domain::OnRoute { route, author_name }: domain::OnRoute) -> Self {
        Self { route: route.into(), author_name }
    }
}

impl From<OnRoute> for domain::OnRoute {
    fn from(OnRoute { route, author_name }: OnRoute) -> Self {
        Self { route: route.into(), author_name }
    }
}

impl From<domain::UniversalEvent> for UniversalEvent {
    fn from(domain::UniversalEvent { code, text }: domain::UniversalEvent) -> Self {
        Self { code, text }
    }
}

impl From<UniversalEvent> for domain::UniversalEvent {
    fn from(UniversalEvent { code, text }: UniversalEvent) -> Self {
        Self { code, text }
    }
}
