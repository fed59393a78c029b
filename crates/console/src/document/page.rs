//! The page of a document.

use askama::Template;
use potok_wire::proto::DocumentDirection;
use potok_wire::proto::documents::Document;

use super::history::{Happened, history};
use super::next::{Step, steps};
use super::preview::{Preview, comments, preview};
use super::signatures::{Signature, signatures};
use super::tree::{Node, tree};
use crate::act::{Action, actions};
use crate::frame::{Frame, Section};
use crate::moment::Moment;
use crate::names::Names;
use crate::places::DocumentPlace;
use crate::server::{Refused, Server};
use crate::status::Status;
use crate::words::type_name;
use crate::{Reply, Visit};

#[derive(Template)]
#[template(path = "document.html")]
struct Page {
    frame: Frame,
    /// The page itself.
    base: String,
    title: String,
    kind: String,
    direction: &'static str,
    other: String,
    statuses: Vec<Status>,
    at: Option<Moment>,
    facts: Vec<(&'static str, String)>,
    steps: Vec<Step>,
    actions: Vec<Action>,
    preview: Preview,
    comments: Vec<String>,
    file: String,
    happened: Vec<Happened>,
    nodes: Vec<Node>,
    signatures: Vec<Signature>,
    /// Documents that this one refers to, or that refer to it.
    linked: Vec<(String, String)>,
    /// What was done last.
    done: &'static str,
}

/// What is known of documents by their metadata.
const FACTS: [(&str, &str, &str); 6] = [
    ("DocumentNumber", "Номер", "Number"),
    ("DocumentDate", "Дата", "Date"),
    ("TotalSum", "Сумма", "Sum"),
    ("TotalVat", "в том числе НДС", "with VAT"),
    ("Grounds", "Основание", "Grounds"),
    ("FileName", "Файл", "File"),
];

fn facts(frame: &Frame, document: &Document) -> Vec<(&'static str, String)> {
    let known = FACTS.iter().filter_map(|(key, russian, english)| {
        let item = document.metadata.iter().find(|item| item.key == *key)?;
        let name = if frame.is_russian() { *russian } else { *english };
        Some((name, item.value.clone()))
    });
    known.filter(|(_, value)| !value.is_empty()).collect()
}

/// The page.
pub(crate) async fn page(server: &dyn Server, visit: &Visit, place: DocumentPlace) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, place.box_id, Section::Documents).await?;
    let found = super::find(server, place).await?;
    let (Some(document), Some(entity)) = (found.document(), found.entity()) else {
        return Err(Refused::not_found());
    };
    let names = Names::default();
    let other = match document.counteragent_box_id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => names.of(server, id).await,
        None => String::new(),
    };
    let base = frame.at(&format!("/documents/{}/{}", place.message, place.document));
    let root = place.document.to_string();
    let happened = history(server, &frame, place).await?;
    let linked =
        document.initial_document_ids.iter().map(|id| (frame.say("К документу", "It refers to"), id));
    let linked = linked.chain(
        document
            .subordinate_document_ids
            .iter()
            .map(|id| (frame.say("На него ссылается", "Referred to by"), id)),
    );
    let linked = linked.map(|(how, id)| {
        (how.to_owned(), frame.at(&format!("/documents/{}/{}", id.message_id, id.entity_id)))
    });
    let page = Page {
        title: document.title.clone(),
        kind: type_name(&frame, &document.type_named_id),
        direction: match document.document_direction() {
            DocumentDirection::Inbound => say(&frame, "Входящий, от", "Received from"),
            DocumentDirection::Outbound => say(&frame, "Исходящий, кому:", "Sent to"),
            _ => say(&frame, "Внутренний", "Internal"),
        },
        statuses: Status::all(&frame, &document.docflow_status),
        at: Moment::of(document.creation_timestamp_ticks),
        facts: facts(&frame, document),
        steps: steps(&frame, document, &found.actions, &other),
        actions: actions(&frame, document, &found.actions, &base),
        preview: preview(server, place, entity).await,
        comments: comments(server, place, &found.message.entities).await,
        file: format!("{base}/file/{root}"),
        nodes: tree(&frame, &found.message.entities, &root, &base),
        signatures: signatures(server, &frame, &names, place, &found.message.entities).await,
        linked: linked.collect(),
        done: match visit.query.text("done") {
            "" => "",
            "sent" => say(&frame, "Документ отправлен.", "The document is sent."),
            _ => say(&frame, "Сделано.", "Done."),
        },
        happened,
        other,
        base,
        frame,
    };
    Ok(Reply::page(&page))
}

fn say(frame: &Frame, russian: &'static str, english: &'static str) -> &'static str {
    if frame.is_russian() { russian } else { english }
}
