//! Stories in words: `post Nonformalized ask; deliver; B signs d1; deliver`.
//!
//! Steps, separated by `;`:
//! - `post TYPE… [ask] [receipt] [comment] [delay] [internal] [send-lock] [full-lock] [wfN] [fnNAME] [badly]`: A posts to B;
//! - `A signs d1 d2`, `A approves d1`, `B receipts d1`, `B refuses d1`, `B refuses-plainly d1`; ` & ` joins several of
//!   them into one patch; `badly` makes its signatures bad;
//! - `B titles d1 [asks-receipt]`, `B amends d1`, `B revokes d1`: what no command makes yet, with the signature of its author;
//! - `deliver`: everything planned arrives or fails; `next day`.

use std::collections::HashMap;
use std::fmt::Write as _;

use potok_types::{BoxId, ContentRef, DepartmentId, EntityId, MessageId};

use super::{Who, World, box_of, bytes, document, letter, patch};
use crate::command::{NewRejection, NewService, NewSignature};
use crate::decide::Rejection;
use crate::{
    AttachmentType, Body, Change, Check, DeliveryReport, Entity, Event, LockMode, Origin, Service, Signature,
    Title,
};

/// A story of one message.
pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) message: Option<MessageId>,
    signatures: usize,
}

impl Story {
    /// Plays `steps`; the last one's refusal, if it was refused. Earlier steps must succeed.
    #[track_caller]
    pub(crate) fn play(steps: &str) -> (Self, Option<Rejection>) {
        let mut story = Self { world: World::new(7), message: None, signatures: 0 };
        let mut refused = None;
        for step in steps.split(';').map(str::trim) {
            assert_eq!(refused, None, "only the last step may be refused, not the one before {step:?}");
            refused = story.step(step).err();
        }
        (story, refused)
    }

    pub(crate) fn message(&self) -> MessageId {
        self.message.expect("the story posts a message first")
    }

    fn step(&mut self, step: &str) -> Result<(), Rejection> {
        let words: Vec<&str> = step.split_whitespace().collect();
        match words.as_slice() {
            ["deliver"] => self.world.deliver_all(),
            ["next", "day"] => self.world.next_day(),
            ["post", words @ ..] => self.post(words)?,
            [who @ ("A" | "B"), verb @ ("titles" | "amends" | "revokes"), target, ..] => {
                let who = if *who == "A" { Who::A } else { Who::B };
                self.add(who, verb, target, words.contains(&"asks-receipt"));
            }
            [who @ ("A" | "B"), ..] => self.patch(if *who == "A" { Who::A } else { Who::B }, &step[1..])?,
            _ => panic!("no such step: {step}"),
        }
        Ok(())
    }

    /// Different bytes each time, so that good and bad ones are told apart.
    fn signature(&mut self, is_bad: bool) -> ContentRef {
        self.signatures += 1;
        let content = bytes(&format!("signature {}", self.signatures));
        if is_bad {
            self.world.bad.insert(content.hash);
        }
        content
    }

    fn post(&mut self, words: &[&str]) -> Result<(), Rejection> {
        let has = |word: &str| words.contains(&word);
        let workflow =
            words.iter().find_map(|word| word.strip_prefix("wf")).map(|number| number.parse().unwrap());
        let function = words.iter().find_map(|word| word.strip_prefix("fn"));
        let types = words.iter().filter(|word| word.starts_with(char::is_uppercase));
        let mut documents = Vec::new();
        for (i, type_named_id) in types.enumerate() {
            let mut posted = document();
            posted.path = format!("MessageToPost.DocumentAttachments[{i}]");
            posted.type_named_id = (*type_named_id).to_owned();
            posted.workflow = workflow;
            posted.function = function.map(str::to_owned);
            posted.need_recipient_signature = has("ask");
            posted.need_receipt = has("receipt");
            posted.comment = has("comment").then(|| bytes("comment"));
            posted.signature = (!has("delay")).then(|| self.signature(has("badly") && i == 0));
            if *type_named_id == "UniversalTransferDocument" {
                posted.metadata.clear();
            }
            documents.push(posted);
        }
        let mut command = letter(documents);
        command.delay_send = has("delay");
        command.is_internal = has("internal");
        if command.is_internal {
            command.to = None;
        }
        command.lock_mode = match (has("send-lock"), has("full-lock")) {
            (true, _) => LockMode::Send,
            (_, true) => LockMode::Full,
            _ => LockMode::None,
        };
        self.message = Some(self.world.post(Who::A, &command)?.message_id);
        Ok(())
    }

    fn patch(&mut self, who: Who, actions: &str) -> Result<(), Rejection> {
        let mut command = patch(who, self.message());
        for action in actions.split('&') {
            let mut words = action.split_whitespace();
            let verb = words.next().expect("a patch says what is done");
            let targets: Vec<&str> = words.collect();
            let is_bad = targets.contains(&"badly");
            for target in targets.into_iter().filter(|word| *word != "badly") {
                let parent = self.find(who, target);
                let signature = self.signature(is_bad);
                let service = |list: &str, i: usize| NewService {
                    path: format!("{list}[{i}]"),
                    parent,
                    content: bytes("file"),
                    signature,
                    file_name: None,
                    labels: Vec::new(),
                };
                match verb {
                    "signs" | "approves" => command.signatures.push(NewSignature {
                        path: format!("Signatures[{}]", command.signatures.len()),
                        parent,
                        signature,
                        is_approval: verb == "approves",
                        labels: Vec::new(),
                    }),
                    "receipts" => command.receipts.push(service("Receipts", command.receipts.len())),
                    "refuses" | "refuses-plainly" => command.rejections.push(NewRejection {
                        service: service("Rejections", command.rejections.len()),
                        is_formal: verb == "refuses",
                    }),
                    _ => panic!("no such verb: {verb}"),
                }
            }
        }
        self.world.patch(who, &command)?;
        Ok(())
    }

    fn add(&mut self, who: Who, verb: &str, target: &str, need_receipt: bool) {
        let parent = self.find(who, target);
        let service = match verb {
            "titles" => Service::Title(Title {
                index: 1,
                attachment_type: AttachmentType::UniversalTransferDocumentBuyerTitle,
                with_disagreements: false,
            }),
            "amends" => Service::AmendmentRequest,
            _ => Service::RevocationRequest { initiator: box_of(who) },
        };
        let signature = Body::Signature(Signature {
            signer_box: box_of(who),
            signer_department: DepartmentId::ZERO,
            is_approval: false,
            check: Check::Unchecked,
            power_of_attorney: None,
        });
        let signed = self.signature(false);
        let (id, signature_id) = (self.world.new_entity_id(), self.world.new_entity_id());
        self.world.add(who, self.message(), |at| {
            let entity = |id, parent, content, body| Entity {
                id,
                parent: Some(parent),
                author: None,
                created_at: at,
                content: Some(content),
                file_name: None,
                content_type_id: String::new(),
                version: None,
                need_receipt,
                is_encrypted: false,
                labels: Vec::new(),
                body,
            };
            vec![
                entity(id, parent, bytes("file"), Body::Service(service)),
                entity(signature_id, id, signed, signature),
            ]
        });
    }

    /// The entity that a story names: `d1`, or as [`Story::names`] shows it.
    fn find(&self, who: Who, name: &str) -> EntityId {
        if name == "nothing" {
            return EntityId::ZERO;
        }
        let names = self.names(who);
        names
            .iter()
            .find(|(_, found)| *found == name)
            .map_or_else(|| panic!("there is no {name}"), |(id, _)| *id)
    }

    /// Readable names of all entities of the box.
    pub(crate) fn names(&self, who: Who) -> HashMap<EntityId, String> {
        let mut names = HashMap::new();
        for position in
            0..self.world.state(Who::A, self.message()).map_or(0, |state| state.documents().count())
        {
            names.insert(self.world.document(self.message(), position), format!("d{}", position + 1));
        }
        for event in self.world.events(who, self.message()) {
            for entity in event.entities() {
                let parent = entity.parent.and_then(|parent| names.get(&parent).cloned()).unwrap_or_default();
                let name = match &entity.body {
                    Body::Document(_) => continue,
                    Body::Signature(signature) => {
                        let verb = if signature.is_approval { "approval" } else { "s" };
                        let by = match signature.signer_box {
                            BoxId::ZERO => "Op",
                            signer if signer == box_of(Who::A) => "A",
                            _ => "B",
                        };
                        format!("{verb}{by}({parent})")
                    }
                    Body::Service(Service::Confirmation) => {
                        let received = entity.content_type_id.starts_with("send_");
                        format!("{}({parent})", if received { "received" } else { "passed-on" })
                    }
                    Body::Service(service) => format!("{}({parent})", short(service)),
                };
                names.insert(entity.id, name);
            }
        }
        names
    }

    /// The feed of one box, a line per event.
    pub(crate) fn feed(&self, who: Who) -> String {
        let names = self.names(who);
        let mut text = String::new();
        for event in self.world.events(who, self.message()) {
            let show = |entity: &Entity| names[&entity.id].clone();
            let entities: Vec<String> = event.entities().iter().map(show).collect();
            writeln!(text, "{}: {}", self.title(event), entities.join(" ")).unwrap();
        }
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    fn title(&self, event: &Event) -> String {
        let Change::Patched(patched) = &event.change else { return "message".to_owned() };
        match (patched.origin, patched.report) {
            (_, Some(DeliveryReport::Delivered { whole_message: true, .. })) => {
                "delivered message".to_owned()
            }
            (_, Some(DeliveryReport::Delivered { .. })) => "delivered patch".to_owned(),
            (_, Some(DeliveryReport::NotDelivered { .. })) => "not delivered".to_owned(),
            (Origin::Own { .. }, None) => "patch".to_owned(),
            (Origin::Received { .. }, None) => "received".to_owned(),
            (Origin::Operator, None) => "operator".to_owned(),
        }
    }

    /// What one box knows of the fate of its entities.
    pub(crate) fn fates(&self, who: Who) -> String {
        let names = self.names(who);
        let state = self.world.state(who, self.message()).expect("the box has the message");
        let show = |found: &crate::EntityState| {
            let mut text = names[&found.entity.id].clone();
            text.push_str(match found.check {
                Check::Valid => "",
                Check::Unchecked => " unchecked",
                Check::Invalid => " bad",
            });
            text.push_str(match (found.delivered_at, found.is_undeliverable) {
                (Some(_), false) => " there",
                (None, true) => " lost",
                (None, false) => "",
                (Some(_), true) => " there and lost",
            });
            text
        };
        state.entities().iter().map(show).collect::<Vec<_>>().join(", ")
    }
}

const fn short(service: &Service) -> &'static str {
    match service {
        Service::Comment => "comment",
        Service::StructuredData => "data",
        Service::Receipt => "receipt",
        Service::InvoiceReceipt => "invoice-receipt",
        Service::SignatureRequestRejection => "plain-refusal",
        Service::XmlSignatureRejection => "refusal",
        Service::Confirmation => "confirmation",
        Service::SignatureVerificationReport => "report",
        Service::DeliveryFailureNotification { .. } => "notice",
        Service::Title(_) => "title",
        Service::AmendmentRequest => "amendment",
        Service::RevocationRequest { .. } => "revocation",
        Service::Resolution(_) => "resolution",
        Service::ResolutionRequest(_) => "request",
        Service::ResolutionRequestDenial { .. } => "denial",
        Service::ResolutionRouteAssignment(_) => "on-route",
        Service::ResolutionRouteRemoval(_) => "off-route",
        Service::Cancellation { .. } => "cancellation",
        Service::TagChange(_) => "tag",
        Service::UniversalMessage(_) => "universal",
        Service::MoveDocument { .. } => "move",
        Service::DeletionRestoration => "restoration",
    }
}
