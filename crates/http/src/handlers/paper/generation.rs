//! Making the official documents that people sign: receipts, refusals, requests to amend and to revoke.
//!
//! The first versions write the older formats, in which a signer has a name and a position; the second ones write the
//! current formats, with the signer's right to sign.

use http::HeaderValue;
use http::header::CONTENT_DISPOSITION;
use potok_api::methods::{
    AttachmentQuery, GenerateDocumentReceiptXml, GenerateInvoiceCorrectionRequestXml,
    GenerateInvoiceCorrectionRequestXmlV2, GenerateInvoiceDocumentReceiptXml, GenerateReceiptXml,
    GenerateReceiptXmlV2, GenerateRevocationRequestXml, GenerateRevocationRequestXmlV2,
    GenerateSignatureRejectionXml, GenerateSignatureRejectionXmlV2,
};
use potok_api::{Endpoint, Raw};
use potok_app::{GeneratedFile, Held};
use potok_translate::read::files;
use potok_types::access::NamedDocuments;
use potok_wire::proto::invoicing::Signer;

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
}

async fn receipt_v1<E>(mut call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = AttachmentQuery, Request = Signer, Access = NamedDocuments, Response = Raw>,
{
    let (request, signer) = files::receipt_v1(&call.query, std::mem::take(&mut call.body))?;
    file(&call, call.paper().generate_receipt(&call.permit, &request, &signer).await?)
}

async fn receipt_v2(mut call: Call<GenerateReceiptXmlV2>) -> Result<Answer, ApiError> {
    let (request, signer) = files::receipt_v2(std::mem::take(&mut call.body))?;
    file(&call, call.paper().generate_receipt(&call.permit, &request, &signer).await?)
}

async fn rejection_v1(mut call: Call<GenerateSignatureRejectionXml>) -> Result<Answer, ApiError> {
    let (request, signer) = files::rejection_v1(&call.query, std::mem::take(&mut call.body))?;
    file(&call, call.paper().generate_signature_rejection(&call.permit, &request, &signer).await?)
}

async fn rejection_v2(mut call: Call<GenerateSignatureRejectionXmlV2>) -> Result<Answer, ApiError> {
    let (request, signer) = files::rejection_v2(std::mem::take(&mut call.body))?;
    file(&call, call.paper().generate_signature_rejection(&call.permit, &request, &signer).await?)
}

async fn amendment_v1(mut call: Call<GenerateInvoiceCorrectionRequestXml>) -> Result<Answer, ApiError> {
    let (request, signer) = files::amendment_v1(&call.query, std::mem::take(&mut call.body))?;
    file(&call, call.paper().generate_amendment_request(&call.permit, &request, &signer).await?)
}

async fn amendment_v2(mut call: Call<GenerateInvoiceCorrectionRequestXmlV2>) -> Result<Answer, ApiError> {
    let (request, signer) = files::amendment_v2(std::mem::take(&mut call.body))?;
    file(&call, call.paper().generate_amendment_request(&call.permit, &request, &signer).await?)
}

async fn revocation_v1(mut call: Call<GenerateRevocationRequestXml>) -> Result<Answer, ApiError> {
    let request = files::revocation_v1(&call.query, std::mem::take(&mut call.body))?;
    file(&call, call.paper().generate_revocation_request(&call.permit, &request).await?)
}

async fn revocation_v2(mut call: Call<GenerateRevocationRequestXmlV2>) -> Result<Answer, ApiError> {
    let request = files::revocation_v2(&call.query, std::mem::take(&mut call.body))?;
    file(&call, call.paper().generate_revocation_request(&call.permit, &request).await?)
}

/// The file with its name in the header where clients look for it.
pub(super) fn file<E: Endpoint<Response = Raw, Access: Held>>(
    call: &Call<E>,
    made: GeneratedFile,
) -> Result<Answer, ApiError> {
    let name = HeaderValue::try_from(format!("attachment; filename=\"{}\"", made.file_name));
    // Names are made of ids, which are ASCII.
    let name = name.map_err(|_| ApiError::internal())?;
    Ok(call.ready(made.content).with(CONTENT_DISPOSITION, name))
}
