//! Every text against its name, and how SQLite goes through the tables: by searching, never by looking at everything.
//! `testdata/plans.txt` has the way of each statement; `POTOK_BLESS=1` writes it anew.

use std::fmt::Write as _;

use potok_store_sql::{Shape, Stmt};
use rusqlite::Connection;

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
    const EXCEPTIONS: [&str; 25] = [
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
        "RebuildStmt::Place",
        "RegisterStmt::Operators",
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
