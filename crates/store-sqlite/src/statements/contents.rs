//! Names of contents.

use potok_store_sql::ContentStmt;

pub(super) const fn text(stmt: ContentStmt) -> &'static str {
    match stmt {
        // One place for all boxes: their events are numbered together, in the order in which they were written.
        ContentStmt::Unnoted => {
            "SELECT id, box_id, stored FROM events
             WHERE id > coalesce((SELECT event FROM content_names_place WHERE one = 1), 0) AND +kind = 1
             ORDER BY id LIMIT ?1"
        }
        ContentStmt::Noted => {
            "SELECT id, box_id, stored FROM events
             WHERE id > ?2 AND id <= (SELECT event FROM content_names_place WHERE one = 1) AND +kind = 1
             ORDER BY id LIMIT ?3"
        }
        ContentStmt::PutPlace => {
            "INSERT INTO content_names_place (one, event) VALUES (1, ?2)
             ON CONFLICT (one) DO UPDATE SET event = max(event, excluded.event)"
        }
        // Where the last messages were erased, the act that says so is behind them.
        ContentStmt::IsAhead => {
            "SELECT 1 FROM content_names_place WHERE one = 1 AND event > coalesce(
                 (SELECT id FROM events WHERE id > 0 AND +kind IN (1, 8) ORDER BY id DESC LIMIT 1), 0)"
        }
        ContentStmt::Note => {
            "INSERT OR IGNORE INTO content_names (box_id, hash)
             SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM small_contents WHERE box_id = ?1 AND hash = ?2)"
        }
        ContentStmt::IsInBox => "SELECT 1 FROM small_contents WHERE box_id = ?1 AND hash = ?2",
        ContentStmt::HoldPlace => {
            "UPDATE content_names_place SET event = min(event, coalesce(
                 (SELECT id FROM events WHERE id > 0 AND +kind IN (1, 8) ORDER BY id DESC LIMIT 1), 0))
             WHERE one = 1"
        }
        ContentStmt::IsNoted => "SELECT 1 FROM content_names WHERE hash = ?1 LIMIT 1",
        ContentStmt::IsNotedOfBox => "SELECT 1 FROM content_names WHERE box_id = ?1 AND hash = ?2",
        ContentStmt::IsOnShelf => "SELECT 1 FROM shelf_parts WHERE hash = ?1 LIMIT 1",
    }
}
