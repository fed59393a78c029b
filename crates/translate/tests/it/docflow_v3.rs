//! Docflows in versions 3 and 4, field by field.

use potok_translate::docflow::{V3, V4};

use crate::golden::{check, check_rows};
use crate::script::Who;
use crate::shown::views;

use Who::{A, B};

const SIGNED: [&str; 4] = ["post request", "deliver", "B sign", "deliver"];

#[test]
fn a_signature_is_requested_and_given() {
    let views = views::<V3>(&SIGNED, &[(A, 1), (A, 2), (A, 4), (B, 2), (B, 3), (B, 4)]);
    check_rows(
        &views,
        r#"
        /DocumentId | {"EntityId":"d0000000-0000-4000-8000-000000000001","MessageId":"e0000000-0000-4000-8000-000000000001"} | = | = | = | = | =
        /LastEvent/EventId | "e0000000-0000-4000-8000-000000000001" | "e1000000-0000-4000-8000-000000000002" | "e1000000-0000-4000-8000-000000000004" | "e0000000-0000-4000-8000-000000000001" | "e1000000-0000-4000-8000-000000000004" | "e1000000-0000-4000-8000-000000000006"
        /LastEvent/Timestamp/Ticks | 639055476600000000 | 639055477200000000 | 639055478400000000 | 639055477200000000 | 639055477800000000 | 639055478400000000
        /DocumentInfo/FullVersion | {"Function":"default","TypeNamedId":"Nonformalized","Version":"v1"} | = | = | = | = | =
        /DocumentInfo/MessageType | "Letter" | = | = | = | = | =
        /DocumentInfo/WorkflowId | 1 | = | = | = | = | =
        /DocumentInfo/Participants/Sender/BoxId | "aaaaaaaa000040008000000000000000@diadoc.ru" | = | = | = | = | =
        /DocumentInfo/Participants/Recipient/BoxId | "bbbbbbbb000040008000000000000000@diadoc.ru" | = | = | = | = | =
        /DocumentInfo/Participants/Sender/DepartmentId | "00000000-0000-0000-0000-000000000000" | = | = | - | = | =
        /DocumentInfo/Participants/Recipient/DepartmentId | - | = | = | "00000000-0000-0000-0000-000000000000" | = | =
        /DocumentInfo/Participants/Proxy | - | = | = | = | = | =
        /DocumentInfo/Participants/IsInternal | false | = | = | = | = | =
        /DocumentInfo/Participants/IsCrossBorder | false | = | = | = | = | =
        /DocumentInfo/DocumentDirection | "Outbound" | = | = | "Inbound" | = | =
        /DocumentInfo/DepartmentId | "00000000-0000-0000-0000-000000000000" | = | = | = | = | =
        /DocumentInfo/Metadata | [{"Key":"FileName","Value":"contract.pdf"},{"Key":"DocumentNumber","Value":"7"},{"Key":"DocumentDate","Value":"01.02.2026"}] | = | = | = | = | =
        /DocumentInfo/DocumentLinks | {"InitialIds":[],"SubordinateIds":[]} | = | = | = | = | =
        /DocumentInfo/PacketInfo | {"AddedAt":{"Ticks":639055476600000000},"LockMode":"None","PacketId":"9a000000-0000-4000-8000-000000000001"} | = | = | {"AddedAt":{"Ticks":639055477200000000},"LockMode":"None","PacketId":"9a000000-0000-4000-8000-000000000001"} | = | =
        /DocumentInfo/IsRead | true | = | = | false | true | =
        /DocumentInfo/IsDeleted | false | = | = | = | = | =
        /DocumentInfo/IsInvitation | false | = | = | = | = | =
        /DocumentInfo/LetterInfo | {"ForwardDocumentEvents":[],"IsEncrypted":false,"IsTest":false} | = | = | = | = | =
        /DocumentInfo/DraftInfo | - | = | = | = | = | =
        /DocumentInfo/TemplateInfo | - | = | = | = | = | =
        /DocumentInfo/HasUnreadOutOfWorkflowUniversalMessages | false | = | = | = | = | =
        /Docflow/SenderTitle/IsFinished | false | true | = | = | = | =
        /Docflow/SenderTitle/Attachment/Attachment/Entity/EntityId | "d0000000-0000-4000-8000-000000000001" | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Attachment/AttachmentFilename | "contract.pdf" | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Signature/Cms/EntityId | "50000000-0000-4000-8000-000000000001" | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Signature/SignerBoxId | "aaaaaaaa000040008000000000000000@diadoc.ru" | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Signature/IsValid | true | = | = | = | = | =
        /Docflow/SenderTitle/Attachment/Signature/SignatureTypeInfo/SignatureType | "OnVerification" | "Qualified" | = | = | = | =
        /Docflow/SenderTitle/Attachment/ContentTypeId | "nonformalized" | = | = | = | = | =
        /Docflow/SenderTitle/SentAt/Ticks | 639055476600000000 | = | = | = | = | =
        /Docflow/SenderTitle/DeliveredAt/Ticks | - | 639055477200000000 | = | = | = | =
        /Docflow/SenderTitle/SenderSignatureStatus | "SenderSignatureUnchecked" | "SenderSignatureCheckedAndValid" | = | = | = | =
        /Docflow/Confirmation | - | = | = | = | = | =
        /Docflow/ProxyResponse | - | = | = | = | = | =
        /Docflow/RecipientReceipt | - | = | = | = | = | =
        /Docflow/SenderReceipt | - | = | = | = | = | =
        /Docflow/RecipientResponse/IsFinished | false | = | true | false | = | true
        /Docflow/RecipientResponse/Signature/SignerBoxId | - | = | "bbbbbbbb000040008000000000000000@diadoc.ru" | - | "bbbbbbbb000040008000000000000000@diadoc.ru" | =
        /Docflow/RecipientResponse/Signature/DeliveredAt/Ticks | - | = | 639055478400000000 | - | = | 639055478400000000
        /Docflow/RecipientResponse/SentAt/Ticks | - | = | 639055477800000000 | - | 639055477800000000 | =
        /Docflow/RecipientResponse/DeliveredAt/Ticks | - | = | 639055478400000000 | - | = | 639055478400000000
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
    check("testdata/docflow_v3", "signed", &views);
}

#[test]
fn a_signature_is_requested_and_refused() {
    let steps = ["post request", "deliver", "B refuse", "deliver"];
    let views = views::<V3>(&steps, &[(A, 4), (B, 3), (B, 4)]);
    check_rows(
        &views,
        r#"
        /Docflow/RecipientResponse/IsFinished | true | false | true
        /Docflow/RecipientResponse/Signature | - | = | =
        /Docflow/RecipientResponse/SentAt/Ticks | 639055477800000000 | = | =
        /Docflow/RecipientResponse/DeliveredAt/Ticks | 639055478400000000 | - | 639055478400000000
        /Docflow/RecipientResponse/ResponseStatus | "RecipientSignatureRequestRejected" | = | =
        /Docflow/RecipientResponse/Rejection/SignatureRejection/ContentTypeId | "signature_rejection_02" | = | =
        /Docflow/RecipientResponse/Rejection/SignatureRejection/Signature/SignerBoxId | "bbbbbbbb000040008000000000000000@diadoc.ru" | = | =
        /Docflow/RecipientResponse/Rejection/IsFormal | true | = | =
        /Docflow/RecipientResponse/Rejection/DeliveredAt/Ticks | 639055478400000000 | - | 639055478400000000
        /Docflow/DocflowStatus/PrimaryStatus | {"Severity":"Error","StatusText":"Контрагент отказал в подписи"} | {"Severity":"Error","StatusText":"Отказано в подписи"} | =
        "#,
    );
    check("testdata/docflow_v3", "refused", &views);
}

/// The steps of a universal document of both functions; confirmations come with the delivery of what they confirm.
pub(crate) const UNIVERSAL: [&str; 9] = [
    "post type=UniversalTransferDocument function=СЧФДОП version=utd970_05_03_01 wf=18",
    "deliver",
    "confirm document",
    "B receipt",
    "deliver",
    "confirm receipt",
    "B title",
    "deliver",
    "confirm answer",
];

#[test]
fn a_universal_document_is_completed() {
    let wanted = [(A, 1), (A, 3), (A, 6), (A, 9), (B, 3), (B, 4), (B, 6), (B, 7), (B, 9)];
    let views = views::<V3>(&UNIVERSAL, &wanted);
    check_rows(
        &views,
        r#"
        /Docflow/SenderTitle/IsFinished | false | true | = | = | = | = | = | = | =
        /Docflow/SenderTitle/SenderSignatureStatus | "SenderSignatureUnchecked" | "SenderSignatureCheckedAndValid" | = | = | = | = | = | = | =
        /Docflow/Confirmation/IsFinished | false | true | = | = | = | = | = | = | =
        /Docflow/Confirmation/ConfirmationAttachment/ContentTypeId | - | "send_confirmation_133_01_03" | = | = | = | = | = | = | =
        /Docflow/Confirmation/ConfirmedAt/Ticks | - | 639055477800000000 | = | = | = | = | = | = | =
        /Docflow/Confirmation/Receipt | - | = | = | = | = | = | = | = | =
        /Docflow/RecipientReceipt/IsFinished | false | = | true | = | false | = | true | = | =
        /Docflow/RecipientReceipt/Status | "WaitingForReceipt" | = | "Finished" | = | "HaveToCreateReceipt" | "Finished" | = | = | =
        /Docflow/RecipientReceipt/ReceiptAttachment/Attachment/AttachmentFilename | - | = | "receipt.xml" | = | - | "receipt.xml" | = | = | =
        /Docflow/RecipientReceipt/SentAt/Ticks | - | = | 639055478400000000 | = | - | 639055478400000000 | = | = | =
        /Docflow/RecipientReceipt/DeliveredAt/Ticks | - | = | 639055479000000000 | = | - | = | 639055479000000000 | = | =
        /Docflow/RecipientReceipt/Confirmation/IsFinished | - | = | true | = | - | false | true | = | =
        /Docflow/RecipientReceipt/Confirmation/Receipt | - | = | = | = | = | = | = | = | =
        /Docflow/RecipientResponse/IsFinished | false | = | = | true | false | = | = | = | true
        /Docflow/RecipientResponse/ResponseStatus | "WaitingForRecipientSignature" | = | = | "WithRecipientSignature" | "WaitingForRecipientSignature" | = | = | "WithRecipientSignature" | =
        /Docflow/RecipientResponse/Title/ContentTypeId | - | = | = | "utd970_schfdop_t2_05_03_01" | - | = | = | "utd970_schfdop_t2_05_03_01" | =
        /Docflow/RecipientResponse/SentAt/Ticks | - | = | = | 639055480200000000 | - | = | = | 639055480200000000 | =
        /Docflow/RecipientResponse/DeliveredAt/Ticks | - | = | = | 639055480800000000 | - | = | = | = | 639055480800000000
        /Docflow/RecipientResponse/Confirmation/IsFinished | - | = | = | true | - | = | = | false | true
        /Docflow/SenderReceipt | - | = | = | = | = | = | = | = | =
        /Docflow/AmendmentRequest | - | = | = | = | = | = | = | = | =
        /Docflow/Revocation | - | = | = | = | = | = | = | = | =
        "#,
    );
    check("testdata/docflow_v3", "universal_transfer", &views);
}

#[test]
fn the_sender_owes_a_receipt_on_the_title() {
    let mut steps = UNIVERSAL;
    steps[6] = "B title asks-receipt";
    let views = views::<V3>(&steps, &[(A, 9), (B, 9)]);
    check_rows(
        &views,
        r#"
        /Docflow/SenderReceipt | {"IsFinished":false,"Status":"HaveToCreateReceipt"} | {"IsFinished":false,"Status":"WaitingForReceipt"}
        /Docflow/DocflowStatus/PrimaryStatus/StatusText | "Подписан контрагентом. Требуется подписать извещение о получении" | "Подписан. Ожидается извещение о получении"
        "#,
    );
    let mut steps = steps.to_vec();
    steps.extend(["A receipt on title", "deliver", "confirm title-receipt"]);
    check("testdata/docflow_v3", "receipt_on_title", &crate::shown::views::<V3>(&steps, &[(A, 12), (B, 12)]));
}

#[test]
fn an_invoice_of_old_where_every_confirmation_is_acknowledged() {
    let steps = [
        "post type=Invoice wf=10",
        "deliver",
        "confirm document",
        "A acknowledge",
        "B acknowledge",
        "B receipt",
        "deliver",
        "confirm receipt to B",
        "B acknowledge",
    ];
    let wanted = [(A, 2), (A, 3), (A, 4), (A, 9), (B, 3), (B, 7), (B, 8), (B, 9)];
    let views = views::<V3>(&steps, &wanted);
    check_rows(
        &views,
        r#"
        /Docflow/Confirmation/IsFinished | false | false | true | true | false | true | true | true
        /Docflow/Confirmation/Receipt/Status | "GeneralReceiptStatusNotAcceptable" | "HaveToCreateReceipt" | "Finished" | "Finished" | "HaveToCreateReceipt" | "Finished" | "Finished" | "Finished"
        /Docflow/RecipientReceipt/IsFinished | false | false | false | true | false | false | false | true
        /Docflow/RecipientReceipt/Confirmation/Receipt/Status | - | - | - | - | - | "GeneralReceiptStatusNotAcceptable" | "HaveToCreateReceipt" | "Finished"
        "#,
    );
}

#[test]
fn an_amendment_request_with_its_answer() {
    let steps = ["post type=Invoice wf=17", "deliver", "B amend", "deliver", "confirm amendment"];
    let views = views::<V3>(&steps, &[(A, 2), (A, 4), (A, 5), (B, 3), (B, 5)]);
    check_rows(
        &views,
        r#"
        /Docflow/AmendmentRequest/IsFinished | - | false | true | false | true
        /Docflow/AmendmentRequest/AmendmentFlags | - | 1 | 1 | 1 | 1
        /Docflow/AmendmentRequest/ConfirmationDocflow/IsFinished | - | false | true | false | true
        /Docflow/AmendmentRequest/Receipt | - | - | - | - | -
        /Docflow/AmendmentRequest/DeliveredAt/Ticks | - | 639055478400000000 | = | - | 639055478400000000
        "#,
    );
    check("testdata/docflow_v3", "amended", &views);
}

#[test]
fn a_revocation_is_asked_for_and_refused() {
    let steps =
        ["post request", "deliver", "B sign", "deliver", "B revoke", "deliver", "A disagree", "deliver"];
    let views = views::<V3>(&steps, &[(A, 4), (A, 6), (B, 5), (A, 8), (B, 8)]);
    check_rows(
        &views,
        r#"
        /Docflow/Revocation/IsFinished | - | false | false | true | true
        /Docflow/Revocation/RevocationStatus | - | "RequestsMyRevocation" | "RevocationIsRequestedByMe" | "RevocationRejected" | "RevocationRejected"
        /Docflow/Revocation/InitiatorBoxId | - | "bbbbbbbb000040008000000000000000@diadoc.ru" | = | = | =
        /Docflow/Revocation/RevocationResponse/SignatureRejection/IsFormal | - | - | - | true | true
        /Docflow/Revocation/RevocationRequest/DeliveredAt/Ticks | - | 639055479600000000 | - | 639055479600000000 | =
        "#,
    );
    check("testdata/docflow_v3", "revocation_refused", &views);
}

#[test]
fn approval_is_asked_for() {
    let steps = [
        "post request",
        "deliver",
        "B ask approval",
        "B resolve no",
        "B ask signature",
        "B deny",
        "B ask approval-signature",
        "B approve",
        "B ask approval",
        "B cancel request",
        "B sign",
    ];
    let wanted: Vec<_> = (2..=steps.len()).map(|step| (B, step)).collect();
    let views = views::<V3>(&steps, &wanted);
    let rows = "
        /Docflow/Resolution/ResolutionStatus | - | \"ApprovementRequested\" | \"Disapproved\" | \"PrimarySignatureRequested\" | \"SignatureRequestRejected\" | \"ApprovementSignatureRequested\" | \"SignedWithApprovingSignature\" | \"ApprovementRequested\" | \"SignedWithApprovingSignature\" | \"SignedWithPrimarySignature\"
        /Docflow/Resolution/IsFinished | - | false | true | false | true | false | true | false | true | true
        /Docflow/Resolution/ParentEntityId | - | \"d0000000-0000-4000-8000-000000000001\" | = | = | = | = | = | = | = | =
        ";
    check_rows(&views, rows);
    check("testdata/docflow_v3", "approval", &views[8..]);
}

#[test]
fn universal_messages_are_shown_from_version_4_on() {
    let steps = [
        "post type=XmlTorg12 wf=3 receipt",
        "deliver",
        "B say 1999",
        "B say 2999",
        "B say 3999",
        "B say 4002",
    ];
    let wanted = [(B, 6)];
    let rows = |is_shown: bool| {
        let of = |text: &str| if is_shown { text.to_owned() } else { "-".to_owned() };
        format!(
            r#"
            /Docflow/RecipientReceipt/Status | "Finished"
            /Docflow/RecipientReceipt/ReceiptAttachment | -
            /Docflow/RecipientReceipt/UniversalMessage/MessageInfo/CodeGroup | {}
            /Docflow/AmendmentRequest/AmendmentFlags | 1
            /Docflow/AmendmentRequest/PlainText | "Текст 2999"
            /Docflow/AmendmentRequest/UniversalMessage/MessageInfo/Events/0/StatusCode | {}
            /Docflow/RecipientResponse/ResponseStatus | "RecipientSignatureRequestRejected"
            /Docflow/RecipientResponse/Rejection/PlainText | "Текст 3999"
            /Docflow/RecipientResponse/Rejection/IsFormal | true
            /Docflow/RecipientResponse/Rejection/UniversalMessage/ContentTypeId | {}
            /Docflow/RecipientResponse/Rejection/SignatureRejection/ContentTypeId | {}
            /Docflow/SenderTitle/OutOfWorkflowUniversalMessageDocflow/Messages/0/MessageInfo/Events/0/StatusCode | {}
            "#,
            of(r#""Receipt""#),
            of("2999"),
            of(r#""universal_message_01""#),
            if is_shown { "-" } else { r#""universal_message_01""# },
            of("4002"),
        )
    };
    check_rows(&views::<V3>(&steps, &wanted), &rows(false));
    let views = views::<V4>(&steps, &wanted);
    check_rows(&views, &rows(true));
    check("testdata/docflow_v4", "universal_messages", &views);
}

#[test]
fn messages_of_the_other_side_are_unread_until_something_is_answered() {
    let steps = ["post", "deliver", "B say 4002", "deliver", "A ask approval"];
    let views = views::<V4>(&steps, &[(B, 4), (A, 4), (A, 5)]);
    check_rows(
        &views,
        "
        /DocumentInfo/HasUnreadOutOfWorkflowUniversalMessages | false | true | false
        /Docflow/SenderTitle/OutOfWorkflowUniversalMessageDocflow/Messages/0/IsRead | true | false | true
        ",
    );
}

#[test]
fn without_universal_messages_version_4_says_what_version_3_says() {
    for who in [A, B] {
        let (v3, v4) = (views::<V3>(&UNIVERSAL, &[(who, 9)]), views::<V4>(&UNIVERSAL, &[(who, 9)]));
        assert_eq!(v3[0].1["Docflow"], v4[0].1["Docflow"]);
        assert_eq!(v3[0].1["DocumentInfo"], v4[0].1["DocumentInfo"]);
    }
}

#[test]
fn drafts_and_templates_say_what_they_are() {
    let draft = views::<V3>(&["post draft"], &[(A, 1)]);
    check_rows(
        &draft,
        r#"
        /DocumentInfo/MessageType | "Draft"
        /DocumentInfo/DepartmentId | ""
        /DocumentInfo/LetterInfo | -
        /DocumentInfo/DraftInfo | {"IsLocked":false,"IsRecycled":false,"TransformedToLetterIds":[]}
        /Docflow/SenderTitle/SenderSignatureStatus | "WaitingForSenderSignature"
        /Docflow/SenderTitle/Attachment/Signature | -
        /Docflow/RecipientResponse | -
        /Docflow/DocflowStatus/PrimaryStatus/StatusText | "Черновик"
        "#,
    );
    let template = views::<V3>(&["post template"], &[(A, 1)]);
    check_rows(
        &template,
        r#"
        /DocumentInfo/MessageType | "Template"
        /DocumentInfo/TemplateInfo/IsReusable | false
        /DocumentInfo/TemplateInfo/LetterParticipants/Sender/BoxId | "aaaaaaaa000040008000000000000000@diadoc.ru"
        "#,
    );
}
