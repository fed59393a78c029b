//! What is not told of organizations and people, as the client is told.

use potok_app::PeopleError;

use crate::refusals::refusals;

refusals! {
    PeopleError {
        NoOrganization(potok_app::OrganizationQuery::Inn {
            inn: "7701000010".to_owned(),
            kpp: None
        }) => NotFound,
            "Mend what names the organization.";
        SeveralOrganizations { count: 2, inn: "7701000010".to_owned() } => NotFound,
            "Name the KPP too.";
    }
    pass Core;
}
