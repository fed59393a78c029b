//! Who was asked about documents.

use std::collections::{BTreeMap, BTreeSet};

use potok_types::EntityId;

use super::{MessageState, is_cancelled};
use crate::AddresseeId;

impl MessageState {
    /// Who was asked for an approval or a signature about each document, or about something under it, and was not told since
    /// that it is taken back. What has its answer counts: who approved was asked. Documents of which nobody was asked
    /// anything are left out.
    pub fn asked(&self) -> BTreeMap<EntityId, BTreeSet<AddresseeId>> {
        let mut asked: BTreeMap<EntityId, BTreeSet<AddresseeId>> = BTreeMap::new();
        for found in &self.entities {
            let id = found.entity.id;
            let Some(request) = found.resolution_request() else { continue };
            if !is_cancelled(self, id) {
                asked.entry(self.root_of(id)).or_default().insert(request.target.id());
            }
        }
        asked
    }
}
