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

/// A document in UTF-8 or windows-1251 as it is, and one in another encoding that the world has known in UTF-8, with blanks for
/// the line that named the encoding: places in it stay what they were. For data of programs; official documents have the two.
///
/// What cannot be read in the encoding that it names comes back as it is: [`decode`] says why.
pub fn in_utf8<'a>(bytes: &'a [u8], limits: &Limits) -> Cow<'a, [u8]> {
    if bytes.len() > limits.bytes {
        return Cow::Borrowed(bytes);
    }
    let text = other_encoding(bytes).and_then(|other| {
        // A byte order mark is of the encoding that it showed.
        let marks = if other.is_ascii_compatible() { 0 } else { marks(bytes) };
        other.decode_without_bom_handling_and_without_replacement(&bytes[marks..])
    });
    let Some(text) = text else { return Cow::Borrowed(bytes) };
    let mut text = text.into_owned();
    if text.starts_with("<?xml")
        && let Some(end) = text.find("?>")
    {
        let blanks = text[..end]
            .chars()
            .map(|c| if c == '\n' { '\n' } else { ' ' })
            .chain([' ', ' '])
            .collect::<String>();
        text.replace_range(..end + 2, &blanks);
    }
    Cow::Owned(text.into_bytes())
}

/// The encoding of a document, if it is another one than those of official documents.
fn other_encoding(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => return Some(encoding_rs::UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => return Some(encoding_rs::UTF_16BE),
        _ => {}
    }
    let Err(XmlError { fault: Fault::UnknownEncoding(name), .. }) = declared(bytes) else { return None };
    // Without a mark it is none of these: the line that names it was read byte by byte.
    encoding_rs::Encoding::for_label_no_replacement(name.as_bytes())
        .filter(|found: &&'static encoding_rs::Encoding| found.is_ascii_compatible())
}

/// Bytes of the mark of UTF-16 at the beginning.
fn marks(bytes: &[u8]) -> usize {
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) { 2 } else { 0 }
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
    use crate::xml::Document;

    #[test]
    fn data_are_read_in_whatever_encoding_they_name() {
        let text =
            |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>\r\n<Счёт Имя=\"Ёлка\"/>");
        let wide = |little: bool, mark: bool| -> Vec<u8> {
            let units =
                mark.then_some(0xFEFF).into_iter().chain(text("UTF-16").encode_utf16().collect::<Vec<_>>());
            units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        let in_single = |name: &str, encoding: &'static encoding_rs::Encoding| {
            encoding.encode(&text(name)).0.into_owned()
        };
        for bytes in [
            wide(true, true),
            wide(true, false),
            wide(false, true),
            wide(false, false),
            in_single("koi8-r", encoding_rs::KOI8_R),
            in_single("IBM866", encoding_rs::IBM866),
            in_single("ISO-8859-5", encoding_rs::ISO_8859_5),
        ] {
            let read = in_utf8(&bytes, &Limits::TITLE);
            let root = Document::parse(&read, &Limits::TITLE).expect("it is read").root;
            assert_eq!((&*root.name, root.attribute("Имя")), ("Счёт", Some("Ёлка")));
            assert_eq!((root.position.line, root.position.column), (2, 1));
        }
    }

    #[test]
    fn what_is_in_an_official_encoding_or_in_none_stays_as_it_is() {
        let in_1251 =
            encoding_rs::WINDOWS_1251.encode("<?xml version=\"1.0\" encoding=\"windows-1251\"?><Счёт/>").0;
        for bytes in [
            &*in_1251,
            "<Счёт/>".as_bytes(),
            b"<?xml version=\"1.0\" encoding=\"utf-7\"?><a/>",
            b"",
            b"\xFF\xFE\0",
        ] {
            assert!(matches!(in_utf8(bytes, &Limits::TITLE), Cow::Borrowed(same) if same == bytes));
        }
        let named_wide = b"<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>";
        assert_eq!(*in_utf8(named_wide, &Limits::TITLE), *named_wide);
    }

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
