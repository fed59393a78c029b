//! Signature algorithms and their identifiers.

use der::asn1::ObjectIdentifier;

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
#[error("the signature algorithm {oid} is not supported{}", if *.parameters { " with these parameters" } else { "" })]
pub struct UnsupportedAlgorithm {
    /// The identifier found.
    pub oid: ObjectIdentifier,
    /// Whether the identifier is known and only its parameters are not.
    pub parameters: bool,
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

    /// Reads the identifier of a signature. Signers of CMS often name the key instead of the signature: then
    /// `named_elsewhere`, the digest algorithm of the signer, tells the rest.
    ///
    /// # Errors
    /// [`UnsupportedAlgorithm`] also when the two names contradict each other.
    pub(crate) fn parse(
        identifier: &AlgorithmIdentifier<'_>,
        named_elsewhere: Option<DigestAlgorithm>,
    ) -> Result<Self, UnsupportedAlgorithm> {
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512, Streebog256, Streebog512};
        let unsupported = |parameters| UnsupportedAlgorithm { oid: identifier.oid, parameters };
        let elsewhere = || named_elsewhere.ok_or(unsupported(true));
        let algorithm = match identifier.oid {
            oid::GOST_KEY_256 | oid::GOST_SIGNATURE_256 => Self::Gost(Streebog256),
            oid::GOST_KEY_512 | oid::GOST_SIGNATURE_512 => Self::Gost(Streebog512),
            oid::RSA => Self::RsaPkcs1(elsewhere()?),
            oid::SHA1_RSA => Self::RsaPkcs1(Sha1),
            oid::SHA256_RSA => Self::RsaPkcs1(Sha256),
            oid::SHA384_RSA => Self::RsaPkcs1(Sha384),
            oid::SHA512_RSA => Self::RsaPkcs1(Sha512),
            oid::RSA_PSS => parse_pss(identifier).ok().flatten().ok_or(unsupported(true))?,
            oid::EC_KEY => Self::Ecdsa(elsewhere()?),
            oid::SHA1_ECDSA => Self::Ecdsa(Sha1),
            oid::SHA256_ECDSA => Self::Ecdsa(Sha256),
            oid::SHA384_ECDSA => Self::Ecdsa(Sha384),
            oid::SHA512_ECDSA => Self::Ecdsa(Sha512),
            _ => return Err(unsupported(false)),
        };
        let contradicts = named_elsewhere.is_some_and(|digest| digest != algorithm.digest());
        if contradicts { Err(unsupported(true)) } else { Ok(algorithm) }
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

/// RSASSA-PSS-params of RFC 4055: every field may be missing and then has a default with SHA-1.
fn parse_pss(identifier: &AlgorithmIdentifier<'_>) -> asn1::Result<Option<SignatureAlgorithm>> {
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
    Ok(digest.map(|digest| SignatureAlgorithm::RsaPss {
        digest,
        salt_len: usize::try_from(salt_len).expect("at most 512"),
    }))
}
