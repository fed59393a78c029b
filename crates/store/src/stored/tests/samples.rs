//! The events behind the files in `testdata/journal`. A field that an old file cannot hold has here the value with
//! which the file is read.

use std::sync::Arc;

use potok_domain::powers::{
    AttachedPower, CheckName, CheckResult, Finding, PowerName, Problem, Sending, SignedFile, Validation,
};
use potok_domain::{
    AttachmentType, Body, CertificateChecked, Change, Check, CodeGroup, Decision, DeliveryReport, Document,
    DocumentChange, DocumentKind, DocumentPatch, DocumentRef, Entity, Event, LockMode, MadeFrom, MessageType,
    Metadata, OnRoute, Origin, Party, Patched, Posted, PowerOfAttorney, Recycled, RefusalKind, RequestKind,
    RequestTarget, Resolution, ResolutionRequest, Rewritten, RouteStage, Service, Signature,
    SignatureChecked, Tag, TagChange, Template, TemplateRefusal, TemplateTransformation, Title,
    TransformationChange, UniversalEvent, UniversalMessage, Verification, WorkflowId,
};
use potok_types::{
    BoxId, ContentRef, DepartmentId, EntityId, EventId, MessageId, PacketId, PowerId, RouteId, Ticks, UserId,
};
use uuid::Uuid;

const AT: Ticks = Ticks::new(638_899_802_371_782_567);

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(0x1f20_8d03_2a60_4f64_91b1_0000_0000_0000 + number)
}

fn entity(number: u128, body: Body) -> Entity {
    Entity {
        id: EntityId::from_uuid(uuid(number)),
        parent: None,
        author: None,
        created_at: AT,
        content: None,
        file_name: None,
        content_type_id: String::new(),
        version: None,
        need_receipt: false,
        is_encrypted: false,
        labels: Vec::new(),
        text: None,
        body,
    }
}

fn document() -> Document {
    Document {
        attachment_type: AttachmentType::Nonformalized,
        kind: DocumentKind {
            type_named_id: "Nonformalized".to_owned(),
            function: "default".to_owned(),
            version: "v1".to_owned(),
        },
        workflow: WorkflowId(2),
        need_recipient_signature: false,
        department: DepartmentId::ZERO,
        packet: PacketId::from_uuid(uuid(30)),
        custom_document_id: None,
        metadata: Vec::new(),
        tags: Vec::new(),
        initial_documents: Vec::new(),
        subordinate_documents: Vec::new(),
        editing_setting: None,
        refusal_disabled: false,
    }
}

fn posted(message_type: MessageType, entities: Vec<Entity>) -> Event {
    let message_id = MessageId::from_uuid(uuid(1));
    let party = |number, title: &str| Party {
        box_id: BoxId::from_uuid(uuid(number)),
        title: title.to_owned(),
        department: None,
    };
    let letter = Posted::letter(party(2, "ООО «Ромашка»"), party(3, "АО «Лютик»"));
    Event {
        id: message_id.first_event(),
        message_id,
        at: AT,
        change: Change::Posted(Box::new(Posted { message_type, entities, ..letter })),
    }
}

/// A letter that was a locked draft.
fn from_draft() -> Event {
    let mut event = posted(MessageType::Letter, Vec::new());
    if let Change::Posted(posted) = &mut event.change {
        posted.is_locked = true;
        let message_id = MessageId::from_uuid(uuid(7));
        posted.made_from =
            Some(MadeFrom { message_type: MessageType::Draft, message_id, is_reusable: false });
    }
    event
}

/// A letter that was made of a template which is used again.
fn from_template() -> Event {
    let mut event = posted(MessageType::Letter, Vec::new());
    if let Change::Posted(posted) = &mut event.change {
        let message_id = MessageId::from_uuid(uuid(7));
        posted.made_from =
            Some(MadeFrom { message_type: MessageType::Template, message_id, is_reusable: true });
    }
    event
}

fn recycled(letter: Option<MessageId>) -> Event {
    let mut event = patched(Origin::Own { user: Some(UserId::from_uuid(uuid(5))) }, Vec::new());
    if let Change::Patched(patched) = &mut event.change {
        patched.recycled = Some(Recycled { letter });
    }
    event
}

fn rewritten() -> Event {
    let mut event = patched(Origin::Own { user: Some(UserId::from_uuid(uuid(5))) }, Vec::new());
    if let Change::Patched(patched) = &mut event.change {
        patched.rewritten.push(Rewritten {
            document: EntityId::from_uuid(uuid(10)),
            content: ContentRef::of(b"for the signer"),
            metadata: vec![Metadata { key: "FileName".to_owned(), value: "ON_1.xml".to_owned() }],
        });
    }
    event
}

fn patched(origin: Origin, entities: Vec<Entity>) -> Event {
    Event {
        id: EventId::from_uuid(uuid(4)),
        message_id: MessageId::from_uuid(uuid(1)),
        at: AT,
        change: Change::Patched(Box::new(Patched { entities, ..Patched::by(origin) })),
    }
}

fn reported(report: DeliveryReport) -> Event {
    let mut event = patched(Origin::Operator, Vec::new());
    if let Change::Patched(patched) = &mut event.change {
        patched.report = Some(report);
    }
    event
}

fn checked() -> Event {
    let mut event = patched(Origin::Operator, Vec::new());
    if let Change::Patched(patched) = &mut event.change {
        patched.checks = [
            (Check::Valid, None),
            (Check::Valid, Some(PowerOfAttorney::Attached)),
            (Check::Valid, Some(PowerOfAttorney::NotRequired)),
            (Check::Invalid, Some(PowerOfAttorney::Required)),
        ]
        .into_iter()
        .zip(50..)
        .map(|((check, power_of_attorney), number)| SignatureChecked {
            signature: EntityId::from_uuid(uuid(number)),
            check,
            power_of_attorney,
            verification: None,
        })
        .collect();
    }
    event
}

fn verification() -> Arc<Verification> {
    let link = |text: &[u8], faults| CertificateChecked { certificate: ContentRef::of(text), faults };
    Arc::new(Verification {
        at: AT,
        is_of_content: true,
        proven_at: Some(Ticks::new(AT.get() - 1)),
        chain: vec![link(b"signer", 1), link(b"authority", 0)],
    })
}

/// A check that went into the certificates, in both places where one is kept.
fn looked_into() -> Event {
    let signature = Signature {
        signer_box: BoxId::from_uuid(uuid(2)),
        signer_department: DepartmentId::ZERO,
        is_approval: false,
        check: Check::Valid,
        power_of_attorney: Some(PowerOfAttorney::RequiredOfPerson),
        verification: Some(verification()),
    };
    let mut event = patched(Origin::Operator, vec![entity(13, Body::Signature(signature))]);
    if let Change::Patched(patched) = &mut event.change {
        patched.checks.push(SignatureChecked {
            signature: EntityId::from_uuid(uuid(50)),
            check: Check::Invalid,
            power_of_attorney: Some(PowerOfAttorney::RequiredOfPerson),
            verification: Some(verification()),
        });
    }
    event
}

/// Everything that may become of a document without an entity.
fn changed_documents() -> Event {
    let mut event = patched(Origin::Own { user: None }, Vec::new());
    if let Change::Patched(patched) = &mut event.change {
        patched.documents = [
            DocumentChange::Packet(PacketId::from_uuid(uuid(31))),
            DocumentChange::Moved { to: DepartmentId::from_uuid(uuid(6)) },
            DocumentChange::Deleted,
            DocumentChange::Restored,
            DocumentChange::Revoked { request: EntityId::from_uuid(uuid(12)) },
        ]
        .into_iter()
        .map(|change| DocumentPatch { document: EntityId::from_uuid(uuid(10)), change })
        .collect();
    }
    event
}

/// A document was shown to a third box.
fn forwarded() -> Event {
    let mut event = patched(Origin::Own { user: Some(UserId::from_uuid(uuid(7))) }, Vec::new());
    if let Change::Patched(patched) = &mut event.change {
        let change = DocumentChange::Forwarded { to: BoxId::from_uuid(uuid(9)) };
        patched.documents.push(DocumentPatch { document: EntityId::from_uuid(uuid(10)), change });
    }
    event
}

/// A letter that an intermediate addressee answers first.
fn through_proxy() -> Event {
    let mut event = posted(MessageType::Letter, vec![entity(10, Body::Document(Box::new(document())))]);
    if let Change::Posted(posted) = &mut event.change {
        posted.proxy = Some(Party {
            box_id: BoxId::from_uuid(uuid(9)),
            title: "ИП Ольхин".to_owned(),
            department: Some(DepartmentId::from_uuid(uuid(6))),
        });
    }
    event
}

/// It answered, and the recipient got the document.
fn passed_on() -> Event {
    let event = MessageId::from_uuid(uuid(1)).first_event();
    let mut event = reported(DeliveryReport::Delivered { event, whole_message: true, at: AT });
    if let Change::Patched(patched) = &mut event.change {
        let change = DocumentChange::PassedOn { at: AT };
        patched.documents.push(DocumentPatch { document: EntityId::from_uuid(uuid(10)), change });
    }
    event
}

/// The kinds of files that the first servers did not know.
fn later_services() -> Vec<(&'static str, Service)> {
    let author_name = "Петрова Анна Ивановна".to_owned();
    let route = RouteId::from_uuid(uuid(8));
    let on_route = OnRoute { route, author_name: author_name.clone() };
    let request = |kind, target, stage| {
        let author_name = author_name.clone();
        Service::ResolutionRequest(Box::new(ResolutionRequest { kind, author_name, target, stage }))
    };
    let person = RequestTarget::User { id: UserId::from_uuid(uuid(7)), name: "Сидоров".to_owned() };
    let department =
        RequestTarget::Department { id: DepartmentId::from_uuid(uuid(6)), name: "Склад".to_owned() };
    let resolution = |decision, request| {
        Service::Resolution(Resolution { decision, author_name: author_name.clone(), request })
    };
    let universal = |code_group, code, is_out_of_workflow| {
        Service::UniversalMessage(Box::new(UniversalMessage {
            code_group,
            events: vec![UniversalEvent { code, text: Some("уточните".to_owned()) }],
            creator_box: BoxId::from_uuid(uuid(3)),
            creator_department: DepartmentId::from_uuid(uuid(6)),
            is_out_of_workflow,
        }))
    };
    let files = SignedFile { file: ContentRef::of(b"power"), signature: ContentRef::of(b"signature") };
    let power = AttachedPower {
        name: PowerName {
            number: PowerId::from_uuid(uuid(9)),
            issuer_inn: "9612345678".to_owned(),
            representative_inn: Some("961234567890".to_owned()),
        },
        sending: Sending::File,
        signature: Some(files.signature),
        ancestors: vec![files],
    };
    let checks = [
        CheckResult { name: CheckName::Format, finding: Finding::Ok },
        CheckResult {
            name: CheckName::Period, finding: Finding::Error(Problem::new("Expired", "истёк"))
        },
        CheckResult {
            name: CheckName::Revocation,
            finding: Finding::Warning(Problem::new("NotInRegister", "нет")),
        },
    ];
    let refusal = |kind| {
        let box_id = BoxId::from_uuid(uuid(3));
        Service::TemplateRefusal(TemplateRefusal { kind, box_id, author_name: author_name.clone() })
    };
    vec![
        (
            "patched_title",
            Service::Title(Title {
                index: 1,
                attachment_type: AttachmentType::UniversalTransferDocumentBuyerTitle,
                with_disagreements: true,
                is_prepared: false,
            }),
        ),
        (
            "patched_prepared_title",
            Service::Title(Title {
                index: 1,
                attachment_type: AttachmentType::Title,
                with_disagreements: false,
                is_prepared: true,
            }),
        ),
        ("patched_amendment_request", Service::AmendmentRequest),
        ("patched_revocation_request", Service::RevocationRequest { initiator: BoxId::from_uuid(uuid(2)) }),
        ("patched_approval", resolution(Decision::Approve, Some(EntityId::from_uuid(uuid(12))))),
        ("patched_disapproval", resolution(Decision::Disapprove, None)),
        ("patched_request_approvement", request(RequestKind::Approvement, person.clone(), None)),
        ("patched_request_signature", request(RequestKind::Signature, department, None)),
        (
            "patched_request_approvement_signature",
            request(RequestKind::ApprovementSignature, person.clone(), None),
        ),
        (
            "patched_request_custom",
            request(RequestKind::Custom, person, Some(RouteStage { route, index: 2 })),
        ),
        ("patched_request_denial", Service::ResolutionRequestDenial { author_name: author_name.clone() }),
        ("patched_route_assignment", Service::ResolutionRouteAssignment(on_route.clone())),
        ("patched_route_removal", Service::ResolutionRouteRemoval(on_route)),
        ("patched_cancellation", Service::Cancellation { author_name: author_name.clone() }),
        (
            "patched_tag_set",
            Service::TagChange(TagChange::Set(Tag { key: "цвет".to_owned(), value: String::new() })),
        ),
        ("patched_tag_removed", Service::TagChange(TagChange::Remove { key: "цвет".to_owned() })),
        ("patched_universal_receipt", universal(Some(CodeGroup::Receipt), 1999, false)),
        ("patched_universal_amendment", universal(Some(CodeGroup::AmendmentRequest), 2999, false)),
        ("patched_universal_rejection", universal(Some(CodeGroup::Rejection), 3999, false)),
        ("patched_universal_information", universal(Some(CodeGroup::Information), 4002, true)),
        ("patched_universal_other", universal(None, 9999, true)),
        (
            "patched_moved",
            Service::MoveDocument { from: DepartmentId::ZERO, to: DepartmentId::from_uuid(uuid(6)) },
        ),
        ("patched_restoration", Service::DeletionRestoration),
        ("patched_power", Service::PowerOfAttorney(Box::new(power))),
        ("patched_power_status", Service::PowerOfAttorneyStatus(Box::new(Validation::Done(checks.into())))),
        (
            "patched_template_transformation",
            Service::TemplateTransformation(TemplateTransformation {
                letter: MessageId::from_uuid(uuid(8)),
                document: EntityId::from_uuid(uuid(9)),
                author_name: author_name.clone(),
            }),
        ),
        ("patched_template_refusal", refusal(RefusalKind::Refusal)),
        ("patched_template_withdrawal", refusal(RefusalKind::Withdrawal)),
        (
            "patched_transformation_change",
            Service::TransformationChange(TransformationChange {
                transformation: EntityId::from_uuid(uuid(8)),
                initiator: BoxId::from_uuid(uuid(3)),
            }),
        ),
        ("patched_fixation_cancellation", Service::FixationCancellation),
        ("patched_edition", Service::Edition),
        ("patched_roaming_notification", Service::RoamingNotification { is_success: true }),
    ]
}

/// A letter with everything that a letter can have.
fn full_letter() -> Event {
    let reference = |number| DocumentRef {
        message_id: MessageId::from_uuid(uuid(number)),
        entity_id: EntityId::from_uuid(uuid(number + 1)),
    };
    let full = Entity {
        author: Some(UserId::from_uuid(uuid(5))),
        content: Some(ContentRef::of("Счёт".as_bytes())),
        file_name: Some("счёт.xml".to_owned()),
        content_type_id: "content-type".to_owned(),
        version: Some("utd970_05_03_01".to_owned()),
        need_receipt: true,
        is_encrypted: true,
        labels: vec!["срочно".to_owned(), "важно".to_owned()],
        ..entity(
            10,
            Body::Document(Box::new(Document {
                attachment_type: AttachmentType::UniversalTransferDocument,
                need_recipient_signature: true,
                department: DepartmentId::from_uuid(uuid(6)),
                custom_document_id: Some("17-А".to_owned()),
                metadata: vec![Metadata { key: "DocumentNumber".to_owned(), value: "17".to_owned() }],
                tags: vec![Tag { key: "route".to_owned(), value: "север".to_owned() }],
                initial_documents: vec![reference(20)],
                subordinate_documents: vec![reference(22), reference(24)],
                editing_setting: Some("Title".to_owned()),
                ..document()
            })),
        )
    };
    let signature = Entity {
        parent: Some(full.id),
        ..entity(
            11,
            Body::Signature(Signature {
                signer_box: BoxId::from_uuid(uuid(2)),
                signer_department: DepartmentId::from_uuid(uuid(6)),
                is_approval: true,
                check: Check::Valid,
                power_of_attorney: Some(PowerOfAttorney::Attached),
                verification: None,
            }),
        )
    };
    let mut event = posted(MessageType::Letter, vec![full, signature]);
    if let Change::Posted(posted) = &mut event.change {
        posted.from.department = Some(DepartmentId::from_uuid(uuid(6)));
        posted.lock_mode = LockMode::Full;
        posted.is_internal = true;
        posted.is_test = true;
        posted.author = Some(UserId::from_uuid(uuid(5)));
    }
    event
}

/// A template with everything that is said of its letter.
fn of_letter() -> Event {
    let mut posted_document = document();
    posted_document.refusal_disabled = true;
    let root = entity(10, Body::Document(Box::new(posted_document)));
    let mut event = posted(MessageType::Template, vec![root]);
    if let Change::Posted(posted) = &mut event.change {
        posted.template = Some(Template {
            from: BoxId::from_uuid(uuid(3)),
            to: BoxId::from_uuid(uuid(7)),
            to_department: Some(DepartmentId::from_uuid(uuid(6))),
            proxy: Some(BoxId::from_uuid(uuid(8))),
            proxy_department: Some(DepartmentId::from_uuid(uuid(9))),
            is_reusable: true,
        });
    }
    event
}

/// Every sample by the name of its file.
pub(super) fn all() -> Vec<(&'static str, Event)> {
    let event = EventId::from_uuid(uuid(4));
    let service = |service| vec![entity(12, Body::Service(service))];
    let own = Origin::Own { user: Some(UserId::from_uuid(uuid(5))) };
    let received = Origin::Received { from: BoxId::from_uuid(uuid(3)) };
    let operator = Origin::Operator;
    let mut locked = posted(MessageType::Template, Vec::new());
    if let Change::Posted(posted) = &mut locked.change {
        posted.lock_mode = LockMode::Send;
    }
    let later = later_services().into_iter();
    let mut all: Vec<_> = later.map(|(name, kind)| (name, patched(own, service(kind)))).collect();
    all.push(("patched_documents", changed_documents()));
    let mut worded = entity(12, Body::Service(Service::XmlSignatureRejection));
    worded.text = Some("не та сумма".to_owned());
    all.push(("patched_xml_rejection_text", patched(own, vec![worded])));
    all.push(("posted_through_proxy", through_proxy()));
    all.push(("patched_passed_on", passed_on()));
    all.push(("patched_forwarded", forwarded()));
    all.push(("posted_from_draft", from_draft()));
    all.push(("posted_from_template", from_template()));
    all.push(("posted_template_of_letter", of_letter()));
    all.push(("patched_rewritten", rewritten()));
    all.push(("patched_recycled", recycled(None)));
    all.push(("patched_draft_sent", recycled(Some(MessageId::from_uuid(uuid(8))))));
    all.extend([
        (
            "posted_letter",
            posted(MessageType::Letter, vec![entity(10, Body::Document(Box::new(document())))]),
        ),
        ("posted_letter_full", full_letter()),
        ("posted_draft", posted(MessageType::Draft, Vec::new())),
        ("posted_template", locked),
        (
            "patched_signature",
            patched(
                Origin::Own { user: None },
                vec![entity(
                    13,
                    Body::Signature(Signature {
                        signer_box: BoxId::ZERO,
                        signer_department: DepartmentId::ZERO,
                        is_approval: false,
                        check: Check::Unchecked,
                        power_of_attorney: None,
                        verification: None,
                    }),
                )],
            ),
        ),
        ("patched_comment", patched(own, service(Service::Comment))),
        ("patched_structured_data", patched(own, service(Service::StructuredData))),
        ("patched_receipt", patched(received, service(Service::Receipt))),
        ("patched_invoice_receipt", patched(received, service(Service::InvoiceReceipt))),
        ("patched_text_rejection", patched(own, service(Service::SignatureRequestRejection))),
        ("patched_xml_rejection", patched(own, service(Service::XmlSignatureRejection))),
        ("patched_confirmation", patched(operator, service(Service::Confirmation))),
        ("patched_verification_report", patched(operator, service(Service::SignatureVerificationReport))),
        (
            "patched_failure_notice",
            patched(operator, service(Service::DeliveryFailureNotification { event })),
        ),
        ("patched_checks", checked()),
        ("patched_checks_looked_into", looked_into()),
        ("patched_delivered", reported(DeliveryReport::Delivered { event, whole_message: true, at: AT })),
        ("patched_not_delivered", reported(DeliveryReport::NotDelivered { event })),
    ]);
    all
}

pub(super) fn by_name(name: &str) -> Option<Event> {
    all().into_iter().find(|(found, _)| *found == name).map(|(_, event)| event)
}
