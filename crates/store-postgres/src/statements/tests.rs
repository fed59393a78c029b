//! Every text against its name, as the server understands it.

use potok_store_sql::{Shape, Stmt};
use tokio_postgres::NoTls;

use super::text;
use crate::calls::is_numbered;
use crate::cluster::Cluster;

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
