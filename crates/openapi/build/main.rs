//! Packs what the description is made of: the proto files, their descriptors, and the JSON schemas of all structures.

#![expect(clippy::print_stdout, reason = "cargo reads what a build script prints")]

// The names of JSON are those of the codec: they stand once, where the codec is generated.
#[allow(dead_code, reason = "the codec needs more of it")]
#[path = "../../wire/build/json_names.rs"]
mod json_names;
#[allow(dead_code, reason = "the codec needs more of it")]
#[path = "../../wire/build/schema.rs"]
mod schema;
mod schemas;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use prost::Message as _;

const PROTO: &str = "../wire/proto";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={PROTO}");
    println!("cargo::rerun-if-changed=../wire/build");
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?);
    let pack =
        |name: &str, bytes: &[u8]| fs::write(out.join(name), miniz_oxide::deflate::compress_to_vec(bytes, 9));

    let root = Path::new(PROTO);
    let mut files = Vec::new();
    gather(root, &mut files)?;
    files.sort();
    let (mut texts, mut table) = (Vec::new(), String::from("&["));
    for file in &files {
        let text = fs::read(file)?;
        let name = file.strip_prefix(root).map_err(io::Error::other)?.display().to_string();
        write!(table, "({name:?}, {}),", text.len()).map_err(io::Error::other)?;
        texts.extend(text);
    }
    table.push(']');
    fs::write(out.join("files.rs"), table)?;
    pack("protos", &texts)?;

    let mut descriptors = protox::compile(&files, [root]).map_err(io::Error::other)?;
    let schema = schema::Schema::read(&descriptors);
    pack("schemas", schemas::generate(&schema).as_bytes())?;
    // Places and comments are in the files; without them the set is a third as long.
    descriptors.file.iter_mut().for_each(|file| file.source_code_info = None);
    pack("descriptors", &descriptors.encode_to_vec())
}

/// Every proto file below `folder`.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => gather(&path, files)?,
            false => files.extend(path.extension().is_some_and(|it| it == "proto").then_some(path)),
        }
    }
    Ok(())
}
