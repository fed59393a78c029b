//! Names of contents.

use potok_store_sql::ContentStmt;

pub(super) const fn text(stmt: ContentStmt) -> &'static str {
    match stmt {
        ContentStmt::Place => "SELECT event FROM content_names_place WHERE one = 1",
        ContentStmt::PutPlace => "INSERT OR REPLACE INTO content_names_place (one, event) VALUES (1, ?1)",
        ContentStmt::EventsAfter => {
            "SELECT id, box_id, stored FROM events WHERE id > ?1 AND +kind = 1 ORDER BY id LIMIT ?2"
        }
        ContentStmt::Note => {
            "INSERT OR IGNORE INTO content_names (hash)
             SELECT ?2 WHERE NOT EXISTS (SELECT 1 FROM small_contents WHERE box_id = ?1 AND hash = ?2)"
        }
        ContentStmt::IsInBox => "SELECT 1 FROM small_contents WHERE box_id = ?1 AND hash = ?2",
        ContentStmt::LastEvent => "SELECT id FROM events WHERE id > 0 AND +kind = 1 ORDER BY id DESC LIMIT 1",
        ContentStmt::HoldPlace => {
            "UPDATE content_names_place SET event = min(event, coalesce(
                 (SELECT id FROM events WHERE id > 0 AND +kind = 1 ORDER BY id DESC LIMIT 1), 0))
             WHERE one = 1"
        }
        ContentStmt::IsNoted => "SELECT 1 FROM content_names WHERE hash = ?1",
        ContentStmt::IsOnShelf => "SELECT 1 FROM shelf_parts WHERE hash = ?1 LIMIT 1",
    }
}
