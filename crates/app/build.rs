//! Use cases are found in the folders of their areas: a new one has to be seen.

fn main() {
    println!("cargo::rerun-if-changed=src");
}
