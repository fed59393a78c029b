//! What changes the exchange: posts, patches, moves.

mod housekeeping;
mod post_message;
mod post_message_patch;
mod refusals;

use potok_api::methods::{
    Delete, MoveDocuments, PostMessagePatchV3, PostMessagePatchV4, PostMessageV3, Restore,
};

use crate::registry::Registry;

/// Adds all of them.
pub(super) fn register(all: &mut Registry) {
    all.on::<Delete, _>(housekeeping::delete);
    all.on::<Restore, _>(housekeeping::restore);
    all.on::<MoveDocuments, _>(housekeeping::move_documents);
    all.on::<PostMessageV3, _>(post_message::v3);
    all.on::<PostMessagePatchV3, _>(post_message_patch::v3);
    all.on::<PostMessagePatchV4, _>(post_message_patch::v4);
}
