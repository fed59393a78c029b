//! What has to be so before anything is written: a server that keeps what it acknowledged, and a database that holds every text.

use potok_store_sql::Failure;
use tokio_postgres::Client;

use crate::failure::OrFailure as _;

/// The oldest server that the statements were run on.
const OLDEST: i32 = 150_000;

/// Settings with which a crash of the machine takes away what was acknowledged.
const SAFE: [&str; 2] = ["fsync", "full_page_writes"];

/// Looks at the server.
pub(crate) async fn server(client: &Client, unsafe_server: bool) -> Result<(), Failure> {
    let version: i32 = setting(client, "server_version_num").await?.parse().unwrap_or_default();
    if version < OLDEST {
        return Err(Failure::Invalid(format!(
            "the database server has version {}, and {} is the oldest one that does",
            version / 10_000,
            OLDEST / 10_000
        )));
    }
    let encoding = setting(client, "server_encoding").await?;
    if encoding != "UTF8" {
        return Err(Failure::Invalid(format!(
            "the database has the encoding {encoding}, which lacks letters: make one with ENCODING 'UTF8' TEMPLATE template0"
        )));
    }
    for name in SAFE {
        if !unsafe_server && setting(client, name).await? != "on" {
            return Err(Failure::Invalid(format!(
                "the database server runs with {name} = off and may lose what it acknowledged: switch it on, or say \
                 store_unsafe = true where nothing of that matters"
            )));
        }
    }
    Ok(())
}

async fn setting(client: &Client, name: &str) -> Result<String, Failure> {
    let rows = client.simple_query(&format!("SHOW {name}")).await.or_failure()?;
    let value = rows.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    Ok(value.unwrap_or_default().to_owned())
}

/// Whether the server takes writes: it is no standby, and not made read-only.
pub(crate) async fn is_writable(client: &Client) -> Result<bool, Failure> {
    Ok(setting(client, "transaction_read_only").await? == "off")
}
