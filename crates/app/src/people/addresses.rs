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
    /// `CoreError::Invalid` when it names no subject of the federation, or several.
    pub fn parse_russian_address(
        &self,
        _anyone: &Permit<Anyone>,
        address: &str,
    ) -> Result<RussianAddress, PeopleError> {
        let text = address_text(address);
        let region = match &regions_of(&text)[..] {
            [] => Err(format!(
                "{address:?} names no subject of the federation: «Свердловская обл, г Екатеринбург, …»"
            )),
            [(_, code)] => Ok(*code),
            [(one, _), (other, _), ..] => Err(format!(
                "{address:?} names two subjects of the federation, «{one}» and «{other}»: leave one of them"
            )),
        };
        let region = region.map_err(|reason| Invalid::new("address", reason))?;
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

/// The code of its region; `None` too when it names several.
pub(crate) fn region_of(text: &AddressText) -> Option<&'static str> {
    match &regions_of(text)[..] {
        [(_, code)] => Some(code),
        _ => None,
    }
}

/// The regions that it names, each with its code. Of an autonomous region and the one that it lies in, only the former.
fn regions_of(text: &AddressText) -> Vec<(String, &'static str)> {
    let named = text.parts.iter().filter(|part| part.level == AddressLevel::Region);
    let mut all: Vec<(String, &'static str)> = Vec::new();
    for part in named {
        let words = format!("{} {}", part.name, part.kind).trim().to_owned();
        let Some(code) = potok_titles::region_code(&words) else { continue };
        if !all.iter().any(|(_, known)| *known == code) {
            all.push((words, code));
        }
    }
    let codes: Vec<&str> = all.iter().map(|(_, code)| *code).collect();
    let has_inner = |outer: &str| INSIDE.iter().any(|(inner, of)| *of == outer && codes.contains(inner));
    all.retain(|(_, code)| !has_inner(code));
    all
}

/// Autonomous regions inside other subjects of the federation: Nenets in that of Arkhangelsk, Khanty-Mansi and Yamalo-Nenets in
/// that of Tyumen.
const INSIDE: [(&str, &str); 3] = [("83", "29"), ("86", "72"), ("89", "72")];
