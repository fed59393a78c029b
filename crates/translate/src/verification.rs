//! What the check of a signature found.

use bytes::Bytes;
use potok_domain::{Check, EntityState, Verification};
use potok_types::ContentRef;
use potok_wire::proto;
use potok_wire::proto::{
    CertificateChainElement, CertificateVerificationResult, SignatureVerificationResult,
};

use crate::docflow::timestamp;

/// The content of a `SignatureVerificationReport` of the recipient of an encrypted document: nothing but the result.
pub fn verification_report(is_valid: bool) -> Bytes {
    let report = SignatureVerificationResult { is_valid, ..SignatureVerificationResult::default() };
    potok_wire::encode_protobuf(&report).into()
}

/// The content of a `SignatureVerificationReport` of the operator. `certificates` are those of the chain, in its order.
pub fn operator_report(verification: &Verification, certificates: &[Bytes]) -> Bytes {
    let mut certificates = certificates.iter();
    let report = as_verified(verification, |_| certificates.next().cloned());
    potok_wire::encode_protobuf(&report).into()
}

/// What is known about the check of `signature`; `None` before it. `load` gives certificates and is asked for all of them.
pub fn verification_result(
    signature: &EntityState,
    load: impl FnMut(&ContentRef) -> Option<Bytes>,
) -> Option<SignatureVerificationResult> {
    match (&signature.verification, signature.check) {
        (_, Check::Unchecked) => None,
        (Some(verification), _) => Some(as_verified(verification, load)),
        (None, check) => Some(SignatureVerificationResult {
            is_valid: check == Check::Valid,
            ..SignatureVerificationResult::default()
        }),
    }
}

/// `IsValid` speaks of signature and content alone: what the certificate is worth is said beside it.
fn as_verified(
    verification: &Verification,
    mut load: impl FnMut(&ContentRef) -> Option<Bytes>,
) -> SignatureVerificationResult {
    let Verification { at, is_of_content, proven_at, chain } = verification;
    let elements: Vec<Option<CertificateChainElement>> = chain
        .iter()
        .map(|link| {
            let der_certificate = load(&link.certificate)?;
            let flags = i32::from_ne_bytes(link.faults.to_ne_bytes());
            Some(CertificateChainElement { certificate_chain_status_flags: flags, der_certificate })
        })
        .collect();
    let status = CertificateVerificationResult {
        is_valid: verification.is_chain_valid(),
        // A chain with a hole would look like another chain.
        certificate_chain: elements.into_iter().collect::<Option<_>>().unwrap_or_default(),
        verification_time: timestamp(*at),
    };
    SignatureVerificationResult {
        is_valid: *is_of_content,
        certificate_status: (!chain.is_empty()).then_some(status),
        signature_timestamp: proven_at.map(|at: potok_types::Ticks| -> proto::Timestamp { timestamp(at) }),
    }
}

#[cfg(test)]
mod tests {
    use potok_domain::CertificateChecked;
    use potok_types::Ticks;
    use potok_wire::decode_protobuf;

    use super::*;

    fn verification(faults: u32) -> Verification {
        let link = |bytes: &[u8], faults| CertificateChecked { certificate: ContentRef::of(bytes), faults };
        Verification {
            at: Ticks::new(2),
            is_of_content: true,
            proven_at: Some(Ticks::new(1)),
            chain: vec![link(b"signer", faults), link(b"root", 0)],
        }
    }

    #[test]
    fn a_report_says_whether_the_signature_is_good() {
        for is_valid in [false, true] {
            let report: SignatureVerificationResult = decode_protobuf(verification_report(is_valid)).unwrap();
            assert_eq!(report, SignatureVerificationResult { is_valid, ..Default::default() });
        }
    }

    #[test]
    fn the_operator_tells_the_chain_with_its_faults() {
        let certificates = [Bytes::from_static(b"signer"), Bytes::from_static(b"root")];
        // The highest bit is a flag too.
        for (faults, is_valid) in [(0, true), (1, false), (1 << 31, false)] {
            let bytes = operator_report(&verification(faults), &certificates);
            let report: SignatureVerificationResult = decode_protobuf(bytes).unwrap();
            assert!(report.is_valid, "the content is the signed one");
            assert_eq!(report.signature_timestamp.map(|at| at.ticks), Some(1));
            let status = report.certificate_status.unwrap();
            assert_eq!((status.is_valid, status.verification_time.ticks), (is_valid, 2));
            let chain: Vec<_> = status
                .certificate_chain
                .iter()
                .map(|link| (link.certificate_chain_status_flags, link.der_certificate.clone()))
                .collect();
            let [signer, root] = certificates.clone();
            assert_eq!(chain, [(i32::from_ne_bytes(faults.to_ne_bytes()), signer), (0, root)]);
        }
    }

    #[test]
    fn a_chain_comes_whole_or_not_at_all() {
        let mut asked = 0;
        let result = as_verified(&verification(4), |content| {
            asked += 1;
            (*content == ContentRef::of(b"root")).then(|| Bytes::from_static(b"root"))
        });
        let status = result.certificate_status.unwrap();
        assert!(status.certificate_chain.is_empty() && !status.is_valid);
        assert_eq!(asked, 2, "both passes of a plan ask for all");
        let nobody = Verification { chain: Vec::new(), is_of_content: false, ..verification(0) };
        assert_eq!(as_verified(&nobody, |_| None).certificate_status, None);
    }
}
