//! A new message.

use std::borrow::Cow;
use std::collections::BTreeSet;

use potok_types::{Attested, ContentRef, DepartmentId, Invalid, MessageId, PacketId};

use super::links::Links;
use super::parts::{Signer, content_type_of_document};
use super::places::{existing_department, unknown_box};
use super::{Context, NamedByPatch, Outcome, Rejection, form, joining, places, prepared, recognized};
use crate::access::Denied;
use crate::command::{NewDocument, PostMessage, PowerToAttach};
use crate::directory::Organization;
use crate::registry::{self, Resolved, Unresolved};
use crate::relation::Reception;
use crate::workflow::{self, ParticipantAction, WorkflowSettings};
use crate::{
    Body, Change, Document, DocumentRef, Entity, Event, MessageState, MessageType, Metadata, Party, Posted,
    Service,
};

/// The organizations that a letter names, as far as they exist.
#[derive(Clone, Copy, Debug, Default)]
pub struct Addressees<'a> {
    /// That of `PostMessage::to`.
    pub recipient: Option<&'a Organization>,
    /// That of `PostMessage::proxy`.
    pub proxy: Option<&'a Organization>,
    /// What the recipient lets the sender do; `None`: the two have nothing to do with each other.
    pub recipient_takes: Option<&'a Reception>,
    /// The same of the intermediate addressee.
    pub proxy_takes: Option<&'a Reception>,
    /// That of the letter which is to be made of a template.
    pub letter_to: Option<&'a Organization>,
    /// The intermediate addressee of that letter.
    pub letter_proxy: Option<&'a Organization>,
}

/// `PostMessage`: the letter as it appears in the sender's box.
///
/// `existing` are the documents of other messages that the command links to, as far as this box has them and the person
/// sees them; `around` has all of their packets. Signatures of an internal letter are good already.
///
/// # Errors
/// [`Rejection`]: nothing follows.
pub fn post_message(
    command: &PostMessage<ContentRef>,
    addressees: Addressees<'_>,
    existing: &BTreeSet<DocumentRef>,
    around: &NamedByPatch,
    context: &Context<'_>,
) -> Result<Outcome, Rejection> {
    form::message(command)?;
    check_invitation(command)?;
    places::check_letter(command, addressees.letter_to, addressees.letter_proxy)?;
    let recipient = addressee(command, addressees.recipient, context)?;
    let is_draft = command.draft.is_some();
    let proxy = proxy(command, addressees.proxy, context)?;
    let ruled = documents(command)?;
    let from_department = from_department(command, context)?;
    if let (Some(department), Some(recipient)) = (command.to_department, recipient) {
        existing_department(command, "ToDepartmentId", department, recipient)?;
    }
    if let (Some(department), Some(proxy)) = (command.proxy_department, proxy) {
        existing_department(command, "ProxyDepartmentId", department, proxy)?;
    }
    context.may_send()?;
    let foreign = proxy.into_iter().chain(recipient.filter(|_| !command.is_internal));
    let led = |takes: Option<&Reception>, asked, organization: &Organization, field| {
        // A draft goes nowhere yet.
        if is_draft {
            return Ok(asked);
        }
        let takes = takes.cloned().unwrap_or_default();
        let led = takes.admit(organization, asked, command.invitation.is_some());
        let path = format!("{}.{field}", command.structure);
        led.map_err(|why| Rejection::not_taken(organization, &path, why))
    };
    let proxy_department = match proxy {
        None => None,
        Some(proxy) => led(addressees.proxy_takes, command.proxy_department, proxy, "ProxyDepartmentId")?,
    };
    let to_department = match recipient.filter(|_| !command.is_internal) {
        None => command.to_department,
        Some(recipient) => {
            led(addressees.recipient_takes, command.to_department, recipient, "ToDepartmentId")?
        }
    };
    let message_id = MessageId::from_uuid(context.entropy.id());
    let ids = command.documents.iter();
    let ids = ids.map(|document| document.id.unwrap_or_else(|| context.new_entity_id())).collect();
    let links = Links::read(command, message_id, ids, existing)?;
    let own_packet = PacketId::from_uuid(context.entropy.id());
    let (packet, packets) = joining::join(command, &links, own_packet, around);
    let place = Place {
        packet,
        department: if is_draft {
            DepartmentId::ZERO
        } else if command.is_internal {
            command.to_department.unwrap_or(DepartmentId::ZERO)
        } else {
            from_department
        },
    };
    let mut entities = Vec::new();
    for (position, (document, ruled)) in command.documents.iter().zip(ruled).enumerate() {
        add_document(&mut entities, command, (document, ruled), &links, position, &place, context);
    }
    let posted = Posted {
        message_type: match (is_draft, command.template) {
            (true, _) => MessageType::Draft,
            (false, Some(_)) => MessageType::Template,
            (false, None) => MessageType::Letter,
        },
        from: party(context.organization, Some(from_department)),
        to: recipient.map_or(Party::NOBODY, |recipient| party(recipient, to_department)),
        proxy: proxy.map(|proxy| party(proxy, proxy_department)),
        lock_mode: command.lock_mode,
        is_internal: command.is_internal,
        is_test: command.is_test
            || context.organization.is_test
            || foreign.clone().any(|addressee| addressee.is_test),
        is_locked: command.draft.is_some_and(|draft| draft.is_locked),
        made_from: command.made_from,
        author: Some(context.author),
        entities,
        invitation: command.invitation.clone(),
        template: command.template,
    };
    let is_sent = !command.is_internal && !command.delay_send && !is_draft;
    let first = proxy.or(recipient).filter(|_| is_sent);
    let event = Event {
        id: message_id.first_event(),
        message_id,
        at: context.now,
        change: Change::Posted(Box::new(posted)),
    };
    Ok(Outcome {
        after: MessageState::open(context.organization.box_id, &event).expect("a post opens its message"),
        event,
        of_others: packets.events(context),
        deliver_to: first.map(|first| first.box_id).into_iter().collect(),
        // Others hear of a document when it is one.
        links: if is_draft { Vec::new() } else { links.into_pairs() },
    })
}

/// An invitation stands alone and goes to another organization.
fn check_invitation(command: &PostMessage<ContentRef>) -> Result<(), Rejection> {
    let is_alone = command.documents.len() == 1 && command.structured_data.is_empty();
    let is_sent = command.is_signed();
    if command.invitation.is_none() || is_alone && !command.is_internal && command.proxy.is_none() && is_sent
    {
        return Ok(());
    }
    let path = command.documents.first().map_or("MessageToPost", |document| &document.path);
    let reason = "an invitation is the only document of its message, which is sent to another organization at once and \
                  without an intermediate recipient; send it alone";
    Err(Rejection::invalid(path, reason))
}

/// The organization that gets the letter; the sender's own for an internal one, and none for a draft that names nobody.
fn addressee<'a>(
    command: &PostMessage<ContentRef>,
    recipient: Option<&'a Organization>,
    context: &Context<'a>,
) -> Result<Option<&'a Organization>, Rejection> {
    match command.to {
        None => Ok(Some(context.organization).filter(|_| command.is_internal)),
        Some(to) => recipient.map(Some).ok_or_else(|| unknown_box(command, "ToBoxId", to)),
    }
}

/// The organization that has to answer before the recipient gets the letter.
fn proxy<'a>(
    command: &PostMessage<ContentRef>,
    proxy: Option<&'a Organization>,
    context: &Context<'_>,
) -> Result<Option<&'a Organization>, Rejection> {
    let refuse = |reason: &str| Err(Rejection::invalid(format!("{}.ProxyBoxId", command.structure), reason));
    match command.proxy {
        None => Ok(None),
        Some(_) if command.is_internal => {
            refuse("a letter inside the organization has no intermediate recipient; leave ProxyBoxId out")
        }
        Some(proxy) if proxy == context.organization.box_id || Some(proxy) == command.to => {
            refuse("the intermediate recipient is neither the sender nor the recipient; name a third box")
        }
        Some(box_id) => proxy.map(Some).ok_or_else(|| unknown_box(command, "ProxyBoxId", box_id)),
    }
}

fn from_department(
    command: &PostMessage<ContentRef>,
    context: &Context<'_>,
) -> Result<DepartmentId, Rejection> {
    let scope = context.scope();
    let department = match command.from_department {
        Some(department) => department,
        None if scope.sees_all() => DepartmentId::ZERO,
        None => context.permissions.department,
    };
    existing_department(command, "FromDepartmentId", department, context.organization)?;
    if !scope.sees_department(department) {
        let path = format!("{}.FromDepartmentId", command.structure);
        return Err(Denied::Department { path, department }.into());
    }
    Ok(department)
}

/// A document's rules, and its attributes, which were held to them.
struct Ruled<'a> {
    resolved: Resolved,
    metadata: Cow<'a, [Metadata]>,
}

/// Finds the rules of each document, and holds it to them.
fn documents(command: &PostMessage<ContentRef>) -> Result<Vec<Ruled<'_>>, Rejection> {
    let is_strict = command.draft.is_none_or(|draft| draft.is_strict);
    let ruled = command.documents.iter().map(|document| {
        let ruled = check_document(document, is_strict)?;
        // Whom a draft goes through is said when it is sent.
        let proxy = command.template.map_or(command.proxy, |template| template.proxy);
        if command.draft.is_none() || proxy.is_some() {
            check_proxy(document, &ruled.resolved, proxy.is_some())?;
        }
        prepared::check(document, &ruled.resolved, proxy.is_some())?;
        Ok::<_, Rejection>(ruled)
    });
    let ruled = ruled.collect::<Result<_, _>>()?;
    for data in &command.structured_data {
        form::file_name(&data.path, format!("{}.FileName", data.path), &data.file_name)?;
    }
    Ok(ruled)
}

fn check_document(document: &NewDocument<ContentRef>, is_strict: bool) -> Result<Ruled<'_>, Rejection> {
    let path = &document.path;
    let declared = recognized::declared(document)?;
    let resolved =
        registry::resolve(declared.type_named_id, declared.function, declared.version, document.workflow)
            .map_err(|error| {
                let field = match &error {
                    Unresolved::Type(_) => "TypeNamedId",
                    Unresolved::Function { .. } => "Function",
                    Unresolved::Version { .. } => "Version",
                    Unresolved::Workflow { type_named_id, given, known } => {
                        let (row, place) = (Attested::WrongWorkflow, format!("{path}.WorkflowId"));
                        let mut wrong = Invalid::attested(row, place, &[&path, type_named_id, given]);
                        wrong.reason += &format!(": it supports {known}");
                        return Rejection::from(wrong);
                    }
                };
                Rejection::invalid(format!("{path}.{field}"), error.to_string())
            })?;
    recognized::no_odd_metadata(document, &resolved)?;
    let metadata = recognized::metadata(document, &resolved);
    let held = form::metadata(path, &metadata, &resolved, document.is_encrypted, is_strict);
    held.map_err(|refusal| match refusal {
        // The request says nothing of it, so the file is to blame.
        Rejection::Invalid(invalid) if document.recognized.is_some() && resolved.version.is_formal() => {
            Rejection::not_in_format(path.as_str(), Some(&invalid.reason))
        }
        refusal => refusal,
    })?;
    Ok(Ruled { resolved, metadata })
}

/// The rules of the document know of an intermediate recipient, if there is one, and need none otherwise.
fn check_proxy(
    document: &NewDocument<ContentRef>,
    resolved: &Resolved,
    has_proxy: bool,
) -> Result<(), Rejection> {
    let path = &document.path;
    let rules = workflow::settings(resolved.workflow);
    if has_proxy && rules.is_none_or(|rules| rules.proxy.is_none()) {
        let reason = format!(
            "Proxy workflow is not supported for {} with workflow {}; choose another WorkflowId, or send the document \
             without ProxyBoxId",
            resolved.kind.type_named_id, resolved.workflow.0
        );
        return Err(Rejection::invalid(path.clone(), reason));
    }
    if !has_proxy && rules.is_some_and(WorkflowSettings::proxy_writes_title) {
        let reason = format!(
            "in workflow {} an intermediate recipient writes a title; name it in ProxyBoxId, or choose \
             another workflow",
            resolved.workflow.0
        );
        return Err(Rejection::invalid(format!("{path}.WorkflowId"), reason));
    }
    Ok(())
}

/// Where the documents of the message lie in the sender's box.
struct Place {
    packet: PacketId,
    department: DepartmentId,
}

fn add_document(
    entities: &mut Vec<Entity>,
    command: &PostMessage<ContentRef>,
    (document, Ruled { resolved, metadata }): (&NewDocument<ContentRef>, Ruled<'_>),
    links: &Links,
    position: usize,
    place: &Place,
    context: &Context<'_>,
) {
    let id = links.id(position);
    let rules = workflow::settings(resolved.workflow);
    let has_proxy = command.template.map_or(command.proxy, |template| template.proxy).is_some();
    let prepared_title = prepared::title(id, document, &resolved, has_proxy, context);
    let may_ask_for_signature = rules
        .and_then(|rules| rules.recipient)
        .is_some_and(|recipient| recipient.action == ParticipantAction::OptionalSignature);
    let file_name = metadata.iter().find(|item| item.key == "FileName");
    let file_name = file_name
        .map_or_else(|| format!("{}_{id}.xml", resolved.kind.type_named_id), |item| item.value.clone());
    let function = document.recognized.as_ref().and_then(|recognized| recognized.function.as_deref());
    let content_type_id = content_type_of_document(&resolved, function);
    let version = resolved.version.is_formal().then(|| resolved.kind.version.clone());
    let body = Document {
        attachment_type: resolved.attachment_type,
        kind: resolved.kind,
        workflow: resolved.workflow,
        need_recipient_signature: document.need_recipient_signature && may_ask_for_signature,
        department: place.department,
        packet: place.packet,
        custom_document_id: document.custom_document_id.clone(),
        metadata: metadata.into_owned(),
        tags: document.tags.clone(),
        initial_documents: links.initial(position).to_vec(),
        subordinate_documents: links.subordinate(position).to_vec(),
        editing_setting: document.editing_setting.clone(),
        refusal_disabled: document.refusal_disabled,
    };
    entities.push(Entity {
        id,
        file_name: Some(file_name),
        content_type_id,
        version,
        need_receipt: rules.is_some_and(|rules| rules.needs_receipt(document.need_receipt)),
        is_encrypted: document.is_encrypted,
        ..context.entity(None, document.content, Body::Document(Box::new(body)))
    });
    if let Some(comment) = document.comment {
        entities.push(context.service(id, comment, Service::Comment, None));
    }
    entities.extend(prepared_title);
    let data = command.structured_data.iter();
    for data in data.filter(|data| document.custom_document_id.as_ref() == Some(&data.document)) {
        entities.push(context.service(id, data.content, Service::StructuredData, Some(&data.file_name)));
    }
    if let Some(signature) = document.signature {
        let signer = Signer { department: place.department, is_internal: command.is_internal };
        let power = document.power.as_ref().and_then(PowerToAttach::found);
        entities.extend(context.signed(id, signature, false, signer, power));
    }
}

fn party(organization: &Organization, department: Option<DepartmentId>) -> Party {
    Party { box_id: organization.box_id, title: organization.short_name.clone(), department }
}
