//! Any event at all, sensible or not.

use std::sync::Arc;

use potok_domain::powers::{
    AttachedPower, CheckName, CheckResult, Finding, PowerName, Problem, Sending, SignedFile, Validation,
};
use potok_domain::{
    AttachmentType, Body, CertificateChecked, Change, Check, CodeGroup, Decision, DeliveryReport, Document,
    DocumentChange, DocumentKind, DocumentPatch, DocumentRef, Entity, Event, Inviting, LockMode, MadeFrom,
    MessageType, Metadata, OnRoute, Origin, Party, Patched, Posted, PowerOfAttorney, Recycled, RefusalKind,
    RequestKind, RequestTarget, Resolution, ResolutionRequest, Rewritten, RouteStage, Service, Signature,
    SignatureChecked, Tag, TagChange, Template, TemplateRefusal, TemplateTransformation, Title,
    TransformationChange, UniversalEvent, UniversalMessage, Verification, WorkflowId,
};
use potok_types::{
    BoxId, ContentHash, ContentRef, DepartmentId, EntityId, EventId, MessageId, PacketId, PowerId, RouteId,
    Ticks, UserId,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

macro_rules! ids {
    ($($function:ident -> $name:ident),*) => {$(
        fn $function() -> impl Strategy<Value = $name> {
            any::<u128>().prop_map(|number| $name::from_uuid(Uuid::from_u128(number)))
        }
    )*};
}

ids!(
    box_id -> BoxId, department -> DepartmentId, entity_id -> EntityId, event_id -> EventId,
    message_id -> MessageId, packet -> PacketId, route -> RouteId,
    user -> UserId
);

fn ticks() -> impl Strategy<Value = Ticks> {
    any::<i64>().prop_map(Ticks::new)
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,12}"
}

pub(super) fn event() -> impl Strategy<Value = Event> {
    (event_id(), message_id(), ticks(), change()).prop_map(|(id, message_id, at, change)| Event {
        id,
        message_id,
        at,
        change,
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        posted().prop_map(|posted| Change::Posted(Box::new(posted))),
        patched().prop_map(|patched| Change::Patched(Box::new(patched))),
    ]
}

fn posted() -> impl Strategy<Value = Posted> {
    let message_type = select(vec![MessageType::Letter, MessageType::Draft, MessageType::Template]);
    let lock_mode = select(vec![LockMode::None, LockMode::Send, LockMode::Full]);
    let flags = any::<(bool, bool, bool)>();
    let made_from =
        (select(vec![MessageType::Draft, MessageType::Template]), message_id(), any::<bool>()).prop_map(
            |(message_type, message_id, is_reusable)| MadeFrom { message_type, message_id, is_reusable },
        );
    let parties = (party(), party(), option::of(party()));
    let invitation = option::of(option::of(".{0,9}").prop_map(|message| Inviting { message }));
    let who = (option::of(user()), invitation, option::of(made_from), option::of(template()));
    (message_type, parties, lock_mode, flags, who, vec(entity(), 0..4)).prop_map(
        |(
            message_type,
            (from, to, proxy),
            lock_mode,
            flags,
            (author, invitation, made_from, template),
            entities,
        )| {
            Posted {
                message_type,
                from,
                to,
                proxy,
                lock_mode,
                is_internal: flags.0,
                is_test: flags.1,
                is_locked: flags.2,
                made_from,
                author,
                entities,
                invitation,
                template,
            }
        },
    )
}

fn template() -> impl Strategy<Value = Template> {
    let proxy = (option::of(box_id()), option::of(department()));
    (box_id(), box_id(), option::of(department()), proxy, any::<bool>()).prop_map(
        |(from, to, to_department, (proxy, proxy_department), is_reusable)| Template {
            from,
            to,
            to_department,
            proxy,
            proxy_department,
            is_reusable,
        },
    )
}

fn party() -> impl Strategy<Value = Party> {
    (box_id(), text(), option::of(department())).prop_map(|(box_id, title, department)| Party {
        box_id,
        title,
        department,
    })
}

fn patched() -> impl Strategy<Value = Patched> {
    let origin = prop_oneof![
        option::of(user()).prop_map(|user| Origin::Own { user }),
        box_id().prop_map(|from| Origin::Received { from }),
        Just(Origin::Operator),
    ];
    let checked = (entity_id(), check(), option::of(power_of_attorney()), option::of(verification()))
        .prop_map(|(signature, check, power_of_attorney, verification)| SignatureChecked {
            signature,
            check,
            power_of_attorney,
            verification,
        });
    let report = prop_oneof![
        (event_id(), any::<bool>(), ticks())
            .prop_map(|(event, whole_message, at)| DeliveryReport::Delivered { event, whole_message, at }),
        event_id().prop_map(|event| DeliveryReport::NotDelivered { event }),
    ];
    let change = prop_oneof![
        packet().prop_map(DocumentChange::Packet),
        department().prop_map(|to| DocumentChange::Moved { to }),
        select(vec![DocumentChange::Deleted, DocumentChange::Restored]),
        entity_id().prop_map(|request| DocumentChange::Revoked { request }),
        ticks().prop_map(|at| DocumentChange::PassedOn { at }),
        box_id().prop_map(|to| DocumentChange::Forwarded { to }),
    ];
    let document = (entity_id(), change).prop_map(|(document, change)| DocumentPatch { document, change });
    let recycled = option::of(message_id()).prop_map(|letter| Recycled { letter });
    let rewritten =
        (entity_id(), content(), vec((text(), text()), 0..3)).prop_map(|(document, content, items)| {
            let metadata = items.into_iter().map(|(key, value)| Metadata { key, value }).collect();
            Rewritten { document, content, metadata }
        });
    let ends = (option::of(report), option::of(recycled), vec(rewritten, 0..2));
    (origin, vec(entity(), 0..4), vec(checked, 0..3), vec(document, 0..3), ends).prop_map(
        |(origin, entities, checks, documents, (report, recycled, rewritten))| Patched {
            origin,
            entities,
            checks,
            documents,
            report,
            recycled,
            rewritten,
        },
    )
}

fn check() -> impl Strategy<Value = Check> {
    select(vec![Check::Unchecked, Check::Valid, Check::Invalid])
}

fn power_of_attorney() -> impl Strategy<Value = PowerOfAttorney> {
    select(vec![
        PowerOfAttorney::Attached,
        PowerOfAttorney::NotRequired,
        PowerOfAttorney::Required,
        PowerOfAttorney::RequiredOfPerson,
    ])
}

fn content() -> impl Strategy<Value = ContentRef> {
    (any::<[u8; 32]>(), any::<u64>())
        .prop_map(|(hash, size_bytes)| ContentRef { hash: ContentHash::from_bytes(hash), size_bytes })
}

fn verification() -> impl Strategy<Value = Arc<Verification>> {
    let link = (content(), any::<u32>())
        .prop_map(|(certificate, faults)| CertificateChecked { certificate, faults });
    (ticks(), any::<bool>(), option::of(ticks()), vec(link, 0..4)).prop_map(
        |(at, is_of_content, proven_at, chain)| {
            Arc::new(Verification { at, is_of_content, proven_at, chain })
        },
    )
}

fn entity() -> impl Strategy<Value = Entity> {
    let texts = (option::of(text()), text(), option::of(text()), option::of(text()));
    let persons = (option::of(entity_id()), option::of(user()));
    let flags = any::<(bool, bool)>();
    (entity_id(), persons, ticks(), option::of(content()), texts, flags, vec(text(), 0..3), body()).prop_map(
        |(id, (parent, author), created_at, content, texts, (need_receipt, is_encrypted), labels, body)| {
            let (file_name, content_type_id, version, words) = texts;
            Entity {
                id,
                parent,
                author,
                created_at,
                content,
                file_name,
                content_type_id,
                version,
                need_receipt,
                is_encrypted,
                labels,
                text: words,
                body,
            }
        },
    )
}

fn body() -> impl Strategy<Value = Body> {
    let found = (option::of(power_of_attorney()), option::of(verification()));
    let signature = (box_id(), department(), any::<bool>(), check(), found).prop_map(
        |(signer_box, signer_department, is_approval, check, (power_of_attorney, verification))| Signature {
            signer_box,
            signer_department,
            is_approval,
            check,
            power_of_attorney,
            verification,
        },
    );
    prop_oneof![
        document().prop_map(|document| Body::Document(Box::new(document))),
        signature.prop_map(Body::Signature),
        service().prop_map(Body::Service),
    ]
}

fn service() -> impl Strategy<Value = Service> {
    prop_oneof![
        select(vec![
            Service::Comment,
            Service::StructuredData,
            Service::Receipt,
            Service::InvoiceReceipt,
            Service::SignatureRequestRejection,
            Service::XmlSignatureRejection,
            Service::Confirmation,
            Service::SignatureVerificationReport,
            Service::AmendmentRequest,
            Service::DeletionRestoration,
            Service::FixationCancellation,
            Service::Edition,
            Service::RoamingNotification { is_success: false },
            Service::RoamingNotification { is_success: true },
        ]),
        event_id().prop_map(|event| Service::DeliveryFailureNotification { event }),
        (any::<u32>(), select(AttachmentType::ALL.to_vec()), any::<bool>(), any::<bool>()).prop_map(
            |(index, attachment_type, with_disagreements, is_prepared)| {
                Service::Title(Title { index, attachment_type, with_disagreements, is_prepared })
            }
        ),
        box_id().prop_map(|initiator| Service::RevocationRequest { initiator }),
        approval(),
        tag().prop_map(|tag| Service::TagChange(TagChange::Set(tag))),
        text().prop_map(|key| Service::TagChange(TagChange::Remove { key })),
        universal_message().prop_map(|message| Service::UniversalMessage(Box::new(message))),
        (department(), department()).prop_map(|(from, to)| Service::MoveDocument { from, to }),
        power().prop_map(|power| Service::PowerOfAttorney(Box::new(power))),
        validation().prop_map(|found| Service::PowerOfAttorneyStatus(Box::new(found))),
        (message_id(), entity_id(), text()).prop_map(|(letter, document, author_name)| {
            Service::TemplateTransformation(TemplateTransformation { letter, document, author_name })
        }),
        (select(vec![RefusalKind::Refusal, RefusalKind::Withdrawal]), box_id(), text()).prop_map(
            |(kind, box_id, author_name)| {
                Service::TemplateRefusal(TemplateRefusal { kind, box_id, author_name })
            }
        ),
        (entity_id(), box_id()).prop_map(|(transformation, initiator)| {
            Service::TransformationChange(TransformationChange { transformation, initiator })
        }),
    ]
}

fn power() -> impl Strategy<Value = AttachedPower> {
    let name =
        (any::<u128>(), text(), option::of(text())).prop_map(|(number, issuer_inn, representative_inn)| {
            PowerName { number: PowerId::from_uuid(Uuid::from_u128(number)), issuer_inn, representative_inn }
        });
    let files = || (content(), content()).prop_map(|(file, signature)| SignedFile { file, signature });
    let sending = select(vec![Sending::Metadata, Sending::File, Sending::DocumentContent]);
    (name, sending, option::of(content()), vec(files(), 0..3)).prop_map(
        |(name, sending, signature, ancestors)| AttachedPower { name, sending, signature, ancestors },
    )
}

fn validation() -> impl Strategy<Value = Validation> {
    let problem = || (text(), text()).prop_map(|(code, text)| Problem { code, text });
    let finding = prop_oneof![
        Just(Finding::Ok),
        problem().prop_map(Finding::Warning),
        problem().prop_map(Finding::Error),
    ];
    let check =
        (select(CheckName::ALL.to_vec()), finding).prop_map(|(name, finding)| CheckResult { name, finding });
    prop_oneof![
        problem().prop_map(Validation::Unreadable),
        problem().prop_map(Validation::Failed),
        vec(check, 0..8).prop_map(Validation::Done),
    ]
}

fn tag() -> impl Strategy<Value = Tag> {
    (text(), text()).prop_map(|(key, value)| Tag { key, value })
}

fn approval() -> impl Strategy<Value = Service> {
    let on_route = || (route(), text()).prop_map(|(route, author_name)| OnRoute { route, author_name });
    let decision = select(vec![Decision::Approve, Decision::Disapprove]);
    prop_oneof![
        (decision, text(), option::of(entity_id())).prop_map(|(decision, author_name, request)| {
            Service::Resolution(Resolution { decision, author_name, request })
        }),
        request().prop_map(|request| Service::ResolutionRequest(Box::new(request))),
        text().prop_map(|author_name| Service::ResolutionRequestDenial { author_name }),
        on_route().prop_map(Service::ResolutionRouteAssignment),
        on_route().prop_map(Service::ResolutionRouteRemoval),
        text().prop_map(|author_name| Service::Cancellation { author_name }),
    ]
}

fn request() -> impl Strategy<Value = ResolutionRequest> {
    let kind = select(vec![
        RequestKind::Approvement,
        RequestKind::Signature,
        RequestKind::ApprovementSignature,
        RequestKind::Custom,
    ]);
    let target = prop_oneof![
        (user(), text()).prop_map(|(id, name)| RequestTarget::User { id, name }),
        (department(), text()).prop_map(|(id, name)| RequestTarget::Department { id, name }),
    ];
    let stage = (route(), any::<u32>()).prop_map(|(route, index)| RouteStage { route, index });
    (kind, text(), target, option::of(stage))
        .prop_map(|(kind, author_name, target, stage)| ResolutionRequest { kind, author_name, target, stage })
}

fn universal_message() -> impl Strategy<Value = UniversalMessage> {
    let group = select(vec![
        CodeGroup::Receipt,
        CodeGroup::AmendmentRequest,
        CodeGroup::Rejection,
        CodeGroup::Information,
    ]);
    let event = (any::<i32>(), option::of(text())).prop_map(|(code, text)| UniversalEvent { code, text });
    (option::of(group), vec(event, 0..3), box_id(), department(), any::<bool>()).prop_map(
        |(code_group, events, creator_box, creator_department, is_out_of_workflow)| UniversalMessage {
            code_group,
            events,
            creator_box,
            creator_department,
            is_out_of_workflow,
        },
    )
}

fn document() -> impl Strategy<Value = Document> {
    let kind = (text(), text(), text()).prop_map(|(type_named_id, function, version)| DocumentKind {
        type_named_id,
        function,
        version,
    });
    let first =
        (select(AttachmentType::ALL.to_vec()), kind, any::<i32>(), any::<bool>(), department(), packet());
    let pairs = || vec((text(), text()), 0..3);
    let references = || vec(reference(), 0..3);
    let second = (option::of(text()), pairs(), pairs(), references(), references(), option::of(text()));
    (first, second, any::<bool>()).prop_map(|(first, second, refusal_disabled)| {
        let (attachment_type, kind, workflow, need_recipient_signature, department, packet) = first;
        let (custom_document_id, metadata, tags, initial_documents, subordinate_documents, editing_setting) =
            second;
        Document {
            attachment_type,
            kind,
            workflow: WorkflowId(workflow),
            need_recipient_signature,
            department,
            packet,
            custom_document_id,
            metadata: metadata.into_iter().map(|(key, value)| Metadata { key, value }).collect(),
            tags: tags.into_iter().map(|(key, value)| Tag { key, value }).collect(),
            initial_documents,
            subordinate_documents,
            editing_setting,
            refusal_disabled,
        }
    })
}

fn reference() -> impl Strategy<Value = DocumentRef> {
    (message_id(), entity_id()).prop_map(|(message_id, entity_id)| DocumentRef { message_id, entity_id })
}
