//! Reading and writing of ASN.1 with the original bytes at hand.
//!
//! Signatures are over bytes as they came, so structures are walked in place and never re-encoded: decoding to structs
//! would sort sets and drop what it does not know. Headers are read here, because certificates have strings of types that
//! `der` refuses; primitive values are read by `der`.

use der::asn1::{BitStringRef, ObjectIdentifier};
use der::{Decode, Encode, ErrorKind};

pub(crate) type Result<T> = std::result::Result<T, der::Error>;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const NUMERIC_STRING: u8 = 0x12;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const TELETEX_STRING: u8 = 0x14;
pub(crate) const VIDEOTEX_STRING: u8 = 0x15;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const GRAPHIC_STRING: u8 = 0x19;
pub(crate) const VISIBLE_STRING: u8 = 0x1a;
pub(crate) const GENERAL_STRING: u8 = 0x1b;
pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
pub(crate) const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The tag `[number]` of a constructed field.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// The tag `[number]` of a primitive field with an implicit tag.
pub(crate) const fn context_primitive(number: u8) -> u8 {
    0x80 | number
}

/// An error for a value that `der` accepts and we do not.
pub(crate) fn wrong_value() -> der::Error {
    ErrorKind::Failed.into()
}

/// Pieces of one string; OpenSSL writes one for each kilobyte.
const MAX_PIECES: usize = 4096;

/// One element: tag, length, value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    raw: &'a [u8],
    value_at: usize,
}

impl<'a> Item<'a> {
    /// The only element in `bytes`.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self> {
        let mut fields = Fields::new(bytes);
        let item = fields.next()?;
        fields.finish()?;
        Ok(item)
    }

    /// First octet of the tag.
    pub(crate) fn tag(&self) -> u8 {
        self.raw[0]
    }

    /// Tag, length and value as they came.
    pub(crate) fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The value as it came.
    pub(crate) fn value(&self) -> &'a [u8] {
        &self.raw[self.value_at..]
    }

    pub(crate) fn expect(self, tag: u8) -> Result<Self> {
        if self.tag() == tag { Ok(self) } else { Err(wrong_value()) }
    }

    /// The elements inside an element with this tag.
    pub(crate) fn fields(&self, tag: u8) -> Result<Fields<'a>> {
        Ok(Fields::new(self.expect(tag)?.value()))
    }

    /// The elements of a SEQUENCE.
    pub(crate) fn sequence(&self) -> Result<Fields<'a>> {
        self.fields(SEQUENCE)
    }

    /// The one element inside `[number]`.
    pub(crate) fn explicit(&self, number: u8) -> Result<Item<'a>> {
        Item::parse(self.expect(context(number))?.value())
    }

    pub(crate) fn decode<T: Decode<'a, Error = der::Error>>(&self) -> Result<T> {
        T::from_der(self.raw)
    }

    pub(crate) fn oid(&self) -> Result<ObjectIdentifier> {
        self.decode()
    }

    pub(crate) fn octets(&self) -> Result<&'a [u8]> {
        Ok(self.expect(OCTET_STRING)?.value())
    }

    /// The bytes of an OCTET STRING behind the implicit tag `[number]`: whole, or in pieces as BER allows.
    pub(crate) fn implicit_octets(&self, number: u8) -> Result<Vec<u8>> {
        if self.tag() == context_primitive(number) {
            return Ok(self.value().to_vec());
        }
        let pieces = self.fields(context(number))?.collect(MAX_PIECES)?;
        Ok(pieces.iter().map(Item::octets).collect::<Result<Vec<_>>>()?.concat())
    }

    /// The bytes of a BIT STRING of whole bytes.
    pub(crate) fn bits(&self) -> Result<&'a [u8]> {
        self.decode::<BitStringRef<'a>>()?.as_bytes().ok_or_else(wrong_value)
    }

    /// A BOOLEAN. Any value but zero is true, as in BER: some issuers write 1.
    pub(crate) fn boolean(&self) -> Result<bool> {
        match self.expect(BOOLEAN)?.value() {
            [value] => Ok(*value != 0),
            _ => Err(wrong_value()),
        }
    }

    /// The big-endian two's complement of an INTEGER as it came, at least one byte.
    pub(crate) fn integer(&self) -> Result<&'a [u8]> {
        let value = self.expect(INTEGER)?.value();
        if value.is_empty() { Err(wrong_value()) } else { Ok(value) }
    }

    /// A small INTEGER that is not negative.
    pub(crate) fn small_integer(&self) -> Result<u32> {
        self.decode()
    }
}

/// Where the value of the first element begins and ends. Tags of one octet and the shortest definite lengths only, as
/// DER wants them: [`crate::encoding::to_der`] makes these of all others.
fn header(bytes: &[u8]) -> Option<(usize, usize)> {
    let (tag, rest) = bytes.split_first()?;
    if *tag == 0 || tag & 0x1f == 0x1f {
        return None;
    }
    let (first, rest) = rest.split_first()?;
    let (octets, length) = match usize::from(*first) {
        short @ 0..0x80 => (0, short),
        0x80 => return None,
        long => {
            let octets = long & 0x7f;
            let bytes = rest.get(..octets).filter(|bytes| octets <= 4 && bytes[0] != 0)?;
            let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            (octets, Some(length).filter(|length| *length >= 0x80)?)
        }
    };
    let value_at = 2 + octets;
    let end = value_at.checked_add(length).filter(|end| *end <= bytes.len())?;
    Some((value_at, end))
}

/// The elements of a constructed value, one after the other.
#[derive(Clone)]
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn next(&mut self) -> Result<Item<'a>> {
        let (value_at, end) = header(self.rest).ok_or_else(wrong_value)?;
        let (raw, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Item { raw, value_at })
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Item<'a>>> {
        if self.rest.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// The next element, which has to have this tag.
    pub(crate) fn required(&mut self, tag: u8) -> Result<Item<'a>> {
        self.next()?.expect(tag)
    }

    /// Refuses anything left over.
    pub(crate) fn finish(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(wrong_value()) }
    }

    /// All the rest, at most `limit` elements.
    pub(crate) fn collect(mut self, limit: usize) -> Result<Vec<Item<'a>>> {
        let mut items = Vec::new();
        while !self.is_empty() {
            if items.len() == limit {
                return Err(wrong_value());
            }
            items.push(self.next()?);
        }
        Ok(items)
    }
}

/// An identifier with parameters, as in every place that names an algorithm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AlgorithmIdentifier<'a> {
    pub(crate) oid: ObjectIdentifier,
    /// Parameters that are there and not NULL: a missing parameter means NULL.
    pub(crate) parameters: Option<Item<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    pub(crate) fn parse(item: Item<'a>) -> Result<Self> {
        let mut fields = item.sequence()?;
        let oid = fields.next()?.oid()?;
        let parameters = if fields.is_empty() { None } else { Some(fields.next()?) };
        fields.finish()?;
        Ok(Self { oid, parameters: parameters.filter(|item| item.tag() != NULL) })
    }
}

/// Writes one element around the parts of its value.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    if length < 128 {
        out.push(u8::try_from(length).expect("below 128"));
    } else {
        let bytes = length.to_be_bytes();
        let start = bytes.iter().position(|byte| *byte != 0).expect("not zero");
        out.push(0x80 | u8::try_from(bytes.len() - start).expect("at most eight"));
        out.extend_from_slice(&bytes[start..]);
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Writes a SET OF: DER wants the elements in the order of their bytes.
pub(crate) fn set_of(tag: u8, mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    let parts: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
    tlv(tag, &parts)
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, parts)
}

pub(crate) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    oid.to_der().expect("an identifier that was built can be written")
}

/// Writes an INTEGER from a big-endian magnitude.
pub(crate) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    match &bytes[start..] {
        [] => tlv(INTEGER, &[&[0]]),
        magnitude @ [first, ..] if first & 0x80 != 0 => tlv(INTEGER, &[&[0], magnitude]),
        magnitude => tlv(INTEGER, &[magnitude]),
    }
}

/// Writes a BIT STRING of whole bytes.
pub(crate) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv(BIT_STRING, &[&[0], bytes])
}

/// Writes an AlgorithmIdentifier; `parameters` is an element or nothing.
pub(crate) fn algorithm(identifier: ObjectIdentifier, parameters: &[u8]) -> Vec<u8> {
    sequence(&[&oid(identifier), parameters])
}
