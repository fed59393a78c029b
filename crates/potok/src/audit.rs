//! `potok audit`: what the journals of all boxes come to, signed by the operator, and held to that later.
//!
//! Every event is chained to the ones before it in its box: `SHA-256(chain so far ‖ event)`, where the event counts by its
//! place, its id and the digest of its stored form. A checkpoint is a file with the end of each chain, signed: kept elsewhere, it
//! shows any change of what was written before it, whoever made the change.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use potok_cms::{Content, SignedData, UnixTime};
use potok_operator::Signer;
use potok_operator::keys::{KeyOptions, KeySource};
use potok_operator::test_pki::Layout;
use potok_operator::trust;
use potok_store::{Continuity, Erased, EventMark, ReadModels};
use potok_types::{BoxId, IndexKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::admin::erasure;
use crate::cli::Environment;
use crate::server::TEST_KEYS;
use crate::stores::OpenStore;
use crate::{Settings, print};

/// What this program writes and reads.
const VERSION: u32 = 1;

#[derive(Args)]
pub(crate) struct CheckpointTo {
    /// File to write; the signature goes to FILE.p7s
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

#[derive(Args)]
pub(crate) struct CheckpointFrom {
    /// A file that `audit checkpoint` wrote, with its signature beside it
    #[arg(long, value_name = "FILE")]
    checkpoint: PathBuf,
}

/// The chains of all boxes at a time.
#[derive(Debug, Serialize, Deserialize)]
struct Checkpoint {
    version: u32,
    /// When it was made.
    made_at: i64,
    /// By the ids of the boxes.
    boxes: BTreeMap<String, ChainEnd>,
}

/// A chain up to an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChainEnd {
    /// Events that are in it.
    events: u64,
    /// The place of the last one.
    last: i64,
    /// The chain, in hexadecimal digits.
    chain: String,
}

/// A chain on its way.
#[derive(Clone)]
pub(crate) struct Chain {
    /// Events that are in it.
    pub(crate) events: u64,
    /// The place of the last one, 0 before the first.
    pub(crate) last: i64,
    chain: [u8; 32],
}

impl Chain {
    pub(crate) fn of(box_id: BoxId) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"potok journal 1");
        digest.update(box_id.as_bytes());
        Self { events: 0, last: 0, chain: digest.finalize().into() }
    }

    pub(crate) fn add(&mut self, mark: &EventMark) {
        let mut digest = Sha256::new();
        digest.update(self.chain);
        digest.update([mark.stream.kind.number()]);
        digest.update(mark.stream.id.as_bytes());
        digest.update(mark.revision.0.to_be_bytes());
        digest.update(mark.event.as_bytes());
        digest.update(mark.key.get().to_be_bytes());
        digest.update(mark.stored.as_bytes());
        self.chain = digest.finalize().into();
        self.events += 1;
        self.last = mark.key.get();
    }

    pub(crate) fn end(&self) -> ChainEnd {
        let chain = self.chain.iter().map(|byte| format!("{byte:02x}")).collect();
        ChainEnd { events: self.events, last: self.last, chain }
    }
}

/// The chain of a box up to its end, or up to so many events.
async fn chain(store: &dyn Continuity, box_id: BoxId, most: u64) -> Result<ChainEnd, Box<dyn Error>> {
    let mut chain = Chain::of(box_id);
    let mut place = Some(0);
    while let Some(after) = place.filter(|_| chain.events < most) {
        let page = store.events(box_id, after).await?;
        let left = usize::try_from(most - chain.events).unwrap_or(usize::MAX);
        page.marks.iter().take(left).for_each(|mark| chain.add(mark));
        place = page.next;
    }
    Ok(chain.end())
}

/// Chains every box, and signs what that comes to.
pub(crate) async fn checkpoint(
    given: &CheckpointTo,
    settings: Settings,
    environment: &Environment,
) -> Result<ExitCode, Box<dyn Error>> {
    let now = environment.clock.now();
    let signer = signer(&settings, UnixTime(now.unix_seconds()))?;
    let store = OpenStore::open(settings.store, &settings.data, &environment.clock).await?;
    let made = chain_all(&*store.store(), store.continuity()).await;
    store.close().await;
    let checkpoint = Checkpoint { version: VERSION, made_at: now.get(), boxes: made? };
    let text = serde_json::to_vec_pretty(&checkpoint)?;
    let signature = signer.sign(&text, UnixTime(now.unix_seconds()))?;
    write(&given.to, &text)?;
    write(&signature_of(&given.to), &signature)?;
    let events: u64 = checkpoint.boxes.values().map(|end| end.events).sum();
    print::line(format!("{events} events of {} boxes are signed", checkpoint.boxes.len()));
    Ok(ExitCode::SUCCESS)
}

async fn chain_all(
    boxes: &dyn ReadModels,
    store: &dyn Continuity,
) -> Result<BTreeMap<String, ChainEnd>, Box<dyn Error>> {
    let mut all = BTreeMap::new();
    let mut last = None;
    while let Some(box_id) = boxes.next_box(last).await? {
        all.insert(box_id.to_string(), chain(store, box_id, u64::MAX).await?);
        last = Some(box_id);
    }
    Ok(all)
}

/// Holds the journals to a checkpoint: its signature first, then every box. The code is 1 when anything is another.
pub(crate) async fn verify(
    given: &CheckpointFrom,
    settings: Settings,
    environment: &Environment,
) -> Result<ExitCode, Box<dyn Error>> {
    let text = read(&given.checkpoint)?;
    let signature = read(&signature_of(&given.checkpoint))?;
    check_signature(&settings, &text, &signature, UnixTime(environment.clock.now().unix_seconds()))?;
    let checkpoint: Checkpoint = serde_json::from_slice(&text)?;
    if checkpoint.version != VERSION {
        return Err(format!(
            "the checkpoint has form {}, and this program reads form {VERSION}",
            checkpoint.version
        )
        .into());
    }
    let store = OpenStore::open(settings.store, &settings.data, &environment.clock).await?;
    let compared = compare(store.continuity(), &checkpoint).await;
    let erased = tell_erased(store.continuity(), &checkpoint).await;
    store.close().await;
    let (mut differing, boxes_with_gaps) = (compared?, erased?);
    differing.extend(boxes_with_gaps);
    differing.iter().for_each(print::line);
    let (boxes, other) = (checkpoint.boxes.len(), differing.len().min(checkpoint.boxes.len()));
    print::line(format!("{} of {boxes} boxes are what was signed", boxes - other));
    Ok(if differing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn compare(store: &dyn Continuity, checkpoint: &Checkpoint) -> Result<Vec<String>, Box<dyn Error>> {
    let mut differing = Vec::new();
    for (box_id, signed) in &checkpoint.boxes {
        let found = chain(store, box_id.parse()?, signed.events).await?;
        if found.events < signed.events {
            differing.push(format!(
                "box {box_id}: {} events are missing of {} that were signed",
                signed.events - found.events,
                signed.events
            ));
        } else if found != *signed {
            let last = IndexKey::new(signed.last);
            differing.push(format!("box {box_id}: the journal up to {last} is not what was signed"));
        }
    }
    Ok(differing)
}

/// Shows by which acts something of the boxes was erased. Lines about boxes where something is gone that no act names: the chain does
/// not show that, for of what is erased it counts the same digest as before.
async fn tell_erased(store: &dyn Continuity, checkpoint: &Checkpoint) -> Result<Vec<String>, Box<dyn Error>> {
    let mut unsaid = Vec::new();
    for box_id in checkpoint.boxes.keys() {
        let Erased { acts, gaps } = store.erased(box_id.parse()?).await?;
        acts.iter().for_each(|act| print::line(format!("box {box_id}: erased by {}", erasure::line(act))));
        if let Some(gap) = gaps.first() {
            unsaid.push(format!("box {box_id}: {gap} ({} such messages)", gaps.len()));
        }
    }
    Ok(unsaid)
}

/// The operator's key, or that of the server's own test infrastructure.
fn signer(settings: &Settings, now: UnixTime) -> Result<Signer, Box<dyn Error>> {
    let test_key = || KeyOptions {
        source: KeySource::File(Layout::new(settings.data.join(TEST_KEYS)).operator()),
        certificate: None,
        password: None,
    };
    Ok(settings.operator.key.clone().unwrap_or_else(test_key).open(now)?)
}

fn check_signature(
    settings: &Settings,
    text: &[u8],
    signature: &[u8],
    now: UnixTime,
) -> Result<(), Box<dyn Error>> {
    let own = Layout::new(settings.data.join(TEST_KEYS));
    let (certificates, lists) = match &settings.trust.certificates {
        Some(path) => (path.clone(), settings.trust.revocation_lists.clone()),
        None => (own.trust(), Some(own.revocation())),
    };
    let (trust, _) = trust::read(&[certificates], lists.as_slice())?;
    let signed = SignedData::parse(signature)?;
    match signed.verify(Content::Bytes(text), now, &trust).is_valid() {
        true => Ok(()),
        false => {
            Err("the signature of the checkpoint is not good: `potok verify` tells what is wrong with it"
                .into())
        }
    }
}

fn signature_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".p7s");
    name.into()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
