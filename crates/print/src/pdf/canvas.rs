//! Drawing on pages. Places are in points from the upper left corner.

use pdf_writer::{Content, Name, Str};

use super::font::Weight;
use super::letters::Letters;
use super::{pack, text};

/// A colour, red, green and blue from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Colour(pub(crate) f32, pub(crate) f32, pub(crate) f32);

impl Colour {
    pub(crate) const BLACK: Self = Self(0.0, 0.0, 0.0);
    pub(crate) const GREY: Self = Self(0.35, 0.35, 0.35);
    pub(crate) const STAMP: Self = Self(0.1, 0.25, 0.6);
    pub(crate) const BAD: Self = Self(0.7, 0.1, 0.1);
}

/// A page with what was drawn on it so far.
pub(crate) struct Page {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) content: Content,
    /// What was drawn before other pages were begun, compressed.
    pub(crate) packed: Vec<Vec<u8>>,
    colour: Colour,
}

/// All pages, and the letters that stand on them.
#[derive(Default)]
pub(crate) struct Canvas {
    pub(crate) pages: Vec<Page>,
    pub(crate) letters: [Letters; 2],
}

impl Canvas {
    /// Begins a page. The one before is compressed, so that thousands of pages take little memory; it may still be drawn on.
    pub(crate) fn page(&mut self, width: f32, height: f32) {
        if let Some(page) = self.pages.last_mut() {
            page.seal();
        }
        let content = Content::new();
        self.pages.push(Page { width, height, content, packed: Vec::new(), colour: Colour::BLACK });
    }

    /// One line of text with its base line at `y`.
    pub(crate) fn text(
        &mut self,
        page: usize,
        (x, y): (f32, f32),
        (weight, size, colour): (Weight, f32, Colour),
        text: &str,
    ) {
        if text.is_empty() {
            return;
        }
        let codes = self.letters[weight as usize].codes(text);
        let page = &mut self.pages[page];
        page.colour(colour);
        let y = page.height - y;
        let name = Name(if weight == Weight::Bold { b"B" } else { b"R" });
        page.content
            .begin_text()
            .set_font(name, size)
            .next_line(short(x), short(y))
            .show(Str(&codes))
            .end_text();
    }

    /// A text that ends at `x`.
    pub(crate) fn text_before(
        &mut self,
        page: usize,
        (x, y): (f32, f32),
        style: (Weight, f32, Colour),
        text: &str,
    ) {
        let wide = text::width(text, style.0, style.1);
        self.text(page, (x - wide, y), style, text);
    }

    /// A straight line.
    pub(crate) fn line(&mut self, page: usize, from: (f32, f32), to: (f32, f32), thick: f32) {
        let page = &mut self.pages[page];
        page.colour(Colour::BLACK);
        let height = page.height;
        page.content.set_line_width(thick);
        page.content.move_to(short(from.0), short(height - from.1));
        page.content.line_to(short(to.0), short(height - to.1)).stroke();
    }

    /// The outline of a box.
    pub(crate) fn frame(
        &mut self,
        page: usize,
        (x, y): (f32, f32),
        (width, height): (f32, f32),
        thick: f32,
        colour: Colour,
    ) {
        let page = &mut self.pages[page];
        page.colour(colour);
        let y = page.height - y - height;
        page.content.set_line_width(thick);
        page.content.rect(short(x), short(y), short(width), short(height)).stroke();
    }
}

impl Page {
    /// Compresses what was drawn.
    pub(crate) fn seal(&mut self) {
        let content = std::mem::replace(&mut self.content, Content::new());
        if !content.as_bytes().is_empty() {
            self.packed.push(pack(&content.finish()));
        }
    }

    fn colour(&mut self, colour: Colour) {
        if self.colour != colour {
            self.colour = colour;
            let Colour(red, green, blue) = colour;
            self.content.set_fill_rgb(red, green, blue).set_stroke_rgb(red, green, blue);
        }
    }
}

/// Hundredths of a point are fine enough, and shorter.
fn short(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}
