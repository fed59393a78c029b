//! The `Document` structure, where neither lifecycles nor worked examples tell of it.

use potok_stories::Who;
use potok_translate::document::document;
use serde_json::{Value, json as value};

use crate::layout::{named, names};
use crate::rows::check_rows;
use crate::shown::{Seen, json, story};

/// What `who` sees of the first document after `steps`, with names in the place of ids and times.
fn view(steps: &str, who: Who) -> (String, Value) {
    let story = story(steps);
    let seen = Seen::of(&story, who).expect("the document is there");
    let shown = document(&seen.state, seen.document).expect("the document is there");
    (format!("{who:?} after {steps}"), named(&json(&shown), &names(&story, who, &seen.state)))
}

#[test]
fn approval_is_told_in_the_own_box_only() {
    let asked = "post Nonformalized ask; deliver; B asks-approval d1";
    let resolved = format!("{asked}; B' resolves-no d1");
    let other = view(&resolved, Who::A);
    check_rows(
        &[
            view("post Nonformalized ask; deliver", Who::B),
            view(asked, Who::B),
            view(&resolved, Who::B),
            other,
        ],
        r#"
        /ResolutionStatus/Type | - | "ApprovementRequested" | "Disapproved" | -
        /ResolutionStatus/Target/User | - | "Сидоров Пётр" | - | -
        /ResolutionStatus/AuthorFIO | - | "Петрова Анна" | "Сидоров Пётр" | -
        /ResolutionRouteId | "" | = | = | =
        "#,
    );
}

#[test]
fn before_it_is_sent_nothing_is_known() {
    check_rows(
        &[view("post Nonformalized ask receipt delay", Who::A)],
        r#"
        /SenderSignatureStatus | "WaitingForSenderSignature"
        /RecipientResponseStatus | "RecipientResponseStatusUnknown"
        /RecipientReceiptMetadata/ReceiptStatus | "GeneralReceiptStatusUnknown"
        /NonformalizedDocumentMetadata | {"DocumentStatus":"OutboundWaitingForSenderSignature","ReceiptStatus":"ReceiptStatusNone"}
        /SendTimestampTicks | -
        "#,
    );
}

#[test]
fn operator_dates_count_in_the_local_time_of_moscow() {
    let confirmed = view("post Invoice; deliver", Who::A).1;
    let told =
        confirmed["ConfirmationMetadata"]["DateTimeTicks"].as_str().expect("it is confirmed").to_owned();
    assert!(told.ends_with("+3h"), "{told}");
    assert_eq!(confirmed["InvoiceMetadata"]["ConfirmationDateTimeTicks"], told);
    let sent = view("post Invoice", Who::A).1;
    assert_eq!(sent["ConfirmationMetadata"]["DateTimeTicks"], value!(0));
    assert_eq!(sent["InvoiceMetadata"]["ConfirmationDateTimeTicks"], value!(0));
    let receipt = &confirmed["RecipientReceiptMetadata"]["ConfirmationMetadata"];
    assert_eq!(receipt.get("DateTimeTicks").unwrap_or(&value!(0)), &value!(0), "no receipt to confirm yet");
}
