//! What a document is: `DocumentInfoV3`, which version 5 shares but for the participants.

use std::collections::BTreeSet;

use potok_domain::docflow::Facts;
use potok_domain::workflow::InvitationBehavior;
use potok_domain::{Body, EntityState, MessageState, MessageType, Party, Service, Side, Template};
use potok_types::{DepartmentId, EntityId};
use potok_wire::proto::docflow::{
    DocumentDraftInfo, DocumentInfoV3, DocumentLetterInfo, DocumentLinks, DocumentParticipant,
    DocumentParticipants, DocumentTemplateInfo, PacketInfo, TemplateRefusalInfo,
    TemplateTransformationChangeInfo, TemplateTransformationInfo,
};
use potok_wire::proto::events::MetadataItem;
use potok_wire::proto::{FullVersion, TemplateTransformationChangeType};

use crate::docflow::{Seen, timestamp};
use crate::document::{self, links};
use crate::view;

pub(crate) fn document_info(seen: &Seen<'_>) -> DocumentInfoV3 {
    let Seen { state, flow, relations } = seen;
    let facts = &flow.facts;
    let posted = facts.document;
    let message_type = facts.message_type;
    let has_unread = has_unread_messages(state, facts);
    DocumentInfoV3 {
        full_version: FullVersion {
            type_named_id: posted.kind.type_named_id.clone(),
            function: posted.kind.function.clone(),
            version: posted.kind.version.clone(),
        },
        message_type: message_type as i32,
        workflow_id: posted.workflow.0,
        participants: participants(state),
        document_direction: state.direction() as i32,
        department_id: seen.department_id(),
        custom_document_id: posted.custom_document_id.clone(),
        metadata: posted
            .metadata
            .iter()
            .map(|item| MetadataItem { key: item.key.clone(), value: item.value.clone() })
            .collect(),
        custom_data: document::tags(state, facts.entity.entity.id),
        document_links: DocumentLinks {
            initial_ids: links::initial(state, flow, relations),
            subordinate_ids: links::subordinate(state, flow, relations),
        },
        packet_info: PacketInfo {
            lock_mode: state.lock_mode as i32,
            packet_id: Some(facts.state.packet.to_string()),
            added_at: Some(timestamp(facts.state.packet_since)),
        },
        is_read: state.is_read,
        is_deleted: facts.is_deleted,
        is_invitation: facts.workflow.invitation == InvitationBehavior::Always || state.invitation.is_some(),
        letter_info: (message_type == MessageType::Letter).then(|| DocumentLetterInfo {
            is_encrypted: facts.entity.entity.is_encrypted,
            forward_document_events: document::forwards(facts.state),
            is_test: state.is_test,
        }),
        draft_info: (message_type == MessageType::Draft).then(|| DocumentDraftInfo {
            is_recycled: state.is_recycled,
            is_locked: state.is_locked,
            transformed_to_letter_ids: state.letters.iter().map(ToString::to_string).collect(),
        }),
        template_info: state
            .template
            .map(|template| Box::new(template_info(state, &template, facts.entity.entity.id))),
        origin: document::origin(state),
        editing_setting_id: Some(posted.editing_setting.clone().unwrap_or_default()),
        has_unread_out_of_workflow_universal_messages: Some(has_unread),
        has_unread_out_of_workflow_universal_messages_for_java: Some(has_unread),
    }
}

/// What is to become of a document of a template, and what became of it.
fn template_info(state: &MessageState, template: &Template, document: EntityId) -> DocumentTemplateInfo {
    let made = || state.template_transformations(document);
    let letters: BTreeSet<_> = made().map(|(_, made)| made.letter).collect();
    let author = |found: &EntityState| found.entity.author.map(|author| author.to_string());
    DocumentTemplateInfo {
        letter_participants: letter_participants(state, template),
        transformed_to_letter_ids: letters.iter().map(ToString::to_string).collect(),
        template_transformation_infos: made()
            .map(|(found, made)| TemplateTransformationInfo {
                transformation_id: found.entity.id.to_string(),
                transformed_to_document_id: Some(document::id(view::made_of(made))),
                author_user_id: author(found),
                changes: state
                    .transformation_changes(found.entity.id)
                    .map(|(found, change)| TemplateTransformationChangeInfo {
                        change_id: found.entity.id.to_string(),
                        change_type: TemplateTransformationChangeType::SignatureRejection as i32,
                        change_initiator_box_id: change.initiator.to_string(),
                        author_user_id: author(found),
                    })
                    .collect(),
            })
            .collect(),
        template_refusal_info: state.template_refusal(document).map(|(found, refusal)| TemplateRefusalInfo {
            box_id: refusal.box_id.to_string(),
            author_user_id: author(found),
            comment: found.entity.text.clone(),
        }),
        is_reusable: Some(template.is_reusable),
    }
}

/// The sides of the letter that is to be made of a template.
pub(crate) fn letter_sides(template: &Template) -> (Party, Option<Party>, Party) {
    let party = |box_id, department| Party { box_id, title: String::new(), department };
    let proxy = template.proxy.map(|proxy| party(proxy, template.proxy_department));
    (party(template.from, None), proxy, party(template.to, template.to_department))
}

fn letter_participants(state: &MessageState, template: &Template) -> DocumentParticipants {
    let participant = |party: &Party| participant(state, party);
    let (sender, proxy, recipient) = letter_sides(template);
    DocumentParticipants {
        sender: participant(&sender),
        proxy: proxy.as_ref().map(participant),
        recipient: Some(participant(&recipient)),
        is_internal: false,
        is_cross_border: false,
    }
}

fn participant(state: &MessageState, party: &Party) -> DocumentParticipant {
    DocumentParticipant {
        box_id: party.box_id.to_string(),
        department_id: department_id(state, party),
        is_roaming: false,
    }
}

fn participants(state: &MessageState) -> DocumentParticipants {
    let participant = |party: &Party| participant(state, party);
    DocumentParticipants {
        sender: participant(&state.from),
        proxy: state.proxy.as_ref().map(participant),
        recipient: Some(&state.to).filter(|to| to.is_named()).map(participant),
        is_internal: state.is_internal,
        is_cross_border: false,
    }
}

/// Departments are each organization's own business. Whoever names none means the head.
pub(crate) fn department_id(state: &MessageState, party: &Party) -> Option<String> {
    (party.box_id == state.box_id).then(|| party.department.unwrap_or(DepartmentId::ZERO).to_string())
}

fn has_unread_messages(state: &MessageState, facts: &Facts<'_>) -> bool {
    let messages = facts.out_of_workflow.iter().chain(&facts.response_out_of_workflow);
    messages.into_iter().any(|message| !is_read(state, message))
}

/// A universal message is read by whoever sent it, and once somebody of this box added something after it.
pub(crate) fn is_read(state: &MessageState, message: &EntityState) -> bool {
    let id = message.entity.id;
    let later = state.entities().iter().skip_while(|found| found.entity.id != id).skip(1);
    state.side() == Side::Internal
        || is_own(state, message)
        || later.into_iter().any(|found| is_own(state, found))
}

/// A person of this box made it.
fn is_own(state: &MessageState, found: &EntityState) -> bool {
    match &found.entity.body {
        Body::Document(_) => state.side().is_sending(),
        Body::Signature(signature) => signature.signer_box == state.box_id,
        Body::Service(Service::UniversalMessage(message)) => message.creator_box == state.box_id,
        Body::Service(service) => service.is_private() && found.entity.author.is_some(),
    }
}
