//! `potok copy`: a store moved to another one, of another kind too, while servers go on.
//!
//! Everything is read once and what changed meanwhile again; then the journal of every box is held to its source event by event, its feed
//! is looked at, and every content that is named is there whole. `--finish` does the last of it with nobody else writing, holds what is
//! new to its source in the same way, and switches: servers start on the copy and not on what was copied.

mod proof;
mod shown;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use potok_store::ReadModels;
use potok_store::moving::{Moving, Source, Target};

use crate::cli::Environment;
use crate::folder::make_folder;
use crate::server::TEST_KEYS;
use crate::settings::Given;
use crate::stores::{DATABASE, OpenStore};
use crate::{Settings, StoreSettings, backup, print, telemetry};

use proof::Proof;
use shown::Shown;

#[derive(Args)]
pub(crate) struct CopyArgs {
    /// Settings file of the server that is copied: its data folder, its database, its bucket
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Settings file with which the copy will be served
    #[arg(long, value_name = "FILE", required_unless_present = "give_up")]
    to: Option<PathBuf>,
    /// Switch when everything is copied: nobody writes to what was copied from then on, and servers start on the copy
    #[arg(long)]
    finish: bool,
    /// Hold every row of the copy to its source before the switch, which takes as long as reading both
    #[arg(long, requires = "finish")]
    compare: bool,
    /// End the copy that was begun from here, also one that was finished: servers start again on what was copied
    #[arg(long, conflicts_with_all = ["to", "finish"])]
    give_up: bool,
}

fn settings(file: &Path) -> Result<Settings, Box<dyn Error>> {
    let given = Given::default().with_file(Some(file))?;
    Ok(given.settings().map_err(|error| format!("{}: {error}", file.display()))?)
}

async fn source(from: &Settings) -> Result<Box<dyn Source>, Box<dyn Error>> {
    Ok(match &from.store.postgres {
        Some(options) => Box::new(potok_store_postgres::Side::open(options).await?),
        None => Box::new(potok_store_sqlite::Side::open(&from.data.join(DATABASE))?),
    })
}

async fn target(to: &Settings, environment: &Environment) -> Result<Box<dyn Target>, Box<dyn Error>> {
    make_folder(&to.data)?;
    Ok(match &to.store.postgres {
        Some(options) => {
            // One that has a layout already may be somebody's.
            if potok_store_postgres::layout(options).await?.applied == 0 {
                potok_store_postgres::migrate(options).await?;
            }
            Box::new(potok_store_postgres::Side::open(options).await?)
        }
        None => {
            let path = to.data.join(DATABASE);
            if !path.exists() {
                OpenStore::open_copy(to.store.clone(), &to.data, &environment.clock).await?.close().await;
            }
            Box::new(potok_store_sqlite::Side::open(&path)?)
        }
    })
}

/// Whether both keep large contents in one place.
fn share_contents(from: &Settings, to: &Settings) -> bool {
    let place = |settings: &Settings| match &settings.store.bucket {
        Some(bucket) => (bucket.endpoint.clone(), bucket.bucket.clone()),
        None => {
            let data = settings.data.canonicalize().unwrap_or_else(|_| settings.data.clone());
            (String::new(), data.to_string_lossy().into_owned())
        }
    };
    place(from) == place(to)
}

/// Copies, and switches when that is asked for. The code is 1 when something of the source was damaged already, and is missing in the
/// copy.
pub(crate) async fn run(given: &CopyArgs, environment: &Environment) -> Result<ExitCode, Box<dyn Error>> {
    let from_file = Given::default().with_file(Some(&given.from))?;
    telemetry::start(&from_file.log())?;
    let from = settings(&given.from)?;
    let Some(to) = &given.to else {
        source(&from).await?.give_up().await?;
        print::line("nothing is copied from here any more, and servers start");
        return Ok(ExitCode::SUCCESS);
    };
    let to = settings(to)?;
    let (mut source, mut target) = (source(&from).await?, target(&to, environment).await?);
    let mut moving = Moving::begin(&mut *source, &mut *target, environment.entropy.uuid()).await?;
    if from.data.join(TEST_KEYS).exists() && !to.data.join(TEST_KEYS).exists() {
        backup::copy_folder(&from.data.join(TEST_KEYS), &to.data.join(TEST_KEYS))?;
    }
    let open = |store: StoreSettings, data: PathBuf| async move {
        OpenStore::open_copy(store, &data, &environment.clock).await
    };
    let from_store = open(from.store.clone(), from.data.clone()).await?;
    let to_store = open(to.store.clone(), to.data.clone()).await?;
    let to_contents = match share_contents(&from, &to) {
        true => None,
        false => Some(to.store.contents(&to.data)?),
    };
    let from_contents = from.store.contents(&from.data)?;
    let now = environment.clock.now();
    let mut proof =
        Proof::new(from_store.continuity(), to_store.continuity(), from_contents, to_contents, now);
    let done = copied(given, &mut moving, &mut proof, &*to_store.store()).await;
    from_store.close().await;
    to_store.close().await;
    done?;
    proof.missing.iter().for_each(print::complaint);
    Ok(if proof.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn copied(
    given: &CopyArgs,
    moving: &mut Moving<'_>,
    proof: &mut Proof<'_>,
    boxes: &dyn ReadModels,
) -> Result<(), Box<dyn Error>> {
    let mut shown = Shown::default();
    let rows = moving.read_all(&mut |table, done, there| shown.rows(table, done, there)).await?;
    shown.end();
    let mut changes = moving.catch_up().await?;
    let events = looked(moving, proof, boxes).await?;
    // Looking takes as long as reading did.
    changes += moving.catch_up().await?;
    print::line(format!(
        "{rows} rows and {changes} changes are copied, and {events} events are those of the source"
    ));
    if !given.finish {
        print::line(
            "the source goes on: the same command copies what changes, and with `--finish` it switches",
        );
        return Ok(());
    }
    let last = moving.lock().await?;
    let events = looked(moving, proof, boxes).await?;
    if let Some((table, from, to)) = moving.differing().await?.first() {
        return Err(format!(
            "table {table} has {to} rows in the copy and {from} in the source: nothing was switched; give the copy up and begin with \
             an empty target"
        )
        .into());
    }
    if given.compare {
        let differing = moving.compare(&mut |table, done, there| shown.rows(table, done, there)).await?;
        shown.end();
        if let Some((table, key)) = differing.first() {
            return Err(format!(
                "{} rows of the copy are not those of the source (the first one is {key} of table {table}): nothing was switched; \
                 give the copy up and begin with an empty target",
                differing.len()
            )
            .into());
        }
    }
    moving.switch().await?;
    print::line(format!(
        "{last} changes and {events} events came last: servers start on the copy, and nobody writes to what was copied any more"
    ));
    Ok(())
}

/// Holds what is new to its source; how many events.
async fn looked(
    moving: &mut Moving<'_>,
    proof: &mut Proof<'_>,
    boxes: &dyn ReadModels,
) -> Result<u64, Box<dyn Error>> {
    for part in moving.parts().await? {
        proof.hold(part).await?;
    }
    proof.look(boxes).await
}
