//! Brings a database up to the layout that this program knows.

use potok_store::OtherLayout;
use potok_store_sql::Failure;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::failure::OrFailure as _;

/// The steps, in order. A step that has been released is never changed: what it got wrong, the next one puts right.
pub(crate) const STEPS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_documents.sql"),
    include_str!("../migrations/0003_directory.sql"),
    include_str!("../migrations/0004_login.sql"),
    include_str!("../migrations/0005_registers.sql"),
    include_str!("../migrations/0006_stream_feed.sql"),
    include_str!("../migrations/0007_restrictions.sql"),
    include_str!("../migrations/0008_signings.sql"),
    include_str!("../migrations/0009_asked.sql"),
    include_str!("../migrations/0010_operator_boxes.sql"),
    include_str!("../migrations/0011_waiting.sql"),
    include_str!("../migrations/0012_webhooks.sql"),
    include_str!("../migrations/0013_copies.sql"),
    include_str!("../migrations/0014_erasures.sql"),
];

/// One program at a time: the lock ends with the transaction, whatever ends that.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7022364301936227)";
/// How many steps are done; one row.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS potok_layout (steps bigint NOT NULL)";

/// The layout of a database beside the one that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Steps that are done.
    pub applied: u32,
    /// Steps that this program knows.
    pub known: u32,
}

impl Layout {
    /// Nothing has to be done before the database is used.
    pub const fn is_current(self) -> bool {
        self.applied == self.known
    }

    /// A newer program made it.
    ///
    /// # Errors
    /// It is newer.
    pub(crate) fn refuse_newer(self) -> Result<(), Failure> {
        if self.applied <= self.known {
            return Ok(());
        }
        Err(other(format!(
            "the database has layout {}, a newer program's, and this program knows layouts up to {}: use the program that was \
             here last, or a newer one",
            self.applied, self.known
        )))
    }
}

fn other(text: String) -> Failure {
    Failure::OtherLayout(OtherLayout(text))
}

/// That the database has the layout of this program.
///
/// # Errors
/// [`Failure::OtherLayout`]: a newer program's, or an older one's.
pub(crate) async fn check(client: &Client) -> Result<(), Failure> {
    let found = layout(client).await?;
    found.refuse_newer()?;
    match found.is_current() {
        true => Ok(()),
        false => Err(other(format!(
            "the database has layout {}, and this program works on layout {}: run `potok migrate`",
            found.applied, found.known
        ))),
    }
}

pub(crate) fn known() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// What stands in the database.
pub(crate) async fn layout(client: &Client) -> Result<Layout, Failure> {
    let sql = "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('potok_layout')";
    let found: i64 = client.query_typed_one(sql, &[]).await.and_then(|row| row.try_get(0)).or_failure()?;
    let applied: i64 = match found {
        0 => 0,
        _ => {
            let rows = client.query_typed("SELECT steps FROM potok_layout", &[]).await.or_failure()?;
            rows.first().map_or(Ok(0_i64), |row| row.try_get(0)).or_failure()?
        }
    };
    Ok(Layout { applied: u32::try_from(applied).unwrap_or(u32::MAX), known: known() })
}

/// Applies the steps that are missing. What it found.
pub(crate) async fn apply(client: &Client) -> Result<Layout, Failure> {
    client.batch_execute("BEGIN").await.or_failure()?;
    let applied = apply_missing(client).await;
    match applied {
        // The client calls the end of a failed transaction done; here each statement was looked at.
        Ok(_) => client.batch_execute("COMMIT").await.or_failure()?,
        // Should that fail, the connection goes, and does it.
        Err(_) => drop(client.batch_execute("ROLLBACK").await),
    }
    applied
}

async fn apply_missing(client: &Client) -> Result<Layout, Failure> {
    client.batch_execute(LOCK).await.or_failure()?;
    let found = layout(client).await?;
    found.refuse_newer()?;
    apply_up_to(client, found.applied, found.known).await?;
    Ok(found)
}

/// Applies the steps behind `applied` up to number `to`, in the transaction at hand.
pub(crate) async fn apply_up_to(client: &Client, applied: u32, to: u32) -> Result<(), Failure> {
    client.batch_execute(TABLE).await.or_failure()?;
    for step in STEPS.get(applied as usize..to as usize).unwrap_or_default() {
        client.batch_execute(step).await.or_failure()?;
    }
    client.batch_execute("DELETE FROM potok_layout").await.or_failure()?;
    let steps = i64::from(to.max(applied));
    let args = [(&steps as &(dyn tokio_postgres::types::ToSql + Sync), Type::INT8)];
    client.execute_typed("INSERT INTO potok_layout VALUES ($1)", &args).await.or_failure().map(drop)
}
