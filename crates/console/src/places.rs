//! Which page stands at which path.

use potok_types::{BoxId, EntityId, MessageId};

use crate::server::{Refused, Server};
use crate::{
    Reply, Visit, act, admin, document, documents, feed, home, office, partners, powers, send, webhooks,
};

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

/// Declares the places: the path behind [`CONSOLE`], in which a part in braces stands for any text, and what is there.
macro_rules! places {
    ($($path:literal => $name:ident,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Place { $($name),* }
        const PLACES: &[(&str, Place)] = &[$(($path, Place::$name)),*];
    };
}

// Tests walk through this table: a place that stands here is looked at.
places! {
    "" => Home,
    "server" => Server,
    "server/organizations" => Organizations,
    "server/organizations/{box}" => Organization,
    "server/users" => Users,
    "server/users/{user}" => User,
    "server/programs" => Programs,
    "server/programs/{id}" => Program,
    "server/powers" => Register,
    "server/requests" => Requests,
    "server/requests/{trace}" => Request,
    "server/requests/{trace}/file" => RequestFile,
    "{box}/documents" => Documents,
    "{box}/documents/{message}" => Message,
    "{box}/documents/{message}/{document}" => Document,
    "{box}/documents/{message}/{document}/print" => Print,
    "{box}/documents/{message}/{document}/protocol" => Protocol,
    "{box}/documents/{message}/{document}/file/{entity}" => File,
    "{box}/documents/{message}/{document}/do/{action}" => Act,
    "{box}/send" => Send,
    "{box}/feed" => Feed,
    "{box}/feed/live" => Live,
    "{box}/partners" => Partners,
    "{box}/people" => People,
    "{box}/people/departments" => Departments,
    "{box}/people/{user}" => Employee,
    "{box}/powers" => Powers,
    "{box}/webhooks" => Webhooks,
    "{box}/webhooks/{webhook}" => Webhook,
}

/// What stands there, and the parts that the braces stand for.
fn find<'p>(path: &[&'p str]) -> Option<(Place, Vec<&'p str>)> {
    PLACES.iter().find_map(|(pattern, place)| {
        let pattern: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        let pairs = || pattern.iter().zip(path);
        let is_it =
            pattern.len() == path.len() && pairs().all(|(part, text)| part.starts_with('{') || part == text);
        let given = || pairs().filter(|(part, _)| part.starts_with('{')).map(|(_, text)| *text).collect();
        is_it.then(|| (*place, given()))
    })
}

fn read<T: std::str::FromStr>(given: &[&str], nth: usize) -> Result<T, Refused> {
    given.get(nth).and_then(|text| text.parse().ok()).ok_or_else(Refused::not_found)
}

/// The page at the path of `visit`, or what its form does.
pub(crate) async fn answer(server: &dyn Server, visit: &Visit) -> Result<Reply, Refused> {
    let rest = visit.path.strip_prefix(CONSOLE).ok_or_else(Refused::not_found)?;
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let (place, given) = find(&parts).ok_or_else(Refused::not_found)?;
    let text = |nth: usize| given.get(nth).copied().unwrap_or_default();
    let box_id = || read::<BoxId>(&given, 0);
    let document = || -> Result<DocumentPlace, Refused> {
        Ok(DocumentPlace { box_id: box_id()?, message: read(&given, 1)?, document: read(&given, 2)? })
    };
    if visit.sent.is_some() && !place.takes_forms() {
        return Err(Refused::not_found());
    }
    match place {
        Place::Home => home::page(server, visit).await,
        Place::Server => Ok(office::begin()),
        Place::Organizations => office::organizations(server, visit).await,
        Place::Organization => office::organization(server, visit, box_id()?).await,
        Place::Users => office::users(server, visit).await,
        Place::User => office::user(server, visit, text(0)).await,
        Place::Programs => office::programs(server, visit).await,
        Place::Program => office::program(server, visit, text(0)).await,
        Place::Register => office::register(server, visit).await,
        Place::Requests => office::requests(server, visit).await,
        Place::Request => office::request(server, visit, text(0)).await,
        Place::RequestFile => office::request_file(server, visit, text(0)).await,
        Place::Documents => documents::page(server, visit, box_id()?).await,
        Place::Message => documents::of_message(server, box_id()?, read(&given, 1)?).await,
        Place::Document => document::page(server, visit, document()?).await,
        Place::Print => document::print_form(server, document()?).await,
        Place::Protocol => document::protocol(server, document()?).await,
        Place::File => document::file(server, document()?, read(&given, 3)?).await,
        Place::Act => act::answer(server, visit, document()?, text(3)).await,
        Place::Send => send::answer(server, visit, box_id()?).await,
        Place::Feed => feed::page(server, visit, box_id()?).await,
        Place::Live => Ok(Reply::Feed { box_id: box_id()? }),
        Place::Partners => partners::answer(server, visit, box_id()?).await,
        Place::People => admin::people(server, visit, box_id()?).await,
        Place::Departments => admin::departments(server, visit, box_id()?).await,
        Place::Employee => admin::employee(server, visit, box_id()?, text(1)).await,
        Place::Powers => powers::answer(server, visit, box_id()?).await,
        Place::Webhooks => webhooks::answer(server, visit, box_id()?).await,
        Place::Webhook => webhooks::one(server, visit, box_id()?, text(1)).await,
    }
}

impl Place {
    /// Whether forms are sent there.
    const fn takes_forms(self) -> bool {
        match self {
            Self::Organizations
            | Self::Organization
            | Self::Users
            | Self::User
            | Self::Programs
            | Self::Program
            | Self::Register
            | Self::Act
            | Self::Send
            | Self::Partners
            | Self::Departments
            | Self::Employee
            | Self::Powers
            | Self::Webhooks
            | Self::Webhook => true,
            Self::Home
            | Self::Server
            | Self::Requests
            | Self::Request
            | Self::RequestFile
            | Self::Documents
            | Self::Message
            | Self::Document
            | Self::Print
            | Self::Protocol
            | Self::File
            | Self::Feed
            | Self::Live
            | Self::People => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_in_the_table() {
        fn at(path: &str) -> Option<(Place, Vec<&str>)> {
            find(&path.split('/').filter(|it| !it.is_empty()).collect::<Vec<_>>())
        }
        assert_eq!(at(""), Some((Place::Home, vec![])));
        assert_eq!(at("b/documents/m"), Some((Place::Message, vec!["b", "m"])));
        assert_eq!(at("b/documents/m/d/do/sign"), Some((Place::Act, vec!["b", "m", "d", "sign"])));
        assert_eq!(at("b/people/departments"), Some((Place::Departments, vec!["b"])));
        assert_eq!(at("b/people/u"), Some((Place::Employee, vec!["b", "u"])));
        assert_eq!(at("server/requests"), Some((Place::Requests, vec![])));
        for nothing in ["b", "b/nothing", "b/documents/m/d/e", "server/x"] {
            assert_eq!(at(nothing), None, "{nothing}");
        }
    }

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
