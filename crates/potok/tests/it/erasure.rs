//! Messages that are erased after a term: what readers find then, what the signed chain says of it, and an act that is killed.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use potok_sdk::api::methods::{
    EntityQuery, GetEventQuery, GetMessageQuery, GetNewEventsQuery, OperationQuery,
};
use potok_sdk::proto::events::{BoxEvent, DocumentSignature, MessagePatchToPostV2, MessageToPost};
use potok_sdk::{Client, Error};
use potok_store_postgres::cluster::Cluster;
use potok_store_sqlite::damage::Bypass;
use potok_types::{BoxId, EntityId, EventId, IndexKey, MessageId, Ticks};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::backup::{Acknowledged, Store, said, send, text};
use crate::demo::{feed, organizations_by};
use crate::process::{SERVE, Served, killed_after, potok};

const SERVING: &[&str] = &["--requests-per-second", "0", "--log", "info"];
/// Letters of the test that kills: several steps of an act.
const LETTERS: usize = 150;
/// In each line that says how far an act is.
const GONE: &str = "are gone";

impl Store {
    fn serve(&self) -> Served {
        Served::run(self.command().args(SERVE).args(SERVING))
    }

    /// What `potok admin --json …` says.
    fn admin(&self, words: &[&str]) -> Result<Value, String> {
        let output = self.run(&[&["admin", "--json"], words].concat());
        match output.status.success() {
            true => Ok(serde_json::from_slice(&output.stdout).unwrap()),
            false => Err(said(&output)),
        }
    }

    /// What erasing would come to, once nothing is to be delivered any more and the second has passed.
    fn foresee(&self, box_id: BoxId, before: &str) -> Value {
        loop {
            match self.admin(&["box", "erase", &box_id.to_string(), "--before", before]) {
                Ok(told) if told["undelivered"] == 0 => return told,
                Err(refused) if !refused.contains("a time to come") => panic!("{refused}"),
                _ => {}
            }
        }
    }

    fn rebuilt(&self) -> Output {
        self.run(&["admin", "rebuild", "--check"])
    }
}

/// The first whole second behind an event, as the command takes it.
fn second_after(event: &BoxEvent) -> String {
    let key: IndexKey = event.index_key().parse().unwrap();
    let seconds = Ticks::new(key.get()).unix_seconds() + 1;
    potok_evidence::rfc3339(potok_cms::UnixTime(seconds))
}

async fn post(client: &Client, letter: MessageToPost) -> MessageId {
    client.post_message_v3(&OperationQuery::new(), letter).await.unwrap().message_id.parse().unwrap()
}

/// The bytes of the first document of a message; why not, where it is not there.
async fn read(client: &Client, box_id: BoxId, message: MessageId) -> Result<Vec<u8>, Option<u16>> {
    let status = |error: Error| error.refusal().map(|refusal| refusal.status);
    let found = client.get_message_v6(&GetMessageQuery::new(box_id, message)).await.map_err(status)?;
    let document: EntityId = found.entities[0].entity_id.parse().unwrap();
    let content = client.get_entity_content_v4(&EntityQuery::new(box_id, message, document)).await;
    Ok(content.map_err(status)?.0.to_vec())
}

/// The feed of the second side, once it has all of `messages`.
async fn delivered(client: &Client, box_id: BoxId, messages: &[MessageId]) -> Vec<BoxEvent> {
    loop {
        let events = feed(client, box_id).await;
        let is_here = |id: &MessageId| {
            let mut opened = events.iter().filter_map(|event| event.message.as_ref());
            opened.any(|message| message.message_id == id.to_string())
        };
        if messages.iter().all(is_here) {
            return events;
        }
        tokio::task::yield_now().await;
    }
}

fn wants_signature(mut letter: MessageToPost) -> MessageToPost {
    letter.document_attachments[0].need_recipient_signature = Some(true);
    letter
}

async fn erases(store: Store) {
    let data = store.folder.path();
    let demo = organizations_by(&mut store.command(), data);
    let [mine, theirs] = demo.sides.each_ref().map(|side| side.box_id);
    let mine_text = mine.to_string();
    let served = store.serve();
    let (client, other) = (demo.client(&served, 0), demo.client(&served, 1));
    let large = "x".repeat(100_000);
    let mut old = Vec::new();
    for text in ["small", "shared by two", &large] {
        old.push((post(&client, demo.letter(text)).await, text));
    }
    let unfinished = post(&client, wants_signature(demo.letter("unfinished"))).await;
    let ids: Vec<MessageId> = old.iter().map(|(id, _)| *id).chain([unfinished]).collect();
    delivered(&other, theirs, &ids).await;
    let before = second_after(feed(&client, mine).await.last().unwrap());
    let foreseen = store.foresee(mine, &before);
    store.foresee(theirs, &before);
    // Reports of deliveries may have come since: nothing that comes now is old.
    let before = second_after(feed(&client, mine).await.last().unwrap());
    let foreseen_again = store.foresee(mine, &before);
    assert!(foreseen_again["messages"].as_u64() >= foreseen["messages"].as_u64());
    let (messages, waiting) = (foreseen_again["messages"].as_u64().unwrap(), &foreseen_again["unfinished"]);
    assert!(messages >= 3 && waiting.as_u64().unwrap() >= 1, "{foreseen_again}");
    assert_eq!(foreseen_again["is_erased"], false);
    let mut same_bytes = demo.letter("shared by two");
    same_bytes.document_attachments[0].metadata[0].value = "another name.txt".to_owned();
    let young = post(&client, same_bytes).await;
    assert!(!ids.contains(&young), "it is a call of its own");
    delivered(&other, theirs, &[young]).await;

    let checkpoint = data.join("checkpoint.json");
    let made = store.run(&["audit", "checkpoint", "--to", text(&checkpoint)]);
    assert!(made.status.success(), "{}", said(&made));
    let verify = |store: &Store| store.run(&["audit", "verify", "--checkpoint", text(&checkpoint)]);
    let feed_before = feed(&client, mine).await;

    // Who does not say what is to become of the unfinished erases nothing, and neither does who names nobody.
    let order = ["box", "erase", &mine_text, "--before", &before, "--yes"];
    let who = ["--by", "Архив", "--reason", "срок хранения истёк"];
    let refused = store.admin(&[&order[..], &who].concat()).unwrap_err();
    assert!(refused.contains("are not finished, and nothing is erased"), "{refused}");
    assert!(store.admin(&order).unwrap_err().contains("--reason"));
    let empty = [&order[..], &["--by", " ", "--reason", "x", "--unfinished", "keep"]].concat();
    assert!(store.admin(&empty).unwrap_err().contains("by: it is empty"));
    let future = ["box", "erase", &mine_text, "--before", "2200-01-01"];
    assert!(store.admin(&future).unwrap_err().contains("a time to come"));
    assert_eq!(store.admin(&["box", "erasures", &mine_text]).unwrap(), Value::Array(Vec::new()));
    assert_eq!(feed(&client, mine).await.len(), feed_before.len());

    // Beside the server that has all of it in mind.
    let done = store.admin(&[&order[..], &who, &["--unfinished", "keep"]].concat()).unwrap();
    assert_eq!((&done["messages"], &done["by"]), (&messages.into(), &"Архив".into()), "{done}");
    assert!(done["ended_at"].is_string() && done["contents"].as_u64().unwrap() >= 2, "{done}");
    for (id, bytes) in &old {
        assert_eq!(read(&client, mine, *id).await, Err(Some(404)));
        let event = EventId::from_uuid(id.uuid());
        let found = client.get_event_v3(&GetEventQuery::new(mine, event)).await;
        assert_eq!(found.unwrap_err().refusal().map(|refusal| refusal.status), Some(404));
        assert_eq!(read(&other, theirs, *id).await.unwrap(), bytes.as_bytes(), "the other side has its own");
    }
    assert_eq!(read(&client, mine, unfinished).await.unwrap(), b"unfinished");
    assert_eq!(read(&client, mine, young).await.unwrap(), b"shared by two", "two messages named it");
    let feed_after = feed(&client, mine).await;
    let is_left = |event: &&BoxEvent| feed_after.iter().any(|it| it.event_id == event.event_id);
    let left: Vec<&BoxEvent> = feed_before.iter().filter(is_left).collect();
    assert!(left.iter().copied().eq(&feed_after), "what is left stands as it stood");
    assert!(feed_after.len() + 3 <= feed_before.len());
    // Positions that are gone are positions all the same.
    for event in &feed_before {
        let key: IndexKey = event.index_key().parse().unwrap();
        let query = GetNewEventsQuery {
            after_index_key: Some(key),
            limit: Some(100),
            ..GetNewEventsQuery::new(mine)
        };
        let page = client.get_new_events_v8(&query).await.unwrap();
        let behind = feed_after.iter().filter(|it| it.index_key().parse::<IndexKey>().unwrap() > key).count();
        assert_eq!((page.total_count() as usize, page.events.len()), (behind, behind));
    }

    // The chain is what was signed, and shows the act.
    let verified = verify(&store);
    assert!(verified.status.success(), "{}", said(&verified));
    let told = said(&verified);
    assert!(told.contains("by \"Архив\" because of \"срок хранения истёк\""), "{told}");
    assert!(told.contains(&format!("{messages} messages with")), "{told}");
    let listed = store.admin(&["box", "erasures", &mine_text]).unwrap();
    assert_eq!(listed, Value::Array(vec![done.clone()]));
    let again = store.admin(&[&order[..], &who, &["--unfinished", "keep"]].concat()).unwrap();
    assert_eq!(again["messages"], 0, "{again}");
    assert!(store.admin(&["box", "erase", &mine_text, "--resume"]).unwrap_err().contains("has no act"));

    // What was unfinished goes when one says so; what still comes for it from the other side ends there.
    let unfinished_too = store.admin(&[&order[..], &who, &["--unfinished", "erase"]].concat()).unwrap();
    assert!(unfinished_too["messages"].as_u64().unwrap() >= 1);
    assert_eq!(read(&client, mine, unfinished).await, Err(Some(404)));
    let found = other.get_message_v6(&GetMessageQuery::new(theirs, unfinished)).await.unwrap();
    let signed = MessagePatchToPostV2 {
        box_id: theirs.to_string(),
        message_id: unfinished.to_string(),
        signatures: vec![DocumentSignature {
            parent_entity_id: found.entities[0].entity_id.clone(),
            sign_with_test_signature: Some(true),
            ..DocumentSignature::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    other.post_message_patch_v4(&OperationQuery::new(), signed).await.unwrap();
    let later = second_after(feed(&other, theirs).await.last().unwrap());
    store.foresee(theirs, &later);
    assert_eq!(read(&client, mine, unfinished).await, Err(Some(404)), "it does not come back");
    assert!(served.end().0.success());

    for output in [verify(&store), store.rebuilt()] {
        assert!(output.status.success(), "{}", said(&output));
    }
    restores(&store, &checkpoint).await;
    moves(&store, &checkpoint);
    if store.database.is_none() {
        tells_what_no_act_names(&store, mine, &checkpoint);
    }
}

/// A copy of it proves the same in another place.
async fn restores(store: &Store, checkpoint: &Path) {
    let copy = store.folder.path().join("copy");
    let taken = store.run(&["backup", "--to", text(&copy)]);
    assert!(taken.status.success(), "{}", said(&taken));
    let place = match &store.database {
        Some(_) => Store::postgres(Cluster::shared().empty_database()),
        None => Store::embedded(),
    };
    for words in [
        &["restore", "--from", text(&copy), "--verify"][..],
        &["audit", "verify", "--checkpoint", text(checkpoint)],
        &["admin", "rebuild", "--check"],
    ] {
        let output = place.run(words);
        assert!(output.status.success(), "{words:?}: {}", said(&output));
    }
}

/// It is moved to a store of the other kind, row for row.
fn moves(store: &Store, checkpoint: &Path) {
    let to = match &store.database {
        Some(_) => Store::embedded(),
        None => Store::postgres(Cluster::shared().empty_database()),
    };
    let settings = |store: &Store| {
        let path = store.folder.path().join("potok.toml");
        let mut text = format!("data = {:?}\n", store.folder.path());
        if let Some(database) = &store.database {
            text += &format!("store = {:?}\nstore_unsafe = true\n", database.url());
        }
        std::fs::write(&path, text).unwrap();
        path
    };
    let (from, to_file) = (settings(store), settings(&to));
    let copied = potok(store.folder.path())
        .args(["copy", "--from", text(&from), "--to", text(&to_file), "--finish", "--compare"])
        .output()
        .unwrap();
    assert!(copied.status.success(), "{}", said(&copied));
    let verified = to.run(&["audit", "verify", "--checkpoint", text(checkpoint)]);
    assert!(verified.status.success() && said(&verified).contains("Архив"), "{}", said(&verified));
    let left =
        potok(store.folder.path()).args(["copy", "--give-up", "--from", text(&from)]).output().unwrap();
    assert!(left.status.success(), "{}", said(&left));
}

/// Whoever erases can leave behind what keeps the chain; that an act says so cannot be made up.
fn tells_what_no_act_names(store: &Store, box_id: BoxId, checkpoint: &Path) {
    let bypass = Bypass::open(&store.folder.path().join("potok.db")).unwrap();
    let run = |sql: &str| drop(bypass.run(sql).unwrap());
    let verify = || store.run(&["audit", "verify", "--checkpoint", text(checkpoint)]);
    let is_told = |damage: &str| {
        let output = verify();
        assert_eq!(output.status.code(), Some(1), "{damage}: {}", said(&output));
        let told = said(&output);
        assert!(told.contains("is not what an act of erasing says of it"), "{damage}: {told}");
    };
    run("CREATE TABLE kept AS SELECT * FROM erased_events");
    for damage in [
        "UPDATE erased_events SET digest = zeroblob(32) WHERE key = (SELECT min(key) FROM erased_events)",
        "DELETE FROM erased_events WHERE key = (SELECT max(key) FROM erased_events)",
    ] {
        run(damage);
        is_told(damage);
        run("DELETE FROM erased_events");
        run("INSERT INTO erased_events SELECT * FROM kept");
        assert!(verify().status.success());
    }
    run("DROP TABLE kept");
    let of_box = format!("box_id = x'{}' AND kind = 1", box_id.uuid().simple());
    let one = format!("{of_box} AND stream_id = (SELECT max(stream_id) FROM events WHERE {of_box})");
    let leave = format!(
        "INSERT INTO erased_events SELECT box_id, key, kind, stream_id, revision, event_id, zeroblob(32) FROM events
         WHERE {one}"
    );
    run(&leave);
    run(&format!("DELETE FROM events WHERE {one}"));
    is_told(&leave);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_erased_from_the_embedded_store_and_the_chain_shows_the_act() {
    erases(Store::embedded()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_erased_from_postgres_and_the_chain_shows_the_act() {
    erases(Store::postgres(Cluster::shared().database())).await;
}

async fn is_killed(store: Store) {
    let data = store.folder.path();
    let demo = Arc::new(organizations_by(&mut store.command(), data));
    let mine = demo.sides[0].box_id.to_string();
    let served = store.serve();
    let (sent, count) = (Acknowledged::default(), Arc::new(AtomicUsize::new(0)));
    let mut senders = JoinSet::new();
    for sender in 0..4 {
        let client = demo.client(&served, 0);
        let (demo, sent, count) = (Arc::clone(&demo), Arc::clone(&sent), Arc::clone(&count));
        senders.spawn(send(demo, client, sender.to_string(), sent, count));
    }
    while count.load(std::sync::atomic::Ordering::SeqCst) < LETTERS {
        tokio::task::yield_now().await;
    }
    senders.abort_all();
    while senders.join_next().await.is_some() {}
    let (client, other) = (demo.client(&served, 0), demo.client(&served, 1));
    let acknowledged = sent.lock().await.clone();
    let ids: Vec<MessageId> = acknowledged.keys().copied().collect();
    delivered(&other, demo.sides[1].box_id, &ids).await;
    let before = second_after(feed(&client, demo.sides[0].box_id).await.last().unwrap());
    demo.sides.iter().for_each(|side| drop(store.foresee(side.box_id, &before)));
    let before = second_after(feed(&client, demo.sides[0].box_id).await.last().unwrap());
    let messages = store.foresee(demo.sides[0].box_id, &before)["messages"].as_u64().unwrap();
    assert!(messages as usize >= LETTERS);
    let checkpoint = data.join("checkpoint.json");
    assert!(store.run(&["audit", "checkpoint", "--to", text(&checkpoint)]).status.success());

    let order = ["admin", "box", "erase", &mine, "--before", &before, "--yes", "--by", "А", "--reason", "Б"];
    let resume = ["admin", "box", "erase", &mine, "--resume"];
    let mut kills = 0;
    let mut begin = store.command();
    let mut is_ended = killed_after(begin.args(order).args(["--unfinished", "keep"]), GONE, 1);
    while !is_ended {
        kills += 1;
        // Whatever is done by now is said by the act, and the rest is there.
        let acts = store.admin(&["box", "erasures", &mine]).unwrap();
        let gone = acts[0]["messages"].as_u64().unwrap();
        assert!(acts.as_array().unwrap().len() == 1 && gone > 0, "{acts}");
        if acts[0]["ended_at"].is_string() {
            break;
        }
        let verified = store.run(&["audit", "verify", "--checkpoint", text(&checkpoint)]);
        assert!(verified.status.success() && said(&verified).contains("not ended"), "{}", said(&verified));
        let looked = said(&store.run(&["doctor"]));
        assert!(looked.contains(&format!("potok admin box erase {mine} --resume")), "{looked}");
        let (mut here, mut away) = (0, 0);
        for (id, text) in acknowledged.iter().step_by(5) {
            match read(&client, demo.sides[0].box_id, *id).await {
                Ok(bytes) if bytes == text.as_bytes() => here += 1,
                Err(Some(404)) => away += 1,
                found => panic!("{id} is there by half: {found:?}"),
            }
        }
        assert!(here + away > 0 && away <= gone, "{here} {away} {gone}");
        let other_act = store.run(&[&order[..], &["--unfinished", "keep"]].concat());
        assert!(said(&other_act).contains("is not ended"), "{}", said(&other_act));
        is_ended = killed_after(store.command().args(resume), GONE, 1);
    }
    assert!(kills >= 1, "it was killed {kills} times");
    let acts = store.admin(&["box", "erasures", &mine]).unwrap();
    assert!(acts[0]["messages"] == messages && acts[0]["ended_at"].is_string(), "{acts}");
    for id in acknowledged.keys().step_by(5) {
        assert_eq!(read(&client, demo.sides[0].box_id, *id).await, Err(Some(404)));
    }
    assert!(served.end().0.success());
    for words in
        [&["audit", "verify", "--checkpoint", text(&checkpoint)][..], &["admin", "rebuild", "--check"]]
    {
        let output = store.run(words);
        assert!(output.status.success(), "{words:?}: {}", said(&output));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_that_is_killed_goes_on_where_it_was() {
    is_killed(Store::embedded()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_that_is_killed_goes_on_where_it_was_on_postgres() {
    is_killed(Store::postgres(Cluster::shared().database())).await;
}
