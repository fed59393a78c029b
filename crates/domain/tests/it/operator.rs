//! What the operator confirms, and to whom.

use potok_types::{BoxId, DepartmentId};

use potok_domain::docflow::docflow;
use potok_domain::operator::ConfirmationKind;
use potok_domain::{Check, PowerOfAttorney, Service};
use potok_stories::{Story, Who};

/// The feeds of both boxes after `steps`, all of which succeed.
#[track_caller]
fn check(steps: &str, a: &str, b: &str) -> Story {
    let (story, refused) = Story::play(steps);
    assert_eq!(refused, None);
    let trim = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    assert_eq!(story.feed(Who::A), trim(a), "the feed of A");
    assert_eq!(story.feed(Who::B), trim(b), "the feed of B");
    story
}

/// Who has a confirmation of `attachment` after `steps`: `A`, `B`, both or nobody.
fn confirmed(steps: &str, attachment: &str) -> String {
    let (story, refused) = Story::play(steps);
    assert_eq!(refused, None, "{steps}");
    let has = |who| {
        let names = story.names(who);
        ["received", "passed-on"]
            .iter()
            .any(|kind| names.values().any(|name| *name == format!("{kind}({attachment})")))
    };
    [(Who::A, "A"), (Who::B, "B")].iter().filter(|(who, _)| has(*who)).map(|(_, name)| *name).collect()
}

/// The exchange that the API's own page of worked examples shows.
const ACCEPTED: &str =
    "post UniversalTransferDocument fnСЧФДОП wf18; deliver; B receipts d1; deliver; B titles d1; deliver";

#[test]
fn a_universal_transfer_document_is_received_and_accepted() {
    let story = check(
        ACCEPTED,
        "message: d1 sA(d1)
         delivered message: received(d1) sOp(received(d1))
         received: invoice-receipt(d1) sB(invoice-receipt(d1)) passed-on(invoice-receipt(d1)) sOp(passed-on(invoice-receipt(d1)))
         received: title(d1) sB(title(d1)) passed-on(title(d1)) sOp(passed-on(title(d1)))",
        "message: d1 sA(d1) passed-on(d1) sOp(passed-on(d1))
         patch: invoice-receipt(d1) sB(invoice-receipt(d1))
         delivered patch: received(invoice-receipt(d1)) sOp(received(invoice-receipt(d1)))
         patch: title(d1) sB(title(d1))
         delivered patch: received(title(d1)) sOp(received(title(d1)))",
    );
    let document = story.simulation.document(story.message(), 0);
    for who in [Who::A, Who::B] {
        let state = story.simulation.state(who, story.message()).unwrap();
        assert!(docflow(&state, document).unwrap().is_finished, "{who:?}");
    }
}

#[test]
fn the_flow_is_open_as_long_as_a_confirmation_is_missing() {
    let (mut story, _) = Story::play("post Invoice wf17; deliver; B receipts d1");
    let planned = story.simulation.outbox[0];
    let (message, document) = (story.message(), story.simulation.document(story.message(), 0));
    let is_finished = |story: &Story, who| {
        docflow(&story.simulation.state(who, message).unwrap(), document).unwrap().is_finished
    };
    let (verdicts, receipt) = story.simulation.hand_over(planned);
    assert!(is_finished(&story, Who::A), "the sender has the receipt and its confirmation");
    assert!(!is_finished(&story, Who::B), "the recipient's own confirmation is on its way");
    story.simulation.report(planned, &verdicts, receipt);
    assert!(is_finished(&story, Who::B));
}

#[test]
fn what_arrived_before_is_confirmed_to_its_poster_all_the_same() {
    let (mut story, _) = Story::play("post Invoice wf17");
    let planned = story.simulation.outbox[0];
    let _ = story.simulation.hand_over(planned);
    let (verdicts, again) = story.simulation.hand_over(planned);
    story.simulation.report(planned, &verdicts, again);
    assert_eq!(
        (story.feed(Who::A), story.feed(Who::B)),
        (
            "message: d1 sA(d1)\ndelivered message: received(d1) sOp(received(d1))".to_owned(),
            "message: d1 sA(d1) passed-on(d1) sOp(passed-on(d1))".to_owned()
        )
    );
}

#[test]
fn several_documents_have_their_confirmations_beside_them() {
    check(
        "post Invoice Nonformalized Invoice; deliver",
        "message: d1 sA(d1) d2 sA(d2) d3 sA(d3)
         delivered message: received(d1) sOp(received(d1)) received(d3) sOp(received(d3))",
        "message: d1 sA(d1) passed-on(d1) sOp(passed-on(d1)) d2 sA(d2) d3 sA(d3) passed-on(d3) sOp(passed-on(d3))",
    );
}

#[test]
fn nothing_is_confirmed_that_was_not_delivered() {
    check(
        "post Invoice badly; deliver",
        "message: d1 sA(d1)
         not delivered: report(sA(d1)) notice()",
        "",
    );
    check(
        "post Invoice delay; A signs d1; deliver",
        "message: d1
         patch: sA(d1)
         delivered message: received(d1) sOp(received(d1))",
        "message: d1 sA(d1) passed-on(d1) sOp(passed-on(d1))",
    );
}

/// For each workflow: document, receipt on it, title, refusal, amendment request, revocation request. A dot: not possible.
#[test]
fn the_workflow_says_what_is_confirmed_to_whom() {
    let mut table = String::new();
    for (workflow, kind) in [
        (1, "Nonformalized"),
        (2, "Nonformalized"),
        (3, "UniversalTransferDocument fnДОП"),
        (4, "Invoice"),
        (5, "UniversalTransferDocument fnСЧФДОП"),
        (10, "Invoice"),
        (11, "UniversalTransferDocument fnДОП"),
        (12, "UniversalTransferDocument fnСЧФДОП"),
        (16, "UniversalTransferDocument fnСЧФДОП"),
        (17, "Invoice"),
        (18, "UniversalTransferDocument fnСЧФДОП"),
        (19, "UniversalTransferDocument fnДОП"),
    ] {
        let settings = potok_domain::workflow::settings(potok_domain::WorkflowId(workflow)).unwrap();
        let is_titled = settings.response_is_title();
        let after = |steps: &str, attachment: &str| {
            let steps = format!("post {kind} wf{workflow} ask receipt; deliver; {steps}");
            match Story::play(&steps).1 {
                None => match confirmed(&format!("{steps}; deliver"), attachment) {
                    nobody if nobody.is_empty() => "-".to_owned(),
                    both_or_one => both_or_one,
                },
                Some(_) => ".".to_owned(),
            }
        };
        let receipt = if settings.receipts_are_invoice_receipts() { "invoice-receipt" } else { "receipt" };
        let cells = [
            after("deliver", "d1"),
            after("B receipts d1", &format!("{receipt}(d1)")),
            if is_titled { after("B titles d1", "title(d1)") } else { ".".to_owned() },
            after("B refuses d1", "refusal(d1)"),
            after("B amends d1", "amendment(d1)"),
            after("A revokes d1", "revocation(d1)"),
        ];
        table += &format!("{workflow:02} {}\n", cells.map(|cell| format!("{cell:2}")).join(" ").trim_end());
    }
    assert_eq!(table, TABLE);
}

const TABLE: &str = "\
01 -  -  .  -  -  -
02 -  -  .  -  -  -
03 -  -  -  -  -  -
04 AB B  .  .  -  -
05 AB B  -  -  -  -
10 AB B  .  .  -  -
11 -  -  -  -  -  -
12 AB B  -  -  -  -
16 AB AB -  -  AB -
17 AB AB .  .  AB -
18 AB AB AB AB AB -
19 AB -  AB AB AB -
";

#[test]
fn the_operator_signs_for_nobody() {
    let (story, _) = Story::play(ACCEPTED);
    for (who, kind) in [(Who::A, ConfirmationKind::Received), (Who::B, ConfirmationKind::PassedOn)] {
        let state = story.simulation.state(who, story.message()).unwrap();
        let document = story.simulation.document(story.message(), 0);
        let is_confirmation =
            |found: &&potok_domain::EntityState| found.entity.service() == Some(&Service::Confirmation);
        let found = state.children(document).find(is_confirmation).unwrap();
        assert_eq!(found.entity.content_type_id, kind.content_type_id());
        assert!(found.entity.file_name.is_some() && found.entity.author.is_none());
        assert_eq!(found.entity.created_at, found.appeared_at, "it has the time of its event");
        let signatures: Vec<_> = state.children(found.entity.id).collect();
        let [signature] = signatures.as_slice() else { panic!("one signature") };
        let body = signature.entity.signature().unwrap();
        assert_eq!((body.signer_box, body.signer_department), (BoxId::ZERO, DepartmentId::ZERO));
        assert_eq!(
            (signature.check, signature.power_of_attorney),
            (Check::Valid, Some(PowerOfAttorney::NotRequired))
        );
        assert_eq!((signature.entity.author, signature.appeared_at), (None, found.appeared_at));
    }
}
