//! The tables spread over the workers of a Citus cluster.
//!
//! What belongs to a box lies together, wherever the box does; the directory and the registers are on every node; what is asked by
//! its own hash is spread by that. Tests run over a cluster when `POTOK_TEST_CITUS` names one.

use potok_store::StoreError;
use potok_store_sql::Failure;
use tokio_postgres::Client;

use crate::backend::connect;
use crate::failure::OrFailure as _;
use crate::{PostgresOptions, migrations};

/// How a table lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spread {
    /// By this column, beside another table that is spread alike.
    By { column: &'static str, beside: Option<&'static str> },
    /// A copy on every node.
    Everywhere,
    /// On the coordinator alone: no transaction writes it together with a box.
    Here,
}

const OF_BOX: Spread = Spread::By { column: "box_id", beside: Some("boxes") };
const BY_HASH: Spread = Spread::By { column: "hash", beside: None };
const BY_ID: Spread = Spread::By { column: "id", beside: None };

/// Each table, those first beside which others lie.
pub(crate) const TABLES: &[(&str, Spread)] = &[
    ("boxes", Spread::By { column: "box_id", beside: None }),
    ("events", OF_BOX),
    ("erased_events", OF_BOX),
    ("erased_contents", OF_BOX),
    ("feed", OF_BOX),
    ("profiles", OF_BOX),
    ("profile_documents", OF_BOX),
    ("profile_asked", OF_BOX),
    ("operations", OF_BOX),
    ("links", OF_BOX),
    ("small_contents", OF_BOX),
    ("content_names", OF_BOX),
    ("outbox", OF_BOX),
    ("document_profiles", OF_BOX),
    ("documents", OF_BOX),
    ("document_tokens", OF_BOX),
    ("document_words", OF_BOX),
    ("document_tags", OF_BOX),
    ("asked", OF_BOX),
    ("counteragents", OF_BOX),
    ("key_values", OF_BOX),
    ("signers", OF_BOX),
    ("invoice_certificates", OF_BOX),
    ("webhooks", OF_BOX),
    ("webhook_attempts", OF_BOX),
    ("organizations", Spread::Everywhere),
    ("departments", Spread::Everywhere),
    ("users", Spread::Everywhere),
    ("employees", Spread::Everywhere),
    ("employee_powers", Spread::Everywhere),
    ("resolution_routes", Spread::Everywhere),
    ("resolution_route_stages", Spread::Everywhere),
    ("api_clients", Spread::Everywhere),
    ("registrations", Spread::Everywhere),
    ("consents", Spread::Everywhere),
    ("device_codes", Spread::Everywhere),
    ("signing_keys", Spread::Everywhere),
    ("service_keys", Spread::Everywhere),
    ("service_users", Spread::Everywhere),
    ("outside_users", Spread::Everywhere),
    ("user_certificates", Spread::Everywhere),
    ("held_keys", Spread::Everywhere),
    ("roaming_operators", Spread::Everywhere),
    ("participants", Spread::Everywhere),
    ("gar_objects", Spread::Everywhere),
    ("rebuild_place", Spread::Everywhere),
    ("tokens", BY_HASH),
    ("login_challenges", BY_HASH),
    ("authorization_codes", BY_HASH),
    ("tasks", BY_ID),
    ("signings", BY_ID),
    ("shelf_files", Spread::By { column: "user_id", beside: None }),
    ("shelf_parts", Spread::By { column: "user_id", beside: Some("shelf_files") }),
    ("waiting", Spread::Here),
    ("copy_marks", Spread::Here),
    ("copy_changes", Spread::Here),
    ("copy_places", Spread::Here),
    ("copy_boxes", Spread::Here),
    ("potok_layout", Spread::Here),
];

/// A row where the database is one of Citus.
const IS_CITUS: &str = "SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'citus'";
/// Tables that are spread already.
const SPREAD: &str = "SELECT logicalrelid::text FROM pg_dist_partition";

/// Whether the database is one of Citus.
pub(crate) async fn is_citus(client: &Client) -> Result<bool, Failure> {
    Ok(!client.query_typed(IS_CITUS, &[]).await.or_failure()?.is_empty())
}

/// Spreads those tables of an up-to-date database that are not spread yet: which ones.
///
/// # Errors
/// The database has another layout, or is none of Citus; or it fails.
pub async fn distribute(options: &PostgresOptions) -> Result<Vec<&'static str>, StoreError> {
    distributed(options).await.map_err(|failure| failure.during("spread the tables"))
}

async fn distributed(options: &PostgresOptions) -> Result<Vec<&'static str>, Failure> {
    let client = connect(options).await?;
    migrations::check(&client).await?;
    if !is_citus(&client).await? {
        return Err(Failure::Invalid(
            "the database is none of Citus: CREATE EXTENSION citus on the coordinator and add its workers first"
                .to_owned(),
        ));
    }
    let before = spread_already(&client).await?;
    let mut done = Vec::new();
    for &(table, spread) in TABLES {
        let Some(statement) = statement(table, spread).filter(|_| !before.iter().any(|it| it == table))
        else {
            continue;
        };
        // Each by itself: what is done stays, and the next run goes on.
        client.query_typed(&statement, &[]).await.or_failure()?;
        done.push(table);
    }
    Ok(done)
}

async fn spread_already(client: &Client) -> Result<Vec<String>, Failure> {
    let rows = client.query_typed(SPREAD, &[]).await.or_failure()?;
    rows.iter().map(|row| row.try_get(0).or_failure()).collect()
}

/// What spreads a table; `None` where it stays.
fn statement(table: &str, spread: Spread) -> Option<String> {
    match spread {
        Spread::By { column, beside } => {
            let beside = beside.unwrap_or("none");
            Some(format!(
                "SELECT create_distributed_table('{table}', '{column}', colocate_with => '{beside}')"
            ))
        }
        Spread::Everywhere => Some(format!("SELECT create_reference_table('{table}')")),
        Spread::Here => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tokio_postgres::NoTls;

    use super::*;
    use crate::cluster::Cluster;

    /// Citus refuses a unique index that lacks the column by which its table is spread.
    #[tokio::test]
    async fn every_table_lies_somewhere_and_its_keys_have_what_it_is_spread_by() {
        const KEYS: &str = "SELECT t.relname::text, array_agg(a.attname::text ORDER BY k.place)
             FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
             CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
             WHERE n.nspname = current_schema() AND i.indisunique GROUP BY t.relname, i.indexrelid";
        let database = Cluster::shared().database();
        let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let sql = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND c.relkind = 'r'";
        let there: BTreeSet<String> =
            client.query_typed(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        let named: BTreeSet<String> = TABLES.iter().map(|(table, _)| (*table).to_owned()).collect();
        assert_eq!(named, there, "say of every table how it lies");
        assert_eq!(named.len(), TABLES.len(), "and once");
        for row in client.query_typed(KEYS, &[]).await.unwrap() {
            let (table, key): (String, Vec<String>) = (row.get(0), row.get(1));
            let (_, spread) = TABLES.iter().find(|(name, _)| *name == table).unwrap();
            if let Spread::By { column, .. } = spread {
                assert!(key.iter().any(|it| it == column), "{table} {key:?}");
                assert!(*column != "box_id" || key[0] == "box_id", "{table} {key:?}");
            }
        }
    }

    #[test]
    fn tables_lie_beside_one_that_comes_before_and_is_spread_alike() {
        for (nth, (table, spread)) in TABLES.iter().enumerate() {
            let Spread::By { column, beside: Some(beside) } = spread else { continue };
            let other = TABLES[..nth].iter().find(|(name, _)| name == beside);
            assert!(matches!(other, Some((_, Spread::By { column: same, .. })) if same == column), "{table}");
        }
        let events = statement("events", OF_BOX).unwrap();
        assert_eq!(events, "SELECT create_distributed_table('events', 'box_id', colocate_with => 'boxes')");
        assert_eq!(statement("users", Spread::Everywhere).unwrap(), "SELECT create_reference_table('users')");
        assert_eq!(statement("waiting", Spread::Here), None);
    }

    #[tokio::test]
    async fn a_plain_server_is_refused_with_the_cure() {
        let database = Cluster::shared().database();
        let error = distribute(&database.options()).await.unwrap_err();
        assert!(std::error::Error::source(&error).unwrap().to_string().contains("CREATE EXTENSION citus"));
    }
}
