//! Rows of documents.

use potok_store_sql::DocumentStmt;

/// Documents of one profile, with whomever or with one counteragent, in one of two orders and two directions. Both ends
/// are bounds of the index.
macro_rules! ordered {
    ($index:literal, $with:literal, $place:literal, $end:literal, $order:literal) => {
        concat!(
            "SELECT id, date, listed_at, entity_id, counteragent FROM documents INDEXED BY ",
            $index,
            " WHERE box_id = ?1 AND profile = ?2",
            $with,
            " AND ",
            $place,
            " AND ",
            $end,
            " ORDER BY ",
            $order,
            " LIMIT ?6"
        )
    };
}

macro_rules! by_time {
    ($index:literal, $with:literal, ascending) => {
        ordered!(
            $index,
            $with,
            "(listed_at, entity_id) > (?3, ?4)",
            "listed_at <= ?5",
            "listed_at, entity_id"
        )
    };
    ($index:literal, $with:literal, descending) => {
        ordered!(
            $index,
            $with,
            "(listed_at, entity_id) < (?3, ?4)",
            "listed_at >= ?5",
            "listed_at DESC, entity_id DESC"
        )
    };
}

macro_rules! by_date {
    ($index:literal, $with:literal, ascending) => {
        ordered!(
            $index,
            $with,
            "date <> 0 AND (date, listed_at, entity_id) > (?7, ?3, ?4)",
            "date <= ?5",
            "date, listed_at, entity_id"
        )
    };
    ($index:literal, $with:literal, descending) => {
        ordered!(
            $index,
            $with,
            "date <> 0 AND (date, listed_at, entity_id) < (?7, ?3, ?4)",
            "date >= ?5",
            "date DESC, listed_at DESC, entity_id DESC"
        )
    };
}

/// As [`ordered`], of documents about which somebody was asked.
macro_rules! asked {
    ($index:literal, $who:literal, $place:literal, $end:literal, $order:literal) => {
        concat!(
            "SELECT a.document, a.date, a.listed_at, a.entity_id, d.counteragent FROM asked a",
            $index,
            " CROSS JOIN documents d ON d.id = a.document AND d.box_id = ?1
             WHERE a.box_id = ?1 AND a.profile = ?2 AND ",
            $who,
            " AND ",
            $place,
            " AND ",
            $end,
            " ORDER BY ",
            $order,
            " LIMIT ?6"
        )
    };
}

macro_rules! count_asked {
    ($index:literal, $bounds:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1 FROM asked a",
            $index,
            " WHERE a.box_id = ?1 AND a.kind = ?6 AND a.addressee = ?7 AND a.profile IN (SELECT value FROM json_each(?2)) AND ",
            $bounds,
            " BETWEEN ?3 AND ?4 AND NOT EXISTS (
                 SELECT 1 FROM asked o WHERE o.box_id = ?1 AND o.document = a.document AND o.kind = ?8 AND o.addressee = ?9)
             LIMIT ?5)"
        )
    };
}

macro_rules! count {
    ($index:literal, $bounds:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1 FROM documents INDEXED BY ",
            $index,
            " WHERE box_id = ?1 AND profile IN (SELECT value FROM json_each(?2)) AND ",
            $bounds,
            " BETWEEN ?3 AND ?4 LIMIT ?5)"
        )
    };
}

/// The runs in no order that a list could use.
macro_rules! unordered {
    ($rest:literal) => {
        concat!("SELECT d.id, d.listed_at, d.entity_id, d.date, d.profile, d.counteragent, ", $rest)
    };
}

/// Whether words that are noted together have one.
macro_rules! has_token {
    () => {
        "instr(?2, ' ') = 0 AND instr(tokens, ' ' || ?2 || ' ') > 0"
    };
}

/// Documents with a word that stands there.
macro_rules! with_token {
    ($table:literal, $($has:tt)+) => {
        concat!(
            "SELECT t.document AS document, d.listed_at, d.entity_id, d.date, d.profile, d.counteragent,
                 t.created_at AS created_at
             FROM ",
            $table,
            " t CROSS JOIN documents d ON d.id = t.document AND d.box_id = ?1
             WHERE t.box_id = ?1 AND t.scope = ?3 AND (t.created_at, t.document) > (?4, ?5) AND ",
            $($has)+
        )
    };
}

pub(super) const fn text(stmt: DocumentStmt) -> &'static str {
    match stmt {
        DocumentStmt::ByTime => by_time!("documents_by_profile", "", ascending),
        DocumentStmt::ByTimeDescending => by_time!("documents_by_profile", "", descending),
        DocumentStmt::ByDate => by_date!("documents_by_date", "", ascending),
        DocumentStmt::ByDateDescending => by_date!("documents_by_date", "", descending),
        DocumentStmt::WithByTime => {
            by_time!("documents_by_counteragent", " AND counteragent = ?7", ascending)
        }
        DocumentStmt::WithByTimeDescending => {
            by_time!("documents_by_counteragent", " AND counteragent = ?7", descending)
        }
        DocumentStmt::WithByDate => {
            by_date!("documents_by_counteragent_and_date", " AND counteragent = ?8", ascending)
        }
        DocumentStmt::WithByDateDescending => {
            by_date!("documents_by_counteragent_and_date", " AND counteragent = ?8", descending)
        }
        DocumentStmt::CountByTime => count!("documents_by_profile", "listed_at"),
        DocumentStmt::CountByDate => count!("documents_by_date", "date <> 0 AND date"),
        DocumentStmt::CountWithByTime => {
            count!("documents_by_counteragent", "counteragent = ?6 AND listed_at")
        }
        DocumentStmt::CountWithByDate => {
            count!("documents_by_counteragent_and_date", "counteragent = ?6 AND date <> 0 AND date")
        }
        // From each profile to the next, so that no document is looked at twice.
        DocumentStmt::ProfilesWith => {
            "WITH RECURSIVE known (profile) AS (
                 SELECT min(profile) FROM documents INDEXED BY documents_by_counteragent
                 WHERE box_id = ?1 AND counteragent = ?2
                 UNION ALL
                 SELECT (SELECT min(d.profile) FROM documents d INDEXED BY documents_by_counteragent
                         WHERE d.box_id = ?1 AND d.counteragent = ?2 AND d.profile > known.profile)
                 FROM known WHERE known.profile IS NOT NULL)
             SELECT profile FROM known WHERE profile IS NOT NULL"
        }
        DocumentStmt::AskedByTime => asked!(
            "",
            "a.kind = ?7 AND a.addressee = ?8",
            "(a.listed_at, a.entity_id) > (?3, ?4)",
            "a.listed_at <= ?5",
            "a.listed_at, a.entity_id"
        ),
        DocumentStmt::AskedByTimeDescending => asked!(
            "",
            "a.kind = ?7 AND a.addressee = ?8",
            "(a.listed_at, a.entity_id) < (?3, ?4)",
            "a.listed_at >= ?5",
            "a.listed_at DESC, a.entity_id DESC"
        ),
        DocumentStmt::AskedByDate => asked!(
            " INDEXED BY asked_by_date",
            "a.kind = ?8 AND a.addressee = ?9",
            "a.date <> 0 AND (a.date, a.listed_at, a.entity_id) > (?7, ?3, ?4)",
            "a.date <= ?5",
            "a.date, a.listed_at, a.entity_id"
        ),
        DocumentStmt::AskedByDateDescending => asked!(
            " INDEXED BY asked_by_date",
            "a.kind = ?8 AND a.addressee = ?9",
            "a.date <> 0 AND (a.date, a.listed_at, a.entity_id) < (?7, ?3, ?4)",
            "a.date >= ?5",
            "a.date DESC, a.listed_at DESC, a.entity_id DESC"
        ),
        DocumentStmt::CountAskedByTime => count_asked!("", "a.listed_at"),
        DocumentStmt::CountAskedByDate => count_asked!(" INDEXED BY asked_by_date", "a.date <> 0 AND a.date"),
        DocumentStmt::ProfilesAsked => {
            "WITH RECURSIVE known (profile) AS (
                 SELECT min(profile) FROM asked WHERE box_id = ?1 AND kind = ?2 AND addressee = ?3
                 UNION ALL
                 SELECT (SELECT min(a.profile) FROM asked a
                         WHERE a.box_id = ?1 AND a.kind = ?2 AND a.addressee = ?3 AND a.profile > known.profile)
                 FROM known WHERE known.profile IS NOT NULL)
             SELECT profile FROM known WHERE profile IS NOT NULL"
        }
        DocumentStmt::WithToken => concat!(
            with_token!("document_tokens", "t.token = ?2"),
            " UNION ALL ",
            with_token!("fresh_words", has_token!()),
            " ORDER BY created_at, document LIMIT ?6"
        ),
        DocumentStmt::WithSum => unordered!(
            "d.total_sum
             FROM documents d INDEXED BY documents_by_sum
             WHERE box_id = ?1 AND total_sum <= ?2 AND (total_sum, id) > (?3, ?4) ORDER BY total_sum, id LIMIT ?5"
        ),
        DocumentStmt::WithTag => unordered!(
            "t.created_at, t.value
             FROM document_tags t CROSS JOIN documents d ON d.id = t.document AND d.box_id = ?1
             WHERE t.box_id = ?1 AND t.key = ?2 AND t.value = ?3 AND (t.created_at, t.document) > (?4, ?5)
             ORDER BY t.created_at, t.document LIMIT ?6"
        ),
        DocumentStmt::WithTagOfAnyValue => unordered!(
            "t.created_at, t.value
             FROM document_tags t CROSS JOIN documents d ON d.id = t.document AND d.box_id = ?1
             WHERE t.box_id = ?1 AND t.key = ?2 AND (t.value, t.created_at, t.document) > (?3, ?4, ?5)
             ORDER BY t.value, t.created_at, t.document LIMIT ?6"
        ),
        DocumentStmt::NewestWithToken => {
            concat!(
                "SELECT created_at, document FROM document_tokens
                 WHERE box_id = ?1 AND token = ?2 AND scope = ?3 AND (created_at, document) < (?4, ?5)
                 UNION ALL
                 SELECT created_at, document FROM fresh_words
                 WHERE box_id = ?1 AND scope = ?3 AND (created_at, document) < (?4, ?5) AND ",
                has_token!(),
                " ORDER BY created_at DESC, document DESC LIMIT ?6"
            )
        }
        DocumentStmt::NewestWithTag => {
            "SELECT created_at, document FROM document_tags
             WHERE box_id = ?1 AND key = ?2 AND value = ?3 AND (created_at, document) < (?4, ?5)
             ORDER BY created_at DESC, document DESC LIMIT ?6"
        }
        DocumentStmt::AnyWithTag => {
            "SELECT created_at, document, value FROM document_tags
             WHERE box_id = ?1 AND key = ?2 AND (value, created_at, document) > (?3, ?4, ?5)
             ORDER BY value, created_at, document LIMIT ?6"
        }
        DocumentStmt::LatestOfProfile => {
            "SELECT created_at, id, listed_at, entity_id FROM documents INDEXED BY documents_by_profile
             WHERE box_id = ?1 AND profile = ?2 AND (listed_at, entity_id) < (?3, ?4)
             ORDER BY listed_at DESC, entity_id DESC LIMIT ?5"
        }
        DocumentStmt::LatestAsked => {
            "SELECT d.created_at, a.document, a.listed_at, a.entity_id FROM asked a CROSS JOIN documents d ON d.id = a.document AND d.box_id = ?1
             WHERE a.box_id = ?1 AND a.profile = ?2 AND a.kind = ?6 AND a.addressee = ?7
                 AND (a.listed_at, a.entity_id) < (?3, ?4)
             ORDER BY a.listed_at DESC, a.entity_id DESC LIMIT ?5"
        }
        DocumentStmt::Names => "SELECT message_id, entity_id FROM documents WHERE box_id = ?1 AND id = ?2",
        DocumentStmt::Details => {
            "SELECT number, file_name, total_sum FROM documents WHERE box_id = ?1 AND id = ?2"
        }
        DocumentStmt::ProfileOf => "SELECT profile FROM documents WHERE box_id = ?1 AND id = ?2",
        DocumentStmt::HasTag => {
            "SELECT 1 FROM document_tags INDEXED BY document_tags_by_document
             WHERE box_id = ?1 AND document = ?2 AND key = ?3 AND (?4 IS NULL OR value = ?4)"
        }
        DocumentStmt::IsAsked => {
            "SELECT 1 FROM asked INDEXED BY asked_by_document
             WHERE box_id = ?1 AND document = ?2 AND kind = ?3 AND addressee = ?4 LIMIT 1"
        }
        DocumentStmt::HasToken => {
            concat!(
                "SELECT 1 FROM document_tokens
                 WHERE box_id = ?1 AND token = ?2 AND scope = ?3 AND created_at = ?4 AND document = ?5
                 UNION ALL
                 SELECT 1 FROM fresh_words
                 WHERE box_id = ?1 AND scope = ?3 AND created_at = ?4 AND document = ?5 AND ",
                has_token!(),
                " LIMIT 1"
            )
        }
        DocumentStmt::ByCustomId => {
            "SELECT message_id, entity_id FROM documents INDEXED BY documents_by_custom_id
             WHERE box_id = ?1 AND custom_id = ?2 ORDER BY created_at, message_id, entity_id LIMIT ?3"
        }
        DocumentStmt::OfPacket => {
            "SELECT packet_since, message_id, entity_id, profile, id FROM documents INDEXED BY documents_by_packet
             WHERE box_id = ?1 AND packet = ?2 AND (packet_since, message_id, entity_id) > (?3, ?4, ?5)
             ORDER BY packet_since, message_id, entity_id LIMIT ?6"
        }
        DocumentStmt::Profiles => {
            "SELECT profile, statuses, type_named_id, message_type, direction, has_proxy, is_deleted, is_sent, department,
                    from_department, to_department
             FROM document_profiles WHERE box_id = ?1 ORDER BY profile"
        }
        DocumentStmt::ProfileOfDigest => {
            "SELECT profile FROM document_profiles WHERE box_id = ?1 AND digest = ?2"
        }
        DocumentStmt::LastProfile => {
            "SELECT profile FROM document_profiles WHERE box_id = ?1 ORDER BY profile DESC LIMIT 1"
        }
        DocumentStmt::InsertProfile => {
            "INSERT INTO document_profiles
                 (box_id, profile, digest, statuses, type_named_id, message_type, direction, has_proxy, is_deleted,
                  is_sent, department, from_department, to_department)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        }
        DocumentStmt::Find => {
            "SELECT id, created_at, digest, words_digest,
                    EXISTS (SELECT 1 FROM asked a WHERE a.box_id = ?1 AND a.document = documents.id)
             FROM documents
             WHERE box_id = ?1 AND message_id = ?2 AND entity_id = ?3"
        }
        DocumentStmt::Insert => {
            "INSERT INTO documents
                 (box_id, message_id, entity_id, profile, created_at, listed_at, date, counteragent, number, file_name,
                  total_sum, custom_id, packet, packet_since, digest, words_digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
        }
        DocumentStmt::Update => {
            "UPDATE documents SET profile = ?3, created_at = ?4, listed_at = ?5, date = ?6, counteragent = ?7, number = ?8,
                 file_name = ?9, total_sum = ?10, custom_id = ?11, packet = ?12, packet_since = ?13, digest = ?14,
                 words_digest = ?15
             WHERE box_id = ?1 AND id = ?2"
        }
        DocumentStmt::WordsOf => {
            "SELECT w.tokens, p.direction + 3 * p.is_deleted FROM document_words w
             JOIN documents d ON d.box_id = w.box_id AND d.id = w.id
             JOIN document_profiles p ON p.box_id = d.box_id AND p.profile = d.profile
             WHERE w.box_id = ?1 AND w.id = ?2"
        }
        DocumentStmt::InsertWords => "INSERT INTO document_words (box_id, id, tokens) VALUES (?1, ?2, ?3)",
        DocumentStmt::DeleteWords => "DELETE FROM document_words WHERE box_id = ?1 AND id = ?2",
        DocumentStmt::InsertToken => {
            "INSERT INTO document_tokens (box_id, token, scope, created_at, document) VALUES (?1, ?2, ?3, ?4, ?5)"
        }
        DocumentStmt::DeleteToken => {
            "DELETE FROM document_tokens
             WHERE box_id = ?1 AND token = ?2 AND scope = ?3 AND created_at = ?4 AND document = ?5"
        }
        DocumentStmt::InsertTag => {
            "INSERT OR IGNORE INTO document_tags (box_id, key, value, created_at, document) VALUES (?1, ?2, ?3, ?4, ?5)"
        }
        DocumentStmt::DeleteTags => "DELETE FROM document_tags WHERE box_id = ?1 AND document = ?2",
        DocumentStmt::InsertAsked => {
            "INSERT INTO asked (box_id, kind, addressee, profile, listed_at, entity_id, date, document)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        }
        DocumentStmt::DeleteAsked => {
            "DELETE FROM asked INDEXED BY asked_by_document WHERE box_id = ?1 AND document = ?2"
        }
    }
}
