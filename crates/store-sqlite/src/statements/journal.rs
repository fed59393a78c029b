//! The journal. Kind 1 are messages: what else there is has no place in the feed.

use potok_store_sql::JournalStmt;

/// Events of a kind between two keys.
macro_rules! of_kind {
    ($order:literal) => {
        concat!(
            "SELECT key, stream_id, stored FROM events INDEXED BY events_by_kind
             WHERE box_id = ?1 AND kind <> 1 AND kind = ?2 AND key > ?3 AND key <= ?4 ",
            $order
        )
    };
}

pub(super) const fn text(stmt: JournalStmt) -> &'static str {
    match stmt {
        JournalStmt::InsertEvent => {
            "INSERT INTO events (box_id, kind, stream_id, revision, event_id, key, stored, ready)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        }
        JournalStmt::Revision => {
            "SELECT coalesce(
                 (SELECT revision FROM events WHERE box_id = ?1 AND kind = ?2 AND stream_id = ?3
                  ORDER BY revision DESC LIMIT 1),
                 (SELECT -1 FROM erased_events
                  WHERE box_id = ?1 AND kind = ?2 AND stream_id = ?3 AND revision = 1))"
        }
        JournalStmt::KeyOf => {
            "SELECT key FROM events
             WHERE box_id = ?1 AND kind = ?2 AND stream_id = ?3 AND revision = ?4 AND event_id = ?5"
        }
        JournalStmt::StreamIds => {
            "SELECT stream_id FROM events
             WHERE box_id = ?1 AND kind = ?2 AND stream_id > ?3 AND revision = 1 ORDER BY stream_id LIMIT ?4"
        }
        JournalStmt::Events => {
            "SELECT revision, CASE WHEN revision > ?4 THEN stored END FROM events
             WHERE box_id = ?1 AND kind = ?2 AND stream_id = ?3 AND revision BETWEEN max(?4, 1) AND ?5
             ORDER BY revision"
        }
        JournalStmt::OfKind => of_kind!("ORDER BY key LIMIT ?5"),
        JournalStmt::OfKindBackwards => of_kind!("ORDER BY key DESC LIMIT ?5"),
        JournalStmt::CountOfKind => {
            "SELECT count(*) FROM (
                 SELECT 1 FROM events
                 WHERE box_id = ?1 AND kind <> 1 AND kind = ?2 AND key > ?3 AND key <= ?4 LIMIT ?5)"
        }
        JournalStmt::LastKeyBesideFeed => {
            "SELECT key FROM events WHERE box_id = ?1 AND kind <> 1 ORDER BY key DESC LIMIT 1"
        }

        JournalStmt::Operation => {
            "SELECT kind, stream_id, event_id FROM operations WHERE box_id = ?1 AND method = ?2 AND id = ?3"
        }
        JournalStmt::InsertOperation => {
            "INSERT INTO operations (box_id, method, id, kind, stream_id, event_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        }
        JournalStmt::Content => "SELECT hash, bytes FROM small_contents WHERE box_id = ?1 AND hash = ?2",
        JournalStmt::InsertContent => {
            "INSERT OR IGNORE INTO small_contents (box_id, hash, bytes) VALUES (?1, ?2, ?3)"
        }
        JournalStmt::Referrers => {
            "SELECT id, referrer_message, referrer_entity FROM links
             WHERE box_id = ?1 AND base_message = ?2 AND base_entity = ?3"
        }
        JournalStmt::InsertLink => {
            "INSERT OR IGNORE INTO links (box_id, base_message, base_entity, referrer_message, referrer_entity)
             VALUES (?1, ?2, ?3, ?4, ?5)"
        }
    }
}
