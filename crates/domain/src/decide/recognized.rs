//! What the bytes of a formalized document say, beside what the request says of it.
//!
//! Bytes that say nothing known are taken at the request's word. Bytes that say something else than the request are
//! refused: the other side would read them by other rules than those of the exchange.

use std::borrow::Cow;

use potok_types::ContentRef;

use super::Rejection;
use crate::command::NewDocument;
use crate::registry::{self, DocumentType, PLAIN_VERSION, Resolved};
use crate::{DocumentKind, Metadata};

/// The function of types that have but one; clients leave it out, or name it where the file has a better word.
const ANY_FUNCTION: &str = "default";

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
    let is_of_type = |name: &str| recognized.kinds.iter().any(|kind| kind.type_named_id == name);
    let is_plain = match given.version {
        Some(version) => version == PLAIN_VERSION,
        None => has_version(known, |version| version == PLAIN_VERSION) && !is_of_type(given.type_named_id),
    };
    if is_plain || !has_version(known, |version| version != PLAIN_VERSION) {
        return Ok(given);
    }
    let refuse =
        |field: &str, reason: String| Err(Rejection::invalid(format!("{}.{field}", document.path), reason));
    if recognized.index != 0 {
        let reason = format!(
            "the file is title {}, which answers a document; post it with RecipientTitles of PostMessagePatch",
            recognized.index
        );
        return refuse("SignedContent.Content", reason);
    }
    let related = related_types(document).iter().copied().find(|name| is_of_type(name));
    let type_named_id = match related {
        _ if is_of_type(given.type_named_id) => given.type_named_id,
        Some(related) => related,
        None => {
            let names = recognized.kinds.iter().map(|kind| kind.type_named_id.as_str());
            return refuse(
                "TypeNamedId",
                format!("the file can be sent as {}, not as {}", list(names), given.type_named_id),
            );
        }
    };
    let of_type = recognized.kinds.iter().filter(|kind| kind.type_named_id == type_named_id);
    let of_function: Vec<&DocumentKind> = of_type
        .clone()
        .filter(|kind| given.function.is_none_or(|function| is_same_function(function, &kind.function)))
        .collect();
    if of_function.is_empty() {
        let names = of_type.map(|kind| kind.function.as_str());
        return refuse(
            "Function",
            format!("the file has the function {}; name it, or leave Function out", list(names)),
        );
    }
    if let Some(version) =
        given.version.filter(|version| of_function.iter().all(|kind| kind.version != *version))
    {
        let names = of_function.iter().map(|kind| kind.version.as_str());
        return refuse(
            "Version",
            format!("the file is of version {}, not {version}; name it, or leave Version out", list(names)),
        );
    }
    let usual = of_function.iter().find(|kind| {
        let function = given.function.unwrap_or(&kind.function);
        let version = given.version.unwrap_or(&kind.version);
        registry::resolve(type_named_id, Some(function), Some(version), None).is_ok()
    });
    Ok(Declared {
        type_named_id,
        function: given.function.or(usual.map(|kind| kind.function.as_str())),
        version: given.version.or(usual.map(|kind| kind.version.as_str())),
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

/// The attributes of a document: what its bytes say counts more than what the request says, but for the file's name.
pub(super) fn metadata<'a>(
    document: &'a NewDocument<ContentRef>,
    resolved: &Resolved,
) -> Cow<'a, [Metadata]> {
    let Some(recognized) = document.recognized.as_ref().filter(|_| resolved.version.is_formal()) else {
        return Cow::Borrowed(&document.metadata);
    };
    let mut all = document.metadata.clone();
    for said in &recognized.metadata {
        match all.iter_mut().find(|item| item.key == said.key) {
            Some(item) if item.key != "FileName" => item.clone_from(said),
            Some(_) => {}
            None => all.push(said.clone()),
        }
    }
    Cow::Owned(all)
}

fn is_same_function(one: &str, other: &str) -> bool {
    one == other || one == ANY_FUNCTION || other == ANY_FUNCTION
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
        NewDocument {
            recognized: None,
            is_of_obsolete_list: false,
            path: "MessageToPost.DocumentAttachments[0]".to_owned(),
            content: ContentRef::of(b"document"),
            signature: None,
            comment: None,
            need_recipient_signature: false,
            need_receipt: false,
            custom_document_id: None,
            type_named_id: "Nonformalized".to_owned(),
            function: None,
            version: None,
            workflow: None,
            is_encrypted: false,
            metadata: Vec::new(),
            tags: Vec::new(),
            initial_documents: Vec::new(),
            subordinate_documents: Vec::new(),
            editing_setting: None,
        }
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
            recognized: Some(Recognized { index, kinds, metadata: Vec::new() }),
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
                "TypeNamedId: the file can be sent as UniversalTransferDocument, Invoice, not as XmlTorg12",
            ),
            ("UniversalTransferDocument ДОП -", 0, &UTD, "Function: the file has the function СЧФ; name it"),
            (
                "UniversalTransferDocument - utd970_05_03_01",
                0,
                &HYPHENS,
                "Version: the file is of version utd820_05_01_02_hyphen, utd820_05_01_01, not utd970_05_03_01",
            ),
            ("UniversalTransferDocument - -", 1, &UTD, "SignedContent.Content: the file is title 1"),
        ] {
            let refused = outcome(given, index, kinds, false);
            assert!(refused.contains(expected), "{given}: {refused}");
        }
    }

    #[test]
    fn the_file_knows_its_number_better_and_the_poster_the_name_of_the_file() {
        let items = |text: &str| -> Vec<Metadata> {
            let item = |(key, value): (&str, &str)| Metadata { key: key.to_owned(), value: value.to_owned() };
            text.split(' ').filter_map(|item| item.split_once('=')).map(item).collect()
        };
        let said = items("DocumentNumber=8 DocumentDate=01.02.2026 FileName=ON_1.xml");
        let document = NewDocument {
            metadata: items("FileName=mine.xml DocumentNumber=7 TotalSum=1"),
            recognized: Some(Recognized { index: 0, kinds: Vec::new(), metadata: said }),
            ..plain()
        };
        for (type_named_id, expected) in [
            (
                "UniversalTransferDocument",
                "FileName=mine.xml DocumentNumber=8 TotalSum=1 DocumentDate=01.02.2026",
            ),
            ("Nonformalized", "FileName=mine.xml DocumentNumber=7 TotalSum=1"),
        ] {
            let resolved = registry::resolve(type_named_id, None, None, None).expect("it is known");
            assert_eq!(*metadata(&document, &resolved), items(expected)[..], "{type_named_id}");
        }
    }
}
