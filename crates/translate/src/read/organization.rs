//! `UpdateOrganizationProperties`.

use potok_domain::directory::OrganizationPatch;
use potok_types::Invalid;
use potok_wire::proto::{OrganizationPropertiesToUpdate, StringValue};

use crate::address;

/// What to change of an organization. An empty value takes it away.
///
/// # Errors
/// [`Invalid`] names the field.
pub fn patch(body: OrganizationPropertiesToUpdate) -> Result<OrganizationPatch, Invalid> {
    let value = |given: Option<StringValue>| {
        given.map(|given| given.value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
    };
    if body.head_organization_properties.is_some() {
        return Err(Invalid::new(
            "OrganizationPropertiesToUpdate.HeadOrganizationProperties",
            "the organization is no branch, so it has no head: leave it out",
        ));
    }
    let address = body.address.map(|it| address::read(*it, "OrganizationPropertiesToUpdate.Address"));
    Ok(OrganizationPatch {
        ogrn: value(body.ogrn),
        ifns_code: value(body.ifns_code),
        address: address.transpose()?,
    })
}
