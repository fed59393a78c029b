//! Statements of the list of counteragents, and of tasks.

use super::statements;

statements! {
    /// Counteragents.
    CounteragentStmt {
        /// Puts a box into the list, or gives it another place there.
        Put(box_id, counteragent, key, event, status, group_id);
        /// Takes a box out of the list.
        Delete(box_id, counteragent);
        /// One box of the list.
        One(box_id, counteragent) -> (counteragent, key, stored);
        /// A page before a key, newest first.
        Page(box_id, before, limit) -> (counteragent, key, stored);
        /// A page of those with a status.
        PageOfStatus(box_id, status, before, limit) -> (counteragent, key, stored);
        /// A page of the members of a group.
        PageOfGroup(box_id, group_id, before, limit) -> (counteragent, key, stored);
        /// How many there are, up to a number.
        Count(box_id, up_to) -> (count);
        /// How many have a status, up to a number.
        CountOfStatus(box_id, status, up_to) -> (count);
        /// How many are in a group, up to a number.
        CountOfGroup(box_id, group_id, up_to) -> (count);

        /// Relations of the box behind one, by the other box.
        Relations(box_id, after, limit) -> (counteragent);
        /// The last event of a relation.
        LastEvent(box_id, counteragent) -> (id, key, stored);
        /// Events of relations and groups that have something ready for readers, who read what is stored.
        OddlyReady(box_id) -> (id, event_id);
        /// Boxes of the list behind one.
        Rows(box_id, after, limit) -> (counteragent, key, event, status, group_id);

        /// Keeps a new task.
        PutTask(id, user_id, its_box, started_at, outcome, counteragent, message_id, entity_id, reason,
            power, code);
        /// A task.
        Task(id)
            -> (user_id, its_box, started_at, outcome, counteragent, message_id, entity_id, reason, power, code);
        /// Forgets old tasks.
        ForgetTasks(before);
    }
}
