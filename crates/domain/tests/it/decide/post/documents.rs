//! What each document of a post must be like.

use potok_types::ContentRef;

use super::{Case, DOCUMENT, first_document, posted, refused};
use potok_domain::command::NewStructuredData;
use potok_domain::{AttachmentType, Metadata};
use potok_stories::bytes;

fn with_data(case: &mut Case, document: &str, content: ContentRef) {
    case.command.documents[0].custom_document_id = Some("one".to_owned());
    case.command.structured_data.push(NewStructuredData {
        path: "MessageToPost.StructuredDataAttachments[0]".to_owned(),
        document: document.to_owned(),
        content,
        file_name: "data.xml".to_owned(),
    });
}

#[test]
fn structured_data_hangs_under_its_document() {
    let (posted, _) = posted(|case| with_data(case, "one", bytes("data")));
    assert_eq!(posted.entities[1].attachment_type(), AttachmentType::StructuredData);
    assert_eq!(posted.entities[1].parent, Some(posted.entities[0].id));
    assert_eq!(posted.entities[1].file_name.as_deref(), Some("data.xml"));
}

#[test]
fn the_type_decides_about_function_version_workflow_and_attributes() {
    let refused = |expected: &str, change: fn(&mut Case)| refused(&format!("{DOCUMENT}{expected}"), change);
    refused(".TypeNamedId: unknown document type \"Letter\": take a Name from GetDocumentTypes", |case| {
        case.command.documents[0].type_named_id = "Letter".to_owned();
    });
    refused(".Function: document type Nonformalized has no function \"ДОП\": it has default", |case| {
        case.command.documents[0].function = Some("ДОП".to_owned());
    });
    refused(".Version: document type Nonformalized has no version \"v2\": it has v1", |case| {
        case.command.documents[0].version = Some("v2".to_owned());
    });
    refused(
        ": Document of type: [Nonformalized] does not support workflow [3]: it supports 1, 2, 6",
        |case| {
            case.command.documents[0].workflow = Some(3);
        },
    );
    refused(": Невозможно получить данные по ключу: FileName", |case| {
        case.command.documents[0].metadata.clear();
    });
    refused(": Невозможно получить данные по ключу: DocumentNumber", |case| {
        case.command.documents[0].type_named_id = "Torg12".to_owned();
    });
}

#[test]
fn requests_are_honoured_where_the_workflow_leaves_them_to_the_sender() {
    for (workflow, expected) in [(1, (true, true)), (2, (false, true)), (6, (false, true))] {
        let (posted, _) = posted(|case| {
            case.command.documents[0].workflow = Some(workflow);
            case.command.documents[0].need_recipient_signature = true;
            case.command.documents[0].need_receipt = true;
        });
        let asked = posted.entities[0].document().unwrap().need_recipient_signature;
        assert_eq!((asked, posted.entities[0].need_receipt), expected, "workflow {workflow}");
    }
    // A receipt that is always due is due without asking.
    let (posted, _) = posted(|case| {
        case.command.documents[0].type_named_id = "Invoice".to_owned();
    });
    assert!(posted.entities[0].need_receipt);
    assert_eq!(posted.entities[0].version.as_deref(), Some("utd970_05_03_01"));
}

#[test]
fn content_types_are_named_after_format_and_rules() {
    for (type_named_id, function, version, expected) in [
        ("UniversalTransferDocument", "СЧФДОП", "utd970_05_03_01", "utd970_schfdop_orig_t1_05_03_01"),
        ("UniversalTransferDocument", "СЧФДОП", "utd820_05_01_01", "utd820_schfdop_orig_t1_05_01_01"),
        ("UniversalTransferDocumentRevision", "СвРК", "utd970_05_03_01", "utd970_svrk_rev_t1_05_03_01"),
        ("UniversalCorrectionDocument", "КСЧФДИС", "ucd736_05_01_02", "ucd736_kschfdis_orig_t1_05_01_02"),
        ("XmlTorg12", "default", "tovtorg_05_02_01", "tovtorg_default_t1_05_02_01"),
        ("PriceListAgreement", "default", "v1", "price_list_agreement"),
    ] {
        let (posted, _) = posted(|case| {
            let document = &mut case.command.documents[0];
            document.type_named_id = type_named_id.to_owned();
            document.function = Some(function.to_owned());
            document.version = Some(version.to_owned());
        });
        assert_eq!(posted.entities[0].content_type_id, expected);
    }
}

#[test]
fn a_formalized_document_gets_a_name_of_its_own() {
    let (posted, _) = posted(|case| {
        case.command.documents[0].type_named_id = "Invoice".to_owned();
        case.command.documents[0].metadata.clear();
    });
    let document = &posted.entities[0];
    assert_eq!(document.file_name, Some(format!("Invoice_{}.xml", document.id)));
}

#[test]
fn attributes_are_kept_as_given() {
    let given = |key: &str, value: &str| Metadata { key: key.to_owned(), value: value.to_owned() };
    let metadata =
        vec![given("DocumentNumber", "7"), given("FileName", "a.pdf"), given("DocumentDate", "01.02.2026")];
    let kept = first_document(|case| case.command.documents[0].metadata = metadata.clone());
    assert_eq!(kept.metadata, metadata);
}
