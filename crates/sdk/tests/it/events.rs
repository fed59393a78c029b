//! Reading a feed to its end.

use futures_util::{StreamExt as _, TryStreamExt as _};
use potok_sdk::api::methods::GetNewEventsQuery;
use potok_sdk::api::{QueryParams as _, methods::GetEventQuery};
use potok_sdk::proto::events::{BoxEvent, BoxEventList};
use potok_sdk::{Auth, Client, Position};
use potok_types::{BoxId, EventId, IndexKey};

use crate::server::{Reply, Seen, Server, reply};

const BOX: &str = "1f208d032a604f6491b1b7aad54cfaf3";

fn box_id() -> BoxId {
    BOX.parse().unwrap()
}

fn event_id(number: i64) -> String {
    format!("00000000-0000-0000-0000-{number:012}")
}

fn event(number: i64) -> BoxEvent {
    let index_key = Some(IndexKey::new(number).to_string());
    BoxEvent { event_id: event_id(number), index_key, ..BoxEvent::default() }
}

/// The page of a feed with the events 1 to `newest`.
fn page(seen: &Seen, newest: i64) -> Reply {
    let query = GetNewEventsQuery::parse(seen.target.split_once('?').unwrap().1).unwrap();
    assert!(
        query.after_event_id.is_none() || query.after_index_key.is_none(),
        "only one bookmark: {query:?}"
    );
    let after_event = query
        .after_event_id
        .map(|id| (1..=newest).find(|&number| event_id(number) == id.to_string()).unwrap());
    let after = query.after_index_key.map(IndexKey::get).or(after_event).unwrap_or(0);
    let events = (after + 1..=newest).take(query.limit.unwrap_or(100) as usize).map(event).collect();
    let list = BoxEventList { events, ..BoxEventList::default() };
    reply(200, potok_wire::encode_protobuf(&list))
}

async fn feed(newest: i64) -> (Server, Client) {
    let server = Server::scripted(move |seen| Some(page(seen, newest))).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn every_event_comes_once_and_in_order() {
    for newest in [0, 1, 99, 100, 101, 250] {
        let (server, client) = feed(newest).await;
        let mut events = client.events(box_id(), Position::Start);
        let mut seen = Vec::new();
        while let Some(event) = events.next().await.unwrap() {
            assert_eq!(events.bookmark().unwrap().to_string(), event.index_key.clone().unwrap());
            seen.push(event);
        }
        assert_eq!(seen, (1..=newest).map(event).collect::<Vec<_>>());
        assert_eq!(
            server.seen().len() as i64,
            newest.div_euclid(100) + if newest % 100 == 0 { 1 } else { 2 }
        );
        assert_eq!(events.next().await.unwrap(), None, "the end may be asked again");
    }
}

#[tokio::test]
async fn reading_goes_on_from_a_position() {
    let (_server, client) = feed(250).await;
    for from in
        [Position::After(IndexKey::new(240)), Position::AfterEvent(event_id(240).parse::<EventId>().unwrap())]
    {
        let read: Vec<BoxEvent> = client.events(box_id(), from).into_stream().try_collect().await.unwrap();
        assert_eq!(read, (241..=250).map(event).collect::<Vec<_>>(), "{from:?}");
    }
    let mut events = client.events(box_id(), Position::After(IndexKey::new(250)));
    assert_eq!(events.next_page().await.unwrap(), []);
    assert_eq!(events.bookmark(), Some(IndexKey::new(250)), "an empty page does not move the bookmark");
}

#[tokio::test]
async fn pages_and_single_events_mix() {
    let (_server, client) = feed(150).await;
    let mut events = client.events(box_id(), Position::Start);
    assert_eq!(events.bookmark(), None);
    assert_eq!(events.next().await.unwrap(), Some(event(1)));
    assert_eq!(events.next_page().await.unwrap(), (2..=100).map(event).collect::<Vec<_>>());
    assert_eq!(events.bookmark(), Some(IndexKey::new(100)));
    assert_eq!(events.next_page().await.unwrap().len(), 50);
    assert_eq!(events.next_page().await.unwrap().len(), 0);
}

#[tokio::test]
async fn filters_go_with_every_page() {
    let (server, client) = feed(3).await;
    let query = GetNewEventsQuery {
        message_type: vec!["Letter".to_owned()],
        limit: Some(2),
        ..GetNewEventsQuery::new(box_id())
    };
    let read: Vec<BoxEvent> =
        client.events_with(query, Position::Start).into_stream().try_collect().await.unwrap();
    assert_eq!(read.len(), 3);
    for seen in server.seen() {
        assert!(seen.target.starts_with("/V8/GetNewEvents?"), "{}", seen.target);
        assert!(
            seen.target.contains("messageType=Letter") && seen.target.contains("limit=2"),
            "{}",
            seen.target
        );
    }
}

#[tokio::test]
async fn a_failure_does_not_move_the_position() {
    let mut calls = 0;
    let server = Server::scripted(move |seen| {
        calls += 1;
        Some(if calls == 2 { reply(500, "oops") } else { page(seen, 101) })
    })
    .await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    let mut events = client.events(box_id(), Position::Start);
    assert_eq!(events.next_page().await.unwrap().len(), 100);
    assert_eq!(events.next_page().await.unwrap_err().status(), Some(500));
    assert_eq!(events.bookmark(), Some(IndexKey::new(100)));
    assert_eq!(events.next_page().await.unwrap(), [event(101)]);
}

#[tokio::test]
async fn a_stream_ends_after_its_error() {
    let server = Server::replying([reply(403, "no")]).await;
    let client = server.client().auth(Auth::Token("t".to_owned())).build().unwrap();
    let items: Vec<_> = client.events(box_id(), Position::Start).into_stream().collect().await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].as_ref().unwrap_err().status(), Some(403));
    let query = GetEventQuery::new(box_id(), event_id(1).parse::<EventId>().unwrap());
    assert_eq!(client.get_event_v3(&query).await.unwrap_err().status(), Some(403));
}
