//! One pass over a document that refuses whatever no official document has.

use std::borrow::Cow;
use std::ops::ControlFlow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesStart, Event};

use memchr::memchr;

use super::encoding::decode;
use super::names::{Names, Number};
use super::{Fault, Limits, Position, XmlError};

/// Reads a whole document and keeps nothing: for bytes that another library is going to parse.
///
/// # Errors
/// The first thing in the document that is not allowed, with its place.
pub fn check(bytes: &[u8], limits: &Limits) -> Result<(), XmlError> {
    let (text, _) = decode(bytes, limits)?;
    walk(&text, limits, &mut Nothing)
}

/// How far into a file its first elements are looked for.
const HEAD_BYTES: usize = 64 * 1024;

/// An attribute of the root element, from the first kilobytes of a document; `None` when the root has another name or
/// no such attribute, and for everything that is no XML. The rest of the document is not looked at.
pub fn root_attribute(bytes: &[u8], root: &str, attribute: &str) -> Option<String> {
    peek(bytes, |tag| {
        let found = (tag.name == root).then(|| tag.attribute(attribute)).flatten();
        found.map_or(ControlFlow::Break(None), |value| ControlFlow::Break(Some(value)))
    })
}

/// The name of the root element, from the first kilobytes of a document; `None` for everything that is no XML.
pub fn root_name(bytes: &[u8]) -> Option<String> {
    peek(bytes, |tag| ControlFlow::Break(Some(tag.name.to_owned())))
}

/// A start tag near the beginning of a document.
pub(crate) struct Tag<'x> {
    /// 1 for the root.
    pub(crate) depth: usize,
    pub(crate) name: &'x str,
    start: &'x BytesStart<'x>,
}

impl Tag<'_> {
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let found = self
            .start
            .attributes()
            .take(Limits::SERVICE.attributes)
            .map_while(Result::ok)
            .find(|found| found.key.as_ref() == name.as_bytes())?;
        attribute_value(std::str::from_utf8(&found.value).ok()?).ok().map(Cow::into_owned)
    }
}

/// Looks at the first tags of a document, until `look` has seen enough, in its first kilobytes. The rest of the document
/// is not looked at, and nothing of it is known to be right.
pub(crate) fn peek<T>(bytes: &[u8], mut look: impl FnMut(&Tag<'_>) -> ControlFlow<Option<T>>) -> Option<T> {
    let mut head = &bytes[..bytes.len().min(HEAD_BYTES)];
    // A letter of UTF-8 may be cut in the middle.
    if let Err(error) = std::str::from_utf8(head)
        && error.error_len().is_none()
    {
        head = &head[..error.valid_up_to()];
    }
    let (text, _) = decode(head, &Limits::SERVICE).ok()?;
    let mut reader = Reader::from_str(&text);
    let mut depth = 0;
    loop {
        let (tag, is_empty) = match reader.read_event().ok()? {
            Event::Start(tag) => (tag, false),
            Event::Empty(tag) => (tag, true),
            Event::End(_) => {
                depth -= 1;
                continue;
            }
            Event::Text(text) if depth > 0 || text.iter().all(u8::is_ascii_whitespace) => continue,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => continue,
            Event::CData(_) | Event::GeneralRef(_) if depth > 0 => continue,
            _ => return None,
        };
        depth += 1;
        if depth > Limits::SERVICE.depth {
            return None;
        }
        let name = std::str::from_utf8(tag.name().into_inner()).ok()?;
        if let ControlFlow::Break(found) = look(&Tag { depth, name, start: &tag }) {
            return found;
        }
        depth -= usize::from(is_empty);
    }
}

/// An attribute on its way to whoever keeps it.
pub(crate) struct Given<'a> {
    pub(crate) name: &'a str,
    pub(crate) number: Number,
    pub(crate) value: Cow<'a, str>,
    /// Where the name starts, in bytes of the text.
    pub(crate) offset: usize,
}

/// Who keeps what was read, in the order of the text.
pub(crate) trait Sink<'a> {
    /// An element with its attributes, which may be drained, and the offset of its tag in the text.
    fn start(&mut self, name: (&'a str, Number), attributes: &mut Vec<Given<'a>>, offset: usize);
    /// Characters inside of an element: a stretch between tags may come in pieces.
    fn text(&mut self, text: &str);
    /// Characters of a CDATA section.
    fn cdata(&mut self, text: &str) {
        self.text(text);
    }
    /// The end of the element that was started last.
    fn end(&mut self);
}

struct Nothing;

impl<'a> Sink<'a> for Nothing {
    fn start(&mut self, _: (&'a str, Number), _: &mut Vec<Given<'a>>, _: usize) {}
    fn text(&mut self, _: &str) {}
    fn end(&mut self) {}
}

/// Feeds `sink` with the elements and texts of a document, in order; comments and instructions are skipped.
pub(crate) fn walk<'a>(text: &'a str, limits: &Limits, sink: &mut impl Sink<'a>) -> Result<(), XmlError> {
    let mut walk = Walk {
        text,
        limits: *limits,
        plain: is_plain(text),
        cursor: Cursor::new(text),
        path: Vec::new(),
        attributes: Vec::new(),
        names: Names::default(),
        nodes: 0,
        rooted: false,
    };
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
    limits: Limits,
    /// Whether all characters of the text are such that XML knows.
    plain: bool,
    cursor: Cursor<'a>,
    path: Vec<&'a str>,
    /// Of the element at hand; kept for its room.
    attributes: Vec<Given<'a>>,
    names: Names<'a>,
    nodes: usize,
    rooted: bool,
}

impl<'a> Walk<'a> {
    fn event(&mut self, event: Event<'a>, start: usize, sink: &mut impl Sink<'a>) -> Result<(), XmlError> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(self.error(start, Fault::TooManyNodes { limit: self.limits.nodes }));
        }
        match event {
            Event::Start(tag) => self.start(&tag, start, sink),
            Event::Empty(tag) => {
                self.start(&tag, start, sink)?;
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
                } else if !text.chars().all(is_space) {
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
                sink.cdata(&text);
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
                if !is_declaration(&declaration) {
                    return Err(self.error(start, Fault::Malformed("the XML declaration is not one".into())));
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
                let target = text.split(is_space).next().unwrap_or_default();
                if !is_name(target) || target.eq_ignore_ascii_case("xml") {
                    return Err(
                        self.error(start, Fault::Malformed(format!("{:?} is no target", shorten(target))))
                    );
                }
                self.characters(&text, start)
            }
            Event::Eof => Ok(()),
        }
    }

    fn start(
        &mut self,
        tag: &BytesStart<'a>,
        start: usize,
        sink: &mut impl Sink<'a>,
    ) -> Result<(), XmlError> {
        if self.path.is_empty() && self.rooted {
            return Err(self.error(start, Fault::OutsideRoot));
        }
        self.rooted = true;
        let name_start = start + 1;
        let name = self.piece(name_start, tag.name().as_ref().len())?;
        if self.path.len() >= self.limits.depth {
            return Err(self.error(start, Fault::TooDeep { limit: self.limits.depth }));
        }
        let Some(number) = self.names.number(name) else {
            return Err(self.error(start, Fault::Malformed(format!("{:?} is no name", shorten(name)))));
        };
        self.path.push(name);
        self.attributes.clear();
        if self.usual_attributes(tag, name_start).is_none() {
            self.attributes.clear();
            self.read_attributes(tag, name_start)?;
        }
        sink.start((name, number), &mut self.attributes, start);
        Ok(())
    }

    /// Reads attributes as programs write them: one blank before each, none around the sign, nothing unusual in the value.
    /// `None` for everything else, of which [`Self::read_attributes`] knows what it is.
    fn usual_attributes(&mut self, tag: &BytesStart<'a>, name_start: usize) -> Option<()> {
        let start = name_start + tag.name().as_ref().len();
        let text = self.text;
        let raw = text.get(start..start + tag.attributes_raw().len()).filter(|_| self.plain)?;
        let bytes = raw.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_whitespace() {
                return None;
            }
            at += 1;
            if bytes[at..].iter().all(u8::is_ascii_whitespace) {
                break;
            }
            let sign = at + memchr(b'=', &bytes[at..])?;
            let quote = *bytes.get(sign + 1).filter(|quote| matches!(quote, b'"' | b'\''))?;
            let value_at = sign + 2;
            let end = value_at + memchr(quote, &bytes[value_at..])?;
            let (name, value) = (raw.get(at..sign)?, raw.get(value_at..end)?);
            let number = self.names.number(name)?;
            if self.attributes.len() == self.limits.attributes
                || self.attributes.iter().any(|other| other.name == name)
            {
                return None;
            }
            let value = if is_usual(value) { value.into() } else { attribute_value(value).ok()? };
            self.attributes.push(Given { name, number, value, offset: start + at });
            at = end + 1;
        }
        Some(())
    }

    fn read_attributes(&mut self, tag: &BytesStart<'a>, name_start: usize) -> Result<(), XmlError> {
        let raw = tag.attributes_raw();
        let raw_start = name_start + tag.name().as_ref().len();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| {
                // Offsets of errors count from the name of the element.
                let (at, fault) = attribute_fault(&error, tag);
                self.error(name_start + at, fault)
            })?;
            // Both slices are parts of the same tag, so the difference of their addresses is an offset in it.
            let inside = |slice: &[u8]| slice.as_ptr().addr() - raw.as_ptr().addr();
            let (at, value_at) = (inside(attribute.key.as_ref()), inside(&attribute.value));
            let start = raw_start + at;
            let name = self.piece(start, attribute.key.as_ref().len())?;
            if self.attributes.len() == self.limits.attributes {
                return Err(self.error(start, Fault::TooManyAttributes { limit: self.limits.attributes }));
            }
            if !raw[..at].last().is_some_and(u8::is_ascii_whitespace) {
                return Err(self.error(start, Fault::Malformed("attributes are not apart".into())));
            }
            let Some(number) = self.names.number(name) else {
                return Err(self.error(start, Fault::Malformed(format!("{:?} is no name", shorten(name)))));
            };
            let value = self.piece(raw_start + value_at, attribute.value.len())?;
            self.characters(value, start)?;
            let value =
                attribute_value(value).map_err(|fault| self.error_at_attribute(start, name, fault))?;
            self.attributes.push(Given { name, number, value, offset: start });
        }
        Ok(())
    }

    /// A piece of the text, which outlives the event that names it.
    fn piece(&mut self, start: usize, length: usize) -> Result<&'a str, XmlError> {
        let text = self.text;
        text.get(start..start + length)
            .ok_or_else(|| self.error(start, Fault::Malformed("a tag that is cut inside a character".into())))
    }

    fn characters(&mut self, text: &str, start: usize) -> Result<(), XmlError> {
        if self.plain {
            return Ok(());
        }
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

/// Whether nothing in a value means something else than itself.
fn is_usual(value: &str) -> bool {
    // Without a way out before the end, many bytes are looked at at once.
    !value.bytes().fold(false, |found, b| found | (b < b' ') | (b == b'&') | (b == b'<'))
}

/// An attribute's value as the XML standard normalizes it: references resolved, line breaks and tabs as spaces.
fn attribute_value(raw: &str) -> Result<Cow<'_, str>, Fault> {
    const SPECIAL: [char; 5] = ['&', '<', '\r', '\n', '\t'];
    if !raw.contains(SPECIAL) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(SPECIAL) {
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
    Ok(Cow::Owned(value))
}

/// Whether a declaration has its parts in order and apart: version, encoding, standalone.
fn is_declaration(declaration: &[u8]) -> bool {
    let Some(mut rest) = std::str::from_utf8(declaration).ok().and_then(|text| text.strip_prefix("xml"))
    else {
        return false;
    };
    for (index, name) in ["version", "encoding", "standalone"].into_iter().enumerate() {
        let given = rest.trim_start_matches(is_space).strip_prefix(name);
        let Some(after) = given.filter(|_| rest.starts_with(is_space)) else {
            if index == 0 {
                return false;
            }
            continue;
        };
        let value = after
            .trim_start_matches(is_space)
            .strip_prefix('=')
            .map(|after| after.trim_start_matches(is_space));
        let closed = value.and_then(|value| {
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            value[1..].split_once(quote)
        });
        let Some((value, after)) = closed else { return false };
        if name == "standalone" && !matches!(value, "yes" | "no") {
            return false;
        }
        rest = after;
    }
    rest.chars().all(is_space)
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

/// White space of XML, and nothing else: a no-break space is a letter to it.
pub(crate) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Whether a text holds none of the characters that XML does not know, by a look at its bytes.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let rare = |at: usize| matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF]));
    let is_control = |b: u8| (b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r');
    !bytes.iter().fold(false, |found, &b| found | is_control(b))
        && !memchr::memchr_iter(0xEF, bytes).any(rare)
}

/// The names of XML 1.0.
pub(crate) fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_character)
}

/// What a name may begin with.
pub(crate) const fn is_name_start(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// What may stand in a name behind its first character.
pub(crate) const fn is_name_character(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

/// Keeps messages readable and short whatever stands in the document.
pub fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Lines and columns of offsets that never go back, in one pass over the text altogether.
pub(crate) struct Cursor<'a> {
    text: &'a [u8],
    offset: usize,
    position: Position,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), offset: 0, position: Position { line: 1, column: 1 } }
    }

    pub(crate) fn at(&mut self, offset: usize) -> Position {
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
