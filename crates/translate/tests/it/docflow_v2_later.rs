//! What version 2 shows of amendments, revocation, approval, and of what each box does with its document.

use potok_translate::docflow::V2;

use crate::golden::{check, check_rows};
use crate::script::Who;
use crate::shown;

use Who::{A, B};

/// What `who` sees after the steps with the given numbers, counted from 1.
fn views(steps: &[&str], wanted: &[(Who, usize)]) -> Vec<(String, serde_json::Value)> {
    shown::views::<V2>(steps, wanted)
}

#[test]
fn an_amendment_is_requested() {
    let steps =
        ["post type=Invoice wf=10", "deliver", "B amend", "deliver", "A receipt on amendment", "deliver"];
    let views = views(&steps, &[(A, 2), (A, 4), (A, 6), (B, 3), (B, 6)]);
    check_rows(
        &views[..3],
        r#"
        /Docflow/OutboundInvoiceDocflow/IsAmendmentRequested | false | true | true
        /Docflow/OutboundInvoiceDocflow/CorrectionRequestDocflow/IsFinished | - | false | true
        /Docflow/OutboundInvoiceDocflow/CorrectionRequestDocflow/ReceiptDocflow/IsFinished | - | false | true
        "#,
    );
    check_rows(
        &views[3..],
        r#"
        /Docflow/InboundInvoiceDocflow/IsAmendmentRequested | true | true
        /Docflow/InboundInvoiceDocflow/CorrectionRequestDocflow/IsFinished | false | true
        "#,
    );
    check("testdata/docflow_v2", "amended", &views);
}

#[test]
fn a_revocation_is_asked_for_and_answered() {
    let steps = ["post request", "deliver", "B sign", "deliver", "A revoke", "deliver", "B agree", "deliver"];
    let agreed = views(&steps, &[(A, 6), (B, 7), (A, 8), (B, 8)]);
    check_rows(
        &agreed,
        r#"
        /Docflow/IsFinished | false | false | true | true
        /Docflow/BilateralDocflow/IsFinished | true | true | true | true
        /Docflow/RevocationDocflow/IsFinished | false | false | true | true
        /Docflow/RevocationDocflow/InitiatorBoxId | "aaaaaaaa000040008000000000000000@diadoc.ru" | = | = | =
        /Docflow/RevocationDocflow/IsRevocationAccepted | false | false | true | true
        /Docflow/RevocationDocflow/IsRevocationRejected | false | = | = | =
        /Docflow/RevocationDocflow/RecipientSignatureDocflow/IsFinished | false | false | true | true
        /Docflow/RevocationDocflow/RecipientSignatureRejectionDocflow | - | = | = | =
        "#,
    );
    check("testdata/docflow_v2", "revoked", &agreed);
    let mut steps = steps;
    steps[6] = "B disagree";
    check_rows(
        &views(&steps, &[(A, 8), (B, 8)]),
        r#"
        /Docflow/IsFinished | true | true
        /Docflow/RevocationDocflow/IsRevocationRejected | true | true
        /Docflow/RevocationDocflow/RecipientSignatureDocflow | - | -
        /Docflow/RevocationDocflow/RecipientSignatureRejectionDocflow/IsFinished | true | true
        "#,
    );
    check_rows(
        &views(&["post request", "deliver", "A revoke", "deliver"], &[(A, 4), (B, 4)]),
        r#"
        /Docflow/RevocationDocflow/IsRevocationAccepted | true | true
        /Docflow/RevocationDocflow/RecipientSignatureDocflow | - | -
        "#,
    );
}

#[test]
fn universal_messages_are_shown_as_what_follows_from_them() {
    let steps = ["post type=XmlTorg12 wf=3 receipt", "deliver", "B say 1999", "B say 2999", "B say 3999"];
    check_rows(
        &views(&steps, &[(B, 5)]),
        r#"
        /Docflow/XmlBilateralDocflow/ReceiptDocflow | {"IsFinished":false}
        /Docflow/XmlBilateralDocflow/RecipientSignatureRejectionDocflow | {"IsFinished":false}
        /Docflow/XmlBilateralDocflow/IsDocumentRejectedByRecipient | true
        "#,
    );
}

#[test]
fn approval_is_told_in_the_secondary_status() {
    check_rows(
        &views(&["post request", "deliver", "B ask signature"], &[(A, 3), (B, 3)]),
        r#"
        /Docflow/DocflowStatus/SecondaryStatus | - | {"Severity":"Warning","StatusText":"На подписании"}
        /Docflow/ResolutionDocflow | - | -
        "#,
    );
}

#[test]
fn a_document_is_deleted_moved_and_tagged() {
    let steps = ["post", "deliver", "B move", "B tag цвет синий", "B tag a б", "B delete", "B restore"];
    check_rows(
        &views(&steps, &[(B, 2), (B, 3), (B, 5), (B, 6), (B, 7)]),
        r#"
        /Docflow/DepartmentId | "00000000-0000-0000-0000-000000000000" | "de000000-0000-4000-8000-000000000001" | = | = | =
        /Docflow/CustomData | [] | [] | [{"Key":"a","Value":"б"},{"Key":"цвет","Value":"синий"}] | = | =
        /Docflow/DocumentIsDeleted | false | false | false | true | false
        "#,
    );
}
