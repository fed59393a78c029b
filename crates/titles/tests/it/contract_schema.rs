//! Schemas of contracts take what the makers of titles take.

use potok_fns::schema::Schema;
use potok_fns::xml::Element;
use potok_titles::sample::{Chosen, Dice, Full, Minimal};
use potok_titles::{Format, LIMITS};
use proptest::prelude::*;

use crate::world::tree;

fn schema(format: Format) -> Schema {
    Schema::compile(&format.contract_schema()).unwrap_or_else(|error| panic!("{format:?}: {error:?}"))
}

fn check(format: Format, dice: &mut dyn Dice) {
    let sample = format.sample(dice);
    let found = schema(format).validate(&sample, &LIMITS).expect("it is XML");
    assert!(found.is_empty(), "{format:?}: {found:#?}\n{}", String::from_utf8_lossy(&sample));
}

#[test]
fn full_and_minimal_contracts_are_taken() {
    for format in Format::all() {
        check(format, &mut Full);
        check(format, &mut Minimal);
    }
}

/// Whoever names the box of an organization need not describe it.
#[test]
fn boxes_may_be_named_wherever_an_organization_is_described() {
    let mut there = 0;
    for format in Format::all() {
        let sample = String::from_utf8(format.sample(&mut Full)).expect("it is UTF-8");
        there += usize::from(sample.contains("<OrganizationDetails "));
        let named = sample
            .replace("<OrganizationDetails ", "<OrganizationReference BoxId=\"a\" ")
            .replace("</OrganizationDetails>", "</OrganizationReference>");
        let found = schema(format).validate(named.as_bytes(), &LIMITS).expect("it is XML");
        assert!(found.is_empty(), "{format:?}: {found:#?}");
        if named != sample {
            let without = named.replace("<OrganizationReference BoxId", "<OrganizationDetails BoxId");
            let without = without.replace("</OrganizationReference>", "</OrganizationDetails>");
            let found = schema(format).validate(without.as_bytes(), &LIMITS).expect("it is XML");
            assert!(!found.is_empty(), "{format:?}: a box that is not looked up says nothing");
        }
    }
    assert!(there >= 16, "{there} formats describe organizations");
}

#[test]
fn what_is_no_contract_is_not_taken() {
    for format in Format::all() {
        let schema = schema(format);
        let root = format.contract_root();
        let refused = |xml: &str| !schema.validate(xml.as_bytes(), &LIMITS).expect("it is XML").is_empty();
        assert!(!refused(&format!("<{root}/>")), "{format:?}: only names and values are looked at");
        for xml in
            ["<Other/>".to_owned(), format!("<{root} Other=\"1\"/>"), format!("<{root}><Other/></{root}>")]
        {
            assert!(refused(&xml), "{format:?}: {xml}");
        }
    }
}

#[test]
fn the_part_about_signers_stands_alone() {
    let mut there = 0;
    for format in Format::all() {
        let Some(signers) = format.signers_schema() else { continue };
        there += 1;
        let signers = Schema::compile(&signers).unwrap_or_else(|error| panic!("{format:?}: {error:?}"));
        // Older formats know details of a person, newer ones a signer.
        let is_taken = |name: &str| {
            let xml = format!("<Signers><{name}/></Signers>");
            signers.validate(xml.as_bytes(), &LIMITS).expect("it is XML").is_empty()
        };
        assert!(is_taken("Signer") != is_taken("SignerDetails"), "{format:?}");
        assert!(!signers.validate(b"<Signer/>", &LIMITS).expect("it is XML").is_empty());
    }
    assert!(there > 0, "some formats name their signers");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whatever_may_be_said_is_taken(numbers in proptest::collection::vec(any::<u8>(), 1..40)) {
        for format in Format::all() {
            check(format, &mut Chosen::new(&numbers));
        }
    }
}

/// Dates, numbers and words of a fixed choice are told from others.
#[test]
fn values_are_held_to_their_rules() {
    let format = Format::find("utd970_05_03_01", 0).expect("it is there");
    let schema = schema(format);
    let sample = String::from_utf8(format.sample(&mut Full)).expect("it is UTF-8");
    let date = sample.find("DocumentDate=\"").expect("the document has a date") + "DocumentDate=\"".len();
    let wrong = format!("{}2026-02-01{}", &sample[..date], &sample[date + 10..]);
    let found = schema.validate(wrong.as_bytes(), &LIMITS).expect("it is XML");
    assert_eq!(found.len(), 1, "{found:?}");
}

/// Programs offer what may be chosen by the words of the schema: kinds of persons are closed sets in every format that asks for them,
/// and so is what a signer is.
#[test]
fn kinds_of_persons_and_signers_are_listed() {
    let mut there = [0, 0];
    for format in Format::all() {
        let mut named = Vec::new();
        attributes(&tree(&format.contract_schema()), &mut named);
        for (count, name) in there.iter_mut().zip(["OrgType", "SignerType"]) {
            let all = named.iter().filter(|(known, _)| known == name).map(|(_, words)| words);
            for words in all {
                // And nothing, which is as good as absent.
                assert!(
                    words.iter().any(String::is_empty) && words.len() >= 3,
                    "{format:?} {name}: {words:?}"
                );
                *count += 1;
            }
        }
        let sample = String::from_utf8(format.sample(&mut Full)).expect("it is UTF-8");
        for name in ["OrgType", "SignerType", "SignerStatus"] {
            let Some(at) = sample.find(&format!(" {name}=\"")).map(|at| at + name.len() + 3) else {
                continue;
            };
            let end = at + sample[at..].find('"').expect("the value ends");
            let wrong = format!("{}77{}", &sample[..at], &sample[end..]);
            let found = schema(format).validate(wrong.as_bytes(), &LIMITS).expect("it is XML");
            assert_eq!(found.len(), 1, "{format:?} {name}: {found:#?}");
        }
    }
    assert!(there[0] > 200 && there[1] > 40, "{there:?}");
    let words = |version, name: &str| {
        let format = Format::find(version, 0).expect("a table");
        let mut named = Vec::new();
        attributes(&tree(&format.contract_schema()), &mut named);
        named.into_iter().find(|(known, _)| known == name).expect("the attribute is there").1
    };
    assert_eq!(words("utd970_05_03_01", "OrgType"), ["", "1", "2", "3", "4"]);
    assert_eq!(words("utd_05_01_05", "OrgType"), ["", "1", "2", "3"]);
    assert_eq!(words("utd820_05_01_02_hyphen", "SignerType"), ["", "1", "2", "3"]);
}

/// Attributes that a schema declares, each with the words that it may be.
fn attributes(element: &Element, found: &mut Vec<(String, Vec<String>)>) {
    if &*element.name == "xs:attribute" {
        let restriction = element.children.iter().flat_map(|simple| &simple.children);
        let words = restriction.flat_map(|restriction| &restriction.children);
        let words = words.filter(|facet| &*facet.name == "xs:enumeration");
        let words = words.filter_map(|facet| facet.attribute("value")).map(str::to_owned).collect();
        found.push((element.attribute("name").unwrap_or_default().to_owned(), words));
    }
    element.children.iter().for_each(|child| attributes(child, found));
}
