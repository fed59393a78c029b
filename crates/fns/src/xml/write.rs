//! Writing documents as the official software does: windows-1251, two spaces, one line per element.

use super::encoding::encode;
use super::read::is_character;

/// Builds a document from the outside in.
#[derive(Debug)]
pub struct Writer {
    out: Vec<u8>,
    /// Names of open elements, each with whether it already has something inside.
    open: Vec<(&'static str, bool)>,
    is_utf8: bool,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// A document in windows-1251, as all official documents are.
    pub fn new() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n".into(),
            open: Vec::new(),
            is_utf8: false,
        }
    }

    /// A document in UTF-8 with a byte order mark, as clients get data.
    pub fn utf8() -> Self {
        let head = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
        Self { out: head.into(), open: Vec::new(), is_utf8: true }
    }

    /// The start of an element.
    pub fn open(&mut self, name: &'static str) {
        if let Some((_, filled)) = self.open.last_mut()
            && !std::mem::replace(filled, true)
        {
            self.ascii(">\n");
        }
        self.indent();
        self.ascii("<");
        self.push(name);
        self.open.push((name, false));
    }

    /// An attribute of the element opened last, before anything stands in it.
    ///
    /// # Errors
    /// The character that XML cannot hold.
    pub fn attribute(&mut self, name: &str, value: &str) -> Result<(), char> {
        self.ascii(" ");
        self.push(name);
        self.ascii("=\"");
        self.escape(value, true)?;
        self.ascii("\"");
        Ok(())
    }

    /// A whole element with text; an empty text still has both tags.
    ///
    /// # Errors
    /// The character that XML cannot hold.
    pub fn text_element(&mut self, name: &'static str, text: &str) -> Result<(), char> {
        self.open(name);
        self.close_with_text(text)
    }

    /// The text of the element opened last, in which nothing stands yet, and its end.
    ///
    /// # Errors
    /// The character that XML cannot hold.
    pub fn close_with_text(&mut self, text: &str) -> Result<(), char> {
        let Some((name, _)) = self.open.pop() else {
            return Ok(());
        };
        self.ascii(">");
        self.escape(text, false)?;
        self.end_tag(name);
        Ok(())
    }

    /// The end of the element opened last.
    pub fn close(&mut self) {
        let Some((name, filled)) = self.open.pop() else {
            return;
        };
        if filled {
            self.indent();
            self.end_tag(name);
        } else {
            self.ascii("/>\n");
        }
    }

    /// The bytes: characters outside of windows-1251 became references by number.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    /// What is the same in both encodings.
    fn ascii(&mut self, text: &'static str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn push(&mut self, text: &str) {
        if self.is_utf8 {
            self.out.extend_from_slice(text.as_bytes());
        } else {
            encode(text, &mut self.out);
        }
    }

    fn end_tag(&mut self, name: &str) {
        self.ascii("</");
        self.push(name);
        self.ascii(">\n");
    }

    fn indent(&mut self) {
        const SPACES: &str = "                                ";
        match SPACES.get(..2 * self.open.len()) {
            Some(spaces) => self.ascii(spaces),
            None => (0..self.open.len()).for_each(|_| self.ascii("  ")),
        }
    }

    fn escape(&mut self, text: &str, attribute: bool) -> Result<(), char> {
        if !text.bytes().any(|b| MAY_BE_SPECIAL[usize::from(b)]) {
            self.push(text);
            return Ok(());
        }
        for c in text.chars() {
            match c {
                '&' => self.ascii("&amp;"),
                '<' => self.ascii("&lt;"),
                '>' => self.ascii("&gt;"),
                '"' if attribute => self.ascii("&quot;"),
                // A reader turns the bare forms into spaces or line feeds.
                '\n' if attribute => self.ascii("&#10;"),
                '\t' if attribute => self.ascii("&#9;"),
                '\r' => self.ascii("&#13;"),
                // The web's table would write it as the byte 98, which readers of windows-1251 refuse.
                '\u{98}' => self.ascii("&#152;"),
                c if is_character(c) => self.push(c.encode_utf8(&mut [0; 4])),
                c => return Err(c),
            }
        }
        Ok(())
    }
}

/// Bytes with which something may begin that is not written as it is.
const MAY_BE_SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut b = 0;
    while b < 0x20 {
        special[b] = true;
        b += 1;
    }
    let others = [b'&', b'<', b'>', b'"', 0xC2, 0xEF];
    let mut at = 0;
    while at < others.len() {
        special[others[at] as usize] = true;
        at += 1;
    }
    special
};
