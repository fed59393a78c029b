//! The keys that the server holds for people, wherever they are: see [`crate::keys`].

use async_trait::async_trait;
use bytes::Bytes;
use potok_cms::{Content, ContentDigests, UnixTime, sign};
use potok_domain::signing::{KeyName, KeyPlace};
use potok_seams::{FoundKey, UnusableUserKey, UserKeys};
use potok_types::{Ticks, with_causes};

use crate::keys::{KeyOptions, KeySource, PasswordSource};
use crate::{Offload, Signer};

/// Opens a key for each piece of work: it is not at hand for longer than it is needed, and one that was changed or taken away is
/// noticed.
#[derive(Clone, Debug)]
pub struct KeyRing {
    offload: Offload,
}

impl KeyRing {
    /// Works by `offload`.
    pub const fn new(offload: Offload) -> Self {
        Self { offload }
    }

    async fn with<T: Send + 'static>(
        &self,
        place: &KeyPlace,
        at: UnixTime,
        work: impl FnOnce(&Signer) -> Result<T, UnusableUserKey> + Send + 'static,
    ) -> Result<T, UnusableUserKey> {
        let place = place.clone();
        let opening = move || work(&options(place)?.open(at).map_err(|error| unusable(&error))?);
        self.offload.run(opening).await.map_err(|error| unusable(&error))?
    }
}

fn unusable(error: &(dyn std::error::Error + 'static)) -> UnusableUserKey {
    UnusableUserKey { reason: with_causes(error) }
}

fn options(place: KeyPlace) -> Result<KeyOptions, UnusableUserKey> {
    Ok(KeyOptions {
        source: place.source.parse::<KeySource>().map_err(|error| unusable(&error))?,
        certificate: place.certificate.map(Into::into),
        password: place.password.map(|path| PasswordSource::File(path.into())),
    })
}

fn name(signer: &Signer) -> KeyName {
    KeyName(*signer.certificate.thumbprint().as_bytes())
}

#[async_trait]
impl UserKeys for KeyRing {
    async fn find(&self, place: &KeyPlace, at: Ticks) -> Result<FoundKey, UnusableUserKey> {
        let found = |signer: &Signer| {
            Ok(FoundKey {
                name: name(signer),
                certificate: signer.certificate.as_der().to_vec(),
                digest: signer.key.algorithm().digest().name().to_owned(),
            })
        };
        self.with(place, UnixTime(at.unix_seconds()), found).await
    }

    async fn sign(
        &self,
        place: &KeyPlace,
        wanted: KeyName,
        digests: Vec<Vec<u8>>,
        at: Ticks,
    ) -> Result<Vec<Option<Bytes>>, UnusableUserKey> {
        let at = UnixTime(at.unix_seconds());
        let signing = move |signer: &Signer| {
            if name(signer) != wanted {
                let reason = "there is another key in its place: remove it and add it again".to_owned();
                return Err(UnusableUserKey { reason });
            }
            let algorithm = signer.key.algorithm().digest();
            let signed = digests.into_iter().map(|digest| {
                let content = ContentDigests::new([(algorithm, digest)]);
                let Signer { certificate, chain, key } = signer;
                sign(Content::Digests(&content), certificate, chain, &**key, at).map(Bytes::from).ok()
            });
            Ok(signed.collect())
        };
        self.with(place, at, signing).await
    }
}

#[cfg(test)]
mod tests {
    use potok_cms::{DigestAlgorithm, verify};
    use potok_types::SeededEntropy;

    use super::*;
    use crate::test_operator;
    use crate::test_pki::TestKeys;

    const NOW: Ticks = Ticks::new(639_055_800_000_000_000);
    const CONTENT: &[u8] = b"content";

    #[tokio::test]
    async fn a_key_in_a_file_signs_digests_and_is_known_again() {
        let folder = tempfile::tempdir().unwrap();
        let (pki, at) = (folder.path().join("pki"), UnixTime(NOW.unix_seconds()));
        let keys = TestKeys::open(&pki, &test_operator(), at, &SeededEntropy::new(1)).unwrap();
        let ring = KeyRing::new(Offload::default());
        let place = |source: &str| KeyPlace { source: source.to_owned(), certificate: None, password: None };
        let operator = place(&pki.join("operator.pem").display().to_string());
        let found = ring.find(&operator, NOW).await.unwrap();
        assert_eq!(found.certificate, keys.operator().certificate.as_der());

        let algorithm = DigestAlgorithm::ALL.into_iter().find(|it| it.name() == found.digest).unwrap();
        let digests = vec![algorithm.digest(CONTENT)];
        let signed = ring.sign(&operator, found.name, digests.clone(), NOW).await.unwrap();
        let [Some(signature)] = &signed[..] else { panic!("it is signed: {signed:?}") };
        let verification = verify(signature, Content::Bytes(CONTENT), at, &keys.trust()).unwrap();
        assert!(verification.is_valid());

        let other = ring.sign(&operator, KeyName([0; 20]), digests, NOW).await.unwrap_err();
        assert!(other.reason.contains("another key"), "{other}");
        for (source, words) in [("/nowhere.pem", "/nowhere.pem"), ("pkcs11:token=a", "module-path")] {
            let error = ring.find(&place(source), NOW).await.unwrap_err();
            assert!(error.reason.contains(words), "{error}");
        }
    }
}
