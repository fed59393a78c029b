//! One piece of data, packed in the format of gzip (RFC 1952).

use crate::crc::crc32;

/// Magic, deflate, no flags, no time, no hint of how hard was tried, no system: the same bytes for the same data.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// How hard is tried: what is packed while somebody waits.
const LEVEL: u8 = 3;

/// The data packed, with its sum; it may be larger than before where it was packed already.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec(content, LEVEL);
    // Of the length the format keeps 32 bits.
    let length = (content.len() as u64 & u64::from(u32::MAX)) as u32;
    [&HEAD[..], &packed, &crc32(content).to_le_bytes(), &length.to_le_bytes()].concat()
}

/// What [`gzip`] packed, unless it is longer than `most` bytes, or was damaged.
pub fn gunzip(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    let (body, end) = packed.strip_prefix(&HEAD)?.split_last_chunk::<8>()?;
    let content = miniz_oxide::inflate::decompress_to_vec_with_limit(body, most).ok()?;
    (crc32(&content).to_le_bytes() == end[..4]).then_some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_found_again() {
        for content in [&b""[..], b"a", &[b'x'; 100_000]] {
            let mut packed = gzip(content);
            assert_eq!(gunzip(&packed, content.len()).unwrap(), content);
            assert_eq!(packed[packed.len() - 4..], u32::try_from(content.len()).unwrap().to_le_bytes());
            let place = packed.len() - 5;
            packed[place] ^= 1;
            assert_eq!(gunzip(&packed, content.len()), None, "the sum is another");
        }
    }
}
