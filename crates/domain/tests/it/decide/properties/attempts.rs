//! What is tried.

use proptest::prelude::*;

use potok_stories::{VERBS, Who};

/// One thing that somebody tries. Numbers choose among what there is, modulo its count.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attempt {
    Post {
        who: Who,
        documents: u8,
        traits: u8,
    },
    Patch {
        who: Who,
        message: u8,
        items: [Option<Item>; 2],
    },
    /// One delivery, finished or cut between its halves.
    Deliver {
        which: u8,
        is_cut: bool,
    },
    NextDay,
    /// A draft is kept.
    Draft {
        who: Who,
        is_to_nobody: bool,
    },
    /// A draft becomes a letter, or is thrown away.
    Send {
        who: Who,
        message: u8,
        is_thrown_away: bool,
    },
    /// A template is posted; the other side is to make a letter of it, or this one, or that one for a third.
    Template {
        who: Who,
        traits: u8,
    },
    /// A letter is made of a template, or a document of it is refused.
    Use {
        who: Who,
        message: u8,
        document: u8,
        is_refused: bool,
    },
    /// All of a message is deleted, or restored.
    Delete {
        who: Who,
        message: u8,
        is_restored: bool,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) verb: u8,
    pub(super) parent: u8,
    pub(super) is_bad: bool,
    pub(super) is_for_me: bool,
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![3 => Just(Who::A), 3 => Just(Who::B), 1 => Just(Who::C)]
}

fn sender() -> impl Strategy<Value = Who> {
    prop_oneof![Just(Who::A), Just(Who::B)]
}

fn item() -> impl Strategy<Value = Item> {
    // Signatures come first and are tried most, then what is signed.
    let verb = prop_oneof![1 => Just(0u8), 1 => 0..8u8, 3 => 0..VERBS.len() as u8];
    (verb, any::<u8>(), prop::bool::weighted(0.1), any::<bool>())
        .prop_map(|(verb, parent, is_bad, is_for_me)| Item { verb, parent, is_bad, is_for_me })
}

pub(super) fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = prop_oneof![
        1 => (sender(), 1..4u8, any::<u8>())
            .prop_map(|(who, documents, traits)| Attempt::Post { who, documents, traits }),
        16 => (who(), any::<u8>(), [
                item().prop_map(Some).boxed(),
                prop::option::weighted(0.3, item()).boxed(),
            ])
            .prop_map(|(who, message, items)| Attempt::Patch { who, message, items }),
        6 => (any::<u8>(), prop::bool::weighted(0.3))
            .prop_map(|(which, is_cut)| Attempt::Deliver { which, is_cut }),
        1 => Just(Attempt::NextDay),
        1 => (sender(), any::<bool>()).prop_map(|(who, is_to_nobody)| Attempt::Draft { who, is_to_nobody }),
        2 => (sender(), any::<u8>(), prop::bool::weighted(0.2))
            .prop_map(|(who, message, is_thrown_away)| Attempt::Send { who, message, is_thrown_away }),
        1 => (sender(), any::<u8>()).prop_map(|(who, traits)| Attempt::Template { who, traits }),
        2 => (sender(), any::<u8>(), any::<u8>(), prop::bool::weighted(0.4)).prop_map(
            |(who, message, document, is_refused)| Attempt::Use { who, message, document, is_refused }
        ),
        1 => (who(), any::<u8>(), any::<bool>())
            .prop_map(|(who, message, is_restored)| Attempt::Delete { who, message, is_restored }),
    ];
    prop::collection::vec(attempt, 1..60)
}
