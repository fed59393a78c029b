//! What may be confirmed to have come, and how often somebody may try to sign.

use std::collections::HashSet;

use potok_types::{EntityId, Ticks, limits};

use super::super::rejection::Unsupported;
use super::super::{Rejection, Step};
use super::answers::{self, is_same_day};
use crate::carriage;
use crate::workflow::{TitleReceiptBehavior, WorkflowSettings};
use crate::{Body, Check, Document, EntityState, MessageState, Service};

/// Checks that `parent` may be receipted now by this box, and says whether the receipt is one of those that the
/// operator confirms.
pub(super) fn receipt(state: &MessageState, path: &str, parent: &EntityState) -> Result<bool, Rejection> {
    let id = parent.entity.id;
    let document = state.root_of(id);
    let bad = |reason| Rejection::BadParent { path: format!("{path}.ParentEntityId"), parent: id, reason };
    let Some((_, posted)) = state.document(document) else {
        return Err(bad("это не документ и не относится к документу"));
    };
    let place = Place { state, parent, document, rules: answers::rules(posted) };
    let (rules, is_mine) = match &parent.entity.body {
        Body::Document(_) => (place.on_document(posted), state.side().is_receiving()),
        Body::Service(Service::Title(_)) => (place.on_title(), state.side().is_sending()),
        Body::Service(Service::AmendmentRequest) => (place.on_amendment(), state.side().is_sending()),
        Body::Service(Service::Confirmation) => (place.on_confirmation(), true),
        _ => return Err(bad("получение подтверждают у документа, титула, запроса или подтверждения")),
    };
    let rules = rules.map_err(|reason| Rejection::NotSupported {
        what: Unsupported::Receipt,
        path: path.to_owned(),
        document,
        reason,
    })?;
    let refuse = |reason| Err(Rejection::state(path, document, Step::Receipt, reason));
    if !is_mine {
        return refuse("извещение подписывает получатель");
    }
    if carriage::is_unsent(state, document) {
        return refuse("он еще не отправлен");
    }
    if answers::is_revoked(state, document) {
        return Err(Rejection::Revoked { path: path.to_owned(), document });
    }
    if is_unsigned(state, parent) {
        return refuse(UNSIGNED);
    }
    if has_receipt(state, id) {
        return Err(Rejection::AlreadyReceipted { path: path.to_owned(), parent: id });
    }
    Ok(rules.receipts_are_invoice_receipts())
}

/// Why nothing is said of a title that [`is_unsigned`].
pub(super) const UNSIGNED: &str = "титул еще не подписан получателем";

/// `parent` is a title that the sender wrote for the recipient, who has not signed it as far as this box knows: nothing has come that
/// could be received. A signature that is bad stays with its author, and then only one side would know what the receipt is for.
pub(super) fn is_unsigned(state: &MessageState, parent: &EntityState) -> bool {
    let mut answers = state.children(parent.entity.id);
    parent.is_prepared_title() && !answers.any(|child| child.is_flow_signature() && child.stands())
}

/// A receipt on `parent` counts already.
pub(super) fn has_receipt(state: &MessageState, parent: EntityId) -> bool {
    state
        .children(parent)
        .any(|child| child.entity.service().is_some_and(Service::is_receipt) && child.stands())
}

/// What is to be receipted, and by which rules.
struct Place<'a> {
    state: &'a MessageState,
    parent: &'a EntityState,
    document: EntityId,
    rules: Option<&'static WorkflowSettings>,
}

impl Place<'_> {
    /// The rules, if `knows` them to have such receipts.
    fn rules(
        &self,
        knows: impl FnOnce(&WorkflowSettings) -> bool,
        reason: &'static str,
    ) -> Result<&'static WorkflowSettings, &'static str> {
        self.rules.filter(|rules| knows(rules)).ok_or(reason)
    }

    fn on_document(&self, _: &Document) -> Result<&'static WorkflowSettings, &'static str> {
        self.rules(WorkflowSettings::may_receipt, "его регламент не предусматривает извещений о получении")
    }

    fn on_title(&self) -> Result<&'static WorkflowSettings, &'static str> {
        let knows = |rules: &WorkflowSettings| {
            rules.recipient.is_some_and(|recipient| recipient.receipt != TitleReceiptBehavior::Never)
        };
        self.rules(knows, "его регламент не предусматривает извещений о получении титула получателя")
    }

    fn on_amendment(&self) -> Result<&'static WorkflowSettings, &'static str> {
        self.rules(
            WorkflowSettings::amendment_needs_receipt,
            "его регламент не предусматривает извещений о получении запроса на уточнение",
        )
    }

    /// Each box sees only those confirmations that are addressed to it. That of a receipt is acknowledged by the
    /// receipt's author.
    fn on_confirmation(&self) -> Result<&'static WorkflowSettings, &'static str> {
        let is_of_document = self.parent.entity.parent == Some(self.document);
        let is_of_receipt = self
            .parent
            .entity
            .parent
            .and_then(|confirmed| self.state.entity(confirmed))
            .is_some_and(|confirmed| confirmed.entity.service().is_some_and(Service::is_receipt));
        let knows = |rules: &WorkflowSettings| {
            is_of_document && rules.confirmation_receipt
                || is_of_receipt && rules.receipt_confirmation_receipt
        };
        self.rules(knows, "его регламент не предусматривает извещений о получении подтверждений оператора")
    }
}

/// Refuses a further signature under `parent`, or under a file of this box there, when too many of today's were bad.
pub(super) fn limit_failures(
    state: &MessageState,
    path: &str,
    parent: EntityId,
    now: Ticks,
) -> Result<(), Rejection> {
    let files: HashSet<EntityId> = state
        .children(parent)
        .filter(|child| matches!(child.entity.body, Body::Service(_)))
        .map(|child| child.entity.id)
        .collect();
    let bad = state.entities().iter().filter(|signature| {
        let is_near = signature.entity.parent.is_some_and(|id| id == parent || files.contains(&id));
        is_near && is_reported_bad(state, signature) && is_same_day(signature.appeared_at, now)
    });
    let attempts = bad.count();
    let allowed = limits::INVALID_SIGNATURES_PER_DAY;
    if attempts < allowed {
        return Ok(());
    }
    Err(Rejection::TooManyFailedSignatures { path: path.to_owned(), entity: parent, attempts, allowed })
}

/// A signature of this box that the operator found bad. Those that only shared its fate have no report.
fn is_reported_bad(state: &MessageState, signature: &EntityState) -> bool {
    signature.check == Check::Invalid
        && signature.entity.signature().is_some_and(|signature| signature.signer_box == state.box_id)
        && state
            .children(signature.entity.id)
            .any(|child| matches!(child.entity.service(), Some(Service::SignatureVerificationReport)))
}
