//! Content that runs down the pages.

use pdf_writer::Ref;

use crate::pdf::{About, Canvas, Colour, Pages, Weight, pages, text, write};

/// The size of the pages, A4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    Portrait,
    Landscape,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) weight: Weight,
    /// In points.
    pub(crate) size: f32,
    pub(crate) colour: Colour,
}

impl Style {
    pub(crate) const fn plain(size: f32) -> Self {
        Self { weight: Weight::Regular, size, colour: Colour::BLACK }
    }

    pub(crate) const fn bold(size: f32) -> Self {
        Self { weight: Weight::Bold, size, colour: Colour::BLACK }
    }

    pub(crate) const fn of(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// From line to line.
    pub(crate) fn leading(self) -> f32 {
        self.size * 1.18
    }

    /// How far its base line is below the top of a line.
    pub(crate) fn ascent(self) -> f32 {
        self.size * 0.95
    }
}

/// Where the next thing goes.
pub(crate) struct Flow {
    pub(crate) canvas: Canvas,
    paper: Paper,
    /// What the foot of every page says, before its number.
    foot: String,
    /// From the top of the page.
    pub(crate) y: f32,
}

/// Left, right and upper margins.
const MARGIN: f32 = 28.0;
/// The lower one, where the foot stands.
const FOOT: f32 = 30.0;
const FOOT_STYLE: Style = Style::plain(6.0).of(Colour::GREY);

impl Flow {
    /// The first page, empty. `foot` is repeated on every page.
    pub(crate) fn new(paper: Paper, foot: &str) -> Self {
        let mut flow = Self { canvas: Canvas::default(), paper, foot: text::clean(foot), y: 0.0 };
        flow.next_page();
        flow
    }

    /// Width and height of the pages.
    fn size(&self) -> (f32, f32) {
        match self.paper {
            Paper::Portrait => (595.28, 841.89),
            Paper::Landscape => (841.89, 595.28),
        }
    }

    /// Where lines begin.
    pub(crate) fn left(&self) -> f32 {
        MARGIN
    }

    /// How long they are.
    pub(crate) fn width(&self) -> f32 {
        self.size().0 - 2.0 * MARGIN
    }

    /// How much a whole page holds.
    pub(crate) fn capacity(&self) -> f32 {
        self.size().1 - MARGIN - FOOT
    }

    /// How much is left of this page.
    pub(crate) fn room(&self) -> f32 {
        self.size().1 - FOOT - self.y
    }

    /// The page that is written on.
    pub(crate) fn page(&self) -> usize {
        self.canvas.pages.len() - 1
    }

    pub(crate) fn next_page(&mut self) {
        let (width, height) = self.size();
        self.canvas.page(width, height);
        self.y = MARGIN;
    }

    /// Goes to the next page if this one has no room of `height` any more; whether it did.
    pub(crate) fn ensure(&mut self, height: f32) -> bool {
        let is_over = height > self.room() && self.y > MARGIN;
        if is_over {
            self.next_page();
        }
        is_over
    }

    pub(crate) fn gap(&mut self, height: f32) {
        self.y += height;
    }

    /// A line of text at `x`, on the line at hand.
    pub(crate) fn put(&mut self, x: f32, style: Style, line: &str) {
        let at = (x, self.y + style.ascent());
        let page = self.page();
        self.canvas.text(page, at, (style.weight, style.size, style.colour), line);
    }

    /// A text that ends at `x`, on the line at hand.
    pub(crate) fn put_before(&mut self, x: f32, style: Style, line: &str) {
        let at = (x, self.y + style.ascent());
        let page = self.page();
        self.canvas.text_before(page, at, (style.weight, style.size, style.colour), line);
    }

    /// A line across, at the height at hand.
    pub(crate) fn rule(&mut self, from: f32, to: f32, thick: f32) {
        let (page, y) = (self.page(), self.y);
        self.canvas.line(page, (from, y), (to, y), thick);
    }

    /// A text over the whole width, on as many lines and pages as it takes.
    pub(crate) fn paragraph(&mut self, style: Style, text: &str) {
        for line in text::wrap(text, style.weight, style.size, self.width()) {
            self.ensure(style.leading());
            self.put(MARGIN, style, &line);
            self.y += style.leading();
        }
    }

    /// The file.
    pub(crate) fn finish(mut self, about: About<'_>) -> Vec<u8> {
        self.number("Лист");
        write(self.canvas, about)
    }

    /// The pages for somebody else's file: objects numbered from `first`, children of `parent`.
    pub(crate) fn addition(mut self, first: Ref, parent: Ref) -> Pages {
        // The file has sheets of its own before these.
        self.number("Лист подписей");
        pages(self.canvas, first.get(), parent)
    }

    /// Writes the foot of every page, with its number among these.
    fn number(&mut self, what: &str) {
        let count = self.canvas.pages.len();
        let (width, height) = self.size();
        let style = (FOOT_STYLE.weight, FOOT_STYLE.size, FOOT_STYLE.colour);
        for page in 0..count {
            let number = format!("{what} {} из {count}", page + 1);
            self.canvas.text_before(page, (width - MARGIN, height - 16.0), style, &number);
            let foot = text::wrap(&self.foot, style.0, style.1, width - 2.0 * MARGIN - 60.0).swap_remove(0);
            self.canvas.text(page, (MARGIN, height - 16.0), style, &foot);
        }
    }
}
