//! The `Document` structure.

use potok_translate::document::document;
use serde_json::Value;

use crate::golden::{check, check_rows, json};
use crate::script::{Who, World, document_id};

use Who::{A, B};

fn views(steps: &[&str], wanted: &[(Who, usize)]) -> Vec<(String, Value)> {
    let view = |(who, count): &(Who, usize)| {
        let world = World::after(&steps[..*count].join("\n"));
        let state = world.state(*who).expect("the message is there");
        let shown = document(&state, document_id()).expect("the document is there");
        (format!("{who:?} {count}: {}", steps[count - 1]), json(&shown))
    };
    wanted.iter().map(view).collect()
}

#[test]
fn a_signature_is_requested_and_given() {
    let steps = ["post request", "deliver", "B sign", "deliver"];
    let views = views(&steps, &[(A, 1), (A, 2), (A, 4), (B, 2), (B, 4)]);
    check_rows(
        &views,
        r#"
        /NonformalizedDocumentMetadata/DocumentStatus | "OutboundWaitingForRecipientSignature" | = | "OutboundWithRecipientSignature" | "InboundWaitingForRecipientSignature" | "InboundWithRecipientSignature"
        /NonformalizedDocumentMetadata/ReceiptStatus | "ReceiptStatusNone" | = | = | = | =
        /RecipientReceiptMetadata/ReceiptStatus | "GeneralReceiptStatusNotAcceptable" | = | = | = | =
        /RecipientReceiptMetadata/ConfirmationMetadata | - | = | = | = | =
        /ConfirmationMetadata | {"DateTimeTicks":0,"ReceiptStatus":"GeneralReceiptStatusNotAcceptable"} | = | = | = | =
        /SenderReceiptMetadata/ReceiptStatus | "GeneralReceiptStatusNotAcceptable" | = | = | = | =
        /AmendmentRequestMetadata | {"AmendmentFlags":0,"ReceiptStatus":"GeneralReceiptStatusNotAcceptable"} | = | = | = | =
        /RecipientResponseStatus | "WaitingForRecipientSignature" | = | "WithRecipientSignature" | "WaitingForRecipientSignature" | "WithRecipientSignature"
        /RevocationStatus | "RevocationStatusNone" | = | = | = | =
        /SenderSignatureStatus | "SenderSignatureUnchecked" | "SenderSignatureCheckedAndValid" | = | = | =
        /DeliveryTimestampTicks | - | 639055477200000000 | = | = | =
        /LastModificationTimestampTicks | 639055476600000000 | 639055477200000000 | 639055478400000000 | 639055477200000000 | 639055478400000000
        /IsRead | true | = | = | false | true
        /Title | "Неформализованный документ №7 от 01.02.26" | = | = | = | =
        /DocflowStatus/PrimaryStatus | {"Severity":"Info","StatusText":"Отправляется"} | {"Severity":"Warning","StatusText":"Ожидается подпись контрагента"} | {"Severity":"Success","StatusText":"Подписан контрагентом"} | {"Severity":"Warning","StatusText":"Требуется подпись"} | {"Severity":"Success","StatusText":"Подписан"}
        "#,
    );
    check("testdata/document", "signed", &views);
}

#[test]
fn approval_is_told_in_the_own_box_only() {
    let steps = [
        "post request",
        "deliver",
        "B ask approval",
        "B resolve no",
        "B ask signature",
        "B deny",
        "B ask approval-signature",
        "B approve",
        "B ask stage",
        "B sign",
    ];
    let mut wanted: Vec<_> = (2..=steps.len()).map(|step| (B, step)).collect();
    wanted.push((A, 10));
    check_rows(
        &views(&steps, &wanted),
        r#"
        /ResolutionStatus/Type | - | "ApprovementRequested" | "Disapproved" | "SignatureRequested" | "SignatureDenied" | "ApprovementRequested" | "Approved" | "ActionsRequested" | "None" | -
        /ResolutionStatus/Target/Department | - | "Отдел" | - | "Отдел" | - | "Отдел" | - | "Отдел" | - | -
        /ResolutionStatus/AuthorFIO | - | "Иванов Иван Иванович" | = | = | = | = | "" | "Иванов Иван Иванович" | "" | -
        /ResolutionRouteId | "" | = | = | = | = | = | = | = | = | =
        "#,
    );
}

#[test]
fn a_refusal_reads_as_such_in_the_old_statuses() {
    let steps = ["post request", "deliver", "B refuse", "deliver"];
    check_rows(
        &views(&steps, &[(A, 4), (B, 3), (B, 4)]),
        r#"
        /NonformalizedDocumentMetadata/DocumentStatus | "OutboundRecipientSignatureRequestRejected" | "InboundRecipientSignatureRequestRejected" | =
        /RecipientResponseStatus | "RecipientSignatureRequestRejected" | = | =
        "#,
    );
}

#[test]
fn before_it_is_sent_nothing_is_known() {
    check_rows(
        &views(&["post unsent receipt request"], &[(A, 1)]),
        r#"
        /SenderSignatureStatus | "WaitingForSenderSignature"
        /RecipientResponseStatus | "RecipientResponseStatusUnknown"
        /RecipientReceiptMetadata/ReceiptStatus | "GeneralReceiptStatusUnknown"
        /NonformalizedDocumentMetadata | {"DocumentStatus":"OutboundWaitingForSenderSignature","ReceiptStatus":"ReceiptStatusNone"}
        /SendTimestampTicks | -
        "#,
    );
}

/// The old status of a document after each step: `A` and, once it is there, `B`; numbers of the API.
#[track_caller]
fn check_status(pointer: &str, expected: &[(&str, i64, Option<i64>)]) {
    let mut world = World::new();
    let number = |world: &World, who| {
        let state = world.state(who).filter(|state| who == A || !state.is_internal)?;
        let shown = json(&document(&state, document_id())?);
        Some(shown.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {shown:#}")).clone())
    };
    for (step, sender, recipient) in expected {
        world.step(step);
        assert_eq!(number(&world, A), Some(name(pointer, *sender)), "A after {step}");
        assert_eq!(number(&world, B), recipient.map(|recipient| name(pointer, recipient)), "B after {step}");
    }
}

/// The name under which JSON shows the number.
fn name(pointer: &str, number: i64) -> Value {
    use potok_wire::proto::documents::{
        acceptance_certificate_document as act, bilateral_document as bilateral, invoice_document as invoice,
        nonformalized_document as nonformalized, unilateral_document as unilateral,
        universal_transfer_document as transfer,
    };
    let number = i32::try_from(number).expect("numbers are small");
    let metadata = pointer.split('/').nth(1).expect("a structure and a field");
    let name = match metadata {
        "NonformalizedDocumentMetadata" => {
            nonformalized::NonformalizedDocumentStatus::try_from(number).expect("known").as_str_name()
        }
        "AcceptanceCertificateMetadata" => {
            act::AcceptanceCertificateDocumentStatus::try_from(number).expect("known").as_str_name()
        }
        "InvoiceMetadata" => invoice::InvoiceStatus::try_from(number).expect("known").as_str_name(),
        "ProformaInvoiceMetadata" => {
            unilateral::UnilateralDocumentStatus::try_from(number).expect("known").as_str_name()
        }
        "UniversalTransferDocumentMetadata" => {
            transfer::UniversalTransferDocumentStatus::try_from(number).expect("known").as_str_name()
        }
        _ => bilateral::BilateralDocumentStatus::try_from(number).expect("known").as_str_name(),
    };
    Value::from(name)
}

#[test]
fn statuses_of_documents_without_a_form() {
    let pointer = "/NonformalizedDocumentMetadata/DocumentStatus";
    check_status(
        pointer,
        &[
            ("post unsent", 13, None),
            ("A sign", 1, None),
            ("fail", 14, None),
            ("A sign", 1, None),
            ("deliver", 1, Some(5)),
            ("B sign", 1, Some(7)),
            ("deliver", 3, Some(7)),
        ],
    );
    check_status(
        pointer,
        &[
            ("post request", 2, None),
            ("deliver", 2, Some(6)),
            ("B sign", 2, Some(7)),
            ("fail", 2, Some(15)),
            ("B refuse", 2, Some(8)),
            ("deliver", 4, Some(8)),
        ],
    );
    check_status(pointer, &[("post internal unsent", 16, None), ("A sign", 9, None), ("B sign", 11, None)]);
    check_status(pointer, &[("post internal request", 10, None), ("B refuse", 12, None)]);
}

#[test]
fn statuses_of_documents_that_a_signature_answers() {
    let pointer = "/ContractMetadata/DocumentStatus";
    check_status(
        pointer,
        &[
            ("post type=Contract wf=2 unsent", 10, None),
            ("A sign", 1, None),
            ("fail", 11, None),
            ("A sign", 1, None),
            ("deliver", 1, Some(4)),
            ("B sign", 1, Some(5)),
            ("fail", 1, Some(12)),
            ("B sign", 1, Some(5)),
            ("deliver", 2, Some(5)),
        ],
    );
    check_status(
        pointer,
        &[
            ("post type=Contract wf=2", 1, None),
            ("deliver", 1, Some(4)),
            ("B refuse", 1, Some(6)),
            ("deliver", 3, Some(6)),
        ],
    );
    check_status(
        pointer,
        &[("post type=Contract wf=2 internal unsent", 13, None), ("A sign", 7, None), ("B sign", 8, None)],
    );
    check_status(
        "/AcceptanceCertificateMetadata/DocumentStatus",
        &[
            ("post type=AcceptanceCertificate", 16, None),
            ("deliver", 16, Some(17)),
            ("B sign", 16, Some(5)),
            ("deliver", 2, Some(5)),
        ],
    );
    check_status(
        "/AcceptanceCertificateMetadata/DocumentStatus",
        &[("post type=AcceptanceCertificate internal", 18, None)],
    );
}

#[test]
fn statuses_of_one_sided_documents() {
    let pointer = "/ProformaInvoiceMetadata/DocumentStatus";
    let post = "post type=ProformaInvoice wf=6 unsent";
    check_status(
        pointer,
        &[
            (post, 4, None),
            ("A sign", 1, None),
            ("fail", 5, None),
            ("A sign", 1, None),
            ("deliver", 1, Some(2)),
        ],
    );
    check_status(
        pointer,
        &[("post type=ProformaInvoice wf=6 internal unsent", 6, None), ("A sign", 3, None)],
    );
}

#[test]
fn statuses_of_invoices() {
    check_status(
        "/InvoiceMetadata/InvoiceStatus",
        &[
            ("post type=Invoice wf=17 unsent", 6, None),
            ("A sign", 1, None),
            ("fail", 7, None),
            ("A sign", 1, None),
            ("deliver", 1, Some(4)),
            ("confirm document", 1, Some(4)),
            ("B receipt", 1, Some(4)),
            ("deliver", 2, Some(4)),
            ("confirm receipt", 3, Some(5)),
        ],
    );
}

#[test]
fn statuses_of_universal_documents() {
    let pointer = "/UniversalTransferDocumentMetadata/DocumentStatus";
    check_status(
        pointer,
        &[
            ("post type=UniversalTransferDocument function=СЧФДОП wf=18", 2, None),
            ("deliver", 2, Some(16)),
            ("confirm document", 2, Some(16)),
            ("B receipt", 2, Some(16)),
            ("deliver", 4, Some(16)),
            ("confirm receipt", 4, Some(16)),
            ("B refuse", 4, Some(18)),
            ("deliver", 6, Some(18)),
        ],
    );
    check_status(
        pointer,
        &[
            ("post type=UniversalTransferDocument function=СЧФ wf=17 unsent", 1, None),
            ("A sign", 3, None),
            ("fail", 7, None),
            ("A sign", 3, None),
            ("deliver", 3, Some(20)),
            ("confirm document", 3, Some(20)),
            ("B receipt", 3, Some(20)),
            ("deliver", 8, Some(20)),
            ("confirm receipt", 9, Some(21)),
        ],
    );
}

#[test]
fn operator_dates_count_in_the_local_time_of_moscow() {
    let views = views(&["post type=Invoice wf=17", "deliver", "confirm document"], &[(A, 2), (B, 3)]);
    // Three hours are 108 000 000 000 ticks.
    check_rows(
        &views,
        r#"
        /ConfirmationMetadata/DateTimeTicks | 0 | 639055585800000000
        /InvoiceMetadata/ConfirmationDateTimeTicks | 0 | 639055585800000000
        /RecipientReceiptMetadata/ConfirmationMetadata | - | {"DateTimeTicks":0,"ReceiptStatus":"GeneralReceiptStatusNotAcceptable"}
        "#,
    );
    check("testdata/document", "invoice", &views);
}

#[test]
fn where_confirmations_are_acknowledged_the_debt_is_shown() {
    let steps = ["post type=Invoice wf=10", "deliver", "confirm document", "A acknowledge"];
    check_rows(
        &views(&steps, &[(A, 2), (A, 3), (A, 4), (B, 4)]),
        r#"
        /ConfirmationMetadata/ReceiptStatus | "GeneralReceiptStatusNotAcceptable" | "HaveToCreateReceipt" | "Finished" | "HaveToCreateReceipt"
        /RecipientReceiptMetadata/ReceiptStatus | "WaitingForReceipt" | = | = | "HaveToCreateReceipt"
        "#,
    );
}
