//! Every action of a patch over HTTP: what both sides see after each step in three versions of the docflow, and what is
//! refused. The words are kept in `testdata/actions.txt`; `POTOK_BLESS=1` takes what is now.

use std::fmt::Write as _;

use bytes::Bytes;
use potok_testkit::sdk::Client;
use potok_testkit::sdk::api::methods::{GetMessageQuery, OperationQuery};
use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::events::{
    CorrectionRequestAttachment, CustomDataPatch, DocumentAttachment, DocumentSignature,
    EditDocumentPacketCommand, Entity, MessagePatchToPostV2, ReceiptAttachment, ResolutionAttachment,
    ResolutionRequestAttachment, ResolutionRequestCancellationAttachment, ResolutionRequestDenialAttachment,
    ResolutionRequestDenialCancellationAttachment, RevocationRequestAttachment, SignedContent,
    UniversalMessageAttachment, UnsignedContent, XmlSignatureRejectionAttachment,
};
use potok_testkit::{Letter, Org, PAPER, Person, World, formal, test_signed};
use potok_types::MessageId;
use serde_json::{Value, json};

use crate::docflows::ok;

pub(crate) type Patch = MessagePatchToPostV2;

/// A letter on which things happen.
pub(crate) struct Scene<'w> {
    world: &'w World,
    a: &'w Org,
    b: &'w Org,
    is_json: bool,
    message: String,
    pub(crate) document: String,
    /// What was made, by the names of the steps.
    made: Vec<(String, String)>,
    pub(crate) told: String,
}

fn file() -> SignedContent {
    test_signed(PAPER)
}

pub(crate) fn signature(parent: &str) -> Vec<DocumentSignature> {
    vec![DocumentSignature {
        parent_entity_id: parent.to_owned(),
        sign_with_test_signature: Some(true),
        ..DocumentSignature::default()
    }]
}

pub(crate) fn rejection(parent: &str) -> Vec<XmlSignatureRejectionAttachment> {
    vec![XmlSignatureRejectionAttachment {
        parent_entity_id: parent.to_owned(),
        signed_content: file(),
        labels: Vec::new(),
    }]
}

pub(crate) fn receipt(parent: &str) -> Vec<ReceiptAttachment> {
    vec![ReceiptAttachment {
        parent_entity_id: parent.to_owned(),
        signed_content: file(),
        labels: Vec::new(),
    }]
}

pub(crate) fn revocation(parent: &str) -> Vec<RevocationRequestAttachment> {
    vec![RevocationRequestAttachment {
        parent_entity_id: parent.to_owned(),
        signed_content: file(),
        labels: Vec::new(),
    }]
}

pub(crate) fn amendment(parent: &str) -> Vec<CorrectionRequestAttachment> {
    vec![CorrectionRequestAttachment {
        parent_entity_id: parent.to_owned(),
        signed_content: file(),
        labels: Vec::new(),
    }]
}

pub(crate) fn universal(parent: &str, code_group: i32) -> Vec<UniversalMessageAttachment> {
    vec![UniversalMessageAttachment {
        parent_entity_id: parent.to_owned(),
        code_group: Some(code_group),
        universal_message_content: UnsignedContent {
            content: Some(Bytes::from_static(b"<a/>")),
            ..UnsignedContent::default()
        },
        ..UniversalMessageAttachment::default()
    }]
}

pub(crate) fn tag(parent: &str, operation: i32, value: Option<&str>) -> Vec<CustomDataPatch> {
    vec![CustomDataPatch {
        parent_entity_id: parent.to_owned(),
        operation,
        key: "проект".to_owned(),
        value: value.map(str::to_owned),
    }]
}

pub(crate) fn resolution(document: &str, resolution_type: i32) -> Vec<ResolutionAttachment> {
    vec![ResolutionAttachment {
        initial_document_id: document.to_owned(),
        resolution_type,
        ..ResolutionAttachment::default()
    }]
}

pub(crate) fn request(document: &str, kind: i32, of: &Person) -> Vec<ResolutionRequestAttachment> {
    vec![ResolutionRequestAttachment {
        initial_document_id: document.to_owned(),
        r#type: kind,
        target_user_id: Some(of.user_id.to_string()),
        ..ResolutionRequestAttachment::default()
    }]
}

pub(crate) fn cancellation(request: &str) -> Vec<ResolutionRequestCancellationAttachment> {
    vec![ResolutionRequestCancellationAttachment {
        initial_resolution_request_id: request.to_owned(),
        ..ResolutionRequestCancellationAttachment::default()
    }]
}

pub(crate) fn denial(request: &str) -> Vec<ResolutionRequestDenialAttachment> {
    vec![ResolutionRequestDenialAttachment {
        initial_resolution_request_id: request.to_owned(),
        ..ResolutionRequestDenialAttachment::default()
    }]
}

impl<'w> Scene<'w> {
    pub(crate) async fn open(
        world: &'w World,
        sides: (&'w Org, &'w Org),
        is_json: bool,
        name: &str,
        letter: Letter,
    ) -> Self {
        let (a, b) = sides;
        // The same body twice would be one letter.
        let letter = letter.comment(&format!("{name} {is_json}"));
        let posted = a.boss.post(&letter).await.unwrap();
        world.drain().await;
        Self {
            world,
            a,
            b,
            is_json,
            message: posted.message_id,
            document: posted.entities[0].entity_id.clone(),
            made: Vec::new(),
            told: format!("## {name}\n"),
        }
    }

    /// The same of a letter that a program left which knew other workflows.
    pub(crate) async fn left_behind(
        world: &'w World,
        sides: (&'w Org, &'w Org),
        is_json: bool,
        name: &str,
        (letter, workflow): (Letter, i32),
    ) -> Self {
        let scene = Self::open(world, sides, is_json, name, letter).await;
        let posted = scene.message.parse::<MessageId>().unwrap();
        let left = world.left_behind(sides.0.box_id(), posted, workflow).await;
        world.drain().await;
        Self { message: left.to_string(), ..scene }
    }

    fn client<'p>(&self, who: &'p Person) -> &'p Client {
        if self.is_json { &who.json } else { &who.client }
    }

    /// The entity that a step has made.
    pub(crate) fn made(&self, step: &str) -> String {
        let found = self.made.iter().find(|(name, _)| name == step);
        found.unwrap_or_else(|| panic!("no step {step} in {}", self.told)).1.clone()
    }

    /// The text with names in place of ids.
    fn named(&self, text: &str) -> String {
        let known = [(&"M".to_owned(), &self.message), (&"D".to_owned(), &self.document)];
        let made = self.made.iter().map(|(name, id)| (name, id));
        known
            .into_iter()
            .chain(made)
            .fold(text.to_owned(), |text, (name, id)| text.replace(id.as_str(), &format!("‹{name}›")))
    }

    /// Does something, and tells what came of it and what both sides see then.
    pub(crate) async fn step(&mut self, who: &Person, name: &str, patch: Patch) {
        let side = if who.box_id == self.a.box_id() { "sender" } else { "recipient" };
        let mut patch = Patch { box_id: who.box_id.to_string(), message_id: self.message.clone(), ..patch };
        who.complete(&mut patch).await;
        // Without an id of its own, the same body would be the same call.
        let query = OperationQuery { operation_id: Some(format!("{name} {side} {}", self.message)) };
        let done = self.client(who).post_message_patch_v4(&query, patch).await;
        match done {
            Ok(done) => {
                let kinds: Vec<String> = done.entities.iter().map(kind).collect();
                if let Some(first) = done.entities.first() {
                    self.made.push((name.to_owned(), first.entity_id.clone()));
                }
                writeln!(self.told, "{side}: {name}: [{}]", kinds.join(", ")).unwrap();
                self.world.drain().await;
                self.look().await;
            }
            Err(error) => {
                let refused = error.refusal().unwrap_or_else(|| panic!("{name}: {error}"));
                let text = self.named(&refused.text);
                let code = refused.code.as_deref().unwrap_or_default();
                writeln!(self.told, "{side}: {name}: refused {} {code}\n    {text}", refused.status).unwrap();
            }
        }
    }

    async fn look(&mut self) {
        for (side, who) in [("sender", &self.a.boss), ("recipient", &self.b.boss)] {
            let document = json!({"MessageId": self.message, "EntityId": self.document});
            let body = json!({ "Requests": [{ "DocumentId": document }] });
            let (mut seen, mut finished) = (Vec::new(), Vec::new());
            for version in [2, 3, 5] {
                let answer = ok(self.world, who, &format!("/V{version}/GetDocflows"), &body).await;
                let flow = &answer["Documents"][0]["Docflow"];
                let word = |which: &str| text_in(&flow["DocflowStatus"][which]["StatusText"]);
                seen.push(format!("{} / {}", word("PrimaryStatus"), word("SecondaryStatus")));
                // The latest version has no such field.
                finished.extend(flow["IsFinished"].as_bool());
            }
            seen.dedup();
            finished.dedup();
            assert_eq!((seen.len(), finished.len()), (1, 1), "the versions agree: {seen:?} {finished:?}");
            seen.extend(finished[0].then(|| "finished".to_owned()));
            writeln!(self.told, "    {side} sees {}", seen.join(", ")).unwrap();
        }
    }
}

fn kind(entity: &Entity) -> String {
    if entity.entity_type() as i32 == 2 {
        "Signature".to_owned()
    } else {
        format!("{:?}", entity.attachment_type())
    }
}

fn text_in(value: &Value) -> &str {
    value.as_str().unwrap_or("–")
}

/// Everything, in one format.
async fn story(is_json: bool) -> String {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sides = (&a, &b);
    let plain = || Letter::new(a.box_id(), b.box_id()).wants_signature();
    let (sender, recipient) = (&a.boss, &b.boss);
    let mut told = String::new();

    let mut scene = Scene::open(&world, sides, is_json, "approval", plain()).await;
    let d = scene.document.clone();
    scene
        .step(
            recipient,
            "request",
            Patch { resolution_requests: request(&d, 0, recipient), ..Patch::default() },
        )
        .await;
    let made = scene.made("request");
    scene
        .step(
            recipient,
            "denial of an approval request",
            Patch { resolution_request_denials: denial(&made), ..Patch::default() },
        )
        .await;
    scene
        .step(
            recipient,
            "cancellation",
            Patch { resolution_request_cancellations: cancellation(&made), ..Patch::default() },
        )
        .await;
    scene
        .step(
            recipient,
            "cancellation again",
            Patch { resolution_request_cancellations: cancellation(&made), ..Patch::default() },
        )
        .await;
    scene.step(recipient, "approval", Patch { resolutions: resolution(&d, 1), ..Patch::default() }).await;
    scene.step(recipient, "disapproval", Patch { resolutions: resolution(&d, 2), ..Patch::default() }).await;
    scene.step(recipient, "withdrawal", Patch { resolutions: resolution(&d, 0), ..Patch::default() }).await;
    scene
        .step(recipient, "withdrawal again", Patch { resolutions: resolution(&d, 0), ..Patch::default() })
        .await;
    scene
        .step(recipient, "one withdrawal more", Patch { resolutions: resolution(&d, 0), ..Patch::default() })
        .await;
    told += &scene.told;

    let mut scene = Scene::open(&world, sides, is_json, "signature request", plain()).await;
    let d = scene.document.clone();
    scene
        .step(
            sender,
            "request of the sender",
            Patch { resolution_requests: request(&d, 1, sender), ..Patch::default() },
        )
        .await;
    scene
        .step(
            recipient,
            "request",
            Patch { resolution_requests: request(&d, 1, recipient), ..Patch::default() },
        )
        .await;
    scene
        .step(
            recipient,
            "request again",
            Patch { resolution_requests: request(&d, 1, recipient), ..Patch::default() },
        )
        .await;
    let made = scene.made("request");
    scene
        .step(recipient, "denial", Patch { resolution_request_denials: denial(&made), ..Patch::default() })
        .await;
    scene
        .step(
            recipient,
            "denial again",
            Patch { resolution_request_denials: denial(&made), ..Patch::default() },
        )
        .await;
    let denied = || {
        vec![ResolutionRequestDenialCancellationAttachment {
            initial_resolution_request_denial_id: scene.made("denial"),
        }]
    };
    let (first, second) = (denied(), denied());
    scene
        .step(
            recipient,
            "denial taken back",
            Patch { resolution_request_denial_cancellations: first, ..Patch::default() },
        )
        .await;
    scene
        .step(
            recipient,
            "denial taken back again",
            Patch { resolution_request_denial_cancellations: second, ..Patch::default() },
        )
        .await;
    scene.step(recipient, "signature", Patch { signatures: signature(&d), ..Patch::default() }).await;
    scene.step(recipient, "signature again", Patch { signatures: signature(&d), ..Patch::default() }).await;
    scene
        .step(
            recipient,
            "refusal of what is signed",
            Patch { xml_signature_rejections: rejection(&d), ..Patch::default() },
        )
        .await;
    told += &scene.told;

    let mut scene = Scene::open(&world, sides, is_json, "revocation with consent", plain()).await;
    let d = scene.document.clone();
    scene.step(recipient, "signature", Patch { signatures: signature(&d), ..Patch::default() }).await;
    scene.step(sender, "revocation", Patch { revocation_requests: revocation(&d), ..Patch::default() }).await;
    scene
        .step(
            recipient,
            "revocation of the other side",
            Patch { revocation_requests: revocation(&d), ..Patch::default() },
        )
        .await;
    scene
        .step(
            recipient,
            "signature of the document instead",
            Patch { signatures: signature(&d), ..Patch::default() },
        )
        .await;
    let made = scene.made("revocation");
    scene
        .step(
            sender,
            "consent of the asking side",
            Patch { signatures: signature(&made), ..Patch::default() },
        )
        .await;
    scene.step(recipient, "consent", Patch { signatures: signature(&made), ..Patch::default() }).await;
    scene
        .step(
            recipient,
            "refusal after consent",
            Patch { xml_signature_rejections: rejection(&made), ..Patch::default() },
        )
        .await;
    scene
        .step(
            sender,
            "revocation of what is revoked",
            Patch { revocation_requests: revocation(&d), ..Patch::default() },
        )
        .await;
    told += &scene.told;

    let mut scene = Scene::open(&world, sides, is_json, "revocation without consent", plain()).await;
    let d = scene.document.clone();
    scene
        .step(
            recipient,
            "revocation too early",
            Patch { revocation_requests: revocation(&d), ..Patch::default() },
        )
        .await;
    scene.step(recipient, "signature", Patch { signatures: signature(&d), ..Patch::default() }).await;
    scene
        .step(recipient, "revocation", Patch { revocation_requests: revocation(&d), ..Patch::default() })
        .await;
    let made = scene.made("revocation");
    scene
        .step(sender, "refusal", Patch { xml_signature_rejections: rejection(&made), ..Patch::default() })
        .await;
    scene
        .step(
            sender,
            "refusal again",
            Patch { xml_signature_rejections: rejection(&made), ..Patch::default() },
        )
        .await;
    told += &scene.told;

    let mut scene = Scene::open(&world, sides, is_json, "tags", plain()).await;
    let d = scene.document.clone();
    scene
        .step(sender, "tag", Patch { custom_data_patches: tag(&d, 0, Some("север")), ..Patch::default() })
        .await;
    scene
        .step(
            recipient,
            "tag of the other side",
            Patch { custom_data_patches: tag(&d, 0, Some("юг")), ..Patch::default() },
        )
        .await;
    scene
        .step(sender, "tag removed", Patch { custom_data_patches: tag(&d, 1, None), ..Patch::default() })
        .await;
    told += &scene.told;

    for (name, is_locked) in [("open packet", false), ("locked packet", true)] {
        let mut letter = plain();
        letter.0.lock_packet = Some(is_locked);
        let other = a.boss.post(&Letter::new(a.box_id(), b.box_id()).comment(name)).await.unwrap();
        world.drain().await;
        let mut scene = Scene::open(&world, sides, is_json, name, letter).await;
        let command = |add: bool| {
            let other = DocumentId {
                message_id: other.message_id.clone(),
                entity_id: other.entities[0].entity_id.clone(),
            };
            let (added, removed) = if add { (vec![other], Vec::new()) } else { (Vec::new(), vec![other]) };
            vec![EditDocumentPacketCommand {
                document_id: scene.document.clone(),
                add_documents_to_packet: added,
                remove_documents_from_packet: removed,
            }]
        };
        let (add, remove) = (command(true), command(false));
        scene.step(sender, "joining", Patch { edit_document_packet_commands: add, ..Patch::default() }).await;
        scene
            .step(sender, "leaving", Patch { edit_document_packet_commands: remove, ..Patch::default() })
            .await;
        told += &scene.told;
    }

    let mut scene = Scene::open(&world, sides, is_json, "amendment of a plain document", plain()).await;
    let d = scene.document.clone();
    scene
        .step(recipient, "amendment", Patch { correction_requests: amendment(&d), ..Patch::default() })
        .await;
    scene
        .step(recipient, "receipt that nobody wants", Patch { receipts: receipt(&d), ..Patch::default() })
        .await;
    told += &scene.told;

    let invoice = || {
        let mut letter = Letter::new(a.box_id(), b.box_id());
        letter.0.document_attachments[0] = formal(DocumentAttachment {
            type_named_id: "Invoice".to_owned(),
            function: Some("default".to_owned()),
            ..Letter::document("invoice.xml", PAPER)
        });
        letter
    };
    let mut scene = Scene::open(&world, sides, is_json, "receipts and confirmations", invoice()).await;
    let d = scene.document.clone();
    scene.step(recipient, "receipt", Patch { receipts: receipt(&d), ..Patch::default() }).await;
    scene.step(recipient, "receipt again", Patch { receipts: receipt(&d), ..Patch::default() }).await;
    for (who, name) in [
        (sender, "receipt of the confirmation by the sender"),
        (recipient, "receipt of the confirmation by the recipient"),
    ] {
        let query = GetMessageQuery::new(who.box_id, scene.message.parse::<MessageId>().unwrap());
        let message = scene.client(who).get_message_v6(&query).await.unwrap();
        let confirmation = message.entities.iter().find(|entity| kind(entity) == "InvoiceConfirmation");
        let confirmation = confirmation.unwrap().entity_id.clone();
        scene.made.push(("confirmation".to_owned(), confirmation.clone()));
        scene.step(who, name, Patch { receipts: receipt(&confirmation), ..Patch::default() }).await;
    }
    scene
        .step(recipient, "amendment", Patch { correction_requests: amendment(&d), ..Patch::default() })
        .await;
    scene
        .step(
            sender,
            "amendment of the sender",
            Patch { correction_requests: amendment(&d), ..Patch::default() },
        )
        .await;
    told += &scene.told;

    let mut scene = Scene::open(&world, sides, is_json, "universal messages", plain()).await;
    let d = scene.document.clone();
    scene
        .step(recipient, "information", Patch { universal_messages: universal(&d, 4), ..Patch::default() })
        .await;
    scene
        .step(
            sender,
            "information of the sender",
            Patch { universal_messages: universal(&d, 4), ..Patch::default() },
        )
        .await;
    scene
        .step(recipient, "refusal", Patch { universal_messages: universal(&d, 3), ..Patch::default() })
        .await;
    scene
        .step(
            recipient,
            "signature of what is refused",
            Patch { signatures: signature(&d), ..Patch::default() },
        )
        .await;
    let made = scene.made("information");
    scene
        .step(
            recipient,
            "message under a message",
            Patch { universal_messages: universal(&made, 4), ..Patch::default() },
        )
        .await;
    told += &scene.told;

    world.end().await;
    told
}

#[tokio::test]
async fn every_action_is_taken_shown_and_refused_alike_in_both_formats() {
    let told = story(false).await;
    assert_eq!(told, story(true).await);
    let told: String = told.lines().map(|line| potok_golden::wrapped(line, 0)).collect();
    potok_golden::check(potok_golden::path!("testdata/actions.txt"), told);
}
