//! The answers about counteragents: one, a page of the list, a page of what happened to it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use potok_domain::DocumentRef;
use potok_domain::directory::Organization;
use potok_domain::relation::{Status, Told};
use potok_types::{BoxId, EventId, GroupId, IndexKey};
use potok_wire::proto;
use potok_wire::proto::events::{BoxCounteragentEvent, BoxCounteragentEventList, CounteragentInfo};
use potok_wire::proto::{CounteragentList, CounteragentStatus, TotalCountType};

use crate::directory::{OrganizationView, organization};

/// A box of the list.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Its organization.
    pub organization: &'a Organization,
    /// The key of the last event, which is its time too.
    pub key: IndexKey,
    /// What is told of it.
    pub told: &'a Told,
    /// The group of a partner.
    pub group: Option<GroupId>,
}

/// Where a place in the list or among the events is: the key and the other box, so that programs can tell them apart.
pub fn index_key(key: IndexKey, other: BoxId) -> String {
    let mut bytes = [0; 24];
    bytes[..8].copy_from_slice(&key.to_bytes());
    bytes[8..].copy_from_slice(other.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// `Counteragent`. Lists leave the departments out.
pub fn counteragent(shown: Shown<'_>, with_departments: bool) -> proto::Counteragent {
    let Shown { organization: of, key, told, group } = shown;
    let view = OrganizationView { without_departments: !with_departments, ..OrganizationView::default() };
    proto::Counteragent {
        index_key: Some(index_key(key, of.box_id)),
        organization: organization(of, view),
        current_status: Some(status(told.status) as i32),
        last_event_timestamp_ticks: key.get(),
        message_from_counteragent: told.message_from.clone(),
        message_to_counteragent: told.message_to.clone(),
        invitation_document_id: told.invitation.map(document_id),
        counteragent_group_id: group.map(|group| group.to_string()),
    }
}

/// `CounteragentList`.
pub fn list<'a>(shown: impl IntoIterator<Item = Shown<'a>>, total: u64, is_exact: bool) -> CounteragentList {
    CounteragentList {
        total_count: count(total),
        counteragents: shown.into_iter().map(|shown| counteragent(shown, false)).collect(),
        total_count_type: count_type(is_exact) as i32,
    }
}

/// One event of a relation.
#[derive(Clone, Copy, Debug)]
pub struct ShownEvent<'a> {
    /// Its id.
    pub id: EventId,
    /// Its key, which is its time too.
    pub key: IndexKey,
    /// The other box.
    pub counteragent: BoxId,
    /// What is told.
    pub told: &'a Told,
    /// The group of a partner.
    pub group: Option<GroupId>,
}

/// `BoxCounteragentEventList`.
pub fn events<'a>(
    shown: impl IntoIterator<Item = ShownEvent<'a>>,
    total: u64,
    is_exact: bool,
) -> BoxCounteragentEventList {
    BoxCounteragentEventList {
        events: shown.into_iter().map(event).collect(),
        total_count: Some(count(total)),
        total_count_type: count_type(is_exact) as i32,
    }
}

fn event(shown: ShownEvent<'_>) -> BoxCounteragentEvent {
    let ShownEvent { id, key, counteragent, told, group } = shown;
    let is_partner = told.status == Some(Status::IsMyCounteragent);
    BoxCounteragentEvent {
        event_id: id.to_string(),
        counteragent: Some(CounteragentInfo {
            counteragent_box_id: counteragent.guid(),
            status: status(told.status) as i32,
            event_timestamp_ticks: key.get(),
            // Whoever is a partner needs no reason any more.
            last_event_comment: told.comment.clone().filter(|_| !is_partner),
            message_from_counteragent: told.message_from.clone(),
            message_to_counteragent: told.message_to.clone(),
            invitation_document_id: told.invitation.map(document_id),
            counteragent_group_id: group.map(|group| group.to_string()),
        }),
        index_key: Some(index_key(key, counteragent)),
        event_types: told.happenings.iter().map(|happening| *happening as i32).collect(),
    }
}

/// Who does not stand in the list has a status too.
pub fn status(status: Option<Status>) -> CounteragentStatus {
    match status {
        None => CounteragentStatus::NotInCounteragentList,
        Some(Status::IsMyCounteragent) => CounteragentStatus::IsMyCounteragent,
        Some(Status::InvitesMe) => CounteragentStatus::InvitesMe,
        Some(Status::IsInvitedByMe) => CounteragentStatus::IsInvitedByMe,
        Some(Status::RejectsMe) => CounteragentStatus::RejectsMe,
        Some(Status::IsRejectedByMe) => CounteragentStatus::IsRejectedByMe,
    }
}

/// `DocumentId` of the document of an invitation.
pub fn document_id(document: DocumentRef) -> proto::DocumentId {
    proto::DocumentId {
        message_id: document.message_id.to_string(),
        entity_id: document.entity_id.to_string(),
    }
}

fn count(total: u64) -> i32 {
    i32::try_from(total).unwrap_or(i32::MAX)
}

const fn count_type(is_exact: bool) -> TotalCountType {
    match is_exact {
        true => TotalCountType::Equal,
        false => TotalCountType::GreaterThanOrEqual,
    }
}

#[cfg(test)]
mod tests {
    use potok_domain::relation::Happening;
    use potok_wire::proto::events::CounteragentEventType;

    use super::*;

    /// The numbers of the domain are those of the API.
    #[test]
    fn happenings_have_the_numbers_of_the_api() {
        for (happening, event_type) in [
            (Happening::IInvited, CounteragentEventType::IInvitedCounteragent),
            (Happening::InvitedMe, CounteragentEventType::CounteragentInvitedMe),
            (Happening::AcceptedMine, CounteragentEventType::CounteragentAcceptedInvitation),
            (Happening::IAccepted, CounteragentEventType::IAcceptedInvitation),
            (Happening::IWithdrew, CounteragentEventType::IWithdrewInvitation),
            (Happening::WithdrewTheirs, CounteragentEventType::CounteragentWithdrewInvitation),
            (Happening::IDeclined, CounteragentEventType::IRejectedInvitation),
            (Happening::DeclinedMine, CounteragentEventType::CounteragentRejectedInvitation),
            (Happening::IBrokeUp, CounteragentEventType::IBrokeUpWithCounteragent),
            (Happening::BrokeUpWithMe, CounteragentEventType::CounteragentBrokeUpWithMe),
            (Happening::IMade, CounteragentEventType::IMadeCounteragent),
            (Happening::MadeMe, CounteragentEventType::CounteragentMadeMe),
        ] {
            assert_eq!(happening as i32, event_type as i32);
        }
        for known in Status::ALL {
            assert_eq!(status(Some(known)) as i32, known as i32);
        }
    }
}
