//! Making and reading the official documents that people sign: receipts, refusals, requests to amend and to revoke.
//!
//! The first versions write the older formats, in which a signer has a name and a position; the second ones write the
//! current formats, with the signer's right to sign.

mod parsing;
mod signer;

use http::HeaderValue;
use http::header::CONTENT_DISPOSITION;
use potok_api::methods::{
    AttachmentQuery, GenerateDocumentReceiptXml, GenerateInvoiceCorrectionRequestXml,
    GenerateInvoiceCorrectionRequestXmlV2, GenerateInvoiceDocumentReceiptXml, GenerateReceiptXml,
    GenerateReceiptXmlV2, GenerateRevocationRequestXml, GenerateRevocationRequestXmlV2,
    GenerateSignatureRejectionXml, GenerateSignatureRejectionXmlV2,
};
use potok_api::methods::{
    GetInvoiceCorrectionRequestInfo, ParseRevocationRequestXml, ParseSignatureRejectionXml,
};
use potok_api::{Endpoint, Raw};
use potok_app::{FileRequest, FormatVersion, GeneratedFile, GivenSigner, Held, RevocationRequest};
use potok_types::InvalidId;
use potok_types::access::NamedDocuments;
use potok_wire::proto::invoicing::{RevocationRequestInfo, Signer};

use self::signer::by_details;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GenerateReceiptXml, _>(receipt_v1);
    all.on::<GenerateDocumentReceiptXml, _>(receipt_v1);
    all.on::<GenerateInvoiceDocumentReceiptXml, _>(receipt_v1);
    all.on::<GenerateReceiptXmlV2, _>(receipt_v2);
    all.on::<GenerateSignatureRejectionXml, _>(rejection_v1);
    all.on::<GenerateSignatureRejectionXmlV2, _>(rejection_v2);
    all.on::<GenerateInvoiceCorrectionRequestXml, _>(amendment_v1);
    all.on::<GenerateInvoiceCorrectionRequestXmlV2, _>(amendment_v2);
    all.on::<GenerateRevocationRequestXml, _>(revocation_v1);
    all.on::<GenerateRevocationRequestXmlV2, _>(revocation_v2);
    all.on::<ParseSignatureRejectionXml, _>(parsing::signature_rejection);
    all.on::<ParseRevocationRequestXml, _>(parsing::revocation_request);
    all.on::<GetInvoiceCorrectionRequestInfo, _>(parsing::amendment_request_info);
}

async fn receipt_v1<E>(mut call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = AttachmentQuery, Request = Signer, Access = NamedDocuments, Response = Raw>,
{
    let signer = by_details("Signer", std::mem::take(&mut call.body))?;
    let request = in_query(&call.query, None, "");
    let made = call.app().generate_receipt(&call.permit, &request, &signer, FormatVersion::V1_02).await?;
    file(&call, made)
}

async fn receipt_v2(mut call: Call<GenerateReceiptXmlV2>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let signer =
        GivenSigner::Contract { path: "ReceiptGenerationRequestV2.SignerContent", xml: body.signer_content };
    let request = FileRequest {
        message: id("ReceiptGenerationRequestV2.MessageId", &body.message_id)?,
        attachment: id("ReceiptGenerationRequestV2.AttachmentId", &body.attachment_id)?,
        attachment_path: "ReceiptGenerationRequestV2.AttachmentId",
        text: String::new(),
        text_path: "",
    };
    let made = call.app().generate_receipt(&call.permit, &request, &signer, FormatVersion::V1_03).await?;
    file(&call, made)
}

async fn rejection_v1(mut call: Call<GenerateSignatureRejectionXml>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let signer = by_details("SignatureRejectionInfo.Signer", body.signer)?;
    let request = in_query(&call.query, body.error_message, "SignatureRejectionInfo.ErrorMessage");
    let version = FormatVersion::V1_02;
    let made = call.app().generate_signature_rejection(&call.permit, &request, &signer, version).await?;
    file(&call, made)
}

async fn rejection_v2(mut call: Call<GenerateSignatureRejectionXmlV2>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let signer = GivenSigner::Contract {
        path: "SignatureRejectionGenerationRequestV2.SignerContent",
        xml: body.signer_content,
    };
    let request = FileRequest {
        message: id("SignatureRejectionGenerationRequestV2.MessageId", &body.message_id)?,
        attachment: id("SignatureRejectionGenerationRequestV2.AttachmentId", &body.attachment_id)?,
        attachment_path: "SignatureRejectionGenerationRequestV2.AttachmentId",
        text: body.error_message.unwrap_or_default(),
        text_path: "SignatureRejectionGenerationRequestV2.ErrorMessage",
    };
    let version = FormatVersion::V1_03;
    let made = call.app().generate_signature_rejection(&call.permit, &request, &signer, version).await?;
    file(&call, made)
}

async fn amendment_v1(mut call: Call<GenerateInvoiceCorrectionRequestXml>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let signer = by_details("InvoiceCorrectionRequestInfo.Signer", body.signer)?;
    let text = Some(body.error_message);
    let request = in_query(&call.query, text, "InvoiceCorrectionRequestInfo.ErrorMessage");
    let version = FormatVersion::V1_02;
    let made = call.app().generate_amendment_request(&call.permit, &request, &signer, version).await?;
    file(&call, made)
}

async fn amendment_v2(mut call: Call<GenerateInvoiceCorrectionRequestXmlV2>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let signer = GivenSigner::Contract {
        path: "InvoiceCorrectionRequestGenerationRequestV2.SignerContent",
        xml: body.signer_content,
    };
    let request = FileRequest {
        message: id("InvoiceCorrectionRequestGenerationRequestV2.MessageId", &body.message_id)?,
        attachment: id("InvoiceCorrectionRequestGenerationRequestV2.AttachmentId", &body.attachment_id)?,
        attachment_path: "InvoiceCorrectionRequestGenerationRequestV2.AttachmentId",
        text: body.error_message,
        text_path: "InvoiceCorrectionRequestGenerationRequestV2.ErrorMessage",
    };
    let version = FormatVersion::V1_03;
    let made = call.app().generate_amendment_request(&call.permit, &request, &signer, version).await?;
    file(&call, made)
}

async fn revocation_v1(mut call: Call<GenerateRevocationRequestXml>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let request = in_query(&call.query, None, COMMENT);
    let request = revocation(request, body, FormatVersion::V1_01)?;
    let made = call.app().generate_revocation_request(&call.permit, &request).await?;
    file(&call, made)
}

async fn revocation_v2(mut call: Call<GenerateRevocationRequestXmlV2>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let query = &call.query;
    // The official client does not name the format.
    let version = match query.content_type_id.as_deref().filter(|id| !id.is_empty()) {
        Some("revocation_request_01") => FormatVersion::V1_01,
        None | Some("revocation_request_02") => FormatVersion::V1_02,
        Some(other) => {
            return Err(ApiError::bad_request(format!(
                "query parameter contentTypeId has the wrong value {other:?}: revocation_request_01 or \
                 revocation_request_02 is expected"
            )));
        }
    };
    let request = FileRequest {
        message: query.message_id,
        attachment: query.attachment_id,
        attachment_path: ATTACHMENT,
        text: String::new(),
        text_path: COMMENT,
    };
    let request = revocation(request, body, version)?;
    let made = call.app().generate_revocation_request(&call.permit, &request).await?;
    file(&call, made)
}

const ATTACHMENT: &str = "query parameter attachmentId";
const COMMENT: &str = "RevocationRequestInfo.Comment";

fn revocation(
    file: FileRequest,
    body: RevocationRequestInfo,
    version: FormatVersion,
) -> Result<RevocationRequest, ApiError> {
    let file = FileRequest { text: body.comment.unwrap_or_default(), ..file };
    let signer = body.signer.map(|given| by_details("RevocationRequestInfo.Signer", given)).transpose()?;
    Ok(RevocationRequest { file, signer, version })
}

fn in_query(query: &AttachmentQuery, text: Option<String>, text_path: &'static str) -> FileRequest {
    FileRequest {
        message: query.message_id,
        attachment: query.attachment_id,
        attachment_path: ATTACHMENT,
        text: text.unwrap_or_default(),
        text_path,
    }
}

fn id<T: std::str::FromStr<Err = InvalidId>>(path: &str, text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|error| ApiError::bad_request(format!("{path}: {error}")))
}

/// The file with its name in the header where clients look for it.
fn file<E: Endpoint<Response = Raw, Access: Held>>(
    call: &Call<E>,
    made: GeneratedFile,
) -> Result<Answer, ApiError> {
    let name = HeaderValue::try_from(format!("attachment; filename=\"{}\"", made.file_name));
    // Names are made of ids, which are ASCII.
    let name = name.map_err(|_| ApiError::internal())?;
    Ok(call.ready(made.content).with(CONTENT_DISPOSITION, name))
}
