//! Statements of names of contents.

use super::statements;

statements! {
    /// Which contents are named by events and shelves.
    ContentStmt {
        /// The next events of messages, of all boxes, whose names are not noted.
        Unnoted(limit) -> (id, box_id, stored);
        /// Events of messages, of all boxes, whose names are noted, behind one; in the order of the dialect.
        Noted(its_box, event, limit) -> (id, box_id, stored);
        /// Remembers that the names of the box's events up to one are noted, unless that is known of later ones.
        PutPlace(its_box, event);
        /// A row when more is said to be noted than is in the journal.
        IsAhead() -> (one);
        /// Takes the places that are ahead back to the end of the journal.
        HoldPlace();
        /// Notes a name, unless it is noted, or the content lives in the box.
        Note(box_id, hash);
        /// The content lives in the box.
        IsInBox(box_id, hash) -> (one);
        /// The name is noted, of whichever box.
        IsNoted(hash) -> (one);
        /// The name is noted as one of the box.
        IsNotedOfBox(box_id, hash) -> (one);
        /// A part of a file on a shelf has the name.
        IsOnShelf(hash) -> (one);
    }
}
