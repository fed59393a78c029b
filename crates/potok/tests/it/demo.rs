//! Two organizations that the demonstration made, at the real binary.

use std::path::Path;
use std::process::Command;

use potok_sdk::api::methods::{EntityQuery, GetMessageQuery};
use potok_sdk::proto::events::{BoxEvent, DocumentAttachment, MessageToPost, MetadataItem, SignedContent};
use potok_sdk::{Auth, Client, Position, RetryPolicy};
use potok_types::{BoxId, EntityId, MessageId};
use serde_json::Value;

use crate::process::{Served, potok};

/// One of the organizations, as somebody who sees all of its documents.
pub(crate) struct Side {
    pub(crate) box_id: BoxId,
    pub(crate) login: String,
    refresh_token: String,
}

/// What the demonstration left.
pub(crate) struct Demo {
    pub(crate) client_id: String,
    client_secret: String,
    pub(crate) sides: [Side; 2],
}

/// Reads the document of a letter in a box, which has to have these bytes.
pub(crate) async fn check_letter(client: &Client, box_id: BoxId, id: MessageId, text: &str) {
    let message = client.get_message_v6(&GetMessageQuery::new(box_id, id)).await.unwrap();
    let document: EntityId = message.entities[0].entity_id.parse().unwrap();
    let bytes = client.get_entity_content_v4(&EntityQuery::new(box_id, id, document)).await.unwrap();
    assert!(bytes.0 == text.as_bytes(), "the bytes of {id} in {box_id} are whole");
}

/// Two organizations, made by the demonstration.
pub(crate) fn organizations(data: &Path) -> Demo {
    organizations_by(&mut potok(data), data)
}

/// The same by `command`, whose folder is `data`.
pub(crate) fn organizations_by(command: &mut Command, data: &Path) -> Demo {
    let done = command.args(["demo", "--once", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let demo: Value = serde_json::from_slice(&std::fs::read(data.join("demo.json")).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let side = |n: usize| Side {
        box_id: text(&demo["users"][n]["box_id"]).parse().unwrap(),
        login: text(&demo["users"][n]["login"]),
        refresh_token: text(&demo["users"][n]["refresh_token"]),
    };
    Demo {
        client_id: text(&demo["api_client_id"]),
        client_secret: text(&demo["client_secret"]),
        // Users 0 and 2 see all documents of their organizations.
        sides: [side(0), side(2)],
    }
}

impl Demo {
    pub(crate) fn client(&self, server: &Served, side: usize) -> Client {
        Client::builder(server.address(), self.client_id.clone())
            .auth(Auth::refresh_token(self.client_secret.clone(), self.sides[side].refresh_token.clone()))
            .retry(RetryPolicy::NEVER)
            .build()
            .unwrap()
    }

    /// A signed letter of the first to the second.
    pub(crate) fn letter(&self, text: &str) -> MessageToPost {
        MessageToPost {
            from_box_id: self.sides[0].box_id.to_string(),
            to_box_id: Some(self.sides[1].box_id.to_string()),
            document_attachments: vec![DocumentAttachment {
                signed_content: SignedContent {
                    content: Some(text.to_owned().into()),
                    sign_with_test_signature: Some(true),
                    ..SignedContent::default()
                },
                type_named_id: "Nonformalized".to_owned(),
                metadata: vec![MetadataItem { key: "FileName".to_owned(), value: "x.txt".to_owned() }],
                ..DocumentAttachment::default()
            }],
            ..MessageToPost::default()
        }
    }
}

/// Every event of the box.
pub(crate) async fn feed(client: &Client, box_id: BoxId) -> Vec<BoxEvent> {
    let mut events = client.events(box_id, Position::Start);
    let mut all = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        all.push(event);
    }
    all
}
