//! The feed without asking again and again: pages that wait, and streams of events.

use std::net::SocketAddr;

use potok_room::{Memory, MemoryOptions};
use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::{Letter, Org, Person, RawAnswer, RawRequest, World, WorldOptions};
use potok_types::{BoxId, DepartmentId};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A page of the feed, with a header or without one.
fn page(who: &Person, query: &str, prefer: Option<&str>) -> RawRequest {
    let request = RawRequest::get(format!("/V8/GetNewEvents?boxId={}{query}", who.box_id));
    let request = request.bearer(&who.access_token).header("Accept", "application/json");
    prefer.into_iter().fold(request, |request, value| request.header("Prefer", value))
}

fn events(answer: &RawAnswer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let list: Value = serde_json::from_str(&answer.text()).unwrap();
    list["Events"].as_array().unwrap().clone()
}

async fn post(from: &Org, to: &Org, comment: &str) {
    from.boss.post(&Letter::new(from.box_id(), to.box_id()).comment(comment)).await.unwrap();
}

#[tokio::test]
async fn an_empty_page_waits_for_its_first_event() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let address = world.address();
    let waiting = tokio::spawn(page(&b.boss, "", Some("wait=50")).send(address));
    post(&a, &b, "1").await;
    // It comes by a delivery: what the sender did alone wakes nobody.
    world.drain().await;
    let answer = waiting.await.unwrap();
    assert_eq!(answer.header("preference-applied"), Some("wait=50"));
    let seen = events(&answer);
    assert!(!seen.is_empty());

    // What is there is not waited for, and who does not ask to wait is told nothing of waiting.
    let answer = world.raw(page(&b.boss, "", Some("respond-async, wait=50"))).await;
    assert!(events(&answer).len() >= seen.len());
    let plain = world.raw(page(&b.boss, "", None)).await;
    assert_eq!((plain.header("preference-applied"), &plain.body), (None, &answer.body));
    let last = events(&answer).last().unwrap()["IndexKey"].as_str().unwrap().to_owned();
    let after = format!("&afterIndexKey={last}");
    for prefer in [None, Some("wait=0"), Some("wait=soon")] {
        assert_eq!(events(&world.raw(page(&b.boss, &after, prefer)).await), Vec::<Value>::new());
    }
    // A refusal is not waited for either.
    let refused = world.raw(page(&b.boss, "&limit=0", Some("wait=50"))).await;
    assert_eq!(refused.status, 400);
    world.end().await;
}

/// A connection serves what is asked after a page that waited, also when that was asked too early.
#[tokio::test]
async fn a_connection_goes_on_after_a_page_that_waited() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut socket = BufReader::new(TcpStream::connect(world.address()).await.unwrap());
    let ask = |prefer: &str| {
        format!(
            "GET /V8/GetNewEvents?boxId={} HTTP/1.1\r\nHost: potok\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n\
             {prefer}\r\n",
            b.box_id(),
            b.boss.access_token
        )
    };
    socket.write_all(ask("Prefer: wait=50\r\n").as_bytes()).await.unwrap();
    socket.write_all(ask("").as_bytes()).await.unwrap();
    post(&a, &b, "7").await;
    world.drain().await;
    let waited = answer(&mut socket).await;
    assert!(waited.0.contains("preference-applied: wait=50\r\n"), "{}", waited.0);
    assert!(waited.1.contains("IndexKey"), "{}", waited.1);
    for _ in 0..2 {
        let next = answer(&mut socket).await;
        assert!(!next.0.contains("preference-applied"), "{}", next.0);
        assert!(next.1.contains("IndexKey"), "{}", next.1);
        socket.write_all(ask("").as_bytes()).await.unwrap();
    }
    world.end().await;
}

/// Head, in small letters, and body of an answer with a length.
async fn answer(socket: &mut BufReader<TcpStream>) -> (String, String) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(socket.read_line(&mut head).await.unwrap(), 0, "the head ends: {head}");
    }
    let head = head.to_ascii_lowercase();
    let (_, length) = head.split_once("content-length: ").unwrap();
    let mut body = vec![0; length.lines().next().unwrap().parse().unwrap()];
    socket.read_exact(&mut body).await.unwrap();
    (head, String::from_utf8(body).unwrap())
}

/// Whoever waits when the server stops is answered.
#[tokio::test]
async fn a_stop_ends_the_waiting() {
    let mut world = World::start().await;
    let (_, b) = world.two_sides().await;
    let mut stream = Stream::open(&world, &b.boss, "", None).await;
    assert_eq!(stream.line().await, ":", "the sign of life of a stream that has nothing to tell");
    let waiting = tokio::spawn(page(&b.boss, "", Some("wait=50")).send(world.address()));
    world.restart().await;
    assert_eq!(stream.rest().await, "", "a stream ends between two events");
    // It was answered, or came too late to be accepted.
    if let Ok(answer) = waiting.await {
        assert_eq!(events(&answer), Vec::<Value>::new());
    }
    world.end().await;
}

/// A stream of events, read as a browser reads it.
pub(crate) struct Stream {
    head: String,
    socket: BufReader<TcpStream>,
}

impl Stream {
    async fn open(world: &World, who: &Person, query: &str, last_id: Option<&str>) -> Self {
        let last_id = last_id.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        let head = format!(
            "GET /potok/v1/boxes/{}/events?{query} HTTP/1.1\r\nHost: potok\r\nConnection: close\r\nAccept: text/event-stream\r\n\
             Authorization: Bearer {}\r\n{last_id}\r\n",
            who.box_id, who.access_token
        );
        Self::send(world.address(), &head).await
    }

    pub(crate) async fn send(address: SocketAddr, head: &str) -> Self {
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut socket = BufReader::new(socket);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(socket.read_line(&mut head).await.unwrap(), 0, "the head ends: {head}");
        }
        Self { head: head.to_ascii_lowercase(), socket }
    }

    /// The next line of the body. Chunks hold whole lines, and what announces them is no line.
    pub(crate) async fn line(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.socket.read_line(&mut line).await.unwrap(), 0, "the stream goes on");
            if !line.ends_with("\r\n") {
                return line.trim_end_matches('\n').to_owned();
            }
        }
    }

    /// The next event: its id and what it holds.
    async fn event(&mut self) -> (String, Value) {
        let (mut id, mut data) = (None, None);
        loop {
            match self.line().await {
                line if line.is_empty() => return (id.unwrap(), data.unwrap()),
                line if line.starts_with(':') || line.starts_with("retry: ") => {}
                line => match line.split_once(": ").unwrap() {
                    ("id", value) => id = Some(value.to_owned()),
                    ("data", value) => data = Some(serde_json::from_str(value).unwrap()),
                    other => panic!("an unknown field {other:?}"),
                },
            }
        }
    }

    /// What still comes before the end, without the sizes of chunks.
    async fn rest(mut self) -> String {
        let mut rest = String::new();
        self.socket.read_to_string(&mut rest).await.unwrap();
        assert!(rest.ends_with("0\r\n\r\n"), "it ends as it should: {rest:?}");
        rest.lines()
            .filter(|line| !line.is_empty() && !line.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .collect()
    }
}

#[tokio::test]
async fn a_stream_shows_what_the_feed_shows_and_goes_on_where_it_was_cut_off() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    post(&a, &b, "2").await;
    post(&a, &b, "one more").await;
    world.drain().await;
    let mut stream = Stream::open(&world, &b.boss, "", None).await;
    assert!(stream.head.contains("content-type: text/event-stream\r\n"), "{}", stream.head);
    assert!(stream.head.contains("cache-control: no-store\r\n"), "{}", stream.head);
    let before = events(&world.raw(page(&b.boss, "", None)).await);
    let mut seen = Vec::new();
    for _ in &before {
        seen.push(stream.event().await);
    }
    post(&a, &b, "3").await;
    world.drain().await;
    let all = events(&world.raw(page(&b.boss, "", None)).await);
    assert!(all.len() > before.len());
    for _ in before.len()..all.len() {
        seen.push(stream.event().await);
    }
    drop(stream);
    assert!(seen.len() > 2);
    assert_eq!(seen.iter().map(|(_, data)| data.clone()).collect::<Vec<_>>(), all);
    for (id, data) in &seen {
        assert_eq!(data["IndexKey"], id.as_str());
    }
    // The header says more than the address that the client once began with.
    let first = &seen[0].0;
    let mut again = Stream::open(&world, &b.boss, &format!("afterIndexKey={first}"), Some(&seen[1].0)).await;
    assert_eq!(again.event().await, seen[2]);
    let mut again = Stream::open(&world, &b.boss, &format!("afterIndexKey={first}"), None).await;
    assert_eq!(again.event().await, seen[1]);
    // Filters are those of the method.
    let mut outbound = Stream::open(&world, &b.boss, "documentDirection=Outbound", None).await;
    post(&b, &a, "4").await;
    let (_, sent) = outbound.event().await;
    assert_eq!(sent["Message"]["FromBoxId"].as_str().map(|id| id.split('@').count()), Some(2));
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_stream_shows_a_part_to_who_sees_a_part_and_ends_when_that_is_taken_away() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let narrow =
        Permissions { department: sales, access: AccessLevel::DepartmentOnly, ..Permissions::none() };
    let clerk = world.person(b.box_id(), "clerk@b", narrow).await;
    let mut stream = Stream::open(&world, &clerk, "", None).await;
    post(&a, &b, "5").await;
    let mut to_sales = Letter::new(a.box_id(), b.box_id()).comment("в отдел");
    to_sales.0.to_department_id = Some(sales.to_string());
    let seen = a.boss.post(&to_sales).await.unwrap();
    world.drain().await;
    let (_, first) = stream.event().await;
    assert_eq!(first["Message"]["MessageId"], seen.message_id, "what lies elsewhere is not shown");
    world.app().admin().set_user_blocked(&clerk.login, true).await.unwrap();
    post(&a, &b, "6").await;
    world.drain().await;
    assert!(!stream.rest().await.contains("data: "));
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_listened_to_is_said_before_the_stream_begins() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let ask = async |box_id: &str, query: &str, headers: &[(&str, &str)]| {
        let path = format!("/potok/v1/boxes/{box_id}/events?{query}");
        let request = headers.iter().fold(RawRequest::get(path), |it, (name, value)| it.header(name, *value));
        let answer = world.raw(request).await;
        (answer.status, answer.text())
    };
    let token = format!("Bearer {}", a.boss.access_token);
    let own = [("Authorization", &token[..])];
    let (box_a, box_b) = (a.box_id().to_string(), b.box_id().to_string());
    assert_eq!(ask(&box_a, "", &[]).await.0, 401);
    let foreign = ask(&box_b, "", &own).await;
    let nowhere = ask(&BoxId::ZERO.to_string(), "", &own).await;
    assert_eq!(foreign.0, 403);
    assert_eq!(nowhere.0, 403);
    assert_eq!(foreign.1.split('[').next(), nowhere.1.split('[').next());
    for (query, last_id, words) in [
        ("orderBy=Descending", "", "orderBy"),
        ("limit=5", "", "limit"),
        ("documentDirection=Sideways", "", "documentDirection"),
        ("", "later", "Last-Event-ID"),
        ("departmentId=x", "", "departmentId"),
    ] {
        let headers = [own[0], ("Last-Event-ID", last_id)];
        let (status, text) = ask(&box_a, query, &headers[..1 + usize::from(!last_id.is_empty())]).await;
        assert_eq!(status, 400, "{text}");
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(ask("x", "", &own).await.0, 400);
    let posted = RawRequest::post(format!("/potok/v1/boxes/{box_a}/events"), "").bearer(&a.boss.access_token);
    let refused = world.raw(posted).await;
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET")));
    world.end().await;
}

/// Those who wait leave connections to those who only ask, and one user leaves places to others.
#[tokio::test]
async fn no_more_wait_than_there_are_places() {
    let world = World::start_with(WorldOptions {
        settings: Box::new(|settings| settings.http.connections.most = 8),
        ..WorldOptions::default()
    })
    .await;
    let (a, b) = world.two_sides().await;
    let first = Stream::open(&world, &b.boss, "", None).await;
    let _second = Stream::open(&world, &b.boss, "", None).await;
    let refused = world.raw(page(&b.boss, "", Some("wait=50"))).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("30")));
    assert!(refused.text().starts_with("2 pages and streams of this user"), "{}", refused.text());
    assert_eq!(events(&world.raw(page(&b.boss, "", None)).await), Vec::<Value>::new());
    let other = Stream::open(&world, &a.boss, "", None).await;
    assert!(other.head.starts_with("http/1.1 200"), "{}", other.head);
    // Whoever goes leaves a place, as soon as the server has seen it.
    drop(first);
    while world.raw(page(&b.boss, "", Some("wait=0"))).await.status != 200 {}
    world.end().await;
}

/// An event for which there is no memory now is sent when there is some.
#[tokio::test]
async fn a_stream_without_memory_loses_nothing() {
    let small_bytes = 256 << 10;
    let world = World::start_with(WorldOptions {
        settings: Box::new(move |settings| {
            let options = MemoryOptions { small_bytes, large_bytes: 4 << 20 };
            settings.app.room.memory = Memory::new(options);
        }),
        ..WorldOptions::default()
    })
    .await;
    let (a, b) = world.two_sides().await;
    let mut stream = Stream::open(&world, &b.boss, "", None).await;
    post(&a, &b, "first").await;
    // What the post took comes back when its answer is written, which the client need not wait for.
    let taken = loop {
        match world.app().room().memory.take(small_bytes) {
            Ok(taken) => break taken,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    world.drain().await;
    // The stream looks in the meantime, and finds no room for what it found.
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    drop(taken);
    post(&a, &b, "second").await;
    world.drain().await;
    let expected = events(&world.raw(page(&b.boss, "", None)).await);
    for event in expected {
        assert_eq!(stream.event().await.1, event);
    }
    world.end().await;
}
