//! What is measured: two organizations with an exchange, and questions about it.

use std::net::SocketAddr;
use std::path::PathBuf;

use potok_bench::load::answer;
use potok_bench::requests::{docflows, exchange, get, post};
use potok_testkit::sdk::Format;
use potok_testkit::{Person, World, WorldOptions};
use potok_types::{Clock as _, SystemClock};
use tempfile::TempDir;

use crate::Failed;

/// One row: requests that are sent in turn, and what the server answers to each.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) request: Vec<Vec<u8>>,
    pub(crate) answers: Vec<Vec<u8>>,
    /// The requests for the same bytes as files.
    pub(crate) same_of_nginx: Vec<Vec<u8>>,
}

/// The data that servers are started over.
pub(crate) struct Stage {
    pub(crate) data: PathBuf,
    boss: Person,
    ids: Vec<(String, String)>,
    _folder: TempDir,
}

impl Stage {
    /// Makes it: the tokens are good now.
    pub(crate) async fn set() -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        let place = data.clone();
        let options = WorldOptions {
            settings: Box::new(move |settings| settings.data = place.clone()),
            beginning: SystemClock.now(),
            ..WorldOptions::default()
        };
        let world = World::start_with(options).await;
        let (a, b) = world.two_sides().await;
        let ids = exchange(&world, &a, &b).await?;
        let boss = a.boss.clone();
        world.end().await;
        Ok(Self { data, boss, ids, _folder: folder })
    }

    /// A `GET` of one who has a file on the shelf.
    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        get(&self.boss, path, Format::Protobuf)
    }

    /// A `POST` of the same.
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Vec<u8> {
        post(&self.boss, path, body, Format::Protobuf)
    }

    /// The rows, with what the server at `server` answers.
    pub(crate) async fn rows(&self, server: SocketAddr) -> Result<Vec<Row>, Failed> {
        let (boss, box_id) = (&self.boss, self.boss.box_id);
        let mut rows = Vec::new();
        for format in [Format::Protobuf, Format::Json] {
            let event = |id: &(String, String)| {
                get(boss, &format!("/V3/GetEvent?eventId={}&boxId={box_id}", id.0), format)
            };
            rows.push((format!("GetEvent, {format:?}"), self.ids.iter().map(event).collect()));
            let page = get(boss, &format!("/V8/GetNewEvents?boxId={box_id}"), format);
            rows.push((format!("GetNewEvents, page of 100, {format:?}"), vec![page]));
        }
        // No key comes after it.
        let end = format!(
            "/V8/GetNewEvents?boxId={box_id}&afterIndexKey={}",
            potok_types::IndexKey::new(i64::MAX - 1)
        );
        rows.push(("GetNewEvents, nothing new".to_owned(), vec![get(boss, &end, Format::Protobuf)]));
        for count in [10, 100] {
            let asked = docflows(boss, &self.ids[..count], Format::Protobuf);
            rows.push((format!("GetDocflows of {count}"), vec![asked]));
        }
        let list = format!("/V3/GetDocuments?boxId={box_id}&filterCategory=Any.Outbound");
        rows.push(("GetDocuments, 100 rows".to_owned(), vec![get(boss, &list, Format::Protobuf)]));
        let mut made = Vec::new();
        for (name, request) in rows {
            let request: Vec<Vec<u8>> = request;
            let mut answers = Vec::new();
            for one in &request {
                answers.push(answer(server, one).await?);
            }
            made.push(Row { name, request, answers, same_of_nginx: Vec::new() });
        }
        Ok(made)
    }
}
