//! A page about a file that has no layout of its own.

use potok_fns::MoscowTime;

use crate::exchange::Exchange;
use crate::page::{Block, Flow, Paper, Style};
use crate::pdf::About;
use crate::stamps;

/// A file as a cover tells of it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// What people call the document: type, number, date.
    pub title: &'a str,
    /// Its file name.
    pub name: &'a str,
    /// Its length in bytes.
    pub length: usize,
    /// SHA-256 of its bytes in hexadecimal digits.
    pub sum: &'a str,
    /// What it says, when it is plain text that people wrote; empty otherwise.
    pub text: &'a str,
}

/// The page, or several where there are many signatures. `at` is when the document was made.
pub fn cover(file: File<'_>, exchange: &Exchange, at: MoscowTime) -> Vec<u8> {
    let mut flow = Flow::new(Paper::Portrait, file.title);
    draw(&mut flow, file, exchange);
    flow.finish(About { title: file.title, at })
}

pub(crate) fn draw(flow: &mut Flow, file: File<'_>, exchange: &Exchange) {
    Block::text(Style::bold(13.0), file.title).flow(flow);
    flow.gap(6.0);
    if !file.name.is_empty() {
        Block::field("Файл", file.name, "").flow(flow);
    }
    Block::field("Размер, байт", file.length.to_string(), "").flow(flow);
    Block::field("SHA-256", file.sum, "").flow(flow);
    if !file.text.is_empty() {
        flow.gap(6.0);
        // Lines that people wrote stay lines.
        for line in file.text.lines() {
            Block::text(Style::plain(9.0), line).flow(flow);
        }
    }
    stamps::draw(flow, exchange);
}
