//! The worked examples of the reference, as it tells them: what each field says, in which box, after which step.
//!
//! What they come to in the end stands in full in `testdata/docflows/examples.txt`.

use potok_stories::{Story, Who};
use potok_translate::docflow::{V2, V3, V5};
use potok_translate::document::document;
use serde_json::Value;

use crate::layout::{named, names};
use crate::rows::check_rows;
use crate::shown::{Seen, json};

use Who::{A, B};

/// 9.1: nonformalized, a signature is requested and given.
const SIGNED: [&str; 4] = ["post Nonformalized ask number=7", "deliver", "B signs d1", "deliver"];
/// 9.2: the same, refused.
const REFUSED: [&str; 4] = ["post Nonformalized ask number=7", "deliver", "B refuses d1", "deliver"];
/// 9.3: a universal transfer document to completion.
const UNIVERSAL: [&str; 6] = [
    "post UniversalTransferDocument fnСЧФДОП vutd970_05_03_01 wf18",
    "deliver",
    "B receipts d1",
    "deliver",
    "B titles d1",
    "deliver",
];

/// What boxes see after the steps with the given numbers, counted from 1.
fn views(steps: &[&str], wanted: &[(Who, usize)], show: fn(&Seen) -> Value) -> Vec<(String, Value)> {
    let view = |(who, count): &(Who, usize)| {
        let mut story = Story::new();
        for step in &steps[..*count] {
            story.step(step).unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
        }
        let seen = Seen::of(&story, *who).expect("the document is there");
        let view = named(&show(&seen), &names(&story, *who, &seen.state));
        (format!("{who:?} {count}: {}", steps[count - 1]), view)
    };
    wanted.iter().map(view).collect()
}

fn flat(seen: &Seen) -> Value {
    json(&document(&seen.state, seen.document).expect("the document is there"))
}

#[test]
fn a_signature_is_requested_and_given_in_version_2() {
    check_rows(
        &views(&SIGNED, &[(A, 1), (A, 2), (A, 4), (B, 2), (B, 3), (B, 4)], Seen::docflow::<V2>),
        r#"
        /DocumentId/MessageId | "message" | = | = | = | = | =
        /DocumentId/EntityId  | "d1" | = | = | = | = | =
        /LastEventTimestamp/Ticks | "t1" | "t4" | "t6" | "t2" | "t5" | "t8"
        /DocumentInfo/DocumentType | "Nonformalized" | = | = | = | = | =
        /DocumentInfo/DocumentDirection | "Outbound" | = | = | "Inbound" | = | =
        /DocumentInfo/IsTest | false | = | = | = | = | =
        /DocumentInfo/FromDepartmentId | "head" | = | = | - | = | =
        /DocumentInfo/ToDepartmentId | "" | = | = | = | = | =
        /DocumentInfo/CounteragentBoxId | "B" | = | = | "A" | = | =
        /DocumentInfo/DocumentDateAndNumber | {"DocumentDate":"01.02.2026","DocumentNumber":"7"} | = | = | = | = | =
        /DocumentInfo/Version | "v1" | = | = | = | = | =
        /DocumentInfo/BasicDocumentInfo | - | = | = | = | = | =
        /Docflow/IsFinished | false | false | true | false | false | true
        /Docflow/DocumentAttachment/Attachment/Entity/EntityId | "d1" | = | = | = | = | =
        /Docflow/DocumentAttachment/Attachment/AttachmentFilename | "contract.pdf" | = | = | = | = | =
        /Docflow/DocumentAttachment/Signature/SignerBoxId | "A" | = | = | = | = | =
        /Docflow/DocumentAttachment/Signature/SignerDepartmentId | "head" | = | = | = | = | =
        /Docflow/DocumentAttachment/Signature/IsValid | true | = | = | = | = | =
        /Docflow/DocumentAttachment/Comment | - | = | = | = | = | =
        /Docflow/DepartmentId | "head" | = | = | = | = | =
        /Docflow/DocumentIsDeleted | false | = | = | = | = | =
        /Docflow/DocflowStatus/PrimaryStatus/Severity | "Info" | "Warning" | "Success" | "Warning" | "Success" | "Success"
        /Docflow/DocflowStatus/PrimaryStatus/StatusText | "Отправляется" | "Ожидается подпись контрагента" | "Подписан контрагентом" | "Требуется подпись" | "Подписан" | "Подписан"
        /Docflow/DocflowStatus/SecondaryStatus | - | = | = | = | = | =
        /Docflow/SendTimestamp/Ticks | "t1" | = | = | = | = | =
        /Docflow/DeliveryTimestamp/Ticks | - | "t2" | = | = | = | =
        /Docflow/CanDocumentBeRevokedUnilaterallyBySender | false | true | false | true | false | false
        /Docflow/PacketId | "packet-of-d1" | = | = | = | = | =
        /Docflow/CustomData | [] | = | = | = | = | =
        /Docflow/RevocationDocflow | - | = | = | = | = | =
        /Docflow/ResolutionDocflow | - | = | = | = | = | =
        /Docflow/RoamingNotification | - | = | = | = | = | =
        /Docflow/UnilateralDocflow | - | = | = | = | = | =
        /Docflow/XmlBilateralDocflow | - | = | = | = | = | =
        /Docflow/BilateralDocflow/IsFinished | false | false | true | false | false | true
        /Docflow/BilateralDocflow/ReceiptDocflow | - | = | = | = | = | =
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/IsFinished | false | false | true | false | false | true
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/RecipientSignature/SignerBoxId | - | - | "B" | - | "B" | =
        /Docflow/BilateralDocflow/RecipientSignatureDocflow/DeliveryTimestamp/Ticks | - | - | "t6" | - | - | "t6"
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
}

#[test]
fn a_signature_is_requested_and_given_in_version_3() {
    check_rows(
        &views(&SIGNED, &[(A, 1), (A, 2), (A, 4), (B, 2), (B, 3), (B, 4)], Seen::docflow::<V3>),
        r#"
        /DocumentId | {"EntityId":"d1","MessageId":"message"} | = | = | = | = | =
        /LastEvent/EventId | "message" | "event-2" | "event-3" | "message" | "event-2" | "event-3"
        /LastEvent/Timestamp/Ticks | "t1" | "t4" | "t6" | "t2" | "t5" | "t8"
        /DocumentInfo/FullVersion | {"Function":"default","TypeNamedId":"Nonformalized","Version":"v1"} | = | = | = | = | =
        /DocumentInfo/MessageType | "Letter" | = | = | = | = | =
        /DocumentInfo/WorkflowId | 1 | = | = | = | = | =
        /DocumentInfo/Participants/Sender/BoxId | "A" | = | = | = | = | =
        /DocumentInfo/Participants/Recipient/BoxId | "B" | = | = | = | = | =
        /DocumentInfo/Participants/Sender/DepartmentId | "head" | = | = | - | = | =
        /DocumentInfo/Participants/Recipient/DepartmentId | - | = | = | "head" | = | =
        /DocumentInfo/Participants/Proxy | - | = | = | = | = | =
        /DocumentInfo/Participants/IsInternal | false | = | = | = | = | =
        /DocumentInfo/Participants/IsCrossBorder | false | = | = | = | = | =
        /DocumentInfo/DocumentDirection | "Outbound" | = | = | "Inbound" | = | =
        /DocumentInfo/DepartmentId | "head" | = | = | = | = | =
        /DocumentInfo/Metadata | [{"Key":"FileName","Value":"contract.pdf"},{"Key":"DocumentNumber","Value":"7"},{"Key":"DocumentDate","Value":"01.02.2026"}] | = | = | = | = | =
        /DocumentInfo/DocumentLinks | {"InitialIds":[],"SubordinateIds":[]} | = | = | = | = | =
        /DocumentInfo/PacketInfo | {"AddedAt":{"Ticks":"t1"},"LockMode":"None","PacketId":"packet-of-d1"} | = | = | {"AddedAt":{"Ticks":"t2"},"LockMode":"None","PacketId":"packet-of-d1"} | = | =
        /DocumentInfo/IsRead | true | = | = | false | true | =
        /DocumentInfo/IsDeleted | false | = | = | = | = | =
        /DocumentInfo/IsInvitation | false | = | = | = | = | =
        /DocumentInfo/LetterInfo | {"ForwardDocumentEvents":[],"IsEncrypted":false,"IsTest":false} | = | = | = | = | =
        /DocumentInfo/DraftInfo | - | = | = | = | = | =
        /DocumentInfo/TemplateInfo | - | = | = | = | = | =
        /DocumentInfo/HasUnreadOutOfWorkflowUniversalMessages | false | = | = | = | = | =
        /Docflow/SenderTitle/IsFinished | false | true | = | = | = | =
        /Docflow/SenderTitle/Attachment/Attachment/Entity/EntityId | "d1" | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Attachment/AttachmentFilename | "contract.pdf" | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Signature/Cms/EntityId | "sA(d1)" | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Signature/SignerBoxId | "A" | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Signature/IsValid | true | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Signature/SignatureTypeInfo/SignatureType | "OnVerification" | "Qualified" | = | = | = | =
        /Docflow/SenderTitle/Attachment/ContentTypeId | "nonformalized" | = | = | = | = | =
        /Docflow/SenderTitle/SentAt/Ticks | "t1" | = | = | = | = | =
        /Docflow/SenderTitle/DeliveredAt/Ticks | - | "t2" | = | = | = | =
        /Docflow/SenderTitle/SenderSignatureStatus | "SenderSignatureUnchecked" | "SenderSignatureCheckedAndValid" | = | = | = | =
        /Docflow/Confirmation | - | = | = | = | = | =
        /Docflow/ProxyResponse | - | = | = | = | = | =
        /Docflow/RecipientReceipt | - | = | = | = | = | =
        /Docflow/SenderReceipt | - | = | = | = | = | =
        /Docflow/RecipientResponse/IsFinished | false | = | true | false | = | true
        /Docflow/RecipientResponse/Signature/SignerBoxId | - | = | "B" | - | "B" | =
        /Docflow/RecipientResponse/Signature/DeliveredAt/Ticks | - | = | "t6" | - | = | "t6"
        /Docflow/RecipientResponse/SentAt/Ticks | - | = | "t5" | - | "t5" | =
        /Docflow/RecipientResponse/DeliveredAt/Ticks | - | = | "t6" | - | = | "t6"
        /Docflow/RecipientResponse/ResponseStatus | "WaitingForRecipientSignature" | = | "WithRecipientSignature" | "WaitingForRecipientSignature" | "WithRecipientSignature" | =
        /Docflow/RecipientResponse/Title | - | = | = | = | = | =
        /Docflow/RecipientResponse/Rejection | - | = | = | = | = | =
        /Docflow/RecipientResponse/Confirmation | - | = | = | = | = | =
        /Docflow/AmendmentRequest | - | = | = | = | = | =
        /Docflow/Revocation | - | = | = | = | = | =
        /Docflow/Resolution | - | = | = | = | = | =
        /Docflow/ResolutionEntities | - | = | = | = | = | =
        /Docflow/OuterDocflows | [] | = | = | = | = | =
        /Docflow/TtGisFixation | - | = | = | = | = | =
        /Docflow/DocflowStatus/PrimaryStatus/Severity | "Info" | "Warning" | "Success" | "Warning" | "Success" | "Success"
        /Docflow/DocflowStatus/PrimaryStatus/StatusText | "Отправляется" | "Ожидается подпись контрагента" | "Подписан контрагентом" | "Требуется подпись" | "Подписан" | "Подписан"
        /Docflow/DocflowStatus/SecondaryStatus | - | = | = | = | = | =
        "#,
    );
}

#[test]
fn a_signature_is_requested_and_given_in_version_5() {
    check_rows(
        &views(&SIGNED, &[(A, 1), (A, 2), (A, 4), (B, 2), (B, 3), (B, 4)], Seen::docflow::<V5>),
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
        /Docflow/Titles/0/Author/BoxId | "A" | = | = | = | = | =
        /Docflow/Titles/0/AuthorSigning/IsFinished | false | true | = | = | = | =
        /Docflow/Titles/0/AuthorSigning/Status | "TitleAuthorStatusVerifying" | "TitleAuthorStatusSigned" | = | = | = | =
        /Docflow/Titles/0/AuthorSigning/OperationResult | - | = | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Participant/BoxId | "B" | = | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Delivery/Status | "DeliveryStatusNotReady" | "DeliveryStatusDelivered" | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Delivery/SentAt/Ticks | "t1" | = | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Delivery/DeliveredAt/Ticks | - | "t2" | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response/IsFinished | false | = | true | false | = | true
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Status | "TitleParticipantResponseStatusWaiting" | = | "TitleParticipantResponseStatusSigned" | "TitleParticipantResponseStatusWaiting" | "TitleParticipantResponseStatusVerifying" | "TitleParticipantResponseStatusSigned"
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Signature/SignerBoxId | - | = | "B" | - | "B" | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Delivery/Status | - | = | "DeliveryStatusDelivered" | - | "DeliveryStatusNotReady" | "DeliveryStatusDelivered"
        /Docflow/Titles/0/ParticipantDocflows/0/Receipt | - | = | = | = | = | =
        /Docflow/AmendmentRequests | [] | = | = | = | = | =
        /Docflow/Revocation | - | = | = | = | = | =
        /Docflow/Resolution | - | = | = | = | = | =
        /Docflow/DocflowStatus/PrimaryStatus/StatusText | "Отправляется" | "Ожидается подпись контрагента" | "Подписан контрагентом" | "Требуется подпись" | "Подписан" | "Подписан"
        "#,
    );
}

#[test]
fn a_signature_is_requested_and_given_in_the_flat_form() {
    check_rows(
        &views(&SIGNED, &[(A, 1), (A, 2), (A, 4), (B, 2), (B, 4)], flat),
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
        /DeliveryTimestampTicks | - | "t2" | = | = | =
        /LastModificationTimestampTicks | "t1" | "t2" | "t6" | "t2" | "t6"
        /IsRead | true | = | = | false | true
        /Title | "Неформализованный документ №7 от 01.02.26" | = | = | = | =
        /DocflowStatus/PrimaryStatus | {"Severity":"Info","StatusText":"Отправляется"} | {"Severity":"Warning","StatusText":"Ожидается подпись контрагента"} | {"Severity":"Success","StatusText":"Подписан контрагентом"} | {"Severity":"Warning","StatusText":"Требуется подпись"} | {"Severity":"Success","StatusText":"Подписан"}
        "#,
    );
}

#[test]
fn a_signature_is_refused() {
    let wanted = [(A, 4), (B, 3), (B, 4)];
    check_rows(
        &views(&REFUSED, &wanted, Seen::docflow::<V2>),
        r#"
        /Docflow/IsFinished | true | false | true
        /Docflow/BilateralDocflow/IsFinished | true | false | true
        /Docflow/DocflowStatus/PrimaryStatus | {"Severity":"Error","StatusText":"Контрагент отказал в подписи"} | {"Severity":"Error","StatusText":"Отказано в подписи"} | =
        /Docflow/CanDocumentBeRevokedUnilaterallyBySender | true | = | =
        /Docflow/BilateralDocflow/RecipientSignatureDocflow | - | = | =
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow/IsFinished | true | false | true
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow/RecipientSignatureRejectionAttachment/Attachment/AttachmentFilename | "DP_UVUTOCH_refusal(d1).xml" | = | =
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow/RecipientSignatureRejectionAttachment/Signature/SignerBoxId | "B" | = | =
        /Docflow/BilateralDocflow/RecipientSignatureRejectionDocflow/DeliveryTimestamp/Ticks | "t6" | - | "t6"
        /Docflow/BilateralDocflow/IsDocumentSignedByRecipient | false | = | =
        /Docflow/BilateralDocflow/IsDocumentRejectedByRecipient | true | = | =
        /Docflow/BilateralDocflow/CanDocumentBeSignedOrRejectedByRecipient | false | = | =
        "#,
    );
    check_rows(
        &views(&REFUSED, &wanted, Seen::docflow::<V3>),
        r#"
        /Docflow/RecipientResponse/IsFinished | true | false | true
        /Docflow/RecipientResponse/Signature | - | = | =
        /Docflow/RecipientResponse/SentAt/Ticks | "t5" | = | =
        /Docflow/RecipientResponse/DeliveredAt/Ticks | "t6" | - | "t6"
        /Docflow/RecipientResponse/ResponseStatus | "RecipientSignatureRequestRejected" | = | =
        /Docflow/RecipientResponse/Rejection/SignatureRejection/ContentTypeId | "signature_rejection_02" | = | =
        /Docflow/RecipientResponse/Rejection/SignatureRejection/Signature/SignerBoxId | "B" | = | =
        /Docflow/RecipientResponse/Rejection/IsFormal | true | = | =
        /Docflow/RecipientResponse/Rejection/DeliveredAt/Ticks | "t6" | - | "t6"
        /Docflow/DocflowStatus/PrimaryStatus | {"Severity":"Error","StatusText":"Контрагент отказал в подписи"} | {"Severity":"Error","StatusText":"Отказано в подписи"} | =
        "#,
    );
    check_rows(
        &views(&REFUSED, &wanted, Seen::docflow::<V5>),
        r#"
        /Docflow/Titles/0/ParticipantDocflows/0/Response/IsFinished | true | false | true
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Status | "TitleParticipantResponseStatusSignatureRejected" | "TitleParticipantResponseStatusVerifying" | "TitleParticipantResponseStatusSignatureRejected"
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Signature | - | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response/Rejection/SignatureRejection/ContentTypeId | "signature_rejection_02" | = | =
        "#,
    );
    check_rows(
        &views(&REFUSED, &wanted, flat),
        r#"
        /NonformalizedDocumentMetadata/DocumentStatus | "OutboundRecipientSignatureRequestRejected" | "InboundRecipientSignatureRequestRejected" | =
        /RecipientResponseStatus | "RecipientSignatureRequestRejected" | = | =
        "#,
    );
}

#[test]
fn a_universal_document_is_completed_in_version_2() {
    let wanted = [(A, 1), (A, 2), (A, 4), (A, 6), (B, 2), (B, 3), (B, 4), (B, 5), (B, 6)];
    let views: Vec<_> = views(&UNIVERSAL, &wanted, Seen::docflow::<V2>)
        .into_iter()
        .map(|(name, view)| (name, with_one_name(view)))
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
        /Docflow/SendTimestamp/Ticks | "t1" | = | = | = | = | = | = | = | =
        /Docflow/DeliveryTimestamp/Ticks | - | "t2" | = | = | = | = | = | = | =
        /Docflow/CanDocumentBeRevokedUnilaterallyBySender | false | true | false | false | true | false | false | false | false
        /Docflow/Flow/ReceiptDocflow/IsFinished | false | false | true | true | false | false | true | true | true
        /Docflow/Flow/ReceiptDocflow/ReceiptAttachment/Attachment/AttachmentFilename | - | - | "DP_IZVPOL_invoice-receipt(d1).xml" | = | - | "DP_IZVPOL_invoice-receipt(d1).xml" | = | = | =
        /Docflow/Flow/ReceiptDocflow/ConfirmationDocflow/IsFinished | - | - | - | - | false | false | true | true | true
        /Docflow/Flow/ConfirmationDocflow/IsFinished | false | true | = | = | = | = | = | = | =
        /Docflow/Flow/ConfirmationDocflow/ReceiptDocflow | - | = | = | = | = | = | = | = | =
        /Docflow/Flow/ConfirmationTimestamp/Ticks | - | "t4" | = | = | "t2" | = | = | = | =
        /Docflow/Flow/CorrectionRequestDocflow | - | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsAmendmentRequested | false | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsRevised | false | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsCorrected | false | = | = | = | = | = | = | = | =
        /Docflow/Flow/CanDocumentBeSignedBySender | false | = | = | = | - | = | = | = | =
        /Docflow/Flow/BuyerTitleDocflow/IsFinished | false | = | = | true | false | = | = | = | true
        /Docflow/Flow/BuyerTitleDocflow/BuyerTitleAttachment/Attachment/AttachmentFilename | - | = | = | "Title1_title(d1).xml" | - | = | = | "Title1_title(d1).xml" | =
        /Docflow/Flow/BuyerTitleDocflow/SendTimestamp/Ticks | - | = | = | "t9" | - | = | = | "t9" | =
        /Docflow/Flow/BuyerTitleDocflow/DeliveryTimestamp/Ticks | - | = | = | "t10" | - | = | = | = | "t10"
        /Docflow/Flow/RecipientSignatureRejectionDocflow | - | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsReceiptRequested | true | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsRecipientSignatureRequested | true | = | = | = | = | = | = | = | =
        /Docflow/Flow/IsDocumentSignedByRecipient | false | = | = | true | false | = | = | true | =
        /Docflow/Flow/IsDocumentRejectedByRecipient | false | = | = | = | = | = | = | = | =
        /Docflow/Flow/CanDocumentBeReceipted | false | = | = | = | true | false | = | = | =
        /Docflow/Flow/CanDocumentBeSignedOrRejectedByRecipient | false | = | = | = | true | = | = | false | =
        "#,
    );
}

/// The flow object has another name in each box, and the same fields.
fn with_one_name(mut view: Value) -> Value {
    let docflow = view["Docflow"].as_object_mut().expect("a structure");
    let flow = docflow
        .remove("OutboundUniversalTransferDocumentDocflow")
        .or_else(|| docflow.remove("InboundUniversalTransferDocumentDocflow"));
    docflow.insert("Flow".to_owned(), flow.expect("a flow"));
    view
}

#[test]
fn a_universal_document_is_completed_in_version_3() {
    let wanted = [(A, 1), (A, 2), (A, 4), (A, 6), (B, 2), (B, 3), (B, 4), (B, 5), (B, 6)];
    check_rows(
        &views(&UNIVERSAL, &wanted, Seen::docflow::<V3>),
        r#"
        /Docflow/SenderTitle/IsFinished | false | true | = | = | = | = | = | = | =
        /Docflow/SenderTitle/SenderSignatureStatus | "SenderSignatureUnchecked" | "SenderSignatureCheckedAndValid" | = | = | = | = | = | = | =
        /Docflow/Confirmation/IsFinished | false | true | = | = | = | = | = | = | =
        /Docflow/Confirmation/ConfirmationAttachment/ContentTypeId | - | "send_confirmation_133_01_03" | = | = | "delivery_confirmation_133_01_03" | = | = | = | =
        /Docflow/Confirmation/ConfirmedAt/Ticks | - | "t4" | = | = | "t2" | = | = | = | =
        /Docflow/Confirmation/Receipt | - | = | = | = | = | = | = | = | =
        /Docflow/RecipientReceipt/IsFinished | false | = | true | = | false | = | true | = | =
        /Docflow/RecipientReceipt/Status | "WaitingForReceipt" | = | "Finished" | = | "HaveToCreateReceipt" | "Finished" | = | = | =
        /Docflow/RecipientReceipt/ReceiptAttachment/Attachment/AttachmentFilename | - | = | "DP_IZVPOL_invoice-receipt(d1).xml" | = | - | "DP_IZVPOL_invoice-receipt(d1).xml" | = | = | =
        /Docflow/RecipientReceipt/SentAt/Ticks | - | = | "t5" | = | - | "t5" | = | = | =
        /Docflow/RecipientReceipt/DeliveredAt/Ticks | - | = | "t6" | = | - | = | "t6" | = | =
        /Docflow/RecipientReceipt/Confirmation/IsFinished | - | = | true | = | - | false | true | = | =
        /Docflow/RecipientReceipt/Confirmation/Receipt | - | = | = | = | = | = | = | = | =
        /Docflow/RecipientResponse/IsFinished | false | = | = | true | false | = | = | = | true
        /Docflow/RecipientResponse/ResponseStatus | "WaitingForRecipientSignature" | = | = | "WithRecipientSignature" | "WaitingForRecipientSignature" | = | = | "WithRecipientSignature" | =
        /Docflow/RecipientResponse/Title/ContentTypeId | - | = | = | "utd970_schfdop_t2_05_03_01" | - | = | = | "utd970_schfdop_t2_05_03_01" | =
        /Docflow/RecipientResponse/SentAt/Ticks | - | = | = | "t9" | - | = | = | "t9" | =
        /Docflow/RecipientResponse/DeliveredAt/Ticks | - | = | = | "t10" | - | = | = | = | "t10"
        /Docflow/RecipientResponse/Confirmation/IsFinished | - | = | = | true | - | = | = | false | true
        /Docflow/SenderReceipt | - | = | = | = | = | = | = | = | =
        /Docflow/AmendmentRequest | - | = | = | = | = | = | = | = | =
        /Docflow/Revocation | - | = | = | = | = | = | = | = | =
        "#,
    );
}

#[test]
fn a_universal_document_is_completed_in_version_5() {
    let wanted = [(A, 2), (A, 6), (B, 2), (B, 5), (B, 6)];
    check_rows(
        &views(&UNIVERSAL, &wanted, Seen::docflow::<V5>),
        r#"
        /Docflow/Titles/0/AuthorSigning/Status | "TitleAuthorStatusSigned" | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Participant/IsCurrentBox | false | = | true | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/TitleDelivery/Confirmation/IsFinished | true | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Response | {"IsFinished":true,"Status":"TitleParticipantResponseStatusNotAcceptable"} | = | = | = | =
        /Docflow/Titles/0/ParticipantDocflows/0/Receipt/IsFinished | false | true | false | true | true
        /Docflow/Titles/0/ParticipantDocflows/0/Receipt/Status | "WaitingForReceipt" | "Finished" | "HaveToCreateReceipt" | "Finished" | "Finished"
        /Docflow/Titles/1/TitleIndex | 1 | = | = | = | =
        /Docflow/Titles/1/Author/BoxId | "B" | = | = | = | =
        /Docflow/Titles/1/AuthorSigning/IsFinished | false | true | false | false | true
        /Docflow/Titles/1/AuthorSigning/Status | "TitleAuthorStatusWaiting" | "TitleAuthorStatusSigned" | "TitleAuthorStatusWaiting" | "TitleAuthorStatusVerifying" | "TitleAuthorStatusSigned"
        /Docflow/Titles/1/AuthorSigning/Title/ContentTypeId | - | "utd970_schfdop_t2_05_03_01" | - | "utd970_schfdop_t2_05_03_01" | =
        /Docflow/Titles/1/AuthorSigning/OperationResult/WellKnown | - | "WellKnownTitleOperationResultSigned" | - | - | "WellKnownTitleOperationResultSigned"
        /Docflow/Titles/1/ParticipantDocflows/0/Participant/BoxId | "A" | = | = | = | =
        /Docflow/Titles/1/ParticipantDocflows/0/TitleDelivery/Delivery/Status | - | "DeliveryStatusDelivered" | - | "DeliveryStatusNotReady" | "DeliveryStatusDelivered"
        /Docflow/Titles/1/ParticipantDocflows/0/TitleDelivery/Confirmation/IsFinished | - | true | - | false | true
        /Docflow/Titles/1/ParticipantDocflows/0/Response | - | = | = | = | =
        /Docflow/Titles/1/ParticipantDocflows/0/Receipt | - | = | = | = | =
        "#,
    );
}
