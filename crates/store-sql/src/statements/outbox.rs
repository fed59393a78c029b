//! Statements of deliveries, but for those by which a dialect leases them.

use super::statements;

statements! {
    /// Planned deliveries.
    OutboxStmt {
        /// Plans a delivery, due at `behind` if there is one of its stream, else at `at_once`.
        Plan(box_id, kind, stream_id, event_id, revision, to_box, behind, at_once);
        /// The newest attempt of a delivery has this number, and its worker still has it.
        IsHeld(box_id, id, attempt) -> (one);
        /// Deletes a delivery, and tells of which stream it was.
        Settle(box_id, id) -> (kind, stream_id);
        /// Makes the first delivery of a stream due at `at_once` if it is due at `behind`.
        FreeNext(box_id, kind, stream_id, at_once, behind);
        /// Takes a delivery from the worker who has it, to be tried again later.
        GiveBack(box_id, id, attempt, due_at, error);
        /// Leaves a delivery with the worker who has it.
        Renew(box_id, id, attempt, due_at);
        /// Takes all deliveries from the workers who have them.
        FreeAll(due_at);
        /// How many there are in all boxes.
        Pending() -> (count);
    }
}
