//! Use cases over a store in memory that fails on demand: nothing is lost, nothing is done twice, and nobody tries for ever.

mod commits;
mod deliveries;
mod fairness;
mod forwards;
mod kinds;
mod relations;
mod sweeps;
mod waiting;
mod weights;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_content::Contents;
use potok_domain::command::{Link, NewPacket, NewTagChange, PostMessage, PostPatch, Source};
use potok_domain::directory::Permissions;
use potok_domain::docflow::Docflows;
use potok_domain::{Change, DocumentRef, Event, MessageState, SignatureDescription, Tag, TagChange, Verdict};
use potok_room::NotDone;
use potok_seams::{
    AnyIssuer, Judgement, NoKeys, NotAccepted, Rendering, SignatureToCheck, SignatureVerifier, SignedBytes,
    VerifyError,
};
use potok_store::{FaultyJournal, Journal, Operation, Store, Wanted};
use potok_store_memory::MemoryStore;
use potok_types::{BoxId, Clock, EventId, ManualClock, MessageId, SeededEntropy, Ticks};
use tempfile::TempDir;

use crate::admin::{NewOrganization, NewUser};
use crate::{
    AcquireRequest, App, AppOptions, CounteragentName, ExchangeError, Held, Parts, Permit, Place, Presented,
    Subject,
};

const START: Ticks = Ticks::new(638_900_000_000_000_000);

/// Renders an event as its own id, and believes every signature.
struct Plain;

impl Rendering for Plain {
    fn box_event(&self, _: &Docflows<'_>, event: &Event) -> Bytes {
        Bytes::copy_from_slice(event.id.as_bytes())
    }

    fn event_json(
        &self,
        ready: &[u8],
        _: potok_types::IndexKey,
        _: Option<potok_seams::Sight<'_>>,
    ) -> Result<Option<Bytes>, String> {
        Ok(Some(Bytes::copy_from_slice(ready)))
    }

    fn verification_report(&self, _: &Judgement) -> Bytes {
        Bytes::new()
    }
}

#[async_trait]
impl SignatureVerifier for Plain {
    async fn accept(&self, given: Bytes) -> Result<Bytes, NotAccepted> {
        Ok(given)
    }

    async fn verify(
        &self,
        signatures: &[SignatureToCheck],
        _: &dyn SignedBytes,
    ) -> Result<Vec<Judgement>, VerifyError> {
        let good = |signature: &SignatureToCheck| Verdict {
            signature: signature.signature,
            is_valid: true,
            power_of_attorney: None,
            verification: None,
        };
        Ok(signatures.iter().map(|signature| Judgement::unread(good(signature))).collect())
    }

    async fn describe(&self, _: Bytes) -> Result<Option<SignatureDescription>, NotDone> {
        Ok(None)
    }
}

/// One organization with somebody who may do everything there.
#[derive(Clone)]
struct Side {
    box_id: BoxId,
    token: String,
}

/// A node over a journal that fails on demand, with two organizations.
struct Boxes {
    store: Arc<dyn Store>,
    journal: Arc<FaultyJournal>,
    clock: Arc<ManualClock>,
    app: Arc<App>,
    a: Side,
    b: Side,
    folder: TempDir,
}

impl Boxes {
    /// Two partners.
    async fn new() -> Self {
        let boxes = Self::strangers().await;
        let target = CounteragentName::Box("BoxId", boxes.b.box_id);
        let request = AcquireRequest { target, message: None, document: None, department: None, call: None };
        let invited = boxes.app.partners().acquire(&permit(&boxes.app, &boxes.a).await, request).await;
        invited.expect("nothing speaks against it");
        boxes.drain().await;
        boxes
    }

    /// Two who have not had to do with each other.
    async fn strangers() -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(Arc::<ManualClock>::clone(&clock)));
        let inner: Arc<dyn Journal> = Arc::<dyn Store>::clone(&store);
        let journal = Arc::new(FaultyJournal::over(inner));
        let folder = tempfile::tempdir().expect("writable");
        let app = node(&store, Arc::<FaultyJournal>::clone(&journal), &clock, &folder, 1);
        let client = app.admin().create_client(Some("tests".to_owned()), "Tests", None).await;
        let client = client.expect("the first client").id;
        let a = side(&app, &client, "9612345678").await;
        let b = side(&app, &client, "9687654321").await;
        Self { store, journal, clock, app, a, b, folder }
    }

    /// Another node over the same store, which does not fail there.
    fn second_node(&self) -> Arc<App> {
        let journal: Arc<dyn Journal> = Arc::<dyn Store>::clone(&self.store);
        node(&self.store, journal, &self.clock, &self.folder, 2)
    }

    async fn post(&self, letter: PostMessage<Source>, operation: &str) -> Result<Bytes, ExchangeError> {
        post(&self.app, &self.a, letter, operation).await
    }

    /// A letter of `A` to `B` with one document, posted.
    async fn posted(&self, text: &str) -> DocumentRef {
        let event = self.post(letter(&self.a, &self.b, text), text).await.expect("nothing speaks against it");
        let message_id = MessageId::from_uuid(event_id(&event).uuid());
        self.document(message_id).await
    }

    async fn document(&self, message_id: MessageId) -> DocumentRef {
        let state = self.state(&self.a, message_id).await;
        let (found, _) = state.documents().next().expect("it has a document");
        DocumentRef { message_id, entity_id: found.entity.id }
    }

    /// What the journal has, read past everything that is remembered.
    async fn events(&self, side: &Side, message_id: MessageId) -> Vec<Event> {
        let found = self.store.messages(side.box_id, &[Wanted::all(message_id)]).await.expect("readable");
        found.into_iter().next().map(|tail| tail.events).unwrap_or_default()
    }

    async fn state(&self, side: &Side, message_id: MessageId) -> MessageState {
        let events = self.events(side, message_id).await;
        MessageState::replay(side.box_id, &events).expect("the message is there")
    }

    /// What the node remembers is what the journal says.
    async fn check_memory(&self, side: &Side, message_id: MessageId) {
        let remembered = self.app.deliveries().core.state(side.box_id, message_id).await.expect("readable");
        assert_eq!(*remembered, self.state(side, message_id).await);
    }

    async fn pending(&self) -> u64 {
        self.store.pending().await.expect("readable")
    }

    /// Delivers, and turns the clock as far as it takes to try everything again.
    async fn drain(&self) {
        let mut worker = self.app.deliveries().worker();
        for _ in 0..20 {
            worker.drain().await.expect("the outbox does not fail");
            if self.pending().await == 0 {
                return;
            }
            self.clock.advance_seconds(301);
        }
        panic!("{} deliveries are never done", self.pending().await);
    }
}

fn node(
    store: &Arc<dyn Store>,
    journal: Arc<dyn Journal>,
    clock: &Arc<ManualClock>,
    folder: &TempDir,
    seed: u64,
) -> Arc<App> {
    let parts = Parts {
        store: Arc::clone(store),
        contents: Contents::in_folder(folder.path()).expect("writable"),
        clock: Arc::<ManualClock>::clone(clock) as Arc<dyn Clock>,
        entropy: Arc::new(SeededEntropy::new(seed)),
        rendering: Arc::new(Plain),
        verifier: Arc::new(Plain),
        operator: Arc::new(NoKeys),
        certificate_judge: Arc::new(AnyIssuer),
        test_signatures: Arc::new(NoKeys),
        time_stamping: None,
        user_keys: Arc::new(potok_seams::NoKeys),
        options: AppOptions::default(),
    };
    Arc::new(App::over(parts, journal))
}

async fn side(app: &App, client: &str, inn: &str) -> Side {
    let new = NewOrganization { name: inn.to_owned(), inn: inn.to_owned(), ..NewOrganization::default() };
    side_of(app, client, new).await
}

async fn side_of(app: &App, client: &str, new: NewOrganization) -> Side {
    let inn = new.inn.clone();
    let admin = app.admin();
    let organization = admin.create_organization(new).await.expect("it is new");
    let user = NewUser { login: inn, last_name: "Иванов".to_owned(), ..NewUser::default() };
    let user = admin.create_user(user).await.expect("the login is free");
    let employed = admin.put_employee(organization.box_id, user.id, "Сотрудник", Permissions::full()).await;
    employed.expect("the box is there");
    let token = admin.issue_access_token(client, user.id).await.expect("the client is there");
    Side { box_id: organization.box_id, token }
}

async fn permit<C: Held>(app: &App, side: &Side) -> Permit<C> {
    let presented = Presented::Bearer { token: side.token.clone() };
    let caller = app.callers().identify(&presented, None).await.expect("the token is good");
    let subject = Subject { place: Some(Place::Box(side.box_id)), person: None };
    app.callers().permit(Some(&caller), subject).await.expect("the employee may do everything")
}

fn operation(method: &'static str, id: &str) -> Operation {
    Operation { method, id: id.to_owned() }
}

async fn post(app: &App, side: &Side, letter: PostMessage<Source>, id: &str) -> Result<Bytes, ExchangeError> {
    app.exchange().post_message(&permit(app, side).await, letter, operation("PostMessage", id)).await
}

async fn patch(app: &App, side: &Side, patch: PostPatch<Source>, id: &str) -> Result<Bytes, ExchangeError> {
    app.exchange().post_patch(&permit(app, side).await, patch, operation("PostMessagePatch", id)).await
}

/// The event that [`Plain`] rendered.
fn event_id(ready: &Bytes) -> EventId {
    EventId::from_uuid(uuid::Uuid::from_slice(ready).expect("an id"))
}

fn text(text: &str) -> Source {
    Source::Inline(Bytes::copy_from_slice(text.as_bytes()))
}

/// A signed letter with one document.
fn letter(from: &Side, to: &Side, content: &str) -> PostMessage<Source> {
    let mut document = potok_stories::document_of(text(content), text("signature"));
    document.metadata =
        vec![potok_domain::Metadata { key: "FileName".to_owned(), value: content.to_owned() }];
    PostMessage { from: from.box_id, to: Some(to.box_id), ..potok_stories::letter(vec![document]) }
}

/// The same, whose document refers to `base`, and so joins its packet.
fn letter_after(from: &Side, to: &Side, content: &str, base: DocumentRef) -> PostMessage<Source> {
    let mut letter = letter(from, to, content);
    letter.documents[0].initial_documents.push(Link::Existing(base));
    letter
}

/// Sets a tag.
fn tag(side: &Side, document: DocumentRef, key: &str) -> PostPatch<Source> {
    let new = Tag { key: key.to_owned(), value: "1".to_owned() };
    let change = NewTagChange {
        path: "MessagePatchToPost.AddTags[0]".to_owned(),
        document: document.entity_id,
        change: TagChange::Set(new),
        content: text(key),
    };
    PostPatch { tag_changes: vec![change], ..PostPatch::empty(side.box_id, document.message_id) }
}

/// Takes a document of another message into the packet of `document`.
fn join(side: &Side, document: DocumentRef, other: DocumentRef) -> PostPatch<Source> {
    let packet = NewPacket {
        path: "MessagePatchToPost.EditDocumentPacketCommands[0]".to_owned(),
        document: document.entity_id,
        add: vec![other],
        remove: Vec::new(),
    };
    PostPatch { packets: vec![packet], ..PostPatch::empty(side.box_id, document.message_id) }
}

/// The keys of the tags, in the order in which they were set.
fn tags(state: &MessageState, document: DocumentRef) -> Vec<&str> {
    let found = state.document_state(document.entity_id).expect("it is a document");
    found.tags.iter().map(|tag| tag.key.as_str()).collect()
}

fn is_patch(event: &Event) -> bool {
    matches!(event.change, Change::Patched(_))
}
