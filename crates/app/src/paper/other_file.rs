//! What a file is that was given to a reader of other files, and who reads it.

use potok_fns::Family;
use potok_fns::recognize::{Recognized, Title, recognize};
use potok_fns::service::universal_notices;
use potok_types::Invalid;

use super::known_kinds;

/// What a file is that could not be read, unless it is what its reader wanted, or nothing is known of it: more is told by that than by
/// what its reader finds amiss in it. `by_all`: the reader is the method of all titles, which then is named for a title whatever else reads it.
pub(super) fn other_file(
    bytes: &[u8],
    by_all: bool,
    is_wanted: impl Fn(&Recognized) -> bool,
) -> Option<Invalid> {
    let found = recognize(bytes).ok().filter(|found| !is_wanted(found))?;
    let (ru, en) = match found {
        Recognized::Title(title) => of_title(&title, by_all)?,
        Recognized::Service(kind) => of_service(kind.family),
        Recognized::Unknown if !universal_notices(bytes).is_empty() => (
            "это универсальное сообщение: его разбирает ParseUniversalMessageXml".to_owned(),
            "it is a universal message, which ParseUniversalMessageXml takes apart".to_owned(),
        ),
        Recognized::Unknown => return None,
    };
    Some(Invalid::new("the request body", format!("{ru} / {en}")))
}

fn of_title(title: &Title, by_all: bool) -> Option<(String, String)> {
    let kind = known_kinds(title).flatten().next()?;
    let index = title.title_index;
    let (type_named_id, function, version) = (kind.type_named_id, kind.function, kind.version);
    let reader = reader(&version, index).filter(|_| !by_all);
    let reader = reader.unwrap_or_else(|| {
        format!(
            "ParseTitleXml?documentTypeNamedId={type_named_id}&documentFunction={function}&documentVersion={version}&titleIndex={index}"
        )
    });
    Some((
        format!(
            "это титул {index} документа {type_named_id} {function} версии {version}: его разбирает {reader}"
        ),
        format!(
            "it is title {index} of a document {type_named_id} {function} of version {version}, which {reader} takes apart"
        ),
    ))
}

/// What methods that read titles of one type into structures call it, by what its versions begin with. Corrective invoices are read by
/// the method of all titles.
const TYPES: [(&str, &str); 6] = [
    ("utd_", "UniversalTransferDocument"),
    ("ucd_", "UniversalCorrectionDocument"),
    ("torg12_", "Torg12"),
    ("tovtorg_", "Torg12"),
    ("act_", "AcceptanceCertificate"),
    ("rezru_", "AcceptanceCertificate"),
];

fn reader(version: &str, index: i32) -> Option<String> {
    if version.starts_with("invoice_") {
        return Some("ParseInvoiceXml".to_owned());
    }
    let (_, called) = TYPES.iter().find(|(start, _)| version.starts_with(start))?;
    let side = ["Seller", "Buyer"].get(usize::try_from(index).ok()?)?;
    Some(format!("Parse{called}{side}TitleXml"))
}

fn of_service(family: Family) -> (String, String) {
    let prefix = family.prefix();
    let reader = match family {
        Family::Prannul => Some("ParseRevocationRequestXml"),
        Family::Uvutoch => Some("ParseSignatureRejectionXml"),
        Family::Pdpol | Family::Pdotpr | Family::Izvpol => None,
    };
    match reader {
        Some(reader) => (
            format!("это служебный документ {prefix}: его разбирает {reader}"),
            format!("it is a service document {prefix}, which {reader} takes apart"),
        ),
        None => (
            format!("это служебный документ {prefix}: методов, которые его разбирают, нет"),
            format!("it is a service document {prefix}, which no method takes apart"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::reader;

    #[test]
    fn titles_of_one_type_have_a_reader_of_theirs() {
        for (version, index, expected) in [
            ("utd_05_01_05", 0, Some("ParseUniversalTransferDocumentSellerTitleXml")),
            ("ucd_05_01_03", 1, Some("ParseUniversalCorrectionDocumentBuyerTitleXml")),
            ("tovtorg_05_01_04", 1, Some("ParseTorg12BuyerTitleXml")),
            ("act_05_01_02", 0, Some("ParseAcceptanceCertificateSellerTitleXml")),
            ("invoice_05_02_01", 0, Some("ParseInvoiceXml")),
            ("utd_05_01_05", 2, None),
            ("utd970_05_03_01", 0, None),
        ] {
            assert_eq!(reader(version, index).as_deref(), expected, "{version} {index}");
        }
    }
}
