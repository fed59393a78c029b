//! One pass over a document that refuses whatever no official document has.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesStart, Event};

use super::encoding::decode;
use super::{Fault, Limits, Position, XmlError};

/// Reads a whole document and keeps nothing: for bytes that another library is going to parse.
///
/// # Errors
/// The first thing in the document that is not allowed, with its place.
pub fn check(bytes: &[u8], limits: &Limits) -> Result<(), XmlError> {
    let (text, _) = decode(bytes, limits)?;
    walk(&text, limits, &mut Nothing)
}

/// How far into a file its root's start tag may reach.
const ROOT_BYTES: usize = 16 * 1024;

/// An attribute of the root element, from the first kilobytes of a document; `None` when the root has another name or
/// no such attribute, and for everything that is no XML. The rest of the document is not looked at.
pub fn root_attribute(bytes: &[u8], root: &str, attribute: &str) -> Option<String> {
    let mut head = &bytes[..bytes.len().min(ROOT_BYTES)];
    // A letter of UTF-8 may be cut in the middle.
    if let Err(error) = std::str::from_utf8(head)
        && error.error_len().is_none()
    {
        head = &head[..error.valid_up_to()];
    }
    let (text, _) = decode(head, &Limits::SERVICE).ok()?;
    let mut reader = Reader::from_str(&text);
    loop {
        let tag = match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => tag,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => continue,
            Event::Text(text) if text.iter().all(u8::is_ascii_whitespace) => continue,
            _ => return None,
        };
        if tag.name().as_ref() != root.as_bytes() {
            return None;
        }
        let found = tag
            .attributes()
            .take(Limits::SERVICE.attributes)
            .map_while(Result::ok)
            .find(|found| found.key.as_ref() == attribute.as_bytes())?;
        return attribute_value(std::str::from_utf8(&found.value).ok()?).ok();
    }
}

/// An attribute on its way to whoever keeps it.
pub(crate) struct Given<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Cow<'a, str>,
    pub(crate) position: Position,
}

/// Who keeps what was read.
pub(crate) trait Sink {
    /// An element, with the places where its tag starts and where the text goes on behind it.
    fn start(&mut self, name: &str, attributes: Vec<Given<'_>>, start: Position, behind: Position);
    fn text(&mut self, text: &str);
    fn end(&mut self);
}

struct Nothing;

impl Sink for Nothing {
    fn start(&mut self, _: &str, _: Vec<Given<'_>>, _: Position, _: Position) {}
    fn text(&mut self, _: &str) {}
    fn end(&mut self) {}
}

/// Feeds `sink` with the elements and texts of a document, in order; comments and instructions are skipped.
pub(crate) fn walk(text: &str, limits: &Limits, sink: &mut impl Sink) -> Result<(), XmlError> {
    let mut walk =
        Walk { text, limits, cursor: Cursor::new(text), path: Vec::new(), nodes: 0, rooted: false };
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    loop {
        let start = position_of(&reader);
        match reader.read_event() {
            Ok(Event::Eof) => return walk.finish(text.len()),
            Ok(event) => walk.event(event, start, sink)?,
            Err(error) => {
                let at = (reader.error_position() as usize).min(text.len());
                return Err(walk.error(at, Fault::Malformed(error.to_string())));
            }
        }
    }
}

fn position_of(reader: &Reader<&[u8]>) -> usize {
    // A text of 4 GiB and more cannot come through the limit on bytes, so the offset fits.
    reader.buffer_position() as usize
}

struct Walk<'a> {
    text: &'a str,
    limits: &'a Limits,
    cursor: Cursor<'a>,
    path: Vec<&'a str>,
    nodes: usize,
    rooted: bool,
}

impl<'a> Walk<'a> {
    fn event(&mut self, event: Event<'a>, start: usize, sink: &mut impl Sink) -> Result<(), XmlError> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(self.error(start, Fault::TooManyNodes { limit: self.limits.nodes }));
        }
        match event {
            Event::Start(tag) => self.start(&tag, start, start + tag.len() + "<>".len(), sink),
            Event::Empty(tag) => {
                self.start(&tag, start, start + tag.len() + "</>".len(), sink)?;
                self.path.pop();
                sink.end();
                Ok(())
            }
            Event::End(_) => {
                self.path.pop();
                sink.end();
                Ok(())
            }
            Event::Text(text) => {
                let text = text.xml10_content().map_err(|error| self.malformed(start, &error))?;
                self.characters(&text, start)?;
                if text.contains("]]>") {
                    return Err(self.error(start, Fault::Malformed("']]>' outside of CDATA".into())));
                }
                if !self.path.is_empty() {
                    sink.text(&text);
                } else if !text.chars().all(|c| c.is_ascii_whitespace()) {
                    return Err(self.error(start, Fault::OutsideRoot));
                }
                Ok(())
            }
            Event::CData(text) => {
                let text = text.xml10_content().map_err(|error| self.malformed(start, &error))?;
                self.characters(&text, start)?;
                if self.path.is_empty() {
                    return Err(self.error(start, Fault::OutsideRoot));
                }
                sink.text(&text);
                Ok(())
            }
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|error| self.malformed(start, &error))?;
                let mut buffer = [0; 4];
                let resolved = resolve(&name).map_err(|fault| self.error(start, fault))?;
                if self.path.is_empty() {
                    return Err(self.error(start, Fault::OutsideRoot));
                }
                sink.text(resolved.encode_utf8(&mut buffer));
                Ok(())
            }
            Event::Decl(declaration) => {
                if start != 0 {
                    return Err(
                        self.error(start, Fault::Malformed("the XML declaration is not at the start".into()))
                    );
                }
                match declaration.xml_version() {
                    Ok(XmlVersion::Explicit1_1) => {
                        Err(self.error(start, Fault::Malformed("XML 1.1 is not supported".into())))
                    }
                    Ok(_) => Ok(()),
                    Err(error) => Err(self.malformed(start, &error)),
                }
            }
            Event::DocType(_) => Err(self.error(start, Fault::Doctype)),
            Event::Comment(text) => {
                let text = text.decode().map_err(|error| self.malformed(start, &error))?;
                self.characters(&text, start)
            }
            Event::PI(text) => {
                let text = String::from_utf8_lossy(&text);
                self.characters(&text, start)
            }
            Event::Eof => Ok(()),
        }
    }

    fn start(
        &mut self,
        tag: &BytesStart<'a>,
        start: usize,
        behind: usize,
        sink: &mut impl Sink,
    ) -> Result<(), XmlError> {
        if self.path.is_empty() && self.rooted {
            return Err(self.error(start, Fault::OutsideRoot));
        }
        self.rooted = true;
        let name_start = start + 1;
        // The tag borrows from the text, whose lifetime outlives the tag's own wrapper.
        let name = &self.text[name_start..name_start + tag.name().as_ref().len()];
        if self.path.len() >= self.limits.depth {
            return Err(self.error(start, Fault::TooDeep { limit: self.limits.depth }));
        }
        let position = self.cursor.at(start);
        if !is_name(name) {
            return Err(self.error(start, Fault::Malformed(format!("{:?} is no name", shorten(name)))));
        }
        self.path.push(name);
        let attributes = self.attributes(tag, name_start)?;
        let behind = self.cursor.at(behind);
        sink.start(name, attributes, position, behind);
        Ok(())
    }

    fn attributes(&mut self, tag: &BytesStart<'a>, name_start: usize) -> Result<Vec<Given<'a>>, XmlError> {
        let raw = tag.attributes_raw();
        let raw_start = name_start + tag.name().as_ref().len();
        let mut given = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| {
                // Offsets of errors count from the name of the element.
                let (at, fault) = attribute_fault(&error, tag);
                self.error(name_start + at, fault)
            })?;
            // Both slices are parts of the same text, so the difference of their addresses is an offset in it.
            let at = attribute.key.as_ref().as_ptr().addr() - raw.as_ptr().addr();
            let start = raw_start + at;
            let name = &self.text[start..start + attribute.key.as_ref().len()];
            if given.len() == self.limits.attributes {
                return Err(self.error(start, Fault::TooManyAttributes { limit: self.limits.attributes }));
            }
            if !raw[..at].last().is_some_and(u8::is_ascii_whitespace) {
                return Err(self.error(start, Fault::Malformed("attributes are not apart".into())));
            }
            if !is_name(name) {
                return Err(self.error(start, Fault::Malformed(format!("{:?} is no name", shorten(name)))));
            }
            let value =
                std::str::from_utf8(&attribute.value).map_err(|error| self.malformed(start, &error))?;
            self.characters(value, start)?;
            let value =
                attribute_value(value).map_err(|fault| self.error_at_attribute(start, name, fault))?;
            given.push(Given { name, value: Cow::Owned(value), position: self.cursor.at(start) });
        }
        Ok(given)
    }

    fn characters(&mut self, text: &str, start: usize) -> Result<(), XmlError> {
        match text.chars().find(|&c| !is_character(c)) {
            None => Ok(()),
            Some(c) => Err(self.error(start, Fault::ForbiddenCharacter(c.into()))),
        }
    }

    fn finish(mut self, end: usize) -> Result<(), XmlError> {
        if !self.path.is_empty() {
            return Err(self.error(end, Fault::Unclosed));
        }
        if !self.rooted {
            return Err(self.error(end, Fault::NoRoot));
        }
        Ok(())
    }

    fn malformed(&mut self, at: usize, error: &dyn std::error::Error) -> XmlError {
        self.error(at, Fault::Malformed(error.to_string()))
    }

    fn error(&mut self, at: usize, fault: Fault) -> XmlError {
        XmlError { position: Some(self.cursor.at(at)), place: self.path.join("/"), fault }
    }

    fn error_at_attribute(&mut self, at: usize, name: &str, fault: Fault) -> XmlError {
        XmlError {
            position: Some(self.cursor.at(at)),
            place: format!("{}/@{name}", self.path.join("/")),
            fault,
        }
    }
}

fn attribute_fault(error: &AttrError, tag: &[u8]) -> (usize, Fault) {
    match *error {
        AttrError::Duplicated(at, earlier) => {
            let name: Vec<u8> = tag[earlier.min(tag.len())..]
                .iter()
                .copied()
                .take_while(|b| !b" \t\r\n=".contains(b))
                .collect();
            (at, Fault::DuplicateAttribute(shorten(&String::from_utf8_lossy(&name))))
        }
        AttrError::ExpectedEq(at)
        | AttrError::ExpectedValue(at)
        | AttrError::UnquotedValue(at)
        | AttrError::ExpectedQuote(at, _) => (at, Fault::Malformed(error.to_string())),
    }
}

/// An attribute's value as the XML standard normalizes it: references resolved, line breaks and tabs as spaces.
fn attribute_value(raw: &str) -> Result<String, Fault> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '<', '\r', '\n', '\t']) {
        value.push_str(&rest[..at]);
        let found = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match found {
            b'<' => return Err(Fault::Malformed("'<' inside of an attribute".into())),
            b'&' => {
                let end = rest.find(';').ok_or_else(|| Fault::Malformed("'&' without ';'".into()))?;
                value.push(resolve(&rest[..end])?);
                rest = &rest[end + 1..];
            }
            b'\r' => {
                value.push(' ');
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
            _ => value.push(' '),
        }
    }
    value.push_str(rest);
    Ok(value)
}

/// The character behind a reference: one of five names, or a number.
fn resolve(name: &str) -> Result<char, Fault> {
    let number = match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => match name.strip_prefix('#') {
            None => return Err(Fault::UnknownEntity(shorten(name))),
            Some(digits) => match digits.strip_prefix('x') {
                Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
                    u32::from_str_radix(digits, 16)
                }
                None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse(),
                _ => return Err(Fault::UnknownEntity(shorten(name))),
            },
        },
    };
    let number = number.map_err(|_| Fault::UnknownEntity(shorten(name)))?;
    char::from_u32(number).filter(|&c| is_character(c)).ok_or(Fault::ForbiddenCharacter(number))
}

/// The characters of XML 1.0.
pub(super) const fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// The names of XML 1.0, without the rarest letters.
fn is_name(name: &str) -> bool {
    let first = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    let later = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.' | '\u{B7}');
    let mut characters = name.chars();
    characters.next().is_some_and(first) && characters.all(later)
}

/// Keeps messages readable and short whatever stands in the document.
pub(crate) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Lines and columns of offsets that never go back, in one pass over the text altogether.
struct Cursor<'a> {
    text: &'a [u8],
    offset: usize,
    position: Position,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), offset: 0, position: Position { line: 1, column: 1 } }
    }

    fn at(&mut self, offset: usize) -> Position {
        // An error may point a little back; then the last known place is near enough.
        for &byte in self.text.get(self.offset..offset).unwrap_or_default() {
            if byte == b'\n' {
                self.position = Position { line: self.position.line + 1, column: 1 };
            } else if byte & 0xC0 != 0x80 {
                self.position.column += 1;
            }
        }
        self.offset = self.offset.max(offset);
        self.position
    }
}
