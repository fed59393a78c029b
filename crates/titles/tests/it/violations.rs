//! Bad data and bad titles: everything that is wrong is told, each with its place.

use potok_titles::sample::Full;
use potok_titles::{Checks, Contract, Format, Sources};

use crate::world::{GUID, make, operator, sample};

fn seller() -> Format {
    Format::find("utd970_05_03_01", 0).expect("a table")
}

fn contract() -> String {
    String::from_utf8(sample("utd970_title0_userdata.xml")).expect("UTF-8")
}

fn told(contract: &str) -> Vec<(u32, String, String, String)> {
    let found = make(seller(), contract.as_bytes(), "10.00.00", GUID, None).expect_err("something is wrong");
    let one = |error: &potok_fns::xml::XmlError| {
        let line = error.position.expect("data have a place").line;
        (line, error.place.clone(), error.fault.ru(), error.fault.to_string())
    };
    found.iter().map(one).collect()
}

#[test]
fn all_that_is_wrong_with_data_is_told_at_once() {
    let bad = contract()
        .replace("DocumentDate=\"20.11.2026\" DocumentNumber", "DocumentDate=\"2026-11-20\" DocumentNumber")
        .replace("Inn=\"9901000010\"", "Inn=\"99010000\"")
        .replace("Unit=\"796\"", "Unit=\"0005\"")
        .replace("TaxRate=\"NoVat\"", "TaxRate=\"без НДС\"")
        .replace("Product=\"Доска", "Colour=\"red\" Product=\"Доска")
        .replace(" WithoutVat=\"true\"", "")
        .replace("<Shipper SameAsSeller", "<Bonus/><Shipper SameAsSeller");
    let found = told(&bad);
    let places: Vec<(&str, &str)> =
        found.iter().map(|(_, place, _, en)| (place.as_str(), en.as_str())).collect();
    let inside = "UniversalTransferDocument";
    let expected = [
        (format!("{inside}/@DocumentDate"), "2026-11-20"),
        (format!("{inside}/Sellers/Seller[1]/OrganizationDetails/@Inn"), "INN of a legal entity"),
        (format!("{inside}/Shippers"), "Bonus has no place"),
        (format!("{inside}/Table/Item"), "Colour has no place"),
        (format!("{inside}/Table/Item[2]"), "@WithoutVat | @Vat is missing"),
        (format!("{inside}/Table/Item[2]/@Unit"), "classifier of units"),
        (format!("{inside}/Table/Item[2]/@TaxRate"), "NoVat, ZeroPercent"),
    ];
    assert_eq!(places.len(), expected.len(), "{places:#?}");
    for (place, words) in expected {
        assert!(
            places.iter().any(|(at, en)| *at == place && en.contains(words)),
            "{place} {words}: {places:#?}"
        );
    }
    // In the order of the data.
    assert!(found.is_sorted_by_key(|(line, ..)| *line));
    for (_, _, ru, en) in &found {
        assert!(ru.chars().any(|c| ('а'..='я').contains(&c)), "{ru}");
        assert!(!en.is_empty());
    }
}

/// Of what was and what is now both have the same name: only the child says which value is missing.
#[test]
fn what_is_missing_is_told_with_the_child_that_it_belongs_to() {
    let format = Format::find("ucd736_05_01_02", 0).expect("a table");
    let full = String::from_utf8(format.sample(&mut Full)).expect("UTF-8");
    let told = |contract: &str| match make(format, contract.as_bytes(), "10.00.00", GUID, None) {
        Ok(_) => Vec::new(),
        Err(found) => found.iter().map(|error| format!("{}: {}", error.place, error.fault)).collect(),
    };
    assert_eq!(told(&full), Vec::<String>::new());
    let item = "UniversalCorrectionDocument/Table/Items/Item[1]";
    let times = ["OriginalValue", "CorrectedValue"];
    assert_eq!(
        told(&emptied(&full, "WithoutVat")),
        times.map(|time| format!("{item}: the required element WithoutVat/@{time} | Vat/@{time} is missing"))
    );
    assert_eq!(
        told(&emptied(&full, "TaxRate")),
        times.map(|time| format!("{item}/TaxRate: the required attribute {time} is missing"))
    );
    // What the contract calls it is told, not what the title does.
    let format = Format::find("utd970_05_03_01", 0).expect("a table");
    let full = String::from_utf8(format.sample(&mut Full)).expect("UTF-8");
    let start = full.find("<StateSystemId>").expect("it is there") + "<StateSystemId>".len();
    let end = start + full[start..].find('<').expect("it has an end");
    let found =
        make(format, format!("{}{}", &full[..start], &full[end..]).as_bytes(), "10.00.00", GUID, None);
    let found = found.expect_err("something is missing");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].place.ends_with("/StateSystemId[1]"), "{found:?}");
    assert_eq!(found[0].fault.to_string(), "the required element StateSystemId is missing");
}

/// The same with nothing said by the first element of this name.
fn emptied(contract: &str, name: &str) -> String {
    let at = contract.find(&format!("<{name} ")).expect("the element is there");
    let rest = &contract[at..];
    let own = rest.find('>').expect("it has an end");
    let end = match rest[..own].ends_with('/') {
        true => own + 1,
        false => {
            let close = format!("</{name}>");
            rest.find(&close).expect("it has an end") + close.len()
        }
    };
    format!("{}<{name}/>{}", &contract[..at], &rest[end..])
}

#[test]
fn a_part_that_nobody_asked_for_is_not_missed() {
    // An address of nothing: what is optional and not given says nothing about what is inside of it.
    let minimal = contract().replace(" BankName=\"АО &quot;Банк Пример&quot;\"", "");
    make(seller(), minimal.as_bytes(), "10.00.00", GUID, None).unwrap();
    let without_region = contract().replace("Region=\"77\" ", "");
    let found = told(&without_region);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.ends_with("Address/RussianAddress") && found[0].3.contains("Region"), "{found:?}");
}

#[test]
fn only_one_of_employee_and_other_issuer() {
    let person = "Position=\"Кладовщик\" LastName=\"Зимин\" FirstName=\"Олег\"";
    let both = contract().replace(
        "</TransferBases>",
        &format!("</TransferBases><Employee {person}/><OtherIssuer OrganizationName=\"ООО\" {person}/>"),
    );
    let found = told(&both);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].3.contains("only one") || found[0].3.contains("only one may"), "{found:?}");
}

#[test]
fn what_would_be_dropped_is_refused() {
    // No other spelling of a flag is heard, and a sum of VAT beside «without VAT» is one of two.
    for (written, place) in
        [("WithoutVat=\"1\"", "Table/Item/@WithoutVat"), ("WithoutVat=\"true\" Vat=\"7\"", "Item[2]/@Vat")]
    {
        let found = told(&contract().replace("WithoutVat=\"true\"", written));
        assert!(found.iter().any(|(_, at, ..)| at.ends_with(place)), "{written}: {found:?}");
    }
    let nothing = contract().replace("WithoutVat=\"true\"", "WithoutVat=\"true\" Vat=\"0.00\"");
    make(seller(), nothing.as_bytes(), "10.00.00", GUID, None).expect("a title");
    // Whoever names an organization acts for it, and has a position there.
    let issuer = "<OtherIssuer OrganizationName=\"ООО\" LastName=\"Зимин\" FirstName=\"Олег\"/>";
    let found = told(&contract().replace("</TransferBases>", &format!("</TransferBases>{issuer}")));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.ends_with("OtherIssuer") && found[0].3.contains("@Position"), "{found:?}");
}

#[test]
fn another_root_and_no_xml_are_refused() {
    let found = told(&contract().replace("UniversalTransferDocument", "Invoice"));
    assert!(found[0].3.contains("UniversalTransferDocument"), "{found:?}");
    assert!(Contract::read(b"<a><b></a>").is_err());
    assert!(Contract::read(b"<!DOCTYPE a><a/>").is_err());
}

#[test]
fn a_reference_takes_the_organization_of_the_box() {
    let (start, end) = ("<OrganizationDetails OrgType=\"2\" OrgName=\"АО", "</Buyer>");
    let text = contract();
    let from = text.find(start).unwrap();
    let to = text[from..].find(end).unwrap() + from;
    let referring = format!(
        "{}<OrganizationReference BoxId=\"b@diadoc.ru\" Department=\"Склад\"/>{}",
        &text[..from],
        &text[to..]
    );
    let operator = operator();
    let sources = Sources {
        now: crate::world::at("10.00.00"),
        guid: uuid::Uuid::nil(),
        program: "p",
        operator: &operator,
        first: None,
    };
    let contract = Contract::read(referring.as_bytes()).unwrap();
    assert_eq!(contract.boxes(), ["b@diadoc.ru"]);
    let organization = potok_titles::Organization {
        kind: potok_titles::Kind::Entrepreneur,
        name: "ИП Соколов Роман Ильич".into(),
        inn: "990400000409".into(),
        kpp: None,
        ogrn: None,
        fns_id: "2BM-990400000409-1".into(),
        address: vec![("Region".into(), "51".into()), ("City".into(), "Мурманск".into())],
    };
    let find = |id: &str| (id == "b@diadoc.ru").then(|| organization.clone());
    let made = seller().generate(contract.clone(), &sources, &find, &[], Checks::All).unwrap();
    let parsed = String::from_utf8(seller().parse(&made.bytes).unwrap()).unwrap();
    for words in ["OrgType=\"1\"", "Соколов Роман Ильич", "Department=\"Склад\"", "City=\"Мурманск\""]
    {
        assert!(parsed.contains(words), "{words}: {parsed}");
    }
    let found = seller().generate(contract, &sources, &|_| None, &[], Checks::All).unwrap_err();
    assert!(found.iter().any(|error| error.place.ends_with("OrganizationReference/@BoxId")), "{found:?}");
}

#[test]
fn without_checks_what_can_be_made_is_made() {
    let bad = contract().replace("Inn=\"9901000010\"", "Inn=\"99010000\"");
    let operator = operator();
    let sources = Sources {
        now: crate::world::at("10.00.00"),
        guid: uuid::Uuid::nil(),
        program: "p",
        operator: &operator,
        first: None,
    };
    let contract = Contract::read(bad.as_bytes()).unwrap();
    let made = seller().generate(contract, &sources, &|_| None, &[], Checks::None).unwrap();
    assert!(made.bytes.windows(8).any(|window| window == b"99010000"));
}

#[test]
fn all_that_is_wrong_with_a_title_is_told() {
    let title = sample("utd970_title0.xml");
    let text = potok_fns::xml::decode(&title, &potok_fns::xml::Limits::TITLE).unwrap().0.into_owned();
    let bad = text
        .replace("encoding=\"windows-1251\"", "encoding=\"utf-8\"")
        .replace("НалСт=\"20%\"", "НалСт=\"21%\"")
        .replace("<ДопСведТов ПрТовРаб=\"3\"/>", "<Лишнее/><ДопСведТов ПрТовРаб=\"3\" Ещё=\"1\"/>")
        .replace("<СвПер СодОпер", "<СвПер Содержание");
    let found = Format::find("utd970_05_02_01", 0).unwrap().parse(bad.as_bytes()).unwrap_err();
    let told: Vec<String> = found.iter().map(|error| format!("{} {}", error.place, error.fault)).collect();
    for words in [
        "Файл/Документ/ТаблСчФакт/СведТов[1]/@НалСт the value",
        "Файл/Документ/ТаблСчФакт/СведТов[2] the element Лишнее",
        "СведТов[2]/ДопСведТов the attribute Ещё",
        "СвПродПер/СвПер the required attribute СодОпер",
        "СвПродПер/СвПер the attribute Содержание",
    ] {
        assert!(told.iter().any(|line| line.contains(words)), "{words}: {told:#?}");
    }
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(found.iter().all(|error| error.position.is_some() && !error.ru().is_empty()));
}

#[test]
fn ids_that_make_no_name_of_a_file_are_refused() {
    // Found by fuzzing: the contract lets them be anything, and the title does not.
    for id in ["2BM-9902000020-990201001-202611)010930000000002", "2BM_99", "2BM"] {
        let found = told(&contract().replace("2BM-9901000010-990101001-202611010900000000001", id));
        let place = "UniversalTransferDocument/@SenderFnsParticipantId";
        assert!(found.iter().any(|(_, at, _, en)| at == place && en.contains("participant id")), "{found:?}");
    }
    let none =
        contract().replace("SenderFnsParticipantId=\"2BM-9901000010-990101001-202611010900000000001\"", "");
    assert!(told(&none)[0].3.contains("SenderFnsParticipantId"));
}
