//! Universal messages.

use potok_domain::CodeGroup;
use potok_domain::command::{NewUniversalMessage, Source};
use potok_types::id_at;
use potok_wire::proto::UniversalMessageBehaviour;
use potok_wire::proto::events::UniversalMessageAttachment;

use super::super::content::unsigned_content;
use crate::BadRequest;

pub(super) fn universal_message(
    path: String,
    item: UniversalMessageAttachment,
) -> Result<NewUniversalMessage<Source>, BadRequest> {
    let code_group = match item.code_group {
        None | Some(0) => None,
        Some(number) => Some(CodeGroup::from_number(number).ok_or_else(|| {
            let reason = "must be Receipt, AmendmentRequest, Rejection or InformationMessage";
            BadRequest::invalid(format!("{path}.CodeGroup"), reason)
        })?),
    };
    let affects_workflow = match item.behaviour() {
        UniversalMessageBehaviour::Undefined => None,
        UniversalMessageBehaviour::AffectsWorkflow => Some(true),
        UniversalMessageBehaviour::DoesNotAffectWorkflow => Some(false),
    };
    let content = unsigned_content(
        &format!("{path}.UniversalMessageContent"),
        item.universal_message_content.content,
        item.universal_message_content.name_on_shelf,
    )?;
    Ok(NewUniversalMessage {
        parent: id_at(format!("{path}.ParentEntityId"), &item.parent_entity_id)?,
        code_group,
        affects_workflow,
        // Whoever reads the bytes finds these there.
        events: Vec::new(),
        file_name: None,
        content,
        labels: item.labels,
        path,
    })
}
