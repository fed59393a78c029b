//! The docflow as version 4 of the API shows it: `DocumentWithDocflowV4`. Version 3 is the same without universal
//! messages, and version 5 arranges the same blocks by titles.
//!
//! Structures are built in the order of their field numbers, because that is the order in which contents draw on the
//! budgets of an answer.

pub(crate) mod approval;
pub(crate) mod blocks;
mod flow;
pub(crate) mod info;
pub(crate) mod parts;

use potok_domain::MessageState;
use potok_domain::docflow::Relations;
use potok_types::EntityId;
use potok_wire::proto::docflow::DocumentWithDocflowV4;

use crate::ContentPlan;
use crate::docflow::Seen;
use crate::docflow::files::Files;

pub(crate) use flow::is_decided;

use blocks::{Blocks, UniversalMessages};

/// The docflow of `document` in the box of `state`, with the bytes that `contents` gives when `inject_content` is set
/// for it (`GetDocflowRequest.InjectEntityContent`). `None` when `state` has no such root document.
pub fn document_with_docflow(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> Option<DocumentWithDocflowV4> {
    let seen = Seen::of(state, document, relations)?;
    Some(show(&seen, UniversalMessages::Shown, Files { inject_content, contents }))
}

/// The same; version 3 asks for it without universal messages.
pub(crate) fn show(
    seen: &Seen<'_>,
    universal_messages: UniversalMessages,
    files: Files<'_>,
) -> DocumentWithDocflowV4 {
    let mut blocks = Blocks { seen, universal_messages, files };
    DocumentWithDocflowV4 {
        document_id: seen.document_id(),
        last_event: seen.last_event(),
        document_info: info::document_info(seen),
        docflow: flow::docflow(seen, &mut blocks),
    }
}
