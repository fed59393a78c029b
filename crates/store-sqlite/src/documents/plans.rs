//! How SQLite goes through the tables: by searching, never by looking at everything.

use rusqlite::Connection;

use super::{BY_CUSTOM_ID, OF_PACKET, list, search, stream, tags};
use crate::{SqliteOptions, connection, migrations};

/// How the statement is done, one line a step.
fn plan(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    steps
}

#[test]
fn every_statement_of_lists_and_searches_goes_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let mut conn = connection::writing(&folder.path().join("plans.db"), &SqliteOptions::default()).unwrap();
    migrations::apply(&mut conn).unwrap();
    let covering = "SEARCH documents USING COVERING INDEX ";
    let (by_time, by_date) = ("documents_by_profile", "documents_by_date");
    let (with_by_time, with_by_date) = ("documents_by_counteragent", "documents_by_counteragent_and_date");
    let mut cases: Vec<(&str, Vec<String>)> = Vec::new();
    for is_descending in [false, true] {
        for (is_by_date, of_counteragent, index, keys) in [
            (false, false, by_time, "box_id=? AND profile=? AND (listed_at,entity_id)"),
            (
                false,
                true,
                with_by_time,
                "box_id=? AND counteragent=? AND profile=? AND (listed_at,entity_id)",
            ),
            (true, false, by_date, "box_id=? AND profile=? AND (date,listed_at,entity_id)"),
            (
                true,
                true,
                with_by_date,
                "box_id=? AND counteragent=? AND profile=? AND (date,listed_at,entity_id)",
            ),
        ] {
            let sql = stream::statement(is_by_date, of_counteragent, is_descending);
            // Both ends are bounds of the index.
            let (who, place) = keys.split_once("(").unwrap();
            let first = place.split(',').next().unwrap();
            let keys =
                if is_descending { format!("{who}{first}>? AND ({place}<") } else { format!("{keys}>") };
            cases.push((sql, vec![format!("{covering}{index} ({keys}")]));
        }
    }
    for (is_by_date, of_counteragent, index, keys) in [
        (false, false, by_time, "box_id=? AND profile=? AND listed_at>? AND listed_at<?"),
        (
            false,
            true,
            with_by_time,
            "box_id=? AND counteragent=? AND profile=? AND listed_at>? AND listed_at<?",
        ),
        (true, false, by_date, "box_id=? AND profile=? AND date>? AND date<?"),
        (true, true, with_by_date, "box_id=? AND counteragent=? AND profile=? AND date>? AND date<?"),
    ] {
        let sql = list::count_statement(is_by_date, of_counteragent);
        let steps =
            ["CO-ROUTINE ".to_owned(), format!("{covering}{index} ({keys}"), "SCAN (subquery".to_owned()];
        cases.push((sql, steps.to_vec()));
    }
    let by_row = "SEARCH documents USING INTEGER PRIMARY KEY (rowid=?)";
    let then_row = "SEARCH d USING INTEGER PRIMARY KEY (rowid=?)";
    let others: [(&str, &[&str]); 16] = [
        (
            list::NEXT_PROFILE,
            &[
                "SEARCH documents USING COVERING INDEX documents_by_counteragent (box_id=? AND counteragent=? AND profile>?)",
            ],
        ),
        (list::DETAILS, &[by_row]),
        (list::NAMES, &[by_row]),
        (search::PROFILE, &[by_row]),
        (
            stream::WITH_TOKEN,
            &[
                "SEARCH t USING PRIMARY KEY (box_id=? AND token=? AND scope=? AND (created_at,document)",
                then_row,
            ],
        ),
        (stream::WITH_SUM, &["SEARCH d USING INDEX documents_by_sum (box_id=? AND "]),
        (
            stream::WITH_TAG,
            &[
                "SEARCH t USING PRIMARY KEY (box_id=? AND key=? AND value=? AND (created_at,document)",
                then_row,
            ],
        ),
        (
            stream::WITH_KEY,
            &["SEARCH t USING PRIMARY KEY (box_id=? AND key=? AND (value,created_at,document)", then_row],
        ),
        (
            search::WITH_TOKEN,
            &[
                "SEARCH document_tokens USING PRIMARY KEY (box_id=? AND token=? AND scope=? AND (created_at,document)",
            ],
        ),
        (
            search::WITH_TAG,
            &[
                "SEARCH document_tags USING PRIMARY KEY (box_id=? AND key=? AND value=? AND (created_at,document)",
            ],
        ),
        (
            search::WITH_KEY,
            &["SEARCH document_tags USING PRIMARY KEY (box_id=? AND key=? AND (value,created_at,document)"],
        ),
        (
            search::OF_PROFILE,
            &[
                "SEARCH documents USING COVERING INDEX documents_by_profile (box_id=? AND profile=? AND (listed_at,entity_id)",
            ],
        ),
        (
            tags::HAS_TAG,
            &[
                "SEARCH document_tags USING COVERING INDEX document_tags_by_document (box_id=? AND document=? AND key=?",
            ],
        ),
        (
            tags::HAS_TOKEN,
            &[
                "SEARCH document_tokens USING PRIMARY KEY (box_id=? AND token=? AND scope=? AND created_at=? AND document=?",
            ],
        ),
        (
            // Those with one custom id are few, and are put in order by hand.
            BY_CUSTOM_ID,
            &[
                "SEARCH documents USING INDEX documents_by_custom_id (box_id=? AND custom_id=?)",
                "USE TEMP B-TREE FOR ORDER BY",
            ],
        ),
        (
            OF_PACKET,
            &[
                "SEARCH documents USING INDEX documents_by_packet (box_id=? AND packet=? AND (packet_since,message_id,entity_id)",
            ],
        ),
    ];
    cases.extend(others.map(|(sql, steps)| (sql, steps.iter().map(|step| (*step).to_owned()).collect())));
    let mut wrong = String::new();
    for (sql, expected) in cases {
        let found = plan(&conn, sql);
        let fits = found.len() == expected.len()
            && found.iter().zip(&expected).all(|(found, expected)| found.starts_with(expected.as_str()));
        if !fits {
            wrong += &format!("{sql}\n   goes {found:#?}\n   instead of {expected:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
