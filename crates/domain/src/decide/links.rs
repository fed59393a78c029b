//! Which documents of a new message refer to which documents.

use std::collections::{BTreeSet, HashMap};

use potok_types::{ContentRef, EntityId, MessageId};

use super::Rejection;
use crate::DocumentRef;
use crate::command::{Link, PostMessage};

/// The ids of the new documents and all links between documents, resolved.
pub(super) struct Links {
    documents: Vec<Linked>,
    /// Pairs (document, its base) that reach over messages.
    pairs: Vec<(DocumentRef, DocumentRef)>,
}

struct Linked {
    id: EntityId,
    initial: Vec<DocumentRef>,
    subordinate: Vec<DocumentRef>,
}

impl Links {
    /// Resolves the links of `command`, whose documents get `ids` in order. Also checks that custom ids are unique and
    /// that structured data names one of them.
    pub(super) fn read(
        command: &PostMessage<ContentRef>,
        message_id: MessageId,
        ids: Vec<EntityId>,
        existing: &BTreeSet<DocumentRef>,
    ) -> Result<Self, Rejection> {
        let by_custom_id = custom_ids(command)?;
        for data in &command.structured_data {
            if !by_custom_id.contains_key(data.document.as_str()) {
                let path = format!("{}.ParentCustomDocumentId", data.path);
                return Err(unknown_custom_id(path, &data.document));
            }
        }
        let documents = ids.iter().map(|id| Linked { id: *id, initial: Vec::new(), subordinate: Vec::new() });
        let mut links = Self { documents: documents.collect(), pairs: Vec::new() };
        for (position, document) in command.documents.iter().enumerate() {
            let here = DocumentRef { message_id, entity_id: ids[position] };
            let lists = [
                ("InitialDocumentIds", &document.initial_documents),
                ("SubordinateDocumentIds", &document.subordinate_documents),
            ];
            for (name, list) in lists {
                let is_initial = name == "InitialDocumentIds";
                for (i, link) in list.iter().enumerate() {
                    let path = format!("{}.{name}[{i}]", document.path);
                    match link {
                        Link::SameRequest(custom_id) => {
                            let Some(&other) = by_custom_id.get(custom_id.as_str()) else {
                                return Err(unknown_custom_id(path, custom_id));
                            };
                            if other == position {
                                return Err(Rejection::invalid(path, "a document cannot refer to itself"));
                            }
                            let there = DocumentRef { message_id, entity_id: ids[other] };
                            let (referrer, base) =
                                if is_initial { (position, other) } else { (other, position) };
                            let (referrer_ref, base_ref) =
                                if is_initial { (here, there) } else { (there, here) };
                            add(&mut links.documents[referrer].initial, base_ref);
                            add(&mut links.documents[base].subordinate, referrer_ref);
                        }
                        Link::Existing(other) => {
                            if !existing.contains(other) {
                                let reason = format!(
                                    "there is no document {} in message {} of this box",
                                    other.entity_id, other.message_id
                                );
                                return Err(Rejection::invalid(path, reason));
                            }
                            let linked = &mut links.documents[position];
                            if is_initial {
                                add(&mut linked.initial, *other);
                                add_pair(&mut links.pairs, (here, *other));
                            } else {
                                add(&mut linked.subordinate, *other);
                                add_pair(&mut links.pairs, (*other, here));
                            }
                        }
                    }
                }
            }
        }
        Ok(links)
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

    pub(super) fn into_pairs(self) -> Vec<(DocumentRef, DocumentRef)> {
        self.pairs
    }
}

/// A link may be named from both ends; it is still one link.
fn add(list: &mut Vec<DocumentRef>, document: DocumentRef) {
    if !list.contains(&document) {
        list.push(document);
    }
}

fn add_pair(pairs: &mut Vec<(DocumentRef, DocumentRef)>, pair: (DocumentRef, DocumentRef)) {
    if !pairs.contains(&pair) {
        pairs.push(pair);
    }
}

fn unknown_custom_id(path: String, custom_id: &str) -> Rejection {
    Rejection::invalid(path, format!("no document of this message has the CustomDocumentId '{custom_id}'"))
}

fn custom_ids(command: &PostMessage<ContentRef>) -> Result<HashMap<&str, usize>, Rejection> {
    let mut positions = HashMap::new();
    for (position, document) in command.documents.iter().enumerate() {
        let Some(custom_id) = &document.custom_document_id else { continue };
        if positions.insert(custom_id.as_str(), position).is_some() {
            let path = format!("{}.CustomDocumentId", document.path);
            return Err(Rejection::invalid(path, format!("CustomDocumentId '{custom_id}' is not unique")));
        }
    }
    Ok(positions)
}
