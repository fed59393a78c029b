//! Marked test signatures: what `SignWithTestSignature` makes. Anybody can see that they are no signatures.

use bytes::Bytes;
use potok_types::{BoxId, ContentRef};

const MARK: &str = "POTOK TEST SIGNATURE, WITHOUT LEGAL FORCE";

/// The test signature of `signer` over `signed`.
pub(crate) fn make(signer: BoxId, signed: ContentRef) -> Bytes {
    format!("{MARK}\nsigner: {signer}\nsha256: {}\nsize: {}\n", signed.hash, signed.size_bytes).into()
}

/// Whether a marked test signature names the bytes `signed`; `None` when it is not marked.
pub(crate) fn is_good(signature: &[u8], signed: ContentRef) -> Option<bool> {
    let text = std::str::from_utf8(signature).ok()?.strip_prefix(MARK)?;
    Some(text.contains(&format!("\nsha256: {}\nsize: {}\n", signed.hash, signed.size_bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_signature_is_bound_to_its_bytes() {
        let signed = ContentRef::of(b"contract");
        let signature = make(BoxId::ZERO, signed);
        assert_eq!(is_good(&signature, signed), Some(true));
        assert_eq!(is_good(&signature, ContentRef::of(b"another")), Some(false));
        assert_eq!(is_good(b"0\x80 some CMS", signed), None);
    }
}
