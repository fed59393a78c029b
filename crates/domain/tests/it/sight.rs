//! Lists and feeds show what is seen by id: by rows and by what filters of the feed know of documents, as by the policy.

use potok_types::DepartmentId;
use proptest::prelude::*;

use potok_domain::access::{Reach, Scope, scope};
use potok_domain::directory::{AccessLevel, Permissions};
use potok_domain::docflow::Docflows;
use potok_domain::feed::{ConcernedDocument, concerned_documents};
use potok_domain::query::FeedFilter;
use potok_domain::rows::{DocumentRow, document_rows};
use potok_domain::{Event, MessageState};
use potok_stories::{
    EXPORT, POSTS, SALES, STORAGE, Story, Who, attempts, box_of, colleague_of, organization, user_of,
};

const DEPARTMENTS: [DepartmentId; 4] = [DepartmentId::ZERO, SALES, EXPORT, STORAGE];

/// What anybody may see who is employed.
fn permissions() -> impl Strategy<Value = Permissions> {
    let level = prop_oneof![
        Just(AccessLevel::DepartmentOnly),
        Just(AccessLevel::DepartmentAndSubdepartments),
        Just(AccessLevel::SelectedDepartments),
        Just(AccessLevel::AllDocuments),
    ];
    let department = || prop::sample::select(&DEPARTMENTS[..]);
    let selected = prop::collection::vec(department(), 0..3);
    (level, department(), selected, prop::bool::weighted(0.1)).prop_map(
        |(access, department, selected_departments, is_blocked)| Permissions {
            access,
            department,
            selected_departments,
            is_blocked,
            ..Permissions::none()
        },
    )
}

/// As a store decides by what it keeps.
fn is_listed(scope: &Scope, row: &DocumentRow) -> bool {
    match scope.reach(row.traits.message_type, row.traits.department) {
        Reach::Nothing => false,
        Reach::Asked => scope.is_among(&row.asked),
        Reach::All => true,
    }
}

/// What is known of each document after the newest event that was about it.
fn newest(who: Who, events: &[Event]) -> Vec<ConcernedDocument> {
    let mut known: Vec<ConcernedDocument> = Vec::new();
    let mut state: Option<MessageState> = None;
    for event in events {
        let after = match state.take() {
            None => MessageState::open(box_of(who), event).expect("the first event is a post"),
            Some(mut state) => {
                state.apply(event);
                state
            }
        };
        for concerned in concerned_documents(&after, event) {
            known.retain(|it| it.document != concerned.document);
            known.push(concerned);
        }
        state = Some(after);
    }
    known
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn lists_and_feeds_show_what_is_seen_by_id(
        post in 0..POSTS.len(),
        attempts in attempts(),
        permissions in permissions(),
        is_colleague in any::<bool>(),
    ) {
        let mut story = Story::new();
        story.step(POSTS[post]).expect("the form of the post is good");
        for attempt in &attempts {
            story.attempt(attempt);
        }
        story.simulation.deliver_all();
        for who in [Who::A, Who::B] {
            let person = if is_colleague { colleague_of(who) } else { user_of(who) };
            let scope = scope(person, &permissions, &organization(who));
            let filter = FeedFilter { within: scope.clone(), ..FeedFilter::default() };
            let messages: Vec<_> = story.simulation.messages(who).collect();
            for message in messages {
                let state = story.simulation.state(who, message).expect("the box has it");
                for row in document_rows(&Docflows::of(&state)) {
                    let is_seen = scope.sees_document(&state, row.document.entity_id);
                    prop_assert_eq!(is_listed(&scope, &row), is_seen, "{:?} {:?}", scope, row);
                }
                if !state.message_type.lies_in_departments() {
                    // Filters of the feed leave such messages out for those who do not see everything.
                    continue;
                }
                for document in newest(who, story.simulation.events(who, message)) {
                    let is_seen = scope.sees_document(&state, document.document);
                    prop_assert_eq!(filter.accepts_document(&document), is_seen, "{:?} {:?}", scope, document);
                }
            }
        }
    }
}
