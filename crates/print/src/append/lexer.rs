//! Words of PDF, as far as dictionaries and numbers go. Values are kept as they are written.

use super::{Result, not};

/// How nothing is written.
pub(super) const NULL: &[u8] = b"null";

/// How deep values may stand in each other.
const DEPTH: usize = 32;

/// A name of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) number: u32,
    pub(super) generation: u16,
}

/// A dictionary: names without their stroke, values as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dictionary(Vec<(Vec<u8>, Vec<u8>)>);

impl Dictionary {
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == name.as_bytes()).map(|(_, value)| value.as_slice())
    }

    pub(super) fn number(&self, name: &str) -> Option<usize> {
        std::str::from_utf8(self.get(name)?).ok()?.parse().ok()
    }

    pub(super) fn reference(&self, name: &str) -> Option<Reference> {
        reference(self.get(name)?)
    }

    /// The numbers of a list.
    pub(super) fn numbers(&self, name: &str) -> Option<Vec<usize>> {
        let list = std::str::from_utf8(self.get(name)?).ok()?;
        let list = list.strip_prefix('[')?.strip_suffix(']')?;
        list.split_ascii_whitespace().map(|number| number.parse().ok()).collect()
    }

    /// The same with another value.
    pub(super) fn with(mut self, name: &str, value: &[u8]) -> Self {
        self.0.retain(|(known, _)| known != name.as_bytes());
        self.0.push((name.as_bytes().to_vec(), value.to_vec()));
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"<<".to_vec();
        for (name, value) in &self.0 {
            bytes.extend([b"\n/", name.as_slice(), b" ", value].concat());
        }
        bytes.extend(b"\n>>");
        bytes
    }
}

/// `12 0 R`.
fn reference(value: &[u8]) -> Option<Reference> {
    let mut parts = std::str::from_utf8(value).ok()?.split_ascii_whitespace();
    let number = parts.next()?.parse().ok()?;
    let generation = parts.next()?.parse().ok()?;
    (parts.next() == Some("R") && parts.next().is_none()).then_some(Reference { number, generation })
}

/// A place in a file.
#[derive(Clone, Copy)]
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn ends_word(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Where the next word begins.
    pub(super) fn place(&mut self) -> usize {
        self.blanks();
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'%' => {
                    while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                        self.at += 1;
                    }
                }
                byte if is_blank(byte) => self.at += 1,
                _ => return,
            }
        }
    }

    /// Whether the next word is this one; it is passed over if it is.
    pub(super) fn eat(&mut self, word: &[u8]) -> bool {
        self.blanks();
        let is_next = self.rest().starts_with(word);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    /// A number without sign.
    pub(super) fn number(&mut self) -> Result<usize> {
        self.blanks();
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count().min(19);
        let text = std::str::from_utf8(&self.rest()[..digits]).unwrap_or_default();
        self.at += digits;
        text.parse().map_err(|_| not("there is no number where one has to be"))
    }

    /// A dictionary.
    pub(super) fn dictionary(&mut self) -> Result<Dictionary> {
        self.dictionary_at(0)
    }

    fn dictionary_at(&mut self, depth: usize) -> Result<Dictionary> {
        if !self.eat(b"<<") {
            return Err(not("there is no dictionary where one has to be"));
        }
        let mut found = Dictionary::default();
        while !self.eat(b">>") {
            if !self.eat(b"/") {
                return Err(not("a dictionary has something that is no name"));
            }
            let name = self.word();
            let from = self.place();
            self.value(depth + 1)?;
            let value = &self.bytes[from..self.at];
            // Of values that are given twice the first counts, as with most readers.
            if !found.0.iter().any(|(known, _)| known == name) {
                found.0.push((name.to_vec(), value.to_vec()));
            }
        }
        Ok(found)
    }

    fn word(&mut self) -> &'a [u8] {
        let length = self.rest().iter().take_while(|byte| !ends_word(**byte)).count();
        let word = &self.rest()[..length];
        self.at += length;
        word
    }

    /// Passes over a value.
    fn value(&mut self, depth: usize) -> Result<()> {
        if depth > DEPTH {
            return Err(not("values stand too deep in each other"));
        }
        self.blanks();
        match self.rest() {
            [b'<', b'<', ..] => self.dictionary_at(depth).map(drop),
            [b'<', ..] => {
                let end = self.rest().iter().position(|byte| *byte == b'>');
                self.at += end.ok_or(not("a string has no end"))? + 1;
                Ok(())
            }
            [b'(', ..] => self.string(),
            [b'[', ..] => {
                self.at += 1;
                while !self.eat(b"]") {
                    self.value(depth + 1)?;
                }
                Ok(())
            }
            [b'/', ..] => {
                self.at += 1;
                self.word();
                Ok(())
            }
            [] => Err(not("the file ends inside of a value")),
            _ => self.number_or_word(),
        }
    }

    /// A number, a reference that begins with one, or a word.
    fn number_or_word(&mut self) -> Result<()> {
        if self.word().is_empty() {
            return Err(not("a value is none"));
        }
        let mut further = *self;
        if further.number().is_ok() && further.eat(b"R") {
            *self = further;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<()> {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        Err(not("a string has no end"))
    }

    /// What stands between `stream` and its end; `length` is what the dictionary says.
    pub(super) fn stream(&mut self, length: usize) -> Result<&'a [u8]> {
        if !self.eat(b"stream") {
            return Err(not("a stream has no bytes"));
        }
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        }
        self.rest().get(..length).ok_or(not("a stream is longer than the file"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dictionaries_are_read_and_written_as_they_are() {
        let text = b"<< /Type /Pages % all of them\n/Kids [3 0 R 5 0 R]/Count 2 /Say (a \\) (b) > ]) /Hex <0A> /In << /A [1 2 -3.5 true] >> >>";
        let read = Lexer::new(text, 0).dictionary().expect("a dictionary");
        assert_eq!(read.get("Kids"), Some(&b"[3 0 R 5 0 R]"[..]));
        assert_eq!((read.number("Count"), read.get("Say")), (Some(2), Some(&b"(a \\) (b) > ])"[..])));
        assert_eq!(read.get("In"), Some(&b"<< /A [1 2 -3.5 true] >>"[..]));
        let again = Lexer::new(&read.bytes(), 0).dictionary().expect("a dictionary");
        assert_eq!(again, read);
        assert_eq!(again.with("Count", b"3").number("Count"), Some(3));
    }

    #[test]
    fn what_is_broken_ends() {
        for text in [
            "<<",
            "<< /A",
            "<< /A (",
            "<< /A [1",
            "<< /A <",
            "<< 1 2 >>",
            "<< /A ) >>",
            &"[".repeat(100_000),
            &"<</A".repeat(100_000),
        ] {
            assert!(Lexer::new(text.as_bytes(), 0).dictionary().is_err(), "{}", &text[..text.len().min(20)]);
        }
    }
}
