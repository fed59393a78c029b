//! The methods by area, one file each or one for a few that differ in little: decode, translate, call, translate, encode.

mod exchange;
mod login;
mod paper;
mod people;
mod reading;
mod shelf;

use crate::registry::Registry;

/// Every method that is built. A test compares this list with the contract's.
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

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_built_is_what_the_contract_calls_served() {
        let mut built: Vec<_> = super::all().labels().collect();
        built.sort_unstable();
        let mut served = potok_api::SERVED.to_vec();
        served.sort_unstable();
        assert_eq!(built, served);
    }
}
