//! Workflows of tomorrow.

use potok_domain::MessageState;
use potok_domain::docflow::{Docflow, Facts, Relations};

use super::line;
use crate::script::{Who, World, document_id};

/// The message of `story` as `who` has it.
fn state(story: &str, who: Who) -> MessageState {
    World::after(story).state(who).expect("the message is there")
}

fn facts(state: &MessageState) -> Facts<'_> {
    Facts::read(state, document_id(), &Relations::default()).expect("the document is there")
}

#[track_caller]
fn check(facts: Facts<'_>, expected: &str) {
    assert_eq!(line(&Docflow::of(facts)), expected);
}

#[test]
fn a_workflow_that_nobody_knows_is_the_plainest_one() {
    let state = state("post wf=99 request\n deliver", Who::A);
    check(facts(&state), "- Warning «Ожидается подпись контрагента» [revoke]");
}
