//! `GetDocument`, `GetDocuments`, `GetDocumentsByMessageId`, `GetDocumentsByCustomId`.

use std::collections::BTreeSet;

use potok_domain::DocumentRef;
use potok_domain::access::{self, Scope};
use potok_domain::query::{DepartmentChoice, DocumentPlace, DocumentsRequest};
use potok_store::DocumentQuery;
use potok_types::access::{FilteredDocuments, NamedDocuments};
use potok_types::{DepartmentId, EntityId, MessageId, limits};

use super::found_documents::pair_in_order;
use crate::{Actor, FoundDocument, Missing, Permit, Reading, ReadingError};

/// A page of documents.
#[derive(Clone, Debug)]
pub struct DocumentsAnswer {
    /// The documents with their places.
    pub documents: Vec<(FoundDocument, DocumentPlace)>,
    /// All documents that match, up to 1000.
    pub total: u64,
    /// There are more than that.
    pub has_more: bool,
}

impl Reading {
    /// One document.
    ///
    /// # Errors
    /// `Missing::Document`, also for what is no root document; `CoreError::Denied`.
    pub async fn get_document(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: EntityId,
    ) -> Result<FoundDocument, ReadingError> {
        let box_id = actor.box_id();
        let state = self.core.find_state(box_id, message).await?;
        let state = state.filter(|state| state.document(document).is_some());
        let state = state.ok_or(Missing::Document { message, document })?;
        access::check_documents(&actor.scope, &state, [document])?;
        let wanted = DocumentRef { message_id: message, entity_id: document };
        let mut found = self.with_referrers(actor, vec![(wanted, state, None)]).await?;
        Ok(found.pop().ok_or(Missing::Document { message, document })?)
    }

    /// The documents of a message that the actor may see, in the order of the post.
    ///
    /// # Errors
    /// `Missing::Message`.
    pub async fn documents_by_message(
        &self,
        actor: &Permit<FilteredDocuments>,
        message: MessageId,
    ) -> Result<Vec<FoundDocument>, ReadingError> {
        let state = self.core.state(actor.box_id(), message).await?;
        let documents: Vec<DocumentRef> = state
            .documents()
            .filter(|(found, _)| actor.scope.sees_document(&state, found.entity.id))
            .map(|(found, _)| DocumentRef { message_id: message, entity_id: found.entity.id })
            .collect();
        self.find_documents(actor, &documents).await
    }

    /// The actor's own documents with this id, as far as the actor may see them, oldest first; no more than a page can
    /// count.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn documents_by_custom_id(
        &self,
        actor: &Permit<FilteredDocuments>,
        custom_id: &str,
    ) -> Result<Vec<FoundDocument>, ReadingError> {
        let box_id = actor.box_id();
        let documents = self
            .core
            .readings
            .documents_by_custom_id(box_id, custom_id, limits::DOCUMENT_COUNT as usize)
            .await?;
        let mut found = self.find_documents(actor, &documents).await?;
        found.retain(|found| actor.scope.sees_document(&found.state, found.document.entity_id));
        Ok(found)
    }

    /// A page of the box's documents that the actor may see.
    ///
    /// # Errors
    /// `Missing::Department` and [`ReadingError::DepartmentDenied`] for a department that the caller named.
    pub async fn get_documents(
        &self,
        actor: &Permit<FilteredDocuments>,
        request: DocumentsRequest,
    ) -> Result<DocumentsAnswer, ReadingError> {
        let DocumentsRequest { mut filter, departments, order, is_descending, after, limit } = request;
        filter.within = chosen(actor, &departments)?;
        let box_id = actor.box_id();
        let count_up_to = limits::DOCUMENT_COUNT;
        let query = DocumentQuery { box_id, filter, order, is_descending, after, limit, count_up_to };
        let page = self.core.readings.documents(query).await?;
        let documents: Vec<DocumentRef> = page.documents.iter().map(|(document, _)| *document).collect();
        let found = self.find_documents(actor, &documents).await?;
        let belongs = |found: &FoundDocument, listed: &(DocumentRef, _)| found.document == listed.0;
        let documents = pair_in_order(found, page.documents, belongs);
        let documents = documents.into_iter().map(|(found, (_, place))| (found, place)).collect();
        Ok(DocumentsAnswer { documents, total: page.total, has_more: !page.is_exact })
    }
}

/// Where to look: wherever the actor sees something, or in the departments that are named.
fn chosen(actor: &Actor, choices: &[DepartmentChoice]) -> Result<Scope, ReadingError> {
    let organization = &actor.organization;
    for choice in choices.iter().filter(|choice| choice.is_named) {
        if !organization.has_department(choice.department) {
            return Err(Missing::Department(choice.department).into());
        }
        if !actor.scope.sees_department(choice.department) {
            return Err(ReadingError::DepartmentDenied(choice.department));
        }
    }
    // The head with all below it is the whole organization, also with what lies in departments that are gone.
    let is_everything =
        choices.iter().any(|choice| choice.department == DepartmentId::ZERO && choice.with_children);
    if choices.is_empty() || is_everything {
        return Ok(actor.scope.clone());
    }
    let wanted = choices
        .iter()
        .flat_map(|choice| match choice.with_children {
            true => organization.subtree(choice.department),
            false => BTreeSet::from([choice.department]),
        })
        .filter(|department| actor.scope.sees_department(*department));
    Ok(Scope::of_departments(wanted))
}
