//! Packages of strangers: bounds hold, nothing panics, nothing is believed.

use potok_cms::{Trust, UnixTime};
use potok_evidence::{Draft, FileKind, FileNote, MANIFEST, Manifest, Outcome, Time, verify};
use potok_zip::Archive;
use proptest::prelude::*;

use crate::package::NOW;

fn outcome(bytes: &[u8]) -> Outcome {
    verify(bytes, &Trust::default(), UnixTime(NOW.0)).outcome()
}

fn archive(manifest: &[u8]) -> Vec<u8> {
    let mut archive = Archive::new(Time { year: 2026, month: 1, day: 1, ..Time::default() });
    archive.add(MANIFEST, manifest).expect("there is room");
    archive.finish()
}

#[test]
fn manifests_that_are_none_are_refused() {
    let good =
        Manifest { format: Manifest::FORMAT.to_owned(), version: Manifest::VERSION, ..Manifest::default() };
    assert_eq!(Manifest::parse(&good.to_bytes()), Some(good.clone()));
    for bad in [
        b"".to_vec(),
        b"[".repeat(100_000),
        Manifest { version: 2, ..good.clone() }.to_bytes(),
        Manifest { format: "other".to_owned(), ..good.clone() }.to_bytes(),
        String::from_utf8(good.to_bytes()).expect("UTF-8").replacen('{', "{\"more\":1,", 1).into_bytes(),
    ] {
        assert_eq!(Manifest::parse(&bad), None);
        assert_eq!(outcome(&archive(&bad)), Outcome::Broken);
    }
    // One that describes nothing is signed by nobody.
    assert_eq!(outcome(&archive(&good.to_bytes())), Outcome::Broken);
}

#[test]
fn thousands_of_files_and_signatures_are_looked_at_once() {
    let mut draft = Draft::new(Manifest::default(), Time { year: 2026, month: 1, day: 1, ..Time::default() });
    let big = vec![b'a'; 8 << 20];
    draft.add("big", &big, FileNote::of(FileKind::Document)).expect("there is room");
    for nth in 0..5_000_u32 {
        let name = draft
            .add(&format!("s{nth}"), &nth.to_le_bytes(), FileNote::of(FileKind::Signature))
            .expect("there is room");
        draft.manifest.signatures.push(potok_evidence::SignatureNote {
            file: name,
            of: "big".to_owned(),
            box_id: String::new(),
            organization: String::new(),
            at: String::new(),
            verdict: potok_evidence::Verdict::Valid,
            chain: Vec::new(),
        });
    }
    let bytes = draft.seal().finish(b"none").expect("there is room");
    assert_eq!(outcome(&bytes), Outcome::Broken);
}

proptest! {
    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..300), manifest in "\\PC{0,300}") {
        prop_assert_eq!(outcome(&bytes), Outcome::Broken);
        prop_assert_eq!(outcome(&archive(manifest.as_bytes())), Outcome::Broken);
    }
}
