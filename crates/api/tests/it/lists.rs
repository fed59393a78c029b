//! The list that other crates build on names every method.

use std::cell::RefCell;
use std::collections::BTreeSet;

use potok_api::methods::*;
use potok_api::{Endpoint, MethodSpec};

/// A method's data, its function and its summary.
type Entry = (&'static MethodSpec, &'static str, &'static str);

macro_rules! collect {
    ($($endpoint:ident $function:ident($query:ident, $($request:ident)::+) #[doc = $summary:literal],)*) => {
        for (spec, function, summary) in [$((<$endpoint as Endpoint>::SPEC, stringify!($function), $summary)),*] {
            LIST.with_borrow_mut(|list| {
                list.push((spec, function, summary));
            });
        }
    };
}

thread_local! {
    static LIST: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn the_callback_sees_what_the_registry_sees() {
    potok_api::for_each_endpoint!(collect);
    let list = LIST.take();
    let specs: Vec<&MethodSpec> = list.iter().map(|(spec, ..)| *spec).collect();
    assert_eq!(specs, potok_api::methods::all());
    let functions: BTreeSet<&str> = list.iter().map(|(_, function, _)| *function).collect();
    assert_eq!(functions.len(), list.len(), "every method has a function of its own");
    for (spec, _, summary) in list {
        assert_eq!(spec.summary, summary.trim(), "{spec}");
    }
}
