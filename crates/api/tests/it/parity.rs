//! `docs/parity.md` is what the contract says.

use potok_api::{SERVED, parity};
use potok_golden::path;

#[test]
fn the_page_is_up_to_date() {
    potok_golden::check(path!("../../docs/parity.md"), parity::table());
}

#[test]
fn what_is_served_exists() {
    assert_eq!(parity::served_by_mistake(), Default::default());
    assert!(SERVED.is_sorted(), "sorted, so that two changes do not collide");
    assert!(SERVED.windows(2).all(|pair| pair[0] != pair[1]));
}
