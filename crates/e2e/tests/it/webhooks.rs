//! Webhooks: the events of a box at a receiver that believes what the reference library believes.

use std::path::Path;
use std::process::Stdio;

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::{Letter, Org, Person, RawAnswer, RawRequest, World, WorldOptions};
use potok_types::{Clock as _, DepartmentId, SystemClock};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

/// Seconds that are longer than the first pause after a failure.
const PAUSE: i64 = 10;

/// A receiver in a program of its own.
pub(crate) struct Receiver {
    _program: Child,
    tell: ChildStdin,
    heard: mpsc::UnboundedReceiver<String>,
    pub(crate) url: String,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let libraries = here.join("../../target/clients/python");
        assert!(libraries.exists(), "{} is missing: `make tools` puts it there", libraries.display());
        let mut program = Command::new("python3")
            .arg(here.join("clients/webhook.py"))
            .env("PYTHONPATH", libraries)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3 runs");
        let tell = program.stdin.take().unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let (hear, heard) = mpsc::unbounded_channel();
        // A receiver that nobody listens to would stop to answer.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                drop(hear.send(line));
            }
        });
        let mut receiver = Self { _program: program, tell, heard, url: String::new() };
        let port = receiver.next().await["port"].as_u64().unwrap();
        receiver.url = format!("http://127.0.0.1:{port}/hook");
        receiver
    }

    async fn next(&mut self) -> Value {
        let line = self.heard.recv().await.expect("the receiver goes on");
        serde_json::from_str(&line).unwrap()
    }

    /// What it knows and answers from now on.
    pub(crate) async fn set(&mut self, told: Value) {
        self.tell.write_all(format!("{told}\n").as_bytes()).await.unwrap();
        assert_eq!(self.next().await["told"], true);
    }

    /// The next messages, which it answered with `status`.
    pub(crate) async fn messages(&mut self, count: usize, status: u16) -> Vec<Value> {
        let mut messages = Vec::new();
        for _ in 0..count {
            let message = self.next().await;
            assert_eq!(message["status"], status, "{message}");
            messages.push(message);
        }
        messages
    }

    /// The ids of the next ones, which it took.
    pub(crate) async fn taken(&mut self, count: usize) -> Vec<String> {
        ids(&self.messages(count, 200).await)
    }
}

fn ids(messages: &[Value]) -> Vec<String> {
    messages.iter().map(|message| message["id"].as_str().unwrap().to_owned()).collect()
}

/// Receivers look at the clock of the machine, and stand on this one.
pub(crate) fn options() -> WorldOptions {
    WorldOptions {
        beginning: SystemClock.now(),
        settings: Box::new(|settings| settings.webhook_ranges = "127.0.0.0/8".parse().unwrap()),
        ..WorldOptions::default()
    }
}

/// Calls `/potok/v1/boxes/{boxId}/webhooks…`.
async fn call(world: &World, who: &Person, verb: &str, rest: &str, body: Value) -> RawAnswer {
    let path = format!("/potok/v1/boxes/{}/webhooks{rest}", who.box_id);
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = RawRequest { verb: verb.to_owned(), ..RawRequest::post(path, body) };
    world.raw(request.bearer(&who.access_token).header("Content-Type", "application/json")).await
}

pub(crate) async fn good(world: &World, who: &Person, verb: &str, rest: &str, body: Value) -> Value {
    let answer = call(world, who, verb, rest, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

pub(crate) async fn post(world: &World, from: &Org, to: &Org, comment: &str) {
    from.boss.post(&Letter::new(from.box_id(), to.box_id()).comment(comment)).await.unwrap();
    world.drain().await;
}

/// The feed from its start, as the method shows it.
pub(crate) async fn feed(world: &World, who: &Person) -> Vec<Value> {
    let request = RawRequest::get(format!("/V8/GetNewEvents?boxId={}", who.box_id));
    let answer = world.raw(request.bearer(&who.access_token).header("Accept", "application/json")).await;
    let list: Value = serde_json::from_slice(&answer.body).unwrap();
    list["Events"].as_array().unwrap().clone()
}

pub(crate) fn event_ids(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| event["EventId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_event_arrives_once_signed_and_in_order() {
    let mut world = World::start_with(options()).await;
    let (a, b) = world.two_sides().await;
    post(&world, &a, &b, "before it was made").await;
    let before = feed(&world, &b.boss).await.len();
    let mut receiver = Receiver::start().await;
    let made = good(&world, &b.boss, "POST", "", json!({"url": receiver.url})).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert_eq!((made["state"].as_str(), secret.len()), (Some("Active"), "whsec_".len() + 32));
    receiver.set(json!({"secret": secret, "status": 200})).await;
    for comment in ["1", "2", "3"] {
        post(&world, &a, &b, comment).await;
    }
    world.send_to_webhooks().await;
    let events = feed(&world, &b.boss).await;
    let messages = receiver.messages(events.len() - before, 200).await;
    for (message, event) in messages.iter().zip(&events[before..]) {
        let body = &message["message"];
        assert_eq!((&message["id"], &message["path"]), (&event["EventId"], &json!("/hook")));
        assert_eq!((&body["type"], &body["data"]), (&json!("box.event"), event), "as the feed shows it");
        assert_eq!(body["boxId"], b.box_id().to_string());
    }

    // Nothing comes again, also after a restart, and no secret is shown again.
    post(&world, &a, &b, "4").await;
    world.restart().await;
    world.send_to_webhooks().await;
    let all = event_ids(&feed(&world, &b.boss).await);
    assert_eq!(receiver.taken(all.len() - events.len()).await, all[events.len()..]);
    let shown = good(&world, &b.boss, "GET", &format!("/{id}"), Value::Null).await;
    assert_eq!((&shown["failures"], shown.get("secret")), (&json!(0), None));
    let listed = good(&world, &b.boss, "GET", "", Value::Null).await;
    assert_eq!(listed["webhooks"], json!([shown]));

    // Everything again from the start.
    let start = json!({"afterIndexKey": "AAAAAAAAAAA"});
    good(&world, &b.boss, "POST", &format!("/{id}/replay"), start).await;
    world.send_to_webhooks().await;
    assert_eq!(receiver.taken(all.len()).await, all);
    let ping = good(&world, &b.boss, "POST", &format!("/{id}/ping"), Value::Null).await;
    assert_eq!(ping["status"], 200, "{ping}");
    let pinged = receiver.next().await;
    assert_eq!((&pinged["id"], &pinged["message"]["type"]), (&ping["messageId"], &json!("ping")));

    // One that is stopped sends nothing until it goes on, and one that is deleted is gone.
    let again = json!({"afterIndexKey": "AAAAAAAAAAA"});
    good(&world, &b.boss, "POST", &format!("/{id}"), json!({"isActive": false})).await;
    good(&world, &b.boss, "POST", &format!("/{id}/replay"), again.clone()).await;
    world.send_to_webhooks().await;
    good(&world, &b.boss, "POST", &format!("/{id}"), json!({"isActive": true})).await;
    let pinged = good(&world, &b.boss, "POST", &format!("/{id}/ping"), Value::Null).await;
    assert_eq!(receiver.next().await["id"], pinged["messageId"], "nothing came before it");
    world.send_to_webhooks().await;
    assert_eq!(receiver.taken(all.len()).await, all);
    good(&world, &b.boss, "POST", &format!("/{id}/replay"), again).await;
    assert_eq!(call(&world, &b.boss, "DELETE", &format!("/{id}"), Value::Null).await.status, 204);
    world.send_to_webhooks().await;
    assert_eq!(call(&world, &b.boss, "GET", &format!("/{id}"), Value::Null).await.status, 404);
    world.end().await;
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_and_nothing_passes_it() {
    let world = World::start_with(options()).await;
    let (a, b) = world.two_sides().await;
    let mut receiver = Receiver::start().await;
    let made = good(&world, &b.boss, "POST", "", json!({"url": receiver.url})).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let one = format!("/{id}");
    receiver.set(json!({"secret": secret, "status": 503, "retry_after": 40})).await;
    post(&world, &a, &b, "1").await;
    post(&world, &a, &b, "2").await;
    let all = event_ids(&feed(&world, &b.boss).await);
    let try_again = async |seconds: i64| {
        world.clock().advance_seconds(seconds);
        world.send_to_webhooks().await;
    };
    world.send_to_webhooks().await;
    assert_eq!(ids(&receiver.messages(1, 503).await), all[..1]);
    // It is not asked before the time that it named.
    try_again(PAUSE).await;
    receiver.set(json!({"secret": secret, "status": 302})).await;
    try_again(50).await;
    assert_eq!(ids(&receiver.messages(1, 302).await), all[..1], "nobody is followed elsewhere");
    let shown = good(&world, &b.boss, "GET", &one, Value::Null).await;
    assert_eq!(shown["failures"], 2);
    receiver.set(json!({"secret": secret, "status": 200})).await;
    try_again(40).await;
    assert_eq!(receiver.taken(all.len()).await, all);
    let tried = good(&world, &b.boss, "GET", &format!("{one}/deliveries"), Value::Null).await;
    let tried = tried["deliveries"].as_array().unwrap();
    let statuses: Vec<u64> = tried.iter().map(|it| it["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses[statuses.len() - 3..], [200, 302, 503], "newest first");
    assert_eq!(tried.len(), all.len() + 2);

    // A secret that was replaced signs too for some time.
    let rotated = good(&world, &b.boss, "POST", &format!("{one}/rotate"), json!({"keepSeconds": 60})).await;
    let next = rotated["secret"].as_str().unwrap();
    assert_ne!(next, secret);
    for known in [secret, next] {
        receiver.set(json!({"secret": known, "status": 200})).await;
        post(&world, &a, &b, &format!("signed by both, known as {known}")).await;
        world.send_to_webhooks().await;
        let last = event_ids(&feed(&world, &b.boss).await).pop().unwrap();
        assert_eq!(receiver.taken(1).await, [last]);
    }
    world.clock().advance_seconds(61);
    receiver.set(json!({"secret": secret, "status": 200})).await;
    post(&world, &a, &b, "signed by the new one").await;
    world.send_to_webhooks().await;
    let refused = receiver.messages(1, 401).await;
    assert_eq!(refused[0]["wrong"], "No matching signature found");
    receiver.set(json!({"secret": next, "status": 200})).await;
    try_again(PAUSE).await;
    assert_eq!(receiver.taken(1).await, ids(&refused), "the same event under the same id");

    // A receiver that wants nothing any more is given up until somebody resumes it.
    receiver.set(json!({"secret": next, "status": 410})).await;
    post(&world, &a, &b, "unwanted").await;
    world.send_to_webhooks().await;
    let gone = receiver.messages(1, 410).await;
    try_again(PAUSE).await;
    let shown = good(&world, &b.boss, "GET", &one, Value::Null).await;
    assert_eq!(shown["state"], "Broken", "{shown}");
    assert!(shown["reason"].as_str().unwrap().contains("410"), "{shown}");
    receiver.set(json!({"secret": next, "status": 200})).await;
    good(&world, &b.boss, "POST", &one, json!({"isActive": true})).await;
    world.send_to_webhooks().await;
    assert_eq!(receiver.taken(1).await, ids(&gone));
    world.end().await;
}

#[tokio::test]
async fn events_are_sent_as_who_asked_sees_them() {
    let world = World::start_with(options()).await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let narrow = Permissions {
        department: sales,
        access: AccessLevel::DepartmentOnly,
        is_administrator: true,
        ..Permissions::none()
    };
    let clerk = world.person(b.box_id(), "clerk@b", narrow).await;
    let mut receiver = Receiver::start().await;
    let made = good(&world, &clerk, "POST", "", json!({"url": receiver.url})).await;
    receiver.set(json!({"secret": made["secret"], "status": 200})).await;
    post(&world, &a, &b, "elsewhere").await;
    let mut to_sales = Letter::new(a.box_id(), b.box_id()).comment("в отдел");
    to_sales.0.to_department_id = Some(sales.to_string());
    let seen = a.boss.post(&to_sales).await.unwrap();
    post(&world, &a, &b, "elsewhere").await;
    world.send_to_webhooks().await;
    let message = receiver.messages(1, 200).await;
    assert_eq!(message[0]["message"]["data"]["Message"]["MessageId"], seen.message_id);
    let one = format!("/{}", made["id"].as_str().unwrap());
    let shown = good(&world, &b.boss, "GET", &one, Value::Null).await;
    let last = feed(&world, &b.boss).await.last().unwrap()["IndexKey"].clone();
    assert_eq!(shown["indexKey"], last, "what is not shown is passed over");

    // Without its maker it is given up, and whoever resumes it shows what they see.
    world.app().admin().set_user_blocked(&clerk.login, true).await.unwrap();
    post(&world, &a, &b, "later").await;
    world.send_to_webhooks().await;
    let shown = good(&world, &b.boss, "GET", &one, Value::Null).await;
    assert_eq!(shown["state"], "Broken", "{shown}");
    good(&world, &b.boss, "POST", &one, json!({"isActive": true})).await;
    world.send_to_webhooks().await;
    assert!(receiver.messages(1, 200).await[0]["message"]["data"]["EventId"].is_string());
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused_with_the_cure() {
    let world = World::start().await;
    let (_, b) = world.two_sides().await;
    let clerk = world.person(b.box_id(), "clerk@b", Permissions::none()).await;
    assert_eq!(call(&world, &clerk, "GET", "", Value::Null).await.status, 403);
    let none = "/a0000000-0000-0000-0000-000000000012";
    let url = json!({"url": "https://8.8.8.8/"});
    for (verb, rest, body, status, words) in [
        ("POST", "", json!({"url": "http://127.0.0.1:80/"}), 400, "--webhook-ranges"),
        ("POST", "", json!({"url": "https://localhost/"}), 400, "is not a public address"),
        ("POST", "", json!({"url": "https://169.254.169.254/"}), 400, "169.254.169.254"),
        (
            "POST",
            "",
            json!({"url": "ftp://8.8.8.8/"}),
            400,
            "url: events cannot be sent there, its scheme is ftp",
        ),
        ("POST", "", json!({}), 400, "missing field `url`"),
        ("POST", "", json!({"url": "https://8.8.8.8/", "secret": "mine"}), 400, "unknown field `secret`"),
        ("POST", "", json!({"url": "https://8.8.8.8/", "afterIndexKey": "?"}), 400, "afterIndexKey: cursor"),
        ("POST", "", json!({"url": "https://8.8.8.8/", "departmentId": "x"}), 400, "departmentId: \"x\""),
        ("PUT", "", url.clone(), 405, "GET, POST"),
        ("GET", none, Value::Null, 404, "has no webhook"),
        ("GET", "/x", Value::Null, 400, "webhookId: \"x\" is not a valid webhook id"),
        ("POST", &format!("{none}/replay"), json!({"afterIndexKey": "AAAAAAAAAAA"}), 404, "has no webhook"),
        (
            "POST",
            &format!("{none}/rotate"),
            json!({"keepSeconds": 9_999_999}),
            400,
            "keepSeconds: 9999999 is too long",
        ),
        ("POST", &format!("{none}/pong"), Value::Null, 404, "Unknown method"),
    ] {
        let answer = call(&world, &b.boss, verb, rest, body.clone()).await;
        assert_eq!(answer.status, status, "{verb} {rest} {body}: {}", answer.text());
        assert!(answer.text().contains(words), "{verb} {rest} {body}: {}", answer.text());
    }
    for nth in 0..11 {
        let answer = call(&world, &b.boss, "POST", "", url.clone()).await;
        assert_eq!(answer.status, if nth < 10 { 200 } else { 409 }, "{}", answer.text());
    }
    world.end().await;
}

#[tokio::test]
async fn two_nodes_send_each_event_once_and_in_order() {
    let world = World::start_with(WorldOptions { on_postgres: true, nodes: 2, ..options() }).await;
    let (a, b) = world.two_sides().await;
    let mut receiver = Receiver::start().await;
    let made = good(&world, &b.boss, "POST", "", json!({"url": receiver.url})).await;
    receiver.set(json!({"secret": made["secret"], "status": 200})).await;
    let mut seen = 0;
    for round in 0..3 {
        for nth in 0..10 {
            post(&world, &a, &b, &format!("{round}/{nth}")).await;
        }
        world.send_to_webhooks().await;
        let all = event_ids(&feed(&world, &b.boss).await);
        assert_eq!(receiver.taken(all.len() - seen).await, all[seen..]);
        seen = all.len();
    }
    world.end().await;
}
