//! Every text against its name, as the server understands it.

use potok_store_sql::{DocumentStmt, FeedStmt, JournalStmt, OutboxStmt, Shape, Stmt};
use tokio_postgres::NoTls;
use tokio_postgres::types::Type;

use super::text;
use crate::calls::is_numbered;
use crate::cluster::Cluster;
use crate::merging::{self, Kind};

#[tokio::test]
async fn every_text_has_the_arguments_and_columns_of_its_name() {
    let database = Cluster::shared().database();
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    for stmt in Stmt::all() {
        let Shape { name, arguments, columns } = stmt.shape();
        let statement = client
            .prepare(text(stmt))
            .await
            .unwrap_or_else(|error| panic!("{name}: {error:?}\n{}", text(stmt)));
        assert_eq!(statement.params().len(), arguments.len() + usize::from(is_numbered(stmt)), "{name}");
        assert_eq!(statement.columns().len(), columns.len(), "{name}");
        if arguments.first() == Some(&"box_id") {
            assert!(text(stmt).contains("box_id"), "{name}");
        }
    }
    drop(client);
    connection.await.unwrap().unwrap();
}

/// With the kinds that the server takes: each has columns as before and the number of the question, or adds rows as before.
#[tokio::test]
async fn every_text_for_many_is_understood_and_those_of_an_append_have_one() {
    let database = Cluster::shared().database();
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut merged = Vec::new();
    for stmt in Stmt::all() {
        let Shape { name, columns, .. } = stmt.shape();
        let params = client.prepare(text(stmt)).await.unwrap().params().to_vec();
        let kinds = params.iter().map(|kind| match *kind {
            Type::TEXT => Some(Kind::Text),
            Type::BYTEA => Some(Kind::Bytes),
            Type::INT2 | Type::INT4 | Type::INT8 => Some(Kind::Int),
            _ => None,
        });
        let Some(kinds) = kinds.collect::<Option<Vec<_>>>().filter(|kinds| !kinds.is_empty()) else {
            continue;
        };
        let Some(sql) = merging::question(text(stmt), &kinds).or_else(|| merging::row(text(stmt), &kinds))
        else {
            continue;
        };
        let statement = client.prepare(&sql).await.unwrap_or_else(|error| panic!("{name}: {error:?}\n{sql}"));
        assert_eq!(statement.params().len(), kinds.len(), "{name}");
        let more = usize::from(!columns.is_empty());
        assert_eq!(statement.columns().len(), columns.len() + more, "{name}");
        merged.push(stmt);
    }
    for stmt in [
        JournalStmt::Operation.into(),
        JournalStmt::Revision.into(),
        JournalStmt::InsertEvent.into(),
        JournalStmt::InsertOperation.into(),
        JournalStmt::InsertContent.into(),
        JournalStmt::LastKeyBesideFeed.into(),
        FeedStmt::Newest.into(),
        FeedStmt::ProfileOfDigest.into(),
        FeedStmt::ProfileTotalAt.into(),
        FeedStmt::Insert.into(),
        OutboxStmt::Plan.into(),
        OutboxStmt::IsHeld.into(),
        DocumentStmt::Find.into(),
        DocumentStmt::Insert.into(),
        DocumentStmt::InsertToken.into(),
        DocumentStmt::InsertWords.into(),
    ] {
        assert!(merged.contains(&stmt), "{}", Stmt::shape(stmt).name);
    }
}
