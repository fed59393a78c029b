//! What every program may look up: organizations, document types, workflows.

use potok_testkit::World;
use potok_testkit::sdk::api::methods::{BoxQuery, GetOrganizationQuery, GetOrganizationsByInnKppQuery};

#[tokio::test]
async fn an_organization_is_found_by_each_of_its_keys() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (client, wanted) = (&a.boss.client, b.organization.org_id.to_string());
    let of_box = client.get_box(&BoxQuery::new(b.box_id())).await.unwrap();
    assert_eq!(of_box.organization.map(|found| found.org_id), Some(wanted.clone()));
    let ways: [fn(&mut GetOrganizationQuery, &potok_testkit::Org); 3] = [
        |query, org| query.org_id = Some(org.organization.org_id),
        |query, org| query.box_id = Some(org.box_id()),
        |query, org| query.inn = Some(org.organization.inn.clone()),
    ];
    for name in ways {
        let mut query = GetOrganizationQuery::new();
        name(&mut query, &b);
        assert_eq!(client.get_organization(&query).await.unwrap().org_id, wanted);
    }
    let ambiguous = client.get_organization(&GetOrganizationQuery::new()).await.unwrap_err();
    assert_eq!(ambiguous.status(), Some(400));
    let by_inn = |inn: &str| GetOrganizationsByInnKppQuery::new(inn);
    let found = client.get_organizations_by_inn_kpp(&by_inn(&b.organization.inn)).await.unwrap();
    assert_eq!(found.organizations.iter().map(|found| &found.org_id).collect::<Vec<_>>(), [&wanted]);
    let none = client.get_organizations_by_inn_kpp(&by_inn("7700000000")).await.unwrap();
    assert!(none.organizations.is_empty(), "nobody has it, and that is no fault");
    world.end().await;
}

#[tokio::test]
async fn types_and_workflows_are_listed_in_each_version() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let (client, query) = (&a.boss.client, BoxQuery::new(a.box_id()));
    let v2 = client.get_document_types_v2(&query).await.unwrap().document_types;
    let v3 = client.get_document_types_v3(&query).await.unwrap().document_types;
    let names: Vec<&str> = v3.iter().map(|found| found.name.as_str()).collect();
    assert!(names.contains(&"Nonformalized") && names.contains(&"UniversalTransferDocument"), "{names:?}");
    assert_eq!(v2.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), names);
    let v1 = client.get_workflows_settings(&query).await.unwrap().document_workflow_settings;
    let v2 = client.get_workflows_settings_v2(&query).await.unwrap().document_workflow_settings;
    assert!(!v1.is_empty());
    let ids = v2.iter().map(|found| found.id).collect::<Vec<_>>();
    assert_eq!(v1.iter().map(|found| found.id).collect::<Vec<_>>(), ids);
    world.end().await;
}
