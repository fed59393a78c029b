//! Every list of `MessagePatchToPost` and its successor besides signatures, receipts and refusals.

use bytes::Bytes;
use potok_domain::command::{PostPatch, Source};
use potok_domain::{AttachmentType, CodeGroup, Decision, RequestKind, Tag, TagChange};
use potok_wire::proto::DocumentId;
use potok_wire::proto::events::*;

use super::{GUID, SENDER, signed, text};
use crate::BadRequest;
use crate::post::{patch_v3, patch_v4};

const OTHER: &str = "00000000-0000-0000-0000-00000000000b";

fn v3() -> MessagePatchToPost {
    MessagePatchToPost { box_id: SENDER.to_owned(), message_id: GUID.to_owned(), ..Default::default() }
}

fn v4() -> MessagePatchToPostV2 {
    MessagePatchToPostV2 { box_id: SENDER.to_owned(), message_id: GUID.to_owned(), ..Default::default() }
}

/// Puts one empty item into one list at a time; the compiler says when a field is misspelt, and the counts below when
/// one is forgotten.
macro_rules! with_an_empty_item {
    ($empty:expr, $read:ident: $($field:ident $name:literal),* $(,)?) => {
        [$({
            let mut posted = $empty;
            posted.$field.push(Default::default());
            ($name, $read(posted).expect_err($name))
        }),*]
    };
}

#[test]
fn every_list_is_read() {
    let of_v3 = with_an_empty_item!(
        v3(), patch_v3:
        receipts "Receipts",
        correction_requests "CorrectionRequests",
        signatures "Signatures",
        requested_signature_rejections "RequestedSignatureRejections",
        xml_torg12_buyer_titles "XmlTorg12BuyerTitles",
        xml_acceptance_certificate_buyer_titles "XmlAcceptanceCertificateBuyerTitles",
        resolutions "Resolutions",
        resolution_requests "ResolutionRequests",
        resolution_request_cancellations "ResolutionRequestCancellations",
        resolution_request_denials "ResolutionRequestDenials",
        resolution_request_denial_cancellations "ResolutionRequestDenialCancellations",
        revocation_requests "RevocationRequests",
        xml_signature_rejections "XmlSignatureRejections",
        custom_data_patches "CustomDataPatches",
        resolution_route_assignments "ResolutionRouteAssignments",
        signature_verifications "SignatureVerifications",
        edit_document_packet_commands "EditDocumentPacketCommands",
        universal_transfer_document_buyer_titles "UniversalTransferDocumentBuyerTitles",
        resolution_route_removals "ResolutionRouteRemovals",
        recipient_titles "RecipientTitles",
        editing_patches "EditingPatches",
    );
    // 24 fields: two ids, and the cancellations of fixations, which V4 has too.
    assert_eq!(of_v3.len(), 24 - 3);
    for (list, refused) in of_v3 {
        let place = format!("MessagePatchToPost.{list}[0]");
        assert!(
            matches!(&refused, BadRequest::Invalid(invalid) if invalid.path.starts_with(&place)),
            "{refused:?}"
        );
    }
    let of_v4 = with_an_empty_item!(
        v4(), patch_v4:
        receipts "Receipts",
        correction_requests "CorrectionRequests",
        signatures "Signatures",
        resolutions "Resolutions",
        resolution_requests "ResolutionRequests",
        resolution_request_cancellations "ResolutionRequestCancellations",
        resolution_request_denials "ResolutionRequestDenials",
        resolution_request_denial_cancellations "ResolutionRequestDenialCancellations",
        revocation_requests "RevocationRequests",
        xml_signature_rejections "XmlSignatureRejections",
        custom_data_patches "CustomDataPatches",
        resolution_route_assignments "ResolutionRouteAssignments",
        signature_verifications "SignatureVerifications",
        edit_document_packet_commands "EditDocumentPacketCommands",
        resolution_route_removals "ResolutionRouteRemovals",
        recipient_titles "RecipientTitles",
        universal_messages "UniversalMessages",
        tt_gis_fixation_cancellation_requests "TtGisFixationCancellationRequests",
        editing_patches "EditingPatches",
    );
    assert_eq!(of_v4.len(), 21 - 2);
    for (list, refused) in of_v4 {
        let place = format!("MessagePatchToPostV2.{list}[0]");
        assert!(
            matches!(&refused, BadRequest::Invalid(invalid) if invalid.path.starts_with(&place)),
            "{refused:?}"
        );
    }
}

fn title(index: Option<i32>) -> RecipientTitleAttachment {
    RecipientTitleAttachment {
        parent_entity_id: GUID.to_owned(),
        signed_content: signed(),
        labels: Vec::new(),
        need_receipt: true,
        title_index: index,
    }
}

fn read(change: impl FnOnce(&mut MessagePatchToPost)) -> PostPatch<Source> {
    let mut posted = v3();
    change(&mut posted);
    patch_v3(posted).expect("it is well formed")
}

#[test]
fn titles_say_which_list_they_stood_in() {
    use AttachmentType as Type;
    let command = read(|posted| {
        posted.recipient_titles = vec![title(Some(1))];
        posted.xml_torg12_buyer_titles = vec![title(None)];
        posted.xml_acceptance_certificate_buyer_titles = vec![title(None)];
        posted.universal_transfer_document_buyer_titles = vec![title(None)];
    });
    let shown: Vec<_> = command
        .titles
        .iter()
        .map(|title| (title.service.path.as_str(), title.index, title.need_receipt, title.only))
        .collect();
    assert_eq!(
        shown,
        [
            ("MessagePatchToPost.RecipientTitles[0]", Some(1), true, None),
            (
                "MessagePatchToPost.XmlTorg12BuyerTitles[0]",
                None,
                true,
                Some(&[Type::XmlTorg12BuyerTitle][..])
            ),
            (
                "MessagePatchToPost.XmlAcceptanceCertificateBuyerTitles[0]",
                None,
                true,
                Some(&[Type::XmlAcceptanceCertificateBuyerTitle][..])
            ),
            (
                "MessagePatchToPost.UniversalTransferDocumentBuyerTitles[0]",
                None,
                true,
                Some(
                    &[Type::UniversalTransferDocumentBuyerTitle, Type::UniversalCorrectionDocumentBuyerTitle]
                        [..]
                )
            ),
        ]
    );
}

#[test]
fn requests_to_amend_and_to_revoke_are_signed_files() {
    let command = read(|posted| {
        posted.correction_requests = vec![CorrectionRequestAttachment {
            parent_entity_id: GUID.to_owned(),
            signed_content: signed(),
            labels: vec!["_impersonal".to_owned()],
        }];
        posted.revocation_requests = vec![RevocationRequestAttachment {
            parent_entity_id: OTHER.to_owned(),
            signed_content: SignedContent {
                signature: None,
                sign_with_test_signature: Some(true),
                ..signed()
            },
            labels: Vec::new(),
        }];
    });
    assert!(command.is_test, "one signature is a test signature");
    assert_eq!(command.amendment_requests[0].labels, ["_impersonal"]);
    assert_eq!(command.revocation_requests[0].parent.to_string(), OTHER);
}

#[test]
fn approval_is_read() {
    let command = read(|posted| {
        for (number, comment) in [(1, text("да")), (2, None), (0, text(""))] {
            posted.resolutions.push(ResolutionAttachment {
                initial_document_id: GUID.to_owned(),
                resolution_type: number,
                comment,
                labels: Vec::new(),
            });
        }
        for (number, target_user_id, target_department_id) in
            [(0, text(OTHER), text("")), (1, None, text(OTHER)), (2, None, None), (3, None, None)]
        {
            posted.resolution_requests.push(ResolutionRequestAttachment {
                initial_document_id: GUID.to_owned(),
                r#type: number,
                target_user_id,
                target_department_id,
                comment: None,
                labels: vec!["a".to_owned()],
            });
        }
        posted.resolution_request_cancellations.push(ResolutionRequestCancellationAttachment {
            initial_resolution_request_id: GUID.to_owned(),
            ..Default::default()
        });
        posted.resolution_request_denial_cancellations.push(ResolutionRequestDenialCancellationAttachment {
            initial_resolution_request_denial_id: OTHER.to_owned(),
        });
        posted.resolution_request_denials.push(ResolutionRequestDenialAttachment {
            initial_resolution_request_id: GUID.to_owned(),
            comment: text("нет"),
            labels: Vec::new(),
        });
        posted.resolution_route_assignments.push(ResolutionRouteAssignment {
            initial_document_id: GUID.to_owned(),
            route_id: OTHER.to_owned(),
            ..Default::default()
        });
        posted.resolution_route_removals.push(ResolutionRouteRemoval {
            parent_entity_id: GUID.to_owned(),
            route_id: OTHER.to_owned(),
            ..Default::default()
        });
    });
    let resolutions: Vec<_> =
        command.resolutions.iter().map(|item| (item.decision, item.comment.clone())).collect();
    assert_eq!(
        resolutions,
        [
            (Some(Decision::Approve), Source::Inline("да".into())),
            (Some(Decision::Disapprove), Source::Inline(Bytes::new())),
            (None, Source::Inline(Bytes::new())),
        ]
    );
    let requests: Vec<_> = command
        .resolution_requests
        .iter()
        .map(|item| (item.kind, item.user.is_some(), item.department.is_some()))
        .collect();
    assert_eq!(
        requests,
        [
            (RequestKind::Approvement, true, false),
            (RequestKind::Signature, false, true),
            (RequestKind::ApprovementSignature, false, false),
            (RequestKind::Custom, false, false),
        ]
    );
    let cancelled: Vec<_> = command
        .cancellations
        .iter()
        .map(|item| (item.path.as_str(), item.is_of_denial, item.target.to_string()))
        .collect();
    assert_eq!(
        cancelled,
        [
            ("MessagePatchToPost.ResolutionRequestCancellations[0]", false, GUID.to_owned()),
            ("MessagePatchToPost.ResolutionRequestDenialCancellations[0]", true, OTHER.to_owned()),
        ]
    );
    assert_eq!(command.denials[0].comment, Source::Inline("нет".into()));
    for step in [&command.route_assignments[0], &command.route_removals[0]] {
        assert_eq!((step.document.to_string(), step.route.to_string()), (GUID.to_owned(), OTHER.to_owned()));
    }
    assert!(!command.is_test);
}

fn tag(operation: i32, key: &str, value: Option<String>) -> CustomDataPatch {
    CustomDataPatch { parent_entity_id: GUID.to_owned(), operation, key: key.to_owned(), value }
}

#[test]
fn tags_packets_and_verifications_are_read() {
    let command = read(|posted| {
        posted.custom_data_patches =
            vec![tag(0, "цвет", text("синий")), tag(0, "пусто", None), tag(1, "Цвет", text("не важно"))];
        posted.edit_document_packet_commands = vec![EditDocumentPacketCommand {
            document_id: GUID.to_owned(),
            add_documents_to_packet: vec![DocumentId {
                message_id: OTHER.to_owned(),
                entity_id: GUID.to_owned(),
            }],
            remove_documents_from_packet: Vec::new(),
        }];
        posted.signature_verifications =
            [(true, text("все хорошо")), (false, text("отозван")), (false, None)]
                .map(|(is_valid, error_message)| SignatureVerification {
                    initial_document_id: GUID.to_owned(),
                    is_valid,
                    error_message,
                    labels: Vec::new(),
                })
                .into();
    });
    let set = |key: &str, value: &str| TagChange::Set(Tag { key: key.to_owned(), value: value.to_owned() });
    let changes: Vec<_> = command.tag_changes.iter().map(|item| item.change.clone()).collect();
    assert_eq!(
        changes,
        [set("цвет", "синий"), set("пусто", ""), TagChange::Remove { key: "Цвет".to_owned() }]
    );
    let Source::Inline(content) = &command.tag_changes[0].content else { panic!("it stands in the request") };
    let shown: CustomDataPatch = potok_wire::decode_protobuf(content.clone()).unwrap();
    assert_eq!(shown, tag(0, "цвет", text("синий")), "readers find what was asked for");
    assert_eq!(command.packets[0].add[0].message_id.to_string(), OTHER);
    let comments: Vec<_> = command.verifications.iter().map(|item| item.comment.clone()).collect();
    assert_eq!(comments, [None, Some(Source::Inline("отозван".into())), None]);
}

fn universal(group: i32, behaviour: i32, xml: &str) -> UniversalMessageAttachment {
    UniversalMessageAttachment {
        parent_entity_id: GUID.to_owned(),
        code_group: Some(group),
        universal_message_content: UnsignedContent {
            content: Some(xml.to_owned().into()),
            name_on_shelf: None,
        },
        labels: Vec::new(),
        behaviour: Some(behaviour),
    }
}

#[test]
fn universal_messages_are_read() {
    let mut posted = v4();
    posted.universal_messages = vec![
        universal(1, 0, "<Файл ИдФайл=\"DP_UNISOOBSCH_1\"><СтатусУС>11519991</СтатусУС></Файл>"),
        universal(0, 1, "<x/>"),
        universal(4, 2, "<x/>"),
    ];
    let command = patch_v4(posted).unwrap();
    let shown: Vec<_> =
        command.universal_messages.iter().map(|item| (item.code_group, item.affects_workflow)).collect();
    assert_eq!(
        shown,
        [(Some(CodeGroup::Receipt), None), (None, Some(true)), (Some(CodeGroup::Information), Some(false)),]
    );
    // What bytes say is read where they are read, which is not here.
    assert!(command.universal_messages.iter().all(|item| item.events.is_empty() && item.file_name.is_none()));
}

type Case = (fn(&mut MessagePatchToPost), &'static str);

const REFUSALS: &[Case] = &[
    (
        |posted| {
            posted.resolutions.push(ResolutionAttachment {
                initial_document_id: GUID.to_owned(),
                resolution_type: -1,
                ..Default::default()
            })
        },
        "Resolutions[0].ResolutionType: must be Approve, Disapprove, or UndefinedResolutionType to withdraw the last \
         one",
    ),
    (
        |posted| {
            posted.resolution_requests.push(ResolutionRequestAttachment {
                initial_document_id: GUID.to_owned(),
                r#type: 7,
                ..Default::default()
            })
        },
        "ResolutionRequests[0].Type: must be ApprovementRequest, SignatureRequest or ApprovementSignatureRequest",
    ),
    (
        |posted| {
            posted.resolution_requests.push(ResolutionRequestAttachment {
                initial_document_id: GUID.to_owned(),
                r#type: 0,
                target_user_id: text("я"),
                ..Default::default()
            })
        },
        "ResolutionRequests[0].TargetUserId: \"я\" is not a valid user id: a GUID is expected, with or without dashes",
    ),
    (
        |posted| {
            posted.resolution_route_assignments.push(ResolutionRouteAssignment {
                initial_document_id: GUID.to_owned(),
                route_id: "1".to_owned(),
                ..Default::default()
            })
        },
        "ResolutionRouteAssignments[0].RouteId: \"1\" is not a valid route id: a GUID is expected, with or without \
         dashes",
    ),
    (
        |posted| posted.custom_data_patches.push(tag(2, "a", None)),
        "CustomDataPatches[0].Operation: must be Set or Remove",
    ),
    (
        |posted| {
            posted.correction_requests.push(CorrectionRequestAttachment {
                parent_entity_id: GUID.to_owned(),
                signed_content: SignedContent { signature: None, ..signed() },
                labels: Vec::new(),
            })
        },
        "CorrectionRequests[0].SignedContent.Signature: a signature is required; give one of Signature, \
         SignatureNameOnShelf and SignWithTestSignature",
    ),
];

#[test]
fn each_fault_is_refused_with_its_place_and_cure() {
    for (fault, expected) in REFUSALS {
        let mut posted = v3();
        fault(&mut posted);
        let refused = patch_v3(posted).expect_err(expected);
        assert_eq!(refused.to_string(), format!("MessagePatchToPost.{expected}"));
    }
}

#[test]
fn a_value_of_a_tag_that_goes_is_not_looked_at() {
    let command = read(|posted| posted.custom_data_patches.push(tag(1, "a", Some("я".repeat(201)))));
    assert_eq!(command.tag_changes.len(), 1);
}
