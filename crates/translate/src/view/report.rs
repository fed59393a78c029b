//! What the operator says about a signature.

use bytes::Bytes;
use potok_wire::proto::SignatureVerificationResult;

/// The content of a `SignatureVerificationReport`: the result of the check as protobuf. The fields about the
/// certificate are left out until certificates are checked.
pub fn verification_report(is_valid: bool) -> Bytes {
    let report = SignatureVerificationResult { is_valid, ..SignatureVerificationResult::default() };
    potok_wire::encode_protobuf(&report).into()
}

#[cfg(test)]
mod tests {
    use potok_wire::decode_protobuf;
    use potok_wire::proto::SignatureVerificationResult;

    #[test]
    fn a_report_says_whether_the_signature_is_good() {
        for is_valid in [false, true] {
            let bytes = super::verification_report(is_valid);
            let report: SignatureVerificationResult = decode_protobuf(bytes).unwrap();
            assert_eq!(report, SignatureVerificationResult { is_valid, ..Default::default() });
        }
    }
}
