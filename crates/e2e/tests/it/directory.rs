//! What every program may look up: organizations, document types, workflows.

use potok_testkit::World;
use potok_testkit::app::admin::NewOrganization;
use potok_testkit::sdk::api::methods::{
    AcquireCounteragentQuery, BoxQuery, GetOrganizationQuery, GetOrganizationsByForeignTaxpayerCodeQuery,
    GetOrganizationsByInnKppQuery, GetOrganizationsByInnListQuery, GetOrganizationsByInnListV1Query,
};
use potok_testkit::sdk::proto::{
    AcquireCounteragentRequest, CounteragentStatus, GetOrganizationsByInnListRequest,
    OrganizationWithCounteragentStatus,
};
use potok_types::BoxId;

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
    let named = |name: fn(&mut GetOrganizationQuery)| {
        let mut query = GetOrganizationQuery::new();
        name(&mut query);
        query
    };
    for (query, status) in [
        (GetOrganizationQuery::new(), 400),
        (named(|it| (it.box_id, it.inn) = (Some(BoxId::ZERO), Some("7700000000".to_owned()))), 400),
        (named(|it| it.box_id = Some(BoxId::ZERO)), 404),
        (named(|it| it.inn = Some("7700000000".to_owned())), 404),
        (named(|it| it.fns_participant_id = Some("2BM-nobody".to_owned())), 404),
        (named(|it| it.foreign_taxpayer_code = Some("DE-0".to_owned())), 404),
    ] {
        for client in [client, &a.boss.json] {
            assert_eq!(
                client.get_organization(&query).await.unwrap_err().status(),
                Some(status),
                "{query:?}"
            );
        }
    }
    assert_eq!(client.get_box(&BoxQuery::new(BoxId::ZERO)).await.unwrap_err().status(), Some(404));
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

#[tokio::test]
async fn many_organizations_are_found_at_once() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let client = &a.boss.client;
    let list = |inns: &[&str]| GetOrganizationsByInnListRequest {
        inn_list: inns.iter().map(|inn| (*inn).to_owned()).collect(),
    };
    let known = [&*a.organization.inn, "7700000000", &*b.organization.inn, &*b.organization.inn];
    let query = GetOrganizationsByInnListQuery::new();
    let found = client.get_organizations_by_inn_list_v2(&query, list(&known)).await.unwrap().organizations;
    let mut inns: Vec<&str> = found.iter().map(|one| &*one.organization.inn).collect();
    inns.sort_unstable();
    assert_eq!(
        inns,
        [&*a.organization.inn, &*b.organization.inn],
        "each once; who is unknown is passed over"
    );
    // To who names a box they are what they are to it.
    let invite = AcquireCounteragentRequest { box_id: Some(b.box_id().guid()), ..Default::default() };
    client.acquire_counteragent_v3(&AcquireCounteragentQuery::new(a.box_id()), invite).await.unwrap();
    world.drain().await;
    let mut mine = GetOrganizationsByInnListQuery::new();
    mine.my_box_id = Some(a.box_id());
    let seen = client.get_organizations_by_inn_list_v2(&mine, list(&known)).await.unwrap().organizations;
    let b_is = seen.iter().find(|one| one.organization.inn == b.organization.inn).unwrap();
    assert_eq!(b_is.counteragent_status(), CounteragentStatus::IsMyCounteragent);
    assert!(b_is.last_event_timestamp_ticks.is_some() && b_is.counteragent_group_id.is_some());
    let a_is = seen.iter().find(|one| one.organization.inn == a.organization.inn).unwrap();
    assert_eq!(a_is.counteragent_status(), CounteragentStatus::NotInCounteragentList);
    let found = client.get_organizations_by_inn_list_v2(&query, list(&known)).await.unwrap().organizations;
    let is_nobody = |status| status == CounteragentStatus::NotInCounteragentList;
    assert!(found.iter().all(|one| is_nobody(one.counteragent_status())));
    let v1 = GetOrganizationsByInnListV1Query::new();
    let v1 = a.boss.json.get_organizations_by_inn_list(&v1, list(&known)).await.unwrap();
    let ids = |found: &[OrganizationWithCounteragentStatus]| {
        found.iter().map(|one| one.organization.org_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&v1.organizations), ids(&found));
    let too_many = GetOrganizationsByInnListRequest { inn_list: vec!["7700000000".to_owned(); 1001] };
    let refused = client.get_organizations_by_inn_list_v2(&query, too_many).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.status(), Some(400), "{refused}");
    world.end().await;
}

#[tokio::test]
async fn a_foreign_organization_is_found_by_its_code_at_home() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let new = NewOrganization {
        name: "Glocke GmbH".to_owned(),
        inn: "9901000010".to_owned(),
        foreign_code: Some("DE-1".to_owned()),
        ..NewOrganization::default()
    };
    let made = world.app().admin().create_organization(new.clone()).await.unwrap();
    let by_code = |code: &str| GetOrganizationsByForeignTaxpayerCodeQuery::new(code);
    let client = &a.boss.client;
    let found = client.get_organizations_by_foreign_taxpayer_code(&by_code("DE-1")).await.unwrap();
    assert_eq!(found.organizations[0].org_id, made.org_id.to_string());
    assert!(found.organizations[0].is_foreign());
    let code = &found.organizations[0].foreign_information.as_ref().unwrap().foreign_taxpayer_code;
    assert_eq!(code, "DE-1");
    let json = a.boss.json.get_organizations_by_foreign_taxpayer_code(&by_code("DE-1")).await.unwrap();
    assert_eq!(json.organizations[0].foreign_information, found.organizations[0].foreign_information);
    let none = client.get_organizations_by_foreign_taxpayer_code(&by_code("DE-2")).await.unwrap();
    assert!(none.organizations.is_empty());

    let mut query = GetOrganizationQuery::new();
    query.foreign_taxpayer_code = Some("DE-1".to_owned());
    assert_eq!(client.get_organization(&query).await.unwrap().org_id, made.org_id.to_string());
    let twin = NewOrganization { fns_participant_id: Some("2BM-twin".to_owned()), ..new };
    world.app().admin().create_organization(twin).await.unwrap();
    let ambiguous = client.get_organization(&query).await.unwrap_err();
    assert_eq!(ambiguous.status(), Some(404), "which of several is meant, nobody has said");
    world.end().await;
}

#[tokio::test]
async fn an_organization_is_told_what_it_may_use() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let told = a.boss.client.get_organization_features(&BoxQuery::new(a.box_id())).await.unwrap();
    assert_eq!(a.boss.json.get_organization_features(&BoxQuery::new(a.box_id())).await.unwrap(), told);
    assert!(!told.block_status.manual_block_status.is_blocked);
    assert!(!told.block_status.auto_block_status.is_blocked);
    assert!(told.features.iter().any(|name| name == "AllowProxifiedDocuments"), "{:?}", told.features);
    let stranger = b.boss.client.get_organization_features(&BoxQuery::new(a.box_id())).await.unwrap_err();
    assert_eq!(stranger.status(), Some(403));
    world.end().await;
}
