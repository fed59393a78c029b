//! Databases of other layouts, and servers that will not do.

use std::collections::BTreeSet;
use std::sync::Arc;

use potok_store::moving::TABLES;
use potok_store::{Journal as _, Wanted};
use potok_store_postgres::cluster::Cluster;
use potok_store_postgres::{Layout, PostgresOptions, PostgresStore, layout, migrate, open};
use potok_types::{ContentHash, ManualClock, MessageId, Ticks};
use uuid::Uuid;

use crate::unknown::{append, box_id};

/// The steps that have been merged, with the hashes of their files. A line here is never changed: databases have them.
const MERGED: &[(&str, &str)] = &[
    ("0001_first.sql", "64c1f73cc0272039d6a5a1c44f60c58f28b0e4d7dfb2aeaecf6c159e9ee3e464"),
    ("0002_documents.sql", "386024d837f80ee41668a25d1f0ffa1368c88d0aab65ec28069d5e41a16c4df9"),
    ("0003_directory.sql", "13ae46aa0a271c4336a5edcd26edafc9dcd5363f68d2e2ccd406aab558acb59a"),
    ("0004_login.sql", "ac97150c5a7e8f0e4c0ef95380111fb0817d48d2c03b0f0660403ed910950ba6"),
    ("0005_registers.sql", "f3e50af15370d4a46986630ef228a9b9f915810b2822964305c3f8b904c1579b"),
    ("0006_stream_feed.sql", "a6cc5a04ba548be5274a52e8b7ed59b6e254708b8e8d8fcfff364c083ebd9d5c"),
    ("0007_restrictions.sql", "96df549286a50c7f50478f1f37e44fb812fd40900f205cc7eced68fa7926627b"),
    ("0008_signings.sql", "6f9561103566b303a507cae63058bfd960bcf60f06a26b7f26a22bfb8b49e055"),
    ("0009_asked.sql", "3dfa050e30b2ccb188b513047188fd0f345d2f87ed41d3dbec233d557f6e6b9c"),
    ("0010_operator_boxes.sql", "2e2762006195ff877f117ca8e72c88a064e77d43ff2378749b614726f77301d5"),
    ("0011_waiting.sql", "d31e91264e0bd08dd0b3adc60b66a577675959a1d074682a0835fa3339491da9"),
    ("0012_webhooks.sql", "3d433f949e2739ab953808001c29ce4d562cdcc752e0fa111f59e2ef671ca640"),
    ("0013_copies.sql", "a13fbf7934b5c5a9fd52ec2290f347078cbdc2933b5769a85fc0e58c2d3990cf"),
    ("0014_erasures.sql", "9488d4a2f400ab39f5a3dc5c50629d834e74627bcbc681f8d2accb85f41341a1"),
];

#[test]
fn merged_steps_are_never_changed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    for (name, hash) in MERGED {
        let text = std::fs::read(folder.join(name)).expect("it stays in the repository");
        assert_eq!(ContentHash::of(&text).to_string(), *hash, "{name} was changed: write a new step instead");
    }
    assert_eq!(std::fs::read_dir(&folder).expect("the folder is there").count(), MERGED.len());
}

async fn opened(options: &PostgresOptions) -> Result<PostgresStore, String> {
    let clock = Arc::new(ManualClock::new(Ticks::new(1)));
    open(options, clock).await.map_err(|error| {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}: {}", source.unwrap_or_default())
    })
}

/// Past the store.
async fn run(options: &PostgresOptions, sql: &str) {
    let (client, connection) =
        tokio_postgres::connect(&options.url, tokio_postgres::NoTls).await.expect("it runs");
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.expect("the statement is right");
    drop(client);
    connection.await.expect("it ends").expect("it ends well");
}

/// A node of the program before goes on while the next one changes the layout: what it knows by name may give other columns then.
#[tokio::test]
async fn what_a_connection_knows_by_name_follows_the_layout() {
    let database = Cluster::shared().database();
    let options = PostgresOptions { connections: 2, ..database.options() };
    let store =
        open(&options, Arc::new(ManualClock::new(Ticks::new(1_000_000)))).await.expect("it is up to date");
    let letter = |nth: u128| append(MessageId::from_uuid(Uuid::from_u128(nth << 64)), 0, 1);
    let wanted = |nth: u128| [Wanted::all(MessageId::from_uuid(Uuid::from_u128(nth << 64)))];
    for nth in 1..5 {
        store.append(letter(nth)).await.expect("there is room");
        store.streams(box_id(), &wanted(nth)).await.expect("readable");
    }
    for types in ["integer", "bigint"] {
        for (table, column) in [("events", "revision"), ("feed", "letters"), ("feed", "message_type")] {
            run(&options, &format!("ALTER TABLE {table} ALTER {column} TYPE {types}")).await;
        }
        for nth in 5..9 {
            let message = if types == "integer" { nth } else { nth + 10 };
            store.append(letter(message)).await.expect("as before");
            let found = store.streams(box_id(), &wanted(message)).await.expect("as before");
            assert_eq!(found[0].as_ref().map(Vec::len), Some(1));
        }
    }
    store.close().await;
}

/// A new table is copied by `potok copy`, or said here to be made again by whoever needs it.
#[tokio::test]
async fn every_table_is_copied_or_made_again() {
    const MADE_AGAIN: &[&str] = &["boxes", "content_names", "waiting", "rebuild_place", "potok_layout"];
    let database = Cluster::shared().database();
    let (client, connection) =
        tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.expect("it runs");
    tokio::spawn(connection);
    let sql = "SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = current_schema() AND c.relkind = 'r' AND relname NOT LIKE 'copy\\_%'";
    let rows = client.query_typed(sql, &[]).await.expect("the statement is right");
    let there: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let named = TABLES.iter().map(|table| table.name).chain(MADE_AGAIN.iter().copied());
    assert_eq!(there, named.map(str::to_owned).collect(), "say of every table how it is moved");
}

#[tokio::test]
async fn an_empty_database_is_migrated_once() {
    let database = Cluster::shared().empty_database();
    let options = database.options();
    let before = layout(&options).await.expect("readable");
    assert_eq!(before.applied, 0);
    let error = opened(&options).await.expect_err("it has no tables");
    assert!(error.contains("potok migrate"), "{error}");
    // Two programs at once: one waits for the other.
    let (one, other) = tokio::join!(migrate(&options), migrate(&options));
    let mut found = [one.expect("migrated").applied, other.expect("migrated").applied];
    found.sort_unstable();
    assert_eq!(found, [0, before.known]);
    assert_eq!(
        layout(&options).await.expect("readable"),
        Layout { applied: before.known, known: before.known }
    );
    opened(&options).await.expect("it is up to date").close().await;
}

#[tokio::test]
async fn a_newer_layout_is_refused_and_left_alone() {
    let database = Cluster::shared().database();
    let options = database.options();
    run(&options, "UPDATE potok_layout SET steps = steps + 1").await;
    let newer = layout(&options).await.expect("readable");
    for error in [
        opened(&options).await.expect_err("it is newer"),
        format!("{:?}", migrate(&options).await.expect_err("it is newer")),
    ] {
        assert!(error.contains("a newer program's"), "{error}");
    }
    assert_eq!(layout(&options).await.expect("readable"), newer);
}

#[tokio::test]
async fn a_server_that_may_lose_what_it_acknowledged_is_refused() {
    let database = Cluster::shared().database();
    let options = PostgresOptions { unsafe_server: false, ..database.options() };
    let error = opened(&options).await.expect_err("the cluster of tests does not sync");
    assert!(error.contains("fsync = off") && error.contains("store_unsafe"), "{error}");
}

#[tokio::test]
async fn an_address_that_is_none_is_not_told() {
    let options = PostgresOptions::new("postgres://somebody:secret@[");
    let error = opened(&options).await.expect_err("it is no address");
    assert!(error.contains("postgres://user:password@host") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn where_nobody_answers_is_told_and_with_which_password_is_not() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port is free")
        .local_addr()
        .expect("bound")
        .port();
    let options = PostgresOptions::new(format!("postgres://potok:hunter2@127.0.0.1:{port}/potok"));
    let told =
        [opened(&options).await.err(), migrate(&options).await.err().map(|error| format!("{error:?}"))];
    for told in told {
        let told = told.expect("nobody is there");
        assert!(told.contains(&format!("127.0.0.1:{port}")) && told.contains("`store`"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}
