//! The generators of official documents: receipts, refusals, requests to amend and to revoke.
//!
//! The first versions write the older formats, in which a signer has a name and a position; the second ones write the
//! current formats, with the signer's right to sign.

use bytes::Bytes;
use potok_api::methods::{AttachmentQuery, GenerateRevocationRequestXmlQuery};
use potok_domain::paper::{FileFormat, FileRequest, GivenSigner, RevocationRequest};
use potok_types::{EntityId, Invalid, MessageId, id_at};
use potok_wire::proto::invoicing::{
    InvoiceCorrectionRequestGenerationRequestV2, InvoiceCorrectionRequestInfo, ReceiptGenerationRequestV2,
    RevocationRequestInfo, SignatureRejectionGenerationRequestV2, SignatureRejectionInfo, Signer,
};

use crate::BadRequest;
use crate::signer::by_details;

/// A document to write, and who signs it.
type Asked = Result<(FileRequest, GivenSigner), Invalid>;

/// `POST /GenerateReceiptXml`, `POST /GenerateDocumentReceiptXml`, `POST /GenerateInvoiceDocumentReceiptXml`.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn receipt_v1(query: &AttachmentQuery, body: Signer) -> Asked {
    let signer = by_details("Signer", body)?;
    Ok((of_query(query, FileFormat::V1_02), signer))
}

/// `POST /V2/GenerateReceiptXml`.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn receipt_v2(body: ReceiptGenerationRequestV2) -> Asked {
    let file = FileRequest {
        message: id_at("ReceiptGenerationRequestV2.MessageId", &body.message_id)?,
        attachment: id_at("ReceiptGenerationRequestV2.AttachmentId", &body.attachment_id)?,
        attachment_path: "ReceiptGenerationRequestV2.AttachmentId",
        text: String::new(),
        text_path: "",
        format: FileFormat::V1_03,
    };
    Ok((file, by_contract("ReceiptGenerationRequestV2.SignerContent", body.signer_content)))
}

/// `POST /GenerateSignatureRejectionXml`.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn rejection_v1(query: &AttachmentQuery, body: SignatureRejectionInfo) -> Asked {
    let signer = by_details("SignatureRejectionInfo.Signer", body.signer)?;
    let file = FileRequest {
        text: body.error_message.unwrap_or_default(),
        text_path: "SignatureRejectionInfo.ErrorMessage",
        ..of_query(query, FileFormat::V1_02)
    };
    Ok((file, signer))
}

/// `POST /V2/GenerateSignatureRejectionXml`.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn rejection_v2(body: SignatureRejectionGenerationRequestV2) -> Asked {
    let file = FileRequest {
        message: id_at("SignatureRejectionGenerationRequestV2.MessageId", &body.message_id)?,
        attachment: id_at("SignatureRejectionGenerationRequestV2.AttachmentId", &body.attachment_id)?,
        attachment_path: "SignatureRejectionGenerationRequestV2.AttachmentId",
        text: body.error_message.unwrap_or_default(),
        text_path: "SignatureRejectionGenerationRequestV2.ErrorMessage",
        format: FileFormat::V1_03,
    };
    Ok((file, by_contract("SignatureRejectionGenerationRequestV2.SignerContent", body.signer_content)))
}

/// `POST /GenerateInvoiceCorrectionRequestXml`.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn amendment_v1(query: &AttachmentQuery, body: InvoiceCorrectionRequestInfo) -> Asked {
    let signer = by_details("InvoiceCorrectionRequestInfo.Signer", body.signer)?;
    let file = FileRequest {
        text: body.error_message,
        text_path: "InvoiceCorrectionRequestInfo.ErrorMessage",
        ..of_query(query, FileFormat::V1_02)
    };
    Ok((file, signer))
}

/// `POST /V2/GenerateInvoiceCorrectionRequestXml`.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn amendment_v2(body: InvoiceCorrectionRequestGenerationRequestV2) -> Asked {
    let file = FileRequest {
        message: id_at("InvoiceCorrectionRequestGenerationRequestV2.MessageId", &body.message_id)?,
        attachment: id_at("InvoiceCorrectionRequestGenerationRequestV2.AttachmentId", &body.attachment_id)?,
        attachment_path: "InvoiceCorrectionRequestGenerationRequestV2.AttachmentId",
        text: body.error_message,
        text_path: "InvoiceCorrectionRequestGenerationRequestV2.ErrorMessage",
        format: FileFormat::V1_03,
    };
    Ok((file, by_contract("InvoiceCorrectionRequestGenerationRequestV2.SignerContent", body.signer_content)))
}

/// `POST /GenerateRevocationRequestXml`.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn revocation_v1(
    query: &AttachmentQuery,
    body: RevocationRequestInfo,
) -> Result<RevocationRequest, Invalid> {
    revocation(of_query(query, FileFormat::V1_01), body)
}

/// `POST /V2/GenerateRevocationRequestXml`.
///
/// # Errors
/// [`BadRequest`] names the field or the parameter.
pub fn revocation_v2(
    query: &GenerateRevocationRequestXmlQuery,
    body: RevocationRequestInfo,
) -> Result<RevocationRequest, BadRequest> {
    // The official client does not name the format.
    let format = match query.content_type_id.as_deref().filter(|id| !id.is_empty()) {
        Some("revocation_request_01") => FileFormat::V1_01,
        None | Some("revocation_request_02") => FileFormat::V1_02,
        Some(other) => {
            return Err(BadRequest::worded(format!(
                "query parameter contentTypeId has the wrong value {other:?}: revocation_request_01 or \
                 revocation_request_02 is expected"
            )));
        }
    };
    Ok(revocation(attachment(query.message_id, query.attachment_id, format), body)?)
}

fn revocation(file: FileRequest, body: RevocationRequestInfo) -> Result<RevocationRequest, Invalid> {
    let signer = body.signer.map(|given| by_details("RevocationRequestInfo.Signer", given)).transpose()?;
    let file = FileRequest {
        text: body.comment.unwrap_or_default(),
        text_path: "RevocationRequestInfo.Comment",
        ..file
    };
    Ok(RevocationRequest { file, signer })
}

fn of_query(query: &AttachmentQuery, format: FileFormat) -> FileRequest {
    attachment(query.message_id, query.attachment_id, format)
}

/// An attachment that the query names, and no words yet.
fn attachment(message: MessageId, attachment: EntityId, format: FileFormat) -> FileRequest {
    FileRequest {
        message,
        attachment,
        attachment_path: "query parameter attachmentId",
        text: String::new(),
        text_path: "",
        format,
    }
}

fn by_contract(path: &'static str, xml: Bytes) -> GivenSigner {
    GivenSigner::Contract { path, xml }
}
