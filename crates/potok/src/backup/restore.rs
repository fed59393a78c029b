//! A copy put in the place of a store.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use potok_types::Clock;

use super::{
    Copy, DATABASE_FOLDER, Kind, MANIFEST, Manifest, Place, Reached, VERSION, copy_contents, files, verify,
};
use crate::folder::lock;
use crate::server::TEST_KEYS;
use crate::stores::DATABASE;
use crate::{Settings, StoreSettings, print};

#[derive(Args)]
pub(crate) struct RestoreFrom {
    /// Folder of the copy, or s3://BUCKET/NAME
    #[arg(long, value_name = "DIR|s3://BUCKET/NAME")]
    from: Place,
    #[command(flatten)]
    reached: Reached,
    /// Read what was restored once more: every event, the order of every box and its feed, every content
    #[arg(long)]
    verify: bool,
}

/// Puts a copy into an empty place. Every file is held to its digest first. With `--verify` the code is 1 when something does not
/// hold together.
pub(crate) async fn restore(
    given: &RestoreFrom,
    settings: Settings,
    clock: &Arc<dyn Clock>,
) -> Result<ExitCode, Box<dyn Error>> {
    let Settings { data, store, .. } = settings;
    if let Place::Folder(folder) = &given.from
        && !folder.join(MANIFEST).exists()
    {
        // Before anything is made there.
        return Err(no_copy(folder.display()).into());
    }
    let from = Copy::open(&given.from, &given.reached, &store, &data)?;
    let manifest = read(&from).await?;
    check_kind(&manifest, &store)?;
    // No server runs here meanwhile.
    let lock = lock(&data)?;
    if store.postgres.is_none() && data.join(DATABASE).exists() {
        return Err(format!("there is a database in {} already: give another folder", data.display()).into());
    }
    from.fetch(&manifest.files).await?;
    check_files(&manifest, &from.folder)?;
    let copied = copy_contents(&from.contents, &store.contents(&data)?, clock.now()).await?;
    if let Some(damaged) = copied.damaged.first() {
        return Err(format!("the copy is damaged, and nothing was restored: {damaged}").into());
    }
    if copied.whole < manifest.contents {
        return Err(format!(
            "the copy is damaged, and nothing was restored: {} of {} large contents are there",
            copied.whole, manifest.contents
        )
        .into());
    }
    if from.folder.join(TEST_KEYS).exists() && !data.join(TEST_KEYS).exists() {
        files::copy_folder(&from.folder.join(TEST_KEYS), &data.join(TEST_KEYS))?;
    }
    // The database comes last: where it is, everything is.
    put_database(&manifest, &from.folder, &store, &data).await?;
    drop(from);
    drop(lock);
    print::line(format!("restored, with {} large contents", copied.whole));
    if given.verify { verify::run(store, &data, clock).await } else { Ok(ExitCode::SUCCESS) }
}

fn no_copy(place: impl fmt::Display) -> String {
    format!("{place} is no whole copy: {MANIFEST} is not there")
}

async fn read(from: &Copy) -> Result<Manifest, Box<dyn Error>> {
    let text = from.manifest().await?.ok_or_else(|| no_copy(from))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|error| format!("{MANIFEST} of {from} is damaged: {error}"))?;
    match manifest.version {
        VERSION => Ok(manifest),
        other => Err(format!(
            "the copy has form {other}, a newer program's, and this program reads form {VERSION}"
        )
        .into()),
    }
}

fn check_kind(manifest: &Manifest, store: &StoreSettings) -> Result<(), Box<dyn Error>> {
    match (manifest.store, &store.postgres) {
        (Kind::Embedded, None) | (Kind::Postgres, Some(_)) => Ok(()),
        (Kind::Embedded, Some(_)) => {
            Err("the copy is of an embedded store: restore it without `store`".into())
        }
        (Kind::Postgres, None) => {
            Err("the copy is of a PostgreSQL: name an empty database with `store`".into())
        }
    }
}

fn check_files(manifest: &Manifest, from: &Path) -> Result<(), Box<dyn Error>> {
    for (name, mark) in &manifest.files {
        if files::mark(&from.join(name))? != *mark {
            return Err(format!(
                "the copy is damaged, and nothing was restored: {name} is not what was written"
            )
            .into());
        }
    }
    Ok(())
}

async fn put_database(
    manifest: &Manifest,
    from: &Path,
    store: &StoreSettings,
    data: &Path,
) -> Result<(), Box<dyn Error>> {
    let folder = from.join(DATABASE_FOLDER);
    if let Some(options) = &store.postgres {
        let told = |table: &str| print::complaint(format!("restores {table}"));
        return Ok(potok_store_postgres::load(options, &folder, manifest.layout, &told).await?);
    }
    let draft = data.join(DATABASE).with_extension("restored");
    files::copy_file(&folder.join(DATABASE), &draft)?;
    Ok(files::rename(&draft, &data.join(DATABASE))?)
}
