//! Reading facts from the message: which entity plays which part.

use potok_types::{BoxId, EntityId};

use crate::workflow::{self, WorkflowSettings};
use crate::{
    Check, CodeGroup, Document, DocumentRef, EntityState, MessageState, Service, Side, WorkflowId, fixation,
    roaming,
};

use super::approvals::Approvals;
use super::facts::{
    Amendment, Confirmation, Facts, Proxy, Receipt, Response, ResponseKind, Revocation, Signed,
    TemplateStanding,
};
use super::relations::{Relations, Succession, names_as_original};

/// The rules of workflow `id`. A number that is not known yet is treated as the plainest exchange, so that a document
/// posted by a newer server can still be shown.
fn rules(id: WorkflowId) -> &'static WorkflowSettings {
    workflow::settings(id).unwrap_or(&workflow::WORKFLOWS[0])
}

impl<'a> Facts<'a> {
    /// The facts of the root document `id`; `None` when `state` has no such document.
    pub fn read(state: &'a MessageState, id: EntityId, relations: &Relations<'_>) -> Option<Self> {
        let (entity, document) = state.document(id)?;
        let reader = Reader { state };
        let title = reader.title(entity);
        let sent_at = title.sent_at();
        let response = reader.response(&title);
        let receipt = reader.receipt(id);
        let answer = response.map(|response| response.signed.file.entity.id);
        let sender_receipt = answer.and_then(|answer| reader.receipt(answer));
        let amendments = reader.amendments(id);
        let revocation = reader.revocation(id);
        let (is_revised, is_corrected) = reader.successors(id, document, relations);
        Some(Self {
            entity,
            document,
            state: entity.document.as_deref()?,
            workflow: rules(document.workflow),
            side: state.side(),
            viewer: state.box_id,
            message_type: state.message_type,
            sent_at,
            delivered_at: match state.side() {
                Side::Sender if state.proxy.is_some() => entity.document.as_deref()?.passed_on_at,
                Side::Sender => entity.delivered_at,
                Side::Recipient | Side::Proxy => Some(entity.appeared_at),
                Side::Internal => sent_at.filter(|_| title.is_valid()),
            },
            roaming: roaming::newest(state, id),
            fixation_cancellation: fixation::cancellation(state, id).map(|file| reader.signed(file)),
            confirmation: reader.confirmation(id),
            proxy: reader.proxy(&title),
            out_of_workflow: reader.out_of_workflow(
                id,
                &[receipt.map(|receipt| receipt.signed), response.map(|response| response.signed)],
            ),
            response_out_of_workflow: answer.map_or_else(Vec::new, |answer| {
                reader.out_of_workflow(answer, &[sender_receipt.map(|receipt| receipt.signed)])
            }),
            response,
            receipt,
            sender_receipt,
            amendment: Reader::best(&amendments, |amendment| &amendment.signed),
            amendments,
            revocation,
            approvals: Approvals::read(state, id),
            revocation_approvals: reader
                .newest_revocation_request(id)
                .map(|request| Approvals::read(state, request.entity.id)),
            is_revised,
            is_corrected,
            is_deleted: state.document_state(id).is_some_and(|document| document.is_deleted),
            is_recycled: state.is_recycled,
            template: template_standing(state, id),
            title,
        })
    }
}

/// One that is reusable waits for ever; of others one document is made.
fn template_standing(state: &MessageState, document: EntityId) -> Option<TemplateStanding> {
    let template = state.template?;
    let is_made = !template.is_reusable && state.template_transformations(document).next().is_some();
    Some(if is_made || state.template_refusal(document).is_some() {
        TemplateStanding::Settled
    } else if template.from == state.box_id {
        TemplateStanding::Owed
    } else {
        TemplateStanding::Awaited
    })
}

/// The file `id` with its signature, or the bare signature `id`; `None` when the message has no such entity.
pub fn signed(state: &MessageState, id: EntityId) -> Option<Signed<'_>> {
    let reader = Reader { state };
    let found = state.entity(id)?;
    Some(match found.entity.signature() {
        Some(_) => reader.with_signature(found, Some(found)),
        None => reader.signed(found),
    })
}

/// Of several candidates the newest good one counts, else the newest unchecked one, else the newest bad one.
const fn rank(check: Option<Check>) -> u8 {
    match check {
        Some(Check::Valid) => 3,
        Some(Check::Unchecked) => 2,
        Some(Check::Invalid) => 1,
        None => 0,
    }
}

/// A universal message of `group` that means something to the flow.
fn speaks_of(service: &Service, group: CodeGroup) -> bool {
    matches!(service, Service::UniversalMessage(message)
        if message.code_group == Some(group) && !message.is_out_of_workflow)
}

fn is_receipt(service: &Service) -> bool {
    matches!(service, Service::Receipt | Service::InvoiceReceipt) || speaks_of(service, CodeGroup::Receipt)
}

fn is_amendment(service: &Service) -> bool {
    matches!(service, Service::AmendmentRequest) || speaks_of(service, CodeGroup::AmendmentRequest)
}

/// `service` as an answer to what it hangs under, if it is one.
fn answers(service: &Service) -> Option<ResponseKind> {
    match service {
        Service::Title(title) => Some(ResponseKind::Title { with_disagreements: title.with_disagreements }),
        Service::XmlSignatureRejection => Some(ResponseKind::Refusal { is_formal: true }),
        Service::SignatureRequestRejection => Some(ResponseKind::Refusal { is_formal: false }),
        _ if speaks_of(service, CodeGroup::Rejection) => Some(ResponseKind::Refusal { is_formal: true }),
        _ => None,
    }
}

/// Finds the parts that entities play.
struct Reader<'a> {
    state: &'a MessageState,
}

impl<'a> Reader<'a> {
    /// Of `candidates`, oldest first, the one that counts.
    fn best<T: Copy>(candidates: &[T], signed: impl Fn(&T) -> &Signed<'a>) -> Option<T> {
        candidates.iter().max_by_key(|candidate| rank(signed(candidate).check())).copied()
    }

    /// Signatures under `parent` that mean something to the flow, oldest first.
    fn signatures(&self, parent: EntityId) -> impl Iterator<Item = &'a EntityState> + Clone {
        self.state
            .children(parent)
            .filter(|child| child.entity.signature().is_some_and(|signature| !signature.is_approval))
    }

    fn services(&self, parent: EntityId, is: fn(&Service) -> bool) -> impl Iterator<Item = &'a EntityState> {
        self.state.children(parent).filter(move |child| child.entity.service().is_some_and(is))
    }

    fn with_signature(&self, file: &'a EntityState, signature: Option<&'a EntityState>) -> Signed<'a> {
        let carrier = signature.unwrap_or(file);
        Signed {
            file,
            signature,
            time_stamped: signature.and_then(|signature| self.time_stamped(signature)),
            comment: self.services(file.entity.id, |service| matches!(service, Service::Comment)).next(),
            delivered_at: if self.state.is_internal {
                (carrier.check == Check::Valid).then_some(carrier.appeared_at)
            } else {
                carrier.delivered_at
            },
        }
    }

    fn time_stamped(&self, signature: &EntityState) -> Option<&'a EntityState> {
        let copy = self.signatures(signature.entity.id).last()?;
        // Copies of copies end, because every copy is newer than what it copies.
        Some(self.time_stamped(copy).unwrap_or(copy))
    }

    /// A service file with the best signature under it.
    fn signed(&self, file: &'a EntityState) -> Signed<'a> {
        let signature = self.signatures(file.entity.id).max_by_key(|signature| rank(Some(signature.check)));
        self.with_signature(file, signature)
    }

    /// A file with the signature of whoever sends it, which others sign too. Inside one organization all sign as the
    /// same box: the sender's is the first that is not bad, and what follows it is the answer.
    fn sent_by(&self, file: &'a EntityState, sender: BoxId) -> Signed<'a> {
        let id = file.entity.id;
        let signature = if self.state.is_internal {
            let mut signatures = self.signatures(id);
            let newest = signatures.clone().last();
            signatures.find(|signature| signature.check != Check::Invalid).or(newest)
        } else {
            self.state.signature_of(id, sender).map(|(signature, _)| signature)
        };
        self.with_signature(file, signature)
    }

    /// The document with the sender's signature.
    fn title(&self, document: &'a EntityState) -> Signed<'a> {
        self.sent_by(document, self.state.from.box_id)
    }

    /// The recipient's answer to the document.
    fn response(&self, title: &Signed<'a>) -> Option<Response<'a>> {
        self.answer_to(title, self.state.to.box_id)
    }

    /// The intermediate addressee, with its answer to the document.
    fn proxy(&self, title: &Signed<'a>) -> Option<Proxy<'a>> {
        let box_id = self.state.proxy_box()?;
        let response = self.answer_to(title, box_id);
        Some(Proxy { box_id, is_viewer: box_id == self.state.box_id, response })
    }

    /// What the box `author` answers to `asked`, which was sent.
    fn answer_to(&self, asked: &Signed<'a>, author: BoxId) -> Option<Response<'a>> {
        let parent = asked.file.entity.id;
        let sender_signature = asked.signature?.entity.id;
        let after_sender = self
            .state
            .children(parent)
            .skip_while(move |child| child.entity.id != sender_signature)
            .skip(1)
            .map(|child| child.entity.id);
        let candidates: Vec<Response<'a>> = self
            .state
            .children(parent)
            .filter(|child| !self.state.is_internal || after_sender.clone().any(|id| id == child.entity.id))
            .filter_map(|child| self.as_answer(child))
            .filter(|response| response.signed.author() == Some(author))
            .collect();
        Self::best(&candidates, |response| &response.signed)
    }

    /// `child` as an answer to what it hangs under, if it is one.
    fn as_answer(&self, child: &'a EntityState) -> Option<Response<'a>> {
        let (kind, signed) = match (child.entity.signature(), child.entity.service()) {
            (Some(signature), _) if signature.is_approval => return None,
            (Some(_), _) => (ResponseKind::Signature, self.with_signature(child, Some(child))),
            (None, Some(service)) => (answers(service)?, self.signed(child)),
            (None, None) => return None,
        };
        Some(Response { kind, signed, confirmation: self.confirmation(child.entity.id) })
    }

    /// The newest receipt on `parent` whose signature is not bad.
    fn signed_receipt(&self, parent: EntityId) -> Option<Signed<'a>> {
        let receipts: Vec<_> = self
            .services(parent, is_receipt)
            .map(|receipt| self.signed(receipt))
            .filter(|receipt| !receipt.is_invalid())
            .collect();
        // Every signed receipt counts the same, but of universal messages only the first one does.
        let (messages, signed): (Vec<_>, Vec<_>) =
            receipts.into_iter().partition(|receipt| receipt.universal_message().is_some());
        Self::best(&signed, |receipt| receipt).or(messages.first().copied())
    }

    fn receipt(&self, parent: EntityId) -> Option<Receipt<'a>> {
        let signed = self.signed_receipt(parent)?;
        Some(Receipt { signed, confirmation: self.confirmation(signed.file.entity.id) })
    }

    fn confirmation(&self, parent: EntityId) -> Option<Confirmation<'a>> {
        let file = self.services(parent, |service| matches!(service, Service::Confirmation)).last()?;
        Some(Confirmation { signed: self.signed(file), receipt: self.signed_receipt(file.entity.id) })
    }

    /// All requests to amend the document, oldest first.
    fn amendments(&self, document: EntityId) -> Vec<Amendment<'a>> {
        self.services(document, is_amendment)
            .map(|file| Amendment {
                signed: self.signed(file),
                confirmation: self.confirmation(file.entity.id),
                receipt: self.signed_receipt(file.entity.id),
            })
            .filter(|amendment| amendment.signed.check().is_some())
            .collect()
    }

    /// The newest request to revoke the document, sent or not.
    fn newest_revocation_request(&self, document: EntityId) -> Option<&'a EntityState> {
        self.services(document, |service| matches!(service, Service::RevocationRequest { .. })).last()
    }

    /// The request to revoke the document that counts: one that was granted, else the newest. One that is not sent, that
    /// will never arrive or whose signature is bad counts never. Two sides may ask at once, so what is newest is not read from the order in
    /// which the requests appeared in this box.
    fn revocation(&self, document: EntityId) -> Option<Revocation<'a>> {
        let unilateral = self.state.document_state(document).and_then(|document| document.revoked_by);
        let requests = self.state.children(document).filter_map(|file| {
            let Some(Service::RevocationRequest { initiator }) = file.entity.service() else { return None };
            let request = self.sent_by(file, *initiator);
            request.check().filter(|check| *check != Check::Invalid && file.stands())?;
            let from_sender = *initiator == self.state.from.box_id;
            let answering = if from_sender { &self.state.to } else { &self.state.from };
            Some(Revocation {
                request,
                initiator: *initiator,
                roaming: roaming::newest(self.state, file.entity.id),
                is_unilateral: unilateral == Some(file.entity.id),
                answer: self.answer_to(&request, answering.box_id),
            })
        });
        requests.max_by_key(|revocation| {
            let file = &revocation.request.file.entity;
            (revocation.is_granted(), file.created_at, file.id)
        })
    }

    /// Universal messages about `parent` that play no part in the flow, oldest first: those that were meant so, that
    /// only inform, and those whose part is played by one of `players`.
    fn out_of_workflow(&self, parent: EntityId, players: &[Option<Signed<'a>>]) -> Vec<&'a EntityState> {
        let plays = |found: &EntityState| {
            players.iter().flatten().any(|player| player.file.entity.id == found.entity.id)
        };
        self.services(parent, |service| {
            matches!(service, Service::UniversalMessage(_)) && !is_amendment(service)
        })
        .filter(|found| !plays(found))
        .collect()
    }

    /// Is the document revised, is it corrected by another delivered document of the box?
    fn successors(&self, id: EntityId, document: &Document, relations: &Relations<'_>) -> (bool, bool) {
        let here = |entity_id| DocumentRef { message_id: self.state.message_id, entity_id };
        let refers = |entity: &EntityState, other: &Document| {
            other.initial_documents.contains(&here(id))
                || document.subordinate_documents.contains(&here(entity.entity.id))
                || names_as_original(other, document)
        };
        let within = self
            .state
            .documents()
            .filter(|(entity, other)| entity.entity.id != id && refers(entity, other))
            .filter(|(entity, _)| self.has_arrived(entity))
            .map(|(_, other)| other.attachment_type);
        let elsewhere = relations.referrers.iter().filter(|referrer| referrer.delivered_at.is_some());
        let later = within.chain(elsewhere.map(|referrer| referrer.attachment_type));
        later.filter_map(|later| Succession::of(document.attachment_type, later)).fold(
            (false, false),
            |(revised, corrected), succession| match succession {
                Succession::Revises => (true, corrected),
                Succession::Corrects => (revised, true),
            },
        )
    }

    /// The document is where it was sent to.
    fn has_arrived(&self, document: &'a EntityState) -> bool {
        let title = self.title(document);
        title.is_valid() && (self.state.side().is_inbound() || title.delivered_at.is_some())
    }
}
