//! What became of the documents of a template.

use potok_types::EntityId;

use super::{EntityState, MessageState, Side};
use crate::{DocumentRef, Service, TemplateRefusal, TemplateTransformation, TransformationChange};

impl MessageState {
    /// The first refusal of the document, by either side. One that this box made counts at once.
    pub fn template_refusal(&self, document: EntityId) -> Option<(&EntityState, &TemplateRefusal)> {
        self.children(document).find_map(|found| match found.entity.service() {
            Some(Service::TemplateRefusal(refusal)) => Some((found, refusal)),
            _ => None,
        })
    }

    /// What this box made of the document, oldest first.
    pub fn template_transformations(
        &self,
        document: EntityId,
    ) -> impl Iterator<Item = (&EntityState, &TemplateTransformation)> {
        self.children(document).filter_map(|found| match found.entity.service() {
            Some(Service::TemplateTransformation(made)) => Some((found, made)),
            _ => None,
        })
    }

    /// The title of the document that was written for the recipient (`PredefinedRecipientTitle`).
    pub fn prepared_title(&self, document: EntityId) -> Option<&EntityState> {
        self.children(document).find(|found| found.is_prepared_title())
    }

    /// What a signature of this box is over that is said to be over `parent`: the recipient of a document with a prepared title
    /// signs the title.
    pub fn to_sign(&self, parent: EntityId) -> EntityId {
        let title = self.prepared_title(parent).filter(|_| self.side() == Side::Recipient);
        title.map_or(parent, |title| title.entity.id)
    }

    /// What became of `transformation`, oldest first.
    pub fn transformation_changes(
        &self,
        transformation: EntityId,
    ) -> impl Iterator<Item = (&EntityState, &TransformationChange)> {
        let changes = self.entities().iter().filter_map(|found| match found.entity.service() {
            Some(Service::TransformationChange(change)) => Some((found, change)),
            _ => None,
        });
        changes.filter(move |(_, change)| change.transformation == transformation)
    }

    /// The record of the transformation by which `made` was made.
    pub fn transformation_into(&self, made: DocumentRef) -> Option<&EntityState> {
        self.entities().iter().find(|found| match found.entity.service() {
            Some(Service::TemplateTransformation(it)) => {
                (it.letter, it.document) == (made.message_id, made.entity_id)
            }
            _ => false,
        })
    }

    /// The document of this template of which `made` was made.
    pub fn template_of(&self, made: DocumentRef) -> Option<EntityId> {
        self.transformation_into(made)?.entity.parent
    }
}
