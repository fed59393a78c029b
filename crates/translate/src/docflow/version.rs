//! The versions of the docflow methods: they differ in the shape of their answers and in nothing else.

use bytes::Bytes;
use potok_domain::docflow::Relations;
use potok_domain::{DocumentRef, MessageState};
use potok_types::{EntityId, EventId, Ticks};
use potok_wire::WireMessage;
use potok_wire::proto::{TotalCountType, docflow as wire};

use super::timestamp;
use crate::{ContentPlan, document};

/// One version of the docflow methods.
pub trait DocflowVersion {
    /// A document with its docflow.
    type Document: WireMessage;
    /// The answer of `GetDocflows`.
    type Batch: WireMessage;
    /// The answer of `SearchDocflows`.
    type Search: WireMessage;
    /// The answer of `GetDocflowsByPacketId`.
    type Packet: WireMessage;
    /// The answer of `GetDocflowEvents`.
    type Events: WireMessage;

    /// The document `document` in the box of `state`, with the bytes that `contents` gives if `inject_content` asks for
    /// them; `None` when `state` has no such root document.
    fn document(
        state: &MessageState,
        document: EntityId,
        relations: &Relations<'_>,
        inject_content: bool,
        contents: &mut ContentPlan,
    ) -> Option<Self::Document>;

    /// Documents asked for by their ids.
    fn batch(documents: Vec<Self::Document>) -> Self::Batch;

    /// A page of documents that were found; more of them follow if `have_more`.
    fn search(documents: Vec<Self::Document>, have_more: bool) -> Self::Search;

    /// A page of a packet, each document with its key; `next` is there when more of them follow.
    fn packet(documents: Vec<(Self::Document, Bytes)>, next: Option<Bytes>) -> Self::Packet;

    /// A page of events out of `total` ones, which is at least so many when `is_exact` does not hold.
    fn events(events: Vec<DocflowEvent<Self::Document>>, total: i32, is_exact: bool) -> Self::Events;
}

/// One event that changed a document.
#[derive(Clone, Debug)]
pub struct DocflowEvent<D> {
    /// The event of the box.
    pub id: EventId,
    /// When it happened.
    pub at: Ticks,
    /// The document that it changed.
    pub document_id: DocumentRef,
    /// Where it stands in the list.
    pub index_key: Bytes,
    /// The document right after it, if it was asked for.
    pub document: Option<D>,
    /// What was before, if that was asked for and there was something.
    pub previous: Option<Previous<D>>,
}

/// The state of a document before an event.
#[derive(Clone, Debug)]
pub struct Previous<D> {
    /// The event before, among those that changed the document.
    pub event: EventId,
    /// The document right after that event.
    pub document: Option<D>,
}

macro_rules! versions {
    ($(
        $(#[$doc:meta])*
        $version:ident: $module:ident, $document:ident, $batch:ident, $search:ident,
        $packet:ident, $fetched:ident, $events:ident, $event:ident;
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $version;

        impl DocflowVersion for $version {
            type Document = wire::$document;
            type Batch = wire::$batch;
            type Search = wire::$search;
            type Packet = wire::$packet;
            type Events = wire::$events;

            fn document(
                state: &MessageState,
                document: EntityId,
                relations: &Relations<'_>,
                inject_content: bool,
                contents: &mut ContentPlan,
            ) -> Option<Self::Document> {
                crate::$module::document_with_docflow(state, document, relations, inject_content, contents)
            }

            fn batch(documents: Vec<Self::Document>) -> Self::Batch {
                wire::$batch { documents }
            }

            fn search(documents: Vec<Self::Document>, have_more: bool) -> Self::Search {
                wire::$search { documents, have_more_documents: have_more.into() }
            }

            fn packet(documents: Vec<(Self::Document, Bytes)>, next: Option<Bytes>) -> Self::Packet {
                let documents = documents
                    .into_iter()
                    .map(|(document, index_key)| wire::$fetched { document, index_key })
                    .collect();
                wire::$packet { documents, next_page_index_key: next }
            }

            #[allow(clippy::useless_conversion)] // which fields are optional or boxed differs between versions
            fn events(
                events: Vec<DocflowEvent<Self::Document>>,
                total: i32,
                is_exact: bool,
            ) -> Self::Events {
                let events = events
                    .into_iter()
                    .map(|event| {
                        let (previous_event_id, previous) = match event.previous {
                            Some(previous) => (Some(previous.event.to_string()), previous.document),
                            None => (None, None),
                        };
                        wire::$event {
                            event_id: event.id.to_string().into(),
                            timestamp: timestamp(event.at).into(),
                            document_id: document::id(event.document_id).into(),
                            index_key: event.index_key.into(),
                            document: event.document.map(Into::into),
                            previous_event_id,
                            previous_document_state: previous.map(Into::into),
                        }
                    })
                    .collect();
                wire::$events {
                    total_count: total.into(),
                    events,
                    total_count_type: total_count_type(is_exact),
                }
            }
        }
    )*};
}

versions! {
    /// Version 2: a typed flow for each family of documents.
    V2: docflow_v2, DocumentWithDocflow, GetDocflowBatchResponse, SearchDocflowsResponse,
        GetDocflowsByPacketIdResponse, FetchedDocument, GetDocflowEventsResponse, DocflowEvent;
    /// Version 3: one flow for all documents.
    V3: docflow_v3, DocumentWithDocflowV3, GetDocflowBatchResponseV3, SearchDocflowsResponseV3,
        GetDocflowsByPacketIdResponseV3, FetchedDocumentV3, GetDocflowEventsResponseV3, DocflowEventV3;
    /// Version 4: as version 3, with universal messages.
    V4: docflow_v4, DocumentWithDocflowV4, GetDocflowBatchResponseV4, SearchDocflowsResponseV4,
        GetDocflowsByPacketIdResponseV4, FetchedDocumentV4, GetDocflowEventsResponseV4, DocflowEventV4;
    /// Version 5: a flow for each title.
    V5: docflow_v5, DocumentWithDocflowV5, GetDocflowBatchResponseV5, SearchDocflowsResponseV5,
        GetDocflowsByPacketIdResponseV5, FetchedDocumentV5, GetDocflowEventsResponseV5, DocflowEventV5;
}

const fn total_count_type(is_exact: bool) -> i32 {
    let kind = if is_exact { TotalCountType::Equal } else { TotalCountType::GreaterThanOrEqual };
    kind as i32
}
