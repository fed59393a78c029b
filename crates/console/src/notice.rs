//! Pages that tell why there is no page.

use askama::Template;
use potok_pages::Language;

use crate::frame::Frame;
use crate::server::Refused;
use crate::{Fields, Reply, Visit};

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    frame: Frame,
    title: &'a str,
    text: &'a str,
    /// In the words of the API.
    detail: &'a str,
    /// Where to go on, and what the link says.
    way: (&'a str, &'a str),
}

/// Why there is no page. A place that is not there and one of others look the same.
pub(crate) fn refused(visit: &Visit, refused: &Refused) -> Reply {
    let frame = Frame::bare(visit);
    let (title, text) = match refused.status {
        403 | 404 => (
            frame.say("Здесь ничего нет", "There is nothing here"),
            frame.say(
                "Такой страницы нет, или у вас нет к ней доступа. Проверьте адрес или попросите доступ у администратора \
                 организации.",
                "There is no such page, or you have no access to it. Look at the address again, or ask the administrator \
                 of the organization for access.",
            ),
        ),
        410 => (
            frame.say("Документ удалён", "The document is deleted"),
            frame.say("Его можно восстановить в списке удалённых.", "It can be restored in the list of deleted ones."),
        ),
        429 | 503 => (
            frame.say("Сервер занят", "The server is busy"),
            frame.say("Повторите через минуту: ничего не потеряно.", "Try again in a minute: nothing is lost."),
        ),
        400..500 => (
            frame.say("Так не получится", "That does not work"),
            frame.say(
                "Сервер не принял запрос. Вернитесь, исправьте и попробуйте ещё раз.",
                "The server did not take the request. Go back, mend it and try again.",
            ),
        ),
        _ => (
            frame.say("Не получилось", "Something went wrong"),
            frame.say(
                "Повторите попытку; если не поможет, сообщите администратору сервера.",
                "Try again; if that does not help, tell the administrator of the server.",
            ),
        ),
    };
    let status = if refused.status == 403 { 404 } else { refused.status };
    let detail = if status == 404 { "" } else { refused.text.as_str() };
    let way = (crate::CONSOLE, frame.say("К документам", "To the documents"));
    let page = Notice { title, text, detail, way, frame: frame.clone() };
    Reply::page_with(status, &page)
}

/// Nobody is signed in any more.
pub fn signed_out(language: Language) -> Reply {
    let visit = Visit {
        path: crate::CONSOLE.to_owned(),
        query: Fields::default(),
        sent: None,
        language,
        mark: String::new(),
    };
    let frame = Frame::bare(&visit);
    let page = Notice {
        title: frame.say("Вы вышли", "You are signed out"),
        text: frame.say("Сеанс в этом браузере закончен.", "The session in this browser is over."),
        detail: "",
        way: (crate::CONSOLE, frame.say("Войти снова", "Sign in again")),
        frame: frame.clone(),
    };
    Reply::page(&page)
}
