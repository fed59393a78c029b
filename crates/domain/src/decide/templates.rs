//! What becomes of templates: one of the two sides makes letters of them, and either may refuse.
//!
//! A template is posted on the road of every other message, and so is the letter that is made of it: it is turned into the
//! command that would post it unsent, and [`post_message`] decides.

use std::collections::{BTreeSet, HashSet};

use potok_types::{ContentRef, EntityId, EventId};

use super::post_message::{Addressees, post_message};
use super::{Context, NamedByPatch, Outcome, Rejection, Step, form};
use crate::access;
use crate::carriage;
use crate::command::{NewRefusal, PatchTemplate, PostMessage, TransformTemplate};
use crate::intermediary;
use crate::{
    Change, DocumentChange, DocumentPatch, Entity, Event, MadeFrom, MessageState, MessageType, Origin,
    Patched, RefusalKind, Service, Template, TemplateRefusal, TemplateTransformation,
};

const DOCUMENTS: &str = "TemplateTransformationToPost.DocumentTransformations";
const REFUSALS: &str = "TemplatePatchToPost.Refusals";

/// The command that posts the letter which `command` makes of `template`. Its documents stand in the order of the command;
/// bytes that lie in the template get the name that `kept` gives them.
///
/// # Errors
/// [`Rejection`]: it is no template or not for this box to make letters of, the person does not see the documents, or they
/// wait for nothing.
pub fn letter_of_template<S: Clone>(
    template: &MessageState,
    command: &TransformTemplate,
    context: &Context<'_>,
    kept: impl Fn(ContentRef) -> S,
) -> Result<PostMessage<S>, Rejection> {
    let of = check_transformation(template, command, context)?;
    let documents = command.documents.iter().filter_map(|item| {
        let posted = super::drafts::again(template, item.document, &item.path, None, &kept)?;
        let own = posted.custom_document_id.clone();
        Some(crate::command::NewDocument {
            id: None,
            custom_document_id: item.custom_document_id.clone().or(own),
            ..posted
        })
    });
    let documents: Vec<_> = documents.collect();
    let first = command.documents.first().map(|item| template.department_of(item.document));
    Ok(PostMessage {
        structure: "TemplateTransformationToPost",
        from: template.box_id,
        to: Some(of.to),
        proxy: of.proxy,
        from_department: first,
        to_department: of.to_department,
        proxy_department: of.proxy_department,
        is_internal: false,
        delay_send: true,
        draft: None,
        made_from: Some(MadeFrom {
            message_type: MessageType::Template,
            message_id: template.message_id,
            is_reusable: of.is_reusable,
        }),
        lock_mode: template.lock_mode,
        is_test: template.is_test,
        documents,
        structured_data: Vec::new(),
        invitation: None,
        template: None,
    })
}

/// `TransformTemplateToMessage`: the letter that [`letter_of_template`] makes of `template`, whose documents remember it.
///
/// # Errors
/// [`Rejection`]: nothing follows.
pub fn transform_template(
    template: &MessageState,
    command: &TransformTemplate,
    letter: &PostMessage<ContentRef>,
    addressees: Addressees<'_>,
    around: &NamedByPatch,
    context: &Context<'_>,
) -> Result<Outcome, Rejection> {
    let of = check_transformation(template, command, context)?;
    let mut outcome = post_message(letter, addressees, &BTreeSet::new(), around, context)?;
    let mut patched = Patched::by(Origin::Own { user: Some(context.author) });
    let made = outcome.event.entities().iter().filter(|entity| entity.document().is_some());
    for (item, made) in command.documents.iter().zip(made) {
        let record = Service::TemplateTransformation(TemplateTransformation {
            letter: outcome.event.message_id,
            document: made.id,
            author_name: context.author_name.to_owned(),
        });
        patched.entities.push(context.record(item.document, record));
        if !of.is_reusable {
            patched
                .documents
                .push(DocumentPatch { document: item.document, change: DocumentChange::Deleted });
        }
    }
    outcome.of_others.push(event_of(template, patched, context));
    Ok(outcome)
}

/// Everything that can be said before the letter is made.
pub(super) fn check_transformation(
    template: &MessageState,
    command: &TransformTemplate,
    context: &Context<'_>,
) -> Result<Template, Rejection> {
    let of = the_template(template)?;
    if of.from != template.box_id {
        return Err(Rejection::NotTheMaker { template: template.message_id, maker: of.from });
    }
    let named = command.documents.iter().map(|item| (item.path.as_str(), item.document)).collect::<Vec<_>>();
    check_documents(template, &named, DOCUMENTS, context)?;
    let ids = named.iter().map(|(_, id)| *id).collect::<Vec<_>>();
    let missing = left_out(template, &ids);
    if !missing.is_empty() {
        return Err(Rejection::LockedTogether { path: DOCUMENTS.to_owned(), step: Step::Transform, missing });
    }
    for (path, id) in named {
        let is_made = !of.is_reusable && template.template_transformations(id).next().is_some();
        let reason = if template.template_refusal(id).is_some() {
            "от него отказались"
        } else if is_made {
            "по нему уже создан документ"
        } else if template.document_state(id).is_some_and(|it| it.is_deleted) {
            "он удален; сначала восстановите его"
        } else {
            continue;
        };
        return Err(Rejection::state(path, id, Step::Transform, reason));
    }
    Ok(of)
}

/// `PostTemplatePatch`: nothing is to be made of the documents any more, and the other side is told.
///
/// # Errors
/// [`Rejection`]: nothing follows.
pub fn refuse_template(
    template: &MessageState,
    command: &PatchTemplate<ContentRef>,
    context: &Context<'_>,
) -> Result<Outcome, Rejection> {
    check_refusals(template, command, context)?;
    let kind = refusal_by(template);
    let mut patched = Patched::by(Origin::Own { user: Some(context.author) });
    for item in &command.refusals {
        patched.entities.push(refusal(template, item, kind, context));
    }
    let mut outcome = Outcome::inside(template, event_of(template, patched, context));
    outcome.deliver_to = intermediary::destinations(&outcome.after, outcome.event.id);
    Ok(outcome)
}

/// What [`refuse_template`] refuses, before any bytes are kept.
///
/// # Errors
/// [`Rejection`]: nothing would follow.
pub fn check_refusals<S>(
    template: &MessageState,
    command: &PatchTemplate<S>,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    the_template(template)?;
    let items = command.refusals.iter();
    let named = items.map(|item| (item.path.as_str(), item.document)).collect::<Vec<_>>();
    check_documents(template, &named, REFUSALS, context)?;
    command.refusals.iter().try_for_each(form::refusal)?;
    let ids = named.iter().map(|(_, id)| *id).collect::<Vec<_>>();
    if let Some(missing) = left_out(template, &ids).first() {
        let reason = format!(
            "document {missing} is left out, and the packet is locked; refuse all of its documents at once"
        );
        return Err(Rejection::invalid(REFUSALS, reason));
    }
    let kind = refusal_by(template);
    for (path, id) in named {
        let is_disabled = kind == RefusalKind::Refusal
            && template.document(id).is_some_and(|(_, document)| document.refusal_disabled);
        let reason = if template.template_refusal(id).is_some() {
            "от него уже отказались"
        } else if is_disabled {
            "отказ от него запрещен отправителем шаблона"
        } else if template.document_state(id).is_some_and(|it| it.is_deleted) {
            "он удален; сначала восстановите его"
        } else {
            continue;
        };
        return Err(Rejection::state(path, id, Step::RefuseTemplate, reason));
    }
    Ok(())
}

/// The side that sent the template takes it back, the other one refuses it.
fn refusal_by(template: &MessageState) -> RefusalKind {
    if template.side().is_sending() { RefusalKind::Withdrawal } else { RefusalKind::Refusal }
}

fn refusal(
    template: &MessageState,
    item: &NewRefusal<ContentRef>,
    kind: RefusalKind,
    context: &Context<'_>,
) -> Entity {
    let (box_id, author_name) = (template.box_id, context.author_name.to_owned());
    let service = Service::TemplateRefusal(TemplateRefusal { kind, box_id, author_name });
    let entity = match item.content {
        Some(content) => context.service(item.document, content, service, None),
        None => context.record(item.document, service),
    };
    Entity { text: item.comment.clone(), labels: item.labels.clone(), ..entity }
}

fn the_template(state: &MessageState) -> Result<Template, Rejection> {
    state.template.ok_or(Rejection::NotATemplate(state.message_id))
}

/// Each of them is a document of the template that the person sees, and is named once; there is at least one.
fn check_documents(
    template: &MessageState,
    named: &[(&str, EntityId)],
    list: &str,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    let scope = context.scope();
    access::check_documents(&scope, template, named.iter().map(|(_, id)| *id))?;
    if named.is_empty() {
        return Err(Rejection::invalid(list, "no document is named; name at least one"));
    }
    let mut seen = HashSet::new();
    for (path, id) in named {
        if template.document(*id).is_none() {
            let (path, reason) = (format!("{path}.DocumentId"), "в шаблоне нет такого документа");
            return Err(Rejection::BadParent { path, parent: *id, reason });
        }
        if !seen.insert(*id) {
            let reason = format!("document {id} is named twice; leave one of the two out");
            return Err(Rejection::invalid(format!("{path}.DocumentId"), reason));
        }
    }
    Ok(())
}

/// The documents of a locked packet that `named` leaves out.
fn left_out(template: &MessageState, named: &[EntityId]) -> Vec<EntityId> {
    let all = template.documents().map(|(found, _)| found.entity.id);
    all.filter(|id| carriage::is_packet_locked(template) && !named.contains(id)).collect()
}

fn event_of(template: &MessageState, patched: Patched, context: &Context<'_>) -> Event {
    Event {
        id: EventId::from_uuid(context.entropy.id()),
        message_id: template.message_id,
        at: context.now,
        change: Change::Patched(Box::new(patched)),
    }
}
