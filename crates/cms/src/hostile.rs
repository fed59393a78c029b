//! Seeded mutations of everything that comes from strangers: an answer is given, and nothing panics. The fuzz target
//! `signed_data` does the same without end.

use rand::rngs::StdRng;
use rand::{Rng, RngExt};

use crate::certificate::Certificate;
use crate::chain::Trust;
use crate::digest::{Content, DigestAlgorithm};
use crate::doctor;
use crate::enveloped_data::{EnvelopedData, encrypt};
use crate::key::{KeyKind, KeyStore, PrivateKey};
use crate::pki::{Role, Validity};
use crate::revocation::{Revocation, RevocationList};
use crate::sign::sign;
use crate::signed_data::{Language, SignedData};
use crate::test_data::{KINDS, NOW, Pki, random};
use crate::tsa;

const DOCUMENT: &[u8] = b"document";
const ROUNDS: usize = 8_000;

/// Changes, adds, removes and doubles a few bytes.
fn mutate(sample: &[u8], random: &mut StdRng) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..random.random_range(1..6) {
        let at = random.random_range(0..bytes.len());
        let byte = random.next_u32().to_le_bytes()[0];
        match random.random_range(0..6) {
            0 => bytes[at] = byte,
            1 => bytes[at] ^= 1 << (byte % 8),
            2 if bytes.len() > 1 => {
                bytes.remove(at);
            }
            3 => bytes.insert(at, byte),
            4 => bytes.truncate(at.max(1)),
            _ => {
                let end = (at + random.random_range(1..40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// Mutates samples and counts how many of them `read` still reads: a test that reads none looks at nothing.
fn survive(samples: &[Vec<u8>], mut read: impl FnMut(&[u8]) -> bool) {
    let mut random = random();
    let count =
        (0..ROUNDS).filter(|round| read(&mutate(&samples[round % samples.len()], &mut random))).count();
    assert!(count > ROUNDS / 100, "only {count} mutants were readable");
}

fn infrastructures() -> [Pki; 2] {
    [KeyKind::P256, KINDS[0]].map(Pki::new)
}

#[test]
fn signatures_are_survived() {
    let mut samples = Vec::new();
    for pki in infrastructures() {
        let signature =
            sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &pki.signer.key, NOW).unwrap();
        let stamper = pki.issue(Role::TimeStamping, Validity::days(NOW, 1));
        let value = SignedData::parse(&signature).unwrap().signers()[0].signature().to_vec();
        let request = tsa::request(&value, DigestAlgorithm::Sha256, [1; 8]);
        let token = tsa::token(&tsa::respond(&request, &stamper, NOW, 1).unwrap()).unwrap();
        samples.push(tsa::strengthen(&signature, &token).unwrap());
        samples.push(signature);
    }
    survive(&samples, |bytes| {
        // The doctor reads what is refused too.
        if let Some(cause) = doctor::diagnose(bytes, DOCUMENT, &mut doctor::Effort::unlimited()) {
            assert!(!cause.text(Language::Russian).is_empty());
        }
        let Ok(signed) = SignedData::parse(bytes) else { return false };
        let trust = Trust {
            anchors: signed.certificates().to_vec(),
            intermediates: signed.certificates().to_vec(),
            ..Trust::default()
        };
        let verification = signed.verify(Content::Bytes(DOCUMENT), NOW, &trust);
        for problem in verification.signers.iter().flat_map(|signer| &signer.problems) {
            assert!(
                !problem.text(Language::Russian).is_empty() && !problem.text(Language::English).is_empty()
            );
        }
        let again = SignedData::parse(signed.as_der()).expect("what was read can be read again");
        assert_eq!(again.as_der(), signed.as_der());
        true
    });
}

#[test]
fn certificates_and_revocation_lists_are_survived() {
    let pkis = infrastructures();
    let certificates: Vec<Vec<u8>> =
        pkis.iter().map(|pki| pki.signer.certificate.as_der().to_vec()).collect();
    survive(&certificates, |bytes| {
        let Ok(certificate) = Certificate::parse(bytes) else { return false };
        let _ = (certificate.subject().to_string(), certificate.subject().kind(), certificate.serial_hex());
        !certificate.key().name().is_empty()
    });
    let lists: Vec<Vec<u8>> = pkis
        .iter()
        .map(|pki| {
            let revoked = [(pki.signer.certificate.clone(), Revocation { time: NOW, reason: 1 })];
            pki.authority.revocation_list(&revoked, 1, Validity::days(NOW, 7)).unwrap()
        })
        .collect();
    survive(&lists, |bytes| {
        RevocationList::parse(bytes).is_ok_and(|list| !list.is_issued_by(&pkis[0].signer.certificate))
    });
}

#[test]
fn keys_requests_and_answers_are_survived() {
    let pki = Pki::p256();
    let keys: Vec<Vec<u8>> =
        KINDS.map(|kind| PrivateKey::generate(kind, &mut random()).unwrap().to_pkcs8_der().to_vec()).to_vec();
    survive(&keys, |bytes| PrivateKey::parse(bytes).is_ok() | KeyStore::parse(bytes, Some("")).is_ok());

    let stamper = pki.issue(Role::TimeStamping, Validity::days(NOW, 1));
    let request = tsa::request(DOCUMENT, DigestAlgorithm::Sha256, [1; 8]);
    let response = tsa::respond(&request, &stamper, NOW, 1).unwrap();
    let token = tsa::token(&response).unwrap();
    survive(&[request], |bytes| tsa::respond(bytes, &stamper, NOW, 1).is_ok());
    survive(&[response], |bytes| tsa::token(bytes).is_ok());
    let signature =
        sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &pki.signer.key, NOW).unwrap();
    survive(&[signature], |bytes| tsa::strengthen(bytes, &token).is_ok());
}

#[test]
fn encrypted_contents_are_survived() {
    let recipients = KINDS.map(|kind| Pki::new(kind).signer);
    let sealed = recipients.each_ref().map(|one| encrypt(DOCUMENT, &one.certificate, &mut random()).unwrap());
    let mut rounds = 0;
    survive(&sealed, |bytes| {
        let Ok(enveloped) = EnvelopedData::parse(bytes) else { return false };
        // Opening costs a private operation: every tenth of them.
        rounds += 1;
        if rounds % 10 == 0 {
            for one in &recipients {
                let _answer = enveloped.decrypt(&one.certificate, &one.key);
            }
        }
        true
    });
}
