//! No file below a `testdata` folder lies there for nothing.
//!
//! A file is used when some source names it, if need be with places for numbers and the like in its name, or when a source
//! of its crate names its folder or one above it: then a test reads all that lies there, as [`potok_golden::Folder`] and
//! [`potok_golden::retell_folder`] do.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use potok_golden::path;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// The texts in quotes of all sources below `folder`.
fn quoted(folder: &Path) -> BTreeSet<String> {
    let sources = files(folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let mut quoted = BTreeSet::new();
    for source in sources {
        let text = fs::read_to_string(&source).expect("a source is text");
        quoted.extend(text.split('"').map(str::to_owned));
    }
    quoted
}

fn is_used(crate_folder: &Path, file: &Path, all: &BTreeSet<String>, own: &BTreeSet<String>) -> bool {
    let inside = file.strip_prefix(crate_folder).expect("it is a file of the crate");
    let inside = inside.to_str().expect("names are text");
    let name = file.file_name().and_then(|name| name.to_str()).expect("names are text");
    let folders = Path::new(inside).ancestors().skip(1).filter_map(Path::to_str);
    // `testdata` itself is too large to be read as a whole.
    let mut folders = folders.filter(|folder| folder.contains('/'));
    folders.any(|folder| own.contains(folder))
        || all.iter().any(|text| names(text.rsplit('/').next().unwrap_or(text), name))
}

/// The text is the name, or makes it: `layout_{layout}.sql`. A text with nothing but places in it names no file.
fn names(text: &str, name: &str) -> bool {
    let Some((start, rest)) = text.split_once('{') else { return text == name };
    let Some((_, end)) = rest.split_once('}') else { return false };
    let says_enough = start.len() + end.rfind('.').unwrap_or(end.len()) >= 3;
    says_enough && !end.contains('{') && name.starts_with(start) && name.ends_with(end)
}

#[test]
fn every_file_of_testdata_is_named_by_a_test() {
    let crates = path!("..");
    let all = quoted(crates);
    let mut unused = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(crates).expect("the folder is there") {
        let crate_folder = entry.expect("readable").path();
        let testdata = crate_folder.join("testdata");
        if !testdata.is_dir() {
            continue;
        }
        let own = quoted(&crate_folder);
        let found = files(&testdata).into_iter().filter(|file| !file.ends_with("README.md"));
        for file in found {
            count += 1;
            if !is_used(&crate_folder, &file, &all, &own) {
                unused.push(file.strip_prefix(crates).expect("it lies there").to_owned());
            }
        }
    }
    assert!(count > 50, "only {count} files were looked at");
    assert!(unused.is_empty(), "no test names these files: {unused:#?}");
}

#[test]
fn what_nobody_names_is_unused() {
    let crate_folder = Path::new("/crate");
    let file = Path::new("/crate/testdata/told/one.txt");
    let is_used = |all: &[&str], own: &[&str]| {
        let set = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
        is_used(crate_folder, file, &set(all), &set(own))
    };
    assert!(is_used(&["../testdata/told/one.txt"], &[]));
    assert!(is_used(&["one.txt"], &[]));
    assert!(is_used(&[], &["testdata/told"]));
    assert!(is_used(&["told/one{number}.txt", "told/one{}"], &[]), "with a place in it");
    assert!(!is_used(&["none.txt", "one", "testdata/told", "{name}.txt"], &["testdata"]));
}

/// There is one way to rewrite golden files.
#[test]
fn nobody_else_rewrites_files() {
    let word = ["POTOK", "BLESS"].join("_");
    for source in files(path!("..")) {
        let is_source = source.extension().is_some_and(|end| end == "rs");
        if !is_source || source.starts_with(path!("../golden")) {
            continue;
        }
        let text = fs::read_to_string(&source).expect("a source is text");
        assert!(!text.contains(&format!("\"{word}\"")), "{}: use potok_golden", source.display());
    }
}
