//! Which page stands at which path.

use potok_types::{BoxId, EntityId, MessageId};

use crate::server::{Refused, Server};
use crate::{Reply, Visit, act, admin, document, documents, feed, home, partners, send};

/// Where the console begins.
pub const CONSOLE: &str = "/console";
/// Where the stylesheet is asked for.
pub const STYLESHEET_PATH: &str = "/console/style.css";
/// Where the script is asked for.
pub const SCRIPT_PATH: &str = "/console/script.js";

/// Whether a browser may be sent there: nowhere but to the console.
pub fn is_own(path: &str) -> bool {
    let place = path.split('?').next().unwrap_or_default();
    let is_here = place == CONSOLE || place.strip_prefix(CONSOLE).is_some_and(|rest| rest.starts_with('/'));
    let is_plain = !place.contains("//") && !place.contains("..") && !path.contains('\\');
    is_here && is_plain && path.len() <= 2000 && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A document, as its path names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocumentPlace {
    pub(crate) box_id: BoxId,
    pub(crate) message: MessageId,
    pub(crate) document: EntityId,
}

/// The page at the path of `visit`, or what its form does.
pub(crate) async fn answer(server: &dyn Server, visit: &Visit) -> Result<Reply, Refused> {
    let rest = visit.path.strip_prefix(CONSOLE).ok_or_else(Refused::not_found)?;
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let Some((box_id, parts)) = parts.split_first() else { return home::page(server, visit).await };
    let box_id: BoxId = box_id.parse().map_err(|_| Refused::not_found())?;
    match (parts, &visit.sent) {
        (["documents"], None) => documents::page(server, visit, box_id).await,
        (["documents", message], None) => {
            let message = message.parse().map_err(|_| Refused::not_found())?;
            documents::of_message(server, box_id, message).await
        }
        (["documents", message, document, rest @ ..], _) => {
            let message = message.parse().map_err(|_| Refused::not_found())?;
            let document = document.parse().map_err(|_| Refused::not_found())?;
            of_document(server, visit, DocumentPlace { box_id, message, document }, rest).await
        }
        (["send"], _) => send::answer(server, visit, box_id).await,
        (["feed"], None) => feed::page(server, visit, box_id).await,
        (["feed", "live"], None) => Ok(Reply::Feed { box_id }),
        (["partners"], _) => partners::answer(server, visit, box_id).await,
        (["people", rest @ ..], _) => admin::answer(server, visit, box_id, rest).await,
        _ => Err(Refused::not_found()),
    }
}

async fn of_document(
    server: &dyn Server,
    visit: &Visit,
    place: DocumentPlace,
    rest: &[&str],
) -> Result<Reply, Refused> {
    match (rest, &visit.sent) {
        ([], None) => document::page(server, visit, place).await,
        (["print"], None) => document::print_form(server, place).await,
        (["protocol"], None) => document::protocol(server, place).await,
        (["file", entity], None) => {
            let entity = entity.parse().map_err(|_| Refused::not_found())?;
            document::file(server, place, entity).await
        }
        (["do", action], _) => act::answer(server, visit, place, action).await,
        _ => Err(Refused::not_found()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for own in ["/console", "/console?all=1", "/console/x/documents?q=a%20b"] {
            assert!(is_own(own), "{own}");
        }
        for foreign in [
            "",
            "/",
            "/consoles",
            "//console/x",
            "/console//evil",
            "/console/../x",
            "https://a/console",
            "/console/\\x",
            "/console/ я",
        ] {
            assert!(!is_own(foreign), "{foreign}");
        }
    }
}
