//! What the operator says about a signature.

use bytes::Bytes;
use potok_wire::proto::SignatureVerificationResult;

/// The content of a `SignatureVerificationReport`: the result of the check as protobuf. The fields about the
/// certificate are left out until certificates are checked.
pub fn verification_report(is_valid: bool) -> Bytes {
    let report = SignatureVerificationResult { is_valid, ..SignatureVerificationResult::default() };
    potok_wire::encode_protobuf(&report).into()
}
