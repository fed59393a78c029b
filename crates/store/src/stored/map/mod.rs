//! The domain's event and its newest stored form, both ways. Every match is exhaustive, so that a new field or kind
//! of the domain does not compile before it has its place here.

mod power;
mod service;
mod signature;

use potok_domain as domain;
use potok_types::{ContentHash, ContentRef, Ticks};
use uuid::Uuid;

use super::StoredFormError;
use super::v1::{
    Body, Change, Check, CodeGroup, Content, Decision, DeliveryReport, Digest, Document, DocumentChange,
    DocumentPatch, DocumentRef, Entity, Id, Inviting, LockMode, MadeFrom, MessageType, Origin, Pair, Party,
    Patched, Posted, PowerOfAttorney, Recycled, RefusalKind, RequestKind, Rewritten, StoredEvent, Template,
};

macro_rules! ids {
    ($($name:ident),*) => {$(
        impl From<potok_types::$name> for Id {
            fn from(id: potok_types::$name) -> Self {
                Self(*id.as_bytes())
            }
        }

        impl From<Id> for potok_types::$name {
            fn from(id: Id) -> Self {
                Self::from_uuid(Uuid::from_bytes(id.0))
            }
        }
    )*};
}

ids!(BoxId, DepartmentId, EntityId, EventId, GroupId, MessageId, OrgId, PacketId, PowerId, RouteId, UserId);

macro_rules! same_choices {
    ($($name:ident { $($variant:ident),* })*) => {$(
        impl From<domain::$name> for $name {
            fn from(it: domain::$name) -> Self {
                match it { $(domain::$name::$variant => Self::$variant,)* }
            }
        }

        impl From<$name> for domain::$name {
            fn from(it: $name) -> Self {
                match it { $($name::$variant => Self::$variant,)* }
            }
        }
    )*};
}

same_choices! {
    MessageType { Letter, Draft, Template }
    LockMode { None, Send, Full }
    Check { Unchecked, Valid, Invalid }
    PowerOfAttorney { Attached, NotRequired, Required, RequiredOfPerson }
    Decision { Approve, Disapprove }
    RequestKind { Approvement, Signature, ApprovementSignature, Custom }
    CodeGroup { Receipt, AmendmentRequest, Rejection, Information }
    RefusalKind { Refusal, Withdrawal }
}

fn each<A: Clone, B: From<A>>(items: &[A]) -> Vec<B> {
    items.iter().cloned().map(Into::into).collect()
}

fn each_back<A, B: From<A>>(items: Vec<A>) -> Vec<B> {
    items.into_iter().map(Into::into).collect()
}

pub(super) fn to_stored(event: &domain::Event) -> StoredEvent {
    let domain::Event { id, message_id, at, change } = event;
    StoredEvent {
        id: (*id).into(),
        message_id: (*message_id).into(),
        at: at.get(),
        change: match change {
            domain::Change::Posted(posted) => Change::Posted(Box::new(posted_to_stored(posted))),
            domain::Change::Patched(patched) => Change::Patched(patched_to_stored(patched)),
        },
    }
}

pub(super) fn from_stored(event: StoredEvent) -> Result<domain::Event, StoredFormError> {
    Ok(domain::Event {
        id: event.id.into(),
        message_id: event.message_id.into(),
        at: Ticks::new(event.at),
        change: match event.change {
            Change::Posted(posted) => domain::Change::Posted(Box::new(posted_from_stored(*posted)?)),
            Change::Patched(patched) => domain::Change::Patched(Box::new(patched_from_stored(patched)?)),
        },
    })
}

fn posted_to_stored(posted: &domain::Posted) -> Posted {
    let domain::Posted {
        message_type,
        from,
        to,
        proxy,
        lock_mode,
        is_internal,
        is_test,
        is_locked,
        made_from,
        author,
        entities,
        invitation,
        template,
    } = posted;
    Posted {
        message_type: (*message_type).into(),
        from: from.clone().into(),
        to: to.clone().into(),
        proxy: proxy.clone().map(Into::into),
        lock_mode: (*lock_mode).into(),
        is_internal: *is_internal,
        is_test: *is_test,
        is_locked: *is_locked,
        made_from: made_from.map(Into::into),
        author: author.map(Into::into),
        entities: entities.iter().map(entity_to_stored).collect(),
        invitation: invitation.as_ref().map(|it| Inviting { message: it.message.clone() }),
        template: template.map(Into::into),
    }
}

fn posted_from_stored(posted: Posted) -> Result<domain::Posted, StoredFormError> {
    Ok(domain::Posted {
        message_type: posted.message_type.into(),
        from: posted.from.into(),
        to: posted.to.into(),
        proxy: posted.proxy.map(Into::into),
        lock_mode: posted.lock_mode.into(),
        is_internal: posted.is_internal,
        is_test: posted.is_test,
        is_locked: posted.is_locked,
        made_from: posted.made_from.map(Into::into),
        author: posted.author.map(Into::into),
        entities: posted.entities.into_iter().map(entity_from_stored).collect::<Result<_, _>>()?,
        invitation: posted.invitation.map(|it| domain::Inviting { message: it.message }),
        template: posted.template.map(Into::into),
    })
}

fn patched_to_stored(patched: &domain::Patched) -> Patched {
    let domain::Patched { origin, entities, checks, documents, report, recycled, rewritten } = patched;
    Patched {
        origin: match *origin {
            domain::Origin::Own { user } => Origin::Own { user: user.map(Into::into) },
            domain::Origin::Received { from } => Origin::Received { from: from.into() },
            domain::Origin::Operator => Origin::Operator,
        },
        entities: entities.iter().map(entity_to_stored).collect(),
        checks: each(checks),
        documents: each(documents),
        report: report.map(|report| match report {
            domain::DeliveryReport::Delivered { event, whole_message, at } => {
                DeliveryReport::Delivered { event: event.into(), whole_message, at: at.get() }
            }
            domain::DeliveryReport::NotDelivered { event } => {
                DeliveryReport::NotDelivered { event: event.into() }
            }
        }),
        recycled: recycled.map(|recycled| Recycled { letter: recycled.letter.map(Into::into) }),
        rewritten: (!rewritten.is_empty()).then(|| each(rewritten)),
    }
}

fn patched_from_stored(patched: Patched) -> Result<domain::Patched, StoredFormError> {
    Ok(domain::Patched {
        origin: match patched.origin {
            Origin::Own { user } => domain::Origin::Own { user: user.map(Into::into) },
            Origin::Received { from } => domain::Origin::Received { from: from.into() },
            Origin::Operator => domain::Origin::Operator,
        },
        entities: patched.entities.into_iter().map(entity_from_stored).collect::<Result<_, _>>()?,
        checks: each_back(patched.checks),
        documents: each_back(patched.documents),
        report: patched.report.map(|report| match report {
            DeliveryReport::Delivered { event, whole_message, at } => {
                domain::DeliveryReport::Delivered { event: event.into(), whole_message, at: Ticks::new(at) }
            }
            DeliveryReport::NotDelivered { event } => {
                domain::DeliveryReport::NotDelivered { event: event.into() }
            }
        }),
        recycled: patched
            .recycled
            .map(|recycled| domain::Recycled { letter: recycled.letter.map(Into::into) }),
        rewritten: each_back(patched.rewritten.unwrap_or_default()),
    })
}

fn entity_to_stored(entity: &domain::Entity) -> Entity {
    let domain::Entity {
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
        text,
        body,
    } = entity;
    Entity {
        id: (*id).into(),
        parent: parent.map(Into::into),
        author: author.map(Into::into),
        created_at: created_at.get(),
        content: content.map(Into::into),
        file_name: file_name.clone(),
        content_type_id: content_type_id.clone(),
        version: version.clone(),
        need_receipt: *need_receipt,
        is_encrypted: *is_encrypted,
        labels: labels.clone(),
        text: text.clone(),
        body: match body {
            domain::Body::Document(document) => Body::Document(document_to_stored(document)),
            domain::Body::Signature(signature) => Body::Signature(signature.clone().into()),
            domain::Body::Service(service) => Body::Service(service::to_stored(service)),
        },
    }
}

fn entity_from_stored(entity: Entity) -> Result<domain::Entity, StoredFormError> {
    Ok(domain::Entity {
        id: entity.id.into(),
        parent: entity.parent.map(Into::into),
        author: entity.author.map(Into::into),
        created_at: Ticks::new(entity.created_at),
        content: entity.content.map(Into::into),
        file_name: entity.file_name,
        content_type_id: entity.content_type_id,
        version: entity.version,
        need_receipt: entity.need_receipt,
        is_encrypted: entity.is_encrypted,
        labels: entity.labels,
        text: entity.text,
        body: match entity.body {
            Body::Document(document) => domain::Body::Document(Box::new(document_from_stored(document)?)),
            Body::Signature(signature) => domain::Body::Signature(signature.into()),
            Body::Service(service) => domain::Body::Service(service::from_stored(service)?),
        },
    })
}

fn document_to_stored(document: &domain::Document) -> Document {
    let domain::Document {
        attachment_type,
        kind: domain::DocumentKind { type_named_id, function, version },
        workflow: domain::WorkflowId(workflow),
        need_recipient_signature,
        department,
        packet,
        custom_document_id,
        metadata,
        tags,
        initial_documents,
        subordinate_documents,
        editing_setting,
        refusal_disabled,
    } = document;
    Document {
        attachment_type: attachment_type.number(),
        type_named_id: type_named_id.clone(),
        function: function.clone(),
        version: version.clone(),
        workflow: *workflow,
        need_recipient_signature: *need_recipient_signature,
        department: (*department).into(),
        packet: (*packet).into(),
        custom_document_id: custom_document_id.clone(),
        metadata: each(metadata),
        tags: each(tags),
        initial_documents: each(initial_documents),
        subordinate_documents: each(subordinate_documents),
        editing_setting: editing_setting.clone(),
        refusal_disabled: *refusal_disabled,
    }
}

fn attachment_type(number: i32) -> Result<domain::AttachmentType, StoredFormError> {
    domain::AttachmentType::from_number(number)
        .ok_or_else(|| StoredFormError::UnknownKind { what: format!("attachment type {number}") })
}

fn document_from_stored(document: Document) -> Result<domain::Document, StoredFormError> {
    Ok(domain::Document {
        attachment_type: attachment_type(document.attachment_type)?,
        kind: domain::DocumentKind {
            type_named_id: document.type_named_id,
            function: document.function,
            version: document.version,
        },
        workflow: domain::WorkflowId(document.workflow),
        need_recipient_signature: document.need_recipient_signature,
        department: document.department.into(),
        packet: document.packet.into(),
        custom_document_id: document.custom_document_id,
        metadata: each_back(document.metadata),
        tags: each_back(document.tags),
        initial_documents: each_back(document.initial_documents),
        subordinate_documents: each_back(document.subordinate_documents),
        editing_setting: document.editing_setting,
        refusal_disabled: document.refusal_disabled,
    })
}

impl From<domain::Template> for Template {
    fn from(template: domain::Template) -> Self {
        let domain::Template { from, to, to_department, proxy, proxy_department, is_reusable } = template;
        Self {
            from: from.into(),
            to: to.into(),
            to_department: to_department.map(Into::into),
            proxy: proxy.map(Into::into),
            proxy_department: proxy_department.map(Into::into),
            is_reusable,
        }
    }
}

impl From<Template> for domain::Template {
    fn from(template: Template) -> Self {
        let Template { from, to, to_department, proxy, proxy_department, is_reusable } = template;
        Self {
            from: from.into(),
            to: to.into(),
            to_department: to_department.map(Into::into),
            proxy: proxy.map(Into::into),
            proxy_department: proxy_department.map(Into::into),
            is_reusable,
        }
    }
}

impl From<domain::MadeFrom> for MadeFrom {
    fn from(domain::MadeFrom { message_type, message_id, is_reusable }: domain::MadeFrom) -> Self {
        Self { message_type: message_type.into(), message_id: message_id.into(), is_reusable }
    }
}

impl From<MadeFrom> for domain::MadeFrom {
    fn from(MadeFrom { message_type, message_id, is_reusable }: MadeFrom) -> Self {
        Self { message_type: message_type.into(), message_id: message_id.into(), is_reusable }
    }
}

impl From<domain::Party> for Party {
    fn from(domain::Party { box_id, title, department }: domain::Party) -> Self {
        Self { box_id: box_id.into(), title, department: department.map(Into::into) }
    }
}

impl From<Party> for domain::Party {
    fn from(Party { box_id, title, department }: Party) -> Self {
        Self { box_id: box_id.into(), title, department: department.map(Into::into) }
    }
}

impl From<domain::Rewritten> for Rewritten {
    fn from(domain::Rewritten { document, content, metadata }: domain::Rewritten) -> Self {
        Self { document: document.into(), content: content.into(), metadata: each(&metadata) }
    }
}

impl From<Rewritten> for domain::Rewritten {
    fn from(Rewritten { document, content, metadata }: Rewritten) -> Self {
        Self { document: document.into(), content: content.into(), metadata: each_back(metadata) }
    }
}

impl From<domain::DocumentPatch> for DocumentPatch {
    fn from(domain::DocumentPatch { document, change }: domain::DocumentPatch) -> Self {
        let change = match change {
            domain::DocumentChange::Packet(packet) => DocumentChange::Packet(packet.into()),
            domain::DocumentChange::Moved { to } => DocumentChange::Moved { to: to.into() },
            domain::DocumentChange::Deleted => DocumentChange::Deleted,
            domain::DocumentChange::Restored => DocumentChange::Restored,
            domain::DocumentChange::Revoked { request } => {
                DocumentChange::Revoked { request: request.into() }
            }
            domain::DocumentChange::PassedOn { at } => DocumentChange::PassedOn { at: at.get() },
            domain::DocumentChange::Forwarded { to } => DocumentChange::Forwarded { to: to.into() },
        };
        Self { document: document.into(), change }
    }
}

impl From<DocumentPatch> for domain::DocumentPatch {
    fn from(DocumentPatch { document, change }: DocumentPatch) -> Self {
        let change = match change {
            DocumentChange::Packet(packet) => domain::DocumentChange::Packet(packet.into()),
            DocumentChange::Moved { to } => domain::DocumentChange::Moved { to: to.into() },
            DocumentChange::Deleted => domain::DocumentChange::Deleted,
            DocumentChange::Restored => domain::DocumentChange::Restored,
            DocumentChange::Revoked { request } => {
                domain::DocumentChange::Revoked { request: request.into() }
            }
            DocumentChange::PassedOn { at } => domain::DocumentChange::PassedOn { at: Ticks::new(at) },
            DocumentChange::Forwarded { to } => domain::DocumentChange::Forwarded { to: to.into() },
        };
        Self { document: document.into(), change }
    }
}

impl From<ContentHash> for Digest {
    fn from(hash: ContentHash) -> Self {
        Self(*hash.as_bytes())
    }
}

impl From<Digest> for ContentHash {
    fn from(Digest(hash): Digest) -> Self {
        Self::from_bytes(hash)
    }
}

impl From<ContentRef> for Content {
    fn from(ContentRef { hash, size_bytes }: ContentRef) -> Self {
        Self { hash: hash.into(), size_bytes }
    }
}

impl From<Content> for ContentRef {
    fn from(Content { hash, size_bytes }: Content) -> Self {
        Self { hash: hash.into(), size_bytes }
    }
}

impl From<domain::Metadata> for Pair {
    fn from(domain::Metadata { key, value }: domain::Metadata) -> Self {
        Self { key, value }
    }
}

impl From<Pair> for domain::Metadata {
    fn from(Pair { key, value }: Pair) -> Self {
        Self { key, value }
    }
}

impl From<domain::Tag> for Pair {
    fn from(domain::Tag { key, value }: domain::Tag) -> Self {
        Self { key, value }
    }
}

impl From<Pair> for domain::Tag {
    fn from(Pair { key, value }: Pair) -> Self {
        Self { key, value }
    }
}

impl From<domain::DocumentRef> for DocumentRef {
    fn from(domain::DocumentRef { message_id, entity_id }: domain::DocumentRef) -> Self {
        Self { message_id: message_id.into(), entity_id: entity_id.into() }
    }
}

impl From<DocumentRef> for domain::DocumentRef {
    fn from(DocumentRef { message_id, entity_id }: DocumentRef) -> Self {
        Self { message_id: message_id.into(), entity_id: entity_id.into() }
    }
}
