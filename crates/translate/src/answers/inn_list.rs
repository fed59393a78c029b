//! `GetOrganizationsByInnList`: organizations with the state of partnership.

use potok_domain::directory::Organization;
use potok_wire::proto::{GetOrganizationsByInnListResponse, OrganizationWithCounteragentStatus};

use super::counteragents::{Shown, document_id, status};
use crate::directory::{OrganizationView, organization};

/// `GetOrganizationsByInnListResponse`: each organization with what it is to the asker; `None` when it is nothing.
pub fn answer<'a>(
    found: impl IntoIterator<Item = (&'a Organization, Option<Shown<'a>>)>,
) -> GetOrganizationsByInnListResponse {
    let shown = |(one, standing): (&Organization, Option<Shown<'_>>)| OrganizationWithCounteragentStatus {
        organization: organization(one, OrganizationView::default()),
        counteragent_status: Some(status(standing.and_then(|it| it.told.status)) as i32),
        last_event_timestamp_ticks: standing.map(|it| it.key.get()),
        message_from_counteragent: standing.and_then(|it| it.told.message_from.clone()),
        message_to_counteragent: standing.and_then(|it| it.told.message_to.clone()),
        invitation_document_id: standing.and_then(|it| it.told.invitation.map(document_id)),
        counteragent_group_id: standing.and_then(|it| it.group.map(|group| group.to_string())),
    };
    GetOrganizationsByInnListResponse { organizations: found.into_iter().map(shown).collect() }
}
