//! Read models made again.

use potok_store_sql::RebuildStmt;

pub(super) const fn text(stmt: RebuildStmt) -> &'static str {
    match stmt {
        RebuildStmt::NextBox => "SELECT box_id FROM events WHERE box_id > ?1 ORDER BY box_id LIMIT 1",
        RebuildStmt::Messages => {
            "SELECT stream_id FROM events
             WHERE box_id = ?1 AND kind = 1 AND stream_id > ?2 AND revision = 1 ORDER BY stream_id LIMIT ?3"
        }
        RebuildStmt::CountMessages => "SELECT count(*) FROM events WHERE kind = 1 AND revision = 1",
        RebuildStmt::Events => {
            "SELECT e.id, e.event_id, e.ready, f.event, f.at, f.message_type, f.profile
             FROM events e LEFT JOIN feed f ON f.box_id = e.box_id AND f.key = e.key
             WHERE e.box_id = ?1 AND e.kind = 1 AND e.stream_id = ?2 ORDER BY e.revision"
        }
        RebuildStmt::EventRow => {
            "SELECT id, key FROM events WHERE box_id = ?1 AND kind = 1 AND stream_id = ?2 AND revision = 1
             UNION ALL
             SELECT id, key FROM events WHERE box_id = ?1 AND event_id = ?2 AND revision > 1 AND kind = 1"
        }
        RebuildStmt::ReplaceReady => "UPDATE events SET ready = ?3 WHERE box_id = ?1 AND id = ?2",

        RebuildStmt::FeedProfile => {
            "SELECT p.message_type, d.type_named_id, d.direction, d.counteragent, d.department
             FROM profiles p LEFT JOIN profile_documents d ON d.box_id = p.box_id AND d.profile = p.profile
             WHERE p.box_id = ?1 AND p.profile = ?2 ORDER BY d.number"
        }
        RebuildStmt::ReplaceFeedProfile => {
            "UPDATE profiles SET message_type = ?3 WHERE box_id = ?1 AND profile = ?2"
        }
        RebuildStmt::DeleteFeedProfileDocuments => {
            "DELETE FROM profile_documents WHERE box_id = ?1 AND profile = ?2"
        }
        RebuildStmt::FeedRows => {
            "SELECT f.key, f.at, f.message_type, f.profile, f.seq, f.letters, f.drafts, f.nth, f.max_lead, f.max_lag, e.key
             FROM feed f LEFT JOIN events e ON e.box_id = f.box_id AND e.id = f.event AND e.kind = 1
             WHERE f.box_id = ?1 AND f.key > ?2 ORDER BY f.key LIMIT ?3"
        }
        RebuildStmt::ReplaceTotals => {
            "UPDATE feed SET seq = ?3, letters = ?4, drafts = ?5, nth = ?6, max_lead = ?7, max_lag = ?8
             WHERE box_id = ?1 AND key = ?2"
        }
        RebuildStmt::DeleteFeedRow => "DELETE FROM feed WHERE box_id = ?1 AND key = ?2",

        RebuildStmt::Documents => {
            "SELECT d.id, d.entity_id, d.profile, d.created_at, d.listed_at, d.date, d.counteragent, d.number, d.file_name,
                    d.total_sum, d.custom_id, d.packet, d.packet_since, d.digest, d.words_digest, w.tokens
             FROM documents d LEFT JOIN document_words w ON w.box_id = d.box_id AND w.id = d.id
             WHERE d.box_id = ?1 AND d.message_id = ?2 ORDER BY d.entity_id"
        }
        RebuildStmt::DocumentProfile => {
            "SELECT profile, statuses, type_named_id, message_type, direction, has_proxy, is_deleted, is_sent, department,
                    from_department, to_department
             FROM document_profiles WHERE box_id = ?1 AND profile = ?2"
        }
        RebuildStmt::ReplaceDocumentProfile => {
            "UPDATE document_profiles SET statuses = ?3, type_named_id = ?4, message_type = ?5, direction = ?6,
                 has_proxy = ?7, is_deleted = ?8, is_sent = ?9, department = ?10, from_department = ?11,
                 to_department = ?12
             WHERE box_id = ?1 AND profile = ?2"
        }
        RebuildStmt::Tags => {
            "SELECT key, value, created_at FROM document_tags WHERE box_id = ?1 AND document = ?2"
        }
        RebuildStmt::DeleteDocument => "DELETE FROM documents WHERE box_id = ?1 AND id = ?2",
        RebuildStmt::HasLink => {
            "SELECT 1 FROM links WHERE box_id = ?1 AND base_message = ?2 AND base_entity = ?3
                 AND referrer_message = ?4 AND referrer_entity = ?5"
        }

        RebuildStmt::Place => "SELECT box_id, message_id, messages, differences FROM rebuild_place",
        RebuildStmt::PutPlace => {
            "INSERT INTO rebuild_place (box_id, message_id, messages, differences) VALUES (?1, ?2, ?3, ?4)"
        }
        RebuildStmt::DeletePlace => "DELETE FROM rebuild_place",
    }
}
