//! `docs/parity.md` is what the contract says.

use std::path::Path;
use std::{env, fs};

use potok_api::{SERVED, parity};

#[test]
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/parity.md");
    let expected = parity::table();
    if env::var_os("POTOK_BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("the page lies in a folder"))
            .expect("the folder can be made");
        fs::write(&path, &expected).expect("the page can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/parity.md is stale: run `POTOK_BLESS=1 cargo test -p potok-api --test it`"
    );
}

#[test]
fn what_is_served_exists() {
    assert_eq!(parity::served_by_mistake(), Default::default());
    assert!(SERVED.is_sorted(), "sorted, so that two changes do not collide");
    assert!(SERVED.windows(2).all(|pair| pair[0] != pair[1]));
}
