//! What a disk may have after the power was lost.

use std::collections::BTreeMap;
use std::path::Path;

use potok_types::{Entropy as _, SeededEntropy};

use super::shim::Step;

/// A disk writes so many bytes whole or not at all.
const SECTOR: usize = 512;

/// Files by name.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Numbers that follow from a seed.
pub(crate) struct Chance(SeededEntropy);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    pub(crate) fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % bound as u64) as usize
    }
}

/// Puts the files into a folder.
pub(crate) fn put(files: &Files, folder: &Path) {
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).expect("the folder is writable");
    }
}

fn write(bytes: &mut Vec<u8>, at: u64, new: &[u8]) {
    let (start, end) = (at as usize, at as usize + new.len());
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[start..end].copy_from_slice(new);
}

/// Some sectors of a write, as a disk that lost its power in the middle of it.
fn torn(bytes: &mut Vec<u8>, at: u64, new: &[u8], chance: &Chance) {
    // The first ones, the last ones, or any.
    let way = chance.below(3);
    let sectors = new.len().div_ceil(SECTOR);
    let split = chance.below(sectors + 1);
    for (nth, sector) in new.chunks(SECTOR).enumerate() {
        let is_written = match way {
            0 => nth < split,
            1 => nth >= split,
            _ => chance.below(2) == 0,
        };
        if is_written {
            write(bytes, at + (nth * SECTOR) as u64, sector);
        }
    }
}

fn done(files: &mut Files, step: &Step) {
    match step {
        Step::Write { file, at, bytes } => write(files.entry(file.clone()).or_default(), *at, bytes),
        Step::Cut { file, length } => files.entry(file.clone()).or_default().resize(*length as usize, 0),
        Step::Delete { file, .. } => drop(files.remove(file)),
        Step::Sync { .. } | Step::Acknowledged(_) => {}
    }
}

fn file_of(step: &Step) -> Option<&str> {
    match step {
        Step::Write { file, .. }
        | Step::Cut { file, .. }
        | Step::Sync { file, .. }
        | Step::Delete { file, .. } => Some(file),
        Step::Acknowledged(_) => None,
    }
}

/// The folder was synced: files that were deleted are gone.
fn named(files: &mut Files, pending: &mut BTreeMap<&str, Vec<&Step>>) {
    for (file, steps) in pending {
        if let Some(deleted) = steps.iter().rposition(|step| matches!(step, Step::Delete { .. })) {
            files.remove(*file);
            steps.drain(..=deleted);
        }
    }
}

/// The files after `steps`, when the power goes then: what was synced is there, and of what was not each write is there, or not, or
/// in some of its sectors.
pub(crate) fn crashed(before: &Files, steps: &[Step], chance: &Chance) -> Files {
    let mut files = before.clone();
    let mut pending: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        let Some(file) = file_of(step) else { continue };
        match step {
            Step::Sync { names, .. } => {
                for step in pending.remove(file).unwrap_or_default() {
                    done(&mut files, step);
                }
                // A file that is empty is there too.
                files.entry(file.to_owned()).or_default();
                if *names {
                    named(&mut files, &mut pending);
                }
            }
            Step::Delete { is_synced, .. } => {
                pending.entry(file).or_default().push(step);
                if *is_synced {
                    named(&mut files, &mut pending);
                }
            }
            _ => pending.entry(file).or_default().push(step),
        }
    }
    // How much came to the disk by itself: nothing, everything, or some.
    let mood = chance.below(6);
    for step in pending.into_values().flatten() {
        let fate = match mood {
            0 => 0,
            1 => 1,
            _ => chance.below(3),
        };
        match (fate, step) {
            (0, _) => {}
            (2, Step::Write { file, at, bytes }) => {
                torn(files.entry(file.clone()).or_default(), *at, bytes, chance);
            }
            _ => done(&mut files, step),
        }
    }
    files
}

#[test]
fn what_was_synced_is_there_and_the_rest_by_chance() {
    let file = || "log".to_owned();
    let write = |at: u64, byte: u8| Step::Write { file: file(), at, bytes: vec![byte; 1024] };
    let steps = [write(0, 1), Step::Sync { file: file(), names: false }, write(1024, 2), write(0, 3)];
    let found: std::collections::BTreeSet<Vec<u8>> = (0..200)
        .map(|seed| crashed(&Files::new(), &steps, &Chance::new(seed)).remove("log").unwrap())
        .collect();
    assert!(found.contains(&vec![1; 1024]), "nothing more");
    let whole = [vec![3; 1024], vec![2; 1024]].concat();
    assert!(found.contains(&whole), "everything");
    assert!(found.iter().any(|bytes| bytes.len() == 2048 && bytes[0] == 1), "out of order");
    assert!(found.iter().any(|bytes| bytes[0] == 3 && bytes[512] == 1), "torn");
    assert!(found.iter().all(|bytes| bytes[..1024].iter().all(|byte| [1, 3].contains(byte))), "{found:?}");
}

#[test]
fn a_file_that_was_deleted_comes_back_until_its_folder_is_synced() {
    let step = |file: &str, byte| Step::Write { file: file.to_owned(), at: 0, bytes: vec![byte; 512] };
    let sync = |file: &str, names| Step::Sync { file: file.to_owned(), names };
    let deleted = Step::Delete { file: "journal".to_owned(), is_synced: false };
    let steps = [step("journal", 1), sync("journal", false), deleted, step("log", 2), sync("log", true)];
    let comes_back = |steps: &[Step]| {
        (0..50)
            .filter(|seed| crashed(&Files::new(), steps, &Chance::new(*seed)).contains_key("journal"))
            .count()
    };
    assert!((1..50).contains(&comes_back(&steps[..4])));
    assert_eq!(comes_back(&steps), 0);
}
