//! Use cases are found in the folders of their areas: a new one has to be seen.

#![expect(clippy::print_stdout, reason = "cargo reads what a build script prints")]

fn main() {
    println!("cargo::rerun-if-changed=src");
}
