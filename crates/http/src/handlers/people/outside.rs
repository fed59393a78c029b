//! `GET /GetRoamingOperators`, `POST /SearchFnsParticipants`, `POST /GetOrCreateRoamingOrganizationByFnsParticipantId`: other
//! operators and their clients.

use potok_api::methods::{
    GetOrCreateRoamingOrganizationByFnsParticipantId, GetRoamingOperators, SearchFnsParticipants,
};
use potok_domain::directory::ParticipantQuery;
use potok_translate::answers::outside;
use potok_translate::directory::{self, OrganizationView};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetRoamingOperators, _>(operators);
    all.on::<SearchFnsParticipants, _>(search);
    all.on::<GetOrCreateRoamingOrganizationByFnsParticipantId, _>(organization);
}

/// `GET /GetRoamingOperators`.
async fn operators(call: Call<GetRoamingOperators>) -> Result<Answer, ApiError> {
    let all = call.people().roaming_operators(&call.permit).await?;
    Ok(call.answer(&outside::operators(all)))
}

/// `POST /SearchFnsParticipants`.
async fn search(mut call: Call<SearchFnsParticipants>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let query = ParticipantQuery::new(body.inn, body.kpp, body.fns_participant_id)?;
    let found = call.people().search_participants(&call.permit, &query).await?;
    Ok(call.answer(&outside::participants(found)))
}

/// `POST /GetOrCreateRoamingOrganizationByFnsParticipantId`.
async fn organization(
    call: Call<GetOrCreateRoamingOrganizationByFnsParticipantId>,
) -> Result<Answer, ApiError> {
    let found = call.people().roaming_organization(&call.permit, &call.body.fns_participant_id).await?;
    Ok(call.answer(&directory::organization(&found, OrganizationView::default())))
}
