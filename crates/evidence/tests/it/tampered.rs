//! Whatever is changed in a package is found.

use std::sync::LazyLock;

use potok_cms::{SignedData, UnixTime};
use potok_evidence::{LIMITS, MANIFEST_SIGNATURE, Outcome, verify};
use potok_zip::{Archive, Time, Unpacked, unpack};
use proptest::prelude::*;

use crate::package::{Made, NOW, Wishes, package, root};

static MADE: LazyLock<Made> = LazyLock::new(|| package(&Wishes::default()));

fn outcome(bytes: &[u8]) -> Outcome {
    verify(bytes, &root(&MADE), UnixTime(NOW.0 + 1)).outcome()
}

fn files() -> Vec<Unpacked> {
    unpack(&MADE.bytes, &LIMITS).expect("it is ours")
}

fn packed<'a>(files: impl IntoIterator<Item = &'a Unpacked>) -> Vec<u8> {
    let mut archive = Archive::new(Time { year: 2026, month: 2, day: 1, ..Time::default() });
    for file in files {
        archive.add(&file.name, &file.content).expect("there is room");
    }
    archive.finish()
}

#[test]
fn the_same_files_packed_again_are_proven() {
    assert_eq!(outcome(&packed(&files())), Outcome::Proven);
}

#[test]
fn a_file_that_was_taken_away_or_added_or_renamed_is_missed() {
    let files = files();
    for at in 0..files.len() {
        let without = files.iter().enumerate().filter(|(nth, _)| *nth != at).map(|(_, file)| file);
        assert_eq!(outcome(&packed(without)), Outcome::Broken, "{}", files[at].name);
        let mut renamed = files.clone();
        renamed[at].name.push('x');
        assert_eq!(outcome(&packed(&renamed)), Outcome::Broken, "{}", files[at].name);
    }
    let mut more = files.clone();
    more.push(Unpacked { name: "ещё.txt".to_owned(), content: Vec::new() });
    assert_eq!(outcome(&packed(&more)), Outcome::Broken);
    // Two files that change places.
    let mut exchanged = files;
    let content = std::mem::take(&mut exchanged[0].content);
    exchanged[0].content = std::mem::replace(&mut exchanged[1].content, content);
    assert_eq!(outcome(&packed(&exchanged)), Outcome::Broken);
}

#[test]
fn an_empty_archive_and_no_archive_prove_nothing() {
    assert_eq!(outcome(&packed([])), Outcome::Broken);
    assert_eq!(outcome(b""), Outcome::Broken);
    assert_eq!(outcome(b"PK"), Outcome::Broken);
}

/// Whether a signature says nothing else than that of the package.
fn is_the_same(changed: &[u8]) -> bool {
    let files = files();
    let signature = files.iter().find(|file| file.name == MANIFEST_SIGNATURE).expect("it is there");
    let said = |bytes: &[u8]| {
        let read = SignedData::parse(bytes).expect("it was read");
        let certificates: Vec<Vec<u8>> =
            read.certificates().iter().map(|one| one.as_der().to_vec()).collect();
        let signers = read.signers().iter().map(|signer| (signer.id().clone(), signer.signing_time()));
        (signers.collect::<Vec<_>>(), certificates)
    };
    said(changed) == said(&signature.content)
}

/// Readers of signatures leave out certificates of kinds that they do not know, so one could be hidden by a change of its tag.
#[test]
fn a_certificate_that_is_made_one_of_another_kind_is_missed() {
    let files = files();
    let at = files.iter().position(|file| file.name == MANIFEST_SIGNATURE).expect("it is there");
    let signature = &files[at].content;
    let certificates = SignedData::parse(signature).expect("it is ours").certificates().to_vec();
    for certificate in certificates {
        let der = certificate.as_der();
        let place = signature.windows(der.len()).position(|bytes| bytes == der).expect("it is inside");
        for tag in [0x31, 0xA0, 0xA1, 0xA3] {
            let mut files = files.clone();
            files[at].content[place] = tag;
            assert_ne!(outcome(&packed(&files)), Outcome::Proven, "{tag:#x}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any byte of any file, packed again as if nothing had happened.
    #[test]
    fn a_changed_byte_of_a_file_is_found(file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut files = files();
        let which = file.index(files.len());
        let changed = &mut files[which];
        let at = at.index(changed.content.len());
        changed.content[at] ^= flip;
        let outcome = outcome(&packed(&files));
        if files[which].name == MANIFEST_SIGNATURE {
            // No digest covers it: what nobody signed in a signature, and is no certificate, names versions and algorithms.
            prop_assert!(outcome != Outcome::Proven || is_the_same(&files[which].content), "at {at}");
        } else {
            prop_assert_eq!(outcome, Outcome::Broken, "{} at {}", files[which].name, at);
        }
    }

    /// Any byte of the archive itself: it is found, or the files are the same.
    #[test]
    fn a_changed_byte_of_the_archive_is_found(at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let mut bytes = MADE.bytes.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let is_same = unpack(&bytes, &LIMITS).is_ok_and(|read| read == files());
        prop_assert!(is_same || outcome(&bytes) != Outcome::Proven, "byte {at}");
    }
}
