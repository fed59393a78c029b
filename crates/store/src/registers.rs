//! What an administrator tells of the world outside, and what organizations keep here for later calls.

use async_trait::async_trait;
use potok_domain::directory::{Participant, RoamingOperator, SignerDetails};
use potok_types::{BoxId, ContentHash, Ticks, UserId};

use crate::{CertificateThumbprint, StoreError};

/// An object of the register of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GarObject {
    /// By what it is found, see `AddressText::place_key`.
    pub key: String,
    /// Its id in the register.
    pub fias_id: String,
    /// Six digits.
    pub zip_code: Option<String>,
}

/// Other operators, and who takes part in the exchange with them; addresses of the state register.
#[async_trait]
pub trait Outside: Send + Sync {
    /// All operators, by id.
    async fn roaming_operators(&self) -> Result<Vec<RoamingOperator>, StoreError>;
    /// Adds an operator, or replaces the one with its id.
    async fn put_roaming_operator(&self, operator: &RoamingOperator) -> Result<(), StoreError>;
    /// Deletes an operator; whether it was there.
    async fn delete_roaming_operator(&self, fns_id: &str) -> Result<bool, StoreError>;
    /// Who has this participant id, in any case.
    async fn participant(&self, id: &str) -> Result<Option<Participant>, StoreError>;
    /// All with this INN, by id.
    async fn participants_by_inn(&self, inn: &str) -> Result<Vec<Participant>, StoreError>;
    /// Adds all of them or none, each in the place of who had its id in any case.
    async fn put_participants(&self, participants: &[Participant]) -> Result<(), StoreError>;
    /// Deletes who has this id, in any case; whether somebody had.
    async fn delete_participant(&self, id: &str) -> Result<bool, StoreError>;
    /// The object of the register of addresses that is found by `key`.
    async fn gar_object(&self, key: &str) -> Result<Option<GarObject>, StoreError>;
    /// Adds all of them or none, each in the place of the one with its key.
    async fn put_gar_objects(&self, objects: &[GarObject]) -> Result<(), StoreError>;
}

/// Whose signer details: the holder's of a certificate, for one kind of title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SignerPlace {
    /// The certificate.
    pub thumbprint: CertificateThumbprint,
    /// The kind of title, by its number of the API.
    pub title: i32,
}

/// What organizations keep here.
#[async_trait]
pub trait Notes: Send + Sync {
    /// The values of `keys` that there are, in the order of `keys`.
    async fn key_values(&self, box_id: BoxId, keys: &[String]) -> Result<Vec<(String, String)>, StoreError>;
    /// Writes values, each in the place of what its key had; `false`, and nothing is written, when the box would have more
    /// than `most` keys.
    async fn put_key_values(
        &self,
        box_id: BoxId,
        entries: &[(String, String)],
        most: u64,
    ) -> Result<bool, StoreError>;
    /// What the box says of a signer.
    async fn signer_details(
        &self,
        box_id: BoxId,
        place: SignerPlace,
    ) -> Result<Option<SignerDetails>, StoreError>;
    /// Says it, in the place of what was said before. Who said it last and when stays with it.
    async fn put_signer_details(
        &self,
        box_id: BoxId,
        place: SignerPlace,
        details: &SignerDetails,
        by: UserId,
        at: Ticks,
    ) -> Result<(), StoreError>;
    /// Whether the box has registered a certificate, by the SHA-256 of it, for signing invoices.
    async fn signs_invoices(&self, box_id: BoxId, certificate: ContentHash) -> Result<bool, StoreError>;
    /// Registers certificates. Who did it first and when stays with each.
    async fn register_for_invoices(
        &self,
        box_id: BoxId,
        certificates: &[ContentHash],
        by: UserId,
        at: Ticks,
    ) -> Result<(), StoreError>;
}
