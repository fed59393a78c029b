//! BER with indefinite lengths and strings in pieces, rewritten with definite lengths.

use std::borrow::Cow;

use super::{EncodingError, Limits, wrapping};
use crate::asn1::{BIT_STRING, OCTET_STRING};

/// Constructed OCTET STRING, which BER allows in pieces.
const OCTET_STRING_IN_PIECES: u8 = OCTET_STRING | 0x20;
/// BIT STRING in pieces: allowed by BER, used by nobody.
const BIT_STRING_IN_PIECES: u8 = BIT_STRING | 0x20;
/// In a tag: other elements stand inside.
const CONSTRUCTED: u8 = 0x20;
/// In a tag: it goes on in the next octet. No structure here has one.
const LONG_TAG: u8 = 0x1f;
/// U+FFFD in UTF-8: what stands in place of bytes that were no text.
const REPLACED: &[u8] = "\u{fffd}".as_bytes();

/// The same with definite lengths in the shortest form; the input itself when all lengths are so already.
pub(crate) fn definite<'a>(input: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, EncodingError> {
    let mut measure =
        Measure { reader: Reader { input, position: 0 }, lengths: Vec::new(), limits, is_definite: true };
    let measured = measure.element(0).and_then(|(_, length)| match input.len() - measure.reader.position {
        0 => Ok(length),
        rest => Err(EncodingError::TrailingData(rest)),
    });
    let length = measured.map_err(|error| cause(input, error))?;
    let Measure { lengths, is_definite, .. } = measure;
    if is_definite {
        return Ok(Cow::Borrowed(input));
    }
    let out = Vec::with_capacity(header_len(length) + length);
    let mut write = Write { reader: Reader { input, position: 0 }, lengths: lengths.into_iter(), out };
    write.element(true)?;
    Ok(Cow::Owned(write.out))
}

/// What more can be told of broken bytes.
fn cause(input: &[u8], error: EncodingError) -> EncodingError {
    if matches!(error, EncodingError::TooDeep(_) | EncodingError::TooManyElements(_)) {
        return error;
    }
    if let Some(wrapping) = wrapping::find(input) {
        return EncodingError::Wrapped(wrapping);
    }
    if input.windows(REPLACED.len()).filter(|window| *window == REPLACED).count() > 2 {
        return EncodingError::ReadAsText;
    }
    let mut reader = Reader { input, position: 1 };
    match reader.length(usize::MAX) {
        Ok(Some(length)) => match reader.position.checked_add(length) {
            Some(expected) if expected > input.len() => {
                EncodingError::CutOff { expected, actual: input.len() }
            }
            _ => error,
        },
        _ => error,
    }
}

/// Octets of the shortest header before so many bytes.
fn header_len(length: usize) -> usize {
    let octets = usize::BITS.div_ceil(8) - length.leading_zeros() / 8;
    if length < 0x80 { 2 } else { 2 + usize::try_from(octets).expect("at most eight") }
}

struct Reader<'a> {
    input: &'a [u8],
    position: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, EncodingError> {
        let byte = *self.input.get(self.position).ok_or(EncodingError::Broken(self.position))?;
        self.position += 1;
        Ok(byte)
    }

    /// The length octets; `None` for an indefinite length.
    fn length(&mut self, max: usize) -> Result<Option<usize>, EncodingError> {
        let broken = EncodingError::Broken(self.position);
        match self.byte()? {
            0x80 => Ok(None),
            short @ 0..0x80 => Ok(Some(usize::from(short))),
            long => {
                let mut length = 0usize;
                for _ in 0..long & 0x7f {
                    if length > max.min(usize::MAX >> 8) {
                        return Err(broken);
                    }
                    length = length << 8 | usize::from(self.byte()?);
                }
                Ok(Some(length))
            }
        }
    }

    /// Whether an element of indefinite length ends here; then its end is taken in.
    fn at_end_of_contents(&mut self) -> bool {
        let ends = self.input[self.position..].starts_with(&[0, 0]);
        if ends {
            self.position += 2;
        }
        ends
    }
}

/// The first walk: checks everything and notes how long each element will be.
struct Measure<'a> {
    reader: Reader<'a>,
    /// Bytes of the values to be written, in the order of the elements.
    lengths: Vec<usize>,
    limits: &'a Limits,
    is_definite: bool,
}

impl Measure<'_> {
    /// Takes in one element; gives its tag, and how many bytes its value takes when it is written.
    fn element(&mut self, depth: usize) -> Result<(u8, usize), EncodingError> {
        if depth > self.limits.max_depth {
            return Err(EncodingError::TooDeep(self.limits.max_depth));
        }
        let slot = self.lengths.len();
        if slot == self.limits.max_elements {
            return Err(EncodingError::TooManyElements(self.limits.max_elements));
        }
        self.lengths.push(0);
        let start = self.reader.position;
        let broken = EncodingError::Broken(start);
        let tag = self.reader.byte()?;
        if tag & LONG_TAG == LONG_TAG || tag == BIT_STRING_IN_PIECES {
            return Err(broken);
        }
        let length = self.reader.length(self.limits.max_bytes)?;
        let value_at = self.reader.position;
        let end = match length {
            Some(length) => {
                self.is_definite &= value_at - start == header_len(length);
                let end = value_at.checked_add(length).filter(|end| *end <= self.reader.input.len());
                Some(end.ok_or(broken)?)
            }
            None => None,
        };
        let value = match end {
            _ if tag & CONSTRUCTED != 0 => self.elements_until(end, tag, depth, broken)?,
            Some(end) => {
                self.reader.position = end;
                end - value_at
            }
            None => return Err(broken),
        };
        self.is_definite &= end.is_some() && tag != OCTET_STRING_IN_PIECES;
        self.lengths[slot] = value;
        Ok((tag, value))
    }

    /// Takes in what stands inside an element.
    fn elements_until(
        &mut self,
        end: Option<usize>,
        tag: u8,
        depth: usize,
        broken: EncodingError,
    ) -> Result<usize, EncodingError> {
        let mut value = 0;
        loop {
            match end {
                Some(end) if self.reader.position == end => return Ok(value),
                Some(end) if self.reader.position > end => return Err(broken),
                None if self.reader.position > self.reader.input.len() => return Err(broken),
                None if self.reader.at_end_of_contents() => return Ok(value),
                _ => {}
            }
            let (inner, length) = self.element(depth + 1)?;
            value += match tag {
                // The pieces of one string are joined: their headers go.
                OCTET_STRING_IN_PIECES if matches!(inner, OCTET_STRING | OCTET_STRING_IN_PIECES) => length,
                OCTET_STRING_IN_PIECES => return Err(broken),
                _ => header_len(length) + length,
            };
        }
    }
}

/// The second walk over what was measured.
struct Write<'a> {
    reader: Reader<'a>,
    lengths: std::vec::IntoIter<usize>,
    out: Vec<u8>,
}

impl Write<'_> {
    fn element(&mut self, with_header: bool) -> Result<(), EncodingError> {
        let tag = self.reader.byte()?;
        let length = self.reader.length(usize::MAX)?;
        let value = self.lengths.next().ok_or(EncodingError::Broken(self.reader.position))?;
        if with_header {
            self.out.push(if tag == OCTET_STRING_IN_PIECES { OCTET_STRING } else { tag });
            self.write_length(value);
        }
        let end = length.map(|length| self.reader.position + length);
        if tag & CONSTRUCTED == 0 {
            let end = end.ok_or(EncodingError::Broken(self.reader.position))?;
            self.out.extend_from_slice(&self.reader.input[self.reader.position..end]);
            self.reader.position = end;
            return Ok(());
        }
        loop {
            let is_over = match end {
                Some(end) => self.reader.position >= end,
                None => self.reader.at_end_of_contents(),
            };
            if is_over {
                return Ok(());
            }
            self.element(tag != OCTET_STRING_IN_PIECES)?;
        }
    }

    fn write_length(&mut self, length: usize) {
        let octets = header_len(length) - 2;
        if octets == 0 {
            self.out.push(u8::try_from(length).expect("below 128"));
            return;
        }
        self.out.push(0x80 | u8::try_from(octets).expect("at most eight"));
        let bytes = length.to_be_bytes();
        self.out.extend_from_slice(&bytes[bytes.len() - octets..]);
    }
}
