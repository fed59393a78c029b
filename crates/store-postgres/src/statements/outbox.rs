//! Deliveries.

use potok_store_sql::OutboxStmt;

pub(super) const fn text(stmt: OutboxStmt) -> &'static str {
    match stmt {
        OutboxStmt::Plan => {
            "INSERT INTO outbox (box_id, kind, stream_id, event_id, revision, to_box, due_at, attempt, id)
             SELECT $1, $2, $3, $4, $5, $6,
                    CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE box_id = $1 AND kind = $2 AND stream_id = $3)
                         THEN $7::bigint ELSE $8::bigint END,
                    0, $9
             FROM boxes WHERE box_id = $1"
        }
        OutboxStmt::IsHeld => {
            "SELECT 1 FROM outbox WHERE box_id = $1 AND id = $2 AND attempt = $3 AND worker IS NOT NULL"
        }
        OutboxStmt::Settle => "DELETE FROM outbox WHERE box_id = $1 AND id = $2 RETURNING kind, stream_id",
        OutboxStmt::FreeNext => {
            "UPDATE outbox SET due_at = $4
             WHERE box_id = $1 AND due_at = $5 AND id =
                 (SELECT id FROM outbox WHERE box_id = $1 AND kind = $2 AND stream_id = $3 ORDER BY id LIMIT 1)"
        }
        OutboxStmt::GiveBack => {
            "UPDATE outbox SET due_at = $4, worker = NULL, last_error = $5
             WHERE box_id = $1 AND id = $2 AND attempt = $3 AND worker IS NOT NULL"
        }
        OutboxStmt::Renew => {
            "UPDATE outbox SET due_at = $4 WHERE box_id = $1 AND id = $2 AND attempt = $3 AND worker IS NOT NULL"
        }
        OutboxStmt::FreeAll => "UPDATE outbox SET due_at = $1, worker = NULL WHERE worker IS NOT NULL",
        OutboxStmt::Pending => "SELECT count(*) FROM outbox",
    }
}
