use std::fmt::Write as _;

use super::*;

/// One line per workflow: id, sender's receipt, proxy, recipient, receipt on confirmation, receipt on confirmation of a
/// receipt, confirmation of a receipt, answer to an amendment request, confirmed titles, roaming, invitation.
const TABLE: &str = "\
01 T(D) S    OS(N) - - - or  -  - N
02 T(D) S    S(N)  - - - or  -  - N
03 T(D) S    T(D)  - - - or  -  - N
04 T(A) -    -     A A I or  T0 - N
05 T(A) -    T(N)  A A I or  T0 - N
06 T(D) S    -     - - - or  -  - N
07 T(D) -    OS(N) - - - no  -  - A
08 T(N) -    T(N)  - - - or  -  - D
09 T(D) S    -     - - - or  -  - N
10 T(A) -    -     A A I or  T0 - N
11 T(D) S    T(D)  - - - or  -  - N
12 T(A) -    T(N)  A A I or  T0 - N
13 T(D) T(N) T(N)  - - - or  -  - N
14 T(A) -    S(N)  - - - rcp -  - N
15 T(A) -    -     - - C cnf T0 A N
16 T(A) -    T(D)  - - C cnf T0 A N
17 T(A) -    -     - - C cnf T0 A N
18 T(A) -    T(D)  - - C cnf T1 A N
19 T(D) S    T(D)  - - - or  T1 - N
";

fn receipt(behavior: TitleReceiptBehavior) -> &'static str {
    match behavior {
        TitleReceiptBehavior::Never => "N",
        TitleReceiptBehavior::DefineByUser => "D",
        TitleReceiptBehavior::Always => "A",
    }
}

fn participant(participant: Option<Participant>, show_receipt: bool) -> String {
    let Some(Participant { action, receipt: behavior }) = participant else { return "-".into() };
    let action = match action {
        ParticipantAction::Title => "T",
        ParticipantAction::Signature => "S",
        ParticipantAction::OptionalSignature => "OS",
    };
    if show_receipt || action == "T" { format!("{action}({})", receipt(behavior)) } else { action.into() }
}

#[test]
fn the_table_is_the_one_of_the_api() {
    let mut shown = String::new();
    for workflow in &WORKFLOWS {
        let yes = |is: bool| if is { "A" } else { "-" };
        writeln!(
            shown,
            "{:02} T({}) {:<4} {:<5} {} {} {} {:<3} {:<2} {} {}",
            workflow.id.0,
            receipt(workflow.sender_receipt),
            participant(workflow.proxy, false),
            participant(workflow.recipient, true),
            yes(workflow.confirmation_receipt),
            yes(workflow.receipt_confirmation_receipt),
            match workflow.receipt_confirmation {
                ConfirmationBehavior::Never => "-",
                ConfirmationBehavior::Initiator => "I",
                ConfirmationBehavior::InitiatorCounterpart => "C",
            },
            match workflow.amendment {
                AmendmentResponse::None => "no",
                AmendmentResponse::Receipt => "rcp",
                AmendmentResponse::OperatorConfirmation => "cnf",
                AmendmentResponse::OperatorConfirmationOrReceipt => "or",
            },
            ["-", "T0", "T1"][usize::from(workflow.confirmed_titles)],
            yes(workflow.receipt_roaming_confirmation),
            match workflow.invitation {
                InvitationBehavior::Never => "N",
                InvitationBehavior::DefineByUser => "D",
                InvitationBehavior::Always => "A",
            },
        )
        .unwrap();
    }
    assert_eq!(shown, TABLE);
}

#[test]
fn a_workflow_is_found_by_its_number() {
    for number in 1..=19 {
        assert_eq!(settings(WorkflowId(number)).map(|found| found.id), Some(WorkflowId(number)));
    }
    for number in [i32::MIN, -1, 0, 20, i32::MAX] {
        assert_eq!(settings(WorkflowId(number)), None);
    }
}

/// The numbers of the workflows for which `is` holds.
fn where_true(is: impl Fn(&WorkflowSettings) -> bool) -> Vec<i32> {
    WORKFLOWS.iter().filter(|workflow| is(workflow)).map(|workflow| workflow.id.0).collect()
}

#[test]
fn the_predicates_hold_for_the_workflows_that_the_api_names() {
    assert_eq!(where_true(WorkflowSettings::title_is_confirmed), [4, 5, 10, 12, 15, 16, 17, 18, 19]);
    assert_eq!(where_true(WorkflowSettings::response_is_confirmed), [18, 19]);
    assert_eq!(where_true(WorkflowSettings::receipts_are_invoice_receipts), [4, 5, 10, 12, 15, 16, 17, 18]);
    assert_eq!(where_true(|workflow| !workflow.may_receipt()), [8]);
    assert_eq!(where_true(|workflow| workflow.needs_receipt(false)), [4, 5, 10, 12, 14, 15, 16, 17, 18]);
    assert_eq!(where_true(|workflow| !workflow.may_respond()), [4, 6, 9, 10, 15, 17]);
    assert_eq!(where_true(|workflow| !workflow.needs_response(false)), [1, 4, 6, 7, 9, 10, 15, 17]);
    assert_eq!(where_true(WorkflowSettings::response_is_title), [3, 5, 8, 11, 12, 13, 16, 18, 19]);
    assert_eq!(where_true(|workflow| workflow.needs_sender_receipt(true)), [3, 11, 16, 18, 19]);
    assert_eq!(where_true(|workflow| workflow.receipt_is_confirmed(false)), [15, 16, 17, 18]);
    assert_eq!(where_true(WorkflowSettings::amendment_is_confirmed), [15, 16, 17, 18, 19]);
    assert_eq!(where_true(|workflow| !workflow.may_request_amendment()), [7]);
    assert_eq!(
        where_true(WorkflowSettings::amendment_needs_receipt),
        [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14]
    );
}
