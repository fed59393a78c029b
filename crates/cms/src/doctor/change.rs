//! The forms of a content that are signed instead of it.

use base64::Engine;
use encoding_rs::WINDOWS_1251;

use crate::signed_data::Language;

/// One change of the form of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The UTF-8 form of a content in windows-1251 was signed.
    Utf8InsteadOfWindows1251,
    /// The windows-1251 form of a content in UTF-8 was signed.
    Windows1251InsteadOfUtf8,
    /// The UTF-16 form of the content was signed, as strings in memory have it.
    Utf16,
    /// The base64 text of the content was signed.
    Base64,
    /// The base64 text of the content, in lines, was signed.
    Base64InLines,
    /// A byte order mark was added before signing, or lost after.
    MarkAdded,
    /// A byte order mark was removed before signing, or added after.
    MarkRemoved,
    /// Ends of lines were `\n` when it was signed.
    UnixLines,
    /// Ends of lines were `\r\n` when it was signed.
    WindowsLines,
    /// There was one more end of line at the end when it was signed.
    EndOfLineAdded,
    /// There was no end of line at the end when it was signed.
    EndOfLineRemoved,
}

impl Change {
    pub(super) const ALL: [Self; 11] = [
        Self::Utf8InsteadOfWindows1251,
        Self::Windows1251InsteadOfUtf8,
        Self::UnixLines,
        Self::WindowsLines,
        Self::EndOfLineAdded,
        Self::EndOfLineRemoved,
        Self::MarkAdded,
        Self::MarkRemoved,
        Self::Utf16,
        Self::Base64,
        Self::Base64InLines,
    ];

    /// Changes of one sort exclude each other; sorts stand in the order in which programs apply them.
    pub(super) fn sort(self) -> u8 {
        match self {
            Self::UnixLines | Self::WindowsLines => 0,
            Self::EndOfLineAdded | Self::EndOfLineRemoved => 1,
            Self::Utf8InsteadOfWindows1251 | Self::Windows1251InsteadOfUtf8 | Self::Utf16 => 2,
            Self::MarkAdded | Self::MarkRemoved => 3,
            Self::Base64 | Self::Base64InLines => 4,
        }
    }

    /// The changed content; `None` when the change is not possible or changes nothing.
    pub(super) fn apply(self, content: &[u8]) -> Option<Vec<u8>> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        let changed = match self {
            Self::Utf8InsteadOfWindows1251 => {
                // Every byte is a letter of windows-1251; text that is UTF-8 already is not meant.
                if std::str::from_utf8(content).is_ok() {
                    return None;
                }
                WINDOWS_1251.decode_without_bom_handling(content).0.into_owned().into_bytes()
            }
            Self::Windows1251InsteadOfUtf8 => {
                let text = std::str::from_utf8(content).ok()?;
                let (bytes, _, lost) = WINDOWS_1251.encode(text.strip_prefix('\u{feff}').unwrap_or(text));
                if lost {
                    return None;
                }
                bytes.into_owned()
            }
            Self::Utf16 => {
                let text = match std::str::from_utf8(content) {
                    Ok(text) => text.to_owned(),
                    Err(_) => WINDOWS_1251.decode_without_bom_handling(content).0.into_owned(),
                };
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            Self::Base64 => base64::prelude::BASE64_STANDARD.encode(content).into_bytes(),
            Self::Base64InLines => {
                let text = base64::prelude::BASE64_STANDARD.encode(content);
                let lines: Vec<&[u8]> = text.as_bytes().chunks(76).collect();
                lines.join(&b"\r\n"[..])
            }
            Self::MarkAdded => [MARK, content].concat(),
            Self::MarkRemoved => content.strip_prefix(MARK)?.to_vec(),
            Self::UnixLines => replace(content, b"\r\n", b"\n"),
            Self::WindowsLines => replace(&replace(content, b"\r\n", b"\n"), b"\n", b"\r\n"),
            Self::EndOfLineAdded => {
                let end: &[u8] = if content.windows(2).any(|pair| pair == b"\r\n") { b"\r\n" } else { b"\n" };
                [content, end].concat()
            }
            Self::EndOfLineRemoved => {
                let line = content.strip_suffix(b"\n")?;
                line.strip_suffix(b"\r").unwrap_or(line).to_vec()
            }
        };
        (changed != content).then_some(changed)
    }

    pub(super) fn text(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Self::Utf8InsteadOfWindows1251 => (
                "подписан текст в UTF-8, а документ в windows-1251: подписывать нужно байты файла без перекодирования",
                "the UTF-8 text was signed and the document is in windows-1251: sign the bytes of the file as they are",
            ),
            Self::Windows1251InsteadOfUtf8 => (
                "подписан текст в windows-1251, а документ в UTF-8: подписывать нужно байты файла без перекодирования",
                "the windows-1251 text was signed and the document is in UTF-8: sign the bytes of the file as they are",
            ),
            Self::Utf16 => (
                "подписан текст в UTF-16: подписывать нужно байты файла, а не строку в памяти",
                "the UTF-16 text was signed: sign the bytes of the file, not a string in memory",
            ),
            Self::Base64 | Self::Base64InLines => (
                "подписан текст base64, а не сами байты документа",
                "the base64 text was signed instead of the bytes of the document",
            ),
            Self::MarkAdded => (
                "подписан документ с меткой порядка байтов (BOM), а прислан без неё",
                "a byte order mark (BOM) was signed and is missing in the document",
            ),
            Self::MarkRemoved => (
                "подписан документ без метки порядка байтов (BOM), а прислан с ней",
                "the document has a byte order mark (BOM) that was not signed",
            ),
            Self::UnixLines => (
                "концы строк изменены после подписания: подписаны LF, в документе CRLF",
                "ends of lines were changed after signing: LF was signed, the document has CRLF",
            ),
            Self::WindowsLines => (
                "концы строк изменены после подписания: подписаны CRLF, в документе LF",
                "ends of lines were changed after signing: CRLF was signed, the document has LF",
            ),
            Self::EndOfLineAdded => (
                "в конце документа пропал перевод строки, который был подписан",
                "the document lost a line end at its end that was signed",
            ),
            Self::EndOfLineRemoved => (
                "в конце документа появился перевод строки, которого не было при подписании",
                "the document has a line end at its end that was not signed",
            ),
        };
        match language {
            Language::Russian => russian,
            Language::English => english,
        }
    }
}

pub(super) fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}
