//! Statements of the journal and of what is written beside its events.

use super::statements;

statements! {
    /// Events of streams, operations, contents, links.
    JournalStmt {
        /// Adds an event, and gives it the number of its row.
        InsertEvent(box_id, kind, stream_id, revision, event_id, key, stored, ready);
        /// The revision of a stream, in one row: empty where it has none, -1 where it was erased.
        Revision(box_id, kind, stream_id) -> (revision);
        /// The key of an event, if it stands at this revision of the stream.
        KeyOf(box_id, kind, stream_id, revision, event_id) -> (key);
        /// The ids of the streams of a kind behind one, in order.
        StreamIds(box_id, kind, after, limit) -> (stream_id);
        /// Events of a stream in a closed range of revisions, in order; the first one, which is known, without its form.
        Events(box_id, kind, stream_id, after, up_to) -> (revision, stored);
        /// Events of all streams of a kind that is not that of messages, behind a key and up to one, oldest first.
        OfKind(box_id, kind, after, up_to, limit) -> (key, stream_id, stored);
        /// The same, newest first.
        OfKindBackwards(box_id, kind, after, up_to, limit) -> (key, stream_id, stored);
        /// How many there are, up to a number.
        CountOfKind(box_id, kind, after, up_to, limit) -> (count);
        /// The last key of an event that is not in the feed, or nothing.
        LastKeyBesideFeed(box_id) -> (key);

        /// The event that an operation made.
        Operation(box_id, method, id) -> (kind, stream_id, event_id);
        /// Names the event that an operation made.
        InsertOperation(box_id, method, id, kind, stream_id, event_id);
        /// Bytes by their hash.
        Content(box_id, hash) -> (hash, bytes);
        /// Keeps bytes, unless they are there.
        InsertContent(box_id, hash, bytes);
        /// The documents that refer to one, oldest first.
        Referrers(box_id, base_message, base_entity) -> (id, referrer_message, referrer_entity);
        /// Adds a link between documents, unless it is there.
        InsertLink(box_id, base_message, base_entity, referrer_message, referrer_entity);
    }
}
