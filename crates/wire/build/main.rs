//! Compiles the proto files into structs, descriptors, and the tables and code of the codec.

#![expect(clippy::print_stdout, reason = "cargo reads what a build script prints")]

mod codec;
mod json_names;
mod names;
mod schema;
mod sizes;

use std::{env, fs, io, path::Path, path::PathBuf};

use prost::Message as _;

fn main() -> io::Result<()> {
    let root = PathBuf::from("proto");
    println!("cargo::rerun-if-changed=proto");
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?);

    let files = proto_files(&root)?;
    let descriptors = protox::compile(&files, [&root]).map_err(io::Error::other)?;
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    let schema = schema::Schema::read(&descriptors);

    fs::write(out.join("codec.rs"), codec::generate(&schema))?;

    let mut config = prost_build::Config::new();
    config.bytes(["."]).retain_enum_prefix().include_file("proto.rs").disable_comments(["."]);
    for field in sizes::fields_to_box(&schema) {
        config.boxed(field);
    }
    config.compile_fds(descriptors)
}

/// Every `.proto` below `root`, in a fixed order, so that two builds give the same bytes.
fn proto_files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "proto") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
