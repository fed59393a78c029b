//! Registers of the world outside, and what organizations keep here.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use potok_domain::directory::{Participant, RoamingOperator, SignerDetails};
use potok_store::{GarObject, Notes, Outside, SignerPlace, StoreError};
use potok_types::{BoxId, ContentHash, Ticks, UserId};

use crate::MemoryStore;

#[derive(Default)]
pub(crate) struct Drawer {
    operators: BTreeMap<String, RoamingOperator>,
    participants: BTreeMap<String, Participant>,
    addresses: BTreeMap<String, GarObject>,
    values: BTreeMap<(BoxId, String), String>,
    signers: BTreeMap<(BoxId, SignerPlace), SignerDetails>,
    for_invoices: BTreeSet<(BoxId, ContentHash)>,
}

#[async_trait]
impl Outside for MemoryStore {
    async fn roaming_operators(&self) -> Result<Vec<RoamingOperator>, StoreError> {
        Ok(self.state().registers.operators.values().cloned().collect())
    }

    async fn put_roaming_operator(&self, operator: &RoamingOperator) -> Result<(), StoreError> {
        self.state().registers.operators.insert(operator.fns_id.clone(), operator.clone());
        Ok(())
    }

    async fn delete_roaming_operator(&self, fns_id: &str) -> Result<bool, StoreError> {
        Ok(self.state().registers.operators.remove(fns_id).is_some())
    }

    async fn participant(&self, id: &str) -> Result<Option<Participant>, StoreError> {
        Ok(self.state().registers.participants.get(&id.to_lowercase()).cloned())
    }

    async fn participants_by_inn(&self, inn: &str) -> Result<Vec<Participant>, StoreError> {
        let state = self.state();
        Ok(state.registers.participants.values().filter(|one| one.inn == inn).cloned().collect())
    }

    async fn put_participants(&self, participants: &[Participant]) -> Result<(), StoreError> {
        let mut state = self.state();
        for one in participants {
            state.registers.participants.insert(one.id.to_lowercase(), one.clone());
        }
        Ok(())
    }

    async fn delete_participant(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.state().registers.participants.remove(&id.to_lowercase()).is_some())
    }

    async fn gar_object(&self, key: &str) -> Result<Option<GarObject>, StoreError> {
        Ok(self.state().registers.addresses.get(key).cloned())
    }

    async fn put_gar_objects(&self, objects: &[GarObject]) -> Result<(), StoreError> {
        let all = objects.iter().map(|it| (it.key.clone(), it.clone()));
        self.state().registers.addresses.extend(all);
        Ok(())
    }
}

#[async_trait]
impl Notes for MemoryStore {
    async fn key_values(&self, box_id: BoxId, keys: &[String]) -> Result<Vec<(String, String)>, StoreError> {
        let state = self.state();
        let value = |key: &String| {
            let value = state.registers.values.get(&(box_id, key.clone()))?;
            Some((key.clone(), value.clone()))
        };
        Ok(keys.iter().filter_map(value).collect())
    }

    async fn put_key_values(
        &self,
        box_id: BoxId,
        entries: &[(String, String)],
        most: u64,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        let mut after = state.registers.values.clone();
        after.extend(entries.iter().map(|(key, value)| ((box_id, key.clone()), value.clone())));
        if after.keys().filter(|(owner, _)| *owner == box_id).count() as u64 > most {
            return Ok(false);
        }
        state.registers.values = after;
        Ok(true)
    }

    async fn signer_details(
        &self,
        box_id: BoxId,
        place: SignerPlace,
    ) -> Result<Option<SignerDetails>, StoreError> {
        Ok(self.state().registers.signers.get(&(box_id, place)).cloned())
    }

    async fn put_signer_details(
        &self,
        box_id: BoxId,
        place: SignerPlace,
        details: &SignerDetails,
        _: UserId,
        _: Ticks,
    ) -> Result<(), StoreError> {
        self.state().registers.signers.insert((box_id, place), details.clone());
        Ok(())
    }

    async fn signs_invoices(&self, box_id: BoxId, certificate: ContentHash) -> Result<bool, StoreError> {
        Ok(self.state().registers.for_invoices.contains(&(box_id, certificate)))
    }

    async fn register_for_invoices(
        &self,
        box_id: BoxId,
        certificates: &[ContentHash],
        _: UserId,
        _: Ticks,
    ) -> Result<(), StoreError> {
        let new = certificates.iter().map(|hash| (box_id, *hash));
        self.state().registers.for_invoices.extend(new);
        Ok(())
    }
}
