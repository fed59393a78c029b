//! The names of the parameter sets.

use der::asn1::ObjectIdentifier;

use crate::digest::DigestAlgorithm;

/// A parameter set of GOST R 34.10-2012. Sets with several object identifiers stand here under each of them, because
/// a key names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterSet {
    /// 1.2.643.2.2.35.0: the 256-bit curve of the examples of RFC 7091.
    Test256,
    /// 1.2.643.2.2.35.1, RFC 4357.
    CryptoProA,
    /// 1.2.643.2.2.35.2, RFC 4357.
    CryptoProB,
    /// 1.2.643.2.2.35.3, RFC 4357.
    CryptoProC,
    /// 1.2.643.2.2.36.0: the curve of CryptoPro-A.
    CryptoProXchA,
    /// 1.2.643.2.2.36.1: the curve of CryptoPro-C.
    CryptoProXchB,
    /// 1.2.643.7.1.2.1.1.1, RFC 7836.
    Tc26A256,
    /// 1.2.643.7.1.2.1.1.2: the curve of CryptoPro-A.
    Tc26B256,
    /// 1.2.643.7.1.2.1.1.3: the curve of CryptoPro-B.
    Tc26C256,
    /// 1.2.643.7.1.2.1.1.4: the curve of CryptoPro-C.
    Tc26D256,
    /// 1.2.643.7.1.2.1.2.0: the 512-bit curve of the examples of RFC 7091.
    Test512,
    /// 1.2.643.7.1.2.1.2.1, RFC 7836.
    Tc26A512,
    /// 1.2.643.7.1.2.1.2.2, RFC 7836.
    Tc26B512,
    /// 1.2.643.7.1.2.1.2.3, RFC 7836.
    Tc26C512,
}

impl ParameterSet {
    /// Every set.
    pub const ALL: [Self; 14] = [
        Self::Test256,
        Self::CryptoProA,
        Self::CryptoProB,
        Self::CryptoProC,
        Self::CryptoProXchA,
        Self::CryptoProXchB,
        Self::Tc26A256,
        Self::Tc26B256,
        Self::Tc26C256,
        Self::Tc26D256,
        Self::Test512,
        Self::Tc26A512,
        Self::Tc26B512,
        Self::Tc26C512,
    ];

    /// The identifier that public keys carry.
    pub const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Test256 => "1.2.643.2.2.35.0",
            Self::CryptoProA => "1.2.643.2.2.35.1",
            Self::CryptoProB => "1.2.643.2.2.35.2",
            Self::CryptoProC => "1.2.643.2.2.35.3",
            Self::CryptoProXchA => "1.2.643.2.2.36.0",
            Self::CryptoProXchB => "1.2.643.2.2.36.1",
            Self::Tc26A256 => "1.2.643.7.1.2.1.1.1",
            Self::Tc26B256 => "1.2.643.7.1.2.1.1.2",
            Self::Tc26C256 => "1.2.643.7.1.2.1.1.3",
            Self::Tc26D256 => "1.2.643.7.1.2.1.1.4",
            Self::Test512 => "1.2.643.7.1.2.1.2.0",
            Self::Tc26A512 => "1.2.643.7.1.2.1.2.1",
            Self::Tc26B512 => "1.2.643.7.1.2.1.2.2",
            Self::Tc26C512 => "1.2.643.7.1.2.1.2.3",
        })
    }

    /// The set of an identifier.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.oid() == *oid)
    }

    /// Whether keys name their digest beside the set: beside the old sets as RFC 9215 §4.2 asks, and beside the first two of 512
    /// bits because OpenSSL and its kind do, and Bouncy Castle reads no others.
    pub(crate) const fn names_digest(self) -> bool {
        match self {
            Self::Tc26A256
            | Self::Tc26B256
            | Self::Tc26C256
            | Self::Tc26D256
            | Self::Tc26C512
            | Self::Test512 => false,
            Self::Test256
            | Self::CryptoProA
            | Self::CryptoProB
            | Self::CryptoProC
            | Self::CryptoProXchA
            | Self::CryptoProXchB
            | Self::Tc26A512
            | Self::Tc26B512 => true,
        }
    }

    /// The digest of its signatures.
    pub const fn digest(self) -> DigestAlgorithm {
        match self.key_len() {
            32 => DigestAlgorithm::Streebog256,
            _ => DigestAlgorithm::Streebog512,
        }
    }

    /// Bytes of a private key, of a coordinate and of a digest: 32 or 64.
    pub const fn key_len(self) -> usize {
        match self {
            Self::Test512 | Self::Tc26A512 | Self::Tc26B512 | Self::Tc26C512 => 64,
            _ => 32,
        }
    }
}

/// Runs an expression with the types of a set: `with_curve!(set, |C, L| f::<C, L>(…))`.
macro_rules! with_curve {
    ($set:expr, |$curve:ident, $limbs:ident| $body:expr) => {
        with_curve!(@match $set, $curve, $limbs, $body,
            Test256 => Test256 4,
            CryptoProA | CryptoProXchA | Tc26B256 => CryptoProA 4,
            CryptoProB | Tc26C256 => CryptoProB 4,
            CryptoProC | CryptoProXchB | Tc26D256 => CryptoProC 4,
            Tc26A256 => Tc26A256 4,
            Test512 => Test512 8,
            Tc26A512 => Tc26A512 8,
            Tc26B512 => Tc26B512 8,
            Tc26C512 => Tc26C512 8,
        )
    };
    (@match $set:expr, $curve:ident, $limbs:ident, $body:expr, $($($name:ident)|+ => $type:ident $length:literal,)+) => {
        match $set {
            $($(crate::gost::ParameterSet::$name)|+ => {
                type $curve = crate::gost::params::$type;
                const $limbs: usize = $length;
                $body
            })+
        }
    };
}
pub(super) use with_curve;
