use super::*;

/// The type, its functions and versions in a few lines; what is as in the line above is left out.
fn shown(name: &str) -> String {
    let types = types_v2(|_| true).document_types;
    let kind = types.iter().find(|kind| kind.name == name).unwrap();
    let mut text = format!(
        "{} {:?}{}",
        kind.title,
        kind.supported_docflows,
        if kind.requires_fns_registration { " registered" } else { "" }
    );
    for function in &kind.functions {
        for version in function.versions.iter().filter(|version| version.is_actual) {
            let flags = [
                (version.supports_content_patching, "patching"),
                (version.supports_encrypting, "encrypting"),
                (version.supports_predefined_recipient_title, "predefined"),
                (version.supports_amendment_request, "amendment"),
                (version.rejection_type() == SupportedRejectionType::TypeSpecificRejection, "rejection"),
            ];
            let flags: Vec<&str> = flags.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
            let titles: Vec<String> = version
                .titles
                .iter()
                .map(|title| {
                    let signer = &title.signer_info;
                    format!("{}:{}", signer.signer_type, signer.extended_document_title_type)
                })
                .collect();
            let workflows: Vec<String> = version
                .workflows
                .iter()
                .map(|workflow| format!("{}{}", workflow.id, if workflow.is_default { "*" } else { "" }))
                .collect();
            text += &format!(
                "\n{} {}: {}; titles {}; workflows {}",
                function.name,
                version.version,
                flags.join(" "),
                titles.join(" "),
                workflows.join(" ")
            );
        }
    }
    text
}

#[test]
fn types_are_shown_with_what_they_can() {
    for (name, expected) in [
        (
            "Nonformalized",
            "Неформализованный документ [0, 1]
             default v1: encrypting amendment rejection; titles 0:-1; workflows 1* 2 6",
        ),
        (
            "Invoice",
            "Счет-фактура [0] registered
             default utd970_05_03_01: patching amendment; titles 3:12; workflows 17* 10 4
             СЧФ utd970_05_03_01: patching amendment; titles 3:12; workflows 17* 10 4",
        ),
        (
            "XmlTorg12",
            "Товарная накладная [0, 1]
             default tovtorg_05_02_01: patching predefined amendment rejection; titles 2:4 2:5; workflows 3* 19 11
             default utd970_05_03_01: patching predefined amendment rejection; titles 3:12 3:13; workflows 3* 19 11
             ДОП utd970_05_03_01: patching predefined amendment rejection; titles 3:12 3:13; workflows 19* 3 11",
        ),
        (
            "Torg2",
            "Акт о расхождениях ТОРГ-2 [0] registered
             NoAdditionalInfo torg2_05_01_01: patching amendment; titles 2:9; workflows 1*
             WithAdditionalInfo torg2_05_01_01: patching amendment; titles 2:9 2:10; workflows 3*",
        ),
        (
            "TrustConnectionRequest",
            "Приглашение к ЭДО [0]
             default v1: rejection; titles 0:-1; workflows 7*",
        ),
    ] {
        let expected: Vec<&str> = expected.lines().map(str::trim).collect();
        assert_eq!(shown(name), expected.join("\n"), "{name}");
    }
}

#[test]
fn attributes_of_a_file_without_a_format_are_given_by_the_poster() {
    let types = types_v2(|_| true).document_types;
    let items = |name: &str, function: usize, version: usize| -> Vec<String> {
        let kind = types.iter().find(|kind| kind.name == name).unwrap();
        let title = &kind.functions[function].versions[version].titles[0];
        title
            .metadata_items
            .iter()
            .map(|item| {
                let mark = if item.is_required { "" } else { "?" };
                format!("{}{mark}:{}:{}", item.id, item.r#type, item.source)
            })
            .collect()
    };
    assert_eq!(items("Nonformalized", 0, 0), ["FileName:0:1", "DocumentNumber?:0:1", "DocumentDate?:3:1"]);
    assert_eq!(
        items("Contract", 0, 0),
        ["FileName:0:1", "DocumentNumber:0:1", "DocumentDate:3:1", "ContractPrice?:2:1", "ContractType?:0:1"]
    );
    // F10: of these nothing else is known.
    assert_eq!(items("TrustConnectionRequest", 0, 0), ["FileName?:0:1"]);
    assert_eq!(items("MesNotification", 0, 0), ["FileName?:0:1"]);
    assert_eq!(items("Invoice", 0, 0).len(), 16);
    assert_eq!(
        items("Invoice", 0, 0)[..4],
        ["FileName:0:0", "DocumentNumber:0:0", "DocumentDate:3:0", "Currency:1:0"]
    );
    assert!(items("UniversalCorrectionDocument", 0, 0).contains(&"TotalInc:2:0".to_owned()));
}

#[test]
fn every_version_says_where_its_schemas_are() {
    for kind in types_v2(|_| true).document_types {
        for function in &kind.functions {
            for version in &function.versions {
                assert_eq!(version.workflows.iter().filter(|workflow| workflow.is_default).count(), 1);
                for title in &version.titles {
                    let start = format!("/GetContent?typeNamedId={}&function={}&", kind.name, function.name);
                    assert_eq!(title.xsd_url.is_some(), version.version != "v1");
                    assert!(title.xsd_url.iter().all(|url| url.starts_with(&start)));
                    assert_eq!(title.is_formal, title.xsd_url.is_some());
                }
            }
        }
    }
}

#[test]
fn version_three_adds_a_date() {
    let (old, new) = (types_v2(|_| true).document_types, types_v3(|_| true).document_types);
    assert_eq!(old.len(), new.len());
    for (old, new) in old.iter().zip(&new) {
        assert_eq!((&old.name, &old.functions), (&new.name, &new.functions));
        assert_eq!(new.universal_messages_start_date, "01.01.2027");
    }
}

#[test]
fn what_is_not_made_here_is_not_made_anew() {
    let patched = |is_made| {
        let types = types_v2(is_made).document_types;
        let versions = types.iter().flat_map(|kind| &kind.functions).flat_map(|function| &function.versions);
        let patched = versions.filter(|version| version.supports_content_patching);
        patched.map(|version| version.version.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(patched(|_| false).is_empty());
    assert!(patched(|name| name == "torg2_05_01_01").iter().eq(["torg2_05_01_01"]));
    assert!(!patched(|_| true).contains("v1"), "what has no format is not made");
}
