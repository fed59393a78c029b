//! `potok backup` and `potok restore`: one state of the database, the large contents and the test keys, in a folder or a bucket of S3.
//!
//! The database comes first and the contents after it: what an event names was kept before the event, and is taken away by
//! nobody afterwards. `backup.json` is written last, with a digest of every file but the contents, which are named by theirs.

mod files;
mod place;
mod restore;
mod verify;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use futures_util::StreamExt as _;
use potok_content::{ContentError, Contents};
use potok_types::{Clock, ContentHash, Ticks};
use serde::{Deserialize, Serialize};

use crate::folder::make_folder;
use crate::server::TEST_KEYS;
use crate::stores::DATABASE;
use crate::{Settings, StoreSettings, print};

use place::{Copy, Place, Reached};

pub(crate) use files::copy_folder;
pub(crate) use restore::{RestoreFrom, restore};

/// The file that says what is in a copy; without it a folder is none.
const MANIFEST: &str = "backup.json";
/// Where the database lies in a copy.
const DATABASE_FOLDER: &str = "database";
const CONTENTS: &str = "contents";
/// What this program writes and reads.
const VERSION: u32 = 1;

#[derive(Args)]
pub(crate) struct BackupTo {
    /// Folder of the copy, made if it is not there; or s3://BUCKET/NAME. One that was broken off goes on
    #[arg(long, value_name = "DIR|s3://BUCKET/NAME")]
    to: Place,
    #[command(flatten)]
    reached: Reached,
}

/// Which store a copy is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Embedded,
    Postgres,
}

/// What is in a copy.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    version: u32,
    /// When the state of the database was taken, or a little before.
    taken_at: i64,
    store: Kind,
    /// Steps of the layout of that store.
    layout: u32,
    /// Every file but the contents, by its name in the folder.
    files: BTreeMap<String, files::Mark>,
    contents: u64,
}

/// Takes a copy beside running servers. The code is 1 when something of the store was damaged already, and is missing in the copy.
pub(crate) async fn backup(
    given: &BackupTo,
    settings: Settings,
    clock: &Arc<dyn Clock>,
) -> Result<ExitCode, Box<dyn Error>> {
    let Settings { data, store, .. } = settings;
    if let Place::Folder(folder) = &given.to {
        make_folder(folder)?;
    }
    let to = Copy::open(&given.to, &given.reached, &store, &data)?;
    if to.manifest().await?.is_some() {
        return Err(format!("{to} holds a copy already: give another place").into());
    }
    to.begin().await?;
    let taken_at = clock.now().get();
    let (kind, layout) = copy_database(&store, &data, &to.folder.join(DATABASE_FOLDER)).await?;
    if data.join(TEST_KEYS).exists() {
        files::copy_folder(&data.join(TEST_KEYS), &to.folder.join(TEST_KEYS))?;
    }
    let from = store.contents(&data)?;
    let copied = copy_contents(&from, &to.contents, clock.now()).await?;
    let mut marks = BTreeMap::new();
    for folder in [DATABASE_FOLDER, TEST_KEYS] {
        files::mark_folder(&to.folder, Path::new(folder), &mut marks)?;
    }
    let (files, bytes) = (marks.len(), marks.values().map(|mark| mark.bytes).sum::<u64>());
    let manifest =
        Manifest { version: VERSION, taken_at, store: kind, layout, files: marks, contents: copied.whole };
    to.end(&serde_json::to_vec_pretty(&manifest)?, &manifest.files, clock.now()).await?;
    print::line(format!("{files} files of {bytes} bytes, {} large contents", copied.whole));
    copied.damaged.iter().for_each(print::complaint);
    Ok(if copied.damaged.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn copy_database(
    store: &StoreSettings,
    data: &Path,
    folder: &Path,
) -> Result<(Kind, u32), Box<dyn Error>> {
    files::make_empty(folder)?;
    if let Some(options) = &store.postgres {
        let told = |table: &str| print::complaint(format!("copies {table}"));
        return Ok((Kind::Postgres, potok_store_postgres::dump(options, folder, &told).await?));
    }
    let (from, to) = (data.join(DATABASE), folder.join(DATABASE));
    if !from.exists() {
        return Err(format!("there is no {}: give the data folder of the server", from.display()).into());
    }
    print::complaint("copies the database");
    let copied = tokio::task::spawn_blocking(move || potok_store_sqlite::copy(&from, &to)).await?;
    Ok((Kind::Embedded, copied?))
}

/// What was copied of large contents.
#[derive(Debug, Default)]
struct Copied {
    whole: u64,
    /// Lines about those that are not what their names say.
    damaged: Vec<String>,
}

/// Contents that are copied at once, each in the memory of a few parts.
const AT_ONCE: usize = 4;
/// Whoever waits hears of so many of them.
const TOLD: u64 = 100;

/// Copies all of them, each read whole and held to its name. Those that are there already are looked at and stay.
async fn copy_contents(from: &Contents, to: &Contents, now: Ticks) -> Result<Copied, ContentError> {
    let mut copied = Copied::default();
    let copy =
        move |name: Result<ContentHash, ContentError>| async move { from.copy_to(name?, to, now).await };
    let mut copies = std::pin::pin!(from.all_names().map(copy).buffer_unordered(AT_ONCE));
    while let Some(done) = copies.next().await {
        match done {
            // Nobody named it, and it was taken away meanwhile.
            Ok(None) => {}
            Ok(Some(_)) => copied.whole += 1,
            Err(error @ ContentError::Damaged { .. }) => copied.damaged.push(error.to_string()),
            Err(error) => return Err(error),
        }
        if copied.whole % TOLD == 1 {
            print::complaint(format!("large contents: {} so far", copied.whole));
        }
    }
    copied.damaged.sort_unstable();
    Ok(copied)
}
