//! Letters to send.

use bytes::Bytes;
use potok_sdk::Error;
use potok_sdk::api::methods::OperationQuery;
use potok_sdk::proto::events::{
    DocumentAttachment, DocumentSignature, Message, MessagePatch, MessagePatchToPostV2, MessageToPost,
    MetadataItem, SignedContent,
};
use potok_types::BoxId;

use crate::Person;

/// Content with a marked test signature.
pub fn test_signed(content: impl Into<Bytes>) -> SignedContent {
    SignedContent {
        content: Some(content.into()),
        sign_with_test_signature: Some(true),
        ..SignedContent::default()
    }
}

/// A nonformalized document to send; the fields of the message stay open for the test to change.
pub struct Letter(pub MessageToPost);

impl Letter {
    /// A letter from `from` to `to` with one document `contract.pdf`, number 7 of 01.02.2026.
    pub fn new(from: BoxId, to: BoxId) -> Self {
        Self(MessageToPost {
            from_box_id: from.to_string(),
            to_box_id: Some(to.to_string()),
            document_attachments: vec![Self::document("contract.pdf", b"the text of a contract".to_vec())],
            ..MessageToPost::default()
        })
    }

    /// A nonformalized document.
    pub fn document(file_name: &str, content: impl Into<Bytes>) -> DocumentAttachment {
        let item = |key: &str, value: &str| MetadataItem { key: key.to_owned(), value: value.to_owned() };
        DocumentAttachment {
            signed_content: test_signed(content),
            type_named_id: "Nonformalized".to_owned(),
            metadata: vec![
                item("FileName", file_name),
                item("DocumentNumber", "7"),
                item("DocumentDate", "01.02.2026"),
            ],
            ..DocumentAttachment::default()
        }
    }

    /// Asks for a signature in return.
    #[must_use]
    pub fn wants_signature(mut self) -> Self {
        self.0.document_attachments[0].need_recipient_signature = Some(true);
        self
    }

    /// Asks for a receipt.
    #[must_use]
    pub fn wants_receipt(mut self) -> Self {
        self.0.document_attachments[0].need_receipt = Some(true);
        self
    }

    /// Has `proxy` answer before the recipient gets it.
    #[must_use]
    pub fn through(mut self, proxy: BoxId) -> Self {
        self.0.proxy_box_id = Some(proxy.to_string());
        self
    }

    /// Keeps it as a draft, without signatures.
    #[must_use]
    pub fn draft(mut self) -> Self {
        self.0.is_draft = Some(true);
        for document in &mut self.0.document_attachments {
            document.signed_content.sign_with_test_signature = None;
        }
        self
    }

    /// Adds a comment.
    #[must_use]
    pub fn comment(mut self, text: &str) -> Self {
        self.0.document_attachments[0].comment = Some(text.to_owned());
        self
    }
}

impl Person {
    /// `PostMessage` V3.
    ///
    /// # Errors
    /// What the server answers.
    pub async fn post(&self, letter: &Letter) -> Result<Message, Error> {
        self.client.post_message_v3(&OperationQuery::new(), letter.0.clone()).await
    }

    /// `PostMessagePatch` V4 with one test signature under `parent`.
    ///
    /// # Errors
    /// What the server answers.
    pub async fn sign(&self, message: &str, parent: &str) -> Result<MessagePatch, Error> {
        self.patch(MessagePatchToPostV2 {
            message_id: message.to_owned(),
            signatures: vec![DocumentSignature {
                parent_entity_id: parent.to_owned(),
                sign_with_test_signature: Some(true),
                ..DocumentSignature::default()
            }],
            ..MessagePatchToPostV2::default()
        })
        .await
    }

    /// `PostMessagePatch` V4; the box is filled in, and files that are yet to be made are, see [`Person::complete`].
    ///
    /// # Errors
    /// What the server answers.
    pub async fn patch(&self, mut patch: MessagePatchToPostV2) -> Result<MessagePatch, Error> {
        patch.box_id = self.box_id.to_string();
        self.complete(&mut patch).await;
        self.client.post_message_patch_v4(&OperationQuery::new(), patch).await
    }
}
