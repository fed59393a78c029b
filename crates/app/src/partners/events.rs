//! `GetCounteragentEvents`: what happened to relations.

use potok_domain::query::FeedOrder;
use potok_domain::relation::Told;
use potok_store::stored::decode_relation_event;
use potok_store::{StreamFeedQuery, StreamKind};
use potok_types::access::{BoxEmployee, ManagesCounteragents};
use potok_types::{BoxId, EventId, GroupId, IndexKey};

use super::counteragent::group_of;
use super::{Partners, PartnersError};
use crate::Permit;

/// Counting stops here.
const COUNTED: u64 = 10_000;

/// Which page of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounteragentEventsRequest {
    /// Exclusive start.
    pub after: Option<IndexKey>,
    /// Not before this time.
    pub from: Option<i64>,
    /// Not later than this.
    pub to: Option<i64>,
    /// Events on the page.
    pub limit: usize,
}

/// One event of one relation, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRelationEvent {
    /// Its id.
    pub id: EventId,
    /// Its key, which is the time of the event too.
    pub key: IndexKey,
    /// The other box.
    pub counteragent: BoxId,
    /// What is told of it.
    pub told: Told,
    /// The group where the partner is; `None` for who is none.
    pub group: Option<GroupId>,
}

/// A page of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounteragentEventsAnswer {
    /// The oldest event first.
    pub events: Vec<ShownRelationEvent>,
    /// Events behind the start, this page included.
    pub total: u64,
    /// Counting did not stop early.
    pub is_exact: bool,
}

impl Partners {
    /// A page of what happened to the relations of the box. Its cost does not depend on where it lies.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn counteragent_events(
        &self,
        actor: &Permit<ManagesCounteragents<BoxEmployee>>,
        request: CounteragentEventsRequest,
    ) -> Result<CounteragentEventsAnswer, PartnersError> {
        let box_id = actor.box_id();
        let between =
            (IndexKey::new(request.from.unwrap_or(i64::MIN)), IndexKey::new(request.to.unwrap_or(i64::MAX)));
        let query = StreamFeedQuery {
            box_id,
            kind: StreamKind::RELATION,
            after: request.after,
            between,
            order: FeedOrder::Ascending,
            limit: request.limit,
            count_up_to: COUNTED,
        };
        let page = self.core.readings.stream_events(query).await?;
        let groups = self.core.groups(box_id).await?;
        let mut events = Vec::with_capacity(page.events.len());
        for found in page.events {
            let event = decode_relation_event(&found.stored).map_err(|error| potok_store::StoreError {
                action: "read relations",
                source: Box::new(error),
            })?;
            events.push(ShownRelationEvent {
                id: event.id,
                key: found.key,
                counteragent: BoxId::from_uuid(found.stream),
                group: group_of(&groups, &event.told),
                told: event.told,
            });
        }
        Ok(CounteragentEventsAnswer { events, total: page.total, is_exact: page.is_exact })
    }
}
