//! Requisites that administrators of an organization change.

use potok_testkit::World;
use potok_testkit::sdk::api::methods::BoxQuery;
use potok_testkit::sdk::proto::{
    Address, HeadOrganizationPropertiesToUpdate, Organization, OrganizationPropertiesToUpdate,
    RussianAddress, StringValue,
};

fn value(text: &str) -> Option<StringValue> {
    Some(StringValue { value: Some(text.to_owned()) })
}

#[tokio::test]
async fn requisites_are_changed_one_by_one() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let nothing = || OrganizationPropertiesToUpdate {
        org_id: a.organization.org_id.to_string(),
        ..OrganizationPropertiesToUpdate::default()
    };
    let shown = async || -> Box<Organization> {
        let query = BoxQuery::new(a.box_id());
        b.boss.client.get_box(&query).await.unwrap().organization.unwrap()
    };
    let russian = RussianAddress { region: "77".to_owned(), ..RussianAddress::default() };
    let address = Box::new(Address { russian_address: Some(russian), ..Address::default() });
    let all = OrganizationPropertiesToUpdate {
        ogrn: value("1027700000000"),
        ifns_code: value("7701"),
        address: Some(address.clone()),
        ..nothing()
    };
    a.boss.client.update_organization_properties(all).await.unwrap();
    let told = shown().await;
    assert_eq!((told.ogrn.as_deref(), told.ifns_code.as_deref()), (Some("1027700000000"), Some("7701")));
    assert_eq!(told.address, Some(address.clone()));
    a.boss.json.update_organization_properties(nothing()).await.unwrap();
    assert_eq!(shown().await.ogrn.as_deref(), Some("1027700000000"), "what is absent stays");
    let cleared = OrganizationPropertiesToUpdate { ogrn: value(""), ..nothing() };
    a.boss.json.update_organization_properties(cleared).await.unwrap();
    let told = shown().await;
    assert_eq!((told.ogrn, told.address), (None, Some(address)));

    for (wrong, words) in [
        (
            OrganizationPropertiesToUpdate { ogrn: value("1"), ..nothing() },
            "OrganizationPropertiesToUpdate.Ogrn.Value: \"1\" must be 13 or 15 digits",
        ),
        (
            OrganizationPropertiesToUpdate { ifns_code: value("77"), ..nothing() },
            "OrganizationPropertiesToUpdate.IfnsCode.Value: \"77\" must be 4 digits",
        ),
        (
            OrganizationPropertiesToUpdate {
                head_organization_properties: Some(HeadOrganizationPropertiesToUpdate::default()),
                ..nothing()
            },
            "OrganizationPropertiesToUpdate.HeadOrganizationProperties: the organization is no branch",
        ),
    ] {
        let refused = a.boss.client.update_organization_properties(wrong).await.unwrap_err();
        assert_eq!(refused.status(), Some(400));
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let stranger = b.boss.client.update_organization_properties(nothing()).await.unwrap_err();
    assert_eq!(stranger.status(), Some(403));
    world.end().await;
}
