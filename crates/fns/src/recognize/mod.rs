//! Which official format a file is, and what it says about itself.
//!
//! The file tells its format by the number of the form (`КНД`), the version (`ВерсФорм`) and the element of its document;
//! its name (`ИдФайл`) counts only for formats without a number, for programs give files names of their own. It does not
//! tell the type of the document: one file may be sent as a transfer document, a waybill or an act, so the answer is the
//! list of types that fit, and the sender's declaration decides.

mod answers;
mod formats;
mod head;
mod metadata;
mod path;
mod paths;
mod types;

pub use answers::Answered;
pub use formats::TitleFormat;
pub use head::{Made, file_id, made};
pub use metadata::{Key, Metadata};
pub use types::{Candidate, NONFORMALIZED};

use crate::remark::Remark;
use crate::service::{ServiceKind, service_kind};
use crate::version::Family;
use crate::xml::{Document, Element, Limits, Wanted, XmlError};

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognized {
    /// A confirmation, receipt, request, refusal or revocation.
    Service(ServiceKind),
    /// A title of a formalized document.
    Title(Box<Title>),
    /// Some XML that no row of the tables fits.
    Unknown,
}

/// A title of a formalized document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Name of the file without extension.
    pub file_id: String,
    /// Its format.
    pub format: TitleFormat,
    /// 0 is the title of whoever starts the exchange, 1 the answer to it.
    pub title_index: i32,
    /// The function that the file names, as `СЧФДОП`; `None` for formats without functions.
    pub function: Option<String>,
    /// Whether it revises an earlier document.
    pub is_revision: bool,
    /// Types, functions and versions that the file can be sent as, the most usual first.
    pub candidates: Vec<Candidate>,
    /// What the file says about itself.
    pub metadata: Metadata,
    /// What an answer says of the title that it answers.
    pub answered: Option<Answered>,
    /// What is wrong with the name of the file. A letter cannot be sent with it, a draft may hold it.
    pub name_remarks: Vec<Remark>,
}

/// The family of service documents that a file is of, as far as its first kilobytes tell.
pub fn service_family(bytes: &[u8]) -> Option<Family> {
    file_id(bytes)?;
    head::service_family(bytes, head::form_number(bytes).as_deref())
}

/// Where titles of a format keep what is told of them, for whoever describes the format otherwise: of each key the paths from the root,
/// of which the first that has a value is taken.
pub fn places(format: TitleFormat, title_index: i32) -> Vec<(Key, Vec<String>)> {
    let of_title = |row: &&formats::Row| row.format == format && row.title_index == title_index;
    let rows = formats::ROWS.iter().filter(of_title);
    let keys = rows.flat_map(|row| row.table.0.iter().map(|(key, path)| (row.body, *key, *path)));
    keys.map(|(body, key, path)| {
        (key, path::Path::plain(path).map(|path| format!("Файл/{body}/{path}")).collect())
    })
    .collect()
}

/// Recognizes a file and reads its metadata. Only the parts that metadata stand in are kept in memory.
///
/// # Errors
/// The file names itself as an official one and is not safe or not XML; everything else is [`Recognized::Unknown`].
pub fn recognize(bytes: &[u8]) -> Result<Recognized, XmlError> {
    let Some(file_id) = file_id(bytes) else {
        return Ok(Recognized::Unknown);
    };
    let knd = head::form_number(bytes);
    if head::service_family(bytes, knd.as_deref()).is_some() {
        let mut wanted = Wanted::default();
        wanted.keep(&["Документ", "СвПредАн"]);
        let document = Document::parse_wanted(bytes, &Limits::SERVICE, &wanted)?;
        return Ok(service_kind(&document).map_or(Recognized::Unknown, Recognized::Service));
    }
    let rows = formats::rows(&file_id, knd.as_deref());
    if rows.is_empty() {
        return Ok(Recognized::Unknown);
    }
    // Rows of one form differ by version, which is known only after reading: all of them say what to keep.
    let mut wanted = Wanted::default();
    rows.iter().for_each(|row| row.keep(&mut wanted));
    let goods = ["Документ", "ТаблСчФакт", "СведТов", "ДопСведТов"];
    for (name, bit) in [("НомСредИдентТов", answers::MARKED), ("СведПрослеж", answers::TRACED)]
    {
        wanted.notice(&[&goods[..], &[name]].concat(), bit);
    }
    let document = Document::parse_wanted(bytes, &Limits::TITLE, &wanted)?;
    let root = &document.root;
    let version = root.attribute("ВерсФорм").unwrap_or_default();
    let found = rows.into_iter().filter(|row| row.versions.contains(&version)).find_map(|row| {
        let body = root.child(row.body)?;
        (row.knd.is_none() || body.attribute("КНД") == row.knd).then_some((row, body))
    });
    let Some((row, body)) = found.filter(|(_, body)| !is_foreign(root) && !is_foreign(body)) else {
        return Ok(Recognized::Unknown);
    };
    let metadata = Metadata::read(row, &file_id, root, body);
    let function = metadata.get(Key::DocumentFunction).map(str::to_owned);
    let is_revision =
        metadata.get(Key::RevisionNumber).is_some() || metadata.get(Key::RevisionDate).is_some();
    let variant = metadata.get(Key::Variant).or(function.as_deref());
    let candidates = types::candidates(row.format, row.title_index, variant, is_revision);
    Ok(Recognized::Title(Box::new(Title {
        format: row.format,
        title_index: row.title_index,
        function,
        is_revision,
        candidates,
        metadata,
        answered: Answered::read(row, body),
        name_remarks: answers::name_remarks(row, &file_id, root, document.noticed),
        file_id,
    })))
}

/// The registration numbers of the electronic powers of attorney that the signers of a title name, in order: titles of the orders
/// 970, 405 and 691 have a place for them, and other files name none.
///
/// # Errors
/// The file names itself as such a title and is not safe or not XML.
pub fn powers_of_signers(bytes: &[u8]) -> Result<Vec<String>, XmlError> {
    let powers = signers_of_title(bytes)?.into_iter().filter_map(|signer| signer.power);
    Ok(powers.filter(|power| power.is_electronic).map(|power| power.number).collect())
}

/// Who signs, as a title says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleSigner {
    /// Family name; may be empty.
    pub surname: String,
    /// The power of attorney under which he signs, if he names one.
    pub power: Option<NamedPower>,
}

/// A power of attorney that a title names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPower {
    /// The number in the registers of an electronic one, else the number that the principal gave it.
    pub number: String,
    /// Whether it is one of the registers.
    pub is_electronic: bool,
}

/// Who signs a title of a format whose signers can name their powers of attorney, in order; of other files nobody is told.
///
/// # Errors
/// As [`powers_of_signers`].
pub fn signers_of_title(bytes: &[u8]) -> Result<Vec<TitleSigner>, XmlError> {
    let Some(file_id) = file_id(bytes) else { return Ok(Vec::new()) };
    let mut rows = formats::rows(&file_id, head::form_number(bytes).as_deref());
    rows.retain(|row| row.format.names_powers());
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted = Wanted::default();
    for row in &rows {
        for place in SIGNERS {
            let path: Vec<&str> = std::iter::once(row.body).chain(place.split('/')).collect();
            for part in std::iter::once(NAME).chain(POWERS.map(|(part, ..)| part)) {
                wanted.keep(&[&path[..], &[part]].concat());
            }
        }
    }
    let document = Document::parse_wanted(bytes, &Limits::TITLE, &wanted)?;
    let Some(body) = rows.iter().find_map(|row| document.root.child(row.body)) else { return Ok(Vec::new()) };
    let said = |signer: &Element, part: &str, attribute: &str| {
        let value = signer.child(part).and_then(|part| part.attribute(attribute)).map(str::trim);
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let signers = SIGNERS.iter().flat_map(|place| path::Path::all(place, body));
    let told = signers.map(|signer| TitleSigner {
        surname: said(signer, NAME, "Фамилия").unwrap_or_default(),
        power: POWERS.iter().find_map(|(part, attribute, is_electronic)| {
            let number = said(signer, part, attribute)?;
            Some(NamedPower { number, is_electronic: *is_electronic })
        }),
    });
    Ok(told.collect())
}

/// Where signers stand in the body of a title: the order 691 has each of them in an element of his side.
const SIGNERS: [&str; 3] = ["Подписант", "ПодписантПодр/Подписант", "ПодписантЗак/Подписант"];
const NAME: &str = "ФИО";
/// Where they name their powers of attorney, and whether those are of the registers: the order 970 has a name of its own for them.
const POWERS: [(&str, &str, bool); 3] =
    [("СвДоверЭл", "НомДовер", true), ("СвДовер", "НомДовер", true), ("СвДоверБум", "ВнНомДовер", false)];

/// Whether an element is of another namespace than official files are, which is none.
fn is_foreign(element: &Element) -> bool {
    element.attribute("xmlns").is_some_and(|uri| !uri.is_empty())
}
