//! Counteragents: who invites whom, what either side is told, and what is refused.

use potok_testkit::app::admin::NewOrganization;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::methods::{
    AcquireCounteragentByOrganizationQuery, AcquireCounteragentQuery, AcquireCounteragentV1Query,
    BreakWithCounteragentByOrganizationQuery, BreakWithCounteragentQuery, CounteragentByOrganizationQuery,
    CounteragentQuery, CounteragentsByOrganizationQuery, CounteragentsQuery, CounteragentsV1Query,
    GetCounteragentEventsQuery, GetOrganizationsByInnKppQuery, TaskQuery,
};
use potok_testkit::sdk::proto::{
    AcquireCounteragentRequest, Counteragent, CounteragentList, CounteragentStatus, Organization,
    TotalCountType,
};
use potok_testkit::{Org, Person, RawRequest, World};
use potok_types::{BoxId, OrgId};
use serde_json::Value;

use CounteragentStatus::{InvitesMe, IsInvitedByMe, IsMyCounteragent, IsRejectedByMe, RejectsMe};

use crate::support::refused;

/// An organization that takes documents from its counteragents only.
pub(crate) async fn choosy(world: &World, name: &str, inn: &str) -> Org {
    let new = NewOrganization {
        name: name.to_owned(),
        inn: inn.to_owned(),
        is_test: true,
        counteragents_only: true,
        ..NewOrganization::default()
    };
    let organization = world.app().admin().create_organization(new).await.unwrap();
    let boss = world.person(organization.box_id, &format!("boss@{inn}"), Permissions::full()).await;
    Org { organization, boss }
}

pub(crate) async fn invite(by: &Person, other: BoxId, words: &str) -> Result<String, Error> {
    let request = AcquireCounteragentRequest {
        box_id: Some(other.guid()),
        message_to_counteragent: Some(words.to_owned()),
        ..AcquireCounteragentRequest::default()
    };
    let started =
        by.client.acquire_counteragent_v3(&AcquireCounteragentQuery::new(by.box_id), request).await?;
    Ok(started.task_id.unwrap())
}

pub(crate) async fn break_up(by: &Person, other: BoxId, words: &str) -> Result<(), Error> {
    let mut query = BreakWithCounteragentQuery::new(by.box_id, other);
    query.comment = Some(words.to_owned());
    by.client.break_with_counteragent_v2(&query).await.map(drop)
}

pub(crate) async fn seen_by(person: &Person, other: BoxId) -> Result<Counteragent, Error> {
    let query = CounteragentQuery::new(person.box_id, other);
    let seen = person.client.get_counteragent_v3(&query).await?;
    assert_eq!(bare(person.json.get_counteragent_v3(&query).await?), bare(seen.clone()));
    Ok(seen)
}

/// `InvitationCount` of the one organization that is found.
async fn waiting(person: &Person, query: &GetOrganizationsByInnKppQuery) -> Option<i32> {
    let found = person.client.get_organizations_by_inn_kpp(query).await.unwrap().organizations;
    assert_eq!(found.len(), 1);
    found[0].invitation_count
}

/// Without the organization, of which JSON says more.
fn bare(seen: Counteragent) -> Counteragent {
    Counteragent { organization: Organization::default(), ..seen }
}

/// What each of the two is to the other one; `None` where it does not stand in the list.
pub(crate) async fn pair(a: &Person, b: &Person) -> [Option<CounteragentStatus>; 2] {
    let seen = async |by: &Person, other: &Person| match seen_by(by, other.box_id).await {
        Ok(seen) => Some(seen.current_status()),
        Err(error) => {
            assert_eq!(error.status(), Some(404));
            None
        }
    };
    [seen(a, b).await, seen(b, a).await]
}

/// The names of the events that the box is told of another one, oldest first, with the status after each.
async fn told(person: &Person, other: BoxId) -> Vec<(Vec<i32>, CounteragentStatus)> {
    let query = GetCounteragentEventsQuery::new(person.box_id);
    let page = person.client.get_counteragent_events(&query).await.unwrap();
    assert_eq!(person.json.get_counteragent_events(&query).await.unwrap(), page);
    let of_other = page.events.into_iter().filter_map(|event| {
        let seen = event.counteragent?;
        let status = seen.status();
        (seen.counteragent_box_id == other.guid()).then_some((event.event_types, status))
    });
    of_other.collect()
}

#[tokio::test]
async fn an_invitation_is_accepted_and_the_partnership_broken() {
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", "9612345678").await;
    let b = choosy(&world, "АО «Лютик»", "9687654321").await;
    let (boss_a, boss_b) = (&a.boss, &b.boss);
    assert_eq!(pair(boss_a, boss_b).await, [None, None]);

    let task = invite(boss_a, b.box_id(), "Давайте обмениваться").await.unwrap();
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), None], "not delivered yet");
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), Some(InvitesMe)]);
    let seen = seen_by(boss_b, a.box_id()).await.unwrap();
    assert_eq!(seen.message_from_counteragent(), "Давайте обмениваться");
    assert_eq!(seen.organization.boxes[0].box_id_guid, a.box_id().guid());
    let done = boss_a.client.acquire_counteragent_result_v2(&TaskQuery::new(task.clone())).await.unwrap();
    assert_eq!(done.0.unwrap().box_id, b.box_id().guid());
    let done = boss_a.json.acquire_counteragent_result(&TaskQuery::new(task.clone())).await.unwrap();
    assert_eq!(done.0.unwrap().org_id, b.organization.org_id.to_string());

    // Who asks for relations is told that one invitation waits for an answer.
    let mut counted = GetOrganizationsByInnKppQuery::new(b.organization.inn.clone());
    assert_eq!(waiting(boss_a, &counted).await, None);
    counted.include_relations = Some(true);
    assert_eq!(waiting(boss_a, &counted).await, Some(1));

    // Inviting again changes nothing, and neither does accepting twice.
    invite(boss_a, b.box_id(), "Ещё раз").await.unwrap();
    for _ in 0..2 {
        invite(boss_b, a.box_id(), "Согласны").await.unwrap();
    }
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2]);
    assert_eq!(waiting(boss_a, &counted).await, Some(0));

    break_up(boss_b, a.box_id(), "Больше не нужно").await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(RejectsMe), Some(IsRejectedByMe)]);
    let seen = seen_by(boss_a, b.box_id()).await.unwrap();
    assert_eq!(seen.message_from_counteragent(), "Больше не нужно");
    assert_eq!(seen.counteragent_group_id, None, "only partners are in groups");
    break_up(boss_a, b.box_id(), "").await.unwrap();
    world.drain().await;
    assert_eq!(
        pair(boss_a, boss_b).await,
        [Some(RejectsMe), Some(IsRejectedByMe)],
        "nothing is left to break"
    );

    // Who withdraws is again what it was before.
    invite(boss_a, b.box_id(), "Передумайте").await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), Some(InvitesMe)]);
    break_up(boss_a, b.box_id(), "").await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(RejectsMe), Some(IsRejectedByMe)]);

    assert_eq!(
        told(boss_a, b.box_id()).await,
        [
            (vec![1], IsInvitedByMe),
            (vec![3], IsMyCounteragent),
            (vec![10], RejectsMe),
            (vec![1], IsInvitedByMe),
            (vec![5], RejectsMe),
        ]
    );
    assert_eq!(
        told(boss_b, a.box_id()).await,
        [
            (vec![2], InvitesMe),
            (vec![4], IsMyCounteragent),
            (vec![9], IsRejectedByMe),
            (vec![2], InvitesMe),
            (vec![6], IsRejectedByMe),
        ]
    );
    world.end().await;
}

#[tokio::test]
async fn crossing_invitations_make_partners_and_a_withdrawn_one_leaves_nothing() {
    let world = World::start().await;
    let a = choosy(&world, "ООО «Ромашка»", "9612345678").await;
    let b = choosy(&world, "АО «Лютик»", "9687654321").await;
    let (boss_a, boss_b) = (&a.boss, &b.boss);
    invite(boss_a, b.box_id(), "").await.unwrap();
    world.drain().await;
    break_up(boss_a, b.box_id(), "").await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [None, None]);

    invite(boss_a, b.box_id(), "").await.unwrap();
    invite(boss_b, a.box_id(), "").await.unwrap();
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe); 2], "neither knows of the other");
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2]);
    for (person, other) in [(boss_a, b.box_id()), (boss_b, a.box_id())] {
        assert_eq!(told(person, other).await.last().unwrap(), &(vec![2, 3, 4], IsMyCounteragent));
    }
    // One declines.
    let c = choosy(&world, "ЗАО «Клевер»", "7701234567").await;
    invite(boss_a, c.box_id(), "").await.unwrap();
    world.drain().await;
    break_up(&c.boss, a.box_id(), "Нет").await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, &c.boss).await, [Some(RejectsMe), Some(IsRejectedByMe)]);
    assert_eq!(told(boss_a, c.box_id()).await.last().unwrap(), &(vec![8], RejectsMe));
    world.end().await;
}

#[tokio::test]
async fn who_takes_documents_from_everybody_agrees_to_everybody() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (boss_a, boss_b) = (&a.boss, &b.boss);
    // The first versions name organizations, and the very first one has no task.
    let mut query = AcquireCounteragentV1Query::new(a.organization.org_id, b.organization.org_id);
    query.comment = Some("Привет".to_owned());
    boss_a.client.acquire_counteragent(&query).await.unwrap();
    assert_eq!(told(boss_a, b.box_id()).await, [(vec![1, 3], IsMyCounteragent)]);
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2]);
    assert_eq!(told(boss_b, a.box_id()).await, [(vec![2, 4], IsMyCounteragent)]);

    let both = (b.organization.org_id, a.organization.org_id);
    let mut query = BreakWithCounteragentByOrganizationQuery::new(both.0, both.1);
    query.comment = Some("Хватит".to_owned());
    boss_b.client.break_with_counteragent(&query).await.unwrap();
    world.drain().await;
    // Who was rejected is welcome no more: the other side has to agree.
    let invitation = AcquireCounteragentRequest {
        org_id: Some(b.organization.org_id.to_string()),
        ..AcquireCounteragentRequest::default()
    };
    let query = AcquireCounteragentByOrganizationQuery::new(a.organization.org_id);
    boss_a.client.acquire_counteragent_v2(&query, invitation).await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsInvitedByMe), Some(InvitesMe)]);
    let by_inn = AcquireCounteragentRequest {
        inn: Some(a.organization.inn.clone()),
        ..AcquireCounteragentRequest::default()
    };
    boss_b.json.acquire_counteragent_v3(&AcquireCounteragentQuery::new(b.box_id()), by_inn).await.unwrap();
    world.drain().await;
    assert_eq!(pair(boss_a, boss_b).await, [Some(IsMyCounteragent); 2]);

    let query = CounteragentByOrganizationQuery::new(a.organization.org_id, b.organization.org_id);
    let first = boss_a.client.get_counteragent(&query).await.unwrap();
    assert_eq!(boss_a.client.get_counteragent_v2(&query).await.unwrap(), first);
    assert_eq!(seen_by(boss_a, b.box_id()).await.unwrap(), first);
    let unknown = CounteragentByOrganizationQuery::new(a.organization.org_id, OrgId::ZERO);
    assert_eq!(refused(boss_a.client.get_counteragent(&unknown).await).0, 404);
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_invited_is_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let real = world.real_organization("ООО «Настоящая»", "7701234567").await;
    let boss = &a.boss;
    let query = AcquireCounteragentQuery::new(a.box_id());
    let ask = async |request: AcquireCounteragentRequest| {
        boss.client.acquire_counteragent_v3(&query, request).await
    };
    let to = |box_id: String| AcquireCounteragentRequest {
        box_id: Some(box_id),
        ..AcquireCounteragentRequest::default()
    };
    for (request, status, words) in [
        (AcquireCounteragentRequest::default(), 400, "AcquireCounteragentRequest names nobody"),
        (to("x".to_owned()), 400, "BoxId field is not valid box id: x"),
        (to(a.box_id().guid()), 400, "is the organization's own"),
        (to(BoxId::ZERO.guid()), 404, "AcquireCounteragentRequest.BoxId: there is no box"),
        (to(real.box_id().guid()), 409, "test organizations and others are no partners"),
        (
            AcquireCounteragentRequest {
                message_to_counteragent: Some("я".repeat(2001)),
                ..to(b.box_id().guid())
            },
            400,
            "MessageToCounteragent",
        ),
    ] {
        let (found, text) = refused(ask(request).await);
        assert_eq!(found, status, "{text}");
        assert!(text.contains(words), "{text}");
    }
    // Whether somebody has an INN is told by the result.
    let by_inn = AcquireCounteragentRequest {
        inn: Some("1234567894".to_owned()),
        ..AcquireCounteragentRequest::default()
    };
    let task = ask(by_inn).await.unwrap().task_id.unwrap();
    let (status, text) =
        refused(boss.client.acquire_counteragent_result_v2(&TaskQuery::new(task.clone())).await);
    assert_eq!(status, 409);
    assert!(text.contains("no organization here has the INN 1234567894"), "{text}");
    // The task is another user's, or no task at all, or a day old: nobody is told which.
    let colleague = world.person(a.box_id(), "colleague@a", Permissions::full()).await;
    let mut told = Vec::new();
    for (person, id) in [(&colleague, task.clone()), (boss, BoxId::ZERO.guid())] {
        let (status, text) =
            refused(person.client.acquire_counteragent_result(&TaskQuery::new(id.clone())).await);
        assert_eq!(status, 404);
        let (text, _) = text.split_once(" (trace").unwrap();
        told.push(text.replace(&id, ""));
    }
    assert_eq!(told[0], told[1]);
    world.clock().advance_seconds(24 * 3600 + 1);
    let boss = world.known_person(a.box_id(), boss.user_id, "boss").await;
    let boss_b = world.known_person(b.box_id(), b.boss.user_id, "boss").await;
    assert_eq!(refused(boss.client.acquire_counteragent_result(&TaskQuery::new(task)).await).0, 404);
    assert_eq!(
        refused(boss.client.acquire_counteragent_result(&TaskQuery::new("x".to_owned())).await).0,
        400
    );

    // In whose name.
    let narrow = Permissions {
        access: potok_testkit::domain::directory::AccessLevel::DepartmentOnly,
        department: world.department(&a, "Продажи", potok_types::DepartmentId::ZERO).await.id,
        ..Permissions::full()
    };
    let clerk = world.person(a.box_id(), "clerk@a", narrow).await;
    let invitation = to(b.box_id().guid());
    let other = world.department(&a, "Юристы", potok_types::DepartmentId::ZERO).await.id;
    for (department, status) in [(other, 403), (potok_types::DepartmentId::from_uuid(b.box_id().uuid()), 404)]
    {
        let mut query = AcquireCounteragentQuery::new(a.box_id());
        query.my_department_id = Some(department);
        assert_eq!(refused(clerk.client.acquire_counteragent_v3(&query, invitation.clone()).await).0, status);
    }
    assert_eq!(pair(&boss, &boss_b).await, [None, None], "nothing of all that was written");
    // Nothing comes of a break with whom there is nothing to break, whoever that is.
    break_up(&boss, BoxId::ZERO, "").await.unwrap();
    let (status, text) = refused(break_up(&boss, b.box_id(), &"я".repeat(5001)).await);
    assert_eq!(status, 400);
    assert!(text.contains("comment"), "{text}");
    world.end().await;
}

/// Pages of the list, by position.
async fn pages(person: &Person, status: Option<&str>, size: i64) -> Vec<CounteragentList> {
    let mut pages = Vec::new();
    let mut query = CounteragentsQuery::new(person.box_id);
    query.counteragent_status = status.map(str::to_owned);
    query.page_size = Some(size);
    loop {
        let page = person.client.get_counteragents_v3(&query).await.unwrap();
        let Some(last) = page.counteragents.last() else { return pages };
        query.after_index_key = last.index_key.clone().map(Into::into);
        pages.push(page);
    }
}

#[tokio::test]
async fn the_list_is_read_in_pages_and_searched() {
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", "9612345678").await;
    let boss = &a.boss;
    let mut others = Vec::new();
    for nth in 0..7 {
        let name = format!("АО «Цветок {nth}»");
        let inn = format!("77000000{nth}0");
        let other =
            if nth < 4 { world.organization(&name, &inn).await } else { choosy(&world, &name, &inn).await };
        invite(boss, other.box_id(), "").await.unwrap();
        world.drain().await;
        others.insert(0, other.box_id());
    }
    let boxes = |pages: &[CounteragentList]| -> Vec<String> {
        let shown = pages.iter().flat_map(|page| &page.counteragents);
        shown.map(|shown| shown.organization.boxes[0].box_id_guid.clone()).collect()
    };
    let expected =
        |range: std::ops::Range<usize>| others[range].iter().map(|id| id.guid()).collect::<Vec<_>>();
    for size in [1, 3, 100] {
        let all = pages(boss, None, size).await;
        assert_eq!(boxes(&all), expected(0..7));
        assert!(
            all.iter().all(|page| page.total_count == 7 && page.total_count_type() == TotalCountType::Equal)
        );
    }
    assert_eq!(boxes(&pages(boss, Some("IsMyCounteragent"), 3).await), expected(3..7));
    assert_eq!(boxes(&pages(boss, Some("isinvitedbyme"), 2).await), expected(0..3));
    break_up(boss, others[5], "").await.unwrap();
    world.drain().await;
    assert_eq!(boxes(&pages(boss, Some("Rejected"), 100).await), expected(5..6));
    let first = &pages(boss, None, 100).await[0];
    assert_eq!(boxes(std::slice::from_ref(first))[0], others[5].guid(), "the newest event is in front");
    assert!(first.counteragents.iter().all(|shown| shown.organization.departments.is_empty()));
    let in_json = boss.json.get_counteragents_v3(&CounteragentsQuery::new(a.box_id())).await.unwrap();
    let all_bare = |list: &CounteragentList| list.counteragents.iter().cloned().map(bare).collect::<Vec<_>>();
    assert_eq!(all_bare(&in_json), all_bare(first));
    let by_organization = CounteragentsByOrganizationQuery::new(a.organization.org_id);
    assert_eq!(boss.client.get_counteragents_v2(&by_organization).await.unwrap(), *first);
    let by_organization = CounteragentsV1Query::new(a.organization.org_id);
    assert_eq!(boss.client.get_counteragents(&by_organization).await.unwrap(), *first);

    // A search finds parts of names and numbers, in any case.
    for (words, found) in [("ЦВЕТОК 6", 1), ("7700000030", 1), ("цветок", 7), ("роза", 0)] {
        let mut query = CounteragentsQuery::new(a.box_id());
        query.query = Some(words.to_owned());
        query.page_size = Some(2);
        let page = boss.client.get_counteragents_v3(&query).await.unwrap();
        assert_eq!((page.total_count, page.counteragents.len()), (found, found.min(2) as usize), "{words}");
    }
    let key = first.counteragents[1].index_key.clone().unwrap();
    for (query, words) in [
        (format!("&query=a&afterIndexKey={key}"), "query and afterIndexKey exclude each other"),
        ("&counteragentStatus=RejectsMe".to_owned(), "IsMyCounteragent, InvitesMe, IsInvitedByMe, Rejected"),
        ("&pageSize=0".to_owned(), "a number from 1 to 100"),
        ("&pageSize=101".to_owned(), "a number from 1 to 100"),
        ("&afterIndexKey=abc".to_owned(), "cursor must have valid value"),
    ] {
        let path = format!("/V3/GetCounteragents?myBoxId={}{query}", a.box_id().guid());
        let answer = world.raw(RawRequest::get(path).bearer(&boss.access_token)).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    // In JSON the last event has its time in words too.
    let path = format!("/V3/GetCounteragents?myBoxId={}&pageSize=1", a.box_id().guid());
    let request = RawRequest::get(path).bearer(&boss.access_token).header("Accept", "application/json");
    let shown: Value = serde_json::from_slice(&world.raw(request).await.body).unwrap();
    let shown = &shown["Counteragents"][0];
    assert_eq!(shown["CurrentStatus"], "IsRejectedByMe");
    assert!(shown["LastEventTimestampTicks"].is_i64(), "{shown}");
    assert_eq!(shown["LastEventTimestamp"].as_str().unwrap().len(), "2024-08-06T12:36:38.8979088Z".len());
    world.end().await;
}

#[tokio::test]
async fn events_are_read_in_pages_and_by_time() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let boss = &a.boss;
    for _ in 0..3 {
        world.clock().advance_seconds(60);
        invite(boss, b.box_id(), "Привет").await.unwrap();
        world.drain().await;
        world.clock().advance_seconds(60);
        break_up(boss, b.box_id(), "Хватит").await.unwrap();
        world.drain().await;
    }
    let mut query = GetCounteragentEventsQuery::new(a.box_id());
    let all = boss.client.get_counteragent_events(&query).await.unwrap();
    assert_eq!((all.events.len(), all.total_count(), all.total_count_type()), (6, 6, TotalCountType::Equal));
    let info = |nth: usize| all.events[nth].counteragent.clone().unwrap();
    assert_eq!(info(0).last_event_comment, None, "a partner needs no reason");
    assert_eq!(info(1).last_event_comment(), "Хватит");
    query.limit = Some(2);
    let mut read = Vec::new();
    loop {
        let page = boss.client.get_counteragent_events(&query).await.unwrap();
        assert_eq!(page.total_count(), 6 - read.len() as i32);
        let Some(last) = page.events.last() else { break };
        query.after_index_key = last.index_key.clone().map(Into::into);
        read.extend(page.events);
    }
    assert_eq!(read, all.events);
    let mut query = GetCounteragentEventsQuery::new(a.box_id());
    query.timestamp_from_ticks = Some(info(2).event_timestamp_ticks);
    query.timestamp_to_ticks = Some(info(3).event_timestamp_ticks);
    let some = boss.client.get_counteragent_events(&query).await.unwrap();
    assert_eq!(some.events, all.events[2..=3]);
    for (query, words) in [
        ("limit=0", "query parameter limit has the wrong value 0: a number from 1 to 100"),
        ("limit=101", "a number from 1 to 100"),
        ("afterIndexKey=abc", "cursor must have valid value"),
        ("timestampFromTicks=yesterday", "timestampFromTicks"),
    ] {
        let path = format!("/V1/GetCounteragentEvents?boxId={}&{query}", a.box_id().guid());
        let answer = world.raw(RawRequest::get(path).bearer(&boss.access_token)).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    world.end().await;
}
