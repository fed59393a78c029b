//! `POST /PostTemplate`, `POST /PostTemplatePatch`, `POST /TransformTemplateToMessage`.

use potok_domain::Template;
use potok_domain::command::{
    NewDocument, NewRefusal, PatchTemplate, PostMessage, PreparedTitle, Source, TransformTemplate,
    Transformation,
};
use potok_types::{MessageId, box_at, id_at};
use potok_wire::proto::events::{
    TemplateDocumentAttachment, TemplatePatchToPost, TemplateToPost, TemplateTransformationToPost,
};

use super::content::unsigned_content;
use super::document::{metadata, tag};
use super::fields::{filled, optional_box, optional_id};
use super::message::known_lock_mode;
use crate::BadRequest;

/// Reads a posted template.
///
/// # Errors
/// [`BadRequest::Invalid`] names the field that cannot be read.
pub fn template_to_post(posted: TemplateToPost) -> Result<PostMessage<Source>, BadRequest> {
    let is_reusable = posted.is_reusable();
    let template = Template {
        from: box_at("TemplateToPost.MessageFromBoxId", &posted.message_from_box_id)?,
        to: box_at("TemplateToPost.MessageToBoxId", &posted.message_to_box_id)?,
        to_department: optional_id("TemplateToPost.MessageToDepartmentId", posted.message_to_department_id)?,
        proxy: optional_box("TemplateToPost.MessageProxyBoxId", posted.message_proxy_box_id)?,
        proxy_department: optional_id(
            "TemplateToPost.MessageProxyDepartmentId",
            posted.message_proxy_department_id,
        )?,
        is_reusable,
    };
    let documents = posted.document_attachments.into_iter().enumerate().map(|(i, item)| document(i, item));
    Ok(PostMessage {
        structure: "TemplateToPost",
        from: box_at("TemplateToPost.FromBoxId", &posted.from_box_id)?,
        to: Some(box_at("TemplateToPost.ToBoxId", &posted.to_box_id)?),
        proxy: None,
        from_department: optional_id("TemplateToPost.FromDepartmentId", posted.from_department_id)?,
        to_department: optional_id("TemplateToPost.ToDepartmentId", posted.to_department_id)?,
        proxy_department: None,
        is_internal: false,
        delay_send: false,
        draft: None,
        made_from: None,
        lock_mode: known_lock_mode("TemplateToPost", posted.lock_mode)?,
        is_test: false,
        documents: documents.collect::<Result<_, _>>()?,
        structured_data: Vec::new(),
        invitation: None,
        template: Some(template),
    })
}

fn document(i: usize, item: TemplateDocumentAttachment) -> Result<NewDocument<Source>, BadRequest> {
    let path = format!("TemplateToPost.DocumentAttachments[{i}]");
    let (need_recipient_signature, refusal_disabled) =
        (item.need_recipient_signature(), item.refusal_disabled());
    let prepared_title = item.predefined_recipient_title.map(|title| {
        let place = format!("{path}.PredefinedRecipientTitle.UnsignedContent");
        let given = title.unsigned_content;
        let content = unsigned_content(&place, given.content, given.name_on_shelf)?;
        Ok::<_, BadRequest>(PreparedTitle { content, recognized: None, with_disagreements: false })
    });
    let given = item.unsigned_content;
    let content = unsigned_content(&format!("{path}.UnsignedContent"), given.content, given.name_on_shelf)?;
    Ok(NewDocument {
        comment: filled(item.comment).map(|text| Source::Inline(text.into())),
        prepared_title: prepared_title.transpose()?,
        need_recipient_signature,
        custom_document_id: filled(item.custom_document_id),
        function: filled(item.function),
        version: filled(item.version),
        workflow: item.workflow_id,
        metadata: item.metadata.into_iter().map(metadata).collect(),
        tags: item.custom_data.into_iter().map(tag).collect(),
        editing_setting: filled(item.editing_setting_id),
        refusal_disabled,
        bytes_in: "UnsignedContent",
        ..NewDocument::new(path, item.type_named_id, content)
    })
}

/// Reads what nobody wants of the template `template`.
///
/// # Errors
/// [`BadRequest::Invalid`] names the field that cannot be read.
pub fn template_patch(
    template: MessageId,
    patch: TemplatePatchToPost,
) -> Result<PatchTemplate<Source>, BadRequest> {
    let refusals = patch.refusals.into_iter().enumerate().map(|(i, item)| {
        let path = format!("TemplatePatchToPost.Refusals[{i}]");
        let comment = filled(item.comment);
        Ok(NewRefusal {
            document: id_at(format!("{path}.DocumentId"), &item.document_id)?,
            content: comment.clone().map(|text| Source::Inline(text.into())),
            comment,
            labels: item.labels,
            path,
        })
    });
    Ok(PatchTemplate { template, refusals: refusals.collect::<Result<_, BadRequest>>()? })
}

/// Reads of which documents of a template a letter is to be made.
///
/// # Errors
/// [`BadRequest::Invalid`] names the field that cannot be read.
pub fn template_transformation(given: TemplateTransformationToPost) -> Result<TransformTemplate, BadRequest> {
    let documents = given.document_transformations.into_iter().enumerate().map(|(i, item)| {
        let path = format!("TemplateTransformationToPost.DocumentTransformations[{i}]");
        Ok(Transformation {
            document: id_at(format!("{path}.DocumentId"), &item.document_id)?,
            custom_document_id: filled(item.custom_document_id),
            path,
        })
    });
    Ok(TransformTemplate {
        box_id: box_at("TemplateTransformationToPost.BoxId", &given.box_id)?,
        template: id_at("TemplateTransformationToPost.TemplateId", &given.template_id)?,
        documents: documents.collect::<Result<_, BadRequest>>()?,
    })
}
