//! The types of documents as `GetDocumentTypes` lists them, from the registry.

use potok_domain::registry::{self, DocumentType, Function, TYPES, Version};
use potok_domain::workflow::{self, WorkflowSettings};
use potok_domain::{AttachmentType, WorkflowId};
use potok_wire::proto::documents::types::{
    DocumentFunctionV2, DocumentMetadataItemV2, DocumentTitleV2, DocumentTypeDescriptionV2,
    DocumentTypeDescriptionV3, DocumentVersionV2, DocumentWorkflowV2, GetDocumentTypesResponseV2,
    GetDocumentTypesResponseV3, SignerInfoV2, SupportedRejectionType,
};

mod items;

/// From when on universal messages take the place of receipts, amendment requests and refusals.
const UNIVERSAL_MESSAGES_START: &str = "01.01.2027";

/// Says of the name of a version whether this server makes titles of it, and so makes them anew for their signers.
pub type IsMade = fn(&str) -> bool;

/// `GetDocumentTypes` V2.
pub fn types_v2(is_made: IsMade) -> GetDocumentTypesResponseV2 {
    GetDocumentTypesResponseV2 {
        document_types: TYPES.iter().map(|kind| description(kind, is_made)).collect(),
    }
}

/// `GetDocumentTypes` V3.
pub fn types_v3(is_made: IsMade) -> GetDocumentTypesResponseV3 {
    let types = TYPES.iter().map(|kind| description(kind, is_made)).map(|old| DocumentTypeDescriptionV3 {
        name: old.name,
        title: old.title,
        supported_docflows: old.supported_docflows,
        requires_fns_registration: old.requires_fns_registration,
        functions: old.functions,
        universal_messages_start_date: UNIVERSAL_MESSAGES_START.to_owned(),
    });
    GetDocumentTypesResponseV3 { document_types: types.collect() }
}

/// Documents go to others, or stay inside the organization.
const EXTERNAL: i32 = 0;
const INTERNAL: i32 = 1;

fn description(kind: &DocumentType, is_made: IsMade) -> DocumentTypeDescriptionV2 {
    let is_for_tax = is_for_tax_authorities(kind);
    let is_external_only = is_for_tax || kind.attachment_type == AttachmentType::TrustConnectionRequest;
    DocumentTypeDescriptionV2 {
        name: kind.type_named_id.to_owned(),
        title: kind.title.to_owned(),
        supported_docflows: if is_external_only { vec![EXTERNAL] } else { vec![EXTERNAL, INTERNAL] },
        requires_fns_registration: is_for_tax,
        functions: kind
            .functions
            .iter()
            .map(|function| DocumentFunctionV2 {
                name: function.name.to_owned(),
                versions: function
                    .versions
                    .iter()
                    .map(|known| version((kind, function, known), is_made))
                    .collect(),
            })
            .collect(),
    }
}

/// Only participants who are registered at the tax service may exchange it.
fn is_for_tax_authorities(kind: &DocumentType) -> bool {
    use AttachmentType as Type;
    matches!(
        kind.attachment_type,
        Type::Invoice
            | Type::InvoiceRevision
            | Type::InvoiceCorrection
            | Type::InvoiceCorrectionRevision
            | Type::UniversalTransferDocument
            | Type::UniversalTransferDocumentRevision
            | Type::UniversalCorrectionDocument
            | Type::UniversalCorrectionDocumentRevision
    ) || is_torg2(kind)
}

/// Its first title is the buyer's, and nobody answers it by a refusal.
fn is_torg2(kind: &DocumentType) -> bool {
    kind.type_named_id == "Torg2"
}

/// Formats that may be drawn up today; older ones are read only.
const ACTUAL: [&str; 11] = [
    "v1",
    "utd970_05_03_01",
    "ucd736_05_01_02",
    "ucd29_05_02_01",
    "tovtorg_05_02_01",
    "rezru_05_02_01",
    "torg2_05_01_01",
    "reconciliationact405_05_01_01",
    "performedworkacceptancecertificate691_01_00_01",
    "proformainvoice29_05_01_01",
    "invoiceoffer29_05_01_01",
];

fn version(
    (kind, function, version): (&DocumentType, &Function, &Version),
    is_made: IsMade,
) -> DocumentVersionV2 {
    let rules = || version.workflows.iter().filter_map(|id| workflow::settings(WorkflowId(*id)));
    let has_answering_title = rules().any(|rules| rules.response_is_title());
    let is_answered = rules().any(|rules| rules.may_respond());
    let is_formal = version.is_formal();
    let titles = rules().map(WorkflowSettings::titles).max().unwrap_or(1);
    DocumentVersionV2 {
        version: version.name.to_owned(),
        supports_content_patching: is_formal && is_made(version.name),
        supports_encrypting: !is_formal && kind.attachment_type != AttachmentType::TrustConnectionRequest,
        supports_predefined_recipient_title: is_formal && has_answering_title && !is_torg2(kind),
        supports_amendment_request: rules().any(|rules| rules.may_request_amendment()),
        titles: (0..titles).map(|index| title(kind, function, version, index)).collect(),
        is_actual: ACTUAL.contains(&version.name),
        workflows: version
            .workflows
            .iter()
            .enumerate()
            .map(|(place, id)| DocumentWorkflowV2 { id: *id, is_default: place == 0 })
            .collect(),
        rejection_type: Some(if is_answered && !is_torg2(kind) {
            SupportedRejectionType::TypeSpecificRejection as i32
        } else {
            SupportedRejectionType::None as i32
        }),
    }
}

fn title(kind: &DocumentType, function: &Function, version: &Version, index: usize) -> DocumentTitleV2 {
    let is_formal = version.is_formal();
    let signer_type = registry::signer_type(version.name);
    let url = |content: &str| {
        format!(
            "/GetContent?typeNamedId={}&function={}&version={}&titleIndex={index}&contentType={content}",
            kind.type_named_id, function.name, version.name
        )
    };
    let items = match (index, is_formal) {
        (0, false) => items::given(kind),
        (0, true) => items::read(kind),
        // What answers is not described by anything of its own.
        _ => Vec::new(),
    };
    let is_encryptable = !is_formal && kind.attachment_type != AttachmentType::TrustConnectionRequest;
    DocumentTitleV2 {
        index: index as i32,
        is_formal,
        xsd_url: is_formal.then(|| url("TitleXsd")),
        user_data_xsd_url: is_formal.then(|| url("UserContractXsd")),
        signer_info: SignerInfoV2 {
            signer_type,
            extended_document_title_type: registry::title_type(version.name, index).unwrap_or(-1),
            signer_user_data_xsd_url: (signer_type == registry::UNIVERSAL_SIGNER)
                .then(|| url("SignerUserContractXsd")),
        },
        encrypted_metadata_items: if is_encryptable && index == 0 { items.clone() } else { Vec::new() },
        metadata_items: items,
    }
}

fn item(id: &str, is_required: bool, source: i32) -> DocumentMetadataItemV2 {
    DocumentMetadataItemV2 { id: id.to_owned(), r#type: items::type_of(id), is_required, source }
}

#[cfg(test)]
mod tests;
