//! Names of contents. What is noted of a box stands in its head, whose number counts all rows of the box.

use potok_store_sql::ContentStmt;

pub(super) const fn text(stmt: ContentStmt) -> &'static str {
    match stmt {
        ContentStmt::Unnoted => {
            "SELECT e.id, e.box_id, e.stored
             FROM boxes b JOIN events e ON e.box_id = b.box_id AND e.id > b.noted AND e.kind = 1
             WHERE b.noted < b.rows ORDER BY e.box_id, e.id LIMIT $1"
        }
        ContentStmt::Noted => {
            "SELECT e.id, e.box_id, e.stored
             FROM events e JOIN boxes b ON b.box_id = e.box_id AND e.id <= b.noted
             WHERE (e.box_id, e.id) > ($1, $2) AND e.kind = 1 ORDER BY e.box_id, e.id LIMIT $3"
        }
        ContentStmt::PutPlace => "UPDATE boxes SET noted = greatest(noted, $2) WHERE box_id = $1",
        ContentStmt::IsAhead => "SELECT 1 FROM boxes WHERE noted > rows LIMIT 1",
        ContentStmt::HoldPlace => "UPDATE boxes SET noted = rows WHERE noted > rows",
        ContentStmt::Note => {
            "INSERT INTO content_names (box_id, hash)
             SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM small_contents WHERE box_id = $1 AND hash = $2)
             ON CONFLICT DO NOTHING"
        }
        ContentStmt::IsInBox => "SELECT 1 FROM small_contents WHERE box_id = $1 AND hash = $2",
        ContentStmt::IsNoted => "SELECT 1 FROM content_names WHERE hash = $1 LIMIT 1",
        ContentStmt::IsNotedOfBox => "SELECT 1 FROM content_names WHERE box_id = $1 AND hash = $2",
        ContentStmt::IsOnShelf => "SELECT 1 FROM shelf_parts WHERE hash = $1 LIMIT 1",
    }
}
