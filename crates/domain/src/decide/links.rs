//! Which documents of a new message refer to which documents.

use std::collections::{BTreeSet, HashMap};

use potok_types::{ContentRef, EntityId, MessageId};

use super::Rejection;
use crate::DocumentRef;
use crate::command::{Link, PostMessage};

/// The ids of the new documents and all links between documents, resolved.
pub(super) struct Links {
    message_id: MessageId,
    documents: Vec<Linked>,
    /// Pairs (document, its base) that reach over messages.
    pairs: Vec<(DocumentRef, DocumentRef)>,
}

/// Which end of a link a new document is.
#[derive(Clone, Copy)]
enum End {
    Referrer,
    Base,
}

impl End {
    /// The list of the request that says so.
    const fn field(self) -> &'static str {
        match self {
            Self::Referrer => "InitialDocumentIds",
            Self::Base => "SubordinateDocumentIds",
        }
    }
}

struct Linked {
    id: EntityId,
    initial: Vec<DocumentRef>,
    subordinate: Vec<DocumentRef>,
}

impl Links {
    /// Resolves the links of `command`, whose documents get `ids` in order.
    pub(super) fn read(
        command: &PostMessage<ContentRef>,
        message_id: MessageId,
        ids: Vec<EntityId>,
        existing: &BTreeSet<DocumentRef>,
    ) -> Result<Self, Rejection> {
        let by_custom_id = custom_ids(command);
        let documents = ids.iter().map(|id| Linked { id: *id, initial: Vec::new(), subordinate: Vec::new() });
        let mut links = Self { message_id, documents: documents.collect(), pairs: Vec::new() };
        for (position, document) in command.documents.iter().enumerate() {
            let initial = document.initial_documents.iter().enumerate().map(|item| (End::Referrer, item));
            let subordinate = document.subordinate_documents.iter().enumerate().map(|item| (End::Base, item));
            for (end, (i, link)) in initial.chain(subordinate) {
                match link {
                    // The form has been checked: there is such a document, and it is another one.
                    Link::SameRequest(custom_id) => {
                        if let Some(other) = by_custom_id.get(custom_id.as_str()) {
                            links.link_new(position, end, *other);
                        }
                    }
                    Link::Existing(other) if existing.contains(other) => {
                        links.link_existing(position, end, *other);
                    }
                    Link::Existing(DocumentRef { message_id, entity_id }) => {
                        let reason =
                            format!("there is no document {entity_id} in message {message_id} of this box");
                        let path = format!("{}.{}[{i}]", document.path, end.field());
                        return Err(Rejection::invalid(path, reason));
                    }
                }
            }
        }
        Ok(links)
    }

    fn reference(&self, position: usize) -> DocumentRef {
        DocumentRef { message_id: self.message_id, entity_id: self.documents[position].id }
    }

    /// Both ends are new; each of them knows of the other.
    fn link_new(&mut self, position: usize, end: End, other: usize) {
        let (referrer, base) = match end {
            End::Referrer => (position, other),
            End::Base => (other, position),
        };
        let (referrer_ref, base_ref) = (self.reference(referrer), self.reference(base));
        add(&mut self.documents[referrer].initial, base_ref);
        add(&mut self.documents[base].subordinate, referrer_ref);
    }

    fn link_existing(&mut self, position: usize, end: End, other: DocumentRef) {
        let here = self.reference(position);
        let linked = &mut self.documents[position];
        match end {
            End::Referrer => {
                add(&mut linked.initial, other);
                add(&mut self.pairs, (here, other));
            }
            End::Base => {
                add(&mut linked.subordinate, other);
                add(&mut self.pairs, (other, here));
            }
        }
    }

    pub(super) fn id(&self, position: usize) -> EntityId {
        self.documents[position].id
    }

    pub(super) fn initial(&self, position: usize) -> &[DocumentRef] {
        &self.documents[position].initial
    }

    pub(super) fn subordinate(&self, position: usize) -> &[DocumentRef] {
        &self.documents[position].subordinate
    }

    /// A new document is linked to `document` of another message.
    pub(super) fn reaches(&self, document: DocumentRef) -> bool {
        self.pairs.iter().any(|(referrer, base)| *referrer == document || *base == document)
    }

    pub(super) fn into_pairs(self) -> Vec<(DocumentRef, DocumentRef)> {
        self.pairs
    }
}

/// A link may be named from both ends; it is still one link.
fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// At which position each `CustomDocumentId` stands; they are unique.
fn custom_ids(command: &PostMessage<ContentRef>) -> HashMap<&str, usize> {
    let documents = command.documents.iter().enumerate();
    documents
        .filter_map(|(position, document)| Some((document.custom_document_id.as_deref()?, position)))
        .collect()
}
