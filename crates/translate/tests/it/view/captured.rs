//! The patch of a real answer: a strengthened signature, and the operator's confirmation with its signature.

use std::collections::HashMap;

use potok_domain::docflow::Docflows;
use potok_domain::{Change, PowerOfAttorney};
use potok_stories::Who;
use potok_translate::view::box_event;
use serde_json::Value;

use super::{after, events};
use crate::shown::{json, story};

/// That answer without the bytes of the contents, which were left out there too.
const CAPTURED: &str = include_str!("../../../testdata/captured_delivery_patch.json");

#[test]
fn a_delivery_patch_has_the_shape_of_a_real_one() {
    let expected: Value = serde_json::from_str(CAPTURED).unwrap();
    let mut events = events(&story("stamps; post Invoice; deliver; B receipts d1; deliver"), Who::B);
    let last = events.last_mut().expect("the receipt was delivered");
    // There a person signed with the certificate of another organization.
    let Change::Patched(patched) = &mut last.change else { panic!("it is a report") };
    let copy = patched.entities.iter_mut().find(|entity| entity.author.is_some()).expect("the copy");
    let potok_domain::Body::Signature(signature) = &mut copy.body else { panic!("a signature") };
    signature.power_of_attorney = Some(PowerOfAttorney::Required);

    let mut shown = box_event(&Docflows::of(&after(Who::B, &events)), events.last().unwrap());
    assert_eq!(shown.index_key, None, "the key is given by the store");
    shown.index_key = expected["IndexKey"].as_str().map(str::to_owned);
    assert_eq!(steady(&json(&shown)), steady(&expected));
}

/// With numbers in the place of ids, in the order in which they come, and one word for times, sizes of files and their names.
fn steady(answer: &Value) -> Value {
    fn walk(key: &str, value: &Value, ids: &mut HashMap<String, usize>) -> Value {
        match value {
            Value::Object(fields) => {
                fields.iter().map(|(key, value)| (key.clone(), walk(key, value, ids))).collect()
            }
            Value::Array(items) => items.iter().map(|item| walk(key, item, ids)).collect(),
            Value::Number(number) => match (key, number.as_i64()) {
                ("TimestampTicks" | "RawCreationDate", Some(_)) => "a time".into(),
                ("Size", Some(1..)) => "some".into(),
                _ => value.clone(),
            },
            Value::String(_) if key == "FileName" => "a name".into(),
            Value::String(text) if (key.ends_with("Id")) && text.len() >= 32 => {
                let next = ids.len();
                (*ids.entry(text.clone()).or_insert(next)).into()
            }
            value => value.clone(),
        }
    }
    walk("", answer, &mut HashMap::new())
}
