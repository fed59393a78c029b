//! The webhooks of a box: where its events are sent. The API lets the box's administrators in, and nobody else.

mod calls;
mod one;

use askama::Template;
use potok_types::BoxId;
use potok_wire::proto::departments::Department;

use crate::admin::all_departments;
use crate::frame::{Frame, Section};
use crate::server::{Refused, Server};
use crate::told::Told;
use crate::{Reply, Visit};
use calls::{ToMake, Webhook};

pub(crate) use one::answer as one;

#[derive(Template)]
#[template(path = "webhooks.html")]
struct Page {
    frame: Frame,
    /// Whoever is no administrator is told so.
    is_allowed: bool,
    told: Told,
    webhooks: Vec<Webhook>,
    departments: Vec<Department>,
    /// Of the one that was made, shown this once.
    secret: Option<String>,
}

/// The list, or a new one with its secret.
pub(crate) async fn answer(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::Webhooks).await?;
    let (told, secret) = match &visit.sent {
        None => (Told::of(&frame, visit), None),
        Some(sent) => match calls::make(server, box_id, &ToMake::of(&sent.fields)).await {
            Ok(secret) => (Told { status: 200, ..Told::default() }, Some(secret)),
            Err(refused) => (Told::refused(&frame, &sent.fields, refused)?, None),
        },
    };
    let (is_allowed, webhooks) = match calls::list(server, box_id).await {
        Ok(webhooks) => (true, webhooks),
        Err(refused) if refused.status == 403 => (false, Vec::new()),
        Err(refused) => return Err(refused),
    };
    let departments = if is_allowed { all_departments(server, box_id).await? } else { Vec::new() };
    let status = told.status;
    Ok(Reply::page_with(status, &Page { frame, is_allowed, told, webhooks, departments, secret }))
}

/// Class and name of the state of a webhook.
fn state(frame: &Frame, it: &Webhook) -> (&'static str, &'static str) {
    match (it.state.as_str(), it.failures) {
        ("Active", 0) => ("good", frame.say("отправляет", "sends")),
        ("Active", _) => ("open", frame.say("повторяет", "tries again")),
        ("Paused", _) => ("plain", frame.say("на паузе", "paused")),
        _ => ("bad", frame.say("остановлен", "broken")),
    }
}

/// What a department is called; its id where nobody has it.
fn department<'t>(departments: &'t [Department], id: &'t str) -> &'t str {
    departments.iter().find(|it| it.id == id).map_or(id, |it| &it.name)
}
