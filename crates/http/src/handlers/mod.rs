//! The methods by area, one file each or one for a few that differ in little: decode, translate, call, translate, encode.
//!
//! Each file of an area has a `register` beside its handlers, which gives them to their methods. The files are found in
//! the folder of the area, so that a method that is built needs no line outside of its file.

use std::collections::BTreeSet;

use crate::registry::Registry;

/// The `register` of an area, or of a part of it: that of each of its files.
macro_rules! registered {
    ($($module:ident)*) => {
        pub(super) fn register(all: &mut crate::registry::Registry) {
            $($module::register(all);)*
        }
    };
}

mod exchange;
mod login;
mod paper;
mod partners;
mod people;
mod powers;
mod printing;
mod reading;
mod shelf;
mod signing;

/// Every method that is built: what is registered here is what the server answers.
pub(crate) fn all() -> Registry {
    let mut all = Registry::default();
    exchange::register(&mut all);
    login::register(&mut all);
    paper::register(&mut all);
    partners::register(&mut all);
    people::register(&mut all);
    powers::register(&mut all);
    printing::register(&mut all);
    reading::register(&mut all);
    shelf::register(&mut all);
    signing::register(&mut all);
    all
}

/// The labels of the methods that the server answers.
pub fn served() -> BTreeSet<&'static str> {
    all().labels().collect()
}

#[cfg(test)]
mod tests;
