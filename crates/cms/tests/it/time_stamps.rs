//! Time stamps of OpenSSL, and ours with OpenSSL.

use potok_cms::{Certificate, Content, DigestAlgorithm, SignedData, Trust, sign, tsa, verify};

use crate::openssl::{OpenSsl, kinds};
use crate::ours::Pki;

const DOCUMENT: &[u8] = b"document";
const NONCE: [u8; 8] = [0x7f, 0, 1, 2, 3, 4, 5, 6];

#[test]
fn a_signature_is_strengthened_by_a_time_stamp_of_openssl() {
    let Some(openssl) = OpenSsl::find() else { return };
    // The authority of the time stamps, with RSA; the signature itself with GOST.
    let kinds = kinds();
    openssl.make_pki(&kinds[0]);
    openssl.run("req -new -key signer.key -subj /CN=TSA -out stamper.csr");
    openssl.run(
        "x509 -req -in stamper.csr -CA root.pem -CAkey root.key -days 365 -extfile config -extensions stamper \
         -out stamper.pem",
    );
    openssl.write("serial", "01\n");

    let gost = kinds.iter().find(|kind| kind.name == "Tc26A512").unwrap();
    let now = openssl.now();
    let pki = Pki::new(gost.ours, now);
    let signature =
        sign(Content::Bytes(DOCUMENT), &pki.signer.certificate, &[], &pki.signer.key, now).unwrap();
    let value = SignedData::parse(&signature).unwrap().signers()[0].signature().to_vec();
    openssl.write("request", tsa::request(&value, DigestAlgorithm::Sha256, NONCE));
    let text = openssl.run("ts -query -in request -text");
    assert!(text.contains("0x7F00010203040506") && text.contains("sha256"), "{text}");
    openssl.run("ts -reply -queryfile request -signer stamper.pem -inkey signer.key -out response");
    let token = tsa::token(&openssl.read("response")).unwrap();
    let strengthened = tsa::strengthen(&signature, &token).unwrap();

    let stamps_root = Certificate::parse(&openssl.read("root.pem")).unwrap();
    let trust = Trust {
        anchors: vec![pki.root.certificate().clone(), stamps_root],
        intermediates: vec![pki.authority.certificate().clone()],
        ..Trust::default()
    };
    let at = potok_cms::UnixTime(now.0 + 600);
    let verification = verify(&strengthened, Content::Bytes(DOCUMENT), at, &trust).unwrap();
    let signer = verification.first();
    assert_eq!(signer.problems, []);
    let proven = signer.proven_time().unwrap();
    assert!((now.0 - 5..now.0 + 300).contains(&proven.0), "{proven}");

    // OpenSSL still verifies the signature with the stamp in it.
    openssl
        .write("root.pem", [pki.root.certificate().to_pem(), pki.authority.certificate().to_pem()].concat());
    openssl.write("document", DOCUMENT);
    openssl.write("signature.der", &strengthened);
    openssl.run(
        "cms -verify -binary -inform DER -in signature.der -content document -CAfile root.pem \
         -purpose any -out verified",
    );
}

#[test]
fn our_time_stamps_verify_with_openssl() {
    let Some(openssl) = OpenSsl::find() else { return };
    let now = openssl.now();
    for kind in kinds() {
        let pki = Pki::new(kind.ours, now);
        openssl.write("root.pem", pki.root.certificate().to_pem());
        openssl.write("authority.pem", pki.authority.certificate().to_pem());
        openssl.write("document", DOCUMENT);
        openssl.run("ts -query -data document -sha256 -cert -out request");
        openssl.write("response", tsa::respond(&openssl.read("request"), &pki.stamper, now, 1).unwrap());
        let verify = "ts -verify -in response -CAfile root.pem -untrusted authority.pem";
        openssl.run(&format!("{verify} -queryfile request"));
        openssl.run(&format!("{verify} -data document"));
        openssl.write("document", b"another");
        openssl.try_run(&format!("{verify} -data document")).expect_err("another document");
    }
}
