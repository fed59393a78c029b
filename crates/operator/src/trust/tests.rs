use std::path::Path;

use potok_cms::chain::{Purpose, Times};
use potok_cms::pki::{Authority, Subject, TestPki, Validity};
use potok_cms::{Chain, KeyKind};
use potok_types::{Ticks, with_causes};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::verify::testing::{AT, pki};

const NOW: Ticks = Ticks::new(638_899_802_371_782_567);

fn options(folder: &Path) -> TrustOptions {
    let folders = ["trust", "lists"].map(|name| folder.join(name));
    folders.iter().for_each(|folder| std::fs::create_dir_all(folder).unwrap());
    let [certificates, revocation_lists] = folders.map(Some);
    TrustOptions { certificates, revocation_lists, ..TrustOptions::default() }
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
    let (trust, left_out) = read(&places, options.revocation_lists.as_slice()).unwrap();
    assert!(left_out.is_empty());
    assert_eq!((trust.anchors.len(), trust.intermediates.len(), trust.revocation_lists.len()), (2, 1, 1));
    assert!(read(&[], &[]).unwrap().0.anchors.is_empty());
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

/// One bad file leaves the others as they are, also when they are read again.
#[test]
fn bad_files_of_a_folder_are_left_out_and_named_with_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let (options, pki) = (options(folder.path()), pki());
    write(folder.path(), &pki);
    std::fs::write(folder.path().join("lists/old.crl"), "x").unwrap();
    std::fs::write(folder.path().join("trust/key.pem"), "-----BEGIN X-----\nAA==\n-----END X-----\n")
        .unwrap();
    let (trust, left_out) =
        read(options.certificates.as_slice(), options.revocation_lists.as_slice()).unwrap();
    assert_eq!((trust.anchors.len(), trust.intermediates.len(), trust.revocation_lists.len()), (1, 1, 1));
    let words: Vec<String> = left_out.iter().map(|error| with_causes(error)).collect();
    assert!(
        words[0].contains("key.pem is no certificate") && words[0].contains("take the file away"),
        "{words:?}"
    );
    assert!(words[1].contains("old.crl cannot be used") && words[1].contains("neither DER"), "{words:?}");

    let store = TrustStore::open(options, Trust::default(), NOW).unwrap();
    assert_eq!(store.current(NOW).revocation_lists.len(), 1);
    std::fs::write(folder.path().join("lists/authority.crl"), &pki.revocation_lists[1]).unwrap();
    assert_eq!(store.current(NOW.plus_seconds(2)).revocation_lists.len(), 2);
}

#[test]
fn what_was_named_itself_has_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    let open = |certificates: &Path| {
        let options = TrustOptions { certificates: Some(certificates.to_owned()), ..options.clone() };
        TrustStore::open(options, Trust::default(), NOW).unwrap_err().to_string()
    };
    let error = open(&folder.path().join("missing"));
    assert!(error.contains("missing cannot be read") && error.contains("give an existing folder"), "{error}");
    let named = folder.path().join("root.pem");
    std::fs::write(&named, "no certificate").unwrap();
    assert!(open(&named).contains("root.pem is no certificate"));
}

#[test]
fn authorities_without_a_current_list_are_told_of_when_it_runs_out() {
    let folder = tempfile::tempdir().unwrap();
    let (options, pki) = (options(folder.path()), pki());
    write(folder.path(), &pki);
    let now = Ticks::from_unix_seconds(AT.0);
    let store = TrustStore::open(options, Trust::default(), now).unwrap();
    let authority = ListGap {
        authority: "Тестовый удостоверяющий центр".to_owned(), due: None
    };
    assert_eq!(store.gaps(), BTreeSet::from([authority.clone()]));
    assert!(authority.to_string().contains("there is no revocation list of Тестовый"));

    let brief = Validity::days(AT, 1);
    let list = pki.authority.revocation_list(&[], 2, brief).unwrap();
    std::fs::write(folder.path().join("lists/authority.crl"), list).unwrap();
    store.current(now.plus_seconds(10));
    assert!(store.gaps().is_empty());
    store.current(now.plus_seconds(2 * 86_400));
    let due = ListGap { due: Some(brief.to.0), ..authority };
    assert_eq!(store.gaps(), BTreeSet::from([due.clone()]));
    assert!(due.to_string().ends_with(&format!("is out of date since {}", brief.to)), "{due}");
}

#[test]
fn the_test_authority_counts_for_tests_only() {
    let folder = tempfile::tempdir().unwrap();
    let (options, tests) = (options(folder.path()), pki());
    let validity = Validity::days(AT, 1);
    let mut random = StdRng::seed_from_u64(7);
    let real = Authority::root(&Subject::common_name("Настоящий"), KeyKind::P256, validity, &mut random);
    let real = real.unwrap().certificate().clone();
    let store = TrustStore::open(options, tests.trust(), NOW).unwrap();
    assert!(store.is_empty(), "the test authority is not what is trusted");
    assert_eq!(store.current_of_tests(NOW).anchors, [tests.root.certificate().clone()]);
    std::fs::write(folder.path().join("trust/real.pem"), real.to_pem()).unwrap();
    let later = NOW.plus_seconds(1);
    assert_eq!(store.current_of_tests(later).anchors, [real.clone(), tests.root.certificate().clone()]);
    assert_eq!(store.current(later).anchors, [real]);
    assert!(
        store.current(later).intermediates.is_empty() && store.current(later).revocation_lists.is_empty()
    );
}

#[test]
fn lists_are_required_when_the_settings_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let (options, pki) = (options(folder.path()), pki());
    write(folder.path(), &pki);
    for (revocation, lists) in
        [(RevocationPolicy::IfAvailable, 1), (RevocationPolicy::Required, 1), (RevocationPolicy::Required, 2)]
    {
        if lists == 2 {
            std::fs::write(folder.path().join("lists/authority.crl"), &pki.revocation_lists[1]).unwrap();
        }
        let options = TrustOptions { revocation, ..options.clone() };
        let trust = TrustStore::open(options, Trust::default(), NOW).unwrap().current(NOW);
        let (signer, at) = (&pki.people[0][0].certificate, Times::at(AT));
        let chain = Chain::build(signer, &[], &trust, at, Purpose::Signature);
        let expected = revocation == RevocationPolicy::IfAvailable || lists == 2;
        assert_eq!(chain.is_valid(), expected, "{revocation:?} {lists}");
    }
}
