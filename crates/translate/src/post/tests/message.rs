//! `MessageToPost`.

use bytes::Bytes;
use potok_domain::LockMode;
use potok_domain::command::{Link, Source};
use potok_types::limits;
use potok_wire::proto;
use potok_wire::proto::events::{
    DocumentAttachment, MessageToPost, MetadataItem, PowerOfAttorneyToPost, StructuredDataAttachment,
};

use super::{GUID, RECIPIENT, SENDER, document, letter, text};
use crate::post::{BadPost, message_to_post};

fn first(posted: &mut MessageToPost) -> &mut DocumentAttachment {
    &mut posted.document_attachments[0]
}

fn link(message_id: &str, entity_id: &str) -> proto::DocumentId {
    proto::DocumentId { message_id: message_id.to_owned(), entity_id: entity_id.to_owned() }
}

fn tag(key: &str, value: &str) -> proto::CustomDataItem {
    proto::CustomDataItem { key: key.to_owned(), value: text(value) }
}

fn item(key: &str, value: &str) -> MetadataItem {
    MetadataItem { key: key.to_owned(), value: value.to_owned() }
}

fn data(content: &'static [u8], file_name: &str, document: &str) -> StructuredDataAttachment {
    StructuredDataAttachment {
        content: Bytes::from_static(content),
        file_name: file_name.to_owned(),
        parent_custom_document_id: document.to_owned(),
    }
}

#[test]
fn everything_that_is_asked_for_arrives() {
    let mut posted = letter();
    posted.from_department_id = text(GUID);
    posted.to_department_id = text("");
    posted.lock_mode = Some(proto::LockMode::Send as i32);
    let mut second = document();
    second.custom_document_id = text("second");
    posted.document_attachments.push(second);
    let one = first(&mut posted);
    one.comment = text("Примечание");
    one.need_recipient_signature = Some(true);
    one.need_receipt = Some(true);
    one.custom_document_id = text("first");
    one.function = text("default");
    one.version = text("v1");
    one.workflow_id = Some(2);
    one.metadata = vec![item("FileName", "a.txt")];
    one.custom_data = vec![tag("ключ", "")];
    one.initial_document_ids = vec![link(GUID, SENDER.trim_end_matches("@diadoc.ru")), link("", "second")];
    posted.structured_data_attachments = vec![data(b"{}", "data.json", "first")];

    let command = message_to_post(posted).unwrap().command;
    assert_eq!(command.from.to_string(), SENDER);
    assert_eq!(command.to.map(|to| to.guid()).as_deref(), Some(RECIPIENT));
    assert_eq!(command.from_department.map(|id| id.to_string()).as_deref(), Some(GUID));
    assert_eq!(command.to_department, None);
    assert_eq!(command.lock_mode, LockMode::Send);
    assert!(!command.is_internal && !command.delay_send && !command.is_test);
    let one = &command.documents[0];
    assert_eq!(one.path, "MessageToPost.DocumentAttachments[0]");
    assert_eq!(one.content, Source::Inline(Bytes::from_static(b"bytes")));
    assert_eq!(one.signature, Some(Source::Inline(Bytes::from_static(b"signature"))));
    assert_eq!(one.comment, Some(Source::Inline("Примечание".into())));
    assert!(one.need_recipient_signature && one.need_receipt && !one.is_encrypted);
    assert_eq!((one.function.as_deref(), one.version.as_deref()), (Some("default"), Some("v1")));
    assert_eq!((one.workflow, one.editing_setting.as_deref()), (Some(2), None));
    assert_eq!(one.metadata[0].value, "a.txt");
    assert_eq!((one.tags[0].key.as_str(), one.tags[0].value.as_str()), ("ключ", ""));
    assert!(
        matches!(&one.initial_documents[0], Link::Existing(found) if found.message_id.to_string() == GUID)
    );
    assert_eq!(one.initial_documents[1], Link::SameRequest("second".to_owned()));
    let attached = &command.structured_data[0];
    assert_eq!(attached.path, "MessageToPost.StructuredDataAttachments[0]");
    assert_eq!((attached.document.as_str(), attached.file_name.as_str()), ("first", "data.json"));
}

#[test]
fn the_old_flag_of_a_locked_packet_beats_the_lock_mode() {
    let mut posted = letter();
    posted.lock_packet = Some(true);
    posted.lock_mode = Some(proto::LockMode::None as i32);
    assert_eq!(message_to_post(posted).unwrap().command.lock_mode, LockMode::Full);
    assert_eq!(message_to_post(letter()).unwrap().command.lock_mode, LockMode::None);
}

#[test]
fn an_internal_message_has_no_recipient_and_an_unsent_one_no_signature() {
    let mut posted = letter();
    posted.is_internal = Some(true);
    posted.to_box_id = text("");
    posted.delay_send = Some(true);
    first(&mut posted).signed_content.signature = None;
    first(&mut posted).editing_setting_id = text("504187FD-5B4B-4213-BEA8-3F4A6DABDE83");
    let command = message_to_post(posted).unwrap().command;
    assert_eq!((command.to, command.is_internal, command.delay_send), (None, true, true));
    assert_eq!(command.documents[0].signature, None);
    assert!(command.documents[0].editing_setting.is_some());
}

#[test]
fn contents_come_from_the_shelf_and_signatures_from_the_server() {
    let mut posted = letter();
    let content = &mut first(&mut posted).signed_content;
    content.content = Some(Bytes::new());
    content.name_on_shelf = text("file");
    content.signature = None;
    content.sign_with_test_signature = Some(true);
    let mut second = document();
    second.signed_content.signature = Some(Bytes::new());
    second.signed_content.signature_name_on_shelf = text("file.sig");
    posted.document_attachments.push(second);
    let command = message_to_post(posted).unwrap().command;
    assert!(command.is_test, "a test signature makes the message a test");
    assert_eq!(command.documents[0].content, Source::OnShelf("file".to_owned()));
    assert_eq!(command.documents[0].signature, Some(Source::TestSignature));
    assert_eq!(command.documents[1].signature, Some(Source::OnShelf("file.sig".to_owned())));
}

/// A fault in an otherwise good letter, and the whole text of the refusal.
type Case = (fn(&mut MessageToPost), &'static str);

const REFUSALS: &[Case] = &[
    (
        |posted| posted.from_box_id = "box".to_owned(),
        "MessageToPost.FromBoxId: \"box\" is not a valid box id: a GUID is expected, with or without dashes",
    ),
    (
        |posted| posted.to_box_id = None,
        "MessageToPost.ToBoxId: a recipient is required; name its box, or set IsInternal for a message inside the \
         organization",
    ),
    (
        |posted| posted.to_box_id = text(SENDER),
        "MessageToPost.ToBoxId: the recipient is the sender; name another box, or set IsInternal and leave ToBoxId out",
    ),
    (
        |posted| posted.is_internal = Some(true),
        "MessageToPost.ToBoxId: an internal message has no recipient; leave ToBoxId or IsInternal out",
    ),
    (
        |posted| posted.to_department_id = text("head"),
        "MessageToPost.ToDepartmentId: \"head\" is not a valid department id: a GUID is expected, with or without dashes",
    ),
    (
        |posted| posted.from_department_id = text("head"),
        "MessageToPost.FromDepartmentId: \"head\" is not a valid department id: a GUID is expected, with or without dashes",
    ),
    (
        |posted| posted.lock_mode = Some(proto::LockMode::Unknown as i32),
        "MessageToPost.LockMode: unknown lock mode; use None, Send or Full, or leave it out",
    ),
    (
        |posted| posted.document_attachments.clear(),
        "MessageToPost.DocumentAttachments: a message needs at least one document; add one",
    ),
    (
        |posted| posted.document_attachments = vec![document(); 41],
        "MessageToPost.DocumentAttachments: 41 documents are given, at most 40 are allowed; post the others in another \
         message",
    ),
    (
        |posted| first(posted).type_named_id.clear(),
        "MessageToPost.DocumentAttachments[0].TypeNamedId: a document type is required; GetDocumentTypes lists those \
         that the box may send",
    ),
    (
        |posted| first(posted).type_named_id = "TrustConnectionRequest".to_owned(),
        "MessageToPost.DocumentAttachments[0].TypeNamedId: an invitation is not posted as a document; use \
         AcquireCounteragent",
    ),
    (
        |posted| first(posted).signed_content.content = None,
        "MessageToPost.DocumentAttachments[0].SignedContent.Content: neither Content nor NameOnShelf is given; put the \
         bytes into Content or the name of an uploaded file into NameOnShelf",
    ),
    (
        |posted| first(posted).signed_content.name_on_shelf = text("file"),
        "MessageToPost.DocumentAttachments[0].SignedContent.Content: Content and NameOnShelf are both given; leave one \
         of them out",
    ),
    (
        |posted| first(posted).signed_content.sign_with_test_signature = Some(true),
        "MessageToPost.DocumentAttachments[0].SignedContent.Signature: at most one of Signature, SignatureNameOnShelf \
         and SignWithTestSignature may be given; leave the others out",
    ),
    (
        |posted| first(posted).signed_content.signature_name_on_shelf = text("file.sig"),
        "MessageToPost.DocumentAttachments[0].SignedContent.Signature: at most one of Signature, SignatureNameOnShelf \
         and SignWithTestSignature may be given; leave the others out",
    ),
    (
        |posted| first(posted).signed_content.signature = None,
        "MessageToPost.DocumentAttachments[0].SignedContent.Signature: a signature is required; give one of Signature, \
         SignatureNameOnShelf and SignWithTestSignature, or set DelaySend to store the letter without sending it",
    ),
    (
        |posted| posted.delay_send = Some(true),
        "MessageToPost.DocumentAttachments[0].SignedContent.Signature: with DelaySend the letter stays unsent, and a \
         signature would send it; leave the signature out and add it with PostMessagePatch, or leave DelaySend out",
    ),
    (
        |posted| first(posted).comment = Some("я".repeat(limits::COMMENT_CHARS + 1)),
        "MessageToPost.DocumentAttachments[0].Comment: 5001 characters are given, at most 5000 are allowed; shorten the \
         comment",
    ),
    (
        |posted| first(posted).editing_setting_id = text("setting"),
        "MessageToPost.DocumentAttachments[0].EditingSettingId: only an unsent letter can be edited; set DelaySend, or \
         leave EditingSettingId out",
    ),
    (
        |posted| first(posted).is_encrypted = Some(true),
        "MessageToPost.DocumentAttachments[0].Function: required for encrypted content, which the server cannot look \
         into; name it",
    ),
    (
        |posted| {
            first(posted).is_encrypted = Some(true);
            first(posted).function = text("default");
        },
        "MessageToPost.DocumentAttachments[0].Version: required for encrypted content, which the server cannot look \
         into; name it",
    ),
    (
        |posted| first(posted).metadata = vec![item("FileName", "a"), item("", "a")],
        "MessageToPost.DocumentAttachments[0].Metadata[1].Key: must not be empty; fill it, or leave the item out",
    ),
    (
        |posted| first(posted).metadata = vec![item("FileName", "")],
        "MessageToPost.DocumentAttachments[0].Metadata[0].Value: must not be empty; fill it, or leave the item out",
    ),
    (
        |posted| first(posted).custom_data = vec![tag("a b", "")],
        "MessageToPost.DocumentAttachments[0].CustomData[0].Key: a key must be 1 to 60 Latin or Cyrillic letters, \
         digits, dashes and underscores",
    ),
    (
        |posted| first(posted).custom_data = vec![tag(&"ё".repeat(61), "")],
        "MessageToPost.DocumentAttachments[0].CustomData[0].Key: a key must be 1 to 60 Latin or Cyrillic letters, \
         digits, dashes and underscores",
    ),
    (
        |posted| first(posted).custom_data = vec![tag("Ключ", "1"), tag("кЛЮЧ", "2")],
        "MessageToPost.DocumentAttachments[0].CustomData[1].Key: key 'кЛЮЧ' is repeated; keys of one document differ, \
         whatever their case",
    ),
    (
        |posted| first(posted).custom_data = vec![tag("key", &"я".repeat(201))],
        "MessageToPost.DocumentAttachments[0].CustomData[0].Value: a value has at most 200 characters; shorten it",
    ),
    (
        |posted| first(posted).custom_data = (0..31).map(|i| tag(&format!("key{i}"), "")).collect(),
        "MessageToPost.DocumentAttachments[0].CustomData: 31 tags are given, at most 30 are allowed; leave the rest out",
    ),
    (
        |posted| {
            first(posted).custom_document_id = text("a");
            posted.document_attachments = vec![first(posted).clone(); 2];
        },
        "MessageToPost.DocumentAttachments[1].CustomDocumentId: CustomDocumentId 'a' is not unique; give every document \
         of the request its own",
    ),
    (
        |posted| first(posted).initial_document_ids = vec![link("", "a")],
        "MessageToPost.DocumentAttachments[0].InitialDocumentIds[0].EntityId: no document of this request has \
         CustomDocumentId 'a'; correct it, or fill MessageId to name a document of the box",
    ),
    (
        |posted| {
            first(posted).custom_document_id = text("a");
            first(posted).subordinate_document_ids = vec![link("", "a")];
        },
        "MessageToPost.DocumentAttachments[0].SubordinateDocumentIds[0].EntityId: a document cannot refer to itself; \
         leave the link out",
    ),
    (
        |posted| first(posted).initial_document_ids = vec![link(GUID, "")],
        "MessageToPost.DocumentAttachments[0].InitialDocumentIds[0].EntityId: required; name the EntityId of a document \
         of the box, or the CustomDocumentId of a document of this request together with an empty MessageId",
    ),
    (
        |posted| first(posted).initial_document_ids = vec![link("m", GUID)],
        "MessageToPost.DocumentAttachments[0].InitialDocumentIds[0].MessageId: \"m\" is not a valid message id: a GUID is \
         expected, with or without dashes",
    ),
    (
        |posted| first(posted).subordinate_document_ids = vec![link(GUID, "e")],
        "MessageToPost.DocumentAttachments[0].SubordinateDocumentIds[0].EntityId: \"e\" is not a valid entity id: a GUID is \
         expected, with or without dashes",
    ),
    (
        |posted| posted.structured_data_attachments = vec![data(b"", "f", "a")],
        "MessageToPost.StructuredDataAttachments[0].Content: the data are empty; put their bytes here",
    ),
    (
        |posted| posted.structured_data_attachments = vec![data(b"1", "", "a")],
        "MessageToPost.StructuredDataAttachments[0].FileName: a file name is required; give one",
    ),
    (
        |posted| posted.structured_data_attachments = vec![data(b"1", "f", "a")],
        "MessageToPost.StructuredDataAttachments[0].ParentCustomDocumentId: no document of this request has \
         CustomDocumentId 'a'; name the document that the data belong to",
    ),
];

#[test]
fn each_fault_is_refused_with_its_place_and_cure() {
    for (fault, expected) in REFUSALS {
        let mut posted = letter();
        fault(&mut posted);
        let refused = message_to_post(posted).expect_err(expected);
        assert!(matches!(refused, BadPost::Invalid(_)), "{refused:?}");
        assert_eq!(refused.to_string(), *expected);
    }
}

#[test]
fn contents_that_are_too_large_are_refused() {
    let mut posted = letter();
    first(&mut posted).signed_content.content = Some(vec![0; limits::DOCUMENT_BYTES as usize + 1].into());
    let refused = message_to_post(posted).unwrap_err().to_string();
    assert!(
        refused.starts_with("MessageToPost.DocumentAttachments[0].SignedContent.Content: 73400321 bytes"),
        "{refused}"
    );

    let mut posted = letter();
    first(&mut posted).custom_document_id = text("a");
    posted.structured_data_attachments = vec![StructuredDataAttachment {
        content: vec![0; limits::STRUCTURED_DATA_BYTES as usize + 1].into(),
        ..data(b"", "f", "a")
    }];
    let refused = message_to_post(posted).unwrap_err().to_string();
    assert!(
        refused.starts_with("MessageToPost.StructuredDataAttachments[0].Content: 10485761 bytes"),
        "{refused}"
    );
}

#[test]
fn an_intermediate_recipient_is_read() {
    let mut posted = letter();
    posted.proxy_box_id = text(GUID);
    posted.proxy_department_id = text(GUID);
    let command = message_to_post(posted).unwrap().command;
    assert_eq!(command.proxy, Some(GUID.parse().unwrap()));
    assert_eq!(command.proxy_department, Some(GUID.parse().unwrap()));

    let mut posted = letter();
    posted.proxy_department_id = text(GUID);
    let refused = message_to_post(posted).unwrap_err().to_string();
    assert!(refused.starts_with("MessageToPost.ProxyDepartmentId: "), "{refused}");
}

#[test]
fn what_this_server_does_not_know_yet_is_named() {
    let cases: &[Case] = &[
        (|posted| posted.is_draft = Some(true), "MessageToPost.IsDraft"),
        (
            |posted| {
                let power = PowerOfAttorneyToPost { use_default: true, ..PowerOfAttorneyToPost::default() };
                first(posted).signed_content.power_of_attorney = Some(Box::new(power));
            },
            "MessageToPost.DocumentAttachments[0].SignedContent.PowerOfAttorney",
        ),
    ];
    for (part, path) in cases {
        let mut posted = letter();
        part(&mut posted);
        assert_eq!(message_to_post(posted), Err(BadPost::NotBuilt { path: (*path).to_owned() }));
    }
}
