//! The form of a new message.

use potok_types::{ContentHash, ContentRef, limits};

use super::{check, inline};
use potok_domain::command::{Link, NewDocument, NewStructuredData, PostMessage, Source};
use potok_domain::decide::form;
use potok_domain::{Metadata, Tag};
use potok_stories::{Who, box_of, document, document_of, letter};

fn posted() -> PostMessage<Source> {
    letter(vec![document_of(inline("document"), inline("signature"))])
}

fn first(command: &mut PostMessage<Source>) -> &mut NewDocument<Source> {
    &mut command.documents[0]
}

/// A second document after the first.
fn second(command: &mut PostMessage<Source>) -> &mut NewDocument<Source> {
    let path = "MessageToPost.DocumentAttachments[1]".to_owned();
    command.documents.push(NewDocument { path, ..command.documents[0].clone() });
    &mut command.documents[1]
}

fn item(key: &str, value: &str) -> Metadata {
    Metadata { key: key.to_owned(), value: value.to_owned() }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

fn to_document(custom_id: &str) -> Vec<Link> {
    vec![Link::SameRequest(custom_id.to_owned())]
}

fn with_data(command: &mut PostMessage<Source>, content: &str, file_name: &str, document: &str) {
    first(command).custom_document_id = Some("one".to_owned());
    command.structured_data.push(NewStructuredData {
        path: "MessageToPost.StructuredDataAttachments[0]".to_owned(),
        document: document.to_owned(),
        content: inline(content),
        file_name: file_name.to_owned(),
    });
}

/// A fault in an otherwise good letter, and the whole text of the refusal.
type Fault = (fn(&mut PostMessage<Source>), &'static str);

/// What programs compare, as a whole.
const IN_WORDS_OF_THE_TABLE: &[Fault] = &[
    (|letter| letter.to = None, "MessageToPost.ToBoxId is required field"),
    (|letter| letter.documents.clear(), "MessageToPost should contain at least one attachment."),
    (
        |letter| first(letter).type_named_id.clear(),
        "MessageToPost.DocumentAttachments[0]: Incorrect DocumentAttachment. TypeNamedId must be specified",
    ),
    (
        |letter| letter.delay_send = true,
        "MessageToPost.DocumentAttachments[0].SignedContent.Signature should be empty in draft or delayed send",
    ),
    (
        |letter| first(letter).initial_documents = to_document("a"),
        "Can't find referred entity <THIS_MESSAGE>: a",
    ),
];

/// Each path begins with `MessageToPost.`
const OF_THE_LETTER: &[Fault] = &[
    (
        |letter| letter.to = Some(letter.from),
        "ToBoxId: the recipient is the sender; name another box, or set IsInternal and leave ToBoxId out",
    ),
    (
        |letter| letter.is_internal = true,
        "ToBoxId: an internal message has no recipient; leave ToBoxId or IsInternal out",
    ),
    (
        |letter| letter.proxy_department = Some(potok_stories::EXPORT),
        "ProxyDepartmentId: there is no intermediate recipient; name its box in ProxyBoxId, or leave its department out",
    ),
    (
        |letter| letter.documents = vec![first(letter).clone(); 41],
        "DocumentAttachments: 41 documents are given, at most 40 are allowed; post the others in another message",
    ),
    (
        |letter| with_data(letter, "", "f", "one"),
        "StructuredDataAttachments[0].Content: the data are empty; put their bytes here",
    ),
    (
        |letter| with_data(letter, "1", "", "one"),
        "StructuredDataAttachments[0].FileName: a file name is required; give one",
    ),
    (
        |letter| with_data(letter, "1", "f", "two"),
        "StructuredDataAttachments[0].ParentCustomDocumentId: no document of this request has CustomDocumentId 'two'; \
         name the document that the data belong to",
    ),
];

/// Each path begins with `MessageToPost.DocumentAttachments`.
const OF_A_DOCUMENT: &[Fault] = &[
    (
        |letter| first(letter).is_encrypted = true,
        "[0].Function: required for encrypted content, which the server cannot look into; name it",
    ),
    (
        |letter| {
            first(letter).is_encrypted = true;
            first(letter).function = Some("default".to_owned());
        },
        "[0].Version: required for encrypted content, which the server cannot look into; name it",
    ),
    (
        |letter| first(letter).editing_setting = Some("setting".to_owned()),
        "[0].EditingSettingId: only an unsent letter can be edited; set DelaySend, or leave EditingSettingId out",
    ),
    (
        |letter| first(letter).signature = None,
        "[0].SignedContent.Signature: a signature is required; give one of Signature, SignatureNameOnShelf and \
         SignWithTestSignature, or set DelaySend to store the letter without sending it",
    ),
    (
        |letter| first(letter).comment = Some(inline(&"я".repeat(limits::COMMENT_CHARS + 1))),
        "[0].Comment: 5001 characters are given, at most 5000 are allowed; shorten the comment",
    ),
    (
        |letter| first(letter).metadata = vec![item("FileName", "a"), item("", "a")],
        "[0].Metadata[1].Key: must not be empty; fill it, or leave the item out",
    ),
    (
        |letter| first(letter).metadata = vec![item("FileName", "")],
        "[0].Metadata[0].Value: must not be empty; fill it, or leave the item out",
    ),
    (
        |letter| first(letter).tags = vec![tag("a b", "")],
        "[0].CustomData[0].Key: a key must be 1 to 60 Latin or Cyrillic letters, digits, dashes and underscores",
    ),
    (
        |letter| first(letter).tags = vec![tag("", "x")],
        "[0].CustomData[0].Key: a key must be 1 to 60 Latin or Cyrillic letters, digits, dashes and underscores",
    ),
    (
        |letter| first(letter).tags = vec![tag(&"ё".repeat(61), "")],
        "[0].CustomData[0].Key: a key must be 1 to 60 Latin or Cyrillic letters, digits, dashes and underscores",
    ),
    (
        |letter| first(letter).tags = vec![tag("Ключ", "1"), tag("кЛЮЧ", "2")],
        "[0].CustomData[1].Key: key 'кЛЮЧ' is repeated; keys of one document differ, whatever their case",
    ),
    (
        |letter| first(letter).tags = vec![tag("key", &"я".repeat(201))],
        "[0].CustomData[0].Value: a value has at most 200 characters; shorten it",
    ),
    (
        |letter| first(letter).tags = (0..31).map(|i| tag(&format!("key{i}"), "")).collect(),
        "[0].CustomData: 31 tags are given, at most 30 are allowed; leave the rest out",
    ),
    (
        |letter| {
            first(letter).custom_document_id = Some("a".to_owned());
            second(letter);
        },
        "[1].CustomDocumentId: CustomDocumentId 'a' is not unique; give every document of the request its own",
    ),
    (
        |letter| {
            first(letter).custom_document_id = Some("a".to_owned());
            first(letter).subordinate_documents = to_document("a");
        },
        "[0].SubordinateDocumentIds[0].EntityId: a document cannot refer to itself; leave the link out",
    ),
];

#[test]
fn each_fault_is_refused_with_its_place_and_cure() {
    let of_the_letter = OF_THE_LETTER.iter().map(|(fault, text)| (fault, format!("MessageToPost.{text}")));
    let of_a_document =
        OF_A_DOCUMENT.iter().map(|(fault, text)| (fault, format!("MessageToPost.DocumentAttachments{text}")));
    let of_the_table = IN_WORDS_OF_THE_TABLE.iter().map(|(fault, text)| (fault, (*text).to_owned()));
    for (fault, expected) in of_the_letter.chain(of_a_document).chain(of_the_table) {
        let mut command = posted();
        fault(&mut command);
        check(form::message(&command), Some(expected.as_str()));
    }
}

#[test]
fn what_just_fits_is_taken() {
    let good: &[fn(&mut PostMessage<Source>)] = &[
        |_| (),
        |letter| letter.documents = vec![first(letter).clone(); 40],
        |letter| (letter.is_internal, letter.to) = (true, None),
        |letter| letter.proxy = Some(box_of(Who::C)),
        |letter| {
            letter.delay_send = true;
            first(letter).signature = None;
            first(letter).editing_setting = Some("setting".to_owned());
        },
        |letter| first(letter).comment = Some(inline(&"я".repeat(limits::COMMENT_CHARS))),
        |letter| first(letter).tags = vec![tag("Ключ-1_a", ""), tag("ёж", "значение")],
        |letter| first(letter).tags = vec![tag(&"к".repeat(60), &"з".repeat(200))],
        |letter| first(letter).tags = (0..30).map(|i| tag(&format!("key{i}"), "")).collect(),
        |letter| with_data(letter, "1", "f", "one"),
        |letter| {
            first(letter).custom_document_id = Some("a".to_owned());
            let second = second(letter);
            second.custom_document_id = None;
            second.initial_documents = to_document("a");
        },
        // What lies on the shelf is measured when it is read.
        |letter| first(letter).content = Source::OnShelf("file".to_owned()),
        |letter| first(letter).signature = Some(Source::TestSignature),
    ];
    for change in good {
        let mut command = posted();
        change(&mut command);
        check(form::message(&command), None);
    }
}

#[test]
fn kept_contents_are_measured_too() {
    const DOCUMENT: &str = "MessageToPost.DocumentAttachments[0]";
    let of_size = |size_bytes| ContentRef { hash: ContentHash::of(b"big"), size_bytes };
    let check = |change: &dyn Fn(&mut PostMessage<ContentRef>), expected: Option<String>| {
        let mut command = letter(vec![document()]);
        change(&mut command);
        check(form::message(&command), expected.as_deref());
    };
    let most = limits::DOCUMENT_BYTES;
    check(&|letter| letter.documents[0].content = of_size(most), None);
    check(
        &|letter| letter.documents[0].content = of_size(most + 1),
        Some(format!(
            "{DOCUMENT}.SignedContent.Content: 73400321 bytes are given, at most 73400320 are allowed; send a smaller file"
        )),
    );
    check(
        &|letter| letter.documents[0].signature = Some(of_size(0)),
        Some(format!(
            "{DOCUMENT}.SignedContent.Signature: the signature is empty; send a detached CMS signature in DER"
        )),
    );
    // No more than four bytes make a character.
    check(&|letter| letter.documents[0].comment = Some(of_size(20_000)), None);
    check(
        &|letter| letter.documents[0].comment = Some(of_size(20_001)),
        Some(format!(
            "{DOCUMENT}.Comment: 5001 characters are given, at most 5000 are allowed; shorten the comment"
        )),
    );
    let data = |size_bytes| NewStructuredData {
        path: "MessageToPost.StructuredDataAttachments[0]".to_owned(),
        document: "one".to_owned(),
        content: of_size(size_bytes),
        file_name: "data.xml".to_owned(),
    };
    check(
        &|letter| {
            letter.documents[0].custom_document_id = Some("one".to_owned());
            letter.structured_data.push(data(limits::STRUCTURED_DATA_BYTES + 1));
        },
        Some(
            "MessageToPost.StructuredDataAttachments[0].Content: 10485761 bytes are given, at most 10485760 are allowed; \
             send less data"
                .to_owned(),
        ),
    );
}
