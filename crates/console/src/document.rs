//! A document: what it says, what happened to it, and what comes next.

mod history;
mod next;
mod page;
mod preview;
mod signatures;
mod tree;

pub(crate) use page::page;
pub(crate) use preview::{file, print_form, protocol};

use potok_api::Empty;
use potok_api::methods::{EntityQuery, GetDocumentActions, GetMessageQuery, GetMessageV6};
use potok_wire::proto::documents::{Document, DocumentAction};
use potok_wire::proto::events::{Entity, Message};

use crate::places::DocumentPlace;
use crate::server::{Refused, Server, ask};

/// A document with its message, and what may be done with it.
pub(crate) struct Found {
    /// With the document alone, and what hangs on it.
    pub(crate) message: Message,
    pub(crate) actions: Vec<DocumentAction>,
    id: String,
}

impl Found {
    /// The document.
    pub(crate) fn document(&self) -> Option<&Document> {
        self.entity()?.document_info.as_deref()
    }

    /// Its entity.
    pub(crate) fn entity(&self) -> Option<&Entity> {
        self.message.entities.iter().find(|entity| entity.entity_id == self.id)
    }
}

/// Finds a document.
pub(crate) async fn find(server: &dyn Server, place: DocumentPlace) -> Result<Found, Refused> {
    let DocumentPlace { box_id, message, document } = place;
    let query = GetMessageQuery { entity_id: Some(document), ..GetMessageQuery::new(box_id, message) };
    let found = ask::<GetMessageV6>(server, &query, &Empty).await?;
    let query = EntityQuery::new(box_id, message, document);
    let actions = ask::<GetDocumentActions>(server, &query, &Empty).await?.actions;
    let found = Found { message: found, actions, id: document.to_string() };
    match found.document() {
        Some(_) => Ok(found),
        None => Err(Refused::not_found()),
    }
}
