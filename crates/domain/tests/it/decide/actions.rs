//! What `GetDocumentActions` lists is accepted, and nothing else is: told against the commands that tests make, and not against
//! those that the list is made of.

use std::collections::BTreeSet;

use proptest::prelude::*;

use potok_domain::decide::ActionKind;
use potok_stories::{Action, POSTS, Story, Who, attempts, colleague_of, patch, user_of};
use potok_types::{EntityId, UserId};

/// Each kind that a verb of the stories does to a document, and how.
const DEEDS: [(&str, &str, &[ActionKind]); 16] = [
    ("signs", "", &[ActionKind::SignTitle]),
    ("approves", "", &[ActionKind::SignApprovingly]),
    ("titles", "", &[ActionKind::AttachTitle]),
    ("refuses", "", &[ActionKind::RejectTitle]),
    ("receipts", "", &[ActionKind::ReceiptTitle]),
    ("amends", "", &[ActionKind::RequestAmendment]),
    ("revokes", "", &[ActionKind::RequestRevocation, ActionKind::RevokeAlone]),
    ("says", "4002", &[ActionKind::InformAboutTitle]),
    ("asks-approval", "", &[ActionKind::RequestApprovement]),
    ("asks-signature", "", &[ActionKind::RequestPrimarySignature]),
    ("asks-approval-signature", "", &[ActionKind::RequestApprovementSignature]),
    ("resolves-yes", "", &[ActionKind::Approve]),
    ("resolves-no", "", &[ActionKind::Disapprove]),
    ("withdraws", "", &[ActionKind::CancelResolution]),
    ("puts-on-route", "", &[ActionKind::AssignRoute]),
    ("tags", "a=1", &[ActionKind::ChangeTags]),
];

const RIGHTS: [&str; 7] = ["signing", "approving", "requesting", "creating", "saying", "sight", "employment"];

/// The deed is taken, of the document alone or of all documents of the message at once.
fn is_taken(
    story: &mut Story,
    (who, author): (Who, UserId),
    (verb, adverb): (&str, &str),
    document: EntityId,
) -> bool {
    let message = story.message();
    let state = story.simulation.state(who, message).expect("the message is in the box");
    let all: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
    [vec![document], all].into_iter().any(|targets| {
        let action = Action { who, verb, adverbs: vec![adverb] };
        let mut command = patch(who, message);
        for target in targets {
            story.add_item(&mut command, &action, target);
        }
        story.simulation.would(who, author, &command).is_ok()
    })
}

fn check(story: &mut Story, who: Who, author: UserId) -> BTreeSet<ActionKind> {
    let Some(state) = story.simulation.state(who, story.message()) else { return BTreeSet::new() };
    let mut seen = BTreeSet::new();
    for (found, _) in state.documents() {
        let document = found.entity.id;
        let listed = story.simulation.actions(who, author, state.message_id, document);
        let is_listed = |kinds: &[ActionKind]| {
            listed
                .iter()
                .any(|action| kinds.contains(&action.kind) && action.title == expected_title(action.kind))
        };
        for (verb, adverb, kinds) in DEEDS {
            let is_taken = is_taken(story, (who, author), (verb, adverb), document);
            assert_eq!(is_listed(kinds), is_taken, "{who:?} {verb}: {listed:?}");
        }
        seen.extend(listed.iter().map(|action| action.kind));
    }
    seen
}

/// Stories speak of the sender's title, which answers answer with the next one.
const fn expected_title(kind: ActionKind) -> u32 {
    if matches!(kind, ActionKind::AttachTitle) { 1 } else { 0 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_listed_is_accepted_and_what_is_not_is_refused(
        post in 0..POSTS.len(),
        attempts in attempts(),
        lost in prop::option::weighted(0.4, (0..RIGHTS.len(), any::<bool>())),
    ) {
        let mut story = Story::new();
        story.step(POSTS[post]).expect("the form of the post is good");
        for attempt in &attempts {
            story.attempt(attempt);
        }
        if let Some((right, is_sender)) = lost {
            let who = if is_sender { "A" } else { "B" };
            story.step(&format!("{who} loses {}", RIGHTS[right])).expect("nobody is asked");
        }
        for who in [Who::A, Who::B] {
            for author in [user_of(who), colleague_of(who)] {
                check(&mut story, who, author);
            }
        }
    }
}

/// The list is not empty by accident.
#[test]
fn lists_are_as_long_as_what_can_be_done() {
    let listed = |steps: &str, who: Who| {
        let (mut story, refused) = Story::play(steps);
        assert_eq!(refused, None, "{steps}");
        check(&mut story, who, user_of(who))
    };
    let has = |steps: &str, who: Who, kind: ActionKind| listed(steps, who).contains(&kind);
    assert!(has("post Nonformalized ask delay", Who::A, ActionKind::SignTitle));
    assert!(has("post Nonformalized ask; deliver", Who::B, ActionKind::SignTitle));
    assert!(has("post Nonformalized ask; deliver", Who::A, ActionKind::RevokeAlone));
    assert!(has(
        "post Nonformalized ask; deliver; B signs d1; deliver",
        Who::B,
        ActionKind::RequestRevocation
    ));
    assert!(has(
        "post Nonformalized ask; deliver; B signs d1; deliver; A revokes d1; deliver",
        Who::B,
        ActionKind::AgreeToRevocation
    ));
    assert!(!has("post Nonformalized ask delay", Who::A, ActionKind::Edit), "it was not stored to be edited");
    assert!(has("post XmlTorg12 wf3; deliver", Who::B, ActionKind::AttachTitle));
    assert!(has("post Nonformalized Nonformalized ask full-lock; deliver", Who::B, ActionKind::RejectTitle));
    assert!(has("post Nonformalized; A asks-approval d1 to-me", Who::A, ActionKind::Delete));
    assert!(!has("post Nonformalized ask; deliver; B signs d1", Who::B, ActionKind::SignTitle));
    assert!(listed("post Nonformalized draft", Who::A).is_subset(&BTreeSet::from([ActionKind::Delete])));
}
