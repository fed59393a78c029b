//! What is tried.

use proptest::prelude::*;

use potok_stories::{VERBS, Who};

/// One thing that somebody tries. Numbers choose among what there is, modulo its count.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attempt {
    Post {
        who: Who,
        documents: u8,
        traits: u16,
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
        /// Its titled documents come with the title of the recipient.
        is_prepared: bool,
    },
    /// A draft becomes a letter, or is thrown away.
    Send {
        who: Who,
        message: u8,
        is_thrown_away: bool,
        /// Its documents are signed with other bytes, that were made for their signer.
        is_rewritten: bool,
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
    /// A document is shown to another box as it is now.
    Forward {
        who: Who,
        message: u8,
        document: u8,
        to: Who,
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
    let verb = prop_oneof![2 => Just(0u8), 2 => 0..8u8, 6 => 0..VERBS.len() as u8, 2 => 14..25u8];
    (verb, any::<u8>(), prop::bool::weighted(0.1), any::<bool>())
        .prop_map(|(verb, parent, is_bad, is_for_me)| Item { verb, parent, is_bad, is_for_me })
}

pub(super) fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = prop_oneof![
        1 => (sender(), 1..4u8, any::<u16>())
            .prop_map(|(who, documents, traits)| Attempt::Post { who, documents, traits }),
        20 => (who(), any::<u8>(), [
                item().prop_map(Some).boxed(),
                prop::option::weighted(0.3, item()).boxed(),
            ])
            .prop_map(|(who, message, items)| Attempt::Patch { who, message, items }),
        6 => (any::<u8>(), prop::bool::weighted(0.3))
            .prop_map(|(which, is_cut)| Attempt::Deliver { which, is_cut }),
        1 => Just(Attempt::NextDay),
        1 => (sender(), any::<bool>(), any::<bool>()).prop_map(
            |(who, is_to_nobody, is_prepared)| Attempt::Draft { who, is_to_nobody, is_prepared }
        ),
        2 => (sender(), any::<u8>(), prop::bool::weighted(0.2), any::<bool>()).prop_map(
            |(who, message, is_thrown_away, is_rewritten)| {
                Attempt::Send { who, message, is_thrown_away, is_rewritten }
            }
        ),
        2 => (sender(), any::<u8>()).prop_map(|(who, traits)| Attempt::Template { who, traits }),
        4 => (sender(), any::<u8>(), any::<u8>(), prop::bool::weighted(0.3)).prop_map(
            |(who, message, document, is_refused)| Attempt::Use { who, message, document, is_refused }
        ),
        2 => (who(), any::<u8>(), any::<u8>(), who())
            .prop_map(|(who, message, document, to)| Attempt::Forward { who, message, document, to }),
        1 => (who(), any::<u8>(), any::<bool>())
            .prop_map(|(who, message, is_restored)| Attempt::Delete { who, message, is_restored }),
    ];
    prop::collection::vec(attempt, 1..60)
}
