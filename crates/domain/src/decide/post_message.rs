//! A new message.

use std::collections::BTreeSet;

use potok_types::ContentRef;

use super::{Context, Outcome, Rejection};
use crate::DocumentRef;
use crate::command::PostMessage;
use crate::directory::Organization;

/// `PostMessage`: the letter as it appears in the sender's box.
///
/// `recipient` is the organization of `command.to`. `existing` are the documents of other messages that the command
/// links to, as far as this box has them and the person sees them.
///
/// # Errors
/// [`Rejection`]: nothing follows.
pub fn post_message(
    command: &PostMessage<ContentRef>,
    recipient: Option<&Organization>,
    existing: &BTreeSet<DocumentRef>,
    context: &Context<'_>,
) -> Result<Outcome, Rejection> {
    let _ = (command, recipient, existing, context);
    Err(Rejection::invalid("MessageToPost", "being written"))
}
