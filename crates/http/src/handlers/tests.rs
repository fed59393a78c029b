use potok_api::{by_label, parity};
use potok_golden::path;

use crate::served;

#[test]
fn the_parity_page_tells_what_is_registered() {
    potok_golden::check(path!("../../docs/parity.md"), parity::table(&served()));
}

#[test]
fn what_is_registered_is_alive_and_has_an_example() {
    for label in served() {
        let spec = by_label(label).expect("handlers are registered by the declarations");
        assert!(!spec.is_gone(), "{spec} is gone and has a handler");
        let example =
            spec.example.unwrap_or_else(|| panic!("{spec} is answered: its declaration needs an example"));
        assert!(spec.may_answer(example.status), "{spec} is not declared to answer {}", example.status);
    }
}
