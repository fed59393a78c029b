//! Organizations: made, suspended, and given their first administrator.

use askama::Template;
use potok_types::BoxId;

use super::{Came, Listed, Organization, Told, Wish, at, done, listed, open, owned};
use crate::frame::{Frame, Section};
use crate::server::{Refused, Server};
use crate::{Reply, Visit};

#[derive(Template)]
#[template(path = "organizations.html")]
struct Page {
    frame: Frame,
    told: Told,
    list: Listed<Organization>,
}

/// The list, or a new one.
pub(crate) async fn page(server: &dyn Server, visit: &Visit) -> Result<Reply, Refused> {
    let (office, frame) = open(server, visit, Section::Organizations).await?;
    let came = done(&*office, &frame, visit, |sent| {
        let fields = &sent.fields;
        Ok(Wish::CreateOrganization {
            name: fields.text("name").to_owned(),
            inn: fields.text("inn").to_owned(),
            kpp: owned(fields, "kpp"),
            is_test: fields.is_on("test"),
        })
    });
    let told = match came.await? {
        Came::Done(_) => return Ok(Reply::GoTo(at("/organizations?done=1"))),
        Came::Not(told) => told,
    };
    let list = listed(visit, office.organizations().await?, |row| {
        vec![row.name.as_str(), row.inn.as_str(), row.kpp.as_str()]
    });
    Ok(Reply::page_with(told.status, &Page { frame, told, list }))
}

#[derive(Template)]
#[template(path = "organization.html")]
struct One {
    frame: Frame,
    told: Told,
    it: Organization,
}

/// One of them.
pub(crate) async fn one(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    let (office, frame) = open(server, visit, Section::Organizations).await?;
    let came = done(&*office, &frame, visit, |sent| match sent.fields.text("do") {
        "administrator" => Ok(Wish::AddAdministrator {
            box_id,
            login: sent.fields.text("login").to_owned(),
            position: sent.fields.text("position").to_owned(),
        }),
        "suspend" => Ok(Wish::SuspendBox { box_id, is_suspended: true }),
        "resume" => Ok(Wish::SuspendBox { box_id, is_suspended: false }),
        _ => Err(Refused::not_found()),
    });
    let told = match came.await? {
        Came::Done(_) => return Ok(Reply::GoTo(at(&format!("/organizations/{}?done=1", box_id.guid())))),
        Came::Not(told) => told,
    };
    let all = office.organizations().await?;
    let it = all.into_iter().find(|it| it.box_id == box_id).ok_or_else(Refused::not_found)?;
    Ok(Reply::page_with(told.status, &One { frame, told, it }))
}
