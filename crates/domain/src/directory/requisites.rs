//! Requisites of an organization that its administrators may change.

use potok_types::Invalid;

use super::{Address, Organization};

/// Changes of requisites; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganizationPatch {
    /// State registration number, or none.
    pub ogrn: Option<Option<String>>,
    /// Code of the tax office, or none.
    pub ifns_code: Option<Option<String>>,
    /// Where it is.
    pub address: Option<Address>,
}

/// Whether `text` is so many digits.
fn is_digits(text: &str, lengths: &[usize]) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl OrganizationPatch {
    /// The organization afterwards.
    ///
    /// # Errors
    /// [`Invalid`] names the field.
    pub fn apply(&self, before: &Organization) -> Result<Organization, Invalid> {
        let mut after = before.clone();
        if let Some(ogrn) = &self.ogrn {
            check("Ogrn", ogrn.as_deref(), &[13, 15])?;
            after.ogrn.clone_from(ogrn);
        }
        if let Some(code) = &self.ifns_code {
            check("IfnsCode", code.as_deref(), &[4])?;
            after.ifns_code.clone_from(code);
        }
        if let Some(address) = &self.address {
            after.address = Some(address.clone());
        }
        Ok(after)
    }
}

fn check(field: &str, text: Option<&str>, lengths: &[usize]) -> Result<(), Invalid> {
    match text.filter(|text| !is_digits(text, lengths)) {
        Some(wrong) => {
            let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
            let reason = format!("{wrong:?} must be {} digits, or empty", lengths.join(" or "));
            Err(Invalid::new(format!("OrganizationPropertiesToUpdate.{field}.Value"), reason))
        }
        None => Ok(()),
    }
}
