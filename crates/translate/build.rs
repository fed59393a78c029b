//! Answers are found in their folder: a new one has to be seen.

fn main() {
    println!("cargo::rerun-if-changed=src/answers");
}
