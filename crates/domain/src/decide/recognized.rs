//! What the bytes of a formalized document say, beside what the request says of it.
//!
//! Bytes that say something else than the request are refused: the other side would read them by other rules than those of
//! the exchange. Bytes that nobody can look into are taken at the request's word; whoever reads bytes refuses the ones that
//! say nothing known where a format is needed.

use std::borrow::Cow;

use potok_types::{Attested, ContentRef, Invalid};

use super::Rejection;
use crate::command::NewDocument;
use crate::registry::{self, ANY_FUNCTION, DocumentType, PLAIN_VERSION, Resolved, is_same_name};
use crate::{DocumentKind, Metadata};

/// Type, function and version of a document as the request names them, filled up with what its bytes say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declared<'a> {
    pub(super) type_named_id: &'a str,
    pub(super) function: Option<&'a str>,
    pub(super) version: Option<&'a str>,
}

/// How `document` is declared.
///
/// # Errors
/// The bytes are a title that the request does not describe.
pub(super) fn declared(document: &NewDocument<ContentRef>) -> Result<Declared<'_>, Rejection> {
    let given = Declared {
        type_named_id: &document.type_named_id,
        function: document.function.as_deref(),
        version: document.version.as_deref(),
    };
    let known = registry::lookup(given.type_named_id);
    let (Some(recognized), Some(known)) = (&document.recognized, known) else { return Ok(given) };
    // As the registry writes it.
    let given = Declared { type_named_id: known.type_named_id, ..given };
    let is_of_type = |name: &str| recognized.kinds.iter().any(|kind| kind.type_named_id == name);
    let is_plain = match given.version {
        Some(version) => is_same_name(version, PLAIN_VERSION),
        None => has_version(known, |version| version == PLAIN_VERSION) && !is_of_type(given.type_named_id),
    };
    if is_plain || !has_version(known, |version| version != PLAIN_VERSION) {
        return Ok(given);
    }
    let refuse = |reason: String| Err(Rejection::not_in_format(&document.path, Some(&reason)));
    if recognized.index != 0 {
        let reason = format!(
            "the file is title {}, which answers a document; post it with RecipientTitles of PostMessagePatch",
            recognized.index
        );
        return refuse(reason);
    }
    let related = related_types(document).iter().copied().find(|name| is_of_type(name));
    let type_named_id = match related {
        _ if is_of_type(given.type_named_id) => given.type_named_id,
        Some(related) => related,
        // Its function is none that anybody knows.
        None if recognized.kinds.is_empty() => return Err(Rejection::not_in_format(&document.path, None)),
        None => {
            let names = recognized.kinds.iter().map(|kind| kind.type_named_id.as_str());
            return refuse(format!(
                "the file can be sent as {}, not as {}",
                list(names),
                given.type_named_id
            ));
        }
    };
    let of_type = recognized.kinds.iter().filter(|kind| kind.type_named_id == type_named_id);
    let of_function: Vec<&DocumentKind> = of_type
        .clone()
        .filter(|kind| given.function.is_none_or(|function| is_same_function(function, &kind.function)))
        .collect();
    if of_function.is_empty() {
        let names = of_type.map(|kind| kind.function.as_str());
        return refuse(format!("the file has the function {}; name it, or leave Function out", list(names)));
    }
    if let Some(version) =
        given.version.filter(|version| !of_function.iter().any(|kind| is_same_name(&kind.version, version)))
    {
        let names = of_function.iter().map(|kind| kind.version.as_str());
        return refuse(format!(
            "the file is of version {}, not {version}; name it, or leave Version out",
            list(names)
        ));
    }
    let of_version =
        |kind: &&&DocumentKind| given.version.is_none_or(|version| is_same_name(version, &kind.version));
    // Under the function that was asked for, else under that of the file: one format may be known under either.
    let known_as = |kind: &DocumentKind, function: &str| {
        registry::resolve(type_named_id, Some(function), Some(&kind.version), None)
            .ok()
            .map(|found| found.kind)
    };
    let found = of_function.iter().filter(of_version).find_map(|kind| {
        let asked = given.function.and_then(|function| known_as(kind, function));
        asked.or_else(|| known_as(kind, &kind.function)).map(|found| (*kind, found))
    });
    let Some((kind, found)) = found else {
        let names = of_function.iter().map(|kind| kind.version.as_str());
        return refuse(format!("documents of type {type_named_id} are not sent in version {}", list(names)));
    };
    let asked = given.function.filter(|asked| is_same_name(asked, &found.function));
    Ok(Declared {
        type_named_id,
        function: Some(asked.unwrap_or(&kind.function)),
        version: Some(&kind.version),
    })
}

/// What else an obsolete list of XML files holds; the files tell them apart.
fn related_types(document: &NewDocument<ContentRef>) -> &'static [&'static str] {
    match document.type_named_id.as_str() {
        _ if !document.is_of_obsolete_list => &[],
        "Invoice" => &["InvoiceRevision", "InvoiceCorrection", "InvoiceCorrectionRevision"],
        "UniversalTransferDocument" => &[
            "UniversalTransferDocumentRevision",
            "UniversalCorrectionDocument",
            "UniversalCorrectionDocumentRevision",
        ],
        _ => &[],
    }
}

/// Whoever posts a file that says everything itself says nothing beside it.
///
/// # Errors
/// [`Rejection::Invalid`] lists the keys.
pub(super) fn no_odd_metadata(
    document: &NewDocument<ContentRef>,
    resolved: &Resolved,
) -> Result<(), Rejection> {
    let says_itself = document.recognized.is_some() && resolved.version.is_formal();
    if !says_itself || document.metadata.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = document.metadata.iter().map(|item| item.key.as_str()).collect();
    let (place, keys) = (format!("{}.Metadata", document.path), keys.join(", "));
    Err(Invalid::attested(Attested::OddAttributes, place, &[&document.path, &keys]).into())
}

/// The attributes of a document: those its bytes say, or else those the request says.
pub(super) fn metadata<'a>(
    document: &'a NewDocument<ContentRef>,
    resolved: &Resolved,
) -> Cow<'a, [Metadata]> {
    match document.recognized.as_ref().filter(|_| resolved.version.is_formal()) {
        Some(recognized) => Cow::Borrowed(&recognized.metadata),
        None => Cow::Borrowed(&document.metadata),
    }
}

fn is_same_function(one: &str, other: &str) -> bool {
    is_same_name(one, other) || [one, other].iter().any(|name| is_same_name(name, ANY_FUNCTION))
}

fn has_version(known: &DocumentType, is: impl Fn(&str) -> bool) -> bool {
    known.functions.iter().flat_map(|function| function.versions).any(|version| is(version.name))
}

/// The names, each once.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Recognized;
    use potok_types::ContentRef;

    fn plain() -> NewDocument<ContentRef> {
        let path = "MessageToPost.DocumentAttachments[0]";
        NewDocument::new(path, "Nonformalized", ContentRef::of(b"document"))
    }

    fn kind(text: &str) -> DocumentKind {
        let words: Vec<&str> = text.split(' ').collect();
        let [type_named_id, function, version] = words[..] else { panic!("{text}") };
        DocumentKind {
            type_named_id: type_named_id.to_owned(),
            function: function.to_owned(),
            version: version.to_owned(),
        }
    }

    /// `TYPE FUNCTION VERSION` of the request, with `-` for what is left out, against what the bytes say.
    fn outcome(given: &str, index: i32, kinds: &[&str], is_of_obsolete_list: bool) -> String {
        let words: Vec<&str> = given.split(' ').collect();
        let some = |word: &str| (word != "-").then(|| word.to_owned());
        let kinds = kinds.iter().map(|text| kind(text)).collect();
        let document = NewDocument {
            type_named_id: words[0].to_owned(),
            function: some(words[1]),
            version: some(words[2]),
            recognized: Some(Recognized { index, kinds, function: None, metadata: Vec::new() }),
            is_of_obsolete_list,
            ..plain()
        };
        match declared(&document) {
            Ok(Declared { type_named_id, function, version }) => {
                format!("{type_named_id} {} {}", function.unwrap_or("-"), version.unwrap_or("-"))
            }
            Err(refused) => format!("refused {refused}"),
        }
    }

    const UTD: [&str; 2] =
        ["UniversalTransferDocument СЧФ utd970_05_03_01", "Invoice default utd970_05_03_01"];
    const HYPHENS: [&str; 2] = [
        "UniversalTransferDocument ДОП utd820_05_01_02_hyphen",
        "UniversalTransferDocument ДОП utd820_05_01_01",
    ];

    #[test]
    fn the_bytes_fill_up_and_check_what_the_request_says() {
        for (given, index, kinds, is_of_obsolete_list, expected) in [
            (
                "UniversalTransferDocument - -",
                0,
                &UTD[..],
                false,
                "UniversalTransferDocument СЧФ utd970_05_03_01",
            ),
            ("Invoice - -", 0, &UTD, false, "Invoice default utd970_05_03_01"),
            ("Invoice СЧФ -", 0, &UTD, false, "Invoice СЧФ utd970_05_03_01"),
            // Names in any letter case; what a type does not know under one function, it knows under that of the file.
            (
                "universaltransferdocument счф UTD970_05_03_01",
                0,
                &UTD,
                false,
                "UniversalTransferDocument счф utd970_05_03_01",
            ),
            (
                "XmlTorg12 default -",
                0,
                &["XmlTorg12 ДОП utd820_05_01_02_hyphen"],
                false,
                "XmlTorg12 ДОП utd820_05_01_02_hyphen",
            ),
            (
                "XmlTorg12 - utd820_05_01_01",
                0,
                &["XmlTorg12 ДОП utd820_05_01_02_hyphen", "XmlTorg12 ДОП utd820_05_01_01"],
                false,
                "XmlTorg12 ДОП utd820_05_01_01",
            ),
            (
                "XmlTorg12 Default -",
                0,
                &["XmlTorg12 default tovtorg_05_02_01"],
                false,
                "XmlTorg12 Default tovtorg_05_02_01",
            ),
            (
                "UniversalTransferDocument - utd820_05_01_01",
                0,
                &HYPHENS,
                false,
                "UniversalTransferDocument ДОП utd820_05_01_01",
            ),
            (
                "UniversalTransferDocument - -",
                0,
                &HYPHENS,
                false,
                "UniversalTransferDocument ДОП utd820_05_01_02_hyphen",
            ),
            (
                "Invoice - -",
                0,
                &["InvoiceCorrection default ucd_05_02_01"],
                true,
                "InvoiceCorrection default ucd_05_02_01",
            ),
            ("Nonformalized - -", 0, &UTD, false, "Nonformalized - -"),
            ("ReconciliationAct - -", 0, &UTD, false, "ReconciliationAct - -"),
            ("ReconciliationAct - v1", 0, &["ReconciliationAct default x"], false, "ReconciliationAct - v1"),
            ("Nothing - -", 0, &UTD, false, "Nothing - -"),
        ] {
            assert_eq!(outcome(given, index, kinds, is_of_obsolete_list), expected, "{given}");
        }
        for (given, index, kinds, expected) in [
            (
                "XmlTorg12 - -",
                0,
                &UTD[..],
                "(the file can be sent as UniversalTransferDocument, Invoice, not as XmlTorg12",
            ),
            ("UniversalTransferDocument ДОП -", 0, &UTD, "(the file has the function СЧФ; name it"),
            (
                "UniversalTransferDocument - utd970_05_03_01",
                0,
                &HYPHENS,
                "(the file is of version utd820_05_01_02_hyphen, utd820_05_01_01, not utd970_05_03_01",
            ),
            ("UniversalTransferDocument - -", 1, &UTD, "(the file is title 1"),
        ] {
            let refused = outcome(given, index, kinds, false);
            assert!(refused.contains(expected), "{given}: {refused}");
        }
    }

    #[test]
    fn a_file_that_says_everything_itself_is_posted_without_attributes() {
        let items = |text: &str| -> Vec<Metadata> {
            let item = |(key, value): (&str, &str)| Metadata { key: key.to_owned(), value: value.to_owned() };
            text.split(' ').filter_map(|item| item.split_once('=')).map(item).collect()
        };
        let said = items("DocumentNumber=8 DocumentDate=01.02.2026 FileName=ON_1.xml");
        let recognized = Recognized { index: 0, kinds: Vec::new(), function: None, metadata: said.clone() };
        let given = items("FileName=mine.xml DocumentNumber=7");
        let with = |recognized: Option<Recognized>, metadata: &[Metadata]| NewDocument {
            metadata: metadata.to_vec(),
            recognized,
            ..plain()
        };
        for (type_named_id, document, expected) in [
            ("UniversalTransferDocument", with(Some(recognized.clone()), &[]), Ok(&said)),
            (
                "UniversalTransferDocument",
                with(Some(recognized.clone()), &given),
                Err(
                    "MessageToPost.DocumentAttachments[0]: Provided odd metadata items. Keys: FileName, DocumentNumber",
                ),
            ),
            // Encrypted bytes say nothing, and files without a format are not read.
            ("UniversalTransferDocument", with(None, &given), Ok(&given)),
            ("Nonformalized", with(Some(recognized), &given), Ok(&given)),
        ] {
            let resolved = registry::resolve(type_named_id, None, None, None).expect("it is known");
            let found = no_odd_metadata(&document, &resolved).map(|()| metadata(&document, &resolved));
            let found = found.map_err(|refused| refused.to_string());
            assert_eq!(
                found.as_deref().map_err(String::as_str),
                expected.map(Vec::as_slice),
                "{type_named_id}"
            );
        }
    }
}
