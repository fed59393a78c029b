//! What several tests need.

use potok_testkit::sdk::api::methods::BoxQuery;
use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::docflow::{GetDocflowBatchRequest, GetDocflowRequest};
use potok_testkit::sdk::proto::events::{BoxEvent, Entity};
use potok_testkit::sdk::{Error, Position};
use potok_testkit::{Letter, Org, Person};
use potok_types::DepartmentId;

/// The whole feed of the person's box, in one line an event, with ids replaced by the names of `known`.
///
/// `Message[d1 Nonformalized, s1 Signature(d1)]` or `Patch[…] delivered=M whole`.
pub(crate) async fn feed(person: &Person) -> Vec<BoxEvent> {
    let mut events = person.client.events(person.box_id, Position::Start);
    let mut all = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        all.push(event);
    }
    all
}

/// The exchange of the document is over, as the person's box sees it.
pub(crate) async fn is_finished(person: &Person, message: &str, document: &str) -> bool {
    let request = GetDocflowRequest {
        document_id: DocumentId { message_id: message.to_owned(), entity_id: document.to_owned() },
        ..GetDocflowRequest::default()
    };
    let query = BoxQuery::new(person.box_id);
    let batch = GetDocflowBatchRequest { requests: vec![request] };
    let answer = person.client.get_docflows_v2(&query, batch).await.unwrap();
    answer.documents[0].docflow.as_ref().unwrap().is_finished.unwrap_or_default()
}

/// Names ids in the order in which they are met, so that two boxes can be compared.
#[derive(Default)]
pub(crate) struct Names(Vec<(String, String)>);

impl Names {
    pub(crate) fn with(known: &[(&str, &str)]) -> Self {
        Self(known.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect())
    }

    pub(crate) fn of(&mut self, id: &str, prefix: &str) -> String {
        if let Some((_, name)) = self.0.iter().find(|(known, _)| known == id) {
            return name.clone();
        }
        let number = 1 + self.0.iter().filter(|(_, name)| name.starts_with(prefix)).count();
        self.0.push((id.to_owned(), format!("{prefix}{number}")));
        format!("{prefix}{number}")
    }

    /// The event in one line.
    pub(crate) fn line(&mut self, event: &BoxEvent) -> String {
        if let Some(message) = &event.message {
            assert_eq!(event.event_id, message.message_id, "a message's event is named after it");
            let id = self.of(&event.event_id, "M");
            return format!("Message {id}: {}", self.entities(&message.entities));
        }
        let patch = event.patch.as_ref().unwrap();
        assert_eq!(event.event_id, patch.patch_id, "a patch's event is named after it");
        let id = self.of(&event.event_id, "P");
        let mut line = format!("Patch {id}: {}", self.entities(&patch.entities));
        if let Some(delivered) = &patch.delivered_patch_id {
            line += &format!(" delivered={}", self.of(delivered, "P"));
        }
        if let Some(failed) = &patch.not_delivered_event_id {
            line += &format!(" not-delivered={}", self.of(failed, "P"));
        }
        if patch.message_is_delivered.unwrap_or_default() {
            line += " whole";
        }
        line
    }

    fn entities(&mut self, entities: &[Entity]) -> String {
        let lines: Vec<String> = entities
            .iter()
            .map(|entity| {
                let id = self.of(&entity.entity_id, "e");
                let kind = if entity.entity_type() as i32 == 2 {
                    "Signature".to_owned()
                } else {
                    format!("{:?}", entity.attachment_type())
                };
                match entity.parent_entity_id.as_deref() {
                    Some(parent) if !parent.is_empty() => format!("{id} {kind}({})", self.of(parent, "e")),
                    _ => format!("{id} {kind}"),
                }
            })
            .collect();
        format!("[{}]", lines.join(", "))
    }

    pub(crate) fn lines(&mut self, events: &[BoxEvent]) -> Vec<String> {
        events.iter().map(|event| self.line(event)).collect()
    }
}

/// A draft that `from` keeps, in whose name a department stands.
pub(crate) async fn draft_of(from: &Org, to: &Org, department: DepartmentId) -> String {
    let mut draft = Letter::new(from.box_id(), to.box_id()).draft();
    draft.0.from_department_id = Some(department.to_string());
    from.boss.post(&draft).await.unwrap().message_id
}

/// The status and the text of a refusal.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> (u16, String) {
    let error = answer.expect_err("it is refused");
    (error.status().expect("the server says why"), error.to_string())
}

/// `answer` is a refusal that says so.
#[track_caller]
pub(crate) fn refused_with<T: std::fmt::Debug>(answer: Result<T, Error>, status: u16, words: &str) {
    says(&answer.expect_err("it is refused"), status, words);
}

/// `error` has the status and these words.
#[track_caller]
pub(crate) fn says(error: &Error, status: u16, words: &str) {
    assert_eq!(error.status(), Some(status), "{error}");
    assert!(error.to_string().contains(words), "{words}: {error}");
}
