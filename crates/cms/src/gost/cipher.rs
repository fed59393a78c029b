//! GOST 28147-89 as CryptoPro uses it (RFC 4357, RFC 5830): CFB with a key that is renewed, and the wrapping of keys.
//!
//! The block cipher and the substitution tables are those of `magma`, which is the same cipher with its bytes in the other
//! order. Only the half-length rounds of the check sum stand here, because no library gives them out.

use der::asn1::ObjectIdentifier;
use magma::Sbox;
use magma::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

/// Bytes of a block.
const BLOCK: usize = 8;
/// Bytes after which the key is renewed (RFC 4357 §2.3.2).
const MESH_BYTES: usize = 1024;
/// What the next key is made of (RFC 4357 §2.3.2).
const MESH: [u8; 32] = [
    0x69, 0x00, 0x72, 0x22, 0x64, 0xc9, 0x04, 0x23, 0x8d, 0x3a, 0xdb, 0x96, 0x46, 0xe9, 0x2a, 0xc4, 0x18,
    0xfe, 0xac, 0x94, 0x00, 0xed, 0x07, 0x12, 0xc0, 0x86, 0xdc, 0xc2, 0xef, 0x4c, 0xa9, 0x2b,
];

/// A key.
pub(crate) type Key = Zeroizing<[u8; 32]>;

/// A table of substitutions, by its identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Substitution {
    /// The one of RFC 7836, for keys of GOST R 34.10-2012.
    Tc26Z,
    /// RFC 4357.
    CryptoProA,
    /// RFC 4357.
    CryptoProB,
    /// RFC 4357.
    CryptoProC,
    /// RFC 4357.
    CryptoProD,
}

impl Substitution {
    const ALL: [Self; 5] =
        [Self::Tc26Z, Self::CryptoProA, Self::CryptoProB, Self::CryptoProC, Self::CryptoProD];

    /// The identifier in algorithm parameters.
    pub(crate) const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Tc26Z => "1.2.643.7.1.2.5.1.1",
            Self::CryptoProA => "1.2.643.2.2.31.1",
            Self::CryptoProB => "1.2.643.2.2.31.2",
            Self::CryptoProC => "1.2.643.2.2.31.3",
            Self::CryptoProD => "1.2.643.2.2.31.4",
        })
    }

    /// The table of an identifier.
    pub(crate) fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.oid() == *oid)
    }

    /// The cipher with a key. The words of the key are little-endian here and big-endian in `magma`.
    fn keyed(self, key: &[u8; 32]) -> Box<dyn Block> {
        let mut swapped = Zeroizing::new(*key);
        swapped.chunks_exact_mut(4).for_each(<[u8]>::reverse);
        let swapped = Zeroizing::new(Array(*swapped));
        match self {
            Self::Tc26Z => keyed(magma::Magma::new(&swapped), key),
            Self::CryptoProA => keyed(magma::Gost89CryptoProA::new(&swapped), key),
            Self::CryptoProB => keyed(magma::Gost89CryptoProB::new(&swapped), key),
            Self::CryptoProC => keyed(magma::Gost89CryptoProC::new(&swapped), key),
            Self::CryptoProD => keyed(magma::Gost89CryptoProD::new(&swapped), key),
        }
    }

    /// Encrypts in CFB mode; the key is renewed after every kilobyte.
    pub(crate) fn encrypt(self, key: &[u8; 32], iv: [u8; BLOCK], content: &[u8]) -> Vec<u8> {
        self.feedback(key, iv, content, true)
    }

    /// Decrypts what [`Substitution::encrypt`] made. Any key gives something: nothing here tells the right one.
    pub(crate) fn decrypt(self, key: &[u8; 32], iv: [u8; BLOCK], encrypted: &[u8]) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.feedback(key, iv, encrypted, false))
    }

    fn feedback(self, key: &[u8; 32], iv: [u8; BLOCK], input: &[u8], encrypts: bool) -> Vec<u8> {
        let mut cipher = self.keyed(key);
        let mut gamma = iv;
        let mut output = Vec::with_capacity(input.len());
        for (index, piece) in input.chunks(BLOCK).enumerate() {
            if index > 0 && (index * BLOCK).is_multiple_of(MESH_BYTES) {
                let mut next = Zeroizing::new(MESH);
                each_block(&mut next, |block| cipher.decrypt(block));
                cipher = self.keyed(&next);
                gamma = cipher.encrypt(gamma);
            }
            let mask = cipher.encrypt(gamma);
            output.extend(piece.iter().zip(mask).map(|(byte, mask)| byte ^ mask));
            // What was sent makes the next mask. A piece that is not whole is the last one.
            let sent = if encrypts { &output[index * BLOCK..] } else { piece };
            gamma[..sent.len()].copy_from_slice(sent);
        }
        output
    }

    /// Wraps a key for one exchange: encrypted, and its check sum (RFC 4357 §6.3).
    pub(crate) fn wrap(
        self,
        wrapping_key: &[u8; 32],
        material: [u8; 8],
        key: &[u8; 32],
    ) -> ([u8; 32], [u8; 4]) {
        let cipher = self.keyed(&self.diversified(wrapping_key, material));
        let mut wrapped = *key;
        each_block(&mut wrapped, |block| cipher.encrypt(block));
        (wrapped, check_sum(&*cipher, material, key))
    }

    /// Opens what [`Substitution::wrap`] made; `None` when the check sum is another one.
    pub(crate) fn unwrap(
        self,
        wrapping_key: &[u8; 32],
        material: [u8; 8],
        wrapped: &[u8; 32],
        sum: &[u8; 4],
    ) -> Option<Key> {
        let cipher = self.keyed(&self.diversified(wrapping_key, material));
        let mut key = Zeroizing::new(*wrapped);
        each_block(&mut key, |block| cipher.decrypt(block));
        let own = u32::from_be_bytes(check_sum(&*cipher, material, &key));
        // One comparison of whole words: its time says nothing of where they differ.
        (own == u32::from_be_bytes(*sum)).then_some(key)
    }

    /// The key of one exchange (RFC 4357 §6.5): each byte of the material mixes the key with itself.
    fn diversified(self, key: &[u8; 32], material: [u8; 8]) -> Key {
        let mut key = Zeroizing::new(*key);
        for byte in material {
            let mut sums = [0u32; 2];
            for (bit, word) in words(&key).into_iter().enumerate() {
                let sum = &mut sums[usize::from(byte >> bit & 1 == 0)];
                *sum = sum.wrapping_add(word);
            }
            let iv = pair(sums);
            let next = Zeroizing::new(self.encrypt(&key, iv, &key[..]));
            key.copy_from_slice(&next);
        }
        key
    }
}

/// Puts something in the place of each block.
fn each_block(bytes: &mut [u8; 32], of: impl Fn([u8; BLOCK]) -> [u8; BLOCK]) {
    for block in bytes.chunks_exact_mut(BLOCK) {
        let old: [u8; BLOCK] = (&*block).try_into().expect("a block");
        block.copy_from_slice(&of(old));
    }
}

/// The words of a key, little-endian.
fn words(key: &[u8; 32]) -> [u32; 8] {
    let mut words = [0; 8];
    for (word, bytes) in words.iter_mut().zip(key.chunks_exact(4)) {
        *word = u32::from_le_bytes(bytes.try_into().expect("four bytes"));
    }
    words
}

/// Two words as a block.
fn pair([low, high]: [u32; 2]) -> [u8; BLOCK] {
    (u64::from(high) << 32 | u64::from(low)).to_le_bytes()
}

/// The check sum of whole blocks (RFC 5830 §8) that starts from `start` instead of zero.
fn check_sum(cipher: &dyn Block, start: [u8; BLOCK], bytes: &[u8; 32]) -> [u8; 4] {
    let mut state = start;
    for block in bytes.chunks_exact(BLOCK) {
        state.iter_mut().zip(block).for_each(|(state, byte)| *state ^= byte);
        state = cipher.half(state);
    }
    let [a, b, c, d, ..] = state;
    [a, b, c, d]
}

/// One block, in the byte order of GOST 28147-89.
trait Block {
    fn encrypt(&self, block: [u8; BLOCK]) -> [u8; BLOCK];
    fn decrypt(&self, block: [u8; BLOCK]) -> [u8; BLOCK];
    /// The first sixteen of the thirty-two rounds.
    fn half(&self, block: [u8; BLOCK]) -> [u8; BLOCK];
}

struct Keyed<S: Sbox> {
    cipher: magma::Gost89<S>,
    words: Zeroizing<[u32; 8]>,
}

fn keyed<S: Sbox + 'static>(cipher: magma::Gost89<S>, key: &[u8; 32]) -> Box<dyn Block> {
    Box::new(Keyed { cipher, words: Zeroizing::new(words(key)) })
}

impl<S: Sbox> Block for Keyed<S> {
    fn encrypt(&self, mut block: [u8; BLOCK]) -> [u8; BLOCK] {
        block.reverse();
        let mut block = Array(block);
        self.cipher.encrypt_block(&mut block);
        block.0.reverse();
        block.0
    }

    fn decrypt(&self, mut block: [u8; BLOCK]) -> [u8; BLOCK] {
        block.reverse();
        let mut block = Array(block);
        self.cipher.decrypt_block(&mut block);
        block.0.reverse();
        block.0
    }

    fn half(&self, block: [u8; BLOCK]) -> [u8; BLOCK] {
        let whole = u64::from_le_bytes(block);
        #[expect(clippy::cast_possible_truncation, reason = "the halves of a block")]
        let (mut low, mut high) = (whole as u32, (whole >> 32) as u32);
        for word in self.words.iter().cycle().take(16) {
            let sum = low.wrapping_add(*word);
            let mut substituted = 0;
            for (index, table) in S::SBOX.iter().enumerate() {
                let nibble = sum >> (4 * index) & 0xf;
                substituted |= u32::from(table[nibble as usize]) << (4 * index);
            }
            (low, high) = (high ^ substituted.rotate_left(11), low);
        }
        pair([low, high])
    }
}
