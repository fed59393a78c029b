//! The proto files, one by one and together, and their descriptors.

use std::sync::LazyLock;

use crate::packed::unpacked;

static TEXTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/protos"));
static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors"));

/// Names with folders, and lengths, in the order in which the texts lie.
static FILES: &[(&str, usize)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

static UNPACKED: LazyLock<String> = LazyLock::new(|| String::from_utf8(unpacked(TEXTS)).unwrap_or_default());

/// Every file: its name with folders, and its text.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().scan(0, |start, &(name, length)| {
        let text = UNPACKED.get(*start..*start + length)?;
        *start += length;
        Some((name, text))
    })
}

/// The text of one file.
pub fn file(name: &str) -> Option<&'static str> {
    files().find(|(known, _)| *known == name).map(|(_, text)| text)
}

/// A `google.protobuf.FileDescriptorSet` of all files, without places and comments.
pub fn descriptors() -> Vec<u8> {
    unpacked(DESCRIPTORS)
}

/// All files with their folders as one archive (ustar, as POSIX has it), the same bytes each time.
pub fn archive() -> Vec<u8> {
    let mut out = Vec::new();
    for (name, text) in files() {
        out.extend(header(name, text.len()));
        out.extend(text.as_bytes());
        out.resize(out.len().next_multiple_of(BLOCK), 0);
    }
    out.resize(out.len() + 2 * BLOCK, 0);
    out
}

const BLOCK: usize = 512;

/// The block before a file. Names are shorter than its first field.
fn header(name: &str, length: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |place: usize, text: &str| {
        let bytes = text.as_bytes();
        block[place..place + bytes.len()].copy_from_slice(bytes);
    };
    put(0, name);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{length:011o}\0"));
    put(136, "00000000000\0");
    // The sum is made with blanks in its own place.
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = block.iter().copied().map(u32::from).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use prost_types::FileDescriptorSet;

    use super::*;

    #[test]
    fn descriptors_are_those_of_the_wire() {
        let mut expected = FileDescriptorSet::decode(potok_wire::DESCRIPTORS).unwrap();
        expected.file.iter_mut().for_each(|file| file.source_code_info = None);
        assert_eq!(FileDescriptorSet::decode(&*descriptors()).unwrap(), expected);
    }

    #[test]
    fn all_files_are_there_whole() {
        let count = files().count();
        assert_eq!(count, FILES.len());
        assert!(count > 150, "{count}");
        for (name, text) in files() {
            assert!(text.contains("syntax = \"proto2\""), "{name}");
            assert!(text.ends_with('\n'), "{name}");
        }
        assert!(file("Events/DiadocMessage-PostApi.proto").unwrap().contains("message MessageToPost {"));
        assert_eq!(file("../Cargo.toml"), None);
        assert!(FILES.iter().all(|(name, _)| name.len() < 100), "there is room for each name");
    }
}
