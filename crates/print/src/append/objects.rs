//! Where the objects of a file stand.

use super::lexer::{Dictionary, Lexer, Reference};
use super::predictor::unpack;
use super::{Result, not};

/// The kind of a table of objects: lines of text, or a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Lines,
    Stream,
}

/// Where an object stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Here in the file.
    At(usize),
    /// In a stream of objects: the stream, and which of its objects.
    In(u32, usize),
}

/// A part of a table: the first number, and places of this and the following numbers; `None` is nowhere.
struct Section {
    first: u32,
    places: Vec<Option<Place>>,
}

/// The objects of a file.
pub(super) struct Objects<'a> {
    bytes: &'a [u8],
    /// The newest first.
    sections: Vec<Section>,
    trailer: Dictionary,
    table: Table,
    start: usize,
}

/// Tables that a file may have: each change adds one.
const TABLES: usize = 256;
/// Objects that a file may have.
const OBJECTS: usize = 8_000_000;
/// How far from the end the place of the last table is said.
const TAIL: usize = 2048;

impl<'a> Objects<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(not("the file does not begin as PDF"));
        }
        let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
        let word =
            tail.windows(9).rposition(|word| word == b"startxref").ok_or(not("the file has no end"))?;
        let start = Lexer::new(tail, word + 9).number()?;
        let mut objects =
            Self { bytes, sections: Vec::new(), trailer: Dictionary::default(), table: Table::Lines, start };
        let mut next = vec![start];
        let mut seen = Vec::new();
        while let Some(at) = next.pop() {
            if seen.contains(&at) || seen.len() >= TABLES {
                return Err(not("the tables of the file have no end"));
            }
            let is_first = seen.is_empty();
            seen.push(at);
            let (table, trailer) = objects.table_at(at)?;
            next.extend(trailer.number("Prev"));
            // What old readers do not see stands in front of older tables.
            next.extend(trailer.number("XRefStm"));
            if is_first {
                (objects.table, objects.trailer) = (table, trailer);
            }
        }
        Ok(objects)
    }

    pub(super) const fn trailer(&self) -> &Dictionary {
        &self.trailer
    }

    pub(super) const fn table(&self) -> Table {
        self.table
    }

    pub(super) const fn start(&self) -> usize {
        self.start
    }

    /// The first number that no object has.
    pub(super) fn size(&self) -> u32 {
        let listed = self.sections.iter().map(|section| section.first as usize + section.places.len()).max();
        let size = listed.unwrap_or_default().max(self.trailer.number("Size").unwrap_or_default());
        u32::try_from(size).unwrap_or(u32::MAX)
    }

    fn table_at(&mut self, at: usize) -> Result<(Table, Dictionary)> {
        let mut lexer = Lexer::new(self.bytes, at);
        if !lexer.eat(b"xref") {
            return Ok((Table::Stream, self.stream_table(at)?));
        }
        while !lexer.eat(b"trailer") {
            let first =
                u32::try_from(lexer.number()?).map_err(|_| not("a number of an object is too large"))?;
            let count = lexer.number()?;
            self.has_room(count)?;
            let mut places = Vec::new();
            for _ in 0..count {
                let (place, _) = (lexer.number()?, lexer.number()?);
                let is_used = lexer.eat(b"n");
                if !is_used && !lexer.eat(b"f") {
                    return Err(not("a line of a table is broken"));
                }
                places.push(is_used.then_some(Place::At(place)));
            }
            self.sections.push(Section { first, places });
        }
        Ok((Table::Lines, lexer.dictionary()?))
    }

    fn has_room(&self, more: usize) -> Result<()> {
        let listed: usize = self.sections.iter().map(|section| section.places.len()).sum();
        if more > OBJECTS || listed + more > OBJECTS {
            Err(not("the file has too many objects"))
        } else {
            Ok(())
        }
    }

    fn stream_table(&mut self, at: usize) -> Result<Dictionary> {
        let (dictionary, bytes) = self.stream_at(at, 0)?;
        let widths =
            dictionary.numbers("W").filter(|widths| widths.len() == 3 && widths.iter().all(|w| *w <= 8));
        let widths = widths.ok_or(not("a table has no widths"))?;
        let size = dictionary.number("Size").ok_or(not("a table has no size"))?;
        let index = dictionary.numbers("Index").unwrap_or_else(|| vec![0, size]);
        let wide: usize = widths.iter().sum();
        if wide == 0 {
            return Err(not("a table has no widths"));
        }
        let mut rows = bytes.chunks_exact(wide);
        for run in index.chunks_exact(2) {
            let first = u32::try_from(run[0]).map_err(|_| not("a number of an object is too large"))?;
            self.has_room(run[1])?;
            let mut places = Vec::new();
            for row in rows.by_ref().take(run[1]) {
                let (kind, rest) = row.split_at(widths[0]);
                let (one, two) = rest.split_at(widths[1]);
                let number =
                    |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
                places.push(match if kind.is_empty() { 1 } else { number(kind) } {
                    1 => Some(Place::At(number(one))),
                    2 => u32::try_from(number(one)).ok().map(|stream| Place::In(stream, number(two))),
                    _ => None,
                });
            }
            self.sections.push(Section { first, places });
        }
        Ok(dictionary)
    }

    fn place(&self, number: u32) -> Option<Place> {
        let of = |section: &Section| {
            let index = number.checked_sub(section.first)?;
            section.places.get(index as usize).copied()
        };
        self.sections.iter().find_map(of)?
    }

    /// An object that is a dictionary.
    pub(super) fn dictionary(&self, of: Reference) -> Result<Dictionary> {
        match self.place(of.number).ok_or(not("an object is nowhere"))? {
            Place::At(at) => self.opened(at, of.number)?.dictionary(),
            Place::In(stream, index) => self.packed(stream, index, of.number),
        }
    }

    /// Behind the first line of an object.
    fn opened(&self, at: usize, number: u32) -> Result<Lexer<'a>> {
        let mut lexer = Lexer::new(self.bytes, at);
        let found = lexer.number()?;
        lexer.number()?;
        let is_meant = found == number as usize && lexer.eat(b"obj");
        is_meant.then_some(lexer).ok_or(not("an object is not where the table says"))
    }

    /// An object out of a stream of them.
    fn packed(&self, stream: u32, index: usize, number: u32) -> Result<Dictionary> {
        let Some(Place::At(at)) = self.place(stream) else {
            return Err(not("a stream of objects is nowhere"));
        };
        let (dictionary, bytes) = self.stream_at(at, 0)?;
        let first =
            dictionary.number("First").ok_or(not("a stream of objects does not say where they begin"))?;
        let mut lexer = Lexer::new(&bytes, 0);
        let mut place = None;
        for _ in 0..=index.min(OBJECTS) {
            let found = lexer.number()?;
            place = Some((found, lexer.number()?));
        }
        let place = place.filter(|(found, _)| *found == number as usize);
        let (_, offset) = place.ok_or(not("an object is not where the table says"))?;
        Lexer::new(&bytes, first.saturating_add(offset)).dictionary()
    }

    /// The stream of an object, unpacked.
    fn stream_at(&self, at: usize, depth: usize) -> Result<(Dictionary, Vec<u8>)> {
        let mut lexer = Lexer::new(self.bytes, at);
        lexer.number()?;
        lexer.number()?;
        if !lexer.eat(b"obj") {
            return Err(not("a table is not where the file says"));
        }
        let dictionary = lexer.dictionary()?;
        let length = match (dictionary.number("Length"), dictionary.reference("Length")) {
            (Some(length), _) => length,
            (None, Some(elsewhere)) if depth == 0 => match self.place(elsewhere.number) {
                Some(Place::At(at)) => self.opened(at, elsewhere.number)?.number()?,
                _ => return Err(not("the length of a stream is nowhere")),
            },
            _ => return Err(not("a stream has no length")),
        };
        let bytes = lexer.stream(length)?;
        let unpacked = unpack(&dictionary, bytes)?;
        Ok((dictionary, unpacked))
    }
}
