//! Reading JSON.

use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine as _};
use bytes::Bytes;
use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Object, UNIX_EPOCH_TICKS, forgiving};
use crate::bounds::{Bound, Bounds};
use crate::error::{Fault, Reason};
use crate::shape::{Enum, MAX_DEPTH, Shape};

/// Makes shared bytes of what was decoded: whoever reads what strangers send may care how much of it is held, and who frees it.
pub type Keep = fn(Vec<u8>) -> Bytes;

/// Reads JSON values as fields want them, forgiving what old clients are known to send.
pub struct Reader<'j> {
    jiter: Jiter<'j>,
    /// What the value under the reader begins with.
    next: Peek,
    depth: u32,
    bounds: Option<&'static Bounds>,
    /// Of the field that is read.
    bound: Bound,
    keep: Keep,
}

impl<'j> Reader<'j> {
    /// Reads a whole text as one message.
    pub(crate) fn document<T: Object + Default>(
        text: &'j [u8],
        bounds: Option<&'static Bounds>,
        keep: Keep,
    ) -> Result<T, Fault> {
        let mut message = T::default();
        Self::whole(text, bounds, keep, &mut message)?;
        Ok(message)
    }

    /// Reads a whole text into an empty message.
    pub(crate) fn whole(
        text: &'j [u8],
        bounds: Option<&'static Bounds>,
        keep: Keep,
        target: &mut dyn Object,
    ) -> Result<(), Fault> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let mut reader = Self::new(text, 0, bounds, keep);
        reader.next = reader.jiter.peek().map_err(|error| reader.syntax(&error))?;
        reader.fill(target)?;
        reader.jiter.finish().map_err(|error| reader.syntax(&error))
    }

    fn new(text: &'j [u8], depth: u32, bounds: Option<&'static Bounds>, keep: Keep) -> Self {
        Self { jiter: Jiter::new(text), next: Peek::Null, depth, bounds, bound: Bound::NONE, keep }
    }

    /// A message, in place of the one that is there.
    ///
    /// # Errors
    /// When the value is no object, a field inside does not fit, or a required one is missing.
    pub fn object<T: Object + Default>(&mut self, target: &mut T) -> Result<(), Fault> {
        *target = T::default();
        self.fill(target)
    }

    /// A list of messages, in place of the one that is there.
    ///
    /// # Errors
    /// As for one message, and when the value is no list.
    pub fn objects<T: Object + Default>(&mut self, target: &mut Vec<T>) -> Result<(), Fault> {
        target.clear();
        self.elements(|reader| {
            target.push(T::default());
            reader.fill(target.last_mut().expect("it was just pushed"))
        })
    }

    /// A list; its elements must be values.
    ///
    /// # Errors
    /// When the value is no list, or an element does not fit.
    pub fn list<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut list = Vec::new();
        self.elements(|reader| {
            list.push(element(reader)?);
            Ok(())
        })?;
        Ok(list)
    }

    /// A text.
    ///
    /// # Errors
    /// When the value is anything else.
    pub fn string(&mut self) -> Result<String, Fault> {
        let bound = self.bound;
        let text = self.text("a string")?;
        bound.check_text(text.as_bytes())?;
        Ok(text.to_owned())
    }

    /// Bytes in base64, with padding, or in the alphabet for addresses, with or without it; white space is ignored.
    ///
    /// # Errors
    /// When the value is no text, or not base64, or cut short.
    pub fn byte_string(&mut self) -> Result<Bytes, Fault> {
        let bound = self.bound;
        let text = self.text("a base64 string")?;
        // The alphabet for addresses is written without padding; in the other one a lack of it means a text cut short.
        let is_url_safe = text.bytes().any(|byte| matches!(byte, b'-' | b'_'));
        let engine = if is_url_safe { &URL_SAFE_ANY } else { &PADDED };
        let bytes = engine.decode(text).or_else(|error| {
            // Some encoders break lines; looking for that only now costs nothing where they do not.
            let unbroken: String = text.split_ascii_whitespace().collect();
            if unbroken.len() == text.len() { Err(error) } else { engine.decode(unbroken) }
        });
        let bytes = bytes.map_err(|error| not_base64(text, &error))?;
        bound.check_bytes(bytes.len())?;
        Ok((self.keep)(bytes))
    }

    /// A truth value, also as a text.
    ///
    /// # Errors
    /// When the value is anything else.
    pub fn boolean(&mut self) -> Result<bool, Fault> {
        match self.next {
            Peek::True | Peek::False => self.jiter.known_bool(self.next).map_err(|error| self.syntax(&error)),
            Peek::String => match self.text("a boolean")? {
                text if text.eq_ignore_ascii_case("true") => Ok(true),
                text if text.eq_ignore_ascii_case("false") => Ok(false),
                text => Err(Fault::malformed(format!("expected true or false, found {}", quoted(text)))),
            },
            _ => Err(self.unexpected("a boolean")),
        }
    }

    /// A whole number of 32 bits, also as a text.
    ///
    /// # Errors
    /// When the value is anything else, or too large.
    pub fn int32(&mut self) -> Result<i32, Fault> {
        let number = self.int64()?;
        i32::try_from(number).map_err(|_| Fault::malformed(format!("{number} does not fit into 32 bits")))
    }

    /// A whole number of 64 bits, also as a text.
    ///
    /// # Errors
    /// When the value is anything else, or too large.
    pub fn int64(&mut self) -> Result<i64, Fault> {
        let text = match self.next {
            Peek::String => self.text("an integer")?.trim(),
            // The parser's own integers leave out the smallest one.
            number if number.is_num() => self.digits()?,
            _ => return Err(self.unexpected("an integer")),
        };
        text.parse().ok().or_else(|| forgiving::whole_number(text)).ok_or_else(|| {
            Fault::malformed(format!("expected an integer of 64 bits, found {}", quoted(text)))
        })
    }

    /// A value of an enum, by name in any case or by number. Numbers without a name are kept, as protobuf keeps them.
    ///
    /// # Errors
    /// When the value is neither, or the name is unknown.
    pub fn enumeration(&mut self, table: &Enum) -> Result<i32, Fault> {
        if self.next != Peek::String {
            return self.int32();
        }
        let text = self.text("a name")?;
        table
            .number_of(text)
            .or_else(|| text.parse().ok())
            .ok_or_else(|| Fault::malformed(format!("unknown value {}", quoted(text))))
    }

    fn elements(&mut self, mut element: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        if self.next != Peek::Array {
            return Err(self.unexpected("a list"));
        }
        let mut index = 0;
        let bound = self.bound;
        let mut next = self.jiter.known_array();
        while let Some(peek) = next.map_err(|error| self.syntax(&error).at_index(index))? {
            bound.check_count(index + 1)?;
            self.next = peek;
            element(self).map_err(|fault| fault.at_index(index))?;
            index += 1;
            next = self.jiter.array_step();
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<&str, Fault> {
        let at = self.jiter.current_index();
        let digits = self.jiter.known_number_bytes(self.next);
        let digits =
            digits.map_err(|error| Fault::malformed(format!("{} at byte {at}", error.error_type)))?;
        Ok(std::str::from_utf8(digits).expect("numbers are ASCII"))
    }

    fn text(&mut self, expected: &'static str) -> Result<&str, Fault> {
        if self.next != Peek::String {
            return Err(self.unexpected(expected));
        }
        // Two steps, because the text borrows the parser that a failure needs for its position.
        let at = self.jiter.current_index();
        self.jiter.known_str().map_err(|error| Fault::malformed(format!("{} at byte {at}", error.error_type)))
    }

    /// Reads an object into a message. Not generic, so that it is compiled once for all messages.
    pub(crate) fn fill(&mut self, target: &mut dyn Object) -> Result<(), Fault> {
        if self.next != Peek::Object {
            return Err(self.unexpected("an object"));
        }
        if self.depth == MAX_DEPTH {
            return Err(Fault::new(Reason::TooDeep));
        }
        self.depth += 1;
        let shape = target.shape();
        let mut seen = 0;
        let mut hint = 0;
        let mut key = self.jiter.known_object();
        loop {
            let found = match key {
                Ok(None) => break,
                Ok(Some(name)) => find(shape, name, hint),
                Err(error) => return Err(self.syntax(&error)),
            };
            self.next = self.jiter.peek().map_err(|error| self.syntax(&error))?;
            match found {
                Found::Field(index) if self.next == Peek::Null => {
                    let field = &shape.fields[index];
                    seen |= if field.may_be_unknown { field.bit } else { 0 };
                    self.skip()?;
                }
                _ if self.next == Peek::Null => self.skip()?,
                Found::Field(index) => {
                    let field = &shape.fields[index];
                    self.bound = self.bounds.map_or(Bound::NONE, |bounds| bounds.of(shape, index));
                    target.read_field(index, self).map_err(|fault| fault.in_field(field.name))?;
                    seen |= field.bit;
                    hint = index + 1;
                }
                Found::Time { index, name } => {
                    let field = &shape.fields[index];
                    if field.bit & seen == 0 {
                        self.time(target, index).map_err(|fault| fault.in_field(name))?;
                        seen |= field.bit;
                    } else {
                        self.skip()?;
                    }
                }
                Found::Nothing => self.skip()?,
            }
            key = self.jiter.next_key();
        }
        self.depth -= 1;
        match shape.missing(seen) {
            Some(field) => Err(Fault::new(Reason::Missing).in_field(field.name)),
            None => Ok(()),
        }
    }

    /// Sets a field of ticks from a time in text, by reading the number of ticks as if it stood there.
    fn time(&mut self, target: &mut dyn Object, index: usize) -> Result<(), Fault> {
        let text = self.text("a time")?;
        let parsed = OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339))
            .map_err(|_| Fault::malformed(format!("expected an ISO 8601 time, found {}", quoted(text))))?;
        let ticks = (parsed.unix_timestamp_nanos() / 100 + UNIX_EPOCH_TICKS).to_string();
        let mut number = Reader::new(ticks.as_bytes(), self.depth, None, self.keep);
        number.next = number.jiter.peek().map_err(|error| number.syntax(&error))?;
        target.read_field(index, &mut number)
    }

    fn skip(&mut self) -> Result<(), Fault> {
        self.jiter.known_skip(self.next).map_err(|error| self.syntax(&error))
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let found = match self.next {
            Peek::Null => "null",
            Peek::True | Peek::False => "a boolean",
            Peek::String => "a string",
            Peek::Array => "a list",
            Peek::Object => "an object",
            number if number.is_num() => "a number",
            _ => "something that is not JSON",
        };
        Fault::malformed(format!("expected {expected}, found {found}"))
    }

    fn syntax(&self, error: &JiterError) -> Fault {
        match &error.error_type {
            JiterErrorType::JsonError(JsonErrorType::RecursionLimitExceeded) => Fault::new(Reason::TooDeep),
            kind => {
                let place = self.jiter.error_position(error.index);
                Fault::malformed(format!("{kind} at line {} column {}", place.line, place.column))
            }
        }
    }
}

enum Found {
    Field(usize),
    Time { index: usize, name: &'static str },
    Nothing,
}

fn find(shape: &Shape, name: &str, hint: usize) -> Found {
    if let Some(index) = shape.named(name, hint) {
        return Found::Field(index);
    }
    match shape.aliases.iter().find(|alias| alias.name.eq_ignore_ascii_case(name)) {
        Some(alias) if alias.time => Found::Time { index: alias.index, name: alias.name },
        Some(alias) => Found::Field(alias.index),
        None => Found::Nothing,
    }
}

/// A client's text as an error may repeat it: short, and on one line.
fn quoted(text: &str) -> String {
    const LIMIT: usize = 40;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// Why a text is no base64: what was cut off, or what stands there that is none.
#[cold]
fn not_base64(text: &str, error: &DecodeError) -> Fault {
    let digits = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').count();
    let is_cut =
        matches!(error, DecodeError::InvalidPadding | DecodeError::InvalidLength(_)) && digits % 4 != 0;
    Fault::malformed(match is_cut {
        true => format!(
            "not base64: {digits} characters are no whole groups of four; the text was cut short, or its padding `=` \
             was left out"
        ),
        false => format!("not base64: {error}"),
    })
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
static PADDED: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, LENIENT.with_decode_padding_mode(DecodePaddingMode::RequireCanonical));
static URL_SAFE_ANY: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
