//! The head of an official file: what it says before anything else, read without the rest.

use std::ops::ControlFlow;

use super::formats;
use crate::version::Family;
use crate::xml::{peek, root_attribute};

/// The name of an official file without extension, from its first kilobytes; `None` for anything that is no official
/// file, whatever it is.
pub fn file_id(bytes: &[u8]) -> Option<String> {
    root_attribute(bytes, "Файл", "ИдФайл")
}

/// How a file calls itself, for answers that name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// `ИдФайл`.
    pub file_id: String,
    /// Day it was made, `ДД.ММ.ГГГГ`.
    pub date: Option<String>,
    /// Time it was made, `ЧЧ.ММ.СС`.
    pub time: Option<String>,
}

/// How an official file calls itself, from its first kilobytes. Day and time are those of titles.
pub fn made(bytes: &[u8]) -> Option<Made> {
    let mut made = Made { file_id: file_id(bytes)?, date: None, time: None };
    let knd = form_number(bytes);
    if let Some(row) = formats::rows(&made.file_id, knd.as_deref()).first() {
        let (date, time) = row.made;
        let found = at_body(bytes, |tag| Some((tag.attribute(date), tag.attribute(time))));
        (made.date, made.time) = found.unwrap_or_default();
    }
    Some(made)
}

/// The number of a file's form (`КНД`), wherever its document is called so.
pub(super) fn form_number(bytes: &[u8]) -> Option<String> {
    at_body(bytes, |tag| tag.attribute("КНД"))
}

/// The family of a service document: by the number of the form, or by what only offers of revocation have.
pub(super) fn service_family(bytes: &[u8], knd: Option<&str>) -> Option<Family> {
    if let Some(knd) = knd {
        return Family::ALL.into_iter().find(|family| family.knd() == Some(knd));
    }
    peek(bytes, |tag| match (tag.depth, tag.name) {
        (1, "Файл") => ControlFlow::Continue(()),
        (3, "СвПредАн") => ControlFlow::Break(Some(Family::Prannul)),
        (1, _) => ControlFlow::Break(None),
        _ => ControlFlow::Continue(()),
    })
}

/// What an element right inside of the root says, of one of the names that documents have.
fn at_body<T>(bytes: &[u8], read: impl Fn(&crate::xml::Tag<'_>) -> Option<T>) -> Option<T> {
    peek(bytes, |tag| match (tag.depth, tag.name) {
        (1, "Файл") => ControlFlow::Continue(()),
        (1, _) => ControlFlow::Break(None),
        (2, "Документ" | "ИнфПок") => ControlFlow::Break(read(tag)),
        _ => ControlFlow::Continue(()),
    })
}
