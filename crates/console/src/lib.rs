//! The console: what people do with documents in a browser.
//!
//! Everything that a page shows or does is a call of a method of the API in the name of who is signed in ([`Server`]): the
//! console has no rights, no rules and no data of its own. Whoever keeps the server has pages about all of it besides
//! ([`Office`]). Pages are plain HTML that works without JavaScript: forms, links
//! and tables. The one script makes searching quicker and shows the feed as it grows.

mod act;
mod admin;
mod document;
mod documents;
mod feed;
mod fields;
mod frame;
mod home;
mod moment;
mod names;
mod notice;
mod office;
mod partners;
mod places;
mod powers;
mod reply;
mod send;
mod server;
mod status;
mod told;
mod webhooks;
mod words;

pub use fields::{Fields, File, Sent, UnreadableForm};
pub use notice::signed_out;
pub use office::{
    Body, Office, Organization, Power, Program, Request, RequestInFull, Secret, Standing, User, Wish,
};
pub use places::{CONSOLE, SCRIPT_PATH, STYLESHEET_PATH, is_own};
pub use reply::Reply;
pub use server::{Given, Refused, Server, Webhooks};

use potok_pages::Language;

/// The stylesheet, light and dark.
pub const STYLESHEET: &str = include_str!("../templates/console.css");
/// The script, which no page needs.
pub const SCRIPT: &str = include_str!("../templates/console.js");

/// Somebody who is signed in asks for a page.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The path, without the query.
    pub path: String,
    /// What stands behind the question mark.
    pub query: Fields,
    /// The form that was sent; its mark has been checked.
    pub sent: Option<Sent>,
    /// In which language to answer.
    pub language: Language,
    /// Shows that a form was made by this server for this browser; each form carries it along.
    pub mark: String,
}

/// The page at the path of `visit`, or what its form did.
pub async fn answer(server: &dyn Server, visit: &Visit) -> Reply {
    match places::answer(server, visit).await {
        Ok(reply) => reply,
        Err(refused) => notice::refused(visit, &refused),
    }
}

#[cfg(test)]
mod tests;
