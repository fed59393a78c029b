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
    let reader = reader.map_or_else(
        || {
            format!(
                "ParseTitleXml?documentTypeNamedId={type_named_id}&documentFunction={function}&documentVersion={version}&titleIndex={index}"
            )
        },
        str::to_owned,
    );
    Some((
        format!(
            "это титул {index} документа {type_named_id} {function} версии {version}: его разбирает {reader}"
        ),
        format!(
            "it is title {index} of a document {type_named_id} {function} of version {version}, which {reader} takes apart"
        ),
    ))
}

/// The methods that read titles of one type into structures: what their versions begin with, and the methods of both titles. Corrective
/// invoices are read by that of all titles.
const READERS: [(&str, [&str; 2]); 7] = [
    ("utd_", ["ParseUniversalTransferDocumentSellerTitleXml", "ParseUniversalTransferDocumentBuyerTitleXml"]),
    (
        "ucd_",
        ["ParseUniversalCorrectionDocumentSellerTitleXml", "ParseUniversalCorrectionDocumentBuyerTitleXml"],
    ),
    ("torg12_", ["ParseTorg12SellerTitleXml", "ParseTorg12BuyerTitleXml"]),
    ("tovtorg_", ["ParseTorg12SellerTitleXml", "ParseTorg12BuyerTitleXml"]),
    ("act_", ["ParseAcceptanceCertificateSellerTitleXml", "ParseAcceptanceCertificateBuyerTitleXml"]),
    ("rezru_", ["ParseAcceptanceCertificateSellerTitleXml", "ParseAcceptanceCertificateBuyerTitleXml"]),
    ("invoice_", ["ParseInvoiceXml"; 2]),
];

fn reader(version: &str, index: i32) -> Option<&'static str> {
    let (_, methods) = READERS.iter().find(|(start, _)| version.starts_with(start))?;
    methods.get(usize::try_from(index).ok()?).copied()
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
