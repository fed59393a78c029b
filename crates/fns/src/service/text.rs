//! What a service document says to people, without asking whether all of it is valid.

use crate::form::Coded as _;
use crate::version::{Family, Version};
use crate::xml::{Document, Limits, XmlError};

/// Family and version of a service document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ServiceKind {
    /// Family.
    pub family: Family,
    /// Version.
    pub version: Version,
}

/// Which service document a file says it is, by the number of its form, or by the offer in it: offers of revocation have no
/// number. `None` for all other documents.
pub fn service_kind(document: &Document) -> Option<ServiceKind> {
    let root = &document.root;
    if root.name != "Файл" {
        return None;
    }
    let body = root.child("Документ")?;
    let family = match body.attribute("КНД") {
        Some(knd) => Family::ALL.into_iter().find(|family| family.knd() == Some(knd))?,
        None => body.child("СвПредАн").map(|_| Family::Prannul)?,
    };
    let version = Version::from_text(root.attribute("ВерсФорм")?)?;
    family.versions().contains(&version).then_some(ServiceKind { family, version })
}

/// The text a participant wrote: what to amend, why it refuses, why it wants to revoke. Line breaks at both ends are
/// left out. `None` when the document is of another kind, or the text is empty.
///
/// # Errors
/// The document is not safe to read.
pub fn plain_text(bytes: &[u8]) -> Result<Option<String>, XmlError> {
    let document = Document::parse(bytes, &Limits::SERVICE)?;
    let path = match service_kind(&document).map(|kind| kind.family) {
        Some(Family::Uvutoch) => ["СвУведУточ", "ТекстУведУточ"],
        Some(Family::Prannul) => ["СвПредАн", "ТекстПредАн"],
        _ => return Ok(None),
    };
    let text = document
        .root
        .child("Документ")
        .and_then(|element| element.child(path[0]))
        .and_then(|element| element.child(path[1]))
        .map(|element| element.text.trim())
        .unwrap_or_default();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
