//! How a document is called for people.

use potok_domain::docflow::Facts;
use potok_domain::registry;

/// The name of the file as it was posted; `None` when the post named none.
pub(crate) fn file_name<'a>(facts: &Facts<'a>) -> Option<&'a str> {
    facts.entity.entity.file_name.as_deref().or_else(|| facts.document.metadata("FileName"))
}

/// `Счет-фактура №123 от 26.02.18`: the type with what is known of number and date; the name of the file when neither
/// is known, and the bare type when that is missing too.
pub(crate) fn title(facts: &Facts<'_>) -> String {
    let document = facts.document;
    let kind = document.kind.type_named_id.as_str();
    let kind = registry::lookup(kind).map_or(kind, |found| found.title);
    let number = document.metadata("DocumentNumber").map(str::trim).filter(|number| !number.is_empty());
    let date = document.metadata("DocumentDate").map(str::trim).filter(|date| !date.is_empty());
    match (number, date.map(short_date)) {
        (Some(number), Some(date)) => format!("{kind} №{number} от {date}"),
        (Some(number), None) => format!("{kind} №{number}"),
        (None, Some(date)) => format!("{kind} от {date}"),
        (None, None) => file_name(facts).unwrap_or(kind).to_owned(),
    }
}

/// The title with the extension of the posted file; the name of that file when the title says no more than it.
pub(crate) fn display_file_name(facts: &Facts<'_>) -> String {
    let title = title(facts);
    match file_name(facts) {
        Some(name) if name == title => title,
        Some(name) => match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() && !extension.is_empty() => {
                format!("{title}.{extension}")
            }
            _ => title,
        },
        None => title,
    }
}

/// `26.02.2018` as `26.02.18`; what is not such a date stays as it is.
fn short_date(date: &str) -> String {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    match date.split('.').collect::<Vec<_>>()[..] {
        [day, month, year] if digits(day, 2) && digits(month, 2) && digits(year, 4) => {
            format!("{day}.{month}.{}", &year[2..])
        }
        _ => date.to_owned(),
    }
}
