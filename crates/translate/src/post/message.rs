//! `POST /V3/PostMessage`.

use potok_domain::LockMode;
use potok_domain::command::{Link, NewDocument, NewStructuredData, PostMessage, Source};
use potok_types::{BoxId, DepartmentId, limits};
use potok_wire::proto;
use potok_wire::proto::events::{DocumentAttachment, MessageToPost, StructuredDataAttachment};

use super::checks::{filled, id, optional_id};
use super::document::{Letter, Listed, new_document};
use super::{BadPost, PostedRequest, legacy};

/// Reads a posted message. The documents of the obsolete lists come first, in the order of their fields.
///
/// # Errors
/// [`BadPost::Invalid`] names the field that is wrong; [`BadPost::NotBuilt`] a part of the API that is not here yet.
pub fn message_to_post(mut posted: MessageToPost) -> Result<PostedRequest, BadPost> {
    refuse_what_is_not_built(&posted)?;
    let from: BoxId = id("MessageToPost.FromBoxId", &posted.from_box_id)?;
    let is_internal = posted.is_internal();
    let to = recipient(from, posted.to_box_id.take(), is_internal)?;
    let delay_send = posted.delay_send();
    let lock_mode = lock_mode(&posted)?;
    let from_department = optional_id("MessageToPost.FromDepartmentId", posted.from_department_id.take())?;
    let to_department = optional_id("MessageToPost.ToDepartmentId", posted.to_department_id.take())?;
    let (proxy, proxy_department) = proxy(&mut posted)?;
    let attached = std::mem::take(&mut posted.structured_data_attachments);

    let listed = listed(posted);
    check_count(listed.len())?;
    let letter = Letter { delay_send };
    let documents =
        listed.into_iter().map(|listed| new_document(listed, letter)).collect::<Result<Vec<_>, _>>()?;
    check_custom_ids(&documents)?;
    documents.iter().try_for_each(|document| check_links(document, &documents))?;
    let structured_data = attached
        .into_iter()
        .enumerate()
        .map(|(i, attached)| structured_data(i, attached, &documents))
        .collect::<Result<Vec<_>, _>>()?;

    let is_test = documents.iter().any(|document| document.signature == Some(Source::TestSignature));
    let command = PostMessage {
        from,
        to,
        proxy,
        from_department,
        to_department,
        proxy_department,
        is_internal,
        delay_send,
        lock_mode,
        is_test,
        documents,
        structured_data,
    };
    Ok(PostedRequest { command })
}

fn refuse_what_is_not_built(posted: &MessageToPost) -> Result<(), BadPost> {
    if posted.is_draft() {
        return Err(BadPost::not_built("MessageToPost.IsDraft".to_owned()));
    }
    Ok(())
}

/// The box and the department of the intermediate recipient.
fn proxy(posted: &mut MessageToPost) -> Result<(Option<BoxId>, Option<DepartmentId>), BadPost> {
    const DEPARTMENT: &str = "MessageToPost.ProxyDepartmentId";
    let box_id = optional_id("MessageToPost.ProxyBoxId", posted.proxy_box_id.take())?;
    let department = optional_id(DEPARTMENT, posted.proxy_department_id.take())?;
    if box_id.is_none() && department.is_some() {
        return Err(BadPost::invalid(
            DEPARTMENT,
            "there is no intermediate recipient; name its box in ProxyBoxId, or leave its department out",
        ));
    }
    Ok((box_id, department))
}

fn recipient(from: BoxId, to: Option<String>, is_internal: bool) -> Result<Option<BoxId>, BadPost> {
    const PATH: &str = "MessageToPost.ToBoxId";
    let to: Option<BoxId> = optional_id(PATH, to)?;
    match (to, is_internal) {
        (None, true) => Ok(None),
        (Some(_), true) => Err(BadPost::invalid(
            PATH,
            "an internal message has no recipient; leave ToBoxId or IsInternal out",
        )),
        (None, false) => Err(BadPost::invalid(
            PATH,
            "a recipient is required; name its box, or set IsInternal for a message inside the organization",
        )),
        (Some(to), false) if to == from => Err(BadPost::invalid(
            PATH,
            "the recipient is the sender; name another box, or set IsInternal and leave ToBoxId out",
        )),
        (Some(to), false) => Ok(Some(to)),
    }
}

/// The old flag beats the new field: who sets it means a locked packet, and the field has a default.
fn lock_mode(posted: &MessageToPost) -> Result<LockMode, BadPost> {
    if posted.lock_packet() {
        return Ok(LockMode::Full);
    }
    let number = posted.lock_mode.unwrap_or(proto::LockMode::None as i32);
    LockMode::from_number(number).ok_or_else(|| {
        BadPost::invalid(
            "MessageToPost.LockMode",
            "unknown lock mode; use None, Send or Full, or leave it out",
        )
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

fn check_count(documents: usize) -> Result<(), BadPost> {
    const PATH: &str = "MessageToPost.DocumentAttachments";
    const MOST: usize = limits::DOCUMENTS_PER_MESSAGE;
    match documents {
        0 => Err(BadPost::invalid(PATH, "a message needs at least one document; add one")),
        1..=MOST => Ok(()),
        _ => Err(BadPost::invalid(
            PATH,
            format!(
                "{documents} documents are given, at most {MOST} are allowed; post the others in another message"
            ),
        )),
    }
}

fn check_custom_ids(documents: &[NewDocument<Source>]) -> Result<(), BadPost> {
    for (i, document) in documents.iter().enumerate() {
        let Some(id) = &document.custom_document_id else { continue };
        if documents[..i].iter().any(|other| other.custom_document_id.as_ref() == Some(id)) {
            return Err(BadPost::invalid(
                format!("{}.CustomDocumentId", document.path),
                format!("CustomDocumentId '{id}' is not unique; give every document of the request its own"),
            ));
        }
    }
    Ok(())
}

fn check_links(document: &NewDocument<Source>, documents: &[NewDocument<Source>]) -> Result<(), BadPost> {
    let path = &document.path;
    for (list, links) in [
        ("InitialDocumentIds", &document.initial_documents),
        ("SubordinateDocumentIds", &document.subordinate_documents),
    ] {
        for (i, link) in links.iter().enumerate() {
            let Link::SameRequest(id) = link else { continue };
            let path = || format!("{path}.{list}[{i}].EntityId");
            if document.custom_document_id.as_ref() == Some(id) {
                return Err(BadPost::invalid(
                    path(),
                    "a document cannot refer to itself; leave the link out",
                ));
            }
            if !has_custom_id(documents, id) {
                let reason = format!(
                    "no document of this request has CustomDocumentId '{id}'; correct it, or fill MessageId to name a \
                     document of the box"
                );
                return Err(BadPost::invalid(path(), reason));
            }
        }
    }
    Ok(())
}

fn has_custom_id(documents: &[NewDocument<Source>], id: &str) -> bool {
    documents.iter().any(|document| document.custom_document_id.as_deref() == Some(id))
}

fn structured_data(
    i: usize,
    attached: StructuredDataAttachment,
    documents: &[NewDocument<Source>],
) -> Result<NewStructuredData<Source>, BadPost> {
    let path = format!("MessageToPost.StructuredDataAttachments[{i}]");
    if attached.content.is_empty() {
        return Err(BadPost::invalid(format!("{path}.Content"), "the data are empty; put their bytes here"));
    }
    if attached.content.len() as u64 > limits::STRUCTURED_DATA_BYTES {
        let (given, most) = (attached.content.len(), limits::STRUCTURED_DATA_BYTES);
        let reason = format!("{given} bytes are given, at most {most} are allowed; send less data");
        return Err(BadPost::invalid(format!("{path}.Content"), reason));
    }
    let Some(file_name) = filled(Some(attached.file_name)) else {
        return Err(BadPost::invalid(format!("{path}.FileName"), "a file name is required; give one"));
    };
    let document = attached.parent_custom_document_id;
    if document.is_empty() || !has_custom_id(documents, &document) {
        let reason = format!(
            "no document of this request has CustomDocumentId '{document}'; name the document that the data belong to"
        );
        return Err(BadPost::invalid(format!("{path}.ParentCustomDocumentId"), reason));
    }
    Ok(NewStructuredData { path, document, content: Source::Inline(attached.content), file_name })
}
