//! The list of documents: filters, search, pages.

use askama::Template;
use potok_api::Empty;
use potok_api::methods::{
    BoxQuery, GetDocumentsByMessageId, GetDocumentsByMessageIdQuery, GetDocumentsV4, SearchDocflowsV4,
};
use potok_types::{BoxId, MessageId};
use potok_wire::proto::docflow::{DocumentWithDocflowV4, SearchDocflowsRequest};
use potok_wire::proto::documents::{Document, GetDocumentsV4Request};
use potok_wire::proto::{DocumentDirection, SortDirection};

use crate::frame::{Frame, Section};
use crate::moment::{Moment, russian_date};
use crate::names::Names;
use crate::server::{Refused, Server, ask};
use crate::status::Status;
use crate::words::{TYPES, type_name};
use crate::{CONSOLE, Fields, Reply, Visit};

/// Documents on a page.
const PAGE: i32 = 25;
/// Where searching stops to go on: whoever looks further wants other words.
const LAST_FOUND: i32 = 1000;

/// What is asked for most, by the words of the API.
const STATUSES: [(&str, &str, &str); 12] = [
    ("NotFinished", "Ждут действий", "Something is to be done"),
    ("RequestsMySignature", "Ждут моей подписи", "My signature is awaited"),
    ("HaveToCreateReceipt", "Ждут моего извещения", "My receipt is awaited"),
    ("RequestsMyRevocation", "Просят аннулировать", "A revocation is asked for"),
    ("WaitingForResolution", "На согласовании", "On approval"),
    ("WaitingForRecipientSignature", "Ждут подписи получателя", "The recipient's signature is awaited"),
    ("WithRecipientSignature", "Подписаны получателем", "Signed by the recipient"),
    ("RecipientSignatureRequestRejected", "С отказом", "Refused"),
    ("RevocationAccepted", "Аннулированы", "Revoked"),
    ("Finished", "Завершены", "Finished"),
    ("NotRead", "Не прочитаны", "Unread"),
    ("Deleted", "Удалены", "Deleted"),
];

/// A row of the list.
struct Row {
    link: String,
    title: String,
    kind: String,
    /// `from` or `to` the other side.
    direction: &'static str,
    other: String,
    statuses: Vec<Status>,
    at: Option<Moment>,
    is_read: bool,
    /// Deleted ones are not opened: they are restored.
    is_deleted: bool,
}

/// A choice of a filter.
struct Choice {
    value: &'static str,
    text: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "documents.html")]
struct Page {
    frame: Frame,
    query: Fields,
    class: &'static str,
    /// The class, its words, where it leads.
    classes: Vec<(&'static str, &'static str, String)>,
    statuses: Vec<Choice>,
    types: Vec<Choice>,
    rows: Vec<Row>,
    total: Option<i32>,
    next: Option<String>,
    /// Not the first page.
    first: Option<String>,
    /// Some filter leaves out some documents.
    is_narrowed: bool,
    problem: String,
    done: &'static str,
}

fn class(query: &Fields) -> &'static str {
    match query.text("class") {
        "Outbound" => "Outbound",
        "Internal" => "Internal",
        _ => "Inbound",
    }
}

/// The list.
pub(crate) async fn page(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::Documents).await?;
    let (query, class) = (&visit.query, class(&visit.query));
    let found = match query.get("q") {
        Some(words) => found(server, &frame, query, words).await,
        None => listed(server, &frame, query, class).await,
    };
    let (found, problem, status) = match found {
        Ok(found) => (found, String::new(), 200),
        // What was typed stays there to be mended.
        Err(refused) if refused.status == 400 => (Found::default(), refused.text, 400),
        Err(refused) => return Err(refused),
    };
    let narrowing = ["q", "status", "type", "number", "from", "to", "partner"];
    let list = frame.at("/documents");
    let link = |query: String| if query.is_empty() { list.clone() } else { format!("{list}?{query}") };
    let classes = [
        ("Inbound", "Входящие", "Received"),
        ("Outbound", "Исходящие", "Sent"),
        ("Internal", "Внутренние", "Internal"),
    ];
    let choices = |all: &[(&'static str, &'static str, &'static str)], field: &str| {
        let choice = |&(value, russian, english): &(&'static str, &'static str, &'static str)| Choice {
            value,
            text: frame.say(russian, english).to_owned(),
            is_chosen: query.text(field) == value,
        };
        all.iter().map(choice).collect::<Vec<Choice>>()
    };
    let page = Page {
        classes: classes
            .iter()
            .map(|(value, russian, english)| {
                (*value, frame.say(russian, english), link(format!("class={value}")))
            })
            .collect(),
        statuses: choices(&STATUSES, "status"),
        types: choices(TYPES, "type"),
        next: found.next.map(|(name, value)| link(query.with(name, &value))),
        first: query
            .get("after")
            .or(query.get("skip"))
            .map(|_| link(Fields::parse(&query.with("after", "")).with("skip", ""))),
        is_narrowed: narrowing.iter().any(|name| query.get(name).is_some()),
        rows: found.rows,
        total: found.total,
        query: query.clone(),
        class,
        problem,
        done: match (query.text("done"), frame.is_russian()) {
            ("", _) => "",
            (_, true) => "Документ удалён. Его можно восстановить.",
            (_, false) => "The document is deleted. It can be restored.",
        },
        frame,
    };
    Ok(Reply::page_with(status, &page))
}

/// The first document of a message.
pub(crate) async fn of_message(
    server: &dyn Server,
    box_id: BoxId,
    message: MessageId,
) -> Result<Reply, Refused> {
    let query = GetDocumentsByMessageIdQuery::new(box_id, message);
    let found = ask::<GetDocumentsByMessageId>(server, &query, &Empty).await?;
    let first = found.documents.first().ok_or_else(Refused::not_found)?;
    Ok(Reply::GoTo(format!("{CONSOLE}/{}/documents/{}/{}", box_id.guid(), first.message_id, first.entity_id)))
}

#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    total: Option<i32>,
    /// The field that leads to the next page, and its value.
    next: Option<(&'static str, String)>,
}

async fn listed(server: &dyn Server, frame: &Frame, query: &Fields, class: &str) -> Result<Found, Refused> {
    let one = |name: &str| query.get(name).map(str::to_owned).into_iter().collect::<Vec<String>>();
    let request = GetDocumentsV4Request {
        document_category: class.to_owned(),
        document_statuses: one("status"),
        document_type_named_ids: one("type"),
        document_numbers: one("number"),
        counteragent_box_ids: one("partner"),
        from_document_date: query.get("from").and_then(russian_date),
        to_document_date: query.get("to").and_then(russian_date),
        sort_direction: Some(SortDirection::Descending as i32),
        count: Some(PAGE),
        after_index_key: query.get("after").map(str::to_owned),
        ..GetDocumentsV4Request::default()
    };
    let list = ask::<GetDocumentsV4>(server, &BoxQuery::new(frame.box_id()), &request).await?;
    // The API tells only whether it counted all of them.
    let is_full = i32::try_from(list.documents.len()).is_ok_and(|count| count == PAGE);
    let last = list.documents.last().and_then(|document| document.index_key.clone());
    let names = Names::default();
    let mut rows = Vec::with_capacity(list.documents.len());
    for document in &list.documents {
        rows.push(row(server, frame, &names, document).await);
    }
    Ok(Found {
        rows,
        total: Some(list.total_count),
        next: last.filter(|_| is_full).map(|key| ("after", key)),
    })
}

async fn row(server: &dyn Server, frame: &Frame, names: &Names, document: &Document) -> Row {
    let other = document.counteragent_box_id.as_deref().filter(|id| !id.is_empty());
    Row {
        link: frame.at(&format!("/documents/{}/{}", document.message_id, document.entity_id)),
        title: document.title.clone(),
        kind: type_name(frame, &document.type_named_id),
        direction: direction(frame, document.document_direction()),
        other: match other {
            Some(id) => names.of(server, id).await,
            None => String::new(),
        },
        statuses: Status::all(frame, &document.docflow_status),
        at: Moment::of(
            document.last_modification_timestamp_ticks.unwrap_or(document.creation_timestamp_ticks),
        ),
        is_deleted: document.is_deleted.unwrap_or_default(),
        is_read: document.is_read() || document.document_direction() != DocumentDirection::Inbound,
    }
}

fn direction(frame: &Frame, direction: DocumentDirection) -> &'static str {
    match direction {
        DocumentDirection::Inbound => frame.say("от", "from"),
        DocumentDirection::Outbound => frame.say("кому:", "to"),
        _ => frame.say("внутренний", "internal"),
    }
}

async fn found(server: &dyn Server, frame: &Frame, query: &Fields, words: &str) -> Result<Found, Refused> {
    let first = query.get("skip").and_then(|text| text.parse::<i32>().ok()).unwrap_or(0).clamp(0, LAST_FOUND);
    let request = SearchDocflowsRequest {
        query_string: words.to_owned(),
        count: Some(PAGE),
        first_index: Some(first),
        ..SearchDocflowsRequest::default()
    };
    let answer = ask::<SearchDocflowsV4>(server, &BoxQuery::new(frame.box_id()), &request).await?;
    let has_more = answer.have_more_documents.unwrap_or_default() && first + PAGE < LAST_FOUND;
    let names = Names::default();
    let mut rows = Vec::with_capacity(answer.documents.len());
    for document in &answer.documents {
        rows.push(found_row(server, frame, &names, document).await);
    }
    Ok(Found { rows, total: None, next: has_more.then(|| ("skip", (first + PAGE).to_string())) })
}

async fn found_row(
    server: &dyn Server,
    frame: &Frame,
    names: &Names,
    document: &DocumentWithDocflowV4,
) -> Row {
    let (info, id) = (&document.document_info, &document.document_id);
    let is_inbound = info.document_direction() == DocumentDirection::Inbound;
    let sides = &info.participants;
    let other = match is_inbound {
        true => Some(&sides.sender.box_id),
        false => sides.recipient.as_ref().map(|it| &it.box_id),
    };
    let title = &document.docflow.sender_title;
    let attachment = &title.attachment.attachment;
    let name = attachment.display_filename.as_ref().or(attachment.attachment_filename.as_ref());
    let at = title.delivered_at.filter(|_| is_inbound).or(title.sent_at);
    Row {
        link: frame.at(&format!("/documents/{}/{}", id.message_id, id.entity_id)),
        title: name.cloned().unwrap_or_default(),
        kind: type_name(frame, &info.full_version.type_named_id),
        direction: direction(frame, info.document_direction()),
        other: match other {
            Some(id) => names.of(server, id).await,
            None => String::new(),
        },
        statuses: Status::all(frame, &document.docflow.docflow_status),
        at: at.and_then(|at| Moment::of(at.ticks)),
        is_deleted: info.is_deleted,
        is_read: info.is_read || !is_inbound,
    }
}
