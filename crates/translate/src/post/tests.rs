//! Posts that are read, and the words in which others are refused.

mod message;
mod patch;
mod patch_lists;
mod typed_lists;

use bytes::Bytes;
use potok_wire::proto::events::{DocumentAttachment, MessageToPost, SignedContent};

const SENDER: &str = "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru";
const RECIPIENT: &str = "b7aad54c-faf3-4f64-91b1-1f208d032a60";
const GUID: &str = "ffbc3764-42de-45de-b5e8-d8648461012f";

fn signed() -> SignedContent {
    SignedContent {
        content: Some(Bytes::from_static(b"bytes")),
        signature: Some(Bytes::from_static(b"signature")),
        ..SignedContent::default()
    }
}

fn document() -> DocumentAttachment {
    DocumentAttachment {
        signed_content: signed(),
        type_named_id: "Nonformalized".to_owned(),
        ..DocumentAttachment::default()
    }
}

/// A letter with one document that nobody refuses.
fn letter() -> MessageToPost {
    MessageToPost {
        from_box_id: SENDER.to_owned(),
        to_box_id: Some(RECIPIENT.to_owned()),
        document_attachments: vec![document()],
        ..MessageToPost::default()
    }
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}
