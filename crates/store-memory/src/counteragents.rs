//! The list of counteragents: the last event of each relation.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_store::stored::decode_relation_event;
use potok_store::{
    Among, Counteragent, CounteragentPage, CounteragentQuery, CounteragentRow, Counteragents, StoreError,
    StreamId,
};
use potok_types::BoxId;

use crate::MemoryStore;
use crate::journal::{BoxRecord, Kept};

impl BoxRecord {
    fn last_event(&self, other: BoxId) -> Option<&Kept> {
        self.events.iter().rfind(|kept| kept.stream == StreamId::relation(other))
    }

    fn shown(&self, other: BoxId) -> Option<Counteragent> {
        let last = self.last_event(other)?;
        Some(Counteragent { box_id: other, key: last.key, last_event: last.stored.clone() })
    }

    /// What should stand in the list.
    pub(crate) fn derived_counteragents(&self) -> BTreeMap<BoxId, CounteragentRow> {
        let mut rows = BTreeMap::new();
        for kept in &self.events {
            let Some(other) = kept.stream.counteragent() else { continue };
            let Ok(event) = decode_relation_event(&kept.stored) else { continue };
            rows.insert(other, CounteragentRow::from(&event.told));
        }
        rows.retain(|_, row| row.status.is_some());
        rows
    }
}

fn is_among(among: &Among, row: &CounteragentRow) -> bool {
    let is_partner = row.status == Some(potok_domain::relation::Status::IsMyCounteragent);
    match among {
        Among::All => true,
        Among::Statuses(statuses) => row.status.is_some_and(|status| statuses.contains(&status)),
        Among::Groups(groups) => is_partner && groups.contains(&row.group),
    }
}

#[async_trait]
impl Counteragents for MemoryStore {
    async fn counteragent(&self, box_id: BoxId, other: BoxId) -> Result<Option<Counteragent>, StoreError> {
        let state = self.state();
        let record = state.boxes.get(&box_id).filter(|record| record.counteragents.contains_key(&other));
        Ok(record.and_then(|record| record.shown(other)))
    }

    async fn counteragents_of(
        &self,
        box_id: BoxId,
        others: &[BoxId],
    ) -> Result<Vec<Option<Counteragent>>, StoreError> {
        let mut found = Vec::new();
        for other in others {
            found.push(self.counteragent(box_id, *other).await?);
        }
        Ok(found)
    }

    async fn counteragents(&self, query: CounteragentQuery) -> Result<CounteragentPage, StoreError> {
        let state = self.state();
        let empty = BoxRecord::default();
        let record = state.boxes.get(&query.box_id).unwrap_or(&empty);
        let wanted = record.counteragents.iter().filter(|(_, row)| is_among(&query.among, row));
        let mut found: Vec<Counteragent> = wanted.filter_map(|(other, _)| record.shown(*other)).collect();
        let total = found.len() as u64;
        found.sort_by_key(|it| std::cmp::Reverse(it.key));
        found.retain(|it| query.after.is_none_or(|after| it.key < after));
        found.truncate(query.limit);
        Ok(CounteragentPage {
            counteragents: found,
            total: total.min(query.count_up_to),
            is_exact: total <= query.count_up_to,
        })
    }
}
