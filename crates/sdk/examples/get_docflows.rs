//! The state of two documents: whether their exchange is finished.
//!
//! ```text
//! get_docflows DIR/demo.json                      # what `potok demo` wrote; documents are taken from the feed
//! get_docflows DIR/demo.json MESSAGE/DOCUMENT MESSAGE/DOCUMENT EVENT
//! ```
//!
//! Without a file the settings come from `POTOK_BASE_URL`, `POTOK_API_CLIENT_ID`, `POTOK_LOGIN`, `POTOK_PASSWORD` and
//! `POTOK_BOX_ID`. With a file, `POTOK_LOGIN` chooses one of its users; otherwise it is the first one. The user must
//! have access to all documents of the box.

#![expect(clippy::print_stdout, reason = "an example talks to its reader")]

use std::env;
use std::error::Error;

use potok_sdk::api::methods::BoxQuery;
use potok_sdk::proto::DocumentId;
use potok_sdk::proto::docflow::{GetDocflowBatchRequest, GetDocflowRequest};
use potok_sdk::{Auth, Client, Position};
use potok_types::BoxId;
use serde::Deserialize;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let settings = match arguments.next() {
        Some(path) => Settings::from_file(&path)?,
        None => Settings::from_environment()?,
    };
    let box_id: BoxId = settings.box_id.parse()?;
    let client = Client::builder(settings.base_url, settings.api_client_id)
        .auth(Auth::password(settings.login, settings.password))
        .build()?;
    let [first, second, last_event_id] = match arguments.collect::<Vec<_>>().try_into() {
        Ok(given) => given,
        Err(_) => find_documents(&client, box_id).await?,
    };

    let request = GetDocflowBatchRequest {
        requests: vec![
            GetDocflowRequest {
                document_id: document(&first)?,
                inject_entity_content: Some(true),
                ..GetDocflowRequest::default()
            },
            GetDocflowRequest {
                document_id: document(&second)?,
                inject_entity_content: Some(false),
                last_event_id: Some(last_event_id),
            },
        ],
    };
    let response = client.get_docflows_v2(&BoxQuery::new(box_id), request).await?;
    for document in response.documents {
        println!("{}", document.docflow.and_then(|docflow| docflow.is_finished).unwrap_or_default());
    }
    Ok(())
}

/// Two documents of the box as `MESSAGE/DOCUMENT`, and the event with which the second one appeared.
async fn find_documents(client: &Client, box_id: BoxId) -> Result<[String; 3], Box<dyn Error>> {
    let mut events = client.events(box_id, Position::Start);
    let mut found = Vec::new();
    while let Some(event) = events.next().await? {
        let Some(message) = event.message else { continue };
        for entity in message.entities.iter().filter(|entity| entity.document_info.is_some()) {
            found.push((format!("{}/{}", message.message_id, entity.entity_id), event.event_id.clone()));
        }
    }
    let (first, _) = found.first().ok_or("there is no document in the box yet")?.clone();
    // A box with one document shows it twice: as it is, and as it was when it came.
    let (second, event) = found.swap_remove(1.min(found.len() - 1));
    Ok([first, second, event])
}

fn document(text: &str) -> Result<DocumentId, Box<dyn Error>> {
    let (message_id, entity_id) = text.split_once('/').ok_or("a document is written as MESSAGE/DOCUMENT")?;
    Ok(DocumentId { message_id: message_id.to_owned(), entity_id: entity_id.to_owned() })
}

struct Settings {
    base_url: String,
    api_client_id: String,
    login: String,
    password: String,
    box_id: String,
}

/// What `potok demo` writes for programs, as far as it is needed here.
#[derive(Deserialize)]
struct Demo {
    base_url: String,
    api_client_id: String,
    users: Vec<DemoUser>,
}

#[derive(Deserialize)]
struct DemoUser {
    login: String,
    password: String,
    box_id: String,
}

impl Settings {
    fn from_file(path: &str) -> Result<Self, Box<dyn Error>> {
        let demo: Demo = serde_json::from_slice(&std::fs::read(path)?)?;
        let login = env::var("POTOK_LOGIN").ok();
        let user = demo
            .users
            .into_iter()
            .find(|user| login.as_ref().is_none_or(|login| user.login == *login))
            .ok_or("the file names no such user")?;
        Ok(Self {
            base_url: demo.base_url,
            api_client_id: demo.api_client_id,
            login: user.login,
            password: user.password,
            box_id: user.box_id,
        })
    }

    fn from_environment() -> Result<Self, Box<dyn Error>> {
        let get = |name: &str| env::var(name).map_err(|_| format!("name a demo.json, or set {name}"));
        Ok(Self {
            base_url: get("POTOK_BASE_URL")?,
            api_client_id: get("POTOK_API_CLIENT_ID")?,
            login: get("POTOK_LOGIN")?,
            password: get("POTOK_PASSWORD")?,
            box_id: get("POTOK_BOX_ID")?,
        })
    }
}
