//! Statements of names of contents.

use super::statements;

statements! {
    /// Which contents are named by events and shelves.
    ContentStmt {
        /// The row of the last event whose names were noted; no row before the first.
        Place() -> (event);
        /// Remembers it.
        PutPlace(event);
        /// Events of messages of all boxes behind a row, by row.
        EventsAfter(event, limit) -> (id, box_id, stored);
        /// Notes a name, unless it is noted, or the content lives in the box.
        Note(box_id, hash);
        /// The content lives in the box.
        IsInBox(box_id, hash) -> (one);
        /// The row of the last event of a message.
        LastEvent() -> (id);
        /// Takes the place back to that row, if it lies behind it.
        HoldPlace();
        /// The name is noted.
        IsNoted(hash) -> (one);
        /// A part of a file on a shelf has the name.
        IsOnShelf(hash) -> (one);
    }
}
