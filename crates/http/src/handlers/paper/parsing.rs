//! Reading refusals, offers of revocation and amendment requests.

use potok_api::methods::{
    GetInvoiceCorrectionRequestInfo, ParseRevocationRequestXml, ParseSignatureRejectionXml,
};
use potok_translate::signer;
use potok_wire::proto::invoicing::{
    InvoiceCorrectionRequestInfo, RevocationRequestInfo, SignatureRejectionInfo,
};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ParseSignatureRejectionXml, _>(signature_rejection);
    all.on::<ParseRevocationRequestXml, _>(revocation_request);
    all.on::<GetInvoiceCorrectionRequestInfo, _>(amendment_request_info);
}

async fn signature_rejection(call: Call<ParseSignatureRejectionXml>) -> Result<Answer, ApiError> {
    let read = call.paper().parse_signature_rejection(&call.permit, &call.body.0).await?;
    Ok(call.answer(&SignatureRejectionInfo {
        error_message: Some(read.text),
        signer: read.signer.map(signer).unwrap_or_default(),
    }))
}

async fn revocation_request(call: Call<ParseRevocationRequestXml>) -> Result<Answer, ApiError> {
    let read = call.paper().parse_revocation_request(&call.permit, &call.body.0).await?;
    Ok(call.answer(&RevocationRequestInfo { comment: Some(read.text), signer: read.signer.map(signer) }))
}

async fn amendment_request_info(call: Call<GetInvoiceCorrectionRequestInfo>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let read = call.paper().amendment_request_info(&call.permit, query.message_id, query.entity_id).await?;
    Ok(call.answer(&InvoiceCorrectionRequestInfo {
        error_message: read.text,
        signer: read.signer.map(signer).unwrap_or_default(),
    }))
}
