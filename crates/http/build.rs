//! Handlers are found in their folders: a new one has to be seen.

fn main() {
    println!("cargo::rerun-if-changed=src/handlers");
}
