//! What somebody may do in an organization, as they are told.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::OrganizationQuery;
use potok_testkit::sdk::proto::{DocumentAccessLevel, OrganizationUserPermissions};
use potok_testkit::{RawRequest, World};
use potok_types::{DepartmentId, OrgId};
use serde_json::Value;

#[tokio::test]
async fn everybody_is_told_the_own_permissions() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let narrow = Permissions {
        department: sales,
        is_administrator: false,
        access: AccessLevel::SelectedDepartments,
        selected_departments: vec![sales],
        can_sign_documents: false,
        can_manage_counteragents: false,
        can_delete_restore_documents: false,
        ..Permissions::full()
    };
    let clerk = world.person(b.box_id(), "clerk@b", narrow).await;
    let query = OrganizationQuery::new(b.organization.org_id);
    let told = clerk.client.get_my_permissions(&query).await.unwrap();
    assert_eq!(clerk.json.get_my_permissions(&query).await.unwrap(), told);
    let OrganizationUserPermissions { user_department_id, selected_department_ids, .. } = &told;
    assert_eq!(
        (user_department_id, &selected_department_ids[..]),
        (&sales.to_string(), &[sales.to_string()][..])
    );
    assert_eq!(told.document_access_level(), DocumentAccessLevel::SelectedDepartments);
    assert!(!told.is_administrator && !told.can_sign_documents);
    assert!(!told.can_manage_counteragents && !told.can_delete_restore_documents);
    assert!(told.can_create_documents && told.can_add_resolutions && told.can_request_resolutions);
    assert!(told.can_attach_universal_messages && !told.authorization_permission.is_blocked);
    assert_eq!(told.job_title(), "Сотрудник");

    let boss = b.boss.client.get_my_permissions(&query).await.unwrap();
    assert!(boss.is_administrator && boss.can_sign_documents);
    assert_eq!(boss.document_access_level(), DocumentAccessLevel::AllDocuments);
    assert!(boss.selected_department_ids.is_empty());
    let path = format!("/GetMyPermissions?orgId={}", b.organization.org_id);
    let asked = RawRequest::get(path).bearer(&b.boss.access_token).header("Accept", "application/json");
    let shown: Value = serde_json::from_slice(&world.raw(asked).await.body).unwrap();
    assert_eq!(shown["DocumentAccessLevel"], "AllDocuments");
    assert_eq!(shown["AuthorizationPermission"]["IsBlocked"], false);

    let stranger = a.boss.client.get_my_permissions(&query).await.unwrap_err();
    assert_eq!(stranger.status(), Some(403));
    let nowhere = b.boss.client.get_my_permissions(&OrganizationQuery::new(OrgId::ZERO)).await.unwrap_err();
    assert_eq!(nowhere.status(), Some(403), "the method has no answer 404");
    world.end().await;
}
