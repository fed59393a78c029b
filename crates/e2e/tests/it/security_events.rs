//! What happened to an organization and its people, as everybody there may read it.

use potok_testkit::World;
use potok_testkit::sdk::api::methods::{BoxQuery, EmployeeQuery, GetSecurityEventsQuery};
use potok_testkit::sdk::proto::employees::{
    AuthorizationPermissionPatch, EmployeePermissionsPatch, EmployeeToUpdate,
};
use potok_testkit::sdk::proto::{SecurityEventList, SecurityEventType};
use potok_types::DepartmentId;

fn kinds(list: &SecurityEventList) -> Vec<&str> {
    list.events.iter().filter_map(|event| event.details.split(':').next()).collect()
}

#[tokio::test]
async fn every_change_of_the_directory_is_told_with_its_author_and_time() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let clerk =
        world.person(a.box_id(), "clerk@a", potok_testkit::domain::directory::Permissions::none()).await;
    let sales = world.department(&a, "Продажи", DepartmentId::ZERO).await;
    let block = EmployeeToUpdate {
        permissions: Some(EmployeePermissionsPatch {
            authorization_permission: Some(AuthorizationPermissionPatch { is_blocked: true, comment: None }),
            ..EmployeePermissionsPatch::default()
        }),
        ..EmployeeToUpdate::default()
    };
    let of_clerk = EmployeeQuery::new(a.box_id(), clerk.user_id);
    a.boss.client.update_employee(&of_clerk, block).await.unwrap();
    a.boss.client.delete_employee(&of_clerk).await.unwrap();
    let stranger = b.boss.client.get_security_events(&GetSecurityEventsQuery::new(a.box_id())).await;
    assert_eq!(stranger.unwrap_err().status(), Some(403));

    let query = GetSecurityEventsQuery::new(a.box_id());
    let all = a.boss.client.get_security_events(&query).await.unwrap();
    let expected = [
        "OrganizationCreated",
        "EmployeeCreated",
        "EmployeeCreated",
        "DepartmentCreated",
        "EmployeeBlocked",
        "EmployeeDeleted",
    ];
    assert_eq!(kinds(&all), expected);
    assert!(all.events.iter().all(|event| event.event_type() == SecurityEventType::UnknownEventType));
    assert!(all.events.is_sorted_by_key(|event| event.timestamp_ticks));
    let department = &all.events[3].details;
    assert!(department.contains("Продажи") && department.contains(&sales.id.to_string()), "{department}");
    assert!(department.ends_with("by the administrator of the server"), "{department}");
    let blocked = &all.events[4].details;
    let by_boss = format!("by Иванов Иван ({})", a.boss.user_id);
    assert!(blocked.contains(&clerk.user_id.to_string()) && blocked.ends_with(&by_boss), "{blocked}");
    assert_eq!(a.boss.json.get_security_events(&query).await.unwrap(), all);

    // Page by page the same.
    let mut pages = Vec::new();
    let mut after = None;
    loop {
        let query = GetSecurityEventsQuery {
            count: Some(4),
            after_index_key: after.clone(),
            ..GetSecurityEventsQuery::new(a.box_id())
        };
        let page = a.boss.json.get_security_events(&query).await.unwrap();
        let Some(last) = page.last_index_key else { break };
        pages.extend(page.events);
        after = Some(last.into());
    }
    assert_eq!(pages, all.events);

    for (count, after) in [(Some(0), None), (Some(1001), None), (None, Some("x".into()))] {
        let wrong = GetSecurityEventsQuery {
            count,
            after_index_key: after,
            ..GetSecurityEventsQuery::new(a.box_id())
        };
        assert_eq!(a.boss.client.get_security_events(&wrong).await.unwrap_err().status(), Some(400));
    }
    a.boss.client.get_my_employee(&BoxQuery::new(a.box_id())).await.unwrap();
    world.end().await;
}
