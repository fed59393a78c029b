//! A world in which everything can be refused, and how a stranger's program calls it: JSON, no SDK.

use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use potok_testkit::sdk::proto::events::{DocumentAttachment, Entity, EntityType, Message};
use potok_testkit::{Letter, Org, Person, RawAnswer, RawRequest, World, formal};
use serde_json::{Value, json};

pub(crate) const NOBODY: &str = "11111111-2222-4333-8444-555555555555";
pub(crate) const TITLE_0: &[u8] = include_bytes!("../../../../fns/testdata/utd970_title0.xml");

pub(crate) struct Place {
    pub(crate) world: World,
    pub(crate) a: Org,
    pub(crate) b: Org,
    /// How many letters were posted: the very same one would be answered as the first.
    letters: AtomicU32,
}

/// `content` in place, signed by the server.
pub(crate) fn signed(content: &[u8]) -> Value {
    json!({ "Content": base64(content), "SignWithTestSignature": true })
}

pub(crate) fn base64(content: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(content)
}

/// A file without a format.
pub(crate) fn file(name: &str) -> Value {
    json!({
        "TypeNamedId": "Nonformalized",
        "SignedContent": signed(name.as_bytes()),
        "Metadata": [{ "Key": "FileName", "Value": name }],
        "NeedRecipientSignature": true,
    })
}

/// A transfer document in the file `content`.
pub(crate) fn transfer(content: &[u8]) -> Value {
    json!({ "TypeNamedId": "UniversalTransferDocument", "SignedContent": signed(content) })
}

/// `value` with the fields of `fields` in it.
pub(crate) fn with(mut value: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else { panic!("{fields} has no fields") };
    value.as_object_mut().unwrap().extend(fields);
    value
}

impl Place {
    pub(crate) async fn new() -> Self {
        let world = World::start().await;
        let (a, b) = world.two_sides().await;
        Self { world, a, b, letters: AtomicU32::new(0) }
    }

    pub(crate) async fn end(self) {
        self.world.drain().await;
        self.world.end().await;
    }

    pub(crate) async fn get(&self, who: &Person, path: &str) -> RawAnswer {
        let request = RawRequest::get(path).bearer(&who.access_token).header("Accept", "application/json");
        self.world.raw(request).await
    }

    /// `GET` of a method of the own box.
    pub(crate) async fn in_box(&self, who: &Person, path: &str, query: &str) -> RawAnswer {
        self.get(who, &format!("{path}?boxId={}{query}", who.box_id)).await
    }

    pub(crate) async fn post(&self, who: &Person, path: &str, body: impl Into<Bytes>) -> RawAnswer {
        let request = RawRequest::post(path, body).bearer(&who.access_token);
        let request = request.header("Content-Type", "application/json; charset=utf-8");
        self.world.raw(request.header("Accept", "application/json")).await
    }

    /// What `PostMessage` answers to a letter from A to B with these fields.
    pub(crate) async fn letter(&self, fields: Value) -> RawAnswer {
        let parties =
            json!({ "FromBoxId": self.a.box_id().to_string(), "ToBoxId": self.b.box_id().to_string() });
        self.post(&self.a.boss, "/V3/PostMessage", with(parties, fields).to_string()).await
    }

    /// The same with one document.
    pub(crate) async fn document(&self, document: Value) -> RawAnswer {
        self.letter(json!({ "DocumentAttachments": [document] })).await
    }

    /// What `PostMessagePatch` answers to the lists of `fields`.
    pub(crate) async fn patch(&self, who: &Person, message: &str, fields: Value) -> RawAnswer {
        let target = json!({ "BoxId": who.box_id.to_string(), "MessageId": message });
        self.post(who, "/V3/PostMessagePatch", with(target, fields).to_string()).await
    }

    pub(crate) async fn sign(&self, who: &Person, message: &str, parent: &str) -> RawAnswer {
        let signature = json!({ "ParentEntityId": parent, "SignWithTestSignature": true });
        self.patch(who, message, json!({ "Signatures": [signature] })).await
    }

    fn new_letter(&self) -> Letter {
        let number = self.letters.fetch_add(1, Ordering::Relaxed).to_string();
        Letter::new(self.a.box_id(), self.b.box_id()).comment(&number)
    }

    /// A letter of one document that came: its message, the document, its signature.
    pub(crate) async fn delivered(&self) -> (String, String, String) {
        let letter = self.new_letter().wants_signature();
        let posted = self.a.boss.post(&letter).await.unwrap();
        self.world.drain().await;
        ids(&posted)
    }

    /// The same with a transfer document.
    pub(crate) async fn transferred(&self) -> (String, String, String) {
        let mut letter = self.new_letter();
        let document = std::mem::take(&mut letter.0.document_attachments[0]);
        letter.0.document_attachments[0] = formal(DocumentAttachment {
            type_named_id: "UniversalTransferDocument".to_owned(),
            function: Some("СЧФДОП".to_owned()),
            ..document
        });
        let posted = self.a.boss.post(&letter).await.unwrap();
        self.world.drain().await;
        ids(&posted)
    }

    /// The entity of this attachment type that `who` sees in the message.
    pub(crate) async fn entity(&self, who: &Person, message: &str, kind: &str) -> String {
        let shown = self.in_box(who, "/V6/GetMessage", &format!("&messageId={message}")).await;
        let shown: Value = serde_json::from_slice(&shown.body).unwrap();
        let found =
            shown["Entities"].as_array().unwrap().iter().find(|entity| entity["AttachmentType"] == kind);
        found.unwrap_or_else(|| panic!("{kind} is not in {shown}"))["EntityId"].as_str().unwrap().to_owned()
    }
}

fn ids(posted: &Message) -> (String, String, String) {
    let document = &posted.entities[0].entity_id;
    let is_its_signature = |entity: &&Entity| {
        entity.entity_type() == EntityType::Signature && entity.parent_entity_id.as_ref() == Some(document)
    };
    let signature = posted.entities.iter().find(is_its_signature).unwrap();
    (posted.message_id.clone(), document.clone(), signature.entity_id.clone())
}
