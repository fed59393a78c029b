mod arbitrary;
mod samples;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/journal")
}

proptest! {
    #[test]
    fn an_event_is_read_as_it_was_written(event in arbitrary::event()) {
        prop_assert_eq!(decode_event(&encode_event(&event)).expect("just written"), event);
    }

    /// What is not named may be taken away: a place for contents that `Event::contents` does not know would lose documents.
    #[test]
    fn every_content_of_an_event_is_named(event in arbitrary::event()) {
        let told = format!("{event:?}");
        let told: BTreeSet<&str> =
            told.split("ContentHash(").skip(1).map(|rest| rest.split_once(')').expect("closed").0).collect();
        let named: BTreeSet<String> = event.contents().map(|content| content.hash.to_string()).collect();
        prop_assert_eq!(told, named.iter().map(String::as_str).collect());
    }

    #[test]
    fn bytes_that_are_no_event_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut with_version = vec![0, 1];
        with_version.extend_from_slice(&bytes);
        let _ = decode_event(&bytes);
        let _ = decode_event(&with_version);
    }
}

/// Every sample that was ever written is still read, as the event that it was. To add one: give it a name in
/// `samples.rs` and run the test with `POTOK_WRITE_SAMPLES=1`, which writes the files that are missing.
#[test]
fn every_sample_ever_written_is_read() {
    if std::env::var_os("POTOK_WRITE_SAMPLES").is_some() {
        write_missing_samples();
    }
    let mut read = BTreeSet::new();
    for version in std::fs::read_dir(folder()).expect("the samples are there") {
        let version = version.expect("readable").path();
        for file in std::fs::read_dir(&version).expect("readable") {
            let path = file.expect("readable").path();
            let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
            let Some(expected) = samples::by_name(&name) else { panic!("nothing is known of {path:?}") };
            let bytes = std::fs::read(&path).expect("readable");
            let event = decode_event(&bytes).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            assert_eq!(event, expected, "{path:?}");
            read.insert(name);
        }
    }
    let known: BTreeSet<_> = samples::all().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(read, known, "each known sample has a file");
}

fn write_missing_samples() {
    let folder = folder().join(format!("v{}", <Newest as Stored>::VERSION));
    std::fs::create_dir_all(&folder).expect("writable");
    for (name, event) in samples::all() {
        let path = folder.join(name).with_extension("bin");
        if !path.exists() {
            std::fs::write(path, encode_event(&event)).expect("writable");
        }
    }
}

fn sample() -> (Event, Vec<u8>) {
    let (_, event) = samples::all().swap_remove(0);
    let bytes = encode_event(&event);
    (event, bytes)
}

#[test]
fn a_cut_event_is_damaged_wherever_it_was_cut() {
    let (_, bytes) = sample();
    assert!(matches!(decode_event(&[]), Err(StoredFormError::NoVersion { len: 0 })));
    assert!(matches!(decode_event(&bytes[..1]), Err(StoredFormError::NoVersion { len: 1 })));
    for len in 2..bytes.len() {
        assert!(matches!(decode_event(&bytes[..len]), Err(StoredFormError::Damaged(_))), "cut to {len}");
    }
}

#[test]
fn bytes_behind_an_event_are_damage() {
    let (_, mut bytes) = sample();
    bytes.push(0);
    assert!(matches!(decode_event(&bytes), Err(StoredFormError::Damaged(_))));
}

#[test]
fn an_event_of_a_newer_version_is_refused_by_name() {
    let (_, mut bytes) = sample();
    bytes[..2].copy_from_slice(&7_u16.to_be_bytes());
    let refused = decode_event(&bytes).expect_err("nobody can know version 7 yet");
    assert!(matches!(refused, StoredFormError::UnknownVersion { version: 7, .. }), "{refused}");
}

#[test]
fn a_field_added_by_a_newer_program_is_passed_over() {
    let (event, mut bytes) = sample();
    // An event is an array of four fields; a fifth one, the number 7, stands for what is still to be invented.
    assert_eq!(bytes[2], 0x84);
    bytes[2] = 0x85;
    bytes.push(7);
    assert_eq!(decode_event(&bytes).expect("the rest is known"), event);
}

#[test]
fn a_kind_added_by_a_newer_program_is_refused_and_not_guessed() {
    let event = samples::by_name("patched_receipt").expect("it is listed");
    let bytes = encode_event(&event);
    // `[2, [[2, []]]]`: the entity is a service record, and that is a receipt.
    let receipt = [0x82, 0x02, 0x81, 0x82, 0x02, 0x80];
    let at = bytes.windows(receipt.len()).position(|window| window == receipt).expect("it holds a receipt");

    for place in [at + 4, at + 1] {
        let mut bytes = bytes.clone();
        // 99, in two bytes.
        bytes.splice(place..=place, [0x18, 99]);
        let refused = decode_event(&bytes).expect_err("there is no kind 99");
        assert!(
            matches!(&refused, StoredFormError::UnknownKind { what } if what.contains("99")),
            "{refused}"
        );
    }
}
