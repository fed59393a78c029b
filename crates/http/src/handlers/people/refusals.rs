//! What is not told of organizations and people, as the client is told.

use potok_app::PeopleError;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    PeopleError {
        NoOrganization { query: potok_app::OrganizationQuery::Org(sample::organization()) } => @NoOrganization,
            "Mend what names the organization.";
        NotOneOrganization { inn: "7701000010".to_owned(), kpp: None } => @NotOneOrganization,
            "Name the KPP too, or mend what names the organization.";
        UnknownBox(sample::box_id()) => @UnknownBox,
            "Take the id from an answer of the API.";
    }
    pass Core;
}
