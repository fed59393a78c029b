//! From what people send to DER: PEM, base64, and BER with indefinite lengths.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::asn1::{self, OCTET_STRING, SEQUENCE};

/// Base64 as people paste it: padding may be missing.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Constructed OCTET STRING, which BER allows in pieces.
const OCTET_STRING_IN_PIECES: u8 = OCTET_STRING | 0x20;
/// BIT STRING in pieces: allowed by BER, used by nobody.
const BIT_STRING_IN_PIECES: u8 = asn1::BIT_STRING | 0x20;

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
    /// One mebibyte, 32 levels, 20 000 elements, 32 certificates, 16 signers: ten times what real signatures have,
    /// and at worst some seconds of checking.
    fn default() -> Self {
        Self {
            max_bytes: 1 << 20,
            max_depth: 32,
            max_elements: 20_000,
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
    /// Lengths or tags that do not add up.
    #[error("the structure is broken at byte {0}")]
    Broken(usize),
    /// Elements too deep inside each other, or too many.
    #[error("the structure is nested too deep or has too many elements")]
    TooComplex,
    /// Something stands after the end.
    #[error("{0} bytes stand after the end of the structure")]
    TrailingData(usize),
}

/// One block of a PEM text.
pub(crate) struct PemBlock {
    /// What stands after `BEGIN`.
    pub(crate) label: String,
    /// The decoded bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether headers stood before the base64, as in old encrypted keys.
    pub(crate) has_headers: bool,
}

/// All blocks of a PEM text; `None` when there is none, or one is broken.
pub(crate) fn pem_blocks(bytes: &[u8]) -> Option<Vec<PemBlock>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut blocks = Vec::new();
    let mut open: Option<(String, String, bool)> = None;
    for line in text.lines().map(str::trim) {
        if let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
            open = Some((label.to_owned(), String::new(), false));
        } else if let Some(label) = line.strip_prefix("-----END ").and_then(|rest| rest.strip_suffix("-----"))
        {
            let (begun, body, has_headers) = open.take()?;
            if begun != label {
                return None;
            }
            let bytes = if has_headers { Vec::new() } else { LENIENT.decode(&body).ok()? };
            blocks.push(PemBlock { label: begun, bytes, has_headers });
        } else if let Some((_, body, has_headers)) = &mut open {
            *has_headers |= line.contains(':');
            body.push_str(line);
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
    if input.is_empty() {
        return Err(EncodingError::Empty);
    }
    if input.len() > limits.max_bytes {
        return Err(EncodingError::TooLarge { actual: input.len(), limit: limits.max_bytes });
    }
    if input[0] == SEQUENCE {
        return definite(input, limits);
    }
    definite(&decode_text(input).ok_or(EncodingError::NotDer)?, limits)
}

/// Decodes PEM (its first block) or bare base64.
fn decode_text(input: &[u8]) -> Option<Vec<u8>> {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let text = input.trim_ascii();
    let bytes = if text.starts_with(b"-----BEGIN ") {
        pem_blocks(text)?.into_iter().next()?.bytes
    } else {
        let compact: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        LENIENT.decode(compact).ok()?
    };
    (bytes.first() == Some(&SEQUENCE)).then_some(bytes)
}

/// Rewrites BER with indefinite lengths as BER with definite ones.
fn definite(input: &[u8], limits: &Limits) -> Result<Vec<u8>, EncodingError> {
    let mut walk = Walk { input, position: 0, elements: 0, limits };
    let out = walk.element(0)?;
    match input.len() - walk.position {
        0 => Ok(out),
        rest => Err(EncodingError::TrailingData(rest)),
    }
}

struct Walk<'a> {
    input: &'a [u8],
    position: usize,
    elements: usize,
    limits: &'a Limits,
}

impl<'a> Walk<'a> {
    fn byte(&mut self) -> Result<u8, EncodingError> {
        let byte = *self.input.get(self.position).ok_or(EncodingError::Broken(self.position))?;
        self.position += 1;
        Ok(byte)
    }

    /// The length octets; `None` for an indefinite length.
    fn length(&mut self) -> Result<Option<usize>, EncodingError> {
        let broken = EncodingError::Broken(self.position);
        match self.byte()? {
            0x80 => Ok(None),
            short @ 0..0x80 => Ok(Some(usize::from(short))),
            long => {
                let mut length = 0usize;
                for _ in 0..long & 0x7f {
                    if length > self.limits.max_bytes {
                        return Err(broken);
                    }
                    length = length << 8 | usize::from(self.byte()?);
                }
                Ok(Some(length))
            }
        }
    }

    /// One element, rewritten.
    fn element(&mut self, depth: usize) -> Result<Vec<u8>, EncodingError> {
        self.elements += 1;
        if depth > self.limits.max_depth || self.elements > self.limits.max_elements {
            return Err(EncodingError::TooComplex);
        }
        let start = self.position;
        let tag = self.byte()?;
        // Tags above 30 take more octets, and no structure here has one.
        if tag & 0x1f == 0x1f || tag == BIT_STRING_IN_PIECES {
            return Err(EncodingError::Broken(start));
        }
        let length = self.length()?;
        let constructed = tag & 0x20 != 0;
        let end = match length {
            Some(length) => {
                let end = self.position.checked_add(length).filter(|end| *end <= self.input.len());
                Some(end.ok_or(EncodingError::Broken(start))?)
            }
            None if constructed => None,
            None => return Err(EncodingError::Broken(start)),
        };
        if !constructed {
            let end = end.expect("a primitive element has a length");
            let value = &self.input[self.position..end];
            self.position = end;
            return Ok(asn1::tlv(tag, &[value]));
        }
        let mut parts = Vec::new();
        loop {
            match end {
                Some(end) if self.position == end => break,
                Some(end) if self.position > end => return Err(EncodingError::Broken(start)),
                None if self.input[self.position..].starts_with(&[0, 0]) => {
                    self.position += 2;
                    break;
                }
                _ => parts.push(self.element(depth + 1)?),
            }
        }
        if tag != OCTET_STRING_IN_PIECES {
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            return Ok(asn1::tlv(tag, &parts));
        }
        let mut whole = Vec::new();
        for part in &parts {
            let piece = asn1::Item::parse(part).and_then(|item| item.octets());
            whole.extend_from_slice(piece.map_err(|_| EncodingError::Broken(start))?);
        }
        Ok(asn1::tlv(OCTET_STRING, &[&whole]))
    }
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
            ("30", EncodingError::Broken(1)),
            ("3003020105ff", EncodingError::TrailingData(1)),
            ("3005020105", EncodingError::Broken(0)),
            ("3080020105", EncodingError::Broken(5)),
            ("3004020205", EncodingError::Broken(0)),
            ("30040203050607", EncodingError::Broken(0)),
            ("3002048000", EncodingError::Broken(2)),
            ("30023f0100", EncodingError::Broken(2)),
            ("3089ffffffffffffffffff", EncodingError::Broken(1)),
            ("300530030201", EncodingError::Broken(0)),
            ("300c300a30083006300430023000", EncodingError::TooComplex),
            (&format!("301a{}", "0500".repeat(13)), EncodingError::TooComplex),
            (&"30".repeat(65), EncodingError::TooLarge { actual: 65, limit: 64 }),
        ] {
            assert_eq!(to_der(&hex(input), &limits), Err(expected), "{input}");
        }
    }

    #[test]
    fn pem_of_several_blocks_is_split() {
        let text = "text\n-----BEGIN A-----\nAAAA\n-----END A-----\n-----BEGIN B-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n\
                    -----END B-----\n";
        let blocks = pem_blocks(text.as_bytes()).unwrap();
        let seen: Vec<_> = blocks.iter().map(|block| (block.label.as_str(), block.has_headers)).collect();
        assert_eq!(seen, [("A", false), ("B", true)]);
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
