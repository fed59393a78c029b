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

/// The examples of the Russian recommendations for CMS with GOST: attached, without attributes, and without the
/// certificate, which is one of the examples for certificates.
const RECOMMENDATIONS: [(&str, &str); 2] = [
    (
        "MIICYjCCAg+gAwIBAgIBATAKBggqhQMHAQEDAjBWMSkwJwYJKoZIhvcNAQkBFhpHb3N0UjM0MTAtMjAxMkBleGFtcGxlLmNvbTEpMCcGA1UE\
         AxMgR29zdFIzNDEwLTIwMTIgKDI1NiBiaXQpIGV4YW1wbGUwHhcNMTMxMTA1MTQwMjM3WhcNMzAxMTAxMTQwMjM3WjBWMSkwJwYJKoZIhvcN\
         AQkBFhpHb3N0UjM0MTAtMjAxMkBleGFtcGxlLmNvbTEpMCcGA1UEAxMgR29zdFIzNDEwLTIwMTIgKDI1NiBiaXQpIGV4YW1wbGUwZjAfBggq\
         hQMHAQEBATATBgcqhQMCAiQABggqhQMHAQECAgNDAARAut/Qw1MUq9KPqkdHC2xAF3K7TugHfo9n525D2s5mFZdD5pwf90/i4vF0mFmr9nfR\
         wMYP4o0Pg1mOn5RlaXNYraOBwDCBvTAdBgNVHQ4EFgQU1fIeN1HaPbw+XWUzbkJ+kHJUT0AwCwYDVR0PBAQDAgHGMA8GA1UdEwQIMAYBAf8C\
         AQEwfgYDVR0BBHcwdYAU1fIeN1HaPbw+XWUzbkJ+kHJUT0ChWqRYMFYxKTAnBgkqhkiG9w0BCQEWGkdvc3RSMzQxMC0yMDEyQGV4YW1wbGUu\
         Y29tMSkwJwYDVQQDEyBHb3N0UjM0MTAtMjAxMiAoMjU2IGJpdCkgZXhhbXBsZYIBATAKBggqhQMHAQEDAgNBAF5bm4BbARR6hJLEoWJkOsYV\
         3Hd7kXQQjz3CdqQfmHrz6TI6Xojdh/t8ckODv/587NS5/6KsM77vc6Wh90NAT2s=",
        "MIIBBQYJKoZIhvcNAQcCoIH3MIH0AgEBMQ4wDAYIKoUDBwEBAgIFADAbBgkqhkiG9w0BBwGgDgQMVGVzdCBtZXNzYWdlMYHBMIG+AgEBMFsw\
         VjEpMCcGCSqGSIb3DQEJARYaR29zdFIzNDEwLTIwMTJAZXhhbXBsZS5jb20xKTAnBgNVBAMTIEdvc3RSMzQxMC0yMDEyICgyNTYgYml0KSBl\
         eGFtcGxlAgEBMAwGCCqFAwcBAQICBQAwDAYIKoUDBwEBAQEFAARAkptb2ekZbC94FaGDQeP70ExvTkXtOY9zgz3cCco/hxPhXUVo3eCxVNwD\
         Q8enFItJZ8DEX4blZ8QtziNCMl5HbA==",
    ),
    (
        "MIIC6DCCAlSgAwIBAgIBATAKBggqhQMHAQEDAzBWMSkwJwYJKoZIhvcNAQkBFhpHb3N0UjM0MTAtMjAxMkBleGFtcGxlLmNvbTEpMCcGA1UE\
         AxMgR29zdFIzNDEwLTIwMTIgKDUxMiBiaXQpIGV4YW1wbGUwHhcNMTMxMDA0MDczNjA0WhcNMzAxMDAxMDczNjA0WjBWMSkwJwYJKoZIhvcN\
         AQkBFhpHb3N0UjM0MTAtMjAxMkBleGFtcGxlLmNvbTEpMCcGA1UEAxMgR29zdFIzNDEwLTIwMTIgKDUxMiBiaXQpIGV4YW1wbGUwgaowIQYI\
         KoUDBwEBAQIwFQYJKoUDBwECAQICBggqhQMHAQECAwOBhAAEgYATGQ9VCiM5FRGCQ8MEz2F1dANqhaEuywa8CbxOnTvaGJpFQVXQwkwvLFAK\
         h7hk542vOEtxpKtTCXfGf84nRhMH/Q9bZeAc2eO/yhxrsQhTBufa1Fuou2oe/jUOaG6RAtUUvRzhNTppRGGl1+EIY2vzzUua9j9Ol/gAoy/L\
         NKQIfqOBwDCBvTAdBgNVHQ4EFgQUPcbTRXJZnHtjj+eBP7b5lcTMekIwCwYDVR0PBAQDAgHGMA8GA1UdEwQIMAYBAf8CAQEwfgYDVR0BBHcw\
         dYAUPcbTRXJZnHtjj+eBP7b5lcTMekKhWqRYMFYxKTAnBgkqhkiG9w0BCQEWGkdvc3RSMzQxMC0yMDEyQGV4YW1wbGUuY29tMSkwJwYDVQQD\
         EyBHb3N0UjM0MTAtMjAxMiAoNTEyIGJpdCkgZXhhbXBsZYIBATAKBggqhQMHAQEDAwOBgQBObS7oppPTXzHyVR1DtPa8b57nudJzI4czhsfe\
         X5HDntOq45t9B/qSs8dC6eGxbhHZ9zCOSFtxWYdmg0au8XI9Xb8vTC1qdwWID7FFjMWDNQZb6lYh/J+8F2xKylvB5nIlRZqOo3eUNFkNyHJw\
         QCk2WoOlO16zwGk2tdKH4KmD5w==",
        "MIIBSQYJKoZIhvcNAQcCoIIBOjCCATYCAQExDjAMBggqhQMHAQECAwUAMBsGCSqGSIb3DQEHAaAOBAxUZXN0IG1lc3NhZ2UxggECMIH/AgEB\
         MFswVjEpMCcGCSqGSIb3DQEJARYaR29zdFIzNDEwLTIwMTJAZXhhbXBsZS5jb20xKTAnBgNVBAMTIEdvc3RSMzQxMC0yMDEyICg1MTIgYml0\
         KSBleGFtcGxlAgEBMAwGCCqFAwcBAQIDBQAwDAYIKoUDBwEBAQIFAASBgFyVohNhMHUi/+RAF3Gh/cC7why6v+4jPWVlx1TYlXtV8HjehI2Y\
         +rP52/LO6EUHG/XcwCBbUxmRWsbUSRRBAexmaafkSdvv2FFwC8kHOcti+UPXPS+KRYxT8vhcsBLWWxDkc1McI7aF09hqtED36mQOfACzeJjE\
         oUjALpmJob1V",
    ),
];

#[test]
fn signatures_of_the_russian_recommendations_hold() {
    for (certificate, signature) in RECOMMENDATIONS {
        let certificate = Certificate::parse(certificate.as_bytes()).unwrap();
        assert!(certificate.is_signed_by_certificate(&certificate), "{certificate:?}");
        let limits = potok_cms::Limits::default();
        let (signed, content) = SignedData::parse_with_content(signature.as_bytes(), &limits).unwrap();
        assert_eq!(content.as_deref(), Some(&b"Test message"[..]));
        let signer = &signed.signers()[0];
        assert!(signer.id().names(&certificate));
        let digest = signer.digest_algorithm().unwrap();
        let algorithm = potok_cms::SignatureAlgorithm::Gost(digest);
        assert!(certificate.key().verify(algorithm, &digest.digest(b"Test message"), signer.signature()));
        assert!(!certificate.key().verify(algorithm, &digest.digest(b"Test messagE"), signer.signature()));
        // Without a certificate inside there is nobody to be the signer.
        let verification = signed.verify(Content::Bytes(b"Test message"), AT, &Trust::default());
        assert!(verification.first().problems.contains(&Problem::NoCertificate));
        assert!(!verification.is_signature_of_content());
    }
}
