//! The list of counteragents. Kind 3 are relations, whose streams have the id of the other box.

use potok_store_sql::CounteragentStmt;

/// Boxes of the list with their last events, behind a key.
macro_rules! page {
    ($of:literal, $before:literal, $limit:literal) => {
        concat!(
            "SELECT c.counteragent, c.key, e.stored FROM counteragents c JOIN events e ON e.box_id = c.box_id AND e.id = c.event
             WHERE c.box_id = ?1",
            $of,
            " AND c.key < ",
            $before,
            " ORDER BY c.key DESC LIMIT ",
            $limit
        )
    };
}

macro_rules! count {
    ($of:literal, $limit:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1 FROM counteragents WHERE box_id = ?1",
            $of,
            " LIMIT ",
            $limit,
            ")"
        )
    };
}

pub(super) const fn text(stmt: CounteragentStmt) -> &'static str {
    match stmt {
        CounteragentStmt::Put => {
            "INSERT INTO counteragents (box_id, counteragent, key, event, status, group_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (box_id, counteragent) DO UPDATE SET
                 key = excluded.key, event = excluded.event, status = excluded.status, group_id = excluded.group_id"
        }
        CounteragentStmt::Delete => "DELETE FROM counteragents WHERE box_id = ?1 AND counteragent = ?2",
        CounteragentStmt::One => {
            "SELECT c.counteragent, c.key, e.stored FROM counteragents c JOIN events e ON e.box_id = c.box_id AND e.id = c.event
             WHERE c.box_id = ?1 AND c.counteragent = ?2"
        }
        CounteragentStmt::Page => page!("", "?2", "?3"),
        CounteragentStmt::PageOfStatus => page!(" AND c.status = ?2", "?3", "?4"),
        CounteragentStmt::PageOfGroup => page!(" AND c.group_id = ?2 AND c.status = 1", "?3", "?4"),
        CounteragentStmt::Count => count!("", "?2"),
        CounteragentStmt::CountOfStatus => count!(" AND status = ?2", "?3"),
        CounteragentStmt::CountOfGroup => count!(" AND group_id = ?2 AND status = 1", "?3"),

        CounteragentStmt::Relations => {
            "SELECT stream_id FROM events WHERE box_id = ?1 AND kind = 3 AND stream_id > ?2 AND revision = 1
             ORDER BY stream_id LIMIT ?3"
        }
        CounteragentStmt::LastEvent => {
            "SELECT id, key, stored FROM events WHERE box_id = ?1 AND kind = 3 AND stream_id = ?2
             ORDER BY revision DESC LIMIT 1"
        }
        CounteragentStmt::OddlyReady => {
            "SELECT id, event_id FROM events
             WHERE box_id = ?1 AND kind <> 1 AND kind IN (3, 4, 5, 6, 7) AND length(ready) > 0"
        }
        CounteragentStmt::Rows => {
            "SELECT counteragent, key, event, status, group_id FROM counteragents WHERE box_id = ?1 AND counteragent > ?2
             ORDER BY counteragent LIMIT ?3"
        }

        CounteragentStmt::PutTask => {
            "INSERT INTO tasks (id, user_id, box_id, started_at, outcome, counteragent, message_id, entity_id, reason,
                                power, code)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        }
        CounteragentStmt::Task => {
            "SELECT user_id, box_id, started_at, outcome, counteragent, message_id, entity_id, reason, power, code
             FROM tasks WHERE id = ?1"
        }
        CounteragentStmt::ForgetTasks => "DELETE FROM tasks WHERE started_at < ?1",
    }
}
