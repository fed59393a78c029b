//! Nothing that data say is lost without a word: whatever else a program says is refused, or found again in what the title is
//! parsed into.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use potok_fns::xml::{Attribute, Document, Element, Position};
use potok_fns::{FnsDate, MoscowTime, Operator};
use proptest::prelude::*;
use uuid::Uuid;

use crate::classifier::Classifier;
use crate::sample::{Chosen, Dice, Full};
use crate::table::{Shape, Table};
use crate::{Checks, Contract, First, Format, LIMITS, Sources, Violations};

/// Whether a value is the name of a unit whose code stands beside it, and the classifier knows that name better.
fn is_known_better(element: &Element, name: &str) -> bool {
    let codes = ["Unit", "UnitCode"].into_iter().filter_map(|code| element.attribute(code));
    name == "UnitName" && codes.into_iter().any(|code| Classifier::Units.name(code).is_some())
}

/// Places that are of the contract only.
fn passed_over(shape: &Shape, path: &str, into: &mut HashSet<String>) {
    into.extend(shape.passed.iter().map(|name| match name {
        Some(name) => format!("{path}/@{name}"),
        None => path.to_owned(),
    }));
    for child in &shape.children {
        passed_over(&child.shape, &format!("{path}/{}", child.name), into);
    }
}

/// What a program says stands behind where its element begins; what the server fills in does not.
fn behind(position: Position) -> Position {
    Position { column: position.column + 1, ..position }
}

/// Says more than the table asks for: something that the contract of the format has, wherever there is room for it.
fn say_more(table: &Table, root: &mut Element, dice: &mut dyn Dice) {
    let mut element = root;
    let mut shape = &table.shape;
    let mut number = 0;
    loop {
        let known: Vec<usize> = (0..element.children.len())
            .filter(|at| shape.child(&element.children[*at].name).is_some())
            .collect();
        if known.is_empty() || number > 0 && dice.is_there() {
            break;
        }
        let at = known[dice.pick(known.len())];
        let Some(child) = shape.child(&element.children[at].name) else { break };
        shape = &child.shape;
        element = &mut element.children[at];
        number += 1;
    }
    let attributes = shape.attributes.iter().filter(|name| element.attribute(name).is_none());
    let attributes: Vec<&str> = attributes.copied().collect();
    let children = shape.children.iter().filter(|child| child.many || element.child(child.name).is_none());
    let children: Vec<_> = children.collect();
    let choices = attributes.len() + children.len();
    if choices == 0 {
        return;
    }
    let position = behind(element.position);
    match dice.pick(choices) {
        at if at < attributes.len() => {
            let value = value(shape, Some(attributes[at]), dice);
            element.attributes.push(Attribute { name: attributes[at].into(), value: value.into(), position });
        }
        at => {
            let child = children[at - attributes.len()];
            let mut made = Element {
                name: child.name.into(),
                attributes: Vec::new(),
                children: Vec::new(),
                text: String::new(),
                position,
            };
            fill(&child.shape, &mut made, dice);
            element.children.push(made);
        }
    }
}

fn fill(shape: &Shape, element: &mut Element, dice: &mut dyn Dice) {
    let position = behind(element.position);
    for name in &shape.attributes {
        let value = value(shape, Some(name), dice);
        element.attributes.push(Attribute { name: (*name).into(), value: value.into(), position });
    }
    if shape.text {
        element.text = value(shape, None, dice);
    }
    for child in &shape.children {
        let (attributes, children) = (Vec::new(), Vec::new());
        let mut made =
            Element { name: child.name.into(), attributes, children, text: String::new(), position };
        fill(&child.shape, &mut made, dice);
        element.children.push(made);
    }
}

fn value(shape: &Shape, name: Option<&'static str>, dice: &mut dyn Dice) -> String {
    let rules: Vec<_> = shape.rules.iter().filter(|(known, _)| *known == name).collect();
    if rules.is_empty() {
        return ["1", "2", "0", "true"][dice.pick(4)].to_owned();
    }
    let rule = &rules[dice.pick(rules.len())].1;
    rule.sample(name.unwrap_or("x"), 3 + dice.pick(90), &mut |of| dice.pick(of))
}

fn make(format: Format, contract: Contract, first: Option<First<'_>>) -> Result<Vec<u8>, Violations> {
    let operator = Operator { name: "ООО".into(), inn: "9903000030".into(), code: "2BM".into() };
    let now = MoscowTime::new(FnsDate::default(), 10, 0, 0).unwrap_or_default();
    let sources = Sources { now, guid: Uuid::nil(), program: "p", operator: &operator, first };
    format.generate(contract, &sources, &|_| None, &[], Checks::All).map(|title| title.bytes)
}

/// How often each value is said, by its path.
fn said(element: &Element, path: &str, into: &mut HashMap<String, usize>) {
    let path = format!("{path}/{}", element.name);
    let mut say = |path: &str, value: &str| {
        // What is not the case is not said.
        if !value.is_empty() && value != "false" {
            *into.entry(format!("{path}={}", number(value))).or_default() += 1;
        }
    };
    for Attribute { name, value, .. } in
        element.attributes.iter().filter(|one| !is_known_better(element, &one.name))
    {
        say(&format!("{path}/@{name}"), value);
    }
    say(&path, element.text.trim());
    for child in &element.children {
        said(child, &path, into);
    }
}

/// The title does not keep how many zeros stand behind a number.
fn number(value: &str) -> &str {
    let is_number = value.contains('.') && value.bytes().all(|b| b.is_ascii_digit() || b".-".contains(&b));
    if is_number && value.matches('.').count() == 1 {
        value.trim_end_matches('0').trim_end_matches('.')
    } else {
        value
    }
}

/// The title that an answer of the format answers.
fn first_of(format: Format) -> Option<&'static [u8]> {
    static MADE: LazyLock<HashMap<&'static str, Vec<u8>>> = LazyLock::new(|| {
        let firsts = Format::all().filter(|format| format.title_index() == 0);
        let made = firsts.map(|first| {
            let contract = Contract::read(&first.sample(&mut Full)).expect("a sample");
            (first.version(), make(first, contract, None).expect("a title"))
        });
        made.collect()
    });
    (format.title_index() > 0).then(|| MADE[format.version()].as_slice())
}

/// What the data say and the title has lost.
fn lost(format: Format, numbers: &[u8]) -> Option<Vec<String>> {
    let table = format.table();
    let mut dice = Chosen::new(numbers);
    let mut contract = Contract::read(&format.sample(&mut dice)).expect("a sample can be read");
    for _ in 0..=dice.pick(3) {
        say_more(table, &mut contract.root, &mut dice);
    }
    let signatures = [b"signature".to_vec()];
    let first = first_of(format).map(|title| First { title, signatures: &signatures });
    let title = make(format, contract.clone(), first).ok()?;
    let parsed = format.parse(&title).unwrap_or_else(|found| panic!("{format:?}: {found:?}"));
    let parsed = Document::parse(&parsed, &LIMITS).expect("XML").root;
    let (mut before, mut after) = (HashMap::new(), HashMap::new());
    said(&contract.root, "", &mut before);
    said(&parsed, "", &mut after);
    let mut lost: Vec<String> = before
        .into_iter()
        .filter(|(said, times)| after.get(said).is_none_or(|kept| kept < times))
        .map(|(said, _)| said)
        .collect();
    let mut passed = HashSet::new();
    passed_over(&table.shape, &format!("/{}", table.contract), &mut passed);
    lost.retain(|line| line.split_once('=').is_none_or(|(place, _)| !passed.contains(place)));
    lost.sort();
    Some(lost)
}

#[test]
fn what_excludes_each_other_is_refused_where_the_title_has_room_for_one_only() {
    let table = Format::find("ucd736_05_01_02", 0).expect("a table");
    let text = String::from_utf8(table.sample(&mut Full)).expect("UTF-8");
    // Room for both: attributes.
    let (before, after) = text.split_once("<AmountsDec>").expect("a decrease of cost");
    assert!(before.contains("<SubtotalWithVatExcluded") && after.contains("<Vat"), "{text}");
    // Room for one: elements.
    let vat = after.find("<Vat").expect("VAT") + before.len() + "<AmountsDec>".len();
    let end = vat + text[vat..].find("</AmountsInc>").expect("an increase") + "</AmountsInc>".len();
    let both = format!("{}<AmountsDec>7.00</AmountsDec>{}", &text[..end], &text[end..]);
    let found = make(table, Contract::read(both.as_bytes()).expect("XML"), None).expect_err("one of two");
    let [found] = found.as_slice() else { panic!("{found:#?}") };
    assert!(found.place.ends_with("Item[1]/Vat/AmountsDec") && found.position.is_some(), "{found:?}");
    assert!(found.fault.to_string().contains("only one"), "{found:?}");
}

/// What is said of a kind of person that it is not is told at its own place, and nothing else is.
#[test]
fn what_is_said_of_another_kind_is_refused() {
    let format = Format::find("utd970_05_03_01", 0).expect("a table");
    let text = String::from_utf8(format.sample(&mut Full)).expect("UTF-8");
    let (before, after) = text.split_once(r#"OrgType="1""#).expect("an entrepreneur");
    let told = |text: String| {
        let contract = Contract::read(text.as_bytes()).expect("XML");
        let found = make(format, contract, None).expect_err("something is of another kind");
        found.iter().map(|found| (found.place.clone(), found.fault.to_string())).collect::<Vec<_>>()
    };
    let of_another = told(format!(r#"{before}OrgType="1" Kpp="770101001"{after}"#));
    let [(place, words)] = &of_another[..] else { panic!("{of_another:#?}") };
    assert!(place.ends_with("/@Kpp"), "{place}");
    assert!(words.contains("no place for this value"), "{words}");
}

/// The first element that may name a unit, by the numbers of the elements on the way to it, and what its code is called.
fn with_unit(shape: &Shape, element: &Element) -> Option<(Vec<usize>, &'static str)> {
    let has = |name: &&str| shape.attribute_id(name).is_some();
    if has(&"UnitName")
        && let Some(code) = ["Unit", "UnitCode"].into_iter().find(has)
    {
        return Some((Vec::new(), code));
    }
    element.children.iter().enumerate().find_map(|(index, child)| {
        let (mut way, code) = with_unit(&shape.child(&child.name)?.shape, child)?;
        way.insert(0, index);
        Some((way, code))
    })
}

fn say(element: &mut Element, name: &str, value: &str) {
    let position = behind(element.position);
    element.attributes.retain(|given| given.name != name);
    element.attributes.push(Attribute { name: name.into(), value: value.into(), position });
}

/// A unit that no classifier knows is named by its words, also where nothing else is said that stands beside it.
#[test]
fn a_unit_without_a_code_keeps_its_name() {
    let mut formats = 0;
    for format in Format::all() {
        let mut contract = Contract::read(&format.sample(&mut Full)).expect("a sample");
        let Some((way, code_name)) = with_unit(&format.table().shape, &contract.root) else { continue };
        formats += 1;
        let signatures = [b"signature".to_vec()];
        let made = |contract: &Contract| {
            let first = first_of(format).map(|title| First { title, signatures: &signatures });
            make(format, contract.clone(), first)
        };
        let unit = |contract: &mut Contract, change: &mut dyn FnMut(&mut Element)| {
            let mut element = &mut contract.root;
            for index in &way {
                element = &mut element.children[*index];
            }
            change(element);
        };
        // With nothing beside the unit that the title can do without.
        for is_child in [true, false] {
            let mut index = 0;
            loop {
                let mut less = contract.clone();
                let mut is_less = true;
                unit(&mut less, &mut |element| match is_child {
                    true if index < element.children.len() => drop(element.children.remove(index)),
                    false if index < element.attributes.len() => drop(element.attributes.remove(index)),
                    _ => is_less = false,
                });
                match made(&less) {
                    _ if !is_less => break,
                    Ok(_) => contract = less,
                    Err(_) => index += 1,
                }
            }
        }
        for code in ["0000", ""] {
            let mut named = contract.clone();
            unit(&mut named, &mut |element| {
                say(element, code_name, code);
                say(element, "UnitName", "ведро");
            });
            let title = match made(&named) {
                Ok(title) => title,
                // Some titles do not go without a code.
                Err(found) if code.is_empty() && found[0].to_string().contains(code_name) => continue,
                Err(found) => panic!("{format:?}: {found:?}"),
            };
            let parsed = format.parse(&title).unwrap_or_else(|found| panic!("{format:?}: {found:?}"));
            let mut kept = HashMap::new();
            said(&Document::parse(&parsed, &LIMITS).expect("XML").root, "", &mut kept);
            let is_kept = kept.keys().any(|line| line.ends_with("/@UnitName=ведро"));
            assert!(is_kept, "{format:?} with the code {code:?}: {kept:#?}");
        }
    }
    assert!(formats > 10, "{formats}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_data_say_is_refused_or_kept(numbers in prop::collection::vec(any::<u8>(), 20..400)) {
        for format in Format::all() {
            let lost = lost(format, &numbers).unwrap_or_default();
            prop_assert!(lost.is_empty(), "{format:?}: {lost:#?}");
        }
    }
}
