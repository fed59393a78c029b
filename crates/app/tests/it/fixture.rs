//! The use cases with doubles at their seams, over a store in memory, and the cast of the stories in it.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_app::{App, AppOptions, Caller, Held, Parts, Permit, Place, Presented, Shows, Subject};
use potok_cms::Certificate;
use potok_content::Contents;
use potok_domain::command::{NewDocument, PostMessage, Source};
use potok_domain::directory::{AccessLevel, Employee, Permissions, Unsubscribed, User};
use potok_domain::docflow::Docflows;
use potok_domain::{Event, MessageState, SignatureDescription, Verdict};
use potok_room::NotDone;
use potok_seams::{
    CertificateJudge, ConfirmationRequest, Judgement, NotAccepted, NotSigned, OperatorDocument,
    OperatorDocuments, OperatorError, Rendering, SignatureToCheck, SignatureVerifier, SignedBytes,
    TestSignature, TestSignatures, UnusableSignature, VerifyError,
};
use potok_store::Operation;
use potok_store::{ApiClient, ApiClients as _};
use potok_store_memory::MemoryStore;
use potok_stories::{SALES, Who, box_of, colleague_of, document_of, letter, organization, route, user_of};
use potok_types::access::NamedDocuments;
use potok_types::{BoxId, Clock, DepartmentId, Entropy, ManualClock, SeededEntropy, Ticks, UserId};

/// The program of everybody.
pub(crate) const CLIENT: &str = "tests";
/// A signature that the verifier of these tests takes for a bad one.
pub(crate) const BAD: &[u8] = b"bad signature";
/// What it takes for no signature at all.
pub(crate) const UNUSABLE: &[u8] = b"no CMS";
/// 2026-02-01T09:00:00Z
const BEGINNING: Ticks = Ticks::from_unix_nanoseconds(1_769_936_400_000_000_000);

pub(crate) struct AppFixture {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<MemoryStore>,
}

impl AppFixture {
    /// The organizations of the stories: in each somebody who may do everything, and a colleague who sees [`SALES`] only.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut AppOptions)) -> Self {
        let clock = Arc::new(ManualClock::new(BEGINNING));
        let store = Arc::new(MemoryStore::new(Arc::<ManualClock>::clone(&clock)));
        let mut options = AppOptions::default();
        change(&mut options);
        let app = Arc::new(App::new(Parts {
            store: Arc::<MemoryStore>::clone(&store),
            contents: Contents::in_memory(),
            clock: Arc::<ManualClock>::clone(&clock),
            entropy: Arc::new(SeededEntropy::new(1)) as Arc<dyn Entropy>,
            rendering: Arc::new(Ids),
            verifier: Arc::new(Doubles),
            operator: Arc::new(Doubles),
            certificate_judge: Arc::new(Doubles),
            test_signatures: Arc::new(Doubles),
            time_stamping: None,
            user_keys: Arc::new(potok_seams::NoKeys),
            options,
        }));
        let fixture = Self { app, clock, store };
        fixture.invite_cast().await;
        fixture
    }

    async fn invite_cast(&self) {
        let client = ApiClient {
            id: CLIENT.to_owned(),
            name: "Tests".to_owned(),
            secret_hash: None,
            is_blocked: false,
            service_user: None,
            is_partner: false,
        };
        self.store.put_api_client(&client).await.unwrap();
        for who in Who::ALL {
            self.store.put_organization(&organization(who));
            self.store.put_resolution_route(box_of(who), &route());
            self.add_user(user_of(who), &format!("boss@{who:?}")).await;
            self.employ(user_of(who), box_of(who), Permissions::full()).await;
            self.add_user(colleague_of(who), &format!("colleague@{who:?}")).await;
            self.employ(colleague_of(who), box_of(who), of_department(SALES)).await;
        }
    }

    pub(crate) async fn add_user(&self, id: UserId, login: &str) {
        let user = User {
            id,
            login: login.to_owned(),
            last_name: "Иванов".to_owned(),
            first_name: "Пётр".to_owned(),
            middle_name: None,
            is_service: false,
            is_blocked: false,
            is_registered: true,
        };
        self.store.put_user(&user);
    }

    pub(crate) async fn employ(&self, user_id: UserId, box_id: BoxId, permissions: Permissions) {
        let position = "Директор".to_owned();
        self.store.put_employee(&Employee {
            user_id,
            box_id,
            position,
            permissions,
            can_be_invited_for_chat: false,
            unsubscribed: Unsubscribed::default(),
            created_at: BEGINNING,
        });
    }

    /// `user` with a token.
    pub(crate) async fn caller(&self, user: UserId) -> Caller {
        let token = self.app.admin().issue_access_token(CLIENT, user).await.unwrap();
        self.app.callers().identify(&Presented::Bearer { token }, None).await.unwrap()
    }

    /// A program without a user.
    pub(crate) async fn program(&self) -> Caller {
        let presented = Presented::DiadocAuth { client_id: CLIENT.to_owned(), token: None };
        self.app.callers().identify(&presented, None).await.unwrap()
    }

    /// What the check of `user` in the box of `who` gives.
    pub(crate) async fn permit<C: Held>(&self, who: Who, user: UserId) -> Permit<C> {
        let caller = self.caller(user).await;
        let subject = Subject { place: Some(Place::Box(box_of(who))), person: None };
        self.app.callers().permit(Some(&caller), subject).await.unwrap()
    }

    /// The same of who may do everything there.
    pub(crate) async fn boss<C: Held>(&self, who: Who) -> Permit<C> {
        self.permit(who, user_of(who)).await
    }

    /// Delivers everything that is due.
    pub(crate) async fn deliver(&self) {
        self.app.deliveries().worker().drain().await.unwrap();
    }

    /// Posts a letter of A to B.
    pub(crate) async fn post(&self, command: PostMessage<Source>) -> Arc<MessageState> {
        let boss = self.boss(Who::A).await;
        let id = format!("{:?}", self.clock.now());
        let operation = Operation { method: "PostMessage", id };
        let ready = self.app.exchange().post_message(&boss, command, operation).await.unwrap();
        let message = std::str::from_utf8(&ready).unwrap().parse().unwrap();
        let named = self.boss::<NamedDocuments>(Who::A).await;
        self.app.reading().get_message(&named, message, None, Shows::ALL).await.unwrap().state
    }
}

/// May do everything with documents of one department, and sees no others.
pub(crate) fn of_department(department: DepartmentId) -> Permissions {
    Permissions {
        department,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    }
}

pub(crate) fn inline(bytes: &'static [u8]) -> Source {
    Source::Inline(Bytes::from_static(bytes))
}

/// A signed document.
pub(crate) fn document(content: &'static [u8]) -> NewDocument<Source> {
    document_of(inline(content), inline(b"signature"))
}

/// A letter of A to B with one signed document.
pub(crate) fn letter_with(content: &'static [u8]) -> PostMessage<Source> {
    letter(vec![document(content)])
}

/// What readers get of an event is the id of its message.
struct Ids;

impl Rendering for Ids {
    fn box_event(&self, _docflows: &Docflows<'_>, event: &Event) -> Bytes {
        Bytes::from(event.message_id.to_string())
    }

    fn event_json(
        &self,
        ready: &[u8],
        _: potok_types::IndexKey,
        _: Option<potok_seams::Sight<'_>>,
    ) -> Result<Option<Bytes>, String> {
        Ok(Some(Bytes::copy_from_slice(ready)))
    }

    fn verification_report(&self, judgement: &Judgement) -> Bytes {
        Bytes::from(format!("{} is bad", judgement.verdict.signature))
    }
}

/// Whoever stands at the other seams. Every signature is good but [`BAD`], and no certificate opens an account.
struct Doubles;

#[async_trait]
impl SignatureVerifier for Doubles {
    async fn accept(&self, given: Bytes) -> Result<Bytes, NotAccepted> {
        match &*given == UNUSABLE {
            true => Err(UnusableSignature("it is no CMS".to_owned()).into()),
            false => Ok(given),
        }
    }

    async fn verify(
        &self,
        signatures: &[SignatureToCheck],
        signed: &dyn SignedBytes,
    ) -> Result<Vec<Judgement>, VerifyError> {
        let mut judgements = Vec::new();
        for SignatureToCheck { signature, bytes, signed: content, .. } in signatures {
            signed.load(*content).await?;
            let verdict = Verdict {
                signature: *signature,
                is_valid: bytes != BAD,
                power_of_attorney: None,
                verification: None,
            };
            judgements.push(Judgement::unread(verdict));
        }
        Ok(judgements)
    }

    async fn describe(&self, _signature: Bytes) -> Result<Option<SignatureDescription>, NotDone> {
        Ok(None)
    }
}

#[async_trait]
impl OperatorDocuments for Doubles {
    async fn confirm(&self, request: ConfirmationRequest<'_>) -> Result<OperatorDocument, OperatorError> {
        Ok(OperatorDocument {
            file_name: format!("{:?}.xml", request.kind),
            content: Bytes::from_static(b"confirmation"),
            signature: Bytes::from_static(b"signature of the operator"),
        })
    }

    async fn sign(&self, _file_name: &str, _content: Bytes, _at: Ticks) -> Result<Bytes, OperatorError> {
        Ok(Bytes::from_static(b"signature of the operator"))
    }
}

impl CertificateJudge for Doubles {
    fn judge(&self, _certificate: &Certificate, _at: Ticks) -> Result<(), String> {
        Err("nobody is believed here".to_owned())
    }

    fn knows_issuers(&self) -> bool {
        true
    }
}

#[async_trait]
impl TestSignatures for Doubles {
    async fn sign(&self, request: TestSignature<'_>) -> Result<Bytes, NotSigned> {
        Ok(Bytes::from(format!("test signature over {} bytes", request.content.len())))
    }
}
