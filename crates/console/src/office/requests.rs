//! The last requests, where they are kept.

use askama::Template;

use super::{Body, Office, Request, RequestInFull, open};
use crate::frame::{Frame, Section};
use crate::moment::{Moment, size};
use crate::server::{Refused, Server};
use crate::{Fields, Reply, Visit};

/// Characters of a body on a page; all of it is in the file.
const SHOWN_CHARS: usize = 12_000;

#[derive(Template)]
#[template(path = "requests.html")]
struct Page {
    frame: Frame,
    query: Fields,
    rows: Vec<Row>,
}

/// A request for people.
struct Row {
    request: Request,
    at: Option<Moment>,
    class: &'static str,
    /// In milliseconds.
    took: String,
}

impl From<Request> for Row {
    fn from(request: Request) -> Self {
        let class = match request.status {
            ..400 => "good",
            400..500 => "open",
            _ => "bad",
        };
        #[allow(clippy::cast_precision_loss, reason = "it is shown with one digit")]
        let took = format!("{:.1}", request.micros as f64 / 1000.0);
        Self { at: Moment::of(request.at.get()), class, took, request }
    }
}

/// Nothing is shown where nothing is kept.
async fn opened(server: &dyn Server, visit: &Visit) -> Result<(Box<dyn Office>, Frame), Refused> {
    let (office, frame) = open(server, visit, Section::Requests).await?;
    if office.keeps_requests() { Ok((office, frame)) } else { Err(Refused::not_found()) }
}

/// The list.
pub(crate) async fn page(server: &dyn Server, visit: &Visit) -> Result<Reply, Refused> {
    let (office, frame) = opened(server, visit).await?;
    let rows = office.requests(&visit.query.with("", "")).into_iter().map(Row::from).collect();
    Ok(Reply::page(&Page { query: visit.query.clone(), rows, frame }))
}

/// A body for people.
struct Shown {
    body: Body,
    size: String,
    is_cut: bool,
}

impl Shown {
    fn of(frame: &Frame, mut body: Body) -> Self {
        let mut is_cut = !body.is_whole;
        for text in [&mut body.text, &mut body.protobuf] {
            if let Some((end, _)) = text.char_indices().nth(SHOWN_CHARS) {
                text.truncate(end);
                is_cut = true;
            }
        }
        Self { size: size(body.bytes, frame.is_russian()), body, is_cut }
    }
}

#[derive(Template)]
#[template(path = "request.html")]
struct One {
    frame: Frame,
    row: Row,
    target: String,
    code: String,
    headers: Vec<(String, String)>,
    /// What it is, and the body.
    bodies: Vec<(&'static str, Shown)>,
    /// `None`: it is too long for a page.
    curl: Option<String>,
    /// The path of everything as a file.
    file: String,
}

/// One of them.
pub(crate) async fn one(server: &dyn Server, visit: &Visit, trace: &str) -> Result<Reply, Refused> {
    let (office, frame) = opened(server, visit).await?;
    let found = office.request(trace).ok_or_else(Refused::not_found)?;
    let RequestInFull { request, target, code, headers, asked, answered, curl, .. } = found;
    let asked = Some((frame.say("Запрос", "Request"), asked));
    let answered = answered.map(|body| (frame.say("Ответ", "Answer"), body));
    let bodies =
        asked.into_iter().chain(answered).map(|(what, body)| (what, Shown::of(&frame, body))).collect();
    let page = One {
        bodies,
        row: request.into(),
        target,
        code,
        headers,
        curl: (curl.len() <= SHOWN_CHARS).then_some(curl),
        file: format!("{}/file", visit.path),
        frame,
    };
    Ok(Reply::page(&page))
}

/// All of one of them, in JSON.
pub(crate) async fn file(server: &dyn Server, visit: &Visit, trace: &str) -> Result<Reply, Refused> {
    let (office, _) = opened(server, visit).await?;
    let found = office.request(trace).ok_or_else(Refused::not_found)?;
    let name = format!("{trace}.json");
    Ok(Reply::File { name, bytes: found.all.into(), kind: "application/json", is_shown: false })
}
