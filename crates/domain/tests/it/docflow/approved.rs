//! Approval inside one organization, which the other side sees nothing of.

use potok_domain::docflow::ApprovalStatus;
use potok_stories::Who;

use super::read;

/// The status in B's box, whether it is final, and how many requests are open.
#[track_caller]
fn status(steps: &str) -> (ApprovalStatus, bool, usize) {
    read(&format!("post Nonformalized ask; deliver{steps}"), Who::B, |flow| {
        let approvals = flow.facts.current_approvals();
        assert_eq!(approvals.newest.is_none(), approvals.status == ApprovalStatus::None);
        (approvals.status, approvals.status.is_finished(), approvals.open().count())
    })
}

#[test]
fn the_newest_fact_decides() {
    use ApprovalStatus as Approval;
    let approval = "; B asks-approval d1 to-me";
    let signature = "; B asks-signature d1 to-me";
    let both = "; B asks-approval-signature d1 to-me";
    for (steps, expected) in [
        (String::new(), (Approval::None, true, 0)),
        (approval.to_owned(), (Approval::ApprovementRequested, false, 1)),
        (both.to_owned(), (Approval::ApprovementSignatureRequested, false, 1)),
        (signature.to_owned(), (Approval::PrimarySignatureRequested, false, 1)),
        ("; B puts-on-route d1".to_owned(), (Approval::ActionsRequested, false, 1)),
        ("; B resolves-yes d1".to_owned(), (Approval::Approved, true, 0)),
        ("; B resolves-no d1".to_owned(), (Approval::Disapproved, true, 0)),
        (format!("{signature}; B denies request(d1)"), (Approval::SignatureRequestRejected, true, 0)),
        (format!("{both}; B approves d1"), (Approval::SignedWithApprovingSignature, true, 0)),
        (format!("{approval}{signature}; B signs d1"), (Approval::SignedWithPrimarySignature, true, 0)),
        (format!("{approval}{signature}; B refuses d1"), (Approval::PrimarySignatureRejected, true, 0)),
        (format!("{approval}; B cancels request(d1)"), (Approval::None, true, 0)),
        (format!("{approval}{signature}; B cancels request(d1)"), (Approval::ApprovementRequested, false, 1)),
        (format!("{signature}; B signs d1 badly; deliver"), (Approval::PrimarySignatureRequested, false, 1)),
    ] {
        assert_eq!(status(&steps), expected, "{steps}");
    }
}

#[test]
fn the_other_side_sees_nothing_of_it() {
    let steps = "post Nonformalized ask; deliver; B asks-approval d1 to-me; B resolves-no d1; \
                 B asks-approval-signature d1 to-me; deliver";
    read(steps, Who::A, |flow| {
        assert!(flow.secondary_status.is_none() && !flow.facts.approvals.exists);
    });
}
