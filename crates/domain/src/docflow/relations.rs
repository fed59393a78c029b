//! What other documents of the box mean to a document: they revise it, correct it, or just refer to it.

use potok_types::{EntityId, Ticks};

use crate::{AttachmentType, Document, DocumentRef, MessageState};

use super::docflow;

/// What is known about a document outside its own message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relations<'a> {
    /// Documents of other messages of the box that refer to it.
    pub referrers: &'a [Referrer],
}

/// A document of the box that refers to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referrer {
    /// Which document.
    pub document: DocumentRef,
    /// What it is.
    pub attachment_type: AttachmentType,
    /// When it appeared in this box.
    pub appeared_at: Ticks,
    /// When the exchange of it began: it is signed, and has arrived; `None` before.
    pub delivered_at: Option<Ticks>,
}

impl Referrer {
    /// The document `id` of `state` as one that refers to others; `None` when there is no such document.
    pub fn of(state: &MessageState, id: EntityId) -> Option<Self> {
        let flow = docflow(state, id)?;
        Some(Self {
            document: DocumentRef { message_id: state.message_id, entity_id: id },
            attachment_type: flow.facts.document.attachment_type,
            appeared_at: flow.facts.entity.appeared_at,
            delivered_at: flow.facts.delivered_at.filter(|_| flow.done.title),
        })
    }

    /// The same as it was known at `at`; `None` when it was not there yet.
    pub fn at(self, at: Ticks) -> Option<Self> {
        let delivered_at = self.delivered_at.filter(|delivered_at| *delivered_at <= at);
        (self.appeared_at <= at).then_some(Self { delivered_at, ..self })
    }
}

/// What a later document means to the one it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Succession {
    /// It stands in its place.
    Revises,
    /// It changes its sums.
    Corrects,
}

impl Succession {
    /// What a `later` document means to a `document` to which it refers; `None` when it does neither.
    pub(super) const fn of(document: AttachmentType, later: AttachmentType) -> Option<Self> {
        use AttachmentType as Type;
        match (document, later) {
            (Type::Invoice | Type::InvoiceRevision, Type::InvoiceRevision)
            | (Type::InvoiceCorrection | Type::InvoiceCorrectionRevision, Type::InvoiceCorrectionRevision)
            | (
                Type::UniversalTransferDocument | Type::UniversalTransferDocumentRevision,
                Type::UniversalTransferDocumentRevision,
            )
            | (
                Type::UniversalCorrectionDocument | Type::UniversalCorrectionDocumentRevision,
                Type::UniversalCorrectionDocumentRevision,
            ) => Some(Self::Revises),
            (
                Type::Invoice | Type::InvoiceRevision,
                Type::InvoiceCorrection | Type::UniversalCorrectionDocument,
            )
            | (
                Type::UniversalTransferDocument | Type::UniversalTransferDocumentRevision,
                Type::UniversalCorrectionDocument,
            ) => Some(Self::Corrects),
            _ => None,
        }
    }
}

/// `later` names number and date of `document` as those of its original.
pub(super) fn names_as_original(later: &Document, document: &Document) -> bool {
    let same = |original: &str, own: &str| {
        let own = document.metadata(own).map(str::trim).filter(|own| !own.is_empty());
        own.is_some() && later.metadata(original).map(str::trim) == own
    };
    same("OriginalInvoiceNumber", "DocumentNumber") && same("OriginalInvoiceDate", "DocumentDate")
}
