//! Writing JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Object;
use crate::shape::Enum;

/// Appends JSON to a buffer. Keys come with the comma before them and the colon after them; the comma of an object's
/// first field becomes the opening brace when the object is closed, which saves asking for each field whether it is first.
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out }
    }

    pub(crate) fn document(&mut self, message: &dyn Object) {
        self.braces(message);
    }

    /// A text field.
    pub fn string(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text(value);
    }

    /// The id of a box, with dashes; what is no such id as it is.
    pub fn dashed(&mut self, key: &str, value: &str) {
        self.key(key);
        match super::copies::dashed(value) {
            Some(id) => self.text(&id),
            None => self.text(value),
        }
    }

    /// Ticks as a time in ISO 8601.
    pub fn time(&mut self, key: &str, ticks: i64) {
        self.key(key);
        self.text(&super::copies::iso(ticks));
    }

    /// A list of texts.
    pub fn strings(&mut self, key: &str, list: &[String]) {
        self.list(key, list, |writer, value| writer.text(value));
    }

    /// A field of bytes.
    pub fn byte_string(&mut self, key: &str, value: &[u8]) {
        self.key(key);
        self.base64(value);
    }

    /// A list of bytes.
    pub fn byte_strings(&mut self, key: &str, list: &[bytes::Bytes]) {
        self.list(key, list, |writer, value| writer.base64(value));
    }

    /// A truth value.
    pub fn boolean(&mut self, key: &str, value: bool) {
        self.key(key);
        self.truth(value);
    }

    /// A list of truth values.
    pub fn booleans(&mut self, key: &str, list: &[bool]) {
        self.list(key, list, |writer, value| writer.truth(*value));
    }

    /// A whole number.
    pub fn integer<T: Into<i64>>(&mut self, key: &str, value: T) {
        self.key(key);
        self.number(value.into());
    }

    /// A list of whole numbers.
    pub fn integers<T: Copy + Into<i64>>(&mut self, key: &str, list: &[T]) {
        self.list(key, list, |writer, value| writer.number((*value).into()));
    }

    /// A value of an enum.
    pub fn enumeration(&mut self, key: &str, value: i32, table: &Enum) {
        self.key(key);
        self.member(value, table);
    }

    /// A list of values of an enum.
    pub fn enumerations(&mut self, key: &str, list: &[i32], table: &Enum) {
        self.list(key, list, |writer, value| writer.member(*value, table));
    }

    /// A message.
    pub fn object(&mut self, key: &str, value: &dyn Object) {
        self.key(key);
        self.braces(value);
    }

    /// What is not known.
    pub fn null(&mut self, key: &str) {
        self.key(key);
        self.out.extend_from_slice(b"null");
    }

    /// A list of messages.
    pub fn objects<T: Object>(&mut self, key: &str, list: &[T]) {
        self.list(key, list, |writer, value| writer.braces(value));
    }

    pub(crate) fn key(&mut self, key: &str) {
        self.out.extend_from_slice(key.as_bytes());
    }

    pub(crate) fn list<T>(&mut self, key: &str, list: &[T], mut element: impl FnMut(&mut Self, &T)) {
        self.key(key);
        self.out.push(b'[');
        for (at, value) in list.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            element(self, value);
        }
        self.out.push(b']');
    }

    pub(crate) fn braces(&mut self, object: &dyn Object) {
        let start = self.out.len();
        object.write_fields(self);
        match self.out.get_mut(start) {
            Some(comma) => *comma = b'{',
            None => self.out.push(b'{'),
        }
        self.out.push(b'}');
    }

    pub(crate) fn truth(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub(crate) fn number(&mut self, value: i64) {
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    /// The name, or the number when the API has no name for it: a number can be read back, a made-up name cannot.
    pub(crate) fn member(&mut self, value: i32, table: &Enum) {
        match table.name_of(value) {
            Some(name) => {
                self.out.push(b'"');
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b'"');
            }
            None => self.number(value.into()),
        }
    }

    pub(crate) fn base64(&mut self, value: &[u8]) {
        self.out.push(b'"');
        let start = self.out.len();
        self.out.resize(start + value.len().div_ceil(3) * 4, 0);
        STANDARD.encode_slice(value, &mut self.out[start..]).expect("the room is four bytes for every three");
        self.out.push(b'"');
    }

    pub(crate) fn text(&mut self, value: &str) {
        let bytes = value.as_bytes();
        self.out.reserve(bytes.len() + 2);
        self.out.push(b'"');
        let mut clean = 0;
        let mut at = 0;
        while at < bytes.len() {
            // Nearly all texts need no escape, so eight bytes are asked at once, and one by one only where one of them does.
            if let Some(eight) = bytes[at..].first_chunk()
                && !needs_escape(u64::from_le_bytes(*eight))
            {
                at += 8;
                continue;
            }
            let byte = bytes[at];
            at += 1;
            let escape = ESCAPES[usize::from(byte)];
            if escape == 0 {
                continue;
            }
            self.out.extend_from_slice(&bytes[clean..at - 1]);
            clean = at;
            if escape == b'u' {
                let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                self.out.extend_from_slice(b"\\u00");
                self.out.extend_from_slice(&digits);
            } else {
                self.out.extend_from_slice(&[b'\\', escape]);
            }
        }
        self.out.extend_from_slice(&bytes[clean..]);
        self.out.push(b'"');
    }
}

/// Whether any of eight bytes is a quote, a backslash or below a space. May also say so of a byte beside such a byte,
/// never of eight harmless ones.
fn needs_escape(eight: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let quote = has_zero(eight ^ (ONES * b'"' as u64));
    let backslash = has_zero(eight ^ (ONES * b'\\' as u64));
    let control = eight.wrapping_sub(ONES * 0x20) & !eight;
    (quote | backslash | control) & HIGHS != 0
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// For each byte what stands after the backslash, or zero when it is written as it is.
static ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = b'u';
        control += 1;
    }
    table[0x08] = b'b';
    table[0x09] = b't';
    table[0x0A] = b'n';
    table[0x0C] = b'f';
    table[0x0D] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};
