//! What becomes of drafts: a letter is made of one, or it is thrown away.
//!
//! A draft is sent on the road of every other letter: it is turned into the command that would post it, and
//! [`post_message`] decides.

use std::collections::{BTreeSet, HashMap};

use potok_types::{ContentRef, EntityId, EventId, MessageId};

use super::post_message::{Addressees, post_message};
use super::{Context, NamedByPatch, Outcome, Rejection, Step};
use crate::command::{
    DraftSignature, Link, NewDocument, NewStructuredData, PostMessage, PreparedTitle, SendDraft,
};
use crate::registry;
use crate::{
    Change, Document, DocumentRef, EntityState, Event, MadeFrom, MessageState, MessageType, Origin, Patched,
    Recycled, Service,
};

/// The command that posts the letter which `command` makes of `draft`. Bytes that lie in the draft get the name that `kept`
/// gives them.
///
/// # Errors
/// [`Rejection`]: it is no draft or done with, or the command does not fit it.
pub fn letter_of_draft<S: Clone>(
    draft: &MessageState,
    command: &SendDraft<S>,
    kept: impl Fn(ContentRef) -> S,
) -> Result<PostMessage<S>, Rejection> {
    check(draft)?;
    check_locked(draft, command)?;
    let signatures = signatures(draft, command)?;
    let to = draft.to.is_named().then_some(draft.to.box_id).filter(|_| !draft.is_internal);
    let proxy = draft.proxy_box();
    let stays = |given: Option<_>, own| given.is_none() || given == own;
    let documents = draft.documents().filter_map(|(found, _)| {
        let given = signatures.get(&found.entity.id);
        let path = given.map_or("DraftToSend.DocumentSignatures", |given| given.path.as_str());
        let again = again(draft, found.entity.id, path, given.map(|given| given.signature.clone()), &kept)?;
        let prepared = given.and_then(|given| given.prepared.clone());
        Some(NewDocument {
            power: given.and_then(|given| given.power.clone()),
            content: prepared.unwrap_or(again.content.clone()),
            ..again
        })
    });
    let documents = documents.collect();
    let letter = PostMessage {
        structure: "DraftToSend",
        from: draft.box_id,
        to: command.to.or(to),
        proxy: command.proxy.or(proxy),
        from_department: draft.from.department,
        to_department: command
            .to_department
            .or_else(|| draft.to.department.filter(|_| stays(command.to, to))),
        proxy_department: command.proxy_department.or_else(|| {
            let department = draft.proxy.as_ref().and_then(|proxy| proxy.department);
            department.filter(|_| stays(command.proxy, proxy))
        }),
        is_internal: draft.is_internal,
        delay_send: false,
        draft: None,
        made_from: Some(MadeFrom {
            message_type: MessageType::Draft,
            message_id: draft.message_id,
            is_reusable: false,
        }),
        lock_mode: draft.lock_mode,
        is_test: command.is_test || draft.is_test,
        documents,
        structured_data: structured_data(draft, &kept),
        invitation: None,
        template: None,
    };
    Ok(letter)
}

/// `SendDraft`: the letter that [`letter_of_draft`] makes of `draft`, which is done with then.
///
/// # Errors
/// [`Rejection`]: nothing follows.
pub fn send_draft(
    draft: &MessageState,
    letter: &PostMessage<ContentRef>,
    addressees: Addressees<'_>,
    existing: &BTreeSet<DocumentRef>,
    around: &NamedByPatch,
    context: &Context<'_>,
) -> Result<Outcome, Rejection> {
    check(draft)?;
    let mut outcome = post_message(letter, addressees, existing, around, context)?;
    let letter = Some(outcome.event.message_id);
    // Its documents may change their packet with it, and each message has one event of one decision.
    let packets = outcome.of_others.iter().position(|event| event.message_id == draft.message_id);
    match packets.map(|position| &mut outcome.of_others[position].change) {
        Some(Change::Patched(patched)) => patched.recycled = Some(Recycled { letter }),
        _ => outcome.of_others.push(recycled(draft, letter, context)),
    }
    Ok(outcome)
}

/// `RecycleDraft`: the draft is thrown away.
///
/// # Errors
/// [`Rejection`]: it is no draft, or done with.
pub fn recycle_draft(draft: &MessageState, context: &Context<'_>) -> Result<Outcome, Rejection> {
    is_open_draft(draft)?;
    Ok(Outcome::inside(draft, recycled(draft, None, context)))
}

fn recycled(draft: &MessageState, letter: Option<MessageId>, context: &Context<'_>) -> Event {
    let origin = Origin::Own { user: Some(context.author) };
    let patched = Patched { recycled: Some(Recycled { letter }), ..Patched::by(origin) };
    Event {
        id: EventId::from_uuid(context.entropy.id()),
        message_id: draft.message_id,
        at: context.now,
        change: Change::Patched(Box::new(patched)),
    }
}

fn is_open_draft(draft: &MessageState) -> Result<(), Rejection> {
    if draft.message_type != MessageType::Draft {
        return Err(Rejection::NotADraft(draft.message_id));
    }
    if draft.is_recycled {
        return Err(Rejection::Recycled(draft.message_id));
    }
    Ok(())
}

/// It can be sent: what was deleted is restored first.
fn check(draft: &MessageState) -> Result<(), Rejection> {
    is_open_draft(draft)?;
    let is_deleted = |found: &&EntityState| found.document.as_ref().is_some_and(|it| it.is_deleted);
    match draft.entities().iter().find(is_deleted) {
        None => Ok(()),
        Some(found) => {
            let reason = "он удален; сначала восстановите его";
            Err(Rejection::state("DraftToSend.DraftId", found.entity.id, Step::Sign, reason))
        }
    }
}

/// Whoever locked a draft said all of it but the signatures.
fn check_locked<S>(draft: &MessageState, command: &SendDraft<S>) -> Result<(), Rejection> {
    let given = [
        ("ToBoxId", command.to.is_some_and(|to| to != draft.to.box_id)),
        ("ToDepartmentId", command.to_department.is_some_and(|to| Some(to) != draft.to.department)),
        ("ProxyBoxId", command.proxy.is_some_and(|proxy| Some(proxy) != draft.proxy_box())),
        (
            "ProxyDepartmentId",
            command.proxy_department.is_some_and(|department| {
                Some(department) != draft.proxy.as_ref().and_then(|proxy| proxy.department)
            }),
        ),
    ];
    match given.into_iter().find(|(_, is_other)| draft.is_locked && *is_other) {
        None => Ok(()),
        Some((field, _)) => {
            let path = format!("DraftToSend.{field}");
            Err(Rejection::LockedDraft { path, field, draft: draft.message_id })
        }
    }
}

/// The signatures by the document under which they are: each document has one, and nothing else does.
fn signatures<'a, S>(
    draft: &MessageState,
    command: &'a SendDraft<S>,
) -> Result<HashMap<EntityId, &'a DraftSignature<S>>, Rejection> {
    let mut signatures = HashMap::with_capacity(command.signatures.len());
    for item in &command.signatures {
        let (path, document) = (&item.path, item.document);
        if draft.document(document).is_none() {
            let reason = "в черновике нет такого документа";
            return Err(Rejection::BadParent {
                path: format!("{path}.ParentEntityId"),
                parent: document,
                reason,
            });
        }
        if signatures.insert(document, item).is_some() {
            return Err(Rejection::state(path, document, Step::Sign, "он подписан дважды в одном запросе"));
        }
    }
    match draft.documents().find(|(found, _)| !signatures.contains_key(&found.entity.id)) {
        None => Ok(signatures),
        Some((found, _)) => Err(Rejection::invalid(
            "DraftToSend.DocumentSignatures",
            format!("document {} has no signature; sign every document of the draft", found.entity.id),
        )),
    }
}

/// What would post the document again that lies in a draft or a template.
pub(super) fn again<S>(
    draft: &MessageState,
    document: EntityId,
    path: &str,
    signature: Option<S>,
    kept: &impl Fn(ContentRef) -> S,
) -> Option<NewDocument<S>> {
    let (found, document) = draft.document(document)?;
    Some(Posted { draft, found, document }.again(path, signature, kept))
}

/// A document as it lies in a draft or a template.
struct Posted<'a> {
    draft: &'a MessageState,
    found: &'a EntityState,
    document: &'a Document,
}

impl Posted<'_> {
    /// What would post it.
    fn again<S>(&self, path: &str, signature: Option<S>, kept: &impl Fn(ContentRef) -> S) -> NewDocument<S> {
        let Self { draft, found, document } = self;
        let entity = &found.entity;
        let mut children = draft.children(entity.id);
        let comment = children.find(|child| child.entity.service() == Some(&Service::Comment));
        let content = entity.content.expect("a document of a draft has bytes");
        NewDocument {
            id: Some(entity.id),
            // A signature is all that the request says of it.
            bytes_in: "",
            signature,
            comment: comment.and_then(|comment| comment.entity.content).map(kept),
            prepared_title: draft.prepared_title(entity.id).and_then(|title| {
                Some(PreparedTitle {
                    content: kept(title.entity.content?),
                    // It is read again.
                    recognized: None,
                    with_disagreements: false,
                })
            }),
            need_recipient_signature: document.need_recipient_signature,
            need_receipt: entity.need_receipt,
            custom_document_id: document.custom_document_id.clone(),
            function: Some(document.kind.function.clone()),
            version: Some(document.kind.version.clone()),
            workflow: Some(document.workflow.0),
            is_encrypted: entity.is_encrypted,
            metadata: if self.says_itself() { Vec::new() } else { document.metadata.clone() },
            tags: draft.document_state(entity.id).map_or_else(Vec::new, |now| now.tags.clone()),
            editing_setting: document.editing_setting.clone(),
            initial_documents: self.links(&document.initial_documents),
            subordinate_documents: self.links(&document.subordinate_documents),
            ..NewDocument::new(path, &document.kind.type_named_id, kept(content))
        }
    }

    /// Its attributes are what its bytes say.
    fn says_itself(&self) -> bool {
        let kind = &self.document.kind;
        let resolved =
            registry::resolve(&kind.type_named_id, Some(&kind.function), Some(&kind.version), None);
        !self.found.entity.is_encrypted && resolved.is_ok_and(|resolved| resolved.version.is_formal())
    }

    /// Links within the draft are said by whichever end names the other one's `CustomDocumentId`; the other end follows.
    fn links(&self, links: &[DocumentRef]) -> Vec<Link> {
        let here = |link: &DocumentRef| link.message_id == self.draft.message_id;
        let of_draft = |link: &DocumentRef| {
            let (_, document) = self.draft.document(link.entity_id)?;
            document.custom_document_id.clone().map(Link::SameRequest)
        };
        let link = |link: &DocumentRef| if here(link) { of_draft(link) } else { Some(Link::Existing(*link)) };
        links.iter().filter_map(link).collect()
    }
}

fn structured_data<S>(draft: &MessageState, kept: &impl Fn(ContentRef) -> S) -> Vec<NewStructuredData<S>> {
    let data = draft
        .entities()
        .iter()
        .filter(|found| found.entity.service() == Some(&Service::StructuredData))
        .filter_map(|found| {
            let (_, document) = draft.document(found.entity.parent?)?;
            Some(NewStructuredData {
                path: "DraftToSend.DraftId".to_owned(),
                document: document.custom_document_id.clone()?,
                content: kept(found.entity.content?),
                file_name: found.entity.file_name.clone()?,
            })
        });
    data.collect()
}
