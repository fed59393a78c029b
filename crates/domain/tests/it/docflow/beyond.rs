//! What no entity can do yet: intermediate addressees. Their facts are laid over those of a real message, so that what
//! follows from them is fixed before they exist. And workflows of tomorrow.

use potok_domain::MessageState;
use potok_domain::docflow::{Docflow, Facts, Proxy, Relations, Response, ResponseKind};

use super::line;
use crate::script::{Who, World, box_of, document_id};

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
fn an_intermediate_addressee_answers_first() {
    let story = "post request\n deliver\n B refuse\n deliver";
    let state = state(story, Who::A);
    let unanswered = Facts { response: None, ..facts(&state) };
    let answer = facts(&state).response.expect("the story has a refusal");
    let signed = Response { kind: ResponseKind::Signature, ..answer };
    let proxy = |response, is_viewer| Some(Proxy { box_id: box_of(Who::B), is_viewer, response });
    let with = |response| Facts { proxy: proxy(response, false), ..unanswered.clone() };
    check(with(None), "- Warning «Ожидается промежуточная подпись» [revoke]");
    check(with(Some(signed)), "- Warning «Ожидается подпись контрагента» [revoke]");
    check(with(Some(answer)), "+ Error «Контрагент отказал в подписи» [revoke]");
    let by_all = Facts { response: Some(signed), ..with(Some(signed)) };
    check(by_all, "+ Success «Подписан всеми получателями» [SIGNED]");
    let seen_by_proxy = |response| Facts { proxy: proxy(response, true), ..unanswered.clone() };
    check(seen_by_proxy(None), "- Warning «Требуется подпись» [revoke]");
    check(seen_by_proxy(Some(signed)), "- Success «Подписан» [revoke]");
    check(seen_by_proxy(Some(answer)), "+ Error «Отказано в подписи» [revoke]");
}

#[test]
fn a_workflow_that_nobody_knows_is_the_plainest_one() {
    let state = state("post wf=99 request\n deliver", Who::A);
    check(facts(&state), "- Warning «Ожидается подпись контрагента» [revoke]");
}
