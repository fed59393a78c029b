//! How boxes are called, asked once on each page.

use std::collections::BTreeMap;
use std::sync::Mutex;

use potok_api::Empty;
use potok_api::methods::{BoxQuery, GetBox};
use potok_types::BoxId;

use crate::server::{Server, ask};

/// The names of boxes that a page mentions.
#[derive(Debug, Default)]
pub(crate) struct Names(Mutex<BTreeMap<BoxId, String>>);

impl Names {
    /// The name of the organization; the id where nobody has it.
    pub(crate) async fn of(&self, server: &dyn Server, box_id: &str) -> String {
        let Ok(id) = box_id.parse::<BoxId>() else { return box_id.to_owned() };
        let known = self.known(id);
        if let Some(known) = known {
            return known;
        }
        let found = ask::<GetBox>(server, &BoxQuery::new(id), &Empty).await;
        let name = found.map(|found| found.title).ok().filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| box_id.to_owned());
        if let Ok(mut names) = self.0.lock() {
            names.insert(id, name.clone());
        }
        name
    }

    /// The name, if it was asked for already.
    fn known(&self, id: BoxId) -> Option<String> {
        self.0.lock().ok()?.get(&id).cloned()
    }
}
