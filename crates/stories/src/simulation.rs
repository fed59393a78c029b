//! All boxes, and the decisions that write into them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use potok_domain::access::{self, Action, Asked, Denied};
use potok_domain::approval::{self, RequestStanding};
use potok_domain::carriage;
use potok_domain::command::{PatchTemplate, PostMessage, PostPatch, SendDraft, TransformTemplate};
use potok_domain::decide::{
    self, Addressees, Context, DocumentAction, Forwarded, Housekeeping, NamedByPatch, Outcome, PacketMember,
    Person, Rejection,
};
use potok_domain::directory::{Organization, Permissions};
use potok_domain::forwarding::Forwarding;
use potok_domain::relation::Reception;
use potok_domain::templates;
use potok_domain::{Change, DocumentRef, Event, MessageState, Posted};
use potok_types::access::{
    AccessClass, AllDocuments, BoxEmployee, MayCreate, MayDeleteRestore, MayPatch, MaySign, NamedDocuments,
};
use potok_types::{
    BoxId, ContentHash, ContentRef, EntityId, EventId, MessageId, PacketId, SeededEntropy, Ticks, UserId,
};

use crate::cast::{Who, box_of, colleague_of, name_of, organization, read_again, route, user_of};

/// When every story begins: the first thing happens a millisecond later, each next one later by one more.
pub const START: Ticks = Ticks::new(638_899_776_000_000_000);
const DAY: i64 = 24 * 3600 * Ticks::PER_SECOND;

/// A planned delivery.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// Whose event it is.
    pub from: Who,
    /// The message to which it belongs.
    pub message: MessageId,
    /// The event.
    pub event: EventId,
    /// `None`: nobody but the operator gets it.
    pub to: Option<Who>,
}

/// All boxes with everything that happened in them.
pub struct Simulation {
    pub(crate) entropy: SeededEntropy,
    now: Ticks,
    /// What the people of each side may do.
    pub permissions: HashMap<Who, Permissions>,
    /// Who they are.
    pub organizations: HashMap<Who, Organization>,
    pub(crate) journal: HashMap<(Who, MessageId), Vec<Event>>,
    /// What has to be delivered, oldest first.
    pub outbox: VecDeque<Planned>,
    /// Signatures that the operator will find bad.
    pub bad: HashSet<ContentHash>,
    /// Good signatures get time stamps.
    pub stamps: bool,
}

impl Simulation {
    /// Nothing has happened; ids follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            entropy: SeededEntropy::new(seed),
            now: START,
            permissions: Who::ALL.map(|who| (who, Permissions::full())).into(),
            organizations: Who::ALL.map(|who| (who, organization(who))).into(),
            journal: HashMap::new(),
            outbox: VecDeque::new(),
            bad: HashSet::new(),
            stamps: false,
        }
    }

    /// The same boxes once more: what happens in them from now on is only tried. `seed` gives the ids of that.
    #[must_use]
    pub fn fork(&self, seed: u64) -> Self {
        Self {
            entropy: SeededEntropy::new(seed),
            now: self.now,
            permissions: self.permissions.clone(),
            organizations: self.organizations.clone(),
            journal: self.journal.clone(),
            outbox: self.outbox.clone(),
            bad: self.bad.clone(),
            stamps: self.stamps,
        }
    }

    pub(crate) fn tick(&mut self) -> Ticks {
        self.now = self.now.plus_milliseconds(1);
        self.now
    }

    /// It is midnight.
    pub fn next_day(&mut self) {
        self.now = Ticks::new((self.now.get() / DAY + 1) * DAY);
    }

    /// The events of a message in a box, oldest first; none when it is not there.
    pub fn events(&self, who: Who, message: MessageId) -> &[Event] {
        self.journal.get(&(who, message)).map_or(&[], Vec::as_slice)
    }

    /// The messages of a box, in no order.
    pub fn messages(&self, who: Who) -> impl Iterator<Item = MessageId> {
        self.journal.keys().filter(move |(owner, _)| *owner == who).map(|(_, message)| *message)
    }

    /// The message as the box has it; `None` before it appeared there.
    pub fn state(&self, who: Who, message: MessageId) -> Option<MessageState> {
        MessageState::replay(box_of(who), self.events(who, message))
    }

    /// All documents of the box.
    pub fn existing(&self, who: Who) -> BTreeSet<DocumentRef> {
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

    /// The packet of a document of the box, if it takes others in.
    pub(crate) fn open_packet(&self, who: Who, document: DocumentRef) -> Option<PacketId> {
        let state = self.state(who, document.message_id)?;
        let member = packet_member(&state, document.entity_id)?;
        (!member.is_locked).then_some(member.packet)
    }

    /// What commands may name: two people, the routes, and all other documents of the box.
    fn named_by_patch(&self, who: Who, message: MessageId) -> NamedByPatch {
        let states =
            self.messages(who).filter(|other| *other != message).filter_map(|id| self.state(who, id));
        let documents = states.flat_map(|state| {
            let members = state.documents().filter_map(|(found, _)| packet_member(&state, found.entity.id));
            members.collect::<Vec<_>>()
        });
        NamedByPatch {
            people: vec![person(who, user_of(who)), person(who, colleague_of(who))],
            routes: vec![route()],
            documents: documents.collect(),
            refused: self.refused_origins(who, message),
        }
    }

    /// The documents of a letter of which the template was refused since.
    fn refused_origins(&self, who: Who, message: MessageId) -> BTreeSet<EntityId> {
        let letter = self.state(who, message);
        let of = letter.as_ref().and_then(templates::template_of);
        let template = of.and_then(|of| self.state(who, of));
        let (Some(letter), Some(template)) = (letter, template) else { return BTreeSet::new() };
        let is_refused = |id: &EntityId| {
            let made = DocumentRef { message_id: message, entity_id: *id };
            template.template_of(made).is_some_and(|of| template.template_refusal(of).is_some())
        };
        letter.documents().map(|(found, _)| found.entity.id).filter(is_refused).collect()
    }

    fn decide<T>(
        &mut self,
        who: Who,
        author: UserId,
        decision: impl FnOnce(&Self, &Context<'_>) -> Result<T, Rejection>,
    ) -> Result<T, Rejection> {
        let now = self.tick();
        let context = Context {
            now,
            entropy: &self.entropy,
            author,
            author_name: name_of(who, author),
            organization: &self.organizations[&who],
            permissions: &self.permissions[&who],
            checked: &BTreeMap::new(),
        };
        decision(self, &context)
    }

    /// Writes what was decided into the box, and plans its deliveries.
    pub(crate) fn record(&mut self, who: Who, outcome: Outcome) -> Event {
        let message = outcome.event.message_id;
        let mut events = self.journal.get(&(who, message)).cloned().unwrap_or_default();
        events.push(outcome.event.clone());
        let replayed = MessageState::replay(box_of(who), &events);
        assert_eq!(replayed.as_ref(), Some(&outcome.after), "the decision knows what it leads to");
        let standings = |state: &MessageState| -> Vec<RequestStanding> {
            let ids = state.entities().iter().map(|found| found.entity.id);
            ids.map(|id| approval::request_standing(state, id)).collect()
        };
        assert_eq!(replayed.as_ref().map(standings), Some(standings(&outcome.after)), "also of requests");
        self.journal.entry((who, message)).or_default().push(outcome.event.clone());
        for to in outcome.deliver_to {
            self.outbox.push_back(Planned { from: who, message, event: outcome.event.id, to: Who::of(to) });
        }
        for event in outcome.of_others {
            self.journal.entry((who, event.message_id)).or_default().push(event);
        }
        outcome.event
    }

    /// Posts, as the first of the two people of the organization.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn post(&mut self, who: Who, command: &PostMessage<ContentRef>) -> Result<Event, Rejection> {
        self.post_as(who, command, |_| {})
    }

    /// [`Self::post`], and `unlike` changes the event that opens the message: so is told what is read, and cannot be
    /// posted yet.
    pub(crate) fn post_as(
        &mut self,
        who: Who,
        command: &PostMessage<ContentRef>,
        unlike: impl FnOnce(&mut Posted),
    ) -> Result<Event, Rejection> {
        let existing = self.existing(who);
        let mut outcome = self.decide(who, user_of(who), |simulation, context| {
            let of = |box_id: BoxId| Who::of(box_id).map(|who| &simulation.organizations[&who]);
            let addressees = Addressees {
                recipient: command.to.and_then(of),
                proxy: command.proxy.and_then(of),
                letter_to: command.template.and_then(|template| of(template.to)),
                letter_proxy: command.template.and_then(|template| template.proxy).and_then(of),
                ..Addressees::default()
            };
            let around = simulation.named_by_patch(who, MessageId::ZERO);
            allowed::<BoxEmployee<MayCreate>>(context, &access::actions_of_post(command))?;
            decide::post_message(command, addressees, &existing, &around, context)
        })?;
        let decided = outcome.event.clone();
        if let Change::Posted(posted) = &mut outcome.event.change {
            unlike(posted);
        }
        if outcome.event != decided {
            outcome.after =
                MessageState::open(box_of(who), &outcome.event).expect("it still opens its message");
        }
        Ok(self.record(who, outcome))
    }

    /// Whether a patch of one of the two people of the organization would be taken; nothing happens.
    ///
    /// # Errors
    /// Whatever `decide` refuses.
    pub fn would(
        &mut self,
        who: Who,
        author: UserId,
        command: &PostPatch<ContentRef>,
    ) -> Result<(), Rejection> {
        self.decide_patch(who, author, command).map(drop)
    }

    /// What one of the two people of the organization is told that may be done with a document.
    pub fn actions(
        &mut self,
        who: Who,
        author: UserId,
        message: MessageId,
        document: EntityId,
    ) -> Vec<DocumentAction> {
        let told = self.decide(who, author, |simulation, context| {
            let state = simulation.state(who, message).expect("the message is in the box");
            let around = simulation.named_by_patch(who, message);
            Ok(decide::document_actions(&state, document, &around, context))
        });
        told.unwrap_or_default()
    }

    /// Makes a letter of a draft.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn send(&mut self, who: Who, command: &SendDraft<ContentRef>) -> Result<Event, Rejection> {
        let existing = self.existing(who);
        let outcome = self.decide(who, user_of(who), |simulation, context| {
            allowed::<AllDocuments<MaySign>>(context, &[])?;
            let draft = simulation.state(who, command.draft).expect("the draft is in the box");
            let mut letter = decide::letter_of_draft(&draft, command, |content| content)?;
            read_again(&mut letter);
            let of = |box_id: BoxId| Who::of(box_id).map(|who| &simulation.organizations[&who]);
            let addressees = Addressees {
                recipient: letter.to.and_then(of),
                proxy: letter.proxy.and_then(of),
                ..Addressees::default()
            };
            let around = simulation.named_by_patch(who, MessageId::ZERO);
            decide::send_draft(&draft, &letter, addressees, &existing, &around, context)
        })?;
        Ok(self.record(who, outcome))
    }

    /// [`Self::transform_by`] the first of the two people of the organization.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn transform(&mut self, who: Who, command: &TransformTemplate) -> Result<Event, Rejection> {
        self.transform_by(who, user_of(who), command)
    }

    /// Makes an unsent letter of documents of a template.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn transform_by(
        &mut self,
        who: Who,
        author: UserId,
        command: &TransformTemplate,
    ) -> Result<Event, Rejection> {
        let outcome = self.decide(who, author, |simulation, context| {
            allowed::<NamedDocuments<MayCreate>>(context, &[])?;
            let template = simulation.state(who, command.template).expect("the template is in the box");
            let mut letter = decide::letter_of_template(&template, command, context, |content| content)?;
            read_again(&mut letter);
            let of = |box_id: BoxId| Who::of(box_id).map(|who| &simulation.organizations[&who]);
            let addressees = Addressees {
                recipient: letter.to.and_then(of),
                proxy: letter.proxy.and_then(of),
                ..Addressees::default()
            };
            let around = simulation.named_by_patch(who, MessageId::ZERO);
            decide::transform_template(&template, command, &letter, addressees, &around, context)
        })?;
        Ok(self.record(who, outcome))
    }

    /// [`Self::refuse_template_by`] the first of the two people of the organization.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn refuse_template(
        &mut self,
        who: Who,
        command: &PatchTemplate<ContentRef>,
    ) -> Result<Event, Rejection> {
        self.refuse_template_by(who, user_of(who), command)
    }

    /// Lets nothing be made of documents of a template any more.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn refuse_template_by(
        &mut self,
        who: Who,
        author: UserId,
        command: &PatchTemplate<ContentRef>,
    ) -> Result<Event, Rejection> {
        let outcome = self.decide(who, author, |simulation, context| {
            allowed::<NamedDocuments<MayCreate>>(context, &[])?;
            let template = simulation.state(who, command.template).expect("the template is in the box");
            decide::refuse_template(&template, command, context)
        })?;
        Ok(self.record(who, outcome))
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn recycle(&mut self, who: Who, draft: MessageId) -> Result<Event, Rejection> {
        let outcome = self.decide(who, user_of(who), |simulation, context| {
            allowed::<AllDocuments<MayDeleteRestore>>(context, &[])?;
            let draft = simulation.state(who, draft).expect("the draft is in the box");
            decide::recycle_draft(&draft, context)
        })?;
        Ok(self.record(who, outcome))
    }

    /// [`Self::patch_by`] the first of the two people of the organization.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn patch(&mut self, who: Who, command: &PostPatch<ContentRef>) -> Result<Event, Rejection> {
        self.patch_by(who, user_of(who), command)
    }

    /// A patch of one of the two people of the organization.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn patch_by(
        &mut self,
        who: Who,
        author: UserId,
        command: &PostPatch<ContentRef>,
    ) -> Result<Event, Rejection> {
        let outcome = self.decide_patch(who, author, command)?;
        Ok(self.record(who, outcome))
    }

    fn decide_patch(
        &mut self,
        who: Who,
        author: UserId,
        command: &PostPatch<ContentRef>,
    ) -> Result<Outcome, Rejection> {
        self.decide(who, author, |simulation, context| {
            let state = simulation.state(who, command.message_id).expect("the message is in the box");
            let rights = allowed::<NamedDocuments<MayPatch>>(context, &access::actions_of_patch(command));
            decide::check_patch(&state, command, rights, context)?;
            decide::post_patch(&state, command, &simulation.named_by_patch(who, command.message_id), context)
        })
    }

    /// Deletes, restores or moves documents of a message; all of them, when none is named.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn housekeeping(
        &mut self,
        who: Who,
        author: UserId,
        message: MessageId,
        named: &[EntityId],
        what: Housekeeping,
    ) -> Result<Option<Event>, Rejection> {
        let outcome = self.decide(who, author, |simulation, context| {
            let state = simulation.state(who, message).expect("the message is in the box");
            match what {
                Housekeeping::Delete | Housekeeping::Restore => {
                    allowed::<NamedDocuments<MayDeleteRestore>>(context, &[])?;
                }
                Housekeeping::Move { .. } => allowed::<NamedDocuments<MayCreate>>(context, &[])?,
            }
            decide::housekeeping(&state, named, what, "documentId", context)
        })?;
        Ok(outcome.map(|outcome| self.record(who, outcome)))
    }

    /// Forwards a document of a message to the organization `to`.
    ///
    /// # Errors
    /// Whatever `decide` refuses; then nothing has happened.
    pub fn forward(
        &mut self,
        who: Who,
        author: UserId,
        message: MessageId,
        document: EntityId,
        to: Who,
    ) -> Result<Forwarding, Rejection> {
        let Forwarded { outcome, forwarding } = self.decide(who, author, |simulation, context| {
            let state = simulation.state(who, message).expect("the message is in the box");
            allowed::<NamedDocuments>(context, &[])?;
            decide::forward(&state, document, &simulation.organizations[&to], &Reception::default(), context)
        })?;
        self.record(who, outcome);
        Ok(forwarding)
    }

    /// The document of `message` in the order of the post.
    pub fn document(&self, message: MessageId, position: usize) -> EntityId {
        let state = self.state(Who::A, message).expect("A has the message");
        let id = state.documents().nth(position).map(|(found, _)| found.entity.id);
        id.expect("the message has so many documents")
    }
}

/// The policy's word, as the permit of a method of class `C` asks for it.
fn allowed<C: AccessClass>(context: &Context<'_>, parts: &[Action]) -> Result<(), Denied> {
    let asked = Asked { parts, ..Asked::default() };
    access::check(&C::ACCESS, context.permissions, context.organization, &asked)
}

fn packet_member(state: &MessageState, entity_id: EntityId) -> Option<PacketMember> {
    Some(PacketMember {
        document: DocumentRef { message_id: state.message_id, entity_id },
        packet: state.document_state(entity_id)?.packet,
        is_locked: carriage::is_packet_locked(state),
    })
}

fn person(who: Who, id: UserId) -> Person {
    Person { id, name: name_of(who, id).to_owned(), is_blocked: false }
}
