//! Statements of the keys that the server holds, and of what is to be signed by them.

use super::statements;

statements! {
    /// Signing.
    SigningStmt {
        /// Adds a key, unless its user has it.
        AddKey(user_id, name, certificate, digest, source, certificate_file, password_file, is_unattended, added_at);
        /// The keys of a user, by name.
        KeysOfUser(user_id)
            -> (user_id, name, certificate, digest, source, certificate_file, password_file, is_unattended, added_at);
        /// All keys, by user and name.
        Keys()
            -> (user_id, name, certificate, digest, source, certificate_file, password_file, is_unattended, added_at);
        /// Forgets a key.
        RemoveKey(user_id, name);

        /// Keeps something to sign.
        Put(id, user_id, started_at, revision, is_waiting, due_at, stored);
        /// One of them.
        One(id) -> (id, user_id, started_at, revision, stored);
        /// Those of a user that wait for a word or do not, oldest first.
        WaitingOfUser(is_waiting, user_id, limit) -> (id, user_id, started_at, revision, stored);
        /// Those of all users, by user, oldest first.
        Waiting(is_waiting, limit) -> (id, user_id, started_at, revision, stored);
        /// Writes the next revision in the place of the one before.
        Change(id, before, revision, is_waiting, due_at, stored);
        /// The oldest that is due at a time.
        Due(now) -> (id, user_id, started_at, revision, stored, due_at);
        /// Keeps one from others until a time, if it is due since the time that was read.
        Hold(id, due_at, until);
        /// Makes all due now that somebody keeps from others.
        FreeAll(due_at);
        /// Forgets old ones.
        Forget(before);
    }
}
