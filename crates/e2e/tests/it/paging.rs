//! Every event exactly once, however it is read.

use std::collections::BTreeSet;

use potok_testkit::sdk::api::methods::GetNewEventsQuery;
use potok_testkit::{Letter, World};
use potok_types::IndexKey;

#[tokio::test]
async fn pages_of_seven_find_what_twenty_senders_wrote_meanwhile() {
    pages_of_seven_find_what_twenty_senders_wrote_meanwhile_in(World::start().await).await;
}

pub(crate) async fn pages_of_seven_find_what_twenty_senders_wrote_meanwhile_in(world: World) {
    const SENDERS: usize = 20;
    const LETTERS: usize = 10;
    let (a, b) = world.two_sides().await;
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let boss = a.boss.clone();
        let to = b.box_id();
        senders.spawn(async move {
            for n in 0..LETTERS {
                let mut letter = Letter::new(boss.box_id, to);
                letter.0.document_attachments[0] = Letter::document("x.pdf", format!("{sender} {n}"));
                boss.post(&letter).await.unwrap();
            }
        });
    }
    let mut seen: Vec<(IndexKey, String)> = Vec::new();
    let mut query = GetNewEventsQuery::new(a.box_id());
    query.limit = Some(7);
    // Reads while the senders write, and on until everything that was acknowledged has been seen.
    loop {
        let all_written = senders.is_empty();
        let page = a.boss.client.get_new_events_v8(&query).await.unwrap();
        if page.events.is_empty() && all_written {
            break;
        }
        assert!(page.total_count() as usize >= page.events.len());
        for event in page.events {
            let key: IndexKey = event.index_key.as_deref().unwrap().parse().unwrap();
            seen.push((key, event.event_id));
            query.after_index_key = Some(key);
        }
        while senders.try_join_next().is_some() {}
        tokio::task::yield_now().await;
    }
    assert_eq!(seen.len(), SENDERS * LETTERS, "no gap");
    assert_eq!(seen.iter().map(|(_, id)| id).collect::<BTreeSet<_>>().len(), seen.len(), "no repeat");
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "no reordering");

    // The same by event ids, and backwards.
    let mut by_id = GetNewEventsQuery::new(a.box_id());
    by_id.after_event_id = Some(seen[49].1.parse().unwrap());
    let page = a.boss.client.get_new_events_v8(&by_id).await.unwrap();
    assert_eq!(page.total_count(), 150);
    assert_eq!(page.events.first().unwrap().event_id, seen[50].1);
    let mut backwards = GetNewEventsQuery::new(a.box_id());
    backwards.order_by = Some("Descending".to_owned());
    backwards.after_index_key = Some(seen[50].0);
    backwards.limit = Some(3);
    let page = a.boss.client.get_new_events_v8(&backwards).await.unwrap();
    let ids: Vec<&String> = page.events.iter().map(|event| &event.event_id).collect();
    assert_eq!(ids, [&seen[49].1, &seen[48].1, &seen[47].1]);
    assert_eq!(page.total_count(), 50);
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn wrong_questions_are_answered_with_the_cure() {
    let world = World::start().await;
    let (a, _b) = world.two_sides().await;
    let ask = async |rest: &str| {
        let path = format!("/V8/GetNewEvents?boxId={}{rest}", a.box_id());
        let request = potok_testkit::RawRequest::get(path).bearer(&a.boss.access_token);
        let answer = world.raw(request).await;
        (answer.status, answer.text())
    };
    for (rest, word) in [
        ("&afterIndexKey=CN3T", "cursor must have valid value"),
        ("&afterEventId=11111111-1111-1111-1111-111111111111", "afterEventId"),
        ("&afterEventId=11111111-1111-1111-1111-111111111111&afterIndexKey=CN3T_DeCTa4", "afterIndexKey"),
        ("&messageType=Postcard", "messageType"),
        ("&documentDirection=Sideways", "documentDirection"),
        ("&orderBy=Random", "orderBy"),
        ("&limit=0", "limit"),
        ("&limit=101", "limit"),
        ("&timestampFromTicks=abc", "timestampFromTicks"),
        ("&timestampFromTicks=2&timestampToTicks=1", "timestampFromTicks"),
    ] {
        let (status, text) = ask(rest).await;
        assert_eq!(status, 400, "{rest}: {text}");
        assert!(text.contains(word), "{rest}: {text}");
    }
    assert_eq!(ask("&typeNamedId=NoSuchType").await.0, 200);
    assert_eq!(ask("&afterIndexKey=&limit=&includeDrafts").await.0, 200);
    world.end().await;
}
