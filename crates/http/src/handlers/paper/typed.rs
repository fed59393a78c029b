//! The generators of titles of one type of documents: structures in place of the data of a contract. Where the version says which
//! structure it is, the contract of the method can only speak of bytes; they are protobuf or JSON as everywhere.

use potok_api::methods::{
    BuyerTitleQuery, GenerateAcceptanceCertificateXmlForBuyer, GenerateAcceptanceCertificateXmlForSeller,
    GenerateInvoiceXml, GenerateTorg12XmlForBuyer, GenerateTorg12XmlForSeller,
    GenerateUniversalTransferDocumentXmlForBuyer, GenerateUniversalTransferDocumentXmlForSeller,
    SellerTitleQuery,
};
use potok_api::{Endpoint, Payload, Raw};
use potok_app::{TypedDocuments, TypedTitle};
use potok_types::access::{NamedDocuments, User};
use potok_wire::proto::invoicing::{InvoiceCorrectionInfo, InvoiceInfo};
use potok_wire::to_json;

use super::generation::file;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::format::check_content_type;
use crate::registry::Registry;
use crate::structures::said;

pub(super) fn register(all: &mut Registry) {
    all.on::<GenerateUniversalTransferDocumentXmlForSeller, _>(transfer);
    all.on::<GenerateUniversalTransferDocumentXmlForBuyer, _>(transfer_answer);
    all.on::<GenerateInvoiceXml, _>(invoice);
    all.on::<GenerateTorg12XmlForSeller, _>(|call| first(call, TypedDocuments::Waybills));
    all.on::<GenerateTorg12XmlForBuyer, _>(|call| second(call, TypedDocuments::Waybills));
    all.on::<GenerateAcceptanceCertificateXmlForSeller, _>(|call| first(call, TypedDocuments::Acts));
    all.on::<GenerateAcceptanceCertificateXmlForBuyer, _>(|call| second(call, TypedDocuments::Acts));
}

async fn transfer(mut call: Call<GenerateUniversalTransferDocumentXmlForSeller>) -> Result<Answer, ApiError> {
    let documents =
        if call.query.correction { TypedDocuments::Corrections } else { TypedDocuments::Transfers };
    let wanted = TypedTitle::new(documents, call.query.document_version.as_deref(), 0)?;
    let json = said(&mut call.incoming, wanted.structure()).await?;
    let made = call.paper().generate_typed(&call.permit, &wanted, &json, call.query.disable_validation);
    file(&call, made.await?)
}

async fn transfer_answer(
    call: Call<GenerateUniversalTransferDocumentXmlForBuyer>,
) -> Result<Answer, ApiError> {
    let answered = (call.query.seller_title_message_id, call.query.seller_title_attachment_id);
    let json = to_json(&call.body).into();
    file(&call, call.paper().generate_typed_answer(&call.permit, None, answered, &json).await?)
}

async fn invoice(mut call: Call<GenerateInvoiceXml>) -> Result<Answer, ApiError> {
    let kind = call.query.invoice_type.clone();
    check_content_type(<InvoiceInfo as Payload>::KIND, &call.incoming.parts.headers)?;
    // The version of an invoice stands in its structure.
    let (json, version) = if TypedTitle::invoices(&kind)? == TypedDocuments::CorrectiveInvoices {
        let said: InvoiceCorrectionInfo = call.incoming.structure().await?;
        (to_json(&said).into(), said.version())
    } else {
        let said: InvoiceInfo = call.incoming.structure().await?;
        (to_json(&said).into(), said.version())
    };
    let wanted = TypedTitle::invoice(&kind, version.as_str_name() == "v5_01")?;
    let made = call.paper().generate_typed(&call.permit, &wanted, &json, call.query.disable_validation);
    file(&call, made.await?)
}

async fn first<E>(mut call: Call<E>, documents: TypedDocuments) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = SellerTitleQuery, Request = Raw, Access = User, Response = Raw>,
{
    let wanted = TypedTitle::new(documents, call.query.document_version.as_deref(), 0)?;
    let json = said(&mut call.incoming, wanted.structure()).await?;
    let made = call.paper().generate_typed(&call.permit, &wanted, &json, call.query.disable_validation);
    file(&call, made.await?)
}

async fn second<E>(mut call: Call<E>, documents: TypedDocuments) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = BuyerTitleQuery, Request = Raw, Access = NamedDocuments, Response = Raw>,
{
    let wanted = TypedTitle::new(documents, call.query.document_version.as_deref(), 1)?;
    let json = said(&mut call.incoming, wanted.structure()).await?;
    let answered = (call.query.seller_title_message_id, call.query.seller_title_attachment_id);
    let made = call.paper().generate_typed_answer(&call.permit, Some(wanted), answered, &json);
    file(&call, made.await?)
}
