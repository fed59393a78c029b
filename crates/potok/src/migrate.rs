//! `potok migrate`: the layout of the database, brought up to date before servers of this program start on it.

use std::error::Error;

use potok_types::Clock;
use std::sync::Arc;

use crate::folder::{lock, make_folder};
use crate::stores::{DATABASE, OpenStore};
use crate::{Settings, print};

/// Brings the database up to date and prints what was done.
pub(crate) async fn run(
    settings: Settings,
    is_citus: bool,
    clock: &Arc<dyn Clock>,
) -> Result<(), Box<dyn Error>> {
    let Settings { data, store, .. } = settings;
    if let Some(options) = &store.postgres {
        let found = potok_store_postgres::migrate(options).await?;
        let said = match found.is_current() {
            true => format!("the database has layout {} already", found.known),
            false => format!("the database had layout {} and has layout {} now", found.applied, found.known),
        };
        print::line(&said);
        if is_citus {
            let spread = potok_store_postgres::distribute(options).await?;
            print::line(format!("{} tables were spread over the workers", spread.len()));
        }
        return Ok(());
    }
    if is_citus {
        return Err("the embedded store is one file: name the coordinator of Citus with `store`".into());
    }
    make_folder(&data)?;
    // A server that knows the old layout may not be at work on it.
    let _lock = lock(&data)?;
    let is_behind = potok_store_sqlite::needs_migration(&data.join(DATABASE))?;
    OpenStore::open(store, &data, clock).await?.close().await;
    print::line(match is_behind {
        true => "the embedded database is up to date now",
        false => "the embedded database is up to date already",
    });
    Ok(())
}
