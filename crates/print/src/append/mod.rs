//! Pages behind the pages of a PDF that somebody else made.
//!
//! Nothing of the file is changed: what is added stands behind its last byte, as PDF provides for (an incremental update), so that a
//! signature over the file, or inside of it, stays what it was. Only what is needed for that is read: the tables of objects, the
//! catalog and the root of the tree of pages. Whatever is out of the ordinary there (encryption, a broken table) is no place to guess:
//! [`NotAppended`] says what it is, and the caller has a cover page of its own for the file.

mod lexer;
mod objects;
mod predictor;

use pdf_writer::Ref;

use crate::cover::{self, File};
use crate::exchange::Exchange;
use crate::page::{Flow, Paper};
use lexer::{Dictionary, NULL};
use objects::{Objects, Table};

/// Nothing can be appended to the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAppended {
    /// Why.
    pub reason: &'static str,
}

type Result<T> = std::result::Result<T, NotAppended>;

const fn not(reason: &'static str) -> NotAppended {
    NotAppended { reason }
}

/// The file with a page about it behind its own: what it is called, its sum, and the stamps.
///
/// # Errors
/// [`NotAppended`].
pub fn with_stamps(pdf: &[u8], file: File<'_>, exchange: &Exchange) -> Result<Vec<u8>> {
    let objects = Objects::read(pdf)?;
    let trailer = objects.trailer();
    if trailer.get("Encrypt").is_some_and(|value| value != NULL) {
        return Err(not("the file is encrypted"));
    }
    let root = trailer.reference("Root").ok_or(not("the trailer names no catalog"))?;
    let catalog = objects.dictionary(root)?;
    let tree = catalog.reference("Pages").ok_or(not("the catalog names no pages"))?;
    let pages = objects.dictionary(tree)?;
    if pages.get("Type") != Some(b"/Pages") {
        return Err(not("the catalog names something else as pages"));
    }
    let kids =
        pages.get("Kids").and_then(|kids| kids.strip_prefix(b"[")).and_then(|kids| kids.strip_suffix(b"]"));
    let kids = kids.ok_or(not("the pages are listed elsewhere"))?;
    let count = pages.number("Count").ok_or(not("the pages are not counted"))?;
    let mut flow = Flow::new(Paper::Portrait, file.title);
    cover::draw(&mut flow, file, exchange);
    let next = i32::try_from(objects.size().max(1)).map_err(|_| not("the file has too many objects"))?;
    let parent = i32::try_from(tree.number).ok().filter(|number| *number > 0 && tree.generation == 0);
    let parent = parent.ok_or(not("the pages have a number that was used before"))?;
    let added = flow.addition(Ref::new(next), Ref::new(parent));
    let mut all = kids.to_vec();
    for page in &added.pages {
        all.extend(format!(" {} 0 R", page.get()).bytes());
    }
    let total = count + added.pages.len();
    let changed = pages
        .with("Kids", &[b"[", all.as_slice(), b"]"].concat())
        .with("Count", total.to_string().as_bytes());
    let mut update = Update { start: pdf.len() + 1, bytes: Vec::new(), places: Vec::new() };
    update.add(
        tree.number,
        &[format!("{} 0 obj\n", tree.number).as_bytes(), &changed.bytes(), b"\nendobj\n"].concat(),
    );
    let mut end = objects.size();
    for object in &added.objects {
        for id in object.refs() {
            let number = id.get().unsigned_abs();
            end = end.max(number + 1);
            update.add(number, object.as_bytes());
        }
    }
    Ok([pdf, b"\n", &update.finish(&objects, end)].concat())
}

/// What is added behind the file.
struct Update {
    /// Where it begins.
    start: usize,
    bytes: Vec<u8>,
    /// Numbers of objects, and where these stand.
    places: Vec<(u32, usize)>,
}

impl Update {
    fn add(&mut self, number: u32, object: &[u8]) {
        self.places.push((number, self.start + self.bytes.len()));
        self.bytes.extend(object);
    }

    /// The table of what was added, of the kind that the file has, and the end.
    fn finish(mut self, objects: &Objects<'_>, end: u32) -> Vec<u8> {
        self.places.sort_unstable();
        let at = self.start + self.bytes.len();
        let old = objects.trailer();
        let mut trailer = Dictionary::default();
        for name in ["Root", "Info", "ID"] {
            if let Some(value) = old.get(name) {
                trailer = trailer.with(name, value);
            }
        }
        trailer = trailer.with("Prev", objects.start().to_string().as_bytes());
        match objects.table() {
            Table::Lines => {
                self.bytes.extend(b"xref\n");
                for run in self.places.chunk_by(|(before, _), (next, _)| before + 1 == *next) {
                    self.bytes.extend(format!("{} {}\n", run[0].0, run.len()).bytes());
                    for (_, place) in run {
                        self.bytes.extend(format!("{place:010} 00000 n\r\n").bytes());
                    }
                }
                let trailer = trailer.with("Size", end.to_string().as_bytes());
                self.bytes.extend(b"trailer\n");
                self.bytes.extend(trailer.bytes());
            }
            Table::Stream => {
                // The table lists itself too.
                self.places.push((end, at));
                let mut index = Vec::new();
                let mut rows = Vec::new();
                for run in self.places.chunk_by(|(before, _), (next, _)| before + 1 == *next) {
                    index.push(format!("{} {}", run[0].0, run.len()));
                    for (_, place) in run {
                        rows.push(1);
                        rows.extend((*place as u64).to_be_bytes());
                    }
                }
                let trailer = trailer
                    .with("Type", b"/XRef")
                    .with("Size", (end + 1).to_string().as_bytes())
                    .with("W", b"[1 8 0]")
                    .with("Index", format!("[{}]", index.join(" ")).as_bytes())
                    .with("Length", rows.len().to_string().as_bytes());
                self.bytes.extend(format!("{end} 0 obj\n").bytes());
                self.bytes.extend(trailer.bytes());
                self.bytes.extend(b"\nstream\n");
                self.bytes.extend(rows);
                self.bytes.extend(b"\nendstream\nendobj");
            }
        }
        self.bytes.extend(format!("\nstartxref\n{at}\n%%EOF\n").bytes());
        self.bytes
    }
}
