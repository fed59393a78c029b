//! GOST R 34.10-2012 signatures with keys of 256 and 512 bits, agreement on keys by them, and the old block cipher.
//!
//! No maintained Rust library makes or checks these signatures, so the mathematics stands here, over the
//! constant-time integers of `crypto-bigint`: `curve` adds points, `params` holds the curves of RFC 4357 and
//! RFC 7836, this file signs and verifies. It is held to the examples of RFC 7091, to the certificates of RFC 9215 and
//! to OpenSSL with the GOST engine.
//!
//! Byte orders, which the standards leave to each format: a public key is x then y, each little-endian; a digest of
//! Streebog is read as a little-endian integer; a signature in CMS and X.509 is s then r, each big-endian; a private
//! key is little-endian.

mod cipher;
mod curve;
mod params;
mod set;
#[cfg(test)]
mod tests;

use crypto_bigint::{Encoding, Uint, Unsigned};
use rand::CryptoRng;
use rfc6979::KGenerator;
use rfc6979::hmac::digest::{Digest, block_api::BlockSizeUser};
use streebog::{Streebog256, Streebog512};
use zeroize::{Zeroize, Zeroizing};

use crate::digest::DigestAlgorithm;
pub(crate) use cipher::{Key, Substitution};
use curve::{Curve, Point, Scalar};
pub use set::ParameterSet;
use set::with_curve;

/// Why bytes are not a key of GOST R 34.10-2012.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key has not the length that its parameter set asks for.
    #[error("the key is {actual} bytes long, {expected} are needed")]
    Length {
        /// Bytes needed.
        expected: usize,
        /// Bytes given.
        actual: usize,
    },
    /// The point is not on the curve, or not in the subgroup of order q, or zero.
    #[error("the public key is not a point of the curve")]
    Point,
    /// The private key is zero or not below q.
    #[error("the private key is out of range")]
    Range,
}

/// A public key: a point that is known to lie in the subgroup of order q.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    set: ParameterSet,
    bytes: Vec<u8>,
}

impl PublicKey {
    /// Reads x then y, each little-endian, and checks the point in full.
    ///
    /// # Errors
    /// [`KeyError::Length`] and [`KeyError::Point`].
    pub fn from_bytes(set: ParameterSet, bytes: &[u8]) -> Result<Self, KeyError> {
        let expected = 2 * set.key_len();
        if bytes.len() != expected {
            return Err(KeyError::Length { expected, actual: bytes.len() });
        }
        let valid = with_curve!(set, |C, L| checked_point::<C, L>(bytes).is_some());
        if valid { Ok(Self { set, bytes: bytes.to_vec() }) } else { Err(KeyError::Point) }
    }

    /// The parameter set of the key.
    pub fn set(&self) -> ParameterSet {
        self.set
    }

    /// The digest of its signatures: Streebog of the key's length.
    pub fn digest(&self) -> DigestAlgorithm {
        self.set.digest()
    }

    /// x then y, each little-endian, 64 or 128 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether `signature` (s then r, each big-endian) is this key's over `digest` (Streebog of the key's length).
    /// Anything of a wrong length or range is not.
    pub fn verify(&self, digest: &[u8], signature: &[u8]) -> bool {
        let length = self.set.key_len();
        if digest.len() != length || signature.len() != 2 * length {
            return false;
        }
        with_curve!(self.set, |C, L| verify::<C, L>(&self.bytes, digest, signature))
    }
}

/// Masks over one private key: programs write one.
const MAX_MASKS: usize = 8;

/// A private key. Its bytes are wiped when it is dropped, and `Debug` does not show them.
#[derive(Clone)]
pub struct PrivateKey {
    set: ParameterSet,
    scalar: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PrivateKey").field("set", &self.set).finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// Reads the little-endian integer d, 0 < d < q.
    ///
    /// # Errors
    /// [`KeyError::Length`] and [`KeyError::Range`].
    pub fn from_le_bytes(set: ParameterSet, bytes: &[u8]) -> Result<Self, KeyError> {
        let expected = set.key_len();
        if bytes.len() != expected {
            return Err(KeyError::Length { expected, actual: bytes.len() });
        }
        let valid = with_curve!(set, |C, L| in_range::<C, L>(&Uint::<L>::from_le_slice(bytes)));
        if valid { Ok(Self { set, scalar: Zeroizing::new(bytes.to_vec()) }) } else { Err(KeyError::Range) }
    }

    /// Reads a number and the masks behind it, each as long as a key and little-endian: the key is their product modulo q
    /// (RFC 9548 §5.2). Without masks it is the number.
    ///
    /// # Errors
    /// [`KeyError::Length`] and [`KeyError::Range`].
    pub fn from_masked(set: ParameterSet, bytes: &[u8]) -> Result<Self, KeyError> {
        let key_len = set.key_len();
        let fits = !bytes.is_empty() && bytes.len().is_multiple_of(key_len);
        if !fits || bytes.len() / key_len > 1 + MAX_MASKS {
            return Err(KeyError::Length { expected: key_len, actual: bytes.len() });
        }
        if bytes.len() == key_len {
            return Self::from_le_bytes(set, bytes);
        }
        let product = with_curve!(set, |C, L| product::<C, L>(bytes));
        Self::from_le_bytes(set, &product)
    }

    /// A new key from a source of randomness.
    pub fn generate(set: ParameterSet, random: &mut impl CryptoRng) -> Self {
        loop {
            // Every second or fourth try is in range in the worst set, so this ends.
            let mut bytes = Zeroizing::new(vec![0; set.key_len()]);
            random.fill_bytes(&mut bytes);
            if let Ok(key) = Self::from_le_bytes(set, &bytes) {
                return key;
            }
        }
    }

    /// The parameter set of the key.
    pub fn set(&self) -> ParameterSet {
        self.set
    }

    /// The integer d, little-endian: handle with care.
    pub fn as_le_bytes(&self) -> &[u8] {
        &self.scalar
    }

    /// The public key d·P.
    pub fn public_key(&self) -> PublicKey {
        let bytes = with_curve!(self.set, |C, L| {
            let point = C::base_table().multiply(&Uint::<L>::from_le_slice(&self.scalar));
            let (x, y) = point.to_affine().expect("0 < d < q, so d·P is not zero");
            [le_bytes(&x), le_bytes(&y)].concat()
        });
        PublicKey { set: self.set, bytes }
    }

    /// Signs a Streebog digest of the key's length; the signature is s then r, each big-endian.
    ///
    /// The nonce follows from key and digest as in RFC 6979 with HMAC over Streebog: a weak source of randomness
    /// cannot give the key away. `None` when the digest has a wrong length.
    pub fn sign(&self, digest: &[u8]) -> Option<Vec<u8>> {
        self.sign_with(digest, &[])
    }

    /// Like [`PrivateKey::sign`], but the nonce follows from `fresh` too (the additional data of RFC 6979 §3.6): with
    /// other data the same digest gets another signature, and no data gives the key away.
    pub fn sign_with(&self, digest: &[u8], fresh: &[u8]) -> Option<Vec<u8>> {
        if digest.len() != self.set.key_len() {
            return None;
        }
        Some(with_curve!(self.set, |C, L| match L {
            4 => sign::<C, L, Streebog256>(&self.scalar, digest, fresh),
            _ => sign::<C, L, Streebog512>(&self.scalar, digest, fresh),
        }))
    }
}

impl PrivateKey {
    /// The key that both sides of an exchange come to: VKO with Streebog-256 (RFC 7836 §4.3). `material` is the number
    /// they agreed on in the open, little-endian. `None` when the keys are of different sets, or nothing comes of them.
    pub(crate) fn agree(&self, other: &PublicKey, material: [u8; 8]) -> Option<Key> {
        if self.set != other.set {
            return None;
        }
        let point = with_curve!(self.set, |C, L| {
            shared_point::<C, L>(&self.scalar, &other.bytes, u64::from_le_bytes(material))
        })?;
        let digest: [u8; 32] = Streebog256::digest(&point[..]).into();
        Some(Zeroizing::new(digest))
    }
}

/// The product of little-endian numbers modulo the order of the base point.
fn product<C: Curve<L>, const L: usize>(numbers: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut product = Scalar::<C, L>::ONE;
    for number in numbers.chunks_exact(8 * L) {
        product *= Scalar::<C, L>::new(&Uint::from_le_slice(number));
    }
    let mut whole = product.retrieve();
    let bytes = Zeroizing::new(le_bytes(&whole));
    product.as_montgomery_mut().zeroize();
    whole.zeroize();
    bytes
}

/// Cofactor times material times d times the other's point, as x ‖ y.
fn shared_point<C: Curve<L>, const L: usize>(
    key: &[u8],
    other: &[u8],
    material: u64,
) -> Option<Zeroizing<Vec<u8>>> {
    let other = checked_point::<C, L>(other)?;
    let factor =
        Scalar::<C, L>::new(&Uint::from_u64(material)) * Scalar::<C, L>::new(&Uint::from_u8(C::COFACTOR));
    let mut d = Scalar::<C, L>::new(&Uint::from_le_slice(key));
    let mut product = d * factor;
    let mut scalar = product.retrieve();
    let point = other.multiply(&scalar).to_affine();
    d.as_montgomery_mut().zeroize();
    product.as_montgomery_mut().zeroize();
    scalar.zeroize();
    let (x, y) = point?;
    Some(Zeroizing::new([le_bytes(&x), le_bytes(&y)].concat()))
}

/// Reads x ‖ y and checks range, curve equation and order.
fn checked_point<C: Curve<L>, const L: usize>(bytes: &[u8]) -> Option<Point<C, L>> {
    let (x, y) = bytes.split_at_checked(8 * L)?;
    let point = Point::<C, L>::from_affine(&Uint::from_le_slice(x), &Uint::from_le_slice(y))?;
    // With cofactor 1 every point of the curve is in the subgroup.
    let in_subgroup = C::COFACTOR == 1 || point.multiply_vartime(&order::<C, L>()).is_identity();
    in_subgroup.then_some(point)
}

fn order<C: Curve<L>, const L: usize>() -> Uint<L> {
    Scalar::<C, L>::MODULUS.get()
}

fn in_range<C: Curve<L>, const L: usize>(value: &Uint<L>) -> bool {
    value != &Uint::ZERO && value < &order::<C, L>()
}

/// The digest as the standard's e: modulo q, and 1 in place of 0.
fn digest_scalar<C: Curve<L>, const L: usize>(digest: &[u8]) -> Scalar<C, L> {
    let scalar = Scalar::<C, L>::new(&Uint::from_le_slice(digest));
    if scalar == Scalar::<C, L>::ZERO { Scalar::<C, L>::ONE } else { scalar }
}

fn verify<C: Curve<L>, const L: usize>(key: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    let (x, y) = key.split_at(8 * L);
    let Some(key) = Point::<C, L>::from_affine(&Uint::from_le_slice(x), &Uint::from_le_slice(y)) else {
        return false;
    };
    let (s, r) = signature.split_at(8 * L);
    let (s, r) = (Uint::<L>::from_be_slice(s), Uint::<L>::from_be_slice(r));
    if !in_range::<C, L>(&s) || !in_range::<C, L>(&r) {
        return false;
    }
    // Everything here is public, so speed may depend on it.
    let inverse: Option<Scalar<C, L>> = digest_scalar::<C, L>(digest).invert_vartime().into();
    let Some(inverse) = inverse else { return false };
    let base_times = (Scalar::<C, L>::new(&s) * inverse).retrieve();
    let key_times = (-(Scalar::<C, L>::new(&r) * inverse)).retrieve();
    let point = C::base_table().multiply_vartime(&base_times).add(&key.multiply_vartime(&key_times));
    point.to_affine().is_some_and(|(x, _)| Scalar::<C, L>::new(&x).retrieve() == r)
}

fn sign<C: Curve<L>, const L: usize, D>(key: &[u8], digest: &[u8], fresh: &[u8]) -> Vec<u8>
where
    D: Digest + BlockSizeUser,
    Uint<L>: Encoding + Unsigned,
{
    let modulus = order::<C, L>();
    let big_endian = |bytes: &[u8]| Zeroizing::new(bytes.iter().rev().copied().collect::<Vec<u8>>());
    let mut nonces = KGenerator::<D, _>::new(&big_endian(key), &big_endian(digest), fresh, &modulus);
    loop {
        let mut nonce = Zeroizing::new(vec![0; 8 * L]);
        nonces.fill_next_k(&mut nonce);
        // r or s is zero once in 2²⁵⁵ tries.
        if let Some(signature) = sign_with_nonce::<C, L>(key, digest, &nonce) {
            return signature;
        }
    }
}

/// The signature with a given big-endian nonce, 0 < k < q; `None` when another nonce is needed.
fn sign_with_nonce<C: Curve<L>, const L: usize>(key: &[u8], digest: &[u8], nonce: &[u8]) -> Option<Vec<u8>> {
    let mut d = Scalar::<C, L>::new(&Uint::from_le_slice(key));
    let mut k = Uint::<L>::from_be_slice(nonce);
    let (x, _) = C::base_table().multiply(&k).to_affine()?;
    let r = Scalar::<C, L>::new(&x);
    let s = r * d + Scalar::<C, L>::new(&k) * digest_scalar::<C, L>(digest);
    d.as_montgomery_mut().zeroize();
    k.zeroize();
    let zero = Scalar::<C, L>::ZERO;
    if r == zero || s == zero {
        return None;
    }
    let mut signature = le_bytes(&r.retrieve());
    signature.extend(le_bytes(&s.retrieve()));
    signature.reverse();
    Some(signature)
}

fn le_bytes<const L: usize>(value: &Uint<L>) -> Vec<u8> {
    value.as_words().iter().flat_map(|word| word.to_le_bytes()).collect()
}
