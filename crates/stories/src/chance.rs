//! Histories by chance: whatever two organizations try, in whatever order it is delivered.

use potok_domain::carriage;
use potok_domain::decide::Housekeeping;
use potok_domain::{MessageState, MessageType, Side};
use potok_types::{DepartmentId, EntityId};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::actions::{Action, VERBS, targets};
use crate::cast::{SALES, Who, colleague_of, patch, user_of};
use crate::script::Story;

/// How histories begin: every workflow, sent and not, inside and outside of one organization.
pub const POSTS: [&str; 40] = [
    "post Nonformalized ask receipt",
    "post Nonformalized ask",
    "post Nonformalized",
    "post Nonformalized Nonformalized ask full-lock",
    "post Nonformalized ask delay",
    "post Nonformalized ask badly",
    "post Nonformalized internal ask receipt",
    "post Nonformalized internal ask delay",
    "post Nonformalized encrypted fndefault vv1 ask",
    "post Nonformalized receipt as-wf14",
    "post Contract filled",
    "post ServiceDetails receipt",
    "post Invoice number=7",
    "post Invoice wf4 number=7",
    "post Invoice wf10 number=7",
    "post Invoice number=7 as-wf15",
    "post XmlTorg12 wf3",
    "post XmlTorg12 wf11 receipt",
    "post XmlTorg12 wf3 as-wf8",
    "post XmlAcceptanceCertificate wf9 receipt",
    "post TrustConnectionRequest ask",
    "post UniversalTransferDocument fnСЧФДОП",
    "post UniversalTransferDocument fnСЧФДОП wf16",
    "post UniversalTransferDocument fnСЧФДОП wf12",
    "post UniversalTransferDocument fnСЧФДОП wf5",
    "post UniversalTransferDocument fnДОП receipt",
    "post UniversalTransferDocument fnСЧФ",
    "post XmlTorg12 wf3 prepared",
    "post UniversalTransferDocument fnСЧФДОП prepared",
    "post UniversalTransferDocument fnДОП delay edited",
    "post UniversalTransferDocument fnСЧФДОП delay edited prepared",
    "post Nonformalized ask draft",
    "post XmlTorg12 wf3 draft prepared",
    "post Nonformalized Nonformalized ask template full-lock",
    "post UniversalTransferDocument fnДОП template reusable edited",
    "post Nonformalized ask template for-A no-refusal",
    "post Nonformalized Nonformalized template reusable letter-to-C",
    "post Nonformalized ask receipt through-C",
    "post XmlTorg12 wf19 through-C",
    "post PerformedWorkAcceptanceCertificate wf13 filled through-C",
];

/// One thing that somebody tries, or that happens. What there is to choose from is known when it comes.
#[derive(Clone, Debug)]
pub enum Attempt {
    /// A patch.
    Act {
        /// Who acts.
        who: Who,
        /// By the other of the two people.
        is_colleague: bool,
        /// Which of [`VERBS`].
        verb: usize,
        /// To which of its [`targets`].
        target: Index,
        /// How.
        adverb: Index,
    },
    /// Documents are deleted, restored or moved, or one is forwarded to the third organization.
    Keep {
        /// Who acts.
        who: Who,
        /// Which of the four.
        what: Index,
    },
    /// A delivery. A worker may die between its halves; then the sender hears of the arrival later.
    Deliver {
        /// Which of those that are due.
        which: usize,
        /// The worker dies.
        is_cut: bool,
    },
    /// A later document that revises the first one.
    Revise,
    /// A draft is sent, or a letter made of a template; the story goes on with that.
    Make {
        /// Who does it.
        who: Who,
        /// It is thrown away instead, or refused.
        is_refused: bool,
    },
}

/// Up to 27 attempts.
pub fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let who = || prop_oneof![4 => Just(Who::A), 8 => Just(Who::B), 1 => Just(Who::C)];
    // What is signed stands first, and is tried most; what answers something that is rarely there, more than the rest.
    let verb = prop_oneof![4 => 0..8_usize, 3 => 0..VERBS.len(), 2 => 12..25_usize];
    let act = (who(), prop::bool::weighted(0.2), verb, any::<Index>(), any::<Index>());
    let attempt = prop_oneof![
        24 => act.prop_map(|(who, is_colleague, verb, target, adverb)| {
            Attempt::Act { who, is_colleague, verb, target, adverb }
        }),
        12 => (any::<usize>(), prop::bool::weighted(0.3))
            .prop_map(|(which, is_cut)| Attempt::Deliver { which, is_cut }),
        1 => (who(), any::<Index>()).prop_map(|(who, what)| Attempt::Keep { who, what }),
        2 => Just(Attempt::Revise),
        4 => (who(), prop::bool::weighted(0.2)).prop_map(|(who, is_refused)| Attempt::Make { who, is_refused }),
    ];
    prop::collection::vec(attempt, 1..28)
}

impl Story {
    /// Makes the attempt on the message that the story looks at; the verb of a patch that was taken.
    ///
    /// # Panics
    /// When something that is refused changes something.
    pub fn attempt(&mut self, attempt: &Attempt) -> Option<&'static str> {
        match attempt {
            Attempt::Deliver { which, is_cut } => {
                // A referrer is dated by its arrival in the other box, of which this one may learn later, so what was told
                // of the base in between is not told of it again.
                let has_referrers = self.simulation.messages(Who::A).count() > 1;
                self.simulation.deliver_one(*which, *is_cut && !has_referrers);
                None
            }
            Attempt::Revise => {
                self.revise();
                None
            }
            Attempt::Make { who, is_refused } => self.make(*who, *is_refused),
            Attempt::Keep { who, what } => {
                let message = self.message();
                let state = self.simulation.state(*who, message)?;
                let all = [
                    Some(Housekeeping::Delete),
                    Some(Housekeeping::Restore),
                    Some(Housekeeping::Move { to: SALES }),
                    Some(Housekeeping::Move { to: DepartmentId::ZERO }),
                    None,
                ];
                let Some(what) = all[what.index(all.len())] else {
                    let (document, _) = state.documents().next()?;
                    let (author, document) = (user_of(*who), document.entity.id);
                    let taken = self.simulation.forward(*who, author, message, document, Who::C);
                    return taken.ok().map(|_| "forwards");
                };
                let taken = self.simulation.housekeeping(*who, user_of(*who), message, &[], what);
                taken.ok().map(|_| "keeps house")
            }
            Attempt::Act { who, is_colleague, verb, target, adverb } => {
                let state = self.simulation.state(*who, self.message())?;
                let author = if *is_colleague { colleague_of(*who) } else { user_of(*who) };
                let (verb, needed) = VERBS[*verb];
                let adverb = ["", "", "", "badly", "partly", "asks-receipt", "to-me"][adverb.index(7)];
                // Inside one organization signatures are good when they are taken.
                let adverb = if state.side() == Side::Internal && adverb == "badly" { "" } else { adverb };
                let action = Action { who: *who, verb, adverbs: vec![needed, adverb] };
                let mut command = patch(*who, state.message_id);
                for target in chosen(&state, verb, target)? {
                    self.add_item(&mut command, &action, target);
                }
                let before =
                    (self.simulation.events(*who, state.message_id).len(), self.simulation.outbox.len());
                let is_taken = self.simulation.patch_by(*who, author, &command).is_ok();
                let after =
                    (self.simulation.events(*who, state.message_id).len(), self.simulation.outbox.len());
                assert!(is_taken || before == after, "what is refused changes nothing");
                is_taken.then_some(verb)
            }
        }
    }

    /// Makes of the message what it was kept for; what was done, if it was accepted.
    fn make(&mut self, who: Who, is_refused: bool) -> Option<&'static str> {
        let state = self.simulation.state(who, self.message())?;
        let done = match (state.message_type, is_refused) {
            (MessageType::Letter, _) => return None,
            (MessageType::Draft, false) => "sends",
            (MessageType::Draft, true) => "recycles",
            (MessageType::Template, false) => "transforms",
            (MessageType::Template, true) => "refuses-template",
        };
        self.step(&format!("{who:?} {done}")).is_ok().then_some(done)
    }

    /// Posts a revision of the first document of the message, if there are revisions of its type.
    fn revise(&mut self) {
        let message = self.message;
        let Some(state) = self.simulation.state(Who::A, self.message()) else { return };
        let (_, document) = state.documents().next().expect("it has a document");
        let kind = &document.kind;
        if ["Invoice", "UniversalTransferDocument"].contains(&kind.type_named_id.as_str()) {
            let step = format!("post {}Revision fn{} number=8 about=1", kind.type_named_id, kind.function);
            // The first message may be one that this box cannot refer to.
            let _is_refused = self.step(&step).is_err();
        }
        self.message = message;
    }
}

/// What is acted on: one target, or all documents of a packet that is locked.
fn chosen(state: &MessageState, verb: &str, target: &Index) -> Option<Vec<EntityId>> {
    let targets = targets(state, verb);
    let chosen = (!targets.is_empty()).then(|| targets[target.index(targets.len())])?;
    let is_packet = state.document(chosen).is_some() && carriage::is_packet_locked(state);
    let documents = state.documents().map(|(found, _)| found.entity.id);
    Some(if is_packet { documents.collect() } else { vec![chosen] })
}
