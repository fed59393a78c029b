//! `GetDocflowEvents` tells a whole history, whatever the history: of each event it says what `GetDocflows` says of a
//! document at that event, and nothing happens to a document of which it does not tell.

use std::collections::{BTreeMap, BTreeSet};

use potok_testkit::sdk::api::methods::{DeleteQuery, GetMessageQuery, OperationQuery};
use potok_testkit::sdk::proto::events::{
    AttachmentType, DocumentAttachment, EntityType, Message, MessagePatchToPostV2,
};
use potok_testkit::{Letter, Org, PAPER, Person, World, WorldOptions, formal};
use potok_types::{EntityId, MessageId};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::actions::{
    amendment, cancellation, denial, receipt, rejection, request, resolution, revocation, signature, tag,
    universal,
};
use crate::docflows::{call, ok, text};
use crate::support::feed;

type Patch = MessagePatchToPostV2;

const VERSIONS: [u32; 4] = [2, 3, 4, 5];
const HISTORIES: u64 = 5;
const ATTEMPTS: usize = 40;
/// More cannot be asked for at once.
const BATCH: usize = 100;

/// Whatever people do to documents.
const VERBS: [&str; 11] = [
    "sign", "refuse", "receive", "revoke", "amend", "inform", "tag", "approve", "withdraw", "request",
    "delete",
];

/// What they do to what others, or they themselves, have added.
const ANSWERS: [&str; 5] =
    ["sign the request", "refuse the request", "receive the confirmation", "cancel", "deny"];

/// What `verb` may be done to.
fn targets(message: &Message, verb: &str) -> Vec<String> {
    let kind = match verb {
        "sign the request" | "refuse the request" => Some(AttachmentType::RevocationRequest),
        "receive the confirmation" => Some(AttachmentType::InvoiceConfirmation),
        "cancel" | "deny" => Some(AttachmentType::ResolutionRequest),
        _ => None,
    };
    let attachments = message.entities.iter().filter(|entity| entity.entity_type() == EntityType::Attachment);
    let found = attachments.filter(|entity| match kind {
        Some(kind) => entity.attachment_type() == kind,
        None => entity.parent_entity_id.is_none(),
    });
    found.map(|entity| entity.entity_id.clone()).collect()
}

fn patch(who: &Person, message: &str, verb: &str, target: &str, random: &mut StdRng) -> Patch {
    let mut patch =
        Patch { box_id: who.box_id.to_string(), message_id: message.to_owned(), ..Patch::default() };
    match verb {
        "sign" | "sign the request" => patch.signatures = signature(target),
        "refuse" | "refuse the request" => patch.xml_signature_rejections = rejection(target),
        "receive" | "receive the confirmation" => patch.receipts = receipt(target),
        "revoke" => patch.revocation_requests = revocation(target),
        "amend" => patch.correction_requests = amendment(target),
        "inform" => patch.universal_messages = universal(target, 4),
        "tag" => patch.custom_data_patches = tag(target, 0, Some("север")),
        "approve" => patch.resolutions = resolution(target, random.random_range(1..=2)),
        "withdraw" => patch.resolutions = resolution(target, 0),
        "request" => patch.resolution_requests = request(target, random.random_range(0..=1), who),
        "cancel" => patch.resolution_request_cancellations = cancellation(target),
        "deny" => patch.resolution_request_denials = denial(target),
        _ => unreachable!("{verb} is no patch"),
    }
    patch
}

/// A letter of one to three documents of several workflows.
fn letter(a: &Org, b: &Org, name: &str, random: &mut StdRng) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments = (0..random.random_range(1..=3_usize))
        .map(|position| {
            let document = Letter::document(&format!("{name}-{position}.xml"), PAPER);
            if random.random_bool(0.3) {
                let function = Some("default".to_owned());
                let type_named_id = "Invoice".to_owned();
                return formal(DocumentAttachment { type_named_id, function, ..document });
            }
            let need_receipt = Some(random.random_bool(0.5));
            let need_recipient_signature = Some(random.random_bool(0.8));
            DocumentAttachment { need_receipt, need_recipient_signature, ..document }
        })
        .collect();
    letter
}

/// What was seen of a document, right after an event.
struct Sight {
    version: u32,
    document: Value,
    event: String,
    shown: Value,
}

struct History<'w> {
    world: &'w World,
    people: [&'w Person; 2],
    random: StdRng,
    messages: Vec<String>,
    documents: Vec<Value>,
    sights: [Vec<Sight>; 2],
    accepted: BTreeSet<&'static str>,
}

impl History<'_> {
    async fn post(&mut self, a: &Org, b: &Org) {
        let letter = letter(a, b, &format!("letter-{}", self.messages.len()), &mut self.random);
        let posted = a.boss.post(&letter).await.unwrap();
        self.documents.extend(crate::docflows::ids(&posted));
        self.messages.push(posted.message_id);
        self.look().await;
    }

    async fn deliver_something(&mut self) {
        self.world.deliver_some().await;
        self.look().await;
    }

    /// Somebody tries something; it may be refused.
    async fn attempt(&mut self, number: usize) {
        let who = self.people[usize::from(self.random.random_bool(0.6))];
        let message = self.messages[self.random.random_range(0..self.messages.len())].clone();
        let id = message.parse::<MessageId>().unwrap();
        let Ok(shown) = who.client.get_message_v6(&GetMessageQuery::new(who.box_id, id)).await else {
            return;
        };
        // Answers to what somebody asked for are tried as often as everything else.
        let answers = ANSWERS.into_iter().filter(|verb| !targets(&shown, verb).is_empty());
        let answers: Vec<&'static str> = answers.collect();
        let verbs: &[&'static str] =
            if answers.is_empty() || self.random.random_bool(0.5) { &VERBS } else { &answers };
        let verb = verbs[self.random.random_range(0..verbs.len())];
        let targets = targets(&shown, verb);
        if targets.is_empty() {
            return;
        }
        let target = &targets[self.random.random_range(0..targets.len())];
        let is_accepted = if verb == "delete" {
            let mut query = DeleteQuery::new(who.box_id, id);
            query.document_id = Some(target.parse::<EntityId>().unwrap());
            // What is deleted comes back, at times.
            who.client.delete(&query).await.is_ok() || who.client.restore(&query).await.is_ok()
        } else {
            let mut patch = patch(who, &message, verb, target, &mut self.random);
            who.complete(&mut patch).await;
            // The same body twice is not the same call.
            let query = OperationQuery { operation_id: Some(format!("{number} {message}")) };
            who.client.post_message_patch_v4(&query, patch).await.is_ok()
        };
        if is_accepted {
            self.accepted.insert(verb);
            self.look().await;
        }
    }

    /// Looks at every document in some version, as it is now.
    async fn look(&mut self) {
        for (who, sights) in self.people.iter().zip(&mut self.sights) {
            let version = VERSIONS[self.random.random_range(0..VERSIONS.len())];
            let requests: Vec<Value> =
                self.documents.iter().map(|document| json!({ "DocumentId": document })).collect();
            let body = json!({ "Requests": requests });
            let (status, mut answer) =
                call(self.world, who, &format!("/V{version}/GetDocflows"), &body).await;
            // Before the delivery there is nothing to see.
            if status == 404 {
                continue;
            }
            assert_eq!(status, 200, "{answer}");
            for shown in answer["Documents"].as_array_mut().unwrap().split_off(0) {
                let (document, event) = (document_of(&shown), last_event(version, &shown));
                sights.push(Sight { version, document, event, shown });
            }
        }
    }
}

fn last_event(version: u32, shown: &Value) -> String {
    let event = if version == 2 { &shown["LastEventId"] } else { &shown["LastEvent"]["EventId"] };
    text(event).to_owned()
}

fn document_of(shown: &Value) -> Value {
    let id = &shown["DocumentId"];
    assert!(id.is_object(), "{shown}");
    id.clone()
}

/// Pages of one size, up to the end.
async fn events(world: &World, who: &Person, version: u32, direction: &str, limit: usize) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let mut body = json!({
            "Filter": { "SortDirection": direction },
            "PopulateDocuments": true,
            "PopulatePreviousDocumentStates": true,
            "Limit": limit,
        });
        if let Some(last) = all.last() {
            body["AfterIndexKey"] = last["IndexKey"].clone();
        }
        let mut page = ok(world, who, &format!("/V{version}/GetDocflowEvents"), &body).await;
        let found = page["Events"].as_array_mut().unwrap().split_off(0);
        assert!(found.len() <= limit);
        if found.is_empty() {
            return all;
        }
        all.extend(found);
    }
}

/// The documents as they were after the events, in the order asked for; `None` where one was not there yet.
async fn replayed(
    world: &World,
    who: &Person,
    version: u32,
    wanted: &[(Value, String)],
) -> BTreeMap<(String, String), Value> {
    let mut found = BTreeMap::new();
    for part in wanted.chunks(BATCH) {
        let requests: Vec<Value> = part
            .iter()
            .map(|(document, event)| json!({ "DocumentId": document, "LastEventId": event }))
            .collect();
        let body = json!({ "Requests": requests });
        let (status, mut answer) = call(world, who, &format!("/V{version}/GetDocflows"), &body).await;
        assert!(matches!(status, 200 | 404), "{answer}");
        if status == 404 {
            continue;
        }
        for shown in answer["Documents"].as_array_mut().unwrap().split_off(0) {
            let key = (document_of(&shown).to_string(), last_event(version, &shown));
            assert!(found.insert(key, shown).is_none(), "asked for once, answered once");
        }
    }
    found
}

/// A document without what is told of the message as a whole: the event after which it is shown, which may be about another
/// document, and whether somebody of the box has done anything in the message.
fn itself(version: u32, shown: &Value) -> Value {
    let mut shown = shown.clone();
    let fields: &[&str] = if version == 2 { &["LastEventId", "LastEventTimestamp"] } else { &["LastEvent"] };
    let fields_of = shown.as_object_mut().unwrap();
    for field in fields {
        assert!(fields_of.remove(*field).is_some(), "{field}");
    }
    without_reading(&mut shown);
    shown
}

/// Takes away the marks of reading, which stand for the message.
fn without_reading(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !matches!(&**name, "IsRead" | "HasUnreadOutOfWorkflowUniversalMessages"));
            fields.values_mut().for_each(without_reading);
        }
        Value::Array(values) => values.iter_mut().for_each(without_reading),
        _ => {}
    }
}

/// All that the events say, held against documents asked for one by one.
async fn the_events_are_the_history(history: &mut History<'_>) {
    for (side, who) in history.people.into_iter().enumerate() {
        // Every event of the box with every document of its message, in order, as the ordinary feed has them.
        let mut steps: Vec<(String, Value)> = Vec::new();
        for event in feed(who).await {
            let message = match (&event.message, &event.patch) {
                (Some(message), _) => &message.message_id,
                (None, Some(patch)) => &patch.message_id,
                (None, None) => panic!("an event is one or the other"),
            };
            let documents = history.documents.iter().filter(|document| document["MessageId"] == **message);
            steps.extend(documents.map(|document| (event.event_id.clone(), document.clone())));
        }
        let wanted: Vec<(Value, String)> =
            steps.iter().map(|(event, document)| (document.clone(), event.clone())).collect();
        for version in VERSIONS {
            let sizes = [history.random.random_range(1..=9), 100];
            let all = events(history.world, who, version, "Ascending", sizes[0]).await;
            assert_eq!(all, events(history.world, who, version, "Ascending", sizes[1]).await, "{sizes:?}");
            let back = [history.random.random_range(1..=9)];
            let mut backwards = events(history.world, who, version, "Descending", back[0]).await;
            backwards.reverse();
            assert_eq!(all, backwards, "{back:?}");

            let live = replayed(history.world, who, version, &wanted).await;
            let mut told = all.iter();
            let mut last: BTreeMap<String, (&str, &Value)> = BTreeMap::new();
            let mut next = told.next();
            for (event, document) in &steps {
                let name = document.to_string();
                let shown = &live[&(name.clone(), event.clone())];
                let before = last.get(&name).copied();
                let about = next.filter(|next| next["EventId"] == **event && next["DocumentId"] == *document);
                let Some(about) = about else {
                    let (_, before) = before.expect("the first event of a document tells of it");
                    assert_eq!(itself(version, before), itself(version, shown), "untold: {event} {name}");
                    continue;
                };
                assert_eq!(&about["Document"], shown);
                assert_eq!(about["PreviousEventId"].as_str(), before.map(|(event, _)| event));
                assert_eq!(about.get("PreviousDocumentState"), before.map(|(_, shown)| shown));
                last.insert(name, (event, shown));
                next = told.next();
            }
            assert_eq!(next, None, "nothing else is told, and nothing in another order");
            for sight in history.sights[side].iter().filter(|sight| sight.version == version) {
                assert_eq!(live[&(sight.document.to_string(), sight.event.clone())], sight.shown);
            }
        }
    }
}

#[tokio::test]
async fn the_events_of_any_history_with_their_documents_are_the_history_replayed() {
    let mut accepted = BTreeSet::new();
    for seed in 0..HISTORIES {
        let world = World::start_with(WorldOptions { seed, ..WorldOptions::default() }).await;
        let (a, b) = world.two_sides().await;
        let mut history = History {
            world: &world,
            people: [&a.boss, &b.boss],
            random: StdRng::seed_from_u64(seed),
            messages: Vec::new(),
            documents: Vec::new(),
            sights: Default::default(),
            accepted: BTreeSet::new(),
        };
        history.post(&a, &b).await;
        for number in 0..ATTEMPTS {
            match history.random.random_range(0..20) {
                0 => history.post(&a, &b).await,
                1..8 => history.deliver_something().await,
                _ => history.attempt(number).await,
            }
        }
        // Half of the histories are read with things still on their way.
        if seed % 2 == 0 {
            world.drain().await;
            history.look().await;
        }
        the_events_are_the_history(&mut history).await;
        accepted.append(&mut history.accepted);
        world.drain().await;
        world.end().await;
    }
    assert!(accepted.len() >= 10, "too little happens: {accepted:?}");
}
