//! Between the bare numbers that tokens work with and the structures of signatures.

use crate::asn1;
use crate::digest::DigestAlgorithm;

/// What RSA by PKCS#1 v1.5 pads and signs: the digest with its name (DigestInfo of RFC 8017).
pub fn rsa_digest_info(algorithm: DigestAlgorithm, digest: &[u8]) -> Vec<u8> {
    let name = asn1::algorithm(algorithm.oid(), &asn1::tlv(asn1::NULL, &[]));
    asn1::sequence(&[&name, &asn1::tlv(asn1::OCTET_STRING, &[digest])])
}

/// An ECDSA signature of r and s, each half as long, as the DER structure of both.
pub fn ecdsa_to_der(numbers: &[u8]) -> Vec<u8> {
    let (r, s) = numbers.split_at(numbers.len() / 2);
    asn1::sequence(&[&asn1::unsigned(r), &asn1::unsigned(s)])
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::hazmat::PrehashSigner;

    use super::*;
    use crate::key::{KeyKind, PrivateKey, SignatureAlgorithm};
    use crate::test_data::random;

    #[test]
    fn bare_numbers_become_a_signature_that_verifies() {
        let PrivateKey::P256(key) = PrivateKey::generate(KeyKind::P256, &mut random()).unwrap() else {
            panic!("a key of another kind")
        };
        let digest = DigestAlgorithm::Sha256.digest(b"document");
        let signature: p256::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
        let der = ecdsa_to_der(&signature.to_bytes());
        let public = PrivateKey::P256(key).public_key();
        assert!(public.verify(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256), &digest, &der));
    }

    #[test]
    fn a_digest_is_named_as_the_standard_writes_it() {
        let info = rsa_digest_info(DigestAlgorithm::Sha256, &[7; 32]);
        // The prefix of RFC 8017 §9.2.
        let prefix = crate::test_data::hex("3031300d060960864801650304020105000420");
        assert_eq!(info, [&prefix[..], &[7; 32]].concat());
    }
}
