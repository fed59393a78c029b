//! Archives in the ZIP format, as every system opens them, and single pieces of data in that of gzip.
//!
//! Names are in UTF-8 and say so; what Windows does not take in a name is replaced, and no two files have one name. The same files
//! at the same time give the same bytes.

mod crc;
mod gzip;
mod names;
mod read;

pub use gzip::{gunzip, gzip};
pub use names::{NAME_CHARS, Names};
pub use read::{Flaw, Limits, Measure, ReadError, Unpacked, unpack};

/// When files of an archive were made, as people in Moscow read it from their clocks. The format knows years from 1980 to 2107 and
/// every second second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// The year.
    pub year: u16,
    /// From 1 to 12.
    pub month: u8,
    /// From 1 to 31.
    pub day: u8,
    /// From 0 to 23.
    pub hour: u8,
    /// From 0 to 59.
    pub minute: u8,
    /// From 0 to 59.
    pub second: u8,
}

/// The archive would be larger than the format allows without its extensions: 4 GB, or 65 535 files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// An archive while files are put into it.
pub struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    names: Names,
    count: u16,
    time: [u8; 4],
}

/// Version 2.0 of the format, names in UTF-8.
const VERSION: [u8; 2] = [20, 0];
const UTF8: [u8; 2] = [0, 8];
const STORED: [u8; 2] = [0, 0];
const DEFLATED: [u8; 2] = [8, 0];

impl Archive {
    /// Nothing yet; everything in it was made at `at`.
    pub fn new(at: Time) -> Self {
        let date = (at.year.clamp(1980, 2107) - 1980) << 9 | u16::from(at.month) << 5 | u16::from(at.day);
        let time = u16::from(at.hour) << 11 | u16::from(at.minute) << 5 | u16::from(at.second / 2);
        let [t0, t1] = time.to_le_bytes();
        let [d0, d1] = date.to_le_bytes();
        let names = Names::default();
        Self { bytes: Vec::new(), directory: Vec::new(), names, count: 0, time: [t0, t1, d0, d1] }
    }

    /// Puts a file in, and tells the name that it has there: `wanted`, or what comes nearest to it.
    ///
    /// # Errors
    /// [`TooLarge`]; the archive stays as it was.
    pub fn add(&mut self, wanted: &str, content: &[u8]) -> Result<String, TooLarge> {
        let long = |length: usize| u32::try_from(length).map(u32::to_le_bytes).map_err(|_| TooLarge);
        let packed = miniz_oxide::deflate::compress_to_vec(content, 6);
        // What is packed already does not become smaller.
        let (method, body) =
            if packed.len() < content.len() { (DEFLATED, &packed[..]) } else { (STORED, content) };
        let place = long(self.bytes.len())?;
        let (size, packed_size) = (long(content.len())?, long(body.len())?);
        // Where the list of files begins has to be said too.
        long(self.bytes.len() + body.len() + self.directory.len() + 1024)?;
        let count = self.count.checked_add(1).filter(|count| *count < u16::MAX).ok_or(TooLarge)?;
        let name = self.names.take(wanted);
        let name_length = u16::try_from(name.len()).map_err(|_| TooLarge)?.to_le_bytes();
        let sum = crc::crc32(content).to_le_bytes();
        let common: Vec<u8> =
            [&UTF8[..], &method, &self.time, &sum, &packed_size, &size, &name_length, &[0, 0]].concat();
        self.bytes.extend([b"PK\x03\x04", &VERSION[..], &common, name.as_bytes(), body].concat());
        // No comment, first disk, no attributes.
        let behind = [&[0; 10][..], &place].concat();
        self.directory
            .extend([b"PK\x01\x02", &VERSION[..], &VERSION, &common, &behind, name.as_bytes()].concat());
        self.count = count;
        Ok(name)
    }

    /// The bytes of the archive.
    pub fn finish(mut self) -> Vec<u8> {
        let long = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        let (place, size) = (long(self.bytes.len()), long(self.directory.len()));
        let count = self.count.to_le_bytes();
        self.bytes.append(&mut self.directory);
        self.bytes.extend([b"PK\x05\x06", &[0; 4][..], &count, &count, &size, &place, &[0, 0]].concat());
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_as_the_format_has_them() {
        let at = Time { year: 2026, month: 11, day: 21, hour: 10, minute: 15, second: 7 };
        let mut archive = Archive::new(at);
        assert_eq!(archive.add("акт.xml", &[b'a'; 100]).unwrap(), "акт.xml");
        assert_eq!(archive.add("акт.xml", b"b").unwrap(), "акт (2).xml");
        let bytes = archive.finish();
        assert_eq!(bytes[..10], *b"PK\x03\x04\x14\x00\x00\x08\x08\x00");
        // 10:15:06 on 21.11.2026.
        assert_eq!(bytes[10..14], [0xe3, 0x51, 0x75, 0x5d]);
        let end = &bytes[bytes.len() - 22..];
        assert_eq!(end[..12], *b"PK\x05\x06\x00\x00\x00\x00\x02\x00\x02\x00");
        let place = u32::from_le_bytes(end[16..20].try_into().unwrap()) as usize;
        assert_eq!(bytes[place..place + 4], *b"PK\x01\x02");
        assert!(bytes.len() < 300, "what repeats is packed: {} bytes", bytes.len());
    }

    #[test]
    fn the_same_files_have_the_same_bytes() {
        let make = || {
            let mut archive = Archive::new(Time { year: 2026, month: 1, day: 2, ..Time::default() });
            archive.add("a", b"1").unwrap();
            archive.finish()
        };
        assert_eq!(make(), make());
    }
}
