//! Groups of counteragents: who keeps them, who is in them, and what is refused.

use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::methods::{
    AddCounteragentToGroupQuery, BoxQuery, CounteragentGroupQuery, GetCounteragentsFromGroupQuery, PageQuery,
};
use potok_testkit::sdk::proto::counteragent_groups::{
    CounteragentGroup, CounteragentGroupDepartmentPatch, CounteragentGroupToCreate,
    CounteragentGroupToUpdate, DepartmentsInGroup,
};
use potok_testkit::{Person, World};
use potok_types::{BoxId, DepartmentId, GroupId};

use crate::counteragents::{break_up, choosy, invite, seen_by};
use crate::support::refused;

const DEFAULT: &str = "00000000-0000-0000-0000-000000000000";

async fn create(
    boss: &Person,
    name: &str,
    departments: Option<Vec<DepartmentId>>,
) -> Result<CounteragentGroup, Error> {
    let departments = departments
        .map(|ids| DepartmentsInGroup { department_ids: ids.iter().map(ToString::to_string).collect() });
    let new = CounteragentGroupToCreate { name: name.to_owned(), departments };
    boss.client.create_counteragent_group(&BoxQuery::new(boss.box_id), new).await
}

async fn update(
    boss: &Person,
    group: &str,
    patch: CounteragentGroupToUpdate,
) -> Result<CounteragentGroup, Error> {
    let query = CounteragentGroupQuery::new(boss.box_id, group.to_owned());
    boss.json.update_counteragent_group(&query, patch).await
}

async fn put(boss: &Person, group: &str, other: BoxId) -> Result<(), Error> {
    let query = AddCounteragentToGroupQuery::new(boss.box_id, group.to_owned(), other);
    boss.client.add_counteragent_to_group(&query).await.map(drop)
}

/// Everybody in the group, in pages.
async fn members(boss: &Person, group: &str, size: i64) -> Vec<String> {
    let mut query = GetCounteragentsFromGroupQuery::new(boss.box_id, group.to_owned());
    query.count = Some(size);
    let mut all = Vec::new();
    loop {
        let page = boss.client.get_counteragents_from_group(&query).await.unwrap();
        all.extend(page.counteragent_box_id);
        match page.after_index_key {
            Some(key) => query.after_index_key = Some(key.into()),
            None => {
                assert!(page.total_count as usize >= all.len());
                return all;
            }
        }
    }
}

#[tokio::test]
async fn partners_are_in_one_group_each() {
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", "9612345678").await;
    let boss = &a.boss;
    let sales = world.department(&a, "Продажи", DepartmentId::ZERO).await.id;
    let boss = &world.known_person(a.box_id(), boss.user_id, "boss").await;
    let mut others = Vec::new();
    for nth in 0..4 {
        let other = world.organization(&format!("АО {nth}"), &format!("77000000{nth}0")).await;
        invite(boss, other.box_id(), "").await.unwrap();
        world.drain().await;
        others.insert(0, other.box_id());
    }
    let guids = |boxes: &[BoxId]| boxes.iter().map(|id| id.guid()).collect::<Vec<_>>();
    assert_eq!(members(boss, DEFAULT, 3).await, guids(&others));

    let north = create(boss, "Север", None).await.unwrap();
    let south = create(boss, "Юг", Some(vec![sales])).await.unwrap();
    assert_eq!(north.departments, None);
    assert_eq!(south.departments.as_ref().unwrap().department_ids, [sales.to_string()]);
    for (other, group) in [(others[1], &north), (others[2], &south), (others[3], &south)] {
        put(boss, &group.counteragent_group_id, other).await.unwrap();
        let seen = seen_by(boss, other).await.unwrap();
        assert_eq!(seen.counteragent_group_id(), group.counteragent_group_id);
    }
    world.drain().await;
    assert_eq!(members(boss, DEFAULT, 100).await, guids(&others[..1]));
    assert_eq!(members(boss, &south.counteragent_group_id, 1).await, guids(&[others[3], others[2]]));

    // Somebody leaves, and a group goes: its members are in the default group.
    break_up(boss, others[3], "").await.unwrap();
    assert_eq!(members(boss, &south.counteragent_group_id, 100).await, guids(&others[2..3]));
    let query = CounteragentGroupQuery::new(a.box_id(), south.counteragent_group_id.clone());
    boss.client.delete_counteragent_group(&query).await.unwrap();
    assert_eq!(members(boss, DEFAULT, 1).await, guids(&[others[2], others[0]]));
    assert_eq!(seen_by(boss, others[2]).await.unwrap().counteragent_group_id(), DEFAULT);
    assert_eq!(refused(boss.client.get_counteragent_group(&query).await).0, 404);
    // Who is a partner again begins in the default group.
    world.drain().await;
    invite(boss, others[3], "").await.unwrap();
    world.drain().await;
    assert_eq!(members(boss, DEFAULT, 100).await[0], others[3].guid());

    let mut query = PageQuery::new(a.box_id());
    let all = boss.client.get_counteragent_groups(&query).await.unwrap();
    let names: Vec<&str> = all.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!((names, all.total_count), (vec!["По умолчанию", "Север"], 2));
    (query.page, query.count) = (Some(2), Some(1));
    assert_eq!(boss.client.get_counteragent_groups(&query).await.unwrap().groups, all.groups[1..]);
    query.page = Some(9);
    assert!(boss.client.get_counteragent_groups(&query).await.unwrap().groups.is_empty());
    for (page, count) in [(0, 1), (-1, 1), (1, 0), (1, 101)] {
        (query.page, query.count) = (Some(page), Some(count));
        assert_eq!(refused(boss.client.get_counteragent_groups(&query).await).0, 400, "{page} {count}");
    }
    world.end().await;
}

#[tokio::test]
async fn what_groups_cannot_be_is_refused() {
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", "9612345678").await;
    let b = choosy(&world, "АО «Лютик»", "9687654321").await;
    let boss = &a.boss;
    let north = create(boss, "Север", None).await.unwrap().counteragent_group_id;
    let unknown = GroupId::from_uuid(b.box_id().uuid()).to_string();
    let rename =
        |name: &str| CounteragentGroupToUpdate { name: Some(name.to_owned()), group_departments: None };
    let open = |any_department, ids: Option<Vec<String>>| CounteragentGroupToUpdate {
        name: None,
        group_departments: Some(CounteragentGroupDepartmentPatch {
            any_department,
            departments: ids.map(|department_ids| DepartmentsInGroup { department_ids }),
        }),
    };
    let nowhere = DepartmentId::from_uuid(b.box_id().uuid());
    let wide = (0..420).map(|_| nowhere.to_string()).collect();
    for (told, status, words) in [
        (refused(create(boss, "", None).await), 400, "CounteragentGroupToCreate.Name"),
        (refused(create(boss, "Север", None).await), 409, "CounteragentGroupToCreate.Name: there is a group"),
        (refused(create(boss, &"я".repeat(1025), None).await), 400, "CounteragentGroupToCreate.Name"),
        (refused(create(boss, "Юг", Some(vec![])).await), 400, "Departments.DepartmentIds: empty"),
        (refused(create(boss, "Юг", Some(vec![nowhere])).await), 404, "wasn't found"),
        (refused(update(boss, &north, open(false, Some(wide))).await), 400, "DepartmentIds"),
        (
            refused(update(boss, &north, open(true, Some(vec![nowhere.to_string()]))).await),
            400,
            "exclude each other",
        ),
        (refused(update(boss, &north, open(false, None)).await), 400, "list the departments"),
        (
            refused(update(boss, &north, open(false, Some(vec!["x".to_owned()]))).await),
            400,
            "DepartmentIds[0]",
        ),
        (refused(update(boss, &unknown, rename("Юг")).await), 404, "there is no counteragent group"),
        (refused(update(boss, "x", rename("Юг")).await), 400, "counteragentGroupId"),
        (refused(update(boss, DEFAULT, rename("Юг")).await), 400, "the default group cannot be renamed"),
        (refused(update(boss, &north, rename("По умолчанию")).await), 409, "CounteragentGroupToUpdate.Name"),
        (refused(put(boss, &unknown, b.box_id()).await), 404, "there is no counteragent group"),
        (refused(put(boss, &north, b.box_id()).await), 409, "is no active partner"),
    ] {
        assert_eq!(told.0, status, "{}", told.1);
        assert!(told.1.contains(words), "{} {words}", told.1);
    }
    for (group, status) in [(DEFAULT, 409), (unknown.as_str(), 404)] {
        let query = CounteragentGroupQuery::new(a.box_id(), group.to_owned());
        assert_eq!(refused(boss.client.delete_counteragent_group(&query).await).0, status);
    }
    let query = GetCounteragentsFromGroupQuery::new(a.box_id(), unknown);
    assert_eq!(refused(boss.client.get_counteragents_from_group(&query).await).0, 404);
    // Who was invited and has not answered is in no group.
    invite(boss, b.box_id(), "").await.unwrap();
    world.drain().await;
    assert_eq!(refused(put(boss, &north, b.box_id()).await).0, 409);
    let shown = update(boss, DEFAULT, open(false, Some(vec![DepartmentId::ZERO.to_string()]))).await.unwrap();
    assert_eq!(shown.departments.unwrap().department_ids, [DepartmentId::ZERO.to_string()]);
    let shown = update(boss, DEFAULT, open(true, None)).await.unwrap();
    assert_eq!((shown.departments, shown.name.as_str()), (None, "По умолчанию"));
    let query = CounteragentGroupQuery::new(a.box_id(), north);
    assert_eq!(
        boss.client.get_counteragent_group(&query).await.unwrap().name,
        "Север",
        "nothing was written"
    );
    world.end().await;
}
