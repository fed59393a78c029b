//! The boxes of who is signed in.

use askama::Template;

use crate::frame::{Frame, Place};
use crate::server::{Refused, Server};
use crate::{CONSOLE, Reply, Visit};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    places: Vec<Place>,
}

/// The boxes to choose from; the only one is opened at once.
pub(crate) async fn page(server: &dyn Server, visit: &Visit) -> Result<Reply, Refused> {
    let (frame, places) = Frame::of_person(server, visit).await?;
    if let ([only], None) = (&places[..], visit.query.get("all")) {
        return Ok(Reply::GoTo(format!("{CONSOLE}/{}/documents", only.id.guid())));
    }
    Ok(Reply::page(&Home { frame, places }))
}
