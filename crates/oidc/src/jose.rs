//! The cryptography under `jsonwebtoken`: that of `potok-cms`, which has all of it in one place. RS256 is signed, and checked
//! is ES256 too; what else providers use is not believed.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use potok_cms::key::ecdsa_to_der;
use potok_cms::{DigestAlgorithm, PrivateKey, PublicKey, SignatureAlgorithm, SigningKey as _};
use signature::{Error, Signer, Verifier};

/// Bytes of each number of a signature on P-256.
const P256_BYTES: usize = 32;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Gives the library its cryptography, once in each process. Whoever else had done so before would have to know the same keys.
pub(crate) fn ready() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _installed_by_nobody_else = PROVIDER.install_default();
    });
}

fn signature_algorithm(algorithm: Algorithm) -> Option<SignatureAlgorithm> {
    match algorithm {
        Algorithm::RS256 => Some(SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256)),
        Algorithm::ES256 => Some(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)),
        _ => None,
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    let key = PrivateKey::parse(key.as_bytes()).map_err(|_| new_error(ErrorKind::InvalidKeyFormat))?;
    if *algorithm != Algorithm::RS256 || signature_algorithm(*algorithm) != Some(key.algorithm()) {
        return Err(new_error(ErrorKind::UnsupportedAlgorithm));
    }
    Ok(Box::new(Own(key)))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let unusable = || new_error(ErrorKind::InvalidKeyFormat);
    let checked =
        signature_algorithm(*algorithm).ok_or_else(|| new_error(ErrorKind::UnsupportedAlgorithm))?;
    let key = match (algorithm, key.kind()) {
        (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => PublicKey::from_rsa_numbers(n, e),
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => PublicKey::from_p256_point(point),
        _ => None,
    };
    Ok(Box::new(Theirs { key: key.ok_or_else(unusable)?, algorithm: *algorithm, checked }))
}

/// A key that signs.
struct Own(PrivateKey);

impl Signer<Vec<u8>> for Own {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let digest = self.0.algorithm().digest().digest(message);
        self.0.sign_digest(&digest).map_err(Error::from_source)
    }
}

impl JwtSigner for Own {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

/// A key that checks.
struct Theirs {
    key: PublicKey,
    algorithm: Algorithm,
    checked: SignatureAlgorithm,
}

impl Verifier<Vec<u8>> for Theirs {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let digest = self.checked.digest().digest(message);
        let is_good = match self.algorithm {
            Algorithm::ES256 => {
                signature.len() == 2 * P256_BYTES
                    && self.key.verify(self.checked, &digest, &ecdsa_to_der(signature))
            }
            _ => self.key.verify(self.checked, &digest, signature),
        };
        if is_good { Ok(()) } else { Err(Error::new()) }
    }
}

impl JwtVerifier for Theirs {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
