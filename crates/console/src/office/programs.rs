//! Programs that may call the API.

use askama::Template;

use super::{Came, Listed, Program, Secret, Told, Wish, at, done, lines, listed, open, owned};
use crate::frame::{Frame, Section};
use crate::server::{Refused, Server};
use crate::{Reply, Visit};

#[derive(Template)]
#[template(path = "programs.html")]
struct Page {
    frame: Frame,
    told: Told,
    list: Listed<Program>,
    /// Shown this once.
    secret: Option<Secret>,
}

/// The list, or a new one with its secret.
pub(crate) async fn page(server: &dyn Server, visit: &Visit) -> Result<Reply, Refused> {
    let (office, frame) = open(server, visit, Section::Programs).await?;
    let came = done(&*office, &frame, visit, |sent| {
        let fields = &sent.fields;
        Ok(match fields.is_on("public") {
            true => Wish::RegisterProgram {
                id: fields.text("id").to_owned(),
                name: owned(fields, "name"),
                is_public: true,
                redirects: lines(fields, "redirects"),
                after_sign_out: Vec::new(),
            },
            false => Wish::CreateProgram {
                id: owned(fields, "id"),
                name: fields.text("name").to_owned(),
                robot: owned(fields, "robot"),
            },
        })
    });
    let (told, secret) = match came.await? {
        Came::Done(None) => return Ok(Reply::GoTo(at("/programs?done=1"))),
        Came::Done(secret) => (Told { status: 200, ..Told::default() }, secret),
        Came::Not(told) => (told, None),
    };
    let list = listed(visit, office.programs().await?, |row| {
        vec![row.id.as_str(), row.name.as_str(), row.robot.as_str()]
    });
    Ok(Reply::page_with(told.status, &Page { frame, told, list, secret }))
}

#[derive(Template)]
#[template(path = "program.html")]
struct One {
    frame: Frame,
    told: Told,
    it: Program,
    redirects: String,
    after_sign_out: String,
    /// Shown this once.
    secret: Option<Secret>,
}

/// One of them.
pub(crate) async fn one(server: &dyn Server, visit: &Visit, id: &str) -> Result<Reply, Refused> {
    let (office, frame) = open(server, visit, Section::Programs).await?;
    let find = async || {
        let all = office.programs().await?;
        all.into_iter().find(|it| it.id == id).ok_or_else(Refused::not_found)
    };
    let is_public = !find().await?.has_secret;
    let id = id.to_owned();
    let came = done(&*office, &frame, visit, |sent| match sent.fields.text("do") {
        "block" => Ok(Wish::BlockProgram { id, is_blocked: true }),
        "unblock" => Ok(Wish::BlockProgram { id, is_blocked: false }),
        "partner" => Ok(Wish::MarkPartner { id, is_partner: true }),
        "no-partner" => Ok(Wish::MarkPartner { id, is_partner: false }),
        "renew" => Ok(Wish::RenewSecret { id }),
        "register" => Ok(Wish::RegisterProgram {
            id,
            name: None,
            is_public,
            redirects: lines(&sent.fields, "redirects"),
            after_sign_out: lines(&sent.fields, "after_sign_out"),
        }),
        _ => Err(Refused::not_found()),
    });
    let (told, secret) = match came.await? {
        Came::Done(None) => return Ok(Reply::GoTo(format!("{}?done=1", visit.path))),
        Came::Done(secret) => (Told { status: 200, ..Told::default() }, secret),
        Came::Not(told) => (told, None),
    };
    let it = find().await?;
    // What was typed stays there to be mended.
    let typed = |name: &str, known: &[String]| match told.problem.is_empty() {
        true => known.join("\n"),
        false => told.fields.text(name).to_owned(),
    };
    let (redirects, after_sign_out) =
        (typed("redirects", &it.redirects), typed("after_sign_out", &it.after_sign_out));
    Ok(Reply::page_with(told.status, &One { frame, told, it, redirects, after_sign_out, secret }))
}
