//! Messages that are erased.

use potok_store_sql::ErasureStmt;

pub(super) const fn text(stmt: ErasureStmt) -> &'static str {
    match stmt {
        // The last event of a message is the one that has none behind it.
        ErasureStmt::Erasable => {
            "SELECT f.key, e.stream_id, e.revision,
                    EXISTS (SELECT 1 FROM outbox o WHERE o.box_id = $1 AND o.kind = 1 AND o.stream_id = e.stream_id)
             FROM feed f JOIN events e ON e.id = f.event AND e.box_id = f.box_id
             WHERE f.box_id = $1 AND f.key > $2 AND f.key < $3
                 AND NOT EXISTS (SELECT 1 FROM events l WHERE l.box_id = $1 AND l.kind = 1
                     AND l.stream_id = e.stream_id AND l.revision = e.revision + 1)
             ORDER BY f.key LIMIT $4"
        }
        ErasureStmt::EventsOf => {
            "SELECT revision, event_id, key, stored FROM events
             WHERE box_id = $1 AND kind = 1 AND stream_id = $2 ORDER BY revision"
        }
        ErasureStmt::EventsBehind => {
            "SELECT stream_id, revision, stored FROM events
             WHERE box_id = $1 AND kind = 1 AND (stream_id, revision) > ($2, $3)
             ORDER BY stream_id, revision LIMIT $4"
        }
        ErasureStmt::IsToBeDelivered => {
            "SELECT 1 FROM outbox WHERE box_id = $1 AND kind = $2 AND stream_id = $3 LIMIT 1"
        }
        ErasureStmt::Leave => {
            "INSERT INTO erased_events (box_id, key, kind, stream_id, revision, event_id, digest)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        }
        ErasureStmt::DeleteEvents => "DELETE FROM events WHERE box_id = $1 AND kind = 1 AND stream_id = $2",
        ErasureStmt::NoteContent => {
            "INSERT INTO erased_contents (box_id, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        }
        ErasureStmt::Contents => "SELECT hash FROM erased_contents WHERE box_id = $1 ORDER BY hash LIMIT $2",
        ErasureStmt::ForgetContent => "DELETE FROM erased_contents WHERE box_id = $1 AND hash = $2",
        ErasureStmt::DeleteSmallContent => "DELETE FROM small_contents WHERE box_id = $1 AND hash = $2",
        ErasureStmt::DeleteContentName => "DELETE FROM content_names WHERE box_id = $1 AND hash = $2",
        ErasureStmt::DeleteLinks => {
            "DELETE FROM links WHERE box_id = $1 AND (
                 EXISTS (SELECT 1 FROM erased_events x WHERE x.box_id = $1 AND x.kind = 1
                     AND x.stream_id = links.base_message AND x.revision = 1)
                 OR EXISTS (SELECT 1 FROM erased_events x WHERE x.box_id = $1 AND x.kind = 1
                     AND x.stream_id = links.referrer_message AND x.revision = 1))"
        }
        ErasureStmt::DeleteOperations => {
            "DELETE FROM operations WHERE box_id = $1 AND kind = 1
                 AND EXISTS (SELECT 1 FROM erased_events x WHERE x.box_id = $1 AND x.kind = 1
                     AND x.stream_id = operations.stream_id AND x.revision = 1)"
        }
        ErasureStmt::Behind => {
            "SELECT key, kind, stream_id, revision, event_id, digest FROM erased_events
             WHERE box_id = $1 AND key > $2 ORDER BY key LIMIT $3"
        }
        ErasureStmt::OfMessages => {
            "SELECT stream_id, revision, event_id, key, digest FROM erased_events
             WHERE box_id = $1 AND kind = 1 AND (stream_id, revision) > ($2, $3)
             ORDER BY stream_id, revision LIMIT $4"
        }
    }
}
