//! `MessagePatchToPost` and its successor.

use bytes::Bytes;
use potok_domain::command::Source;
use potok_wire::proto::events::{
    DocumentSignature, MessagePatchToPost, MessagePatchToPostV2, ReceiptAttachment,
    RequestedSignatureRejection, SignedContent, XmlSignatureRejectionAttachment,
};

use super::{GUID, SENDER, signed, text};
use crate::BadRequest;
use crate::post::{patch_v3, patch_v4};

fn signature() -> DocumentSignature {
    DocumentSignature {
        parent_entity_id: GUID.to_owned(),
        signature: Some(Bytes::from_static(b"signature")),
        ..DocumentSignature::default()
    }
}

fn receipt() -> ReceiptAttachment {
    ReceiptAttachment { parent_entity_id: GUID.to_owned(), signed_content: signed(), labels: Vec::new() }
}

fn refusal(reason: &'static [u8]) -> RequestedSignatureRejection {
    RequestedSignatureRejection {
        parent_entity_id: GUID.to_owned(),
        signed_content: SignedContent { content: Some(Bytes::from_static(reason)), ..signed() },
        labels: Vec::new(),
    }
}

fn empty() -> MessagePatchToPost {
    MessagePatchToPost {
        box_id: SENDER.to_owned(),
        message_id: GUID.to_owned(),
        ..MessagePatchToPost::default()
    }
}

fn empty_v4() -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        box_id: SENDER.to_owned(),
        message_id: GUID.to_owned(),
        ..MessagePatchToPostV2::default()
    }
}

fn labelled(labels: &[&str]) -> DocumentSignature {
    let labels = labels.iter().map(|label| (*label).to_owned()).collect();
    DocumentSignature { labels, ..signature() }
}

#[test]
fn every_list_that_is_known_arrives() {
    let xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Файл ИдФайл=\"DP_IZVPOL_1\"/>";
    let mut posted = empty();
    posted.signatures =
        vec![DocumentSignature { is_approvement_signature: Some(true), ..labelled(&["Label-1", "label-2"]) }];
    posted.receipts = vec![receipt()];
    posted.receipts[0].signed_content.content = Some(xml.into());
    posted.receipts[0].labels = vec!["_impersonal".to_owned()];
    posted.requested_signature_rejections = vec![refusal("нет".as_bytes())];
    posted.xml_signature_rejections = vec![XmlSignatureRejectionAttachment {
        parent_entity_id: GUID.to_owned(),
        signed_content: SignedContent {
            name_on_shelf: text("f"),
            content: None,
            signature: None,
            sign_with_test_signature: Some(true),
            ..signed()
        },
        labels: Vec::new(),
    }];

    let command = patch_v3(posted).unwrap();
    assert_eq!(
        (command.box_id.to_string().as_str(), command.message_id.to_string().as_str()),
        (SENDER, GUID)
    );
    assert!(command.is_test);
    let signature = &command.signatures[0];
    assert_eq!(signature.path, "MessagePatchToPost.Signatures[0]");
    assert_eq!(signature.parent.to_string(), GUID);
    assert!(signature.is_approval);
    assert_eq!(signature.labels, ["Label-1", "label-2"]);
    assert_eq!(command.receipts[0].path, "MessagePatchToPost.Receipts[0]");
    // What bytes say is read where they are read, which is not here.
    assert_eq!(command.receipts[0].file_name, None);
    assert_eq!(command.receipts[0].labels, ["_impersonal"]);
    let [plain, formal] = command.rejections.as_slice() else { panic!("{:?}", command.rejections) };
    assert_eq!(plain.service.path, "MessagePatchToPost.RequestedSignatureRejections[0]");
    assert!(!plain.is_formal && plain.service.file_name.is_none());
    assert_eq!(formal.service.path, "MessagePatchToPost.XmlSignatureRejections[0]");
    assert_eq!(formal.service.content, Source::OnShelf("f".to_owned()));
    assert_eq!(formal.service.signature, Source::TestSignature);
    assert!(formal.is_formal);
}

#[test]
fn the_newer_structure_is_read_under_its_own_name() {
    let mut posted = empty_v4();
    posted.signatures = vec![signature()];
    posted.receipts = vec![receipt()];
    let command = patch_v4(posted).unwrap();
    assert!(!command.is_test);
    assert_eq!(command.signatures[0].path, "MessagePatchToPostV2.Signatures[0]");
    assert_eq!(command.receipts[0].path, "MessagePatchToPostV2.Receipts[0]");
}

type Case = (fn(&mut MessagePatchToPost), &'static str);

const REFUSALS: &[Case] = &[
    (|posted| posted.box_id.clear(), "BoxId field is not valid box id: "),
    (
        |posted| posted.message_id = "m".to_owned(),
        "MessagePatchToPost.MessageId: \"m\" is not a valid message id: a GUID is expected, with or without dashes",
    ),
    (
        |posted| posted.signatures[0].parent_entity_id = "e".to_owned(),
        "MessagePatchToPost.Signatures[0].ParentEntityId: \"e\" is not a valid entity id: a GUID is expected, with or without \
         dashes",
    ),
    (
        |posted| posted.signatures[0].signature = None,
        "MessagePatchToPost.Signatures[0].Signature: a signature is required; give one of Signature, \
         SignatureNameOnShelf and SignWithTestSignature",
    ),
    (
        |posted| posted.signatures[0].signature_name_on_shelf = text("f"),
        "MessagePatchToPost.Signatures[0].Signature: at most one of Signature, SignatureNameOnShelf and \
         SignWithTestSignature may be given; leave the others out",
    ),
    (
        |posted| {
            posted.receipts = vec![receipt(), receipt()];
            posted.receipts[1].signed_content.signature = None;
        },
        "MessagePatchToPost.Receipts[1].SignedContent.Signature: a signature is required; give one of Signature, \
         SignatureNameOnShelf and SignWithTestSignature",
    ),
    (
        |posted| posted.requested_signature_rejections = vec![refusal(b"\xFF\xFE")],
        "MessagePatchToPost.RequestedSignatureRejections[0].SignedContent.Content: Content must be valid UTF8 string; \
         encode the reason of the refusal as UTF-8",
    ),
];

#[test]
fn each_fault_is_refused_with_its_place_and_cure() {
    for (fault, expected) in REFUSALS {
        let mut posted = empty();
        posted.signatures = vec![signature()];
        fault(&mut posted);
        let refused = patch_v3(posted).expect_err(expected);
        assert!(matches!(refused, BadRequest::Invalid(_)), "{refused:?}");
        assert_eq!(refused.to_string(), *expected);
    }
}

#[test]
fn what_was_prepared_for_a_signature_is_named_by_its_id() {
    let given = DocumentSignature { patched_content_id: text("p"), ..signature() };
    let posted = MessagePatchToPost { signatures: vec![given], ..empty() };
    let command = patch_v3(posted).expect("it is well formed");
    let prepared = command.signatures[0].prepared.as_ref().expect("it was named");
    assert_eq!((&prepared.content, &prepared.recognized), (&Source::Prepared("p".to_owned()), &None));
}
