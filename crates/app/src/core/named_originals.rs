//! Documents that name others by number and date: revisions and corrections of what came in another message.

use potok_domain::docflow::originals;
use potok_domain::query::{DocumentClass, DocumentFilter, DocumentOrder};
use potok_domain::rows::StatusSet;
use potok_domain::{DocumentRef, Event, MessageState};
use potok_store::{DocumentQuery, Readings, StoreError};
use potok_types::limits;

use super::{Core, CoreError};

impl Core {
    /// [`named_originals`] of an event that comes now: only documents that are there already are found.
    pub(crate) async fn named_originals(
        &self,
        state: &MessageState,
        event: &Event,
    ) -> Result<Vec<(DocumentRef, DocumentRef)>, CoreError> {
        Ok(named_originals(&*self.readings, state, event).await?)
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
    for entity in event.entities() {
        let Some(document) = entity.document() else { continue };
        let later = DocumentRef { message_id: state.message_id, entity_id: entity.id };
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
