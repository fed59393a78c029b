//! TLS at the door: a certificate is shown, and another one when its files have changed.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::{KeyKind, UnixTime};
use potok_http::{Tls, TlsFiles};
use potok_types::{Clock as _, SystemClock};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tempfile::TempDir;

use crate::process::Served;

/// A certificate of the machine's name, in the files of the server.
fn identity(folder: &Path, seed: u64) -> Identity {
    let mut random = StdRng::seed_from_u64(seed);
    let now = SystemClock.now().unix_seconds();
    let validity = Validity { from: UnixTime(now - 3600), to: UnixTime(now + 36_000) };
    let authority =
        Authority::root(&Subject::common_name("root"), KeyKind::P256, validity, &mut random).unwrap();
    let subject = Subject::common_name("localhost");
    let identity =
        authority.issue_identity(&subject, KeyKind::P256, Role::Signer, validity, &mut random).unwrap();
    std::fs::write(folder.join("tls.pem"), identity.certificate.to_pem()).unwrap();
    std::fs::write(folder.join("tls.key"), identity.key.to_pem().as_bytes()).unwrap();
    identity
}

/// The certificate that a new connection is shown, and what it is answered.
async fn seen(address: &str) -> (Vec<u8>, String) {
    let http = reqwest::Client::builder()
        .tls_backend_preconfigured(trusting())
        .tls_info(true)
        .no_proxy()
        .build()
        .unwrap();
    let answer = http.get(format!("{address}/livez")).send().await.unwrap();
    let info = answer.extensions().get::<reqwest::tls::TlsInfo>().unwrap();
    let certificate = info.peer_certificate().unwrap().to_vec();
    (certificate, answer.text().await.unwrap())
}

/// Takes any certificate: which one it was is looked at behind.
fn trusting() -> rustls::ClientConfig {
    use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
    use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
    use rustls::{DigitallySignedStruct, Error, SignatureScheme};

    #[derive(Debug)]
    struct Any(CryptoProvider);

    impl ServerCertVerifier for Any {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            Ok(ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.0.signature_verification_algorithms.supported_schemes()
        }
    }

    let provider = ring::default_provider();
    rustls::ClientConfig::builder_with_provider(provider.clone().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(std::sync::Arc::new(Any(provider)))
        .with_no_client_auth()
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart() {
    let folder = TempDir::new().unwrap();
    let first = identity(folder.path(), 1);
    let file = |name: &str| folder.path().join(name).display().to_string();
    let words = ["--tls-certificate", &file("tls.pem"), "--tls-key", &file("tls.key")];
    let served = Served::start(&folder.path().join("data"), &words);
    let address = served.address().replace("http://127.0.0.1", "https://localhost");
    assert_eq!(seen(&address).await, (first.certificate.as_der().to_vec(), "alive".to_owned()));
    // Who speaks no TLS gets nothing, and holds up nobody.
    assert!(crate::installation::http().get(format!("{}/livez", served.address())).send().await.is_err());

    let second = identity(folder.path(), 2);
    assert!(Command::new("kill").args(["-HUP", &served.id()]).status().unwrap().success());
    // The signal is heard some time after it was sent.
    let mut tries = 0;
    while seen(&address).await.0 != second.certificate.as_der() {
        tries += 1;
        assert!(tries < 1000, "the new certificate is never shown");
    }
    let (status, log) = served.end();
    assert!(status.success());
    let lines: Vec<_> = log.iter().filter_map(|line| line["message"].as_str()).collect();
    assert!(lines.contains(&"the certificate of the door was read again"), "{lines:?}");
}

#[tokio::test]
async fn requests_share_a_connection_over_http_2_and_a_new_certificate_drops_none() {
    let folder = TempDir::new().unwrap();
    identity(folder.path(), 1);
    let file = |name: &str| folder.path().join(name).display().to_string();
    let words = ["--tls-certificate", &file("tls.pem"), "--tls-key", &file("tls.key")];
    let served = Served::start(&folder.path().join("data"), &words);
    let address = served.address().strip_prefix("http://").unwrap().to_owned();

    let mut config = trusting();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let ask = async |path: &str| {
        let request = Request::get(format!("https://localhost{path}"));
        let request = request.header("accept", "application/json").body(Empty::<Bytes>::new()).unwrap();
        let answer = sender.clone().send_request(request).await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.into_body().collect().await.unwrap().to_bytes())
    };
    let asked = [ask("/livez"), ask("/GetMyOrganizations"), ask("/openapi.json"), ask("/livez")];
    let answers = futures_util::future::join_all(asked).await;
    assert_eq!(answers.iter().map(|it| it.0).collect::<Vec<_>>(), [200, 401, 200, 200]);
    assert!(answers[2].1.len() > 64 * 1024, "more than is kept unsent");

    let second = identity(folder.path(), 2);
    assert!(Command::new("kill").args(["-HUP", &served.id()]).status().unwrap().success());
    let of_others = address.replace("127.0.0.1", "https://localhost");
    let mut tries = 0;
    while seen(&of_others).await.0 != second.certificate.as_der() {
        tries += 1;
        assert!(tries < 1000, "the new certificate is never shown");
    }
    assert_eq!(ask("/livez").await, (200, Bytes::from_static(b"alive")), "the connection goes on");
    let (status, _) = served.end();
    assert!(status.success());
    // Told to go, or gone: not waited for.
    let _ended = connection.await.unwrap();
}

#[test]
fn what_cannot_be_used_is_not_shown() {
    let folder = TempDir::new().unwrap();
    let first = identity(folder.path(), 1);
    let files = TlsFiles { certificate: folder.path().join("tls.pem"), key: folder.path().join("tls.key") };
    let tls = Tls::open(files.clone()).unwrap();
    assert!(!tls.refresh().unwrap(), "nothing is new");
    let second = identity(folder.path(), 2);
    std::fs::write(&files.key, first.key.to_pem().as_bytes()).unwrap();
    let error = tls.refresh().unwrap_err().to_string();
    assert!(error.contains("tls.key cannot be used with the certificate"), "{error}");
    std::fs::write(&files.key, second.key.to_pem().as_bytes()).unwrap();
    assert!(tls.refresh().unwrap(), "both are there now");
    assert!(!tls.refresh().unwrap());
    std::fs::write(&files.certificate, "no certificate").unwrap();
    assert!(tls.refresh().unwrap_err().to_string().contains("holds no certificate in PEM"));
    std::fs::remove_file(&files.key).unwrap();
    assert!(tls.refresh().unwrap_err().to_string().contains("tls.key cannot be read"));
}
