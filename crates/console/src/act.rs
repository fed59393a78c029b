//! What may be done with a document, and the forms by which it is done.
//!
//! What is signed takes one step with a test signature, and two by a key of the server or with a signature that is uploaded:
//! the form carries along what was made meanwhile, so that the server keeps nothing.

pub(crate) mod keys;
mod kind;
mod post;
mod task;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use potok_api::Empty;
use potok_api::methods::{BoxQuery, GetMyPermissions, GetOrganizationUsersV2, OrganizationQuery};
use potok_types::OrgId;
use potok_wire::proto::documents::{Document, DocumentAction};
use potok_wire::proto::{ContentV3, DocumentId};

use crate::document::find;
use crate::frame::{Frame, Section};
use crate::partners::{Partner, own_partners};
use crate::places::DocumentPlace;
use crate::server::{Refused, Server, ask};
use crate::{Fields, Reply, Sent, Visit};
use keys::{Signing, Stage};
use kind::{Kind, ROWS, Row, Words};
use post::By;
use task::Task;

/// Something that can be done, as a page offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) link: String,
    pub(crate) text: &'static str,
    pub(crate) class: &'static str,
}

/// What a page offers of what may be done with the document; `base` is its page.
pub(crate) fn actions(frame: &Frame, document: &Document, may: &[DocumentAction], base: &str) -> Vec<Action> {
    let is_deleted = document.is_deleted.unwrap_or_default();
    let offered = ROWS.iter().filter(|row| match row.act {
        None => !is_deleted,
        Some(act) => may.iter().any(|action| action.r#type() == act),
    });
    offered
        .map(|row| Action {
            link: format!("{base}/do/{}", row.name),
            text: row.text(frame),
            class: row.class,
        })
        .collect()
}

#[derive(Template)]
#[template(path = "do.html")]
struct Form {
    frame: Frame,
    /// The page of the document.
    base: String,
    name: &'static str,
    heading: &'static str,
    title: String,
    hint: &'static str,
    class: &'static str,
    stage: Stage,
    is_signed: bool,
    is_made: bool,
    has_words: bool,
    must_have_words: bool,
    asks_people: bool,
    forwards: bool,
    /// The title is made from the form, or comes as a file.
    answers: Option<bool>,
    people: Vec<(String, String)>,
    partners: Vec<Partner>,
    position: String,
    fields: Fields,
    /// What is signed where no file is made.
    signed_entity: String,
    /// Carried along, in base64.
    made: String,
    task: String,
    problem: &'static str,
    detail: String,
}

/// The form of an action, or what it does.
pub(crate) async fn answer(
    server: &dyn Server,
    visit: &Visit,
    place: DocumentPlace,
    name: &str,
) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, place.box_id, Section::Documents).await?;
    let row = Row::named(name).ok_or_else(Refused::not_found)?;
    if row.kind == Kind::Restore && visit.sent.is_some() {
        post::restored(server, place).await?;
        return Ok(Reply::GoTo(frame.at(&format!("/documents/{}/{}?done=1", place.message, place.document))));
    }
    let found = find(server, place).await?;
    let task = Task { kind: row.kind, place, found: &found };
    let mut form = form(server, &frame, row, &task).await?;
    let Some(sent) = &visit.sent else { return Ok(Reply::page(&form)) };
    form.fields = sent.fields.clone();
    match done(server, &task, sent, &mut form).await {
        Ok(Some(reply)) => Ok(reply),
        Ok(None) => Ok(Reply::page(&form)),
        Err(refused) if matches!(refused.status, 400 | 402 | 403 | 409 | 415) => {
            form.problem =
                say(&frame, "Не получилось: сервер отказал.", "That did not work: the server refused.");
            form.detail = refused.text;
            form.stage = Stage::First;
            Ok(Reply::page_with(refused.status, &form))
        }
        Err(refused) => Err(refused),
    }
}

fn say(frame: &Frame, russian: &'static str, english: &'static str) -> &'static str {
    if frame.is_russian() { russian } else { english }
}

async fn form(server: &dyn Server, frame: &Frame, row: &Row, task: &Task<'_>) -> Result<Form, Refused> {
    let document = task.found.document().ok_or_else(Refused::not_found)?;
    let (asks_people, forwards) = (row.kind == Kind::Ask, row.kind == Kind::Forward);
    let people = if asks_people { colleagues(server, frame).await? } else { Vec::new() };
    let partners = if forwards { own_partners(server, frame.box_id()).await? } else { Vec::new() };
    let position = if row.kind.is_made() { own_position(server, frame).await } else { String::new() };
    Ok(Form {
        base: frame.at(&format!("/documents/{}/{}", task.place.message, task.place.document)),
        name: row.name,
        heading: row.text(frame),
        title: document.title.clone(),
        hint: row.kind.hint(frame),
        class: if row.class == "danger" { "danger" } else { "" },
        stage: Stage::First,
        is_signed: row.kind.is_signed(),
        is_made: row.kind.is_made(),
        has_words: row.kind.words() != Words::No,
        must_have_words: row.kind.words() == Words::Must,
        asks_people,
        forwards,
        answers: (row.kind == Kind::Title).then(|| task::has_title_form(&document.type_named_id)),
        people,
        partners,
        position,
        fields: Fields::default(),
        signed_entity: task.parent().unwrap_or(task.place.document).to_string(),
        made: String::new(),
        task: String::new(),
        problem: "",
        detail: String::new(),
        frame: frame.clone(),
    })
}

async fn colleagues(server: &dyn Server, frame: &Frame) -> Result<Vec<(String, String)>, Refused> {
    let found = ask::<GetOrganizationUsersV2>(server, &BoxQuery::new(frame.box_id()), &Empty).await?;
    let named = |name: String, position: &str| match position {
        "" => name,
        position => format!("{name}, {position}"),
    };
    Ok(found.users.into_iter().map(|user| (user.id, named(user.name, &user.position))).collect())
}

/// The position of who is signed in, to begin with.
pub(crate) async fn own_position(server: &dyn Server, frame: &Frame) -> String {
    let Some(org) = frame.place.as_ref().and_then(|place| place.org_id.parse::<OrgId>().ok()) else {
        return String::new();
    };
    let found = ask::<GetMyPermissions>(server, &OrganizationQuery::new(org), &Empty).await;
    found.ok().and_then(|found| found.job_title).unwrap_or_default()
}

/// Does what the form says; `None` when the form has to be shown once more.
async fn done(
    server: &dyn Server,
    task: &Task<'_>,
    sent: &Sent,
    form: &mut Form,
) -> Result<Option<Reply>, Refused> {
    let there = format!("{}?done=1", form.base);
    let done = || Ok(Some(Reply::GoTo(there)));
    if form.must_have_words && sent.fields.get("words").is_none() && sent.fields.get("made").is_none() {
        form.problem = say(&form.frame, "Напишите причину.", "Write the reason.");
        return Ok(None);
    }
    if !task.kind.is_signed() {
        post::unsigned(server, task, sent).await?;
        if task.kind == Kind::Delete {
            // It is in the lists of deleted ones from now on.
            return Ok(Some(Reply::GoTo(form.frame.at("/documents?done=deleted"))));
        }
        return done();
    }
    let file = if task.kind.is_made() { Some(task.file(server, sent).await?) } else { None };
    if let (Some(bytes), "get") = (&file, sent.fields.text("stage")) {
        let (bytes, name) = (bytes.clone(), format!("{}.xml", form.name));
        return Ok(Some(Reply::File { name, bytes, kind: "application/octet-stream", is_shown: false }));
    }
    form.made = file.as_ref().map(|bytes| STANDARD.encode(bytes)).unwrap_or_default();
    let by = match sent.fields.text("by") {
        "key" => match by_key(server, task, sent, form, file.as_ref()).await? {
            Some(by) => by,
            None => return Ok(None),
        },
        "file" => match sent.file("signature") {
            Some(signature) => By::Signature(signature.bytes.clone()),
            None => {
                form.stage = Stage::File;
                return Ok(None);
            }
        },
        _ => By::Test,
    };
    post::signed(server, task, &by, file).await?;
    done()
}

async fn by_key(
    server: &dyn Server,
    task: &Task<'_>,
    sent: &Sent,
    form: &mut Form,
    file: Option<&Bytes>,
) -> Result<Option<By>, Refused> {
    form.stage = Stage::Key;
    let Some(known) = sent.fields.get("task") else {
        let entity_id =
            DocumentId { message_id: task.place.message.to_string(), entity_id: task.parent()?.to_string() };
        let content = match file {
            Some(bytes) => ContentV3 { content: Some(bytes.clone()), ..ContentV3::default() },
            None => ContentV3 { entity_id: Some(entity_id), ..ContentV3::default() },
        };
        form.task = keys::begin(server, task.place.box_id, content).await?;
        return Ok(None);
    };
    form.task = known.to_owned();
    match keys::look(server, task.place.box_id, known).await? {
        Signing::Waits => Ok(None),
        Signing::Done(signature) => Ok(Some(By::Signature(signature))),
        Signing::Failed => {
            form.stage = Stage::First;
            form.problem = say(
                &form.frame,
                "Ключ не подписал: подтверждения не было, или оно отменено.",
                "The key did not sign: nobody confirmed it, or it was cancelled.",
            );
            Ok(None)
        }
    }
}
