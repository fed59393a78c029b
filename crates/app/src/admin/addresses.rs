//! Addresses of the state register, as far as an administrator tells of them.

use potok_store::GarObject;
use potok_types::parse_guid;

use super::{Admin, AdminError, ImportProblem, invalid};
use crate::people::{address_text, region_of};

/// An address as a file has it.
#[derive(Clone, Debug)]
pub struct ImportedAddress {
    /// Where it stands in the file.
    pub place: String,
    /// Its id in the register.
    pub fias_id: String,
    /// Six digits.
    pub zip_code: Option<String>,
    /// The address in words.
    pub address: String,
}

impl Admin {
    /// Everything that speaks against telling of these.
    pub fn check_addresses(&self, all: &[ImportedAddress]) -> Vec<ImportProblem> {
        all.iter().filter_map(|it| object(it).err()).collect()
    }

    /// Tells of addresses, each in the place of what was called so, where [`Self::check_addresses`] has found nothing against
    /// them.
    ///
    /// # Errors
    /// `CoreError::Invalid` for the first problem, before anything is written; `CoreError::Store`.
    pub async fn put_addresses(&self, all: &[ImportedAddress]) -> Result<(), AdminError> {
        let objects: Result<Vec<GarObject>, ImportProblem> = all.iter().map(object).collect();
        let objects = objects.map_err(|problem| invalid(&problem.place, problem.reason))?;
        Ok(self.registers.put_gar_objects(&objects).await?)
    }
}

fn object(it: &ImportedAddress) -> Result<GarObject, ImportProblem> {
    let problem = |reason: String| ImportProblem { place: it.place.clone(), reason };
    if parse_guid(&it.fias_id).is_none() {
        return Err(problem(format!("{:?} is no id of the register: a GUID is expected", it.fias_id)));
    }
    let is_zip = |zip: &String| zip.len() == 6 && zip.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(zip) = it.zip_code.as_ref().filter(|zip| !is_zip(zip)) {
        return Err(problem(format!("{zip:?} is no postal code: six digits are expected")));
    }
    let text = address_text(&it.address);
    let key = region_of(&text).and_then(|region| text.place_key(region));
    match key {
        Some(key) => Ok(GarObject { key, fias_id: it.fias_id.clone(), zip_code: it.zip_code.clone() }),
        None => Err(problem(format!("{:?} names no region, or nothing in it", it.address))),
    }
}
