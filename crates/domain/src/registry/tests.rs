use super::*;

#[track_caller]
fn check(
    type_named_id: &str,
    function: Option<&str>,
    version: Option<&str>,
    workflow: Option<i32>,
    expected: &str,
) {
    let shown = match resolve(type_named_id, function, version, workflow) {
        Ok(found) => format!(
            "{} {} {} {} {}",
            found.attachment_type.number(),
            found.document_type.document_type_number(),
            found.kind.function,
            found.kind.version,
            found.workflow.0
        ),
        Err(error) => error.to_string(),
    };
    assert_eq!(shown, expected);
}

#[test]
fn what_is_left_open_gets_the_defaults() {
    check("Nonformalized", None, None, None, "0 0 default v1 1");
    check("Torg12", None, None, None, "12 12 default v1 2");
    check("AcceptanceCertificate", None, None, None, "16 16 default v1 1");
    check("ProformaInvoice", None, None, None, "18 18 default v1 6");
    check("Invoice", None, None, None, "1 1 default utd970_05_03_01 17");
    check("UniversalTransferDocument", Some("ДОП"), None, None, "41 41 ДОП utd970_05_03_01 19");
    check("UniversalTransferDocument", Some("СЧФДОП"), None, None, "41 41 СЧФДОП utd970_05_03_01 18");
    check("Torg2", None, None, None, "68 -1 NoAdditionalInfo torg2_05_01_01 1");
}

#[test]
fn what_is_given_is_kept() {
    check("Nonformalized", Some("default"), Some("v1"), Some(6), "0 0 default v1 6");
    check(
        "ReconciliationAct",
        None,
        Some("reconciliationact405_05_01_01"),
        None,
        "35 35 default reconciliationact405_05_01_01 3",
    );
    check("XmlAcceptanceCertificate", None, None, Some(9), "20 20 default rezru_05_02_01 9");
}

#[test]
fn names_are_known_in_any_letter_case() {
    check("nonformalized", Some("Default"), Some("V1"), None, "0 0 default v1 1");
    check("universaltransferdocument", Some("сЧфдОП"), None, None, "41 41 СЧФДОП utd970_05_03_01 18");
    assert_eq!(lookup("XMLTORG12").map(|known| known.type_named_id), Some("XmlTorg12"));
}

#[test]
fn what_is_not_known_is_named_with_what_is() {
    check("Letter", None, None, None, "unknown document type \"Letter\": take a Name from GetDocumentTypes");
    check(
        "Invoice",
        Some("ДОП"),
        None,
        None,
        "document type Invoice has no function \"ДОП\": it has default, СЧФ",
    );
    check(
        "Nonformalized",
        None,
        Some("v2"),
        None,
        "document type Nonformalized has no version \"v2\": it has v1",
    );
    check(
        "Nonformalized",
        None,
        None,
        Some(3),
        "document type Nonformalized does not allow workflow 3: it allows 1, 2, 6",
    );
}

#[test]
fn the_table_is_whole() {
    let mut names: Vec<_> = TYPES.iter().map(|found| found.type_named_id).collect();
    assert_eq!(names.len(), 28);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TYPES.len(), "a name stands once");
    for document_type in TYPES {
        let name = document_type.type_named_id;
        assert!(!document_type.title.is_empty() && !document_type.functions.is_empty(), "{name}");
        if document_type.attachment_type != AttachmentType::Title {
            // Every number of the API stands for the type of the same name.
            assert_eq!(format!("{:?}", document_type.attachment_type), name);
        }
        for function in document_type.functions {
            assert!(!function.versions.is_empty(), "{name}");
            for version in function.versions {
                assert!(!version.workflows.is_empty(), "{name}");
                for workflow in version.workflows {
                    assert!(crate::workflow::settings(WorkflowId(*workflow)).is_some(), "{name} {workflow}");
                }
                if document_type.metadata.iter().any(|item| item.is_required) && !version.is_formal() {
                    assert_eq!(
                        document_type.metadata_item("FileName").map(|item| item.is_required),
                        Some(true)
                    );
                }
            }
        }
    }
}
