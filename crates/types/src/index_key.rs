//! Positions in a box's feed.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::Ticks;

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// A position in the feed of one box: unique there and strictly rising in commit order.
///
/// Eight bytes, big-endian, close to the ticks at which the event was written. The text is base64url without padding,
/// 11 characters. A key need not belong to an event: it names the place after which to read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexKey(i64);

/// The text does not hold a feed position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cursor must have valid value: 8 bytes in base64 are expected, as `IndexKey` of an event shows them")]
pub struct InvalidIndexKey;

impl IndexKey {
    /// The position at `value` ticks.
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// The value whose order is the order of the feed.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The key of the next event, written at `now` to a box whose newest key is `last`.
    #[must_use]
    pub fn next(last: Option<Self>, now: Ticks) -> Self {
        last.map_or(Self(now.get()), |last| Self(now.get().max(last.0 + 1)))
    }

    /// The 8 bytes that the text encodes.
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE.encode(self.to_bytes()))
    }
}

impl FromStr for IndexKey {
    type Err = InvalidIndexKey;

    /// Reads both base64 alphabets, with or without padding; a blank stands for a `+` that was not escaped in a URL.
    fn from_str(text: &str) -> Result<Self, InvalidIndexKey> {
        let url_safe: String = text
            .chars()
            .map(|c| match c {
                '+' | ' ' => '-',
                '/' => '_',
                other => other,
            })
            .collect();
        let bytes = URL_SAFE.decode(url_safe).map_err(|_| InvalidIndexKey)?;
        <[u8; 8]>::try_from(bytes.as_slice())
            .map(|bytes| Self(i64::from_be_bytes(bytes)))
            .map_err(|_| InvalidIndexKey)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_seen_in_the_field_are_read() {
        assert_eq!("CN3T_DeCTa4".parse(), Ok(IndexKey::new(638_899_802_372_984_238)));
        assert_eq!("CNvIl9RK0Ik=".parse(), Ok(IndexKey::new(638_324_326_630_346_889)));
        assert_eq!(IndexKey::new(638_899_802_372_984_238).to_string(), "CN3T_DeCTa4");
        assert_eq!("CNvI+/RK0Ik=".parse::<IndexKey>(), "CNvI _RK0Ik".parse());
        for wrong in ["", "CN3T", "CN3T_DeCTa4A", "CN3T_DeC!a4"] {
            assert_eq!(wrong.parse::<IndexKey>(), Err(InvalidIndexKey), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn text_and_back(value: i64) {
            prop_assert_eq!(IndexKey::new(value).to_string().parse(), Ok(IndexKey::new(value)));
        }

        #[test]
        fn keys_only_rise(last in 0..i64::MAX, now in 0..i64::MAX) {
            let next = IndexKey::next(Some(IndexKey::new(last)), Ticks::new(now));
            prop_assert!(next > IndexKey::new(last) && next.get() >= now);
        }
    }
}
