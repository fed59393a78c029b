//! The keys that the server holds, and what is to be signed by them.

use potok_store_sql::SigningStmt;

pub(super) const fn text(stmt: SigningStmt) -> &'static str {
    match stmt {
        SigningStmt::AddKey => {
            "INSERT INTO held_keys (user_id, name, certificate, digest, source, certificate_file, password_file,
                                    is_unattended, added_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (user_id, name) DO NOTHING"
        }
        SigningStmt::KeysOfUser => {
            "SELECT user_id, name, certificate, digest, source, certificate_file, password_file, is_unattended, added_at
             FROM held_keys WHERE user_id = ?1 ORDER BY name"
        }
        SigningStmt::Keys => {
            "SELECT user_id, name, certificate, digest, source, certificate_file, password_file, is_unattended, added_at
             FROM held_keys ORDER BY user_id, name"
        }
        SigningStmt::RemoveKey => "DELETE FROM held_keys WHERE user_id = ?1 AND name = ?2",

        SigningStmt::Put => {
            "INSERT INTO signings (id, user_id, started_at, revision, is_waiting, due_at, stored)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        }
        SigningStmt::One => "SELECT id, user_id, started_at, revision, stored FROM signings WHERE id = ?1",
        SigningStmt::WaitingOfUser => {
            "SELECT id, user_id, started_at, revision, stored FROM signings
             WHERE is_waiting = ?1 AND user_id = ?2 ORDER BY started_at LIMIT ?3"
        }
        SigningStmt::Waiting => {
            "SELECT id, user_id, started_at, revision, stored FROM signings
             WHERE is_waiting = ?1 ORDER BY user_id, started_at LIMIT ?2"
        }
        SigningStmt::Change => {
            "UPDATE signings SET revision = ?3, is_waiting = ?4, due_at = ?5, stored = ?6
             WHERE id = ?1 AND revision = ?2"
        }
        SigningStmt::Due => {
            "SELECT id, user_id, started_at, revision, stored, due_at FROM signings
             WHERE due_at <= ?1 ORDER BY due_at, started_at LIMIT 1"
        }
        SigningStmt::Hold => "UPDATE signings SET due_at = ?3 WHERE id = ?1 AND due_at = ?2",
        SigningStmt::FreeAll => "UPDATE signings SET due_at = ?1 WHERE due_at > ?1",
        SigningStmt::Forget => "DELETE FROM signings WHERE started_at < ?1",
    }
}
