//! `potok validate` through the real binary, without a server.

use serde_json::Value;

use crate::process::potok;

const TITLE: &[u8] = include_bytes!("../../../titles/testdata/utd970_title0.xml");
const RECEIPT: &[u8] = include_bytes!("../../../fns/testdata/izvpol_1.03.xml");
const SCHEMA: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Файл"><xs:complexType>
<xs:sequence><xs:any processContents="skip" maxOccurs="unbounded"/></xs:sequence><xs:attribute name="ИдФайл"/>
<xs:attribute name="ВерсФорм"/></xs:complexType></xs:element></xs:schema>"#;

#[test]
fn a_file_is_told_what_is_wrong_with_it_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str], language: &str| {
        let mut command = potok(folder.path());
        let output = command.args(words).current_dir(folder.path()).env("LANG", language).output().unwrap();
        // Why there is no answer is told apart from answers.
        let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    std::fs::write(folder.path().join("title.xml"), TITLE).unwrap();
    let (code, told) = run(&["validate", "title.xml"], "ru_RU.UTF-8");
    assert_eq!(code, Some(0), "{told}");
    for words in
        ["Титул UniversalTransferDocument", "utd970_05_02_01 0", "нет схемы: ON_NSCHFDOPPR", "нарушений нет"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }

    let schemas = folder.path().join("schemas");
    std::fs::create_dir(&schemas).unwrap();
    std::fs::write(schemas.join("ON_NSCHFDOPPR_1_997_01_05_02_01.xsd"), SCHEMA).unwrap();
    let (code, told) = run(&["validate", "title.xml", "--schemas", "schemas"], "C");
    assert_eq!(code, Some(1), "{told}");
    for words in [
        "held to: ON_NSCHFDOPPR_1_997_01_05_02_01.xsd",
        "/Файл[1]/@ВерсПрог [xsd.attribute-unknown]",
        "→ Take the attribute away",
        "violations: 1",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let (_, told) = run(&["validate", "title.xml", "--schemas", "schemas", "--lang", "ru", "--json"], "C");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["isValid"], &told["kind"]), (&false.into(), &"Title".into()));
    assert!(told["violations"][0]["message"].as_str().unwrap().contains("атрибута"), "{told}");

    std::fs::write(folder.path().join("data.xml"), "<UniversalTransferDocument/>").unwrap();
    let (code, told) = run(&["validate", "data.xml", "--document-version", "utd970_05_02_01"], "C");
    assert_eq!(code, Some(1), "{told}");
    assert!(told.starts_with("Contract utd970_05_02_01 0"), "{told}");
    // In Russian nothing is English but names and rules.
    std::fs::write(folder.path().join("receipt.xml"), RECEIPT).unwrap();
    std::fs::write(folder.path().join("bad.xml"), "<a><b></a>").unwrap();
    for (words, expected) in [
        (&["data.xml", "--document-version", "utd970_05_02_01"][..], "Данные титула"),
        (&["title.xml"], "проверено по: таблица utd970_05_02_01 0, правила сверх схемы"),
        (&["receipt.xml"], "Служебный документ DP_IZVPOL 1.03\nпроверено по: собственные правила"),
        (&["bad.xml"], "Неизвестный файл"),
        (&["none.xml"], "none.xml не читается: такого файла нет"),
        (
            &["data.xml", "--document-version", "utd1"],
            "титул 0 версии utd1 неизвестен; известны версии utd970_05_03_01, ",
        ),
        (&["bad.xml"], "документ не является правильным XML: ожидалось «</b>», а стоит «</a>»"),
    ] {
        let (_, told) = run(&[&["validate", "--lang", "ru"], words].concat(), "C");
        assert!(told.contains(expected), "{expected}: {told}");
        for english in ["table", "rules", "own", "held", "Unknown", " is ", " the "] {
            assert!(!told.contains(english), "{english}: {told}");
        }
    }
    let (code, told) = run(&["validate", "none.xml"], "C");
    assert!(code == Some(1) && told.contains("none.xml cannot be read"), "{told}");
}
