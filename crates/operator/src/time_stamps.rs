//! Time stamps from an authority (RFC 3161 over HTTP).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use potok_cms::signed_data::{Signer, Timestamp};
use potok_cms::tsa::{self, TsaError};
use potok_cms::{DigestAlgorithm, Limits, SignedData, SignedDataError};
use potok_seams::{NotStamped, TimeStamping};
use potok_types::{Entropy, with_causes};
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;

/// How long the authority may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any answer has.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Why there is no time stamp.
#[derive(Debug, thiserror::Error)]
pub enum TimeStampError {
    /// The address is none.
    #[error("{0:?} is no address of a time stamp authority: give one like http://tsa.example/tsp")]
    Url(String),
    /// The client cannot be set up.
    #[error("the connection to the time stamp authority cannot be set up")]
    Setup(#[source] reqwest::Error),
    /// The authority cannot be reached, or answered with a failure.
    #[error("the time stamp authority {url} gave no answer")]
    Unreachable {
        /// Its address.
        url: String,
        /// Why.
        source: reqwest::Error,
    },
    /// The answer is too long to be one.
    #[error("the time stamp authority {0} answered with more than {MAX_ANSWER_BYTES} bytes")]
    TooLong(String),
    /// The authority refused, or its answer cannot be read.
    #[error(transparent)]
    Answer(#[from] TsaError),
    /// The time stamp is of something else.
    #[error("the time stamp authority {0} stamped something else than was asked")]
    Foreign(String),
    /// What should be stamped is no signature.
    #[error(transparent)]
    Signature(#[from] SignedDataError),
}

/// A time stamp authority.
#[derive(Clone)]
pub struct TimeStamps {
    url: Url,
    client: reqwest::Client,
    entropy: Arc<dyn Entropy>,
}

impl TimeStamps {
    /// The authority at `url`.
    ///
    /// # Errors
    /// [`TimeStampError::Url`], [`TimeStampError::Setup`].
    pub fn new(url: &str, entropy: Arc<dyn Entropy>) -> Result<Self, TimeStampError> {
        let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let parsed = parsed.ok_or_else(|| TimeStampError::Url(url.to_owned()))?;
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Somebody else may be faster, and then theirs is used: either is fine.
            let _other_was_first = rustls::crypto::ring::default_provider().install_default();
        }
        let client = reqwest::Client::builder().timeout(PATIENCE).build().map_err(TimeStampError::Setup)?;
        Ok(Self { url: parsed, client, entropy })
    }

    /// The same signature with a time stamp over its value (CAdES-T). Who made the stamp, and whether to trust that, is for
    /// whoever checks the signature.
    ///
    /// # Errors
    /// [`TimeStampError`].
    pub async fn strengthen(&self, signature: &[u8]) -> Result<Bytes, TimeStampError> {
        let signed = SignedData::parse(signature)?;
        let signer = signed.signers().first();
        let value = signer.map(Signer::signature).unwrap_or_default();
        let own = signer.and_then(Signer::digest_algorithm);
        // An authority for GOST knows no other digest, and the others do not know Streebog.
        let gost =
            own.filter(|own| matches!(own, DigestAlgorithm::Streebog256 | DigestAlgorithm::Streebog512));
        let token = match gost {
            None => self.stamp(value, DigestAlgorithm::Sha256).await?,
            Some(digest) => match self.stamp(value, digest).await {
                Err(TimeStampError::Answer(TsaError::Refused { .. })) => {
                    self.stamp(value, DigestAlgorithm::Sha256).await?
                }
                stamped => stamped?,
            },
        };
        Ok(tsa::strengthen(signature, &token)?.into())
    }

    /// The token over `value` by `digest`.
    async fn stamp(&self, value: &[u8], digest: DigestAlgorithm) -> Result<Vec<u8>, TimeStampError> {
        let mut nonce = [0; 8];
        self.entropy.fill(&mut nonce);
        let token = tsa::token(&self.ask(tsa::request(value, digest, nonce)).await?)?;
        let covers = Timestamp::parse(&token, &Limits::default()).is_ok_and(|stamp| stamp.covers(value));
        if covers { Ok(token) } else { Err(TimeStampError::Foreign(self.url.to_string())) }
    }

    async fn ask(&self, request: Vec<u8>) -> Result<Bytes, TimeStampError> {
        let unreachable = |source| TimeStampError::Unreachable { url: self.url.to_string(), source };
        let sent = self.client.post(self.url.clone()).header(CONTENT_TYPE, "application/timestamp-query");
        let answer = sent.body(request).send().await.and_then(reqwest::Response::error_for_status);
        let mut answer = answer.map_err(unreachable)?;
        let mut bytes = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(TimeStampError::TooLong(self.url.to_string()));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }
}

#[async_trait]
impl TimeStamping for TimeStamps {
    async fn strengthen(&self, signature: Bytes) -> Result<Bytes, NotStamped> {
        TimeStamps::strengthen(self, &signature)
            .await
            .map_err(|error| NotStamped { reason: with_causes(&error) })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::Mutex;

    use potok_cms::gost::ParameterSet;
    use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
    use potok_cms::{Content, KeyKind, ObjectIdentifier, Trust, UnixTime, sign, verify};
    use potok_types::SeededEntropy;
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    const NOW: UnixTime = UnixTime(1_795_255_200);
    /// An answer that says no: PKIStatus 2.
    const REFUSED: &[u8] = &[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];

    fn identity(kind: KeyKind, role: Role) -> Identity {
        let random = &mut StdRng::seed_from_u64(3);
        let validity = Validity::days(NOW, 10);
        let root = Authority::root(&Subject::common_name("Корень"), kind, validity, random).unwrap();
        root.issue_identity(&Subject::common_name("Имя"), kind, role, validity, random).unwrap()
    }

    fn has(bytes: &[u8], oid: ObjectIdentifier) -> bool {
        bytes.windows(oid.as_bytes().len()).any(|window| window == oid.as_bytes())
    }

    /// Stamps what is hashed by `known`, and refuses everything else; what it was asked for, in order.
    fn authority(known: &'static [DigestAlgorithm]) -> (String, Arc<Mutex<Vec<DigestAlgorithm>>>) {
        const ALL: [DigestAlgorithm; 3] =
            [DigestAlgorithm::Sha256, DigestAlgorithm::Streebog256, DigestAlgorithm::Streebog512];
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/tsp", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&asked);
        let stamping = identity(KeyKind::P256, Role::TimeStamping);
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let mut socket = socket.unwrap();
                let mut request = Vec::new();
                let body = loop {
                    let mut buffer = [0; 4096];
                    let read = socket.read(&mut buffer).unwrap();
                    assert_ne!(read, 0, "the request is whole");
                    request.extend_from_slice(&buffer[..read]);
                    let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else {
                        continue;
                    };
                    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                    if request.len() >= end + 4 + length.parse::<usize>().unwrap() {
                        break &request[end + 4..];
                    }
                };
                let digest = *ALL.iter().find(|digest| has(body, digest.oid())).unwrap();
                told.lock().unwrap().push(digest);
                let answer = match known.contains(&digest) {
                    true => tsa::respond(body, &stamping, NOW, 1).unwrap(),
                    false => REFUSED.to_vec(),
                };
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    answer.len()
                );
                socket.write_all(&[head.as_bytes(), &answer].concat()).unwrap();
            }
        });
        (url, asked)
    }

    /// An authority for GOST knows no SHA-256, and the others no Streebog.
    #[tokio::test]
    async fn the_imprint_is_of_the_digest_of_the_signer() {
        use DigestAlgorithm::{Sha256, Streebog256, Streebog512};
        const GOST: &[DigestAlgorithm] = &[Streebog256, Streebog512];
        let gost = KeyKind::Gost;
        for (kind, known, expected) in [
            (gost(ParameterSet::CryptoProA), GOST, &[Streebog256][..]),
            (gost(ParameterSet::Tc26A512), GOST, &[Streebog512]),
            (gost(ParameterSet::CryptoProA), &[Sha256], &[Streebog256, Sha256]),
            (gost(ParameterSet::Tc26A512), &[Sha256], &[Streebog512, Sha256]),
            (KeyKind::P256, &[Sha256], &[Sha256]),
            // Its signature is by SHA-384, which fewer authorities know.
            (KeyKind::P384, &[Sha256], &[Sha256]),
        ] {
            let Identity { certificate, key } = identity(kind, Role::Signer);
            let signature = sign(Content::Bytes(b"document"), &certificate, &[], &key, NOW).unwrap();
            let (url, asked) = authority(known);
            let stamps = TimeStamps::new(&url, Arc::new(SeededEntropy::new(1))).unwrap();
            let strengthened = stamps.strengthen(&signature).await.unwrap();
            assert_eq!(*asked.lock().unwrap(), expected, "{kind:?}");
            let verified =
                verify(&strengthened, Content::Bytes(b"document"), NOW, &Trust::default()).unwrap();
            let stamps = &verified.first().timestamps;
            assert!(stamps.len() == 1 && stamps[0].covers_signature && stamps[0].signature_valid, "{kind:?}");
        }
        // Nobody stamps it: it goes on without.
        let Identity { certificate, key } = identity(gost(ParameterSet::CryptoProA), Role::Signer);
        let signature = sign(Content::Bytes(b"document"), &certificate, &[], &key, NOW).unwrap();
        let (url, _) = authority(&[]);
        let stamps = TimeStamps::new(&url, Arc::new(SeededEntropy::new(1))).unwrap();
        let refused = stamps.strengthen(&signature).await.unwrap_err();
        assert!(matches!(refused, TimeStampError::Answer(TsaError::Refused { status: 2, .. })), "{refused}");
    }
}
