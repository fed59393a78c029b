//! `POST /V3/PostMessage`.

use potok_domain::command::{NewDraft, NewStructuredData, PostMessage, Source};
use potok_domain::{Inviting, LockMode, registry};
use potok_types::box_at;
use potok_wire::proto;
use potok_wire::proto::events::{DocumentAttachment, MessageToPost, StructuredDataAttachment};

use super::document::{Listed, new_document};
use super::fields::{filled, optional_box, optional_id};
use super::legacy;
use crate::BadRequest;

/// Reads a posted message. The documents of the obsolete lists come first, in the order of their fields.
///
/// # Errors
/// [`BadRequest::Invalid`] names the field that cannot be read.
pub fn message_to_post(mut posted: MessageToPost) -> Result<PostMessage<Source>, BadRequest> {
    let from = box_at("MessageToPost.FromBoxId", &posted.from_box_id)?;
    let to = optional_box("MessageToPost.ToBoxId", posted.to_box_id.take())?;
    let is_internal = posted.is_internal();
    let delay_send = posted.delay_send();
    let (is_locked, is_strict) = (posted.lock_draft(), posted.strict_draft_validation());
    let draft = posted.is_draft().then_some(NewDraft { is_locked, is_strict });
    let lock_mode = lock_mode(&posted)?;
    let from_department = optional_id("MessageToPost.FromDepartmentId", posted.from_department_id.take())?;
    let to_department = optional_id("MessageToPost.ToDepartmentId", posted.to_department_id.take())?;
    let proxy = optional_box("MessageToPost.ProxyBoxId", posted.proxy_box_id.take())?;
    let proxy_department = optional_id("MessageToPost.ProxyDepartmentId", posted.proxy_department_id.take())?;
    let attached = std::mem::take(&mut posted.structured_data_attachments);

    let invitation = inviting(&posted);
    let documents = listed(posted).into_iter().map(new_document).collect::<Result<Vec<_>, _>>()?;
    let structured_data =
        attached.into_iter().enumerate().map(|(i, attached)| structured_data(i, attached)).collect();

    let is_test = documents.iter().any(|document| document.signature == Some(Source::TestSignature));
    Ok(PostMessage {
        structure: "MessageToPost",
        from,
        to,
        proxy,
        from_department,
        to_department,
        proxy_department,
        is_internal,
        delay_send,
        draft,
        made_from: None,
        lock_mode,
        is_test,
        documents,
        structured_data,
        invitation,
        template: None,
    })
}

/// A document of this type is an invitation; what is said of it is said to the other side.
fn inviting(posted: &MessageToPost) -> Option<Inviting> {
    let is_invitation = |document: &&DocumentAttachment| {
        registry::is_same_name(document.type_named_id.trim(), "TrustConnectionRequest")
    };
    let found = posted.document_attachments.iter().find(is_invitation)?;
    Some(Inviting { message: filled(found.comment.clone()) })
}

/// The old flag beats the new field: who sets it means a locked packet, and the field has a default.
fn lock_mode(posted: &MessageToPost) -> Result<LockMode, BadRequest> {
    if posted.lock_packet() {
        return Ok(LockMode::Full);
    }
    known_lock_mode("MessageToPost", posted.lock_mode)
}

/// The field `LockMode` of `structure`.
pub(super) fn known_lock_mode(structure: &str, given: Option<i32>) -> Result<LockMode, BadRequest> {
    let number = given.unwrap_or(proto::LockMode::None as i32);
    LockMode::from_number(number).ok_or_else(|| {
        let reason = "unknown lock mode; use None, Send or Full, or leave it out";
        BadRequest::invalid(format!("{structure}.LockMode"), reason)
    })
}

/// All documents of the request, whichever list they stand in.
fn listed(posted: MessageToPost) -> Vec<Listed> {
    let mut all = Vec::new();
    macro_rules! lists {
        ($($field:ident $name:literal => $convert:expr;)*) => {
            $(obsolete(&mut all, $name, posted.$field, $convert);)*
        };
    }
    lists! {
        invoices "Invoices" => |item| legacy::xml("Invoice", item);
        nonformalized_documents "NonformalizedDocuments" => |item| legacy::nonformalized("Nonformalized", item);
        torg12_documents "Torg12Documents" => |item| legacy::basic("Torg12", item);
        acceptance_certificates "AcceptanceCertificates" => legacy::acceptance_certificate;
        proforma_invoices "ProformaInvoices" => |item| legacy::basic("ProformaInvoice", item);
        xml_torg12_seller_titles "XmlTorg12SellerTitles" => |item| legacy::xml("XmlTorg12", item);
        xml_acceptance_certificate_seller_titles "XmlAcceptanceCertificateSellerTitles" =>
            |item| legacy::xml("XmlAcceptanceCertificate", item);
        price_lists "PriceLists" => legacy::price_list;
        price_list_agreements "PriceListAgreements" => |item| legacy::nonformalized("PriceListAgreement", item);
        certificate_registries "CertificateRegistries" => |item| legacy::nonformalized("CertificateRegistry", item);
        reconciliation_acts "ReconciliationActs" => legacy::reconciliation_act;
        contracts "Contracts" => legacy::contract;
        torg13_documents "Torg13Documents" => legacy::torg13;
        service_details_documents "ServiceDetailsDocuments" => legacy::service_details;
        encrypted_invoices "EncryptedInvoices" => legacy::encrypted_invoice;
        encrypted_xml_torg12_seller_titles "EncryptedXmlTorg12SellerTitles" =>
            |item| legacy::encrypted_xml("XmlTorg12", item);
        encrypted_xml_acceptance_certificate_seller_titles "EncryptedXmlAcceptanceCertificateSellerTitles" =>
            |item| legacy::encrypted_xml("XmlAcceptanceCertificate", item);
        supplementary_agreements "SupplementaryAgreements" => legacy::supplementary_agreement;
        universal_transfer_document_seller_titles "UniversalTransferDocumentSellerTitles" =>
            |item| legacy::xml("UniversalTransferDocument", item);
    }
    all.extend(posted.document_attachments.into_iter().enumerate().map(|(i, attachment)| Listed {
        path: format!("MessageToPost.DocumentAttachments[{i}]"),
        attachment,
        is_obsolete: false,
    }));
    all
}

fn obsolete<T>(all: &mut Vec<Listed>, name: &str, items: Vec<T>, convert: impl Fn(T) -> DocumentAttachment) {
    all.extend(items.into_iter().enumerate().map(|(i, item)| Listed {
        path: format!("MessageToPost.{name}[{i}]"),
        attachment: convert(item),
        is_obsolete: true,
    }));
}

fn structured_data(i: usize, attached: StructuredDataAttachment) -> NewStructuredData<Source> {
    NewStructuredData {
        path: format!("MessageToPost.StructuredDataAttachments[{i}]"),
        document: attached.parent_custom_document_id,
        content: Source::Inline(attached.content),
        file_name: attached.file_name,
    }
}
