#![no_main]

use potok_cms::{Certificate, Content, RevocationList, SignedData, Trust, UnixTime, doctor};

// Whatever comes as a signature, a certificate or a revocation list is refused or judged; nothing may panic.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let at = UnixTime(1_795_255_200);
    let mut trust = Trust::default();
    if let Ok(signed) = SignedData::parse(data) {
        // What came along counts as trusted, so that chains are walked too.
        trust.anchors = signed.certificates().iter().take(1).cloned().collect();
        trust.intermediates = signed.certificates().to_vec();
        let verification = signed.verify(Content::Bytes(b"document"), at, &trust);
        assert!(!verification.signers.is_empty());
        let again = SignedData::parse(signed.as_der()).expect("what was read can be read again");
        assert_eq!(again.as_der(), signed.as_der());
    }
    let _ = doctor::diagnose(data, b"document", &mut doctor::Effort::unlimited());
    let _ = Certificate::parse(data).map(|certificate| certificate.subject().to_string());
    let _ = RevocationList::parse(data).map(|list| list.len());
    let _ = potok_cms::PrivateKey::parse(data);
    let _ = potok_cms::tsa::token(data);
});
