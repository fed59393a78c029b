//! Statements of the shelf.

use super::statements;

statements! {
    /// Files of users and their parts.
    ShelfStmt {
        /// A file.
        File(user_id, name) -> (part_count, expires_at);
        /// Its parts, by number.
        Parts(user_id, name) -> (number, hash, size_bytes);
        /// How many parts a user's files have that end at or after a time, and their bytes.
        Use(user_id, now) -> (parts, bytes);
        /// Adds a file or moves the end of its life; a number of parts of nothing leaves that as it is.
        PutFile(user_id, name, part_count, expires_at);
        /// Adds a part, or replaces the one with its number.
        PutPart(user_id, name, number, hash, size_bytes);
        /// Deletes the parts of a file.
        DeleteParts(user_id, name);
        /// Deletes a file.
        DeleteFile(user_id, name);
        /// Deletes the parts of the files that ended before a time.
        DeleteExpiredParts(now);
        /// Deletes the files that ended before a time.
        DeleteExpiredFiles(now);
    }
}
