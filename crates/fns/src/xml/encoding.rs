//! From bytes to text: the two encodings of official documents. Without a declaration it is UTF-8, as XML says.

use std::borrow::Cow;

use quick_xml::events::Event;

use super::{Fault, Limits, XmlError};

/// How far into a file its first line may reach.
const DECLARATION_BYTES: usize = 256;
/// Names that programs give to windows-1251.
const WINDOWS_1251: [&str; 6] = ["windows-1251", "cp1251", "cp-1251", "x-cp1251", "win-1251", "windows1251"];
/// Names that programs give to UTF-8.
const UTF_8: [&str; 2] = ["utf-8", "utf8"];

/// An encoding that official documents may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// All official formats.
    Windows1251,
    /// Some inputs and some schemas.
    Utf8,
}

impl Encoding {
    /// The name as declarations write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows1251 => "windows-1251",
            Self::Utf8 => "UTF-8",
        }
    }
}

/// The text of a document with the encoding it came in; a byte order mark is cut off.
///
/// # Errors
/// The document is too large, names another encoding, or has bytes its encoding does not know.
pub fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Cow<'a, str>, Encoding), XmlError> {
    if bytes.len() > limits.bytes {
        return Err(XmlError::bare(Fault::TooLarge { limit: limits.bytes }));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0, b'<']) {
        return Err(XmlError::bare(Fault::UnknownEncoding("UTF-16".into())));
    }
    let (body, marked) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(body) => (body, true),
        None => (bytes, false),
    };
    let encoding = match declared(body)? {
        Some(Encoding::Windows1251) if marked => {
            return Err(XmlError::bare(Fault::OtherDocument {
                expected: Encoding::Utf8.name().into(),
                found: Encoding::Windows1251.name().into(),
            }));
        }
        Some(encoding) => encoding,
        None => Encoding::Utf8,
    };
    let unreadable = || XmlError::bare(Fault::NotInEncoding(encoding.name()));
    let text = match encoding {
        Encoding::Utf8 => Cow::Borrowed(std::str::from_utf8(body).map_err(|_| unreadable())?),
        // The table of the web gives the byte 98 to a control character; in windows-1251 it means nothing.
        Encoding::Windows1251 if body.contains(&0x98) => return Err(unreadable()),
        Encoding::Windows1251 => encoding_rs::WINDOWS_1251
            .decode_without_bom_handling_and_without_replacement(body)
            .ok_or_else(unreadable)?,
    };
    // The parser would take away a second mark and count from behind it.
    if text.starts_with('\u{FEFF}') {
        return Err(XmlError::bare(Fault::ForbiddenCharacter(0xFEFF)));
    }
    Ok((text, encoding))
}

/// The encoding that the first line names, `None` when there is no such line or it names none.
fn declared(body: &[u8]) -> Result<Option<Encoding>, XmlError> {
    if !body.starts_with(b"<?xml") {
        return Ok(None);
    }
    let head = &body[..body.len().min(DECLARATION_BYTES)];
    let malformed = |detail: String| XmlError::bare(Fault::Malformed(detail));
    let event =
        quick_xml::Reader::from_reader(head).read_event().map_err(|error| malformed(error.to_string()))?;
    let Event::Decl(declaration) = event else {
        return Ok(None);
    };
    let Some(name) = declaration.encoding() else {
        return Ok(None);
    };
    let name = name.map_err(|error| malformed(error.to_string()))?;
    let is = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
    if WINDOWS_1251.iter().any(is) {
        Ok(Some(Encoding::Windows1251))
    } else if UTF_8.iter().any(is) {
        Ok(Some(Encoding::Utf8))
    } else {
        Err(XmlError::bare(Fault::UnknownEncoding(String::from_utf8_lossy(&name).chars().take(40).collect())))
    }
}

/// Puts the bytes of a text in windows-1251 behind others; characters that it lacks become references by number. What titles are
/// made of, ASCII and Russian letters, is done here at once, everything else by the library.
pub(super) fn encode(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        if first.is_ascii() {
            let rest = &bytes[at..];
            let plain = rest.iter().position(|b| !b.is_ascii()).unwrap_or(rest.len());
            out.extend_from_slice(&rest[..plain]);
            at += plain;
            continue;
        }
        let second = bytes.get(at + 1).copied().unwrap_or_default();
        let letter = RUSSIAN[usize::from(first & 1) << 6 | usize::from(second & 0x3F)];
        if matches!(first, 0xD0 | 0xD1) && letter != 0 {
            out.push(letter);
            at += 2;
            continue;
        }
        let length = text[at..].chars().next().map_or(1, char::len_utf8);
        out.extend_from_slice(&encoding_rs::WINDOWS_1251.encode(&text[at..at + length]).0);
        at += length;
    }
}

/// Russian letters from U+0400 on; 0 for what is none.
const RUSSIAN: [u8; 128] = {
    let mut table = [0; 128];
    let mut letter = 0;
    while letter < 64 {
        table[0x10 + letter] = 0xC0 + letter as u8;
        letter += 1;
    }
    table[0x01] = 0xA8;
    table[0x51] = 0xB8;
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_written_as_the_library_writes_it() {
        let all: String = (1..=char::MAX as u32).filter_map(char::from_u32).step_by(7).collect();
        let near: String = (1..0x3000).filter_map(char::from_u32).collect();
        for text in [all.as_str(), &near, "", "ёЁ№", "счёт 1"] {
            let mut written = Vec::new();
            encode(text, &mut written);
            assert!(written == *encoding_rs::WINDOWS_1251.encode(text).0);
        }
    }
}
