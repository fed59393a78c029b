//! Additions to a message.

use potok_types::ContentRef;

use super::{Context, Outcome, Rejection};
use crate::MessageState;
use crate::command::PostPatch;

/// `PostMessagePatch`: all additions in one event of the box, or none. `state` is the message now.
///
/// # Errors
/// [`Rejection`]: nothing follows.
pub fn post_patch(
    state: &MessageState,
    command: &PostPatch<ContentRef>,
    context: &Context<'_>,
) -> Result<Outcome, Rejection> {
    let _ = (state, command, context);
    Err(Rejection::EmptyPatch)
}
