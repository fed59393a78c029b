//! Statements of the feed.

use super::statements;

statements! {
    /// The feed of a box, its events by their rows, and the profiles by which it is filtered.
    FeedStmt {
        /// The newest row.
        Newest(box_id) -> (key, seq, letters, drafts, max_lead, max_lag);
        /// Running totals at the last event up to a key.
        TotalsAt(box_id, key) -> (seq, letters, drafts);
        /// How many events a profile has up to a key.
        ProfileTotalAt(box_id, profile, key) -> (nth);
        /// Rows in a closed range of keys, oldest first.
        Ascending(box_id, low, high, limit) -> (key, event, at, message_type, profile);
        /// Rows in a closed range of keys, newest first.
        Descending(box_id, low, high, limit) -> (key, event, at, message_type, profile);
        /// Keys of a profile in closed ranges of keys and times, oldest first.
        OfProfileAscending(box_id, profile, low, high, from, to, limit) -> (key);
        /// Keys of a profile in closed ranges of keys and times, newest first.
        OfProfileDescending(box_id, profile, low, high, from, to, limit) -> (key);
        /// The journal's row of the event at a key.
        EventAt(box_id, key) -> (event);

        /// Events in a closed range of keys, in order.
        Page(box_id, low, high, limit) -> (key, event_id, stream_id, ready);
        /// The same from the newest on.
        PageDescending(box_id, low, high, limit) -> (key, event_id, stream_id, ready);
        /// An event by its row in the journal.
        Event(box_id, event) -> (key, event_id, stream_id, ready);
        /// The first event of a message.
        FirstEvent(box_id, stream_id) -> (key, event_id, stream_id, ready);
        /// An event of a message that is not its first one.
        LaterEvent(box_id, event_id) -> (key, event_id, stream_id, ready);

        /// All profiles, by number.
        Profiles(box_id) -> (profile, message_type);
        /// The documents of all profiles.
        ProfileDocuments(box_id)
            -> (profile, message_type, type_named_id, direction, counteragent, department, number);
        /// Documents of profiles exchanged with a box.
        ProfileDocumentsWith(box_id, counteragent)
            -> (profile, message_type, type_named_id, direction, counteragent, department, number);
        /// Documents of profiles that lie in a department.
        ProfileDocumentsIn(box_id, department)
            -> (profile, message_type, type_named_id, direction, counteragent, department, number);
        /// Documents of profiles about which somebody was asked.
        ProfileDocumentsAsked(box_id, kind, addressee)
            -> (profile, message_type, type_named_id, direction, counteragent, department, number);

        /// Gives an event its place.
        Insert(box_id, key, event, at, message_type, profile, seq, letters, drafts, nth, max_lead, max_lag);
        /// The profile with a digest.
        ProfileOfDigest(box_id, digest) -> (profile);
        /// The profile with the highest number.
        LastProfile(box_id) -> (profile);
        /// Adds a profile.
        InsertProfile(box_id, profile, message_type, digest);
        /// Adds a document of a profile.
        InsertProfileDocument(box_id, profile, number, type_named_id, direction, counteragent, department);
        /// Adds who was asked about a document of a profile.
        InsertProfileAsked(box_id, profile, number, kind, addressee);
    }
}
