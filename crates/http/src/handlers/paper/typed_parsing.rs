//! The parsers of titles of one type of documents, as [`super::typed`] makes them.

use potok_api::methods::{
    ParseAcceptanceCertificateBuyerTitleXml, ParseAcceptanceCertificateSellerTitleXml, ParseInvoiceXml,
    ParseTorg12BuyerTitleXml, ParseTorg12SellerTitleXml, ParseUniversalCorrectionDocumentBuyerTitleXml,
    ParseUniversalCorrectionDocumentSellerTitleXml, ParseUniversalTransferDocumentBuyerTitleXml,
    ParseUniversalTransferDocumentSellerTitleXml, VersionQuery,
};
use potok_api::{Endpoint, Format, NoQuery, Raw, content_type};
use potok_app::TypedDocuments;
use potok_types::access::KnownClient;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;
use crate::structures::told;

pub(super) fn register(all: &mut Registry) {
    all.on::<ParseUniversalTransferDocumentSellerTitleXml, _>(|call| {
        versioned(call, TypedDocuments::Transfers, 0)
    });
    all.on::<ParseUniversalTransferDocumentBuyerTitleXml, _>(|call| {
        plain(call, TypedDocuments::Transfers, 1)
    });
    all.on::<ParseUniversalCorrectionDocumentSellerTitleXml, _>(|call| {
        versioned(call, TypedDocuments::Corrections, 0)
    });
    all.on::<ParseUniversalCorrectionDocumentBuyerTitleXml, _>(|call| {
        plain(call, TypedDocuments::Corrections, 1)
    });
    all.on::<ParseInvoiceXml, _>(|call| plain(call, TypedDocuments::Invoices, 0));
    all.on::<ParseTorg12SellerTitleXml, _>(|call| versioned(call, TypedDocuments::Waybills, 0));
    all.on::<ParseTorg12BuyerTitleXml, _>(|call| versioned(call, TypedDocuments::Waybills, 1));
    all.on::<ParseAcceptanceCertificateSellerTitleXml, _>(|call| versioned(call, TypedDocuments::Acts, 0));
    all.on::<ParseAcceptanceCertificateBuyerTitleXml, _>(|call| versioned(call, TypedDocuments::Acts, 1));
}

async fn versioned<E>(call: Call<E>, documents: TypedDocuments, index: i32) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = VersionQuery, Request = Raw, Access = KnownClient>,
{
    let version = call.query.document_version.clone();
    read(call, documents, version.as_deref(), index).await
}

async fn plain<E>(call: Call<E>, documents: TypedDocuments, index: i32) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = NoQuery, Request = Raw, Access = KnownClient>,
{
    read(call, documents, None, index).await
}

async fn read<E>(
    call: Call<E>,
    documents: TypedDocuments,
    version: Option<&str>,
    index: i32,
) -> Result<Answer, ApiError>
where
    E: Endpoint<Request = Raw, Access = KnownClient>,
{
    let paper = call.paper();
    let (name, json) = paper.parse_typed(&call.permit, documents, version, index, &call.body.0).await?;
    let format = if call.answers_json() { Format::Json } else { Format::Protobuf };
    let length = json.len();
    let (kind, body) =
        call.write(length, move || told(name, &json, format)).await?.ok_or_else(ApiError::internal)?;
    Ok(Answer::ok(content_type(kind, format), body))
}
