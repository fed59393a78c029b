//! Two organizations, A and B, that exchange through the decisions and the pure part of delivery: what the tests of the
//! core speak through. Tests of other crates include it too, so it speaks of the core as they do.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use potok_types::{
    BoxId, ContentHash, ContentRef, DepartmentId, EntityId, EventId, MessageId, OrgId, RouteId,
    SeededEntropy, Ticks, UserId,
};
use uuid::Uuid;

use potok_domain::carriage;
use potok_domain::command::{NewDocument, PostMessage, PostPatch};
use potok_domain::decide::{
    self, Addressees, Context, Outcome, PacketMember, Person, Rejection, Surroundings,
};
use potok_domain::directory::{Department, Organization, Permissions, ResolutionRoute};
use potok_domain::{DocumentRef, Event, LockMode, MessageState, Metadata, RequestTarget};

mod delivery;
mod names;
mod patch;
mod script;

pub(crate) use patch::{Action, VERBS, targets};
pub(crate) use script::Story;

pub(crate) const SALES: DepartmentId = DepartmentId::from_uuid(Uuid::from_u128(0x5a1e5));
pub(crate) const EXPORT: DepartmentId = DepartmentId::from_uuid(Uuid::from_u128(0xe49047));
pub(crate) const STORAGE: DepartmentId = DepartmentId::from_uuid(Uuid::from_u128(0x5704a6e));
const DAY: i64 = 24 * 3600 * Ticks::PER_SECOND;

/// A name for one of the sides: A writes to B, C is the intermediate addressee of some letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    A,
    B,
    C,
}

pub(crate) fn organization(who: Who) -> Organization {
    let number = who as u128 + 0xa;
    let department = |id, parent, name: &str| Department {
        id,
        parent,
        name: name.to_owned(),
        abbreviation: name.to_owned(),
        kpp: None,
    };
    Organization {
        org_id: OrgId::from_uuid(Uuid::from_u128(number << 8)),
        box_id: box_of(who),
        inn: "7750370238".to_owned(),
        kpp: Some("770100101".to_owned()),
        full_name: format!("Общество {who:?}"),
        short_name: format!("{who:?}"),
        ogrn: None,
        fns_participant_id: format!("2BM-{who:?}"),
        counteragents_only: false,
        is_test: false,
        is_suspended: false,
        // Children before parents: the order says nothing.
        departments: vec![
            department(EXPORT, SALES, "Экспорт"),
            department(SALES, DepartmentId::ZERO, "Продажи"),
            department(STORAGE, DepartmentId::ZERO, "Склад"),
        ],
    }
}

pub(crate) fn box_of(who: Who) -> BoxId {
    BoxId::from_uuid(Uuid::from_u128(who as u128 + 0xa))
}

pub(crate) fn user_of(who: Who) -> UserId {
    UserId::from_uuid(Uuid::from_u128(who as u128 + 0x1a))
}

/// Another employee of the same organization.
pub(crate) fn colleague_of(who: Who) -> UserId {
    UserId::from_uuid(Uuid::from_u128(who as u128 + 0x2a))
}

/// A route of both organizations: first the colleague, then the export department.
pub(crate) fn route() -> ResolutionRoute {
    ResolutionRoute {
        id: RouteId::from_uuid(Uuid::from_u128(0x707e)),
        name: "Договоры".to_owned(),
        stages: vec![
            RequestTarget::User { id: colleague_of(Who::B), name: "Сидоров Пётр".to_owned() },
            RequestTarget::Department { id: EXPORT, name: "Экспорт".to_owned() },
        ],
    }
}

impl Who {
    pub(crate) const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// Whose box it is; `None` for the operator's.
    fn of(box_id: BoxId) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|who| box_of(*who) == box_id);
        assert!(found.is_some() || box_id == BoxId::ZERO, "there is no box {box_id}");
        found
    }

    pub(crate) const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B | Self::C => Self::A,
        }
    }
}

pub(crate) fn bytes(text: &str) -> ContentRef {
    ContentRef::of(text.as_bytes())
}

/// A signed nonformalized document.
pub(crate) fn document() -> NewDocument<ContentRef> {
    NewDocument {
        recognized: None,
        or_types: &[],
        path: "MessageToPost.DocumentAttachments[0]".to_owned(),
        content: bytes("document"),
        signature: Some(bytes("signature")),
        comment: None,
        need_recipient_signature: false,
        need_receipt: false,
        custom_document_id: None,
        type_named_id: "Nonformalized".to_owned(),
        function: None,
        version: None,
        workflow: None,
        is_encrypted: false,
        metadata: vec![Metadata { key: "FileName".to_owned(), value: "contract.pdf".to_owned() }],
        tags: Vec::new(),
        initial_documents: Vec::new(),
        subordinate_documents: Vec::new(),
        editing_setting: None,
    }
}

/// A letter of A to B.
pub(crate) fn letter(documents: Vec<NewDocument<ContentRef>>) -> PostMessage<ContentRef> {
    PostMessage {
        from: box_of(Who::A),
        to: Some(box_of(Who::B)),
        proxy: None,
        from_department: None,
        to_department: None,
        proxy_department: None,
        is_internal: false,
        delay_send: false,
        lock_mode: LockMode::None,
        is_test: false,
        documents,
        structured_data: Vec::new(),
    }
}

pub(crate) fn patch(who: Who, message_id: MessageId) -> PostPatch<ContentRef> {
    PostPatch::empty(box_of(who), message_id)
}

/// A planned delivery.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Planned {
    pub(crate) from: Who,
    pub(crate) message: MessageId,
    pub(crate) event: EventId,
    /// `None`: nobody but the operator gets it.
    pub(crate) to: Option<Who>,
}

/// All boxes with everything that happened in them.
pub(crate) struct World {
    entropy: SeededEntropy,
    now: Ticks,
    pub(crate) permissions: HashMap<Who, Permissions>,
    pub(crate) organizations: HashMap<Who, Organization>,
    journal: HashMap<(Who, MessageId), Vec<Event>>,
    pub(crate) outbox: VecDeque<Planned>,
    /// Signatures that the operator will find bad.
    pub(crate) bad: HashSet<ContentHash>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            entropy: SeededEntropy::new(seed),
            now: Ticks::new(638_899_776_000_000_000), // the beginning of a day
            permissions: Who::ALL.map(|who| (who, Permissions::full())).into(),
            organizations: Who::ALL.map(|who| (who, organization(who))).into(),
            journal: HashMap::new(),
            outbox: VecDeque::new(),
            bad: HashSet::new(),
        }
    }

    fn tick(&mut self) -> Ticks {
        self.now = self.now.plus_milliseconds(1);
        self.now
    }

    pub(crate) fn next_day(&mut self) {
        self.now = Ticks::new((self.now.get() / DAY + 1) * DAY);
    }

    pub(crate) fn events(&self, who: Who, message: MessageId) -> &[Event] {
        self.journal.get(&(who, message)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn messages(&self, who: Who) -> impl Iterator<Item = MessageId> {
        self.journal.keys().filter(move |(owner, _)| *owner == who).map(|(_, message)| *message)
    }

    pub(crate) fn state(&self, who: Who, message: MessageId) -> Option<MessageState> {
        MessageState::replay(box_of(who), self.events(who, message))
    }

    pub(crate) fn existing(&self, who: Who) -> BTreeSet<DocumentRef> {
        let states = self.messages(who).filter_map(|message| self.state(who, message));
        states
            .flat_map(|state| {
                let documents = state.documents();
                documents
                    .map(|(found, _)| DocumentRef {
                        message_id: state.message_id,
                        entity_id: found.entity.id,
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// What commands may name: two people, the routes, and all other documents of the box.
    fn surroundings(&self, who: Who, message: MessageId) -> Surroundings {
        let states =
            self.messages(who).filter(|other| *other != message).filter_map(|id| self.state(who, id));
        let documents = states.flat_map(|state| {
            let members = state.documents().filter_map(|(found, _)| {
                let entity_id = found.entity.id;
                Some(PacketMember {
                    document: DocumentRef { message_id: state.message_id, entity_id },
                    packet: state.document_state(entity_id)?.packet,
                    is_locked: carriage::is_packet_locked(&state),
                })
            });
            members.collect::<Vec<_>>()
        });
        Surroundings {
            people: vec![
                Person { id: user_of(who), name: "Петрова Анна".to_owned(), is_blocked: false },
                Person {
                    id: colleague_of(who), name: "Сидоров Пётр".to_owned(), is_blocked: false
                },
            ],
            routes: vec![route()],
            documents: documents.collect(),
        }
    }

    fn decide(
        &mut self,
        who: Who,
        author: UserId,
        decision: impl FnOnce(&Self, &Context<'_>) -> Result<Outcome, Rejection>,
    ) -> Result<Event, Rejection> {
        let now = self.tick();
        let outcome = decision(
            self,
            &Context {
                now,
                entropy: &self.entropy,
                author,
                author_name: if author == user_of(who) {
                    "Петрова Анна"
                } else {
                    "Сидоров Пётр"
                },
                organization: &self.organizations[&who],
                permissions: &self.permissions[&who],
                checked: &std::collections::BTreeMap::new(),
            },
        )?;
        let message = outcome.event.message_id;
        self.journal.entry((who, message)).or_default().push(outcome.event.clone());
        for to in outcome.deliver_to {
            self.outbox.push_back(Planned { from: who, message, event: outcome.event.id, to: Who::of(to) });
        }
        for event in outcome.beside {
            self.journal.entry((who, event.message_id)).or_default().push(event);
        }
        Ok(outcome.event)
    }

    pub(crate) fn post(&mut self, who: Who, command: &PostMessage<ContentRef>) -> Result<Event, Rejection> {
        let existing = self.existing(who);
        self.decide(who, user_of(who), |world, context| {
            let of = |box_id: BoxId| Who::of(box_id).map(|who| &world.organizations[&who]);
            let addressees =
                Addressees { recipient: command.to.and_then(of), proxy: command.proxy.and_then(of) };
            let around = world.surroundings(who, MessageId::ZERO);
            decide::post_message(command, addressees, &existing, &around, context)
        })
    }

    pub(crate) fn patch(&mut self, who: Who, command: &PostPatch<ContentRef>) -> Result<Event, Rejection> {
        self.patch_by(who, user_of(who), command)
    }

    /// A patch of one of the two people of the organization.
    pub(crate) fn patch_by(
        &mut self,
        who: Who,
        author: UserId,
        command: &PostPatch<ContentRef>,
    ) -> Result<Event, Rejection> {
        self.decide(who, author, |world, context| {
            let state = world.state(who, command.message_id).expect("the message is in the box");
            decide::post_patch(&state, command, &world.surroundings(who, command.message_id), context)
        })
    }

    /// The document of `message` in the order of the post.
    pub(crate) fn document(&self, message: MessageId, position: usize) -> EntityId {
        let state = self.state(Who::A, message).expect("A has the message");
        let id = state.documents().nth(position).map(|(found, _)| found.entity.id);
        id.expect("the message has so many documents")
    }
}
