//! Forwarding at the real binary that is killed in the middle of it again and again: what was acknowledged is forwarded, nothing twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use potok_sdk::api::methods::{BoxQuery, OperationQuery};
use potok_sdk::proto::forwarding::{
    ForwardDocumentRequest, ForwardedDocument, ForwardedDocumentEvent, ForwardedDocumentId,
    GetForwardedDocumentEventsRequest,
};
use potok_sdk::proto::{DocumentId, TimeBasedFilter};
use potok_sdk::{Auth, Client, RetryPolicy};
use potok_types::{BoxId, EntityId, EventId, MessageId};
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::demo::{Demo, feed, organizations};
use crate::process::{Served, admin};

const ROUNDS: usize = 8;
const FORWARDERS: usize = 6;
/// A lease that died with its worker would last for a day: a server that starts frees it.
const SERVE: &[&str] = &["--requests-per-second", "0", "--log", "info", "--delivery-lease-seconds", "86400"];

/// The organization to which documents are forwarded, and somebody who reads there.
struct Third {
    box_id: BoxId,
    client_id: String,
    token: String,
}

impl Third {
    fn new(data: &Path) -> Self {
        let made =
            admin(data, &["organization", "create", "--name", "АО «Лютик»", "--inn", "7802000020"]).unwrap();
        let box_id = made["box_id"].as_str().unwrap();
        let words = ["user", "create", "--login", "c@lutik.example", "--last-name", "В", "--first-name", "Г"];
        admin(data, &words).unwrap();
        let words = ["employee", "add", "--box", box_id, "--user", "c@lutik.example", "--access", "all"];
        admin(data, &words).unwrap();
        let client = admin(data, &["client", "create", "--name", "Tests"]).unwrap();
        let client_id = client["client_id"].as_str().unwrap().to_owned();
        let words = ["token", "issue", "--user", "c@lutik.example", "--client", &client_id];
        let token = admin(data, &words).unwrap()["access_token"].as_str().unwrap().to_owned();
        Self { box_id: box_id.parse().unwrap(), client_id, token }
    }

    fn client(&self, server: &Served) -> Client {
        Client::builder(server.address(), self.client_id.clone())
            .auth(Auth::AccessToken(self.token.clone()))
            .retry(RetryPolicy::NEVER)
            .build()
            .unwrap()
    }
}

/// The text of each document whose forwarding was acknowledged, by what the forwarding is called.
type Acknowledged = Arc<Mutex<BTreeMap<EventId, String>>>;

/// Sends and forwards, twice each, until the server dies; every answer is written down.
async fn forward_until_death(
    (demo, to): (Arc<Demo>, BoxId),
    client: Client,
    name: String,
    acknowledged: Acknowledged,
    count: Arc<AtomicUsize>,
) {
    let query = BoxQuery::new(demo.sides[0].box_id);
    for n in 0.. {
        let text = format!("{name} {n}");
        let Ok(sent) = client.post_message_v3(&OperationQuery::new(), demo.letter(&text)).await else {
            return;
        };
        let document_id =
            DocumentId { message_id: sent.message_id, entity_id: sent.entities[0].entity_id.clone() };
        for _ in 0..2 {
            let asked =
                ForwardDocumentRequest { to_box_id: to.to_string(), document_id: document_id.clone() };
            let Ok(told) = client.forward_document_v2(&query, asked).await else { return };
            let id = event_of(told.forwarded_document_id.as_ref().unwrap());
            assert_eq!(
                acknowledged.lock().await.insert(id, text.clone()),
                None,
                "each has a name of its own"
            );
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn event_of(id: &ForwardedDocumentId) -> EventId {
    id.forward_event_id().parse().unwrap()
}

/// Everything that was ever forwarded to the third box, oldest first, with the documents.
async fn forwarded(client: &Client, box_id: BoxId) -> Vec<ForwardedDocumentEvent> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let asked = GetForwardedDocumentEventsRequest {
            filter: TimeBasedFilter::default(),
            after_index_key: after.take(),
            populate_forwarded_documents: Some(true),
            inject_entity_content: Some(true),
        };
        let page = client.get_forwarded_document_events_v2(&BoxQuery::new(box_id), asked).await.unwrap();
        let Some(last) = page.events.last() else { return all };
        after.clone_from(&last.index_key);
        all.extend(page.events);
    }
}

/// By which events of its feed the first forwarded to the third, and which document each time.
async fn noted(client: &Client, demo: &Demo, to: BoxId) -> BTreeMap<EventId, (MessageId, EntityId)> {
    let mut noted = BTreeMap::new();
    for event in feed(client, demo.sides[0].box_id).await {
        let (id, Some(patch)) = (event.event_id.parse().unwrap(), event.patch) else { continue };
        let message = patch.message_id.parse().unwrap();
        for entity in &patch.entity_patches {
            if entity.forwarded_to_box_id.as_deref() == Some(&*to.to_string()) {
                let before = noted.insert(id, (message, entity.entity_id.parse().unwrap()));
                assert_eq!(before, None, "one event forwards one document once");
            }
        }
    }
    noted
}

fn text(shown: &ForwardedDocument) -> Option<String> {
    let docflow = shown.document_with_docflow.as_ref()?.docflow.as_deref()?;
    let attachment = docflow.document_attachment.as_ref()?.attachment.as_ref()?;
    let content = attachment.entity.as_ref()?.content.as_ref()?;
    String::from_utf8(content.data.as_ref()?.to_vec()).ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_forwarded_is_there_once_however_often_the_server_dies() {
    let folder = TempDir::new().unwrap();
    let demo = Arc::new(organizations(folder.path()));
    let third = Third::new(folder.path());
    let acknowledged = Acknowledged::default();
    for round in 0..ROUNDS {
        let server = Served::start(folder.path(), SERVE);
        let count = Arc::new(AtomicUsize::new(0));
        let mut forwarders = tokio::task::JoinSet::new();
        for nth in 0..FORWARDERS {
            forwarders.spawn(forward_until_death(
                (Arc::clone(&demo), third.box_id),
                demo.client(&server, 0),
                format!("{round}/{nth}"),
                Arc::clone(&acknowledged),
                Arc::clone(&count),
            ));
        }
        // Another number each time, so that death comes in other moments; deliveries run meanwhile.
        let enough = 3 + 11 * round % 40;
        while count.load(Ordering::SeqCst) < enough && !forwarders.is_empty() {
            tokio::task::yield_now().await;
            while forwarders.try_join_next().is_some() {}
        }
        assert!(count.load(Ordering::SeqCst) >= enough, "the server died by itself");
        drop(server);
        while let Some(ended) = forwarders.join_next().await {
            ended.unwrap();
        }
    }

    let server = Served::start(folder.path(), SERVE);
    let (sender, reader) = (demo.client(&server, 0), third.client(&server));
    let noted = noted(&sender, &demo, third.box_id).await;
    let acknowledged = acknowledged.lock().await.clone();
    assert!(acknowledged.keys().all(|id| noted.contains_key(id)), "what was acknowledged happened");
    // Nobody waits for an answer at more than one call when the server dies.
    assert!(noted.len() <= acknowledged.len() + ROUNDS * FORWARDERS, "and nothing happened twice");
    // The deliveries that were cut off are finished by the new process.
    let arrived = loop {
        let arrived = forwarded(&reader, third.box_id).await;
        if arrived.len() >= noted.len() {
            break arrived;
        }
        tokio::task::yield_now().await;
    };
    let mut seen = BTreeMap::new();
    for event in &arrived {
        let id = event.forwarded_document_id.as_ref().unwrap();
        let document = id.document_id.as_ref().unwrap();
        let place = (document.message_id.parse().unwrap(), document.entity_id.parse().unwrap());
        assert_eq!(seen.insert(event_of(id), place), None, "no forwarding arrives twice");
        let shown = event.forwarded_document.as_deref().and_then(text);
        let shown = shown.expect("each is a document that can be read");
        assert!(acknowledged.get(&event_of(id)).is_none_or(|text| *text == shown), "it is the same: {shown}");
    }
    assert_eq!(seen, noted, "both boxes tell the same");
    let keys: Vec<_> = arrived.iter().map(|event| event.index_key.clone().unwrap()).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "keys rise");
    assert!(server.end().0.success());
}
