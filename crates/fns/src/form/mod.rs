//! One description of a document, used both to write it and to read it, so that the two cannot drift apart.
//!
//! A document is described by a function over a [`Form`]: it names elements and attributes in the order of the schema
//! and hands over a place for each value. A form that writes takes the values from there; a form that reads puts them
//! there, and refuses what the description does not name.

mod rule;
mod value;

pub use rule::Rule;
pub(crate) use value::{Coded, codes};

use crate::xml::{Document, Element, Fault, Position, Writer, XmlError};

pub(crate) type Result<T, E = XmlError> = std::result::Result<T, E>;

/// A document on its way out or in.
pub(crate) struct Form<'a> {
    mode: Mode<'a>,
    path: Vec<&'static str>,
    /// What is wrong with a document that is read, as far as it can be read nevertheless.
    told: Vec<XmlError>,
}

enum Mode<'a> {
    Write(Writer),
    Read(Vec<Frame<'a>>),
}

/// Elements that have no place in another one, of which is told at most.
const TOLD: usize = 100;

/// An open element of a document that is being read.
struct Frame<'a> {
    element: &'a Element,
    /// Children read so far.
    read: usize,
    /// Names of attributes read so far.
    known: Vec<&'static str>,
}

impl<'a> Form<'a> {
    /// Writes a document: `describe` is called with a form that takes values.
    pub(crate) fn write(describe: impl FnOnce(&mut Form<'_>) -> Result<()>) -> Result<Vec<u8>> {
        let mut form = Form { mode: Mode::Write(Writer::new()), path: Vec::new(), told: Vec::new() };
        describe(&mut form)?;
        match form.mode {
            Mode::Write(writer) => Ok(writer.finish()),
            Mode::Read(_) => Ok(Vec::new()),
        }
    }

    /// Reads a document: `describe` is called with a form that gives values.
    ///
    /// # Errors
    /// All that is wrong, in the order of the description, up to the first element that is not where it has to be.
    pub(crate) fn read(
        document: &'a Document,
        describe: impl FnOnce(&mut Form<'a>) -> Result<()>,
    ) -> Result<(), Vec<XmlError>> {
        let mut form = Form { mode: Mode::Read(Vec::new()), path: Vec::new(), told: Vec::new() };
        if document.root.name != "Файл" {
            let found = crate::xml::shorten(&document.root.name);
            return Err(vec![form.error_at(
                Some(document.root.position),
                Fault::OtherDocument { expected: "Файл".into(), found },
            )]);
        }
        form.enter("Файл", &document.root);
        let done = describe(&mut form).and_then(|()| form.leave());
        let mut told = form.told;
        match done {
            // What stands for a value that could not be read contradicts others.
            Err(error) if matches!(error.fault, Fault::Contradiction { .. }) && !told.is_empty() => {}
            Err(error) => told.push(error),
            Ok(()) => {}
        }
        if told.is_empty() { Ok(()) } else { Err(told) }
    }

    /// The root element: already entered when reading.
    pub(crate) fn root(&mut self, inner: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        match self.mode {
            Mode::Write(_) => self.element("Файл", inner),
            Mode::Read(_) => inner(self),
        }
    }

    /// An element that must be there.
    pub(crate) fn element<T>(
        &mut self,
        name: &'static str,
        inner: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        match &mut self.mode {
            Mode::Write(writer) => {
                writer.open(name);
                self.path.push(name);
                let done = inner(self)?;
                self.path.pop();
                if let Mode::Write(writer) = &mut self.mode {
                    writer.close();
                }
                Ok(done)
            }
            Mode::Read(_) => {
                let element = self.next_named(name)?;
                self.enter(name, element);
                let done = inner(self)?;
                self.leave()?;
                Ok(done)
            }
        }
    }

    /// An element that may be absent.
    pub(crate) fn optional<T: Default>(
        &mut self,
        name: &'static str,
        slot: &mut Option<T>,
        inner: impl FnOnce(&mut Self, &mut T) -> Result<()>,
    ) -> Result<()> {
        if self.reading() {
            *slot = (self.peek() == Some(name)).then(T::default);
        }
        match slot {
            Some(value) => self.element(name, |form| inner(form, value)),
            None => Ok(()),
        }
    }

    /// An element with text only.
    pub(crate) fn text<V: Coded>(&mut self, name: &'static str, value: &mut V) -> Result<()> {
        if let Mode::Write(writer) = &mut self.mode {
            let text = value.to_text();
            let written = writer.text_element(name, &text);
            self.path.push(name);
            written.map_err(|c| self.error(Fault::ForbiddenCharacter(c.into())))?;
            if !V::fits(&text) {
                return Err(self.error(V::rule().broken(&text)));
            }
            self.path.pop();
            return Ok(());
        }
        let element = self.next_named(name)?;
        self.path.push(name);
        if let Some(child) = element.children.first() {
            let fault = Fault::UnexpectedElement(crate::xml::shorten(&child.name));
            self.tell(Some(child.position), fault);
        }
        if let Some(attribute) = element.attributes.first() {
            let fault = Fault::UnexpectedAttribute(crate::xml::shorten(&attribute.name));
            self.tell(Some(attribute.position), fault);
        }
        match V::from_text(&element.text) {
            Some(read) => *value = read,
            None => self.tell(Some(element.position), V::rule().broken(&element.text)),
        }
        self.path.pop();
        Ok(())
    }

    /// One or more elements with text only.
    pub(crate) fn texts<V: Coded + Default>(
        &mut self,
        name: &'static str,
        values: &mut Vec<V>,
    ) -> Result<()> {
        if self.reading() {
            values.clear();
            while values.is_empty() || self.peek() == Some(name) {
                let mut value = V::default();
                self.text(name, &mut value)?;
                values.push(value);
            }
            return Ok(());
        }
        if values.is_empty() {
            return Err(self.error(Fault::MissingElement(name.into())));
        }
        values.iter_mut().try_for_each(|value| self.text(name, value))
    }

    /// A required attribute of text.
    pub(crate) fn attr(&mut self, name: &'static str, value: &mut String, rule: Rule) -> Result<()> {
        if self.reading() {
            match self.given(name) {
                Some((given, position)) => {
                    let held = self.hold(name, given, &rule, Some(position));
                    self.told.extend(held.err());
                    *value = given.to_owned();
                }
                None => self.told.push(self.missing(name)),
            }
            return Ok(());
        }
        if value.is_empty() {
            return Err(self.missing(name));
        }
        self.hold(name, value, &rule, None)?;
        self.put(name, value)
    }

    /// An attribute of text that may be absent; an empty one is left out, for the formats forbid it.
    pub(crate) fn attr_opt(
        &mut self,
        name: &'static str,
        value: &mut Option<String>,
        rule: Rule,
    ) -> Result<()> {
        if self.reading() {
            *value = match self.given(name) {
                None => None,
                Some((given, position)) => {
                    let held = self.hold(name, given, &rule, Some(position));
                    self.told.extend(held.err());
                    Some(given.to_owned())
                }
            };
            return Ok(());
        }
        match value.as_deref() {
            None | Some("") => Ok(()),
            Some(given) => {
                self.hold(name, given, &rule, None)?;
                self.put(name, given)
            }
        }
    }

    /// A required attribute of a type of its own.
    pub(crate) fn coded<V: Coded>(&mut self, name: &'static str, value: &mut V) -> Result<()> {
        if self.reading() {
            match self.given(name).map(|(given, position)| (V::from_text(given), given, position)) {
                Some((Some(read), ..)) => *value = read,
                Some((None, given, position)) => {
                    self.told.push(self.broken(name, given, &V::rule(), Some(position)));
                }
                None => self.told.push(self.missing(name)),
            }
            return Ok(());
        }
        let text = value.to_text().into_owned();
        if !V::fits(&text) {
            return Err(self.broken(name, &text, &V::rule(), None));
        }
        self.put(name, &text)
    }

    /// An attribute of a type of its own that may be absent.
    pub(crate) fn coded_opt<V: Coded + Default>(
        &mut self,
        name: &'static str,
        value: &mut Option<V>,
    ) -> Result<()> {
        if self.reading() {
            *value = self.given(name).is_some().then(V::default);
        }
        match value {
            Some(value) => self.coded(name, value),
            None => Ok(()),
        }
    }

    /// An attribute that always has the same value.
    pub(crate) fn constant(&mut self, name: &'static str, constant: &'static str) -> Result<()> {
        self.attr(name, &mut constant.to_owned(), Rule::Constant(constant))
    }

    /// Whether values come from the document.
    pub(crate) const fn reading(&self) -> bool {
        matches!(self.mode, Mode::Read(_))
    }

    /// The name of the next element of a document that is read.
    pub(crate) fn peek(&self) -> Option<&'a str> {
        match &self.mode {
            Mode::Write(_) => None,
            Mode::Read(frames) => {
                let frame = frames.last()?;
                frame.element.children.get(frame.read).map(|child| child.name.as_str())
            }
        }
    }

    /// An error at the element that is open now.
    pub(crate) fn error(&self, fault: Fault) -> XmlError {
        let position = match &self.mode {
            Mode::Write(_) => None,
            Mode::Read(frames) => frames.last().map(|frame| frame.element.position),
        };
        self.error_at(position, fault)
    }

    /// The error for an element of which none of the possible ones stands there.
    pub(crate) fn missing_one_of(&self, names: &[&str]) -> XmlError {
        match self.peek() {
            Some(found) => self.error(Fault::OtherDocument {
                expected: names.join(" | "),
                found: crate::xml::shorten(found),
            }),
            None => self.error(Fault::MissingElement(names.join(" | "))),
        }
    }

    fn next_named(&mut self, name: &'static str) -> Result<&'a Element> {
        let Mode::Read(frames) = &mut self.mode else {
            return Err(self.error(Fault::MissingElement(name.into())));
        };
        let next = frames.last_mut().and_then(|frame| {
            let child = frame.element.children.get(frame.read)?;
            if child.name == name {
                frame.read += 1;
            }
            Some(child)
        });
        match next {
            Some(child) if child.name == name => Ok(child),
            Some(child) => {
                let fault =
                    Fault::OtherDocument { expected: name.into(), found: crate::xml::shorten(&child.name) };
                Err(self.error_at(Some(child.position), fault))
            }
            None => Err(self.error(Fault::MissingElement(name.into()))),
        }
    }

    fn enter(&mut self, name: &'static str, element: &'a Element) {
        self.path.push(name);
        if let Mode::Read(frames) = &mut self.mode {
            frames.push(Frame { element, read: 0, known: Vec::new() });
        }
    }

    /// Refuses what the description did not name.
    fn leave(&mut self) -> Result<()> {
        let Mode::Read(frames) = &mut self.mode else {
            return Ok(());
        };
        let Some(frame) = frames.pop() else {
            return Ok(());
        };
        let unknown = frame.element.attributes.iter().filter(|a| {
            // Where a schema lies is a hint to editors and no part of any format.
            !frame.known.contains(&a.name.as_str())
                && !a.name.starts_with("xmlns")
                && !a.name.starts_with("xsi:")
        });
        for attribute in unknown {
            let fault = Fault::UnexpectedAttribute(crate::xml::shorten(&attribute.name));
            self.tell(Some(attribute.position), fault);
        }
        for child in frame.element.children.iter().skip(frame.read).take(TOLD) {
            let fault = Fault::UnexpectedElement(crate::xml::shorten(&child.name));
            self.tell(Some(child.position), fault);
        }
        // The schemas let white space stand between elements, and nothing at all in an element without any.
        let text = &frame.element.text;
        if !text.trim().is_empty() || frame.element.children.is_empty() && !text.is_empty() {
            self.tell(Some(frame.element.position), Fault::UnexpectedText);
        }
        self.path.pop();
        Ok(())
    }

    /// What is wrong, where reading goes on.
    fn tell(&mut self, position: Option<Position>, fault: Fault) {
        self.told.push(self.error_at(position, fault));
    }

    fn given(&mut self, name: &'static str) -> Option<(&'a str, Position)> {
        let Mode::Read(frames) = &mut self.mode else {
            return None;
        };
        let frame = frames.last_mut()?;
        frame.known.push(name);
        let element = frame.element;
        element.attributes.iter().find(|a| a.name == name).map(|a| (a.value.as_str(), a.position))
    }

    fn put(&mut self, name: &'static str, value: &str) -> Result<()> {
        let Mode::Write(writer) = &mut self.mode else {
            return Ok(());
        };
        match writer.attribute(name, value) {
            Ok(()) => Ok(()),
            Err(c) => {
                let mut error = self.error(Fault::ForbiddenCharacter(c.into()));
                error.place = format!("{}/@{name}", error.place);
                Err(error)
            }
        }
    }

    fn hold(&self, name: &'static str, value: &str, rule: &Rule, position: Option<Position>) -> Result<()> {
        if rule.holds(value) { Ok(()) } else { Err(self.broken(name, value, rule, position)) }
    }

    fn broken(&self, name: &'static str, value: &str, rule: &Rule, position: Option<Position>) -> XmlError {
        let mut error = self.error_at(position, rule.broken(value));
        error.place = format!("{}/@{name}", error.place);
        error
    }

    fn missing(&self, name: &'static str) -> XmlError {
        self.error(Fault::MissingAttribute(name.into()))
    }

    fn error_at(&self, position: Option<Position>, fault: Fault) -> XmlError {
        XmlError { position, place: self.path.join("/"), fault }
    }
}
