//! Writing documents as the official software does: windows-1251, two spaces, one line per element.

use super::encoding::encode;
use super::read::is_character;

/// Builds a document from the outside in.
#[derive(Debug)]
pub struct Writer {
    out: String,
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
            self.out.push_str(">\n");
        }
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        self.open.push((name, false));
    }

    /// An attribute of the element opened last, before anything stands in it.
    ///
    /// # Errors
    /// The character that XML cannot hold.
    pub fn attribute(&mut self, name: &str, value: &str) -> Result<(), char> {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.escape(value, true)?;
        self.out.push('"');
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
        self.out.push('>');
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
            self.out.push_str("/>\n");
        }
    }

    /// The bytes: characters outside of windows-1251 become references by number.
    pub fn finish(self) -> Vec<u8> {
        if self.is_utf8 {
            return self.out.into_bytes();
        }
        encode(&self.out)
    }

    fn end_tag(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn indent(&mut self) {
        const SPACES: &str = "                                ";
        match SPACES.get(..2 * self.open.len()) {
            Some(spaces) => self.out.push_str(spaces),
            None => self.out.extend(std::iter::repeat_n("  ", self.open.len())),
        }
    }

    fn escape(&mut self, text: &str, attribute: bool) -> Result<(), char> {
        if !text.bytes().any(|b| MAY_BE_SPECIAL[usize::from(b)]) {
            self.out.push_str(text);
            return Ok(());
        }
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' if attribute => self.out.push_str("&quot;"),
                // A reader turns the bare forms into spaces or line feeds.
                '\n' if attribute => self.out.push_str("&#10;"),
                '\t' if attribute => self.out.push_str("&#9;"),
                '\r' => self.out.push_str("&#13;"),
                // The web's table would write it as the byte 98, which readers of windows-1251 refuse.
                '\u{98}' => self.out.push_str("&#152;"),
                c if is_character(c) => self.out.push(c),
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
