//! What is refused of counteragents, as the client is told.

#[cfg(test)]
use potok_app::OtherSide;
use potok_app::PartnersError;
use potok_domain::relation::{GroupRefusal, RelationRefusal};

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    PartnersError {
        NoBox { path: "AcquireCounteragentRequest.BoxId", box_id: sample::box_id() } => NotFound,
            "Take the id from `GetOrganizationsByInnKpp`.";
        NoOrganization { path: "AcquireCounteragentRequest.OrgId", org_id: sample::organization() } => NotFound,
            "Take the id from `GetOrganizationsByInnKpp`.";
        NoCounteragent { box_id: sample::box_id(), other: OtherSide::Box(sample::box_id()) } => NotFound,
            "Invite the organization first.";
        NoPartner { box_id: sample::box_id(), other: sample::box_id() } => Conflict,
            "Wait until the invitation is accepted.";
        NoTask(sample::task()) => NotFound,
            "Ask with the token of the user who began it, within a day.";
        TaskFailed("…".to_owned()) => Conflict,
            "Mend what the text names, and invite again.";
        Busy(sample::message().into()) => Conflict retry 1,
            "Repeat the call.";
    }
    pass Core;
    pass Relation;
    pass Group;
    pass Exchange;
}

refusals! {
    RelationRefusal {
        NeedsResponse { other: sample::box_id() } => InvitationRequiresResponse,
            "Sign the document of the invitation by `PostMessagePatch`, or refuse to.";
        AnsweredByDocument { other: sample::box_id() } => Conflict,
            "Leave `InvitationDocument` out.";
        NeedsRevocation { other: sample::box_id() } => Conflict,
            "Revoke the document of the invitation.";
        OwnBox(sample::box_id()) => BadRequest,
            "Name another organization.";
        RoamingRequired { other: sample::box_id() } => RoamingRequired,
            "Ask the administrator of the server.";
        Liquidated { other: sample::box_id() } => Conflict,
            "Look the successor up in the state's register, and invite that one.";
        TestAndReal { other: sample::box_id() } => Conflict,
            "Invite a test organization from a test organization, and a real one from a real one.";
    }
}

refusals! {
    GroupRefusal {
        NameTaken { path: "CounteragentGroupToCreate.Name", name: "Север".to_owned() } => Conflict,
            "Choose another name.";
        NoGroup(sample::group()) => NotFound,
            "Take the id from `GetCounteragentGroups`.";
        DefaultRenamed { path: "CounteragentGroupToUpdate.Name" } => BadRequest,
            "Leave the name out.";
        DefaultDeleted => Conflict,
            "Delete another group.";
    }
}
