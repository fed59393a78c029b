//! Documents that other boxes forwarded to this one, each as it was then.

use potok_domain::forwarding::Forwarding;
use potok_domain::query::FeedOrder;
use potok_store::{StreamFeedQuery, StreamKind};
use potok_types::access::BoxEmployee;
use potok_types::{EntityId, IndexKey, Invalid, limits};

use crate::core::{Core, ForwardedDocument, ForwardedId, LoadedContents};
use crate::{Missing, Permit, Reading, ReadingError, StoredContent};

/// Counting stops here.
const COUNTED: u64 = 100_000;

/// Which page of forwardings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForwardedEventsRequest {
    /// Exclusive start.
    pub after: Option<IndexKey>,
    /// Not before this time, and not later than that one: when they came to the box.
    pub between: (IndexKey, IndexKey),
    /// From which end.
    pub order: FeedOrder,
    /// The documents are wanted too.
    pub with_documents: bool,
}

/// A document came.
#[derive(Clone, Debug)]
pub struct ForwardedEvent {
    /// Where it stands, and when it came.
    pub key: IndexKey,
    /// How it was forwarded.
    pub forwarding: Forwarding,
    /// The document, if it was asked for.
    pub document: Option<ForwardedDocument>,
}

/// A page of forwardings.
#[derive(Clone, Debug)]
pub struct ForwardedEventsAnswer {
    /// In the order that was asked for.
    pub events: Vec<ForwardedEvent>,
    /// Events behind the start, this page included.
    pub total: u64,
    /// Counting did not stop early.
    pub is_exact: bool,
}

impl Reading {
    /// The documents that were forwarded to the box under `ids`, in their order; what was not is left out.
    ///
    /// # Errors
    /// `CoreError::Invalid` for none or more than 100; `Missing::Forwarded` when none is found.
    pub async fn forwarded_documents(
        &self,
        actor: &Permit<BoxEmployee>,
        ids: &[ForwardedId],
    ) -> Result<Vec<ForwardedDocument>, ReadingError> {
        if ids.is_empty() || ids.len() > limits::DOCFLOWS_PER_REQUEST {
            let reason = format!(
                "{} documents were named; ask for 1 to {} at once",
                ids.len(),
                limits::DOCFLOWS_PER_REQUEST
            );
            let path = "GetForwardedDocumentsRequest.ForwardedDocumentIds";
            return Err(Invalid::new(path, reason).into());
        }
        let found = self.core.forwarded(actor.box_id(), ids).await?;
        if found.is_empty() {
            return Err(Missing::Forwarded { box_id: actor.box_id(), asked: ids.len() }.into());
        }
        Ok(found)
    }

    /// A page of what was forwarded to the box.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn forwarded_events(
        &self,
        actor: &Permit<BoxEmployee>,
        request: ForwardedEventsRequest,
    ) -> Result<ForwardedEventsAnswer, ReadingError> {
        let query = StreamFeedQuery {
            box_id: actor.box_id(),
            kind: StreamKind::FORWARDED,
            after: request.after,
            between: request.between,
            order: request.order,
            limit: limits::PAGE,
            count_up_to: COUNTED,
        };
        let page = self.core.readings.stream_events(query).await?;
        let mut forwardings = Vec::with_capacity(page.events.len());
        for found in &page.events {
            forwardings.push(Core::forwarding_of(&found.stored)?);
        }
        let documents = match request.with_documents {
            true => self.core.forwarded_by(&forwardings).await?,
            false => Vec::new(),
        };
        let events = page.events.iter().zip(forwardings).map(|(found, forwarding)| ForwardedEvent {
            key: found.key,
            forwarding,
            document: documents.iter().find(|document| document.forwarding == forwarding).cloned(),
        });
        Ok(ForwardedEventsAnswer { events: events.collect(), total: page.total, is_exact: page.is_exact })
    }

    /// The bytes of an entity of a forwarded document, as far as it is seen.
    ///
    /// # Errors
    /// `Missing::Forwarded`; `Missing::Content`.
    pub async fn forwarded_content(
        &self,
        actor: &Permit<BoxEmployee>,
        id: ForwardedId,
        entity: EntityId,
    ) -> Result<StoredContent, ReadingError> {
        let found = self.core.one_forwarded(actor.box_id(), id).await?;
        let content = found.seen.entity(entity).and_then(|found| found.entity.content);
        let content = content.ok_or(Missing::Content { message: id.document.message_id, entity })?;
        Ok(self.core.find_content(id.from, content).await?)
    }

    /// The bytes that `documents` name, as far as `wanted` has them.
    ///
    /// # Errors
    /// `CoreError::NoRoom`, `CoreError::Store`, `CoreError::Content`.
    pub async fn contents_of_forwarded(
        &self,
        documents: &[ForwardedDocument],
        wanted: &[potok_types::ContentHash],
    ) -> Result<LoadedContents, ReadingError> {
        let mut loaded = LoadedContents::new();
        for document in documents {
            let named = document.seen.entities().iter().flat_map(|found| found.entity.contents());
            let missing: Vec<_> = named
                .map(|content| content.hash)
                .filter(|hash| wanted.contains(hash) && !loaded.contains_key(hash))
                .collect();
            loaded.extend(self.core.load_contents(document.seen.box_id, missing).await?);
        }
        Ok(loaded)
    }
}
