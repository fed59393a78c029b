//! `ParseRussianAddress`, `ParseGarAddress`.

use potok_domain::directory::{AddressLevel, AddressText, GarAddress, GarDivision, RussianAddress};
use potok_types::Invalid;
use potok_types::access::{Anyone, User};

use super::{People, PeopleError};
use crate::Permit;

impl People {
    /// An address in words by the old classifier.
    ///
    /// # Errors
    /// `CoreError::Invalid` when it names no subject of the federation.
    pub fn parse_russian_address(
        &self,
        _anyone: &Permit<Anyone>,
        address: &str,
    ) -> Result<RussianAddress, PeopleError> {
        let text = address_text(address);
        let region = region_of(&text).ok_or_else(|| {
            let reason = format!(
                "{address:?} names no subject of the federation: «Свердловская обл, г Екатеринбург, …»"
            );
            Invalid::new("address", reason)
        })?;
        Ok(text.russian(region))
    }

    /// An address in words by the state register; `None` when the register, as an administrator of the server has told of it,
    /// does not have it.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn parse_gar_address(
        &self,
        _user: &Permit<User>,
        address: &str,
        division: GarDivision,
    ) -> Result<Option<GarAddress>, PeopleError> {
        let text = address_text(address);
        let Some(region) = region_of(&text) else { return Ok(None) };
        let Some(key) = text.place_key(region) else { return Ok(None) };
        let found = self.registers.gar_object(&key).await?;
        Ok(found.map(|object| {
            let shown = text.gar(region, object.fias_id, division);
            GarAddress { zip_code: object.zip_code.or(shown.zip_code), ..shown }
        }))
    }
}

/// An address taken apart.
pub(crate) fn address_text(address: &str) -> AddressText {
    AddressText::parse(address, |part| potok_titles::region_code(part).is_some())
}

/// The code of its region.
pub(crate) fn region_of(text: &AddressText) -> Option<&'static str> {
    let region = text.part(AddressLevel::Region)?;
    potok_titles::region_code(&format!("{} {}", region.name, region.kind))
}
