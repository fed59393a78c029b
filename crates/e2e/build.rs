//! Tests are found in their folder: a new one has to be seen.

#![expect(clippy::print_stdout, reason = "cargo reads what a build script prints")]

fn main() {
    println!("cargo::rerun-if-changed=tests/it");
}
