//! Approval inside one organization, which the other side sees nothing of.

use potok_domain::docflow::{ApprovalStatus, docflow};

use super::check;
use crate::script::{Who, World, document_id};

#[test]
fn approval_is_asked_for_and_given() {
    check(
        "
        post request
          A - Info «Отправляется» []
        deliver
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» [answer receipt revoke]
        B ask approval
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» / Warning «На согласовании» [answer receipt revoke]
        B resolve yes
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» / Success «Согласован» [answer receipt revoke]
        B ask signature
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» / Warning «На подписании» [answer receipt revoke]
        B deny
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» / Error «Отказано в запросе подписи» [answer receipt revoke]
        B cancel denial
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Warning «Требуется подпись» / Warning «На подписании» [answer receipt revoke]
        B sign
          A - Warning «Ожидается подпись контрагента» [revoke]
          B - Success «Подписан» [receipt SIGNED]
        deliver
          A + Success «Подписан контрагентом» [SIGNED]
          B + Success «Подписан» [receipt SIGNED]
        ",
    );
}

#[test]
fn what_was_withdrawn_counts_no_more() {
    check(
        "
        post unsent
          A - Warning «Требуется подписать и отправить» [sign]
        A ask approval
          A - Warning «Требуется подписать и отправить» / Warning «На согласовании» [sign]
        A resolve no
          A - Warning «Требуется подписать и отправить» / Error «Отказано в согласовании» [sign]
        A cancel resolution
          A - Warning «Требуется подписать и отправить» / Warning «На согласовании» [sign]
        A cancel request
          A - Warning «Требуется подписать и отправить» [sign]
        A ask stage
          A - Warning «Требуется подписать и отправить» / Warning «На согласовании» [sign]
        A resolve yes
          A - Warning «Требуется подписать и отправить» / Success «Согласован» [sign]
        A sign
          A - Info «Отправляется» []
        ",
    );
}

/// The status in B's box, whether it is final, and how many requests are open.
fn status(story: &str) -> (ApprovalStatus, bool, usize) {
    let world = World::after(&format!("post request\n deliver\n {story}"));
    let state = world.state(Who::B).expect("the message is there");
    let flow = docflow(&state, document_id()).expect("the document is there");
    let approvals = flow.facts.current_approvals();
    assert_eq!(approvals.newest.is_none(), approvals.status == ApprovalStatus::None);
    (approvals.status, approvals.status.is_finished(), approvals.open().count())
}

#[test]
fn the_newest_fact_decides() {
    use ApprovalStatus as Approval;
    for (story, expected) in [
        ("", (Approval::None, true, 0)),
        ("B ask approval", (Approval::ApprovementRequested, false, 1)),
        ("B ask approval-signature", (Approval::ApprovementSignatureRequested, false, 1)),
        ("B ask signature", (Approval::PrimarySignatureRequested, false, 1)),
        ("B ask stage", (Approval::ActionsRequested, false, 1)),
        ("B resolve yes", (Approval::Approved, true, 0)),
        ("B resolve no", (Approval::Disapproved, true, 0)),
        ("B ask signature\n B deny", (Approval::SignatureRequestRejected, true, 0)),
        ("B ask approval-signature\n B approve", (Approval::SignedWithApprovingSignature, true, 0)),
        ("B ask approval\n B ask signature\n B sign", (Approval::SignedWithPrimarySignature, true, 0)),
        ("B ask approval\n B ask signature\n B refuse", (Approval::PrimarySignatureRejected, true, 0)),
        ("B ask approval\n B cancel request", (Approval::None, true, 0)),
        ("B ask approval\n B ask signature\n B cancel request", (Approval::ApprovementRequested, false, 1)),
        ("B ask signature\n B sign\n fail", (Approval::PrimarySignatureRequested, false, 1)),
    ] {
        assert_eq!(status(story), expected, "{story}");
    }
}

#[test]
fn the_other_side_sees_nothing_of_it() {
    let world =
        World::after("post request\n deliver\n B ask approval\n B resolve no\n B ask approval-signature");
    let state = world.state(Who::A).expect("the message is there");
    let flow = docflow(&state, document_id()).expect("the document is there");
    assert!(flow.secondary_status.is_none() && !flow.facts.approvals.exists);
}
