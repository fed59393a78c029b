//! What `GetDocumentActions` lists is accepted, and nothing else is: told against the commands that tests make, and not against
//! those that the list is made of.

mod deeds;

use std::collections::BTreeSet;

use proptest::prelude::*;

use potok_domain::decide::{ActionKind, DocumentAction};
use potok_domain::directory::AccessLevel;
use potok_stories::{EXPORT, POSTS, SALES, Story, Who, attempts, colleague_of, user_of};
use potok_types::{DepartmentId, UserId};

use deeds::Deed;

const RIGHTS: [&str; 7] =
    ["signing", "approving", "requesting", "creating", "saying", "deleting", "employment"];

/// What somebody sees.
const SIGHTS: [(AccessLevel, DepartmentId); 5] = [
    (AccessLevel::AllDocuments, DepartmentId::ZERO),
    (AccessLevel::DepartmentOnly, DepartmentId::ZERO),
    (AccessLevel::DepartmentOnly, SALES),
    (AccessLevel::DepartmentOnly, EXPORT),
    (AccessLevel::DepartmentAndSubdepartments, SALES),
];

/// Lists what the person may do with each document, and tries everything; the kinds that were listed.
fn check(story: &mut Story, who: Who, author: UserId) -> BTreeSet<ActionKind> {
    let Some(state) = story.simulation.state(who, story.message()) else { return BTreeSet::new() };
    let mut seen = BTreeSet::new();
    for (found, _) in state.documents() {
        let document = found.entity.id;
        let mut listed: BTreeSet<(ActionKind, u32)> = BTreeSet::new();
        for action in story.simulation.actions(who, author, state.message_id, document) {
            let DocumentAction { kind, title, .. } = action;
            assert!(listed.insert((kind, title)), "{kind:?} {title} is listed twice");
            seen.insert(kind);
        }
        for deed in deeds::of(&state, document) {
            let Deed { kinds, title, .. } = &deed;
            let is_taken = deed.is_taken(story, (who, author), document);
            let is_listed = kinds.iter().any(|kind| listed.remove(&(*kind, *title)));
            assert_eq!(is_listed, is_taken, "{who:?} {kinds:?} {title}");
        }
        assert!(listed.is_empty(), "nobody tried {listed:?}");
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn what_is_listed_is_accepted_and_what_is_not_is_refused(
        post in 0..POSTS.len(),
        attempts in attempts(),
        lost in prop::option::weighted(0.4, (0..RIGHTS.len(), 0..Who::ALL.len())),
        sights in [0..SIGHTS.len(), 0..SIGHTS.len(), 0..SIGHTS.len()],
    ) {
        let mut story = Story::new();
        story.step(POSTS[post]).expect("the form of the post is good");
        for attempt in &attempts {
            story.attempt(attempt);
        }
        if let Some((right, who)) = lost {
            story.step(&format!("{:?} loses {}", Who::ALL[who], RIGHTS[right])).expect("nobody is asked");
        }
        for (who, sight) in Who::ALL.into_iter().zip(sights) {
            let people = story.simulation.permissions.get_mut(&who).expect("they are there");
            (people.access, people.department) = SIGHTS[sight];
            for author in [user_of(who), colleague_of(who)] {
                check(&mut story, who, author);
            }
        }
    }
}

/// How it comes that each kind is listed, and for whom.
#[test]
fn every_kind_of_action_is_offered_to_somebody() {
    let signed = "post Nonformalized ask; deliver; B signs d1; deliver";
    let asked = format!("{signed}; A revokes d1; deliver");
    let marked =
        "named=ON_NSCHFDOPPR_2BM-1_2BM-2_20260101_0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11_0_1_0_0_0_00.xml";
    let with = |more: &str| format!("post Nonformalized ask; deliver; {more}");
    let of_request = |more: &str| format!("{asked}; {more}");
    let offered = [
        (ActionKind::Edit, "post UniversalTransferDocument fnДОП delay edited".to_owned(), Who::A),
        (ActionKind::RequestAmendment, with("B approves d1"), Who::B),
        (
            ActionKind::RejectTitle,
            "post Nonformalized Nonformalized ask full-lock; deliver".to_owned(),
            Who::B,
        ),
        (ActionKind::ChangePacket, "post Nonformalized Nonformalized".to_owned(), Who::A),
        (ActionKind::ChangeTags, with("A tags d1 a=1"), Who::B),
        (ActionKind::SignApprovingly, with("deliver"), Who::B),
        (ActionKind::RequestApprovement, with("deliver"), Who::B),
        (ActionKind::RequestPrimarySignature, with("deliver"), Who::B),
        (ActionKind::RequestApprovementSignature, with("deliver"), Who::B),
        (ActionKind::Approve, with("deliver"), Who::B),
        (ActionKind::Disapprove, with("deliver"), Who::B),
        (ActionKind::CancelResolution, with("B resolves-no d1"), Who::B),
        (ActionKind::CancelRequest, with("B asks-approval d1"), Who::B),
        (ActionKind::DenyRequest, with("B asks-signature d1 to-me"), Who::B),
        (ActionKind::CancelDenial, with("B asks-signature d1 to-me; B denies request(d1)"), Who::B),
        (ActionKind::AssignRoute, with("deliver"), Who::B),
        (ActionKind::RemoveRoute, with("B puts-on-route d1"), Who::B),
        (ActionKind::RevokeAlone, with("deliver"), Who::A),
        (ActionKind::RequestRevocation, signed.to_owned(), Who::B),
        (ActionKind::AgreeToRevocation, asked.clone(), Who::B),
        (ActionKind::SignRevocationApprovingly, asked.clone(), Who::B),
        (ActionKind::RefuseRevocation, asked.clone(), Who::B),
        (ActionKind::RequestRevocationApprovement, asked.clone(), Who::B),
        (ActionKind::RequestRevocationSignature, asked.clone(), Who::B),
        (ActionKind::RequestRevocationApprovementSignature, asked.clone(), Who::B),
        (ActionKind::ApproveRevocation, asked.clone(), Who::B),
        (ActionKind::DisapproveRevocation, asked.clone(), Who::B),
        (ActionKind::CancelRevocationResolution, of_request("B resolves-no revocation(d1)"), Who::B),
        (ActionKind::CancelRevocationRequest, of_request("B asks-approval revocation(d1)"), Who::B),
        (ActionKind::DenyRevocationRequest, of_request("B asks-signature revocation(d1) to-me"), Who::B),
        (
            ActionKind::CancelRevocationDenial,
            of_request("B asks-signature revocation(d1) to-me; B denies request(revocation(d1))"),
            Who::B,
        ),
        (
            ActionKind::CancelFixation,
            format!("post UniversalTransferDocument fnДОП {marked}; deliver"),
            Who::A,
        ),
        (ActionKind::AttachTitle, "post XmlTorg12 wf3; deliver".to_owned(), Who::B),
        (ActionKind::SignTitle, "post Nonformalized ask delay".to_owned(), Who::A),
        (ActionKind::ReceiptTitle, "post Nonformalized receipt; deliver".to_owned(), Who::B),
        (ActionKind::InformAboutTitle, with("deliver"), Who::A),
        (ActionKind::Delete, "post Nonformalized draft".to_owned(), Who::A),
        (ActionKind::Restore, with("B deletes d1"), Who::B),
        (ActionKind::Move, with("deliver"), Who::B),
        (ActionKind::RefuseTemplate, "post Nonformalized template; deliver".to_owned(), Who::A),
        (ActionKind::TransformTemplate, "post Nonformalized template; deliver".to_owned(), Who::B),
    ];
    for (kind, steps, who) in &offered {
        let (mut story, refused) = Story::play(steps);
        assert_eq!(refused, None, "{steps}");
        let seen = check(&mut story, *who, user_of(*who));
        assert!(seen.contains(kind), "{kind:?} after {steps}: {seen:?}");
    }
    assert!(offered.iter().map(|(kind, ..)| kind).eq(ActionKind::ALL), "each kind has its line");
}

/// What nobody can do is offered to nobody.
#[test]
fn lists_are_as_short_as_what_can_be_done() {
    let listed = |steps: &str, who: Who| {
        let (mut story, refused) = Story::play(steps);
        assert_eq!(refused, None, "{steps}");
        check(&mut story, who, user_of(who))
    };
    let has = |steps: &str, who: Who, kind: ActionKind| listed(steps, who).contains(&kind);
    assert!(
        !has("post UniversalTransferDocument fnДОП delay", Who::A, ActionKind::Edit),
        "it was stored whole"
    );
    assert!(!has("post Nonformalized ask; deliver; B signs d1", Who::B, ActionKind::SignTitle));
    assert!(!has("post Nonformalized ask through-C; deliver; C refuses d1", Who::C, ActionKind::SignTitle));
    assert_eq!(listed("post Nonformalized draft", Who::A), BTreeSet::from([ActionKind::Delete]));
    assert_eq!(listed("post Nonformalized draft; A recycles", Who::A), BTreeSet::from([ActionKind::Delete]));
    let template = "post Nonformalized template; deliver; B transforms; look 1";
    let kept = [ActionKind::Restore, ActionKind::Move];
    assert_eq!(listed(template, Who::B), BTreeSet::from(kept), "its letter is made");
}

/// Of a template, each who has it and each who works there: by side, by right, by what was done before.
#[test]
fn templates_offer_what_each_caller_may_do_with_them() {
    let of_template = |steps: &str, who: Who| {
        let (mut story, refused) = Story::play(steps);
        assert_eq!(refused, None, "{steps}");
        let [own, colleague] = [user_of(who), colleague_of(who)].map(|author| check(&mut story, who, author));
        assert_eq!(own, colleague, "{who:?} after {steps}");
        let kinds = [ActionKind::RefuseTemplate, ActionKind::TransformTemplate];
        kinds.map(|kind| own.contains(&kind))
    };
    let (plain, reusable) =
        ("post Nonformalized ask template; deliver", "post Nonformalized template reusable; deliver");
    let (preview, to_third) =
        ("post Nonformalized template for-A; deliver", "post Nonformalized template letter-to-C; deliver");
    let locked = "post Nonformalized Nonformalized template full-lock; deliver";
    let (nothing, refuse, both) = ([false, false], [true, false], [true, true]);
    for (steps, more, of_a, of_b) in [
        (plain, "", refuse, both),
        (preview, "", both, refuse),
        (to_third, "", refuse, both),
        (locked, "", refuse, both),
        (plain, "B transforms; look 1; deliver", refuse, nothing),
        (reusable, "B transforms; look 1; deliver", refuse, both),
        (plain, "B refuses-template; deliver", nothing, nothing),
        (preview, "A refuses-template; deliver", nothing, nothing),
        (plain, "B deletes d1", refuse, nothing),
        (plain, "B loses creating; A loses creating", nothing, nothing),
        (plain, "B loses signing; B loses deleting", refuse, both),
        (plain, "B loses sight; A loses sight", nothing, nothing),
        (plain, "B loses employment", refuse, nothing),
        ("post Nonformalized template no-refusal; deliver", "", refuse, [false, true]),
        ("post Nonformalized template for-A no-refusal; deliver", "", both, nothing),
    ] {
        let steps = if more.is_empty() { steps.to_owned() } else { format!("{steps}; {more}") };
        let told = [of_template(&steps, Who::A), of_template(&steps, Who::B)];
        assert_eq!(told, [of_a, of_b], "{steps}");
    }
}

/// Titles are counted over all who take part.
#[test]
fn a_title_that_is_awaited_is_offered_by_its_number() {
    let title = |steps: &str, who: Who, kind: ActionKind| {
        let (mut story, refused) = Story::play(steps);
        assert_eq!(refused, None, "{steps}");
        let (message, document) = (story.message(), story.simulation.document(story.message(), 0));
        let actions = story.simulation.actions(who, user_of(who), message, document);
        actions.into_iter().find(|action| action.kind == kind).map(|action| action.title)
    };
    let three = "post PerformedWorkAcceptanceCertificate wf13 filled through-C; deliver";
    assert_eq!(title(three, Who::C, ActionKind::AttachTitle), Some(1));
    let passed = format!("{three}; C titles d1; deliver");
    assert_eq!(title(&passed, Who::B, ActionKind::AttachTitle), Some(2));
    assert_eq!(title("post XmlTorg12 wf3; deliver", Who::B, ActionKind::AttachTitle), Some(1));
    assert_eq!(title("post XmlTorg12 wf3 prepared; deliver", Who::B, ActionKind::SignTitle), Some(1));
    assert_eq!(title("post XmlTorg12 wf3 delay", Who::A, ActionKind::SignTitle), Some(0));
}
