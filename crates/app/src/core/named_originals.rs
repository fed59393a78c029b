//! Documents that name others by number and date: revisions and corrections of what came in another message.

use potok_domain::access::Scope;
use potok_domain::docflow::{is_original_of, may_be_succeeded, originals};
use potok_domain::query::{DocumentClass, DocumentFilter, DocumentOrder};
use potok_domain::rows::{DocumentDate, StatusSet, original_token};
use potok_domain::{Document, DocumentRef, Event, MessageState, MessageType};
use potok_store::{DocumentQuery, Readings, SearchQuery, SearchWords, StoreError};
use potok_types::limits;

use super::{Core, CoreError};

impl Core {
    /// Pairs (document, its original) of which one comes now, with `event`, and the other is in the box already. `state` is any
    /// state of the message with the event.
    pub(crate) async fn found_by_name(
        &self,
        state: &MessageState,
        event: &Event,
    ) -> Result<Vec<(DocumentRef, DocumentRef)>, CoreError> {
        let mut pairs = named_originals(&*self.readings, state, event).await?;
        for pair in candidates(&*self.readings, state, event).await? {
            let other = self.find_state(state.box_id, pair.0.message_id).await?;
            pairs.extend(other.is_some_and(|other| names(&other, event, pair)).then_some(pair));
        }
        Ok(pairs)
    }
}

/// Pairs (document, its original): what documents of `event` name as that which they revise or correct, between the same
/// boxes. `state` is any state of the message with the event.
pub(crate) async fn named_originals(
    readings: &dyn Readings,
    state: &MessageState,
    event: &Event,
) -> Result<Vec<(DocumentRef, DocumentRef)>, StoreError> {
    let mut pairs = Vec::new();
    for (later, document) in documents(state, event) {
        for original in originals(document) {
            let query = DocumentQuery {
                box_id: state.box_id,
                filter: DocumentFilter {
                    class: Some(DocumentClass::Direction(state.direction())),
                    statuses: StatusSet::ANY,
                    types: original.types.iter().map(|name| (*name).to_owned()).collect(),
                    counteragents: vec![state.counteragent().box_id],
                    numbers: vec![original.number],
                    dates: (Some(original.date), Some(original.date)),
                    ..DocumentFilter::default()
                },
                order: DocumentOrder::Date,
                is_descending: true,
                after: None,
                limit: limits::PAGE,
                count_up_to: 0,
            };
            let page = readings.documents(query).await?;
            let found = page.documents.into_iter().map(|(document, _)| document);
            pairs.extend(
                found.filter(|found| found.message_id != state.message_id).map(|found| (later, found)),
            );
        }
    }
    Ok(pairs)
}

/// Pairs (document, its original), the other way round: what may name documents of `event`, and came before them. An original may be
/// longer on its way than what corrects it. [`names`] tells whether a pair is one.
pub(crate) async fn candidates(
    readings: &dyn Readings,
    state: &MessageState,
    event: &Event,
) -> Result<Vec<(DocumentRef, DocumentRef)>, StoreError> {
    let mut pairs = Vec::new();
    for (original, document) in documents(state, event) {
        let date = document.metadata("DocumentDate").and_then(DocumentDate::parse);
        let (true, Some(number), Some(date)) =
            (may_be_succeeded(document), document.metadata("DocumentNumber"), date)
        else {
            continue;
        };
        let word = original_token(state.counteragent().box_id, number, date);
        let found = with_word(readings, state, &word).await?.into_iter();
        let others = found.filter(|later| later.message_id != state.message_id);
        pairs.extend(others.map(|later| (later, original)));
    }
    Ok(pairs)
}

/// Whether the document of `other` that a pair of [`candidates`] tells is sent, and names that of `event`.
pub(crate) fn names(
    other: &MessageState,
    event: &Event,
    (later, original): (DocumentRef, DocumentRef),
) -> bool {
    let entity = event.entities().iter().find(|entity| entity.id == original.entity_id);
    let document = entity.and_then(|entity| entity.document());
    let later = other.document(later.entity_id).filter(|_| other.message_type == MessageType::Letter);
    document.zip(later).is_some_and(|(document, (_, later))| is_original_of(document, later))
}

/// Documents of the direction of `state` with this word, deleted ones too.
async fn with_word(
    readings: &dyn Readings,
    state: &MessageState,
    word: &str,
) -> Result<Vec<DocumentRef>, StoreError> {
    let query = SearchQuery {
        box_id: state.box_id,
        words: SearchWords::Any(vec![word.to_owned()]),
        direction: Some(state.direction()),
        is_deleted: None,
        within: Scope::All,
        skip: 0,
        limit: limits::PAGE,
    };
    readings.search(query).await
}

/// The documents that come with `event`.
fn documents<'a>(
    state: &MessageState,
    event: &'a Event,
) -> impl Iterator<Item = (DocumentRef, &'a Document)> + use<'a> {
    let message_id = state.message_id;
    event.entities().iter().filter_map(move |entity| {
        Some((DocumentRef { message_id, entity_id: entity.id }, entity.document()?))
    })
}
