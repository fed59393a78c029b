//! `GetOrganizationsByInnList`: who they are, and what they are to the asker.

use potok_api::Endpoint;
use potok_api::methods::{GetOrganizationsByInnList, GetOrganizationsByInnListV2};
use potok_translate::answers::inn_list;
use potok_types::access::BoxEmployeeIfNamed;
use potok_wire::proto::{GetOrganizationsByInnListRequest, GetOrganizationsByInnListResponse};

use super::counteragents::shown;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetOrganizationsByInnList, _>(list::<GetOrganizationsByInnList>);
    all.on::<GetOrganizationsByInnListV2, _>(list::<GetOrganizationsByInnListV2>);
}

async fn list<E>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Request = GetOrganizationsByInnListRequest,
            Access = BoxEmployeeIfNamed,
            Response = GetOrganizationsByInnListResponse,
        >,
{
    let found = call.people().organizations_by_inn_list(&call.permit, &call.body.inn_list).await?;
    let standings = call.partners().standings(&call.permit, &found).await?;
    let standings = standings.iter().map(|it| it.as_ref().map(shown));
    Ok(call.answer(&inn_list::answer(found.iter().zip(standings))))
}
