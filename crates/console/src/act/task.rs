//! Something that is being done with a document: what it is about, and the file that is made for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use potok_api::methods::{
    BoxQuery, GenerateInvoiceCorrectionRequestXmlV2, GenerateReceiptXmlV2, GenerateRevocationRequestXmlQuery,
    GenerateRevocationRequestXmlV2, GenerateSignatureRejectionXmlV2, GenerateTitleXml, GenerateTitleXmlQuery,
    GetMyUserV2,
};
use potok_api::{Empty, NoQuery, Raw};
use potok_types::EntityId;
use potok_wire::proto::documents::DocumentActionType as Act;
use potok_wire::proto::events::{AttachmentType, Entity};
use potok_wire::proto::invoicing::{
    InvoiceCorrectionRequestGenerationRequestV2, ReceiptGenerationRequestV2, RevocationRequestInfo,
    SignatureRejectionGenerationRequestV2, Signer, SignerDetails,
};

use super::kind::Kind;
use crate::Sent;
use crate::document::Found;
use crate::moment::russian_date;
use crate::places::DocumentPlace;
use crate::server::{Refused, Server, ask};

/// Something that is being done.
pub(super) struct Task<'a> {
    pub(super) kind: Kind,
    pub(super) place: DocumentPlace,
    pub(super) found: &'a Found,
}

/// Data as XML text.
fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Who signs: by the position that was typed, else by that of the employee's record.
fn position(sent: &Sent) -> String {
    match sent.fields.get("position") {
        Some(typed) => format!("<Position PositionSource=\"Manual\">{}</Position>", xml(typed)),
        None => "<Position PositionSource=\"Employee\"></Position>".to_owned(),
    }
}

/// Types whose answering title can be made from a form.
pub(super) fn has_title_form(type_named_id: &str) -> bool {
    matches!(
        type_named_id,
        "UniversalTransferDocument" | "UniversalTransferDocumentRevision" | "Invoice" | "InvoiceRevision"
    )
}

impl Task<'_> {
    /// What hangs on the document and is meant: the document itself, a request to revoke it, or a title.
    pub(super) fn parent(&self) -> Result<EntityId, Refused> {
        let document = self.place.document.to_string();
        let below = |kinds: &[AttachmentType]| {
            let is_it = |entity: &&Entity| {
                entity.parent_entity_id.as_ref() == Some(&document)
                    && kinds.contains(&entity.attachment_type())
            };
            self.found.message.entities.iter().rev().find(is_it)
        };
        let found = match self.kind {
            Kind::Agree | Kind::Keep => below(&[AttachmentType::RevocationRequest]),
            Kind::Receipt if self.title_to_receive() > 0 => below(&[
                AttachmentType::Title,
                AttachmentType::UniversalTransferDocumentBuyerTitle,
                AttachmentType::UniversalCorrectionDocumentBuyerTitle,
                AttachmentType::XmlTorg12BuyerTitle,
                AttachmentType::XmlAcceptanceCertificateBuyerTitle,
            ]),
            _ => return Ok(self.place.document),
        };
        found.and_then(|entity| entity.entity_id.parse().ok()).ok_or_else(Refused::not_found)
    }

    fn title_to_receive(&self) -> i32 {
        let action = self.found.actions.iter().find(|action| action.r#type() == Act::ConfirmReceiptOfTitle);
        let payload = action.and_then(|action| action.payload.as_ref()?.confirm_receipt_of_title.as_ref());
        payload.map_or(0, |payload| payload.title_index)
    }

    /// The file that is made: the one that the form carries along, else a new one.
    pub(super) async fn file(&self, server: &dyn Server, sent: &Sent) -> Result<Bytes, Refused> {
        if let Some(text) = sent.fields.get("made") {
            let bytes = STANDARD.decode(text).map_err(|_| Refused::bad_form("made: no base64"))?;
            return Ok(bytes.into());
        }
        if let Some(file) = sent.file("title") {
            return Ok(file.bytes.clone());
        }
        let (message_id, attachment_id) = (self.place.message.to_string(), self.parent()?.to_string());
        let query = BoxQuery::new(self.place.box_id);
        let signer_content = Bytes::from(format!("<Signer>{}</Signer>", position(sent)));
        let words = sent.fields.text("words").to_owned();
        let made = match self.kind {
            Kind::Receipt => {
                let request = ReceiptGenerationRequestV2 { message_id, attachment_id, signer_content };
                ask::<GenerateReceiptXmlV2>(server, &query, &request).await?
            }
            Kind::Amend => {
                let request = InvoiceCorrectionRequestGenerationRequestV2 {
                    error_message: words,
                    message_id,
                    attachment_id,
                    signer_content,
                };
                ask::<GenerateInvoiceCorrectionRequestXmlV2>(server, &query, &request).await?
            }
            Kind::Refuse | Kind::Keep => {
                let request = SignatureRejectionGenerationRequestV2 {
                    error_message: Some(words),
                    message_id,
                    attachment_id,
                    signer_content,
                };
                ask::<GenerateSignatureRejectionXmlV2>(server, &query, &request).await?
            }
            Kind::Revoke => self.revocation(server, sent, words).await?,
            Kind::Title => self.title(server, sent).await?,
            _ => return Err(Refused::not_found()),
        };
        Ok(made.0)
    }

    async fn revocation(&self, server: &dyn Server, sent: &Sent, words: String) -> Result<Raw, Refused> {
        let DocumentPlace { box_id, message, document } = self.place;
        let user = ask::<GetMyUserV2>(server, &NoQuery, &Empty).await?;
        let name = user.full_name.unwrap_or_default();
        let details = SignerDetails {
            surname: name.last_name,
            first_name: name.first_name,
            patronymic: name.middle_name,
            job_title: sent.fields.get("position").map(str::to_owned),
            ..SignerDetails::default()
        };
        let signer = Signer { signer_details: Some(details), ..Signer::default() };
        let request = RevocationRequestInfo {
            comment: Some(words).filter(|words| !words.is_empty()),
            signer: Some(signer),
        };
        let query = GenerateRevocationRequestXmlQuery::new(box_id, message, document);
        ask::<GenerateRevocationRequestXmlV2>(server, &query, &request).await
    }

    async fn title(&self, server: &dyn Server, sent: &Sent) -> Result<Raw, Refused> {
        let document = self.found.document().ok_or_else(Refused::not_found)?;
        let fields = &sent.fields;
        let accepted = fields.get("accepted").and_then(russian_date);
        let accepted = accepted.map(|date| format!(" AcceptanceDate=\"{date}\"")).unwrap_or_default();
        let content = fields.get("operation").unwrap_or("Товары (работы, услуги, права) приняты");
        let code = if fields.text("result") == "2" { "2" } else { "1" };
        let data = format!(
            "<UniversalTransferDocumentBuyerTitle{accepted} OperationContent=\"{}\"><ContentOperCode TotalCode=\"{code}\"/>\
             <Signers><Signer>{}</Signer></Signers></UniversalTransferDocumentBuyerTitle>",
            xml(content),
            position(sent)
        );
        let query = GenerateTitleXmlQuery {
            letter_id: Some(self.place.message),
            document_id: Some(self.place.document),
            ..GenerateTitleXmlQuery::new(
                self.place.box_id,
                document.type_named_id.clone(),
                document.function.clone(),
                document.version.clone(),
                1,
            )
        };
        ask::<GenerateTitleXml>(server, &query, &Raw(data.into())).await
    }
}
