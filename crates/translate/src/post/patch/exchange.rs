//! What the parties send each other.

use potok_domain::AttachmentType;
use potok_domain::command::{NewRejection, NewService, NewSignature, NewTitle, Prepared, Source};
use potok_types::{EntityId, id_at};
use potok_wire::proto::events::{
    CorrectionRequestAttachment, DocumentSignature, ReceiptAttachment, RecipientTitleAttachment,
    RequestedSignatureRejection, RevocationRequestAttachment, SignedContent,
    TtGisFixationCancellationRequestAttachment, XmlSignatureRejectionAttachment,
};

use super::super::content::{
    GivenSignature, missing_signature, power, prepared, signature as given_signature,
    signed_content_with_signature,
};
use crate::BadRequest;

pub(super) fn signature(path: String, posted: DocumentSignature) -> Result<NewSignature<Source>, BadRequest> {
    let is_approval = posted.is_approvement_signature();
    let is_test = posted.sign_with_test_signature();
    let prepared = prepared(posted.patched_content_id);
    let prepared = prepared.map(|content| Prepared { content, recognized: None });
    let power = power(&format!("{path}.PowerOfAttorney"), posted.power_of_attorney.map(|it| *it))?;
    let given =
        GivenSignature { inline: posted.signature, on_shelf: posted.signature_name_on_shelf, is_test };
    let signature = given_signature(&path, given)?.ok_or_else(|| missing_signature(&path))?;
    Ok(NewSignature {
        parent: id_at(format!("{path}.ParentEntityId"), &posted.parent_entity_id)?,
        signature,
        power,
        prepared,
        is_approval,
        labels: posted.labels,
        path,
    })
}

pub(super) fn receipt(path: String, item: ReceiptAttachment) -> Result<NewService<Source>, BadRequest> {
    Posted { path, parent: item.parent_entity_id, content: item.signed_content, labels: item.labels }
        .into_service()
}

pub(super) fn amendment_request(
    path: String,
    item: CorrectionRequestAttachment,
) -> Result<NewService<Source>, BadRequest> {
    Posted { path, parent: item.parent_entity_id, content: item.signed_content, labels: item.labels }
        .into_service()
}

pub(super) fn revocation_request(
    path: String,
    item: RevocationRequestAttachment,
) -> Result<NewService<Source>, BadRequest> {
    Posted { path, parent: item.parent_entity_id, content: item.signed_content, labels: item.labels }
        .into_service()
}

/// Its parent has a name of its own in the request.
pub(super) fn fixation_cancellation(
    path: String,
    item: TtGisFixationCancellationRequestAttachment,
) -> Result<NewService<Source>, BadRequest> {
    let parent = id_at(format!("{path}.DocumentId"), &item.document_id)?;
    Posted { path, parent: item.document_id, content: item.signed_content, labels: Vec::new() }
        .service_under(parent)
}

pub(super) fn plain_rejection(
    path: String,
    item: RequestedSignatureRejection,
) -> Result<NewRejection<Source>, BadRequest> {
    let posted =
        Posted { path, parent: item.parent_entity_id, content: item.signed_content, labels: item.labels };
    let service = posted.into_service()?;
    check_text(&service)?;
    Ok(NewRejection { service, is_formal: false })
}

pub(super) fn xml_rejection(
    path: String,
    item: XmlSignatureRejectionAttachment,
) -> Result<NewRejection<Source>, BadRequest> {
    let posted =
        Posted { path, parent: item.parent_entity_id, content: item.signed_content, labels: item.labels };
    Ok(NewRejection { service: posted.into_service()?, is_formal: true })
}

/// `only` are the titles that the obsolete lists make. What bytes say besides their name is read when they are kept.
pub(super) fn title(
    path: String,
    item: RecipientTitleAttachment,
    only: Option<&'static [AttachmentType]>,
) -> Result<NewTitle<Source>, BadRequest> {
    let posted =
        Posted { path, parent: item.parent_entity_id, content: item.signed_content, labels: item.labels };
    Ok(NewTitle {
        service: posted.into_service()?,
        need_receipt: item.need_receipt,
        index: item.title_index,
        only,
        recognized: None,
        with_disagreements: false,
    })
}

/// A signed file under an entity; every list of such files has the same fields.
struct Posted {
    path: String,
    parent: String,
    content: SignedContent,
    labels: Vec<String>,
}

impl Posted {
    fn into_service(self) -> Result<NewService<Source>, BadRequest> {
        let parent = id_at(format!("{}.ParentEntityId", self.path), &self.parent)?;
        self.service_under(parent)
    }

    fn service_under(self, parent: EntityId) -> Result<NewService<Source>, BadRequest> {
        let path = self.path;
        let (content, signature, power) =
            signed_content_with_signature(&format!("{path}.SignedContent"), self.content)?;
        Ok(NewService {
            path,
            parent,
            // Whoever reads the bytes finds all that they say.
            file_name: None,
            text: None,
            content_type_id: None,
            content,
            signature,
            power,
            labels: self.labels,
        })
    }
}

fn check_text(service: &NewService<Source>) -> Result<(), BadRequest> {
    match &service.content {
        Source::Inline(bytes) if std::str::from_utf8(bytes).is_err() => Err(BadRequest::invalid(
            format!("{}.SignedContent.Content", service.path),
            "Content must be valid UTF8 string; encode the reason of the refusal as UTF-8",
        )),
        _ => Ok(()),
    }
}
