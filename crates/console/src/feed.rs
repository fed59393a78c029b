//! The feed of a box: what happened last, and what happens now.

use askama::Template;
use potok_api::Empty;
use potok_api::methods::{GetNewEventsQuery, GetNewEventsV8};
use potok_types::BoxId;
use potok_wire::proto::events::{BoxEvent, Entity};

use crate::frame::{Frame, Section};
use crate::moment::Moment;
use crate::server::{Refused, Server, ask};
use crate::{Reply, Visit, words};

/// Events on the page.
const PAGE: i64 = 30;

/// An event.
struct Event {
    what: String,
    title: String,
    link: String,
    at: Option<Moment>,
}

#[derive(Template)]
#[template(path = "feed.html")]
struct Page {
    frame: Frame,
    events: Vec<Event>,
    /// The events that follow, as a stream.
    live: String,
}

/// The page.
pub(crate) async fn page(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::Feed).await?;
    let query = GetNewEventsQuery {
        order_by: Some("Descending".to_owned()),
        limit: Some(PAGE),
        ..GetNewEventsQuery::new(box_id)
    };
    let found = ask::<GetNewEventsV8>(server, &query, &Empty).await?;
    let key = found.events.iter().find_map(|event| event.index_key.as_deref()).unwrap_or_default();
    let live = match key {
        "" => frame.at("/feed/live"),
        key => frame.at(&format!("/feed/live?afterIndexKey={}", key.replace('+', "%2B").replace('=', "%3D"))),
    };
    let events = found.events.iter().map(|event| told(&frame, event)).collect();
    Ok(Reply::page(&Page { events, live, frame }))
}

fn told(frame: &Frame, event: &BoxEvent) -> Event {
    let link = |message: &str| frame.at(&format!("/documents/{message}"));
    let titles = |entities: &[Entity]| {
        let documents = entities.iter().filter_map(|entity| entity.document_info.as_ref());
        documents.map(|document| document.title.clone()).collect::<Vec<String>>().join("; ")
    };
    if let Some(message) = &event.message {
        let title = titles(&message.entities);
        return Event {
            what: match message.is_draft.unwrap_or_default() {
                true => frame.say("Черновик", "Draft"),
                false => frame.say("Новый документ", "New document"),
            }
            .to_owned(),
            title: if title.is_empty() { message.from_title.clone() } else { title },
            link: link(&message.message_id),
            at: Moment::of(message.timestamp_ticks),
        };
    }
    let Some(patch) = &event.patch else {
        return Event { what: String::new(), title: String::new(), link: frame.at("/documents"), at: None };
    };
    let mut kinds: Vec<String> = patch.entities.iter().map(|entity| words::entity(frame, entity)).collect();
    kinds.dedup();
    let what = match (patch.message_is_delivered.unwrap_or_default(), kinds.is_empty()) {
        (true, _) => frame.say("Доставлено", "Delivered").to_owned(),
        (false, false) => kinds.join(", "),
        (false, true) => frame.say("Изменение", "Change").to_owned(),
    };
    Event {
        what,
        title: titles(&patch.entities),
        link: link(&patch.message_id),
        at: Moment::of(patch.timestamp_ticks),
    }
}
