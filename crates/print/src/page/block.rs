//! Things that stand beside each other.

use super::flow::{Flow, Style};
use crate::pdf::{Colour, text};

/// Something of a width and, from that, a height.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// A text.
    Text(Style, String),
    /// A name, a value on a line of its own colour, and the number of the field in the official form.
    Field { label: String, value: String, number: &'static str },
    /// Blocks in a box.
    Framed(Colour, Vec<Block>),
}

const LABEL: Style = Style::plain(7.0);
const VALUE: Style = Style::plain(7.5);
const NUMBER: f32 = 22.0;
const PADDING: f32 = 4.0;

impl Block {
    pub(crate) fn text(style: Style, text: impl Into<String>) -> Self {
        Self::Text(style, text.into())
    }

    /// A field of the form.
    pub(crate) fn field(label: &str, value: impl Into<String>, number: &'static str) -> Self {
        Self::Field { label: label.to_owned(), value: value.into(), number }
    }

    pub(crate) fn height(&self, width: f32) -> f32 {
        match self {
            Self::Text(style, text) => lines(*style, text, width) * style.leading(),
            Self::Field { label, value, .. } => {
                let (side, rest) = split(label, width);
                let label = lines(LABEL, label, side) * LABEL.leading();
                let value = lines(VALUE, value, rest) * VALUE.leading();
                label.max(value) + 2.5
            }
            Self::Framed(_, inside) => height(inside, width - 2.0 * PADDING) + 2.0 * PADDING,
        }
    }

    /// Draws it at `x`; the flow is behind it afterwards. There has to be room.
    pub(crate) fn draw(&self, flow: &mut Flow, x: f32, width: f32) {
        let top = flow.y;
        match self {
            Self::Text(style, text) => put_lines(flow, x, *style, text, width),
            Self::Field { label, value, number } => {
                let (side, rest) = split(label, width);
                put_lines(flow, x, LABEL, label, side);
                flow.y = top;
                put_lines(flow, x + side, VALUE, value, rest);
                flow.y = top + self.height(width) - 1.5;
                flow.rule(x + side, x + width - NUMBER, 0.3);
                if !number.is_empty() {
                    flow.y = top;
                    flow.put_before(x + width, LABEL, number);
                }
            }
            Self::Framed(colour, inside) => {
                let size = (width, self.height(width));
                let page = flow.page();
                flow.canvas.frame(page, (x, top), size, 0.8, *colour);
                flow.y += PADDING;
                inside.iter().for_each(|block| block.draw(flow, x + PADDING, width - 2.0 * PADDING));
            }
        }
        flow.y = top + self.height(width);
    }

    /// Down the page, over its whole width, broken where it has to be.
    pub(crate) fn flow(&self, flow: &mut Flow) {
        let width = flow.width();
        let height = self.height(width);
        if height <= flow.capacity() {
            flow.ensure(height);
            let x = flow.left();
            return self.draw(flow, x, width);
        }
        match self {
            Self::Text(style, text) => flow.paragraph(*style, text),
            Self::Field { label, value, number } => {
                flow.paragraph(LABEL, &format!("{label} {number}"));
                flow.paragraph(VALUE, value);
            }
            Self::Framed(_, inside) => inside.iter().for_each(|block| block.flow(flow)),
        }
    }
}

/// How wide the label of a field is, and what is left for the value.
fn split(label: &str, width: f32) -> (f32, f32) {
    let wide = text::width(label, LABEL.weight, LABEL.size) + 6.0;
    let side = wide.clamp((width * 0.28).min(110.0), width * 0.45);
    (side, width - side - NUMBER)
}

#[expect(clippy::cast_precision_loss, reason = "there are not that many lines")]
fn lines(style: Style, content: &str, width: f32) -> f32 {
    text::wrap(content, style.weight, style.size, width).len() as f32
}

fn put_lines(flow: &mut Flow, x: f32, style: Style, content: &str, width: f32) {
    for line in text::wrap(content, style.weight, style.size, width) {
        flow.put(x, style, &line);
        flow.y += style.leading();
    }
}

/// How high blocks are under each other.
fn height(blocks: &[Block], width: f32) -> f32 {
    blocks.iter().map(|block| block.height(width)).sum()
}

const BETWEEN: f32 = 14.0;

/// How wide each of so many columns is.
#[expect(clippy::cast_precision_loss, reason = "there are a few columns")]
fn column_width(flow: &Flow, count: usize) -> f32 {
    let count = count.max(1) as f32;
    (flow.width() - BETWEEN * (count - 1.0)) / count
}

/// How high the highest of some columns is.
pub(crate) fn highest(flow: &Flow, columns: &[Vec<Block>]) -> f32 {
    let width = column_width(flow, columns.len());
    columns.iter().map(|blocks| height(blocks, width)).fold(0.0, f32::max)
}

/// Columns of blocks beside each other, kept on one page if a page holds them; else one after the other.
pub(crate) fn columns(flow: &mut Flow, columns: &[Vec<Block>]) {
    let (width, highest) = (column_width(flow, columns.len()), highest(flow, columns));
    if highest > flow.capacity() {
        columns.iter().flatten().for_each(|block| block.flow(flow));
        return;
    }
    flow.ensure(highest);
    let (top, mut x) = (flow.y, flow.left());
    for blocks in columns {
        flow.y = top;
        blocks.iter().for_each(|block| block.draw(flow, x, width));
        x += width + BETWEEN;
    }
    flow.y = top + highest;
}
