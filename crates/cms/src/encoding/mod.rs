//! From what people send to DER: PEM, base64, and BER with indefinite lengths.

mod ber;
mod wrapping;

pub(crate) use ber::definite;

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::asn1::SEQUENCE;
pub use wrapping::{Layer, Wrapping};

/// Base64 as people paste it: padding may be missing.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bounds of what is read from strangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the input.
    pub max_bytes: usize,
    /// Elements inside elements.
    pub max_depth: usize,
    /// Elements in all.
    pub max_elements: usize,
    /// Certificates in one signature.
    pub max_certificates: usize,
    /// Signers in one signature.
    pub max_signers: usize,
}

impl Default for Limits {
    /// One mebibyte, 32 levels, as many elements as can stand in that (none takes less than two bytes), 32 certificates, 16
    /// signers: ten times what real signatures have, and at worst some seconds of checking. Revocation lists inside a
    /// signature have elements by the hundred thousand, and cost nothing but their bytes.
    fn default() -> Self {
        Self {
            max_bytes: 1 << 20,
            max_depth: 32,
            max_elements: 1 << 19,
            max_certificates: 32,
            max_signers: 16,
        }
    }
}

/// Why bytes are not DER in any wrapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// Nothing given.
    #[error("nothing was given")]
    Empty,
    /// More bytes than allowed.
    #[error("{actual} bytes were given, at most {limit} are read")]
    TooLarge {
        /// Bytes given.
        actual: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Neither DER, nor PEM, nor base64.
    #[error("this is neither DER, nor PEM, nor base64")]
    NotDer,
    /// DER inside something that is not opened, because whoever made it meant something else.
    #[error("this is {0}: send DER, or its base64 once")]
    Wrapped(Wrapping),
    /// The end is missing.
    #[error("the end is missing: the structure has {expected} bytes, {actual} were given")]
    CutOff {
        /// Bytes that the structure says it has.
        expected: usize,
        /// Bytes given.
        actual: usize,
    },
    /// Bytes that somebody took for text: what was no text is lost.
    #[error("the bytes were converted as if they were text, and some are lost: send them as they are")]
    ReadAsText,
    /// Lengths or tags that do not add up.
    #[error("the structure is broken at byte {0}")]
    Broken(usize),
    /// Elements too deep inside each other.
    #[error("the structure is nested more than {0} levels deep")]
    TooDeep(usize),
    /// Too many elements.
    #[error("the structure has more than {0} elements")]
    TooManyElements(usize),
    /// Something stands after the end.
    #[error("{0} bytes stand after the end of the structure")]
    TrailingData(usize),
}

impl EncodingError {
    /// The same in Russian, without a point at the end.
    pub fn text_ru(&self) -> String {
        match self {
            Self::Empty => "данных нет".to_owned(),
            Self::TooLarge { actual, limit } => {
                format!("слишком много данных: {actual} байт, допускается не более {limit}")
            }
            Self::NotDer => "это не DER, не PEM и не base64".to_owned(),
            Self::Wrapped(wrapping) => {
                format!("это {}: пришлите DER или один раз закодированный base64", wrapping.text_ru())
            }
            Self::CutOff { expected, actual } => {
                format!("конец потерян: в структуре {expected} байт, получено {actual}")
            }
            Self::ReadAsText => {
                "байты преобразованы как текст, и часть из них потеряна: передавайте байты без перекодирования"
                    .to_owned()
            }
            Self::Broken(at) => format!("структура повреждена, начиная с байта {at}"),
            Self::TooDeep(limit) => format!("вложенность структуры больше {limit}"),
            Self::TooManyElements(limit) => format!("в структуре больше {limit} элементов"),
            Self::TrailingData(rest) => format!("после конца структуры есть ещё {rest} байт"),
        }
    }
}

/// One block of a PEM text.
pub(crate) struct PemBlock {
    /// What stands after `BEGIN`.
    pub(crate) label: String,
    /// The decoded bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether its headers say that it is encrypted, as in old files with keys; nothing is decoded then.
    pub(crate) is_encrypted: bool,
}

/// All blocks of a PEM text; `None` when there is none, or one is broken.
pub(crate) fn pem_blocks(bytes: &[u8]) -> Option<Vec<PemBlock>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut blocks = Vec::new();
    let mut open: Option<(String, String, bool)> = None;
    for line in text.lines().map(str::trim) {
        let line = line.trim_start_matches('\u{feff}');
        if let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
            open = Some((label.to_owned(), String::new(), false));
        } else if let Some(label) = line.strip_prefix("-----END ").and_then(|rest| rest.strip_suffix("-----"))
        {
            let (begun, body, is_encrypted) = open.take()?;
            if begun != label {
                return None;
            }
            let bytes = if is_encrypted { Vec::new() } else { LENIENT.decode(&body).ok()? };
            blocks.push(PemBlock { label: begun, bytes, is_encrypted });
        } else if let Some((_, body, is_encrypted)) = &mut open {
            // Headers of RFC 1421. Those of a key that is not encrypted only comment on it.
            match line.split_once(':') {
                Some((name, value)) => {
                    *is_encrypted |= name == "DEK-Info" || name == "Proc-Type" && value.contains("ENCRYPTED");
                }
                None => body.push_str(line),
            }
        }
    }
    (open.is_none() && !blocks.is_empty()).then_some(blocks)
}

/// Writes a PEM block with lines of 64 characters.
pub(crate) fn to_pem(label: &str, bytes: &[u8]) -> String {
    let text = base64::prelude::BASE64_STANDARD.encode(bytes);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(std::str::from_utf8(line).expect("base64 is ASCII"));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// Turns DER, BER, PEM or base64 into DER with definite lengths, within limits.
///
/// Only the form of lengths changes and strings in pieces become whole: order, values and everything else that was
/// signed stay as they came.
pub(crate) fn to_der(input: &[u8], limits: &Limits) -> Result<Vec<u8>, EncodingError> {
    let bytes = unwrap(input, limits)?;
    Ok(definite(&bytes, limits)?.into_owned())
}

/// Takes DER or BER out of PEM or base64, and changes nothing in it. Whether it is whole is not looked at.
pub(crate) fn unwrap<'a>(input: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, EncodingError> {
    if input.is_empty() {
        return Err(EncodingError::Empty);
    }
    if input.len() > limits.max_bytes {
        return Err(EncodingError::TooLarge { actual: input.len(), limit: limits.max_bytes });
    }
    if input[0] == SEQUENCE && !wrapping::is_text(input) {
        return Ok(Cow::Borrowed(input));
    }
    match decode_text(input) {
        Some(bytes) => Ok(Cow::Owned(bytes)),
        None => Err(wrapping::find(input).map_or(EncodingError::NotDer, EncodingError::Wrapped)),
    }
}

/// Decodes PEM (its first block) or bare base64.
fn decode_text(input: &[u8]) -> Option<Vec<u8>> {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let text = input.trim_ascii();
    let bytes = if text.starts_with(b"-----BEGIN ") {
        pem_blocks(text)?.into_iter().next()?.bytes
    } else {
        decode_base64(text)?
    };
    (bytes.first() == Some(&SEQUENCE) && !wrapping::is_text(&bytes)).then_some(bytes)
}

/// Decodes base64 in lines or without.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let compact: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    LENIENT.decode(compact).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_data::hex;

    #[test]
    fn every_wrapping_leads_to_the_same_der() {
        let der = hex("3006020105040141");
        for (name, input) in [
            ("DER", der.clone()),
            ("base64", b"MAYCAQUEAUE=".to_vec()),
            ("base64 without padding", b"MAYCAQUEAUE".to_vec()),
            ("base64 in lines, with a mark", b"\xef\xbb\xbfMAYC\r\nAQUE\r\nAUE=\r\n".to_vec()),
            ("PEM", b"-----BEGIN CMS-----\nMAYCAQUE\nAUE=\n-----END CMS-----\n".to_vec()),
            ("indefinite length", hex("30800201050401410000")),
            ("long form of a short length", hex("308106020105040141")),
            ("string in pieces", hex("3080020105248004014100000000")),
            ("string in definite pieces", hex("30080201052403040141")),
            ("string in pieces of pieces", hex("300c020105248024030401410000")),
        ] {
            assert_eq!(to_der(&input, &Limits::default()), Ok(der.clone()), "{name}");
        }
    }

    #[test]
    fn order_and_values_stay() {
        // A SET that is not sorted, and a BOOLEAN that is 1.
        let der = hex("3109020109020101010101");
        let wrapped = [&hex("3080")[..], &der, &hex("0000")].concat();
        let expected = [&hex("300b")[..], &der].concat();
        assert_eq!(to_der(&wrapped, &Limits::default()), Ok(expected));
    }

    #[test]
    fn broken_input_is_refused() {
        let limits = Limits { max_bytes: 64, max_depth: 4, max_elements: 12, ..Limits::default() };
        for (input, expected) in [
            ("", EncodingError::Empty),
            ("ff", EncodingError::NotDer),
            ("30", EncodingError::NotDer),
            ("3082", EncodingError::Broken(2)),
            ("3003020105ff", EncodingError::TrailingData(1)),
            ("3005020105", EncodingError::CutOff { expected: 7, actual: 5 }),
            ("3080020105", EncodingError::Broken(5)),
            ("3004020205", EncodingError::CutOff { expected: 6, actual: 5 }),
            ("30040203050607", EncodingError::Broken(0)),
            ("3002048000", EncodingError::Broken(2)),
            ("30023f0100", EncodingError::Broken(2)),
            ("3089ffffffffffffffffff", EncodingError::Broken(1)),
            ("3004efbfbdefbfbdefbfbd", EncodingError::ReadAsText),
            ("300530030201", EncodingError::CutOff { expected: 7, actual: 6 }),
            ("300c300a30083006300430023000", EncodingError::TooDeep(4)),
            (&format!("301a{}", "0500".repeat(13)), EncodingError::TooManyElements(12)),
            (&"30".repeat(65), EncodingError::TooLarge { actual: 65, limit: 64 }),
        ] {
            assert_eq!(to_der(&hex(input), &limits), Err(expected), "{input}");
            assert!(!expected.text_ru().is_empty() && !expected.to_string().is_empty());
        }
    }

    #[test]
    fn pem_of_several_blocks_is_split() {
        let text = "text\n-----BEGIN A-----\nAAAA\n-----END A-----\n-----BEGIN B-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n\
                    -----END B-----\n-----BEGIN C-----\nComment: mine\n\nAAAA\n-----END C-----\n";
        let blocks = pem_blocks(text.as_bytes()).unwrap();
        let seen: Vec<_> = blocks
            .iter()
            .map(|block| (block.label.as_str(), block.is_encrypted, block.bytes.len()))
            .collect();
        assert_eq!(seen, [("A", false, 3), ("B", true, 0), ("C", false, 3)]);
        assert!(pem_blocks(b"-----BEGIN A-----\nAAAA\n-----END B-----\n").is_none());
        assert!(pem_blocks(b"-----BEGIN A-----\nAAAA\n").is_none());
        assert!(pem_blocks(b"none").is_none());
    }

    #[test]
    fn pem_is_read_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        let blocks = pem_blocks(to_pem("X", &bytes).as_bytes()).unwrap();
        assert_eq!(blocks[0].bytes, bytes);
    }
}
