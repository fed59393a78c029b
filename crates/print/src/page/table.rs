//! Tables: a head that is repeated on every page, rows that are not split unless no page holds them.

use super::flow::{Flow, Style};
use crate::pdf::text;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its part of the width.
    pub(crate) share: f32,
    /// Numbers stand at the right.
    pub(crate) is_number: bool,
}

/// A cell of the head: its text, and how many columns and rows it covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) text: &'static str,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl Head {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { text, columns: 1, rows: 1 }
    }

    pub(crate) const fn wide(text: &'static str, columns: usize) -> Self {
        Self { text, columns, rows: 1 }
    }

    pub(crate) const fn high(text: &'static str, rows: usize) -> Self {
        Self { text, columns: 1, rows }
    }
}

/// A cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// How many columns it covers.
    pub(crate) columns: usize,
    pub(crate) is_bold: bool,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), columns: 1, is_bold: false }
    }

    pub(crate) fn bold(text: impl Into<String>, columns: usize) -> Self {
        Self { text: text.into(), columns, is_bold: true }
    }
}

/// A table while it is written.
pub(crate) struct Table<'a> {
    columns: &'a [Column],
    /// Rows of the head from above; a cell that covers several rows stands in the first of them.
    head: &'a [&'a [Head]],
    size: f32,
    /// Where columns begin, and where the last one ends.
    edges: Vec<f32>,
}

const PADDING: f32 = 1.6;
const THIN: f32 = 0.4;

/// Lines of each cell, with the columns it covers.
struct Row {
    cells: Vec<(usize, usize, Vec<String>, Style)>,
    lines: usize,
}

impl<'a> Table<'a> {
    /// A table with its first head. `size` is that of its letters.
    pub(crate) fn begin(flow: &mut Flow, columns: &'a [Column], head: &'a [&'a [Head]], size: f32) -> Self {
        let total: f32 = columns.iter().map(|column| column.share).sum();
        let mut edges = vec![flow.left()];
        for column in columns {
            edges.push(edges[edges.len() - 1] + column.share / total * flow.width());
        }
        let table = Self { columns, head, size, edges };
        let least = table.head_heights().iter().sum::<f32>() + 3.0 * table.leading();
        flow.ensure(least);
        table.draw_head(flow);
        table
    }

    /// Goes to the next page unless so many rows of one line have room on this one: a heading stays with what it is of.
    #[expect(clippy::cast_precision_loss, reason = "there are not that many rows")]
    pub(crate) fn keep(&self, flow: &mut Flow, rows: usize) {
        if flow.ensure(rows as f32 * self.height(1)) {
            self.draw_head(flow);
        }
    }

    /// A row.
    pub(crate) fn row(&self, flow: &mut Flow, cells: &[Cell]) {
        let row = self.laid_out(cells);
        let height = self.height(row.lines);
        let head: f32 = self.head_heights().iter().sum();
        if height <= flow.capacity() - head {
            if flow.ensure(height) {
                self.draw_head(flow);
            }
            self.draw(flow, &row, 0, row.lines);
            return;
        }
        let mut from = 0;
        while from < row.lines {
            let mut fit = self.fit(flow.room());
            if fit == 0 {
                flow.next_page();
                self.draw_head(flow);
                fit = self.fit(flow.room()).max(1);
            }
            let to = row.lines.min(from + fit);
            self.draw(flow, &row, from, to);
            from = to;
        }
    }

    fn laid_out(&self, cells: &[Cell]) -> Row {
        let mut row = Row { cells: Vec::with_capacity(cells.len()), lines: 1 };
        let mut column = 0;
        for cell in cells {
            let next = (column + cell.columns.max(1)).min(self.columns.len());
            let style = if cell.is_bold { Style::bold(self.size) } else { Style::plain(self.size) };
            let width = self.edges[next] - self.edges[column] - 2.0 * PADDING;
            let lines = text::wrap(&cell.text, style.weight, style.size, width);
            row.lines = row.lines.max(lines.len());
            row.cells.push((column, next, lines, style));
            column = next;
        }
        row
    }

    fn leading(&self) -> f32 {
        Style::plain(self.size).leading()
    }

    #[expect(clippy::cast_precision_loss, reason = "there are not that many lines")]
    fn height(&self, lines: usize) -> f32 {
        lines as f32 * self.leading() + 2.0 * PADDING
    }

    /// How many lines of a row fit.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page is small")]
    fn fit(&self, room: f32) -> usize {
        ((room - 2.0 * PADDING) / self.leading()).max(0.0) as usize
    }

    /// Lines `from` to `to` of a row.
    fn draw(&self, flow: &mut Flow, row: &Row, from: usize, to: usize) {
        let (top, height) = (flow.y, self.height(to - from));
        for (first, next, lines, style) in &row.cells {
            flow.y = top + PADDING;
            let is_number = next - first == 1 && self.columns[*first].is_number;
            for line in lines.iter().take(to).skip(from) {
                if is_number {
                    flow.put_before(self.edges[*next] - PADDING, *style, line);
                } else {
                    flow.put(self.edges[*first] + PADDING, *style, line);
                }
                flow.y += style.leading();
            }
        }
        flow.y = top;
        let covered = row.cells.iter().map(|(first, ..)| *first);
        self.lines(flow, top, height, covered);
        flow.y = top + height;
    }

    /// Lines left of the cells that begin at these columns, right of the last, and below.
    fn lines(&self, flow: &mut Flow, top: f32, height: f32, begins: impl Iterator<Item = usize>) {
        let page = flow.page();
        let right = self.edges[self.columns.len()];
        for x in begins.map(|column| self.edges[column]).chain([right]) {
            flow.canvas.line(page, (x, top), (x, top + height), THIN);
        }
        flow.canvas.line(page, (self.edges[0], top + height), (right, top + height), THIN);
    }

    /// Where each cell of the head stands: row, first column, cell.
    fn head_cells(&self) -> Vec<(usize, usize, Head)> {
        let mut taken = vec![vec![false; self.columns.len()]; self.head.len()];
        let mut placed = Vec::new();
        for (row, cells) in self.head.iter().enumerate() {
            let mut column = 0;
            for cell in *cells {
                while taken[row].get(column) == Some(&true) {
                    column += 1;
                }
                for line in taken.iter_mut().skip(row).take(cell.rows) {
                    line.iter_mut().skip(column).take(cell.columns).for_each(|place| *place = true);
                }
                placed.push((row, column, *cell));
                column += cell.columns;
            }
        }
        placed
    }

    fn head_lines(&self, column: usize, cell: Head) -> Vec<String> {
        let width = self.edges[column + cell.columns] - self.edges[column] - 2.0 * PADDING;
        text::wrap(cell.text, Style::plain(self.size).weight, self.size, width)
    }

    fn head_heights(&self) -> Vec<f32> {
        let mut heights = vec![0.0_f32; self.head.len()];
        let cells = self.head_cells();
        for (row, column, cell) in cells.iter().filter(|(.., cell)| cell.rows == 1) {
            heights[*row] = heights[*row].max(self.height(self.head_lines(*column, *cell).len()));
        }
        for (row, column, cell) in cells.iter().filter(|(.., cell)| cell.rows > 1) {
            let needed = self.height(self.head_lines(*column, *cell).len());
            let last = (row + cell.rows).min(heights.len());
            let there: f32 = heights[*row..last].iter().sum();
            heights[last - 1] += (needed - there).max(0.0);
        }
        heights
    }

    fn draw_head(&self, flow: &mut Flow) {
        let heights = self.head_heights();
        let top = flow.y;
        let at = |row: usize| top + heights[..row].iter().sum::<f32>();
        let style = Style::plain(self.size);
        for (row, column, cell) in self.head_cells() {
            let (from, to) = (at(row), at((row + cell.rows).min(heights.len())));
            let (left, right) = (self.edges[column], self.edges[column + cell.columns]);
            let page = flow.page();
            flow.canvas.frame(page, (left, from), (right - left, to - from), THIN, crate::pdf::Colour::BLACK);
            flow.y = from + PADDING;
            for line in self.head_lines(column, cell) {
                let wide = text::width(&line, style.weight, style.size);
                flow.put(f32::midpoint(left, right) - wide / 2.0, style, &line);
                flow.y += style.leading();
            }
        }
        flow.y = top + heights.iter().sum::<f32>();
    }
}
