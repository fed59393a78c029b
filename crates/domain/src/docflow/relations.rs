//! What other documents of the box mean to a document: they revise it, correct it, or just refer to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use potok_types::Ticks;

use crate::values::DocumentDate;
use crate::{AttachmentType, Document, DocumentRef, registry};

/// What is known about a document outside its own message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relations<'a> {
    /// Documents of other messages of the box that refer to it.
    pub referrers: &'a [Referrer],
    /// What the reader is not told of; `None` for who sees everything.
    pub hidden: Option<&'a HiddenLinks>,
}

impl Relations<'_> {
    /// Whether the reader is told that `document` is linked to another one.
    pub fn tells(&self, document: &DocumentRef) -> bool {
        self.hidden.is_none_or(|hidden| !hidden.hides(document))
    }
}

/// Documents to which others are linked, and of which a reader must not be told, not even by their ids.
#[derive(Clone, Debug, Default)]
pub struct HiddenLinks(Arc<BTreeSet<DocumentRef>>);

impl HiddenLinks {
    /// Hides these documents.
    pub fn new(documents: BTreeSet<DocumentRef>) -> Self {
        Self(Arc::new(documents))
    }

    /// Whether `document` is one of them.
    pub fn hides(&self, document: &DocumentRef) -> bool {
        self.0.contains(document)
    }

    /// The reader is told everything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A document of the box that refers to another one, or names it by number and date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referrer {
    /// Which document.
    pub document: DocumentRef,
    /// It was linked to the other one; else it only names it as its original.
    pub is_linked: bool,
    /// What it is.
    pub attachment_type: AttachmentType,
    /// When it appeared in this box.
    pub appeared_at: Ticks,
    /// When the exchange of it began: it is signed, and has arrived; `None` before.
    pub delivered_at: Option<Ticks>,
}

impl Referrer {
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

/// A document that another one names by number and date as what it revises or corrects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// `TypeNamedId`s that it may have.
    pub types: Vec<&'static str>,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: DocumentDate,
}

/// There are types that revise or correct those like `document`.
pub fn may_be_succeeded(document: &Document) -> bool {
    let succeeds = |it: &registry::DocumentType| Succession::of(document.attachment_type, it.attachment_type);
    registry::TYPES.iter().any(|it| succeeds(it).is_some())
}

/// Whether `later` names `document` by number and date as what it revises or corrects, when both are between the same boxes.
pub fn is_original_of(document: &Document, later: &Document) -> bool {
    Succession::of(document.attachment_type, later.attachment_type).is_some()
        && names_as_original(later, document)
}

/// What `later` names as its originals; empty for documents that neither revise nor correct.
pub fn originals(later: &Document) -> Vec<Original> {
    let succeeded = registry::TYPES
        .iter()
        .filter(|it| Succession::of(it.attachment_type, later.attachment_type).is_some());
    let types: Vec<&'static str> = succeeded.map(|it| it.type_named_id).collect();
    if types.is_empty() {
        return Vec::new();
    }
    let mut originals: Vec<Original> = Vec::new();
    for (number, date) in named_pairs(later) {
        let Some(date) = DocumentDate::parse(date) else { continue };
        let original = Original { types: types.clone(), number: number.to_owned(), date };
        if !originals.contains(&original) {
            originals.push(original);
        }
    }
    originals
}

/// Number and date under which `later` may mean another document. A revision keeps those of what it revises.
fn named_pairs(later: &Document) -> impl Iterator<Item = (&str, &str)> {
    let is_revision = matches!(
        later.attachment_type,
        AttachmentType::InvoiceRevision
            | AttachmentType::InvoiceCorrectionRevision
            | AttachmentType::UniversalTransferDocumentRevision
            | AttachmentType::UniversalCorrectionDocumentRevision
    );
    let value = |key: &str| later.metadata(key).map(str::trim).filter(|value| !value.is_empty());
    ["OriginalInvoice", "OriginalInvoiceCorrection", "Document"]
        .into_iter()
        .filter(move |named| is_revision || *named == "OriginalInvoice")
        .filter_map(move |named| Some((value(&format!("{named}Number"))?, value(&format!("{named}Date"))?)))
}

/// `later` names number and date of `document` as those of its original.
pub(super) fn names_as_original(later: &Document, document: &Document) -> bool {
    let own = |key: &str| document.metadata(key).map(str::trim);
    named_pairs(later)
        .any(|(number, date)| own("DocumentNumber") == Some(number) && own("DocumentDate") == Some(date))
}
