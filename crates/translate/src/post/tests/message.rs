//! `MessageToPost`.

use bytes::Bytes;
use potok_domain::LockMode;
use potok_domain::command::{Link, Source};
use potok_wire::proto;
use potok_wire::proto::events::{DocumentAttachment, MessageToPost, MetadataItem, StructuredDataAttachment};

use super::{GUID, RECIPIENT, SENDER, document, letter, text};
use crate::BadRequest;
use crate::post::message_to_post;

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

    let command = message_to_post(posted).unwrap();
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
    assert_eq!(message_to_post(posted).unwrap().lock_mode, LockMode::Full);
    assert_eq!(message_to_post(letter()).unwrap().lock_mode, LockMode::None);
}

#[test]
fn an_internal_message_has_no_recipient_and_an_unsent_one_no_signature() {
    let mut posted = letter();
    posted.is_internal = Some(true);
    posted.to_box_id = text("");
    posted.delay_send = Some(true);
    first(&mut posted).signed_content.signature = None;
    let command = message_to_post(posted).unwrap();
    assert_eq!((command.to, command.is_internal, command.delay_send), (None, true, true));
    assert_eq!(command.documents[0].signature, None);
}

#[test]
fn how_a_document_is_edited_is_for_the_decision_to_judge() {
    let mut posted = letter();
    first(&mut posted).editing_setting_id = text("504187FD-5B4B-4213-BEA8-3F4A6DABDE83");
    let sent = message_to_post(posted).unwrap();
    assert_eq!(sent.documents[0].editing_setting.as_deref(), Some("504187FD-5B4B-4213-BEA8-3F4A6DABDE83"));
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
    let command = message_to_post(posted).unwrap();
    assert!(command.is_test, "a test signature makes the message a test");
    assert_eq!(command.documents[0].content, Source::OnShelf("file".to_owned()));
    assert_eq!(command.documents[0].signature, Some(Source::TestSignature));
    assert_eq!(command.documents[1].signature, Some(Source::OnShelf("file.sig".to_owned())));
}

/// A fault in an otherwise good letter, and the whole text of the refusal.
type Case = (fn(&mut MessageToPost), &'static str);

const REFUSALS: &[Case] = &[
    (|posted| posted.from_box_id = "box".to_owned(), "BoxId field is not valid box id: box"),
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
];

#[test]
fn each_fault_is_refused_with_its_place_and_cure() {
    for (fault, expected) in REFUSALS {
        let mut posted = letter();
        fault(&mut posted);
        let refused = message_to_post(posted).expect_err(expected);
        assert!(matches!(refused, BadRequest::Invalid(_)), "{refused:?}");
        assert_eq!(refused.to_string(), *expected);
    }
}

#[test]
fn an_intermediate_recipient_is_read() {
    let mut posted = letter();
    posted.proxy_box_id = text(GUID);
    posted.proxy_department_id = text(GUID);
    let command = message_to_post(posted).unwrap();
    assert_eq!(command.proxy, Some(GUID.parse().unwrap()));
    assert_eq!(command.proxy_department, Some(GUID.parse().unwrap()));
}
