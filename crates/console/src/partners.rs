//! Counteragents and invitations.

use askama::Template;
use potok_api::methods::{
    AcquireCounteragentQuery, AcquireCounteragentResultV2, AcquireCounteragentV3, BreakWithCounteragentQuery,
    BreakWithCounteragentV2, CounteragentsQuery, GetCounteragentsV3, TaskQuery,
};
use potok_api::{Empty, Opaque};
use potok_types::BoxId;
use potok_wire::proto::{AcquireCounteragentRequest, Counteragent, CounteragentStatus};

use crate::frame::{Frame, Section};
use crate::moment::Moment;
use crate::server::{Refused, Server, ask, tell};
use crate::{Fields, Reply, Sent, Visit};

/// Counteragents on a page, and in a choice.
const PAGE: i64 = 50;

/// A counteragent.
pub(crate) struct Partner {
    pub(crate) box_id: String,
    pub(crate) name: String,
    pub(crate) inn: String,
    kpp: String,
    status: &'static str,
    class: &'static str,
    at: Option<Moment>,
    words: String,
    may_accept: bool,
    may_break: bool,
    documents: String,
}

#[derive(Template)]
#[template(path = "partners.html")]
struct Page {
    frame: Frame,
    partners: Vec<Partner>,
    total: i32,
    next: Option<String>,
    /// The status, what it is called, where it leads.
    tabs: Vec<(&'static str, &'static str, String)>,
    status: String,
    query: Fields,
    problem: &'static str,
    detail: String,
    fields: Fields,
    done: &'static str,
}

fn partner(frame: &Frame, found: &Counteragent) -> Partner {
    let organization = &found.organization;
    let box_id = organization.boxes.first().map(|it| it.box_id_guid.clone()).unwrap_or_default();
    let (class, status) = match found.current_status() {
        CounteragentStatus::IsMyCounteragent => ("good", say(frame, "Контрагент", "Counteragent")),
        CounteragentStatus::InvitesMe => ("open", say(frame, "Приглашает вас", "Invites you")),
        CounteragentStatus::IsInvitedByMe => ("open", say(frame, "Вы пригласили", "Invited by you")),
        CounteragentStatus::RejectsMe => ("bad", say(frame, "Отказывается", "Refuses")),
        CounteragentStatus::IsRejectedByMe => ("bad", say(frame, "Вы отказали", "Refused by you")),
        _ => ("plain", say(frame, "Не в списке", "Not in the list")),
    };
    let may_accept =
        matches!(found.current_status(), CounteragentStatus::InvitesMe | CounteragentStatus::IsRejectedByMe);
    Partner {
        documents: frame.at(&format!("/documents?partner={box_id}")),
        box_id,
        name: organization.short_name.clone().unwrap_or_else(|| organization.full_name.clone()),
        inn: organization.inn.clone(),
        kpp: organization.kpp.clone().unwrap_or_default(),
        status,
        class,
        at: Moment::of(found.last_event_timestamp_ticks),
        words: found.message_from_counteragent.clone().unwrap_or_default(),
        may_accept,
        may_break: matches!(
            found.current_status(),
            CounteragentStatus::IsMyCounteragent
                | CounteragentStatus::InvitesMe
                | CounteragentStatus::IsInvitedByMe
        ),
    }
}

fn say(frame: &Frame, russian: &'static str, english: &'static str) -> &'static str {
    if frame.is_russian() { russian } else { english }
}

/// The counteragents of a box, to choose from.
pub(crate) async fn own_partners(server: &dyn Server, box_id: BoxId) -> Result<Vec<Partner>, Refused> {
    let query = CounteragentsQuery {
        counteragent_status: Some("IsMyCounteragent".to_owned()),
        page_size: Some(PAGE),
        ..CounteragentsQuery::new(box_id)
    };
    let list = ask::<GetCounteragentsV3>(server, &query, &Empty).await?;
    Ok(list.counteragents.iter().map(|found| partner(&Frame::default(), found)).collect())
}

/// The list, or what its forms do.
pub(crate) async fn answer(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::Partners).await?;
    let Some(sent) = &visit.sent else { return page(server, visit, frame, None).await };
    match done(server, box_id, sent).await {
        Ok(()) => Ok(Reply::GoTo(frame.at("/partners?done=1"))),
        Err(refused) if matches!(refused.status, 400 | 402 | 403 | 404 | 409) => {
            page(server, visit, frame, Some(refused)).await
        }
        Err(refused) => Err(refused),
    }
}

async fn done(server: &dyn Server, box_id: BoxId, sent: &Sent) -> Result<(), Refused> {
    let fields = &sent.fields;
    let words = fields.get("words").map(str::to_owned);
    let other = fields.get("box").map(str::to_owned);
    if fields.text("do") == "break" {
        let other = other.and_then(|id| id.parse::<BoxId>().ok()).ok_or_else(Refused::not_found)?;
        let query =
            BreakWithCounteragentQuery { comment: words, ..BreakWithCounteragentQuery::new(box_id, other) };
        return tell::<BreakWithCounteragentV2>(server, &query, &Empty).await;
    }
    let request = AcquireCounteragentRequest {
        inn: fields.get("inn").map(str::to_owned).filter(|_| other.is_none()),
        box_id: other,
        message_to_counteragent: words,
        ..AcquireCounteragentRequest::default()
    };
    let started =
        ask::<AcquireCounteragentV3>(server, &AcquireCounteragentQuery::new(box_id), &request).await?;
    // What is wrong with an invitation is told by its task.
    match started.task_id {
        Some(task) => {
            ask::<AcquireCounteragentResultV2>(server, &TaskQuery::new(task), &Empty).await.map(drop)
        }
        None => Ok(()),
    }
}

async fn page(
    server: &dyn Server,
    visit: &Visit,
    frame: Frame,
    refused: Option<Refused>,
) -> Result<Reply, Refused> {
    let status = visit.query.text("status").to_owned();
    let query = CounteragentsQuery {
        counteragent_status: Some(status.clone()).filter(|it| !it.is_empty()),
        query: visit.query.get("q").map(str::to_owned),
        after_index_key: visit.query.get("after").map(Opaque::from),
        page_size: Some(PAGE),
        ..CounteragentsQuery::new(frame.box_id())
    };
    let list = ask::<GetCounteragentsV3>(server, &query, &Empty).await?;
    let last = list.counteragents.last().and_then(|it| it.index_key.clone());
    let is_full = i64::try_from(list.counteragents.len()).unwrap_or(0) >= PAGE;
    let link = |query: String| {
        frame.at(&if query.is_empty() { "/partners".to_owned() } else { format!("/partners?{query}") })
    };
    let tabs = [
        ("", "Все", "All"),
        ("IsMyCounteragent", "Контрагенты", "Counteragents"),
        ("InvitesMe", "Приглашают вас", "Invite you"),
        ("IsInvitedByMe", "Приглашённые", "Invited"),
        ("Rejected", "Отказы", "Refused"),
    ];
    let http = refused.as_ref().map_or(200, |refused| refused.status);
    let page = Page {
        partners: list.counteragents.iter().map(|found| partner(&frame, found)).collect(),
        total: list.total_count,
        next: last.filter(|_| is_full).map(|key| link(visit.query.with("after", &key))),
        tabs: tabs
            .map(|(value, russian, english)| {
                let query = if value.is_empty() { String::new() } else { format!("status={value}") };
                (value, say(&frame, russian, english), link(query))
            })
            .into(),
        status,
        query: visit.query.clone(),
        problem: match refused {
            Some(_) => {
                say(&frame, "Не получилось: сервер отказал.", "That did not work: the server refused.")
            }
            None => "",
        },
        detail: refused.map(|refused| refused.text).unwrap_or_default(),
        fields: visit.sent.as_ref().map(|sent| sent.fields.clone()).unwrap_or_default(),
        done: if visit.query.is_on("done") { say(&frame, "Сделано.", "Done.") } else { "" },
        frame,
    };
    Ok(Reply::page_with(http, &page))
}
