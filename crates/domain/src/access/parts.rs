//! What the parts of a command need: one method may do many things.

use super::Action;
use crate::command::{PostMessage, PostPatch};

/// What a new message needs besides the right to make one.
pub fn actions_of_post<S>(command: &PostMessage<S>) -> Vec<Action> {
    let is_signed = command.documents.iter().any(|document| document.signature.is_some());
    let needed =
        [(Action::SignDocuments, is_signed), (Action::ManageCounteragents, command.invitation.is_some())];
    needed.into_iter().filter(|(_, is_needed)| *is_needed).map(|(action, _)| action).collect()
}

/// What a patch needs. Who was asked may refuse, and who did something may take it back, without any right.
pub fn actions_of_patch<S>(command: &PostPatch<S>) -> Vec<Action> {
    let signs = !command.signatures.is_empty()
        || !command.receipts.is_empty()
        || !command.rejections.is_empty()
        || !command.titles.is_empty()
        || !command.amendment_requests.is_empty()
        || !command.revocation_requests.is_empty()
        || !command.fixation_cancellations.is_empty();
    let requests = !command.resolution_requests.is_empty()
        || !command.route_assignments.is_empty()
        || !command.route_removals.is_empty()
        || command.cancellations.iter().any(|item| !item.is_of_denial);
    let edits = !command.tag_changes.is_empty()
        || !command.packets.is_empty()
        || !command.verifications.is_empty()
        || !command.editions.is_empty();
    let needed = [
        (Action::SignDocuments, signs),
        (Action::AddResolutions, !command.resolutions.is_empty()),
        (Action::RequestResolutions, requests),
        (Action::CreateDocuments, edits),
        (Action::AttachUniversalMessages, !command.universal_messages.is_empty()),
    ];
    needed.into_iter().filter(|(_, is_needed)| *is_needed).map(|(action, _)| action).collect()
}
