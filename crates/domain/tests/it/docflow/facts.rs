//! Parts in a revocation, messages that change nothing, workflows of tomorrow.

use potok_domain::docflow::RevocationStatus;
use potok_stories::Who;

use super::read;
use crate::lifecycles::line;

#[test]
fn each_side_knows_its_part_in_a_revocation() {
    let asked = "post Nonformalized ask; deliver; B signs d1; deliver; A revokes d1; deliver";
    let status = |steps: &str, who| read(steps, who, |flow| flow.steps.revocation);
    assert_eq!(status(asked, Who::A), RevocationStatus::RequestedByMe);
    assert_eq!(status(asked, Who::B), RevocationStatus::RequestsMine);
    for (answer, end) in [("signs", RevocationStatus::Accepted), ("refuses", RevocationStatus::Rejected)] {
        let answered = format!("{asked}; B {answer} revocation(d1); deliver");
        assert_eq!((status(&answered, Who::A), status(&answered, Who::B)), (end, end));
    }
}

#[test]
fn what_is_said_aside_changes_nothing() {
    let quiet = "post Nonformalized ask receipt; deliver";
    let said = format!("{quiet}; B says 4002 d1; deliver; B says 4003 d1 aside; deliver");
    for who in [Who::A, Who::B] {
        let (after, count) = read(&said, who, |flow| (line(flow), flow.facts.out_of_workflow.len()));
        assert_eq!(read(quiet, who, line), after);
        assert_eq!(count, 2);
    }
}

#[test]
fn of_two_receipts_the_first_counts() {
    let steps = "post Nonformalized receipt; deliver; B says 1999 d1; deliver; B says 1999 d1; deliver";
    read(steps, Who::A, |flow| {
        let receipt = flow.facts.receipt.expect("it was given").signed.file;
        let [second] = flow.facts.out_of_workflow[..] else { panic!("one changes nothing") };
        assert!(receipt.entity.created_at < second.entity.created_at);
    });
}

#[test]
fn a_workflow_that_nobody_knows_is_the_plainest_one() {
    let steps = "post Nonformalized ask as-wf99; deliver";
    assert_eq!(read(steps, Who::A, line), "- Warning «Ожидается подпись контрагента» [revoke]");
}
