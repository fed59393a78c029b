//! One webhook: how far it has come, what was tried last, and what may be done with it.

use askama::Template;
use potok_api::Empty;
use potok_api::methods::{EmployeeQuery, GetEmployee};
use potok_types::{BoxId, UserId};
use potok_wire::proto::departments::Department;

use super::calls::{Attempt, One, Outcome, ToChange, ToReplay, ToRotate, Webhook};
use super::{department, state};
use crate::admin::all_departments;
use crate::frame::{Frame, Section, user_name};
use crate::moment::Moment;
use crate::server::{Refused, Server, ask};
use crate::told::Told;
use crate::{Fields, Reply, Visit};

/// For how long a replaced secret may sign beside the new one: seconds, and what they are called.
const KEEP: [(u32, &str, &str); 4] = [
    (86_400, "сутки", "for a day"),
    (3_600, "час", "for an hour"),
    (604_800, "неделю", "for a week"),
    (0, "ни минуты", "not at all"),
];

#[derive(Template)]
#[template(path = "webhook.html")]
struct Page {
    frame: Frame,
    told: Told,
    it: Webhook,
    departments: Vec<Department>,
    /// Who sees what it shows.
    user: String,
    attempts: Vec<Attempt>,
    /// What came of trying it.
    pinged: Option<Outcome>,
    /// Shown this once.
    secret: Option<String>,
}

/// What a form came to.
enum Came {
    Done,
    Gone,
    Pinged(Outcome),
    Secret(String),
}

/// The page, or what its forms do.
pub(crate) async fn answer(
    server: &dyn Server,
    visit: &Visit,
    box_id: BoxId,
    id: &str,
) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::Webhooks).await?;
    // Goes into a path: what is no id is nothing.
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        return Err(Refused::not_found());
    }
    let one = One { server, box_id, id };
    let (mut told, mut pinged, mut secret) = (Told::of(&frame, visit), None, None);
    if let Some(sent) = &visit.sent {
        told.done = "";
        match done(&one, &sent.fields).await {
            Ok(Came::Done) => return Ok(Reply::GoTo(frame.at(&format!("/webhooks/{id}?done=1")))),
            Ok(Came::Gone) => return Ok(Reply::GoTo(frame.at("/webhooks?done=1"))),
            Ok(Came::Pinged(outcome)) => pinged = Some(outcome),
            Ok(Came::Secret(new)) => secret = Some(new),
            Err(refused) => told = Told::refused(&frame, &sent.fields, refused)?,
        }
    }
    let it = one.get().await?;
    let page = Page {
        departments: all_departments(server, box_id).await?,
        user: user(server, box_id, &it.user_id).await,
        attempts: one.attempts().await?,
        frame,
        told,
        it,
        pinged,
        secret,
    };
    Ok(Reply::page_with(page.told.status, &page))
}

async fn done(one: &One<'_>, fields: &Fields) -> Result<Came, Refused> {
    let change = match fields.text("do") {
        "change" => ToChange {
            url: Some(fields.text("url")),
            department_id: Some(fields.text("department")),
            is_active: None,
        },
        "pause" => ToChange { is_active: Some(false), ..ToChange::default() },
        "resume" => ToChange { is_active: Some(true), ..ToChange::default() },
        "replay" => {
            one.replay(&ToReplay { after_index_key: fields.text("after") }).await?;
            return Ok(Came::Done);
        }
        "rotate" => {
            let keep_seconds = fields.text("keep").parse().map_err(|_| Refused::not_found())?;
            return one.rotate(&ToRotate { keep_seconds }).await.map(Came::Secret);
        }
        "ping" => return one.ping().await.map(Came::Pinged),
        "delete" => {
            one.delete().await?;
            return Ok(Came::Gone);
        }
        _ => return Err(Refused::not_found()),
    };
    one.change(&change).await?;
    Ok(Came::Done)
}

/// How the user is called; the id of one who is gone.
async fn user(server: &dyn Server, box_id: BoxId, id: &str) -> String {
    let Ok(user) = id.parse::<UserId>() else { return id.to_owned() };
    let found = ask::<GetEmployee>(server, &EmployeeQuery::new(box_id, user), &Empty).await;
    found.map_or_else(|_| id.to_owned(), |found| user_name(&found.user))
}

impl Page {
    /// What is typed in a field, else what holds now.
    fn typed<'t>(&'t self, name: &str, known: &'t str) -> &'t str {
        if self.told.problem.is_empty() { known } else { self.told.fields.text(name) }
    }

    /// Facts about it: what they are called, and for moments of when.
    fn moments(&self) -> Vec<(&'static str, Moment)> {
        let frame = &self.frame;
        let old = self.it.old_secrets_until.iter().max();
        let all = [
            (frame.say("Создан", "Made"), Some(&self.it.created_at)),
            (frame.say("Не доставляет с", "Failing since"), self.it.failing_since.as_ref()),
            (frame.say("Следующая попытка", "Next attempt"), self.it.next_attempt_at.as_ref()),
            (frame.say("Прежний секрет подписывает до", "The old secret signs until"), old),
        ];
        all.into_iter().filter_map(|(name, at)| Some((name, Moment::read(at?)?))).collect()
    }
}
