//! What others need to judge a signature.

use bytes::Bytes;
use potok_cms::chain::{Purpose, Times};
use potok_cms::{Certificate, Chain, RevocationList, SignedData, Trust, UnixTime};
use potok_seams::SignatureEvidence;

/// The certificates of a signature with those above them, and the revocation lists of `trust` that tell of any of them.
pub(crate) fn collect(signature: &[u8], trust: &Trust, now: UnixTime) -> SignatureEvidence {
    let Ok(signed) = SignedData::parse(signature) else { return SignatureEvidence::default() };
    let mut found: Vec<Certificate> = Vec::new();
    for signer in signed.signers() {
        let Some(certificate) = signed.certificate_of(signer) else { continue };
        let chain = Chain::build(certificate, signed.certificates(), trust, Times::at(now), Purpose::Any);
        found.extend(chain.elements.into_iter().map(|element| element.certificate));
    }
    found.extend_from_slice(signed.certificates());
    let mut certificates: Vec<Certificate> = Vec::new();
    for certificate in found {
        if certificates.iter().all(|known| known.as_der() != certificate.as_der()) {
            certificates.push(certificate);
        }
    }
    let tells = |list: &&RevocationList| {
        certificates.iter().any(|certificate| certificate.issuer().matches(list.issuer()))
    };
    let lists = trust.revocation_lists.iter().filter(tells).map(|list| Bytes::copy_from_slice(list.as_der()));
    SignatureEvidence {
        revocation_lists: lists.collect(),
        certificates: certificates.iter().map(|one| Bytes::copy_from_slice(one.as_der())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use potok_cms::{Content, sign};

    use super::*;
    use crate::verify::testing::{AT, pki};

    #[test]
    fn the_chain_and_its_lists_come_along() {
        let tests = pki();
        let person = &tests.people[0][0];
        let signature =
            sign(Content::Bytes(b"a"), &person.certificate, &tests.chain(), &person.key, AT).unwrap();
        let found = collect(&signature, &tests.trust(), AT);
        let expected = [&person.certificate, tests.authority.certificate(), tests.root.certificate()];
        assert_eq!(found.certificates, expected.map(|one| Bytes::copy_from_slice(one.as_der())));
        assert_eq!(found.revocation_lists.len(), 2);
        let alone = collect(&signature, &Trust::default(), AT);
        assert_eq!((alone.certificates.len(), alone.revocation_lists.len()), (2, 0));
        assert_eq!(collect(b"none", &tests.trust(), AT), SignatureEvidence::default());
    }
}
