//! Digests by name.

use der::asn1::ObjectIdentifier;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha384, Sha512};
use streebog::{Streebog256, Streebog512};

/// A digest algorithm of signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DigestAlgorithm {
    /// GOST R 34.11-2012 with 256 bits.
    Streebog256,
    /// GOST R 34.11-2012 with 512 bits.
    Streebog512,
    /// SHA-1: only to name certificates and in old time stamps, never under a signature we accept.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Streebog256, Self::Streebog512, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The identifier in CMS.
    pub const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Streebog256 => "1.2.643.7.1.1.2.2",
            Self::Streebog512 => "1.2.643.7.1.1.2.3",
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        })
    }

    /// The algorithm of an identifier.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.oid() == *oid)
    }

    /// Bytes of a digest.
    #[expect(clippy::len_without_is_empty, reason = "no digest is empty")]
    pub const fn len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Streebog256 | Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Streebog512 | Self::Sha512 => 64,
        }
    }

    /// Whether collisions can be made.
    pub fn is_weak(self) -> bool {
        self == Self::Sha1
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Streebog256 => "Streebog-256",
            Self::Streebog512 => "Streebog-512",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Starts a digest.
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            Self::Streebog256 => State::Streebog256(Box::default()),
            Self::Streebog512 => State::Streebog512(Box::default()),
            Self::Sha1 => State::Sha1(Sha1::new()),
            Self::Sha256 => State::Sha256(Sha256::new()),
            Self::Sha384 => State::Sha384(Sha384::new()),
            Self::Sha512 => State::Sha512(Sha512::new()),
        })
    }

    /// The digest of some bytes.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        let mut hasher = self.hasher();
        hasher.update(bytes);
        hasher.finish()
    }
}

/// A digest that is being computed.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Streebog256(Box<Streebog256>),
    Streebog512(Box<Streebog512>),
    Sha1(Sha1),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    /// Takes in the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Streebog256(state) => state.update(bytes),
            State::Streebog512(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            State::Sha384(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
        }
    }

    /// The digest of everything taken in.
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Streebog256(state) => state.finalize().to_vec(),
            State::Streebog512(state) => state.finalize().to_vec(),
            State::Sha1(state) => state.finalize().to_vec(),
            State::Sha256(state) => state.finalize().to_vec(),
            State::Sha384(state) => state.finalize().to_vec(),
            State::Sha512(state) => state.finalize().to_vec(),
        }
    }
}

/// What was signed: the bytes, or digests computed while they came in.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// The bytes themselves.
    Bytes(&'a [u8]),
    /// Digests made earlier, so that large contents need not be in memory.
    Digests(&'a ContentDigests),
}

impl Content<'_> {
    /// The digest, or `None` when it was not computed while the content was there.
    pub fn digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Some(algorithm.digest(bytes)),
            Self::Digests(digests) => digests.get(algorithm).map(<[u8]>::to_vec),
        }
    }
}

/// Digests of one content by algorithm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentDigests(Vec<(DigestAlgorithm, Vec<u8>)>);

impl ContentDigests {
    /// Digests known from elsewhere.
    pub fn new(digests: impl IntoIterator<Item = (DigestAlgorithm, Vec<u8>)>) -> Self {
        Self(digests.into_iter().collect())
    }

    /// The digest by this algorithm, if it was computed.
    pub fn get(&self, algorithm: DigestAlgorithm) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == algorithm).map(|(_, digest)| digest.as_slice())
    }
}

/// Computes several digests of a content while it comes in.
#[derive(Clone)]
pub struct ContentHasher(Vec<(DigestAlgorithm, Hasher)>);

impl ContentHasher {
    /// A hasher for these algorithms.
    pub fn new(algorithms: impl IntoIterator<Item = DigestAlgorithm>) -> Self {
        Self(algorithms.into_iter().map(|algorithm| (algorithm, algorithm.hasher())).collect())
    }

    /// Takes in the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        for (_, hasher) in &mut self.0 {
            hasher.update(bytes);
        }
    }

    /// All digests of everything taken in.
    pub fn finish(self) -> ContentDigests {
        ContentDigests(self.0.into_iter().map(|(algorithm, hasher)| (algorithm, hasher.finish())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_data::hex;

    /// RFC 6986 §10.1 for Streebog (there with the bytes reversed), FIPS 180 for the others.
    #[test]
    fn published_examples_hold() {
        let m1 = b"012345678901234567890123456789012345678901234567890123456789012";
        for (algorithm, message, expected) in [
            (
                DigestAlgorithm::Streebog256,
                &m1[..],
                "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500",
            ),
            (
                DigestAlgorithm::Streebog512,
                &m1[..],
                "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa\
                 00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
            ),
            (DigestAlgorithm::Sha1, b"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                DigestAlgorithm::Sha256,
                b"abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
        ] {
            assert_eq!(algorithm.digest(message), hex(expected), "{}", algorithm.name());
        }
    }

    #[test]
    fn digests_made_in_parts_are_those_of_the_whole() {
        let mut hasher = ContentHasher::new(DigestAlgorithm::ALL);
        hasher.update(b"one ");
        hasher.update(b"two");
        let digests = hasher.finish();
        for algorithm in DigestAlgorithm::ALL {
            assert_eq!(digests.get(algorithm), Some(&algorithm.digest(b"one two")[..]));
            assert_eq!(DigestAlgorithm::from_oid(&algorithm.oid()), Some(algorithm));
        }
        let none = ContentDigests::default();
        assert_eq!(Content::Digests(&none).digest(DigestAlgorithm::Sha256), None);
    }
}
