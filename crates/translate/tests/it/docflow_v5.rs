//! Docflows in version 5, field by field.

use potok_translate::docflow::V5;

use crate::docflow_v3::UNIVERSAL;
use crate::golden::{check, check_rows};
use crate::script::Who;
use crate::shown::views;

use Who::{A, B};

#[test]
fn a_signature_is_requested_and_given() {
    let steps = ["post request", "deliver", "B sign", "deliver"];
    let views = views::<V5>(&steps, &[(A, 1), (A, 2), (A, 4), (B, 2), (B, 3), (B, 4)]);
    check_rows(
        &views,
        r#"
        /DocumentInfo/Participants/Participants/0/Type | "Sender" | = | = | = | = | =
        /DocumentInfo/Participants/Participants/0/Role | "default:sender" | = | = | = | = | =
        /DocumentInfo/Participants/Participants/0/IsCurrentBox | true | = | = | false | = | =
        /DocumentInfo/Participants/Participants/1/Type | "Recipient" | = | = | = | = | =
        /DocumentInfo/Participants/Participants/1/Role | "default:recipient" | = | = | = | = | =
        /DocumentInfo/Participants/Participants/1/IsCurrentBox | false | = | = | true | = | =
        /Docflow/Titles/1 | - | = | = | = | = | =
        /Docflow/Titles/0/TitleIndex | 0 | = | = | = | = | =
        /Docflow/Titles/0/Version | - | = | = | = | = | =
        /Docflow/Titles/0/Author/BoxId | "aaaaaaaa000040008000000000000000@diadoc.ru" | = | = | = | = | =
        /Docflow/Titles/0/AuthorSigning/IsFinished | false | true | = | = | = | =
        /Docflow/Titles/0/AuthorSigning/Status | "TitleAuthorStatusVerifying" | "TitleAuthorStatusSigned" | = | = | = | =
        /Docflow/Titles/0/AuthorSigning/OperationResult | - | = | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Participant/BoxId | "bbbbbbbb000040008000000000000000@diadoc.ru" | = | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Delivery/Status | "DeliveryStatusNotReady" | "DeliveryStatusDelivered" | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Delivery/SentAt/Ticks | 639055476600000000 | = | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Delivery/DeliveredAt/Ticks | - | 639055477200000000 | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response/IsFinished | false | = | true | false | = | true
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Status | "TitleParticipantResponseStatusWaiting" | = | "TitleParticipantResponseStatusSigned" | "TitleParticipantResponseStatusWaiting" | "TitleParticipantResponseStatusVerifying" | "TitleParticipantResponseStatusSigned"
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Signature/SignerBoxId | - | = | "bbbbbbbb000040008000000000000000@diadoc.ru" | - | "bbbbbbbb000040008000000000000000@diadoc.ru" | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Delivery/Status | - | = | "DeliveryStatusDelivered" | - | "DeliveryStatusNotReady" | "DeliveryStatusDelivered"
        /Docflow/Titles/0/ParticipantDocflows/0/Receipt | - | = | = | = | = | =
        /Docflow/AmendmentRequests | [] | = | = | = | = | =
        /Docflow/Revocation | - | = | = | = | = | =
        /Docflow/Resolution | - | = | = | = | = | =
        /Docflow/DocflowStatus/PrimaryStatus/StatusText | "Отправляется" | "Ожидается подпись контрагента" | "Подписан контрагентом" | "Требуется подпись" | "Подписан" | "Подписан"
        "#,
    );
    check("testdata/docflow_v5", "signed", &views);
}

#[test]
fn a_signature_is_requested_and_refused() {
    let steps = ["post request", "deliver", "B refuse", "deliver"];
    let views = views::<V5>(&steps, &[(A, 4), (B, 3), (B, 4)]);
    check_rows(
        &views,
        r#"
        /Docflow/Titles/0/ParticipantDocflows/0/Response/IsFinished | true | false | true
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Status | "TitleParticipantResponseStatusSignatureRejected" | "TitleParticipantResponseStatusVerifying" | "TitleParticipantResponseStatusSignatureRejected"
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Signature | - | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Rejection/SignatureRejection/ContentTypeId | "signature_rejection_02" | = | =
        "#,
    );
    check("testdata/docflow_v5", "refused", &views);
}

#[test]
fn a_universal_document_is_completed() {
    let wanted = [(A, 3), (A, 9), (B, 3), (B, 7), (B, 9)];
    let views = views::<V5>(&UNIVERSAL, &wanted);
    check_rows(
        &views,
        r#"
        /Docflow/Titles/0/AuthorSigning/Status | "TitleAuthorStatusSigned" | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Participant/IsCurrentBox | false | = | true | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Confirmation/IsFinished | true | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response | {"IsFinished":true,"Status":"TitleParticipantResponseStatusNotAcceptable"} | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Receipt/IsFinished | false | true | false | true | true
        /Docflow/Titles/0/ParticipantDocflows/0/Receipt/Status | "WaitingForReceipt" | "Finished" | "HaveToCreateReceipt" | "Finished" | "Finished"
        /Docflow/Titles/1/TitleIndex | 1 | = | = | = | =
        /Docflow/Titles/1/Author/BoxId | "bbbbbbbb000040008000000000000000@diadoc.ru" | = | = | = | =
        /Docflow/Titles/1/AuthorSigning/IsFinished | false | true | false | false | true
        /Docflow/Titles/1/AuthorSigning/Status | "TitleAuthorStatusWaiting" | "TitleAuthorStatusSigned" | "TitleAuthorStatusWaiting" | "TitleAuthorStatusVerifying" | "TitleAuthorStatusSigned"
        /Docflow/Titles/1/AuthorSigning/Title/ContentTypeId | - | "utd970_schfdop_t2_05_03_01" | - | "utd970_schfdop_t2_05_03_01" | =
        /Docflow/Titles/1/AuthorSigning/OperationResult/WellKnown | - | "WellKnownTitleOperationResultSigned" | - | - | "WellKnownTitleOperationResultSigned"
        /Docflow/Titles/1/ParticipantDocflows/0/Participant/BoxId | "aaaaaaaa000040008000000000000000@diadoc.ru" | = | = | = | =
        /Docflow/Titles/1/ParticipantDocflows/0/TitleDelivery/Delivery/Status | - | "DeliveryStatusDelivered" | - | "DeliveryStatusNotReady" | "DeliveryStatusDelivered"
        /Docflow/Titles/1/ParticipantDocflows/0/TitleDelivery/Confirmation/IsFinished | - | true | - | false | true
        /Docflow/Titles/1/ParticipantDocflows/0/Response | - | = | = | = | =
        /Docflow/Titles/1/ParticipantDocflows/0/Receipt | - | = | = | = | =
        "#,
    );
    check("testdata/docflow_v5", "universal_transfer", &views);
}

#[test]
fn a_titled_document_is_refused_where_signatures_would_be() {
    let steps = ["post type=XmlTorg12 wf=3", "deliver", "B refuse", "deliver"];
    check_rows(
        &views::<V5>(&steps, &[(A, 4), (B, 4)]),
        r#"
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Status | "TitleParticipantResponseStatusSignatureRejected" | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response/IsFinished | true | =
        /Docflow/Titles/1/AuthorSigning | {"IsFinished":false,"Status":"TitleAuthorStatusWaiting"} | =
        "#,
    );
}

#[test]
fn titles_wait_for_earlier_ones() {
    check_rows(
        &views::<V5>(&["post type=XmlTorg12 wf=3 unsent"], &[(A, 1)]),
        r#"
        /Docflow/Titles/0/AuthorSigning/Status | "TitleAuthorStatusWaiting"
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery | -
        /Docflow/Titles/0/ParticipantDocflows/0/Response | -
        /Docflow/Titles/1/AuthorSigning/Status | "TitleAuthorStatusNotReadyToSign"
        "#,
    );
    check_rows(
        &views::<V5>(&["post type=XmlTorg12 wf=3", "fail"], &[(A, 2)]),
        r#"
        /Docflow/Titles/0/AuthorSigning/Status | "TitleAuthorStatusInvalidSignature"
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Delivery/Status | "DeliveryStatusFailed"
        "#,
    );
    check_rows(
        &views::<V5>(&["post type=XmlTorg12 wf=3", "deliver", "B title partly", "deliver"], &[(A, 4)]),
        r#"/Docflow/Titles/1/AuthorSigning/OperationResult/WellKnown | "WellKnownTitleOperationResultPartiallySigned""#,
    );
}

#[test]
fn all_amendment_requests_are_listed() {
    let steps = [
        "post type=Invoice wf=17",
        "deliver",
        "B amend",
        "deliver",
        "confirm amendment",
        "B say 2999",
        "deliver",
    ];
    let views = views::<V5>(&steps, &[(A, 7), (B, 7)]);
    check_rows(
        &views,
        r#"
        /Docflow/AmendmentRequests/0/IsFinished | true | =
        /Docflow/AmendmentRequests/0/AmendmentFlags | 1 | =
        /Docflow/AmendmentRequests/0/RecipientDocflows/0/Confirmation/IsFinished | true | =
        /Docflow/AmendmentRequests/0/RecipientDocflows/0/Delivery/Status | "DeliveryStatusDelivered" | =
        /Docflow/AmendmentRequests/0/RecipientDocflows/0/Recipient/Type | "Sender" | =
        /Docflow/AmendmentRequests/0/Requester/Type | "Recipient" | =
        /Docflow/AmendmentRequests/0/TargetEntityId | "d0000000-0000-4000-8000-000000000001" | =
        /Docflow/AmendmentRequests/1/AmendmentRequest | - | =
        /Docflow/AmendmentRequests/1/UniversalMessage/MessageInfo/CodeGroup | "AmendmentRequest" | =
        /Docflow/AmendmentRequests/1/RecipientDocflows/0/Confirmation | - | =
        "#,
    );
    check("testdata/docflow_v5", "amended", &views);
}

#[test]
fn a_revocation_names_who_must_answer() {
    let steps = ["post request", "deliver", "B sign", "deliver", "A revoke", "deliver", "B agree", "deliver"];
    let both = views::<V5>(&steps, &[(A, 6), (A, 8), (B, 8)]);
    check_rows(
        &both,
        r#"
        /Docflow/Revocation/IsFinished | false | true | =
        /Docflow/Revocation/RevocationStatus | "RevocationIsRequestedByMe" | "RevocationAccepted" | =
        /Docflow/Revocation/Initiator/Type | "Sender" | = | =
        /Docflow/Revocation/RevocationResponse/0/Participant/Type | "Recipient" | = | =
        /Docflow/Revocation/RevocationResponse/0/IsFinished | false | true | =
        /Docflow/Revocation/RevocationResponse/0/Signature/SignerBoxId | - | "bbbbbbbb000040008000000000000000@diadoc.ru" | =
        "#,
    );
    check("testdata/docflow_v5", "revoked", &both);
    let alone = views::<V5>(&["post request", "deliver", "A revoke", "deliver"], &[(A, 4), (B, 4)]);
    check_rows(
        &alone,
        r#"
        /Docflow/Revocation/RevocationResponse | [] | =
        /Docflow/Revocation/RevocationStatus | "RevocationAccepted" | =
        "#,
    );
}
