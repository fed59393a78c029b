//! Signature algorithms and their identifiers.

use der::asn1::ObjectIdentifier;

use super::public::PublicKey;
use crate::asn1::{self, AlgorithmIdentifier};
use crate::digest::DigestAlgorithm;
use crate::oid;

/// How a signature was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// GOST R 34.10-2012; the digest is Streebog of the key's length.
    Gost(DigestAlgorithm),
    /// RSA with the padding of PKCS#1 v1.5.
    RsaPkcs1(DigestAlgorithm),
    /// RSA with the probabilistic padding; the mask uses the same digest.
    RsaPss {
        /// The digest.
        digest: DigestAlgorithm,
        /// Bytes of salt.
        salt_len: usize,
    },
    /// ECDSA; the signature is the DER structure of r and s.
    Ecdsa(DigestAlgorithm),
}

/// An algorithm that cannot be checked here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature algorithm {oid} is not supported{}", if *.parameters { " with these parameters, or by this key" } else { "" })]
pub struct UnsupportedAlgorithm {
    /// The identifier found.
    pub oid: ObjectIdentifier,
    /// Whether the identifier is known and only its parameters are not.
    pub parameters: bool,
}

impl UnsupportedAlgorithm {
    /// The same in Russian.
    pub fn text_ru(self) -> String {
        match self {
            Self { oid: oid::GOST_2001_KEY | oid::GOST_2001_SIGNATURE, .. } => {
                "алгоритм подписи ГОСТ Р 34.10-2001 отменён и не поддерживается".to_owned()
            }
            Self { oid, parameters: false } => format!("алгоритм подписи {oid} не поддерживается"),
            Self { oid, parameters: true } => {
                format!("параметры алгоритма подписи {oid} не поддерживаются или противоречат ключу")
            }
        }
    }
}

impl SignatureAlgorithm {
    /// The digest that is signed.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::Gost(digest)
            | Self::RsaPkcs1(digest)
            | Self::RsaPss { digest, .. }
            | Self::Ecdsa(digest) => digest,
        }
    }

    /// Writes the identifier, with the parameters that each standard asks for.
    pub(crate) fn to_der(self) -> Vec<u8> {
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512, Streebog256, Streebog512};
        let null = asn1::tlv(asn1::NULL, &[]);
        match self {
            Self::Gost(Streebog512) => asn1::algorithm(oid::GOST_SIGNATURE_512, &[]),
            Self::Gost(_) => asn1::algorithm(oid::GOST_SIGNATURE_256, &[]),
            Self::RsaPkcs1(Sha1) => asn1::algorithm(oid::SHA1_RSA, &null),
            Self::RsaPkcs1(Sha384) => asn1::algorithm(oid::SHA384_RSA, &null),
            Self::RsaPkcs1(Sha512) => asn1::algorithm(oid::SHA512_RSA, &null),
            Self::RsaPkcs1(Sha256 | Streebog256 | Streebog512) => asn1::algorithm(oid::SHA256_RSA, &null),
            Self::RsaPss { digest, salt_len } => {
                let hash = asn1::algorithm(digest.oid(), &null);
                let mask = asn1::algorithm(oid::MGF1, &hash);
                let salt = asn1::unsigned(&salt_len.to_be_bytes());
                let parameters = asn1::sequence(&[
                    &asn1::tlv(asn1::context(0), &[&hash]),
                    &asn1::tlv(asn1::context(1), &[&mask]),
                    &asn1::tlv(asn1::context(2), &[&salt]),
                ]);
                asn1::algorithm(oid::RSA_PSS, &parameters)
            }
            Self::Ecdsa(Sha1) => asn1::algorithm(oid::SHA1_ECDSA, &[]),
            Self::Ecdsa(Sha384) => asn1::algorithm(oid::SHA384_ECDSA, &[]),
            Self::Ecdsa(Sha512) => asn1::algorithm(oid::SHA512_ECDSA, &[]),
            Self::Ecdsa(Sha256 | Streebog256 | Streebog512) => asn1::algorithm(oid::SHA256_ECDSA, &[]),
        }
    }
}

/// What a signature says of its algorithm. The key decides what is meant, and this only what the key leaves open: widespread
/// libraries write identifiers of other years, of other digests, and of the key instead of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NamedAlgorithm {
    oid: ObjectIdentifier,
    family: Option<Family>,
    /// The digest that the identifier names; `None` when it leaves that to others.
    digest: Option<DigestAlgorithm>,
    /// Bytes of salt; `None` for parameters of PSS that are not supported, and for other algorithms.
    salt_len: Option<usize>,
}

/// Algorithms that one kind of key serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Gost,
    /// GOST R 34.10-2001: its identifiers are found over keys of 2012.
    Gost2001,
    RsaPkcs1,
    RsaPss,
    Ecdsa,
}

impl NamedAlgorithm {
    pub(crate) fn parse(identifier: &AlgorithmIdentifier<'_>) -> Self {
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512, Streebog256, Streebog512};
        let pss = match identifier.oid {
            oid::RSA_PSS => parse_pss(identifier).ok().flatten(),
            _ => None,
        };
        let (family, digest) = match identifier.oid {
            oid::GOST_KEY_256 | oid::GOST_SIGNATURE_256 => (Some(Family::Gost), Some(Streebog256)),
            oid::GOST_KEY_512 | oid::GOST_SIGNATURE_512 => (Some(Family::Gost), Some(Streebog512)),
            oid::GOST_2001_KEY | oid::GOST_2001_SIGNATURE => (Some(Family::Gost2001), None),
            oid::RSA => (Some(Family::RsaPkcs1), None),
            oid::SHA1_RSA => (Some(Family::RsaPkcs1), Some(Sha1)),
            oid::SHA256_RSA => (Some(Family::RsaPkcs1), Some(Sha256)),
            oid::SHA384_RSA => (Some(Family::RsaPkcs1), Some(Sha384)),
            oid::SHA512_RSA => (Some(Family::RsaPkcs1), Some(Sha512)),
            oid::RSA_PSS => (Some(Family::RsaPss), pss.map(|(digest, _)| digest)),
            oid::EC_KEY => (Some(Family::Ecdsa), None),
            oid::SHA1_ECDSA => (Some(Family::Ecdsa), Some(Sha1)),
            oid::SHA256_ECDSA => (Some(Family::Ecdsa), Some(Sha256)),
            oid::SHA384_ECDSA => (Some(Family::Ecdsa), Some(Sha384)),
            oid::SHA512_ECDSA => (Some(Family::Ecdsa), Some(Sha512)),
            _ => (None, None),
        };
        Self { oid: identifier.oid, family, digest, salt_len: pss.map(|(_, salt_len)| salt_len) }
    }

    /// The identifier as it stands there.
    pub(crate) fn oid(self) -> ObjectIdentifier {
        self.oid
    }

    /// Whether the identifier is one of those that are supported, of whatever key.
    pub(crate) fn is_known(self) -> bool {
        self.family.is_some()
    }

    /// What cannot be checked because of the identifier.
    pub(crate) fn unsupported(self) -> UnsupportedAlgorithm {
        UnsupportedAlgorithm { oid: self.oid, parameters: self.family.is_some() }
    }

    /// Whether a digest is named for which collisions can be made.
    pub(crate) fn is_weak(self) -> bool {
        self.digest.is_some_and(DigestAlgorithm::is_weak)
    }

    /// Whether it names algorithms of this key, as the standards want it.
    pub(crate) fn is_of_key(self, key: &PublicKey) -> bool {
        match key {
            PublicKey::Gost(key) => {
                self.family == Some(Family::Gost)
                    && self.digest.is_some_and(|digest| digest.len() == key.set().key_len())
            }
            PublicKey::Rsa(_) => matches!(self.family, Some(Family::RsaPkcs1 | Family::RsaPss)),
            PublicKey::RsaPss(_) => self.family == Some(Family::RsaPss),
            PublicKey::P256(_) | PublicKey::P384(_) => self.family == Some(Family::Ecdsa),
            PublicKey::Unusable(_) => true,
        }
    }

    /// The algorithm without a look at a key, as certificates name it.
    ///
    /// # Errors
    /// [`UnsupportedAlgorithm`].
    pub(crate) fn alone(self) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
        match (self.family, self.digest, self.salt_len) {
            (Some(Family::Gost), Some(digest), _) => Ok(SignatureAlgorithm::Gost(digest)),
            (Some(Family::RsaPkcs1), Some(digest), _) => Ok(SignatureAlgorithm::RsaPkcs1(digest)),
            (Some(Family::RsaPss), Some(digest), Some(salt_len)) => {
                Ok(SignatureAlgorithm::RsaPss { digest, salt_len })
            }
            (Some(Family::Ecdsa), Some(digest), _) => Ok(SignatureAlgorithm::Ecdsa(digest)),
            _ => Err(self.unsupported()),
        }
    }

    /// The algorithms by which a signature of this key may have been made, the likely one first. `digest` is the one that is
    /// named elsewhere, as signers of CMS do: it counts, and where the identifier names another one, that is tried too.
    ///
    /// # Errors
    /// [`UnsupportedAlgorithm`] when nothing is left to try.
    pub(crate) fn for_key(
        self,
        key: &PublicKey,
        digest: Option<DigestAlgorithm>,
    ) -> Result<Vec<SignatureAlgorithm>, UnsupportedAlgorithm> {
        let mut digests: Vec<DigestAlgorithm> = digest.or(self.digest).into_iter().collect();
        let other = self.digest.filter(|named| digest.is_some_and(|digest| digest != *named));
        digests.extend(other.filter(|named| !named.is_weak()));
        let of =
            |make: fn(DigestAlgorithm) -> SignatureAlgorithm| digests.iter().copied().map(make).collect();
        let found: Vec<SignatureAlgorithm> = match key {
            PublicKey::Gost(key) => {
                let own = key.digest();
                let fits = digest.is_none_or(|digest| digest == own);
                fits.then_some(SignatureAlgorithm::Gost(own)).into_iter().collect()
            }
            PublicKey::Rsa(_) | PublicKey::RsaPss(_) if self.family == Some(Family::RsaPss) => {
                let algorithm = self.alone()?;
                let fits = digest.is_none_or(|digest| digest == algorithm.digest());
                fits.then_some(algorithm).into_iter().collect()
            }
            PublicKey::Rsa(_) => of(SignatureAlgorithm::RsaPkcs1),
            // Such a key signs by PSS only, and without parameters nobody knows how.
            PublicKey::RsaPss(_) => return Err(self.unsupported()),
            PublicKey::P256(_) | PublicKey::P384(_) => of(SignatureAlgorithm::Ecdsa),
            PublicKey::Unusable(_) => Vec::new(),
        };
        if found.is_empty() { Err(self.unsupported()) } else { Ok(found) }
    }
}

/// RSASSA-PSS-params of RFC 4055: every field may be missing and then has a default with SHA-1.
fn parse_pss(identifier: &AlgorithmIdentifier<'_>) -> asn1::Result<Option<(DigestAlgorithm, usize)>> {
    let Some(parameters) = identifier.parameters else { return Ok(None) };
    let mut fields = parameters.sequence()?;
    let hash = match fields.optional(asn1::context(0))? {
        Some(item) => AlgorithmIdentifier::parse(item.explicit(0)?)?.oid,
        None => DigestAlgorithm::Sha1.oid(),
    };
    let mask_hash = match fields.optional(asn1::context(1))? {
        Some(item) => {
            let mask = AlgorithmIdentifier::parse(item.explicit(1)?)?;
            match mask.parameters {
                Some(inner) if mask.oid == oid::MGF1 => AlgorithmIdentifier::parse(inner)?.oid,
                _ => return Ok(None),
            }
        }
        None => DigestAlgorithm::Sha1.oid(),
    };
    let salt_len = match fields.optional(asn1::context(2))? {
        Some(item) => item.explicit(2)?.small_integer()?,
        None => 20,
    };
    let trailer = match fields.optional(asn1::context(3))? {
        Some(item) => item.explicit(3)?.small_integer()?,
        None => 1,
    };
    fields.finish()?;
    let digest =
        DigestAlgorithm::from_oid(&hash).filter(|_| hash == mask_hash && trailer == 1 && salt_len <= 512);
    Ok(digest.map(|digest| (digest, usize::try_from(salt_len).expect("at most 512"))))
}
