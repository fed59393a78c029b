//! Archives as [`crate::Archive`] makes them, read from bytes that anybody may have sent.
//!
//! Nothing is read that it does not write: no encryption, no comments, no gaps, no second archive behind the first, names as
//! [`Names`] gives them. So a file has one place and one name, and nothing in the archive is hidden from whoever lists it.

use std::fmt;

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::crc::crc32;
use crate::{DEFLATED, Names, STORED, UTF8, VERSION};

/// What an archive may be at most. Everything beyond is refused before it costs more than a look at the list of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the archive.
    pub bytes: usize,
    /// Files in it.
    pub files: usize,
    /// Bytes of all files together, unpacked.
    pub unpacked: usize,
}

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Why bytes are not read as an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is larger than the limit, packed or unpacked, or has more files: what, and how many are allowed.
    TooLarge(Measure, usize),
    /// It is no archive, cut off, or not as this crate writes archives.
    NotOurs(Flaw),
    /// A file's bytes are not those that were put in.
    Damaged(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(what, most) => write!(f, "the archive has more than {most} {}", what.en()),
            Self::NotOurs(why) => write!(f, "the archive is not as it was made: {}", why.en),
            Self::Damaged(name) => write!(f, "the file {name:?} in the archive is damaged"),
        }
    }
}

impl std::error::Error for ReadError {}

/// What is not as it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    en: &'static str,
    ru: &'static str,
}

impl ReadError {
    /// The same in Russian.
    pub fn text_ru(&self) -> String {
        match self {
            Self::TooLarge(Measure::Bytes, most) => format!("он больше {most} байт"),
            Self::TooLarge(Measure::Unpacked, most) => format!("в распакованном виде он больше {most} байт"),
            Self::TooLarge(Measure::Files, most) => format!("в нём больше {most} файлов"),
            Self::NotOurs(why) => why.ru.to_owned(),
            Self::Damaged(name) => format!("файл «{name}» повреждён"),
        }
    }
}

/// What of an archive is held to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Its size.
    Bytes,
    /// The size of its files.
    Unpacked,
    /// How many files there are.
    Files,
}

impl Measure {
    const fn en(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Unpacked => "bytes unpacked",
            Self::Files => "files",
        }
    }
}

const END_BYTES: usize = 22;

/// Reads all files of an archive, in their order.
///
/// # Errors
/// [`ReadError`]. What is announced is held to the limits before anything is unpacked, and nothing unpacks to more than was
/// announced.
pub fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<Unpacked>, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge(Measure::Bytes, limits.bytes));
    }
    let end = bytes
        .len()
        .checked_sub(END_BYTES)
        .ok_or(ReadError::NotOurs(Flaw {
            en: "it is too short", ru: "он слишком короткий"
        }))?;
    let mut at = Cut(&bytes[end..]);
    at.expect(
        b"PK\x05\x06\0\0\0\0",
        Flaw {
            en: "it does not end with the list of its files", ru: "он не заканчивается списком файлов"
        },
    )?;
    let (count, again) = (at.short()?, at.short()?);
    let (size, place) = (at.long()?, at.long()?);
    at.expect(&[0, 0], Flaw { en: "something stands behind it", ru: "за ним что-то есть" })?;
    if count != again || place.checked_add(size) != Some(end) {
        return Err(ReadError::NotOurs(Flaw {
            en: "its list of files is elsewhere",
            ru: "список файлов в другом месте",
        }));
    }
    if count > limits.files {
        return Err(ReadError::TooLarge(Measure::Files, limits.files));
    }
    let entries = list(&bytes[place..end], count, limits)?;
    let mut files = Vec::with_capacity(entries.len());
    let mut body = Cut(&bytes[..place]);
    for entry in entries {
        if Some(body.left()) != place.checked_sub(entry.place) {
            return Err(ReadError::NotOurs(Flaw {
                en: "there are gaps between its files",
                ru: "между файлами есть промежутки",
            }));
        }
        body.expect(
            b"PK\x03\x04",
            Flaw {
                en: "a file is not where the list says", ru: "файл не там, где он указан в списке"
            },
        )?;
        body.expect(&VERSION, Flaw { en: "a file is of another kind", ru: "файл другого вида" })?;
        body.expect(
            entry.common,
            Flaw {
                en: "a file and the list say different things", ru: "файл и список говорят разное"
            },
        )?;
        body.expect(
            entry.name.as_bytes(),
            Flaw {
                en: "a file and the list have different names", ru: "имена файла и в списке разные"
            },
        )?;
        let packed = body.take(entry.packed)?;
        files.push(entry.unpack(packed)?);
    }
    if body.left() > 0 {
        return Err(ReadError::NotOurs(Flaw {
            en: "there is something that the list does not name",
            ru: "есть то, чего нет в списке",
        }));
    }
    Ok(files)
}

/// A file, as the list has it.
struct Entry<'a> {
    name: &'a str,
    /// What the list and the file itself both say, length of the name last.
    common: &'a [u8],
    is_packed: bool,
    sum: u32,
    packed: usize,
    size: usize,
    place: usize,
}

/// Bytes that list and file have in common: flags, method, time, sum, two sizes, two lengths.
const COMMON_BYTES: usize = 24;

fn list<'a>(bytes: &'a [u8], count: usize, limits: &Limits) -> Result<Vec<Entry<'a>>, ReadError> {
    let mut at = Cut(bytes);
    let mut names = Names::default();
    let mut unpacked: usize = 0;
    let mut entries = Vec::with_capacity(count.min(1024));
    for _ in 0..count {
        at.expect(b"PK\x01\x02", Flaw { en: "its list is broken", ru: "список повреждён" })?;
        at.expect(&VERSION, Flaw { en: "its list is of another kind", ru: "список другого вида" })?;
        at.expect(&VERSION, Flaw { en: "its list is of another kind", ru: "список другого вида" })?;
        let common = at.take(COMMON_BYTES)?;
        let mut inner = Cut(common);
        inner.expect(
            &UTF8,
            Flaw {
                en: "names are not in UTF-8, or files are encrypted",
                ru: "имена не в UTF-8 или файлы зашифрованы",
            },
        )?;
        let method = inner.take(2)?;
        let is_packed = method == DEFLATED;
        if !is_packed && method != STORED {
            return Err(ReadError::NotOurs(Flaw {
                en: "a file is packed in another way",
                ru: "файл сжат другим способом",
            }));
        }
        inner.take(4)?;
        let (sum, packed, size) = (inner.long()?, inner.long()?, inner.long()?);
        let length = inner.short()?;
        inner.expect(
            &[0, 0],
            Flaw {
                en: "there is more about a file than its name",
                ru: "о файле сказано больше, чем его имя",
            },
        )?;
        at.expect(
            &[0; 10],
            Flaw {
                en: "there is more about a file than its name",
                ru: "о файле сказано больше, чем его имя",
            },
        )?;
        let place = at.long()?;
        let name = std::str::from_utf8(at.take(length)?);
        let name = name
            .map_err(|_| ReadError::NotOurs(Flaw { en: "a name is no UTF-8", ru: "имя не в UTF-8" }))?;
        if names.take(name) != name {
            return Err(ReadError::NotOurs(Flaw {
                en: "a name leads elsewhere, or is there twice",
                ru: "имя ведёт в другое место или повторяется",
            }));
        }
        unpacked = unpacked.saturating_add(size);
        if unpacked > limits.unpacked {
            return Err(ReadError::TooLarge(Measure::Unpacked, limits.unpacked));
        }
        let sum = u32::try_from(sum).unwrap_or_default();
        entries.push(Entry { name, common, is_packed, sum, packed, size, place });
    }
    if at.left() > 0 {
        return Err(ReadError::NotOurs(Flaw {
            en: "its list is longer than it says",
            ru: "список длиннее, чем указано",
        }));
    }
    Ok(entries)
}

impl Entry<'_> {
    fn unpack(&self, packed: &[u8]) -> Result<Unpacked, ReadError> {
        let damaged = || ReadError::Damaged(self.name.to_owned());
        let content = if self.is_packed {
            decompress_to_vec_with_limit(packed, self.size).map_err(|_| damaged())?
        } else {
            packed.to_vec()
        };
        if content.len() != self.size || crc32(&content) != self.sum {
            return Err(damaged());
        }
        Ok(Unpacked { name: self.name.to_owned(), content })
    }
}

/// Bytes from which one takes the first ones.
struct Cut<'a>(&'a [u8]);

impl<'a> Cut<'a> {
    fn left(&self) -> usize {
        self.0.len()
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ReadError> {
        let taken = self.0.split_at_checked(count);
        let (taken, rest) =
            taken.ok_or(ReadError::NotOurs(Flaw { en: "it is cut off", ru: "он обрывается" }))?;
        self.0 = rest;
        Ok(taken)
    }

    fn expect(&mut self, wanted: &[u8], why: Flaw) -> Result<(), ReadError> {
        if self.take(wanted.len())? == wanted { Ok(()) } else { Err(ReadError::NotOurs(why)) }
    }

    fn short(&mut self) -> Result<usize, ReadError> {
        let bytes = self.take(2)?;
        Ok(usize::from(u16::from_le_bytes([bytes[0], bytes[1]])))
    }

    fn long(&mut self) -> Result<usize, ReadError> {
        let bytes = self.take(4)?;
        let value = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        usize::try_from(value).map_err(|_| {
            ReadError::NotOurs(Flaw {
                en: "it is too large for this machine",
                ru: "он слишком велик для этой машины",
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Archive, Time};

    const LIMITS: Limits = Limits { bytes: 1 << 20, files: 100, unpacked: 1 << 20 };

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = Archive::new(Time { year: 2026, month: 1, day: 2, ..Time::default() });
        for (name, content) in files {
            archive.add(name, content).unwrap();
        }
        archive.finish()
    }

    #[test]
    fn what_was_put_in_comes_out() {
        let files: [(&str, &[u8]); 4] =
            [("акт.xml", &[b'a'; 10_000]), ("b", b"b"), ("empty", b""), ("акт.xml", b"2")];
        let read = unpack(&archive(&files), &LIMITS).unwrap();
        let names: Vec<&str> = read.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["акт.xml", "b", "empty", "акт (2).xml"]);
        assert!(read.iter().zip(files).all(|(read, (_, content))| read.content == content));
        assert_eq!(unpack(&archive(&[]), &LIMITS).unwrap(), []);
    }

    #[test]
    fn whatever_byte_is_changed_the_files_are_the_same_or_it_is_told() {
        let bytes = archive(&[("акт.xml", &b"abcabcabcabc".repeat(20)), ("b", b"bytes")]);
        let files = unpack(&bytes, &LIMITS).unwrap();
        let mut found = 0;
        for at in 0..bytes.len() {
            for flip in [1_u8, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[at] ^= flip;
                match unpack(&changed, &LIMITS) {
                    // The time of a file stands twice, and packed bytes have bits that mean nothing.
                    Ok(read) => assert_eq!(read, files, "byte {at}"),
                    Err(_) => found += 1,
                }
            }
            assert!(unpack(&bytes[..at], &LIMITS).is_err(), "cut at {at}");
        }
        assert!(found > bytes.len() * 5 / 2, "{found} of {}", bytes.len() * 3);
        for added in [&b"x"[..], b"PK\x05\x06"] {
            assert!(unpack(&[&bytes, added].concat(), &LIMITS).is_err());
            assert!(unpack(&[added, &bytes].concat(), &LIMITS).is_err());
        }
    }

    #[test]
    fn bombs_and_crowds_are_refused_before_they_cost_anything() {
        let bomb = archive(&[("a", &vec![0; 10 << 20])]);
        assert!(bomb.len() < 64 * 1024);
        assert_eq!(unpack(&bomb, &LIMITS), Err(ReadError::TooLarge(Measure::Unpacked, LIMITS.unpacked)));
        // One that announces little and holds much.
        let mut liar = bomb.clone();
        let size = (10_u32 << 20).to_le_bytes();
        while let Some(at) = liar.windows(4).position(|window| window == size) {
            liar[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
        assert_eq!(unpack(&liar, &LIMITS), Err(ReadError::Damaged("a".to_owned())));
        let many: Vec<(String, Vec<u8>)> = (0..200).map(|nth| (nth.to_string(), Vec::new())).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
        assert_eq!(unpack(&archive(&many), &LIMITS), Err(ReadError::TooLarge(Measure::Files, 100)));
        let small = Limits { bytes: 10, ..LIMITS };
        assert_eq!(unpack(&bomb, &small), Err(ReadError::TooLarge(Measure::Bytes, 10)));
    }

    #[test]
    fn names_lead_nowhere_and_are_there_once() {
        let bytes = archive(&[("aaaaaaaa", b"1"), ("bbbbbbbb", b"2")]);
        for name in ["../../.et", "bbbbbbbb", "BBBBBBBB", "a\\b/c:d*", "C:\\a.txt", "NUL.aaaa"] {
            let mut changed = bytes.clone();
            let name = &name.as_bytes()[..8];
            while let Some(at) = changed.windows(8).position(|window| window == b"aaaaaaaa") {
                changed[at..at + 8].copy_from_slice(name);
            }
            assert!(unpack(&changed, &LIMITS).is_err(), "{name:?}");
        }
    }
}
