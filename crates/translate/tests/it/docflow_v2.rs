//! Docflows in version 2, field by field.

use potok_translate::docflow::V2;
use serde_json::Value;

use crate::docflow_v3::UNIVERSAL;
use crate::golden::{check, check_rows};
use crate::script::{Who, World};
use crate::shown;

/// What `who` sees after the steps with the given numbers, counted from 1.
fn views(steps: &[&str], wanted: &[(Who, usize)]) -> Vec<(String, Value)> {
    shown::views::<V2>(steps, wanted)
}

use Who::{A, B};

const SIGNED: [&str; 4] = ["post request", "deliver", "B sign", "deliver"];

#[test]
fn a_signature_is_requested_and_given() {
    let views = views(&SIGNED, &[(A, 1), (A, 2), (A, 4), (B, 2), (B, 3), (B, 4)]);
    check_rows(
        &views,
        r#"
        /DocumentId/MessageId | "e0000000-0000-4000-8000-000000000001" | = | = | = | = | =
        /DocumentId/EntityId  | "d0000000-0000-4000-8000-000000000001" | = | = | = | = | =
        /LastEventTimestamp/Ticks | 639055476600000000 | 639055477200000000 | 639055478400000000 | 639055477200000000 | 639055477800000000 | 639055478400000000
        /DocumentInfo/DocumentType | "Nonformalized" | = | = | = | = | =
        /DocumentInfo/DocumentDirection | "Outbound" | = | = | "Inbound" | = | =
        /DocumentInfo/IsTest | false | = | = | = | = | =
        /DocumentInfo/FromDepartmentId | "00000000-0000-0000-0000-000000000000" | = | = | - | = | =
        /DocumentInfo/ToDepartmentId | "" | = | = | = | = | =
        /DocumentInfo/CounteragentBoxId | "bbbbbbbb000040008000000000000000@diadoc.ru" | = | = | "aaaaaaaa000040008000000000000000@diadoc.ru" | = | =
        /DocumentInfo/DocumentDateAndNumber | {"DocumentDate":"01.02.2026","DocumentNumber":"7"} | = | = | = | = | =
        /DocumentInfo/Version | "v1" | = | = | = | = | =
        /DocumentInfo/BasicDocumentInfo | - | = | = | = | = | =
        /Docflow/IsFinished | false | false | true | false | false | true
        /Docflow/DocumentAttachment/Attachment/Entity/EntityId | "d0000000-0000-4000-8000-000000000001" | = | = | = | = | =
        /Docflow/DocumentAttachment/Attachment/AttachmentFilename | "contract.pdf" | = | = | = | = | =
        /Docflow/DocumentAttachment/Signature/SignerBoxId | "aaaaaaaa000040008000000000000000@diadoc.ru" | = | = | = | = | =
        /Docflow/DocumentAttachment/Signature/SignerDepartmentId | "00000000-0000-0000-0000-000000000000" | = | = | = | = | =
        /Docflow/DocumentAttachment/Signature/IsValid | true | = | = | = | = | =
        /Docflow/DocumentAttachment/Comment | - | = | = | = | = | =
        /Docflow/DepartmentId | "00000000-0000-0000-0000-000000000000" | = | = | = | = | =
        /Docflow/DocumentIsDeleted | false | = | = | = | = | =
        /Docflow/DocflowStatus/PrimaryStatus/Severity | "Info" | "Warning" | "Success" | "Warning" | "Success" | "Success"
        /Docflow/DocflowStatus/PrimaryStatus/StatusText | "Отправляется" | "Ожидается подпись контрагента" | "Подписан контрагентом" | "Требуется подпись" | "Подписан" | "Подписан"
        /Docflow/DocflowStatus/SecondaryStatus | - | = | = | = | = | =
        /Docflow/SendTimestamp/Ticks | 639055476600000000 | = | = | = | = | =
        /Docflow/DeliveryTimestamp/Ticks | - | 639055477200000000 | = | = | = | =
        /Docflow/CanDocumentBeRevokedUnilaterallyBySender | false | true | false | true | false | false
        /Docflow/PacketId | "9a000000-0000-4000-8000-000000000001" | = | = | = | = | =
        /Docflow/CustomData | [] | = | = | = | = | =
        /Docflow/RevocationDocflow | - | = | = | = | = | =
        /Docflow/ResolutionDocflow | - | = | = | = | = | =
        /Docflow/RoamingNotification | - | = | = | = | = | =
        /Docflow/UnilateralDocflow | - | = | = | = | = | =
        /Docflow/XmlBilateralDocflow | - | = | = | = | = | =
        /Docflow/BilateralDocflow/IsFinished | false | false | true | false | false | true
        /Docflow/BilateralDocflow/ReceiptDocflow | - | = | = | = | = | =
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/IsFinished | false | false | true | false | false | true
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/RecipientSignature/SignerBoxId | - | - | "bbbbbbbb000040008000000000000000@diadoc.ru" | - | "bbbbbbbb000040008000000000000000@diadoc.ru" | =
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/DeliveryTimestamp/Ticks | - | - | 639055478400000000 | - | - | 639055478400000000
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow | - | = | = | = | = | =
        /Docflow/BilateralDocflow/IsReceiptRequested | false | = | = | = | = | =
        /Docflow/BilateralDocflow/IsRecipientSignatureRequested | true | = | = | = | = | =
        /Docflow/BilateralDocflow/IsDocumentSignedByRecipient | false | false | true | false | true | true
        /Docflow/BilateralDocflow/IsDocumentRejectedByRecipient | false | = | = | = | = | =
        /Docflow/BilateralDocflow/CanDocumentBeReceipted | false | false | false | true | true | true
        /Docflow/BilateralDocflow/CanDocumentBeSignedBySender | false | = | = | = | = | =
        /Docflow/BilateralDocflow/CanDocumentBeSignedOrRejectedByRecipient | false | false | false | true | false | false
        "#,
    );
    check("testdata/docflow_v2", "signed", &views);
}

#[test]
fn while_the_answer_is_on_its_way_the_sender_knows_nothing_of_it() {
    let views = views(&SIGNED, &[(A, 2), (A, 3)]);
    assert_eq!(views[0].1, views[1].1);
}

#[test]
fn a_letter_is_saved_unsent() {
    let views = views(&["post unsent request"], &[(A, 1)]);
    check_rows(
        &views,
        r#"
        /Docflow/DocflowStatus/PrimaryStatus | {"Severity":"Warning","StatusText":"Требуется подписать и отправить"}
        /Docflow/DocumentAttachment/Signature | -
        /Docflow/SendTimestamp | -
        /Docflow/BilateralDocflow/CanDocumentBeSignedBySender | true
        /Docflow/BilateralDocflow/RecipientSignatureDocflow | {"IsFinished":false}
        "#,
    );
    check("testdata/docflow_v2", "unsent", &views);
}

#[test]
fn a_signature_is_requested_and_refused() {
    let steps = ["post request", "deliver", "B refuse", "deliver"];
    let views = views(&steps, &[(A, 4), (B, 3), (B, 4)]);
    check_rows(
        &views,
        r#"
        /Docflow/IsFinished | true | false | true
        /Docflow/BilateralDocflow/IsFinished | true | false | true
        /Docflow/DocflowStatus/PrimaryStatus | {"Severity":"Error","StatusText":"Контрагент отказал в подписи"} | {"Severity":"Error","StatusText":"Отказано в подписи"} | =
        /Docflow/CanDocumentBeRevokedUnilaterallyBySender | true | = | =
        /Docflow/BilateralDocflow/RecipientSignatureDocflow | - | = | =
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow/IsFinished | true | false | true
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow/RecipientSignatureRejectionAttachment/Attachment/AttachmentFilename | "refusal.xml" | = | =
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow/RecipientSignatureRejectionAttachment/Signature/SignerBoxId | "bbbbbbbb000040008000000000000000@diadoc.ru" | = | =
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow/DeliveryTimestamp/Ticks | 639055478400000000 | - | 639055478400000000
        /Docflow/BilateralDocflow/IsDocumentSignedByRecipient | false | = | =
        /Docflow/BilateralDocflow/IsDocumentRejectedByRecipient | true | = | =
        /Docflow/BilateralDocflow/CanDocumentBeSignedOrRejectedByRecipient | false | = | =
        "#,
    );
    check("testdata/docflow_v2", "refused", &views);
}

#[test]
fn a_bad_signature_is_shown_to_its_author() {
    let views = views(&["post request", "fail"], &[(A, 2)]);
    check_rows(
        &views,
        r#"
        /Docflow/DocumentAttachment/Signature/IsValid | false
        /Docflow/BilateralDocflow/CanDocumentBeSignedBySender | true
        /Docflow/IsFinished | false
        "#,
    );
    let steps = ["post request", "deliver", "B sign", "fail"];
    let views = self::views(&steps, &[(A, 4), (B, 4)]);
    check_rows(
        &views,
        r#"
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/IsFinished | false | false
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/RecipientSignature/IsValid | - | false
        /Docflow/BilateralDocflow/CanDocumentBeSignedOrRejectedByRecipient | false | true
        "#,
    );
}

#[test]
fn a_time_stamped_copy_stands_in_place_of_the_signature() {
    let views = views(&["post", "deliver", "A stamp"], &[(A, 2), (A, 3)]);
    check_rows(
        &views,
        r#"
        /Docflow/DocumentAttachment/Signature/Entity/EntityId | "50000000-0000-4000-8000-000000000001" | "50000000-0000-4000-8000-000000000003"
        /Docflow/DocumentAttachment/Signature/SignerBoxId | "aaaaaaaa000040008000000000000000@diadoc.ru" | =
        /Docflow/IsFinished | true | =
        "#,
    );
}

#[test]
fn a_receipt_answers_a_one_sided_document() {
    let steps = ["post wf=6 type=ProformaInvoice receipt", "deliver", "B receipt", "deliver"];
    check("testdata/docflow_v2", "unilateral", &views(&steps, &[(A, 2), (A, 4), (B, 2), (B, 3), (B, 4)]));
}

#[test]
fn both_sides_are_one_inside_an_organization() {
    let steps = ["post internal request receipt", "B sign+receipt"];
    check("testdata/docflow_v2", "internal", &views(&steps, &[(A, 1), (A, 2)]));
}

#[test]
fn an_invoice_is_confirmed_by_the_operator() {
    let steps = [
        "post type=Invoice function=СЧФ version=utd970_05_03_01 wf=17",
        "deliver",
        "confirm document",
        "B receipt",
        "deliver",
        "confirm receipt",
    ];
    let views = views(&steps, &[(A, 1), (A, 3), (A, 6), (B, 3), (B, 4), (B, 6)]);
    check_rows(
        &views,
        r#"
        /Docflow/OutboundInvoiceDocflow/IsFinished | false | false | true | - | - | -
        /Docflow/OutboundInvoiceDocflow/ReceiptDocflow/IsFinished | false | false | true | - | - | -
        /Docflow/InboundInvoiceDocflow/IsFinished | - | - | - | false | false | true
        /Docflow/InboundInvoiceDocflow/ReceiptDocflow/ConfirmationDocflow/IsFinished | - | - | - | false | false | true
        /Docflow/InboundInvoiceDocflow/ConfirmationDocflow/IsFinished | - | - | - | true | true | true
        "#,
    );
    check("testdata/docflow_v2", "invoice", &views);
}

#[test]
fn a_universal_document_is_refused() {
    let steps = [
        "post type=UniversalTransferDocument function=СЧФДОП version=utd970_05_03_01 wf=18",
        "deliver",
        "confirm document",
        "B receipt",
        "deliver",
        "confirm receipt",
        "B refuse",
        "deliver",
        "confirm answer",
    ];
    let views = views(&steps, &[(A, 3), (A, 6), (A, 9), (B, 3), (B, 6), (B, 7), (B, 9)]);
    check_rows(
        &views,
        r#"
        /DocumentInfo/UniversalTransferDocumentInfo/Function | "InvoiceAndBasic" | = | = | = | = | = | =
        /Docflow/OutboundUniversalTransferDocumentDocflow/BuyerTitleDocflow | {"IsFinished":false} | = | - | - | - | - | -
        /Docflow/InboundUniversalTransferDocumentDocflow/BuyerTitleDocflow | - | - | - | {"IsFinished":false} | = | - | -
        /Docflow/IsFinished | false | false | true | false | false | false | true
        "#,
    );
    check("testdata/docflow_v2", "universal_transfer_refused", &views);
}

#[test]
fn every_type_shows_exactly_one_flow() {
    for kind in potok_domain::registry::TYPES {
        for function in kind.functions {
            for version in function.versions {
                for workflow in version.workflows {
                    let post = format!(
                        "post type={} function={} version={} wf={workflow}",
                        kind.type_named_id, function.name, version.name
                    );
                    let world = World::after(&format!("{post}\n deliver"));
                    for who in [A, B] {
                        let shown = shown::docflow::<V2>(&world, who).expect("the document is there");
                        let flows: Vec<_> = shown["Docflow"]
                            .as_object()
                            .expect("a structure")
                            .keys()
                            .filter(|key| key.ends_with("Docflow"))
                            .collect();
                        assert_eq!(flows.len(), 1, "{post}: {flows:?}");
                        let side = if who == A { "Outbound" } else { "Inbound" };
                        let has_side = flows[0].contains("bound");
                        assert!(!has_side || flows[0].starts_with(side), "{post}: {flows:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_universal_document_is_completed() {
    let wanted = [(A, 1), (A, 3), (A, 6), (A, 9), (B, 3), (B, 4), (B, 6), (B, 7), (B, 9)];
    let views = views(&UNIVERSAL, &wanted);
    let (outbound, inbound) =
        ("OutboundUniversalTransferDocumentDocflow", "InboundUniversalTransferDocumentDocflow");
    // The flow object has another name in each box, and the same fields.
    let views: Vec<_> = views
        .into_iter()
        .map(|(name, mut view)| {
            let docflow = view["Docflow"].as_object_mut().expect("a structure");
            let flow = docflow.remove(outbound).or_else(|| docflow.remove(inbound)).expect("a flow");
            docflow.insert("Flow".to_owned(), flow);
            (name, view)
        })
        .collect();
    check_rows(
        &views,
        r#"
        /DocumentInfo/DocumentType | "UniversalTransferDocument" | = | = | = | = | = | = | = | =
        /DocumentInfo/AttachmentVersion | "utd970_05_03_01" | = | = | = | = | = | = | = | =
        /DocumentInfo/Version | "utd970_05_03_01" | = | = | = | = | = | = | = | =
        /DocumentInfo/UniversalTransferDocumentInfo/Function | "InvoiceAndBasic" | = | = | = | = | = | = | = | =
        /Docflow/IsFinished | false | = | = | true | false | = | = | = | true
        /Docflow/Flow/IsFinished | false | = | = | true | false | = | = | = | true
        /Docflow/DocflowStatus/PrimaryStatus/Severity | "Info" | "Warning" | "Warning" | "Success" | "Warning" | "Warning" | "Warning" | "Success" | "Success"
        /Docflow/DocflowStatus/PrimaryStatus/StatusText | "Отправляется" | "Ожидается основная подпись. Ожидается извещение о получении" | "Ожидается подпись контрагента" | "Подписан контрагентом" | "Требуется подпись. Требуется подписать извещение о получении" | "Требуется подпись" | "Требуется подпись" | "Подписан" | "Подписан"
        /Docflow/SendTimestamp/Ticks | 639055476600000000 | = | = | = | = | = | = | = | =
        /Docflow/DeliveryTimestamp/Ticks | - | 639055477200000000 | = | = | = | = | = | = | =
        /Docflow/CanDocumentBeRevokedUnilaterallyBySender | false | true | false | false | true | false | false | false | false
        /Docflow/Flow/ReceiptDocflow/IsFinished | false | false | true | true | false | false | true | true | true
        /Docflow/Flow/ReceiptDocflow/ReceiptAttachment/Attachment/AttachmentFilename | - | - | "receipt.xml" | = | - | "receipt.xml" | = | = | =
        /Docflow/Flow/ReceiptDocflow/ConfirmationDocflow/IsFinished | - | - | - | - | false | false | true | true | true
        /Docflow/Flow/ConfirmationDocflow/IsFinished | false | true | = | = | = | = | = | = | =
        /Docflow/Flow/ConfirmationDocflow/ReceiptDocflow | - | = | = | = | = | = | = | = | =
        /Docflow/Flow/ConfirmationTimestamp/Ticks | - | 639055477800000000 | = | = | = | = | = | = | =
        /Docflow/Flow/CorrectionRequestDocflow | - | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsAmendmentRequested | false | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsRevised | false | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsCorrected | false | = | = | = | = | = | = | = | =
        /Docflow/Flow/CanDocumentBeSignedBySender | false | = | = | = | - | = | = | = | =
        /Docflow/Flow/BuyerTitleDocflow/IsFinished | false | = | = | true | false | = | = | = | true
        /Docflow/Flow/BuyerTitleDocflow/BuyerTitleAttachment/Attachment/AttachmentFilename | - | = | = | "title.xml" | - | = | = | "title.xml" | =
        /Docflow/Flow/BuyerTitleDocflow/SendTimestamp/Ticks | - | = | = | 639055480200000000 | - | = | = | 639055480200000000 | =
        /Docflow/Flow/BuyerTitleDocflow/DeliveryTimestamp/Ticks | - | = | = | 639055480800000000 | - | = | = | = | 639055480800000000
        /Docflow/Flow/RecipientSignatureRejectionDocflow | - | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsReceiptRequested | true | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsRecipientSignatureRequested | true | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsDocumentSignedByRecipient | false | = | = | true | false | = | = | true | =
        /Docflow/Flow/IsDocumentRejectedByRecipient | false | = | = | = | = | = | = | = | =
        /Docflow/Flow/CanDocumentBeReceipted | false | = | = | = | true | false | = | = | =
        /Docflow/Flow/CanDocumentBeSignedOrRejectedByRecipient | false | = | = | = | true | = | = | false | =
        "#,
    );
    check("testdata/docflow_v2", "universal_transfer", &views);
}

#[test]
fn a_title_answers_an_act() {
    let steps = ["post type=XmlAcceptanceCertificate wf=3", "deliver", "B title", "deliver"];
    let views = views(&steps, &[(A, 2), (A, 4), (B, 3), (B, 4)]);
    check_rows(
        &views,
        r#"
        /Docflow/XmlBilateralDocflow/IsFinished | false | true | false | true
        /Docflow/XmlBilateralDocflow/BuyerTitleDocflow/IsFinished | false | true | false | true
        /Docflow/XmlBilateralDocflow/IsDocumentSignedByRecipient | false | true | true | true
        /Docflow/XmlBilateralDocflow/ReceiptDocflow | - | = | = | =
        /Docflow/XmlBilateralDocflow/IsReceiptRequested | false | = | = | =
        "#,
    );
    check("testdata/docflow_v2", "titled", &views);
}
