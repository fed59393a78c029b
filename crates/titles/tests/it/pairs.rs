//! Pairs of contract and title: each is made of the other.

use potok_fns::recognize::{NamedPower, TitleSigner, powers_of_signers, signers_of_title};
use potok_fns::xml::Element;
use potok_titles::sample::Minimal;
use potok_titles::{First, Format};

use crate::world::{first_of, make, sample, told, tree};

const PAIR: &str = "5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0000";

/// The signatures in an answer, as they were.
fn signatures(title: &Element) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    let link = title.children.iter().find_map(|body| body.child("ИдИнфПрод")).expect("an answer");
    let decode = |text: &str| base64::engine::general_purpose::STANDARD.decode(text).expect("base64");
    link.children_named("ЭП").map(|signature| decode(&signature.text)).collect()
}

#[test]
fn the_sellers_title_is_made_of_its_contract_byte_for_byte() {
    let format = Format::find("utd970_05_02_01", 0).unwrap();
    let made = make(format, &sample("utd970_title0_userdata.xml"), "10.14.51", PAIR, None).unwrap();
    let expected = sample("utd970_title0.xml");
    assert_eq!(told(&tree(&made.bytes)), told(&tree(&expected)));
    assert_eq!(made.bytes, expected);
}

#[test]
fn the_buyers_title_is_made_of_its_contract_and_the_sellers_title() {
    let format = Format::find("utd970_05_02_01", 1).unwrap();
    let expected = sample("utd970_title1.xml");
    let signatures = signatures(&tree(&expected));
    let first = First { title: &sample("utd970_title0.xml"), signatures: &signatures };
    let guid = "5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0001";
    let made = make(format, &sample("utd970_title1_userdata.xml"), "11.02.15", guid, Some(first)).unwrap();
    assert_eq!(told(&tree(&made.bytes)), told(&tree(&expected)));
    assert_eq!(made.bytes, expected);
}

#[test]
fn a_parsed_title_is_its_contract() {
    for (title, title_index, contract) in [
        ("utd970_title0.xml", 0, "utd970_title0_userdata.xml"),
        ("utd970_title1.xml", 1, "utd970_title1_userdata.xml"),
    ] {
        let format = Format::find("utd970_05_02_01", title_index).unwrap();
        let parsed = format.parse(&sample(title)).unwrap();
        assert!(parsed.starts_with("\u{feff}<?xml".as_bytes()));
        // Contracts have no order between elements of different names.
        let sorted = |bytes: &[u8]| {
            let mut root = tree(bytes);
            sort(&mut root);
            told(&root)
        };
        assert_eq!(sorted(&parsed), sorted(&sample(contract)));
    }
}

fn sort(element: &mut Element) {
    element.children.sort_by(|a, b| a.name.cmp(&b.name));
    element.children.iter_mut().for_each(sort);
}

#[test]
fn every_sample_comes_out_of_what_it_was_parsed_into() {
    for (version, title_index, name, time, guid) in [
        ("utd970_05_02_01", 0, "utd970_title0.xml", "10.14.51", "0000"),
        ("utd970_05_02_01", 1, "utd970_title1.xml", "11.02.15", "0001"),
        ("utd820_05_01_02_hyphen", 0, "utd820_title0.xml", "09.00.00", "0820"),
        ("utd820_05_01_02_hyphen", 1, "utd820_title1.xml", "09.30.00", "0821"),
        ("utd820_05_01_01_hyphen", 0, "utd820_title0.xml", "09.00.00", "0820"),
        ("utd820_05_01_01", 0, "utd820_title0.xml", "09.00.00", "0820"),
        ("utd820_05_01_01", 1, "utd820_title1.xml", "09.30.00", "0821"),
    ] {
        let format = Format::find(version, title_index).unwrap();
        let title = sample(name);
        let contract = format.parse(&title).unwrap_or_else(|found| panic!("{name}: {found:?}"));
        let guid = format!("5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f{guid}");
        let (zero, kept);
        let first = if title_index == 0 {
            None
        } else {
            zero = sample(&name.replace("title1", "title0"));
            kept = signatures(&tree(&title));
            Some(First { title: &zero, signatures: &kept })
        };
        let made = make(format, &contract, time, &guid, first);
        let made = made.unwrap_or_else(|found| panic!("{version} {name}: {found:?}"));
        assert_eq!(told(&tree(&made.bytes)), told(&tree(&title)), "{version} {name}");
    }
}

#[test]
fn a_title_tells_its_fields_for_people() {
    let format = Format::find("utd970_05_02_01", 0).unwrap();
    let fields = format.fields(&sample("utd970_title0.xml")).unwrap();
    let value = |title: &str| {
        let found = fields.iter().find(|field| field.title == title);
        found.map(|field| (field.contract.as_deref(), field.value.as_str()))
    };
    assert_eq!(
        value("Файл/Документ/ТаблСчФакт/СведТов[2]/@НаимТов"),
        Some((Some("Table/Item/@Product"), "Консультация"))
    );
    assert_eq!(
        value("Файл/Документ/СвСчФакт/СвПрод[1]/ИдСв/СвЮЛУч/@ИННЮЛ"),
        Some((Some("Sellers/Seller/OrganizationDetails/@Inn"), "9901000010"))
    );
    assert_eq!(value("Файл/Документ/@КНД"), Some((None, "1115131")));
    assert_eq!(
        value("Файл/Документ/ТаблСчФакт/ВсегоОпл/СумНалВсего/СумНал"),
        Some((Some("Table/@Vat"), "400.00"))
    );
}

#[test]
fn a_unit_of_its_own_keeps_its_name() {
    let format = Format::find("utd970_05_03_01", 0).unwrap();
    let contract = String::from_utf8(sample("utd970_title0_userdata.xml")).unwrap();
    let contract = contract.replace("Unit=\"796\"", "Unit=\"0000\" UnitName=\"сеанс\"");
    // The classifier's name wins over another for a code that it has.
    let contract = contract.replace("Unit=\"113\"", "Unit=\"113\" UnitName=\"куб\"");
    let made = make(format, contract.as_bytes(), "10.14.51", PAIR, None).unwrap();
    let parsed = String::from_utf8(format.parse(&made.bytes).unwrap()).unwrap();
    assert!(parsed.contains("Unit=\"0000\" UnitName=\"сеанс\""), "{parsed}");
    assert!(!parsed.contains("куб") && parsed.contains("Unit=\"113\""), "{parsed}");
}

#[test]
fn the_name_of_the_file_tells_marked_and_traceable_goods() {
    let format = Format::find("utd970_05_03_01", 0).unwrap();
    let contract = String::from_utf8(sample("utd970_title0_userdata.xml")).unwrap();
    let marked = |kinds: &str, more: &str| {
        let goods = "<ItemIdentificationNumbers><ItemIdentificationNumber><Unit>1</Unit></ItemIdentificationNumber></ItemIdentificationNumbers>";
        contract.replace("ItemMark=\"3\"/>", &format!("ItemMark=\"3\" {more}>{goods}</Item>")).replacen(
            "<Sellers>",
            &format!("{kinds}<Sellers>"),
            1,
        )
    };
    let kinds = "<MetaData><IncludeIdentificationNumbers>1</IncludeIdentificationNumbers><IncludeIdentificationNumbers>2</IncludeIdentificationNumbers></MetaData>";
    for (contract, tail) in [
        (contract.clone(), "_0_0_0_0_0_00"),
        (marked("", ""), "_0_1_0_0_0_00"),
        (marked(kinds, ""), "_0_0_1_1_0_00"),
        (marked("", "ProductTypeCode=\"110\""), "_0_1_0_0_1_00"),
    ] {
        let made = make(format, contract.as_bytes(), "10.14.51", PAIR, None).unwrap();
        assert!(made.file_id.as_str().ends_with(tail), "{} {tail}", made.file_id);
        let parsed = format.parse(&made.bytes).unwrap();
        let again = make(format, &parsed, "10.14.51", PAIR, None).unwrap();
        assert_eq!(again.bytes, made.bytes);
    }
}

/// Every format that has a place for the power of attorney of a signer: whoever looks for it in the title finds what the data said.
#[test]
fn powers_of_signers_are_found_in_titles() {
    const REGISTERED: &str = "0a2b4c6d-1111-4222-8333-444455556666";
    let powers = [
        (
            format!(
                "<Electronic><Manual RegistrationNumber=\"{REGISTERED}\" RegistrationDate=\"01.02.2026\" SystemId=\"ФНС\"/></Electronic>"
            ),
            NamedPower { number: REGISTERED.to_owned(), is_electronic: true },
        ),
        (
            "<Paper InternalNumber=\"15/К\" RegistrationDate=\"01.02.2026\"/>".to_owned(),
            NamedPower { number: "15/К".to_owned(), is_electronic: false },
        ),
    ];
    let mut there = 0;
    for format in Format::all() {
        let contract = String::from_utf8(format.sample(&mut Minimal)).expect("UTF-8");
        let schema = String::from_utf8(format.signers_schema().unwrap_or_default()).expect("UTF-8");
        // Older formats describe a person, who names none.
        if !schema.contains("name=\"Signer\"") {
            continue;
        }
        there += 1;
        let signers = contract.find("<Signers").expect("somebody signs");
        let end = contract.find("</Signers>").expect("they end");
        for (power, expected) in &powers {
            let signer = format!(
                "<Signers><Signer><Fio LastName=\"Зимин\" FirstName=\"Олег\"/><Position PositionSource=\"Manual\">Директор</Position>\
                 <PowerOfAttorney>{power}</PowerOfAttorney></Signer>"
            );
            let contract = format!("{}{signer}{}", &contract[..signers], &contract[end..]);
            let zero = first_of(format);
            let first = (format.title_index() > 0).then_some(First { title: &zero, signatures: &[] });
            let made = make(format, contract.as_bytes(), "10.00.00", PAIR, first);
            let made = made.unwrap_or_else(|found| panic!("{format:?} {found:#?} {contract}"));
            let told = signers_of_title(&made.bytes).expect("XML");
            let said = [TitleSigner { surname: "Зимин".to_owned(), power: Some(expected.clone()) }];
            assert_eq!(told, said, "{format:?}");
            let numbers = powers_of_signers(&made.bytes).expect("XML");
            assert_eq!(numbers.contains(&expected.number), expected.is_electronic, "{format:?}");
        }
    }
    assert!(there >= 11, "{there} titles have a place for powers of attorney");
}
