//! `filterCategory` and its parts: `<type or Any>.<class><status>`.

use potok_domain::query::DocumentClass;
use potok_domain::rows::{StatusSet, StatusWord};
use potok_domain::{AttachmentType, Direction, registry};

/// Class words.
const CLASSES: [(&str, DocumentClass); 4] = [
    ("Inbound", DocumentClass::Direction(Direction::Inbound)),
    ("Outbound", DocumentClass::Direction(Direction::Outbound)),
    ("Internal", DocumentClass::Direction(Direction::Internal)),
    ("Proxy", DocumentClass::Proxy),
];

/// A category in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Category {
    /// Empty for any type.
    pub(super) types: Vec<String>,
    pub(super) class: DocumentClass,
    pub(super) statuses: StatusSet,
}

/// Reads a category.
///
/// # Errors
/// What is wrong with it, and what to write.
pub(super) fn read(text: &str) -> Result<Category, String> {
    let (kind, rest) = text
        .split_once('.')
        .ok_or("a type and a class with a point between them are expected, as in Any.Inbound")?;
    let types = types(kind)?;
    let (class, status) = CLASSES
        .iter()
        .find_map(|(word, class)| Some((*class, rest.strip_prefix(word)?)))
        .ok_or_else(|| format!("the class has to be one of {}, not {rest:?}", names()))?;
    let statuses = if status.is_empty() { StatusSet::ANY } else { self::status(status)? };
    Ok(Category { types, class, statuses })
}

/// The class called `word`.
pub(super) fn class(word: &str) -> Result<DocumentClass, String> {
    let found = CLASSES.iter().find(|(name, _)| *name == word);
    found.map(|(_, class)| *class).ok_or_else(|| format!("one of {} is expected", names()))
}

/// The status called `word`.
pub(super) fn status(word: &str) -> Result<StatusSet, String> {
    let found = StatusWord::named(word).map(StatusSet::from);
    found.ok_or_else(|| {
        let names: Vec<&str> = StatusWord::ALL.iter().map(|word| word.name()).collect();
        format!("{word:?} is no status; one of {} is expected, case matters", names.join(", "))
    })
}

/// The type called `name`.
pub(super) fn known_type(name: &str) -> Result<String, String> {
    match registry::lookup(name) {
        Some(known) => Ok(known.type_named_id.to_owned()),
        None => Err(format!("{name:?} is no document type; take a Name from GetDocumentTypes, case matters")),
    }
}

fn types(kind: &str) -> Result<Vec<String>, String> {
    use AttachmentType as Type;
    let of = |kinds: &[AttachmentType]| {
        let all = registry::TYPES.iter().filter(|known| kinds.contains(&known.attachment_type));
        all.map(|known| known.type_named_id.to_owned()).collect()
    };
    Ok(match kind {
        "Any" => Vec::new(),
        // Words of old programs, which the API does not speak of any more.
        "AnyInvoiceDocumentType" => of(&[
            Type::Invoice,
            Type::InvoiceRevision,
            Type::InvoiceCorrection,
            Type::InvoiceCorrectionRevision,
        ]),
        "AnyBilateralDocumentType" => of(&[
            Type::Nonformalized,
            Type::TrustConnectionRequest,
            Type::Torg12,
            Type::AcceptanceCertificate,
            Type::XmlTorg12,
            Type::XmlAcceptanceCertificate,
            Type::PriceList,
            Type::PriceListAgreement,
            Type::CertificateRegistry,
            Type::ReconciliationAct,
            Type::Contract,
            Type::SupplementaryAgreement,
            Type::Torg13,
        ]),
        "AnyUnilateralDocumentType" => of(&[Type::ProformaInvoice, Type::ServiceDetails]),
        name => vec![known_type(name)?],
    })
}

fn names() -> String {
    CLASSES.map(|(word, _)| word).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_may_have_every_status_of_every_type() {
        let types = registry::TYPES.iter().map(|known| known.type_named_id).chain(["Any"]);
        for kind in types {
            for (word, class) in CLASSES {
                for status in StatusWord::ALL {
                    let category = read(&format!("{kind}.{word}{}", status.name())).unwrap();
                    assert_eq!((category.class, category.statuses), (class, StatusSet::from(*status)));
                    assert_eq!(category.types.is_empty(), kind == "Any");
                }
                assert_eq!(read(&format!("{kind}.{word}")).unwrap().statuses, StatusSet::ANY);
            }
        }
    }

    #[test]
    fn groups_of_old_types_are_still_known() {
        for (kind, count) in [
            ("AnyInvoiceDocumentType", 4),
            ("AnyBilateralDocumentType", 13),
            ("AnyUnilateralDocumentType", 2),
        ] {
            assert_eq!(read(&format!("{kind}.Outbound")).unwrap().types.len(), count);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, words) in [
            ("", "Any.Inbound"),
            ("Any", "Any.Inbound"),
            ("any.Inbound", "GetDocumentTypes"),
            ("Act.Inbound", "GetDocumentTypes"),
            ("Any.inbound", "Inbound, Outbound, Internal, Proxy"),
            ("Any.", "Inbound, Outbound, Internal, Proxy"),
            ("Any.InboundnotRevoked", "NotRevoked"),
            ("Any.InboundInbound", "NotRevoked"),
            ("Any.Inbound NotRevoked", "NotRevoked"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(words), "{text}: {refused}");
        }
    }
}
