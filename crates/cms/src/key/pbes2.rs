//! Key files behind a password: PKCS#5 version 2 with AES, and with GOST 28147-89 and Streebog (RFC 9337).

use der::asn1::ObjectIdentifier;
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use streebog::{Streebog256, Streebog512};
use zeroize::Zeroizing;

use super::private::PrivateKeyError;
use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::cipher::Cipher;
use crate::oid;

/// Rounds of a derivation: some seconds of work.
const MAX_ROUNDS: u32 = 20_000_000;

/// Opens what is behind a password. `algorithm` is the whole identifier, `parameters` are those in it. A wrong password may
/// give bytes without sense.
///
/// # Errors
/// [`PrivateKeyError::UnsupportedEncryption`] names the algorithm inside; [`PrivateKeyError::Encrypted`] without a password,
/// [`PrivateKeyError::WrongPassword`], [`PrivateKeyError::Malformed`].
pub(super) fn decrypt(
    algorithm: Item<'_>,
    parameters: Item<'_>,
    encrypted: &[u8],
    password: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
    let malformed = |_| PrivateKeyError::Malformed;
    let mut fields = parameters.sequence().map_err(malformed)?;
    let derivation = fields.next().and_then(AlgorithmIdentifier::parse).map_err(malformed)?;
    let cipher = fields.next().and_then(Cipher::parse).map_err(malformed)?;
    let cipher = cipher.map_err(PrivateKeyError::UnsupportedEncryption)?;
    match derivation.oid {
        oid::PBKDF2 => {
            let parameters = derivation.parameters.ok_or(PrivateKeyError::Malformed)?;
            let derivation = Pbkdf2::parse(parameters).map_err(malformed)?;
            let digest = Prf::from_oid(derivation.prf);
            let digest = digest.ok_or(PrivateKeyError::UnsupportedEncryption(derivation.prf))?;
            let password = password.ok_or(PrivateKeyError::Encrypted)?;
            let key = digest.derive(password, derivation.salt, derivation.rounds, cipher.key_len());
            cipher.decrypt(&key, encrypted).ok_or(PrivateKeyError::WrongPassword)
        }
        oid::SCRYPT => {
            let scheme = pkcs5::EncryptionScheme::try_from(algorithm.raw());
            let scheme = scheme.map_err(|_| PrivateKeyError::UnsupportedEncryption(oid::SCRYPT))?;
            let password = password.ok_or(PrivateKeyError::Encrypted)?;
            let plain = scheme.decrypt(password, encrypted).map_err(|_| PrivateKeyError::WrongPassword)?;
            Ok(Zeroizing::new(plain))
        }
        other => Err(PrivateKeyError::UnsupportedEncryption(other)),
    }
}

/// The parameters of PBKDF2 (RFC 8018 appendix A.2).
struct Pbkdf2<'a> {
    salt: &'a [u8],
    rounds: u32,
    prf: ObjectIdentifier,
}

impl<'a> Pbkdf2<'a> {
    fn parse(item: Item<'a>) -> asn1::Result<Self> {
        let mut fields = item.sequence()?;
        let salt = fields.next()?.octets()?;
        let rounds = fields.next()?.small_integer()?;
        if rounds == 0 || rounds > MAX_ROUNDS {
            return Err(asn1::wrong_value());
        }
        // The length of the key follows from the cipher.
        fields.optional(asn1::INTEGER)?;
        let prf = match fields.optional(asn1::SEQUENCE)? {
            Some(item) => AlgorithmIdentifier::parse(item)?.oid,
            None => oid::HMAC_SHA1,
        };
        fields.finish()?;
        Ok(Self { salt, rounds, prf })
    }
}

/// What stretches the password.
#[derive(Clone, Copy)]
enum Prf {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Streebog256,
    Streebog512,
}

impl Prf {
    fn from_oid(identifier: ObjectIdentifier) -> Option<Self> {
        Some(match identifier {
            oid::HMAC_SHA1 => Self::Sha1,
            oid::HMAC_SHA224 => Self::Sha224,
            oid::HMAC_SHA256 => Self::Sha256,
            oid::HMAC_SHA384 => Self::Sha384,
            oid::HMAC_SHA512 => Self::Sha512,
            oid::HMAC_STREEBOG256 => Self::Streebog256,
            oid::HMAC_STREEBOG512 => Self::Streebog512,
            _ => return None,
        })
    }

    fn derive(self, password: &str, salt: &[u8], rounds: u32, len: usize) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; len]);
        let derive = match self {
            Self::Sha1 => pbkdf2_hmac::<Sha1>,
            Self::Sha224 => pbkdf2_hmac::<Sha224>,
            Self::Sha256 => pbkdf2_hmac::<Sha256>,
            Self::Sha384 => pbkdf2_hmac::<Sha384>,
            Self::Sha512 => pbkdf2_hmac::<Sha512>,
            Self::Streebog256 => pbkdf2_hmac::<Streebog256>,
            Self::Streebog512 => pbkdf2_hmac::<Streebog512>,
        };
        derive(password.as_bytes(), salt, rounds, &mut key);
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_data::hex;

    /// RFC 9337 appendix B: PBKDF2 with HMAC of Streebog-512.
    #[test]
    fn keys_are_derived_as_the_standard_shows() {
        for (rounds, expected) in [
            (
                1,
                "64770af7f748c3b1c9ac831dbcfd85c26111b30a8a657ddc3056b80ca73e040d2854fd36811f6d825cc4ab66ec0a68a490a9e5cf5156b3a2b7eecddbf9a16b47",
            ),
            (
                2,
                "5a585bafdfbb6e8830d6d68aa3b43ac00d2e4aebce01c9b31c2caed56f0236d4d34b2b8fbd2c4e89d54d46f50e47d45bbac301571743119e8d3c42ba66d348de",
            ),
        ] {
            assert_eq!(*Prf::Streebog512.derive("password", b"salt", rounds, 64), hex(expected), "{rounds}");
        }
    }
}
