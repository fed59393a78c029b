//! Every text against its name, and how SQLite goes through the tables: by searching, never by looking at everything.
//! `testdata/plans.txt` has the way of each statement; `POTOK_BLESS=1` writes it anew.

use std::fmt::Write as _;

use potok_store_sql::{CounteragentStmt, DirectoryStmt, Shape, Stmt};
use rusqlite::types::Value;
use rusqlite::{Connection, StatementStatus, params_from_iter};

use super::text;
use crate::{SqliteOptions, connection, migrations};

fn database() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let mut conn = connection::writing(&folder.path().join("plans.db"), &SqliteOptions::default()).unwrap();
    migrations::apply(&mut conn).unwrap();
    (folder, conn)
}

#[test]
fn every_text_has_the_arguments_and_columns_of_its_name() {
    let (_folder, conn) = database();
    for stmt in Stmt::all() {
        let Shape { name, arguments, columns } = stmt.shape();
        let statement = conn.prepare(text(stmt)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(statement.parameter_count(), arguments.len(), "{name}");
        assert_eq!(statement.column_count(), columns.len(), "{name}");
    }
}

/// How the statement is done, one line a step.
fn plan(conn: &Connection, stmt: Stmt) -> Vec<String> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", text(stmt))).unwrap();
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    steps
}

/// Reads one run of an index, and of a box only its own part; what is read is not put in order by hand.
fn is_short(step: &str, is_of_box: bool) -> bool {
    let keys = step.split_once('(').map_or("", |(_, keys)| keys);
    let is_search = step.starts_with("SEARCH ")
        && (!is_of_box || keys.starts_with("box_id=?") || keys.starts_with("rowid=?"));
    // Inner statements, whose own steps follow.
    let is_inner = [
        "SCALAR SUBQUERY ",
        "SCAN CONSTANT ROW",
        "CORRELATED SCALAR SUBQUERY ",
        "LIST SUBQUERY ",
        "CO-ROUTINE ",
        "SCAN (subquery",
        "COMPOUND QUERY",
        "LEFT-MOST SUBQUERY",
        "UNION ALL",
        "MERGE (UNION ALL)",
        "LEFT",
        "RIGHT",
        // A set of arguments, and what a recursion found before.
        "SCAN json_each ",
        "SETUP",
        "RECURSIVE STEP",
        "SCAN known",
    ];
    is_search || is_inner.iter().any(|start| step.starts_with(start))
}

#[test]
fn every_statement_goes_by_an_index() {
    /// They read all there is on purpose, put few rows in order by hand, or look up the users of a box's employees.
    const EXCEPTIONS: [&str; 33] = [
        "DocumentStmt::ByCustomId",
        "OutboxStmt::FreeAll",
        "OutboxStmt::Pending",
        "DirectoryStmt::OrganizationsByInn",
        "DirectoryStmt::OrganizationsByForeignCode",
        "DirectoryStmt::Organizations",
        "DirectoryStmt::Departments",
        "DirectoryStmt::Users",
        "DirectoryStmt::OtherAdministrator",
        "DirectoryStmt::CountStaff",
        "DirectoryStmt::Staff",
        "DirectoryStmt::EmployeePowers",
        "DirectoryStmt::RouteStages",
        "LoginStmt::Clients",
        "LoginStmt::Tokens",
        "LoginStmt::TokensOfFamily",
        "LoginStmt::DeleteOldSuccessors",
        "LoginStmt::DeleteTokens",
        "LoginStmt::CertificatesOfUser",
        "LoginStmt::CertificatesOfBox",
        "SignInStmt::Keys",
        "SignInStmt::ServiceKeys",
        "RebuildStmt::CountMessages",
        "RebuildStmt::FeedGaps",
        "RebuildStmt::EventsBehind",
        "RebuildStmt::Place",
        "RegisterStmt::Operators",
        "SigningStmt::Keys",
        "WebhookStmt::OfBox",
        "WebhookStmt::Attempts",
        "WebhookStmt::Boxes",
        "WebhookStmt::WaitingOfBox",
        "WebhookStmt::Count",
    ];
    let (_folder, conn) = database();
    let mut told = String::new();
    let mut long = Vec::new();
    for stmt in Stmt::all() {
        let Shape { name, arguments, .. } = stmt.shape();
        writeln!(told, "{name}({})", arguments.join(", ")).unwrap();
        let is_of_box = arguments.first() == Some(&"box_id");
        for step in plan(&conn, stmt) {
            writeln!(told, "    {step}").unwrap();
            if !is_short(&step, is_of_box) && !long.contains(&name) {
                long.push(name);
            }
        }
        assert!(!is_of_box || text(stmt).contains("box_id"), "{name}");
    }
    potok_golden::check(potok_golden::path!("testdata/plans.txt"), told);
    assert_eq!(long, EXCEPTIONS, "these go a longer way than by one run of an index of their box");
}

/// A box with ten thousand partners and as many employees, and other boxes with some.
fn crowded() -> (tempfile::TempDir, Connection) {
    let (folder, conn) = database();
    conn.execute_batch(
        "CREATE TEMP TABLE boxes AS SELECT zeroblob(16) AS id, 10000 AS size UNION ALL SELECT randomblob(16), 100;
         CREATE TEMP TABLE numbers AS
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i FROM n;
         INSERT INTO events (id, box_id, stream_id, revision, event_id, key, stored, ready, kind)
             SELECT b.size * 100000 + i, b.id, randomblob(16), 1, randomblob(16), i, zeroblob(300), zeroblob(0), 3
             FROM boxes b JOIN numbers ON i <= b.size;
         INSERT INTO counteragents (box_id, counteragent, key, event, status, group_id)
             SELECT box_id, stream_id, key, id, 1, zeroblob(16) FROM events;
         INSERT INTO users (id, login, login_folded, last_name, first_name, is_service, is_registered)
             SELECT CAST(printf('%016d', i) AS BLOB), 'u' || i, 'u' || i, 'И', 'И', 0, i % 10 > 0 FROM numbers;
         INSERT INTO employees (box_id, user_id, position, created_at, department, is_administrator, access,
                                selected_departments, can_create_documents, can_sign_documents,
                                can_delete_restore_documents, can_add_resolutions, can_request_resolutions,
                                can_manage_counteragents, is_blocked)
             SELECT b.id, u.id, 'Директор', u.rowid, zeroblob(16), 0, 0, zeroblob(0), 0, 0, 0, 0, 0, 0, 0
             FROM boxes b JOIN numbers ON i <= b.size JOIN users u ON u.id = CAST(printf('%016d', i) AS BLOB);
         ANALYZE;",
    )
    .unwrap();
    (folder, conn)
}

/// The rows that a statement gives, and the steps that SQLite takes for it.
fn cost(conn: &Connection, stmt: Stmt, arguments: impl IntoIterator<Item = i64>) -> (usize, i32) {
    let mut statement = conn.prepare(text(stmt)).unwrap();
    let of_box = [Value::Blob(vec![0; 16])].into_iter();
    let mut rows =
        statement.query(params_from_iter(of_box.chain(arguments.into_iter().map(Value::from)))).unwrap();
    let mut count = 0;
    while rows.next().unwrap().is_some() {
        count += 1;
    }
    drop(rows);
    (count, statement.get_status(StatementStatus::VmStep))
}

#[test]
fn a_page_of_counteragents_reads_a_page_and_nothing_else() {
    let (_folder, conn) = crowded();
    let (page, of_status) = (Stmt::from(CounteragentStmt::Page), Stmt::from(CounteragentStmt::PageOfStatus));
    let (rows, first) = cost(&conn, page, [i64::MAX, 100]);
    assert_eq!(rows, 100);
    assert!(first < 3000, "{first} steps for 100 rows");
    for before in [10_000, 5000, 101] {
        assert_eq!(cost(&conn, page, [before, 100]), (100, first), "before {before}");
        let (rows, steps) = cost(&conn, of_status, [1, before, 100]);
        assert!(rows == 100 && steps < 3000, "{steps} steps before {before}");
    }
}

#[test]
fn the_last_page_of_employees_costs_what_the_first_one_does() {
    let (_folder, conn) = crowded();
    let costs = [0, 5000, 9950].map(|offset| cost(&conn, DirectoryStmt::Staff.into(), [offset, 50]));
    assert!(costs.iter().all(|(rows, _)| *rows == 50), "{costs:?}");
    let [first, .., last] = costs.map(|(_, steps)| f64::from(steps));
    assert!(last < first * 1.2, "{costs:?}");
}
