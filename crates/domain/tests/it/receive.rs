//! What arrives, and what the sender is told of it.

use potok_stories::{Story, Who};

/// The feeds of both boxes after `steps`, all of which succeed.
#[track_caller]
fn check(steps: &str, a: &str, b: &str) {
    let (story, refused) = Story::play(steps);
    assert_eq!(refused, None);
    let trim = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    assert_eq!(story.feed(Who::A), trim(a), "the feed of A");
    assert_eq!(story.feed(Who::B), trim(b), "the feed of B");
}

/// What a box knows of its entities after `steps`.
#[track_caller]
fn check_fates(steps: &str, who: Who, expected: &str) {
    let (story, refused) = Story::play(steps);
    assert_eq!(refused, None);
    assert_eq!(story.fates(who), expected);
}

#[test]
fn a_document_with_a_signature_request_goes_there_and_the_signature_back() {
    check(
        "post Nonformalized ask comment; deliver; B signs d1; deliver",
        "message: d1 comment(d1) sA(d1)
         delivered message:
         received: sB(d1)",
        "message: d1 comment(d1) sA(d1)
         patch: sB(d1)
         delivered patch:",
    );
}

#[test]
fn a_refusal_goes_back_with_its_signature() {
    check(
        "post Nonformalized ask; deliver; B refuses d1; deliver",
        "message: d1 sA(d1)
         delivered message:
         received: refusal(d1) sB(refusal(d1))",
        "message: d1 sA(d1)
         patch: refusal(d1) sB(refusal(d1))
         delivered patch:",
    );
}

#[test]
fn a_bad_signature_keeps_the_letter_back() {
    check(
        "post Nonformalized Nonformalized comment badly; deliver",
        "message: d1 comment(d1) sA(d1) d2 comment(d2) sA(d2)
         not delivered: report(sA(d1)) notice()",
        "",
    );
    check_fates(
        "post Nonformalized Nonformalized badly; deliver",
        Who::A,
        "d1 lost, sA(d1) bad lost, d2 lost, sA(d2) bad lost, report(sA(d1)) there, notice() there",
    );
}

#[test]
fn a_letter_is_sent_again_after_a_bad_signature() {
    check(
        "post Nonformalized comment badly; deliver; A signs d1; deliver",
        "message: d1 comment(d1) sA(d1)
         not delivered: report(sA(d1)) notice()
         patch: sA(d1)
         delivered message:",
        "message: d1 comment(d1) sA(d1)",
    );
    check_fates(
        "post Nonformalized comment badly; deliver; A signs d1; deliver",
        Who::A,
        "d1 there, comment(d1) there, sA(d1) bad lost, report(sA(d1)) there, notice() there, sA(d1) there",
    );
}

#[test]
fn a_revocation_of_a_letter_that_failed_meanwhile_is_given_up() {
    let steps = "post Nonformalized badly; A revokes d1; deliver; A signs d1; deliver";
    check(
        steps,
        "message: d1 sA(d1)
         patch: revocation(d1) sA(revocation(d1))
         not delivered: report(sA(d1)) notice()
         patch: sA(d1)
         delivered message:",
        "message: d1 sA(d1)",
    );
    check_fates(
        steps,
        Who::A,
        "d1 there, sA(d1) bad lost, revocation(d1) lost, sA(revocation(d1)) unchecked, report(sA(d1)) there, \
         notice() there, sA(d1) there",
    );
    check_fates(
        &format!("{steps}; A revokes d1; deliver"),
        Who::B,
        "d1 there, sA(d1) there, revocation(d1) there, sA(revocation(d1)) there",
    );
}

#[test]
fn unsent_documents_travel_one_by_one() {
    check(
        "post Nonformalized Nonformalized delay comment; A signs d1; deliver; A signs d2; deliver",
        "message: d1 comment(d1) d2 comment(d2)
         patch: sA(d1)
         delivered message:
         patch: sA(d2)
         delivered patch:",
        "message: d1 comment(d1) sA(d1)
         received: d2 comment(d2) sA(d2)",
    );
    check_fates(
        "post Nonformalized Nonformalized delay; A signs d1; deliver",
        Who::A,
        "d1 there, d2, sA(d1) there",
    );
}

#[test]
fn of_two_sendings_on_the_way_the_second_gets_through() {
    check(
        "post Nonformalized Nonformalized delay; A signs d1 badly; A signs d2; deliver",
        "message: d1 d2
         patch: sA(d1)
         patch: sA(d2)
         not delivered: report(sA(d1)) notice()
         delivered message:",
        "message: d2 sA(d2)",
    );
}

#[test]
fn an_approval_before_sending_goes_with_the_document() {
    check(
        "post Nonformalized delay; A approves d1; deliver; A signs d1; deliver",
        "message: d1
         patch: approvalA(d1)
         patch: sA(d1)
         delivered message:",
        "message: d1 approvalA(d1) sA(d1)",
    );
}

#[test]
fn an_approval_after_sending_goes_at_once() {
    check(
        "post Nonformalized; deliver; A approves d1; B approves d1; deliver",
        "message: d1 sA(d1)
         delivered message:
         patch: approvalA(d1)
         delivered patch:
         received: approvalB(d1)",
        "message: d1 sA(d1)
         patch: approvalB(d1)
         received: approvalA(d1)
         delivered patch:",
    );
}

#[test]
fn an_approval_of_a_letter_that_failed_meanwhile_waits_for_the_next_sending() {
    let steps = "post Nonformalized badly; A approves d1; deliver";
    check(
        steps,
        "message: d1 sA(d1)
         patch: approvalA(d1)
         not delivered: report(sA(d1)) notice()",
        "",
    );
    check(
        &format!("{steps}; A signs d1; deliver"),
        "message: d1 sA(d1)
         patch: approvalA(d1)
         not delivered: report(sA(d1)) notice()
         patch: sA(d1)
         delivered message:",
        "message: d1 approvalA(d1) sA(d1)",
    );
}

#[test]
fn a_bad_approval_does_not_hold_the_document_for_ever() {
    check(
        "post Nonformalized delay; A approves d1 badly; A signs d1; deliver; A signs d1; deliver",
        "message: d1
         patch: approvalA(d1)
         patch: sA(d1)
         not delivered: report(approvalA(d1)) notice()
         patch: sA(d1)
         delivered message:",
        "message: d1 sA(d1)",
    );
}

#[test]
fn a_bad_answer_stays_in_the_box_of_who_gave_it() {
    check(
        "post Nonformalized ask; deliver; B signs d1 badly; deliver; B signs d1; deliver",
        "message: d1 sA(d1)
         delivered message:
         received: sB(d1)",
        "message: d1 sA(d1)
         patch: sB(d1)
         not delivered: report(sB(d1)) notice()
         patch: sB(d1)
         delivered patch:",
    );
}

#[test]
fn signature_and_receipt_go_in_one_patch() {
    check(
        "post Nonformalized ask receipt; deliver; B signs d1 & receipts d1; deliver",
        "message: d1 sA(d1)
         delivered message:
         received: sB(d1) receipt(d1) sB(receipt(d1))",
        "message: d1 sA(d1)
         patch: sB(d1) receipt(d1) sB(receipt(d1))
         delivered patch:",
    );
}

#[test]
fn an_internal_letter_stays_in_one_box() {
    let steps = "post Nonformalized internal ask delay; A signs d1; A signs d1; A approves d1; deliver";
    check(
        steps,
        "message: d1
         patch: sA(d1)
         patch: sA(d1)
         patch: approvalA(d1)",
        "",
    );
    check_fates(steps, Who::A, "d1 there, sA(d1) there, sA(d1) there, approvalA(d1) there");
    check_fates("post Nonformalized internal delay", Who::A, "d1");
}

mod privacy;
