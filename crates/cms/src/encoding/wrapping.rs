//! What DER is hidden in when it is sent in a way that nobody meant: base64 of base64, text in UTF-16, and the like.
//!
//! None of these is opened for good: whoever sends one has a fault in a program, and is told which.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::{LENIENT, decode_base64, pem_blocks};
use crate::asn1::SEQUENCE;

/// Layers that are looked through.
const MAX_LAYERS: usize = 4;
/// Bytes that are looked at: the cost of a look is a few times that.
const MAX_BYTES: usize = 8 << 20;

/// One way to hide bytes in others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Base64.
    Base64,
    /// Base64 with `-` and `_`, as addresses have it.
    Base64Url,
    /// Two hexadecimal digits for each byte.
    Hex,
    /// PEM.
    Pem,
    /// Text in UTF-16.
    Utf16,
    /// `data:…;base64,…`.
    DataUri,
    /// Percent signs of an address or a form.
    Percent,
    /// A string as programs write it, with quotation marks or escapes.
    Quoted,
    /// A form in which plus signs became blanks.
    LostPlus,
    /// A mail (S/MIME).
    Mail,
    /// The text of an XML element.
    Xml,
    /// UTF-8 of bytes that were taken for letters.
    Letters,
}

impl Layer {
    const ALL: [Self; 12] = [
        Self::Utf16,
        Self::Pem,
        Self::DataUri,
        Self::Mail,
        Self::Xml,
        Self::Quoted,
        Self::Percent,
        Self::Hex,
        Self::LostPlus,
        Self::Base64,
        Self::Base64Url,
        Self::Letters,
    ];

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Base64 => ("base64", "base64"),
            Self::Base64Url => ("base64 со знаками «-» и «_»", "base64 with - and _"),
            Self::Hex => ("шестнадцатеричные цифры", "hexadecimal digits"),
            Self::Pem => ("PEM", "PEM"),
            Self::Utf16 => ("текст в UTF-16", "text in UTF-16"),
            Self::DataUri => ("адрес data:", "a data: address"),
            Self::Percent => ("текст со знаками процента из адреса", "text with percent signs of an address"),
            Self::Quoted => {
                ("строка в кавычках или с обратными чертами", "a string with quotation marks or backslashes")
            }
            Self::LostPlus => {
                ("base64, в котором плюсы стали пробелами", "base64 whose plus signs became blanks")
            }
            Self::Mail => ("письмо S/MIME", "an S/MIME mail"),
            Self::Xml => ("текст элемента XML", "the text of an XML element"),
            Self::Letters => {
                ("текст UTF-8 из байтов, принятых за буквы", "UTF-8 of bytes that were taken for letters")
            }
        }
    }

    /// What stands inside; `None` when this is no such layer.
    fn open(self, input: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Base64 => decode_base64(input),
            Self::Base64Url => {
                let text = compact(input);
                let has_signs = text.iter().any(|byte| matches!(byte, b'-' | b'_'));
                let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
                has_signs.then(|| URL_SAFE_NO_PAD.decode(&text[..end]).ok()).flatten()
            }
            Self::Hex => open_hex(input),
            Self::Pem => {
                let is_pem = input.trim_ascii_start().starts_with(b"-----BEGIN ");
                is_pem.then(|| pem_blocks(input)?.into_iter().next().map(|block| block.bytes)).flatten()
            }
            Self::Utf16 => open_utf16(input),
            Self::DataUri => {
                let text = text(input)?.strip_prefix("data:")?;
                Some(text.split_once(";base64,")?.1.as_bytes().to_vec())
            }
            Self::Percent => open_percent(text(input)?),
            Self::Quoted => open_quoted(text(input)?),
            Self::LostPlus => {
                let text = text(input)?;
                // Lines are broken by other signs.
                let changed = text.replace(' ', "+");
                (changed != text && text.starts_with('M')).then(|| LENIENT.decode(changed).ok()).flatten()
            }
            Self::Mail => open_mail(text(input)?),
            Self::Xml => open_xml(text(input)?),
            Self::Letters => open_letters(std::str::from_utf8(input).ok()?),
        }
    }
}

/// The layers around DER, the outermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrapping([Option<Layer>; MAX_LAYERS]);

impl Wrapping {
    /// The layers, the outermost first.
    pub fn layers(&self) -> impl Iterator<Item = Layer> {
        self.0.into_iter().flatten()
    }

    /// The layers in Russian.
    pub fn text_ru(&self) -> String {
        let names: Vec<_> = self.layers().map(|layer| layer.names().0).collect();
        names.join(", внутри — ")
    }
}

impl fmt::Display for Wrapping {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.layers().map(|layer| layer.names().1).collect();
        formatter.write_str(&names.join(", inside it "))
    }
}

/// Looks for DER inside. `None` when there is none.
pub(super) fn find(input: &[u8]) -> Option<Wrapping> {
    if input.len() > MAX_BYTES || is_der(input) {
        return None;
    }
    let mut layers = [None; MAX_LAYERS];
    open(input, &mut layers, 0).then_some(Wrapping(layers))
}

/// Opens layer by layer; notes those that lead to DER from `depth` on.
fn open(input: &[u8], layers: &mut [Option<Layer>; MAX_LAYERS], depth: usize) -> bool {
    if is_der(input) {
        layers[depth..].fill(None);
        return true;
    }
    if depth == MAX_LAYERS {
        return false;
    }
    Layer::ALL.into_iter().any(|layer| {
        let inner = layer.open(input);
        layers[depth] = Some(layer);
        inner.is_some_and(|inner| open(&inner, layers, depth + 1))
    })
}

/// Whether this is printable text, which no structure is.
pub(super) fn is_text(input: &[u8]) -> bool {
    input.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}

/// A SEQUENCE that takes all of the bytes, or one of indefinite length.
fn is_der(input: &[u8]) -> bool {
    let length = match input {
        [SEQUENCE, 0x80, ..] => return true,
        [SEQUENCE, first @ 0..0x80, ..] => 2 + usize::from(*first),
        [SEQUENCE, 0x81, first, ..] => 3 + usize::from(*first),
        [SEQUENCE, 0x82, high, low, ..] => 4 + usize::from(u16::from_be_bytes([*high, *low])),
        [SEQUENCE, 0x83, high, middle, low, ..] => {
            5 + (usize::from(*high) << 16 | usize::from(*middle) << 8 | usize::from(*low))
        }
        _ => return false,
    };
    length == input.len() && !is_text(input)
}

fn text(input: &[u8]) -> Option<&str> {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    std::str::from_utf8(input).ok().map(str::trim)
}

fn compact(input: &[u8]) -> Vec<u8> {
    input.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

fn open_hex(input: &[u8]) -> Option<Vec<u8>> {
    let text = text(input)?;
    let text = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let is_between = |sign: &char| sign.is_whitespace() || matches!(sign, ':' | '-');
    let digits: Option<Vec<u8>> = text
        .chars()
        .filter(|sign| !is_between(sign))
        .map(|sign| sign.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2) && !digits.is_empty())?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn open_utf16(input: &[u8]) -> Option<Vec<u8>> {
    let (encoding, text): (&Encoding, _) = match input {
        [0xff, 0xfe, rest @ ..] => (UTF_16LE, rest),
        [0xfe, 0xff, rest @ ..] => (UTF_16BE, rest),
        // Without a mark: every second byte of ASCII is zero.
        [_, 0, _, 0, ..] => (UTF_16LE, input),
        [0, _, 0, _, ..] => (UTF_16BE, input),
        _ => return None,
    };
    let (text, had_errors) = encoding.decode_without_bom_handling(text);
    (!had_errors).then(|| text.trim().as_bytes().to_vec())
}

fn open_percent(text: &str) -> Option<Vec<u8>> {
    if !text.contains('%') {
        return None;
    }
    // The name of a field may stand in front, as forms are sent.
    let value =
        text.rsplit_once('=').filter(|(_, value)| value.contains('%')).map_or(text, |(_, value)| value);
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(others.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &others[2..];
        } else {
            bytes.push(*first);
            rest = others;
        }
    }
    Some(bytes)
}

fn open_quoted(text: &str) -> Option<Vec<u8>> {
    let quoted = ['"', '\''].into_iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark));
    if quoted.is_none() && !text.contains('\\') {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut signs = quoted.unwrap_or(text).chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next()? {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'u' => {
                    let digits: String = signs.by_ref().take(4).collect();
                    out.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    Some(out.into_bytes())
}

/// The body of the last part in base64: where there are several, the signature is the last.
fn open_mail(text: &str) -> Option<Vec<u8>> {
    let lower = text.to_ascii_lowercase();
    let at = lower.rfind("content-transfer-encoding: base64")?;
    let after = text[at..].replace("\r\n", "\n");
    let body = after.split_once("\n\n")?.1;
    let body: Vec<&str> = body.lines().take_while(|line| !line.starts_with("--")).collect();
    Some(body.join("\n").into_bytes())
}

/// The longest text between two tags.
fn open_xml(text: &str) -> Option<Vec<u8>> {
    if !text.starts_with('<') {
        return None;
    }
    let texts = text.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text.trim());
    texts.max_by_key(|text| text.len()).filter(|text| !text.is_empty()).map(|text| text.as_bytes().to_vec())
}

fn open_letters(text: &str) -> Option<Vec<u8>> {
    if text.is_ascii() || !text.starts_with('0') {
        return None;
    }
    let latin: Option<Vec<u8>> = text.chars().map(|sign| u8::try_from(u32::from(sign)).ok()).collect();
    latin.or_else(|| {
        let (bytes, _, lost) = WINDOWS_1251.encode(text);
        (!lost).then(|| bytes.into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::super::{EncodingError, Limits, to_der};
    use super::*;

    /// Every layer around a structure with all kinds of bytes; the text names it.
    #[test]
    fn each_layer_is_found_and_named() {
        let bytes: Vec<u8> = (0..=255u8).map(|at| at.wrapping_mul(7)).collect();
        let der = crate::asn1::sequence(&[&crate::asn1::tlv(crate::asn1::OCTET_STRING, &[&bytes])]);
        assert!(is_der(&der));
        let base64 = base64::prelude::BASE64_STANDARD.encode(&der);
        let again = base64::prelude::BASE64_STANDARD.encode(&base64);
        let url = base64::prelude::BASE64_URL_SAFE.encode(&der);
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let digits: String = der.iter().map(|byte| format!("{byte:02X}")).collect();
        let lines: Vec<&str> =
            base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let pem = format!("-----BEGIN CMS-----\n{}\n-----END CMS-----\n", lines.join("\n"));
        let latin: String = der.iter().map(|byte| char::from(*byte)).collect();
        let percent = base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        for (input, layers) in [
            (again.clone().into_bytes(), &[Layer::Base64, Layer::Base64][..]),
            (base64::prelude::BASE64_STANDARD.encode(&again).into_bytes(), &[Layer::Base64; 3]),
            (base64::prelude::BASE64_STANDARD.encode(&pem).into_bytes(), &[Layer::Base64, Layer::Pem]),
            (utf16(&base64), &[Layer::Utf16, Layer::Base64]),
            ([&[0xff, 0xfe], &utf16(&base64)[..]].concat(), &[Layer::Utf16, Layer::Base64]),
            (base64.encode_utf16().flat_map(u16::to_be_bytes).collect(), &[Layer::Utf16, Layer::Base64]),
            (utf16(&pem), &[Layer::Utf16, Layer::Pem]),
            (url.into_bytes(), &[Layer::Base64Url]),
            (digits.clone().into_bytes(), &[Layer::Hex]),
            (format!("0x{}", digits.to_lowercase()).into_bytes(), &[Layer::Hex]),
            (base64::prelude::BASE64_STANDARD.encode(&digits).into_bytes(), &[Layer::Base64, Layer::Hex]),
            (
                format!("data:application/pkcs7-signature;base64,{base64}").into_bytes(),
                &[Layer::DataUri, Layer::Base64],
            ),
            (format!("\"{}\"", base64.replace('/', "\\/")).into_bytes(), &[Layer::Quoted, Layer::Base64]),
            (lines.join("\\r\\n").into_bytes(), &[Layer::Quoted, Layer::Base64]),
            (percent.into_bytes(), &[Layer::Percent, Layer::Base64]),
            (base64.replace('+', " ").into_bytes(), &[Layer::LostPlus]),
            (
                format!(
                    "MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                    lines.join("\r\n")
                )
                .into_bytes(),
                &[Layer::Mail, Layer::Base64],
            ),
            (
                format!("<?xml version=\"1.0\"?><a><b>{base64}</b></a>").into_bytes(),
                &[Layer::Xml, Layer::Base64],
            ),
            (latin.into_bytes(), &[Layer::Letters]),
        ] {
            let error = to_der(&input, &Limits::default()).unwrap_err();
            let EncodingError::Wrapped(wrapping) = error else { panic!("{layers:?}: {error:?}") };
            assert_eq!(wrapping.layers().collect::<Vec<_>>(), layers);
            for layer in layers {
                let (russian, english) = layer.names();
                assert!(error.text_ru().contains(russian) && error.to_string().contains(english), "{error}");
            }
        }
    }

    #[test]
    fn what_hides_no_structure_is_not_taken_for_a_layer() {
        for input in [
            "no signature at all",
            "TWFuIGlzIGRpc3Rpbmd1aXNoZWQ=",
            "deadbeef",
            "<a>text</a>",
            "\"\"",
            "%",
            "data:,",
        ] {
            assert_eq!(to_der(input.as_bytes(), &Limits::default()), Err(EncodingError::NotDer), "{input}");
        }
    }
}
