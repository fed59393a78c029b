//! What the two do.

use potok_domain::approval;
use potok_domain::docflow::docflow;
use potok_domain::*;
use potok_types::*;

use super::{Who, World, box_of, document_id, id};

/// Where an event goes.
enum Goes {
    /// To the other box.
    Out,
    /// Nowhere: it is this organization's own business.
    Nowhere,
    /// Nowhere, but the operator looks at its signatures.
    ToOperator,
}

impl World {
    pub(super) fn act(&mut self, who: Who, action: &[&str]) {
        let document = document_id();
        let (entities, goes) = match action {
            ["sign"] => (vec![self.signature(who, document, false)], Goes::Out),
            // An approval of a document that is not sent lies there until it is.
            ["approve"] => {
                let is_sent = !self.recipient.is_empty() || self.is_in_flight();
                let goes = if is_sent { Goes::Out } else { Goes::Nowhere };
                (vec![self.signature(who, document, true)], goes)
            }
            ["title", words @ ..] => (self.title(who, words), Goes::Out),
            ["refuse"] => (self.service(who, document, Service::XmlSignatureRejection), Goes::Out),
            ["refuse-plainly"] => {
                (self.service(who, document, Service::SignatureRequestRejection), Goes::Out)
            }
            ["receipt"] => (self.receipt(who, document), Goes::Out),
            ["receipt", "on", what] => {
                let parent = self.subject(who, what);
                (self.receipt(who, parent), Goes::Out)
            }
            ["sign+receipt"] => {
                let mut entities = vec![self.signature(who, document, false)];
                entities.extend(self.receipt(who, document));
                (entities, Goes::Out)
            }
            ["amend"] => (self.service(who, document, Service::AmendmentRequest), Goes::Out),
            ["revoke"] => (self.request_to_revoke(who), Goes::Out),
            ["agree"] => {
                let request = self.subject(who, "request");
                (vec![self.signature(who, request, false)], Goes::Out)
            }
            ["disagree"] => {
                let request = self.subject(who, "request");
                (self.service(who, request, Service::XmlSignatureRejection), Goes::Out)
            }
            ["say", code] => (vec![self.message(who, code, document, false)], Goes::Out),
            ["say", code, "aside"] => (vec![self.message(who, code, document, true)], Goes::Out),
            ["say", code, "on", what] => {
                let parent = self.subject(who, what);
                (vec![self.message(who, code, parent, false)], Goes::Out)
            }
            ["tag", key, value] => {
                let tag = Tag { key: (*key).to_owned(), value: (*value).to_owned() };
                (vec![self.unsigned(document, Service::TagChange(TagChange::Set(tag)))], Goes::Out)
            }
            ["untag", key] => {
                let change = TagChange::Remove { key: (*key).to_owned() };
                (vec![self.unsigned(document, Service::TagChange(change))], Goes::Out)
            }
            ["acknowledge"] => {
                let confirmation = self.newest(who, |service| matches!(service, Service::Confirmation));
                (self.receipt(who, confirmation), Goes::ToOperator)
            }
            // The operator's copy of the sender's signature stays where it is made.
            ["stamp"] => return self.stamp(who),
            ["delete"] => return self.change(who, DocumentChange::Deleted),
            ["restore"] => return self.change(who, DocumentChange::Restored),
            ["move"] => return self.change(who, DocumentChange::Moved { to: id("de000000", 1) }),
            _ => (self.approval_act(who, action), Goes::Nowhere),
        };
        self.record(who, entities, &goes);
    }

    fn record(&mut self, who: Who, entities: Vec<Entity>, goes: &Goes) {
        let user = id("0a000000", if who == Who::A { 1 } else { 2 });
        let authored = |entity: Entity| match entity.body {
            Body::Service(_) => Entity { author: Some(user), ..entity },
            _ => entity,
        };
        let entities: Vec<_> = entities.into_iter().map(authored).collect();
        let request = entities.iter().find(|entity| {
            matches!(entity.service(), Some(Service::RevocationRequest { .. }))
                && self.is_internal
                && self.is_unilateral
        });
        let documents: Vec<_> = request.map(|request| self.revoked(request.id)).into_iter().collect();
        let mut event = self.patch(Origin::Own { user: Some(user) }, entities, Vec::new(), None);
        if let Change::Patched(patched) = &mut event.change {
            patched.documents = documents;
        }
        match goes {
            Goes::ToOperator => return self.check(who, event),
            Goes::Out => self.send(who, &event),
            Goes::Nowhere => {}
        }
        self.events_mut(who).push(event);
    }

    fn change(&mut self, who: Who, change: DocumentChange) {
        let mut event = self.patch(Origin::Own { user: None }, Vec::new(), Vec::new(), None);
        if let Change::Patched(patched) = &mut event.change {
            patched.documents.push(DocumentPatch { document: document_id(), change });
        }
        self.events_mut(who).push(event);
    }

    fn stamp(&mut self, who: Who) {
        let state = self.state(who).expect("the message is there");
        let flow = docflow(&state, document_id()).expect("the document is there");
        let original = flow.facts.title.signature.expect("it is signed").entity.id;
        let copy = self.signature_by(box_of(who), original, Check::Valid, false);
        let patch = self.patch(Origin::Operator, vec![copy], Vec::new(), None);
        self.events_mut(who).push(patch);
    }

    /// The newest thing of a kind to which something can be added.
    fn subject(&self, who: Who, what: &str) -> EntityId {
        match what {
            "title" => self.newest(who, |service| matches!(service, Service::Title(_))),
            "amendment" => self.newest(who, |service| matches!(service, Service::AmendmentRequest)),
            "request" => self.newest(who, |service| matches!(service, Service::RevocationRequest { .. })),
            _ => panic!("unknown subject {what:?}"),
        }
    }

    fn title(&mut self, who: Who, words: &[&str]) -> Vec<Entity> {
        let title = Title {
            index: 1,
            attachment_type: AttachmentType::Title,
            with_disagreements: words.contains(&"partly"),
        };
        let mut entities = self.service(who, document_id(), Service::Title(title));
        entities[0].need_receipt = words.contains(&"asks-receipt");
        entities
    }

    fn request_to_revoke(&mut self, who: Who) -> Vec<Entity> {
        let state = self.state(who).expect("the message is there");
        let flow = docflow(&state, document_id()).expect("the document is there");
        self.is_unilateral = who == Who::A && flow.flags.can_be_revoked_by_sender_alone;
        let initiator = box_of(if self.is_internal { Who::A } else { who });
        self.service(who, document_id(), Service::RevocationRequest { initiator })
    }

    fn message(&mut self, who: Who, code: &str, parent: EntityId, is_aside: bool) -> Entity {
        let code: i32 = code.parse().expect("a number");
        let code_group = match code {
            1999 => Some(CodeGroup::Receipt),
            2007 | 2999 => Some(CodeGroup::AmendmentRequest),
            3999 => Some(CodeGroup::Rejection),
            _ => Some(CodeGroup::Information),
        };
        let message = UniversalMessage {
            code_group,
            events: vec![UniversalEvent { code, text: Some(format!("Текст {code}")) }],
            creator_box: box_of(if self.is_internal { Who::A } else { who }),
            creator_department: DepartmentId::ZERO,
            is_out_of_workflow: is_aside,
        };
        self.unsigned(parent, Service::UniversalMessage(Box::new(message)))
    }

    /// What only this organization sees.
    fn approval_act(&mut self, who: Who, action: &[&str]) -> Vec<Entity> {
        let (action, document) = match action {
            [words @ .., "on", what] => (words, self.subject(who, what)),
            words => (words, document_id()),
        };
        let author_name = "Иванов Иван Иванович".to_owned();
        let state = self.state(who).expect("the message is there");
        let open = approval::open_requests(&state, document).last().map(|(found, _)| found.entity.id);
        let request = || self.newest(who, |service| matches!(service, Service::ResolutionRequest(_)));
        let (parent, service) = match action {
            ["ask", kind] => {
                let kind = match *kind {
                    "approval" => RequestKind::Approvement,
                    "signature" => RequestKind::Signature,
                    "approval-signature" => RequestKind::ApprovementSignature,
                    "stage" => RequestKind::Custom,
                    kind => panic!("unknown request {kind:?}"),
                };
                let target =
                    RequestTarget::Department { id: DepartmentId::ZERO, name: "Отдел".to_owned() };
                let request = ResolutionRequest { kind, author_name, target, stage: None };
                (document, Service::ResolutionRequest(Box::new(request)))
            }
            ["resolve", decision] => {
                let decision = if *decision == "yes" { Decision::Approve } else { Decision::Disapprove };
                (document, Service::Resolution(Resolution { decision, author_name, request: open }))
            }
            ["deny"] => (request(), Service::ResolutionRequestDenial { author_name }),
            ["cancel", what] => {
                let parent = match *what {
                    "request" => request(),
                    "denial" => {
                        self.newest(who, |service| matches!(service, Service::ResolutionRequestDenial { .. }))
                    }
                    "resolution" => self.newest(who, |service| matches!(service, Service::Resolution(_))),
                    what => panic!("{what:?} cannot be cancelled"),
                };
                (parent, Service::Cancellation { author_name })
            }
            _ => panic!("unknown action {action:?}"),
        };
        vec![self.unsigned(parent, service)]
    }
}
