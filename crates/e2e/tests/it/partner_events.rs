//! `GetPartnerEvents`: all boxes of the user of a technology partner, in one list.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::BoxQuery;
use potok_testkit::sdk::proto::docflow::GetDocflowEventsRequest;
use potok_testkit::sdk::proto::partner_events::{
    GetPartnerEventsRequest, GetPartnerEventsResponse, PartnerEvent,
};
use potok_testkit::{Letter, Org, Person, World};
use potok_types::DepartmentId;

use crate::support::refused;

async fn page(by: &Person, request: GetPartnerEventsRequest) -> GetPartnerEventsResponse {
    let told = by.client.get_partner_events(request.clone()).await.unwrap();
    assert_eq!(by.json.get_partner_events(request).await.unwrap(), told);
    told
}

/// All events behind `cursor`, in pages of `limit`, and the last cursor.
async fn read(by: &Person, cursor: Option<String>, limit: i32) -> (Vec<PartnerEvent>, Option<String>) {
    let (mut all, mut cursor) = (Vec::new(), cursor);
    loop {
        let request = GetPartnerEventsRequest {
            cursor: cursor.clone(),
            limit: Some(limit),
            ..GetPartnerEventsRequest::default()
        };
        let told = page(by, request).await;
        assert!(told.events.len() <= limit as usize);
        let Some(last) = told.last_cursor else {
            assert_eq!(told.events, []);
            return (all, cursor);
        };
        cursor = Some(last);
        all.extend(told.events);
    }
}

/// What happened to which document.
fn names(events: &[PartnerEvent]) -> Vec<(String, String)> {
    events.iter().map(|event| (event.event_id.clone(), event.document_id.entity_id.clone())).collect()
}

/// The same of one box, by the method for one box.
async fn of_box(boss: &Person) -> Vec<(String, String)> {
    let query = BoxQuery::new(boss.box_id);
    let told = boss.client.get_docflow_events_v4(&query, GetDocflowEventsRequest::default()).await.unwrap();
    let events = told.events.into_iter();
    events.map(|event| (event.event_id, event.document_id.entity_id)).collect()
}

/// A letter with `count` documents.
fn letter(from: &Org, to: &Org, words: &str, count: usize) -> Letter {
    let mut letter = Letter::new(from.box_id(), to.box_id()).comment(words);
    let document = letter.0.document_attachments[0].clone();
    letter.0.document_attachments.resize(count, document);
    letter
}

/// A robot that works in both boxes: it sees everything in the first one, and one department of the second.
async fn robot(world: &World, a: &Org, b: &Org, department: DepartmentId) -> Person {
    let robot = world.person(a.box_id(), "robot", Permissions::full()).await;
    let narrow = Permissions { department, access: AccessLevel::DepartmentOnly, ..Permissions::full() };
    let admin = world.app().admin();
    admin.put_employee(b.box_id(), robot.user_id, "Робот", narrow).await.unwrap();
    admin.set_client_partner(&world.program().id, true).await.unwrap();
    robot
}

#[tokio::test]
async fn nothing_is_lost_or_told_twice_whatever_is_written_meanwhile() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let robot = robot(&world, &a, &b, DepartmentId::ZERO).await;
    // The clock stands still, so that the keys of the busy box run ahead of those of the other one.
    for (number, count) in [3, 1, 2, 1].into_iter().enumerate() {
        a.boss.post(&letter(&a, &b, &number.to_string(), count)).await.unwrap();
    }
    let (first, cursor) = read(&robot, None, 2).await;
    assert_eq!(names(&first), of_box(&a.boss).await);
    world.drain().await;
    let (second, cursor) = read(&robot, cursor, 3).await;
    b.boss.post(&letter(&b, &a, "ответ", 2)).await.unwrap();
    let (third, cursor) = read(&robot, cursor, 1).await;
    world.drain().await;
    let (fourth, _) = read(&robot, cursor, 100).await;
    let all: Vec<PartnerEvent> = [first, second, third, fourth].concat();
    let mut told = names(&all);
    let mut expected = [of_box(&a.boss).await, of_box(&b.boss).await].concat();
    for one in [&mut told, &mut expected] {
        one.sort_unstable();
    }
    assert_eq!(told, expected);
    assert!(all.iter().all(|event| event.document.is_some() && event.previous_document_state.is_none()));

    // From the beginning, in one page and in many.
    let (whole, _) = read(&robot, None, 100).await;
    // Each box keeps its order. Times need not rise with it: what is delivered together is timed before it is written.
    let told = names(&whole);
    for boss in [&a.boss, &b.boss] {
        let mut rest = told.iter();
        assert!(of_box(boss).await.iter().all(|name| rest.any(|told| told == name)), "{told:?}");
    }
    for limit in [1, 2, 7] {
        assert_eq!(names(&read(&robot, None, limit).await.0), names(&whole), "{limit}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_robot_is_told_what_it_sees_where_it_works() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let robot = robot(&world, &a, &b, sales).await;
    let mut to_sales = letter(&c, &b, "в продажи", 1);
    to_sales.0.to_department_id = Some(sales.to_string());
    let seen = c.boss.post(&to_sales).await.unwrap();
    c.boss.post(&letter(&c, &b, "в правление", 1)).await.unwrap();
    let own = a.boss.post(&letter(&a, &c, "своё", 1)).await.unwrap();
    world.drain().await;
    let (told, cursor) = read(&robot, None, 100).await;
    let messages: Vec<&str> = told.iter().map(|event| &*event.document_id.message_id).collect();
    assert!(messages.contains(&&*seen.message_id) && messages.contains(&&*own.message_id));
    assert!(messages.iter().all(|id| [&*seen.message_id, &*own.message_id].contains(id)), "{messages:?}");

    let asked = async |request: GetPartnerEventsRequest| page(&robot, request).await.events;
    let narrow = |directions: &[&str], types: &[&str]| GetPartnerEventsRequest {
        document_directions: directions.iter().map(|word| (*word).to_owned()).collect(),
        message_types: types.iter().map(|word| (*word).to_owned()).collect(),
        populate_previous_document_states: Some(true),
        ..GetPartnerEventsRequest::default()
    };
    let incoming = asked(narrow(&["inbound"], &["Letter"])).await;
    assert!(incoming.iter().all(|event| event.document_id.message_id == seen.message_id));
    let outgoing = asked(narrow(&["Outbound", "outbound"], &[])).await;
    assert_eq!(incoming.len() + outgoing.len(), told.len());
    assert!(outgoing[0].previous_document_state.is_none() && outgoing[1].previous_document_state.is_some());
    assert!(asked(narrow(&[], &["Template"])).await.is_empty());

    // A box that rests is passed over, and nothing of it is told twice when it works again.
    let admin = world.app().admin();
    admin.set_suspended(a.box_id(), true).await.unwrap();
    assert_eq!(read(&robot, cursor.clone(), 100).await.0, []);
    admin.set_suspended(a.box_id(), false).await.unwrap();
    assert_eq!(read(&robot, cursor.clone(), 100).await.0, []);
    // One that comes later is told from its beginning.
    admin.put_employee(c.box_id(), robot.user_id, "Робот", Permissions::full()).await.unwrap();
    let (of_c, _) = read(&robot, cursor, 2).await;
    assert_eq!(names(&of_c), self::of_box(&c.boss).await);
    world.end().await;
}

#[tokio::test]
async fn only_technology_partners_ask_and_they_ask_for_what_there_is() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let ask = async |request: GetPartnerEventsRequest| a.boss.client.get_partner_events(request).await;
    let (status, text) = refused(ask(GetPartnerEventsRequest::default()).await);
    assert_eq!(status, 401);
    assert!(text.contains("is no technology partner"), "{text}");
    robot(&world, &a, &b, DepartmentId::ZERO).await;
    ask(GetPartnerEventsRequest::default()).await.unwrap();
    let base = GetPartnerEventsRequest::default;
    let cursor = |text: String| GetPartnerEventsRequest { cursor: Some(text), ..base() };
    for (request, words) in [
        (GetPartnerEventsRequest { limit: Some(0), ..base() }, "GetPartnerEventsRequest.Limit: 0"),
        (GetPartnerEventsRequest { limit: Some(101), ..base() }, "ask for 1 to 100 events"),
        (
            GetPartnerEventsRequest { message_types: vec!["Parcel".to_owned()], ..base() },
            "GetPartnerEventsRequest.MessageTypes",
        ),
        (
            GetPartnerEventsRequest { document_directions: vec!["Up".to_owned()], ..base() },
            "GetPartnerEventsRequest.DocumentDirections",
        ),
        (cursor("AAAA".to_owned()), "cursor must have valid value"),
        (cursor("A".repeat(40_000)), "Cursor"),
    ] {
        let (status, text) = refused(ask(request).await);
        assert_eq!(status, 400, "{text}");
        assert!(text.contains(words), "{text}");
    }
    world.end().await;
}
