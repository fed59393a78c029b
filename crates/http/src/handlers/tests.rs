use std::path::Path;
use std::{env, fs};

use potok_api::{by_label, parity};

use crate::served;

#[test]
fn the_parity_page_tells_what_is_registered() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/parity.md");
    let expected = parity::table(&served());
    if env::var_os("POTOK_BLESS").is_some() {
        fs::write(&path, &expected).expect("the page can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/parity.md is stale: run `POTOK_BLESS=1 cargo test -p potok-http`");
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
