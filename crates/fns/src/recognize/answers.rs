//! Titles that answer others, and the names that titles give themselves.

use super::formats::{Link, Participants, Row, TitleFormat};
use super::head::Made;
use super::path::Path;
use crate::moment::FnsDate;
use crate::remark::Remark;
use crate::xml::{Element, shorten};

/// Bits of [`crate::xml::Document::noticed`]: goods with codes of marking, goods that are traced.
pub(super) const MARKED: u8 = 1;
pub(super) const TRACED: u8 = 2;

/// What an answering title says of the one it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Path of the element that names it, as `/Файл/Документ/ИдИнфПрод`.
    pub location: String,
    /// How the answered file is called there; the name is empty when there is none.
    pub named: Made,
}

impl Answered {
    pub(super) fn read(row: &Row, body: &Element) -> Option<Self> {
        let Link { element, file_id, made } = row.link?;
        let found = Path::all(element, body).first().copied();
        let value =
            |name: &str| found.and_then(|found| found.attribute(name)).map(|value| value.trim().to_owned());
        Some(Self {
            location: format!("/Файл/{}/{element}", row.body),
            named: Made {
                file_id: value(file_id).unwrap_or_default(),
                date: made.and_then(|(date, _)| value(date)),
                time: made.and_then(|(_, time)| value(time)),
            },
        })
    }

    /// What is wrong with an answer to the file that `parent` is.
    pub fn remarks(&self, parent: &Made) -> Vec<Remark> {
        let differs = |named: &Option<String>, is: &Option<String>| {
            named.as_ref().zip(is.as_ref()).is_some_and(|(named, is)| named != is)
        };
        // One title of a format may write times in another way than the other: `10:00:00` in acts of works, `10.00.00` in answers.
        let plain = |made: &Made| made.time.as_ref().map(|time| time.replace(':', "."));
        let named = &self.named;
        let mut remarks = Vec::new();
        if named.file_id != parent.file_id {
            let (found, wanted) = (shorten(&named.file_id), &parent.file_id);
            remarks.push(Remark::new(
                &self.location,
                &format!("Титул отвечает на файл «{found}», а отправлен файл «{wanted}»"),
                &format!("the title answers the file {found:?}, and the file that was sent is {wanted:?}"),
            ));
        } else if differs(&named.date, &parent.date) || differs(&plain(named), &plain(parent)) {
            let moment =
                |made: &Made| [made.date.clone(), made.time.clone()].map(Option::unwrap_or_default).join(" ");
            let (found, wanted) = (shorten(&moment(named)), moment(parent));
            remarks.push(Remark::new(
                &self.location,
                &format!("Дата и время файла отправителя указаны как «{found}», в самом файле «{wanted}»"),
                &format!(
                    "the file that was sent is told to be made at {found:?}, and itself says {wanted:?}"
                ),
            ));
        }
        remarks
    }
}

/// What is wrong with the name that a title gives itself, by the rules of its format: prefix, recipient, sender, date, guid,
/// and signs behind it where the format has them.
pub(super) fn name_remarks(row: &Row, file_id: &str, root: &Element, noticed: u8) -> Vec<Remark> {
    let exchange = root.child("СвУчДокОбор");
    let id = |name: &str| exchange.and_then(|exchange| exchange.attribute(name)).unwrap_or_default();
    let (sender, recipient) = match row.participants {
        Participants::Exchange(recipient) => (Some(id("ИдОтпр")), Some(id(recipient))),
        Participants::FileId => (None, None),
    };
    let prefixes = prefixes(row, noticed);
    let rest = prefixes
        .iter()
        .find_map(|prefix| file_id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')));
    if rest.is_some_and(|rest| is_name(rest, row, sender, recipient)) {
        return Vec::new();
    }
    let mut message = format!("Значение атрибута @ИдФайл имеет неверный формат: {}", shorten_name(file_id));
    if let (Some(sender), Some(recipient)) = (sender, recipient) {
        message.push_str(&format!(" (@ИдОтпр={}, @ИдПол={})", shorten(sender), shorten(recipient)));
    }
    if row.format == TitleFormat::Utd820 && row.title_index == 0 {
        let [codes, traced] = ["НомСредИдентТов", "СведПрослеж"]
            .map(|name| format!("/Файл/Документ/ТаблСчФакт/СведТов/ДопСведТов/{name}"));
        let starts: Vec<_> = prefixes.iter().map(|prefix| format!("{prefix}_")).collect();
        let there = match noticed {
            0 => format!("При отсутствии {codes} и {traced}"),
            TRACED => format!("При наличии {traced}"),
            _ => format!("При наличии {codes}"),
        };
        message.push_str(&format!(" {there} значение @ИдФайл должно начинаться с {}", starts.join(" или ")));
    } else if rest.is_none() {
        let starts: Vec<_> = prefixes.iter().map(|prefix| format!("{prefix}_")).collect();
        message.push_str(&format!(" Значение @ИдФайл должно начинаться с {}", starts.join(" или ")));
    }
    vec![Remark { location: "/Файл/@ИдФайл".into(), message }]
}

/// What the name of a file may begin with.
fn prefixes(row: &Row, noticed: u8) -> Vec<&'static str> {
    if row.format != TitleFormat::Utd820 || row.title_index != 0 {
        return row.prefixes.to_vec();
    }
    let endings: &[&str] = match (noticed & MARKED != 0, noticed & TRACED != 0) {
        (false, false) => &["DOPPR"],
        (true, false) => &["MARK"],
        (false, true) => &["PROS"],
        (true, true) => &["MARK", "PROS"],
    };
    let ends = |prefix: &&&str| endings.iter().any(|ending| prefix.ends_with(ending));
    row.prefixes.iter().filter(ends).copied().collect()
}

/// `A_O_yyyyMMdd_guid`, with the signs of order 970, and of those made after it, behind it.
fn is_name(rest: &str, row: &Row, sender: Option<&str>, recipient: Option<&str>) -> bool {
    let mut parts = rest.split('_');
    let mut next = || parts.next().unwrap_or_default();
    let (a, o, date, guid) = (next(), next(), next(), next());
    let participants = match (sender, recipient) {
        (Some(sender), Some(recipient)) => a == recipient && o == sender,
        _ => !a.is_empty() && !o.is_empty(),
    };
    let signs: Vec<_> = parts.collect();
    let is_digits = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let signed = match row.format {
        // Six signs, of which some versions write fewer, none of them letters.
        TitleFormat::Utd970V502 | TitleFormat::Utd970V503 | TitleFormat::Ucd29 => {
            signs.len() <= 6 && signs.iter().all(is_digits)
        }
        _ => signs.is_empty(),
    };
    participants && is_compact_date(date) && uuid::Uuid::try_parse(guid).is_ok() && guid.len() == 36 && signed
}

fn is_compact_date(text: &str) -> bool {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    digits && FnsDate::parse(&format!("{}.{}.{}", &text[6..], &text[4..6], &text[..4])).is_some()
}

/// A name of a file is told whole, if it is not longer than any may be.
fn shorten_name(file_id: &str) -> String {
    if file_id.chars().count() <= 255 { file_id.to_owned() } else { shorten(file_id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_both_titles_are_compared_however_they_are_written() {
        let made = |time: &str| Made {
            file_id: "ON_AKTREZRABP_1".to_owned(),
            date: Some("01.02.2026".to_owned()),
            time: Some(time.to_owned()),
        };
        let answer = Answered { location: String::new(), named: made("10.00.00") };
        assert!(answer.remarks(&made("10:00:00")).is_empty());
        assert!(answer.remarks(&made("10.00.00")).is_empty());
        assert_eq!(answer.remarks(&made("10:00:01")).len(), 1);
    }
}
