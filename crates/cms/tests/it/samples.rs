//! Signatures made elsewhere, once, by programs that are not at hand.

use potok_cms::{Certificate, Content, Problem, SignedData, StatusFlags, Trust, UnixTime, verify};

const SAMPLES: [(&[u8], &[u8]); 2] = [
    (include_bytes!("../../testdata/utd970_title0.xml"), include_bytes!("../../testdata/utd970_title0.p7s")),
    (include_bytes!("../../testdata/utd970_title1.xml"), include_bytes!("../../testdata/utd970_title1.p7s")),
];

/// 2026-12-01.
const AT: UnixTime = UnixTime(1_796_083_200);

fn signer() -> Certificate {
    SignedData::parse(SAMPLES[0].1).unwrap().signer_certificate().unwrap().clone()
}

#[test]
fn signatures_of_transfer_documents_verify_and_are_not_interchangeable() {
    let trust = Trust { anchors: vec![signer()], ..Trust::default() };
    for (index, (document, signature)) in SAMPLES.iter().enumerate() {
        let verification = verify(signature, Content::Bytes(document), AT, &trust).unwrap();
        assert_eq!(verification.first().problems, [], "title {index}");
        assert!(verification.is_valid());
        assert!(verification.first().is_cades);

        let (_, other) = SAMPLES[1 - index];
        let verification = verify(other, Content::Bytes(document), AT, &trust).unwrap();
        assert_eq!(verification.first().problems, [Problem::DigestMismatch], "title {index}");
    }
}

#[test]
fn a_signature_by_somebody_unknown_is_of_the_content_and_not_valid() {
    let (document, signature) = SAMPLES[0];
    let verification = verify(signature, Content::Bytes(document), AT, &Trust::default()).unwrap();
    assert_eq!(verification.first().problems, [Problem::Chain(StatusFlags::UNTRUSTED_ROOT)]);
    assert!(verification.is_signature_of_content() && !verification.is_valid());
    assert_eq!(
        verification.first().certificate.as_ref().unwrap().subject().to_string(),
        signer().subject().to_string()
    );
}
