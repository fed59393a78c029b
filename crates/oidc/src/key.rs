//! Keys that sign id tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use potok_cms::{KeyKind, PrivateKey};
use rand::CryptoRng;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The random source found none.
    #[error("no key could be made: {0}")]
    NotMade(String),
    /// What is kept is no RSA key.
    #[error("the signing key {id} cannot be read")]
    Unreadable {
        /// `kid`.
        id: String,
    },
}

/// A key of RSA 2048: every library checks RS256, and many nothing else unless they are told to.
#[derive(Clone)]
pub struct IdKey {
    id: String,
    pub(crate) signing: EncodingKey,
    pub(crate) checking: DecodingKey,
    jwk: Value,
}

impl std::fmt::Debug for IdKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl IdKey {
    /// A new key and its PKCS#8. Takes a good part of a second.
    ///
    /// # Errors
    /// [`KeyError::NotMade`].
    pub fn generate(random: &mut impl CryptoRng) -> Result<(Self, Vec<u8>), KeyError> {
        let key = PrivateKey::generate(KeyKind::Rsa2048, random)
            .map_err(|error| KeyError::NotMade(error.to_string()))?;
        let pkcs8 = key.to_pkcs8_der().to_vec();
        let made = Self::of(&key, &pkcs8).ok_or_else(|| KeyError::NotMade("it is no RSA key".to_owned()))?;
        Ok((made, pkcs8))
    }

    /// The key that was kept as `id`.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`].
    pub fn read(id: &str, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let key = PrivateKey::parse(pkcs8).ok().and_then(|key| Self::of(&key, pkcs8));
        key.filter(|key| key.id == id).ok_or_else(|| KeyError::Unreadable { id: id.to_owned() })
    }

    fn of(key: &PrivateKey, pkcs8: &[u8]) -> Option<Self> {
        let (modulus, exponent) = key.public_key().rsa_numbers()?;
        let (n, e) = (URL_SAFE_NO_PAD.encode(&modulus), URL_SAFE_NO_PAD.encode(&exponent));
        // The thumbprint of RFC 7638: the members that make the key, in the order of their names.
        let id = URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)));
        let jwk = json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": n, "e": e});
        Some(Self {
            id,
            signing: EncodingKey::from_rsa_der(pkcs8),
            checking: DecodingKey::from_rsa_raw_components(&modulus, &exponent),
            jwk,
        })
    }

    /// `kid`: the thumbprint of the public half.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public half, as `/.well-known/openid-configuration/jwks` shows it.
    pub const fn jwk(&self) -> &Value {
        &self.jwk
    }

    pub(crate) const ALGORITHM: Algorithm = Algorithm::RS256;
}
