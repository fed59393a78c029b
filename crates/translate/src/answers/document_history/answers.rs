//! What is said about a document or to it: receipts, refusals, requests to amend and to revoke, universal messages.

use potok_domain::docflow::Signed;
use potok_domain::{EntityState, Service, UniversalMessage};
use potok_types::Ticks;
use potok_wire::proto::docflow::SignedAttachmentV3;
use potok_wire::proto::documents::document_history as wire;
use potok_wire::proto::documents::document_history::document_history_item::EventType;

use super::exchange::Title;
use super::{By, Teller};
use crate::docflow_v4::blocks::{message_info, plain_text};

impl<'a> Teller<'a, '_> {
    pub(super) fn tell_receipt(
        &mut self,
        at: Ticks,
        found: &'a EntityState,
        message: Option<&UniversalMessage>,
    ) {
        let parent = found.entity.parent.and_then(|parent| self.state().entity(parent));
        // Whoever acknowledges a confirmation tells the operator, not the other side.
        if parent.is_some_and(|parent| matches!(parent.entity.service(), Some(Service::Confirmation))) {
            return;
        }
        let Some((signed, by)) = self.file(found) else { return };
        let title = self.title(found);
        let sent = wire::ReceiptSentPayload {
            receipt: self.attachment(&signed),
            title_index: title.map(|title| title.0),
            title_entity_id: title.map(|title| title.1.to_string()),
            universal_message: message.map(message_info),
            receipt_sent_by: Some(self.party(by.box_id)),
        };
        let category = self.category(by);
        self.add(at, category, EventType::ReceiptSent, by, payload!(receipt_sent: sent));
    }

    /// Refuses the document, or a request to revoke it.
    pub(super) fn tell_refusal(
        &mut self,
        at: Ticks,
        found: &'a EntityState,
        message: Option<&UniversalMessage>,
    ) {
        let Some((signed, by)) = self.file(found) else { return };
        let parent = found.entity.parent.and_then(|parent| self.state().entity(parent));
        let of_revocation = parent
            .is_some_and(|parent| matches!(parent.entity.service(), Some(Service::RevocationRequest { .. })));
        let rejection = self.attachment(&signed);
        let (universal_message, plain_text) = (message.map(message_info), plain_text(&signed));
        let rejected_by = Some(self.party(by.box_id));
        let (kind, payload) = if of_revocation {
            let rejected = wire::RevocationRejectedPayload {
                rejection,
                universal_message,
                revocation_rejected_by: rejected_by,
                plain_text,
            };
            (EventType::RevocationRejected, payload!(revocation_rejected: rejected))
        } else {
            let title = self.title(found);
            let rejected = wire::RejectedPayload {
                rejection,
                title_index: title.map(|title| title.0),
                title_entity_id: title.map(|title| title.1.to_string()),
                universal_message,
                rejected_by,
                plain_text,
            };
            (EventType::Rejected, payload!(rejected: rejected))
        };
        let category = self.category(by);
        self.add(at, category, kind, by, payload);
    }

    pub(super) fn tell_amendment_request(
        &mut self,
        at: Ticks,
        found: &'a EntityState,
        message: Option<&UniversalMessage>,
    ) {
        let Some((signed, by)) = self.file(found) else { return };
        let title = self.title(found);
        let requested = wire::AmendmentRequestedPayload {
            amendment_request: self.attachment(&signed),
            universal_message: message.map(message_info),
            amendment_requested_by: Some(self.party(by.box_id)),
            plain_text: plain_text(&signed),
            title_index: title.map(|title| title.0),
            title_entity_id: title.map(|title| title.1.to_string()),
        };
        let category = self.category(by);
        self.add(at, category, EventType::AmendmentRequested, by, payload!(amendment_requested: requested));
    }

    pub(super) fn tell_revocation_request(&mut self, at: Ticks, found: &'a EntityState) {
        let Some(Service::RevocationRequest { initiator }) = found.entity.service() else { return };
        let Some(signed) = self.signed(found) else { return };
        let by = By { box_id: *initiator, user: found.entity.author.filter(|_| found.is_own) };
        let revoked_by =
            self.state().document_state(self.history.document).and_then(|found| found.revoked_by);
        let (revocation_request, plain_text) = (self.attachment(&signed), plain_text(&signed));
        let party = Some(self.party(*initiator));
        let (kind, payload) = if revoked_by == Some(found.entity.id) {
            let revoked = wire::RevokedPayload { revocation_request, revoked_by: party, plain_text };
            (EventType::RevokedUnilaterally, payload!(revoked_unilaterally: revoked))
        } else {
            let requested = wire::RevocationRequestedPayload {
                revocation_request,
                revocation_requested_by: party,
                plain_text,
            };
            (EventType::RevocationRequested, payload!(revocation_requested: requested))
        };
        let category = self.category(by);
        self.add(at, category, kind, by, payload);
    }

    /// One that means nothing to the flow.
    pub(super) fn tell_universal_message(
        &mut self,
        at: Ticks,
        found: &'a EntityState,
        message: &UniversalMessage,
    ) {
        let Some((_, by)) = self.file(found) else { return };
        let title = self.title(found);
        let added = wire::OutOfWorkflowUniversalMessageAddedPayload {
            message_info: Some(message_info(message)),
            title_index: title.map(|title| title.0),
            title_entity_id: title.map(|title| title.1.to_string()),
            message_entity: Some(self.blocks.files.entity(found)),
        };
        let category = self.category(by);
        self.add(
            at,
            category,
            EventType::OutOfWorkflowUniversalMessageAdded,
            by,
            payload!(out_of_workflow_universal_message_added: added),
        );
    }

    /// The sender cancels what the state was told of the goods.
    pub(super) fn tell_fixation_cancellation(&mut self, at: Ticks, found: &'a EntityState) {
        let Some((signed, by)) = self.file(found) else { return };
        let cancelled = wire::TtGisFixationCancellationSignedPayload {
            signature: self.blocks.signature(&signed),
            cancellation_request_entity: Some(self.blocks.files.entity(found)),
        };
        let category = self.category(by);
        let payload = payload!(tt_gis_fixation_cancellation_signed: cancelled);
        self.add(at, category, EventType::TtGisFixationCancellationSigned, by, payload);
    }

    /// A file with whose it is; `None` as long as it is not signed.
    fn file(&self, found: &'a EntityState) -> Option<(Signed<'a>, By)> {
        let signed = self.signed(found)?;
        let user = found.entity.author.filter(|_| found.is_own);
        let unsigned = if found.is_own { self.state().box_id } else { self.state().counteragent().box_id };
        Some((signed, By { box_id: signed.author().unwrap_or(unsigned), user }))
    }

    /// A file that is no universal message: those stand beside.
    fn attachment(&mut self, signed: &Signed<'a>) -> Option<SignedAttachmentV3> {
        let mut shown = self.blocks.classic(signed)?;
        shown.comment = signed.comment.map(|comment| self.comment(comment));
        Some(shown)
    }

    /// The title that the file is about; `None` when it is about something else.
    fn title(&self, found: &EntityState) -> Option<Title> {
        let parent = self.state().entity(found.entity.parent?)?;
        match parent.entity.service() {
            None => parent.entity.document().map(|_| (0, parent.entity.id)),
            Some(Service::Title(title)) => {
                Some((i32::try_from(title.index).unwrap_or(i32::MAX), parent.entity.id))
            }
            Some(_) => None,
        }
    }
}
