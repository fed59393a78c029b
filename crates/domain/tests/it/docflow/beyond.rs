//! Steps that no entity can take yet: titles, amendment requests, revocation, intermediate addressees. Their facts are
//! laid over those of a real message, so that what follows from them is fixed before they exist.

use potok_domain::MessageState;
use potok_domain::docflow::{
    Amendment, Docflow, Facts, Proxy, ReceiptStatus, Response, ResponseKind, ResponseStatus, Revocation,
    RevocationStatus, Signed,
};

use super::line;
use crate::script::{Who, World, box_of, document_id};

/// The message of `story` as `who` has it.
fn state(story: &str, who: Who) -> MessageState {
    World::after(story).state(who).expect("the message is there")
}

fn facts(state: &MessageState) -> Facts<'_> {
    Facts::read(state, document_id()).expect("the document is there")
}

#[track_caller]
fn check(facts: Facts<'_>, expected: &str) {
    assert_eq!(line(&Docflow::of(facts)), expected);
}

/// Takes the refusal of the message for a file of another kind.
fn some_file<'a>(facts: &Facts<'a>) -> Signed<'a> {
    facts.response.expect("the story has a refusal").signed
}

const REFUSED: &str = "post wf=3 type=XmlTorg12 receipt\n deliver\n B receipt\n deliver\n B refuse";

fn with_title<'a>(facts: &Facts<'a>, with_disagreements: bool) -> Facts<'a> {
    let kind = ResponseKind::Title { with_disagreements };
    Facts { response: Some(Response { kind, signed: some_file(facts), confirmation: None }), ..*facts }
}

#[test]
fn a_title_answers() {
    let story = format!("{REFUSED}\n deliver");
    for (who, signed) in [(Who::A, "Подписан контрагентом"), (Who::B, "Подписан")]
    {
        let state = state(&story, who);
        check(with_title(&facts(&state), false), &format!("+ Success «{signed}» [SIGNED]"));
        check(with_title(&facts(&state), true), "+ Success «Подписан с разногласиями» [SIGNED]");
        let flow = Docflow::of(with_title(&facts(&state), true));
        assert_eq!(flow.steps.response, ResponseStatus::PartiallySigned);
    }
    let state = state(REFUSED, Who::B);
    check(with_title(&facts(&state), false), "- Success «Подписан» [SIGNED]");
}

#[test]
fn the_senders_receipt_on_the_title_is_owed_when_it_was_asked_for() {
    // The answering file of the story is posted without NeedReceipt, so a copy that has it stands in.
    for (who, expected, status) in [
        (
            Who::A,
            "- Warning «Подписан контрагентом. Требуется подписать извещение о получении» [SIGNED]",
            ReceiptStatus::HaveToCreate,
        ),
        (Who::B, "- Warning «Подписан. Ожидается извещение о получении» [SIGNED]", ReceiptStatus::Waiting),
    ] {
        let state = state(&format!("{REFUSED}\n deliver"), who);
        let facts = facts(&state);
        let mut file = some_file(&facts).file.clone();
        file.entity.need_receipt = true;
        let signed = Signed { file: &file, ..some_file(&facts) };
        let kind = ResponseKind::Title { with_disagreements: false };
        let asked = Facts { response: Some(Response { kind, signed, confirmation: None }), ..facts };
        check(asked, expected);
        assert_eq!(Docflow::of(asked).steps.sender_receipt, status);
        let given = Facts { sender_receipt: facts.receipt, ..asked };
        assert!(Docflow::of(given).is_finished);
        assert_eq!(Docflow::of(given).steps.sender_receipt, ReceiptStatus::Finished);
    }
}

#[test]
fn an_amendment_request_is_spoken_of_and_delays_nothing() {
    let story =
        "post type=Invoice wf=17\n deliver\n confirm document\n B receipt\n deliver\n confirm receipt";
    for (who, expected) in
        [(Who::A, "+ Warning «Требуется уточнение» []"), (Who::B, "+ Warning «Ожидается уточнение» []")]
    {
        let state = state(story, who);
        let facts = facts(&state);
        let signed = facts.receipt.expect("it was posted").signed;
        let amendment = Amendment { signed, confirmation: None, receipt: None };
        let requested = Facts { amendment: Some(amendment), ..facts };
        check(requested, expected);
        let flow = Docflow::of(requested);
        assert!(flow.flags.is_amendment_requested && !flow.done.amendment);
        assert_eq!(flow.steps.amendment.bits(), 1);
        let revised = Facts { is_revised: true, ..requested };
        check(revised, "+ Info «Документооборот завершен» []");
        assert_eq!(Docflow::of(revised).steps.amendment.bits(), 3);
        assert_eq!(Docflow::of(Facts { is_corrected: true, ..revised }).steps.amendment.bits(), 7);
    }
}

#[test]
fn an_amendment_request_is_answered_by_a_receipt_where_nothing_is_confirmed() {
    let state = state("post\n deliver\n B receipt\n deliver", Who::A);
    let facts = facts(&state);
    let signed = facts.receipt.expect("it was posted").signed;
    let open = Amendment { signed, confirmation: None, receipt: None };
    let answered = Amendment { receipt: Some(signed), ..open };
    let flow = Docflow::of(Facts { amendment: Some(open), ..facts });
    assert_eq!(flow.primary_status.text, "Требуется подписать извещение о получении. Требуется уточнение");
    assert!(flow.is_finished && !flow.done.amendment);
    assert_eq!(flow.steps.amendment_receipt, ReceiptStatus::HaveToCreate);
    let flow = Docflow::of(Facts { amendment: Some(answered), ..facts });
    assert_eq!(flow.primary_status.text, "Требуется уточнение");
    assert!(flow.done.amendment);
    assert_eq!(flow.steps.amendment_receipt, ReceiptStatus::Finished);
}

fn with_revocation<'a>(
    facts: &Facts<'a>,
    initiator: Who,
    is_unilateral: bool,
    answer: Option<ResponseKind>,
) -> Facts<'a> {
    let request = facts.receipt.expect("the story has a receipt").signed;
    let answer = answer.map(|kind| Response { kind, signed: request, confirmation: None });
    let revocation = Revocation { request, initiator: box_of(initiator), is_unilateral, answer };
    Facts { revocation: Some(revocation), ..*facts }
}

#[test]
fn a_revocation_is_requested_and_answered() {
    let story = "post request receipt\n deliver\n B sign+receipt\n deliver";
    let refusal = ResponseKind::Refusal { is_formal: true };
    for (who, own, signed) in
        [(Who::A, "Ожидается", "Подписан контрагентом"), (Who::B, "Требуется", "Подписан")]
    {
        let state = state(story, who);
        let facts = facts(&state);
        check(
            with_revocation(&facts, Who::A, false, None),
            &format!("- Warning «{own} аннулирование» [SIGNED]"),
        );
        check(
            with_revocation(&facts, Who::A, false, Some(ResponseKind::Signature)),
            "+ Error «Аннулирован» [SIGNED]",
        );
        check(
            with_revocation(&facts, Who::A, false, Some(refusal)),
            &format!("+ Success «{signed}. Отказано в аннулировании» [SIGNED]"),
        );
        check(with_revocation(&facts, Who::A, true, None), "+ Error «Аннулирован» [SIGNED]");
        let status = |answer| Docflow::of(with_revocation(&facts, Who::A, false, answer)).steps.revocation;
        let mine = who == Who::A;
        assert_eq!(
            status(None),
            if mine { RevocationStatus::RequestedByMe } else { RevocationStatus::RequestsMine }
        );
        assert_eq!(status(Some(ResponseKind::Signature)), RevocationStatus::Accepted);
        assert_eq!(status(Some(refusal)), RevocationStatus::Rejected);
    }
}

#[test]
fn under_revocation_a_document_may_still_be_answered_but_not_once_it_is_revoked() {
    let state = state("post request\n deliver\n B receipt\n deliver", Who::B);
    let facts = facts(&state);
    check(with_revocation(&facts, Who::A, false, None), "- Warning «Требуется аннулирование» [answer]");
    check(with_revocation(&facts, Who::A, true, None), "+ Error «Аннулирован» []");
    let refused = with_revocation(&facts, Who::A, false, Some(ResponseKind::Refusal { is_formal: true }));
    check(refused, "- Warning «Требуется подпись. Отказано в аннулировании» [answer revoke]");
}

#[test]
fn an_intermediate_addressee_answers_first() {
    let story = "post request\n deliver\n B refuse\n deliver";
    let state = state(story, Who::A);
    let unanswered = Facts { response: None, ..facts(&state) };
    let answer = facts(&state).response.expect("the story has a refusal");
    let signed = Response { kind: ResponseKind::Signature, ..answer };
    let proxy = |response, is_viewer| Some(Proxy { box_id: box_of(Who::B), is_viewer, response });
    let with = |response| Facts { proxy: proxy(response, false), ..unanswered };
    check(with(None), "- Warning «Ожидается промежуточная подпись» [revoke]");
    check(with(Some(signed)), "- Warning «Ожидается подпись контрагента» [revoke]");
    check(with(Some(answer)), "+ Error «Контрагент отказал в подписи» [revoke]");
    let by_all = Facts { response: Some(signed), ..with(Some(signed)) };
    check(by_all, "+ Success «Подписан всеми получателями» [SIGNED]");
    let seen_by_proxy = |response| Facts { proxy: proxy(response, true), ..unanswered };
    check(seen_by_proxy(None), "- Warning «Требуется подпись» [revoke]");
    check(seen_by_proxy(Some(signed)), "- Success «Подписан» [revoke]");
    check(seen_by_proxy(Some(answer)), "+ Error «Отказано в подписи» [revoke]");
}

#[test]
fn a_workflow_that_nobody_knows_is_the_plainest_one() {
    let state = state("post wf=99 request\n deliver", Who::A);
    check(facts(&state), "- Warning «Ожидается подпись контрагента» [revoke]");
}
