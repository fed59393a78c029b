//! Two boxes, with all that may happen between them in whatever order and however often it is delivered.

use std::collections::VecDeque;

use potok_types::{BoxId, EntityId, EventId, MessageId, Ticks};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

/// One box with its stream and what is not delivered yet.
#[derive(Clone, Debug)]
struct Side {
    relation: Relation,
    events: Vec<RelationEvent>,
    outbox: VecDeque<Act>,
}

impl Side {
    fn new(me: u128, other: u128) -> Self {
        let id = |number| BoxId::from_uuid(Uuid::from_u128(number));
        Self { relation: Relation::none(id(me), id(other)), events: Vec::new(), outbox: VecDeque::new() }
    }

    fn write(&mut self, change: RelationChange, at: Ticks) {
        let id = EventId::from_uuid(Uuid::from_u128(self.events.len() as u128));
        let (event, after) = self.relation.next(id, at, change);
        self.events.push(event);
        self.relation = after;
    }

    fn does(&mut self, act: Option<Act>) {
        let Some(act) = act else { return };
        self.outbox.push_back(act.clone());
        let at = act.at;
        self.write(RelationChange::Mine { act, by: None }, at);
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Acquire {
        attachment: Option<bool>,
        is_welcome: bool,
    },
    BreakUp,
    Sign,
    Refuse,
    Revoke,
    Exchange,
    Group,
    /// Brings the oldest act to the other side; it is settled, or a crash leaves it in the outbox.
    Deliver {
        is_settled: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (prop::option::of(any::<bool>()), any::<bool>())
            .prop_map(|(attachment, is_welcome)| Step::Acquire { attachment, is_welcome }),
        3 => Just(Step::BreakUp),
        1 => Just(Step::Sign),
        1 => Just(Step::Refuse),
        1 => Just(Step::Revoke),
        1 => Just(Step::Exchange),
        1 => Just(Step::Group),
        6 => any::<bool>().prop_map(|is_settled| Step::Deliver { is_settled }),
    ]
}

const DOCUMENT: DocumentRef = DocumentRef { message_id: MessageId::ZERO, entity_id: EntityId::ZERO };

fn run(sides: &mut [Side; 2], actor: usize, step: Step, at: Ticks) {
    let side = &mut sides[actor];
    let relation = &side.relation;
    match step {
        Step::Acquire { attachment, is_welcome } => {
            let attachment =
                attachment.map(|needs_signature| Attachment { document: Some(DOCUMENT), needs_signature });
            let act = acquire(relation, Invite { message: None, attachment, is_welcome, at });
            side.does(act.unwrap_or_default());
        }
        Step::BreakUp => {
            let act = break_up(relation, None, at);
            side.does(act.unwrap_or_default());
        }
        Step::Sign => side.does(document_signed(relation, at)),
        Step::Refuse => side.does(document_refused(relation, at)),
        Step::Revoke => side.does(document_revoked(relation, DOCUMENT, at)),
        Step::Exchange => side.does(document_exchanged(relation, at)),
        Step::Group if relation.status() == Some(Status::IsMyCounteragent) => {
            let by = potok_types::UserId::ZERO;
            let group = GroupId::from_uuid(Uuid::from_u128(9));
            side.write(RelationChange::Grouped { group, by }, at);
        }
        Step::Group => {}
        Step::Deliver { is_settled } => deliver(sides, actor, is_settled, at),
    }
}

fn deliver(sides: &mut [Side; 2], from: usize, is_settled: bool, at: Ticks) {
    let Some(act) = sides[from].outbox.front().cloned() else { return };
    if is_settled {
        sides[from].outbox.pop_front();
    }
    let to = &mut sides[1 - from];
    if let Some(change) = heard(&to.relation, act) {
        to.write(change, at);
    }
}

fn drain(sides: &mut [Side; 2], at: Ticks) {
    while sides.iter().any(|side| !side.outbox.is_empty()) {
        (0..2).for_each(|from| deliver(sides, from, true, at));
    }
}

/// The pairs of the documentation.
fn is_documented(one: Option<Status>, other: Option<Status>) -> bool {
    use Status::{InvitesMe, IsInvitedByMe, IsMyCounteragent, IsRejectedByMe, RejectsMe};
    matches!(
        (one, other),
        (None, None)
            | (Some(IsMyCounteragent), Some(IsMyCounteragent))
            | (Some(InvitesMe), Some(IsInvitedByMe))
            | (Some(IsInvitedByMe), Some(InvitesMe))
            | (Some(RejectsMe), Some(IsRejectedByMe))
            | (Some(IsRejectedByMe), Some(RejectsMe))
    )
}

fn called(side: &Side, is_counted: impl Fn(&Happening) -> bool) -> Vec<Happening> {
    let mut all: Vec<Happening> =
        side.events.iter().flat_map(|event| &event.told.happenings).copied().filter(is_counted).collect();
    all.sort_unstable();
    all
}

proptest! {
    #[test]
    fn both_sides_agree_whatever_crosses_and_whoever_crashes(
        steps in prop::collection::vec((0..2_usize, step(), 0..3_i64), 1..60),
    ) {
        let mut sides = [Side::new(1, 2), Side::new(2, 1)];
        let mut now = 1_000;
        for (actor, step, later) in steps {
            now += later;
            run(&mut sides, actor, step, Ticks::new(now));
        }
        drain(&mut sides, Ticks::new(now));
        let [a, b] = &sides;
        let statuses = (a.relation.status(), b.relation.status());
        prop_assert!(is_documented(statuses.0, statuses.1), "{statuses:?}");
        for side in [a, b] {
            prop_assert_eq!(
                side.events.last().and_then(|event| event.told.status),
                side.relation.status(),
                "the last event tells what is"
            );
            let replayed = Relation::replay(side.relation.me, side.relation.other, &side.events);
            prop_assert_eq!(&replayed, &side.relation);
            let is_partner = side.relation.status() == Some(Status::IsMyCounteragent);
            prop_assert!(is_partner || side.relation.group() == DEFAULT_GROUP);
        }
        // Whatever one side is told, the other one is told from its own point of view. Invitations that met are
        // accepted by both, which each side is told with the other's invitation.
        let own = |happening: &Happening| !matches!(happening, Happening::AcceptedMine | Happening::IAccepted);
        let mut mirrored: Vec<Happening> =
            called(b, own).into_iter().map(Happening::mirror).collect();
        mirrored.sort_unstable();
        prop_assert_eq!(called(a, own), mirrored);
    }

    #[test]
    fn delivered_at_once_nothing_crosses(
        steps in prop::collection::vec((0..2_usize, step()), 1..60),
    ) {
        let mut sides = [Side::new(1, 2), Side::new(2, 1)];
        for (nth, (actor, step)) in (1_000..).zip(steps) {
            let now = Ticks::new(nth);
            run(&mut sides, actor, step, now);
            drain(&mut sides, now);
            let [a, b] = &sides;
            prop_assert_eq!(a.relation.status(), b.relation.status().map(Status::mirror));
            let mut mirrored: Vec<Happening> =
                called(b, |_| true).into_iter().map(Happening::mirror).collect();
            mirrored.sort_unstable();
            prop_assert_eq!(called(a, |_| true), mirrored);
        }
    }
}

/// What happens in one go, told by who does it and what the two are to each other after everything is delivered.
fn story(steps: &[(usize, Step)]) -> [Side; 2] {
    let mut sides = [Side::new(1, 2), Side::new(2, 1)];
    for (nth, (actor, step)) in (1_000..).zip(steps) {
        run(&mut sides, *actor, *step, Ticks::new(nth));
    }
    drain(&mut sides, Ticks::new(9_000));
    sides
}

const INVITE: Step = Step::Acquire { attachment: None, is_welcome: false };
const INVITE_WELCOME: Step = Step::Acquire { attachment: None, is_welcome: true };
const INVITE_ASKING: Step = Step::Acquire { attachment: Some(true), is_welcome: true };
const INVITE_SHOWING: Step = Step::Acquire { attachment: Some(false), is_welcome: false };
const DELIVER: Step = Step::Deliver { is_settled: true };

#[test]
fn the_table_of_the_documentation_holds() {
    use Status::{InvitesMe, IsInvitedByMe, IsMyCounteragent, IsRejectedByMe, RejectsMe};
    for (steps, expected) in [
        (&[(0, INVITE)][..], Some(IsInvitedByMe)),
        (&[(0, INVITE_WELCOME)], Some(IsMyCounteragent)),
        (&[(0, INVITE_ASKING)], Some(IsInvitedByMe)),
        (&[(0, INVITE), (0, INVITE)], Some(IsInvitedByMe)),
        (&[(0, INVITE), (0, DELIVER), (1, INVITE)], Some(IsMyCounteragent)),
        (&[(0, INVITE_SHOWING), (0, DELIVER), (1, INVITE)], Some(IsMyCounteragent)),
        (&[(0, INVITE), (0, DELIVER), (1, Step::BreakUp)], Some(RejectsMe)),
        (&[(0, INVITE), (0, DELIVER), (0, Step::BreakUp)], None),
        (&[(0, Step::BreakUp)], None),
        (&[(0, INVITE_ASKING), (0, DELIVER), (1, Step::Sign)], Some(IsMyCounteragent)),
        (&[(0, INVITE_ASKING), (0, DELIVER), (1, Step::Refuse)], Some(RejectsMe)),
        (&[(0, INVITE_ASKING), (0, DELIVER), (0, Step::Revoke)], None),
        // These are refused, and nothing happens.
        (&[(0, INVITE_ASKING), (0, DELIVER), (1, INVITE)], Some(IsInvitedByMe)),
        (&[(0, INVITE_ASKING), (0, DELIVER), (1, Step::BreakUp)], Some(IsInvitedByMe)),
        (&[(0, INVITE), (0, DELIVER), (1, INVITE_SHOWING)], Some(IsInvitedByMe)),
        (&[(0, INVITE_SHOWING), (0, Step::BreakUp)], Some(IsInvitedByMe)),
        (&[(0, INVITE_WELCOME), (0, Step::BreakUp)], Some(IsRejectedByMe)),
        (&[(0, INVITE_WELCOME), (0, DELIVER), (1, Step::BreakUp)], Some(RejectsMe)),
        // Who was rejected is not welcome, and is again what it was when it takes its invitation back.
        (
            &[(0, INVITE_WELCOME), (0, DELIVER), (1, Step::BreakUp), (1, DELIVER), (0, INVITE_WELCOME)],
            Some(IsInvitedByMe),
        ),
        (
            &[
                (0, INVITE_WELCOME),
                (0, DELIVER),
                (1, Step::BreakUp),
                (1, DELIVER),
                (0, INVITE),
                (0, Step::BreakUp),
            ],
            Some(RejectsMe),
        ),
        (&[(0, INVITE_WELCOME), (0, Step::BreakUp), (0, INVITE_WELCOME)], Some(IsMyCounteragent)),
        (&[(0, Step::Exchange)], Some(IsMyCounteragent)),
        (&[(0, INVITE), (0, DELIVER), (1, Step::Exchange)], Some(IsMyCounteragent)),
        (&[(0, INVITE_WELCOME), (0, Step::BreakUp), (0, Step::Exchange)], Some(IsRejectedByMe)),
        // These cross.
        (&[(0, INVITE), (1, INVITE)], Some(IsMyCounteragent)),
        (&[(0, INVITE_ASKING), (1, INVITE)], Some(IsMyCounteragent)),
        (&[(0, INVITE), (0, DELIVER), (0, Step::BreakUp), (1, INVITE)], None),
        (&[(0, INVITE), (0, DELIVER), (0, Step::BreakUp), (1, Step::BreakUp)], Some(RejectsMe)),
        (&[(0, INVITE), (0, Step::BreakUp), (1, INVITE)], Some(InvitesMe)),
        (&[(0, INVITE_WELCOME), (0, DELIVER), (0, Step::BreakUp), (1, Step::BreakUp)], Some(RejectsMe)),
        (&[(0, INVITE_WELCOME), (0, DELIVER), (1, Step::BreakUp), (0, Step::BreakUp)], Some(IsRejectedByMe)),
        (&[(0, INVITE), (0, DELIVER), (0, Step::BreakUp), (1, Step::Exchange)], Some(IsMyCounteragent)),
    ] {
        let [a, b] = story(steps);
        assert_eq!(a.relation.status(), expected, "{steps:?}");
        assert_eq!(b.relation.status(), expected.map(Status::mirror), "{steps:?}");
    }
}

#[test]
fn events_have_the_names_of_the_documentation() {
    use Happening::{
        AcceptedMine, BrokeUpWithMe, DeclinedMine, IAccepted, IBrokeUp, IDeclined, IInvited, IMade,
        IWithdrew, InvitedMe, MadeMe, WithdrewTheirs,
    };
    for (steps, mine, theirs) in [
        (
            &[(0, INVITE), (0, DELIVER), (1, INVITE)][..],
            &[&[IInvited][..], &[AcceptedMine]][..],
            &[&[InvitedMe][..], &[IAccepted]][..],
        ),
        (&[(0, INVITE_WELCOME)], &[&[IInvited, AcceptedMine]], &[&[InvitedMe, IAccepted]]),
        (
            &[(0, INVITE), (0, DELIVER), (0, Step::BreakUp)],
            &[&[IInvited], &[IWithdrew]],
            &[&[InvitedMe], &[WithdrewTheirs]],
        ),
        (
            &[(0, INVITE), (0, DELIVER), (1, Step::BreakUp)],
            &[&[IInvited], &[DeclinedMine]],
            &[&[InvitedMe], &[IDeclined]],
        ),
        (
            &[(0, Step::Exchange), (0, Step::BreakUp)],
            &[&[IMade], &[IBrokeUp]],
            &[&[MadeMe], &[BrokeUpWithMe]],
        ),
        (
            &[(0, INVITE), (1, INVITE)],
            &[&[IInvited], &[InvitedMe, AcceptedMine, IAccepted]],
            &[&[IInvited], &[InvitedMe, AcceptedMine, IAccepted]],
        ),
        (&[(0, Step::Exchange), (0, Step::Group)], &[&[IMade], &[]], &[&[MadeMe]]),
    ] {
        let sides = story(steps);
        for (side, expected) in sides.iter().zip([mine, theirs]) {
            let told: Vec<&[Happening]> =
                side.events.iter().map(|event| &event.told.happenings[..]).collect();
            assert_eq!(told, expected, "{steps:?}");
        }
    }
}
