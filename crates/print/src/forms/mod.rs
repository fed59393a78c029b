//! The layouts of formalized documents.

mod act;
mod correction;
mod discrepancy;
mod other;
mod proforma;
mod reader;
mod reconciliation;
mod service;
mod transfer;
mod waybill;
mod words;
mod works;

use potok_fns::MoscowTime;
use potok_fns::recognize::{Recognized, TitleFormat, recognize};
use potok_fns::xml::{Document, XmlError};
use potok_titles::LIMITS;

use crate::exchange::Exchange;
use crate::page::{Block, Cell, Column, Flow, Paper, Style};
use crate::pdf::About;
use crate::stamps;
use reader::{Reader, Rest};

pub use service::service_form;

/// How a document looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// As its format prescribes.
    OfFormat,
    /// As a waybill: transfer documents are sent as such.
    Waybill,
    /// As an act.
    Act,
}

/// A formalized document to print.
#[derive(Clone, Copy, Debug)]
pub struct Printed<'a> {
    /// What people call the document: type, number, date.
    pub name: &'a str,
    /// The first title.
    pub title: &'a [u8],
    /// The answer to it, when there is one.
    pub answer: Option<&'a [u8]>,
    /// How it is to look.
    pub layout: Layout,
    /// What became of it.
    pub exchange: &'a Exchange,
    /// When it was made.
    pub at: MoscowTime,
}

/// The print form of a formalized document. What its layout has no place for stands behind it, so that nothing that was signed is
/// left out.
///
/// # Errors
/// A title is not safe to read, or not XML.
pub fn title_form(printed: &Printed<'_>) -> Result<Vec<u8>, XmlError> {
    let title = Document::parse(printed.title, &LIMITS)?;
    let answer = printed.answer.map(|answer| Document::parse(answer, &LIMITS)).transpose()?;
    let format = match recognize(printed.title) {
        Ok(Recognized::Title(title)) => Some(title.format),
        _ => None,
    };
    let first = Reader::new(&title.root);
    let second = answer.as_ref().map(|answer| Reader::new(&answer.root));
    let papers = Papers { name: printed.name, first: &first, second: second.as_ref() };
    let kind = kind(format, printed.layout);
    let mut flow = Flow::new(kind.paper(), printed.name);
    match kind {
        Kind::Transfer => transfer::draw(&mut flow, &papers),
        Kind::Correction => correction::draw(&mut flow, &papers),
        Kind::Waybill => waybill::draw(&mut flow, &papers),
        Kind::Act => act::draw(&mut flow, &papers),
        Kind::Discrepancy => discrepancy::draw(&mut flow, &papers),
        Kind::Reconciliation => reconciliation::draw(&mut flow, &papers),
        Kind::Proforma => proforma::draw(&mut flow, &papers),
        Kind::Works => works::draw(&mut flow, &papers),
        Kind::Other => other::draw(&mut flow, &papers),
    }
    rest(&mut flow, &first, "Прочие сведения документа");
    if let Some(second) = &second {
        rest(&mut flow, second, "Прочие сведения ответа");
    }
    stamps::draw(&mut flow, printed.exchange);
    Ok(flow.finish(About { title: printed.name, at: printed.at }))
}

/// The titles of a document.
struct Papers<'a> {
    name: &'a str,
    first: &'a Reader<'a>,
    second: Option<&'a Reader<'a>>,
}

impl<'a> Papers<'a> {
    /// The document inside of the first title.
    fn body(&self) -> Reader<'a> {
        self.first.at("Документ").unwrap_or_else(|| self.first.clone())
    }

    /// The document inside of the answer.
    fn answer(&self) -> Option<Reader<'a>> {
        let second = self.second?;
        Some(second.at("Документ|ИнфПок").unwrap_or_else(|| second.clone()))
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Transfer,
    Correction,
    Waybill,
    Act,
    Discrepancy,
    Reconciliation,
    Proforma,
    Works,
    Other,
}

impl Kind {
    const fn paper(self) -> Paper {
        match self {
            Self::Transfer | Self::Correction | Self::Waybill | Self::Discrepancy | Self::Works => {
                Paper::Landscape
            }
            Self::Act | Self::Reconciliation | Self::Proforma | Self::Other => Paper::Portrait,
        }
    }
}

const fn kind(format: Option<TitleFormat>, layout: Layout) -> Kind {
    use TitleFormat as F;
    let Some(format) = format else { return Kind::Other };
    match (format, layout) {
        (F::Utd970V503 | F::Utd970V502 | F::Utd820 | F::Utd155, Layout::Waybill) => Kind::Waybill,
        (F::Utd970V503 | F::Utd970V502 | F::Utd820 | F::Utd155, Layout::Act) => Kind::Act,
        (F::Utd970V503 | F::Utd970V502 | F::Utd820 | F::Utd155 | F::Invoice93V501 | F::Invoice93V502, _) => {
            Kind::Transfer
        }
        (F::Ucd29 | F::Ucd736 | F::Ucd189 | F::InvoiceCorrection93V501 | F::InvoiceCorrection93V502, _) => {
            Kind::Correction
        }
        (F::Waybill551V502 | F::Waybill551V501 | F::Waybill172, _) => Kind::Waybill,
        (F::Act552V502 | F::Act552V501 | F::Act172, _) => Kind::Act,
        (F::Torg2, _) => Kind::Discrepancy,
        (F::Reconciliation405, _) => Kind::Reconciliation,
        (F::Works691, _) => Kind::Works,
        (F::Proforma29, _) => Kind::Proforma,
    }
}

/// Everything that has not been shown yet.
fn rest(flow: &mut Flow, reader: &Reader<'_>, title: &str) {
    const SMALL: Style = Style::plain(6.0);
    let rest = reader.rest();
    if rest.is_empty() {
        return;
    }
    flow.gap(8.0);
    // The title stays with the first line.
    flow.ensure(24.0);
    Block::text(Style::bold(7.0), title).flow(flow);
    for Rest { place, values } in rest {
        let line = if place.is_empty() { values } else { format!("{place} - {values}") };
        flow.paragraph(SMALL, &line);
    }
}

/// Fields under each other, without those that say nothing.
fn fields(rows: impl IntoIterator<Item = (&'static str, String)>) -> Vec<Block> {
    let said = rows.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(label, value)| Block::field(label, value, "")).collect()
}

/// A cell for each text.
fn cells<const N: usize>(texts: [String; N]) -> [Cell; N] {
    texts.map(Cell::new)
}

/// A column of text.
const fn words(share: f32) -> Column {
    Column { share, is_number: false }
}

/// A column of numbers.
const fn number(share: f32) -> Column {
    Column { share, is_number: true }
}
