//! The small texts of a command.

use crate::decide::form;
use crate::registry;
use crate::{Metadata, Tag};

#[track_caller]
fn check(result: Result<(), crate::decide::Rejection>, expected: Option<&str>) {
    assert_eq!(result.err().map(|refused| refused.to_string()).as_deref(), expected);
}

#[test]
fn tags() {
    let check = |tags: &[(&str, &str)], expected| {
        let tags: Vec<_> = tags
            .iter()
            .map(|(key, value)| Tag { key: (*key).to_owned(), value: (*value).to_owned() })
            .collect();
        check(form::tags("D", &tags), expected);
    };
    let bad_key =
        Some("D.CustomData[0].Key: a key has 1 to 60 Latin or Cyrillic letters, digits, `-` and `_`");
    check(&[("Ключ-1_a", ""), ("ёж", "значение")], None);
    check(&[("", "x")], bad_key);
    check(&[("a b", "x")], bad_key);
    check(&[(&"к".repeat(60), &"з".repeat(200))], None);
    check(&[(&"к".repeat(61), "x")], bad_key);
    check(&[("a", &"з".repeat(201))], Some("D.CustomData[0].Value: a value has at most 200 characters"));
    check(
        &[("Ключ", "1"), ("кЛЮЧ", "2")],
        Some("D.CustomData[1].Key: \"кЛЮЧ\" is given twice; case does not matter"),
    );
    let keys: Vec<String> = (0..31).map(|i| format!("key{i}")).collect();
    let many: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "")).collect();
    check(&many[..30], None);
    check(&many, Some("D.CustomData: 31 tags are more than the allowed 30"));
}

#[test]
fn labels() {
    let check = |labels: &[&str], is_receipt, expected| {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        check(form::labels("S", &labels, is_receipt), expected);
    };
    let bad = Some("S.Labels[0]: a label has 1 to 20 Latin letters, digits and `-`");
    check(&["label-1"], false, None);
    check(&[""], false, bad);
    check(&["метка"], false, bad);
    check(&[&"a".repeat(20)], false, None);
    check(&[&"a".repeat(21)], false, bad);
    check(&["_impersonal"], false, bad);
    check(&["_impersonal"], true, None);
    check(&["_other"], true, bad);
    check(&["one", "ONE"], false, Some("S.Labels[1]: \"ONE\" is given twice; case does not matter"));
    let many: Vec<String> = (0..31).map(|i| format!("label{i}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    check(&many[..30], false, None);
    check(&many, false, Some("S.Labels: 31 labels are more than the allowed 30"));
}

#[test]
fn metadata() {
    let check = |type_named_id: &str, given: &[(&str, &str)], is_encrypted, expected| {
        let resolved = registry::resolve(type_named_id, None, None, None).unwrap();
        let given: Vec<_> = given
            .iter()
            .map(|(key, value)| Metadata { key: (*key).to_owned(), value: (*value).to_owned() })
            .collect();
        check(form::metadata("D", &given, &resolved, is_encrypted), expected);
    };
    let file = ("FileName", "a.pdf");
    check("Nonformalized", &[file, ("DocumentNumber", "1")], false, None);
    check("Nonformalized", &[], false, Some("D.Metadata: Nonformalized needs the attribute FileName"));
    check("Nonformalized", &[file, ("", "x")], false, Some("D.Metadata[1].Key: the key is empty"));
    check(
        "Nonformalized",
        &[file, ("DocumentDate", "")],
        false,
        Some("D.Metadata[1].Value: the value of DocumentDate is empty; leave the item out"),
    );
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
        Some("D.Metadata: PriceList needs the attribute ContractDocumentDate"),
    );
}
