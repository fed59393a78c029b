//! The attributes of a document, held to its type.

use crate::Metadata;
use crate::decide::form;
use crate::registry;

#[track_caller]
fn check(result: Result<(), crate::decide::Rejection>, expected: Option<&str>) {
    assert_eq!(result.err().map(|refused| refused.to_string()).as_deref(), expected);
}

#[test]
fn metadata() {
    let check = |type_named_id: &str, given: &[(&str, &str)], is_encrypted, expected| {
        let resolved = registry::resolve(type_named_id, None, None, None).unwrap();
        let given: Vec<_> = given
            .iter()
            .map(|(key, value)| Metadata { key: (*key).to_owned(), value: (*value).to_owned() })
            .collect();
        check(form::metadata("D", &given, &resolved, is_encrypted, true), expected);
    };
    let file = ("FileName", "a.pdf");
    check("Nonformalized", &[file, ("DocumentNumber", "1")], false, None);
    check("Nonformalized", &[], false, Some("D: Невозможно получить данные по ключу: FileName"));
    check("Nonformalized", &[file, file], false, Some("D.Metadata[1].Key: FileName is given twice"));
    check(
        "Nonformalized",
        &[file, ("Colour", "red")],
        false,
        Some(
            "D.Metadata[1].Key: Nonformalized has no attribute \"Colour\": it has FileName, DocumentNumber, DocumentDate",
        ),
    );
    check(
        "Nonformalized",
        &[("FileName", &"я".repeat(256))],
        false,
        Some("D.Metadata[0].Value: a file name has 1 to 255 characters"),
    );
    check("Nonformalized", &[("FileName", &"я".repeat(255))], false, None);
    check("Nonformalized", &[file, ("FileId", "1")], true, None);
    check("Invoice", &[], false, None);
    check("Invoice", &[("TotalSum", "1.00")], false, None);
    check(
        "PriceList",
        &[
            file,
            ("DocumentNumber", "1"),
            ("DocumentDate", "01.02.2026"),
            ("PriceListEffectiveDate", "01.02.2026"),
        ],
        false,
        Some("D: Невозможно получить данные по ключу: ContractDocumentDate"),
    );
}
