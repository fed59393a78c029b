//! What the sides do to each other: sending, signing, refusing, receipts, amendment, revocation.

use potok_domain::docflow::docflow;
use potok_domain::{AttachmentType, DocumentRef, EntityState, Event, MessageType, Service};
use potok_types::{BoxId, EntityId, Ticks};
use potok_wire::proto::documents::DocumentParticipantV2;
use potok_wire::proto::documents::document_history as wire;
use potok_wire::proto::documents::document_history::DocumentHistoryItemCategory as Category;
use potok_wire::proto::documents::document_history::HistoryGender as Gender;
use potok_wire::proto::documents::document_history::document_history_item::EventType;

use super::{By, Teller};
use crate::document;

/// A title: its number, and itself.
pub(super) type Title = (i32, EntityId);

impl<'a> Teller<'a, '_> {
    /// A document that is not signed yet is going to be sent. In the box that gets it, its arrival is told.
    pub(super) fn tell_document(&mut self, event: &'a Event, found: &'a EntityState) {
        let state = self.state();
        let is_signed = state.children(found.entity.id).any(|child| {
            child.event == event.id
                && child.entity.signature().is_some_and(|signature| !signature.is_approval)
        });
        if !state.side().is_sending() || is_signed || state.message_type == MessageType::Template {
            return;
        }
        let others = [self.participants.proxy.clone(), self.participants.recipient.clone()];
        let planned = wire::WillBeSentToPayload {
            participants: others.into_iter().flatten().collect(),
            comment_entity: self.comment_on(found),
        };
        let by = self.author(found, event);
        self.add(
            event.at,
            Category::Outgoing,
            EventType::WillBeSentTo,
            by,
            payload!(will_be_sent_to: planned),
        );
    }

    /// Sends, answers, agrees to a revocation or approves, by what it signs and whose it is.
    pub(super) fn tell_signature(&mut self, at: Ticks, found: &'a EntityState) {
        let (Some(signature), Some(parent)) = (found.entity.signature(), found.entity.parent) else { return };
        if signature.is_approval {
            if signature.signer_box == self.state().box_id {
                self.tell_approval_signature(at, found);
            }
            return;
        }
        let Some(below) = self.state().entity(parent) else { return };
        let by = By { box_id: signature.signer_box, user: found.entity.author.filter(|_| found.is_own) };
        match below.entity.service() {
            None if below.entity.document().is_some() => match self.sends(found) {
                true => self.tell_sent(at, found, below, by),
                false => self.tell_signed(at, found, (0, parent), false, by),
            },
            Some(Service::Title(title)) => {
                let index = i32::try_from(title.index).unwrap_or(i32::MAX);
                self.tell_signed(at, found, (index, parent), title.with_disagreements, by);
            }
            Some(Service::RevocationRequest { .. }) if !self.asks(found, below) => {
                let signed = self.signed(found);
                let accepted = wire::RevocationAcceptedPayload {
                    acceptance_signature: signed.and_then(|signed| self.blocks.signature(&signed)),
                    revocation_accepted_by: Some(self.party(by.box_id)),
                };
                let category = self.category(by);
                self.add(
                    at,
                    category,
                    EventType::RevocationAccepted,
                    by,
                    payload!(revocation_accepted: accepted),
                );
            }
            // The time-stamped copy of a signature, or the signature of a file that is told itself.
            _ => {}
        }
    }

    /// The signature sends the document. Inside one organization all sign as one box: the first one sends.
    fn sends(&self, found: &EntityState) -> bool {
        let title = &self.blocks.seen.flow.facts.title;
        let sender = self.state().from.box_id;
        match self.state().is_internal {
            true => title.signature.is_some_and(|sending| sending.entity.id == found.entity.id),
            false => found.entity.signature().is_some_and(|signature| signature.signer_box == sender),
        }
    }

    /// The signature belongs to whoever asks for the revocation: it is the first one of the same box.
    fn asks(&self, found: &EntityState, request: &EntityState) -> bool {
        let signatures =
            self.state().children(request.entity.id).filter(|child| child.entity.signature().is_some());
        let mut signatures = signatures.filter(|child| {
            let signer = child.entity.signature().map(|signature| signature.signer_box);
            matches!(request.entity.service(), Some(Service::RevocationRequest { initiator }) if signer == Some(*initiator))
        });
        match self.state().is_internal {
            true => signatures.next().is_some_and(|first| first.entity.id == found.entity.id),
            false => signatures.any(|own| own.entity.id == found.entity.id),
        }
    }

    fn tell_sent(&mut self, at: Ticks, found: &'a EntityState, document: &'a EntityState, by: By) {
        if !self.state().side().is_sending() {
            return;
        }
        let signed = self.signed(found);
        let sent = wire::SentPayload {
            signature: signed.and_then(|signed| self.blocks.signature(&signed)),
            comment_entity: self.comment_on(document),
        };
        let category = self.category(by);
        self.add(at, category, EventType::Sent, by, payload!(sent: sent));
    }

    fn tell_signed(&mut self, at: Ticks, found: &'a EntityState, title: Title, partially: bool, by: By) {
        let signed = self.signed(found);
        let signature = signed.and_then(|signed| self.blocks.signature(&signed));
        let (title_index, title_entity_id) = (Some(title.0), Some(title.1.to_string()));
        let signed_by = Some(self.party(by.box_id));
        let (kind, payload) = if partially {
            let signed = wire::PartiallySignedPayload { signature, title_index, title_entity_id, signed_by };
            (EventType::PartiallySigned, payload!(partially_signed: signed))
        } else {
            let signed = wire::SignedPayload { signature, title_index, title_entity_id, signed_by };
            (EventType::Signed, payload!(signed: signed))
        };
        let category = self.category(by);
        self.add(at, category, kind, by, payload);
    }

    /// Titles arrive: the first one at whoever gets the message, answers at the sender. Inside one organization nothing
    /// has to travel.
    pub(super) fn tell_arrivals(&mut self) {
        let state = self.state();
        let document = self.history.document;
        let Some((found, _)) = state.document(document).filter(|_| !state.is_internal) else { return };
        if !state.side().is_sending() {
            let me = self.party(state.box_id);
            self.tell_arrival(found.appeared_at, Category::Incoming, me, (0, document));
        } else {
            let passed_on = state.document_state(document).and_then(|found| found.passed_on_at);
            let (proxy, recipient) = (self.participants.proxy.clone(), self.participants.recipient().clone());
            let arrivals = match proxy {
                Some(proxy) => [Some(proxy).zip(found.delivered_at), Some(recipient).zip(passed_on)],
                None => [Some(recipient).zip(found.delivered_at), None],
            };
            for (to, at) in arrivals.into_iter().flatten() {
                self.tell_arrival(at, Category::Outgoing, to, (0, document));
            }
        }
        let titles = state.children(document).filter(|child| child.is_own && !child.is_prepared_title());
        for found in titles {
            let Some(Service::Title(title)) = found.entity.service() else { continue };
            let index = i32::try_from(title.index).unwrap_or(i32::MAX);
            let to = self.participants.sender.clone();
            if let Some(at) = self.signed(found).and_then(|signed| signed.delivered_at) {
                self.tell_arrival(at, Category::Outgoing, to, (index, found.entity.id));
            }
        }
    }

    fn tell_arrival(&mut self, at: Ticks, category: Category, to: DocumentParticipantV2, title: Title) {
        let by = By { box_id: to.box_id.parse().unwrap_or(self.state().box_id), user: None };
        let received = wire::ReceivedPayload {
            recipients: vec![to],
            title_index: Some(title.0),
            title_entity_id: Some(title.1.to_string()),
        };
        self.add(at, category, EventType::Received, by, payload!(received: received));
    }

    /// Documents that correct or revise this one, once they are sent.
    pub(super) fn tell_amendments(&mut self) {
        for &(state, id) in self.history.amendments {
            let Some(flow) = docflow(state, id) else { continue };
            let (facts, title) = (&flow.facts, flow.facts.title);
            let (Some(presentation), Some(sent_at)) =
                (presentation(facts.document.attachment_type), facts.sent_at)
            else {
                continue;
            };
            let by = By { box_id: state.from.box_id, user: None };
            self.department = state.department_of(id);
            let amended = wire::AmendmentSentPayload {
                amendment_document_id: Some(document::id(DocumentRef {
                    message_id: state.message_id,
                    entity_id: id,
                })),
                signature: self.blocks.signature(&title),
                document_type_presentation: Some(presentation),
                comment_entity: title.comment.map(|comment| self.comment(comment)),
            };
            let category = self.category(by);
            self.add(sent_at, category, EventType::AmendmentSent, by, payload!(amendment_sent: amended));
        }
    }

    fn comment_on(&mut self, found: &EntityState) -> Option<potok_wire::proto::docflow::Entity> {
        let is_comment = |child: &&EntityState| matches!(child.entity.service(), Some(Service::Comment));
        let comment = self.state().children(found.entity.id).find(is_comment)?;
        Some(self.comment(comment))
    }

    pub(super) fn party(&self, box_id: BoxId) -> DocumentParticipantV2 {
        self.participants.answering(box_id).clone()
    }
}

/// How a later document is called; `None` for what neither corrects nor revises.
fn presentation(kind: AttachmentType) -> Option<wire::DocumentTypePresentation> {
    let (name, accusative, gender) = match kind {
        AttachmentType::InvoiceRevision => {
            ("исправление счета-фактуры", "исправление счета-фактуры", Gender::Neuter)
        }
        AttachmentType::InvoiceCorrection => {
            ("корректировочный счет-фактура", "корректировочный счет-фактуру", Gender::Male)
        }
        AttachmentType::InvoiceCorrectionRevision => (
            "исправление корректировочного счета-фактуры",
            "исправление корректировочного счета-фактуры",
            Gender::Neuter,
        ),
        AttachmentType::UniversalTransferDocumentRevision => {
            ("исправление УПД", "исправление УПД", Gender::Neuter)
        }
        AttachmentType::UniversalCorrectionDocument => ("УКД", "УКД", Gender::Male),
        AttachmentType::UniversalCorrectionDocumentRevision => {
            ("исправление УКД", "исправление УКД", Gender::Neuter)
        }
        _ => return None,
    };
    Some(wire::DocumentTypePresentation {
        name: Some(name.to_owned()),
        name_accusative: Some(accusative.to_owned()),
        gender: Some(gender as i32),
    })
}
