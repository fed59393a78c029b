//! Users: made, given another password, shut out and let in.

use askama::Template;

use super::{Came, Listed, Told, User, Wish, at, done, listed, open, owned, user_id};
use crate::frame::{Frame, Section};
use crate::server::{Refused, Server};
use crate::{Reply, Visit};

#[derive(Template)]
#[template(path = "users.html")]
struct Page {
    frame: Frame,
    told: Told,
    list: Listed<User>,
}

/// The list, or a new one.
pub(crate) async fn page(server: &dyn Server, visit: &Visit) -> Result<Reply, Refused> {
    let (office, frame) = open(server, visit, Section::Users).await?;
    let came = done(&*office, &frame, visit, |sent| {
        let fields = &sent.fields;
        let text = |name: &str| fields.text(name).to_owned();
        Ok(Wish::CreateUser {
            login: text("login"),
            password: fields.whole("password"),
            names: (text("last"), text("first"), owned(fields, "middle")),
            is_robot: fields.is_on("robot"),
        })
    });
    let told = match came.await? {
        Came::Done(_) => return Ok(Reply::GoTo(at("/users?done=1"))),
        Came::Not(told) => told,
    };
    let list = listed(visit, office.users().await?, |row| vec![row.login.as_str(), row.name.as_str()]);
    Ok(Reply::page_with(told.status, &Page { frame, told, list }))
}

#[derive(Template)]
#[template(path = "user.html")]
struct One {
    frame: Frame,
    told: Told,
    it: User,
}

/// One of them.
pub(crate) async fn one(server: &dyn Server, visit: &Visit, id: &str) -> Result<Reply, Refused> {
    let user = user_id(id)?;
    let (office, frame) = open(server, visit, Section::Users).await?;
    let came = done(&*office, &frame, visit, |sent| match sent.fields.text("do") {
        "password" => match sent.fields.whole("password") {
            None => Err(Refused::bad_form(frame.say("Пароль пуст.", "The password is empty."))),
            password => Ok(Wish::SetPassword { user, password }),
        },
        "no-password" => Ok(Wish::SetPassword { user, password: None }),
        "block" => Ok(Wish::BlockUser { user, is_blocked: true }),
        "unblock" => Ok(Wish::BlockUser { user, is_blocked: false }),
        _ => Err(Refused::not_found()),
    });
    let told = match came.await? {
        Came::Done(_) => return Ok(Reply::GoTo(at(&format!("/users/{user}?done=1")))),
        Came::Not(told) => told,
    };
    let it = office.users().await?.into_iter().find(|it| it.id == user).ok_or_else(Refused::not_found)?;
    Ok(Reply::page_with(told.status, &One { frame, told, it }))
}
