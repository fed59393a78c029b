//! Statements of webhooks.

use super::statements;

statements! {
    /// Webhooks.
    WebhookStmt {
        /// Adds one, unless its box has `most`.
        Add(box_id, id, made_at, url, secret, old_secrets, user_id, department, state, due_at, reason, position, failures,
            failing_since, turn, most);
        /// Those of a box, oldest first.
        OfBox(box_id) -> (box_id, id, made_at, url, secret, old_secrets, user_id, department, state, due_at, reason, position,
            failures, failing_since, turn);
        /// One of them.
        One(box_id, id) -> (box_id, id, made_at, url, secret, old_secrets, user_id, department, state, due_at, reason, position,
            failures, failing_since, turn);
        /// Writes the next turn in the place of the one before.
        Change(box_id, id, before, turn, url, secret, old_secrets, user_id, department, state, due_at, reason, position,
            failures, failing_since);
        /// Forgets one.
        Remove(box_id, id);
        /// Forgets its attempts.
        RemoveAttempts(box_id, id);
        /// The last attempts, newest first.
        Attempts(box_id, id, limit) -> (event_id, at, milliseconds, status, error);

        /// Boxes with one that has a time at which it is due.
        Boxes() -> (box_id);
        /// Those of a box that are due, with events behind their position.
        WaitingOfBox(box_id, now, limit) -> (box_id, id);
        /// Those of all boxes, longest due first.
        Waiting(now, limit) -> (box_id, id);
        /// Keeps one from others until a time, if it is due.
        Lease(box_id, id, now, until);
        /// The same for whoever has it.
        Renew(box_id, id, turn, until);
        /// How far it has come, by whoever has it.
        Note(box_id, id, turn, state, due_at, reason, position, failures, failing_since, attempts);
        /// Writes the last attempt, of so many that are kept, in the place of an old one.
        PutAttempt(box_id, id, keep, event_id, at, milliseconds, status, error);
        /// Makes all due at a time that are due later.
        FreeAll(now);
        /// How many there are in each state.
        Count() -> (state, count);
    }
}
