//! Statements by which messages are erased.

use super::statements;

statements! {
    /// What goes, and what is left of it.
    ErasureStmt {
        /// Messages without an event at or behind a key, by the keys of their last events, behind one.
        Erasable(box_id, after, before, limit) -> (key, message_id, revision, is_to_be_delivered);
        /// The events of a message, in order.
        EventsOf(box_id, message_id) -> (revision, event_id, key, stored);
        /// Events of all messages behind one, by message and revision.
        EventsBehind(box_id, message_id, revision, limit) -> (message_id, revision, stored);
        /// Something of a stream is to be delivered.
        IsToBeDelivered(box_id, kind, stream_id) -> (one);
        /// Leaves behind what is left of an event.
        Leave(box_id, key, kind, stream_id, revision, event_id, digest);
        /// Deletes the events of a message.
        DeleteEvents(box_id, message_id);
        /// Notes a content that an erased message named.
        NoteContent(box_id, hash);
        /// Contents that are noted so.
        Contents(box_id, limit) -> (hash);
        /// Forgets that one is noted.
        ForgetContent(box_id, hash);
        /// Deletes bytes beside the events.
        DeleteSmallContent(box_id, hash);
        /// Forgets that the box names a content.
        DeleteContentName(box_id, hash);
        /// Deletes links one of whose documents is of a message that the box does not have.
        DeleteLinks(box_id);
        /// Deletes operations that made events of messages that the box does not have.
        DeleteOperations(box_id);
        /// What is left of events behind a key, in the order in which they were written.
        Behind(box_id, after, limit) -> (key, kind, stream_id, revision, event_id, digest);
        /// What is left of the events of messages behind an event of one, by message and revision.
        OfMessages(box_id, message_id, revision, limit) -> (message_id, revision, event_id, key, digest);
    }
}
