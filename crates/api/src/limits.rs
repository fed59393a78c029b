//! How much a caller may send in each field of a body and in each parameter of a query.
//!
//! One table. A field is looked up as `Structure.Field`, then by its own name, then by the longest ending of its name that has
//! a row; a field without any is a failure of the tests, not unbounded by accident. What the API documents is taken from
//! [`potok_types::limits`]; the rest is decided here: above what official forms hold, and far below what would hurt.

use std::sync::LazyLock;

use potok_types::limits::{
    COMMENT_CHARS, CUSTOM_ID_CHARS, DOCFLOWS_PER_REQUEST, DOCUMENT_BYTES, DOCUMENTS_PER_MESSAGE,
    DOCUMENTS_PER_MOVE, DOCUMENTS_PER_PRINT_DETECTION, FILTER_VALUES, GROUP_DEPARTMENTS, GROUP_NAME_CHARS,
    ID_CHARS, INVITATION_CHARS, ITEMS_PER_PATCH, LABELS_PER_ENTITY, LINKS_PER_DOCUMENT, LOGIN_CHARS,
    METADATA_PER_DOCUMENT, METADATA_VALUE_CHARS, NAME_CHARS, PARTNER_CURSOR_CHARS, QUERY_CHARS,
    SIGNATURE_BYTES, STRUCTURED_DATA_BYTES, TAG_CHANGES_PER_PATCH, TAGS_PER_DOCUMENT,
};
use potok_wire::{Bound, Bounds, FieldKind, FieldName};

use crate::{ParamKind, ParamSpec};

/// The most of a value, in elements, characters or bytes.
type Rows = &'static [(&'static str, u64)];

/// Lines of a document.
const LINES: u64 = 100_000;
/// Of what a document or one of its lines has several.
const PARTS: u64 = 1000;
/// Characters of a value of a title: descriptions of works have the most.
const TITLE_CHARS: u64 = 10_000;

/// Elements of lists.
static LISTS: Rows = &[
    // Documents of a new message: all its lists together are held to the same number.
    ("MessageToPost.*", DOCUMENTS_PER_MESSAGE as u64),
    ("TemplateToPost.*", DOCUMENTS_PER_MESSAGE as u64),
    ("PrepareDocumentsToSignRequest.*", DOCUMENTS_PER_MESSAGE as u64),
    ("MessagePatchToPost.*", ITEMS_PER_PATCH as u64),
    ("MessagePatchToPost.CustomDataPatches", TAG_CHANGES_PER_PATCH as u64),
    ("MessagePatchToPostV2.*", ITEMS_PER_PATCH as u64),
    ("MessagePatchToPostV2.CustomDataPatches", TAG_CHANGES_PER_PATCH as u64),
    ("DocumentsMoveOperation.DocumentIds", DOCUMENTS_PER_MOVE as u64),
    ("CustomPrintFormDetectionRequest.DocumentIds", DOCUMENTS_PER_PRINT_DETECTION as u64),
    ("GetDocflowBatchRequest.Requests", DOCFLOWS_PER_REQUEST as u64),
    ("GetDocumentsV4Request.*", FILTER_VALUES as u64),
    ("GetDocflowEventsRequest.*", FILTER_VALUES as u64),
    ("GetPartnerEventsRequest.*", FILTER_VALUES as u64),
    ("DepartmentsInGroup.DepartmentIds", GROUP_DEPARTMENTS as u64),
    ("InitialDocumentIds", LINKS_PER_DOCUMENT as u64),
    ("SubordinateDocumentIds", LINKS_PER_DOCUMENT as u64),
    ("AddDocumentsToPacket", ITEMS_PER_PATCH as u64),
    ("RemoveDocumentsFromPacket", ITEMS_PER_PATCH as u64),
    ("CustomData", TAGS_PER_DOCUMENT as u64),
    ("Metadata", METADATA_PER_DOCUMENT as u64),
    ("Labels", LABELS_PER_ENTITY as u64),
    ("Contents", LINKS_PER_DOCUMENT as u64),
    ("DocumentAttachments", DOCUMENTS_PER_MESSAGE as u64),
    ("DocumentSignatures", ITEMS_PER_PATCH as u64),
    ("Refusals", ITEMS_PER_PATCH as u64),
    ("Withdrawals", ITEMS_PER_PATCH as u64),
    ("Actions", FILTER_VALUES as u64),
    ("Entries", DOCUMENTS_PER_MOVE as u64),
    ("Files", DOCUMENTS_PER_MESSAGE as u64),
    ("Keys", DOCUMENTS_PER_MOVE as u64),
    ("Subscriptions", FILTER_VALUES as u64),
    ("SelectedDepartmentIds", DOCUMENTS_PER_MOVE as u64),
    ("NotifiableEntityIds", DOCUMENTS_PER_MESSAGE as u64),
    ("InnList", DOCUMENTS_PER_MOVE as u64),
    ("DepartmentIds", DOCUMENTS_PER_MOVE as u64),
    ("DocumentIds", DOCUMENTS_PER_MOVE as u64),
    ("DocumentTransformations", DOCUMENTS_PER_MESSAGE as u64),
    ("ExtendedSigner", LINKS_PER_DOCUMENT as u64),
    ("Signers", LINKS_PER_DOCUMENT as u64),
    ("AdditionalInfo", FILTER_VALUES as u64),
    ("Certificates", LINKS_PER_DOCUMENT as u64),
    ("Items", LINES),
    ("Works", LINES),
    ("PaymentDocuments", PARTS),
    ("CountriesOfOrigin", PARTS),
    ("CustomsDeclarations", PARTS),
    ("CustomsDeclarationNumbers", PARTS),
    ("AdditionalInfos", PARTS),
    ("Grounds", PARTS),
    ("Waybill", PARTS),
    ("Waybills", PARTS),
    ("TransferBase", PARTS),
    ("CorrectionBase", PARTS),
    ("Invoices", PARTS),
    ("InvoiceRevisions", PARTS),
];

/// Characters of texts, also of those in lists.
static TEXTS: Rows = &[
    ("SearchDocflowsRequest.QueryString", QUERY_CHARS as u64),
    ("CustomDataItem.*", METADATA_VALUE_CHARS as u64),
    ("CustomDataPatch.*", METADATA_VALUE_CHARS as u64),
    ("LoginPassword.*", LOGIN_CHARS as u64),
    ("Id", ID_CHARS as u64),
    ("Ids", ID_CHARS as u64),
    ("TypeNamedId", NAME_CHARS as u64),
    ("CustomDocumentId", CUSTOM_ID_CHARS as u64),
    ("Comment", COMMENT_CHARS as u64),
    ("ErrorMessage", COMMENT_CHARS as u64),
    ("Description", COMMENT_CHARS as u64),
    ("MessageToCounteragent", INVITATION_CHARS as u64),
    ("CounteragentGroupToCreate.Name", GROUP_NAME_CHARS as u64),
    ("CounteragentGroupToUpdate.Name", GROUP_NAME_CHARS as u64),
    // What obsolete lists say of a document becomes its metadata.
    ("Key", METADATA_VALUE_CHARS as u64),
    ("Value", METADATA_VALUE_CHARS as u64),
    ("Date", METADATA_VALUE_CHARS as u64),
    ("Number", METADATA_VALUE_CHARS as u64),
    ("Numbers", METADATA_VALUE_CHARS as u64),
    ("FormationTime", METADATA_VALUE_CHARS as u64),
    ("Total", METADATA_VALUE_CHARS as u64),
    ("TotalSum", METADATA_VALUE_CHARS as u64),
    ("TotalSums", METADATA_VALUE_CHARS as u64),
    ("Vat", METADATA_VALUE_CHARS as u64),
    ("Grounds", METADATA_VALUE_CHARS as u64),
    ("ContractPrice", METADATA_VALUE_CHARS as u64),
    ("ContractType", METADATA_VALUE_CHARS as u64),
    ("DocumentName", METADATA_VALUE_CHARS as u64),
    // Files are held to the names that systems allow, which is less; their refusal is attested.
    ("FileName", METADATA_VALUE_CHARS as u64),
    ("FileNames", METADATA_VALUE_CHARS as u64),
    ("NameOnShelf", NAME_CHARS as u64),
    // A word and four ids.
    ("PatchedContentId", NAME_CHARS as u64),
    ("Function", NAME_CHARS as u64),
    ("Version", NAME_CHARS as u64),
    ("Type", NAME_CHARS as u64),
    ("MessageTypes", NAME_CHARS as u64),
    ("DocumentDirections", NAME_CHARS as u64),
    ("DocumentCategory", NAME_CHARS as u64),
    ("DocumentStatuses", NAME_CHARS as u64),
    ("Labels", NAME_CHARS as u64),
    ("AfterIndexKey", ID_CHARS as u64),
    ("GetPartnerEventsRequest.Cursor", PARTNER_CURSOR_CHARS as u64),
    ("Keys", NAME_CHARS as u64),
    ("Inn", ID_CHARS as u64),
    ("InnList", ID_CHARS as u64),
    ("Kpp", ID_CHARS as u64),
    ("Snils", ID_CHARS as u64),
    ("Oid", ID_CHARS as u64),
    ("Thumbprint", ID_CHARS as u64),
    ("Surname", NAME_CHARS as u64),
    ("FirstName", NAME_CHARS as u64),
    ("LastName", NAME_CHARS as u64),
    ("MiddleName", NAME_CHARS as u64),
    ("Patronymic", NAME_CHARS as u64),
    ("Name", METADATA_VALUE_CHARS as u64),
    ("JobTitle", METADATA_VALUE_CHARS as u64),
    ("Position", METADATA_VALUE_CHARS as u64),
    ("AccessBasis", METADATA_VALUE_CHARS as u64),
    ("Address.*", METADATA_VALUE_CHARS as u64),
    ("ForeignAddress.*", METADATA_VALUE_CHARS as u64),
    ("GarAddress.*", METADATA_VALUE_CHARS as u64),
    ("GarHouse.*", METADATA_VALUE_CHARS as u64),
    ("RussianAddress.*", METADATA_VALUE_CHARS as u64),
    ("UniversalTransferDocumentBuyerTitleInfo.*", TITLE_CHARS),
    ("UniversalTransferDocumentSellerTitleInfo.*", TITLE_CHARS),
    ("InvoiceTable.*", TITLE_CHARS),
    ("ExtendedInvoiceItem.*", TITLE_CHARS),
    ("TransferInfo.*", TITLE_CHARS),
    ("TransferBase.*", TITLE_CHARS),
    ("Waybill.*", TITLE_CHARS),
    ("Employee.*", TITLE_CHARS),
    ("OtherIssuer.*", TITLE_CHARS),
    ("AdditionalInfoId.*", TITLE_CHARS),
    ("AdditionalInfo.*", TITLE_CHARS),
    ("UniversalCorrectionDocumentSellerTitleInfo.*", TITLE_CHARS),
    ("InvoiceForCorrectionInfo.*", TITLE_CHARS),
    ("InvoiceRevisionInfo.*", TITLE_CHARS),
    ("EventContent.*", TITLE_CHARS),
    ("CorrectionBase.*", TITLE_CHARS),
    ("ExtendedInvoiceCorrectionItem.*", TITLE_CHARS),
    ("InvoiceInfo.*", TITLE_CHARS),
    ("InvoiceItem.*", TITLE_CHARS),
    ("CustomsDeclaration.*", TITLE_CHARS),
    ("PaymentDocumentInfo.*", TITLE_CHARS),
    ("InvoiceCorrectionInfo.*", TITLE_CHARS),
    ("InvoiceTotalsDiff.*", TITLE_CHARS),
    ("InvoiceCorrectionItem.*", TITLE_CHARS),
    ("CorrectableInvoiceItemFields.*", TITLE_CHARS),
    ("InvoiceItemAmountsDiff.*", TITLE_CHARS),
    ("ExtendedOrganizationInfo.*", TITLE_CHARS),
    ("OrganizationInfo.*", TITLE_CHARS),
    ("DocflowParticipant.*", TITLE_CHARS),
    ("Official.*", TITLE_CHARS),
    ("Attorney.*", TITLE_CHARS),
    ("Torg12SellerTitleInfo.*", TITLE_CHARS),
    ("Torg12BuyerTitleInfo.*", TITLE_CHARS),
    ("Torg12Item.*", TITLE_CHARS),
    ("Grounds.*", TITLE_CHARS),
    ("TovTorgSellerTitleInfo.*", TITLE_CHARS),
    ("TovTorgBuyerTitleInfo.*", TITLE_CHARS),
    ("TovTorgTable.*", TITLE_CHARS),
    ("TovTorgItem.*", TITLE_CHARS),
    ("TovTorgTransferInfo.*", TITLE_CHARS),
    ("GroundInfo.*", TITLE_CHARS),
    ("AcceptanceCertificateSellerTitleInfo.*", TITLE_CHARS),
    ("AcceptanceCertificateBuyerTitleInfo.*", TITLE_CHARS),
    ("AcceptanceCertificateSignatureInfo.*", TITLE_CHARS),
    ("WorkDescription.*", TITLE_CHARS),
    ("WorkItem.*", TITLE_CHARS),
    ("AcceptanceCertificate552SellerTitleInfo.*", TITLE_CHARS),
    ("AcceptanceCertificate552BuyerTitleInfo.*", TITLE_CHARS),
    ("AcceptanceCertificate552TransferInfo.*", TITLE_CHARS),
    ("AcceptanceCertificate552WorkDescription.*", TITLE_CHARS),
    ("AcceptanceCertificate552WorkItem.*", TITLE_CHARS),
    ("Abbreviation", NAME_CHARS as u64),
    ("Base", METADATA_VALUE_CHARS as u64),
    ("Info", METADATA_VALUE_CHARS as u64),
    ("RegistrationCertificate", METADATA_VALUE_CHARS as u64),
    ("Email", LOGIN_CHARS as u64),
    ("Login", LOGIN_CHARS as u64),
    ("Password", LOGIN_CHARS as u64),
];

/// Bytes.
static BYTES: Rows = &[
    ("StructuredDataAttachment.Content", STRUCTURED_DATA_BYTES),
    ("Content", DOCUMENT_BYTES),
    ("DataToSign", DOCUMENT_BYTES),
    ("SignerContent", SIGNATURE_BYTES),
    ("Signature", SIGNATURE_BYTES),
    ("Certificate", SIGNATURE_BYTES),
    ("CertificateContent", SIGNATURE_BYTES),
    ("Certificates", SIGNATURE_BYTES),
    ("AfterIndexKey", ID_CHARS as u64),
];

/// What `name` may hold; `None` when the table has no row for it.
pub(crate) fn of_field(name: FieldName) -> Option<Bound> {
    let elements = if name.is_list { most(LISTS, name)? } else { Bound::NONE.elements };
    let length = match name.kind {
        FieldKind::Text => most(TEXTS, name)?,
        FieldKind::Bytes => most(BYTES, name)?,
        FieldKind::Message | FieldKind::Varint | FieldKind::Fixed32 | FieldKind::Fixed64 => {
            Bound::NONE.length
        }
    };
    Some(Bound { elements, length })
}

fn most(rows: Rows, name: FieldName) -> Option<u32> {
    let FieldName { message, field, .. } = name;
    let of_structure = |wanted: &str| {
        rows.iter()
            .find(|(row, _)| row.split_once('.').is_some_and(|(of, row)| of == message && row == wanted))
    };
    let by_name = || rows.iter().find(|(row, _)| *row == field);
    // `ParentEntityId` ends in `Id`; `Paid` does not, because words begin with a capital letter.
    let by_ending = || {
        rows.iter()
            .filter(|(row, _)| field.ends_with(row) && row.starts_with(|c: char| c.is_ascii_uppercase()))
            .max_by_key(|(row, _)| row.len())
    };
    let row = of_structure(field).or_else(|| of_structure("*")).or_else(by_name).or_else(by_ending)?;
    u32::try_from(row.1).ok()
}

/// The bounds of whatever a caller sends. A structure that no request has is not bounded.
pub fn bounds() -> &'static Bounds {
    static BOUNDS: LazyLock<Bounds> =
        LazyLock::new(|| Bounds::new(|name| of_field(name).unwrap_or(Bound::NONE)));
    &BOUNDS
}

/// Characters of the value of a parameter; `None` where its kind allows no more than a few anyway.
pub(crate) fn of_param(param: &ParamSpec) -> Option<usize> {
    match param.kind {
        ParamKind::BoxId | ParamKind::Guid | ParamKind::IndexKey | ParamKind::Int => None,
        ParamKind::Flag | ParamKind::Bool => None,
        // Names of files and documents, words to search for, tokens that this server made.
        ParamKind::Text | ParamKind::Opaque => Some(QUERY_CHARS),
        ParamKind::List => Some(FILTER_VALUES * NAME_CHARS),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use potok_wire::DESCRIPTORS;
    use prost::Message as _;
    use prost_types::field_descriptor_proto::{Label, Type};
    use prost_types::{DescriptorProto, FileDescriptorSet};

    use super::*;
    use crate::{BodyKind, methods};

    /// All messages by full name.
    fn messages() -> BTreeMap<String, DescriptorProto> {
        fn add(scope: &str, message: &DescriptorProto, all: &mut BTreeMap<String, DescriptorProto>) {
            let name = format!("{scope}.{}", message.name());
            message.nested_type.iter().for_each(|nested| add(&name, nested, all));
            all.insert(name, message.clone());
        }
        let mut all = BTreeMap::new();
        for file in FileDescriptorSet::decode(DESCRIPTORS).unwrap().file {
            file.message_type.iter().for_each(|message| add(file.package(), message, &mut all));
        }
        all
    }

    /// Everything that lies in the body of a request of any method, served or not.
    fn sent(messages: &BTreeMap<String, DescriptorProto>) -> BTreeSet<String> {
        // Bodies that a method reads only in some of its ways.
        let mut left = vec!["Diadoc.Api.Proto.LoginPassword".to_owned()];
        let of_titles = [
            "UniversalTransferDocumentSellerTitleInfo",
            "UniversalCorrectionDocumentSellerTitleInfo",
            "InvoiceInfo",
            "InvoiceCorrectionInfo",
            "Torg12SellerTitleInfo",
            "Torg12BuyerTitleInfo",
            "TovTorgSellerTitleInfo",
            "TovTorgBuyerTitleInfo",
            "AcceptanceCertificateSellerTitleInfo",
            "AcceptanceCertificateBuyerTitleInfo",
            "AcceptanceCertificate552SellerTitleInfo",
            "AcceptanceCertificate552BuyerTitleInfo",
        ];
        left.extend(of_titles.map(|name| format!("Diadoc.Api.Proto.Invoicing.{name}")));
        left.extend(methods::all().iter().filter_map(|spec| match spec.request {
            BodyKind::Wire(name) => Some(name.to_owned()),
            _ => None,
        }));
        let mut sent = BTreeSet::new();
        while let Some(name) = left.pop() {
            let inside = messages[&name].field.iter().filter(|field| field.r#type() == Type::Message);
            left.extend(inside.map(|field| field.type_name().trim_start_matches('.').to_owned()));
            if !sent.insert(name) {
                left.retain(|name| !sent.contains(name));
            }
        }
        sent
    }

    /// Lists, texts and bytes of a message, as the table is asked for them.
    fn fields(message: &str, descriptor: &DescriptorProto) -> Vec<FieldName> {
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        let short = leak(message.rsplit('.').next().unwrap());
        let kind = |kind: Type| match kind {
            Type::String => FieldKind::Text,
            Type::Bytes => FieldKind::Bytes,
            Type::Message => FieldKind::Message,
            _ => FieldKind::Varint,
        };
        let names = descriptor.field.iter().map(|field| FieldName {
            message: short,
            field: leak(field.name()),
            kind: kind(field.r#type()),
            is_list: field.label() == Label::Repeated,
        });
        names.filter(|name| name.is_list || matches!(name.kind, FieldKind::Text | FieldKind::Bytes)).collect()
    }

    #[test]
    fn every_list_text_and_blob_of_every_request_has_a_limit() {
        let messages = messages();
        let sent = sent(&messages);
        let all: Vec<FieldName> = sent.iter().flat_map(|name| fields(name, &messages[name])).collect();
        assert!(sent.len() > 100 && all.len() > 350, "{} structures, {} fields", sent.len(), all.len());
        let without: Vec<_> = all.iter().filter(|name| of_field(**name).is_none()).collect();
        assert!(without.is_empty(), "give these a row in crates/api/src/limits.rs: {without:#?}");
        let names: BTreeSet<&str> = sent.iter().filter_map(|name| name.rsplit('.').next()).collect();
        for row in [LISTS, TEXTS, BYTES].concat() {
            let structure = row.0.split_once('.').map_or("", |(structure, _)| structure);
            assert!(structure.is_empty() || names.contains(structure), "{} is sent by nobody", row.0);
        }
    }

    #[test]
    fn rows_of_structures_go_before_names_and_names_before_endings() {
        let text = |message, field| FieldName { message, field, kind: FieldKind::Text, is_list: false };
        let length = |name| of_field(name).map(|bound| bound.length as usize);
        assert_eq!(length(text("Any", "ParentEntityId")), Some(ID_CHARS));
        assert_eq!(length(text("Any", "TypeNamedId")), Some(NAME_CHARS));
        assert_eq!(length(text("Any", "ParentCustomDocumentId")), Some(CUSTOM_ID_CHARS));
        assert_eq!(length(text("SearchDocflowsRequest", "QueryString")), Some(QUERY_CHARS));
        assert_eq!(length(text("Any", "QueryString")), None, "nobody gets a limit by accident");
        let list =
            |message, field| FieldName { is_list: true, kind: FieldKind::Message, ..text(message, field) };
        let elements = |name| of_field(name).map(|bound| bound.elements as usize);
        assert_eq!(elements(list("MessagePatchToPostV2", "CustomDataPatches")), Some(TAG_CHANGES_PER_PATCH));
        assert_eq!(elements(list("MessagePatchToPostV2", "Signatures")), Some(ITEMS_PER_PATCH));
        assert_eq!(elements(list("Any", "Signatures")), None);
    }
}
