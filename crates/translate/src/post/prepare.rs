//! `POST /PrepareDocumentsToSign`.

use bytes::Bytes;
use potok_domain::paper::{
    ContentToPrepare, DocumentToPrepare, ExtendedSignerToPut, PrepareToSign, SignerToPut,
};
use potok_types::id_at;
use potok_wire::proto::DocumentId;
use potok_wire::proto::events::PrepareDocumentsToSignRequest;
use potok_wire::proto::invoicing::signers::{ExtendedSigner, ExtendedSignerDetails};

use super::content::unsigned_content;
use super::fields::optional_box;
use crate::BadRequest;

const STRUCTURE: &str = "PrepareDocumentsToSignRequest";

/// Reads what is to be prepared for whom.
///
/// # Errors
/// [`BadRequest::Invalid`] names the field that cannot be read.
pub fn prepare_to_sign(given: PrepareDocumentsToSignRequest) -> Result<PrepareToSign, BadRequest> {
    let mut documents = Vec::new();
    for (i, it) in given.draft_documents.into_iter().enumerate() {
        let signer = signer(it.extended_signer, it.signer_content);
        let path = format!("{STRUCTURE}.DraftDocuments[{i}]");
        let to = optional_box(&format!("{path}.ToBoxId"), it.to_box_id)?;
        documents.push(DocumentToPrepare { to, ..document(path, true, &it.document_id, signer)? });
    }
    for (i, it) in given.documents.into_iter().enumerate() {
        let signer = signer(it.extended_signer, it.signer_content);
        documents.push(document(format!("{STRUCTURE}.Documents[{i}]"), false, &it.document_id, signer)?);
    }
    let mut contents = Vec::new();
    for (i, it) in given.contents.into_iter().enumerate() {
        let path = format!("{STRUCTURE}.Contents[{i}]");
        contents.push(ContentToPrepare {
            content: unsigned_content(
                &format!("{path}.Content"),
                it.content.content,
                it.content.name_on_shelf,
            )?,
            to: optional_box(&format!("{path}.ToBoxId"), it.to_box_id)?,
            path,
            type_named_id: it.type_named_id,
            function: it.function,
            version: it.version,
            signer: signer(it.extended_signer, it.signer_content),
        });
    }
    Ok(PrepareToSign { documents, contents })
}

fn document(
    path: String,
    is_of_draft: bool,
    id: &DocumentId,
    signer: SignerToPut,
) -> Result<DocumentToPrepare, BadRequest> {
    Ok(DocumentToPrepare {
        is_of_draft,
        message: id_at(format!("{path}.DocumentId.MessageId"), &id.message_id)?,
        document: id_at(format!("{path}.DocumentId.EntityId"), &id.entity_id)?,
        to: None,
        path,
        signer,
    })
}

/// No format that is prepared is described by the plain structure `Signer`.
fn signer(extended: Vec<ExtendedSigner>, content: Option<Bytes>) -> SignerToPut {
    SignerToPut {
        extended: extended.into_iter().map(to_put).collect(),
        content: content.filter(|bytes| !bytes.is_empty()),
    }
}

fn to_put(given: ExtendedSigner) -> ExtendedSignerToPut {
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    ExtendedSignerToPut {
        box_id: filled(given.box_id),
        certificate: given.signer_certificate.filter(|bytes| !bytes.is_empty()),
        thumbprint: filled(given.signer_certificate_thumbprint),
        details: given.signer_details.map(|it| details(*it)),
    }
}

/// As `SignerDetails` of contracts call them; numbers that say nothing are left out.
fn details(given: ExtendedSignerDetails) -> Vec<(&'static str, String)> {
    let number = |number: i32| if number < 0 { String::new() } else { number.to_string() };
    let text = Option::<String>::unwrap_or_default;
    vec![
        ("LastName", given.surname),
        ("FirstName", given.first_name),
        ("MiddleName", text(given.patronymic)),
        ("Position", text(given.job_title)),
        ("Inn", text(given.inn)),
        ("RegistrationCertificate", text(given.registration_certificate)),
        ("SignerType", number(given.signer_type)),
        ("SignerOrganizationName", text(given.signer_organization_name)),
        ("SignerInfo", text(given.signer_info)),
        ("SignerPowers", number(given.signer_powers)),
        ("SignerStatus", number(given.signer_status)),
        ("SignerPowersBase", text(given.signer_powers_base)),
        ("SignerOrgPowersBase", text(given.signer_org_powers_base)),
    ]
}
