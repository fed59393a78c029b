//! One entity.

use bytes::Bytes;
use potok_domain::docflow::{Docflows, Relations};
use potok_domain::{Body, EntityState, PowerOfAttorney, Service};
use potok_types::ContentRef;
use potok_wire::proto;
use potok_wire::proto::docflow::{PowerOfAttorneyAttachmentStatus, StatusName};
use potok_wire::proto::events::{Entity, EntityType};

use super::flag;
use super::service::service_info;
use crate::document;
use crate::{ContentKind, ContentPlan};

/// The size that stands for "look at the bytes": the index does not know the length of signatures.
const UNKNOWN_SIZE: i32 = -1;

const POWER_OF_ATTORNEY_REQUIRED: &str =
    "Документ подписан сертификатом другого ЮЛ/ИП, возможно, требуется МЧД";
const POWER_OF_ATTORNEY_REQUIRED_OF_PERSON: &str =
    "Документ подписан сертификатом физического лица, требуется МЧД";

/// The entity as the box shows it now, with its bytes if `contents` gives them.
pub(super) fn entity(docflows: &Docflows<'_>, found: &EntityState, contents: &mut ContentPlan) -> Entity {
    let state = docflows.state();
    let entity = &found.entity;
    let mut shown = Entity {
        entity_id: entity.id.to_string(),
        entity_type: Some(EntityType::Attachment as i32),
        // Most attachments show no author, but the key is there.
        author_user_id: Some(String::new()),
        parent_entity_id: entity.parent.map(|parent| parent.to_string()),
        content: entity
            .content
            .as_ref()
            .map(|content| proto::Content { size: size(found, content), data: data(found, contents) }),
        attachment_type: Some(entity.attachment_type().number()),
        file_name: entity.file_name.clone(),
        raw_creation_date: Some(entity.created_at.get()),
        need_receipt: flag(entity.need_receipt),
        is_encrypted_content: flag(entity.is_encrypted),
        labels: entity.labels.clone(),
        content_type_id: Some(entity.content_type_id.clone()),
        attachment_version: entity.version.clone(),
        version: entity.version.clone(),
        ..Entity::default()
    };
    match &entity.body {
        Body::Document(posted) => {
            shown.need_recipient_signature = flag(posted.need_recipient_signature);
            shown.packet_id = found.document.as_ref().map(|document| document.packet.to_string());
            shown.document_info = docflows
                .get(entity.id)
                .map(|flow| Box::new(document::show(state, flow, &Relations::default())));
        }
        Body::Signature(signature) => {
            shown.entity_type = Some(EntityType::Signature as i32);
            shown.author_user_id = Some(author(found));
            shown.file_name = None;
            shown.attachment_version = None;
            shown.version = None;
            shown.content_type_id = Some(String::new());
            shown.signer_box_id = Some(signature.signer_box.to_string());
            shown.signer_department_id = Some(signature.signer_department.to_string());
            shown.is_approvement_signature = flag(signature.is_approval);
            shown.power_of_attorney_attachment_status = found.power_of_attorney.map(power_of_attorney);
        }
        Body::Service(service) => {
            if names_author(service) {
                shown.author_user_id = Some(author(found));
            }
            service_info(&mut shown, state, found, service);
        }
    }
    shown
}

fn author(found: &EntityState) -> String {
    found.entity.author.map(|author| author.to_string()).unwrap_or_default()
}

/// What somebody of the organization says, and requests to revoke, name a person. Of what is sent otherwise the signature
/// does.
const fn names_author(service: &Service) -> bool {
    matches!(
        service,
        Service::Resolution(_)
            | Service::ResolutionRequest(_)
            | Service::ResolutionRequestDenial { .. }
            | Service::ResolutionRouteAssignment(_)
            | Service::ResolutionRouteRemoval(_)
            | Service::TagChange(_)
            | Service::MoveDocument { .. }
            | Service::Edition
            | Service::RevocationRequest { .. }
            | Service::TemplateTransformation(_)
            | Service::TemplateRefusal(_)
    )
}

fn size(found: &EntityState, content: &ContentRef) -> i32 {
    match found.entity.body {
        Body::Signature(_) => UNKNOWN_SIZE,
        // Nothing larger than the field can be posted.
        _ => i32::try_from(content.size_bytes).unwrap_or(i32::MAX),
    }
}

/// Asks `contents` for the bytes of an entity. Both passes of a plan must ask in the same order, and this is the one
/// place that says what is asked for.
pub(super) fn data(found: &EntityState, contents: &mut ContentPlan) -> Option<Bytes> {
    let content = found.entity.content.as_ref()?;
    let kind = match found.entity.body {
        Body::Document(_) => ContentKind::Main,
        Body::Signature(_) | Body::Service(_) => ContentKind::Other,
    };
    contents.take(kind, content, true)
}

/// What is known about the signer's power of attorney.
pub(crate) fn power_of_attorney(status: PowerOfAttorney) -> PowerOfAttorneyAttachmentStatus {
    let (name, comment) = match status {
        PowerOfAttorney::Attached => (StatusName::PowerOfAttorneyAttached, None),
        PowerOfAttorney::NotRequired => (StatusName::PowerOfAttorneyNotRequired, None),
        PowerOfAttorney::Required => (StatusName::PowerOfAttorneyRequired, Some(POWER_OF_ATTORNEY_REQUIRED)),
        PowerOfAttorney::RequiredOfPerson => {
            (StatusName::PowerOfAttorneyRequired, Some(POWER_OF_ATTORNEY_REQUIRED_OF_PERSON))
        }
    };
    PowerOfAttorneyAttachmentStatus { status_name: name as i32, comment: comment.map(str::to_owned) }
}
