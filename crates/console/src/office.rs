//! The server as those who keep it see it: organizations, users, programs, the register of powers of attorney, and the last
//! requests. Whoever does not keep it finds no such pages.

mod kept;
mod organizations;
mod programs;
mod register;
mod requests;
mod users;

use potok_types::UserId;

use crate::frame::{Frame, Section};
use crate::server::{Refused, Server};
use crate::told::Told;
use crate::{CONSOLE, Fields, Reply, Visit};

pub(crate) use organizations::{one as organization, page as organizations};
pub(crate) use programs::{one as program, page as programs};
pub(crate) use register::page as register;
pub(crate) use requests::{file as request_file, one as request, page as requests};
pub(crate) use users::{one as user, page as users};

pub use kept::{
    Body, Office, Organization, Power, Program, Request, RequestInFull, Secret, Standing, User, Wish,
};

/// Rows on a page.
const PAGE: usize = 50;

/// Where the pages of the server begin.
fn at(rest: &str) -> String {
    format!("{CONSOLE}/server{rest}")
}

/// The first of the pages.
pub(crate) fn begin() -> Reply {
    Reply::GoTo(at("/organizations"))
}

/// The server, for whoever keeps it, and the frame of a page.
async fn open(
    server: &dyn Server,
    visit: &Visit,
    section: Section,
) -> Result<(Box<dyn Office>, Frame), Refused> {
    let office = server.office().await.ok_or_else(Refused::not_found)?;
    let (frame, _) = Frame::of_person(server, visit).await?;
    Ok((office, Frame { section, ..frame }))
}

/// What came of a form.
enum Came {
    /// It was done, with a secret to show this once.
    Done(Option<Secret>),
    /// There was no form, or it was refused.
    Not(Told),
}

/// Does what the form of the visit wishes, if there is one.
async fn done(
    office: &dyn Office,
    frame: &Frame,
    visit: &Visit,
    wish: impl FnOnce(&crate::Sent) -> Result<Wish, Refused>,
) -> Result<Came, Refused> {
    let Some(sent) = &visit.sent else { return Ok(Came::Not(Told::of(frame, visit))) };
    let did = match wish(sent) {
        Ok(wish) => office.act(wish).await,
        Err(refused) => Err(refused),
    };
    match did {
        Ok(secret) => Ok(Came::Done(secret)),
        Err(refused) => Told::refused(frame, &sent.fields, refused).map(Came::Not),
    }
}

/// Some of many.
struct Listed<T> {
    rows: Vec<T>,
    total: usize,
    /// What is searched for.
    query: String,
    next: Option<String>,
}

/// Those of `all` that have what is searched for in one of their `texts`: a page of them.
fn listed<T>(visit: &Visit, mut all: Vec<T>, texts: impl Fn(&T) -> Vec<&str>) -> Listed<T> {
    let query = visit.query.text("q").to_owned();
    let wanted = query.to_lowercase();
    all.retain(|row| texts(row).iter().any(|text| text.to_lowercase().contains(&wanted)));
    let total = all.len();
    let number = visit.query.get("page").and_then(|text| text.parse::<usize>().ok()).unwrap_or(1).max(1);
    let before = (number - 1).saturating_mul(PAGE);
    let has_more = total > before.saturating_add(PAGE);
    let next = has_more.then(|| {
        format!("{}?{}", visit.path, visit.query.with("page", &number.saturating_add(1).to_string()))
    });
    Listed { rows: all.into_iter().skip(before).take(PAGE).collect(), total, query, next }
}

/// The id of a user in a path.
fn user_id(text: &str) -> Result<UserId, Refused> {
    text.parse().map_err(|_| Refused::not_found())
}

/// Lines of a field.
fn lines(fields: &Fields, name: &str) -> Vec<String> {
    fields.text(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn owned(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use potok_pages::Language;

    use super::*;

    #[test]
    fn long_lists_are_searched_and_come_in_pages() {
        let of = |query: &str| {
            let visit = Visit {
                path: "/console/server/users".to_owned(),
                query: Fields::parse(query),
                sent: None,
                language: Language::English,
                mark: String::new(),
            };
            listed(&visit, (0..120).map(|nth| format!("Имя{nth}")).collect(), |row| vec![row.as_str()])
        };
        let first = of("q=%D0%B8%D0%BC%D1%8F");
        assert_eq!((first.rows.len(), first.total, first.rows[0].as_str()), (50, 120, "Имя0"));
        assert_eq!(first.next.as_deref(), Some("/console/server/users?q=%D0%B8%D0%BC%D1%8F&page=2"));
        let last = of("page=3");
        assert_eq!((last.rows.len(), last.next), (20, None));
        assert_eq!(of("q=119").rows, ["Имя119"]);
        for beyond in ["page=4", "page=18446744073709551615"] {
            assert_eq!((of(beyond).rows.len(), of(beyond).next), (0, None), "{beyond}");
        }
        assert_eq!(of("page=0").rows.len(), 50);
    }
}
