//! What is told of organizations and people.

use potok_app::{OrganizationQuery, PeopleError, Permit, Subject};
use potok_domain::directory::{Organization, Permissions};
use potok_stories::{Who, box_of, organization, user_of};
use potok_types::access::{BoxEmployee, KnownClient, User};
use potok_types::{BoxId, OrgId};

use crate::fixture::AppFixture;

async fn program(fixture: &AppFixture) -> Permit<KnownClient> {
    let caller = fixture.program().await;
    fixture.app.callers().permit(Some(&caller), Subject::default()).await.unwrap()
}

#[tokio::test]
async fn an_organization_is_named_in_four_ways() {
    let fixture = AppFixture::start().await;
    let program = program(&fixture).await;
    let head = Organization { kpp: Some("770100102".to_owned()), ..organization(Who::B) };
    fixture.store.put_organization(&head);
    let inn =
        |kpp: Option<&str>| OrganizationQuery::Inn { inn: head.inn.clone(), kpp: kpp.map(str::to_owned) };
    for query in [
        OrganizationQuery::Org(head.org_id),
        OrganizationQuery::Box(box_of(Who::B)),
        OrganizationQuery::FnsParticipant("2BM-B".to_owned()),
        inn(Some("770100102")),
    ] {
        let found = fixture.app.people().get_organization(&program, &query).await.unwrap();
        assert_eq!(found.box_id, box_of(Who::B), "{query}");
    }
    // Which of several is the head, nobody has said.
    for query in [inn(None), inn(Some("770100199"))] {
        let refused = fixture.app.people().get_organization(&program, &query).await.unwrap_err();
        assert!(matches!(refused, PeopleError::NotOneOrganization { .. }), "{query}: {refused}");
    }
    let nobody = "00000000-0000-0000-0000-000000000000";
    for (query, name) in
        [(OrganizationQuery::Org(OrgId::ZERO), "orgId"), (OrganizationQuery::Box(BoxId::ZERO), "boxId")]
    {
        let refused = fixture.app.people().get_organization(&program, &query).await.unwrap_err();
        assert_eq!(refused.to_string(), format!("No organization found with {name} = {nobody}"));
    }
    let refused = fixture.app.people().get_box(&program, BoxId::ZERO).await.unwrap_err();
    assert_eq!(refused.to_string(), format!("Unknown box: {nobody}"));
    let refused = OrganizationQuery::Inn { inn: "1".to_owned(), kpp: None };
    let refused = fixture.app.people().get_organization(&program, &refused).await.unwrap_err();
    assert_eq!(refused.to_string(), "No organization found or exists more than one with inn = 1, kpp = ");
}

#[tokio::test]
async fn people_are_told_where_they_are_employed_and_not_shut_out() {
    let fixture = AppFixture::start().await;
    let user = user_of(Who::A);
    fixture.employ(user, box_of(Who::B), Permissions::full()).await;
    fixture.employ(user, box_of(Who::C), Permissions { is_blocked: true, ..Permissions::full() }).await;
    let caller = fixture.caller(user).await;
    let permit = fixture.app.callers().permit::<User>(Some(&caller), Subject::default()).await.unwrap();
    let mine = fixture.app.people().organizations_of(&permit).await.unwrap();
    let boxes: Vec<_> = mine.iter().map(|member| member.organization.box_id).collect();
    assert_eq!(boxes, [box_of(Who::A), box_of(Who::B)]);
}

#[tokio::test]
async fn routes_of_the_own_organization_are_told() {
    let fixture = AppFixture::start().await;
    let boss = fixture.boss::<BoxEmployee>(Who::B).await;
    let routes = fixture.app.people().resolution_routes(&boss).await.unwrap();
    assert_eq!(routes.iter().map(|route| &*route.name).collect::<Vec<_>>(), ["Договоры"]);
}
