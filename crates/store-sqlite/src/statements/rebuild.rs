//! Read models made again.

use potok_store_sql::RebuildStmt;

/// The first box behind one in a table. What is no id of a box is nobody's.
macro_rules! next_box {
    ($table:literal) => {
        concat!("SELECT min(box_id) AS box_id FROM ", $table, " WHERE box_id > ?1 AND length(box_id) = 16")
    };
}

pub(super) const fn text(stmt: RebuildStmt) -> &'static str {
    match stmt {
        RebuildStmt::NextBox => concat!(
            "SELECT min(box_id) FROM (",
            next_box!("events"),
            " UNION ALL ",
            next_box!("feed"),
            " UNION ALL ",
            next_box!("profiles"),
            " UNION ALL ",
            next_box!("profile_documents"),
            " UNION ALL ",
            next_box!("documents"),
            " UNION ALL ",
            next_box!("document_profiles"),
            " UNION ALL ",
            next_box!("document_tokens"),
            " UNION ALL ",
            next_box!("document_tags"),
            " UNION ALL ",
            next_box!("asked"),
            " UNION ALL ",
            next_box!("profile_asked"),
            " UNION ALL ",
            next_box!("links"),
            " UNION ALL ",
            next_box!("counteragents"),
            ")"
        ),
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
            "SELECT p.message_type, d.number, d.type_named_id, d.direction, d.counteragent, d.department
             FROM profiles p LEFT JOIN profile_documents d ON d.box_id = p.box_id AND d.profile = p.profile
             WHERE p.box_id = ?1 AND p.profile = ?2 ORDER BY d.number"
        }
        RebuildStmt::FeedProfileAsked => {
            "SELECT number, kind, addressee FROM profile_asked
             WHERE box_id = ?1 AND profile = ?2 ORDER BY number, kind, addressee"
        }
        RebuildStmt::ReplaceFeedProfile => {
            "UPDATE profiles SET message_type = ?3 WHERE box_id = ?1 AND profile = ?2"
        }
        RebuildStmt::DeleteFeedProfileDocuments => {
            "DELETE FROM profile_documents WHERE box_id = ?1 AND profile = ?2"
        }
        RebuildStmt::DeleteFeedProfileAsked => "DELETE FROM profile_asked WHERE box_id = ?1 AND profile = ?2",
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
        RebuildStmt::AskedOf => {
            "SELECT kind, addressee, profile, listed_at, entity_id, date FROM asked INDEXED BY asked_by_document
             WHERE box_id = ?1 AND document = ?2 ORDER BY kind, addressee"
        }
        RebuildStmt::DeleteDocument => "DELETE FROM documents WHERE box_id = ?1 AND id = ?2",
        RebuildStmt::HasLink => {
            "SELECT 1 FROM links WHERE box_id = ?1 AND base_message = ?2 AND base_entity = ?3
                 AND referrer_message = ?4 AND referrer_entity = ?5"
        }

        RebuildStmt::HasEvents => "SELECT 1 FROM events WHERE box_id = ?1 LIMIT 1",
        RebuildStmt::DocumentsBehind => {
            "SELECT d.message_id, d.entity_id, d.id, e.revision
             FROM documents d LEFT JOIN events e
                 ON e.box_id = d.box_id AND e.kind = 1 AND e.stream_id = d.message_id AND e.revision = 1
             WHERE d.box_id = ?1 AND (d.message_id, d.entity_id) > (?2, ?3)
             ORDER BY d.message_id, d.entity_id LIMIT ?4"
        }
        RebuildStmt::TokensBehind => {
            "SELECT t.token, t.scope, t.created_at, t.document, d.created_at, p.direction, p.is_deleted, w.tokens
             FROM document_tokens t
             LEFT JOIN documents d ON d.box_id = t.box_id AND d.id = t.document
             LEFT JOIN document_profiles p ON p.box_id = d.box_id AND p.profile = d.profile
             LEFT JOIN document_words w ON w.box_id = d.box_id AND w.id = d.id
             WHERE t.box_id = ?1 AND (t.token, t.scope, t.created_at, t.document) > (?2, ?3, ?4, ?5)
             ORDER BY t.token, t.scope, t.created_at, t.document LIMIT ?6"
        }
        RebuildStmt::TagsBehind => {
            "SELECT t.key, t.value, t.created_at, t.document, d.id
             FROM document_tags t LEFT JOIN documents d ON d.box_id = t.box_id AND d.id = t.document
             WHERE t.box_id = ?1 AND (t.key, t.value, t.created_at, t.document) > (?2, ?3, ?4, ?5)
             ORDER BY t.key, t.value, t.created_at, t.document LIMIT ?6"
        }
        RebuildStmt::AskedBehind => {
            "SELECT a.kind, a.addressee, a.profile, a.listed_at, a.entity_id, a.document, d.id
             FROM asked a LEFT JOIN documents d ON d.box_id = a.box_id AND d.id = a.document
             WHERE a.box_id = ?1
                 AND (a.kind, a.addressee, a.profile, a.listed_at, a.entity_id, a.document) > (?2, ?3, ?4, ?5, ?6, ?7)
             ORDER BY a.kind, a.addressee, a.profile, a.listed_at, a.entity_id, a.document LIMIT ?8"
        }
        RebuildStmt::WordsBehind => {
            "SELECT w.id, w.box_id, d.id
             FROM document_words w LEFT JOIN documents d ON d.box_id = w.box_id AND d.id = w.id
             WHERE (w.id, w.box_id) > (?1, ?2) ORDER BY w.id LIMIT ?3"
        }
        RebuildStmt::LinksBehind => {
            "SELECT base_message, base_entity, referrer_message, referrer_entity FROM links
             WHERE box_id = ?1 AND (base_message, base_entity, referrer_message, referrer_entity) > (?2, ?3, ?4, ?5)
             ORDER BY base_message, base_entity, referrer_message, referrer_entity LIMIT ?6"
        }
        RebuildStmt::UnusedFeedProfiles => {
            "SELECT p.profile FROM profiles p WHERE p.box_id = ?1
                 AND NOT EXISTS (SELECT 1 FROM feed f WHERE f.box_id = p.box_id AND f.profile = p.profile)"
        }
        RebuildStmt::FeedProfilesOfDocumentsOnly => {
            "SELECT d.profile FROM profile_documents d WHERE d.box_id = ?1
                 AND NOT EXISTS (SELECT 1 FROM profiles p WHERE p.box_id = d.box_id AND p.profile = d.profile)
             UNION ALL
             SELECT a.profile FROM profile_asked a WHERE a.box_id = ?1
                 AND NOT EXISTS (SELECT 1 FROM profiles p WHERE p.box_id = a.box_id AND p.profile = a.profile)"
        }
        RebuildStmt::DocumentProfiles => {
            "SELECT profile, statuses, type_named_id, message_type, direction, has_proxy, is_deleted, is_sent, department,
                    from_department, to_department, digest
             FROM document_profiles WHERE box_id = ?1 ORDER BY profile"
        }
        RebuildStmt::DeleteStrayDocument => {
            "DELETE FROM documents WHERE box_id = ?1 AND id = ?2
                 AND NOT EXISTS (SELECT 1 FROM events e WHERE e.box_id = ?1 AND e.kind = 1
                     AND e.stream_id = documents.message_id AND e.revision = 1)"
        }
        RebuildStmt::DeleteStrayWords => "DELETE FROM document_words WHERE id = ?1 AND box_id = ?2",
        RebuildStmt::DeleteStrayTag => {
            "DELETE FROM document_tags
             WHERE box_id = ?1 AND key = ?2 AND value = ?3 AND created_at = ?4 AND document = ?5"
        }
        RebuildStmt::DeleteStrayAsked => {
            "DELETE FROM asked
             WHERE box_id = ?1 AND kind = ?2 AND addressee = ?3 AND profile = ?4 AND listed_at = ?5 AND entity_id = ?6
                 AND document = ?7"
        }
        RebuildStmt::DeleteStrayFeedProfile => {
            "DELETE FROM profiles WHERE box_id = ?1 AND profile = ?2
                 AND NOT EXISTS (SELECT 1 FROM feed f WHERE f.box_id = ?1 AND f.profile = ?2)"
        }
        RebuildStmt::DeleteStrayFeedProfileDocuments => {
            "DELETE FROM profile_documents WHERE box_id = ?1 AND profile = ?2
                 AND NOT EXISTS (SELECT 1 FROM profiles p WHERE p.box_id = ?1 AND p.profile = ?2)"
        }
        RebuildStmt::DeleteStrayFeedProfileAsked => {
            "DELETE FROM profile_asked WHERE box_id = ?1 AND profile = ?2
                 AND NOT EXISTS (SELECT 1 FROM profiles p WHERE p.box_id = ?1 AND p.profile = ?2)"
        }
        RebuildStmt::DeleteStrayDocumentProfile => {
            "DELETE FROM document_profiles WHERE box_id = ?1 AND profile = ?2
                 AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.box_id = ?1 AND d.profile = ?2)"
        }
        RebuildStmt::DeleteLink => {
            "DELETE FROM links WHERE box_id = ?1 AND base_message = ?2 AND base_entity = ?3
                 AND referrer_message = ?4 AND referrer_entity = ?5"
        }

        RebuildStmt::StreamGaps => {
            "SELECT kind, stream_id, count(*), max(revision) FROM events WHERE box_id = ?1
             GROUP BY kind, stream_id HAVING count(*) <> max(revision)"
        }
        RebuildStmt::FeedGaps => {
            // Totals count what was erased until its act is ended.
            "SELECT key FROM (
                 SELECT key, seq - lag(seq, 1, 0) OVER (ORDER BY key) AS step,
                        lag(key, 1, 0) OVER (ORDER BY key) AS before
                 FROM feed WHERE box_id = ?1) AS steps
             WHERE step <> 1 AND (step < 1 OR step > 1 + (
                 SELECT count(*) FROM erased_events x
                 WHERE x.box_id = ?1 AND x.kind = 1 AND x.key > steps.before AND x.key < steps.key))
             ORDER BY key LIMIT ?2"
        }
        RebuildStmt::NotInFeed => {
            "SELECT event_id FROM events e
             WHERE e.box_id = ?1 AND e.kind = 1
                 AND NOT EXISTS (SELECT 1 FROM feed f WHERE f.box_id = ?1 AND f.key = e.key AND f.event = e.id)
             LIMIT ?2"
        }
        RebuildStmt::EventsBehind => {
            "SELECT e.key, e.kind, e.stream_id, e.revision, e.event_id, e.stored
             FROM (
                 SELECT id FROM (
                     SELECT event AS id FROM feed WHERE box_id = ?1 AND key > ?2 ORDER BY key LIMIT ?3) AS of_messages
                 UNION ALL
                 SELECT id FROM (
                     SELECT id FROM events WHERE box_id = ?1 AND kind <> 1 AND key > ?2 ORDER BY key LIMIT ?3) AS of_others
             ) AS places JOIN events e ON e.box_id = ?1 AND e.id = places.id
             ORDER BY e.key LIMIT ?3"
        }
        RebuildStmt::SmallContents => {
            "SELECT hash, bytes FROM small_contents WHERE box_id = ?1 AND hash > ?2 ORDER BY hash LIMIT ?3"
        }
        RebuildStmt::Place => "SELECT box_id, message_id, messages, differences FROM rebuild_place",
        RebuildStmt::PutPlace => {
            "INSERT INTO rebuild_place (box_id, message_id, messages, differences) VALUES (?1, ?2, ?3, ?4)"
        }
        RebuildStmt::DeletePlace => "DELETE FROM rebuild_place",
    }
}
