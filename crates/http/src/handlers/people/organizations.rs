//! `GetMyOrganizations`, `GetMyUser` V2, `GetBox`, `GetOrganization`, `GetOrganizationsByInnKpp`.

use potok_api::methods::{
    GetBox, GetMyOrganizations, GetMyUserV2, GetOrganization, GetOrganizationQuery, GetOrganizationsByInnKpp,
};
use potok_app::OrganizationQuery;
use potok_translate::directory::{self, OrganizationView};

use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;
use crate::{ApiError, ErrorCode};

pub(super) fn register(all: &mut Registry) {
    all.on::<GetBox, _>(get_box);
    all.on::<GetMyOrganizations, _>(get_my_organizations);
    all.on::<GetMyUserV2, _>(get_my_user);
    all.on::<GetOrganization, _>(get_organization);
    all.on::<GetOrganizationsByInnKpp, _>(get_organizations_by_inn_kpp);
}

/// `GET /GetMyOrganizations`.
async fn get_my_organizations(call: Call<GetMyOrganizations>) -> Result<Answer, ApiError> {
    if call.query.auto_register.unwrap_or(true) {
        if call.permit.is_service {
            let text = "a service account cannot be registered automatically: call with autoRegister=false";
            return Err(ApiError::new(ErrorCode::Forbidden, text));
        }
        call.people().register_by_certificates(&call.permit).await?;
    }
    let mine = call.people().organizations_of(&call.permit).await?;
    let organizations = mine.iter().map(|member| &member.organization);
    Ok(call.answer(&directory::organization_list(organizations, OrganizationView::MINE)))
}

/// `GET /V2/GetMyUser`.
async fn get_my_user(call: Call<GetMyUserV2>) -> Result<Answer, ApiError> {
    Ok(call.answer(&directory::user_v2(&call.permit)))
}

/// `GET /GetBox`.
async fn get_box(call: Call<GetBox>) -> Result<Answer, ApiError> {
    let owner = call.people().get_box(&call.permit, call.query.box_id).await?;
    Ok(call.answer(&directory::box_with_organization(&owner)))
}

/// `GET /GetOrganization`.
async fn get_organization(mut call: Call<GetOrganization>) -> Result<Answer, ApiError> {
    let query = organization_query(&mut call.query)?;
    let found = call.people().get_organization(&call.permit, &query).await?;
    Ok(call.answer(&directory::organization(&found, OrganizationView::default())))
}

/// `GET /GetOrganizationsByInnKpp`.
async fn get_organizations_by_inn_kpp(call: Call<GetOrganizationsByInnKpp>) -> Result<Answer, ApiError> {
    let found = call
        .people()
        .organizations_by_inn_kpp(&call.permit, &call.query.inn, call.query.kpp.as_deref())
        .await?;
    if !call.query.include_relations.unwrap_or_default() {
        return Ok(call.answer(&directory::organization_list(&found, OrganizationView::default())));
    }
    let counts = call.partners().waiting_invitations(&call.permit, &found).await?;
    Ok(call.answer(&directory::organization_list_with_invitations(found.iter().zip(counts))))
}

fn organization_query(query: &mut GetOrganizationQuery) -> Result<OrganizationQuery, ApiError> {
    let kpp = query.kpp.take();
    let mut given = [
        query.org_id.map(OrganizationQuery::Org),
        query.box_id.map(OrganizationQuery::Box),
        query.fns_participant_id.take().map(OrganizationQuery::FnsParticipant),
        query.inn.take().map(|inn| OrganizationQuery::Inn { inn, kpp }),
        query.foreign_taxpayer_code.take().map(OrganizationQuery::ForeignCode),
    ]
    .into_iter()
    .flatten();
    match (given.next(), given.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(ApiError::bad_request(
            "give exactly one of the query parameters orgId, boxId, fnsParticipantId, inn (with kpp or without) and \
             foreignTaxpayerCode",
        )),
    }
}

#[cfg(test)]
mod tests {
    use potok_api::QueryParams as _;

    use super::*;

    fn read(query: &str) -> Result<OrganizationQuery, ErrorCode> {
        let mut query = GetOrganizationQuery::parse(query).unwrap();
        organization_query(&mut query).map_err(|error| error.code)
    }

    #[test]
    fn exactly_one_way_to_name_an_organization() {
        let inn = |inn: &str, kpp: Option<&str>| {
            Ok(OrganizationQuery::Inn { inn: inn.to_owned(), kpp: kpp.map(str::to_owned) })
        };
        assert_eq!(read("inn=7750370238&kpp=770100101"), inn("7750370238", Some("770100101")));
        assert_eq!(read("inn=7750370238&kpp="), inn("7750370238", None));
        assert_eq!(read("fnsParticipantId=2BM-1"), Ok(OrganizationQuery::FnsParticipant("2BM-1".to_owned())));
        for wrong in ["", "kpp=770100101", "inn=1&fnsParticipantId=2", "inn=1&foreignTaxpayerCode=2"] {
            assert_eq!(read(wrong), Err(ErrorCode::BadRequest), "{wrong}");
        }
        assert_eq!(read("foreignTaxpayerCode=2"), Ok(OrganizationQuery::ForeignCode("2".to_owned())));
    }
}
