//! Nobody sees by a side road: whatever was posted, linked and moved, and whatever somebody may see, all that any method of
//! reading shows is what the policy allows, and all of that is shown by one of them.

use std::collections::BTreeSet;

use potok_app::Shows;
use potok_domain::access::scope;
use potok_domain::command::{Link, NewResolutionRequest, PostMessage, PostPatch, Source};
use potok_domain::directory::{AccessLevel, Permissions};
use potok_domain::query::{
    DepartmentRule, DocflowEventsRequest, DocumentFilter, DocumentOrder, DocumentsRequest, EventsRequest,
    FeedFilter, FeedOrder, SearchRequest, SearchScope,
};
use potok_domain::{DocumentRef, MessageState, RequestKind};
use potok_store::Operation;
use potok_stories::{EXPORT, SALES, STORAGE, Who, box_of, colleague_of, document_of, letter, organization};
use potok_types::access::{
    AllDocuments, BoxEmployee, FilteredDocuments, MayCreate, MayDeleteRestore, MayPatch, NamedDocuments,
    OneDepartment,
};
use potok_types::{DepartmentId, MessageId};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::fixture::{AppFixture, inline};

const PLACES: [DepartmentId; 4] = [DepartmentId::ZERO, SALES, EXPORT, STORAGE];

/// What happens in the box of B.
#[derive(Clone, Debug)]
enum Step {
    /// A letter with so many documents comes to a department.
    Arrives { to: DepartmentId, documents: usize },
    /// B answers to a document with a letter from a department, linked to it: the packets join.
    Answers { document: Index, from: DepartmentId },
    /// A document is moved.
    Moves { document: Index, to: DepartmentId },
    /// A document is deleted.
    Deletes { document: Index },
    /// The reader is asked about a document, or a department is.
    Asks { document: Index, department: Option<DepartmentId> },
}

fn place() -> impl Strategy<Value = DepartmentId> {
    prop::sample::select(&PLACES[..])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (place(), 1..=3_usize).prop_map(|(to, documents)| Step::Arrives { to, documents }),
        1 => (any::<Index>(), place()).prop_map(|(document, from)| Step::Answers { document, from }),
        3 => (any::<Index>(), place()).prop_map(|(document, to)| Step::Moves { document, to }),
        1 => any::<Index>().prop_map(|document| Step::Deletes { document }),
        2 => (any::<Index>(), prop::option::of(place()))
            .prop_map(|(document, department)| Step::Asks { document, department }),
    ]
}

fn permissions() -> impl Strategy<Value = Permissions> {
    let level = prop::sample::select(&[
        AccessLevel::DepartmentOnly,
        AccessLevel::DepartmentAndSubdepartments,
        AccessLevel::AllDocuments,
        AccessLevel::SelectedDepartments,
    ]);
    (level, place(), prop::sample::subsequence(&PLACES[..], 0..=3)).prop_map(
        |(access, department, selected_departments)| Permissions {
            access,
            department,
            selected_departments,
            is_administrator: false,
            ..Permissions::full()
        },
    )
}

type Documents = BTreeSet<DocumentRef>;

/// A box with a history, and somebody who reads it.
struct Box {
    fixture: AppFixture,
    messages: Vec<MessageId>,
    permissions: Permissions,
    posts: u32,
    /// What B posted, by operation.
    posted: Vec<(Operation, MessageId)>,
}

impl Box {
    async fn with(steps: &[Step], permissions: &Permissions) -> Self {
        let fixture = AppFixture::start().await;
        fixture.employ(colleague_of(Who::B), box_of(Who::B), permissions.clone()).await;
        let mut found = Self {
            fixture,
            messages: Vec::new(),
            permissions: permissions.clone(),
            posts: 0,
            posted: Vec::new(),
        };
        found.step(&Step::Arrives { to: SALES, documents: 2 }).await;
        for step in steps {
            found.step(step).await;
        }
        found
    }

    async fn step(&mut self, step: &Step) {
        let exchange = self.fixture.app.exchange();
        match step {
            Step::Arrives { to, documents } => {
                let documents =
                    (0..*documents).map(|_| document_of(inline(b"document"), inline(b"signature")));
                let command = PostMessage { to_department: Some(*to), ..letter(documents.collect()) };
                self.post(Who::A, command).await;
            }
            Step::Answers { document, from } => {
                let base = self.chosen(document).await;
                let mut answer = document_of(inline(b"answer"), inline(b"signature"));
                answer.initial_documents = vec![Link::Existing(base)];
                let command = PostMessage {
                    from: box_of(Who::B),
                    to: Some(box_of(Who::A)),
                    from_department: Some(*from),
                    ..letter(vec![answer])
                };
                self.post(Who::B, command).await;
            }
            Step::Moves { document, to } => {
                let document = self.chosen(document).await;
                let boss = self.fixture.boss::<NamedDocuments<MayCreate>>(Who::B).await;
                exchange.move_documents(&boss, &[document], *to).await.unwrap();
            }
            Step::Deletes { document } => {
                let DocumentRef { message_id, entity_id } = self.chosen(document).await;
                let boss = self.fixture.boss::<NamedDocuments<MayDeleteRestore>>(Who::B).await;
                // What is deleted already stays so.
                drop(exchange.delete_documents(&boss, message_id, Some(entity_id)).await);
            }
            Step::Asks { document, department } => {
                let DocumentRef { message_id, entity_id } = self.chosen(document).await;
                let mut patch = PostPatch::empty(box_of(Who::B), message_id);
                patch.resolution_requests.push(NewResolutionRequest {
                    path: "ResolutionRequests[0]".to_owned(),
                    parent: entity_id,
                    kind: RequestKind::Approvement,
                    user: department.is_none().then(|| colleague_of(Who::B)),
                    department: *department,
                    comment: inline(b""),
                    labels: Vec::new(),
                });
                self.posts += 1;
                let operation = Operation { method: "PostMessagePatch", id: self.posts.to_string() };
                let boss = self.fixture.boss::<NamedDocuments<MayPatch>>(Who::B).await;
                // Nobody is asked about what is deleted, nor in a department where nobody may answer.
                drop(exchange.post_patch(&boss, patch, operation).await);
            }
        }
    }

    async fn post(&mut self, who: Who, command: PostMessage<Source>) {
        self.posts += 1;
        let boss = self.fixture.boss::<BoxEmployee<MayCreate>>(who).await;
        let operation = Operation { method: "PostMessage", id: self.posts.to_string() };
        let posting = self.fixture.app.exchange().post_message(&boss, command, operation.clone());
        let message = std::str::from_utf8(&posting.await.unwrap()).unwrap().parse().unwrap();
        self.messages.push(message);
        if who == Who::B {
            self.posted.push((operation, message));
        }
        self.fixture.deliver().await;
    }

    async fn states(&self) -> Vec<std::sync::Arc<MessageState>> {
        let boss = self.fixture.boss::<NamedDocuments>(Who::B).await;
        let mut states = Vec::new();
        for message in &self.messages {
            let found = self.fixture.app.reading().get_message(&boss, *message, None, Shows::ALL).await;
            states.push(found.unwrap().state);
        }
        states
    }

    async fn chosen(&self, index: &Index) -> DocumentRef {
        let documents: Vec<DocumentRef> =
            self.states().await.iter().flat_map(|state| all_of(state)).collect();
        *index.get(&documents)
    }

    /// What the policy allows: documents where they lie now.
    async fn allowed(&self) -> Documents {
        let seen = scope(colleague_of(Who::B), &self.permissions, &organization(Who::B));
        let states = self.states().await;
        let all = states.iter().flat_map(|state| all_of(state).map(move |document| (state, document)));
        all.filter(|(state, document)| seen.sees_document(state, document.entity_id))
            .map(|(_, document)| document)
            .collect()
    }

    /// What any method shows, each with what it shows.
    async fn shown(&self) -> Vec<(&'static str, Documents)> {
        let reader = colleague_of(Who::B);
        let reading = self.fixture.app.reading();
        let named = self.fixture.permit::<NamedDocuments>(Who::B, reader).await;
        let filtered = self.fixture.permit::<FilteredDocuments>(Who::B, reader).await;
        let one = self.fixture.permit::<OneDepartment>(Who::B, reader).await;
        let (mut whole, mut single, mut contents) = (Documents::new(), Documents::new(), Documents::new());
        let (mut histories, mut listed, mut packets) = (Documents::new(), Documents::new(), Documents::new());
        for state in self.states().await {
            let message = state.message_id;
            if reading.get_message(&named, message, None, Shows::ALL).await.is_ok() {
                whole.extend(all_of(&state));
            }
            for document in all_of(&state) {
                let id = document.entity_id;
                if reading.get_message(&named, message, Some(id), Shows::ALL).await.is_ok()
                    || reading.get_document(&named, message, id).await.is_ok()
                {
                    single.insert(document);
                }
                let below = state.entities().iter().filter(|found| state.root_of(found.entity.id) == id);
                for found in below.filter(|found| found.entity.content.is_some()) {
                    if reading.get_entity_content(&named, message, found.entity.id).await.is_ok() {
                        contents.insert(document);
                    }
                }
                if let Ok(told) = reading.get_document_history(&named, message, id).await {
                    histories.insert(document);
                    histories.extend(told.referrers.iter().map(|(state, id)| of(state, *id)));
                }
                let packet = state.document_state(id).unwrap().packet;
                let found = reading.docflows_by_packet(&filtered, packet, None, 100).await.unwrap();
                packets.extend(found.documents.iter().map(|(found, _)| found.document));
            }
            let found = reading.documents_by_message(&filtered, message).await.unwrap();
            listed.extend(found.iter().map(|found| found.document));
        }
        let request = DocumentsRequest {
            filter: DocumentFilter::default(),
            departments: Vec::new(),
            order: DocumentOrder::Time,
            is_descending: false,
            after: None,
            limit: 100,
        };
        let pages = reading.get_documents(&filtered, request).await.unwrap();
        let text = "contract.pdf".to_owned();
        let request = SearchRequest { text, scope: SearchScope::Any, first_index: 0, count: 100 };
        let found = reading.search_docflows(&filtered, request).await.unwrap();
        let mut shown = vec![
            ("GetMessage", whole),
            ("GetMessage of one, GetDocument", single),
            ("GetEntityContent", contents),
            ("GetDocumentHistory", histories),
            ("GetDocumentsByMessageId", listed),
            ("GetDocflowsByPacketId", packets),
            ("GetDocuments", pages.documents.iter().map(|(found, _)| found.document).collect()),
            ("SearchDocflows", found.documents.iter().map(|found| found.document).collect()),
            ("GetNewEvents", self.in_feed(DepartmentRule::Union).await),
            ("PostMessage again", self.repeated().await),
        ];
        for department in PLACES {
            let request = DocflowEventsRequest {
                after: None,
                order: FeedOrder::Ascending,
                limit: 100,
                filter: FeedFilter::default(),
                department: Some(department),
                with_documents: true,
                with_previous: true,
            };
            if let Ok(answer) = reading.docflow_events(&one, request).await {
                let previous = answer.events.iter().filter_map(|event| event.previous.as_ref());
                let found = answer.events.iter().filter_map(|event| event.found.as_ref());
                let found = found.chain(previous.map(|(_, found)| found)).map(|found| found.document);
                shown.push(("GetDocflowEvents", found.collect()));
            }
            shown.push(("GetNewEvents of one", self.in_feed(DepartmentRule::Named(Some(department))).await));
        }
        if let Some(last) = reading.get_last_event(&filtered, FeedFilter::default()).await.unwrap() {
            let seen = all_of(&last.state)
                .filter(|document| filtered.scope.sees_document(&last.state, document.entity_id));
            shown.push(("GetLastEvent", seen.collect()));
        }
        shown
    }

    /// What is told to somebody who repeats the operations of others with a body of their own.
    async fn repeated(&self) -> Documents {
        let permit = self.fixture.permit::<BoxEmployee<MayCreate>>(Who::B, colleague_of(Who::B)).await;
        let states = self.states().await;
        let mut told = Documents::new();
        for (operation, message) in &self.posted {
            let command = PostMessage {
                from: box_of(Who::B),
                to: Some(box_of(Who::A)),
                ..letter(vec![document_of(inline(b"anything"), inline(b"signature"))])
            };
            let answer = self.fixture.app.exchange().post_message(&permit, command, operation.clone()).await;
            if let Ok(ready) = answer {
                assert_eq!(ready, message.to_string(), "the first answer, and no other");
                let state = states.iter().find(|state| state.message_id == *message).unwrap();
                told.extend(all_of(state));
            }
        }
        told
    }

    /// The documents whose entities stand in the feed: those that its cut lets through.
    async fn in_feed(&self, rule: DepartmentRule) -> Documents {
        let filtered = self.fixture.permit::<FilteredDocuments>(Who::B, colleague_of(Who::B)).await;
        let request = EventsRequest {
            after: None,
            order: FeedOrder::Ascending,
            limit: 100,
            filter: FeedFilter::default(),
            rule,
        };
        let Ok(answer) = self.fixture.app.reading().get_new_events(&filtered, request).await else {
            return Documents::new();
        };
        let states = self.states().await;
        let mut shown = Documents::new();
        for event in &answer.page.events {
            let state = states.iter().find(|state| state.message_id == event.message_id).unwrap();
            let cut = answer.cut.as_ref();
            let seen = |id| cut.is_none_or(|cut| cut.scope.sees_document(cut.state_of(event).unwrap(), id));
            shown.extend(all_of(state).filter(|document| seen(document.entity_id)));
        }
        shown
    }
}

fn of(state: &MessageState, entity_id: potok_types::EntityId) -> DocumentRef {
    DocumentRef { message_id: state.message_id, entity_id }
}

fn all_of(state: &MessageState) -> impl Iterator<Item = DocumentRef> + '_ {
    state.documents().map(|(found, _)| of(state, found.entity.id))
}

async fn check(steps: &[Step], permissions: &Permissions) {
    let found = Box::with(steps, permissions).await;
    let allowed = found.allowed().await;
    let shown = found.shown().await;
    for (method, documents) in &shown {
        let hidden: Vec<_> = documents.difference(&allowed).collect();
        assert!(hidden.is_empty(), "{method} shows {hidden:?} to {permissions:?}");
    }
    let union: Documents = shown.into_iter().flat_map(|(_, documents)| documents).collect();
    assert_eq!(union, allowed, "everything that is allowed is shown by some method");
    // Methods for those who see everything are for nobody else.
    let sees_all = permissions.access == AccessLevel::AllDocuments;
    let caller = found.fixture.caller(colleague_of(Who::B)).await;
    let place = potok_app::Place::Box(box_of(Who::B));
    let subject = potok_app::Subject { place: Some(place), person: None };
    let all = found.fixture.app.callers().permit::<AllDocuments>(Some(&caller), subject).await;
    assert_eq!(all.is_ok(), sees_all);
}

proptest! {
    // Each case reads every document by every method.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_shown_is_what_is_allowed(
        steps in prop::collection::vec(step(), 0..8),
        permissions in permissions(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(&steps, &permissions));
    }
}
