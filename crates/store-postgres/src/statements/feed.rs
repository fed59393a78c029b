//! The feed.

use potok_store_sql::FeedStmt;

macro_rules! event_where {
    ($condition:literal) => {
        concat!("SELECT key, event_id, stream_id, ready FROM events WHERE box_id = $1 AND ", $condition)
    };
}

macro_rules! page {
    ($order:literal) => {
        concat!(
            "SELECT f.key, e.event_id, e.stream_id, e.ready
             FROM feed f JOIN events e ON e.id = f.event AND e.box_id = f.box_id
             WHERE f.box_id = $1 AND f.key BETWEEN $2 AND $3 ORDER BY f.key",
            $order,
            " LIMIT $4"
        )
    };
}

macro_rules! rows_by_key {
    ($order:literal) => {
        concat!(
            "SELECT key, event, at, message_type, profile FROM feed
             WHERE box_id = $1 AND key BETWEEN $2 AND $3 ORDER BY ",
            $order,
            " LIMIT $4"
        )
    };
}

macro_rules! keys_of_profile {
    ($order:literal) => {
        concat!(
            "SELECT key FROM feed
             WHERE box_id = $1 AND profile = $2 AND key BETWEEN $3 AND $4 AND at BETWEEN $5 AND $6
             ORDER BY ",
            $order,
            " LIMIT $7"
        )
    };
}

macro_rules! documents_by {
    ($condition:literal) => {
        concat!(
            "SELECT d.profile, p.message_type, d.type_named_id, d.direction, d.counteragent, d.department, d.number
             FROM profile_documents d JOIN profiles p ON p.box_id = d.box_id AND p.profile = d.profile
             WHERE d.box_id = $1",
            $condition
        )
    };
}

pub(super) const fn text(stmt: FeedStmt) -> &'static str {
    match stmt {
        FeedStmt::Newest => {
            "SELECT key, seq, letters, drafts, max_lead, max_lag FROM feed
             WHERE box_id = $1 ORDER BY key DESC LIMIT 1"
        }
        FeedStmt::TotalsAt => {
            "SELECT seq, letters, drafts FROM feed WHERE box_id = $1 AND key <= $2 ORDER BY key DESC LIMIT 1"
        }
        FeedStmt::ProfileTotalAt => {
            "SELECT nth FROM feed
             WHERE box_id = $1 AND profile = $2 AND key <= $3 ORDER BY key DESC LIMIT 1"
        }
        FeedStmt::Ascending => rows_by_key!("key"),
        FeedStmt::Descending => rows_by_key!("key DESC"),
        FeedStmt::OfProfileAscending => keys_of_profile!("key"),
        FeedStmt::OfProfileDescending => keys_of_profile!("key DESC"),
        FeedStmt::EventAt => "SELECT event FROM feed WHERE box_id = $1 AND key = $2",
        FeedStmt::Page => page!(""),
        FeedStmt::PageDescending => page!(" DESC"),
        FeedStmt::Event => event_where!("id = $2"),
        FeedStmt::FirstEvent => event_where!("kind = 1 AND stream_id = $2 AND revision = 1"),
        FeedStmt::LaterEvent => event_where!("event_id = $2 AND revision > 1 AND kind = 1"),
        FeedStmt::Profiles => "SELECT profile, message_type FROM profiles WHERE box_id = $1 ORDER BY profile",
        FeedStmt::ProfileDocuments => documents_by!(""),
        FeedStmt::ProfileDocumentsWith => {
            documents_by!(" AND d.counteragent = $2")
        }
        FeedStmt::ProfileDocumentsIn => {
            documents_by!(" AND d.department = $2")
        }
        FeedStmt::ProfileDocumentsAsked => {
            "SELECT d.profile, p.message_type, d.type_named_id, d.direction, d.counteragent, d.department, d.number
             FROM profile_asked a
             JOIN profile_documents d ON d.box_id = a.box_id AND d.profile = a.profile AND d.number = a.number
             JOIN profiles p ON p.box_id = d.box_id AND p.profile = d.profile
             WHERE a.box_id = $1 AND a.kind = $2 AND a.addressee = $3"
        }
        FeedStmt::Insert => {
            "INSERT INTO feed (box_id, key, event, at, message_type, profile, seq, letters, drafts, nth, max_lead, max_lag)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        }
        FeedStmt::ProfileOfDigest => "SELECT profile FROM profiles WHERE box_id = $1 AND digest = $2",
        FeedStmt::LastProfile => {
            "SELECT profile FROM profiles WHERE box_id = $1 ORDER BY profile DESC LIMIT 1"
        }
        FeedStmt::InsertProfile => {
            "INSERT INTO profiles (box_id, profile, message_type, digest) VALUES ($1, $2, $3, $4)"
        }
        FeedStmt::InsertProfileDocument => {
            "INSERT INTO profile_documents
                 (box_id, profile, number, type_named_id, direction, counteragent, department)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        }
        FeedStmt::InsertProfileAsked => {
            "INSERT INTO profile_asked (box_id, profile, number, kind, addressee) VALUES ($1, $2, $3, $4, $5)"
        }
    }
}
