//! What a file has against its format, whatever it is: good files have nothing, and of bad ones all is told.

use potok_fns::schema::Schema;
use potok_titles::check::{FileKind, Finding, HeldTo, Report, check};
use potok_titles::sample::{Chosen, Full, Minimal};
use potok_titles::{Contract, Format};
use proptest::prelude::*;

use crate::world::{GUID, at, first_of, make, sample};

fn look(bytes: &[u8], named: Option<Format>) -> Report {
    check(bytes, named, &|_| None, at("10.00.00"))
}

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|found| found.rule.as_str()).collect()
}

fn format(version: &str, title: i32) -> Format {
    Format::find(version, title).expect("a table")
}

#[test]
fn good_files_of_every_kind_have_nothing_against_them() {
    for (file, version, title) in [
        ("utd970_title0.xml", "utd970_05_02_01", 0),
        ("utd970_title1.xml", "utd970_05_02_01", 1),
        ("utd820_title0.xml", "utd820_05_01_02_hyphen", 0),
        ("utd820_title1.xml", "utd820_05_01_02_hyphen", 1),
    ] {
        let report = look(&sample(file), None);
        assert_eq!(report.findings, [], "{file}");
        let FileKind::Title { version: found, title_index, .. } = report.kind else { panic!("{report:?}") };
        assert_eq!((found, title_index), (version, title), "{file}");
        assert_eq!(report.held_to[0], HeldTo::Table(format(version, title)), "{file}");
        assert_eq!(report.held_to.contains(&HeldTo::Rules), version.starts_with("utd970"), "{file}");
    }
    let services = concat!(env!("CARGO_MANIFEST_DIR"), "/../fns/testdata");
    let mut count = 0;
    for entry in std::fs::read_dir(services).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".xml") || name.starts_with("utd") {
            continue;
        }
        let report = look(&std::fs::read(&path).expect("a file"), None);
        assert_eq!(report.findings, [], "{name}");
        assert!(matches!(report.kind, FileKind::Service(_)), "{name}: {report:?}");
        assert!(!report.missing_schemas.is_empty(), "{name}");
        count += 1;
    }
    assert!(count >= 10, "{count}");
    for title in 0..2 {
        let report = look(&sample(&format!("utd970_title{title}_userdata.xml")), None);
        assert_eq!(report.findings, []);
        assert_eq!(report.kind, FileKind::Contract(format("utd970_05_03_01", title)));
    }
}

#[test]
fn whatever_a_table_can_say_is_good_data_and_makes_a_good_title() {
    for format in Format::all() {
        let first = (format.title_index() > 0).then(|| first_of(format));
        let signatures = [b"s".to_vec()];
        for contract in [format.sample(&mut Full), format.sample(&mut Minimal)] {
            let report = look(&contract, Some(format));
            assert_eq!(report.findings, [], "{format:?}");
            assert_eq!(report.kind, FileKind::Contract(format));
            let unnamed = look(&contract, None);
            assert_eq!(unnamed.findings, [], "{format:?}: some version of that root takes it");
            let first = first.as_deref().map(|title| potok_titles::First { title, signatures: &signatures });
            let made = make(format, &contract, "10.00.00", GUID, first).expect("a title");
            let report = look(&made.bytes, None);
            // What nobody recognizes nobody posts either; the table itself is asked by other tests.
            if report.kind != FileKind::Unknown {
                // Samples do not look after what one value asks of another.
                let found = report.findings.iter().filter(|found| !found.rule.starts_with("rule."));
                assert_eq!(found.count(), 0, "{format:?}: {:#?}", report.findings);
            }
        }
    }
}

#[test]
fn all_that_is_wrong_is_told_with_place_rule_and_cure() {
    let data = String::from_utf8(sample("utd970_title0_userdata.xml")).expect("UTF-8");
    let bad = data
        .replace("Inn=\"9901000010\"", "Inn=\"99010000\"")
        .replace("Product=\"Доска", "Colour=\"red\" Product=\"Доска")
        .replace("<Shipper SameAsSeller", "<Bonus/><Shipper SameAsSeller");
    let report = look(bad.as_bytes(), None);
    assert_eq!(report.kind, FileKind::Contract(format("utd970_05_03_01", 0)));
    let mut found = rules(&report);
    found.sort_unstable();
    assert_eq!(found, ["format.attribute-unknown", "format.element-unexpected", "format.value"]);
    assert!(report.findings.is_sorted_by_key(|found| found.position));
    for Finding { position, path, ru, en, cure_ru, cure_en, .. } in &report.findings {
        assert!(position.is_some() && path.starts_with("/UniversalTransferDocument"), "{path}");
        assert!(!en.is_empty() && !cure_en.is_empty());
        for russian in [ru.as_str(), cure_ru] {
            assert!(russian.chars().any(|c| ('а'..='я').contains(&c)), "{russian}");
        }
    }
}

#[test]
fn a_title_is_held_to_the_schema_at_hand_and_to_the_rules_of_its_name() {
    const OF_PROGRAM: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Файл">
        <xs:complexType><xs:sequence><xs:any processContents="skip" maxOccurs="unbounded"/></xs:sequence>
        <xs:attribute name="ИдФайл"/><xs:attribute name="ВерсФорм"><xs:simpleType><xs:restriction base="xs:string">
        <xs:maxLength value="1"/></xs:restriction></xs:simpleType></xs:attribute></xs:complexType></xs:element></xs:schema>"#;
    let schema = Schema::compile(OF_PROGRAM.as_bytes()).expect("a schema");
    let title = sample("utd970_title0.xml");
    let name = "ON_NSCHFDOPPR_1_997_01_05_02_01.xsd";
    let known = |asked: &str| (asked == name).then(|| schema.clone());
    let report = check(&title, None, &known, at("10.00.00"));
    assert_eq!(report.held_to, [HeldTo::Schema(name), HeldTo::Rules]);
    assert_eq!(rules(&report), ["xsd.max-length", "xsd.attribute-unknown"]);
    assert!(report.missing_schemas.is_empty());
    assert_eq!(report.findings[0].path, "/Файл[1]/@ВерсФорм");

    let text = potok_fns::xml::decode(&title, &potok_fns::xml::Limits::TITLE).expect("XML").0.into_owned();
    let text = text.replace("encoding=\"windows-1251\"", "encoding=\"utf-8\"");
    let renamed = text.replacen("ИдФайл=\"ON_NSCHFDOPPR_", "ИдФайл=\"ON_NSCHFDOPPR_1_", 1);
    let report = look(renamed.as_bytes(), None);
    let named = report.findings.iter().find(|found| found.rule == "name.file-id").expect("it is told");
    assert!(named.ru.starts_with("Значение") && named.en.contains("what the format makes"), "{named:?}");
    // Said to be another one.
    let other = look(&title, Some(format("utd970_05_03_01", 0)));
    assert_eq!(rules(&other), ["format.other-document"]);
}

#[test]
fn what_is_nothing_is_told_so() {
    for (bytes, rule) in [
        (&b""[..], "format.kind"),
        (b"%PDF-1.7", "format.kind"),
        (b"<a/>", "format.kind"),
        (b"\xEF\xBB\xBF<a><b></a>", "xml.malformed"),
        (b"<UniversalTransferDocument><b></UniversalTransferDocument>", "xml.malformed"),
        (b"<UniversalMessage/>", "format.element-missing"),
        (
            "<Файл ИдФайл='ON_NSCHFDOPPR_a' ВерсФорм='9.99'><Документ КНД='1115131'/></Файл>".as_bytes(),
            "format.kind",
        ),
    ] {
        assert_eq!(rules(&look(bytes, None)), [rule], "{}", String::from_utf8_lossy(bytes));
    }
    let bomb = format!("<!DOCTYPE a [<!ENTITY b '{}'>]><UniversalTransferDocument/>", "x".repeat(1000));
    assert!(!look(bomb.as_bytes(), None).findings.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a program could send of a format is good data, however it is cut is told without a panic, and what generation
    /// refuses is refused here in as many places.
    #[test]
    fn data_are_told_what_generation_tells(numbers in prop::collection::vec(any::<u8>(), 1..40), cut in any::<prop::sample::Index>(), which in any::<prop::sample::Index>()) {
        let formats: Vec<Format> = Format::all().filter(|format| format.title_index() == 0).collect();
        let format = formats[which.index(formats.len())];
        let contract = format.sample(&mut Chosen::new(&numbers));
        prop_assert_eq!(look(&contract, Some(format)).findings, vec![]);
        let text = String::from_utf8_lossy(&contract).into_owned();
        let attributes: Vec<usize> = text.match_indices("=\"").map(|(at, _)| at).collect();
        let at = attributes[cut.index(attributes.len())];
        let changed = format!("{}x{}", &text[..at], &text[at..]);
        let told = look(changed.as_bytes(), Some(format)).findings;
        let refused = Contract::read(changed.as_bytes()).map(|_| make(format, changed.as_bytes(), "10.00.00", GUID, None));
        match refused {
            Ok(Err(refused)) => prop_assert_eq!(told.len(), refused.len()),
            Ok(Ok(_)) => prop_assert!(told.is_empty(), "{told:?}"),
            Err(_) => prop_assert_eq!(told.len(), 1),
        }
        let _ = look(&contract[..at], None);
    }
}
