//! A document as messages and lists of documents show it: the `Document` structure.

mod index_key;
pub(crate) mod links;
mod listed;
mod metadata;
mod obsolete;
mod resolution;
pub(crate) mod title;

use potok_domain::docflow::{self, Authority, Docflow, Relations, Severity, Signed, Status};
use potok_domain::roaming::Said;
use potok_domain::{
    AttachmentType, Document as Posted, DocumentRef, DocumentState, EntityState, Forward, LockMode,
    MessageState, MessageType, Side,
};
use potok_types::{ContentRef, DepartmentId, EntityId, Ticks};
use potok_wire::proto;
use potok_wire::proto::documents::{
    AmendmentRequestMetadata, ConfirmationMetadata, Document, Origin, RecipientReceiptMetadata,
    RoamingNotificationStatus, SenderReceiptMetadata,
};
use potok_wire::proto::events::MetadataItem;
use potok_wire::proto::powers_of_attorney::PowerOfAttorneyValidationStatus;
use potok_wire::proto::{
    Content, CustomDataItem, DocflowStatusModelV3, DocflowStatusV3, DocumentId, ForwardDocumentEvent,
    TtGisFixationCancellationStatus,
};

pub use index_key::index_key;
pub(crate) use index_key::place_of;
pub use listed::{listed, with_content};

/// The document `document` as the box of `state` sees it, without its bytes; `Entity.DocumentInfo`. `None` when `state`
/// has no such root document. Documents of other messages that refer to it are left to the caller: only
/// `SubordinateDocumentIds` within the message are known here.
pub fn document(state: &MessageState, document: EntityId) -> Option<Document> {
    let flow = docflow::docflow(state, document)?;
    Some(show(state, &flow, &Relations::default()))
}

/// The third boxes to which the document was forwarded.
pub(crate) fn forwards(document: &DocumentState) -> Vec<ForwardDocumentEvent> {
    let shown = |forward: &Forward| ForwardDocumentEvent {
        timestamp: Some(proto::Timestamp { ticks: forward.at.get() }),
        to_box_id: Some(forward.to.to_string()),
    };
    document.forwards.iter().map(shown).collect()
}

/// The same by its docflow in `state`.
pub(crate) fn show(state: &MessageState, flow: &Docflow<'_>, relations: &Relations<'_>) -> Document {
    let facts = &flow.facts;
    let steps = &flow.steps;
    let entity = &facts.entity.entity;
    let posted = facts.document;
    let mut shown = Document {
        index_key: None,
        message_id: state.message_id.to_string(),
        entity_id: entity.id.to_string(),
        creation_timestamp_ticks: entity.created_at.get(),
        counteragent_box_id: counteragent(state),
        document_type: Some(type_number(posted)),
        initial_document_ids: links::initial(state, flow, relations),
        subordinate_document_ids: links::subordinate(state, flow, relations),
        content: entity.content.as_ref().map(|content| Content { size: size(content), data: None }),
        file_name: title::file_name(facts).map(str::to_owned),
        document_date: posted.metadata("DocumentDate").map(str::to_owned),
        document_number: posted.metadata("DocumentNumber").map(str::to_owned),
        is_deleted: Some(facts.is_deleted),
        department_id: Some(department_id(state, entity.id)),
        is_test: Some(state.is_test),
        from_department_id: from_department(state),
        to_department_id: Some(to_department(state)),
        custom_document_id: posted.custom_document_id.clone(),
        resolution_status: resolution::status(state, &facts.approvals),
        revocation_status: Some(steps.revocation as i32),
        send_timestamp_ticks: facts.sent_at.map(Ticks::get),
        delivery_timestamp_ticks: facts.delivered_at.map(Ticks::get),
        forward_document_events: forwards(facts.state),
        roaming_notification_status: Some(roaming_status(facts.roaming) as i32),
        roaming_notification_status_description: facts
            .roaming
            .and_then(|said| said.notification.entity.text.clone()),
        has_custom_print_form: Some(false),
        custom_data: tags(state, entity.id),
        packet_id: state.document_state(entity.id).map(|document| document.packet.to_string()),
        document_direction: Some(state.direction() as i32),
        last_modification_timestamp_ticks: Some(modified_at(state, facts.entity).get()),
        is_encrypted_content: Some(entity.is_encrypted),
        sender_signature_status: Some(steps.sender_signature as i32),
        is_read: Some(state.is_read),
        packet_is_locked: Some(is_locked(state, flow)),
        resolution_route_id: Some(facts.state.route.map(|route| route.to_string()).unwrap_or_default()),
        attachment_version: Some(posted.kind.version.clone()),
        proxy_signature_status: Some(steps.proxy as i32),
        proxy_box_id: state.proxy_box().map(|proxy| proxy.to_string()),
        proxy_department_id: proxy_department(state),
        type_named_id: posted.kind.type_named_id.clone(),
        function: posted.kind.function.clone(),
        workflow_id: posted.workflow.0,
        title: title::title(facts),
        metadata: posted
            .metadata
            .iter()
            .map(|item| MetadataItem { key: item.key.clone(), value: item.value.clone() })
            .collect(),
        recipient_receipt_metadata: RecipientReceiptMetadata {
            receipt_status: steps.receipt as i32,
            confirmation_metadata: receipt_confirmation(flow),
        },
        confirmation_metadata: ConfirmationMetadata {
            receipt_status: steps.confirmation_receipt as i32,
            date_time_ticks: confirmed_at(flow),
        },
        recipient_response_status: steps.response as i32,
        amendment_request_metadata: AmendmentRequestMetadata {
            amendment_flags: steps.amendment.bits(),
            receipt_status: steps.amendment_receipt as i32,
        },
        origin: origin(state),
        editing_setting_id: Some(posted.editing_setting.clone().unwrap_or_default()),
        lock_mode: state.lock_mode as i32,
        sender_receipt_metadata: SenderReceiptMetadata { receipt_status: steps.sender_receipt as i32 },
        version: posted.kind.version.clone(),
        last_outer_docflows: Vec::new(),
        docflow_status: docflow_status(flow),
        tt_gis_fixation_cancellation_status: Some(
            fixation_status(facts.fixation_cancellation.as_ref()) as i32
        ),
        has_unread_out_of_workflow_universal_messages: Some(false),
        ..Document::default()
    };
    metadata::fill(&mut shown, flow);
    shown
}

/// `RoamingNotificationStatus`.
fn roaming_status(said: Option<Said<'_>>) -> RoamingNotificationStatus {
    match said.map(|said| said.is_success) {
        None => RoamingNotificationStatus::RoamingNotificationStatusNone,
        Some(true) => RoamingNotificationStatus::RoamingNotificationStatusSuccess,
        Some(false) => RoamingNotificationStatus::RoamingNotificationStatusError,
    }
}

/// `TtGisFixationCancellationStatus`. Nobody tells the state anything from here, so nothing waits to be cancelled.
pub(crate) const fn fixation_status(cancellation: Option<&Signed<'_>>) -> TtGisFixationCancellationStatus {
    match cancellation {
        None => TtGisFixationCancellationStatus::TtGisFixationCancellationStatusNone,
        Some(_) => TtGisFixationCancellationStatus::TtGisFixationCancellationRequestSigned,
    }
}

/// Names a document on the wire.
pub(crate) fn id(document: DocumentRef) -> DocumentId {
    DocumentId { message_id: document.message_id.to_string(), entity_id: document.entity_id.to_string() }
}

/// `DocumentType`: types newer than the numbers have -1.
pub(crate) const fn type_number(posted: &Posted) -> i32 {
    match posted.attachment_type {
        AttachmentType::Title => -1,
        other => other.number(),
    }
}

/// The other box; a draft may name none yet.
pub(crate) fn counteragent(state: &MessageState) -> Option<String> {
    let party = state.counteragent();
    party.is_named().then(|| party.box_id.to_string())
}

/// Where the document lies in this box; nowhere as long as it is a draft.
pub(crate) fn department_id(state: &MessageState, document: EntityId) -> String {
    match state.message_type {
        MessageType::Draft => String::new(),
        MessageType::Letter | MessageType::Template => state.department_of(document).to_string(),
    }
}

/// What the message was made of.
pub(crate) fn origin(state: &MessageState) -> Option<Origin> {
    state.made_from.map(|made_from| Origin {
        message_type: made_from.message_type as i32,
        message_id: made_from.message_id.to_string(),
    })
}

/// `Content.Size`. Nothing larger than the field can be posted.
pub(crate) fn size(content: &ContentRef) -> i32 {
    i32::try_from(content.size_bytes).unwrap_or(i32::MAX)
}

/// The sender's department, which is no business of the recipient.
pub(crate) fn from_department(state: &MessageState) -> Option<String> {
    state.side().is_sending().then(|| state.from.department.unwrap_or(DepartmentId::ZERO).to_string())
}

/// The recipient's department, empty when the sender named none.
pub(crate) fn to_department(state: &MessageState) -> String {
    state.to.department.map(|department| department.to_string()).unwrap_or_default()
}

/// The intermediate addressee's department, for the sender that named it and for that addressee itself.
fn proxy_department(state: &MessageState) -> Option<String> {
    let proxy = state.proxy.as_ref().filter(|_| state.side() != Side::Recipient)?;
    proxy.department.map(|department| department.to_string())
}

/// Tags by key; keys are told apart without regard to case.
pub(crate) fn tags(state: &MessageState, document: EntityId) -> Vec<CustomDataItem> {
    let tags = state.document_state(document).map_or(&[][..], |document| &document.tags);
    let mut tags: Vec<_> = tags
        .iter()
        .map(|tag| CustomDataItem { key: tag.key.clone(), value: Some(tag.value.clone()) })
        .collect();
    tags.sort_by_cached_key(|tag| tag.key.to_lowercase());
    tags
}

/// When the newest event happened that changed the document in this box. Right after a delivery it is the time of the
/// delivery.
fn modified_at(state: &MessageState, document: &EntityState) -> Ticks {
    let root = document.entity.id;
    let below = state.entities().iter().filter(|found| state.root_of(found.entity.id) == root);
    below
        .flat_map(|found| [Some(found.appeared_at), found.delivered_at])
        .flatten()
        .max()
        .unwrap_or(document.appeared_at)
}

/// Must something be done to all documents of the packet at once now?
fn is_locked(state: &MessageState, flow: &Docflow<'_>) -> bool {
    match state.lock_mode {
        LockMode::None => false,
        LockMode::Send => flow.facts.sent_at.is_none() || state.message_type != MessageType::Letter,
        LockMode::Full => true,
    }
}

/// Moscow is three hours ahead of UTC all year since 2014, and a few fields count in its local time.
fn moscow(at: Ticks) -> i64 {
    at.plus_seconds(3 * 3600).get()
}

/// When the operator confirmed the document, in Moscow's local time; 0 without a confirmation.
fn confirmed_at(flow: &Docflow<'_>) -> i64 {
    flow.facts.confirmation.map_or(0, |confirmation| moscow(confirmation.signed.file.entity.created_at))
}

/// The confirmation of the recipient's receipt, which is shown to the recipient only.
fn receipt_confirmation(flow: &Docflow<'_>) -> Option<ConfirmationMetadata> {
    let is_shown = flow.facts.side == Side::Recipient && flow.needs.receipt_confirmation;
    let confirmation = flow.facts.receipt.and_then(|receipt| receipt.confirmation);
    is_shown.then(|| ConfirmationMetadata {
        receipt_status: flow.steps.receipt_confirmation_receipt as i32,
        date_time_ticks: confirmation
            .map_or(0, |confirmation| moscow(confirmation.signed.file.entity.created_at)),
    })
}

pub(crate) fn docflow_status(flow: &Docflow<'_>) -> DocflowStatusV3 {
    let model = |status: &Status| DocflowStatusModelV3 {
        severity: Some(severity(status.severity).to_owned()),
        status_text: Some(status.text.clone().into_owned()),
    };
    DocflowStatusV3 {
        primary_status: model(&flow.primary_status),
        secondary_status: flow.secondary_status.as_ref().map(model),
        power_of_attorney_general_status: flow.authority.map(authority_status),
        ..DocflowStatusV3::default()
    }
}

fn authority_status(authority: Authority) -> PowerOfAttorneyValidationStatus {
    let (severity, text) = match authority {
        Authority::CannotBeValidated => (proto::Severity::Info, "МЧД не проверена"),
        Authority::Valid => (proto::Severity::Success, "МЧД действительна"),
        Authority::NotValid => (proto::Severity::Error, "МЧД недействительна"),
        Authority::ValidationError => (proto::Severity::Warning, "При проверке МЧД произошла ошибка"),
        Authority::HasWarnings => (proto::Severity::Warning, "МЧД проверена с предупреждениями"),
        Authority::NotAttached => (proto::Severity::Warning, "МЧД не приложена"),
    };
    PowerOfAttorneyValidationStatus {
        severity: Some(severity as i32),
        status_named_id: Some(authority as i32),
        status_text: Some(text.to_owned()),
        ..PowerOfAttorneyValidationStatus::default()
    }
}

/// Later versions name the severity by a word.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Info",
        Severity::Success => "Success",
        Severity::Warning => "Warning",
        Severity::Error => "Error",
    }
}
