//! Titles that senders write for recipients (`PredefinedRecipientTitle`).

use potok_types::{ContentRef, EntityId};

use super::parts::content_type_of_title;
use super::post_patch::exchange::fits;
use super::{Context, Rejection};
use crate::command::NewDocument;
use crate::registry::{self, Resolved};
use crate::workflow::{self, ParticipantAction, WorkflowSettings};
use crate::{Entity, Service, Title};

/// The number of the title that the recipient writes.
fn index(rules: Option<&WorkflowSettings>, has_proxy: bool) -> u32 {
    1 + u32::from(has_proxy && rules.is_some_and(WorkflowSettings::proxy_writes_title))
}

/// The recipient may answer the document with such a title.
pub(super) fn check(
    document: &NewDocument<ContentRef>,
    resolved: &Resolved,
    has_proxy: bool,
) -> Result<(), Rejection> {
    let Some(title) = &document.prepared_title else { return Ok(()) };
    let path = format!("{}.PredefinedRecipientTitle", document.path);
    let rules = workflow::settings(resolved.workflow);
    let recipient = rules.and_then(|rules| rules.recipient);
    let is_answered = recipient.is_some_and(|recipient| recipient.action == ParticipantAction::Title);
    let kind = &resolved.kind;
    if !is_answered || !resolved.version.is_formal() || registry::is_same_name(&kind.type_named_id, "Torg2") {
        let reason = format!(
            "nobody prepares the recipient's title of {} {} with workflow {}; leave PredefinedRecipientTitle out",
            kind.type_named_id, kind.version, resolved.workflow.0
        );
        return Err(Rejection::invalid(path, reason));
    }
    match &title.recognized {
        Some(recognized) => fits(&path, recognized, &kind.version, index(rules, has_proxy)),
        None => Err(Rejection::not_in_format(path, None)),
    }
}

/// The title under the document `parent`, if one is prepared.
pub(super) fn title(
    parent: EntityId,
    document: &NewDocument<ContentRef>,
    resolved: &Resolved,
    has_proxy: bool,
    context: &Context<'_>,
) -> Option<Entity> {
    let prepared = document.prepared_title.as_ref()?;
    let rules = workflow::settings(resolved.workflow);
    let index = index(rules, has_proxy);
    let title = Title {
        index,
        attachment_type: resolved.attachment_type.later_title(),
        with_disagreements: prepared.with_disagreements,
        is_prepared: true,
    };
    let function = prepared.recognized.as_ref().and_then(|recognized| recognized.function.as_deref());
    Some(Entity {
        need_receipt: rules.is_some_and(|rules| rules.needs_sender_receipt(false)),
        version: Some(resolved.kind.version.clone()),
        content_type_id: content_type_of_title(&resolved.kind, function, index),
        ..context.service(parent, prepared.content, Service::Title(title), None)
    })
}
