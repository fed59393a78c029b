//! What a stranger may send is bounded on the way in, alike in both formats, and before anything is made of it.

use std::sync::LazyLock;

use bytes::Bytes;
use potok_wire::proto::docflow::GetDocflowEventsRequest;
use potok_wire::proto::documents::GetDocumentsV4Request;
use potok_wire::proto::events::{
    DocumentSignature, MessagePatchToPost, MessageToPost, ReceiptAttachment, SignedContent,
};
use potok_wire::{
    Bound, Bounds, DecodeError, FieldKind, Reason, WireMessage, decode_json, decode_json_within,
    decode_protobuf, decode_protobuf_within, encode_protobuf, to_json,
};

static FEW: LazyLock<Bounds> = LazyLock::new(|| {
    Bounds::new(|name| Bound {
        elements: if name.is_list { 3 } else { u32::MAX },
        length: if name.kind == FieldKind::Message { u32::MAX } else { 10 },
    })
});

/// The same refusal in both formats; `None` when it is taken. Without bounds it is taken in any case.
#[track_caller]
fn refusal<M: WireMessage>(message: &M) -> Option<(String, Reason)> {
    let (binary, text) = (Bytes::from(encode_protobuf(message)), to_json(message));
    decode_protobuf::<M>(binary.clone()).unwrap();
    decode_json::<M>(&text).unwrap();
    let told = |error: DecodeError| (error.path().to_owned(), error.reason().clone());
    let results = [decode_protobuf_within::<M>(binary, &FEW), decode_json_within(&text, &FEW, Bytes::from)]
        .map(|result| result.err().map(told));
    assert_eq!(results[0], results[1]);
    results[0].clone()
}

fn signature(labels: usize) -> DocumentSignature {
    DocumentSignature { labels: vec!["x".to_owned(); labels], ..Default::default() }
}

fn patch(signatures: Vec<DocumentSignature>) -> MessagePatchToPost {
    MessagePatchToPost { signatures, ..Default::default() }
}

#[test]
fn lists_are_counted_at_every_depth() {
    assert_eq!(refusal(&patch(vec![signature(3); 3])), None);
    let many = Reason::TooMany { most: 3 };
    assert_eq!(refusal(&patch(vec![signature(0); 4])), Some(("Signatures".to_owned(), many.clone())));
    let inside = patch(vec![signature(3), signature(4)]);
    assert_eq!(refusal(&inside), Some(("Signatures[1].Labels".to_owned(), many)));
}

#[test]
fn texts_are_counted_in_characters_and_contents_in_bytes() {
    let to = |box_id: &str| MessageToPost { from_box_id: box_id.to_owned(), ..Default::default() };
    assert_eq!(refusal(&to("десять бук")), None);
    for long in ["одиннадцать", "eleven char", &"ы".repeat(100)] {
        assert_eq!(
            refusal(&to(long)),
            Some(("FromBoxId".to_owned(), Reason::TooLong { most: 10 })),
            "{long}"
        );
    }
    let receipt = |bytes: usize| MessagePatchToPost {
        receipts: vec![ReceiptAttachment {
            signed_content: SignedContent { content: Some(vec![7; bytes].into()), ..Default::default() },
            ..Default::default()
        }],
        ..Default::default()
    };
    assert_eq!(refusal(&receipt(10)), None);
    let large = Reason::TooLarge { given: 11, most: 10 };
    assert_eq!(refusal(&receipt(11)), Some(("Receipts[0].SignedContent.Content".to_owned(), large)));
}

#[test]
fn texts_in_lists_have_both_bounds() {
    let asked = |ids: &[&str]| GetDocumentsV4Request {
        document_numbers: ids.iter().map(|&id| id.to_owned()).collect(),
        ..Default::default()
    };
    assert_eq!(refusal(&asked(&["1", "2", "3"])), None);
    let long = Reason::TooLong { most: 10 };
    assert_eq!(refusal(&asked(&["1", "22222222222"])), Some(("DocumentNumbers[1]".to_owned(), long)));
    let many = Reason::TooMany { most: 3 };
    assert_eq!(refusal(&asked(&["1", "2", "3", "4"])), Some(("DocumentNumbers".to_owned(), many)));
}

#[test]
fn a_refusal_names_structure_field_and_limit() {
    let bytes = Bytes::from(encode_protobuf(&patch(vec![signature(0); 4])));
    let error = decode_protobuf_within::<MessagePatchToPost>(bytes, &FEW).unwrap_err();
    assert_eq!(
        error.to_string(),
        "MessagePatchToPost.Signatures: more than 3 elements are given, which is the limit; send the others in another \
         call"
    );
}

/// A single sub-message may come in several parts, which are one: their lists are counted together, and there are not
/// endlessly many of them.
#[test]
fn parts_do_not_get_around_it() {
    let part = |types: usize| {
        let filter =
            GetDocflowEventsRequest { type_named_ids: vec!["x".to_owned(); types], ..Default::default() };
        encode_protobuf(&filter)
    };
    let twice = |types| Bytes::from([part(types), part(types)].concat());
    assert!(decode_protobuf_within::<GetDocflowEventsRequest>(twice(1), &FEW).is_ok());
    let refused = decode_protobuf_within::<GetDocflowEventsRequest>(twice(2), &FEW).unwrap_err();
    assert_eq!(refused.path(), "TypeNamedIds");

    // `SignedContent` of a receipt, empty, again and again.
    let receipt = |parts: usize| {
        let mut receipt = encode_protobuf(&ReceiptAttachment::default());
        receipt.extend(b"\x12\x00".repeat(parts));
        Bytes::from(receipt)
    };
    assert!(decode_protobuf_within::<ReceiptAttachment>(receipt(900), &FEW).is_ok());
    let refused = decode_protobuf_within::<ReceiptAttachment>(receipt(1001), &FEW).unwrap_err();
    assert!(refused.to_string().contains("too many parts"), "{refused}");
}
