//! The shelf.

use potok_store_sql::ShelfStmt;

pub(super) const fn text(stmt: ShelfStmt) -> &'static str {
    match stmt {
        ShelfStmt::File => "SELECT part_count, expires_at FROM shelf_files WHERE user_id = $1 AND name = $2",
        ShelfStmt::Parts => {
            "SELECT number, hash, size_bytes FROM shelf_parts WHERE user_id = $1 AND name = $2 ORDER BY number"
        }
        ShelfStmt::Use => {
            "SELECT count(*), coalesce(sum(p.size_bytes), 0)::bigint
             FROM shelf_files f JOIN shelf_parts p ON p.user_id = f.user_id AND p.name = f.name
             WHERE f.user_id = $1 AND f.expires_at >= $2"
        }
        ShelfStmt::PutFile => {
            "INSERT INTO shelf_files (user_id, name, part_count, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, name) DO UPDATE SET
                 part_count = coalesce(excluded.part_count, shelf_files.part_count), expires_at = excluded.expires_at"
        }
        ShelfStmt::PutPart => {
            "INSERT INTO shelf_parts (user_id, name, number, hash, size_bytes) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, name, number) DO UPDATE SET
                 hash = excluded.hash, size_bytes = excluded.size_bytes"
        }
        ShelfStmt::DeleteParts => "DELETE FROM shelf_parts WHERE user_id = $1 AND name = $2",
        ShelfStmt::DeleteFile => "DELETE FROM shelf_files WHERE user_id = $1 AND name = $2",
        ShelfStmt::DeleteExpiredParts => {
            "DELETE FROM shelf_parts WHERE (user_id, name) IN
                 (SELECT user_id, name FROM shelf_files WHERE expires_at < $1)"
        }
        ShelfStmt::DeleteExpiredFiles => "DELETE FROM shelf_files WHERE expires_at < $1",
    }
}
