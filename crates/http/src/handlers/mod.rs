//! The methods by area, one file each or one for a few that differ in little: decode, translate, call, translate, encode.

mod exchange;
mod login;
mod paper;
mod people;
mod reading;
mod shelf;

use std::collections::BTreeSet;

use crate::registry::Registry;

/// Every method that is built: what is registered here is what the server answers.
pub(crate) fn all() -> Registry {
    let mut all = Registry::default();
    exchange::register(&mut all);
    login::register(&mut all);
    paper::register(&mut all);
    people::register(&mut all);
    reading::register(&mut all);
    shelf::register(&mut all);
    all
}

/// The labels of the methods that the server answers.
pub fn served() -> BTreeSet<&'static str> {
    all().labels().collect()
}

#[cfg(test)]
mod tests;
