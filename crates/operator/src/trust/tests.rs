use std::path::Path;

use potok_cms::pki::{Authority, Subject, TestPki, Validity};
use potok_cms::{KeyKind, UnixTime};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::ticks;
use crate::verify::testing::{AT, pki};

const NOW: Ticks = Ticks::new(638_899_802_371_782_567);

fn options(folder: &Path) -> TrustOptions {
    let folders = ["trust", "lists"].map(|name| folder.join(name));
    folders.iter().for_each(|folder| std::fs::create_dir_all(folder).unwrap());
    let [certificates, revocation_lists] = folders.map(Some);
    TrustOptions { certificates, revocation_lists }
}

fn write(folder: &Path, pki: &TestPki) {
    let bundle = format!("{}{}", pki.root.certificate().to_pem(), pki.authority.certificate().to_pem());
    std::fs::write(folder.join("trust/bundle.pem"), bundle).unwrap();
    std::fs::write(folder.join("lists/root.crl"), &pki.revocation_lists[0]).unwrap();
}

#[test]
fn roots_authorities_and_lists_are_told_apart_and_other_files_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (options, pki) = (options(folder.path()), pki());
    write(folder.path(), &pki);
    std::fs::write(folder.path().join("trust/README.txt"), "about").unwrap();
    std::fs::write(folder.path().join("trust/same.CER"), pki.root.certificate().as_der()).unwrap();
    let trust = TrustStore::open(options, Trust::default(), NOW).unwrap().current(NOW);
    assert_eq!(trust.anchors, [pki.root.certificate().clone(), pki.root.certificate().clone()]);
    assert_eq!(trust.intermediates, [pki.authority.certificate().clone()]);
    assert_eq!(trust.revocation_lists.len(), 1);
}

#[test]
fn files_and_folders_are_read_together() {
    let folder = tempfile::tempdir().unwrap();
    let (options, pki) = (options(folder.path()), pki());
    write(folder.path(), &pki);
    let alone = folder.path().join("of any name");
    std::fs::write(&alone, pki.root.certificate().as_der()).unwrap();
    let places = [alone, options.certificates.unwrap()];
    let trust = read(&places, options.revocation_lists.as_slice()).unwrap();
    assert_eq!((trust.anchors.len(), trust.intermediates.len(), trust.revocation_lists.len()), (2, 1, 1));
    assert!(read(&[], &[]).unwrap().anchors.is_empty());
}

#[test]
fn files_that_change_are_read_again_and_broken_ones_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (options, pki) = (options(folder.path()), pki());
    let store = TrustStore::open(options, Trust::default(), NOW).unwrap();
    assert!(store.is_empty());
    write(folder.path(), &pki);
    assert!(store.current(NOW).anchors.is_empty(), "it is not looked at that often");
    let later = NOW.plus_seconds(1);
    assert_eq!(store.current(later).anchors.len(), 1);
    std::fs::write(folder.path().join("trust/new.pem"), "no certificate").unwrap();
    let later = later.plus_seconds(1);
    assert_eq!(store.current(later).anchors.len(), 1, "what was read before is kept");
    let validity = Validity::days(AT, 1);
    let mut random = StdRng::seed_from_u64(7);
    let other = Authority::root(&Subject::common_name("Другой"), KeyKind::P256, validity, &mut random);
    std::fs::write(folder.path().join("trust/new.pem"), other.unwrap().certificate().to_pem()).unwrap();
    assert_eq!(store.current(later.plus_seconds(1)).anchors.len(), 2);
}

#[test]
fn what_is_in_the_way_is_named_with_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let open = |options: &TrustOptions| {
        TrustStore::open(options.clone(), Trust::default(), ticks(UnixTime(0))).unwrap_err().to_string()
    };
    std::fs::write(folder.path().join("lists/old.crl"), "x").unwrap();
    let error = open(&options);
    assert!(
        error.contains("old.crl is no revocation list") && error.contains("take the file away"),
        "{error}"
    );
    std::fs::write(folder.path().join("trust/key.pem"), "-----BEGIN X-----\nAA==\n-----END X-----\n")
        .unwrap();
    let error = open(&options);
    assert!(error.contains("key.pem is no certificate"), "{error}");
    let missing = TrustOptions { certificates: Some(folder.path().join("missing")), ..options };
    let error = open(&missing);
    assert!(error.contains("missing cannot be read") && error.contains("give an existing folder"), "{error}");
}
